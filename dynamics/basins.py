"""Basin maps: the outcome of every start of a grid, how large each basin is, and how entangled they are."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..landscapes.critical_points import CriticalPoint
from ..landscapes.landscape import Landscape
from .boundary import basin_entropy, uncertainty_exponent, wilson_interval
from .description import describe
from .outcome import outcomes
from .outcome_codes import MEANINGS, Outcome, Tolerances
from .plan import tree_digest
from .point_table import PointTable
from .provenance import provenance, versions
from .resources import check_memory
from .starts import window_of

if TYPE_CHECKING:
    import xarray

BYTES_EACH = 400
"""Of memory per start and coordinate while a map is made."""


def basin_map(
    landscape: Landscape,
    rule: Any,
    resolution: int | Sequence[int] = 400,
    window: Any = None,
    steps: int = 10_000,
    *,
    eta: float | None = None,
    plane: tuple[int, int] = (0, 1),
    through: Sequence[float] | None = None,
    dtype: str = "float64",
    tolerances: Tolerances = Tolerances(),
    points: Sequence[CriticalPoint] | None = None,
    box: int = 5,
) -> "xarray.Dataset":
    """The basins of a rule: every start of a grid labelled with its outcome and with the attractor that it reached.

    Args:
        landscape: Of one dimension or more.
        rule: A deterministic rule with plain numbers.
        resolution: Starts along each side, one number or one per side.
        window: ((low, high), ...) per coordinate of the landscape, or one pair for all; by default its domain. Starts
            are the centres of the grid's cells.
        steps: Budget.
        eta: As for `outcome.outcomes`; by default the rule's own.
        plane: The two coordinates that the grid spans; ignored in one dimension.
        through: The other coordinates' values, shape (d,); by default the middle of the window.
        dtype: "float32" or "float64".
        tolerances: What decides an outcome.
        points: Critical points; by default those of the landscape.
        box: Side of the basin entropy's boxes, in starts.
    Returns:
        A Dataset on the grid (two dimensions named after the coordinates, the second coordinate first, as pictures
        are; `x_` before a name of another use): `outcome`, `target`, `step`, `period`, `amplitude`, `multiplier`, and
        `attractor`, the row of (outcome, target) pairs present. By attractor: `fraction` with a Wilson interval
        (`fraction_low`, `fraction_high`, as if the starts were random). `basin_entropy`, `boundary_basin_entropy`,
        `uncertainty_exponent` with `uncertainty_exponent_error`, and what that was fitted to.
    Raises:
        ValueError: A window, a plane or a resolution that does not fit, or a map larger than memory.
    """
    started = time.time()
    axes, starts, names = _grid(landscape, resolution, window, plane, through)
    shape = tuple(len(axis) for axis in axes[::-1])
    count, d = int(np.prod(shape)), landscape.dimension
    if not 2 <= box <= min(shape):
        raise ValueError(
            f"basin_map: box = {box}: it must be >= 2 and at most the shorter side of the map, {min(shape)}"
        )
    check_memory(f"basin_map: {count} starts", count * d * BYTES_EACH, "take a lower resolution")
    w = starts()
    found = outcomes(landscape, rule, w, steps, eta=eta, dtype=dtype, tolerances=tolerances, points=points)
    labels = found.labels
    pairs, attractor = np.unique(np.stack([labels.outcome, labels.target]), axis=1, return_inverse=True)
    attractor = attractor.reshape(shape)
    settings = {
        "landscape": {"name": landscape.name, "sha256": tree_digest(landscape)},
        "rule": describe(rule),
        "window": [[float(axis[0]), float(axis[-1])] for axis in axes],
        "resolution": list(shape[::-1]),
        "steps": steps,
        "dtype": dtype,
        "box": box,
        "tolerances": tolerances.as_dict(),
        "versions": versions(),
    }
    per_start = {name: values.reshape(shape) for name, values in labels._asdict().items()}
    grid = dict(zip(names, axes, strict=True))
    return _dataset(landscape, grid, per_start, attractor, pairs, found.table, box, settings, provenance(started))


def _grid(
    landscape: Landscape, resolution: int | Sequence[int], window: Any, plane: tuple[int, int], through: Any
) -> tuple[list[np.ndarray], Any, list[str]]:
    """The axes of the grid, a function that makes its starts (row by row), and the axes' names."""
    from .results import coordinate_names

    d = landscape.dimension
    sides = np.asarray(window_of("basin_map", landscape, window))
    chosen = [0] if d == 1 else list(plane)
    if len(set(chosen)) != len(chosen) or not all(0 <= i < d for i in chosen):
        raise ValueError(f"basin_map: plane = {plane}: give two different coordinates of 0 ... {d - 1}")
    cells = [resolution] * len(chosen) if isinstance(resolution, int | np.integer) else list(resolution)
    if len(cells) != len(chosen) or not all(n >= 4 for n in cells):
        raise ValueError(f"basin_map: resolution = {resolution}: give one number >= 4, or {len(chosen)}")
    middle = sides.mean(axis=1) if through is None else np.asarray(through, float)
    if middle.shape != (d,) or not np.isfinite(middle).all():
        raise ValueError(f"basin_map: through = {through!r}: give {d} finite coordinates")
    axes = []
    for i, n in zip(chosen, cells, strict=True):
        low, high = sides[i]
        axes.append(low + (high - low) * (np.arange(n) + 0.5) / n)

    def starts() -> np.ndarray:
        mesh = np.meshgrid(*axes, indexing="xy")
        w = np.tile(middle, (mesh[0].size, 1))
        for i, coordinate in zip(chosen, mesh, strict=True):
            w[:, i] = coordinate.ravel()
        return w

    return axes, starts, [coordinate_names(landscape)[i] for i in chosen]


