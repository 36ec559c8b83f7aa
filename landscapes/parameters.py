"""Parameters in any arrangement: a vector (d,), d scalars, the halves of a vector, a network's tree."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree

from .landscape import Landscape


def dtype_of(w: Any) -> jnp.dtype:
    """The floating-point dtype of parameters, float64 for integers."""
    dtype = jnp.result_type(*jax.tree.leaves(w))
    return jnp.dtype(dtype if jnp.issubdtype(dtype, jnp.inexact) else jnp.float64)


def vector_of(w: Any) -> jax.Array:
    """Parameters as a vector (d,), from a vector or a sequence of d scalars; integers become float64."""
    vector = jnp.stack([jnp.asarray(v) for v in w]) if isinstance(w, tuple | list) else jnp.asarray(w)
    return vector.astype(dtype_of(vector))


def floating(w: Any) -> Any:
    """Parameters as they are arranged, with floating-point arrays for leaves; integers become float64."""
    return jax.tree.map(lambda x: jnp.asarray(x, dtype_of(x)), w)


def flattened(landscape: Landscape, w: Any) -> tuple[Callable[[jax.Array], jax.Array], jax.Array]:
    """The loss as a function of one vector, whatever the arrangement of `w`, and `w` as that vector."""
    flat, restore = ravel_pytree(floating(w))
    return lambda vector: landscape.value(restore(vector)), flat
