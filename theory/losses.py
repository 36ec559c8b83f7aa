"""Losses in any arithmetic, simple enough to be settled by hand: quadratics, bent and tilted, and finite sums of them.

Each gives its value and gradient on a tuple of coordinates. "Bent" ones are quadratic in pieces, with one curvature
inside an interval and another beyond it: smooth and strongly convex but not quadratic, the shapes on which the worst
cases of first-order methods are attained (Taylor, Hendrickx, Glineur 2017).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .arithmetic import Arithmetic
from .stepping import Point


@dataclass(frozen=True)
class Quadratic:
    """sum_i h_i (w_i - c_i)² / 2, with curvatures `h` and centre `c` (0 if it is not given)."""

    h: Point
    c: Point | None = None

    def value(self, w: Point) -> Any:
        return sum(h * d * d for h, d in zip(self.h, self._from_centre(w), strict=True)) / 2

    def gradient(self, w: Point) -> Point:
        return tuple(h * d for h, d in zip(self.h, self._from_centre(w), strict=True))

    def _from_centre(self, w: Point) -> Point:
        return w if self.c is None else tuple(a - b for a, b in zip(w, self.c, strict=True))


@dataclass(frozen=True)
class Bent:
    """One dimension: curvature `inside` for -left <= w <= right, `outside` beyond, slope `tilt` at 0; C¹.

    ``left`` and ``right`` are >= 0; equal ones give a Huber-like loss, one of them 0 a loss with a bend at the origin.
    """

    inside: Any
    outside: Any
    left: Any
    right: Any
    m: Arithmetic
    tilt: Any = 0

    def value(self, w: Point) -> Any:
        (x,) = w
        core = self._core(x)
        beyond = x - core
        return (
            self.tilt * x + self.inside * core * core / 2 + self.inside * core * beyond + self.outside * beyond**2 / 2
        )

    def gradient(self, w: Point) -> Point:
        (x,) = w
        core = self._core(x)
        return (self.tilt + self.inside * core + self.outside * (x - core),)

    def _core(self, x: Any) -> Any:
        return self.m.minimum(self.m.maximum(x, -self.left), self.right)


@dataclass(frozen=True)
class Mean:
    """The mean of losses: a finite sum; `part` is the mean over a batch, given as indices."""

    losses: Sequence[Any]

    def value(self, w: Point) -> Any:
        return self.part(range(len(self.losses))).value(w)

    def gradient(self, w: Point) -> Point:
        return self.part(range(len(self.losses))).gradient(w)

    def part(self, batch: Sequence[int]) -> "Part":
        """The mean over these samples."""
        return Part(tuple(self.losses[i] for i in batch))


@dataclass(frozen=True)
class Part:
    """The mean of the losses of one batch."""

    losses: tuple[Any, ...]

    def value(self, w: Point) -> Any:
        return sum(loss.value(w) for loss in self.losses) / len(self.losses)

    def gradient(self, w: Point) -> Point:
        gradients = [loss.gradient(w) for loss in self.losses]
        return tuple(sum(parts) / len(gradients) for parts in zip(*gradients, strict=True))
