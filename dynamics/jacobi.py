"""Eigenvalues of small symmetric matrices by Jacobi rotations: plain arithmetic that batches and runs in any loop.

XLA:CPU's batched `eigh` hands its matrices to the thread pool that it runs on and waits for them: two programs at once
on a pool of two wait for each other for ever (jaxlib 0.10.2), and on many cores it corrupts the heap (jax issue 39292).
The engine runs one program per core, so its bodies must not call LAPACK.

References:
    [1] Brent, Luk (1985). The solution of singular-value and symmetric eigenvalue problems on multiprocessor arrays.
        SIAM J. Sci. Stat. Comput. 6. (The order of the rotations.)
    [2] Golub, Van Loan (2013). Matrix Computations, 4th ed. Section 8.5. (The rotation, and its convergence.)
"""

import math

import jax
import jax.numpy as jnp
import numpy as np


def symmetric_eigen(matrix: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Eigenvalues (d,), in no order, and eigenvectors (d, d), in columns, of a symmetric matrix (d, d).

    Notes:
        Rotations of disjoint pairs are made together. The number of sweeps is fixed, at what double precision takes
        with some to spare (convergence is quadratic); a NaN or infinity in the matrix comes out as NaN.
    """
    d = matrix.shape[0]
    n = d + d % 2  # rows pair off: an odd one gets a zero row, which no rotation touches
    a = jnp.pad(matrix, (0, n - d))
    order = _next_pairs(n)

    def one(_: jax.Array, state: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        a, vectors = state
        cosine, sine = _rotations(jnp.diagonal(a)[0::2], jnp.diagonal(a)[1::2], jnp.diagonal(a, 1)[0::2])
        a = _rotate_rows(_rotate_rows(a, cosine, sine).T, cosine, sine)
        vectors = _rotate_rows(vectors, cosine, sine)
        return a[order][:, order], vectors[order]

    sweeps = 5 + math.ceil(math.log2(n))
    a, vectors = jax.lax.fori_loop(0, sweeps * max(1, n - 1), one, (a, jnp.eye(n, dtype=a.dtype)))
    # whole sweeps bring every row back to its place, the padding to the end
    return jnp.diagonal(a)[:d], vectors[:d, :d].T


def _next_pairs(n: int) -> np.ndarray:
    """Which row comes to each place, so that neighbours (0, 1), (2, 3), ... are paired anew: n - 1 rounds pair all."""
    upper, lower = list(range(0, n, 2)), list(range(1, n, 2))
    if n == 2:
        return np.array([0, 1])
    upper, lower = [upper[0], lower[0], *upper[1:-1]], [*lower[1:], upper[-1]]
    return np.array([upper, lower]).T.ravel()


def _rotations(p: jax.Array, q: jax.Array, off: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Cosines and sines that make the off-diagonal entries of [[p, off], [off, q]] zero, by angles up to 45 degrees."""
    zero = off == 0
    slope = (q - p) / (2 * jnp.where(zero, 1, off))
    tangent = jnp.where(slope < 0, -1, 1) / (jnp.abs(slope) + jnp.hypot(slope, 1))
    tangent = jnp.where(zero, 0, tangent)
    cosine = jax.lax.rsqrt(1 + tangent * tangent)
    return cosine, tangent * cosine


def _rotate_rows(a: jax.Array, cosine: jax.Array, sine: jax.Array) -> jax.Array:
    """Neighbouring rows (p, q) become (c p - s q, s p + c q)."""
    p, q = a[0::2], a[1::2]
    c, s = cosine[:, None], sine[:, None]
    return jnp.stack([c * p - s * q, s * p + c * q], axis=1).reshape(a.shape)
