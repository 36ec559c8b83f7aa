"""Units that suit a question: what homogeneity allows to be set to 1 without loss.

If every relation is homogeneous, a solution stays one when each unit is rescaled by a positive factor. So positive
constants whose dimensions are linearly independent can all be given the value 1.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from .relation import Relation, read_relations

if TYPE_CHECKING:
    from .claim import Symbol


def unit_constants(
    asserted: Sequence[Relation], symbols: "Iterable[Symbol]", denied: Sequence[Relation] = ()
) -> dict[str, Fraction]:
    """Constants that may be set to 1 in a question: name -> 1.

    Args:
        asserted: What the question asserts; that a constant is positive is read off it.
        symbols: With their dimensions. If one that is named has none, or a relation is not homogeneous, nothing may be
            set.
        denied: What it denies.
    """
    from .checks.dimensions import UNITS, compare, dimensions_of

    relations = (*asserted, *denied)
    names = {n for r in relations for n in r.names}
    of = dimensions_of(symbols)
    if not names <= set(of) or any(compare(r, of) for r in relations):
        return {}
    chosen: dict[str, Fraction] = {}
    rows: list[list[Fraction]] = []
    for name in sorted(names):
        row = [of[name].powers.get(u, Fraction(0)) for u in UNITS]
        if is_positive(name, asserted) and _independent([*rows, row]):
            rows.append(row)
            chosen[name] = Fraction(1)
    return chosen


def is_positive(name: str, relations: Sequence[Relation]) -> bool:
    """Whether one of the relations says ``name > 0`` in so many words."""
    wanted = (read_relations(f"{name} > 0")[0], read_relations(f"0 < {name}")[0])
    return any(r in wanted for r in relations)


def _independent(rows: Sequence[Sequence[Fraction]]) -> bool:
    from flint import fmpq, fmpq_mat

    entries = [fmpq(x.numerator, x.denominator) for row in rows for x in row]
    return fmpq_mat(len(rows), len(rows[0]), entries).rank() == len(rows)
