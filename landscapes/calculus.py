"""Derivatives and sharpness of any landscape.

    g = grad L(w),    H = Hessian of L at w with eigenvalues lambda_1 <= ... <= lambda_d
    sharpness = lambda_d (signed),   trace = sum lambda_i,   ||H||_F = sqrt(sum lambda_i^2),   ||H||_2 = max |lambda_i|

Every function takes the landscape as an argument, so that its data are no constants in compiled code:
``jax.jit(jax.vmap(sharpness, in_axes=(None, 0)))(landscape, ws)``. Parameters `w` are a vector (d,), d scalars, or any
pytree that the landscape takes; matrices and vectors of eigenvalues refer to its entries in order.

Eigenvalues are computed from the full matrix up to `DENSE` coordinates, and inside `jax.jit` and `jax.vmap`; otherwise
by the Lanczos method on Hessian-vector products. Trace and Frobenius norm are exact: d such products, in groups.

References:
    [1] Lehoucq, Sorensen, Yang (1998). ARPACK users' guide. SIAM. Through `scipy.sparse.linalg.eigsh`.
    [2] Pearlmutter (1994). Fast exact multiplication by the Hessian. Neural Computation 6.
"""

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.core
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree

from .landscape import Landscape
from .loss_rise import ascent_sharpness as ascent_sharpness, m_sharpness as m_sharpness
from .parameters import flattened, floating

DENSE = 500
"""Coordinates up to which eigenvalues are computed from the full Hessian."""
GROUP = 64
"""Hessian columns computed at once."""


def gradient(landscape: Landscape, w: Any) -> Any:
    """The gradient at `w`, arranged like `w`."""
    return _gradient(landscape, w)


def hessian(landscape: Landscape, w: Any) -> jax.Array:
    """The Hessian at `w`, shape (d, d)."""
    return _hessian(landscape, w)


def hessian_vector_product(landscape: Landscape, w: Any, v: Any) -> Any:
    """H v at `w`, arranged like `w`; costs about two gradients.

    Args:
        landscape: Any.
        w: Where.
        v: The direction, arranged like `w`.
    """
    return _product(landscape, w, v)


def eigenvalues(landscape: Landscape, w: Any) -> jax.Array:
    """All Hessian eigenvalues at `w`, ascending, shape (d,); from the full matrix, in any dimension."""
    return jnp.linalg.eigvalsh(_hessian(landscape, w))


def extreme_eigenvalues(
    landscape: Landscape, w: Any, count: int = 1, end: str = "largest"
) -> tuple[np.ndarray, np.ndarray]:
    """A few Hessian eigenvalues at one end of the spectrum with their eigenvectors, by the Lanczos method.

    Args:
        landscape: Any.
        w: Where; not inside `jax.jit` or `jax.vmap`.
        count: How many, < d.
        end: "largest", "smallest", "both" (half from each), or largest in "magnitude".
    Returns:
        Eigenvalues ascending, shape (count,), and eigenvectors as columns in the same order, shape (d, count).
    Raises:
        ValueError: `count` or `end` is not usable.
        scipy.sparse.linalg.ArpackNoConvergence: The eigenvalues asked for are too close to others.
    Notes:
        Converged to the round-off of the dtype of `w`. The first vector is random with a fixed seed.
    """
    from scipy.sparse.linalg import LinearOperator, eigsh

    ends = {"largest": "LA", "smallest": "SA", "both": "BE", "magnitude": "LM"}
    flat = ravel_pytree(floating(w))[0]
    d = flat.shape[0]
    if end not in ends or not 1 <= count < d:
        raise ValueError(
            f"extreme_eigenvalues: end must be one of {', '.join(ends)} and count from 1 to {d - 1}, "
            f"got {end!r} and {count!r}; use eigenvalues() for all of them"
        )
    dtype = np.dtype(flat.dtype)

    def product(v: np.ndarray) -> np.ndarray:
        return np.asarray(_flat_product(landscape, w, jnp.asarray(v.reshape(d), dtype)))

    # a plain array carries its dtype; the operator's own argument of that name is absent from SciPy's annotations
    operator = LinearOperator((d, d), matvec=product, dtype=dtype)  # pyright: ignore[reportCallIssue]
    first = np.random.default_rng(0).standard_normal(d).astype(dtype)
    values, vectors = eigsh(operator, k=count, which=ends[end], v0=first)
    order = np.argsort(values)
    return values[order], vectors[:, order]


