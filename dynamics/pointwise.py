"""Loss, gradient and Hessian of a landscape at many points at once."""

from typing import Any, NamedTuple

import jax
import numpy as np

from ..landscapes.landscape import Landscape
from .chunks import in_chunks, sizes_for

LARGEST = 1 << 14
"""Points evaluated at a time, in few dimensions."""


class Local(NamedTuple):
    """The loss near n points: gradient norm (n,) and Hessian eigenvalues, ascending (n, d)."""

    gradient_norm: np.ndarray
    eigenvalues: np.ndarray


def values_at(landscape: Landscape, w: np.ndarray) -> np.ndarray:
    """The loss at points `w`, shape (n, d), in float64; shape (n,)."""
    return in_chunks(lambda x: _values(landscape, x), np.asarray(w, float), sizes_for(1, LARGEST))


def local_at(landscape: Landscape, w: np.ndarray) -> Local:
    """Gradient norms and Hessian spectra at points `w`, shape (n, d), in float64."""
    points = np.asarray(w, float)
    gradient, hessian = in_chunks(lambda x: _derivatives(landscape, x), points, sizes_for(w.shape[1], LARGEST))
    norm = np.linalg.norm(gradient, axis=1)
    hessian = np.where(np.isfinite(hessian).all(axis=(1, 2), keepdims=True), hessian, 0.0)
    if hessian.shape[1] == 2:
        a, b, c = hessian[:, 0, 0], hessian[:, 0, 1], hessian[:, 1, 1]
        middle, spread = (a + c) / 2, np.hypot((a - c) / 2, b)
        return Local(norm, np.stack([middle - spread, middle + spread], axis=1))
    return Local(norm, np.linalg.eigvalsh(hessian))


@jax.jit
def _values(landscape: Any, w: jax.Array) -> jax.Array:
    return jax.vmap(landscape.value)(w)


@jax.jit
def _derivatives(landscape: Any, w: jax.Array) -> tuple[jax.Array, jax.Array]:
    return jax.vmap(jax.grad(landscape.value))(w), jax.vmap(jax.hessian(landscape.value))(w)
