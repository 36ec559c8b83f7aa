"""Sweeps: every rule at every rho and eta from every start, each labelled with its outcome.

`compute_sweep` returns plain arrays; `sweep` an `xarray.Dataset`. Work is cut into blocks of trajectories; with `out`
every finished block is on disk, and a run that was killed goes on from there.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jax
import numpy as np

from ..landscapes.critical_points import CriticalPoint
from ..landscapes.landscape import Landscape
from .blocks import BlockStore
from .outcome_codes import Outcome, Tolerances
from .plan import NamedRule as NamedRule, Plan, RuleFactory, resolve_rules
from .point_table import PointTable, point_table
from .provenance import provenance
from .resources import check_disk, check_memory
from .runner import Runner, Totals
from .starts import make_starts

if TYPE_CHECKING:
    import xarray

log = logging.getLogger("samscape.sweep")


FIELDS = ("outcome", "target", "step", "period", "amplitude", "multiplier")
"""What is kept of every start; `decision.Labels` says what each is."""
BLOCK = {"cpu": 1 << 17, "accelerator": 1 << 20}
"""Trajectories per block in one and two dimensions; fewer in more."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """A finished sweep as plain arrays.

    Attributes:
        plan: What was run.
        table: The critical points that `target` numbers.
        counts: Starts by outcome, shape (R, P, E, 6).
        reached: Starts held at each critical point, shape (R, P, E, K).
        arrays: By name, each of shape (R, P, E, N): those of `FIELDS`, and `w_final` (R, P, E, N, d) where it was asked
            for. Empty for ``keep="rates"``, and where `path` has them.
        provenance: Versions, device, commit, time; see `provenance`.
        path: The file with the result, if there is one.
    """

    plan: Plan
    table: PointTable
    counts: np.ndarray
    reached: np.ndarray
    arrays: dict[str, np.ndarray]
    provenance: dict[str, Any]
    path: Path | None = None

    @property
    def rates(self) -> np.ndarray:
        """The share of starts with each outcome, shape (R, P, E, 6)."""
        return self.counts / self.plan.starts.count

    def to_dataset(self) -> "xarray.Dataset":
        """The same as an `xarray.Dataset`; see `sweep`."""
        from .results import load_result
        from .sweep_file import sweep_dataset

        return load_result(self.path) if self.path is not None else sweep_dataset(self)


def sweep(*args: Any, **kwargs: Any) -> "xarray.Dataset":
    """Run a sweep; takes what `compute_sweep` takes.

    Returns:
        A Dataset with the dimensions (rule, rho, eta, start), for `w_final` also coordinate: `outcome` (codes with
        their meanings as attributes), `target`, `step`, `period`, `amplitude`, `multiplier`; `rate` and `count`
        (rule, rho, eta, outcome_kind), `reached` (rule, rho, eta, point); the critical points as coordinates of
        `point`; all settings and the provenance as attributes. Read from the file, lazily, where `out` was given.
    """
    return compute_sweep(*args, **kwargs).to_dataset()


def compute_sweep(
    landscape: Landscape,
    rules: str | Sequence[str | RuleFactory] | dict[str, str | RuleFactory],
    etas: float | Sequence[float] | np.ndarray,
    rhos: float | Sequence[float] | np.ndarray | None,
    starts: int | np.ndarray,
    steps: int = 10_000,
    *,
    dtype: str = "float64",
    seed: int = 0,
    window: Any = None,
    keep: str = "labels",
    tolerances: Tolerances = Tolerances(),
    points: Sequence[CriticalPoint] | None = None,
    block_size: int | None = None,
    out: str | Path | None = None,
    resume: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Sweep:
    """Run every rule at every rho and eta from every start, and label each with its outcome (see `outcome.outcomes`).

    Rules without rho are run once and stand at every rho.

    Args:
        landscape: What is descended.
        rules: Names of methods, factories ``(eta, rho) -> rule`` (`NamedRule`, say), or either by label.
        etas: Step sizes, > 0.
        rhos: Perturbation radii, >= 0; None: 0.05.
        starts: Number of uniform starts in the window, or points of shape (N, d). The same for every setting.
        steps: Budget of every trajectory.
        dtype: "float32" or "float64".
        seed: Of the uniform starts; start i depends on it and i alone.
        window: ((low, high), ...) for the uniform starts; by default the landscape's domain.
        keep: "labels" for every start; "final" also where it ended; "rates" only counts per setting.
        tolerances: What decides an outcome.
        points: Critical points; by default those of the landscape.
        block_size: Trajectories per block; no result depends on it.
        out: File to write, ``.nc`` (NetCDF) or ``.zarr``. Finished blocks are kept beside it until it is complete.
        resume: Go on from blocks or a finished file that are there. False: start afresh.
        progress: Called as ``progress(done, total)``, in trajectories.
    Raises:
        ValueError: Anything that cannot be run, before it is: an unknown rule, numbers out of range, starts that do not
            fit, a grid larger than memory or disk, an output of another sweep or of another program.
        OSError: `out` cannot be written.
    Notes:
        With several devices every block is shared among them. With several processes (`jax.distributed`) each takes its
        share of the blocks, which needs an `out` that all see; the first process puts them together.
    """
    started = time.time()
    plan = _plan(landscape, rules, etas, rhos, starts, steps, dtype, seed, window, keep, tolerances)
    output = None if out is None else Path(out)
    if block_size is not None and block_size < 1:
        raise ValueError(f"sweep: block_size = {block_size}: it must be a whole number >= 1")
    most = BLOCK.get(jax.local_devices()[0].platform, BLOCK["accelerator"])
    size = block_size or max(1024, 2 * most // max(2, landscape.dimension))
    if output is None:
        _check_fits(plan, size, None)
        if jax.process_count() > 1:
            raise ValueError("sweep: several processes need an output that all of them see: give out=")
    table = point_table(landscape, tolerances.ball, points)
    if output is None:
        return _in_memory(plan, table, size, progress, started)
    return _to_file(plan, table, size, output, resume, progress, started)


def _plan(
    landscape: Landscape,
    rules: Any,
    etas: Any,
    rhos: Any,
    starts: Any,
    steps: int,
    dtype: Any,
    seed: int,
    window: Any,
    keep: str,
    tolerances: Tolerances,
) -> Plan:
    name = np.dtype(dtype).name
    if name not in ("float32", "float64"):
        raise ValueError(f"sweep: dtype = {name}: choose float32 or float64")
    if keep not in ("labels", "final", "rates"):
        raise ValueError(f"sweep: keep = {keep!r}: choose labels, final or rates")
    if steps < 1:
        raise ValueError(f"sweep: steps = {steps}: it must be a whole number >= 1")
    eta = _axis("etas", etas, above=True)
    rho = _axis("rhos", 0.05 if rhos is None else rhos, above=False)
    swept = resolve_rules(rules, rho)
    return Plan(
        landscape, swept, rho, eta, make_starts("sweep", landscape, starts, seed, window), steps, name, keep, tolerances
    )


def _axis(name: str, values: Any, above: bool) -> np.ndarray:
    array = np.atleast_1d(np.asarray(values, float))
    if array.ndim != 1 or not array.size:
        raise ValueError(f"sweep: {name} must be a number or a list of numbers, got shape {array.shape}")
    bad = ~np.isfinite(array) | ((array <= 0) if above else (array < 0))
    if bad.any():
        bound = "> 0" if above else ">= 0"
        raise ValueError(f"sweep: {name} contains {array[bad][0]}: every value must be finite and {bound}")
    return array


def _check_fits(plan: Plan, size: int, folder: Path | None) -> None:
    r, p, e, n = plan.shape
    what = f"sweep: {r} rules x {p} rho x {e} eta x {n} starts = {r * p * e * n:.3g} starts to keep"
    counts = r * p * e * 8 * (len(Outcome) + 8)
    kept = r * p * e * n * plan.bytes_per_start
    working = 40 * size * plan.landscape.dimension * 8 + counts
    fewer = "take fewer starts or settings, or keep='rates'"
    if folder is None:
        check_memory(what, kept + working, f"{fewer}; or write to a file with out=")
    else:
        check_memory(what, working, "take a smaller block_size or fewer settings")
        check_disk(what, 2 * kept, folder, fewer)


def _in_memory(
    plan: Plan, table: PointTable, size: int, progress: Callable[[int, int], None] | None, started: float
) -> Sweep:
    totals, flat, done = Totals(plan, table), {}, 0
    for (panel, low, high), block in Runner(plan, table, size).all(list(plan.blocks(size))):
        totals.add(panel, low, block)
        if plan.keep != "rates":
            for name, values in block.items():
                whole = flat.setdefault(
                    name, np.empty((*plan.shape[:2], plan.panel_size, *values.shape[1:]), values.dtype)
                )
                for r, p in plan.places(panel):
                    whole[r, p, low:high] = values
        done += high - low
        if progress is not None:
            progress(done, plan.trajectories)
    arrays = {name: whole.reshape(*plan.shape, *whole.shape[3:]) for name, whole in flat.items()}
    return Sweep(plan, table, totals.counts, totals.reached, arrays, provenance(started))


def _to_file(
    plan: Plan,
    table: PointTable,
    size: int,
    output: Path,
    resume: bool,
    progress: Callable[[int, int], None] | None,
    started: float,
) -> Sweep:
    from .results import check_output
    from .sweep_file import finished_sweep, sweep_settings, write_sweep

    settings = sweep_settings(plan, table)
    folder = output.with_name(output.name + ".blocks")
    check_output(output)
    finished = finished_sweep(output, plan, table) if resume else None
    if finished is not None:
        log.info("%s is complete already", output)
        return finished
    _check_fits(plan, size, output.parent)
    rank, ranks = jax.process_index(), jax.process_count()
    if rank != 0:
        _barrier("samscape: the store exists")
    store = BlockStore(folder, settings, size, resume or rank != 0)
    if rank == 0:
        _barrier("samscape: the store exists")
    runner = Runner(plan, table, store.block_size)
    blocks = list(plan.blocks(store.block_size))
    missing, done = [], 0
    for i, (panel, low, high) in enumerate(blocks):
        if store.read(panel, low) is not None:
            done += high - low
        elif i % ranks == rank:
            missing.append((panel, low, high))
    if done:
        log.info("%s: %d of %d trajectories are there already", folder, done, plan.trajectories)
    for (panel, low, high), block in runner.all(missing):
        store.write(panel, low, block)
        done += high - low
        if progress is not None:
            progress(done, plan.trajectories)
    _barrier("samscape: all blocks are done")
    if rank == 0:
        totals = Totals(plan, table)

        def finished_blocks() -> Iterator[tuple[int, int, int, dict[str, np.ndarray]]]:
            for panel, low, high in blocks:
                block = store.read(panel, low)
                if block is None:  # damaged since it was written
                    block = runner.run(panel, low, high, None)
                totals.add(panel, low, block)
                yield panel, low, high, block

        write_sweep(output, plan, table, totals, finished_blocks(), lambda: provenance(started))
        store.delete()
    _barrier("samscape: the result is written")
    result = finished_sweep(output, plan, table)
    if result is None:
        raise OSError(f"{output} vanished after it was written")
    return result


def _barrier(name: str) -> None:
    """Wait for the other processes, if there are any."""
    if jax.process_count() > 1:
        from jax.experimental import multihost_utils

        multihost_utils.sync_global_devices(name)
