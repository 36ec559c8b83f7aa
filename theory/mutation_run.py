"""The engine's power measured in several processes: each statement, true or damaged, judged by itself."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed

from .budget import BUDGETS
from .mutation import Row, Table, cases, judge


def run_parallel(budget: str, jobs: int, report: "Callable[[int, int], None] | None" = None) -> Table:
    """Judge every statement, `jobs` at once.

    Args:
        budget: A name in `BUDGETS`.
        jobs: Processes; 1 stays in this one.
        report: Called with the number of statements done and of all.
    Returns:
        The table, in the order of `cases`.
    """
    count = len(cases())
    rows: dict[int, Row] = {}

    def take(number: int, row: Row) -> None:
        rows[number] = row
        if report is not None:
            report(len(rows), count)

    if jobs == 1:
        for i in range(count):
            take(i, _judge(i, budget))
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(jobs, count), context) as pool:
            futures = {pool.submit(_judge, i, budget): i for i in range(count)}
            try:
                for future in as_completed(futures):
                    take(futures[future], future.result())
            finally:
                for future in futures:
                    future.cancel()
    return Table(tuple(rows[i] for i in sorted(rows)))


def _judge(number: int, budget: str) -> Row:
    claim, damage = cases()[number]
    return judge(claim, damage, BUDGETS[budget])
