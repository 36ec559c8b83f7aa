"""Tanh-tanh on several inputs: a finite sum whose minima all examples share, so that its gradient noise dies out there.

    L(u, v) = (1/2n) sum_i (tanh(v tanh(u x_i)) - y_i)^2

Notes:
    [1] has one example, x = 1, y = 0 (`tanh_tanh`), which has no noise. The ten inputs here are ours.
References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
        Example 4.1, Figure 4b.
"""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .finite_sum import SquaredError, check_count


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class TanhTanhSum(SquaredError):
    """Two weights w = (u, v) in series, each with a tanh.

    Attributes:
        x: Inputs, shape (n,).
        y: Targets, shape (n,).
    """

    x: Any
    y: Any
    name = "tanh_tanh_sum"
    title = "Tanh-tanh valley, finite sum"
    source = "Zhou et al. (2025), Example 4.1; inputs ours"
    window = (-3.0, 3.0)
    features = False

    @property
    def dimension(self) -> int:
        return 2

    def predict(self, w: Any, x: Any) -> jax.Array:
        """tanh(v tanh(u x_i)) for inputs of shape (m,)."""
        return jnp.tanh(w[1] * jnp.tanh(w[0] * x))


def tanh_tanh_sum(n: int = 10) -> TanhTanhSum:
    """The landscape on `n` inputs evenly spaced from 0.2 to 2, with targets 0.

    Raises:
        ValueError: `n` is no whole number >= 1.
    """
    n = check_count("tanh_tanh_sum", "n", n)
    return TanhTanhSum(np.linspace(0.2, 2.0, n), np.zeros(n))
