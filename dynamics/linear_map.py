"""A rule's step as a smooth map of its whole state, and its derivative.

z = (w, momentum, averages, ...),    z+ = F(z),    J = dF/dz,    M_p = J(z_{p-1}) ... J(z_0)
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..landscapes.landscape import Landscape
from .panel import deterministic_step

PROBES = 8
"""Random displacements by which the derivative is compared with the map itself."""


class Linearisation(NamedTuple):
    """The map at n fixed points.

    Attributes:
        radius: Spectral radius of J, shape (n,).
        smooth: Whether J is the map's derivative there, and the point a fixed point of the map; shape (n,).
    """

    radius: np.ndarray
    smooth: np.ndarray


def linearise(landscape: Landscape, rule: Any, w: np.ndarray, scale: np.ndarray) -> Linearisation:
    """The spectral radius of the map's Jacobian at points `w`, with the state that rules start from.

    Args:
        landscape: What is descended.
        rule: Numbers as arrays (n,).
        w: Points, shape (n, d).
        scale: Length by which to displace for the comparison, shape (n,).
    Notes:
        `smooth` compares F(z + h v) - F(z) - h J v at h and at h/8: relative to h it falls with h for a differentiable
        map, and does not for steps such as eta rho g/||g|| whose direction depends on where one stands. Rules that
        count steps are no such maps and count as not smooth.
    """
    n = len(w)
    probe = np.random.default_rng(0).normal(size=(PROBES, _flat_size(landscape, rule, w)))
    probe /= np.linalg.norm(probe, axis=1, keepdims=True)
    rules, places, scales = _padded((rule, w, scale))
    jacobian, moved, residuals, counts = jax.tree.map(
        lambda x: np.asarray(x)[:n], _at_points(landscape, rules, places, scales, probe)
    )
    size = 1 + np.abs(w).max(axis=1)
    noise = 64 * np.finfo(float).eps * size / (scale / 8)
    coarse, fine = residuals.T
    finite = np.isfinite(jacobian).all(axis=(1, 2)) & np.isfinite(residuals).all(axis=1)
    differentiable = fine <= np.maximum(coarse / 2, noise)
    fixed = (
        moved <= 1e-8 * size
    )  # critical points are known to about 1e-12; a step moves by at most eta lambda times that
    radius = spectral_radius(np.where(finite[:, None, None], jacobian, 0.0))
    return Linearisation(radius, finite & differentiable & fixed & ~counts)


def spectral_radius(matrices: np.ndarray) -> np.ndarray:
    """The largest modulus of an eigenvalue of each matrix, shape (n, k, k); shape (n,)."""
    if matrices.shape[1:] == (2, 2):
        (a, b), (c, d) = np.moveaxis(matrices, 0, -1)
        middle, root = (a + d) / 2, np.sqrt((((a - d) / 2) ** 2 + b * c).astype(complex))
        return np.maximum(np.abs(middle + root), np.abs(middle - root))
    return np.abs(np.linalg.eigvals(matrices)).max(axis=1)


def cycle_multiplier(
    landscape: Landscape, rule: Any, params: np.ndarray, state: Any, period: np.ndarray, near: np.ndarray
) -> np.ndarray:
    """The spectral radius of M_p on the cycle of period p next to each state: below 1 the cycle attracts.

    Args:
        landscape: What is descended.
        rule: Numbers as arrays (n,).
        params: Points almost on a cycle, shape (n, d).
        state: The rule's states there, leaves with leading axis n.
        period: p, shape (n,).
        near: How far from the state the cycle may be, shape (n,).
    Returns:
        Shape (n,); NaN where Newton's iteration for F^p(z) = z finds no cycle that near.
    """
    n = len(params)
    rule, params, state, period, near = _padded(jax.tree.map(_double, (rule, params, state, period, near)))
    shift = np.zeros((len(params), _flat_size(landscape, rule, params)))
    longest = np.int32(period.max())
    for _ in range(NEWTON_STEPS):
        miss, product = jax.tree.map(np.asarray, _around(landscape, rule, params, state, shift, period, longest))
        usable = (np.abs(product) < 1e100).all(axis=(1, 2)) & np.isfinite(miss).all(axis=1)
        inverse = np.linalg.pinv(np.where(usable[:, None, None], product - np.eye(shift.shape[1]), 0.0))
        shift = shift - np.einsum("nij,nj->ni", inverse, np.where(usable[:, None], miss, 0.0))
    miss, product = jax.tree.map(np.asarray, _around(landscape, rule, params, state, shift, period, longest))
    usable = (np.abs(product) < 1e100).all(axis=(1, 2))  # neither NaN nor what overflows when squared
    size = 1 + np.abs(params).max(axis=1)
    found = usable & (np.abs(miss).max(axis=1) <= 1e-9 * size) & (np.abs(shift).max(axis=1) <= near)
    radius = spectral_radius(np.where(usable[:, None, None], product, 0.0))
    return np.where(found, radius, np.nan)[:n]


NEWTON_STEPS = 4
"""Quadratic convergence from an error of a thousandth reaches round-off in four."""


def _flatten(params: Any, state: Any) -> tuple[jax.Array, Any, Callable[[jax.Array, Any], Any]]:
    """The floating-point numbers of (params, state) as one vector, the others, and the way back."""
    leaves, structure = jax.tree.flatten((params, state))
    real = [jnp.issubdtype(x.dtype, jnp.floating) for x in leaves]
    shapes = [x.shape for x in leaves]
    vector = jnp.concatenate([jnp.ravel(x).astype(jnp.float64) for x, r in zip(leaves, real, strict=True) if r])
    others = [x for x, r in zip(leaves, real, strict=True) if not r]

    def back(z: jax.Array, rest: Any) -> Any:
        rest, parts, at = list(rest), [], 0
        for shape, r in zip(shapes, real, strict=True):
            if not r:
                parts.append(rest.pop(0))
                continue
            length = int(np.prod(shape))
            parts.append(z[at : at + length].reshape(shape))
            at += length
        return jax.tree.unflatten(structure, parts)

    return vector, others, back


def _step(
    landscape: Landscape, rule: Any, back: Callable[..., Any], z: jax.Array, others: Any
) -> tuple[jax.Array, Any]:
    """F: (z, others) -> (z+, others+)."""
    after = deterministic_step(landscape, back(z, others), rule, jnp.zeros((), jnp.int32))
    return _flatten(*after)[:2]


@jax.jit
def _at_points(landscape: Landscape, rule: Any, w: jax.Array, scale: jax.Array, probe: jax.Array) -> Any:
    def one(rule: Any, w: jax.Array, scale: jax.Array) -> Any:
        z, others, back = _flatten(w, rule.init(w))
        step = lambda y: _step(landscape, rule, back, y, others)[0]  # noqa: E731
        jacobian, image = jax.jacfwd(step)(z), step(z)

        def residual(h: jax.Array) -> jax.Array:
            miss = jax.vmap(lambda v: step(z + h * v) - image - h * (jacobian @ v))(probe)
            return jnp.max(jnp.linalg.norm(miss, axis=1)) / h

        return jacobian, jnp.max(jnp.abs(image - z)), jnp.stack([residual(scale), residual(scale / 8)]), bool(others)

    jacobian, moved, residuals, counts = jax.vmap(one, out_axes=(0, 0, 0, None))(rule, w, scale)
    return jacobian, moved, residuals, jnp.full(w.shape[0], counts)


@jax.jit
def _around(
    landscape: Landscape, rule: Any, params: Any, state: Any, shift: jax.Array, period: jax.Array, longest: jax.Array
) -> Any:
    """F^p(z) - z and M_p at z = (params, state) + shift."""

    def one(rule: Any, params: Any, state: Any, shift: jax.Array, period: jax.Array) -> Any:
        z, others, back = _flatten(params, state)
        begin = z + shift

        def turn(i: jax.Array, carry: Any) -> Any:
            z, others, product = carry
            step = lambda y: _step(landscape, rule, back, y, others)  # noqa: E731
            jacobian, after = jax.jacfwd(step, has_aux=True)(z)
            image = step(z)[0]
            on = i < period
            return jax.tree.map(lambda x, y: jnp.where(on, x, y), (image, after, jacobian @ product), carry)

        carry = (begin, others, jnp.eye(begin.shape[0]))
        z, _, product = jax.lax.fori_loop(0, longest, turn, carry)
        return z - begin, product

    return jax.vmap(one)(rule, params, state, shift, period)


def _flat_size(landscape: Landscape, rule: Any, w: np.ndarray) -> int:
    first = jax.tree.map(lambda x: jnp.asarray(np.asarray(x)[0]), rule)
    shapes = jax.eval_shape(lambda r, x: _flatten(x, r.init(x))[0], first, jnp.asarray(w[0], jnp.float64))
    return int(shapes.shape[0])


def _double(x: Any) -> np.ndarray:
    x = np.asarray(x)
    return x.astype(np.float64) if np.issubdtype(x.dtype, np.floating) else x


def _padded(tree: Any) -> Any:
    """Leading axes lengthened to a power of two with copies, so that few sizes are compiled."""
    n = len(jax.tree.leaves(tree)[0])
    size = 1 << max(4, (n - 1).bit_length())
    return jax.tree.map(lambda x: np.concatenate([x, np.repeat(np.asarray(x)[:1], size - n, axis=0)]), tree)
