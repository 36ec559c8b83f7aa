"""Critical points and families of them, declared in exact arithmetic."""

import functools
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .expression import numpy_like_dialect, parse_formula

Kind = Literal["minimum", "saddle", "maximum", "degenerate"]


@dataclass(frozen=True)
class CriticalSet:
    """A critical point, or a family of them, declared in exact arithmetic and verified by the tests.

    A coordinate without a closed form is still exact: `roots` names it and says which root of which equation it is.

    Attributes:
        location: One formula per coordinate, e.g. ``("3", "1/2")`` or, for a family, ``("t", "0")``.
        kind: What the Hessian says across the set, i.e. in every direction for a point and in the directions normal to
            it for a family; "degenerate" where it is singular there.
        index: Number of negative Hessian eigenvalues.
        sharpness: Formula of the largest Hessian eigenvalue there.
        value: Formula of the loss there.
        family: ((parameter, low, high), ...): the open interval for which the declaration is claimed, ends "-oo" and
            "oo" allowed. Empty for a point.
        roots: ((name, equation, low, high), ...): `name` is the only root of the formula `equation` in (low, high), and
            a simple one.
    """

    location: tuple[str, ...]
    kind: Kind
    index: int
    sharpness: str
    value: str = "0"
    family: tuple[tuple[str, str, str], ...] = ()
    roots: tuple[tuple[str, str, str, str], ...] = ()

    @property
    def is_point(self) -> bool:
        return not self.family

    @property
    def intervals(self) -> tuple[tuple[float, float], ...]:
        """(low, high) of every parameter of the family, infinite ends included."""
        return tuple((_end(low), _end(high)) for _, low, high in self.family)

    def locate(self, *parameters: float) -> np.ndarray:
        """The point in float64, shape (d,), at these values of the family's parameters (none for a point)."""
        names = self._names(parameters)
        return np.array([_evaluate(text, names) for text in self.location])

    def sharpness_at(self, *parameters: float) -> float:
        """The declared largest Hessian eigenvalue there."""
        return _evaluate(self.sharpness, self._names(parameters))

    def value_at(self, *parameters: float) -> float:
        """The declared loss there."""
        return _evaluate(self.value, self._names(parameters))

    def _names(self, parameters: tuple[float, ...]) -> dict[str, float]:
        if len(parameters) != len(self.family):
            wanted = ", ".join(name for name, _, _ in self.family) or "none"
            raise ValueError(
                f"this critical set takes the parameters: {wanted}; got {len(parameters)} values {parameters}"
            )
        names = {}
        for (name, low, high), t in zip(self.family, parameters, strict=True):
            if not _end(low) < t < _end(high):
                raise ValueError(f"the family is declared for {low} < {name} < {high}, got {name} = {t}")
            names[name] = float(t)
        return names | {name: _root(name, *equation) for name, *equation in self.roots}


def _end(text: str) -> float:
    return float(text.replace("oo", "inf")) if text in ("oo", "-oo") else _evaluate(text, {})


def _evaluate(text: str, names: dict[str, float]) -> float:
    names = names or {"unused": math.nan}  # a formula has at least one variable, a constant uses none of them
    return float(parse_formula(text, tuple(names)).evaluate(list(names.values()), numpy_like_dialect(np)))


@functools.cache
def _root(name: str, equation: str, low: str, high: str) -> float:
    from scipy.optimize import root_scalar

    ends = (_end(low), _end(high))
    finest = 4 * np.finfo(float).eps  # the smallest relative tolerance that Brent's method accepts
    found = root_scalar(
        lambda s: _evaluate(equation, {name: s}), bracket=ends, method="brentq", xtol=1e-300, rtol=finest
    )
    return float(found.root)
