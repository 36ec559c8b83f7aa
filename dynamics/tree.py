"""Norms and products of parameter trees. A tree of scalars costs no reduction, which the engine relies on.

Leaves may have different dtypes. Sums over a tree are taken in `norm_dtype`: float32 at least, whatever the leaves are.
"""

from typing import Any

import jax
import jax.numpy as jnp

Params = Any
"""A pytree of floating-point arrays: one vector for a landscape, the parameter tree of a network."""


def norm_dtype(*trees: Params) -> jnp.dtype:
    """The dtype of sums over the trees: that of their widest leaf, and float32 at least."""
    return jnp.promote_types(jnp.result_type(*jax.tree.leaves(trees)), jnp.float32)


def dot(a: Params, b: Params) -> jax.Array:
    """The Euclidean inner product of two trees of the same structure; a scalar of `norm_dtype`."""
    dtype = norm_dtype(a, b)

    def product(x: Any, y: Any) -> jax.Array:
        x, y = jnp.asarray(x, dtype), jnp.asarray(y, dtype)
        # an accelerator would else round the factors to fewer bits
        return x * y if x.ndim == 0 else jnp.vdot(x, y, precision=jax.lax.Precision.HIGHEST)

    products = [product(x, y) for x, y in zip(jax.tree.leaves(a), jax.tree.leaves(b), strict=True)]
    return sum(products[1:], products[0])


def squared_norm(a: Params) -> jax.Array:
    """The squared Euclidean norm of a tree; a scalar of `norm_dtype`."""
    return dot(a, a)


def scale(factor: Any, a: Params) -> Params:
    """`factor * a`, leaf by leaf, in at least float32; each leaf keeps its dtype."""

    def one(x: Any) -> jax.Array:
        dtype = norm_dtype(x)
        return (jnp.asarray(factor, dtype) * x.astype(dtype)).astype(x.dtype)

    return jax.tree.map(one, a)


def add(a: Params, b: Params) -> Params:
    """`a + b`, leaf by leaf."""
    return jax.tree.map(jnp.add, a, b)


def subtract(a: Params, b: Params) -> Params:
    """`a - b`, leaf by leaf."""
    return jax.tree.map(jnp.subtract, a, b)


def multiply(a: Params, b: Params) -> Params:
    """`a * b`, leaf by leaf and element by element."""
    return jax.tree.map(jnp.multiply, a, b)


def zeros_like(a: Params) -> Params:
    """A tree of zeros."""
    return jax.tree.map(jnp.zeros_like, a)


def cast_like(a: Params, like: Params) -> Params:
    """The leaves of `a` in the dtypes of those of `like`."""
    return jax.tree.map(lambda x, y: jnp.asarray(x, jnp.result_type(y)), a, like)


def select(condition: Any, a: Params, b: Params) -> Params:
    """`a` where the scalar `condition` holds, else `b`; a NaN in the branch not taken does not leak."""
    if isinstance(condition, bool):
        return a if condition else b
    return jax.tree.map(lambda x, y: jnp.where(condition, x, y), a, b)


def split_like(flat: jax.Array, like: Params) -> Params:
    """A vector cut into the leaves of a tree, in order: a tuple of d scalars and a (d,) vector get the same entries."""
    leaves, structure = jax.tree.flatten(like)
    pieces, start = [], 0
    for x in leaves:
        pieces.append(flat[start : start + x.size].reshape(x.shape).astype(x.dtype))
        start += x.size
    return jax.tree.unflatten(structure, pieces)


def size(a: Params) -> int:
    """How many numbers a tree holds."""
    return sum(x.size for x in jax.tree.leaves(a))


def inverse_norm(squared: jax.Array, epsilon: Any = None) -> jax.Array:
    """`1 / (sqrt(squared) + epsilon)`, finite at zero, so that its product with a zero vector is zero.

    The square is held above the smallest normal number of its dtype, where squaring underflows: norms below
    1.1e-19 (float32) or 1.5e-154 (float64) count as that. This is no epsilon: every larger norm is exact, up to
    1.8e19 and 1.3e154, whose squares overflow. NaN stays NaN. Without `epsilon` one reciprocal square root suffices,
    several times cheaper than a root and a division, and the guard costs one instruction, where a `jnp.where` on the
    result would make XLA compute the norm once per coordinate.

    Derivatives are finite everywhere: zero where the guard holds.
    """
    if epsilon is None:
        return _inverse_root(squared)
    return 1 / (jnp.sqrt(_guarded(squared)) + jnp.asarray(epsilon, squared.dtype))


def _tiny(squared: jax.Array) -> jax.Array:
    return jnp.asarray(jnp.finfo(squared.dtype).tiny, squared.dtype)


def _guarded(squared: jax.Array) -> jax.Array:
    return jnp.where(squared < _tiny(squared), _tiny(squared), squared)


@jax.custom_jvp
def _inverse_root(squared: jax.Array) -> jax.Array:
    return jax.lax.rsqrt(_guarded(squared))


@_inverse_root.defjvp
def _inverse_root_jvp(primals: tuple[jax.Array], tangents: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    # the built-in rule divides the root by the square, which overflows at the guard: infinity times a zero tangent
    (squared,), (change,) = primals, tangents
    root = _inverse_root(squared)
    return root, jnp.where(squared < _tiny(squared), 0, -0.5 * (root * change) * root * root)