def _dataset(
    landscape: Landscape,
    grid: dict[str, np.ndarray],
    per_start: dict[str, np.ndarray],
    attractor: np.ndarray,
    pairs: np.ndarray,
    table: PointTable,
    box: int,
    settings: dict[str, Any],
    made: dict[str, Any],
) -> "xarray.Dataset":
    import xarray as xr

    from .results import ATTRIBUTES, attributes, coordinate_names, point_coordinates

    dimensions = tuple(reversed(grid))
    counts = np.bincount(attractor.ravel(), minlength=pairs.shape[1])
    low, high = wilson_interval(counts, attractor.size)
    entropy, edge = basin_entropy(attractor, box), uncertainty_exponent(attractor)
    names = [_name(int(code), int(target), table) for code, target in pairs.T]
    data: dict[str, Any] = {name: (dimensions, values, ATTRIBUTES[name]) for name, values in per_start.items()}
    data |= {
        "attractor": (dimensions, attractor.astype(np.int16), {"long_name": "row of attractor_name"}),
        "fraction": ("attractor_row", counts / attractor.size, {"long_name": "share of starts", "units": "1"}),
        "fraction_low": ("attractor_row", low, {"long_name": "lower end of Wilson's 95 % interval", "units": "1"}),
        "fraction_high": ("attractor_row", high, {"long_name": "upper end of Wilson's 95 % interval", "units": "1"}),
        "basin_entropy": ((), entropy.all, {"long_name": "basin entropy S_b", "units": "nat", "box": box}),
        "boundary_basin_entropy": ((), entropy.boundary, {"long_name": "boundary basin entropy S_bb", "units": "nat"}),
        "uncertainty_exponent": (
            (),
            edge.exponent,
            {"long_name": "uncertainty exponent of the boundary", "units": "1"},
        ),
        "uncertainty_exponent_error": ((), edge.standard_error, {"long_name": "its standard error", "units": "1"}),
        "uncertain_share": ("distance", edge.share, {"long_name": "share of uncertain starts", "units": "1"}),
    }
    coordinates: dict[str, Any] = {name: (name, axis, {"units": "units of w"}) for name, axis in grid.items()}
    coordinates |= {
        "attractor_name": ("attractor_row", np.array(names, dtype=object)),
        "attractor_outcome": ("attractor_row", pairs[0].astype(np.uint8), ATTRIBUTES["outcome"]),
        "attractor_target": ("attractor_row", pairs[1].astype(np.int16), ATTRIBUTES["target"]),
        "distance": ("distance", edge.distance, {"long_name": "distance", "units": "starts"}),
        "coordinate": ("coordinate", np.array(coordinate_names(landscape), dtype=object)),
        **point_coordinates(table),
    }
    rule = settings["rule"].get("name") or "rule"
    title = f"{landscape.name}: basins of {rule} after {settings['steps']} steps"
    return xr.Dataset(data, coords=coordinates, attrs=attributes("basin_map", title, settings, made))


def _name(code: int, target: int, table: PointTable) -> str:
    """Such as ``minimum (1, 1)``."""
    meaning = MEANINGS[code]
    if target < 0:
        return meaning
    place = ", ".join(f"{round(float(x), 6) + 0.0:.4g}" for x in table.w[target])
    about = " about" if code == Outcome.CYCLE else ""
    family = "" if table.isolated[target] else " and its family"
    return f"{meaning}{about} ({place}){family}"
