"""The noise that mini-batches add to the gradient of a finite sum: its covariance, exactly.

    xi_B(w) = (1/B) sum_{i in batch} grad l_i(w) - grad L(w)
    E xi_B xi_B^T = Sigma(w) / B                         examples drawn with replacement
                  = Sigma(w) / B * (n - B) / (n - 1)     without
    Sigma(w) = (1/n) sum_i (g_i - g)(g_i - g)^T,    g_i = grad l_i(w), g = grad L(w)

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
        Section 4.1; Equation (8), which is that of drawing with replacement.
"""

from typing import Any

import jax
import jax.numpy as jnp

from .finite_sum import check_count, times
from .landscape import Landscape
from .parameters import vector_of


def sample_gradients(landscape: Landscape, w: Any) -> jax.Array:
    """The gradient of every example's loss.

    Args:
        landscape: A finite sum.
        w: Shape (d,).
    Returns:
        Shape (n, d).
    Raises:
        ValueError: The landscape is no finite sum.
    """
    return _sample_gradients(_finite_sum(landscape, "sample_gradients"), w)


def noise_covariance(landscape: Landscape, w: Any, batch_size: int = 1, replace: bool = True) -> jax.Array:
    """The covariance of the gradient on a uniformly drawn mini-batch.

    Args:
        landscape: A finite sum.
        w: Shape (d,).
        batch_size: Examples per batch, >= 1, and <= n without replacement.
        replace: Whether an example may come twice.
    Returns:
        Shape (d, d). Sigma(w) with the defaults.
    Raises:
        ValueError: The landscape is no finite sum, or `batch_size` is out of range.
    """
    n = _finite_sum(landscape, "noise_covariance").n
    size = check_count("noise_covariance", "batch_size", batch_size, 1, None if replace else n)
    share = 1.0 if replace else (n - size) / max(n - 1, 1)
    return _covariance(landscape, w) * (share / size)


def _finite_sum(landscape: Landscape, function: str) -> Any:
    if not hasattr(landscape, "sample_loss"):
        raise ValueError(f"{function}: {landscape.name} is no finite sum, it has no losses of single examples")
    return landscape


@jax.jit
def _sample_gradients(landscape: Any, w: Any) -> jax.Array:
    vector = vector_of(w)
    return jax.vmap(lambda i: jax.grad(landscape.sample_loss)(vector, i))(jnp.arange(landscape.n))


@jax.jit
def _covariance(landscape: Any, w: Any) -> jax.Array:
    gradients = _sample_gradients(landscape, w)
    centred = gradients - jnp.mean(gradients, axis=0)
    return times(centred.T, centred) / landscape.n
