"""Constant parts of a formula, computed once: exactly while rational, in double precision after that.

Folding is also where a formula that cannot be a loss is found out: ``sqrt(-1)``, ``x/0``, ``9**9**9**9``.
"""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from .grammar import PLAIN_FUNCTIONS, FormulaError, Step

Constant = Fraction | float | bool

MOST_BITS = 4096
"""Of an exact power: beyond this the exact arithmetic of SymPy would not end in reasonable time."""
LARGEST_EXPONENT = 1024
"""Of a power, also of powers of powers together."""

_VALUES: Mapping[str, float] = {"pi": math.pi, "e": math.e}
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "neg": operator.neg,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "abs": abs, "min": min, "max": max, "sign": lambda x: Fraction((x > 0) - (x < 0)),
    "where": lambda condition, a, b: a if condition else b,
    **{name: getattr(math, name) for name in PLAIN_FUNCTIONS},
}  # fmt: skip


def fold(text: str, steps: Sequence[Step]) -> tuple[Step, ...]:
    """`steps` with every constant part replaced by its number.

    Raises:
        FormulaError: A constant part is not a finite real number, a divisor is zero, or a power is out of bounds.
    """
    folded: list[Step] = []
    operands: list[tuple[int, int]] = []  # of each value on the stack: where its steps begin; its power of powers
    for step in steps:
        if step.arity == 0:
            operands.append((len(folded), 1))
            folded.append(_replaced(step, _VALUES[step.name]) if step.name in _VALUES else step)
            continue
        taken = operands[-step.arity :]
        del operands[-step.arity :]
        ends = [begin for begin, _ in taken[1:]] + [len(folded)]
        values = [
            folded[begin].value if end - begin == 1 else None for (begin, _), end in zip(taken, ends, strict=True)
        ]
        power = _checked_power(text, step, values, max(p for _, p in taken))
        begin = taken[0][0]
        known = [v for v in values if v is not None]
        if len(known) == step.arity:
            folded[begin:] = [_replaced(step, _compute(text, step, known))]
        else:
            folded.append(step)
        operands.append((begin, power))
    if folded[-1].arity == 0 and folded[-1].value is not None:
        _finite(text, folded[-1], folded[-1].value)
    return tuple(folded)


def _replaced(step: Step, value: Constant) -> Step:
    return Step("", 0, step.position, step.start, step.end, value)


def _shown(text: str, step: Step) -> str:
    part = text[step.start : step.end]
    return part if len(part) <= 40 else f"{part[:18]} ... {part[-18:]}"


def _checked_power(text: str, step: Step, values: Sequence[Constant | None], inner: int) -> int:
    """The largest exponent of powers of powers up to this step; refuses what no landscape needs."""
    if step.name == "/" and values[1] == 0:
        raise FormulaError(text, step.position, "division by zero")
    if step.name != "**" or values[1] is None:
        return inner
    exponent = values[1]
    total = inner * max(1, math.ceil(abs(exponent)))
    if total > LARGEST_EXPONENT:
        raise FormulaError(text, step.position, f"exponents are limited to {LARGEST_EXPONENT}, this one is {total:.6g}")
    return total


def _compute(text: str, step: Step, values: Sequence[Constant]) -> Constant:
    shown = _shown(text, step)
    try:
        value = _power(*values) if step.name == "**" else _FUNCTIONS[step.name](*values)
    except (OverflowError, MemoryError):
        raise FormulaError(text, step.position, f"{shown} is too large") from None
    except (ValueError, ZeroDivisionError):
        raise FormulaError(text, step.position, f"{shown} is not a finite real number") from None
    return _finite(text, step, value)


def _power(base: Constant, exponent: Constant) -> Constant:
    if isinstance(base, Fraction) and isinstance(exponent, Fraction) and exponent.denominator == 1:
        if _bits(base) * abs(exponent.numerator) > MOST_BITS:
            raise OverflowError
        return base**exponent.numerator
    return math.pow(base, exponent)


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def _finite(text: str, step: Step, value: Constant) -> Constant:
    """`value`, as a float where the fraction has grown too long to be worth its exactness."""
    if isinstance(value, bool):
        return value
    shown = _shown(text, step)
    try:
        nearest = float(value)
    except OverflowError:
        nearest = math.inf
    if not math.isfinite(nearest):
        raise FormulaError(text, step.position, f"{shown} is outside the range of double precision")
    if nearest == 0 and value != 0:
        raise FormulaError(text, step.position, f"{shown} is so small that double precision makes it zero")
    return value if isinstance(value, Fraction) and _bits(value) <= MOST_BITS else nearest
