"""Rationals that know when to give up: a number that left the rationals, or grew too long, is unknown, and so is all
that is computed with it; the rest of an instance stays exact.
"""

import functools
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..arithmetic import Arithmetic, NotRational, rational_arithmetic

LONGEST = 200_000
"""Bits of a numerator or denominator: T squarings double them T times, and balls then do as well."""


class Exact:
    """A rational, or (value None) a number of which only balls know more."""

    __slots__ = ("value",)

    def __init__(self, value: Any):
        if value is not None and max(int(value.p).bit_length(), int(value.q).bit_length()) > LONGEST:
            value = None
        self.value = value

    @property
    def p(self) -> Any:
        return self._known().p

    @property
    def q(self) -> Any:
        return self._known().q

    def _known(self) -> Any:
        if self.value is None:
            raise NotRational("a number that left the rationals")
        return self.value

    def __add__(self, other: Any) -> "Exact":
        return _combined(lambda a, b: a + b, self, other)

    def __radd__(self, other: Any) -> "Exact":
        return _combined(lambda a, b: b + a, self, other)

    def __sub__(self, other: Any) -> "Exact":
        return _combined(lambda a, b: a - b, self, other)

    def __rsub__(self, other: Any) -> "Exact":
        return _combined(lambda a, b: b - a, self, other)

    def __mul__(self, other: Any) -> "Exact":
        return _combined(lambda a, b: a * b, self, other)

    def __rmul__(self, other: Any) -> "Exact":
        return _combined(lambda a, b: b * a, self, other)

    def __truediv__(self, other: Any) -> "Exact":
        return _combined(lambda a, b: a / b, self, other)

    def __rtruediv__(self, other: Any) -> "Exact":
        return _combined(lambda a, b: b / a, self, other)

    def __pow__(self, exponent: int) -> "Exact":
        if self.value is None:
            return self
        if max(int(self.value.p).bit_length(), int(self.value.q).bit_length()) * abs(exponent) > 4 * LONGEST:
            return Exact(None)
        return Exact(self.value**exponent)

    def __neg__(self) -> "Exact":
        return Exact(None if self.value is None else -self.value)

    def __pos__(self) -> "Exact":
        return self

    def __abs__(self) -> "Exact":
        return Exact(None if self.value is None else abs(self.value))

    def __lt__(self, other: Any) -> bool:
        return self._known() < _plain(other)

    def __le__(self, other: Any) -> bool:
        return self._known() <= _plain(other)

    def __gt__(self, other: Any) -> bool:
        return self._known() > _plain(other)

    def __ge__(self, other: Any) -> bool:
        return self._known() >= _plain(other)

    def __eq__(self, other: object) -> bool:
        return self._known() == _plain(other)

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        return "unknown" if self.value is None else str(self.value)


def _plain(other: Any) -> Any:
    if isinstance(other, Exact):
        return other._known()
    if isinstance(other, float):
        raise NotRational(f"the float {other!r}")
    return other


def _combined(operation: Callable[[Any, Any], Any], a: Exact, b: Any) -> Exact:
    try:
        return Exact(operation(a._known(), _plain(b)))
    except NotRational:
        return Exact(None)


@functools.cache
def exact_arithmetic() -> Arithmetic:
    """The rational arithmetic on `Exact` numbers: its functions give unknown numbers where it raises `NotRational`."""
    plain = rational_arithmetic()

    def softened(function: Callable[..., Any]) -> Callable[..., Any]:
        def soft(*arguments: Any) -> Any:
            try:
                result = function(*arguments)
            except NotRational:
                return Exact(None)
            return result if isinstance(result, Exact | bool) else Exact(plain.number(0) + result)

        return soft

    def number(value: Any) -> Exact:
        return Exact(plain.number(value))

    comparisons = ("<", "<=", ">", ">=")
    functions = {name: softened(f) for name, f in plain.functions.items()}
    in_formulas = {n: f if n in comparisons else softened(f) for n, f in plain.dialect.functions.items()}
    power = plain.dialect.functions["**"]
    in_formulas["**"] = softened(lambda base, exponent: power(base, _plain(exponent)))

    def variable(value: Any) -> Any:
        return number(value) if isinstance(value, int | Fraction | str) else value

    dialect = replace(
        plain.dialect,
        number=number,
        variable=variable,
        functions=in_formulas,
        constants=dict.fromkeys(("pi", "e"), Exact(None)),
    )
    return Arithmetic("rational", dialect, functions, number)
