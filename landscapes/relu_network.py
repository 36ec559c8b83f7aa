"""One hidden layer of ReLUs fitted to twelve numbers.

    L(w) = (1/2) sum_i (f(x_i) - y_i)^2,    f(x) = sum_j c_j max(0, a_j x + b_j)

w is one vector of length 3h: input weights a, biases b, output weights c.

Notes:
    The loss is a sum; as a mean of n example losses each of these is (n/2) (f(x_i) - y_i)^2.
References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Section 4.3, Figure 7.
        https://github.com/tml-epfl/understanding-sam, one_layer_relu_nets
    [2] Blanc, Gupta, Valiant, Valiant (2020). Implicit regularization for deep neural networks driven by an
        Ornstein-Uhlenbeck like process. COLT. The data and the scales of the start.
    [3] Neyshabur, Tomioka, Srebro (2015). Norm-based capacity control in neural networks. COLT. Path norm.
    [4] Chizat, Bach (2020). Implicit bias of gradient descent for wide two-layer neural networks. COLT. Variation norm.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from .finite_sum import SquaredError, check_count
from .parameters import dtype_of, vector_of

INPUTS = np.arange(-5.5, 6.0) / 4 + 0.07
TARGETS = 0.345 + np.array([-2, 1.5, 0, 0, 2, 1, 0, -1, 0, 1, 2, -1])
SCALES = (2.5, 2.5, 4.0)
"""Of the start: |a_j|, and the standard deviations of b_j and c_j."""


class Layers(NamedTuple):
    """The parameters by layer, each of shape (h,)."""

    input_weights: jax.Array
    biases: jax.Array
    output_weights: jax.Array


class Kinks(NamedTuple):
    """Where the function of the inputs bends: one entry per hidden unit, shape (h,).

    Attributes:
        location: -b_j / a_j; infinite or NaN where a_j = 0.
        change: Slope right of it less slope left of it, c_j |a_j|.
    """

    location: jax.Array
    change: jax.Array


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class ReluNetwork(SquaredError):
    """Half the summed squared error of a one-dimensional ReLU network.

    Attributes:
        x: Inputs, shape (n,).
        y: Targets, shape (n,).
        units: Hidden units h.
    """

    x: Any
    y: Any
    units: int = field(default=100, metadata={"static": True})
    name = "relu_network"
    title = "One-dimensional ReLU network"
    source = "Andriushchenko and Flammarion (2022), Section 4.3 and Figure 7"
    window = (-5.0, 5.0)
    features = False

    @property
    def dimension(self) -> int:
        return 3 * self.units

    @property
    def scale(self) -> float:
        return self.n / 2

    def layers(self, w: Any) -> Layers:
        """The vector `w`, shape (3h,), by layer."""
        vector = vector_of(w)
        h = self.units
        return Layers(vector[:h], vector[h : 2 * h], vector[2 * h :])

    def predict(self, w: Any, x: Any) -> jax.Array:
        """f at inputs `x`, shape (m,)."""
        a, b, c = self.layers(w)
        # a sum of products, and no matrix product: batched over networks that would be many small ones
        return jnp.sum(jax.nn.relu(x[:, None] * a + b) * c, axis=-1)

    def start(self, seed: int = 0) -> jax.Array:
        """A random start, shape (3h,):  a_j = +-2.5,  b_j ~ 2.5 N(0, 1),  c_j ~ 4 N(0, 1).

        Args:
            seed: Of NumPy's generator. The authors' draws, from PyTorch's, are others of the same law.
        """
        stream = np.random.default_rng(check_count(self.name, "seed", seed, 0))
        signs = stream.choice([-1.0, 1.0], self.units)
        parts = (signs, stream.standard_normal(self.units), stream.standard_normal(self.units))
        scaled = [scale * part for scale, part in zip(SCALES, parts)]
        return jnp.asarray(np.concatenate(scaled), self.x.dtype)

    def kinks(self, w: Any) -> Kinks:
        """The places where f changes its slope, and by how much."""
        a, b, c = self.layers(w)
        return Kinks(-b / a, c * jnp.abs(a))

    def slope_variation(
        self, w: Any, low: float | None = None, high: float | None = None, cells: int = 100
    ) -> jax.Array:
        """How much f bends on an interval: the total of its slope's changes, those within one cell taken together.

            sum over cells of |sum of c_j |a_j| over the kinks in the cell|    (the integral of |f''|, for small cells)

        Args:
            w: Shape (3h,).
            low: Left end; by default the least input.
            high: Right end; by default the largest input.
            cells: Number of equal parts.
        Returns:
            A scalar.
        """
        return jnp.sum(jnp.abs(self._changes(w, low, high, cells)))

    def slope_changes(
        self, w: Any, least: float = 0.1, low: float | None = None, high: float | None = None, cells: int = 100
    ) -> jax.Array:
        """How many cells of an interval f bends in, that is, in how many its slope changes by more than `least`.

        Args:
            w: Shape (3h,).
            least: Changes up to this size do not count, in units of y per x.
            low: As in `slope_variation`.
            high: As in `slope_variation`.
            cells: As in `slope_variation`.
        Returns:
            A whole number, as a scalar.
        """
        return jnp.sum(jnp.abs(self._changes(w, low, high, cells)) > least)

    def _changes(self, w: Any, low: float | None, high: float | None, cells: int) -> jax.Array:
        """The change of slope in each cell, shape (cells,)."""
        count = check_count(self.name, "cells", cells)
        dtype = dtype_of(w)
        left = jnp.asarray(jnp.min(self.x) if low is None else low, dtype)
        right = jnp.asarray(jnp.max(self.x) if high is None else high, dtype)
        location, change = self.kinks(w)
        place = (location - left) / (right - left)
        inside = (place >= 0) & (place <= 1)
        cell = jnp.where(inside, jnp.clip(place * count, 0, count - 1), 0).astype(jnp.int32)
        return jnp.zeros(count, dtype).at[cell].add(jnp.where(inside, change, 0))

    def path_norm(self, w: Any) -> jax.Array:
        """The l1 path norm, sum_j |c_j| (|a_j| + |b_j|), a bias being the weight of a constant input 1 [3]."""
        a, b, c = self.layers(w)
        return jnp.sum(jnp.abs(c) * (jnp.abs(a) + jnp.abs(b)))

    def variation_norm(self, w: Any) -> jax.Array:
        """The bound on the F1 variation norm [4] that the weights give, sum_j |c_j| sqrt(a_j^2 + b_j^2)."""
        a, b, c = self.layers(w)
        return jnp.sum(jnp.abs(c) * jnp.hypot(a, b))


def relu_network(units: int = 100) -> ReluNetwork:
    """The network of [1], Figure 7, on its twelve points.

    Args:
        units: Hidden units; the landscape has three coordinates for each.
    Raises:
        ValueError: `units` is no whole number >= 1.
    """
    return ReluNetwork(INPUTS, TARGETS, check_count("relu_network", "units", units))
