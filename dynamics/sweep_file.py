"""A sweep as a Dataset, and its file, put together from blocks one at a time."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .blocks import differences, digest_of
from .outcome_codes import MEANINGS
from .plan import Plan
from .point_table import PointTable
from .provenance import device, versions
from .results import ATTRIBUTES, attributes, coordinate_names, load_result, point_coordinates, put_in_place, remove

if TYPE_CHECKING:
    import xarray

    from .runner import Totals
    from .sweep import Sweep

CHUNK = 1 << 16
"""Starts per chunk of a file."""
Blocks = Iterator[tuple[int, int, int, dict[str, np.ndarray]]]


def sweep_settings(plan: Plan, table: PointTable) -> dict[str, Any]:
    """All that a sweep's result depends on."""
    computing = {name: version for name, version in versions().items() if name != "python"}
    return {**plan.described(), "points": table.w.tolist(), "versions": computing, "platform": device()["platform"]}


def sweep_dataset(sweep: "Sweep") -> "xarray.Dataset":
    """A sweep that is in memory as a Dataset."""
    frame = _frame(sweep.plan, sweep.table, sweep.counts, sweep.reached, sweep.provenance)
    for name, values in sweep.arrays.items():
        frame[name] = (_dimensions(name), values, ATTRIBUTES[name])
    if sweep.arrays:
        starts = sweep.plan.starts
        frame["w_start"] = (_dimensions("w_start"), starts.take(0, starts.count), ATTRIBUTES["w_start"])
    return frame


def _dimensions(name: str) -> tuple[str, ...]:
    if name == "w_start":
        return "start", "coordinate"
    return ("rule", "rho", "eta", "start", *(("coordinate",) if name == "w_final" else ()))


def _frame(
    plan: Plan, table: PointTable, counts: np.ndarray, reached: np.ndarray, provenance: Mapping[str, Any]
) -> "xarray.Dataset":
    """All of a sweep's Dataset but what is kept of every start."""
    import xarray as xr

    grid = ("rule", "rho", "eta")
    title = f"{plan.landscape.name}: outcomes of {plan.starts.count} starts after {plan.steps} steps"
    return xr.Dataset(
        {
            "count": ((*grid, "outcome_kind"), counts, ATTRIBUTES["count"]),
            "rate": ((*grid, "outcome_kind"), counts / plan.starts.count, ATTRIBUTES["rate"]),
            "reached": ((*grid, "point"), reached, ATTRIBUTES["reached"]),
        },
        coords={
            "rule": ("rule", np.array([rule.label for rule in plan.rules], dtype=object), {"long_name": "update rule"}),
            "rho": ("rho", plan.rhos, ATTRIBUTES["rho"]),
            "eta": ("eta", plan.etas, ATTRIBUTES["eta"]),
            "outcome_kind": ("outcome_kind", np.array(MEANINGS, dtype=object), {"long_name": "outcome"}),
            "coordinate": ("coordinate", np.array(coordinate_names(plan.landscape), dtype=object)),
            **point_coordinates(table),
        },
        attrs=attributes("sweep", title, sweep_settings(plan, table), provenance),
    )


def write_sweep(
    path: Path,
    plan: Plan,
    table: PointTable,
    totals: "Totals",
    blocks: Blocks,
    provenance: Callable[[], Mapping[str, Any]],
) -> None:
    """Put the blocks of a sweep together in a file, one at a time.

    Args:
        path: Ends in .nc or .zarr.
        plan: The sweep.
        table: Critical points.
        totals: Complete once `blocks` is exhausted.
        blocks: (panel, low, high, arrays), every one once.
        provenance: Called at the end.
    """
    partial = path.with_name(f".{path.name}.partial")
    remove(partial)
    frame = _frame(plan, table, totals.counts, totals.reached, {})
    with _Target(partial, frame) as target:
        if plan.keep != "rates":
            n, d = plan.starts.count, plan.landscape.dimension
            target.create("w_start", (n, d), np.dtype(float), (min(n, CHUNK), d))
            for low in range(0, n, CHUNK):
                target.arrays["w_start"][low : low + CHUNK] = plan.starts.take(low, min(low + CHUNK, n))
        for panel, low, _, block in blocks:
            if plan.keep != "rates":
                _put(target, plan, panel, low, block)
        target.arrays["count"][...] = totals.counts
        target.arrays["rate"][...] = totals.counts / plan.starts.count
        target.arrays["reached"][...] = totals.reached
        target.set_attribute("provenance", json.dumps(provenance()))
    put_in_place(partial, path)