def sharpness(landscape: Landscape, w: Any) -> jax.Array:
    """The largest Hessian eigenvalue at `w`, signed; a scalar."""
    return _extreme(landscape, w, "largest", lambda values: values[-1])


def spectral_norm(landscape: Landscape, w: Any) -> jax.Array:
    """The largest |eigenvalue| of the Hessian at `w`; a scalar."""
    return _extreme(landscape, w, "magnitude", lambda values: jnp.max(jnp.abs(values)))


def trace(landscape: Landscape, w: Any) -> jax.Array:
    """The trace of the Hessian at `w`; a scalar."""
    return _over_columns(landscape, w, _diagonal_entry)


def frobenius_norm(landscape: Landscape, w: Any) -> jax.Array:
    """The Frobenius norm of the Hessian at `w`; a scalar."""
    return jnp.sqrt(_over_columns(landscape, w, _squared_length))


def ascent_curvature(landscape: Landscape, w: Any) -> jax.Array:
    """The curvature along the gradient, g^T H g / ||g||^2; a scalar, NaN where g = 0."""
    return _ascent_curvature(landscape, w)


def _extreme(landscape: Landscape, w: Any, end: str, pick: Callable[[jax.Array], jax.Array]) -> jax.Array:
    leaves = jax.tree.leaves((landscape, w))
    traced = any(isinstance(x, jax.core.Tracer) for x in leaves)
    if traced or sum(np.size(x) for x in jax.tree.leaves(w)) <= DENSE:
        return pick(eigenvalues(landscape, w))
    return pick(jnp.asarray(extreme_eigenvalues(landscape, w, 1, end)[0]))


def _diagonal_entry(i: jax.Array, column: jax.Array) -> jax.Array:
    return column[i]


def _squared_length(i: jax.Array, column: jax.Array) -> jax.Array:
    return jnp.sum(column**2)


@functools.partial(jax.jit, static_argnames="number")
def _over_columns(landscape: Landscape, w: Any, number: Callable[[jax.Array, jax.Array], jax.Array]) -> jax.Array:
    """The sum of a number of each Hessian column, in groups, so that the matrix is never whole in memory."""
    loss, flat = flattened(landscape, w)
    slope = jax.grad(loss)

    def one(i: jax.Array) -> jax.Array:
        unit = jnp.zeros_like(flat).at[i].set(1)
        return number(i, jax.jvp(slope, (flat,), (unit,))[1])

    d = flat.shape[0]
    return jnp.sum(jax.lax.map(one, jnp.arange(d), batch_size=min(GROUP, d)))


@jax.jit
def _hessian(landscape: Landscape, w: Any) -> jax.Array:
    loss, flat = flattened(landscape, w)
    return jax.hessian(loss)(flat)


@jax.jit
def _gradient(landscape: Landscape, w: Any) -> Any:
    return jax.grad(landscape.value)(floating(w))


@jax.jit
def _product(landscape: Landscape, w: Any, v: Any) -> Any:
    point = floating(w)
    direction = jax.tree.map(lambda x, like: jnp.asarray(x, like.dtype), v, point)
    return jax.jvp(jax.grad(landscape.value), (point,), (direction,))[1]


@jax.jit
def _flat_product(landscape: Landscape, w: Any, v: jax.Array) -> jax.Array:
    loss, flat = flattened(landscape, w)
    return jax.jvp(jax.grad(loss), (flat,), (v,))[1]


@jax.jit
def _ascent_curvature(landscape: Landscape, w: Any) -> jax.Array:
    loss, flat = flattened(landscape, w)
    g = jax.grad(loss)(flat)
    along = jax.jvp(jax.grad(loss), (flat,), (g,))[1]
    return jnp.vdot(g, along) / jnp.vdot(g, g)
