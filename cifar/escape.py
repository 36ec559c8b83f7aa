"""The loss step by step after a switch: does the new rule leave the point at which the old one had arrived, how fast?

    L(w^(t + t')),  t' = 0, 1, 2, ...     from one checkpoint, over many draws of the batches that follow
    escape rate = slope of log mean L while it rises: L(w^(t + t')) ~ L(w^t) exp(rate t')

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training. Figures
        4 (b) and 16: SAM from the end of SGD, 100 trials.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

State = Any


class Escape(NamedTuple):
    """Losses after a switch.

    Attributes:
        steps: Updates t' after the switch, shape (measurements,).
        measured: What each measure gave, by name, shape (trials, measurements). A run that diverged keeps its values;
            what is not finite stays so.
    """

    steps: np.ndarray
    measured: dict[str, np.ndarray]


class Rise(NamedTuple):
    """How the mean loss rises at first.

    Attributes:
        rate: Slope of log L against the step while it rises; 0 if it never does.
        until: The step of the highest mean loss in that rise.
        factor: That loss over the loss at the switch.
        residual: Root mean square distance of log L from the line, over the whole rise of log L; small where the rise
            is exponential. NaN with fewer than three points.
    """

    rate: float
    until: int
    factor: float
    residual: float


def follow(
    start: State,
    step: Callable[[State, int, int], State],
    measures: Mapping[str, Callable[[State], float]],
    steps: int,
    trials: int,
    every: int = 1,
    progress: Callable[[float], None] = lambda share: None,
) -> Escape:
    """Take steps from one state, again and again, and measure on the way.

    Args:
        start: The state at the switch, the same for every trial; `step` must not consume it.
        step: ``step(state, trial, t) -> state``; the trial decides the batches.
        measures: Numbers of a state, by name.
        steps: Updates in each trial, >= 1.
        trials: How many, >= 1.
        every: Measure after every so many updates, and at the switch.
        progress: Called with the share done.
    Raises:
        ValueError: A number that is not positive.
    """
    for name, value in (("steps", steps), ("trials", trials), ("every", every)):
        if value < 1:
            raise ValueError(f"follow: {name} = {value}; give at least 1")
    times = np.arange(0, steps + 1, every)
    found = {name: np.full((trials, len(times)), math.nan) for name in measures}
    for trial in range(trials):
        state = start
        for t in range(int(times[-1]) + 1):
            if t % every == 0:
                for name, measure in measures.items():
                    found[name][trial, t // every] = measure(state)
            if t < times[-1]:
                state = step(state, trial, t)
        progress((trial + 1) / trials)
    return Escape(times, found)


def rise_of(steps: Sequence[int] | np.ndarray, losses: np.ndarray) -> Rise:
    """The first rise of a mean loss: up to where it falls for the first time.

    Args:
        steps: Shape (n,).
        losses: Mean losses there, > 0, shape (n,).
    """
    falls = np.flatnonzero(~(np.diff(losses) > 0))
    last = int(falls[0]) if falls.size else len(losses) - 1
    if last == 0:
        return Rise(0.0, int(steps[0]), 1.0, math.nan)
    t, logs = np.asarray(steps[: last + 1], float), np.log(losses[: last + 1])
    rate, level = np.polyfit(t, logs, 1)
    missed = math.sqrt(float(np.mean((logs - level - rate * t) ** 2))) / float(np.ptp(logs))
    return Rise(float(rate), int(steps[last]), float(losses[last] / losses[0]), missed if last > 1 else math.nan)
