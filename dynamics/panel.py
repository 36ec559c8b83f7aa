"""A panel: many starts under one kind of rule, each with its own numbers, run to their final state.

Trajectories that have provably stopped changing are taken out of the run. A deterministic rule is a map of its state
(parameters, momentum, averages, counters) to itself; when a state repeats, bit for bit, the one of two steps before,
every later state is known. So stopping changes no bit of the result.
"""

from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from ..landscapes.landscape import Landscape
from .batches import full_batches
from .engine import Block, Device, cut, pad, run_blocks, worker_count
from .objective import objective_of

MAX_COORDINATES = 8
"""Closed-form landscapes up to this dimension run coordinate by coordinate; larger ones as vectors."""
FIRST_SEGMENT = 128
"""Steps before the first look for settled trajectories; a later segment is half as long as all before it together."""


@dataclass(frozen=True)
class Panel:
    """Final states of N trajectories.

    Attributes:
        w: Final iterates, shape (N, d).
        params: The same in the engine's layout (a tuple of d arrays (N,), or one array (N, d)).
        state: The rule's state (momentum, averages, ...), leaves with leading axis N.
        settled_at: Step by which a trajectory was seen to repeat itself, shape (N,); -1 where it never did.
        steps: Steps asked for.
    """

    w: np.ndarray
    params: Any
    state: Any
    settled_at: np.ndarray
    steps: int


def runs_by_coordinates(landscape: Landscape, rule: Any) -> bool:
    """Whether the fast layout applies: a formula of few variables, and a rule without random numbers of its own."""
    return hasattr(landscape, "text") and landscape.dimension <= MAX_COORDINATES and not rule.stochastic


def to_layout(w: np.ndarray, coordinates: bool) -> Any:
    """Starts (N, d) in the engine's layout."""
    if coordinates:
        return tuple(np.ascontiguousarray(w[:, i]) for i in range(w.shape[1]))
    return w


def from_layout(params: Any) -> np.ndarray:
    """The engine's layout back to (N, d)."""
    return np.stack(params, axis=1) if isinstance(params, tuple) else np.asarray(params)


def initial_state(rule: Any, params: Any) -> Any:
    """The rule's state before the first step, for every trajectory: leaves with leading axis N."""
    return jax.tree.map(np.asarray, _initial_states(rule, params))


@jax.jit
def _initial_states(rule: Any, params: Any) -> Any:
    return jax.vmap(lambda r, p: r.init(p))(rule, params)


def deterministic_step(landscape: Landscape, carry: Any, rule: Any, t: jax.Array) -> Any:
    """The body of deterministic runs: (params, state) -> (params, state)."""
    params, state = carry
    step = rule.step(objective_of(landscape), params, state, full_batches(landscape, rule))
    return step.params, step.state


def broadcast_rule(rule: Any, n: int, dtype: Any) -> Any:
    """A rule whose numbers are arrays (n,) of `dtype` (whole numbers stay so), from scalars or arrays (n,)."""

    def leaf(x: Any) -> np.ndarray:
        x = np.asarray(x)
        kind = np.dtype(dtype) if np.issubdtype(x.dtype, np.floating) else np.dtype(np.int32)
        return np.broadcast_to(x.astype(kind), (n,))

    return jax.tree.map(leaf, rule)


def run_panel(
    landscape: Landscape,
    rule: Any,
    starts: np.ndarray,
    steps: int,
    *,
    dtype: Any = np.float64,
    stop: bool = True,
    threads: int | None = None,
    devices: list[Device] | None = None,
) -> Panel:
    """Run every start for `steps` steps of a deterministic rule.

    Args:
        landscape: What is descended.
        rule: A rule whose numbers are scalars or arrays of shape (N,), one per trajectory.
        starts: Starting points, shape (N, d).
        steps: Number of steps, >= 0.
        dtype: float32 or float64.
        stop: Leave out trajectories that repeat themselves; the result is the same to the bit.
        threads: Blocks worked on at once (default: one per core, or per accelerator).
        devices: Where to run (default: all devices of the default platform).
    Raises:
        ValueError: `rule` draws random numbers (use `simulate`).
    """
    if rule.stochastic:
        raise ValueError(
            f"run_panel takes deterministic rules; {rule.name} draws random numbers: use simulate(..., key=)"
        )
    w = np.asarray(starts, dtype)
    n = w.shape[0]
    devices = jax.local_devices() if devices is None else devices
    params = to_layout(w, runs_by_coordinates(landscape, rule))
    rule = broadcast_rule(rule, n, dtype)
    carry = (params, initial_state(rule, params))
    results = jax.tree.map(np.empty_like, carry)
    settled_at = np.full(n, -1, np.int32)

    def work(block: Block) -> None:
        here = slice(block.low, block.high)
        finals = jax.tree.map(lambda x: x[here], results)
        _run_block(landscape, block, steps, stop, finals, settled_at[here])

    run_blocks(work, cut(carry, rule, n, devices), threads or worker_count(devices))
    params, state = results
    return Panel(from_layout(params), params, state, settled_at, steps)


def _run_block(
    landscape: Landscape, block: Block, steps: int, stop: bool, results: Any, settled_at: np.ndarray
) -> None:
    """Run one block in segments, writing finished trajectories into `results` and leaving the others to go on."""
    index = np.arange(block.high - block.low)  # where each live trajectory belongs
    done = steps % 2  # an odd step first: what is left stays even, so that 2-cycles end in the right phase
    if done:
        block.carry, _ = block.run(deterministic_step, landscape, 0, 1, settle=False)
    while index.size:
        segment = min(steps - done, FIRST_SEGMENT if done <= 1 else done // 4 * 2)
        if not stop:
            segment = steps - done
        if segment == 0:
            _store(results, index, block.carry, np.ones(index.size, bool))
            return
        block.carry, settled = block.run(deterministic_step, landscape, done, segment, settle=stop)
        done += segment
        finished = settled[: index.size]
        settled_at[index[finished]] = done
        if done >= steps:
            finished = np.ones(index.size, bool)
        if finished.any():
            _store(results, index, block.carry, finished)
            live = np.flatnonzero(~finished)
            index = index[live]
            if live.size:

                def keep(x: Any, live: np.ndarray = live) -> Any:
                    return pad(x[live], block.size * len(block.devices))

                block.carry, block.constants = jax.tree.map(keep, (block.carry, block.constants))
                block.high = block.low + live.size


def _store(results: Any, index: np.ndarray, carry: Any, finished: np.ndarray) -> None:
    for result, x in zip(jax.tree.leaves(results), jax.tree.leaves(carry), strict=True):
        result[index[finished]] = x[: index.size][finished]
