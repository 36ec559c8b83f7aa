"""What figures computed, on disk: found again by its content, checked by its checksum, never half written.

A figure's data are kept with a key: a digest of the parameters, of the code they depend on (its syntax, so that
comments and docstrings do not count) and of the versions of JAX and NumPy. The same key means the same data.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..dynamics.code_digest import module_digest, package_digest
from .paper_figure import Check, PaperFigure, Settings

if TYPE_CHECKING:
    import xarray as xr

CODE = ("landscapes", "dynamics")
"""Packages whose code every figure's data depend on."""


@dataclass(frozen=True)
class Entry:
    """Where the files of one figure lie: NAME.nc, .json, .png and .pdf, NAME.VARIANT... for a variant."""

    folder: Path
    stem: str

    def path(self, suffix: str) -> Path:
        return self.folder / f"{self.stem}{suffix}"


def entry_of(figure: PaperFigure, settings: Settings, folder: Path) -> Entry:
    """The entry of a figure and variant in `folder`."""
    return Entry(folder, stem_of(figure.name, settings.variant))


def stem_of(name: str, variant: str) -> str:
    """The name of a figure's files without their suffix: NAME, or NAME.VARIANT."""
    return name if variant == "paper" else f"{name}.{variant}"


def key_of(figure: PaperFigure, settings: Settings) -> str:
    """The digest that says which computation it is."""
    import jax
    import numpy as np

    own = (figure.compute.__module__, *(f"{__package__}.{name}" for name in figure.depends))
    content = {
        "figure": figure.name,
        "variant": settings.variant,
        "values": settings.values,
        "code": [package_digest(name) for name in (*CODE, *figure.packages)] + [module_digest(name) for name in own],
        "versions": [jax.__version__, np.__version__],
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def digest_of(data: "xr.Dataset") -> str:
    """A checksum of a dataset's variables: names, dimensions, dtypes and every bit of the values."""
    import numpy as np

    total = hashlib.sha256()
    for name in sorted(data.variables, key=str):
        variable = data[name]
        values = np.asarray(variable.values)
        total.update(f"{name} {variable.dims} {values.dtype.str} {values.shape}".encode())
        raw = values.astype(str).astype("S") if values.dtype.kind in "OUT" else np.ascontiguousarray(values)
        total.update(raw.tobytes())
    return total.hexdigest()


def load(entry: Entry, key: str) -> "tuple[xr.Dataset | None, str]":
    """The data of an earlier run with this key, or None and the reason why there are none."""
    import xarray as xr

    record = read_record(entry)
    if record is None and entry.path(".json").exists():
        return None, "its record is damaged"
    if record is None or not entry.path(".nc").exists():
        return None, "not computed yet"
    if record.get("key") != key:
        return None, "its parameters, code or libraries changed"
    try:
        with xr.open_dataset(entry.path(".nc"), engine="h5netcdf") as file:
            data = file.load()
    except Exception as error:  # noqa: BLE001 - whatever the readers make of damaged bytes, HDF5's own errors included
        return None, f"its data file is damaged ({type(error).__name__})"
    if digest_of(data) != record.get("digest"):
        return None, "its data file is damaged (the checksum differs)"
    return data, ""


def read_record(entry: Entry) -> dict[str, Any] | None:
    """The JSON record of an entry, or None where there is none that can be read."""
    try:
        record = json.loads(entry.path(".json").read_text())
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def save_data(entry: Entry, data: "xr.Dataset") -> str:
    """Write the data in one move, and return the checksum of what a reader will get.

    Raises:
        OSError: The folder cannot be written to or is full.
    """
    import xarray as xr

    unfinished = entry.path(f".nc.{os.getpid()}")
    try:
        data.to_netcdf(unfinished, engine="h5netcdf")
        with xr.open_dataset(unfinished, engine="h5netcdf") as file:
            digest = digest_of(file.load())
        os.replace(unfinished, entry.path(".nc"))
    finally:
        unfinished.unlink(missing_ok=True)
    return digest


def save_record(entry: Entry, record: Mapping[str, Any]) -> None:
    """Write the JSON record in one move."""
    unfinished = entry.path(f".json.{os.getpid()}")
    unfinished.write_text(json.dumps(record, indent=2, default=_plain) + "\n")
    os.replace(unfinished, entry.path(".json"))


def record_of(
    figure: PaperFigure, settings: Settings, key: str, digest: str, checks: list[Check], provenance: Mapping[str, Any]
) -> dict[str, Any]:
    """What stands in the JSON file: parameters with origin, checks, caption, provenance."""
    parameters = {
        name: {**asdict(parameter), "value": settings[name]}
        for name, parameter in figure.parameters_of(settings.variant).items()
    }
    return {
        "figure": figure.name,
        "paper": figure.paper,
        "title": figure.title,
        "caption": figure.caption_of(settings),
        "variant": settings.variant,
        "budget": settings.budget,
        "parameters": parameters,
        "checks": [asdict(check) for check in checks],
        "key": key,
        "digest": digest,
        "provenance": dict(provenance),
    }


def _plain(value: Any) -> Any:
    """NumPy numbers as Python's, for JSON."""
    if hasattr(value, "item") and getattr(value, "size", 2) == 1:
        return value.item()
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} cannot stand in a JSON record")
