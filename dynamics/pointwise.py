"""Loss, gradient and Hessian of a landscape at many points at once."""

from typing import Any, NamedTuple

import jax
import numpy as np

from ..landscapes.landscape import Landscape

BLOCK = 1 << 14
"""Points evaluated at a time; fewer are padded to a power of two, so that few sizes are compiled."""


class Local(NamedTuple):
    """The loss near n points: gradient norm (n,) and Hessian eigenvalues, ascending (n, d)."""

    gradient_norm: np.ndarray
    eigenvalues: np.ndarray


def values_at(landscape: Landscape, w: np.ndarray) -> np.ndarray:
    """The loss at points `w`, shape (n, d), in float64; shape (n,)."""
    return _in_blocks(_values, landscape, w)


def local_at(landscape: Landscape, w: np.ndarray) -> Local:
    """Gradient norms and Hessian spectra at points `w`, shape (n, d), in float64."""
    gradient, hessian = _in_blocks(_derivatives, landscape, w)
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


def _in_blocks(function: Any, landscape: Landscape, w: np.ndarray) -> Any:
    w = np.asarray(w, np.float64)
    parts = []
    for low in range(0, len(w), BLOCK):
        part = w[low : low + BLOCK]
        size = 1 << max(4, (len(part) - 1).bit_length())
        padded = np.concatenate([part, np.repeat(part[:1], size - len(part), axis=0)])
        parts.append(jax.tree.map(lambda x, n=len(part): np.asarray(x)[:n], function(landscape, padded)))
    return jax.tree.map(lambda *x: np.concatenate(x), *parts)
