"""Results as xarray Datasets, and as NetCDF or Zarr files that are complete or not there.

Every file says what made it: `samscape_kind`, `settings` (JSON) with their digest, `provenance` (JSON).
"""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .blocks import digest_of
from .outcome_codes import MEANINGS
from .point_table import PointTable

if TYPE_CHECKING:
    import xarray


FORMAT = 1
SUFFIXES = (".nc", ".zarr")
SMALL = 1 << 26
"""Results of fewer bytes are read into memory; larger ones as they are used."""

FLAGS = {"flag_values": np.arange(len(MEANINGS), dtype=np.uint8), "flag_meanings": " ".join(MEANINGS)}
ATTRIBUTES: Mapping[str, dict[str, Any]] = {
    "outcome": {"long_name": "outcome of the start", **FLAGS},
    "target": {"long_name": "critical point reached, or nearest to a cycle", "missing": "-1: none"},
    "step": {"long_name": "first step outside the escape radius", "units": "steps", "missing": "-1: did not diverge"},
    "period": {"long_name": "period of the cycle; 1 at rest", "units": "steps", "missing": "0: none found"},
    "amplitude": {"long_name": "half the diagonal of the box of the last iterates", "units": "units of w"},
    "multiplier": {"long_name": "spectral radius of the map's Jacobian around the cycle", "units": "1"},
    "w_final": {"long_name": "iterate after the last step", "units": "units of w"},
    "w_start": {"long_name": "iterate before the first step", "units": "units of w"},
    "rate": {"long_name": "share of starts with this outcome", "units": "1"},
    "count": {"long_name": "number of starts with this outcome", "units": "1"},
    "reached": {"long_name": "number of starts held at this critical point", "units": "1"},
    "eta": {"long_name": "step size", "units": "1"},
    "rho": {"long_name": "perturbation radius", "units": "units of w"},
    "point_w": {"long_name": "critical point, or one of its family", "units": "units of w"},
    "point_value": {"long_name": "loss at the critical point", "units": "1"},
    "point_sharpness": {"long_name": "largest Hessian eigenvalue there", "units": "1"},
    "point_index": {"long_name": "number of negative Hessian eigenvalues there", "units": "1"},
    "point_ball": {"long_name": "radius within which a tail belongs to the point", "units": "units of w"},
}


def point_coordinates(table: PointTable) -> dict[str, Any]:
    """The critical points, as coordinates of the dimension `point`."""
    sharpness = table.eigenvalues[:, -1] if len(table) else np.zeros(0)
    return {
        "point_kind": ("point", np.array(table.kinds, dtype=object)),
        "point_w": (("point", "coordinate"), table.w, ATTRIBUTES["point_w"]),
        "point_value": ("point", table.values, ATTRIBUTES["point_value"]),
        "point_sharpness": ("point", sharpness, ATTRIBUTES["point_sharpness"]),
        "point_index": ("point", (table.eigenvalues < 0).sum(axis=1), ATTRIBUTES["point_index"]),
        "point_isolated": ("point", table.isolated.astype(np.int8), {"long_name": "0: one of a family"}),
        "point_ball": ("point", table.ball, ATTRIBUTES["point_ball"]),
    }


def attributes(kind: str, title: str, settings: Mapping[str, Any], provenance: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes that every result has."""
    return {
        "title": title,
        "samscape_kind": kind,
        "samscape_format": FORMAT,
        "settings": json.dumps(settings),
        "settings_digest": digest_of(settings),
        "provenance": json.dumps(provenance),
    }


def coordinate_names(landscape: Any) -> list[str]:
    """The landscape's own names of its coordinates, or w0, w1, ..."""
    return list(getattr(landscape, "variables", None) or (f"w{i}" for i in range(landscape.dimension)))


def check_output(path: Path, suffixes: tuple[str, ...] = SUFFIXES) -> None:
    """Refuse an output that could not be written at the end.

    Raises:
        ValueError: Its suffix says nothing.
        OSError: Its folder is missing or not writable, or it is a folder itself.
    """
    if path.suffix not in suffixes:
        raise ValueError(f"output {path} must end in {' or '.join(suffixes)}: the suffix says what is written")
    if not path.parent.is_dir():
        raise OSError(f"output {path}: there is no folder {path.parent}; make it, or choose another")
    if not os.access(path.parent, os.W_OK):
        raise OSError(f"output {path}: the folder {path.parent} is not writable; choose another")
    if path.suffix == ".nc" and path.is_dir():
        raise OSError(f"output {path} is a folder; name a file")


def save_result(dataset: "xarray.Dataset", path: str | Path) -> None:
    """Write a result, whole or not at all.

    Args:
        dataset: With the attributes of a result.
        path: Ends in .nc or .zarr.
    Raises:
        ValueError: Another suffix.
        OSError: It cannot be written.
    """
    path = Path(path)
    check_output(path)
    partial = path.with_name(f".{path.name}.partial")
    remove(partial)
    if path.suffix == ".zarr":
        dataset.to_zarr(partial, mode="w", zarr_format=3, consolidated=False)
    else:
        dataset.to_netcdf(partial, engine="h5netcdf")
    put_in_place(partial, path)


def load_result(path: str | Path, kind: str | None = None) -> "xarray.Dataset":
    """Read a result; a large one as it is used.

    Args:
        path: A file made by this package.
        kind: "sweep", "basin_map", ... if it must be one of these.
    Raises:
        ValueError: Another program's file, a damaged or truncated one, one of a later format, or of another kind.
        OSError: There is no such file.
    """
    import xarray as xr

    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"there is no result {path}: check the name")
    remedy = "run the command that made it again, or choose another file"
    if path.suffix == ".zarr":
        if not (path / "zarr.json").is_file():
            raise ValueError(f"{path} is not a Zarr store (it has no zarr.json): {remedy}")
    else:
        with path.open("rb") as file:
            if file.read(8) != b"\x89HDF\r\n\x1a\n":
                raise ValueError(f"{path} is not a NetCDF-4 file: {remedy}")
    try:
        if path.suffix == ".zarr":
            dataset = xr.open_zarr(path, consolidated=False, chunks=None)
        else:
            dataset = xr.open_dataset(path, engine="h5netcdf")
        if dataset.nbytes <= SMALL:
            dataset = dataset.load()
            dataset.close()
    except (OSError, KeyError, ValueError, RuntimeError) as error:
        raise ValueError(f"{path} is damaged or truncated ({error}): {remedy}") from None
    found = dataset.attrs.get("samscape_kind")
    if found is None:
        dataset.close()
        raise ValueError(f"{path} was not made by samscape (it has no attribute samscape_kind): {remedy}")
    if int(dataset.attrs["samscape_format"]) > FORMAT:
        raise ValueError(
            f"{path} has format {dataset.attrs['samscape_format']}, this version reads up to {FORMAT}: upgrade samscape"
        )
    if kind is not None and found != kind:
        raise ValueError(f"{path} holds a {found}, a {kind} is needed: choose another file")
    return dataset


def remove(path: Path) -> None:
    """Delete a file or a folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def put_in_place(partial: Path, path: Path) -> None:
    """Give a finished file its name, in one go for a file."""
    if path.is_dir():
        shutil.rmtree(path)
    partial.replace(path)
