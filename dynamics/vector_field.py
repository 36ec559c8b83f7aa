"""The velocities of the flows: minus a gradient, taken where the method takes it.

    gradient   dw/dt = -grad L(w)
    usam       dw/dt = -grad L(w + rho grad L(w))                              (n-SAM: the same, over all examples)
    sam        dw/dt = -grad L(w + rho grad L(w) / ||grad L(w)||)
    one_sam    dw/dt = -(1/n) sum_i grad l_i(w + rho grad l_i(w))

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Equations 9 to 11.
    [2] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Equations 5, 7, 16.
"""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..landscapes.landscape import Landscape
from .arguments import choose
from .tree import Params, add, inverse_norm, scale, squared_norm

KINDS = ("gradient", "usam", "sam", "n_sam", "one_sam")
"""`n_sam` is another name for `usam`: on the whole sum, the ascent over all examples follows the full gradient."""


def check_kind(function: str, landscape: Landscape, kind: str, rho: Any, kinds: tuple[str, ...] = KINDS) -> str:
    """The canonical name of a kind of flow.

    Raises:
        ValueError: Unknown kind, a radius for the gradient flow, or 1-SAM on a landscape that is no finite sum.
    """
    name = choose(f"{function}: kind", kind, kinds)
    if name == "gradient" and jnp.any(jnp.asarray(rho) != 0):
        raise ValueError(f"{function}: the gradient flow takes no rho, got {rho!r}: choose kind='usam' or kind='sam'")
    if name == "one_sam" and not hasattr(landscape, "sample_loss"):
        raise ValueError(
            f"{function}: kind 'one_sam' ascends example by example, and {landscape.name} is no finite sum: use 'usam'"
        )
    return "usam" if name == "n_sam" else name


def with_dtype(landscape: Any, dtype: Any) -> Any:
    """The landscape with its floating-point data in `dtype`, so that a float32 state stays float32."""
    return jax.tree.map(
        lambda x: np.asarray(x, dtype) if jnp.issubdtype(jnp.result_type(x), jnp.floating) else x, landscape
    )


def perturbed(landscape: Landscape, kind: str, rho: Any, w: Params) -> Params:
    """w_adv of the kinds "gradient" (w itself), "usam" and "sam"; a vector (d,) or a tuple of d scalars, like `w`."""
    if kind == "gradient":
        return w
    gradient = jax.grad(landscape.value)(w)
    if kind == "usam":
        return add(w, scale(rho, gradient))
    if kind != "sam":
        raise ValueError(f"perturbed: kind is 'gradient', 'usam' or 'sam', as `check_kind` returns it; got {kind!r}")
    return add(w, scale(rho * inverse_norm(squared_norm(gradient)), gradient))


def velocity(landscape: Any, kind: str, rho: Any, w: Params) -> Params:
    """dw/dt at `w`.

    Args:
        landscape: What is descended; a finite sum for "one_sam".
        kind: From `check_kind`.
        rho: Radius, a scalar of the dtype of `w`; unused by "gradient".
        w: A vector (d,), or a tuple of d scalars.
    Returns:
        The velocity, like `w`.
    Raises:
        ValueError: A kind that is none of `check_kind`'s answers.
    Notes:
        Where the gradient is zero, "sam" does not perturb: our convention; its velocity has no limit there.
    """
    if kind != "one_sam":
        return scale(-1.0, jax.grad(landscape.value)(perturbed(landscape, kind, rho, w)))

    def one(i: jax.Array) -> jax.Array:
        gradient = jax.grad(landscape.sample_loss)
        return gradient(add(w, scale(rho, gradient(w, i))), i)

    return -jnp.mean(jax.vmap(one)(jnp.arange(landscape.n)), axis=0)


def composed_velocity(landscape: Landscape, kind: str, rho: Any, w: Params) -> Params:
    """-grad_w [ L(w_adv(w)) ]: the derivative goes through the perturbation as well.

    Kim et al. (2023) use this in the proof of Theorem 2, where ∇l(w^p) becomes H (I + rho H)^2 w, although Eqs. 6 and
    11 print the gradient *at* w^p, which is H (I + rho H) w there.
    """
    return scale(-1.0, jax.grad(lambda x: landscape.value(perturbed(landscape, kind, rho, x)))(w))