def _put(target: "_Target", plan: Plan, panel: int, low: int, block: Mapping[str, np.ndarray]) -> None:
    e, n = plan.shape[2:]
    for name, values in block.items():
        if name not in target.arrays:
            chunk = (1, 1, min(e, max(1, CHUNK // n)), min(n, CHUNK), *values.shape[1:])
            target.create(name, (*plan.shape, *values.shape[1:]), values.dtype, chunk)
        for r, p in plan.places(panel):
            for eta, start, part in regions(low, len(values), n):
                shape = (eta.stop - eta.start, start.stop - start.start, *values.shape[1:])
                target.arrays[name][r, p, eta, start] = values[part].reshape(shape)


def regions(low: int, length: int, n: int) -> Iterator[tuple[slice, slice, slice]]:
    """Trajectories low, ... of a panel as boxes of its (eta, start) grid: slices of eta, of start, and of the block."""
    at, high = low, low + length
    while at < high:
        eta, start = divmod(at, n)
        rows = (high - at) // n if start == 0 else 0
        size = rows * n if rows else min(n - start, high - at)
        yield (
            slice(eta, eta + max(rows, 1)),
            slice(start, n if rows else start + size),
            slice(at - low, at - low + size),
        )
        at += size


class _Target:
    """A file that xarray began and that large arrays are added to, piece by piece."""

    def __init__(self, path: Path, frame: "xarray.Dataset") -> None:
        self._zarr = path.suffixes[-2:-1] == [".zarr"]
        self.arrays: dict[str, Any] = {}
        if self._zarr:
            import zarr

            frame.to_zarr(path, mode="w", zarr_format=3, consolidated=False)
            self._file: Any = zarr.open_group(path, mode="a")
            self.arrays = {str(name): self._file[name] for name in frame.data_vars}
        else:
            import h5netcdf

            frame.to_netcdf(path, engine="h5netcdf")
            self._file = h5netcdf.File(path, "a")
            self.arrays = {str(name): self._file.variables[name] for name in frame.data_vars}

    def __enter__(self) -> "_Target":
        return self

    def __exit__(self, *exception: object) -> None:
        if not self._zarr:
            self._file.close()

    def create(self, name: str, shape: tuple[int, ...], dtype: np.dtype[Any], chunk: tuple[int, ...]) -> None:
        """A new array with its dimensions and attributes."""
        dimensions = _dimensions(name)
        if self._zarr:
            plain = {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in ATTRIBUTES[name].items()}
            self.arrays[name] = self._file.create_array(
                name, shape=shape, dtype=dtype, chunks=chunk, dimension_names=dimensions, attributes=plain
            )
            return
        for dimension, length in zip(dimensions, shape, strict=True):
            if dimension not in self._file.dimensions:
                self._file.dimensions[dimension] = length
        variable = self._file.create_variable(
            name, dimensions, dtype, chunks=chunk, compression="gzip", compression_opts=1, shuffle=True
        )
        variable.attrs.update(ATTRIBUTES[name])
        self.arrays[name] = variable

    def set_attribute(self, name: str, value: str) -> None:
        """Of the whole file."""
        self._file.attrs[name] = value


def finished_sweep(path: Path, plan: Plan, table: PointTable) -> "Sweep | None":
    """The sweep in a file, if there is one and it is this one; None if there is no file.

    Raises:
        ValueError: The file is something else, with what differs.
    """
    if not path.exists():
        return None
    dataset, settings = load_result(path, "sweep"), sweep_settings(plan, table)
    if dataset.attrs["settings_digest"] != digest_of(settings):
        different = differences(json.loads(dataset.attrs["settings"]), settings)
        raise ValueError(
            f"{path} holds another sweep; it {different}. Choose another output, or overwrite with resume=False"
        )
    from .sweep import Sweep

    counts, reached = dataset["count"].values, dataset["reached"].values
    made = json.loads(dataset.attrs["provenance"])
    dataset.close()
    return Sweep(plan, table, counts, reached, {}, made, path)
