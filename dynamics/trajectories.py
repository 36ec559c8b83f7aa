"""Trajectories as plain NumPy arrays: what `simulate` puts into a Dataset, without the time to import xarray."""

import math
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..landscapes.landscape import Landscape
from .batches import Drawing
from .engine import worker_count
from .observables import DEFAULT, Extra
from .recording import Block, Mode, Plan, run_block
from .records import Trajectories, assemble
from .request import Request, check_request
from .resources import check_memory

MODES: Mapping[Any, Mode] = {"final": "final", "statistics": "statistics"}
MAX_COORDINATES = 8
"""Closed-form landscapes up to this dimension run coordinate by coordinate; larger ones as vectors."""
BLOCK = 1024
"""Trajectories in a block on a CPU: enough to fill vectors, few enough to stay in a core's caches."""
ACCELERATOR_BLOCK = 1 << 17
"""The same on an accelerator, where a step is one kernel and wants many."""
BLOCK_BYTES = 1 << 26
"""Bytes of records that a block returns at once, at most."""


def trajectories(
    landscape: Landscape,
    rule: Any,
    starts: Any,
    steps: int,
    *,
    record: str | int = "full",
    observables: Sequence[str] = DEFAULT,
    extra: Mapping[str, Extra] | None = None,
    key: Any = None,
    batch_size: int | None = None,
    replacement: bool = True,
    dtype: Any = np.float64,
) -> Trajectories:
    """Run every rule with every setting from every start; see `simulate` for the arguments and for what is recorded."""
    started = time.time()
    request = check_request(landscape, rule, starts, steps, record, observables, extra, key, batch_size, dtype)
    mode: Mode = MODES.get(record, "records")
    plan = Plan(
        mode=mode,
        coordinates=hasattr(landscape, "text") and landscape.dimension <= MAX_COORDINATES,
        observables=tuple(observables),
        extra=tuple((extra or {}).items()),
        drawing=Drawing(batch_size, replacement),
    )
    stride = record if isinstance(record, int) else 1
    shared = jax.tree.map(lambda x: _as_float(x, request.dtype), landscape)
    rows = math.ceil(steps / stride) if mode == "records" else 1
    runs = [_Run(plan, shared, _lay_out(r, request), rows, request) for r in request.rules.values()]
    check_memory(
        f"simulate: {len(runs)} x {runs[0].count} trajectories with {rows} records each",
        sum(run.bytes for run in runs),
        "record fewer steps (record = a stride, 'final' or 'statistics') or observables, or run fewer starts at a time",
    )
    times = np.arange(0, steps, stride, dtype=np.int32) if mode == "records" else np.zeros(1, np.int32)
    stretches = {"final": np.array([steps]), "statistics": np.ones(1)}.get(mode, np.minimum(stride, steps - times))
    blocks = [run(times, stretches.astype(np.int32), np.int32(steps)) for run in runs]
    return assemble(plan, request, times, blocks, started)


def _as_float(x: Any, dtype: np.dtype) -> Any:
    return jnp.asarray(x, dtype) if jnp.issubdtype(jnp.result_type(x), jnp.floating) else jnp.asarray(x)


def _lay_out(rule: Any, request: Request) -> Any:
    """The rule's numbers, one per trajectory: every setting from every start, starts running fastest."""
    n, s = len(request.starts), request.settings or 1

    def leaf(x: Any) -> np.ndarray:
        x = np.asarray(x)
        kind = request.dtype if x.dtype.kind == "f" else np.dtype(np.int32)
        return np.repeat(np.broadcast_to(x.astype(kind), (s,)), n)

    return jax.tree.map(leaf, rule)


class _Run:
    """The trajectories of one rule, run block by block into arrays that are made once.

    Attributes:
        count: How many there are.
        bytes: What all their records take together.
    """

    def __init__(self, plan: Plan, landscape: Landscape, rule: Any, rows: int, request: Request) -> None:
        n = len(request.starts)
        self.count = n * (request.settings or 1)
        self.plan, self.landscape, self.rule = plan, landscape, rule
        self.starts, self.key = request.starts, request.key
        self.index = np.tile(np.arange(n, dtype=np.int32), self.count // n)
        self.block = min(self.count, BLOCK if jax.default_backend() == "cpu" else ACCELERATOR_BLOCK)
        each = self._measure(rows)
        if each * self.block > BLOCK_BYTES:
            self.block = max(1, BLOCK_BYTES // each)
            self._measure(rows)
        self.bytes = each * self.count

    def _measure(self, rows: int) -> int:
        """Find what a block returns, without running it; returns the bytes per trajectory."""
        whole = jax.ShapeDtypeStruct((rows,), np.int32)
        arguments = (*self._arguments(np.arange(self.block)), whole, whole, jax.ShapeDtypeStruct((), np.int32))
        self.shapes: Block = jax.eval_shape(lambda *a: run_block(self.plan, *a), *arguments)
        return sum(math.prod(x.shape) * x.dtype.itemsize for x in jax.tree.leaves(self.shapes)) // self.block

    def _arguments(self, chosen: np.ndarray) -> tuple[Any, ...]:
        index = self.index[chosen]
        return self.landscape, jax.tree.map(lambda x: x[chosen], self.rule), self.starts[index], index, self.key

    def __call__(self, times: np.ndarray, stretches: np.ndarray, end: np.int32) -> Block:
        results = jax.tree.map(lambda x: np.empty((self.count, *x.shape[1:]), x.dtype), self.shapes)

        def work(low: int) -> None:
            # the last block is filled up with its last trajectory, so that all blocks are one compiled program
            chosen = np.minimum(np.arange(low, low + self.block), self.count - 1)
            done = run_block(self.plan, *self._arguments(chosen), times, stretches, end)
            high = min(low + self.block, self.count)
            for result, x in zip(jax.tree.leaves(results), jax.tree.leaves(done), strict=True):
                result[low:high] = np.asarray(x)[: high - low]

        lows = range(0, self.count, self.block)
        with ThreadPoolExecutor(min(len(lows), worker_count(jax.devices()))) as pool:
            list(pool.map(work, lows))
        return results
