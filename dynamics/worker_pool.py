"""Long work in processes of its own: they stop with their parent, and one that dies takes no other's work with it."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Hashable, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import wait
from typing import Any, TypeVar

Item = TypeVar("Item", bound=Hashable)
Made = TypeVar("Made")
Progress = Callable[[float], None]


def run_in_processes(
    work: Callable[[Item, Progress], Made],
    items: Sequence[Item],
    jobs: int,
    report: Callable[[Item, float], None] | None = None,
    tidy: Callable[[set[int]], None] | None = None,
) -> "Generator[tuple[Item, Made | None], None, None]":
    """Do `work` on items, `jobs` at once; results come as they are ready.

    Args:
        work: ``work(item, progress)``, a function of a module, that raises nothing; it calls ``progress(share done)``.
        items: What to work on.
        jobs: Processes.
        report: Called with an item and its share done, from another thread.
        tidy: Called with the ids of the processes when the consumer stops early, after they have ended.
    Yields:
        An item with what was made of it; None if its process was killed.
    Notes:
        A process that is killed (memory) fails the items that were under way; those not begun go on in new ones. When
        the consumer stops early, so do the processes, at once.
    """
    left = list(items)
    while left:
        with _Pool(work, left, jobs, report, tidy) as pool:
            broken = False
            for future, item in pool.finished():
                try:
                    made = future.result()
                except BrokenProcessPool:
                    broken = True
                    continue
                left.remove(item)
                yield item, made
            lost = [item for item in pool.begun() if item in left] or left[:1] if broken else []
            for item in lost:
                left.remove(item)
                yield item, None


class _Pool:
    """Processes that work on some items, and what they say of them."""

    def __init__(
        self,
        work: Callable[[Any, Progress], Any],
        items: Sequence[Any],
        jobs: int,
        report: Callable[[Any, float], None] | None,
        tidy: Callable[[set[int]], None] | None,
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self._work, self._items, self._report, self._tidy = work, list(items), report, tidy
        self._heard, said = context.Pipe(duplex=False)
        self._stopped, self._stop = context.Pipe(duplex=False)
        lifeline, self._life = context.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(min(jobs, len(items)), context, _start, (said, lifeline))
        self._begun: set[int] = set()
        self._processes: set[int] = set()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._futures: dict[Future[Any], Any] = {}

    def __enter__(self) -> "_Pool":
        self._listener.start()
        self._futures = {self._pool.submit(_work_here, self._work, item, i): item for i, item in enumerate(self._items)}
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is not None:
            self._life.close()  # whoever is still at work ends at once
            self._pool.shutdown(wait=True, cancel_futures=True)
            if self._tidy is not None:
                self._tidy(self._processes)
        else:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._life.close()
        self._stop.close()
        self._listener.join(timeout=5)

    def finished(self) -> "Iterable[tuple[Future[Any], Any]]":
        for future in as_completed(self._futures):
            yield future, self._futures[future]

    def begun(self) -> list[Any]:
        time.sleep(0.2)  # what the listener has still to hear
        return [self._items[i] for i in sorted(self._begun)]

    def _listen(self) -> None:
        while self._heard in wait([self._heard, self._stopped]):
            number, share, process = self._heard.recv()
            self._begun.add(number)
            self._processes.add(process)
            if self._report:
                self._report(self._items[number], share)


_said: Any = None
"""In a process of the pool: where it reports. A pipe and no queue: a queue has a lock, which a process that is killed
while it reports would never give back, and its parent would wait for it; so short a message goes through whole."""


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


def _work_here(work: Callable[[Any, Progress], Any], item: Any, number: int) -> Any:
    last = [time.monotonic()]
    _said.send((number, 0.0, os.getpid()))

    def progress(share: float) -> None:
        if time.monotonic() - last[0] > 0.2 or share >= 1:
            last[0] = time.monotonic()
            _said.send((number, share, os.getpid()))

    return work(item, progress)
