"""Norms and products of parameter trees. A tree of scalars costs no reduction, which the engine relies on."""

from typing import Any

import jax
import jax.numpy as jnp

Params = Any
"""A pytree of floating-point arrays: one vector for a landscape, the parameter tree of a network."""


def dot(a: Params, b: Params) -> jax.Array:
    """The Euclidean inner product of two trees of the same structure; a scalar."""
    products = [
        x * y if jnp.ndim(x) == 0 else jnp.vdot(x, y)
        for x, y in zip(jax.tree.leaves(a), jax.tree.leaves(b), strict=True)
    ]
    return sum(products[1:], products[0])


def squared_norm(a: Params) -> jax.Array:
    """The squared Euclidean norm of a tree; a scalar."""
    return dot(a, a)


def scale(factor: Any, a: Params) -> Params:
    """`factor * a`, leaf by leaf; the factor takes each leaf's dtype."""
    return jax.tree.map(lambda x: jnp.asarray(factor, x.dtype) * x, a)


def add(a: Params, b: Params) -> Params:
    """`a + b`, leaf by leaf."""
    return jax.tree.map(jnp.add, a, b)


def subtract(a: Params, b: Params) -> Params:
    """`a - b`, leaf by leaf."""
    return jax.tree.map(jnp.subtract, a, b)


def zeros_like(a: Params) -> Params:
    """A tree of zeros."""
    return jax.tree.map(jnp.zeros_like, a)


def select(condition: Any, a: Params, b: Params) -> Params:
    """`a` where the scalar `condition` holds, else `b`; a NaN in the branch not taken does not leak."""
    return jax.tree.map(lambda x, y: jnp.where(condition, x, y), a, b)


def inverse_norm(squared: jax.Array, epsilon: Any = None) -> jax.Array:
    """`1 / (sqrt(squared) + epsilon)`, finite at zero, so that its product with a zero vector is zero.

    The square is held above the smallest normal number of its dtype, where squaring underflows: norms below
    1.1e-19 (float32) or 1.5e-154 (float64) count as that. This is no epsilon: every larger norm is exact. NaN stays
    NaN. Without `epsilon` one reciprocal square root suffices, several times cheaper than a root and a division, and
    the guard costs one instruction, where a `jnp.where` on the result would make XLA compute the norm once per
    coordinate.
    """
    tiny = jnp.asarray(jnp.finfo(squared.dtype).tiny, squared.dtype)
    guarded = jnp.where(squared < tiny, tiny, squared)
    if epsilon is None:
        return jax.lax.rsqrt(guarded)
    return 1 / (jnp.sqrt(guarded) + jnp.asarray(epsilon, squared.dtype))
