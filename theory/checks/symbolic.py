"""Symbolic checks, for `Claim.checks`: identities, derivatives, series, limits, signs, differential equations.

Each constructor takes formulas (text, or SymPy expressions in symbols of the claim's names) and gives a check. SymPy
proves by simplifications that end, and z3 where everything is polynomial; otherwise a point at which the two sides
differ is looked for, and settled in rational or ball arithmetic. What neither is proved nor refuted is "unknown".

All constructors share these arguments:

    words      what is checked, for the report
    subject    "conclusion" only where the formula is the whole of it; otherwise a name of its own, or "step NAME"
    given      relations under which it should hold; by default the claim's conditions on unmeasured symbols
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..relation import Relation, read_relations
from ..sympy_forms import sympy_symbols, to_sympy
from .universal import Finding, equal, follows

if TYPE_CHECKING:
    import sympy

    from ..budget import Budget
    from ..claim import Claim
    from ..evidence import Evidence

Check = Callable[["Claim", "Budget"], "list[Evidence]"]
Symbols = Mapping[str, Any]
Equalities = Callable[[Symbols], "list[tuple[str, Any, Any]]"]
"""From symbols, what has to be equal: its name, left side, right side."""


def identity(
    left: "str | sympy.Expr",
    right: "str | sympy.Expr",
    words: str,
    subject: str = "conclusion",
    given: str | None = None,
) -> Check:
    """``left == right`` for all values of the names."""
    return _equalities(lambda s: [("", to_sympy(left, s), to_sympy(right, s))], (left, right), words, subject, given)


def derivative(
    formula: "str | sympy.Expr",
    variable: str,
    expected: "str | sympy.Expr",
    words: str,
    subject: str = "conclusion",
    given: str | None = None,
    order: int = 1,
) -> Check:
    """The derivative of `formula` in `variable`, of this order, is `expected`."""

    def equalities(s: Symbols) -> list[tuple[str, Any, Any]]:
        return [("", to_sympy(formula, s).diff(s[variable], order), to_sympy(expected, s))]

    return _equalities(equalities, (formula, expected, variable), words, subject, given)


def series(
    formula: "str | sympy.Expr",
    variable: str,
    expected: "str | sympy.Expr",
    order: int,
    words: str,
    subject: str = "conclusion",
    given: str | None = None,
    at: str = "0",
) -> Check:
    """``formula == expected + O((variable - at)**order)``: all Taylor coefficients below `order` are equal."""

    def equalities(s: Symbols) -> list[tuple[str, Any, Any]]:
        import sympy

        both = [to_sympy(f, s) for f in (formula, expected)]
        point = to_sympy(at, s)
        found = []
        for k in range(order):
            left, right = (_value_at(f.diff(s[variable], k), s[variable], point) / sympy.factorial(k) for f in both)
            found.append((f"coefficient {k} in {variable}", left, right))
        return found

    return _equalities(equalities, (formula, expected, variable, at), words, subject, given)


def limit(
    formula: "str | sympy.Expr",
    variable: str,
    at: str,
    expected: "str | sympy.Expr",
    words: str,
    subject: str = "conclusion",
    given: str | None = None,
    side: str = "+",
) -> Check:
    """``formula -> expected`` as ``variable -> at``; `at` is a formula, "oo" or "-oo", approached from `side`."""
    ends = {"oo": 1, "-oo": -1}

    def equalities(s: Symbols) -> list[tuple[str, Any, Any]]:
        import sympy

        point = ends[at] * sympy.oo if at in ends else to_sympy(at, s)
        found = sympy.limit(to_sympy(formula, s), s[variable], point, side)
        return [("limit", found, to_sympy(expected, s))]

    return _equalities(equalities, (formula, variable, expected, *(() if at in ends else (at,))), words, subject, given)


def inequality(relation: str, words: str, subject: str = "conclusion", given: str | None = None) -> Check:
    """Every relation of the text, ``a < b; c >= 0``, for all values of the names: by z3, then by SymPy's signs."""
    relations = read_relations(relation)

    def check(claim: "Claim", budget: "Budget") -> "list[Evidence]":
        known = premises(claim, given)
        return _report([follows(known.relations, r, budget) for r in relations], known, words, subject)

    return _named(check)


def positive(formula: str, words: str, subject: str = "conclusion", given: str | None = None) -> Check:
    """``formula > 0`` for all values of the names."""
    return inequality(f"{formula} > 0", words, subject, given)


def increasing(
    formula: "str | sympy.Expr", variable: str, words: str, subject: str = "conclusion", given: str | None = None
) -> Check:
    """The derivative of `formula` in `variable` is positive for all values of the names; for decreasing, negate it."""

    def check(claim: "Claim", budget: "Budget") -> "list[Evidence]":
        from ..sympy_forms import to_text

        known = premises(claim, given)
        s = sympy_symbols(_names(formula, variable) | known.names, known.relations)
        slope = to_text(to_sympy(formula, s).diff(s[variable]))
        return _report([follows(known.relations, Relation(slope, ">", "0"), budget)], known, words, subject)

    return _named(check)


