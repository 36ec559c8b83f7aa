"""The tail of a run: what trajectories do after their last step, without keeping it.

The first look is short: the box in which the next steps stay, and where they end. Where that does not decide, a longer
window follows, in two halves: the box of each, and in the second the period, the first number of steps after which the
iterate is back at where the half began, if it is back at every multiple of it too.
"""

import functools
from collections.abc import Iterator
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..landscapes.landscape import Landscape
from .chunks import in_chunks
from .engine import advance
from .panel import deterministic_step

PIECE = 1 << 14
"""Trajectories looked at together on the host: their arrays stay in the second-level cache."""


class Workers(NamedTuple):
    """How the engine works: see `engine.advance`.

    Attributes:
        threads: Blocks worked on at once.
        size: Trajectories that programs are compiled for. How many trajectories need a look varies from block to block.
    """

    threads: int | None = None
    size: int | None = None


class Box(NamedTuple):
    """The smallest boxes around pieces of n trajectories: `low` and `high`, each of shape (d, n)."""

    low: np.ndarray
    high: np.ndarray

    @property
    def centre(self) -> np.ndarray:
        """Shape (d, n)."""
        return (self.low + self.high) / 2

    @property
    def amplitude(self) -> np.ndarray:
        """Half the diagonal, shape (n,); in one dimension half the range."""
        return length(self.high - self.low) / 2

    def join(self, other: "Box") -> "Box":
        """The smallest box around both."""
        return Box(np.minimum(self.low, other.low), np.maximum(self.high, other.high))

    def farthest(self, point: np.ndarray) -> np.ndarray:
        """The distance from `point`, shape (d, n), to the box's farthest corner, shape (n,)."""
        return length(np.maximum(self.high - point, point - self.low))

    def shift(self, other: "Box") -> np.ndarray:
        """How far the sides moved from this box to the other, as a share of the longest side of both, shape (n,)."""
        moved = np.maximum(np.abs(self.low - other.low), np.abs(self.high - other.high)).max(axis=0)
        both = self.join(other)
        longest = (both.high - both.low).max(axis=0)
        return np.divide(moved, longest, out=np.zeros_like(moved), where=longest > 0)

    def take(self, index: Any) -> "Box":
        """The boxes of some trajectories."""
        return Box(self.low[:, index], self.high[:, index])


class Look(NamedTuple):
    """The first look at the tails of n trajectories.

    Attributes:
        box: Where the next steps stayed, the last step of the run included.
        begin: The iterate at the end of the run, shape (d, n).
        end: The iterate at the end of the look, shape (d, n).
        period: For trajectories that repeat their state: 1 at rest, 2 going to and fro; shape (n,). None: they do not.
    """

    box: Box
    begin: np.ndarray
    end: np.ndarray
    period: np.ndarray | None

    def take(self, index: Any) -> "Look":
        """The looks at some trajectories."""
        period = None if self.period is None else self.period[index]
        return Look(self.box.take(index), self.begin[:, index], self.end[:, index], period)


class Tail(NamedTuple):
    """The long look at n trajectories.

    Attributes:
        first: Where the first half of the window stayed, its first state included.
        second: Where the second half stayed, likewise.
        period: 1 at rest, p >= 2 for a repetition after p steps, 0 where none was seen; shape (n,).
        params: Iterates at the end of the window, in the engine's layout.
        state: The rule's states there.
    """

    first: Box
    second: Box
    period: np.ndarray
    params: Any
    state: Any

    @property
    def whole(self) -> Box:
        """Where the whole window stayed."""
        return self.first.join(self.second)


def watch(landscape: Landscape, carry: Any, constants: Any, t: jax.Array) -> Any:
    """The body: one step, the box, and how many steps ago the iterate was last at the reference.

    Numbers of steps are kept as floats, exact far beyond any window, so that the engine carries them in pairs.
    """
    params, state, low, high, period, count = carry
    rule, reference, tolerance = constants
    params, state = deterministic_step(landscape, (params, state), rule, t)
    low, high = jax.tree.map(jnp.minimum, low, params), jax.tree.map(jnp.maximum, high, params)
    gaps = jax.tree.leaves(jax.tree.map(lambda x, y: jnp.max(jnp.abs(x - y)), params, reference))
    back = functools.reduce(jnp.maximum, gaps) <= tolerance
    count = count + 1
    due = jnp.where(period == 0, back, count == period)
    period = jnp.where(due, jnp.where(back, count, -1), period)
    return params, state, low, high, period, jnp.where(due, jnp.zeros_like(count), count)


