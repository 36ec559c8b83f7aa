"""Critical points of any landscape as numbers: those declared, and those found by a search.

grad L(w) = 0;   the signs of the Hessian's eigenvalues say minimum, saddle or maximum
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .critical_families import SAME_POINT, Found, distinct, gather
from .critical_search import Box, Candidates, derivatives, judge, settle
from .critical_set import CriticalSet, Kind
from .landscape import Landscape
from .real_domain import DEFAULT_SIDE

_ORDER: tuple[Kind, ...] = ("minimum", "saddle", "maximum", "degenerate")
MEMBERS = 201
"""Points by which a declared family is represented, per parameter."""
MOST_DIMENSIONS = 30
"""Above which a search from everywhere would take minutes and find next to nothing."""
MOST_ROUNDS = 11
"""Of the search; the first one and ten more."""


@dataclass(frozen=True, eq=False)
class CriticalPoint:
    """A critical point, or a representative of a continuum of them.

    Attributes:
        w: Where, shape (d,).
        value: The loss there.
        eigenvalues: Of the Hessian there, ascending, shape (d,).
        eigenvectors: Its eigenvectors, as columns in the same order, shape (d, d).
        kind: In every direction for a point, in the directions normal to it for a family; "degenerate" where the
            Hessian is singular there.
        index: Number of negative eigenvalues.
        residual: Norm of the gradient at `w`, by autodiff.
        declared: Whether it was declared with the landscape, and not found by the search.
        inside: Whether `w` lies in the domain (for a family: whether one of its members does).
        set_dimension: 0 for an isolated point, 1 for a curve of critical points, ...
        members: Points of the family, shape (m, d); `w` alone for an isolated point.
    """

    w: np.ndarray
    value: float
    eigenvalues: np.ndarray
    eigenvectors: np.ndarray
    kind: Kind
    index: int
    residual: float
    declared: bool
    inside: bool
    set_dimension: int
    members: np.ndarray

    @property
    def isolated(self) -> bool:
        return self.set_dimension == 0

    @property
    def sharpness(self) -> float:
        """The largest Hessian eigenvalue."""
        return float(self.eigenvalues[-1])

    def distance(self, w: np.ndarray) -> np.ndarray:
        """The Euclidean distance of points `w`, shape (..., d), to this point or to the family's nearest member."""
        gaps = np.linalg.norm(np.asarray(w)[..., None, :] - self.members, axis=-1)
        return np.asarray(np.min(gaps, axis=-1))

    def __str__(self) -> str:
        return table([self])


def critical_points(landscape: Landscape, seed: int = 0) -> list[CriticalPoint]:
    """Critical points of a landscape: the declared ones, and those found unless the declaration is complete.

    Args:
        landscape: Any; only a `ClosedForm` declares.
        seed: For the search, see `find_critical_points`.
    Returns:
        Minima, saddles, maxima, degenerate points, in this order; within each kind the declared ones first, in the
        order of declaration, then those found, by loss and coordinates. Families are single entries. Where a point is
        both declared and found, it is the declared one that is listed.
    Raises:
        ValueError: The declaration is not complete, and the landscape has too many dimensions for a search.
    """
    low, high = _window(landscape, None)
    sets: tuple[CriticalSet, ...] = getattr(landscape, "critical_sets", ())
    points = [_declared(landscape, declared, low, high) for declared in sets]
    if not getattr(landscape, "complete", False):
        points += [p for p in find_critical_points(landscape, seed=seed) if not _is_known(p, points, high - low)]
    return sorted(points, key=lambda point: _ORDER.index(point.kind))


