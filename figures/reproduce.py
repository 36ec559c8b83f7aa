"""Regenerate figures: what is known is kept, what fails does not stop the rest, what is interrupted goes on later."""

import os
import shutil
import time
import traceback
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from ..dynamics.worker_pool import run_in_processes
from .paper_figure import PaperFigure
from .registry import FIGURES
from .store import stem_of

SPACE_NEEDED = 200 * 2**20
"""Bytes that should be free where the figures go; all of them with their data take about a quarter of this."""


@dataclass(frozen=True)
class Task:
    """One figure to make."""

    name: str
    variant: str
    budget: str
    folder: Path
    force: bool = False

    @property
    def label(self) -> str:
        """What it is called: the figure's name, with the variant's behind it where it is another than the paper's."""
        return stem_of(self.name, self.variant)


@dataclass(frozen=True)
class Result:
    """What became of a task: "computed", "kept" (nothing had changed) or "failed", with the checks' outcomes."""

    task: Task
    status: str
    seconds: float
    outcomes: tuple[str, ...] = ()
    message: str = ""
    files: tuple[str, ...] = field(default=())


def load_figure(name: str) -> PaperFigure:
    """The figure of this name (its module is imported now)."""
    return import_module(f".{FIGURES[name]}", __package__).FIGURE


def check_folder(folder: Path) -> None:
    """Make the folder, and try it, before anything is computed.

    Raises:
        OSError: It cannot be written to, or holds too little free space; the message names the folder and the remedy.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe.{os.getpid()}"
        probe.write_text("samscape")
        probe.unlink()
    except OSError as error:
        raise OSError(
            f"cannot write to {folder}: {error.strerror or error}; choose another folder with --out"
        ) from None
    free = shutil.disk_usage(folder).free
    if free < SPACE_NEEDED:
        need = SPACE_NEEDED // 2**20
        raise OSError(f"{folder} has {free // 2**20} MiB free, the figures want {need} MiB; choose another with --out")


def run_task(task: Task, progress: Callable[[float], None] = lambda share: None) -> Result:
    """Make one figure: its data (unless they are there already), checks, pictures and record. Never raises."""
    start = time.perf_counter()
    trace = task.folder / f"{task.label}.error.txt"
    try:
        result = _run(task, progress, start)
        trace.unlink(missing_ok=True)
        return result
    except Exception as error:  # noqa: BLE001 - one figure's failure is a row of the page; the others go on
        with suppress(OSError):
            trace.write_text(traceback.format_exc())
        message = f"{type(error).__name__}: {error} (traceback in {trace.name})"
        return Result(task, "failed", time.perf_counter() - start, message=message)


def _run(task: Task, progress: Callable[[float], None], start: float) -> Result:
    from ..dynamics.provenance import provenance
    from . import store
    from .style import paper, save

    began = time.time()
    figure = load_figure(task.name)
    settings = figure.settings(task.variant, task.budget)
    entry = store.entry_of(figure, settings, task.folder)
    key = store.key_of(figure, settings)
    data, reason = (None, "recomputed by --force") if task.force else store.load(entry, key)
    record = store.read_record(entry)
    status = "computed" if data is None else "kept"
    if data is None:
        data = figure.compute(settings, progress)
        digest = store.save_data(entry, data)
        source = provenance(began)
    else:
        assert record is not None
        digest, source = record["digest"], record["provenance"]
    checks = list(figure.check(data))
    with paper():
        picture = figure.draw(data)
        files = tuple(save(picture, entry.path(suffix)).name for suffix in (".png", ".pdf"))
    store.save_record(entry, store.record_of(figure, settings, key, digest, checks, source))
    progress(1.0)
    damaged = reason if "damaged" in reason else ""
    return Result(task, status, time.perf_counter() - start, tuple(c.outcome for c in checks), damaged, files)


def run_all(
    tasks: Sequence[Task], jobs: int, report: "Callable[[Task, float], None] | None" = None
) -> Generator[Result, None, None]:
    """Make figures, `jobs` at once in processes of their own; results come as they are ready.

    Args:
        tasks: What to make.
        jobs: Processes; 1 stays in this one.
        report: Called with a task and its share done, from another thread if `jobs` > 1.
    Notes:
        When the consumer stops early, so do the processes, at once, and the files that they had begun are removed.
    """
    if jobs == 1:
        for task in tasks:
            yield run_task(task, (lambda share, task=task: report(task, share)) if report else lambda share: None)
        return

    def tidy(processes: set[int]) -> None:
        for folder in {task.folder for task in tasks}:
            _remove_unfinished(folder, processes)

    for task, result in run_in_processes(run_task, tasks, jobs, report, tidy):
        yield result or Result(task, "failed", 0.0, message=KILLED)


KILLED = "its process was killed, as happens when memory runs out; make it alone: --jobs 1"


def _remove_unfinished(folder: Path, processes: set[int]) -> None:
    """Files that processes, now ended, had not finished; see `store.save_data` and `style.save` for their names."""
    for process in processes:
        for path in folder.glob(f"*.{process}"):
            path.unlink(missing_ok=True)
