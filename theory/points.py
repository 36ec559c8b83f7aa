"""Points in fractions: whether a relation holds at one, settled in rationals or in balls, and simpler ones like it."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from .arithmetic import NotRational, Undecided, ball_arithmetic, float_arithmetic, rational_arithmetic
from .evidence import Counterexample
from .relation import Relation

Values = Mapping[str, Fraction]
_DENOMINATORS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 20, 50, 100, 1000, 10**6, 10**9)


def truth(relation: Relation, values: Values) -> bool | None:
    """Whether a relation holds at a point; None where a side has no value there, or balls cannot tell.

    Args:
        relation: Over names that `values` has.
        values: Exact fractions.
    """
    for arithmetic in (rational_arithmetic, ball_arithmetic):
        m = arithmetic()
        try:
            left, right = relation.sides({n: m.number(x) for n, x in values.items()}, m.dialect)
            return _compared(left, relation.sign, right)
        except NotRational:
            continue
        except (ZeroDivisionError, Undecided):
            return None
    return None


def settle(given: Sequence[Relation], relation: Relation, values: Values) -> Counterexample | None:
    """The point as a counterexample, if it meets all that is `given` and breaks the relation for certain."""
    if truth(relation, values) is not False or any(truth(g, values) is not True for g in given):
        return None
    left, right, arithmetic = sides_at(relation, values)
    return Counterexample(
        relation.text,
        {n: str(x) for n, x in values.items()},
        left,
        right,
        arithmetic,
        float_sides(relation, values),
        hypotheses={g.text: _shown_slack(g, values) for g in given},
    )


def sides_at(relation: Relation, values: Values) -> tuple[str, str, str]:
    """Both sides of a relation at a point, as text, and the arithmetic that gave them: "rational" or "ball"."""
    for arithmetic in (rational_arithmetic, ball_arithmetic):
        m = arithmetic()
        try:
            left, right = relation.sides({n: m.number(x) for n, x in values.items()}, m.dialect)
        except NotRational:
            continue
        return str(left), str(right), m.name
    raise AssertionError("balls enclose every formula")


def float_sides(relation: Relation, values: Values) -> tuple[float, float]:
    """Both sides in float64, as a user's own program computes them."""
    m = float_arithmetic()
    left, right = relation.sides({n: float(x) for n, x in values.items()}, m.dialect)
    return float(left), float(right)


def simplest(values: Values, accepts: Callable[[Values], bool]) -> dict[str, Fraction]:
    """The point with each coordinate in turn replaced by the simplest nearby fraction that is still accepted.

    Args:
        values: A point that is accepted.
        accepts: What has to stay true.
    """
    found = dict(values)
    for name in sorted(found):
        x = found[name]
        for denominator in _DENOMINATORS:
            near = x.limit_denominator(denominator)
            if near.denominator >= x.denominator:
                break
            if accepts({**found, name: near}):
                found[name] = near
                break
    return found


def _compared(left: Any, sign: str, right: Any) -> bool | None:
    if sign in ("==", "!="):
        differs, same = bool(left != right), bool(left == right)
        return None if differs == same else (same if sign == "==" else differs)
    yes, no = {
        "<": (left < right, left >= right), "<=": (left <= right, left > right),
        ">": (left > right, left <= right), ">=": (left >= right, left < right),
    }[sign]  # fmt: skip
    return None if bool(yes) == bool(no) else bool(yes)


def _shown_slack(relation: Relation, values: Values) -> str:
    for arithmetic in (rational_arithmetic, ball_arithmetic):
        m = arithmetic()
        try:
            return str(relation.slack({n: m.number(x) for n, x in values.items()}, m.dialect))
        except NotRational:
            continue
    raise AssertionError("balls enclose every formula")
