"""Landscapes made from data: a mean of one loss per example.

L(w) = (1/n) sum_i l_i(w)
"""

from abc import abstractmethod
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .landscape import Landscape
from .parameters import dtype_of


class FiniteSum(Landscape):
    """A mean over examples (x_i, y_i).

    A subclass is a frozen dataclass with the arrays `x`, shape (n, ...), and `y`, shape (n,); it gives `dimension` and
    `losses`. The data are leaves of the pytree, so landscapes of one shape share compiled code and can be stacked:
    ``jax.tree.map(lambda *a: jnp.stack(a), *landscapes)`` is a landscape to `jax.vmap` over.

    The data are cast to the dtype of `w` where they meet it; a float32 run saves that with
    ``jax.tree.map(lambda a: a.astype("float32"), landscape)``.

    Attributes:
        x: Inputs; NumPy arrays and lists are taken over as JAX arrays, integers as float64.
        y: Targets, likewise.
        title: One line for people.
        source: Where it comes from.
        window: (low, high) in every coordinate, to draw starts from.
        features: Whether an input is a vector, or else a number.
    """

    x: Any
    y: Any
    title: str = ""
    source: str = ""
    window: tuple[float, float] = (-1.0, 1.0)
    features: bool = True

    def __post_init__(self) -> None:
        # JAX rebuilds landscapes with leaves of its own through here: only what a user gave is converted and checked
        given = [name for name in ("x", "y") if isinstance(getattr(self, name), np.ndarray | list)]
        for name in given:
            array = np.asarray(getattr(self, name))
            object.__setattr__(self, name, jnp.asarray(array if array.dtype.kind == "f" else array.astype(np.float64)))
        if len(given) == 2:
            self._check(self.x, self.y)

    def _check(self, x: jax.Array, y: jax.Array) -> None:
        if (x.shape[:-1] if self.features else x.shape) != y.shape or not y.size:
            wanted = "(n, p)" if self.features else "(n,)"
            raise ValueError(f"{self.name}: needs x of shape {wanted} and y of shape (n,), got {x.shape} and {y.shape}")

    @abstractmethod
    def losses(self, w: Any, x: Any, y: Any) -> jax.Array:
        """The losses at `w` on examples `x`, shape (m, ...), `y`, shape (m,); shape (m,)."""

    @property
    def n(self) -> int:
        """How many examples."""
        return self.y.shape[-1]

    @property
    def domain(self) -> tuple[tuple[float, float], ...]:
        """((low, high), ...) per coordinate, to draw starts from."""
        return (self.window,) * self.dimension

    def value(self, w: Any) -> jax.Array:
        """The mean loss at `w`; a scalar of the same dtype."""
        return self.test_loss(w, self.x, self.y)

    def sample_loss(self, w: Any, i: Any) -> jax.Array:
        """The loss on example `i`, 0 <= i < n; their mean is `value`."""
        dtype = dtype_of(w)
        return self.losses(w, self.x[i].astype(dtype)[None], self.y[i].astype(dtype)[None])[0]

    def test_loss(self, w: Any, x: Any, y: Any) -> jax.Array:
        """The mean loss on other examples `x`, shape (m, ...), `y`, shape (m,).

        Raises:
            ValueError: The shapes do not fit each other.
        """
        dtype = dtype_of(w)
        inputs, targets = jnp.asarray(x, dtype), jnp.asarray(y, dtype)
        self._check(inputs, targets)  # a y of shape (m, 1) would broadcast to a wrong loss
        return jnp.mean(self.losses(w, inputs, targets))


class SquaredError(FiniteSum):
    """A mean of squared errors,  l_i(w) = c (f(w; x_i) - y_i)^2.

    A subclass gives the model f as `predict`, and the constant c as `scale`.
    """

    @property
    def scale(self) -> float:
        """The constant c."""
        return 0.5

    @abstractmethod
    def predict(self, w: Any, x: Any) -> jax.Array:
        """The model's outputs on inputs `x`, shape (m, ...) and of the dtype of `w`; shape (m,)."""

    def losses(self, w: Any, x: Any, y: Any) -> jax.Array:
        """The squared errors on examples `x`, shape (m, ...), `y`, shape (m,), times `scale`; shape (m,)."""
        return self.scale * (self.predict(w, x) - y) ** 2


def times(matrix: jax.Array, vector: jax.Array) -> jax.Array:
    """A matrix product in full precision: an accelerator would else round the factors of float32 to fewer bits."""
    return jnp.matmul(matrix, vector, precision=jax.lax.Precision.HIGHEST)


def check_count(landscape: str, argument: str, value: int, low: int = 1, high: int | None = None) -> int:
    """`value`, if it is a whole number from `low` to `high`.

    Raises:
        ValueError: It is not.
    """
    if isinstance(value, bool) or int(value) != value or value < low or (high is not None and value > high):
        wanted = f">= {low}" if high is None else f"from {low} to {high}"
        raise ValueError(f"{landscape}: {argument} must be a whole number {wanted}, got {value!r}")
    return int(value)
