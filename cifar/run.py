"""All runs of a recipe on this machine: trunks first, then branches, in worker processes; interrupted, it goes on.

    OUT/recipe.json      the runs with their settings, written first; what `resume` and `verify` read
    OUT/ID/...           one folder per run; see `branches`
    OUT/summary.json     one row per run that has ended, those that diverged among them, and how many of each there are

Every run is started by its id and waits for its trunk itself, so the same runs can be spread over a cluster instead:
`samscape cifar run RECIPE --out OUT --branch ID`, one job each, in any order.
"""

import dataclasses
import json
import logging
import os
import shutil
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from ..dynamics.blocks import differences, write_atomically
from ..dynamics.worker_pool import run_in_processes
from .branches import EVERY, Result, read_result, train_run
from .plan import Run, runs_of
from .process import cores, prepare
from .recipes import Recipe
from .run_lock import locked
from .settings import Settings

log = logging.getLogger("samscape.cifar")

Report = Callable[[str, float], None]


class Outcome(NamedTuple):
    """What became of one run: its result, or why there is none."""

    id: str
    result: Result | None
    message: str = ""


class Work(NamedTuple):
    """What a worker process is told."""

    out: str
    id: str
    directory: str | None
    every: float
    threads: int | None


def run(
    recipe: Recipe,
    directory: Path | None,
    out: Path,
    *,
    workers: int | None = None,
    every: float = EVERY,
    report: Report | None = None,
) -> "Generator[Outcome, None, None]":
    """Train every run of a recipe; what is finished already is not trained again.

    Args:
        recipe: What to train.
        directory: Of the data, for those that have files.
        out: Folder of the experiment.
        workers: Processes, with one thread each on a CPU; None: one per core, and one where there is a GPU.
        every: Seconds between checkpoints.
        report: Called with a run's id and its share done, from another thread.
    Yields:
        What became of each run, as it ends. Closed early, the processes end at once and what is done stays.
    Raises:
        ValueError: The folder holds another experiment.
        LockedError: Another process works on it.
    """
    runs = runs_of(recipe)
    describe(out, recipe, runs, directory)
    return resume(out, directory, workers=workers, every=every, report=report)


def resume(
    out: Path,
    directory: Path | None = None,
    *,
    workers: int | None = None,
    every: float = EVERY,
    report: Report | None = None,
) -> "Generator[Outcome, None, None]":
    """Go on with the experiment in a folder; arguments as of `run`."""
    runs = read_runs(out)
    if directory is None:
        directory = directory_of(out)
    on_gpu = has_gpu()
    count = workers or (1 if on_gpu else cores())
    left = in_order(runs)
    with ExitStack() as held:
        held.enter_context(locked(out))
        for each in left:
            (out / each.id / "failed.json").unlink(missing_ok=True)  # of an earlier session: its branches need not fail
        threads = None if on_gpu else 1
        items = [Work(str(out), each.id, directory and str(directory), every, threads) for each in left]

        def hear(work: Work, share: float) -> None:
            if report is not None:
                report(work.id, share)

        try:
            for work, made in run_in_processes(train_here, items, count, hear):
                if made is None:
                    made = Outcome(
                        work.id, None, "its process was killed; is there enough memory? Fewer workers need less"
                    )
                    folder = out / work.id
                    folder.mkdir(parents=True, exist_ok=True)
                    said = {"error": "killed", "message": made.message}
                    write_atomically(folder / "failed.json", json.dumps(said).encode() + b"\n")
                yield made
        finally:
            write_summary(out, runs)


def train_here(work: Work, progress: Callable[[float], None]) -> Outcome:
    """Train one run in this process; what it refuses becomes the outcome's message."""
    prepare(work.threads)
    out = Path(work.out)
    try:
        chosen = run_named(out, work.id)
        directory = Path(work.directory) if work.directory else None
        return Outcome(work.id, train_run(out, chosen, directory, every=work.every, progress=progress))
    except (ValueError, OSError, MemoryError, ImportError) as error:
        return Outcome(work.id, None, str(error))


