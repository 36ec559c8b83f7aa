"""`samscape cifar verify`: hash everything that an experiment left again."""

from pathlib import Path
from typing import Annotated

import typer

from .output import answers_errors, print_json, print_table

EXAMPLES = ("samscape cifar verify runs/digits", "samscape cifar verify runs/digits --json")


@answers_errors
def run(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the experiment.")],
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="Where CIFAR's files are now.  \\[default: where they were]"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as one JSON object.")] = False,
) -> None:
    """Check every checkpoint, result, log and manifest of an experiment against its SHA-256 and against each other.

    What is damaged is trained again by `samscape cifar resume`. The exit status is 1 if something is wrong.
    """
    from ..cifar.verification import verify

    found = list(verify(out, data))
    if as_json:
        print_json({each.id: each._asdict() for each in found})
    else:
        rows = [(each.id, each.state, str(each.files), "; ".join(each.problems) or "whole") for each in found]
        print_table(str(out), ("run", "state", "files hashed", "finding"), rows, numeric=(2,))
        wrong = sum(bool(each.problems) for each in found)
        typer.echo(f"{len(found)} runs, {sum(each.files for each in found)} files hashed, {wrong} runs with problems")
    if any(each.problems for each in found):
        raise typer.Exit(1)
