"""Curvature of a network's loss: extreme Hessian eigenvalues by Lanczos' method, trace and Frobenius norm by probes.

    H v = d/dt grad L(w + t v) at t = 0                                   one forward-mode pass over a gradient
    K_k = span{q, H q, ..., H^(k-1) q},   T_k = Q^T H Q = V diag(theta) V^T,   Q an orthonormal basis of K_k
    ||H y_i - theta_i y_i|| = beta_k |V_ki|,   y_i = Q V_i                the residual, which bounds the error
    tr H = E v^T H v,   ||H||_F^2 = E ||H v||^2,   v_j = +-1 independent

The largest and the smallest eigenvalue come from the same basis; the spectral norm is the larger modulus. The basis is
made orthogonal twice at every step, since Lanczos' recurrence alone forgets it. The loop runs on the host, one product
over all batches at a time, summed in their order.

References:
    [1] Parlett (1998). The symmetric eigenvalue problem. SIAM. Sections 11.7 and 13.2.
    [2] Hutchinson (1990). A stochastic estimator of the trace of the influence matrix. Communications in Statistics.
    [3] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training. Figure 3:
        the spectral norm of the Hessian.
"""

import functools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..dynamics.tree import add, dot, scale, size, split_like, squared_norm
from .measured_loss import Batch, MeasuredLoss, count

TOLERANCE = 1e-3
"""Residual at which Lanczos' method stops, as a share of the spectral norm."""
PRODUCTS = 200
"""Products at which it gives up."""
PRECISION = "highest"
"""Of float32 matrix products: on a GPU the default rounds the factors to 10 bits."""


class Extremes(NamedTuple):
    """The ends of the Hessian's spectrum.

    Attributes:
        largest: lambda_max, signed.
        smallest: lambda_min, signed.
        residuals: ||H y - lambda y|| of both; an eigenvalue lies within it.
        products: Hessian-vector products over all batches.
        converged: Both residuals are at most the tolerance times the spectral norm.
    """

    largest: float
    smallest: float
    residuals: tuple[float, float]
    products: int
    converged: bool

    @property
    def spectral_norm(self) -> float:
        """max |lambda|."""
        return max(abs(self.largest), abs(self.smallest))


class Estimate(NamedTuple):
    """A mean over random probes, and its standard error."""

    value: float
    standard_error: float


def hessian_product(
    loss: MeasuredLoss, params: Any, stats: Any, batches: Sequence[Batch], direction: Any, precision: str = PRECISION
) -> Any:
    """H v of the mean loss over all batches, arranged like the parameters.

    Args:
        loss: What is measured.
        params: Where.
        stats: BatchNorm's statistics; read with normalisation "running".
        batches: The examples, each batch normalised on its own with normalisation "batch".
        direction: v, arranged like the parameters.
        precision: Of matrix products, a name of ``jax.default_matmul_precision``.
    """
    with jax.default_matmul_precision(precision):
        total = _product(loss, params, stats, batches[0], direction)
        for batch in batches[1:]:
            total = _add(total, _product(loss, params, stats, batch, direction))
    return _divide(total, jnp.float32(count(batches)))


