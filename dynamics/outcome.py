"""Outcomes: what became of each start, decided by the map's own stability and not by distance alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import numpy as np

from ..landscapes.critical_points import CriticalPoint
from ..landscapes.landscape import Landscape
from .arguments import check_starts
from .attraction import Attraction
from .decision import Labels, decide, glance
from .engine import block_size
from .first_exit import first_exit
from .outcome_codes import Outcome as Outcome, Tolerances
from .panel import Panel, broadcast_rule, run_panel
from .point_table import PointTable, point_table
from .tail import Workers, columns, length, look_at_moving, look_at_settled, pieces, take, watch_tail


@dataclass(frozen=True, eq=False)
class Judge:
    """What labels the finished runs of one rule: the landscape's points, the settings, and the verdicts found so far.

    Attributes:
        landscape: What is descended.
        rule: The settings: numbers as arrays (S,).
        table: Critical points.
        attraction: Which of them attract under which setting.
        tolerances: See `Tolerances`.
        dtype: Of the runs.
    """

    landscape: Landscape
    rule: Any
    table: PointTable
    attraction: Attraction
    tolerances: Tolerances
    dtype: Any

    def label(self, panel: Panel, starts: np.ndarray, setting: np.ndarray, workers: Workers = Workers()) -> Labels:
        """The outcomes of a finished run, as `outcomes` describes them.

        Args:
            panel: From `run_panel`, with the rule's numbers of each trajectory's setting.
            starts: Where it began, shape (N, d).
            setting: Which setting each trajectory ran under, shape (N,).
            workers: How the engine works.
        """
        labels = Labels.empty(len(setting))
        live = self._bounded(panel.params)
        out = np.flatnonzero(~live)
        if out.size:
            labels.outcome[out] = Outcome.DIVERGED
            labels.step[out] = self._divergence(panel, starts[out], setting[out], out, workers)
        settled = panel.settled_at >= 0
        unclear = [np.zeros(0, np.intp)]
        for still in (True, False):
            index = np.flatnonzero(live & (settled == still))
            if index.size:
                unclear.append(self._glance(panel, index, still, setting, labels, workers))
        index = np.concatenate(unclear)
        if index.size:
            labels.put(index, self._decide(panel, index, setting[index], settled[index], workers))
        return labels

    def _glance(
        self, panel: Panel, index: np.ndarray, still: bool, setting: np.ndarray, labels: Labels, workers: Workers
    ) -> np.ndarray:
        """Label those of `index` that are plainly held somewhere; returns the others."""
        setting = setting[index]
        rule, (params, state) = self.rule_of(setting), take((panel.params, panel.state), index)
        if still:
            look = look_at_settled(self.landscape, rule, params, state)
        else:
            look = look_at_moving(self.landscape, rule, params, state, self.tolerances.window // 2, workers)
        rest = []
        for piece in pieces(len(index)):
            part, here = look.take(piece), index[piece]
            held, outcome, row = glance(part, setting[piece], self.table, self.attraction)
            labels.outcome[here] = outcome
            labels.target[here] = row
            labels.amplitude[here] = part.box.amplitude
            if part.period is not None:
                labels.period[here] = part.period
            rest.append(here[~held])
        return np.concatenate(rest)

    def _decide(
        self, panel: Panel, index: np.ndarray, setting: np.ndarray, settled: np.ndarray, workers: Workers
    ) -> Labels:
        rule, (params, state) = self.rule_of(setting), take((panel.params, panel.state), index)
        tolerances = self.tolerances
        tail = watch_tail(self.landscape, rule, params, state, tolerances.window, tolerances.back, workers)
        return decide(self.landscape, rule, tail, settled, setting, self.table, self.attraction, tolerances, workers)

    def _bounded(self, params: Any) -> np.ndarray:
        with np.errstate(over="ignore", invalid="ignore"):
            return length(columns(params).astype(np.float64)) <= self.tolerances.escape_radius

    def rule_of(self, setting: np.ndarray) -> Any:
        """The rule with the numbers of each trajectory's setting, arrays (N,) in the run's dtype."""
        return broadcast_rule(take(self.rule, setting), len(setting), self.dtype)

    def _divergence(
        self, panel: Panel, starts: np.ndarray, setting: np.ndarray, out: np.ndarray, workers: Workers
    ) -> np.ndarray:
        radius = self.tolerances.escape_radius
        step = first_exit(
            self.landscape,
            self.rule_of(setting),
            starts,
            panel.steps,
            radius,
            dtype=self.dtype,
            threads=workers.threads,
        )
        # a run of which the repetition stayed inside by a rounding: by then it was outside at the latest
        latest = np.where(panel.settled_at[out] >= 0, panel.settled_at[out], panel.steps)
        return np.where(step < 0, latest, step)


def judge(
    landscape: Landscape,
    rule: Any,
    settings: int,
    etas: np.ndarray,
    *,
    dtype: Any = np.float64,
    tolerances: Tolerances = Tolerances(),
    points: Sequence[CriticalPoint] | None = None,
) -> Judge:
    """A `Judge` for S = `settings` settings of a rule, numbers scalars or arrays (S,), with step sizes `etas`, (S,)."""
    table = point_table(landscape, tolerances.ball, points)
    rule = broadcast_rule(rule, settings, np.float64)
    return Judge(landscape, rule, table, Attraction(landscape, rule, etas, table, tolerances, dtype), tolerances, dtype)


def step_size(rule: Any) -> Any:
    """eta of a rule; of a switch, that of the rule that it ends with.

    Raises:
        ValueError: The base optimiser does not say.
    """
    if hasattr(rule, "second"):
        return step_size(rule.second)
    numbers = getattr(rule.base, "numbers", {})
    eta = getattr(rule.base, "eta", numbers.get("learning_rate"))
    if eta is None:
        raise ValueError(
            f"outcomes: the base optimiser of {rule.name or 'the rule'} does not tell its step size: give eta="
        )
    return eta


class Outcomes(NamedTuple):
    """What `outcomes` returns: the labels, the run they were made from, and the points that `target` numbers."""

    labels: Labels
    panel: Panel
    table: PointTable


def outcomes(
    landscape: Landscape,
    rule: Any,
    starts: np.ndarray,
    steps: int = 10_000,
    *,
    eta: float | np.ndarray | None = None,
    dtype: Any = np.float64,
    tolerances: Tolerances = Tolerances(),
    points: Sequence[CriticalPoint] | None = None,
) -> Outcomes:
    """Run every start and say what became of it.

    After `steps` steps the trajectory is followed on: half a `window`, and where that leaves the outcome open a whole
    one, in two halves (`tail`). The first step of divergence and the final w are those of the run itself. Then, in this
    order, with c the critical point nearest to the tail's box and D the distance from c to the box's farthest corner:

    - *diverged*: w is not finite, or ||w|| > `escape_radius`. `step` is the first such step.
    - *minimum*, *saddle*, *other* (a maximum) at c, where D is at most `ball`, c attracts, and
      - where the step is differentiable at c: its Jacobian on (w, momentum, ...) has spectral radius r < 1; or r = 1
        within `neutral`, and no point displaced by a share `rings` of the ball leaves it. The distance must not grow
        from one half of the tail to the other; and a tail that returns to where it was must contract by at least the
        root of what r predicts, else it is a cycle that lies in the ball.
      - where it is not (normalised ascent): the whole oscillation inside the ball counts as the point, for such rules
        never come to rest; at a saddle only if those displacements do not leave the ball either.
      A slow passage near a repelling saddle is therefore *slow*, however near.
    - *minimum* of a family, or one that the table lacks: at rest (a repeating state, or a distance to go, extrapolated
      geometrically, below `rest` times `ball`) where the gradient vanishes and no Hessian eigenvalue is negative.
      Rules with normalised ascent: the tail's box is within `ball` of a family of minima.
      `target` is the family's row; -1 where there is none.
    - *other*: at rest anywhere else, such as the zeros of grad L(w + rho grad L(w)) that are none of grad L.
    - *cycle*: the iterate is back after p steps, time and again, within `back` of the amplitude, and the product of the
      Jacobians along the cycle has spectral radius (`multiplier`) at most 1; `period` p. Or a bounded oscillation in
      which no period was found, whose box has not moved after `pause` steps by more than `drift`; `period` 0.
      `target` is the nearest critical point, which need not be near.
    - *slow*: anything else, on its way to somewhere.

    Args:
        landscape: What is descended.
        rule: A deterministic rule, numbers scalars or arrays (N,).
        starts: Shape (N, d).
        steps: Budget.
        eta: Step sizes, one or shape (N,), by default the rule's own: they set how long the escape test waits.
        dtype: Of the runs; verdicts on points and cycles are always found in float64.
        tolerances: The numbers that are named in the rules above.
        points: Critical points; by default those of the landscape.
    Raises:
        ValueError: Starts that do not fit, or a rule that draws random numbers.
    Notes:
        Under rules with normalised ascent the last digits are chaotic: between precisions compare rates, not labels.
    References:
        [1] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Theorem 1.
    """
    w = check_starts("outcomes", landscape, starts)
    sizes = np.asarray(step_size(rule) if eta is None else eta)
    panel = run_panel(landscape, rule, w, steps, dtype=dtype)
    wide = broadcast_rule(rule, len(w), np.float64)
    numbers = [np.broadcast_to(sizes, (len(w),)), *jax.tree.leaves(wide)]
    _, first, setting = np.unique(np.stack(numbers, axis=1), axis=0, return_index=True, return_inverse=True)
    rule = jax.tree.map(lambda x: np.asarray(x)[first], wide)
    etas = np.asarray(numbers[0], float)[first]
    judging = judge(landscape, rule, len(first), etas, dtype=dtype, tolerances=tolerances, points=points)
    return Outcomes(
        judging.label(panel, w, setting.reshape(-1), Workers(size=block_size(len(w), jax.local_devices()))),
        panel,
        judging.table,
    )
