"""Arguments refused before any long work, with the name, the value received and the remedy."""

import difflib
import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..landscapes.landscape import Landscape


def choose(argument: str, value: str, options: Iterable[str]) -> str:
    """`value`, if it is one of `options`; dashes and capitals are understood.

    Raises:
        ValueError: It is not; the nearest is suggested.
    """
    names = list(options)
    wanted = value.lower().replace("-", "_")
    if wanted in names:
        return wanted
    near = difflib.get_close_matches(wanted, names, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise ValueError(f"{argument} = {value!r} is not known: {hint}Choose from {', '.join(names)}")


def check_number(argument: str, value: Any, low: float, high: float = math.inf, *, open_low: bool = False) -> float:
    """`value` as a float within [low, high], or (low, high] with `open_low`.

    Raises:
        ValueError: It is not a finite number in that range.
    """
    number = float(value)
    if not math.isfinite(number) or not low <= number <= high or (open_low and number == low):
        bracket = "(" if open_low else "["
        end = "inf)" if high == math.inf else f"{high:g}]"
        raise ValueError(
            f"{argument} = {value!r} is out of range: it must be a finite number in {bracket}{low:g}, {end}"
        )
    return number


def check_starts(function: str, landscape: Landscape, starts: Any) -> np.ndarray:
    """Starts as an array (S, d) of float32 or float64; a single start (d,) counts as one.

    Raises:
        ValueError: Wrong dimension or dtype, no start, or a start that is not finite.
    """
    array = np.asarray(starts)
    if array.dtype.kind in "iu":
        array = array.astype(np.float64)
    if array.dtype not in (np.float32, np.float64):
        raise ValueError(f"{function}: starts have dtype {array.dtype}: pass float64 or float32")
    if array.ndim == 1:
        array = array[None]
    d = landscape.dimension
    if array.ndim != 2 or array.shape[0] == 0 or array.shape[1] != d:
        raise ValueError(
            f"{function}: {landscape.name} needs starts of shape (S, {d}) or ({d},), got {np.shape(starts)}"
        )
    bad = np.flatnonzero(~np.isfinite(array).all(axis=1))
    if bad.size:
        raise ValueError(f"{function}: start {bad[0]} = {array[bad[0]]} is not finite; {bad.size} such starts in all")
    return array


def check_times(function: str, time: Any, count: int) -> np.ndarray:
    """The times to record, increasing and >= 0: those given, or `count` even ones up to a single end time.

    Raises:
        ValueError: Empty, decreasing, negative or not finite.
    """
    if np.ndim(time) == 0:
        end = check_number(f"{function}: time", time, 0.0, open_low=True)
        if count < 1:
            raise ValueError(f"{function}: record = {count!r}: ask for at least one time")
        return np.linspace(0.0, end, count) if count > 1 else np.array([end])
    times = np.asarray(time, np.float64)
    sound = times.ndim == 1 and times.size > 0 and np.isfinite(times).all() and (np.diff(times) > 0).all()
    if not sound or times[0] < 0 or times[-1] == 0:
        raise ValueError(f"{function}: times must be finite, >= 0, increasing, and end above 0, got {time!r}")
    return times
