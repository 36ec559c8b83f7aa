"""`samscape reproduce`: everything that needs no CIFAR, in one command and on one page."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .figures import Force, Full, Jobs, Quick, budget_of
from .output import answers_errors

if TYPE_CHECKING:
    from ..figures.gallery import Theorems

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
    """Regenerate every toy figure of the five papers, check what they say, examine their theorems (a short run), and
    write it all to one page.
    """
    from ..figures.gallery import Theorems, write_gallery
    from ..figures.registry import select_figures
    from ..figures.reproduce import Task, check_folder, load_figure
    from .figure_run import SIGNS, make

    start = time.perf_counter()
    budget = budget_of(full, quick)
    folder = out / "figures"
    check_folder(folder)
    figures = [load_figure(name) for name in select_figures()]
    tasks = [
        Task(figure.name, variant, budget, folder, force)
        for figure in figures
        if not figure.absent
        for variant in figure.reproduced
    ]
    results = make(tasks, jobs)
    failures = {r.task.label: r.message for r in results if r.status == "failed"}
    theorems, differing = _verify(out / "theory", jobs, force) if not _missing() else (Theorems(None, {}, _ABSENT), [])
    page = write_gallery(folder, out / "index.html", failures, theorems)
    outcomes = [outcome for result in results for outcome in result.outcomes]
    said = ", ".join(f"{SIGNS[name]} {outcomes.count(name)} {name}" for name in SIGNS)
    kept = sum(r.status == "kept" for r in results)
    typer.echo(
        f"\n{len(results)} figures ({kept} unchanged, {len(failures)} failed) in {time.perf_counter() - start:.0f} s"
    )
    for figure in figures:
        if figure.absent:
            typer.echo(f"Left out: {figure.absent}", err=True)
    typer.echo(f"What the papers say of them: {said}")
    if theorems.page:
        typer.echo(f"Their theorems: {', '.join(f'{count} {name}' for name, count in theorems.counts.items())}")
    else:
        typer.echo(theorems.why_none, err=True)
    if differing:
        typer.echo(f"Verdicts that are not those on record: {'; '.join(differing)}", err=True)
    typer.echo(page)
    if failures or differing:
        raise typer.Exit(1)


_ABSENT = "The theorems were not examined: that needs pip install 'samscape[theory]'."


def _missing() -> bool:
    from .verify import missing_modules

    return bool(missing_modules())


def _verify(folder: Path, jobs: int | None, force: bool) -> "tuple[Theorems, list[str]]":
    """The quick examination of every claim: the page of verdicts, and what differs from the record."""
    from ..figures.gallery import Theorems
    from ..theory.kept import check_folder
    from ..theory.report import write_report
    from ..theory.verdicts import recorded
    from ..theory.verify import tasks_of
    from .verify import as_expected
    from .verify_run import counts_of, make

    check_folder(folder)
    results = make(tasks_of([], "quick", folder, force), jobs)
    page = write_report(results, folder)
    known = recorded("quick")
    differing = [f"{r.task.claim}: {r.verdict}" for r in results if not as_expected(r, known)]
    return Theorems(page, counts_of(results)), differing
