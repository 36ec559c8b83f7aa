"""The search behind `find_critical_points`: where the gradient vanishes, and what kind of place that is.

    z+ = z - Q diag(lambda / (lambda^2 + mu)) Q^T g,      Hessian = Q diag(lambda) Q^T

Levenberg and Marquardt's step for the equation gradient = 0. It has no preference for minima, converges quadratically
where the Hessian is regular, still converges where it is singular, and reaches a valley at a nearby point of it.
Coordinates z are those of the domain's box, [-1, 1] each, so that tolerances are shares of the box.

References:
    [1] Fan, Yuan (2005). On the quadratic convergence of the Levenberg-Marquardt method without nonsingularity
        assumption. Computing 74.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import numpy as np

EPS = float(np.finfo(float).eps)
MARGIN = 1.5
"""How far the search may go, in boxes: a point this far out is kept, a run further out is given up."""

LONGEST_STEP = 0.2
"""In z. Short enough that runs end near where they began, so that many ends differ."""
PATIENCE = 25
"""Steps in a row without a smaller gradient, after which a run ends."""


class Derivatives(NamedTuple):
    """Loss (N,), gradient (N, d) and Hessian (N, d, d) at N points."""

    value: np.ndarray
    gradient: np.ndarray
    hessian: np.ndarray


@jax.jit
def _derivatives(landscape: Any, w: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
    value_and_gradient = jax.value_and_grad(landscape.value)

    def one(point: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        return (*value_and_gradient(point), jax.hessian(landscape.value)(point))

    return jax.vmap(one)(w)


def derivatives(landscape: Any, w: np.ndarray) -> Derivatives:
    """Loss, gradient and Hessian of any landscape at the points `w`, shape (N, d), in float64."""
    d = w.shape[1]
    size = 256 if d <= 10 else 32  # always as many at a time, so that nothing is compiled twice
    blocks: list[tuple[np.ndarray, ...]] = [(np.zeros(0), np.zeros((0, d)), np.zeros((0, d, d)))]
    for begin in range(0, len(w), size):
        block = w[begin : begin + size]
        padded = np.concatenate([block, np.repeat(block[:1], size - len(block), axis=0)])
        value, gradient, hessian = _derivatives(landscape, padded)
        blocks.append(tuple(np.asarray(part)[: len(block)] for part in (value, gradient, hessian)))
    return Derivatives(*(np.concatenate(parts) for parts in zip(*blocks, strict=True)))


@dataclass(frozen=True)
class Box:
    """A landscape in the coordinates z of its domain's box: w = centre + half z."""

    landscape: Any
    centre: np.ndarray
    half: np.ndarray

    def w(self, z: np.ndarray) -> np.ndarray:
        return self.centre + self.half * z

    def z(self, w: np.ndarray) -> np.ndarray:
        return (w - self.centre) / self.half

    def derivatives(self, z: np.ndarray) -> Derivatives:
        """With respect to z. What is not finite is replaced by infinity (gradient) and the identity (Hessian)."""
        value, gradient, hessian = derivatives(self.landscape, self.w(z))
        gradient, hessian = gradient * self.half, hessian * np.outer(self.half, self.half)
        everything = np.concatenate([value[:, None], gradient, hessian.reshape(len(z), len(self.half) ** 2)], axis=1)
        finite: np.ndarray = np.all(np.isfinite(everything), axis=1)
        gradient = np.where(finite[:, None], gradient, np.inf)
        return Derivatives(value, gradient, np.where(finite[:, None, None], hessian, np.eye(len(self.half))))


def settle(box: Box, z: np.ndarray, iterations: int = 200) -> np.ndarray:
    """Where Levenberg-Marquardt runs from `z`, shape (N, d), end; NaN where they leave the region."""
    z = z.copy()
    damping = np.full(len(z), 1e-2)
    _, gradient, hessian = box.derivatives(z)
    size = np.linalg.norm(gradient, axis=1)
    idle = np.zeros(len(z), int)
    z[~np.isfinite(size)] = np.nan
    for _ in range(iterations):
        active = np.flatnonzero(np.isfinite(size) & (size > 0) & (idle < PATIENCE) & (np.abs(z) <= MARGIN).all(axis=1))
        if len(active) == 0:
            break
        lam, q = np.linalg.eigh(hessian[active])
        norm = np.max(np.abs(lam), axis=1, keepdims=True)
        ratio = _divide(lam, norm)
        along = _divide(np.einsum("nij,ni->nj", q, gradient[active]), norm)
        step = -np.einsum("nij,nj->ni", q, along * ratio / (ratio**2 + damping[active, None]))
        length = np.linalg.norm(step, axis=1)
        step *= np.minimum(1, _divide(LONGEST_STEP, length))[:, None]
        _, new_gradient, new_hessian = box.derivatives(z[active] + step)
        new_size = np.linalg.norm(new_gradient, axis=1)
        better = new_size < size[active]
        won, lost = active[better], active[~better]
        z[won] += step[better]
        gradient[won], hessian[won], size[won] = new_gradient[better], new_hessian[better], new_size[better]
        damping[won] = np.maximum(damping[won] / 10, 1e-24)
        damping[lost] = np.minimum(damping[lost] * 8, 1e12)
        idle[won] = 0
        idle[lost] += 1
        idle[active[better & (length < 1e-14) & (damping[active] < 1e-8)]] = PATIENCE  # as near as it gets
    z[(np.abs(z) > MARGIN).any(axis=1)] = np.nan
    return z


