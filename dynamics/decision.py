"""The decision itself: from tails, critical points and verdicts to labels. `outcome.outcomes` states the rules.

`glance` labels the many that are plainly held at a critical point, from the first look; `decide` the others, from the
long one.
"""

from typing import Any, NamedTuple

import numpy as np

from ..landscapes.landscape import Landscape
from .attraction import Attraction
from .cycles import label_cycles, label_oscillations
from .outcome_codes import Outcome, Tolerances
from .panel import from_layout
from .point_table import PointTable
from .pointwise import local_at
from .tail import Look, Tail, Workers, length, resolution_at, take


class Labels(NamedTuple):
    """Outcomes of n starts.

    Attributes:
        outcome: Code of `Outcome`, uint8.
        target: Row of the critical point reached, or nearest to a cycle; -1: none. int16.
        step: First step outside the escape radius, of diverged starts; -1 otherwise. int32.
        period: Of a cycle: p steps, 0 where none was found. Of the others: 1 or 2 if their state was seen to repeat
            itself, else 0. int32.
        amplitude: Half the diagonal of the box in which the iterates stayed at last; NaN if diverged. float32.
        multiplier: Spectral radius of the map's Jacobian around the cycle, for cycles with a period; else NaN. float32.
    """

    outcome: np.ndarray
    target: np.ndarray
    step: np.ndarray
    period: np.ndarray
    amplitude: np.ndarray
    multiplier: np.ndarray

    @staticmethod
    def empty(n: int) -> "Labels":
        """All slow, going nowhere."""
        return Labels(
            np.full(n, Outcome.SLOW, np.uint8),
            np.full(n, -1, np.int16),
            np.full(n, -1, np.int32),
            np.zeros(n, np.int32),
            np.full(n, np.nan, np.float32),
            np.full(n, np.nan, np.float32),
        )

    def put(self, index: np.ndarray, other: "Labels") -> None:
        """Overwrite the labels of the starts numbered `index`."""
        for mine, theirs in zip(self, other, strict=True):
            mine[index] = theirs


def glance(
    look: Look, setting: np.ndarray, table: PointTable, attraction: Attraction
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who is plainly held at an isolated critical point.

    Args:
        look: The first look at n trajectories that have not diverged.
        setting: Row of `attraction` of each trajectory, shape (n,).
        table: Critical points.
        attraction: Verdicts.
    Returns:
        Whether the trajectory is, what its outcome then is, and the row of the nearest point; shape (n,) each.
    """
    if not len(table):
        return np.zeros(len(setting), bool), np.zeros(len(setting), np.uint8), np.full(len(setting), -1)
    row, member = table.nearest(look.begin)
    distance = look.box.farthest(member)
    near = distance <= table.reach[row]
    verdict = attraction.judge(setting, row, near)
    sure = distance <= verdict.stall
    if look.period is not None:
        sure |= look.period == 1
    else:
        sure |= length(look.end - member) <= length(look.begin - member) * verdict.shrink
    return near & sure & (distance < verdict.held), table.outcome[row], row


def decide(
    landscape: Landscape,
    rule: Any,
    tail: Tail,
    settled: np.ndarray,
    setting: np.ndarray,
    table: PointTable,
    attraction: Attraction,
    tolerances: Tolerances,
    workers: Workers = Workers(),
) -> Labels:
    """The labels of n trajectories that have not diverged.

    Args:
        landscape: What is descended.
        rule: Numbers as arrays (n,), in the run's dtype.
        tail: The long look at the trajectories.
        settled: Whether a trajectory is known to repeat its state after two steps, shape (n,).
        setting: Row of `attraction` of each trajectory, shape (n,).
        table: Critical points.
        attraction: Verdicts.
        tolerances: See `Tolerances`.
        workers: How the engine works.
    """
    labels = Labels.empty(len(setting))
    labels.period[:] = np.where(settled, tail.period, 0)
    labels.amplitude[:] = tail.second.amplitude
    centre = tail.whole.centre
    row, member = table.nearest(centre)
    labels.target[:] = row
    resolution = resolution_at(centre)
    near, distance = np.zeros(len(setting), bool), np.full(len(setting), np.inf)
    if len(table):
        first, second = tail.first.farthest(member), tail.second.farthest(member)
        distance = np.maximum(first, second)
        near = distance <= table.reach[row]
        verdict = attraction.judge(setting, row, near)
        converges = second <= np.maximum(first, verdict.stall)
        converges &= (tail.period < 2) | (second <= first * verdict.shrink) | (distance <= verdict.stall)
        held = near & converges & (distance < verdict.held)
        labels.outcome[held] = table.outcome[row[held]]

    rest = np.flatnonzero(~near & _resting(tail, settled, tolerances))
    _label_rest(landscape, tail, settled, rest, row, member, table, tolerances, labels)
    if len(table):
        beside = (labels.outcome == Outcome.SLOW) & (table.outcome[row] == Outcome.MINIMUM) & ~table.isolated[row]
        beside &= distance <= table.ball[row] + table.spacing[row] / 2
        beside &= attraction.judge(setting, row, beside).stall == np.inf
        labels.outcome[beside] = Outcome.MINIMUM

    moving = (labels.outcome == Outcome.SLOW) & (tail.second.amplitude > resolution)
    index = np.flatnonzero(moving & (tail.period >= 2))
    label_cycles(landscape, rule, tail, settled, index, labels)
    index = np.flatnonzero(moving & (tail.period == 0))
    label_oscillations(landscape, rule, tail, index, tolerances, labels, workers)
    labels.target[labels.outcome == Outcome.SLOW] = -1
    return labels


def _resting(tail: Tail, settled: np.ndarray, tolerances: Tolerances) -> np.ndarray:
    """Whether a trajectory has stopped, or will before it has gone `rest` times `ball` further."""
    before, now = 2 * tail.first.amplitude, 2 * tail.second.amplitude
    ratio = np.divide(now, before, out=np.ones_like(now), where=before > 0)
    to_go = np.where(ratio < 1, now * ratio / np.maximum(1 - ratio, np.finfo(ratio.dtype).eps), np.inf)
    return np.where(settled, tail.period == 1, to_go <= tolerances.rest * tolerances.ball)


def _label_rest(
    landscape: Landscape,
    tail: Tail,
    settled: np.ndarray,
    rest: np.ndarray,
    row: np.ndarray,
    member: np.ndarray,
    table: PointTable,
    tolerances: Tolerances,
    labels: Labels,
) -> None:
    """Label the trajectories at rest away from isolated points: in a valley of minima, or anywhere else."""
    if not rest.size:
        return
    w = np.asarray(from_layout(take(tail.params, rest)), np.float64)
    local = local_at(landscape, w)
    lowest, highest = local.eigenvalues[:, 0], np.abs(local.eigenvalues).max(axis=1)
    critical = local.gradient_norm <= highest * tolerances.rest * tolerances.ball
    bottom = critical & (lowest >= -1e-3 * highest)  # along a valley 0, up to the distance left to go
    stays = ~critical | settled[rest]
    labels.outcome[rest] = np.where(bottom, Outcome.MINIMUM, np.where(stays, Outcome.OTHER, Outcome.SLOW))
    labels.target[rest] = -1
    if len(table):
        k = row[rest]
        mine = bottom & ~table.isolated[k] & (table.outcome[k] == Outcome.MINIMUM)
        mine &= length(w.T - member[:, rest]) <= tolerances.ball + table.spacing[k]
        labels.target[rest] = np.where(mine, k, -1)
