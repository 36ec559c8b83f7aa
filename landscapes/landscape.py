"""What a landscape is: a loss, the facts declared about it, and where they come from."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp

from .critical_set import CriticalSet as CriticalSet, Kind as Kind
from .expression import Formula, numpy_like_dialect, parse_formula
from .forward import differentiated_forward
from .real_domain import check_real, domain_of

if TYPE_CHECKING:
    import sympy

    from .critical_points import CriticalPoint

# A landscape's state is float64 by definition; theory and outcome labels rest on it. Networks name their own dtypes.
jax.config.update("jax_enable_x64", True)


class Landscape(ABC):
    """Anything to descend: a name, a dimension, and `value(w)`; everything else follows.

    `value` takes anything of length d that can be indexed (a vector, or a tuple of d scalars, which is how the
    engine arranges coordinates) and returns a scalar. Landscapes are pytrees: numbers and data are leaves
    (``jax.tree_util.register_dataclass``; fields that are not arrays have ``metadata={"static": True}``).
    A finite sum also has `n` and `sample_loss(w, i)`, with ``value(w) == mean_i sample_loss(w, i)``.

    `Landscape.from_expression` makes one from a formula.
    """

    name: str

    @property
    @abstractmethod
    def dimension(self) -> int:
        """d, the number of coordinates."""

    @abstractmethod
    def value(self, w: Any) -> jax.Array:
        """The loss at `w`, shape (d,) or d scalars; a scalar of the same dtype."""

    def gradient(self, w: Any) -> Any:
        """The gradient at `w`, arranged like `w`: shape (d,), or d scalars."""
        return jax.grad(self.value)(w)

    def hessian(self, w: Any) -> jax.Array:
        """The Hessian at `w` (shape (d,) or d scalars), shape (d, d)."""
        vector = jnp.stack([jnp.asarray(x) for x in w]) if isinstance(w, tuple | list) else w
        return jax.hessian(self.value)(vector)

    def critical_points(self) -> "list[CriticalPoint]":
        """Critical points, minima first: the declared ones and, unless they are declared complete, those found.

        See `critical_points.critical_points`, and `critical_points.find_critical_points` for a search with options.
        """
        from .critical_points import critical_points

        return critical_points(self)

    @staticmethod
    def from_expression(
        text: str,
        variables: Sequence[str] | None = None,
        domain: Sequence[Any] | None = None,
        name: str | None = None,
    ) -> "ClosedForm":
        """A landscape from a formula, with everything derived from it.

            Landscape.from_expression("x**4/4 - x*y + y**2/2").critical_points()

        Args:
            text: The loss; see `parse_formula` for what can be written.
            variables: The coordinates in order; by default the formula's names in alphabetical order.
            domain: (low, high) for every coordinate, or one such pair for all: the window to draw, to draw starts
                from and to look for critical points in. By default (-2, 2).
            name: Short name; by default the formula.
        Returns:
            The landscape. Where the loss is real on a part of the domain only, `partial_domain` says which.
        Raises:
            FormulaError: Malformed, not real, or nowhere real on the domain; with the position and the reason.
            ValueError: `variables` or `domain` is not usable.
        """
        formula = parse_formula(text, variables)
        window = domain_of(formula, domain)
        check_real(formula, window)
        shown = " ".join(text.split())
        return ClosedForm(name or shown, text, formula.variables, domain=window, title=shown, source="user's formula")


def _static(**kwargs: Any) -> Any:
    return field(metadata={"static": True}, **kwargs)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class ClosedForm(Landscape):
    """A landscape with a formula: everything about it is derived from, and checked against, that formula.

    It has no arrays, so equal ones hash alike and share compiled code.

    Attributes:
        name: Short name, as on the command line.
        text: The loss as a formula (see `parse_formula`).
        variables: Coordinate names, in order.
        critical_sets: Declared critical points, minima first.
        domain: ((low, high), ...) per coordinate: the window to draw and to draw starts from.
        title: One line for people.
        source: Where it comes from.
        complete: Whether `critical_sets` holds every critical point in `domain`, so that nobody need search.
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
        """The formula, read (once; readings are cached)."""
        return parse_formula(self.text, self.variables)

    def value(self, w: Any) -> jax.Array:
        """The loss at `w`, shape (d,) or d scalars; a scalar of the same dtype (float64 for integers)."""
        formula, dialect = self.formula, numpy_like_dialect(jnp)
        coordinates = [dialect.variable(w[i]) for i in range(self.dimension)]
        if not formula.has_pieces:
            return formula.evaluate(coordinates, dialect)
        return differentiated_forward(lambda *x: formula.evaluate(x, dialect))(*coordinates)

    @property
    def expression(self) -> "sympy.Expr":
        """The loss as an exact SymPy expression in real symbols."""
        return self.formula.to_sympy()

    @property
    def symbolic_gradient(self) -> "tuple[sympy.Expr, ...]":
        """The gradient in SymPy, d expressions; see `symbolic.gradient`."""
        from .symbolic import gradient

        return gradient(self.formula)

    @property
    def symbolic_hessian(self) -> "sympy.ImmutableMatrix":
        """The Hessian in SymPy, a d x d matrix; see `symbolic.hessian`."""
        from .symbolic import hessian

        return hessian(self.formula)

    @property
    def partial_domain(self) -> tuple[str, ...]:
        """Conditions under which the loss is finite and real, of those that the domain does not fulfil everywhere."""
        return check_real(self.formula, domain_of(self.formula, self.domain or None))