def solves_ode(
    solution: "str | sympy.Expr",
    variable: str,
    equation: str,
    words: str,
    subject: str = "conclusion",
    given: str | None = None,
    initial: Sequence[str] = (),
    start: str = "0",
) -> Check:
    """A formula solves an ordinary differential equation.

    Args:
        solution: y, as a formula.
        variable: What it is differentiated in.
        equation: A relation ``==`` of the names y, y1, y2, ... (the derivatives) and others: "y1 == 2*D - 2*r*y".
        initial: The values of y, y1, ... at `start`; as many as are known.
        start: Where the initial values are taken.
    """
    (relation,) = read_relations(equation)
    orders = [f"y{k}" if k else "y" for k in range(10)]

    def equalities(s: Symbols) -> list[tuple[str, Any, Any]]:
        from ...landscapes.dialect import sympy_dialect

        y = to_sympy(solution, s)
        of = {
            name: y.diff(s[variable], k) for k, name in enumerate(orders) if name in relation.names or k < len(initial)
        }
        found = [("equation", *relation.sides({**s, **of}, sympy_dialect()))]
        for name, value in zip(orders, initial, strict=False):
            at_start = _value_at(of[name], s[variable], to_sympy(start, s))
            found.append((f"{name} at {variable} = {start}", at_start, to_sympy(value, s)))
        return found

    forms = (solution, variable, start, *initial, *(n for n in relation.names if n not in orders))
    return _equalities(equalities, forms, words, subject, given)


def covariance_of_linear_sde(
    drift: Sequence[Sequence[str]],
    noise: Sequence[Sequence[str]],
    covariance: Sequence[Sequence[str]],
    variable: str,
    words: str,
    subject: str = "conclusion",
    given: str | None = None,
) -> Check:
    """The covariance of dx = A x dt + B dW from x = 0: V' = A V + V Aᵀ + B Bᵀ, V(0) = 0, whose solution is unique.

    Args:
        drift: A, rows of formulas, n x n.
        noise: B Bᵀ, n x n.
        covariance: The formula of each entry of V, n x n.
        variable: Time.
    """
    forms = [f for matrix in (drift, noise, covariance) for row in matrix for f in row]

    def equalities(s: Symbols) -> list[tuple[str, Any, Any]]:
        import sympy

        a, q, v = (sympy.Matrix([[to_sympy(f, s) for f in row] for row in m]) for m in (drift, noise, covariance))
        right, left = a * v + v * a.T + q, v.applyfunc(lambda f: f.diff(s[variable]))
        places = [(i, j) for i in range(v.rows) for j in range(v.cols)]
        start = [(f"start [{i}, {j}]", _value_at(v[i, j], s[variable], sympy.Integer(0)), 0) for i, j in places]
        return [*((f"equation [{i}, {j}]", left[i, j], right[i, j]) for i, j in places), *start]

    return _equalities(equalities, (*forms, variable), words, subject, given)


class Premises(NamedTuple):
    """What a formula may rest on, and whether the instance at a point that meets it exists for certain."""

    relations: tuple[Relation, ...]
    certain: bool

    @property
    def names(self) -> set[str]:
        """Everything that is spoken of."""
        return {n for r in self.relations for n in r.names}


def premises(claim: "Claim", given: str | None) -> Premises:
    """What is `given`, or else those of the claim's conditions that speak of nothing measured."""
    if given is not None:
        return Premises(read_relations(given) if given else (), True)
    measured = {s.name for s in claim.symbols if s.measured}
    relations = tuple(r for h in claim.conditions() for r in h.relations)
    kept = tuple(r for r in relations if not measured & set(r.names))
    return Premises(kept, len(kept) == len(relations) and all(h.relation for h in claim.hypotheses))


def _equalities(make: Equalities, forms: Sequence[Any], words: str, subject: str, given: str | None) -> Check:
    def check(claim: "Claim", budget: "Budget") -> "list[Evidence]":
        known = premises(claim, given)
        symbols = sympy_symbols(sorted(_names(*forms) | known.names), known.relations)
        return _report([equal(known.relations, *e, budget) for e in make(symbols)], known, words, subject)

    return _named(check)


def _report(findings: Sequence[Finding], given: Premises, words: str, subject: str) -> "list[Evidence]":
    from ..evidence import Evidence

    numbers = {"shown": [f.words for f in findings if f.says == "proved"]}
    for found in findings:
        if found.says == "refuted" and found.counterexample:
            at = ", ".join(f"{n} = {x}" for n, x in found.counterexample.values.items())
            sides = f"{found.counterexample.left} against {found.counterexample.right}"
            said = f"{words}: {found.words} fails{f' at {at}' if at else ''}, {sides}"
            if given.certain:
                return [Evidence("symbolic", subject, "refuted", said, numbers, found.counterexample)]
            said += "; whether an instance of the claim is there is not known (a hypothesis measures or is a predicate)"
            return [Evidence("symbolic", subject, "unknown", said, numbers)]
    for found in findings:
        if found.says == "disagrees":
            return [Evidence("symbolic", subject, "disagrees", f"{words}: {found.words}", numbers)]
    open_ones = [f.words for f in findings if f.says == "unknown"]
    if open_ones:
        return [Evidence("symbolic", subject, "unknown", f"{words}: undecided: {'; '.join(open_ones)}", numbers)]
    return [Evidence("symbolic", subject, "proved", f"{words}: shown symbolically", numbers)]


def _value_at(expression: Any, variable: Any, point: Any) -> Any:
    import sympy

    value = expression.subs(variable, point)
    if value.has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo):
        value = sympy.limit(expression, variable, point)
    return value


def _names(*forms: Any) -> set[str]:
    return {
        name
        for form in forms
        for name in (Relation(form, "==", "0").names if isinstance(form, str) else (s.name for s in form.free_symbols))
    }


def _named(check: Check) -> Check:
    @functools.wraps(check)
    def named(claim: "Claim", budget: "Budget") -> "list[Evidence]":
        return check(claim, budget)

    named.name = "symbolic"  # type: ignore[attr-defined]
    return named
