"""The loss on a plane through a network: towards another one, and along a random direction of normalised filters.

    f(alpha, beta) = L(w + alpha (w_target - w) + beta delta),   delta filter by filter: ||delta_i|| = ||w_i||

References:
    [1] Li, Xu, Taylor, Studer, Goldstein (2018). Visualizing the loss landscape of neural nets. NeurIPS. Section 4.
    [2] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training. Figure 14:
        three draws of the random direction.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple, get_args

import jax
import jax.numpy as jnp
import numpy as np

from ..dynamics.tree import add, scale, subtract
from .interpolation import Network, check_alike, interpolated
from .measured_loss import Batch, MeasuredLoss, mean_loss

By = Literal["filter", "layer"]
"""What a random direction is normalised by."""


class Plane(NamedTuple):
    """Losses on a grid: `loss` has shape (beta, alpha)."""

    alpha: np.ndarray
    beta: np.ndarray
    loss: np.ndarray


def normalised_direction(params: Any, seed: int, by: str = "filter") -> Any:
    """A random direction with the lengths of the network's own filters (or layers); zero for biases and norms' scales.

    Args:
        params: The network's parameters. The last axis of a kernel counts its filters (output channels), as in flax.
        seed: Of the normal entries.
        by: "filter": every filter has the length of the network's; "layer": every kernel has.
    Raises:
        ValueError: Another `by`.
    Notes:
        Leaves of fewer than two axes stay zero, as in [1]: BatchNorm makes the loss blind to the filters' lengths, and
        its own scales are no filters.
    """
    if by not in get_args(By):
        raise ValueError(f"normalised_direction: by = {by!r}; choose from {', '.join(get_args(By))}")
    leaves, structure = jax.tree.flatten(params)
    keys = jax.random.split(jax.random.key(seed), len(leaves))
    return jax.tree.unflatten(structure, [_one(w, key, by) for w, key in zip(leaves, keys, strict=True)])


def slice_plane(
    loss: MeasuredLoss,
    centre: Network,
    target: Network,
    batches: Sequence[Batch],
    alpha: Sequence[float] | np.ndarray,
    beta: Sequence[float] | np.ndarray,
    seed: int = 0,
    by: str = "filter",
    progress: Callable[[float], None] = lambda share: None,
) -> Plane:
    """The loss on the plane.

    Args:
        loss: What is measured; with normalisation "running", the statistics are interpolated along alpha.
        centre: The network at (0, 0).
        target: The network at (1, 0).
        batches: The examples.
        alpha: Shares of the way to the target.
        beta: Multiples of the random direction.
        seed: Of the random direction.
        by: How that is normalised.
        progress: Called with the share done.
    Raises:
        ValueError: Networks that are arranged differently.
    """
    check_alike("slice_plane", centre[0], target[0])
    aside = normalised_direction(centre[0], seed, by)
    across = subtract(target[0], centre[0])
    values = np.empty((len(beta), len(alpha)))
    for i, a in enumerate(alpha):
        stats = interpolated(centre[1], target[1], float(a))
        for j, b in enumerate(beta):
            point = _moved(centre[0], across, aside, jnp.float32(a), jnp.float32(b))
            values[j, i] = mean_loss(loss, point, stats, batches)
        progress((i + 1) / len(alpha))
    return Plane(np.asarray(alpha, float), np.asarray(beta, float), values)


@functools.partial(jax.jit, static_argnums=2)
def _one(w: jax.Array, key: jax.Array, by: str) -> jax.Array:
    if w.ndim < 2:
        return jnp.zeros_like(w)
    drawn = jax.random.normal(key, w.shape, w.dtype)
    axes = tuple(range(w.ndim - 1 if by == "filter" else w.ndim))
    own, length = (jnp.sqrt(jnp.sum(x**2, axis=axes, keepdims=True)) for x in (w, drawn))
    return drawn * (own / length)


@jax.jit
def _moved(centre: Any, across: Any, aside: Any, a: jax.Array, b: jax.Array) -> Any:
    return add(add(centre, scale(a, across)), scale(b, aside))