def extreme_eigenvalues(
    loss: MeasuredLoss,
    params: Any,
    stats: Any,
    batches: Sequence[Batch],
    *,
    tolerance: float = TOLERANCE,
    products: int = PRODUCTS,
    seed: int = 0,
    precision: str = PRECISION,
) -> Extremes:
    """The largest and the smallest Hessian eigenvalue of the mean loss.

    Args:
        loss: What is measured.
        params: Where; a tree of arrays.
        stats: BatchNorm's statistics.
        batches: The examples.
        tolerance: Residuals beta |s| at which to stop, as a share of the larger |lambda|.
        products: Hessian-vector products at which to give up; `Extremes.converged` then says so.
        seed: Of the first vector.
        precision: Of matrix products.
    Returns:
        The ends of the spectrum; NaN, not converged, where parameters or products are not finite.
    Raises:
        ValueError: A tolerance or a number of products that is not positive.
    Notes:
        The residual bounds an eigenvalue's error; with a gap to the next it is its square over the gap.
    """
    if not (tolerance > 0 and products > 0):
        raise ValueError(
            f"extreme_eigenvalues: tolerance = {tolerance!r} and products = {products!r} must be positive; "
            f"the defaults are {TOLERANCE} and {PRODUCTS}"
        )
    here = _probe(params, jax.random.key(seed), "normal")
    here = _scale(1 / math.sqrt(float(_squared_norm(here))), here)
    basis, alpha, beta = [here], [], []
    dimension = size(params)
    while True:
        image = hessian_product(loss, params, stats, batches, here, precision)
        alpha.append(float(_dot(here, image)))
        for _ in range(2):
            for vector in basis:
                image = _without(image, vector)
        length = math.sqrt(float(_squared_norm(image)))
        if not (math.isfinite(alpha[-1]) and math.isfinite(length)):
            return Extremes(math.nan, math.nan, (math.nan, math.nan), len(alpha), False)
        values, vectors = np.linalg.eigh(np.diag(alpha) + np.diag(beta, 1) + np.diag(beta, -1))
        residuals = length * np.abs(vectors[-1])
        norm = float(np.abs(values).max())
        # what is left of a whole Krylov space is rounding, which has no direction worth following
        closed = length <= 1e-6 * norm or len(alpha) == dimension
        converged = closed or bool(max(residuals[0], residuals[-1]) <= tolerance * norm)
        if converged or len(alpha) == products:
            ends = (float(residuals[-1]), float(residuals[0]))
            return Extremes(float(values[-1]), float(values[0]), ends, len(alpha), converged)
        beta.append(length)
        here = _scale(1 / length, image)
        basis.append(here)


def trace_and_frobenius(
    loss: MeasuredLoss,
    params: Any,
    stats: Any,
    batches: Sequence[Batch],
    *,
    probes: int = 32,
    seed: int = 0,
    precision: str = PRECISION,
) -> tuple[Estimate, Estimate]:
    """The Hessian's trace and Frobenius norm, estimated from the same products with random signs.

    Args:
        loss: What is measured.
        params: Where.
        stats: BatchNorm's statistics.
        batches: The examples.
        probes: Products, at least 2, without which there is no standard error.
        seed: Of the signs.
        precision: Of matrix products.
    Returns:
        tr H and ||H||_F with standard errors; that of the norm is the square's, over twice the norm.
    Raises:
        ValueError: Fewer than two probes.
    """
    if probes < 2:
        raise ValueError(f"trace_and_frobenius: probes = {probes}; a standard error needs at least 2")
    along, squares = np.empty(probes), np.empty(probes)
    for i in range(probes):
        signs = _probe(params, jax.random.fold_in(jax.random.key(seed), i), "signs")
        image = hessian_product(loss, params, stats, batches, signs, precision)
        along[i], squares[i] = float(_dot(signs, image)), float(_squared_norm(image))
    spread = math.sqrt(probes)
    norm = math.sqrt(squares.mean())
    error = float(squares.std(ddof=1)) / spread / (2 * norm) if norm else 0.0
    return Estimate(float(along.mean()), float(along.std(ddof=1)) / spread), Estimate(norm, error)


@functools.partial(jax.jit, static_argnums=0)
def _product(loss: MeasuredLoss, params: Any, stats: Any, batch: Batch, direction: Any) -> Any:
    """The Hessian of the batch's total loss times a direction."""
    gradient = jax.grad(lambda w: loss.total(w, stats, batch))
    return jax.jvp(gradient, (params,), (direction,))[1]


@jax.jit
def _divide(tree: Any, n: jax.Array) -> Any:
    return scale(1 / n, tree)


@jax.jit
def _without(image: Any, unit: Any) -> Any:
    """The part of a tree that is orthogonal to a unit tree."""
    return add(image, scale(-dot(unit, image), unit))


@functools.partial(jax.jit, static_argnums=2)
def _probe(params: Any, key: jax.Array, kind: str) -> Any:
    """A random tree like the parameters: normal entries, or signs."""
    draw = jax.random.normal if kind == "normal" else jax.random.rademacher
    # one draw, cut into leaves: a generator for every shape would take long to compile
    return split_like(draw(key, (size(params),), jnp.float32), params)


_dot, _squared_norm, _scale, _add = jax.jit(dot), jax.jit(squared_norm), jax.jit(scale), jax.jit(add)