def find_critical_points(
    landscape: Landscape,
    domain: Sequence[Sequence[float]] | None = None,
    starts: int | np.ndarray | None = None,
    seed: int = 0,
) -> list[CriticalPoint]:
    """Find and classify critical points numerically, from many starts at once.

    Args:
        landscape: Any whose `value` is twice differentiable almost everywhere.
        domain: ((low, high), ...) per coordinate; by default the landscape's own, or (-2, 2) where it has none.
        starts: How many, or the starts themselves, shape (N, d). A number is spent on a grid (up to two dimensions)
            and on uniform random points, half each. By default 600, and 600 more as long as they find new points, ten
            times at most; above ten dimensions 6000 / d, once.
        seed: Of the random points.
    Returns:
        Minima, saddles, maxima, degenerate points, in this order, each by loss and then by coordinates. A point up to
        quarter of a domain outside is kept, with `inside` False; out there the list is not to be taken for complete.
        A family is listed once, if a part of it is inside. Families of dimension one and two are told apart by place,
        those of higher dimension by loss and index only.
    Raises:
        ValueError: `domain` or `starts` does not fit the landscape, the loss is finite at no start, or there are more
            than `MOST_DIMENSIONS` and no `starts`.
    Notes:
        All is in float64 and costs a d x d eigenvalue problem per start and iteration: meant for small d. A search can
        miss a point, whatever the number of starts. Minima at kinks (of abs, max, ...) are no zeros of the
        gradient and are not found.
    """
    low, high = _window(landscape, domain)
    if starts is None and landscape.dimension > MOST_DIMENSIONS:
        raise ValueError(
            f"find_critical_points: {landscape.name} has {landscape.dimension} dimensions, a search without aim is for "
            f"{MOST_DIMENSIONS} at most; give `starts` near the points that matter"
        )
    box = Box(landscape, (low + high) / 2, (high - low) / 2)
    z = _starts(box, starts, seed)
    size = np.linalg.norm(box.derivatives(z).gradient, axis=1)
    if not np.isfinite(size).any():
        raise ValueError(f"find_critical_points: {landscape.name} has a finite gradient at none of {len(z)} starts")
    scale = float(np.median(size[np.isfinite(size)])) or float(np.max(size[np.isfinite(size)]))
    candidates = judge(box, settle(box, z), scale)
    if starts is None and landscape.dimension <= 10:
        candidates = _until_nothing_new(box, candidates, scale, seed)
    points = [_found(box, entry) for entry in gather(box, candidates, scale)]
    points = [point for point in points if point.isolated or point.inside]
    return sorted(points, key=lambda p: (_ORDER.index(p.kind), round(p.value, 9), tuple(np.round(p.w, 6) + 0.0)))


def table(points: Sequence[CriticalPoint], variables: Sequence[str] = ()) -> str:
    """Critical points as lines of text, with a header: kind, place, loss, eigenvalues, remarks.

    Args:
        points: As `critical_points` returns them.
        variables: Names of the coordinates for the header.
    """
    header = ("kind", f"({', '.join(variables)})" if variables else "w", "loss", "Hessian eigenvalues", "")
    rows = [header, *(_row(point) for point in points)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(header))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def _row(point: CriticalPoint) -> tuple[str, ...]:
    def numbers(values: np.ndarray) -> str:
        return ", ".join(f"{x + 0.0:.6g}" for x in np.where(np.abs(values) < 1e-12, 0, values))

    remarks = [
        "" if point.isolated else f"one of a {point.set_dimension}-dimensional family",
        "declared" if point.declared else "",
        "" if point.inside else "outside the domain",
    ]
    place, spectrum = f"({numbers(point.w)})", numbers(point.eigenvalues)
    return point.kind, place, f"{point.value:.6g}", spectrum, ", ".join(filter(None, remarks))


def _window(landscape: Landscape, domain: Sequence[Sequence[float]] | None) -> tuple[np.ndarray, np.ndarray]:
    d = landscape.dimension
    given = domain if domain is not None else getattr(landscape, "domain", ()) or (DEFAULT_SIDE,) * d
    sides = np.asarray(given, dtype=float)
    if sides.shape != (d, 2) or not (np.isfinite(sides).all() and (sides[:, 0] < sides[:, 1]).all()):
        raise ValueError(f"find_critical_points: domain must be {d} finite pairs low < high, got {given!r}")
    return sides[:, 0], sides[:, 1]


