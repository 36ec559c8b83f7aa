"""From hundreds of ends of runs to a few critical points and critical families.

A candidate with a regular Hessian is an isolated point. One with vanishing eigenvalues may be isolated too (a monkey
saddle) or belong to a continuum (a valley floor): a step along its null directions, and back onto the critical set,
tells. The members of one family share the loss and the index, and are within reach of each other.
"""

from typing import Any, NamedTuple

import numpy as np

from .critical_search import Box, Candidates, judge, settle
from .critical_set import Kind

SAME_POINT = 1e-5
"""Regular candidates this close (as a share of the box's half) are one point; their own error is some 1e-15."""
SAME_DEGENERATE_POINT = 0.02
"""The same for degenerate ones, which are located far less precisely: (round-off)^(1/3) at the bottom of x^4."""
REACH = 0.1
"""Members of a family this close are connected. Two families of equal loss and index that come closer are one."""

BRIDGES = 4
"""Rounds of filling the gaps of a family."""
HIGHEST_DIMENSION = 2
"""Of families that are told apart by place; those with more null directions are told apart by loss and index only."""


class Found(NamedTuple):
    """A critical point, or a family of them.

    Attributes:
        kind: In every direction for a point, in the directions normal to it for a family.
        negative: Number of negative eigenvalues.
        set_dimension: 0 for a point, 1 for a curve, ...
        members: Points of it in z, shape (m, d), the most typical one first.
    """

    kind: Kind
    negative: int
    set_dimension: int
    members: np.ndarray


def gather(box: Box, candidates: Candidates, scale: float) -> list[Found]:
    """The distinct points and families among the candidates, in no particular order."""
    regular = distinct(candidates.take(candidates.nullity == 0), SAME_POINT)
    d = regular.z.shape[1]
    found = [Found(kind_of(int(i), d), int(i), 0, z[None]) for z, i in zip(regular.z, regular.negative, strict=True)]
    singular = distinct(candidates.take(candidates.nullity > 0), SAME_DEGENERATE_POINT / 2)
    for group in _connected(singular.take(singular.nullity <= HIGHEST_DIMENSION), scale):
        if spread(group) <= SAME_DEGENERATE_POINT:
            singular = singular.join(_beyond(box, group.take([0]), scale)[0])
    for nullity, negative in sorted(set(zip(singular.nullity.tolist(), singular.negative.tolist(), strict=True))):
        chosen = (singular.nullity == nullity) & (singular.negative == negative)
        alike, others = singular.take(chosen), singular.take(~chosen)
        if nullity <= HIGHEST_DIMENSION:
            groups = _connected(_bridged(box, alike, scale), scale)
        else:
            groups = _connected(alike, scale, reach=np.inf)
        for group in groups:
            lone = spread(group) <= SAME_DEGENERATE_POINT
            if lone and _touches(group.take([0]), others, scale):
                continue  # where two families cross there is no point of its own
            goes_on = not lone or bool(_beyond(box, group.take([0]), scale)[1])
            found.append(_family(box, group, scale) if goes_on else Found("degenerate", int(negative), 0, group.z[:1]))
    return found


def kind_of(index: int, directions: int) -> Kind:
    """The kind of a critical point with `index` negative eigenvalues of `directions`, none of them zero."""
    if directions == 0:
        return "degenerate"
    return "minimum" if index == 0 else "maximum" if index == directions else "saddle"


def distinct(candidates: Candidates, tolerance: float) -> Candidates:
    """The candidate of the smallest gradient of each set within `tolerance` of it, in the order of the gradient."""
    ordered = candidates.take(np.argsort(candidates.residual, kind="stable"))
    free = np.ones(len(ordered.z), bool)
    chosen = []
    for i, z in enumerate(ordered.z):
        if free[i]:
            chosen.append(i)
            free &= np.max(np.abs(ordered.z - z), axis=1) > tolerance
    return ordered.take(np.array(chosen, int))


