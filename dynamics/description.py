"""What a rule is, in names and numbers that a file can hold."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from .base import Transformation

LONGEST = 16
"""Arrays of more numbers than this are described by their shape and range."""


def describe(part: Any) -> dict[str, Any]:
    """A rule, or any part of one, as nested dictionaries of strings, numbers, lists and None.

    Everything that decides the run is there, absent options included: an epsilon of None says that there was none. Of
    an optax instance, whose numbers cannot be read off, there is only its label.

    Args:
        part: A `Rule`, a `Switch`, or a dataclass inside one, with concrete numbers.
    Returns:
        ``{"kind": class name, field: value, ...}``.
    """
    described: dict[str, Any] = {"kind": type(part).__name__}
    for field in dataclasses.fields(part):
        if isinstance(part, Transformation) and field.name == "transformation":
            continue
        described[field.name] = _plain(getattr(part, field.name))
    return described


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return describe(value)
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if callable(value):
        return f"{value.__module__}.{value.__qualname__}"
    if isinstance(value, tuple | list):
        return [_plain(x) for x in value]
    array = np.asarray(value)
    if array.size > LONGEST:
        return {"shape": list(array.shape), "smallest": array.min().item(), "largest": array.max().item()}
    return array.tolist()