def _starts(box: Box, starts: int | np.ndarray | None, seed: int) -> np.ndarray:
    d = len(box.half)
    if isinstance(starts, np.ndarray):
        if starts.ndim != 2 or starts.shape[1] != d or not np.isfinite(starts).all():
            raise ValueError(f"find_critical_points: starts must be finite, of shape (N, {d}), got {starts.shape}")
        return box.z(starts.astype(float))
    count = _round(d) if starts is None else starts
    if count < 1:
        raise ValueError(f"find_critical_points: starts must be a number >= 1 or an array, got {starts}")
    grid = np.zeros((0, d))
    if d <= 2:
        side = np.linspace(-1, 1, int((count / 2) ** (1 / d)))
        grid = np.stack(np.meshgrid(*[side] * d, indexing="ij"), axis=-1).reshape(-1, d)
    return np.concatenate([grid, np.random.default_rng(seed).uniform(-1, 1, (count - len(grid), d))])


def _round(d: int) -> int:
    """Starts of one round of the search; fewer in high dimension, where each costs more."""
    return max(24, min(600, 6000 // d))


def _until_nothing_new(box: Box, candidates: Candidates, scale: float, seed: int) -> Candidates:
    """The candidates with those of further rounds; the random starts of a round follow from `seed` and its number."""
    known = distinct(candidates.take(candidates.nullity == 0), SAME_POINT)
    for number in range(1, MOST_ROUNDS):
        z = np.random.default_rng([seed, number]).uniform(-1, 1, (_round(len(box.half)), len(box.half)))
        more = judge(box, settle(box, z), scale)
        after = distinct(known.join(more.take(more.nullity == 0)), SAME_POINT)
        if len(after.z) == len(known.z):
            break
        known = after
    return known.join(candidates.take(candidates.nullity > 0))


def _found(box: Box, found: Found) -> CriticalPoint:
    members = box.w(found.members)
    inside = bool((np.abs(found.members) <= 1 + 1e-9).all(axis=1).any())
    return _point(box.landscape, members, found.kind, found.negative, False, inside, found.set_dimension)


def _declared(landscape: Landscape, declared: CriticalSet, low: np.ndarray, high: np.ndarray) -> CriticalPoint:
    if declared.is_point:
        members = declared.locate()[None]
    else:
        far = 2 * float(np.max(np.abs([low, high])))
        spans = [(max(a, -far), min(b, far)) for a, b in declared.intervals]
        count = MEMBERS if len(spans) == 1 else round(2000 ** (1 / len(spans)))
        values = [np.linspace(a, b, count + 2)[1:-1] for a, b in spans]  # the intervals are open
        grid = np.stack(np.meshgrid(*values, indexing="ij"), axis=-1).reshape(-1, len(spans))
        members = np.array([declared.locate(*row) for row in grid])
        centre = (low + high) / 2
        members = members[np.argsort(np.linalg.norm((members - centre) / (high - low), axis=1), kind="stable")]
    within = ((low <= members) & (members <= high)).all(axis=1)
    if within.any():
        members = members[within]
    return _point(landscape, members, declared.kind, declared.index, True, bool(within.any()), len(declared.family))


def _point(
    landscape: Landscape, members: np.ndarray, kind: Kind, index: int, declared: bool, inside: bool, dimension: int
) -> CriticalPoint:
    value, gradient, hessian = derivatives(landscape, members[:1])
    eigenvalues, eigenvectors = np.linalg.eigh(hessian[0])
    return CriticalPoint(
        w=members[0],
        value=float(value[0]),
        eigenvalues=eigenvalues,
        eigenvectors=eigenvectors,
        kind=kind,
        index=index,
        residual=float(np.linalg.norm(gradient[0])),
        declared=declared,
        inside=inside,
        set_dimension=dimension,
        members=members,
    )


def _is_known(point: CriticalPoint, declared: Sequence[CriticalPoint], width: np.ndarray) -> bool:
    """Whether nine tenths of the point's members are at a declared point or between neighbours of a declared family."""
    near = np.zeros(len(point.members), bool)
    for other in declared:
        tolerance = 0.01 if point.kind == "degenerate" or not point.isolated else 1e-4
        if not other.isolated:
            tolerance = 0.05
        gaps = np.linalg.norm((point.members[:, None] - other.members[None]) / width, axis=-1)
        near |= gaps.min(axis=1) <= tolerance
    return bool(near.mean() >= 0.9)