def spread(group: Candidates) -> float:
    """The distance of the member farthest from the first."""
    return float(np.max(np.linalg.norm(group.z - group.z[0], axis=1)))


def _family(box: Box, group: Candidates, scale: float) -> Found:
    middle = int(np.argmin(np.linalg.norm(group.z - group.z.mean(axis=0), axis=1)))
    dimension = int(_beyond(box, group.take([middle]), scale)[1])
    index, nullity = int(group.negative[0]), int(group.nullity[0])
    kind: Kind = kind_of(index, len(box.half) - nullity) if dimension == nullity else "degenerate"
    return Found(kind, index, dimension, np.roll(group.z, -middle, axis=0))


def _components(candidates: Candidates, scale: float, reach: float = REACH) -> tuple[int, np.ndarray]:
    """The number of groups of equal loss within `reach`, and the group of each candidate."""
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial.distance import cdist

    near = _same_loss(candidates.value[:, None], candidates.value, scale)
    if np.isfinite(reach):
        near &= cdist(candidates.z, candidates.z) <= reach
    return connected_components(near, directed=False)


def _connected(candidates: Candidates, scale: float, reach: float = REACH) -> list[Candidates]:
    """The groups of equal loss within `reach`, each in the order of the gradient."""
    ordered = candidates.take(np.argsort(candidates.residual, kind="stable"))
    count, labels = _components(ordered, scale, reach)
    return [ordered.take(labels == label) for label in range(count)]


def _bridged(box: Box, candidates: Candidates, scale: float) -> Candidates:
    """The candidates, with more of their kind where there are gaps.

    Each group is joined to the nearest other one by a straight line of points, which settle onto the critical set.
    """
    from scipy.spatial.distance import cdist

    for _ in range(BRIDGES):
        count, labels = _components(candidates, scale)
        if count == 1:
            break
        lines = []
        for label in range(count):
            own, rest = np.flatnonzero(labels == label), np.flatnonzero(labels != label)
            gaps = cdist(candidates.z[own], candidates.z[rest])
            gaps[~_same_loss(candidates.value[own][:, None], candidates.value[rest], scale)] = np.inf
            i, j = np.unravel_index(np.argmin(gaps), gaps.shape)
            if gaps[i, j] <= 1:
                share = np.linspace(0, 1, int(np.ceil(gaps[i, j] / (REACH / 3))) + 1)[1:-1, None]
                lines.append((1 - share) * candidates.z[own[i]] + share * candidates.z[rest[j]])
        if not lines:
            break
        new = judge(box, settle(box, np.concatenate(lines)), scale)
        alike = (new.nullity == candidates.nullity[0]) & (new.negative == candidates.negative[0])
        candidates = distinct(candidates.join(new.take(alike)), SAME_POINT)
        if _components(candidates, scale)[0] >= count:
            break
    return candidates


def _touches(point: Candidates, others: Candidates, scale: float) -> bool:
    near = np.linalg.norm(others.z - point.z, axis=1) <= REACH
    return bool((near & _same_loss(others.value, point.value, scale)).any())


def _beyond(box: Box, seed: Candidates, scale: float) -> tuple[Candidates, int]:
    """Where the critical set goes on beyond a single candidate, and in how many of its null directions."""
    step, nullity = REACH / 2, int(seed.nullity[0])
    offsets = [sign * step * seed.axes[0, :, k] for k in range(nullity) for sign in (-1, 1)]
    reached = judge(box, settle(box, seed.z + np.array(offsets)), scale)
    distance = np.linalg.norm(reached.z - seed.z, axis=1)
    same = (distance > step / 2) & (distance < REACH) & _same_loss(reached.value, seed.value, scale)
    return reached.take(same & (reached.nullity > 0)), len({row // 2 for row in reached.row[same]})


def _same_loss(a: Any, b: Any, scale: float) -> Any:
    """On a connected critical set the loss is constant; to round-off, with a margin for candidates slightly off it."""
    return np.abs(a - b) <= 1e-9 * (scale + np.abs(a) + np.abs(b))
