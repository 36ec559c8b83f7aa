"""The engine: many independent trajectories, advanced together.

`advance` is the only loop over steps that sweeps, basins, outcome tests and ensembles use. A *body* maps the state of
one trajectory to the next. The engine batches it over N trajectories and arranges the work:

- On a CPU, trajectories go through the steps in short chunks that stay in the first-level cache, each chunk's loop
  compiled as one function (see `xla`), and blocks of chunks are handed to one thread per core.
- On an accelerator all trajectories take each step together, one fused kernel per step.
- Several devices share every block evenly, by `jax.shard_map` over a mesh of them; no step needs communication.

Bodies whose leaves are scalars per trajectory (a landscape's coordinates as a tuple) become pure elementwise code,
which
is what makes this fast; others run correctly in the same loop. A trajectory's result does not depend on its place in a
chunk, on the block size, or on the number of threads or devices.
"""

import functools
import logging
import math
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from . import xla

xla.request_small_loops()
log = logging.getLogger("samscape.engine")

Device = Any
"""A ``jax.Device``, which type checkers take for a variable."""
Body = Callable[[Any, Any, Any, jax.Array], Any]
"""``body(shared, carry, constants, t) -> carry`` for one trajectory; a module-level function (it is a cache key)."""

CHUNK = 128
"""Trajectories per chunk where the body is elementwise: a few arrays of these stay in the first-level cache."""
CHUNK_BYTES = 131_072
"""Bytes of state per chunk of vectors, so that chunk and temporaries stay in the second-level cache."""
BLOCKS = {"cpu": (1 << 10, 1 << 13, 1 << 16), "accelerator": (1 << 13, 1 << 17, 1 << 20, 1 << 23)}
"""Numbers of trajectories that programs are compiled for; work is padded to the next one, and cut at the last."""


@dataclass(frozen=True)
class Program:
    """A compiled loop, where its arguments belong (a tree of shardings), and how it runs."""

    run: Callable[..., Any]
    placement: Any
    chunk: int
    small_loops: bool


def advance(
    body: Body,
    shared: Any,
    carry: Any,
    constants: Any,
    start: int,
    steps: int,
    *,
    threads: int | None = None,
    devices: list[Device] | None = None,
    size: int | None = None,
) -> Any:
    """Advance N trajectories by `steps` steps.

    Args:
        body: One step of one trajectory.
        shared: A pytree that all trajectories share (the landscape, say); its arrays are not batched.
        carry: The states: a pytree whose leaves have a leading axis N.
        constants: What differs between trajectories but not in time (eta, rho): leaves with a leading axis N.
        start: The number of the first step, passed to `body` as t.
        steps: How many steps, >= 0.
        threads: Blocks worked on at once; by default one per core on a CPU, one per device otherwise.
        devices: Where to run; by default all devices of the default platform.
        size: Trajectories that the program is compiled for, by default `block_size`: name one where numbers vary from
            call to call, so that nothing is compiled twice.
    Returns:
        The states after `steps` steps: NumPy arrays in the structure of `carry`.
    """
    leaves, structure = jax.tree.flatten(carry)
    n = leaves[0].shape[0]
    devices = jax.local_devices() if devices is None else devices
    results = [np.empty(x.shape, x.dtype) for x in leaves]

    def work(block: "Block") -> None:
        out, _ = block.run(body, shared, start, steps, settle=False)
        for result, x in zip(results, jax.tree.leaves(out), strict=True):
            result[block.low : block.high] = x[: block.high - block.low]

    run_blocks(work, cut(carry, constants, n, devices, size), threads or worker_count(devices))
    return jax.tree.unflatten(structure, results)


