"""Derivatives by SymPy, and back to JAX: a route to gradients and Hessians that shares nothing with autodiff.

    text -> SymPy expression -> sympy.diff -> common subexpressions -> jax.numpy

Derivatives are those almost everywhere: at a kink of abs, sign, min, max or where no delta function is kept, and sign
and the step have their middle values there, as in JAX.
"""

import functools
import operator
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp

from .dialect import Dialect, numpy_like_dialect
from .expression import Formula
from .grammar import PLAIN_FUNCTIONS

if TYPE_CHECKING:
    import sympy

    from .landscape import ClosedForm


@functools.lru_cache(maxsize=256)
def gradient(formula: Formula) -> "tuple[sympy.Expr, ...]":
    """The gradient of a formula in SymPy: d expressions in real symbols."""
    import sympy

    expression = formula.to_sympy()
    return tuple(_differentiate(expression, sympy.Symbol(name, real=True)) for name in formula.variables)


@functools.lru_cache(maxsize=256)
def hessian(formula: Formula) -> "sympy.ImmutableMatrix":
    """The Hessian of a formula in SymPy: a symmetric d x d matrix."""
    import sympy

    symbols = [sympy.Symbol(name, real=True) for name in formula.variables]
    rows = [[_differentiate(slope, symbol) for symbol in symbols] for slope in gradient(formula)]
    return sympy.ImmutableMatrix(len(symbols), len(symbols), lambda i, j: rows[max(i, j)][min(i, j)])


def jax_value(landscape: "ClosedForm") -> Callable[[Any], jax.Array]:
    """The loss as SymPy holds it, as a JAX function of `w`, shape (d,) or d scalars; returns a scalar."""
    evaluate = _compiled(landscape.formula, "value")
    return lambda w: evaluate(w)[0]


def jax_gradient(landscape: "ClosedForm") -> Callable[[Any], jax.Array]:
    """The gradient, differentiated by SymPy, as a JAX function of `w`, shape (d,) or d scalars; returns shape (d,)."""
    evaluate = _compiled(landscape.formula, "gradient")
    return lambda w: jnp.stack(evaluate(w))


def jax_hessian(landscape: "ClosedForm") -> Callable[[Any], jax.Array]:
    """The Hessian, differentiated by SymPy, as a JAX function of `w`, shape (d,) or d scalars; returns shape (d, d)."""
    evaluate, d = _compiled(landscape.formula, "hessian"), landscape.dimension
    return lambda w: jnp.stack(evaluate(w)).reshape(d, d)


def _differentiate(expression: Any, symbol: Any) -> Any:
    import sympy

    return expression.diff(symbol).replace(sympy.DiracDelta, lambda *_: sympy.Integer(0))


@functools.lru_cache(maxsize=256)
def _compiled(formula: Formula, what: str) -> Callable[[Any], list[jax.Array]]:
    """Expressions as one JAX function of the coordinates, each common subexpression computed once."""
    import sympy

    expressions = {
        "value": lambda: [formula.to_sympy()],
        "gradient": lambda: list(gradient(formula)),
        "hessian": lambda: hessian(formula).flat(),
    }[what]()
    shared, reduced = sympy.cse(expressions)
    dialect = numpy_like_dialect(jnp)

    def evaluate(w: Any) -> list[jax.Array]:
        coordinates = [dialect.variable(w[i]) for i in range(len(formula.variables))]
        values: dict[str, Any] = dict(zip(formula.variables, coordinates, strict=True))
        for symbol, part in shared:
            values[symbol.name] = translate(part, values, dialect)
        return [dialect.finish(translate(part, values, dialect), coordinates) for part in reduced]

    return evaluate


def translate(expression: Any, values: Mapping[str, Any], dialect: Dialect) -> Any:
    """A SymPy expression in a numeric dialect.

    Args:
        expression: Made of what `sympy_dialect` and differentiation produce.
        values: What the symbols stand for, by name.
        dialect: From `numpy_like_dialect`.
    Raises:
        NotImplementedError: The expression holds something that no formula or derivative of one does.
    """
    functions = dialect.functions

    def walk(part: Any) -> Any:
        if part.is_Symbol:
            return values[part.name]
        if part.is_Boolean and not part.args:
            return bool(part)
        if part.is_number:
            return float(part)
        arguments = part.args
        kind = type(part).__name__
        if kind == "Piecewise":
            value = walk(arguments[-1][0])
            for branch, condition in reversed(arguments[:-1]):
                value = functions["where"](walk(condition), walk(branch), value)
            return value
        if kind == "Heaviside":
            u = walk(arguments[0])
            return functions["where"](u < 0, 0.0, functions["where"](u > 0, 1.0, 0.5))
        given = [walk(argument) for argument in arguments]
        if kind in _FOLDS:
            return functools.reduce(_FOLDS[kind], given)
        if kind not in _NAMES:
            raise NotImplementedError(f"no translation of {kind} in {expression}")
        return functions[_NAMES[kind]](*given)

    return walk(expression)


_FOLDS: Mapping[str, Callable[[Any, Any], Any]] = {
    "Add": operator.add,
    "Mul": operator.mul,
    "And": operator.and_,
    "Or": operator.or_,
}
_NAMES: Mapping[str, str] = {
    "Pow": "**", "Abs": "abs", "Min": "min", "Max": "max",
    "StrictLessThan": "<", "LessThan": "<=", "StrictGreaterThan": ">", "GreaterThan": ">=",
    **{name: name for name in (*PLAIN_FUNCTIONS, "sign")},
}  # fmt: skip
