"""Relations between quantities, written as text: what hypotheses, conclusions and proof steps are made of.

    0 < gamma_0 <= gamma_1;  eta*L <= 2

The text is the only declaration. It is evaluated on numbers (batches of them, fractions, balls), handed to SymPy and
to an SMT solver, and checked for its dimensions, always by the grammar of `landscapes.expression`.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..landscapes.expression import Dialect, Formula, FormulaError, parse_formula

Sign = Literal["<", "<=", "==", ">=", ">", "!="]
_SIGNS = re.compile(r"<=|>=|==|!=|<|>")


@dataclass(frozen=True)
class Relation:
    """One comparison of two formulas, `left` `sign` `right`."""

    left: str
    sign: Sign
    right: str

    @property
    def text(self) -> str:
        """The relation as it was written."""
        return f"{self.left} {self.sign} {self.right}"

    @property
    def names(self) -> tuple[str, ...]:
        """The quantities it speaks of, in alphabetical order."""
        return tuple(sorted({*_names(self.left), *_names(self.right)}))

    @property
    def strict(self) -> bool:
        """Whether equality breaks it."""
        return self.sign in ("<", ">", "!=")

    def sides(self, values: Mapping[str, Any], dialect: Dialect) -> tuple[Any, Any]:
        """Both sides, computed in a dialect.

        Args:
            values: A number, array, ball or symbol for every name; more than are needed do no harm.
            dialect: The arithmetic; see `landscapes.dialect` and `theory.arithmetic`.
        """
        return _evaluate(self.left, values, dialect), _evaluate(self.right, values, dialect)

    def slack(self, values: Mapping[str, Any], dialect: Dialect) -> Any:
        """How far inside the relation these values are: positive inside, 0 on its boundary, negative outside.

        For ``==`` it is minus the distance of the sides, for ``!=`` the distance.
        """
        left, right = self.sides(values, dialect)
        if self.sign in ("<", "<="):
            return right - left
        if self.sign in (">", ">="):
            return left - right
        return -abs(left - right) if self.sign == "==" else abs(left - right)


@functools.lru_cache(maxsize=4096)
def read_relations(text: str) -> tuple[Relation, ...]:
    """The comparisons in a text: chains (``0 < a <= b``) and several of them, separated by semicolons.

    Raises:
        FormulaError: A part is not a formula, or no comparison is made; the message points at the place.
    """
    found: list[Relation] = []
    offset = 0
    for part in text.split(";"):
        if part.strip():
            found += _read_chain(text, part, offset)
        offset += len(part) + 1
    if not found:
        raise FormulaError(text, 0, "a relation is needed, such as 'eta*L < 2'")
    return tuple(found)


def _read_chain(text: str, part: str, offset: int) -> list[Relation]:
    cuts = [m for m in _SIGNS.finditer(part) if part.count("(", 0, m.start()) == part.count(")", 0, m.start())]
    if not cuts:
        raise FormulaError(text, offset, "nothing is compared here; write a relation, such as 'eta*L < 2'")
    edges = [0, *(edge for m in cuts for edge in m.span()), len(part)]
    sides = [(edges[i], part[edges[i] : edges[i + 1]]) for i in range(0, len(edges), 2)]
    for start, side in sides:
        try:
            _names(side.strip())
        except FormulaError as error:
            lead = len(side) - len(side.lstrip())
            raise FormulaError(text, offset + start + lead + error.position, error.reason) from None
    texts = [side.strip() for _, side in sides]
    return [Relation(a, m.group(), b) for a, m, b in zip(texts, cuts, texts[1:])]  # type: ignore[arg-type]


@functools.lru_cache(maxsize=8192)
def _formula(text: str) -> Formula:
    # a formula that is a number alone has no variables, which a landscape may not; a name it does not use is harmless
    try:
        return parse_formula(text)
    except FormulaError as error:
        if "at least one variable" not in error.reason:
            raise
        return parse_formula(text, ("unused",))


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in _formula(text).variables if name != "unused")


def _evaluate(text: str, values: Mapping[str, Any], dialect: Dialect) -> Any:
    formula = _formula(text)
    missing = [name for name in _names(text) if name not in values]
    if missing:
        raise KeyError(f"{text!r} speaks of {', '.join(missing)}, of which no value is known")
    return formula.evaluate([values[name] if name != "unused" else 0 for name in formula.variables], dialect)