@dataclass
class Block:
    """Trajectories low ... high - 1, padded to a size with a program; `size` is that of one device's share."""

    low: int
    high: int
    size: int
    carry: Any
    constants: Any
    devices: tuple[Device, ...]

    def run(self, body: Body, shared: Any, start: int, steps: int, *, settle: bool) -> tuple[Any, np.ndarray]:
        """The states after `steps` steps, and, with `settle`, which equal bit for bit those two steps before."""
        arguments = (shared, *jax.tree.map(self._deal, (self.carry, self.constants)))
        program = _program(body, settle, self.devices, *_signature(arguments))
        count = math.ceil(math.ceil((self.high - self.low) / len(self.devices)) / program.chunk)
        last = 2 if settle else 0
        scalars = (np.int32(start), np.int32(steps - last), np.int32(last), np.int32(count))
        placed = jax.device_put((*arguments, *scalars), program.placement)
        out, settled = program.run(*placed)
        return jax.tree.map(self._collect, (out, settled))

    def _deal(self, x: np.ndarray) -> np.ndarray:
        """Trajectories in the order of the devices' shares: one to each device in turn, so that shares are even."""
        shares = len(self.devices)
        return (
            x
            if shares == 1
            else np.ascontiguousarray(x.reshape(-1, shares, *x.shape[1:]).swapaxes(0, 1)).reshape(x.shape)
        )

    def _collect(self, x: Any) -> np.ndarray:
        """The inverse of `_deal`."""
        x, shares = np.asarray(x), len(self.devices)
        return (
            x
            if shares == 1
            else np.ascontiguousarray(x.reshape(shares, -1, *x.shape[1:]).swapaxes(0, 1)).reshape(x.shape)
        )


def block_size(n: int, devices: list[Device]) -> int:
    """Trajectories of each device that the programs for a panel of `n` are compiled for."""
    sizes = BLOCKS.get(devices[0].platform, BLOCKS["accelerator"])
    return next((b for b in sizes if b * len(devices) >= math.ceil(n / _parts(n, devices))), sizes[-1])


