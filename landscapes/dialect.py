"""Dialects: what a formula's numbers, names and functions mean in NumPy, in JAX, and exactly in SymPy."""

import functools
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import ModuleType
from typing import Any

from .grammar import PLAIN_FUNCTIONS

_OPERATORS: Mapping[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "neg": operator.neg,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@dataclass(frozen=True)
class Dialect:
    """One system of arithmetic.

    Attributes:
        exact: Whether the formula is walked as written, in fractions; otherwise its constant parts come as floats.
        number: A fraction (or, not `exact`, a float or a truth value) as a number of this arithmetic.
        variable: What a value given for a variable becomes before the walk.
        functions: Every function and operator ("neg" is the unary minus).
        constants: ``pi`` and ``e``; needed only where `exact`.
        finish: Applied to the result and the variables' values at the end.
    """

    exact: bool
    number: Callable[[Any], Any]
    variable: Callable[[Any], Any]
    functions: Mapping[str, Callable[..., Any]]
    constants: Mapping[str, Any]
    finish: Callable[[Any, Sequence[Any]], Any]


def numpy_like_dialect(module: ModuleType) -> Dialect:
    """The dialect of `numpy` or `jax.numpy`.

    Constants are Python floats, which take the dtype of the arrays that they meet; the result has the shape and the
    dtype of the variables (integers count as float64), whatever the formula. Integer powers are products, not `pow`.

    Args:
        module: `numpy`, `jax.numpy`, or one that has the same functions.
    """
    if module.__name__ not in _NUMPY_LIKE:
        _NUMPY_LIKE[module.__name__] = _numpy_like_dialect(module)
    return _NUMPY_LIKE[module.__name__]


_NUMPY_LIKE: dict[str, Dialect] = {}


def _numpy_like_dialect(module: ModuleType) -> Dialect:
    def variable(value: Any) -> Any:
        array = module.asarray(value)
        return array if module.issubdtype(array.dtype, module.floating) else array.astype(float)

    def power(base: Any, exponent: Any) -> Any:
        if isinstance(exponent, float) and exponent.is_integer():
            return base ** int(exponent)
        if isinstance(exponent, float) and exponent == 0.5:
            return module.sqrt(base)
        if isinstance(base, float) and base == math.e:
            return module.exp(exponent)
        return module.power(base, exponent)

    def finish(result: Any, values: Sequence[Any]) -> Any:
        if not values:
            return result
        shape = module.broadcast_shapes(*(value.shape for value in values))
        array = module.asarray(result, dtype=module.result_type(*values))
        return array if array.shape == shape else module.broadcast_to(array, shape)

    functions = {
        **_OPERATORS, "**": power,
        "sin": module.sin, "cos": module.cos, "tan": module.tan,
        "asin": module.arcsin, "acos": module.arccos, "atan": module.arctan,
        "sinh": module.sinh, "cosh": module.cosh, "tanh": module.tanh,
        "asinh": module.arcsinh, "acosh": module.arccosh, "atanh": module.arctanh,
        "exp": module.exp, "log": module.log, "sqrt": module.sqrt, "sign": module.sign,
        "abs": lambda u: u * module.sign(u),  # its slope at 0 is 0; that of jnp.abs is 1, or 0, by version
        "min": lambda *a: functools.reduce(module.minimum, a),
        "max": lambda *a: functools.reduce(module.maximum, a),
        "where": module.where,
    }  # fmt: skip
    return Dialect(
        exact=False,
        number=lambda value: value if isinstance(value, bool) else float(value),
        variable=variable,
        functions=functions,
        constants={},
        finish=finish,
    )


@functools.cache
def sympy_dialect() -> Dialect:
    """The exact dialect: integers and rationals of SymPy; `where` becomes a Piecewise."""
    import sympy

    def number(value: Fraction) -> Any:
        return sympy.Rational(value.numerator, value.denominator)

    def absolute(u: Any) -> Any:  # SymPy differentiates Abs and sign well only where it knows that u is real
        return sympy.Abs(u) if u.is_extended_real else sympy.Piecewise((-u, u < 0), (u, True))

    def sign(u: Any) -> Any:
        return sympy.sign(u) if u.is_extended_real else sympy.Piecewise((-1, u < 0), (1, u > 0), (0, True))

    functions: dict[str, Callable[..., Any]] = {**_OPERATORS, "**": operator.pow}
    functions |= {name: getattr(sympy, name) for name in PLAIN_FUNCTIONS}
    functions |= {"abs": absolute, "sign": sign, "min": sympy.Min, "max": sympy.Max}
    functions["where"] = lambda condition, a, b: sympy.Piecewise((a, condition), (b, True))
    return Dialect(
        exact=True,
        number=number,
        variable=sympy.sympify,
        functions=functions,
        constants={"pi": sympy.pi, "e": sympy.E},
        finish=lambda result, values: result,
    )
