"""Ctrl-C and SIGTERM end a long command in order: what is finished stays, and the exit status says which it was."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import typer


class Interrupted(BaseException):
    """A signal asked this process to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def orderly_end(message: str) -> Iterator[None]:
    """Inside, SIGINT and SIGTERM unwind what runs, print `message` and exit with status 128 + the signal's number."""

    def stop(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)  # one is enough: tidying up is not to be torn apart by another
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
