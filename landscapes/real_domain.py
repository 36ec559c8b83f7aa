"""Where a formula is a finite real number: conditions read off its steps, tested on a sample of the domain."""

import functools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from .expression import Formula, FormulaError, Part, numpy_like_dialect

Domain = tuple[tuple[float, float], ...]
"""((low, high), ...), one pair per coordinate."""

DEFAULT_SIDE = (-2.0, 2.0)
SAMPLES = 4096

_CONDITIONS = {
    # function: what its argument must fulfil, as text and as a test
    "log": ("{} > 0", lambda u: u > 0),
    "sqrt": ("{} >= 0", lambda u: u >= 0),
    "asin": ("abs({}) <= 1", lambda u: abs(u) <= 1),
    "acos": ("abs({}) <= 1", lambda u: abs(u) <= 1),
    "acosh": ("{} >= 1", lambda u: u >= 1),
    "atanh": ("abs({}) < 1", lambda u: abs(u) < 1),
}


def domain_of(formula: Formula, domain: Sequence[Any] | None) -> Domain:
    """`domain` as ((low, high), ...), one pair per variable; one pair serves all, None is (-2, 2).

    Raises:
        ValueError: Not pairs of finite numbers with low < high, or not as many as variables.
    """
    d = len(formula.variables)
    try:
        sides = np.array(DEFAULT_SIDE if domain is None or len(domain) == 0 else domain, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"domain: expected (low, high) or one such pair per coordinate, got {domain!r}") from None
    if sides.shape == (2,):
        sides = np.tile(sides, (d, 1))
    if sides.shape != (d, 2):
        raise ValueError(f"domain: expected {d} pairs (low, high), one for each of {formula.variables}, got {domain!r}")
    if not (np.isfinite(sides).all() and (sides[:, 0] < sides[:, 1]).all()):
        raise ValueError(f"domain: expected finite numbers with low < high, got {domain!r}")
    return tuple((float(low), float(high)) for low, high in sides)


@functools.lru_cache(maxsize=256)
def check_real(formula: Formula, domain: Domain) -> tuple[str, ...]:
    """The conditions, such as ``x > 0``, that part of the domain violates; empty where all of it is fine.

    Args:
        formula: The loss.
        domain: The window, from which `SAMPLES` points are drawn with a fixed seed.
    Returns:
        Conditions on the formula's parts, as text. One of the form ``u != 0`` is named where u changes its sign.
        A condition counts only where the formula as a whole is not finite, so a guard by `where` is respected
        (but not for ``u != 0``, whose points no sample meets).
    Raises:
        FormulaError: Finite and real at no sampled point; points at the first part of which that is true.
    Notes:
        Overflow is no matter of the domain: ``exp(exp(x))`` at 10 is infinite, without a condition.
    """
    low, high = np.array(domain).T
    points = np.random.default_rng(0).uniform(low, high, (SAMPLES, len(low)))
    dialect = numpy_like_dialect(np)
    with np.errstate(all="ignore"):
        parts = list(formula.parts(list(points.T), dialect))
        fails = ~np.isfinite(np.broadcast_to(parts[-1].value, SAMPLES))
        if fails.all():
            first = next((part for part in parts if not np.isfinite(part.value).any()), parts[-1])
            window = " x ".join(f"[{a:g}, {b:g}]" for a, b in domain)
            reason = f"{_text(formula, first)} is nowhere a finite real number on {window}; is another domain meant?"
            raise FormulaError(formula.text, first.step.position, reason)
        violated = [
            condition
            for part in parts
            for condition, ill, anywhere in _conditions(formula, part)
            if (ill & (fails | anywhere)).any()
        ]
    return tuple(dict.fromkeys(violated))


def _conditions(formula: Formula, part: Part) -> Iterator[tuple[str, np.ndarray, bool]]:
    """(condition, where the sample violates it, whether that counts even where the formula is finite)."""
    name, arguments = part.step.name, part.arguments
    if name in _CONDITIONS:
        text, fulfilled = _CONDITIONS[name]
        yield text.format(_text(formula, arguments[0])), ~fulfilled(arguments[0].value), False
    elif name == "tan":
        yield f"cos({_text(formula, arguments[0])}) != 0", _changes_sign(np.cos(arguments[0].value)), True
    elif name == "/":
        yield f"{_text(formula, arguments[1])} != 0", _changes_sign(arguments[1].value), True
    elif name == "**":
        (base, exponent), shown = arguments, _text(formula, arguments[0])
        number = exponent.value if exponent.step.value is not None else None
        if number is None or (number < 0 and number != int(number)):
            yield f"{shown} > 0", np.asarray(base.value <= 0), False
        elif number != int(number):
            yield f"{shown} >= 0", base.value < 0, False
        elif number < 0:
            yield f"{shown} != 0", _changes_sign(base.value), True


def _changes_sign(values: Any) -> np.ndarray:
    return np.asarray(np.nanmin(values) <= 0 <= np.nanmax(values))


def _text(formula: Formula, part: Part) -> str:
    return formula.text[part.step.start : part.step.end]
