"""What a landscape is: a loss, the facts declared about it, and where they come from."""

import functools
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import jax
import jax.numpy as jnp

from .critical_set import CriticalSet as CriticalSet
from .critical_set import Kind as Kind
from .expression import Formula, numpy_like_dialect, parse_formula

# A landscape's state is float64 by definition; theory and outcome labels rest on it. Networks name their own dtypes.
jax.config.update("jax_enable_x64", True)


@runtime_checkable
class Landscape(Protocol):
    """Anything to descend: a name, a dimension, and `value(w)`.

    `value` takes anything of length d that can be indexed (a vector, or a tuple of d scalars, which is how the
    engine arranges coordinates) and returns a scalar. Landscapes are pytrees: numbers and data are leaves.
    A finite sum also has `n` and `sample_loss(w, i)`, with ``value(w) == mean_i sample_loss(w, i)``.
    """

    name: str

    @property
    def dimension(self) -> int: ...

    def value(self, w: Any) -> jax.Array: ...


def _static(**kwargs: Any) -> Any:
    return field(metadata={"static": True}, **kwargs)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class ClosedForm:
    """A landscape with a formula: everything about it is derived from, and checked against, that formula.

    Attributes:
        name: Short name, as on the command line.
        text: The loss as a formula (see `parse_formula`).
        variables: Coordinate names, in order.
        critical_sets: Declared critical points, minima first.
        domain: ((low, high), ...) per coordinate: the window to draw and to draw starts from.
        title: One line for people.
        source: Where it comes from.
        complete: Whether `critical_sets` holds every critical point in `domain`.
        parameters: The numbers it was made with, as exact text: (("delta", "1"), ...).
    """

    name: str = _static()
    text: str = _static()
    variables: tuple[str, ...] = _static()
    critical_sets: tuple[CriticalSet, ...] = _static(default=())
    domain: tuple[tuple[float, float], ...] = _static(default=())
    title: str = _static(default="")
    source: str = _static(default="")
    complete: bool = _static(default=False)
    parameters: tuple[tuple[str, str], ...] = _static(default=())

    @property
    def dimension(self) -> int:
        return len(self.variables)

    @property
    def formula(self) -> Formula:
        return parse_formula(self.text, self.variables)

    def value(self, w: Any) -> jax.Array:
        """The loss at `w`, shape (d,) or d scalars; returns a scalar of the same dtype."""
        return self.formula.evaluate([w[i] for i in range(self.dimension)], _jax_dialect())

    @property
    def expression(self) -> Any:
        """The loss as an exact SymPy expression in real symbols."""
        return self.formula.to_sympy()


@functools.cache
def _jax_dialect() -> Any:
    return numpy_like_dialect(jnp)
