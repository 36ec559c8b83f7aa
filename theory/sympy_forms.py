"""Formulas in SymPy and back: with what hypotheses say of signs as assumptions, and as text for every arithmetic."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..landscapes.dialect import sympy_dialect
from .relation import Relation

if TYPE_CHECKING:
    import sympy

LARGEST = 20_000
"""Operations in an expression beyond which nothing is simplified."""
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_SIGNS = {">": "positive", ">=": "nonnegative", "<": "negative", "<=": "nonpositive", "!=": "nonzero"}


class NoFormula(ValueError):
    """A SymPy expression that has no text in the grammar of formulas."""


def sympy_symbols(names: Iterable[str], given: Sequence[Relation] = ()) -> "dict[str, sympy.Symbol]":
    """Real symbols by name, of the sign that a relation such as ``name > 0`` or ``name >= 1`` gives them."""
    import sympy

    assumptions: dict[str, dict[str, bool]] = {name: {"real": True} for name in names}
    for relation in given:
        for name, sign, bound in (
            (relation.left, relation.sign, relation.right),
            (relation.right, _FLIPPED[relation.sign], relation.left),
        ):
            if name in assumptions and (known := _sign(sign, bound)):
                assumptions[name][known] = True
    return {name: sympy.Symbol(name, **kept) for name, kept in assumptions.items()}


def to_sympy(form: "str | sympy.Expr", symbols: "Mapping[str, Any]") -> "sympy.Expr":
    """A formula, or an expression in symbols of any assumptions, in these symbols.

    Raises:
        KeyError: It speaks of a name that is not among them.
    """
    if isinstance(form, str):
        return Relation(form, "==", "0").sides(symbols, sympy_dialect())[0]
    return form.xreplace({s: symbols[s.name] for s in form.free_symbols})  # type: ignore[attr-defined]


def to_text(expression: "sympy.Expr") -> str:
    """An expression as a formula of `landscapes.grammar`.

    Raises:
        NoFormula: It holds something that the grammar lacks (an integral, an infinity, a root of -1).
    """
    return _printer()(expression)


def vanishes(expression: "sympy.Expr") -> bool:
    """Whether an expression simplifies to 0, by simplifications that end; False says nothing.

    Where the sign of a variable within an absolute value, sign, maximum, minimum or piece decides, each sign is tried.
    """
    import sympy

    if any(_becomes_zero(e) for e in (expression, sympy.expand(expression))):
        return True
    return all(case is None or _becomes_zero(case) for case in _cases(expression)) if _split(expression) else False


def _becomes_zero(expression: Any) -> bool:
    import sympy

    if expression == 0:
        return True
    if expression.has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo) or sympy.count_ops(expression) > LARGEST:
        return False
    steps: tuple[Callable[[Any], Any], ...] = (
        sympy.expand,
        _numerator,
        lambda e: _numerator(e.rewrite(sympy.exp)),
        lambda e: _numerator(sympy.powdenest(e, force=False)),
        sympy.radsimp,
        lambda e: sympy.trigsimp(_numerator(e)),
        lambda e: sympy.expand(sympy.sqrtdenest(_numerator(e))),
    )
    return any(step(expression) == 0 for step in steps)


def _numerator(expression: Any) -> Any:
    import sympy

    numerator, _ = sympy.fraction(sympy.together(sympy.expand(expression)))
    return sympy.expand(numerator)


def _split(expression: Any) -> list[Any]:
    import sympy

    branching = expression.atoms(sympy.Abs, sympy.sign, sympy.Max, sympy.Min, sympy.Piecewise)
    symbols = {s for part in branching for s in part.free_symbols if s.is_positive is None or s.is_negative is None}
    symbols |= {s for p in expression.atoms(sympy.Pow) if not p.exp.is_Integer for s in p.base.free_symbols}
    open_ones = [s for s in sorted(symbols, key=str) if not (s.is_positive or s.is_negative)]
    return open_ones if len(open_ones) <= 3 else []


def _cases(expression: Any) -> Iterator[Any]:
    """The expression for each choice of signs; None where it has no value (a zero in a denominator)."""
    import sympy

    def choices(symbol: Any) -> list[Any]:
        signs = [sympy.Symbol(symbol.name, positive=True)] if symbol.is_nonpositive is not True else []
        signs += [-sympy.Symbol(symbol.name, positive=True)] if symbol.is_nonnegative is not True else []
        return signs + ([sympy.Integer(0)] if symbol.is_nonzero is not True else [])

    symbols = _split(expression)
    for signs in itertools.product(*map(choices, symbols)):
        try:
            case = expression.subs(dict(zip(symbols, signs, strict=True)), simultaneous=True)
        except (TypeError, ValueError):  # SymPy compares a number that is not real: nothing is shown
            yield sympy.Integer(1)
            continue
        yield None if case.has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo) else case


def _sign(sign: str, bound: str) -> str | None:
    from fractions import Fraction

    try:
        number = Fraction(bound.replace(" ", ""))
    except ValueError:
        return None
    if number == 0:
        return _SIGNS.get(sign)
    if sign in (">", ">=", "==") and number > 0:
        return "positive"
    return "negative" if sign in ("<", "<=", "==") and number < 0 else None


def _printer() -> Callable[[Any], str]:
    import sympy
    from sympy.printing.str import StrPrinter

    class Printer(StrPrinter):
        """SymPy's own text, where the grammar spells things differently."""

        def _print_Abs(self, expr: Any) -> str:
            return f"abs({self._print(expr.args[0])})"

        def _print_Max(self, expr: Any) -> str:
            return f"max({', '.join(map(self._print, expr.args))})"

        def _print_Min(self, expr: Any) -> str:
            return f"min({', '.join(map(self._print, expr.args))})"

        def _print_Exp1(self, expr: Any) -> Any:
            return "e"

        def _print_Piecewise(self, expr: Any) -> str:
            *branches, (last, certain) = expr.args
            if certain != True:  # noqa: E712 - SymPy's own truth
                raise NoFormula(f"pieces that leave a gap: {expr}")
            text = self._print(last)
            for value, condition in reversed(branches):
                if not isinstance(condition, sympy.core.relational._Inequality):
                    raise NoFormula(f"a condition that is no comparison: {condition}")
                text = f"where({self._print(condition)}, {self._print(value)}, {text})"
            return text

    from ..landscapes.expression import FormulaError

    def printed(expression: Any) -> str:
        text = Printer().doprint(expression)
        try:
            names = Relation(text, "==", "0").names
        except FormulaError as error:
            raise NoFormula(f"no formula: {expression}") from error
        if unknown := set(names) - {s.name for s in expression.free_symbols}:
            raise NoFormula(f"no formula: {expression}; what is {', '.join(sorted(unknown))}?")
        return text

    return printed
