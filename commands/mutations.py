"""`samscape verify --mutations`: how many damaged statements the engine refutes, and how many true ones."""

import os
from dataclasses import asdict

import typer

from .output import print_json, progress_bar


def run_mutations(budget: str, jobs: int | None, as_json: bool) -> None:
    """Judge every textbook statement and every damage done to it, and print the table.

    Exit status 1 if a true statement is refuted or fewer than nine in ten damaged ones are.
    """
    from ..theory.mutation_run import run_parallel

    with progress_bar("statements", quiet=as_json) as report:
        table = run_parallel(budget, jobs or os.cpu_count() or 1, report)
    if as_json:
        rows = [asdict(row) for row in table.rows]
        print_json({"budget": budget, "power": table.power, "false_alarms": len(table.false_alarms), "rows": rows})
    else:
        typer.echo(table.markdown(), nl=False)
    if table.false_alarms or table.power < 0.9:
        raise typer.Exit(1)
