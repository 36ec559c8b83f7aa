"""How far the loss rises within a distance rho: m-sharpness, and the rise along the gradient.

    s_m(w) = mean over batches S of size m of  max_{||delta|| <= rho} L_S(w + delta) - L_S(w)
    L_S    = mean of l_i over i in S

The maximum is sought by projected gradient ascent with steps of a fixed length:

    delta+ = P_rho(delta + a grad L_S(w + delta) / ||grad L_S(w + delta)||),    P_rho: onto the ball of radius rho

References:
    [1] Foret, Kleiner, Mobahi, Neyshabur (2021). Sharpness-aware minimization for efficiently improving generalization.
        ICLR.
    [2] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Equation (1), Figure 3;
        Appendix D: 100 steps of length 0.1 rho.
"""

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree

from .finite_sum import check_count
from .landscape import Landscape
from .parameters import floating

LENGTH = 0.1
"""Length of a step of the ascent, as a share of rho."""


def ascent_sharpness(landscape: Landscape, w: Any, rho: Any) -> jax.Array:
    """The rise of the loss along the gradient,  L(w + rho g / ||g||) - L(w),  which SAM's single step sees.

    Args:
        landscape: Any.
        w: Where: a vector (d,), d scalars, or any pytree that the landscape takes.
        rho: Distance, >= 0.
    Returns:
        A scalar; 0 where g = 0, since there SAM does not perturb. Negative where the loss turns down before rho.
    Raises:
        ValueError: `rho` is negative.
    """
    _check_radius("ascent_sharpness", rho)
    return jnp.mean(_rises(landscape, w, rho, None, None, None, 1, 1.0, last=True))


def m_sharpness(
    landscape: Landscape,
    w: Any,
    rho: Any,
    m: int | None = None,
    steps: int = 100,
    length: float | None = None,
    order: Any = None,
    key: jax.Array | None = None,
) -> jax.Array:
    """The m-sharpness at `w`.

    Args:
        landscape: Any; a finite sum, if `m` is given.
        w: Where: a vector (d,), d scalars, or any pytree that the landscape takes.
        rho: Radius of the ball, >= 0.
        m: Examples per batch; by default all, which is the sharpness of L itself.
        steps: Of the ascent; with 1, the single full step of SAM, of length rho.
        length: Of a step, as a share of rho; by default 0.1, and 1 for a single step.
        order: The examples in the order in which batches are cut from them, a permutation of 0 ... n - 1; by default as
            they stand. If m does not divide n, the last batch is smaller.
        key: For a second ascent of every batch, from a random point at distance rho.
    Returns:
        A scalar >= 0.
    Raises:
        ValueError: `rho`, `m`, `steps` or `order` is out of range, or `m` given for a landscape without examples.
    Notes:
        Each maximum is the largest value met on the way, a lower bound of the true one; [2] takes the last value.
        Where the gradient vanishes, at a minimum say, an ascent from w does not move: pass a `key` there.
    """
    _check_radius("m_sharpness", rho)
    count = check_count("m_sharpness", "steps", steps)
    share = (1.0 if count == 1 else LENGTH) if length is None else length
    examples = weights = None
    if m is not None:
        if not hasattr(landscape, "sample_loss"):
            raise ValueError(
                f"m_sharpness: {landscape.name} has no examples: leave m out for the sharpness of its loss"
            )
        examples, weights = _batches(landscape, check_count("m_sharpness", "m", m, 1, _size(landscape)), order)
    return jnp.mean(_rises(landscape, w, rho, examples, weights, key, count, share))


def _check_radius(function: str, rho: Any) -> None:
    if isinstance(rho, int | float) and not 0 <= rho < np.inf:
        raise ValueError(f"{function}: rho must be a finite number >= 0, got {rho!r}")


def _size(landscape: Any) -> int:
    return landscape.n


def _batches(landscape: Landscape, m: int, order: Any) -> tuple[np.ndarray, np.ndarray]:
    """Example numbers by batch, shape (b, m), and their weights: 0 for those that only fill up the last batch."""
    n = _size(landscape)
    numbers = np.arange(n) if order is None else np.asarray(order)
    if not np.array_equal(np.sort(numbers), np.arange(n)):
        raise ValueError(f"m_sharpness: order must be a permutation of 0 ... {n - 1}, got {order!r}")
    rows = -(-n // m)
    padded = np.concatenate([numbers, np.full(rows * m - n, numbers[-1])]).reshape(rows, m)
    weights = (np.arange(rows * m) < n).reshape(rows, m)
    return padded, weights / weights.sum(axis=1, keepdims=True)


@functools.partial(jax.jit, static_argnames="last")
def _rises(
    landscape: Landscape,
    w: Any,
    rho: Any,
    examples: Any,
    weights: Any,
    key: jax.Array | None,
    steps: Any,
    length: Any,
    last: bool = False,
) -> jax.Array:
    """max L_S - L_S(w) for every batch, shape (b,)."""
    flat, restore = ravel_pytree(floating(w))
    radius = jnp.asarray(rho, flat.dtype)

    def ascend(batch: Any, start: jax.Array) -> jax.Array:
        def loss(delta: jax.Array) -> jax.Array:
            point = restore(flat + delta)
            if batch is None:
                return landscape.value(point)
            losses = jax.vmap(lambda i: _sample_loss(landscape, point, i))(batch[0])
            return jnp.sum(batch[1].astype(losses.dtype) * losses)

        slope = jax.value_and_grad(loss)

        def step(_: Any, state: Any) -> Any:
            delta, best = state
            value, g = slope(delta)
            moved = delta + radius * length * g * _inverse(g)
            # a point within round-off of the sphere is on it
            moved = moved * jnp.minimum(1, radius * _inverse(moved))
            return moved, jnp.maximum(best, value)

        here = loss(jnp.zeros_like(flat))
        delta, best = jax.lax.fori_loop(0, steps, step, (start, here))
        end = loss(delta)
        return (end if last else jnp.maximum(best, end)) - here

    def one(batch: Any, number: Any) -> jax.Array:
        rise = ascend(batch, jnp.zeros_like(flat))
        if key is None:
            return rise
        direction = jax.random.normal(jax.random.fold_in(key, number), flat.shape, flat.dtype)
        return jnp.maximum(rise, ascend(batch, radius * direction * _inverse(direction)))

    if examples is None:
        return one(None, 0)[None]
    return jax.vmap(one)((jnp.asarray(examples), jnp.asarray(weights)), jnp.arange(len(examples)))


def _sample_loss(landscape: Any, w: Any, i: jax.Array) -> jax.Array:
    return landscape.sample_loss(w, i)


def _inverse(vector: jax.Array) -> jax.Array:
    """1 / ||v||, and 0 for v = 0."""
    square = jnp.sum(vector**2)
    return jnp.where(square > 0, jax.lax.rsqrt(jnp.where(square > 0, square, 1)), 0)
