"""Arithmetics that a claim's instances are computed in: floats in batches, exact rationals, balls.

A claim's measurement ``measure(x, m)`` is written once, with ``+ - * /`` and integer powers of its numbers and with
what the arithmetic `m` offers (`m.sqrt`, `m.exp`, `m.maximum`, `m.number("1/3")`, ...). It then runs on batches of
floats, in NumPy where searches want it at once or in JAX, and again in rationals or in balls, where what was found is
settled.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isqrt
from typing import Any

from ..landscapes.dialect import Dialect, numpy_like_dialect

PRECISION = 256
"""Bits of the balls' midpoints. A thousand steps that double an error each need more; `ball` takes another number."""


class NotRational(ArithmeticError):
    """An exact rational computation came to a number that is not rational; balls take over."""


class Undecided(ArithmeticError):
    """Two balls overlap, so that their comparison has no answer at this precision."""


@dataclass(frozen=True)
class Arithmetic:
    """One system of numbers.

    Attributes:
        name: "float64", "rational" or "ball".
        dialect: The same arithmetic for formulas.
        functions: Functions by name, which are also attributes: ``m.sqrt(x)``.
        number: Text such as "0.1" or "-2/3", or a `Fraction` or an int, as a number of this arithmetic.
    """

    name: str
    dialect: Dialect
    functions: Mapping[str, Callable[..., Any]]
    number: Callable[[Any], Any]

    def __getattr__(self, name: str) -> Callable[..., Any]:
        functions = object.__getattribute__(self, "functions")
        if name not in functions:
            raise AttributeError(
                f"the arithmetic {self.name!r} has no {name!r}; it has: {', '.join(sorted(functions))}"
            )
        return functions[name]

    def norm(self, *parts: Any) -> Any:
        """Euclidean length of a vector given by its coordinates; for one coordinate its absolute value."""
        return self.abs(parts[0]) if len(parts) == 1 else self.sqrt(sum(part * part for part in parts))


def float_arithmetic() -> Arithmetic:
    """JAX in float64: batched by `jax.vmap`, differentiable."""
    import jax.numpy as jnp

    plain = (
        "sqrt exp log log1p expm1 sin cos tan tanh sinh cosh arctan arcsin arccos arcsinh arccosh arctanh sign "
        "maximum minimum where abs"
    )
    functions = {name: getattr(jnp, name) for name in plain.split()}
    return Arithmetic("float64", numpy_like_dialect(jnp), functions, lambda value: float(Fraction(value)))


def rational_arithmetic() -> Arithmetic:
    """Exact rationals (python-flint's fmpq). What leaves them raises `NotRational`."""
    from flint import fmpq

    def number(value: Any) -> Any:
        fraction = Fraction(value)
        return fmpq(fraction.numerator, fraction.denominator)

    def sqrt(x: Any) -> Any:
        x = number(0) + x
        if x < 0:
            raise NotRational(f"sqrt({x})")
        p, q = int(x.p), int(x.q)
        root_p, root_q = isqrt(p), isqrt(q)
        if root_p * root_p != p or root_q * root_q != q:
            raise NotRational(f"sqrt({x})")
        return fmpq(root_p, root_q)

    def power(base: Any, exponent: Any) -> Any:
        exponent = Fraction(int(exponent.p), int(exponent.q)) if isinstance(exponent, fmpq) else Fraction(exponent)
        if exponent.denominator == 2:
            return sqrt(base) ** exponent.numerator
        if exponent.denominator != 1:
            raise NotRational(f"({base})**({exponent})")
        return base ** int(exponent)

    def leaves(name: str) -> Callable[..., Any]:
        def function(x: Any, *_: Any) -> Any:
            at = 1 if name in ("log", "arccos", "arccosh") else 0  # there the value is rational
            if x == at:
                return number(1 if name in ("exp", "cos", "cosh") else 0)
            raise NotRational(f"{name}({x})")

        return function

    return _made("rational", number, sqrt, power, leaves)


