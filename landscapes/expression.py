"""Formulas: text in, arithmetic out, and no code evaluated on the way.

A formula such as ``x**4/4 - x*y + y**2/2`` is read once (`grammar`), its constant parts are folded (`folding`), and
its steps are carried out in a dialect (`dialect`): ``jax.numpy`` at trace time, ``numpy``, or SymPy, exactly.
"""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from .dialect import Dialect as Dialect, numpy_like_dialect as numpy_like_dialect, sympy_dialect as sympy_dialect
from .folding import fold
from .grammar import (
    CONSTANTS as CONSTANTS,
    FUNCTIONS as FUNCTIONS,
    FormulaError as FormulaError,
    Step,
    check_name,
    read_steps,
)

if TYPE_CHECKING:
    import sympy


class Program(NamedTuple):
    """A formula's steps as written, with constant parts folded, and the first place of each variable."""

    exact: tuple[Step, ...]
    folded: tuple[Step, ...]
    variables: Mapping[str, int]


class Part(NamedTuple):
    """A part of a formula, evaluated: its last step, the parts that this step took, and the value."""

    step: Step
    arguments: "tuple[Part, ...]"
    value: Any


@dataclass(frozen=True)
class Formula:
    """A formula that has been read: its `text` and the names of its `variables`, in order."""

    text: str
    variables: tuple[str, ...]

    def evaluate(self, values: Sequence[Any], dialect: Dialect) -> Any:
        """The value with `values` in place of the variables (same order), computed in `dialect`.

        Raises:
            ValueError: Not as many values as variables.
        """
        given = [dialect.variable(value) for value in values]
        *_, whole = self.parts(given, dialect)
        return dialect.finish(whole.value, given)

    def parts(self, values: Sequence[Any], dialect: Dialect) -> Iterator[Part]:
        """Every part of the formula in the order of evaluation, innermost first; the last is the whole."""
        if len(values) != len(self.variables):
            count = len(self.variables)
            raise ValueError(f"the formula has {count} variables {self.variables}, got {len(values)} values")
        names = {**dialect.constants, **dict(zip(self.variables, values, strict=True))}
        program = _program(self.text)
        stack: list[Part] = []
        for step in program.exact if dialect.exact else program.folded:
            arguments = tuple(stack[len(stack) - step.arity :])
            del stack[len(stack) - step.arity :]
            if step.value is not None:
                value = dialect.number(step.value)
            elif step.arity == 0:
                value = names[step.name]
            else:
                value = dialect.functions[step.name](*(part.value for part in arguments))
            stack.append(Part(step, arguments, value))
            yield stack[-1]

    @property
    def has_pieces(self) -> bool:
        """Whether `where` occurs, so that a branch not taken might not be finite."""
        return any(step.name == "where" for step in _program(self.text).folded)

    def to_sympy(self) -> "sympy.Expr":
        """The formula as an exact SymPy expression in real symbols named as the variables.

        Raises:
            FormulaError: SymPy finds a part of it infinite or not real, exactly, as in ``x/sin(pi)``.
        """
        return _to_sympy(self)


def parse_formula(text: str, variables: Sequence[str] | None = None) -> Formula:
    """Read a formula.

    Args:
        text: Arithmetic (``+ - * / ** ^``), numbers, the functions in `FUNCTIONS`, the constants ``pi`` and
            ``e``, variables, and ``where(x < 1, a, b)`` for pieces. Numbers are exact: ``0.1`` is 1/10.
        variables: Names in the order of the coordinates; by default those found, in alphabetical order with
            numbers by size (x2 before x10). A name that the formula does not use is a flat coordinate.
    Returns:
        The formula, which `Formula.evaluate` computes in any dialect.
    Raises:
        FormulaError: Not a formula, or a constant part of it is not a finite real number (``sqrt(-1)``, ``x/0``);
            the message points at the character and gives the reason.
        ValueError: `variables` holds a name twice, or one that a variable cannot have.
    """
    found = _program(text).variables
    if variables is None:
        variables = sorted(found, key=_natural)
    else:
        for name in variables:
            if reason := check_name(name):
                raise ValueError(f"parse_formula: {reason}, so it cannot be among the variables {tuple(variables)}")
        if len(set(variables)) < len(variables):
            raise ValueError(f"parse_formula: a variable is named twice in {tuple(variables)}")
    for name, position in found.items():
        if name not in variables:
            known = ", ".join(variables) or "none"
            raise FormulaError(text, position, f"unknown variable {name!r}; the variables are: {known}")
    if not variables:
        raise FormulaError(text, 0, "a landscape needs at least one variable, this formula has none")
    return Formula(text, tuple(variables))


@functools.lru_cache(maxsize=1024)
def _program(text: str) -> Program:
    exact = read_steps(text)
    names: dict[str, int] = {}
    for step in exact:
        if step.arity == 0 and step.value is None and step.name not in CONSTANTS:
            names.setdefault(step.name, step.position)
    return Program(exact, fold(text, exact), names)


@functools.lru_cache(maxsize=256)
def _to_sympy(formula: Formula) -> "sympy.Expr":
    import sympy

    symbols = [sympy.Symbol(name, real=True) for name in formula.variables]
    expression = formula.evaluate(symbols, sympy_dialect())
    if expression.has(sympy.zoo, sympy.nan, sympy.oo, -sympy.oo, sympy.I):
        raise FormulaError(formula.text, 0, f"not a finite real expression; exactly it is {expression}")
    return expression


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"([0-9]+)", name)]
