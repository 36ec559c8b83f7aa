"""Where trajectories start: given points, or uniform random ones of which number i depends on the seed and i alone."""

import hashlib
from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np

from ..landscapes.landscape import Landscape
from .arguments import check_starts


@runtime_checkable
class Starts(Protocol):
    """`count` starts, any range of which can be had without the others; `described` says which, for a file."""

    @property
    def count(self) -> int: ...

    @property
    def described(self) -> dict[str, Any]: ...

    def take(self, low: int, high: int) -> np.ndarray: ...


class GivenStarts:
    """Starts from an array, shape (N, d)."""

    def __init__(self, w: np.ndarray) -> None:
        self._w = w

    @property
    def count(self) -> int:
        """N."""
        return len(self._w)

    @property
    def described(self) -> dict[str, Any]:
        """Number and content, as a checksum."""
        return {
            "count": self.count,
            "sha256": hashlib.sha256(np.ascontiguousarray(self._w, "<f8").tobytes()).hexdigest(),
        }

    def take(self, low: int, high: int) -> np.ndarray:
        """Starts low ... high - 1, shape (high - low, d)."""
        return self._w[low:high]


class UniformStarts:
    """`count` starts, uniform in a window.

    Args:
        count: N.
        seed: >= 0.
        window: ((low, high), ...) per coordinate.
    Notes:
        Counter-based: start i takes ceil(d/4) counters of Philox-4x64 with the seed as its key, and the top 53 bits of
        each number. Neither blocks nor the number of starts change it.
    References:
        [1] Salmon, Moraes, Dror, Shaw (2011). Parallel random numbers: as easy as 1, 2, 3. SC'11.
    """

    def __init__(self, count: int, seed: int, window: Sequence[Sequence[float]]) -> None:
        self._count, self._seed, self._window = count, seed, np.asarray(window, float)

    @property
    def count(self) -> int:
        """N."""
        return self._count

    @property
    def described(self) -> dict[str, Any]:
        """Number, seed and window."""
        return {"count": self._count, "seed": self._seed, "window": self._window.tolist()}

    def take(self, low: int, high: int) -> np.ndarray:
        """Starts low ... high - 1, shape (high - low, d), float64."""
        d = len(self._window)
        counters = -(-d // 4)
        words = np.random.Philox(key=self._seed, counter=low * counters).random_raw((high - low) * counters * 4)
        unit = (words >> np.uint64(11)).astype(np.float64) * 2.0**-53
        left, right = self._window.T
        return left + (right - left) * unit.reshape(high - low, counters * 4)[:, :d]


def make_starts(function: str, landscape: Landscape, starts: int | np.ndarray, seed: int, window: Any = None) -> Starts:
    """Starts as asked for: a number of uniform ones, or an array (N, d).

    Args:
        function: For messages.
        landscape: What is descended.
        starts: Number, or points.
        seed: Of uniform starts.
        window: ((low, high), ...) to draw them from; by default the landscape's domain.
    Raises:
        ValueError: Not usable; with the argument, the value and the remedy.
    """
    if not isinstance(starts, int | np.integer):
        return GivenStarts(check_starts(function, landscape, starts))
    if starts < 1:
        raise ValueError(f"{function}: starts = {starts}: ask for at least one, or give an array of points")
    if not 0 <= seed < 1 << 64:
        raise ValueError(f"{function}: seed = {seed}: it must be a whole number >= 0 and < 2^64")
    return UniformStarts(int(starts), int(seed), window_of(function, landscape, window))


def window_of(function: str, landscape: Landscape, window: Any = None) -> tuple[tuple[float, float], ...]:
    """`window`, or the landscape's domain: ((low, high), ...), one pair per coordinate.

    Raises:
        ValueError: There is none, or it does not fit.
    """
    sides = window if window is not None else getattr(landscape, "domain", None) or None
    d = landscape.dimension
    if sides is None:
        raise ValueError(f"{function}: {landscape.name} declares no domain: give window=((low, high), ...), {d} pairs")
    array = np.asarray(sides, float)
    if array.shape == (2,):
        array = np.tile(array, (d, 1))
    if array.shape != (d, 2) or not np.isfinite(array).all() or not (array[:, 0] < array[:, 1]).all():
        raise ValueError(f"{function}: window = {sides!r}: give {d} finite pairs low < high, or one pair for all")
    return tuple((float(low), float(high)) for low, high in array)
