"""`samscape verify`: what becomes of the papers' claims, and of your own."""

import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .figures import budget_of
from .output import answers_errors, print_json, print_table

if TYPE_CHECKING:
    from ..theory.verify import Result

EXAMPLES = (
    "samscape verify",
    "samscape verify kim2023 --quick",
    "samscape verify tan2024.thm-10 --json",
    "samscape verify my_theorem.py",
)
NEEDED = ("z3", "flint", "PEPit", "cvxpy", "clarabel", "latex2mathml")
"""Modules of the [theory] extra."""

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[NAME]...", help="Papers, claims, or files that define CLAIMS; all claims if none is named."
    ),
]
Quick = Annotated[bool, typer.Option("--quick", help="A tenth of the work.")]
Full = Annotated[bool, typer.Option("--full", help="Ten times the work.")]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        metavar="DIR",
        help="Folder for results and pages (default: out/theory, for a file out/theory/FILE).",
    ),
]


@answers_errors
def run(
    names: Names = None,
    show: Annotated[
        bool, typer.Option("--list", help="List the claims with their recorded verdicts and stop.")
    ] = False,
    quick: Quick = False,
    full: Full = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Claims at once (default: one per core).")
    ] = None,
    out: Out = None,
    force: Annotated[bool, typer.Option("--force", help="Verify again what has not changed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as one JSON object.")] = False,
    record: Annotated[
        bool, typer.Option("--record", help="Put the computed verdicts on record (for maintainers).")
    ] = False,
    mutations: Annotated[
        bool, typer.Option("--mutations", help="Damage true statements and count how many of them are refuted.")
    ] = False,
) -> None:
    """Try to break theorems, and say what becomes of each: holds, holds-if, violated, vacuous, ...

    The exit status is 0 if every computed verdict is the recorded one; for a file of your own, if every claim in it
    holds. It is 1 otherwise, and 2 if the input was refused.
    """
    budget = budget_of(full, quick)
    check_extra()
    if mutations:
        from .mutations import run_mutations

        run_mutations(budget, jobs, as_json)
        return
    from ..theory.kept import check_folder
    from ..theory.report import write_report
    from ..theory.verdicts import record as put_on_record, recorded
    from ..theory.verify import known_claims, tasks_of
    from .verify_run import make, show_results, summary_of

    names = names or []
    files = [name for name in names if name.endswith(".py")]
    folder = out or Path("out/theory", *([Path(files[0]).stem] if len(files) == len(names) == 1 else []))
    tasks = tasks_of(names, budget, folder, force)
    before = recorded(budget)
    if show:
        print_table("Claims", ("claim", "recorded verdict"), [(t.claim, before.get(t.claim, "-")) for t in tasks])
        return
    if record and files:
        raise ValueError("--record: only the papers' claims are on record; leave it out for a file of your own")
    check_folder(folder)
    start = time.perf_counter()
    results = make(tasks, jobs, quiet=as_json)
    seconds = time.perf_counter() - start
    page = write_report(results, folder)
    if record:
        put_on_record({r.task.claim: r.verdict for r in results if r.record}, budget, known_claims())
        before = recorded(budget)
    if as_json:
        print_json(summary_of(results, before) | {"seconds": seconds, "page": str(page)})
    else:
        show_results(results, before, seconds, page)
    if not all(as_expected(result, before) for result in results):
        raise typer.Exit(1)


def as_expected(result: "Result", recorded: dict[str, str]) -> bool:
    """Whether a verdict is the recorded one; of a claim in a user's file, whether it holds."""
    return result.verdict == ("holds" if result.task.of_user else recorded.get(result.task.claim, "not on record"))


def missing_modules() -> list[str]:
    """The modules of the [theory] extra that are not installed."""
    return [name for name in NEEDED if find_spec(name) is None]


def check_extra() -> None:
    """Refuse to begin without the [theory] extra.

    Raises:
        ValueError: Some of it is missing; the message says what, and how to install it.
    """
    if missing := missing_modules():
        raise ValueError(f"`samscape verify` needs {', '.join(missing)}; install it: pip install 'samscape[theory]'")