def _parts(n: int, devices: list[Device]) -> int:
    """Equal parts keep all cores busy; beyond that blocks of the largest size balance by themselves."""
    sizes = BLOCKS.get(devices[0].platform, BLOCKS["accelerator"])
    return max(math.ceil(n / (sizes[-1] * len(devices))), min(worker_count(devices), n // sizes[0] or 1))


def cut(carry: Any, constants: Any, n: int, devices: list[Device], size: int | None = None) -> Iterator[Block]:
    """The blocks of a panel of `n` trajectories, each padded with copies of its last one."""
    shares = len(devices)
    size = size or block_size(n, devices)
    length = min(size * shares, math.ceil(n / _parts(n, devices)))
    for low in range(0, n, length):
        high = min(low + length, n)

        def part(x: Any, low: int = low, high: int = high) -> np.ndarray:
            return pad(np.asarray(x[low:high]), size * shares)

        yield Block(low, high, size, jax.tree.map(part, carry), jax.tree.map(part, constants), tuple(devices))


def pad(x: np.ndarray, size: int) -> np.ndarray:
    """`x` lengthened to `size` along its first axis with copies of its last entry."""
    if x.shape[0] == size:
        return np.ascontiguousarray(x)
    out = np.empty((size, *x.shape[1:]), x.dtype)
    out[: x.shape[0]] = x
    out[x.shape[0] :] = x[-1:]
    return out


def worker_count(devices: list[Device]) -> int:
    """Blocks to work on at once: one per core of a CPU that is one device; otherwise one, which all devices share."""
    if devices[0].platform != "cpu" or len(devices) > 1:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def run_blocks(work: Callable[[Block], None], blocks: Iterator[Block], threads: int) -> None:
    """Call `work` on every block, `threads` at once, holding only as many blocks in memory as are being worked on."""
    lock = threading.Lock()

    def drain() -> None:
        while True:
            with lock:
                block = next(blocks, None)
            if block is None:
                return
            work(block)

    if threads == 1:
        drain()
        return
    with ThreadPoolExecutor(threads) as pool:
        for future in [pool.submit(drain) for _ in range(threads)]:
            future.result()


def _signature(arguments: Any) -> tuple[Any, tuple[Any, ...]]:
    leaves, structure = jax.tree.flatten(arguments)
    return structure, tuple((np.shape(x), np.dtype(getattr(x, "dtype", type(x))).str) for x in leaves)


_compiling = threading.Lock()


def _program(body: Body, settle: bool, devices: tuple[Device, ...], structure: Any, shapes: tuple[Any, ...]) -> Program:
    with _compiling:  # so that two threads do not compile the same program
        return _compile(body, settle, devices, structure, shapes)


@functools.lru_cache(maxsize=256)
def _compile(body: Body, settle: bool, devices: tuple[Device, ...], structure: Any, shapes: tuple[Any, ...]) -> Program:
    shared, carry, constants = jax.tree.unflatten(structure, [jax.ShapeDtypeStruct(s, np.dtype(d)) for s, d in shapes])
    leaves = jax.tree.leaves((carry, constants))
    size = leaves[0].shape[0] // len(devices)
    on_cpu = devices[0].platform == "cpu"
    options = xla.compiler_options(devices[0].platform)
    mesh = jax.sharding.Mesh(np.array(devices), ("trajectory",))
    everywhere, split = jax.sharding.PartitionSpec(), jax.sharding.PartitionSpec("trajectory")
    specs = (everywhere, split, split, everywhere, everywhere, everywhere, everywhere)
    placement = tuple(jax.sharding.NamedSharding(mesh, spec) for spec in specs)

    def build(chunk: int) -> Any:
        loop = functools.partial(_loop, body, settle, chunk)
        if len(devices) > 1:
            loop = jax.shard_map(loop, mesh=mesh, in_specs=specs, out_specs=split, check_vma=False)
        scalar = jax.ShapeDtypeStruct((), np.int32)
        lowered = jax.jit(loop, in_shardings=placement).lower(shared, carry, constants, scalar, scalar, scalar, scalar)
        return lowered.compile(compiler_options=options)

    if not on_cpu:
        log.info("%s: one kernel per step on %d %s", _name(body), len(devices), devices[0].device_kind)
        return Program(build(size), placement, size, False)
    bytes_each = sum(math.prod(x.shape[1:]) * np.dtype(x.dtype).itemsize for x in leaves)
    elementwise = all(len(x.shape) == 1 for x in leaves)
    chunk = min(size, CHUNK if elementwise else 1 << max(3, int(math.log2(max(1, CHUNK_BYTES // bytes_each)))))
    compiled = build(chunk)
    small = xla.took_effect(compiled.as_text() or "")
    if elementwise and not small:
        chunk = min(
            size, 1024
        )  # best without the option: fewer kernel calls per state, still in the second-level cache
        compiled = build(chunk)
    log.info(
        "%s: %s path, chunks of %d, loops %s",
        _name(body),
        "coordinate (fast)" if elementwise else "general (vector)",
        chunk,
        "compiled as one function" if small else "with one kernel call per operation",
    )
    return Program(compiled, placement, chunk, small)


def _name(body: Body) -> str:
    return getattr(body, "__name__", repr(body))


def _loop(
    body: Body,
    settle: bool,
    chunk: int,
    shared: Any,
    carry: Any,
    constants: Any,
    start: jax.Array,
    steps: jax.Array,
    last: jax.Array,
    count: jax.Array,
) -> tuple[Any, jax.Array]:
    """`count` chunks, each taken through `steps` and then `last` more steps before the next chunk begins.

    Returns the states, and whether `last` steps left them unchanged. `last` is a traced number although it is always 2
    where it matters: a constant would let XLA merge the steps and round differently.
    """
    # inside a chunk the trajectory axis comes last: vectors then meet a matrix as the columns of one product
    batched = jax.vmap(body, in_axes=(None, -1, -1, None), out_axes=-1)
    size = jax.tree.leaves(carry)[0].shape[0]
    structure = jax.tree.structure(carry)

    def through(c: Any, k: Any) -> tuple[Any, jax.Array]:
        c, k = jax.tree.map(lambda x: jnp.moveaxis(x, 0, -1), (c, k))
        states, settled = columns(c, k)
        return jax.tree.map(lambda x: jnp.moveaxis(x, -1, 0), states), settled

    def columns(c: Any, k: Any) -> tuple[Any, jax.Array]:
        pairs = _pairs(jax.tree.leaves(c)) if chunk < size else {}

        def take(packed: Any, first: jax.Array, number: jax.Array) -> Any:
            def one(i: jax.Array, state: Any) -> Any:
                tree = jax.tree.unflatten(structure, _unpack(state, pairs))
                return _pack(jax.tree.leaves(batched(shared, tree, k, first + i)), pairs)

            return jax.lax.fori_loop(0, number, one, packed)

        before = take(_pack(jax.tree.leaves(c), pairs), start, steps)
        if not settle:
            settled = jnp.zeros(jax.tree.leaves(c)[0].shape[-1], bool)
            return jax.tree.unflatten(structure, _unpack(before, pairs)), settled
        after = take(before, start + steps, last)
        a, b = _unpack(before, pairs), _unpack(after, pairs)
        return jax.tree.unflatten(structure, b), _same_bits(a, b)

    if chunk == size:
        return through(carry, constants)

    def one(j: jax.Array, state: Any) -> Any:
        c, settled = state
        part = jax.tree.map(lambda x: jax.lax.dynamic_slice_in_dim(x, j * chunk, chunk), (c, constants))
        new = through(*part)
        return jax.tree.map(lambda x, y: jax.lax.dynamic_update_slice_in_dim(x, y, j * chunk, 0), (c, settled), new)

    return jax.lax.fori_loop(0, count, one, (carry, jnp.zeros(size, bool)))


def _pairs(leaves: list[Any]) -> dict[int, int]:
    """Leaves to carry two by two as one complex array, real part to imaginary part.

    XLA:CPU gives every output its own loop, which computes again what the outputs share. Two coordinates as one complex
    output share one loop: 1.2 to 1.4 times as many SAM and GD steps. Only moved, never multiplied, as complex numbers.
    """
    free: dict[Any, int] = {}
    pairs: dict[int, int] = {}
    for i, x in enumerate(leaves):
        if x.ndim == 1 and x.dtype in (jnp.float32, jnp.float64):
            if x.dtype in free:
                pairs[free.pop(x.dtype)] = i
            else:
                free[x.dtype] = i
    return pairs


def _pack(leaves: list[Any], pairs: dict[int, int]) -> list[Any]:
    second = set(pairs.values())
    return [jax.lax.complex(x, leaves[pairs[i]]) if i in pairs else x for i, x in enumerate(leaves) if i not in second]


def _unpack(packed: list[Any], pairs: dict[int, int]) -> list[Any]:
    leaves: dict[int, Any] = {}
    second = set(pairs.values())
    first = [i for i in range(len(packed) + len(pairs)) if i not in second]
    for i, x in zip(first, packed, strict=True):
        if i in pairs:
            leaves[i], leaves[pairs[i]] = jnp.real(x), jnp.imag(x)
        else:
            leaves[i] = x
    return [leaves[i] for i in range(len(leaves))]


def _same_bits(a: Any, b: Any) -> jax.Array:
    """Per trajectory (the last axis): do two states agree bit for bit? NaNs of equal bits do, 0.0 and -0.0 do not."""

    def one(x: jax.Array, y: jax.Array) -> jax.Array:
        if jnp.issubdtype(x.dtype, jnp.floating):
            unsigned = jnp.dtype(f"uint{8 * x.dtype.itemsize}")
            x, y = (jax.lax.bitcast_convert_type(z, unsigned) for z in (x, y))
        return jnp.all((x == y).reshape(-1, x.shape[-1]), axis=0)

    same = [one(x, y) for x, y in zip(jax.tree.leaves(a), jax.tree.leaves(b), strict=True)]
    return functools.reduce(jnp.logical_and, same)
