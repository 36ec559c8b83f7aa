"""Dimensional analysis: does every relation compare, add and exponentiate what may be?

Units are ``w`` (a distance between parameters), ``loss`` and ``time``. A number is dimensionless, 0 has every
dimension, functions such as exp need dimensionless arguments, and so do exponents that are not numbers. An
inhomogeneous formula is worth a reader's attention and decides nothing: papers set constants to 1.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ...landscapes.dialect import Dialect
from ...landscapes.grammar import COMPARISONS, FUNCTIONS, FormulaError
from ..relation import Relation

if TYPE_CHECKING:
    from ..budget import Budget
    from ..claim import Claim, Symbol
    from ..evidence import Evidence

UNITS = ("w", "loss", "time")


class Inhomogeneous(ValueError):
    """Two parts of a formula whose dimensions should be equal and are not."""


@dataclass(frozen=True)
class Dimension:
    """A product of powers of the units.

    Attributes:
        powers: Unit -> exponent; those that are 0 are left out.
        any: Whether it fits every dimension, as 0 does.
        number: The number itself, where the quantity is a constant: an exponent may be one.
    """

    powers: Mapping[str, Fraction] = field(default_factory=dict)
    any: bool = False
    number: Fraction | None = None

    def __str__(self) -> str:
        shown = {u: self.powers[u] for u in UNITS if self.powers.get(u)}
        above = [_power(u, k) for u, k in shown.items() if k > 0]
        below = [_power(u, -k) for u, k in shown.items() if k < 0]
        return f"{'*'.join(above) or '1'}{''.join(f'/{b}' for b in below)}"


def dimension(text: str) -> Dimension:
    """The dimension that a text such as "w**2/loss" names.

    Raises:
        ValueError: It is not a product of powers of ``w``, ``loss`` and ``time``.
    """
    try:
        found = dimension_of(text, {unit: Dimension({unit: Fraction(1)}) for unit in UNITS})
    except (KeyError, FormulaError, Inhomogeneous) as error:
        raise ValueError(f"dimension {text!r}: write a product of powers of {', '.join(UNITS)}, or 1") from error
    return Dimension(found.powers)


def dimension_of(formula: str, of: Mapping[str, Dimension]) -> Dimension:
    """The dimension of a formula whose names have the dimensions `of`.

    Raises:
        Inhomogeneous: It has none.
    """
    return Relation(formula, "==", "0").sides(of, _DIALECT)[0]


def compare(relation: Relation, of: Mapping[str, Dimension]) -> str | None:
    """Why a relation is not homogeneous, or None where it is."""
    try:
        left, right = relation.sides(of, _DIALECT)
    except Inhomogeneous as error:
        return str(error)
    if _same(left, right):
        return None
    return f"{relation.left} has dimension {left}, {relation.right} has {right}"


def dimensions_of(symbols: "Iterable[Symbol]") -> dict[str, Dimension]:
    """The dimensions of those symbols that declare one.

    Raises:
        ValueError: A declared dimension cannot be read; the symbol is named.
    """
    found = {}
    for symbol in symbols:
        if symbol.dimension:
            try:
                found[symbol.name] = dimension(symbol.dimension)
            except ValueError as error:
                raise ValueError(f"symbol {symbol.name!r}: {error}") from error
    return found


def check(claim: "Claim", budget: "Budget") -> "list[Evidence]":
    """Evidence on "hypotheses", "conclusion" and each "step NAME": "homogeneous", or "inhomogeneous" and where."""
    from ..relation import read_relations

    conditions = [r for h in claim.conditions() for r in h.relations]
    found = [
        *_judged("hypotheses", conditions, claim.symbols),
        *_judged("conclusion", claim.conclusions, claim.symbols),
    ]
    for step in claim.steps:
        relations = [r for text in (step.given, step.relation) if text for r in read_relations(text)]
        found += _judged(f"step {step.name}", relations, (*claim.symbols, *step.symbols))
    return found


def _judged(subject: str, relations: Sequence[Relation], symbols: "Sequence[Symbol]") -> "list[Evidence]":
    from ..evidence import Evidence

    of = dimensions_of(symbols)
    known = [r for r in relations if set(r.names) <= set(of)]
    skipped = [r.text for r in relations if r not in known]
    numbers: dict[str, Any] = {"relations": len(known)} | ({"skipped": skipped} if skipped else {})
    wrong = {r.text: why for r in known if (why := compare(r, of))}
    if wrong:
        words = "; ".join(f"in {text}: {why}" for text, why in wrong.items())
        return [Evidence("dimensions", subject, "inhomogeneous", words, numbers)]
    if not known:
        return []
    words = f"{len(known)} of {len(relations)} relations compare equal dimensions"
    if skipped:
        words += f"; not looked at, as some symbol has no dimension: {'; '.join(skipped)}"
    return [Evidence("dimensions", subject, "homogeneous", words, numbers)]


def _power(unit: str, exponent: Fraction) -> str:
    if exponent == 1:
        return unit
    return f"{unit}**{exponent}" if exponent.denominator == 1 else f"{unit}**({exponent})"


def _same(a: Dimension, b: Dimension) -> bool:
    return a.any or b.any or a.powers == b.powers


def _scaled(a: Dimension, factor: Fraction) -> dict[str, Fraction]:
    return {u: k * factor for u, k in a.powers.items() if k * factor}


def _times(a: Dimension, b: Dimension, sign: int) -> Dimension:
    powers = {u: a.powers.get(u, Fraction(0)) + sign * b.powers.get(u, Fraction(0)) for u in UNITS}
    number = None
    if a.number is not None and b.number is not None and (sign > 0 or b.number):
        number = a.number * b.number if sign > 0 else a.number / b.number
    return Dimension({u: k for u, k in powers.items() if k}, a.any or (sign > 0 and b.any), number)


def _alike(*parts: Dimension) -> Dimension:
    first = next((p for p in parts if not p.any), parts[0])
    for part in parts:
        if not _same(first, part):
            raise Inhomogeneous(f"a part of dimension {first} meets one of dimension {part}")
    return Dimension(first.powers, first.any)


def _sum(sign: int) -> Callable[[Dimension, Dimension], Dimension]:
    def added(a: Dimension, b: Dimension) -> Dimension:
        alike = _alike(a, b)
        if a.number is None or b.number is None:
            return alike
        number = a.number + sign * b.number
        return Dimension(alike.powers, not number, number)

    return added


def _raised(base: Dimension, exponent: Dimension) -> Dimension:
    if not _same(exponent, Dimension()):
        raise Inhomogeneous(f"an exponent has dimension {exponent}")
    if exponent.number is not None:
        whole = base.number is not None and exponent.number.denominator == 1 and (base.number or exponent.number >= 0)
        number = base.number ** int(exponent.number) if whole and base.number is not None else None
        return Dimension(_scaled(base, exponent.number), base.any and exponent.number > 0, number)
    if not _same(base, Dimension()):
        raise Inhomogeneous(f"a quantity of dimension {base} has an exponent that is no number")
    return Dimension()


def _dimensionless(name: str) -> Callable[[Dimension], Dimension]:
    def function(x: Dimension) -> Dimension:
        if not _same(x, Dimension()):
            raise Inhomogeneous(f"the argument of {name} has dimension {x}")
        return Dimension()

    return function


def _where(_: Dimension, a: Dimension, b: Dimension) -> Dimension:
    return _alike(a, b)


def _number(value: Fraction) -> Dimension:
    return Dimension(any=not value, number=value)


_FUNCTIONS: dict[str, Callable[..., Dimension]] = {
    **{name: _dimensionless(name) for name in FUNCTIONS},
    **dict.fromkeys(COMPARISONS, _alike),
    "+": _sum(1), "-": _sum(-1), "*": lambda a, b: _times(a, b, 1), "/": lambda a, b: _times(a, b, -1),
    "**": _raised, "neg": lambda a: Dimension(a.powers, a.any, None if a.number is None else -a.number),
    "sqrt": lambda a: Dimension(_scaled(a, Fraction(1, 2)), a.any), "abs": lambda a: Dimension(a.powers, a.any),
    "sign": lambda a: Dimension(), "min": _alike, "max": _alike, "where": _where,
}  # fmt: skip
_DIALECT = Dialect(
    exact=True,
    number=_number,
    variable=lambda value: value if isinstance(value, Dimension) else _number(Fraction(value)),
    functions=_FUNCTIONS,
    constants={"pi": Dimension(), "e": Dimension()},
    finish=lambda result, values: result,
)
