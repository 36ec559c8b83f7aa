"""Statements for all values of their names: proved by SymPy or z3, refuted at a point that is settled exactly."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from ..evidence import Counterexample
from ..relation import Relation
from ..smt import NotPolynomial, solve
from ..sympy_forms import NoFormula, sympy_symbols, to_sympy, to_text, vanishes
from .implication import imply
from .points import settle, simplest, truth

if TYPE_CHECKING:
    from ..budget import Budget

TRIES = 400
"""Points at which two formulas are compared; different analytic ones differ at almost every point."""
_VALUES = tuple(
    Fraction(x) for x in "1 2 1/2 3 -1 -2 -1/2 1/3 3/2 -3 1/10 10 5 -1/3 1/100 100 9/10 99/100 1001/1000 0".split()
)


@dataclass(frozen=True)
class Finding:
    """What became of one statement; "disagrees" where it is false and no point can show it (an infinite limit)."""

    says: Literal["proved", "refuted", "disagrees", "unknown"]
    words: str
    counterexample: Counterexample | None = None


def equal(given: Sequence[Relation], name: str, left: Any, right: Any, budget: "Budget") -> Finding:
    """Are two SymPy expressions equal wherever what is given holds and both have values?"""
    import sympy

    left, right = sympy.sympify(left), sympy.sympify(right)
    words = f"{name}: {left} == {right}" if name else f"{left} == {right}"
    if left.has(sympy.Limit, sympy.Derivative, sympy.Integral):
        return Finding("unknown", words)
    infinite = [side.is_infinite for side in (left, right)]
    if any(infinite):
        return Finding("proved" if left == right else "disagrees", words)
    if vanishes(left - right):
        return Finding("proved", words)
    try:
        relation = Relation(to_text(left), "==", to_text(right))
    except NoFormula:
        return Finding("unknown", words)
    return _tried(given, relation, words, budget)


def follows(given: Sequence[Relation], relation: Relation, budget: "Budget") -> Finding:
    """Does a relation hold wherever what is given holds?"""
    if relation.sign == "==":
        symbols = sympy_symbols(sorted({n for r in (*given, relation) for n in r.names}), given)
        return equal(given, "", to_sympy(relation.left, symbols), to_sympy(relation.right, symbols), budget)
    if _sign_shows(given, relation):
        return Finding("proved", relation.text)
    return _tried(given, relation, relation.text, budget)


def _tried(given: Sequence[Relation], relation: Relation, words: str, budget: "Budget") -> Finding:
    answer, model = imply(given, relation, budget)
    if answer == "proved":
        return Finding("proved", words)
    if answer == "refuted":
        return Finding("refuted", words, settle(given, relation, model))
    for point in _points(given, relation, budget):

        def breaks(values: Any) -> bool:
            return truth(relation, values) is False and all(truth(g, values) is True for g in given)

        if breaks(point):
            return Finding("refuted", words, settle(given, relation, simplest(point, breaks)))
    return Finding("unknown", words)


def _points(given: Sequence[Relation], relation: Relation, budget: "Budget") -> Iterator[dict[str, Fraction]]:
    """Points among simple fractions, the same ones every time, and one that the solver finds in what is given."""
    names = sorted({n for r in (*given, relation) for n in r.names})
    try:
        answer = solve(given, budget.solver_steps, relaxed=True)
        if answer.says == "sat":
            yield {**dict.fromkeys(names, Fraction(1)), **answer.model}
    except NotPolynomial:
        pass
    draw = random.Random(0)
    for _ in range(TRIES if names else 1):
        yield {name: draw.choice(_VALUES) for name in names}


def _sign_shows(given: Sequence[Relation], relation: Relation) -> bool:
    import sympy

    symbols = sympy_symbols(sorted({n for r in (*given, relation) for n in r.names}), given)
    left, right = (to_sympy(side, symbols) for side in (relation.left, relation.right))
    difference = right - left if relation.sign in ("<", "<=") else left - right
    forms = (difference, sympy.factor(difference))
    if relation.sign == "!=":
        return any(form.is_nonzero for form in forms)
    return any(form.is_positive or (not relation.strict and form.is_nonnegative) for form in forms)
