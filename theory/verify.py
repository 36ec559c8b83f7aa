"""Many claims verified: in processes of their own, kept as they come, known again by content of claim and code."""

import os
import time
import traceback
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..dynamics.worker_pool import run_in_processes
from .budget import BUDGETS
from .claim import Claim
from .kept import Task, key_of, load, remove_unfinished, save, seconds_before
from .load import claims_at
from .record import Record, record_of, to_json
from .registry import MODULES, select


@dataclass(frozen=True)
class Result:
    """What became of a task.

    Attributes:
        task: The task.
        status: "computed", "kept" (nothing had changed) or "failed" (no verdict could be reached; `message` says why).
        seconds: Spent on it now.
        record: The examination, unless it failed.
        message: Why it failed.
    """

    task: Task
    status: str
    seconds: float
    record: Record | None = None
    message: str = ""

    @property
    def verdict(self) -> str:
        return self.record.verdict.name if self.record else "failed"


def tasks_of(
    names: Iterable[str] = (), budget: str = "default", folder: Path | None = None, force: bool = False
) -> list[Task]:
    """Tasks for papers, claims (with or without a reading) and files; all claims of the registry if none is named.

    A module that cannot be imported gives one task for each of its claims, which then fails with the reason.

    Raises:
        ValueError: A name is unknown, or a file does not define claims.
    """
    names = tuple(names)
    tasks = []
    files = [name for name in names if name.endswith(".py")]
    others = [name for name in names if not name.endswith(".py")]
    for file in files:
        tasks += [Task(claim.id, file, budget, folder, force) for claim in claims_at(file)]
    if others or not files:
        chosen = select({name.partition(":")[0]: None for name in others})
        readings = {name for name in others if ":" in name}
        whole = {name for name in others if ":" not in name}
        for module in dict.fromkeys(module for _, module in chosen):
            headlines = [claim for claim, m in chosen if m == module]
            tasks += [Task(c, module, budget, folder, force) for c in _readings(module, headlines, readings, whole)]
        missing = readings - {task.claim for task in tasks}
        if missing:
            name = sorted(missing)[0]
            known = ", ".join(c for h, m in chosen if h == name.partition(":")[0] for c in _ids(m) if _head(c) == h)
            raise ValueError(f"no claim is called {name!r}; there are: {known}")
    return tasks


def run_task(task: Task) -> Result:
    """Verify one claim, or find its result. Never raises."""
    start = time.perf_counter()
    try:
        claim = _claim_of(task)
        key = key_of(claim, task)
        if not task.force and (kept := load(task, key)) is not None:
            return Result(task, "kept", time.perf_counter() - start, kept)
        record = _examined(claim, task)
        if task.path is not None:
            save(task.path, {"key": key, **to_json(record)})
        return Result(task, "computed", time.perf_counter() - start, record)
    except Exception as error:  # noqa: BLE001 - one claim's failure is a row of the report; the others go on
        message = f"{type(error).__name__}: {error}"
        if os.environ.get("SAMSCAPE_TRACEBACK"):
            message += "\n" + traceback.format_exc()
        return Result(task, "failed", time.perf_counter() - start, message=message)


def run_all(tasks: Sequence[Task], jobs: int = 1) -> Generator[Result, None, None]:
    """Verify claims, `jobs` at once in processes of their own; results come as they are ready.

    Those that took longest before begin first. Closing the generator stops the processes; what was finished is on disk.
    A claim whose process dies is tried once more, alone: it may have been another's.
    """
    if jobs == 1:
        yield from map(run_task, tasks)
        return
    known = {task: seconds_before(task) for task in tasks}
    order = sorted(tasks, key=lambda task: -known[task])
    folders = {task.path.parent for task in tasks if task.path is not None}

    def tidy(processes: set[int]) -> None:
        for folder in folders:
            remove_unfinished(folder, processes)

    lost = []
    for task, result in run_in_processes(_run_here, order, jobs, tidy=tidy):
        if result is not None:
            yield result
        else:
            lost.append(task)
    for one in lost:
        for task, result in run_in_processes(_run_here, [one], 1, tidy=tidy):
            yield result or Result(task, "failed", 0.0, message=DIED)


DIED = "its process died, as happens when memory runs out or a solver crashes"


def _run_here(task: Task, progress: Callable[[float], None]) -> Result:
    result = run_task(task)
    progress(1.0)
    return result


def _examined(claim: Claim, task: Task) -> Record:
    from ..dynamics.provenance import provenance
    from .examine import examine
    from .reproduction import reproduced

    began = time.time()
    examination = examine(claim, BUDGETS[task.budget])
    return record_of(examination, task.budget, reproduced(examination), provenance(began))


def _claim_of(task: Task) -> Claim:
    for claim in claims_at(task.origin):
        if claim.id == task.claim:
            return claim
    raise ValueError(f"{task.origin} has no claim {task.claim!r} in its CLAIMS")


def _readings(module: str, headlines: Sequence[str], readings: set[str], whole: set[str]) -> list[str]:
    """Ids of the claims of a module that were asked for; the headlines themselves where it cannot be imported."""
    try:
        ids = _ids(module)
    except Exception:  # noqa: BLE001 - `run_task` imports it again and reports
        return list(headlines)
    found = []
    for headline in headlines:
        named = [i for i in ids if _head(i) == headline]
        all_of_them = (not whole and not readings) or headline in whole or headline.partition(".")[0] in whole
        found += [i for i in named or [headline] if all_of_them or i in readings]
    return found


def known_claims() -> frozenset[str]:
    """Ids of all claims of the registry, readings among them."""
    return frozenset(i for module in MODULES for i in _ids(module))


def _ids(module: str) -> list[str]:
    return [claim.id for claim in claims_at(module)]


def _head(claim_id: str) -> str:
    return claim_id.partition(":")[0]
