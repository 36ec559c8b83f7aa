"""Points in fractions: whether a relation holds at one, settled in rationals or in balls, and simpler ones like it."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..arithmetic import NotRational, Undecided, ball_arithmetic, float_arithmetic
from ..evidence import Counterexample
from ..relation import Relation
from .exact import exact_arithmetic
from .settle import shown

Values = Mapping[str, Fraction]
_DENOMINATORS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 20, 50, 100, 1000, 10**6, 10**9)


def truth(relation: Relation, values: Values) -> bool | None:
    """Whether a relation holds at a point; None where a side has no value there, or balls cannot tell.

    Args:
        relation: Over names that `values` has.
        values: Exact fractions.
    """
    try:
        left, right, _ = _sides(relation, values)
        return _compared(left, relation.sign, right)
    except (ZeroDivisionError, Undecided):
        return None


def _sides(relation: Relation, values: Values) -> tuple[Any, Any, str]:
    m = exact_arithmetic()
    try:
        left, right = relation.sides({n: m.number(x) for n, x in values.items()}, m.dialect)
        if left.value is not None and right.value is not None:
            return left.value, right.value, "rational"
    except NotRational:  # a comparison inside the formula
        pass
    m = ball_arithmetic()
    left, right = relation.sides({n: m.number(x) for n, x in values.items()}, m.dialect)
    return m.number(0) + left, m.number(0) + right, "ball"


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
        hypotheses={g.text: "{} against {}".format(*sides_at(g, values)) for g in given},
    )


def sides_at(relation: Relation, values: Values) -> tuple[str, str, str]:
    """Both sides of a relation at a point, as text, and the arithmetic that gave them: "rational" or "ball".

    Raises:
        ZeroDivisionError: A side has no value there.
    """
    left, right, arithmetic = _sides(relation, values)
    return shown(left), shown(right), arithmetic


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