def ball_arithmetic() -> Arithmetic:
    """Balls (python-flint's arb): every result encloses the true value.

    Comparisons of formulas that overlap raise `Undecided`; ``m.where(condition, a, b)`` encloses both values unless the
    condition is certainly true.
    """
    import flint
    from flint import arb

    flint.ctx.prec = max(flint.ctx.prec, PRECISION)

    def number(value: Any) -> Any:
        fraction = Fraction(value)
        return arb(fraction.numerator) / arb(fraction.denominator)

    def power(base: Any, exponent: Any) -> Any:
        if isinstance(exponent, int | Fraction) and Fraction(exponent).denominator == 1:
            return base ** int(exponent)
        whole = exponent.unique_fmpz() if isinstance(exponent, arb) else None
        if whole is not None:
            return base ** int(whole)
        return arb(base) ** (number(exponent) if isinstance(exponent, int | Fraction) else arb(exponent))

    def call(name: str) -> Callable[..., Any]:
        method = name.replace("arc", "a")
        return lambda x: getattr(arb(x), method)()

    def where(condition: bool, a: Any, b: Any) -> Any:
        # balls that overlap are not below one another in Python, so that False may mean "unknown": both are enclosed
        return a if condition else arb(a).union(arb(b))

    made = _made("ball", number, call("sqrt"), power, call)
    return replace(made, functions={**made.functions, "where": where})


def _made(
    name: str,
    number: Callable[[Any], Any],
    sqrt: Callable[[Any], Any],
    power: Callable[[Any, Any], Any],
    call: Callable[[str], Callable[..., Any]],
) -> Arithmetic:
    def below(a: Any, b: Any) -> bool:
        if a < b:
            return True
        if a >= b:
            return False
        raise Undecided(f"{a} against {b}")

    def where(condition: bool, a: Any, b: Any) -> Any:
        return a if condition else b

    def absolute(x: Any) -> Any:
        return abs(x)

    def larger(a: Any, b: Any) -> Any:
        return (a + b + abs(a - b)) / 2

    def smaller(a: Any, b: Any) -> Any:
        return (a + b - abs(a - b)) / 2

    def sign(x: Any) -> Any:
        return number(0) if x == 0 else number(-1) if below(x, 0) else number(1)

    called = "exp log log1p expm1 sin cos tan tanh sinh cosh arctan arcsin arccos arcsinh arccosh arctanh".split()
    functions: dict[str, Callable[..., Any]] = {f: call(f) for f in called}
    functions |= {
        "sqrt": sqrt, "abs": absolute, "maximum": larger, "minimum": smaller, "sign": sign, "where": where,
    }  # fmt: skip

    def fold(function: Callable[[Any, Any], Any]) -> Callable[..., Any]:
        def folded(first: Any, *others: Any) -> Any:
            for other in others:
                first = function(first, other)
            return first

        return folded

    short = {f"a{f}": functions[f"arc{f}"] for f in ("tan", "sin", "cos", "sinh", "cosh", "tanh")}
    operators: dict[str, Callable[..., Any]] = {
        "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
        "neg": lambda a: -a, "**": power, "<": below, "<=": lambda a, b: not below(b, a),
        ">": lambda a, b: below(b, a), ">=": lambda a, b: not below(a, b),
        "min": fold(smaller), "max": fold(larger), "abs": absolute, "where": where, "sqrt": sqrt, "sign": sign,
    }  # fmt: skip
    dialect = Dialect(
        exact=True,
        number=number,
        variable=lambda value: number(value) if isinstance(value, int | Fraction | str) else value,
        functions={**functions, **short, **operators},
        constants=_constants(name),
        finish=lambda result, values: result,
    )
    return Arithmetic(name, dialect, functions, number)


def _constants(name: str) -> Mapping[str, Any]:
    if name == "ball":
        from flint import arb

        return {"pi": arb.pi(), "e": arb(1).exp()}
    return {"pi": _Irrational("pi"), "e": _Irrational("e")}


class _Irrational:
    """A constant that the rationals lack: whatever is computed with it leaves them."""

    def __init__(self, name: str):
        self.name = name

    def _leave(self, *_: Any) -> Any:
        raise NotRational(self.name)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _leave
    __truediv__ = __rtruediv__ = __pow__ = __rpow__ = __neg__ = __abs__ = _leave
    __lt__ = __le__ = __gt__ = __ge__ = _leave