def _divide(a: Any, b: np.ndarray) -> np.ndarray:
    """a / b, and 0 where b = 0."""
    with np.errstate(over="ignore"):
        return np.where(b == 0, 0.0, a / np.where(b == 0, 1.0, b))


def _smooth(box: Box, z: np.ndarray, norm: np.ndarray, scale: float) -> np.ndarray:
    """Whether the gradient, zero at `z`, grows from there no faster than the Hessian allows.

    At a kink (of abs, say) it jumps, and is zero in between by convention only.
    """
    smooth = np.ones(len(z), bool)
    for offset in np.concatenate([np.eye(z.shape[1]), -np.eye(z.shape[1])]) * 1e-6:
        _, gradient, hessian = box.derivatives(z + offset)
        steepest = np.maximum(norm[:, 0], np.linalg.norm(hessian, axis=(1, 2)))
        smooth &= np.linalg.norm(gradient, axis=1) <= 4e-6 * steepest + 8 * EPS * scale
    return smooth


class Candidates(NamedTuple):
    """Points where the gradient vanishes to round-off.

    Attributes:
        z: Where, shape (N, d).
        value: The loss, shape (N,).
        residual: Norm of the gradient in w, shape (N,).
        negative: Number of negative Hessian eigenvalues, shape (N,).
        nullity: Number of Hessian eigenvalues that count as zero, shape (N,).
        axes: Eigenvectors of the Hessian in z as columns, shape (N, d, d), those of zero eigenvalues first.
        row: Which of the points that were judged, shape (N,).
    """

    z: np.ndarray
    value: np.ndarray
    residual: np.ndarray
    negative: np.ndarray
    nullity: np.ndarray
    axes: np.ndarray
    row: np.ndarray

    def take(self, rows: Any) -> "Candidates":
        return Candidates(*(part[rows] for part in self))

    def join(self, other: "Candidates") -> "Candidates":
        return Candidates(*(np.concatenate(parts) for parts in zip(self, other, strict=True)))


def judge(box: Box, z: np.ndarray, scale: float) -> Candidates:
    """Which of the points `z`, shape (N, d), are critical, and how their eigenvalues are signed; NaN rows are not.

    An eigenvalue counts as zero where it is lost in the error of the position: with s the distance by which the point
    may be off along the eigenvector v (its Newton step, plus the round-off of the gradient), where

        |lambda| <= 1e-9 ||H||   or   |lambda| <= 10 |change of v^T H v over +-s|.

    So a monkey saddle is degenerate although the Hessian at the computed point is not zero, and a narrow valley of
    condition number 1e8 is not. `scale` is a typical norm of the gradient in z on the box.
    """
    row = np.flatnonzero(np.isfinite(z).all(axis=1))
    value, gradient, hessian = box.derivatives(np.where(np.isfinite(z), z, 0))
    lam, q = np.linalg.eigh(hessian)
    along = np.einsum("nij,ni->nj", q, np.where(np.isfinite(gradient), gradient, 0))
    norm = np.max(np.abs(lam), axis=1, keepdims=True)
    resolved = np.abs(lam) > 1e-10 * norm
    newton = np.linalg.norm(np.where(resolved, _divide(along, lam), 0), axis=1)
    unresolved = np.linalg.norm(np.where(resolved, 0, along), axis=1)
    size = np.linalg.norm(gradient, axis=1)
    flat = unresolved <= 1e-13 * norm[:, 0] + 8 * EPS * scale  # round-off of the gradient
    critical = (size <= 1e-8 * scale) & (newton <= 1e-4) & flat & np.isfinite(value)
    row = row[critical[row]]
    row = row[_smooth(box, z[row], norm[row], scale)]
    lam, q, norm = lam[row], q[row], norm[row]
    reach = np.minimum(_divide(np.abs(along[row]) + 8 * EPS * scale, np.abs(lam)), 1e-3)
    change = np.zeros_like(lam)
    for i in range(lam.shape[1] if len(row) else 0):
        v = q[:, :, i]
        for sign in (-1, 1):
            moved = box.derivatives(z[row] + sign * reach[:, i : i + 1] * v).hessian
            change[:, i] = np.maximum(change[:, i], np.abs(np.einsum("ni,nij,nj->n", v, moved, v) - lam[:, i]))
    zero = (np.abs(lam) <= 1e-9 * norm) | (np.abs(lam) <= 10 * change)
    axes = np.take_along_axis(q, np.argsort(~zero, axis=1, kind="stable")[:, None, :], axis=2)
    residual = np.linalg.norm(gradient[row] / box.half, axis=1)
    negative, nullity = (~zero & (lam < 0)).sum(axis=1), zero.sum(axis=1)
    return Candidates(z[row], value[row], residual, negative, nullity, axes, row)
