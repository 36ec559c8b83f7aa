"""Exact numbers for formulas: 0.1, "0.1", "1/10" and Fraction(1, 10) are one number."""

from fractions import Fraction

Exact = int | float | str | Fraction
"""A number that is meant exactly: a float is read as the decimal it prints as, like the numbers in a formula."""


def exact(value: Exact, name: str, *, positive: bool = False) -> Fraction:
    """Read a landscape's number.

    Args:
        value: An integer, a fraction, a decimal or a text such as "1/10".
        name: What the number is called in the error message.
        positive: Whether it has to be > 0.
    Raises:
        ValueError: Not a finite number, or not positive where it has to be.
    """
    wanted = "a positive number" if positive else "a number"
    try:
        number = Fraction(repr(float(value)) if isinstance(value, float) else value)
    except (ValueError, TypeError, ZeroDivisionError):
        raise ValueError(f"{name} must be {wanted} such as 2, 0.1 or '1/10', got {value!r}") from None
    if positive and number <= 0:
        raise ValueError(f"{name} must be > 0, got {value!r}")
    return number


def text(number: Fraction | int) -> str:
    """The number as it stands in a formula, bracketed unless it is a whole number >= 0."""
    return str(number) if number >= 0 and Fraction(number).denominator == 1 else f"({number})"
