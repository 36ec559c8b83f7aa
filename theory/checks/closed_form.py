"""Equality that balls cannot see: both sides as closed forms of exact numbers, compared by SymPy.

    sqrt(2) + sqrt(8) == 3*sqrt(2)

Only asked where the balls of both sides overlap at the highest precision; SymPy's answer counts when it is a proof
(the difference simplifies to 0 by rules, or its minimal polynomial is x).
"""

import functools
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ...landscapes.dialect import sympy_dialect
from ..arithmetic import Arithmetic, Undecided

LARGEST = 400
"""Operations in one side; a longer one is not simplified but left undecided."""


@functools.cache
def closed_form_arithmetic() -> Arithmetic:
    """SymPy's exact numbers: constants such as sqrt(2) stay what they are."""
    import sympy

    def number(value: Any) -> Any:
        fraction = Fraction(value)
        return sympy.Rational(fraction.numerator, fraction.denominator)

    def checked(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            result = function(*(sympy.sympify(a) if not isinstance(a, bool) else a for a in arguments))
            if isinstance(result, sympy.Basic) and sympy.count_ops(result) > LARGEST:
                raise Undecided("a closed form grew too long")
            return result

        return call

    def where(condition: Any, a: Any, b: Any) -> Any:
        if condition not in (True, False, sympy.true, sympy.false):
            raise Undecided(f"{condition}")
        return a if condition else b

    plain = "sqrt exp log sin cos tan tanh sinh cosh sign".split()
    functions: dict[str, Callable[..., Any]] = {name: checked(getattr(sympy, name)) for name in plain}
    functions |= {f"arc{f}": checked(getattr(sympy, f"a{f}")) for f in ("tan", "sin", "cos", "sinh", "tanh")}
    functions |= {
        "abs": checked(sympy.Abs), "maximum": checked(sympy.Max), "minimum": checked(sympy.Min), "where": where,
        "log1p": checked(lambda x: sympy.log(1 + x)), "expm1": checked(lambda x: sympy.exp(x) - 1),
    }  # fmt: skip
    return Arithmetic("symbolic", sympy_dialect(), functions, number)


def equal(left: Any, right: Any) -> bool:
    """Whether two closed forms are shown to be the same number."""
    import sympy

    difference = sympy.sympify(left) - sympy.sympify(right)
    if difference == 0:
        return True
    if difference.free_symbols or sympy.count_ops(difference) > LARGEST:
        return False
    if sympy.simplify(difference) == 0:
        return True
    return bool(difference.is_algebraic) and sympy.minimal_polynomial(difference, sympy.Symbol("x")) == sympy.Symbol(
        "x"
    )
