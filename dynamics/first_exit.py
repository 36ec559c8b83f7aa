"""When a trajectory first leaves a ball: the step of divergence, and the escape from a critical point."""

import functools
import operator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..landscapes.landscape import Landscape
from .engine import advance, block_size
from .panel import broadcast_rule, deterministic_step, initial_state, runs_by_coordinates, to_layout

FEW = 1 << 12
"""Up to this many trajectories the same program runs, however few."""
FIRST_SEGMENT = 64
"""Steps before the first look for trajectories that have left; each later segment is as long as all before it."""


def leave(landscape: Landscape, carry: Any, constants: Any, t: jax.Array) -> Any:
    """The body: one step, and its number if it is the first outside the ball (or no number)."""
    params, state, left = carry
    rule, centre, squared_radius = constants
    params, state = deterministic_step(landscape, (params, state), rule, t)
    squares = jax.tree.leaves(jax.tree.map(lambda x, c: jnp.sum((x - c) ** 2), params, centre))
    inside = functools.reduce(operator.add, squares) <= squared_radius
    return params, state, jnp.where((left < 0) & ~inside, t + 1, left)


def first_exit(
    landscape: Landscape,
    rule: Any,
    starts: np.ndarray,
    steps: int | np.ndarray,
    radius: float | np.ndarray,
    centre: np.ndarray | None = None,
    dtype: Any = np.float64,
    threads: int | None = None,
) -> np.ndarray:
    """The first step t at which ||w_t - centre|| > radius, or w_t is not finite.

    Args:
        landscape: What is descended.
        rule: A deterministic rule, numbers scalars or arrays (N,).
        starts: w_0, shape (N, d).
        steps: Steps to look at, one number or one per trajectory, shape (N,).
        radius: Of the ball, one number or shape (N,).
        centre: Of the ball, shape (N, d); the origin by default.
        dtype: Of the run.
        threads: As for `engine.advance`.
    Returns:
        Shape (N,), int32: 0 for a start outside; -1 where the trajectory stays inside.
    """
    w = np.asarray(starts, dtype)
    n = len(w)
    centre = np.zeros_like(w) if centre is None else np.asarray(centre, dtype)
    limits, radius = np.broadcast_to(steps, (n,)), np.broadcast_to(np.asarray(radius, dtype), (n,))
    result = np.where(np.linalg.norm(w - centre, axis=1) <= radius, -1, 0).astype(np.int32)
    by_coordinates = runs_by_coordinates(landscape, rule)
    rule = broadcast_rule(rule, n, dtype)
    params = to_layout(w, by_coordinates)
    constants = (rule, to_layout(centre, by_coordinates), radius**2)
    carry = (params, initial_state(rule, params), result.copy())
    size = block_size(max(n, FEW), jax.local_devices())
    live, done = np.flatnonzero((result < 0) & (limits > 0)), 0
    carry, constants = _take((carry, constants), live)
    while live.size:
        segment = min(max(FIRST_SEGMENT, done), int(limits[live].max()) - done)
        carry = advance(leave, landscape, carry, constants, done, segment, threads=threads, size=size)
        done += segment
        left = carry[2]
        out = (left >= 0) & (left <= limits[live])
        result[live[out]] = left[out]
        on = np.flatnonzero((left < 0) & (limits[live] > done))
        live = live[on]
        carry, constants = _take((carry, constants), on)
    return result


def _take(tree: Any, index: np.ndarray) -> Any:
    return jax.tree.map(lambda x: np.asarray(x)[index], tree)
