"""Derivatives in forward mode, which do not leak NaN out of a branch that was not taken.

where(x > 0, sqrt(x), 0)  at x = -1:   backward, 0 * d sqrt(x)/dx = 0 * NaN = NaN;   forward, the 0 is selected
"""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp


def differentiated_forward(function: Callable[..., jax.Array]) -> Callable[..., jax.Array]:
    """`function` of scalar coordinates, with its derivatives of every order computed in forward mode.

    `jax.grad` of the result costs one forward pass per coordinate, so this is for formulas with pieces only.

    Args:
        function: Of d scalars (or arrays of one shape, taken elementwise).
    Returns:
        The same function; `jax.grad`, `jax.hessian`, `jax.vmap` and `jax.jit` apply as usual.
    """
    wrapped = jax.custom_jvp(function)

    def partial_derivative(i: int) -> Callable[..., jax.Array]:
        def along(*w: Any) -> jax.Array:
            return jax.jvp(lambda x: function(*w[:i], x, *w[i + 1 :]), (w[i],), (jnp.ones_like(w[i]),))[1]

        return differentiated_forward(along)

    @wrapped.defjvp
    def _(primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[jax.Array, Any]:
        slopes = [partial_derivative(i)(*primals) * tangent for i, tangent in enumerate(tangents)]
        return wrapped(*primals), sum(slopes[1:], slopes[0])

    return wrapped
