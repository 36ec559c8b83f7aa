"""The critical points of a landscape as arrays, as outcomes are measured against them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..landscapes.critical_points import CriticalPoint
from ..landscapes.landscape import Landscape
from .outcome_codes import Outcome
from .pointwise import values_at

FEW = 24
"""Up to this many points the nearest is found by trying all; beyond, with a tree."""


@dataclass(frozen=True, eq=False)
class PointTable:
    """K critical points; a family of them is one row, represented by many members.

    Attributes:
        w: A point of each, shape (K, d).
        kinds: "minimum", "saddle", "maximum" or "degenerate".
        values: Loss there, shape (K,).
        eigenvalues: Of the Hessian there, shape (K, d).
        isolated: False for a family, shape (K,).
        outcome: What a start caught here has reached: minimum, saddle, or another attractor; shape (K,).
        ball: Radius within which a tail belongs to the point: the one asked for, or two fifths of the way to the next
            point where that is less; shape (K,).
        reach: `ball` of isolated points, -1 for families; shape (K,).
        spacing: The largest gap between a family's neighbouring members, shape (K,); 0 for a point.
        members: All members of all rows, shape (M, d).
        row: Whose they are, shape (M,).
    """

    w: np.ndarray
    kinds: tuple[str, ...]
    values: np.ndarray
    eigenvalues: np.ndarray
    isolated: np.ndarray
    outcome: np.ndarray
    ball: np.ndarray
    reach: np.ndarray
    spacing: np.ndarray
    members: np.ndarray
    row: np.ndarray

    def __len__(self) -> int:
        return len(self.w)

    def nearest(self, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The row nearest to each of n points, shape (d, n), and the member of it that is: (n,) and (d, n).

        -1 and NaN where the table is empty.
        """
        if not len(self):
            return np.full(w.shape[1], -1), np.full(w.shape, np.nan)
        if len(self.members) <= FEW:
            best, least = np.zeros(w.shape[1], np.intp), np.full(w.shape[1], np.inf, w.dtype)
            for i, member in enumerate(self.members.astype(w.dtype)):
                squared = sum(gap * gap for gap in (x - c for x, c in zip(w, member, strict=True)))
                best = np.where(squared < least, i, best)
                least = np.minimum(squared, least)
        else:
            from scipy.spatial import KDTree

            best = KDTree(self.members).query(w.T, workers=-1)[1]
        return self.row[best], self.members[best].T


def point_table(landscape: Landscape, ball: float, points: Sequence[CriticalPoint] | None = None) -> PointTable:
    """The table of a landscape.

    Args:
        landscape: What is descended.
        ball: Radius of the balls, see `PointTable.ball`.
        points: Its critical points; by default `critical_points(landscape)`, or none above `SEARCHED` dimensions unless
            they are declared complete.
    """
    if points is None:
        known = getattr(landscape, "complete", False) or landscape.dimension <= SEARCHED
        points = landscape.critical_points() if known else ()
    d, count = landscape.dimension, len(points)
    members = np.concatenate([p.members for p in points]) if points else np.zeros((0, d))
    row = np.repeat(np.arange(count), [len(p.members) for p in points]) if points else np.zeros(0, int)
    balls = np.full(count, float(ball))
    for k, point in enumerate(points):
        others = members[row != k]
        if point.isolated and len(others):
            balls[k] = min(ball, 0.4 * np.linalg.norm(others - point.w, axis=1).min())
    outcome = [_outcome(landscape, point, radius) for point, radius in zip(points, balls, strict=True)]
    return PointTable(
        w=np.array([p.w for p in points]).reshape(count, d),
        kinds=tuple(p.kind for p in points),
        values=np.array([p.value for p in points], float),
        eigenvalues=np.array([p.eigenvalues for p in points]).reshape(count, d),
        isolated=np.array([p.isolated for p in points], bool),
        outcome=np.array(outcome, np.uint8),
        ball=balls,
        reach=np.where([p.isolated for p in points], balls, -1.0),
        spacing=np.array([_spacing(p.members) for p in points], float),
        members=members,
        row=row,
    )


SEARCHED = 6
"""Up to this many dimensions undeclared critical points are searched for."""


def _outcome(landscape: Landscape, point: CriticalPoint, ball: float) -> Outcome:
    if point.kind == "minimum":
        return Outcome.MINIMUM
    if point.kind == "saddle":
        return Outcome.SADDLE
    if point.kind == "maximum" or not point.isolated:
        return Outcome.OTHER
    # the Hessian does not say: the loss around the point does
    directions = np.random.default_rng(0).normal(size=(64, len(point.w)))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    around = values_at(landscape, point.w + ball / 2 * directions)
    resolution = 64 * np.finfo(float).eps * (1 + abs(point.value))
    if (around >= point.value - resolution).all():
        return Outcome.MINIMUM
    return Outcome.OTHER if (around <= point.value + resolution).all() else Outcome.SADDLE


def _spacing(members: np.ndarray) -> float:
    if len(members) < 2:
        return 0.0
    from scipy.spatial import KDTree

    return float(KDTree(members).query(members, k=2)[0][:, 1].max())
