"""Running the blocks of a sweep, several at once, and adding up their counts."""

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import jax
import numpy as np

from .attraction import Attraction
from .engine import block_size, worker_count
from .outcome import Judge
from .outcome_codes import Outcome
from .panel import run_panel
from .plan import Plan
from .point_table import PointTable
from .tail import Workers

Arrays = dict[str, np.ndarray]
HOST_WORKERS = 4
"""Blocks in flight where an accelerator runs them."""


class Runner:
    """Runs blocks of a plan, of about `size` trajectories, several at once, each as if it were alone."""

    def __init__(self, plan: Plan, table: PointTable, size: int) -> None:
        self._plan, self._table = plan, table
        self._size = block_size(min(size, plan.panel_size), jax.local_devices())
        self._judges: dict[int, Judge] = {}
        self._lock = threading.Lock()
        self._devices = jax.local_devices()

    def judge(self, panel: int) -> Judge:
        """The judge of a panel; made once."""
        with self._lock:
            if panel not in self._judges:
                plan, (r, p) = self._plan, self._plan.panels[panel]
                rule = plan.rules[r].settings(plan.etas, float(plan.rhos[p]))
                attraction = Attraction(plan.landscape, rule, plan.etas, self._table, plan.tolerances, plan.dtype)
                self._judges[panel] = Judge(plan.landscape, rule, self._table, attraction, plan.tolerances, plan.dtype)
            return self._judges[panel]

    def run(self, panel: int, low: int, high: int, threads: int | None) -> Arrays:
        """What is kept of a block."""
        plan, judge = self._plan, self.judge(panel)
        setting = np.arange(low, high) // plan.starts.count
        starts = plan.starts_of(low, high)
        rule = judge.rule_of(setting)
        done = run_panel(plan.landscape, rule, starts, plan.steps, dtype=plan.dtype, threads=threads)
        labels = judge.label(done, starts, setting, Workers(threads, self._size))
        if plan.keep == "rates":
            return dict(
                zip(("counts", "reached"), tally(plan, self._table, low, labels.outcome, labels.target), strict=True)
            )
        kept = labels._asdict()
        return {**kept, "w_final": done.w} if plan.keep == "final" else kept

    def all(self, blocks: Sequence[tuple[int, int, int]]) -> Iterator[tuple[tuple[int, int, int], Arrays]]:
        """Every block with what is kept of it, in the order in which they are finished."""
        cores = worker_count(self._devices)
        workers, threads = (cores, 1) if len(blocks) >= cores > 1 else (1, None)
        if self._devices[0].platform != "cpu":  # the host labels some blocks while the device runs others
            workers = max(1, min(HOST_WORKERS, os.cpu_count() or 1, len(blocks)))
        waiting: dict[Future[Arrays], tuple[int, int, int]] = {}
        queue = iter(blocks)
        with ThreadPoolExecutor(workers) as pool:
            try:
                while True:
                    while len(waiting) < workers + 1 and (block := next(queue, None)) is not None:
                        waiting[pool.submit(self.run, *block, threads)] = block
                    if not waiting:
                        return
                    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                        yield waiting.pop(future), future.result()
            finally:
                pool.shutdown(wait=True, cancel_futures=True)


def tally(
    plan: Plan, table: PointTable, low: int, outcome: np.ndarray, target: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Starts by outcome, and those held at each point, of the etas that a block touches.

    Args:
        plan: The sweep.
        table: Critical points.
        low: Number of the block's first trajectory in its panel.
        outcome: Codes, shape (n,).
        target: Rows of the table, shape (n,).
    Returns:
        (e, 6) and (e, K), e the number of etas from that of the first trajectory to that of the last.
    """
    n = plan.starts.count
    setting = np.arange(low, low + len(outcome)) // n - low // n
    etas, kinds, points = int(setting[-1]) + 1, len(Outcome), max(1, len(table))
    counts = np.bincount(setting * kinds + outcome, minlength=etas * kinds).reshape(etas, kinds)
    held = (target >= 0) & (outcome != Outcome.CYCLE)
    reached = np.bincount(setting[held] * points + target[held], minlength=etas * points).reshape(etas, points)
    return counts, reached[:, : len(table)]


class Totals:
    """Counts of a sweep, added up block by block."""

    def __init__(self, plan: Plan, table: PointTable) -> None:
        shape = plan.shape[:3]
        self._plan, self._table = plan, table
        self.counts = np.zeros((*shape, len(Outcome)), np.int64)
        self.reached = np.zeros((*shape, len(table)), np.int64)

    def add(self, panel: int, low: int, block: Arrays) -> None:
        """One more block."""
        if "counts" in block:
            counts, reached = block["counts"], block["reached"]
        else:
            counts, reached = tally(self._plan, self._table, low, block["outcome"], block["target"])
        first = low // self._plan.starts.count
        for r, p in self._plan.places(panel):
            self.counts[r, p, first : first + len(counts)] += counts
            self.reached[r, p, first : first + len(counts)] += reached
