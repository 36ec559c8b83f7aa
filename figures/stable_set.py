"""A branch of the stable set of a planar map, grown point by point without the map's inverse.

    z_{k+1} on a circle about z_k, ahead, such that F(z_{k+1}) lies on the curve z_0 ... z_k that is already there

The map need not be invertible: where the curve crosses a fold of F, its image turns round and runs back along it.

References:
    [1] England, Krauskopf, Osinga (2004). Computing one-dimensional stable manifolds and stable sets of planar maps
        without the inverse. SIAM J. Applied Dynamical Systems 3. Section 2 (the search circle).
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

LONGEST_STEP = 1 / 200
"""Distance of neighbouring points at most, in windows."""
SHORTEST_STEP = 1e-9
"""A branch that cannot go on with a step this short, in windows, ends."""
ANGLES = np.deg2rad(np.linspace(-60, 60, 49))
"""Directions that are tried, from that of the last step."""
BENDS = np.deg2rad(20)
"""A step that turns by more than this is tried again at half the length."""
ROUNDS = 4
"""Times that the interval of directions is divided: 2.5 degrees / 48^4, or 1e-8 of a step."""
MOST_POINTS = 6000
"""Of both branches together."""

Image = Callable[[np.ndarray], np.ndarray]


class _Hit(NamedTuple):
    """The next point, its angle to the last step, and the arc length at which its image lies."""

    point: np.ndarray
    angle: float
    position: float


class _Curve:
    """A polyline that grows at both ends, with arc length counted from the saddle in its middle."""

    def __init__(self, saddle: np.ndarray, ahead: np.ndarray, behind: np.ndarray) -> None:
        self._points = np.empty((2 * MOST_POINTS + 5, 2))
        self._length = np.empty(2 * MOST_POINTS + 5)
        self._first = self._last = MOST_POINTS + 2
        self._points[self._first], self._length[self._first] = saddle, 0.0
        self.append(ahead, 1)
        self.append(behind, -1)

    def append(self, point: np.ndarray, side: int) -> None:
        end = self._last if side > 0 else self._first
        self._points[end + side] = point
        self._length[end + side] = self._length[end] + side * np.linalg.norm(point - self._points[end])
        if side > 0:
            self._last += 1
        else:
            self._first -= 1

    def end(self, side: int) -> tuple[np.ndarray, np.ndarray, float]:
        """The last point of one side, the direction of the last step there, and the arc length, < 0 behind."""
        at = self._last if side > 0 else self._first
        step = self._points[at] - self._points[at - side]
        return self._points[at], step / np.linalg.norm(step), float(self._length[at])

    def branch(self, side: int) -> np.ndarray:
        """One side without the saddle, outwards."""
        middle = MOST_POINTS + 2
        points = self._points[middle + 1 : self._last + 1] if side > 0 else self._points[self._first : middle][::-1]
        return points.copy()

    def offsets(self, w: np.ndarray, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
        """Signed distances of points to the part between two arc lengths, and the arc lengths of their feet.

        NaN for a point that is nearest to an end of the whole curve: it may lie beyond what is known.
        """
        points, length = (x[self._first : self._last + 1] for x in (self._points, self._length))
        first = max(int(np.searchsorted(length, low)) - 1, 0)
        last = min(int(np.searchsorted(length, high)) + 1, len(length) - 1)
        a, d = points[first:last], np.diff(points[first : last + 1], axis=0)
        squared = np.maximum((d * d).sum(axis=1), 1e-300)
        gap = w[:, None] - a
        share = np.clip((gap * d).sum(axis=2) / squared, 0, 1)
        distance = np.linalg.norm(gap - share[..., None] * d, axis=2)
        distance = np.where(np.isfinite(distance), distance, np.inf)
        rows, best = np.arange(len(w)), np.argmin(distance, axis=1)
        side = np.sign(d[best, 0] * gap[rows, best, 1] - d[best, 1] * gap[rows, best, 0])
        foot = length[first + best] + share[rows, best] * np.sqrt(squared[best])
        known = (foot > length[0]) & (foot < length[-1]) & np.isfinite(distance[rows, best])
        return np.where(known, side * distance[rows, best], np.nan), foot


def stable_set(
    image: Image, saddle: np.ndarray, direction: np.ndarray, offset: float, rate: float, inside: Any, reach: float
) -> tuple[np.ndarray, np.ndarray]:
    """Both branches of a saddle's stable set, each of shape (N, 2), outwards and without the saddle.

    Args:
        image: The map on points (N, 2), or an iterate of it with a positive multiplier.
        saddle: Shape (2,).
        direction: The stable eigenvector, of unit length.
        offset: How far from the saddle the branches begin.
        rate: The map's multiplier along the eigenvector, in (0, 1).
        inside: Whether a point is worth going on from.
        reach: Size of the window.
    Notes:
        Only the piece that is connected to the saddle: a map that is not invertible has others, its further preimages.
        The branches grow in turns, because far out one may be mapped onto the other.
    """
    curve = _Curve(saddle, saddle + offset * direction, saddle - offset * direction)
    position = {side: side * rate * offset for side in (1, -1)}
    step: dict[int, float] = dict.fromkeys((1, -1), 0.7 * (1 / rate - 1) * offset)
    left, growing = MOST_POINTS, True
    with np.errstate(all="ignore"):  # images of points far out may overflow, and do not lie on the curve
        while growing and left > 1:
            growing = False
            for side in (1, -1):
                grown = _grow(image, curve, side, position, step, inside, reach, left // 2)
                left -= grown
                growing = growing or grown > 0
    return curve.branch(1), curve.branch(-1)


def _grow(
    image: Image,
    curve: _Curve,
    side: int,
    position: dict[int, float],
    step: dict[int, float],
    inside: Any,
    reach: float,
    most: int,
) -> int:
    """Grow one branch until it leaves the window or its image leaves the known curve; returns the points added."""
    length = min(step[side], LONGEST_STEP * reach)
    added = 0
    while added < most and inside(curve.end(side)[0]):
        hit = _search(image, curve, side, position[side], length)
        if hit is None or (abs(hit.angle) > BENDS and length > 100 * SHORTEST_STEP * reach):
            length /= 2
            if length < SHORTEST_STEP * reach:
                break
            continue
        curve.append(hit.point, side)
        position[side], step[side] = hit.position, length
        added += 1
        if abs(hit.angle) < BENDS / 3:
            length = min(1.5 * length, LONGEST_STEP * reach)
    return added


def _search(image: Image, curve: _Curve, side: int, position: float, step: float) -> _Hit | None:
    """The point at distance `step` ahead whose image lies on the curve; None if there is none."""
    last, direction, _ = curve.end(side)
    axes = np.array([direction, [-direction[1], direction[0]]])
    tried, span = ANGLES, 0.0
    for left in range(ROUNDS - 1, -1, -1):
        u = np.stack([np.cos(tried), np.sin(tried)], axis=1) @ axes
        images = image(last + step * u)
        if not span:
            reached = np.linalg.norm(images - images[len(images) // 2], axis=1)
            span = 4 * (float(np.max(reached, initial=0.0, where=np.isfinite(reached))) + step)
        distance, foot = curve.offsets(images, position - span, position + span)
        crossing = np.flatnonzero(distance[:-1] * distance[1:] <= 0)
        if crossing.size == 0:
            return None
        k = crossing[np.argmin(np.abs(tried[crossing] + tried[crossing + 1]))]
        if left == 0 and max(abs(distance[k]), abs(distance[k + 1])) <= 1e-3 * span:
            share = distance[k] / (distance[k] - distance[k + 1]) if distance[k] != distance[k + 1] else 0.0
            ahead = u[k] + share * (u[k + 1] - u[k])
            return _Hit(last + step * ahead, float(tried[k]), float(foot[k]))
        tried = np.linspace(tried[k], tried[k + 1], len(ANGLES))
    return None  # the image jumps across the curve
