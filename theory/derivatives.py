"""Gradients and Hessians of a formula in any arithmetic, so that a landscape's facts can be settled in balls.

SymPy differentiates once; the derivatives are formulas again, and are computed like any other.
"""

import functools
from dataclasses import dataclass
from typing import Any

from ..landscapes.expression import Formula, parse_formula
from .arithmetic import Arithmetic
from .stepping import Point


@dataclass(frozen=True)
class Derivatives:
    """A formula of several variables with its first and second derivatives."""

    formula: Formula

    def value(self, w: Point, m: Arithmetic) -> Any:
        """The value at `w`, one number for each of the formula's variables in their order."""
        return self.formula.evaluate(w, m.dialect)

    def gradient(self, w: Point, m: Arithmetic) -> Point:
        """The gradient at `w`."""
        return tuple(self._evaluate(text, w, m) for text in _gradient(self.formula))

    def hessian(self, w: Point, m: Arithmetic) -> tuple[Point, ...]:
        """The Hessian at `w`, row by row."""
        return tuple(tuple(self._evaluate(text, w, m) for text in row) for row in _hessian(self.formula))

    def _evaluate(self, text: str, w: Point, m: Arithmetic) -> Any:
        return parse_formula(text, self.formula.variables).evaluate(w, m.dialect)


def eigenvalues(matrix: tuple[Point, ...], m: Arithmetic) -> tuple[Any, Any]:
    """Of a symmetric 2 x 2 matrix, the smaller first."""
    (a, b), (_, d) = matrix
    middle, half = (a + d) / 2, m.sqrt((a - d) ** 2 / 4 + b * b)
    return middle - half, middle + half


@functools.lru_cache(maxsize=64)
def _gradient(formula: Formula) -> tuple[str, ...]:
    from ..landscapes.symbolic import gradient

    return tuple(map(str, gradient(formula)))


@functools.lru_cache(maxsize=64)
def _hessian(formula: Formula) -> tuple[tuple[str, ...], ...]:
    from ..landscapes.symbolic import hessian

    matrix = hessian(formula)
    return tuple(tuple(str(matrix[i, j]) for j in range(matrix.cols)) for i in range(matrix.rows))
