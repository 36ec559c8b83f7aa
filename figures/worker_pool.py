"""Figures in processes of their own: they stop with their parent, and one that dies takes no other with it."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .reproduce import Result, Task

Report = Callable[["Task", float], None]


def run_in_processes(
    tasks: "Sequence[Task]", jobs: int, report: Report | None = None
) -> "Generator[Result, None, None]":
    """Make figures, `jobs` at once; results come as they are ready.

    Args:
        tasks: What to make.
        jobs: Processes.
        report: Called with a task and its share done, from another thread.
    Notes:
        A process that is killed (memory) fails the figures that were under way; those not begun go on in new ones.
        When the consumer stops early, so do the processes, at once, and the files that they had begun are removed.
    """
    from .reproduce import Result

    left = list(tasks)
    while left:
        with _Pool(left, jobs, report) as pool:
            broken = False
            for future, task in pool.finished():
                try:
                    result = future.result()
                except BrokenProcessPool:
                    broken = True
                    continue
                left.remove(task)
                yield result
            lost = [task for task in pool.begun() if task in left] or left[:1] if broken else []
            for task in lost:
                left.remove(task)
                said = "its process was killed, as happens when memory runs out; make it alone: --jobs 1"
                yield Result(task, "failed", 0.0, message=said)


class _Pool:
    """Processes that make some tasks, and what they say of them."""

    def __init__(self, tasks: "Sequence[Task]", jobs: int, report: Report | None) -> None:
        context = multiprocessing.get_context("spawn")
        self._tasks, self._report = list(tasks), report
        self._said = context.SimpleQueue()
        lifeline, self._life = context.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(jobs, context, _start, (self._said, lifeline))
        self._begun: set[int] = set()
        self._processes: set[int] = set()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._futures: dict[Future[Any], Task] = {}

    def __enter__(self) -> "_Pool":
        self._listener.start()
        self._futures = {self._pool.submit(_run_here, task, i): task for i, task in enumerate(self._tasks)}
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is not None:
            self._life.close()  # whoever is still at work ends at once
            self._pool.shutdown(wait=True, cancel_futures=True)
            for folder in {task.folder for task in self._tasks}:
                _remove_unfinished(folder, self._processes)
        else:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._life.close()
        self._said.put(None)
        self._listener.join(timeout=5)

    def finished(self) -> "Iterable[tuple[Future[Any], Task]]":
        for future in as_completed(self._futures):
            yield future, self._futures[future]

    def begun(self) -> "list[Task]":
        time.sleep(0.2)  # what the listener has still to hear
        return [self._tasks[i] for i in sorted(self._begun)]

    def _listen(self) -> None:
        while (item := self._said.get()) is not None:
            number, share, process = item
            self._begun.add(number)
            self._processes.add(process)
            if self._report:
                self._report(self._tasks[number], share)


_said: Any = None
"""In a process of the pool: where it reports."""


def _start(said: Any, lifeline: Any) -> None:
    """Run first in every process of the pool."""
    global _said
    _said = said
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides
    threading.Thread(target=_end_with_parent, args=(lifeline,), daemon=True).start()


def _end_with_parent(lifeline: Any) -> None:
    with suppress(EOFError, OSError):
        lifeline.recv()  # nothing is ever sent: this returns when the other end closes, or its process dies
    os._exit(1)


def _run_here(task: "Task", number: int) -> "Result":
    from .reproduce import run_task

    last = [time.monotonic()]
    _said.put((number, 0.0, os.getpid()))

    def progress(share: float) -> None:
        if time.monotonic() - last[0] > 0.2 or share >= 1:
            last[0] = time.monotonic()
            _said.put((number, share, os.getpid()))

    return run_task(task, progress)


def _remove_unfinished(folder: Path, processes: set[int]) -> None:
    """Files that processes, now ended, had not finished; see `store.save_data` and `style.save` for their names."""
    for process in processes:
        for path in folder.glob(f"*.{process}"):
            path.unlink(missing_ok=True)