def look_at_moving(
    landscape: Landscape, rule: Any, params: Any, state: Any, steps: int, workers: Workers = Workers()
) -> Look:
    """The first look at n trajectories, `steps` steps long.

    Args:
        landscape: What is descended.
        rule: Numbers as arrays (n,).
        params: Iterates at the end of the run, in the engine's layout.
        state: The rule's states there.
        steps: Length of the look.
        workers: How the engine works.
    """
    box, _, end, _ = watch_window(landscape, rule, params, state, steps, workers=workers)
    return Look(box, columns(params), columns(end), None)


def look_at_settled(landscape: Landscape, rule: Any, params: Any, state: Any) -> Look:
    """The first look at n trajectories that repeat their state after two steps: one step shows all there is."""
    after = in_chunks(lambda x: _next(landscape, *x), (rule, params, state), (1 << 10, PIECE))
    here, there = columns(params), columns(after)
    box = Box(np.minimum(here, there), np.maximum(here, there))
    at_rest = (box.high - box.low).max(axis=0) <= resolution_at(here)
    return Look(box, here, here, np.where(at_rest, 1, 2).astype(np.int32))


@jax.jit
def _next(landscape: Landscape, rule: Any, params: Any, state: Any) -> Any:
    def one(r: Any, p: Any, s: Any) -> Any:
        return deterministic_step(landscape, (p, s), r, jnp.zeros((), jnp.int32))[0]

    return jax.vmap(one)(rule, params, state)


def watch_window(
    landscape: Landscape,
    rule: Any,
    params: Any,
    state: Any,
    steps: int,
    near: np.ndarray | None = None,
    workers: Workers = Workers(),
) -> tuple[Box, np.ndarray, Any, Any]:
    """One window of `steps` steps: its box, the period (0: none), and the parameters and states at its end.

    Args:
        landscape: What is descended.
        rule: Numbers as arrays (n,).
        params: Iterates where the window begins, in the engine's layout.
        state: The rule's states there.
        steps: Length of the window.
        near: How near, in the largest coordinate, counts as back, shape (n,); by default no period is looked for.
        workers: How the engine works.
    """
    first = jax.tree.leaves(params)[0]
    n, real = len(first), first.dtype
    zero, near = np.zeros(n, real), np.full(n, -1.0) if near is None else near
    carry, constants = (params, state, params, params, zero, zero), (rule, params, near.astype(real))
    params, state, low, high, period, _ = advance(watch, landscape, carry, constants, 0, steps, **workers._asdict())
    return Box(columns(low), columns(high)), np.maximum(period, 0).astype(np.int32), params, state


def watch_tail(
    landscape: Landscape, rule: Any, params: Any, state: Any, window: int, back: float, workers: Workers = Workers()
) -> Tail:
    """The long look at n trajectories.

    Args:
        landscape: What is descended.
        rule: Numbers as arrays (n,).
        params: Iterates at the end of the run, in the engine's layout.
        state: The rule's states there.
        window: Steps of both halves together.
        back: How near counts as back, as a share of the first half's amplitude.
        workers: How the engine works.
    """
    half = window // 2
    first, _, params, state = watch_window(landscape, rule, params, state, half, workers=workers)
    near = np.maximum(back * first.amplitude, resolution_at(first.high))
    second, found, params, state = watch_window(landscape, rule, params, state, half, near, workers)
    confirmed = 2 * found <= half  # back at least twice
    return Tail(first, second, np.where(confirmed, found, 0), params, state)


def columns(params: Any) -> np.ndarray:
    """Iterates in the engine's layout (d arrays (n,), or one (n, d)) as one array (d, n)."""
    return np.stack(params) if isinstance(params, tuple) else np.asarray(params).T


def length(x: np.ndarray) -> np.ndarray:
    """The Euclidean length of columns, shape (d, n) -> (n,)."""
    if len(x) == 1:
        return np.abs(x[0])
    squared = x[0] * x[0]
    for row in x[1:]:
        squared += row * row
    return np.sqrt(squared, out=squared)


def resolution_at(w: np.ndarray) -> np.ndarray:
    """Distances that the arithmetic of `w`, shape (d, n), cannot tell from none there: 8 units in the last place."""
    return 8 * np.finfo(w.dtype).eps * np.maximum(1, np.abs(w).max(axis=0))


def pieces(n: int) -> Iterator[slice]:
    """0 ... n - 1 in pieces that fit in the cache."""
    return (slice(low, min(low + PIECE, n)) for low in range(0, n, PIECE))


def take(tree: Any, index: Any) -> Any:
    """Some trajectories of a tree of arrays with leading axis n (an index array or a slice)."""
    return jax.tree.map(lambda x: np.asarray(x)[index], tree)
