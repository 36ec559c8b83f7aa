"""`samscape figures`: make, list or make again the papers' figures."""

from pathlib import Path
from typing import Annotated

import typer

from .output import answers_errors, print_json, print_table

EXAMPLES = (
    "samscape figures --list",
    "samscape figures kim2023-fig1 --variant code",
    "samscape figures --only tan2024 --quick --out my_figures",
)

Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Figures; all of them if none is named.")]
Only = Annotated[str | None, typer.Option("--only", metavar="PAPER", help="Those of one paper: kim2023, tan2024, ...")]
Variant = Annotated[str, typer.Option("--variant", help="Another set-up, such as that of the authors' code.")]
Full = Annotated[bool, typer.Option("--full", help="The longest runs and all seeds.")]
Quick = Annotated[bool, typer.Option("--quick", help="Short runs.")]
Folder = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for pictures, data and records.")]
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Figures at once.  \\[default: one per core]")]
Force = Annotated[bool, typer.Option("--force", help="Compute again what has not changed.")]


@answers_errors
def run(
    names: Names = None,
    show: Annotated[bool, typer.Option("--list", help="List the figures and stop.")] = False,
    only: Only = None,
    variant: Variant = "paper",
    full: Full = False,
    quick: Quick = False,
    out: Folder = Path("out/figures"),
    jobs: Jobs = None,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as one JSON object.")] = False,
) -> None:
    """Regenerate figures of the papers: picture, data, and a check of what the paper says they show."""
    from ..figures.registry import select_figures

    chosen = select_figures(names or (), only)
    if show:
        list_figures(chosen)
        return
    from ..figures.reproduce import Task, check_folder, load_figure
    from .figure_run import make

    budget = budget_of(full, quick)
    for name in chosen:
        load_figure(name).settings(variant, budget)  # an unknown variant is refused before any work
        if absent := load_figure(name).absent:
            raise ValueError(absent)
    check_folder(out)
    results = make([Task(name, variant, budget, out, force) for name in chosen], jobs, quiet=as_json)
    if as_json:
        print_json({r.task.name: {"status": r.status, "checks": r.outcomes, "message": r.message} for r in results})
    if any(r.status == "failed" for r in results):
        raise typer.Exit(1)


def budget_of(full: bool, quick: bool) -> str:
    """The budget that the two flags ask for.

    Raises:
        ValueError: Both.
    """
    if full and quick:
        raise ValueError("--full and --quick exclude each other; give one of them")
    return "full" if full else "quick" if quick else "default"


def list_figures(names: tuple[str, ...]) -> None:
    """A table of figures with their variants."""
    from ..figures.reproduce import load_figure

    figures = [load_figure(name) for name in names]
    rows = [(f.name, f.title, ", ".join(["paper", *f.variants])) for f in figures]
    print_table("Figures", ("name", "shows", "variants"), rows)
