"""Verifying claims with something to look at meanwhile, and the table at the end."""

import os
import sys
import textwrap
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from .output import print_table, progress_bars

if TYPE_CHECKING:
    from ..theory.verify import Result, Task


def make(tasks: "Sequence[Task]", jobs: int | None, quiet: bool = False) -> "list[Result]":
    """Verify the claims, with a bar or a line for each; what is finished stays when this is interrupted.

    Args:
        tasks: The claims.
        jobs: How many at once; None: one per core, but no more than there are claims.
        quiet: Say nothing.
    """
    from ..theory.verify import run_all
    from .interruption import orderly_end

    count = min(jobs or os.cpu_count() or 1, max(len(tasks), 1))
    results: list[Result] = []
    with orderly_end("finished claims are kept; the same command goes on from there"), progress_bars(quiet) as bars:
        bar = bars.add_task("claims", total=len(tasks)) if bars is not None else None
        with closing(run_all(tasks, count)) as verified:
            for result in verified:
                results.append(result)
                said = f"{result.task.claim} {result.verdict}"
                if bars is not None and bar is not None:
                    bars.update(bar, completed=len(results), description=said)
                elif not quiet:
                    typer.echo(f"{len(results)}/{len(tasks)} {said} ({result.seconds:.1f} s)", err=True)
    order = {task: i for i, task in enumerate(tasks)}
    return sorted(results, key=lambda result: order[result.task])


def show_results(results: "Sequence[Result]", recorded: Mapping[str, str], seconds: float, page: Path) -> None:
    """The table, the counts, and what differs from the record."""
    from ..theory.report import SIGNS

    rows = [
        (
            f"{SIGNS[r.verdict]} {r.task.claim}", r.verdict, on_record(r, recorded),
            textwrap.shorten(reason_of(r), 200 if sys.stdout.isatty() else 90, placeholder=" ..."), f"{r.seconds:.1f}",
        )
        for r in results
    ]  # fmt: skip
    print_table("", ("claim", "verdict", "record", "because", "s"), rows, numeric=(4,))
    counts = counts_of(results)
    kept = sum(r.status == "kept" for r in results)
    said = ", ".join(f"{SIGNS[name]} {count} {name}" for name, count in counts.items())
    typer.echo(f"\n{len(results)} claims ({kept} unchanged) in {seconds:.0f} s: {said}\n{page}")
    if any(r.task.of_user for r in results):
        return
    if differing := [r for r in results if recorded.get(r.task.claim, r.verdict) != r.verdict]:
        named = "; ".join(f"{r.task.claim}: {r.verdict}, on record {recorded[r.task.claim]}" for r in differing)
        typer.echo(f"Not as recorded: {named}", err=True)
    if new := [r.task.claim for r in results if r.task.claim not in recorded]:
        typer.echo(f"Not on record yet (`samscape verify --record` puts them there): {', '.join(new)}", err=True)


def summary_of(results: "Sequence[Result]", recorded: Mapping[str, str]) -> dict[str, Any]:
    """The same for machines."""
    claims = {
        r.task.claim: {
            "verdict": r.verdict,
            "recorded": None if r.task.of_user else recorded.get(r.task.claim),
            "reasons": r.record.verdict.reasons if r.record else [r.message],
            "findings": r.record.verdict.findings if r.record else [],
            "status": r.status,
            "seconds": r.seconds,
        }
        for r in results
    }
    return {"claims": claims, "counts": counts_of(results)}


def counts_of(results: "Sequence[Result]") -> dict[str, int]:
    """How many claims came to each verdict, those that none came to left out."""
    from ..theory.report import SIGNS

    found = [r.verdict for r in results]
    return {name: found.count(name) for name in SIGNS if name in found}


def on_record(result: "Result", recorded: Mapping[str, str]) -> str:
    """How a verdict compares with the recorded one."""
    before = recorded.get(result.task.claim)
    if result.task.of_user or before is None:
        return "-" if result.task.of_user else "new"
    return "same" if before == result.verdict else f"was {before}"


def reason_of(result: "Result") -> str:
    """Why, in one line."""
    from ..theory.errata import rounded

    if result.record is None:
        return result.message.partition("\n")[0]
    return rounded(result.record.verdict.reasons[0]) if result.record.verdict.reasons else ""
