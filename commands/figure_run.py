"""Making figures with something to look at meanwhile: a bar for each on a terminal, a line for each otherwise."""

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

import typer

from .output import progress_bars

if TYPE_CHECKING:
    from ..figures.reproduce import Result, Task

SIGNS = {"agrees": "✓", "agrees partly": "◐", "does not agree": "✗"}


def make(tasks: "Sequence[Task]", jobs: int | None, quiet: bool = False) -> "list[Result]":
    """Make the figures and say how each went; what is finished stays when this is interrupted.

    Args:
        tasks: The figures.
        jobs: How many at once; None: one per core, but no more than there are figures.
        quiet: Say nothing.
    """
    from ..figures.reproduce import run_all
    from .interruption import orderly_end

    count = min(jobs or os.cpu_count() or 1, max(len(tasks), 1))
    results = []
    with orderly_end("finished figures are kept; the same command goes on from there"), progress_bars(quiet) as bars:
        report: Callable[[Task, float], None] | None = None
        if bars is not None:
            rows = {task: bars.add_task(task.label, total=1.0, start=False) for task in tasks}

            def show(task: "Task", share: float) -> None:
                if not bars.tasks[rows[task]].started:
                    bars.start_task(rows[task])
                bars.update(rows[task], completed=share, visible=share < 1)

            report = show

        with closing(run_all(tasks, count, report)) as made:
            for result in made:
                results.append(result)
                if not quiet:
                    typer.echo(line_of(result))
    return sorted(results, key=lambda r: list(tasks).index(r.task))


def line_of(result: "Result") -> str:
    """One line on one figure: name, marks of its checks, seconds, and what there is to say."""
    marks = "".join(SIGNS[outcome] for outcome in result.outcomes)
    said = f"  {result.message}" if result.message else ""
    return f"{result.task.label:32} {marks:8} {result.status:9} {result.seconds:7.1f} s{said}"
