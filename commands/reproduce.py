"""`samscape reproduce`: everything that needs no CIFAR, in one command and on one page."""

import time
from pathlib import Path
from typing import Annotated

import typer

from .figures import Force, Full, Jobs, Quick, budget_of
from .output import answers_errors

EXAMPLES = ("samscape reproduce --quick", "samscape reproduce", "samscape reproduce --full --out results")


@answers_errors
def run(
    full: Full = False,
    quick: Quick = False,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the page and all it shows.")
    ] = Path("out"),
    jobs: Jobs = None,
    force: Force = False,
) -> None:
    """Regenerate every toy figure of the five papers, check what they say, and write it all to one page."""
    from ..figures.gallery import write_gallery
    from ..figures.registry import select_figures
    from ..figures.reproduce import Task, check_folder, load_figure
    from .figure_run import SIGNS, make

    start = time.perf_counter()
    budget = budget_of(full, quick)
    folder = out / "figures"
    check_folder(folder)
    tasks = [
        Task(name, variant, budget, folder, force)
        for name in select_figures()
        for variant in load_figure(name).reproduced
    ]
    results = make(tasks, jobs)
    failures = {r.task.label: r.message for r in results if r.status == "failed"}
    page = write_gallery(folder, out / "index.html", failures)
    outcomes = [outcome for result in results for outcome in result.outcomes]
    said = ", ".join(f"{SIGNS[name]} {outcomes.count(name)} {name}" for name in SIGNS)
    kept = sum(r.status == "kept" for r in results)
    typer.echo(
        f"\n{len(results)} figures ({kept} unchanged, {len(failures)} failed) in {time.perf_counter() - start:.0f} s"
    )
    typer.echo(f"What the papers say of them: {said}\n{page}")
    if failures:
        raise typer.Exit(1)
