"""Cycles and other bounded oscillations: which of the trajectories that go on moving stay where they are."""

from typing import TYPE_CHECKING, Any

import jax
import numpy as np

from ..landscapes.landscape import Landscape
from .engine import advance
from .linear_map import cycle_multiplier
from .outcome_codes import Outcome, Tolerances
from .panel import deterministic_step, from_layout
from .tail import Tail, Workers, take, watch_window

if TYPE_CHECKING:
    from .decision import Labels

NEUTRAL_CYCLE = 1e-6
"""How far above 1 a multiplier may be by round-off: products of Jacobians along cycles found to 1e-9."""


def label_cycles(
    landscape: Landscape, rule: Any, tail: Tail, settled: np.ndarray, index: np.ndarray, labels: "Labels"
) -> None:
    """Label as cycles those whose cycle does not repel, with one Newton search per distinct cycle.

    Args:
        landscape: What is descended.
        rule: Numbers as arrays (n,).
        tail: Of n trajectories.
        settled: Whether a trajectory is known to repeat its state after two steps, shape (n,).
        index: Which trajectories have a period of two or more.
        labels: Of the n trajectories; written to.
    """
    if not index.size:
        return
    first, second = tail.first.take(index), tail.second.take(index)
    amplitude = second.amplitude.astype(np.float64)
    cell = 10.0 ** np.floor(np.log10(amplitude) - 1)  # a tenth to a hundredth of the amplitude
    numbers = [np.asarray(x)[index] for x in jax.tree.leaves(rule)]
    keys = np.stack([tail.period[index], cell, *np.round(first.join(second).centre / cell), *numbers])
    _, chosen, which = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    few = index[chosen]
    start = (from_layout(take(tail.params, few)), take(tail.state, few), tail.period[few])
    multiplier = cycle_multiplier(landscape, take(rule, few), *start, amplitude[chosen] / 10)[which.reshape(-1)]
    keeps = (multiplier <= 1 + NEUTRAL_CYCLE) | settled[index]
    labels.outcome[index[keeps]] = Outcome.CYCLE
    labels.period[index[keeps]] = tail.period[index[keeps]]
    labels.multiplier[index[keeps]] = multiplier[keeps]


def label_oscillations(
    landscape: Landscape,
    rule: Any,
    tail: Tail,
    index: np.ndarray,
    tolerances: Tolerances,
    labels: "Labels",
    workers: Workers = Workers(),
) -> None:
    """Label as cycles without a period those that stay where they are, also after a pause.

    Args:
        landscape: What is descended.
        rule: Numbers as arrays (n,).
        tail: Of n trajectories.
        index: Which trajectories move without a period.
        tolerances: See `Tolerances`.
        labels: Of the n trajectories; written to.
        workers: How the engine works.
    """
    overlap = tail.first.take(index).shift(tail.second.take(index)) <= tolerances.drift
    index = index[overlap]
    if not index.size:
        return
    carry, rule = take(((tail.params, tail.state), rule), index)
    params, state = advance(deterministic_step, landscape, carry, rule, 0, tolerances.pause, **workers._asdict())
    later = watch_window(landscape, rule, params, state, tolerances.window, workers=workers)[0]
    stays = tail.whole.take(index).shift(later) <= tolerances.drift
    labels.outcome[index[stays]] = Outcome.CYCLE
