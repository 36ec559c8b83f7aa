"""Functions of symmetric matrices, such as the square root of a covariance, with derivatives that exist.

    f(A) = V diag(f(lambda)) V^T,    A = V diag(lambda) V^T

A matrix comes as an array (d, d), or, in the engine's elementwise code, as a tuple of rows of scalars. One and two
dimensions have closed forms, which need no decomposition and stay elementwise.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from .jacobi import symmetric_eigen

Matrix = Any
"""An array (d, d), or d rows of d scalars as nested tuples; symmetric."""
Function = Callable[[jax.Array], jax.Array]


@partial(jax.custom_jvp, nondiff_argnums=(1,))
def symmetric_function(matrix: jax.Array, function: Function) -> jax.Array:
    """`function` of a symmetric matrix (d, d), by its eigenvalues.

    Args:
        matrix: Symmetric, shape (d, d).
        function: Elementwise and differentiable by JAX; a module-level function.
    Notes:
        The derivative is that of Daleckii and Krein: divided differences of `function`, and its derivative where
        eigenvalues meet. That of `jnp.linalg.eigh` is NaN there.
    """
    values, vectors = symmetric_eigen(matrix)
    return (vectors * function(values)) @ vectors.T


@symmetric_function.defjvp
def _symmetric_function_jvp(function: Function, primals: Any, tangents: Any) -> tuple[jax.Array, jax.Array]:
    (matrix,), (change,) = primals, tangents
    values, vectors = symmetric_eigen(matrix)
    image = function(values)
    difference = values[:, None] - values[None, :]
    middle = (values[:, None] + values[None, :]) / 2
    slope = jax.vmap(jax.vmap(jax.grad(lambda x: function(x))))(middle)
    # below this gap the quotient's cancellation costs more than the midpoint slope's second-order error
    scale = jnp.max(jnp.abs(values))
    apart = jnp.abs(difference) > jnp.cbrt(jnp.finfo(matrix.dtype).eps) * scale
    quotient = (image[:, None] - image[None, :]) / jnp.where(apart, difference, 1)
    inner = vectors.T @ change @ vectors * jnp.where(apart, quotient, slope)
    return (vectors * image) @ vectors.T, vectors @ inner @ vectors.T


def _root(x: jax.Array) -> jax.Array:
    return jnp.sqrt(jnp.maximum(x, 0))


def _root_of_size(x: jax.Array) -> jax.Array:
    return jnp.sqrt(jnp.abs(x))


def square_root(matrix: Matrix) -> Matrix:
    """The symmetric square root of a positive semidefinite matrix, in the layout it came in.

    Notes:
        Eigenvalues that rounding made negative count as zero. Not differentiable where the matrix is singular.
    """
    if len(matrix) == 1:
        return _pack(matrix, _root(matrix[0][0]))
    if len(matrix) == 2:
        return _pack(matrix, *_root_2(matrix[0][0], matrix[0][1], matrix[1][1]))
    return symmetric_function(_array(matrix), _root)


def root_of_size(matrix: Matrix) -> Matrix:
    """([A]^+)^(1/2) with [A]^+ = V diag(|lambda|) V^T, in the layout it came in."""
    if len(matrix) == 1:
        return _pack(matrix, _root_of_size(matrix[0][0]))
    if len(matrix) == 2:
        a, b, c = matrix[0][0], matrix[0][1], matrix[1][1]
        determinant = jnp.abs(a * c - b * b)
        # |A| is the root of A^2; the determinants of A^2 and of |A| have the roots |det A| and |det A|^(1/2)
        size = _root_2(a * a + b * b, b * (a + c), b * b + c * c, determinant)
        return _pack(matrix, *_root_2(*size, jnp.sqrt(determinant)))
    return symmetric_function(_array(matrix), _root_of_size)


def multiply(matrix: Matrix, vector: Any) -> Any:
    """The product of a matrix and a vector of the same layout; None in a row is a zero that costs nothing."""
    if isinstance(matrix, tuple):
        products = [[m * x for m, x in zip(row, vector, strict=True) if m is not None] for row in matrix]
        return tuple(sum(row[1:], row[0]) for row in products)
    return matrix @ vector


def _root_2(a: jax.Array, b: jax.Array, c: jax.Array, s: Any = None) -> tuple[Any, Any, Any]:
    """The root of [[a, b], [b, c]], by Cayley-Hamilton: (A + s I) / sqrt(tr A + 2 s) with s = sqrt(det A)."""
    s = _root(a * c - b * b) if s is None else s
    square = a + c + 2 * s
    zero = square <= 0
    scale = jnp.where(zero, 0, jax.lax.rsqrt(jnp.where(zero, 1, square)))
    return (a + s) * scale, b * scale, (c + s) * scale


def _pack(like: Matrix, *entries: jax.Array) -> Matrix:
    """The upper triangle of a symmetric matrix of one or two rows, in the layout of `like`."""
    rows = ((entries[0],),) if len(entries) == 1 else ((entries[0], entries[1]), (entries[1], entries[2]))
    return rows if isinstance(like, tuple) else jnp.stack([jnp.stack(row) for row in rows])


def _array(matrix: Matrix) -> jax.Array:
    if isinstance(matrix, tuple):
        raise TypeError("rows of scalars are for one and two dimensions; larger matrices come as arrays (d, d)")
    return matrix