def in_order(runs: Sequence[Run]) -> list[Run]:
    """Trunks before branches, long runs before short ones."""

    def cost(each: Run) -> int:
        return each.epochs * (2 if each.method == "sam" else 1)

    return sorted(runs, key=lambda each: (each.parent is not None, -cost(each)))


def describe(out: Path, recipe: Recipe, runs: Sequence[Run], directory: Path | None) -> None:
    """Write `recipe.json`, or check that the one that is there is the same.

    Raises:
        ValueError: The folder holds another experiment; the message says what differs.
    """
    path = out / "recipe.json"
    now = {
        "recipe": recipe.name,
        "title": recipe.title,
        "source": recipe.source,
        "preset": recipe.preset,
        "measures": {name: dict(options) for name, options in recipe.measures.items()},
        "runs": {each.id: to_json(each) for each in runs},
    }
    where = str(directory.resolve()) if directory is not None else None
    if path.exists():
        before = _read_recipe(out)
        if {name: before[name] for name in now} != json.loads(json.dumps(now)):
            what = differences({name: before[name] for name in now}, now)
            raise ValueError(f"{out} holds another experiment: it {what}. Choose another folder")
        if before.get("directory") == where:
            return
    elif out.exists() and any(entry.name != "lock" for entry in out.iterdir()):
        raise ValueError(
            f"{out} holds something else ({next(iter(out.iterdir())).name}); choose an empty or new folder"
        )
    out.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps({**now, "directory": where}, indent=1).encode() + b"\n")


def to_json(run: Run) -> dict[str, Any]:
    """A run in the types that JSON has."""
    values = {field.name: getattr(run, field.name) for field in dataclasses.fields(run)}
    return {**values, "settings": run.settings.to_json(), "forks": list(run.forks)}


def from_json(values: Mapping[str, Any]) -> Run:
    """What `to_json` made."""
    return Run(**{**values, "settings": Settings.from_json(values["settings"]), "forks": tuple(values["forks"])})


def read_runs(out: Path) -> list[Run]:
    """The runs of the experiment in a folder.

    Raises:
        FileNotFoundError: There is none.
    """
    return [from_json(values) for values in _read_recipe(out)["runs"].values()]


def run_named(out: Path, name: str) -> Run:
    """One of them.

    Raises:
        ValueError: It has no such run.
    """
    runs = {each.id: each for each in read_runs(out)}
    if name not in runs:
        some = ", ".join(list(runs)[:8])
        raise ValueError(f"{out} has no run {name!r}; there are {len(runs)}: {some}{', ...' if len(runs) > 8 else ''}")
    return runs[name]


def directory_of(out: Path) -> Path | None:
    """Where the experiment's data were when it began."""
    where = _read_recipe(out).get("directory")
    return Path(where) if where else None


def write_summary(out: Path, runs: Sequence[Run]) -> dict[str, Any]:
    """Write `summary.json`: a row per run that has ended, and counts."""
    rows = [row for each in runs if (row := read_result(out / each.id)) is not None]
    diverged = sum(bool(row["diverged"]) for row in rows)
    counts = {"runs": len(runs), "ended": len(rows), "diverged": diverged, "left": len(runs) - len(rows)}
    summary = {**counts, "rows": rows}
    write_atomically(out / "summary.json", json.dumps(summary, indent=1, allow_nan=False).encode() + b"\n")
    return summary


def has_gpu() -> bool:
    """Whether JAX will use a GPU here, as far as can be told without starting it."""
    wanted = os.environ.get("JAX_PLATFORMS", "")
    return "cpu" not in wanted.split(",") and shutil.which("nvidia-smi") is not None


def _read_recipe(out: Path) -> dict[str, Any]:
    path = out / "recipe.json"
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        raise FileNotFoundError(
            f"{out} holds no experiment (no recipe.json); `samscape cifar run` begins one"
        ) from None
    except json.JSONDecodeError as error:
        raise ValueError(
            f"{path} is damaged ({error}); `samscape cifar run` with the same recipe needs a new folder"
        ) from None
