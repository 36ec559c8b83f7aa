"""A rule's step as a smooth map of its whole state, and its derivative.

z = (w, momentum, averages, ...),    z+ = F(z),    J = dF/dz,    M_p = J(z_{p-1}) ... J(z_0)
"""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..landscapes.landscape import Landscape
from .chunks import in_chunks, sizes_for
from .panel import deterministic_step, runs_by_coordinates, to_layout

LARGEST = 1 << 10
"""Maps linearised at a time, in few dimensions."""
QUICKLY = {"xla_backend_optimization_level": 0}
"""These programs run once or twice: compiling them well would take longer than running them."""
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
    k = _flat_size(landscape, rule, w)
    probe = np.random.default_rng(0).normal(size=(PROBES, k))
    probe /= np.linalg.norm(probe, axis=1, keepdims=True)
    points = (rule, _layout(landscape, rule, w), scale)
    found = in_chunks(lambda x: _at_points(landscape, *x, probe), points, sizes_for(k, LARGEST))
    jacobian, moved, residuals, counts = found
    size = 1 + np.abs(w).max(axis=1)
    noise = 64 * np.finfo(float).eps * size / (scale / 8)
    coarse, fine = residuals.T
    finite = np.isfinite(jacobian).all(axis=(1, 2)) & np.isfinite(residuals).all(axis=1)
    differentiable = fine <= np.maximum(coarse / 2, noise)
    fixed = moved <= 1e-8 * size  # points are known to about 1e-12, and move by eta lambda times that
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
    rule, params, state, period = jax.tree.map(_double, (rule, params, state, period))
    shift, longest = np.zeros((len(params), _flat_size(landscape, rule, params))), np.int32(period.max())

    def around() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        points = (rule, _layout(landscape, rule, params), state, shift, period)
        sizes = sizes_for(shift.shape[1], LARGEST)
        miss, product = in_chunks(lambda x: _around(landscape, *x, longest), points, sizes)
        # neither NaN nor what overflows when squared
        usable = (np.abs(product) < 1e100).all(axis=(1, 2)) & np.isfinite(miss).all(axis=1)
        return np.where(usable[:, None], miss, 0.0), np.where(usable[:, None, None], product, 0.0), usable

    for _ in range(NEWTON_STEPS):
        miss, product, usable = around()
        inverse = np.linalg.pinv(product - np.eye(shift.shape[1]))
        shift = shift - np.einsum("nij,nj->ni", inverse, miss)
    miss, product, usable = around()
    size = 1 + np.abs(params).max(axis=1)
    found = usable & (np.abs(miss).max(axis=1) <= 1e-9 * size) & (np.abs(shift).max(axis=1) <= near)
    return np.where(found, spectral_radius(product), np.nan)


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


@functools.partial(jax.jit, compiler_options=QUICKLY)
def _at_points(landscape: Landscape, rule: Any, w: Any, scale: jax.Array, probe: jax.Array) -> Any:
    def one(rule: Any, w: Any, scale: jax.Array) -> Any:
        z, others, back = _flatten(w, rule.init(w))

        def step(y: Any) -> Any:
            return _step(landscape, rule, back, y, others)[0]

        jacobian = jax.jacfwd(step)(z)
        lengths = jnp.stack([jnp.zeros_like(scale), scale, scale / 8])
        # one batch of all displacements (the first of them by nothing), so that the step is compiled once
        moves = lengths[:, None, None] * probe
        images = jax.vmap(step)((z + moves).reshape(-1, z.shape[0])).reshape(moves.shape)
        misses = images - images[0, 0] - moves @ jacobian.T
        residual = jnp.max(jnp.linalg.norm(misses, axis=2), axis=1)[1:] / lengths[1:]
        return jacobian, jnp.max(jnp.abs(images[0, 0] - z)), residual, bool(others)

    jacobian, moved, residuals, counts = jax.vmap(one, out_axes=(0, 0, 0, None))(rule, w, scale)
    return jacobian, moved, residuals, jnp.full(scale.shape[0], counts)


@functools.partial(jax.jit, compiler_options=QUICKLY)
def _around(
    landscape: Landscape, rule: Any, params: Any, state: Any, shift: jax.Array, period: jax.Array, longest: jax.Array
) -> Any:
    """F^p(z) - z and M_p at z = (params, state) + shift."""

    def one(rule: Any, params: Any, state: Any, shift: jax.Array, period: jax.Array) -> Any:
        z, others, back = _flatten(params, state)
        begin = z + shift

        def turn(i: jax.Array, carry: Any) -> Any:
            z, others, product = carry

            def step(y: Any) -> Any:
                return _step(landscape, rule, back, y, others)

            jacobian, after = jax.jacfwd(step, has_aux=True)(z)
            image = step(z)[0]
            on = i < period
            return jax.tree.map(lambda x, y: jnp.where(on, x, y), (image, after, jacobian @ product), carry)

        carry = (begin, others, jnp.eye(begin.shape[0]))
        z, _, product = jax.lax.fori_loop(0, longest, turn, carry)
        return z - begin, product

    return jax.vmap(one)(rule, params, state, shift, period)


def _layout(landscape: Landscape, rule: Any, w: np.ndarray) -> Any:
    """Points (n, d) in the engine's layout: d arrays (n,) where that is less to compile."""
    return to_layout(w, runs_by_coordinates(landscape, rule))


def _flat_size(landscape: Landscape, rule: Any, w: np.ndarray) -> int:
    first = jax.tree.map(lambda x: jnp.asarray(np.asarray(x)[0]), rule)
    shapes = jax.eval_shape(lambda r, x: _flatten(x, r.init(x))[0], first, jnp.asarray(w[0], jnp.float64))
    return int(shapes.shape[0])


def _double(x: Any) -> np.ndarray:
    x = np.asarray(x)
    return x.astype(np.float64) if np.issubdtype(x.dtype, np.floating) else x
