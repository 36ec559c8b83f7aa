"""Statements for all values of their names: proved by SymPy or z3, refuted at a point that is settled exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..evidence import Counterexample
from ..relation import Relation
from ..sympy_forms import NoFormula, sympy_symbols, to_sympy, to_text, vanishes
from .implication import imply
from .points import settle

if TYPE_CHECKING:
    from ..budget import Budget


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
    return Finding(answer, words, settle(given, relation, model) if answer == "refuted" else None)


def _sign_shows(given: Sequence[Relation], relation: Relation) -> bool:
    import sympy

    symbols = sympy_symbols(sorted({n for r in (*given, relation) for n in r.names}), given)
    left, right = (to_sympy(side, symbols) for side in (relation.left, relation.right))
    difference = right - left if relation.sign in ("<", "<=") else left - right
    forms = (difference, sympy.factor(difference))
    if relation.sign == "!=":
        return any(form.is_nonzero for form in forms)
    return any(form.is_positive or (not relation.strict and form.is_nonnegative) for form in forms)
