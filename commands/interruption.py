"""Ctrl-C and SIGTERM end a long command in order: what is finished stays, and the exit status says which it was."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import typer


class Interrupted(BaseException):
    """A signal asked this process to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


PATIENCE = 5.0
"""Seconds for tidying up in which a second signal is not heard."""
SWALLOWING = ("_xla_gc_callback", "__del__")
"""Functions that the interpreter calls by itself, and from which an exception does not come out."""


def _swallows(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_name in SWALLOWING:
            return True
        frame = frame.f_back
    return False


@contextmanager
def orderly_end(message: str) -> Iterator[None]:
    """Inside, SIGINT and SIGTERM unwind what runs, print `message` and exit with status 128 + the signal's number."""

    asked = [-PATIENCE]

    def stop(number: int, frame: FrameType | None) -> None:
        if time.monotonic() - asked[0] < PATIENCE:  # one is enough: tidying up is not to be torn apart by another
            return
        if _swallows(frame) and hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, lambda _, later: stop(number, later))
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            return
        asked[0] = time.monotonic()
        raise Interrupted(number)

    if threading.current_thread() is not threading.main_thread():  # signals are the main thread's
        yield
        return
    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except Interrupted as interrupted:
        typer.echo(f"samscape: {signal.Signals(interrupted.number).name}: {message}", err=True)
        raise typer.Exit(128 + interrupted.number) from None
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
