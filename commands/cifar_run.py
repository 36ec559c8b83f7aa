"""`samscape cifar run`: train the networks of a recipe, all of them or one by its id."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .output import answers_errors

if TYPE_CHECKING:
    from ..cifar.recipes import Recipe

EXAMPLES = (
    "samscape cifar run digits-switching --out runs/digits",
    "samscape cifar run zhou2025-fig3 --data data --out runs/fig3 --preset release",
    "samscape cifar run zhou2025-fig3 --data data --out runs/fig3 --branch wrn-16-8-cifar10_seed0-sgd",
)
EMBEDDED = ("digits", "synthetic")
"""Data sets that need no files."""

Out = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder of the experiment.")]
DataPlace = Annotated[
    str | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="Folder with CIFAR's files; or digits or synthetic, to train on those instead.  \\[default: the recipe's]",
        show_default=False,
    ),
]
Preset = Annotated[str, typer.Option("--preset", help="Values of the paper's text, or of the authors' release.")]
Workers = Annotated[
    int | None,
    typer.Option("--workers", "-j", min=1, help="Runs at once.  \\[default: one per core; one on a GPU]"),
]
Every = Annotated[float, typer.Option("--every", min=0, help="Seconds between checkpoints; 0: one after every epoch.")]


@answers_errors
def run(
    recipe: Annotated[str, typer.Argument(metavar="RECIPE", help="A recipe; `samscape cifar plan` lists them.")],
    out: Out,
    data: DataPlace = None,
    preset: Preset = "paper",
    branch: Annotated[
        str | None,
        typer.Option(
            "--branch",
            metavar="ID",
            help="Train this run only, in this process; it waits for its trunk's checkpoint.",
        ),
    ] = None,
    start: Annotated[
        Path | None,
        typer.Option(
            "--start", metavar="FILE", help="With --branch: fork from this checkpoint (.npz) instead of the trunk's."
        ),
    ] = None,
    seeds: Annotated[int | None, typer.Option("--seeds", min=1, help="The first so many seeds only.")] = None,
    workers: Workers = None,
    every: Every = 60.0,
) -> None:
    """Train every run of a recipe: trunks once, branches from their checkpoints.

    What is finished stays when this is interrupted; the same command, or `samscape cifar resume`, goes on. A run that
    diverges is a result, too. The exit status is 0 if every run ended, 1 otherwise, and 2 if the input was refused.
    """
    from ..cifar.plan import runs_of
    from ..cifar.recipes import load_recipe
    from ..cifar.run import describe
    from .cifar_progress import show_all, show_one

    chosen, directory = with_data(load_recipe(recipe, preset), data)
    if seeds is not None:
        import dataclasses

        chosen = dataclasses.replace(chosen, seeds=chosen.seeds[:seeds])
    if branch is None and start is not None:
        raise ValueError("--start is for one run; name it with --branch ID")
    describe(out, chosen, runs_of(chosen), directory)
    if branch is None:
        show_all(out, directory, workers, every)
    else:
        show_one(out, branch, directory, every, start)


def with_data(recipe: "Recipe", data: str | None) -> "tuple[Recipe, Path | None]":
    """A recipe on the data that the option names, and the folder of the data."""
    import dataclasses

    if data in EMBEDDED:
        settings = tuple(each.replace(data=data) for each in recipe.settings)
        return dataclasses.replace(recipe, settings=settings), None
    return recipe, Path(data) if data is not None else None
