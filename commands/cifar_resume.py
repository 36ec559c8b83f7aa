"""`samscape cifar resume`: go on with an experiment that was interrupted."""

from pathlib import Path
from typing import Annotated

import typer

from .cifar_run import Every, Workers
from .output import answers_errors

EXAMPLES = (
    "samscape cifar resume runs/digits",
    "samscape cifar resume runs/fig3 --data elsewhere/cifar-10-batches-bin",
)


@answers_errors
def run(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the experiment.")],
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="Where CIFAR's files are now.  \\[default: where they were]"),
    ] = None,
    workers: Workers = None,
    every: Every = 60.0,
) -> None:
    """Go on with the runs of a folder, each from its newest checkpoint that is whole.

    The end is, bit for bit, that of a run that was never interrupted, on the same machine with the same versions.
    """
    from .cifar_progress import show_all

    show_all(out, data, workers, every)
