"""What a command says: errors in one line, a summary for people or for machines, progress on a terminal."""

import functools
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import typer

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from rich.progress import Progress

Arguments = ParamSpec("Arguments")

DATA = (".nc", ".zarr")
PICTURES = (".png", ".pdf", ".svg")
BAD_INPUT = 2
"""Exit status of a command that refused what it was given."""


def answers_errors(command: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Turn what the library refuses (`ValueError`, `OSError`, `MemoryError`) into one message and exit status 2.

    ``SAMSCAPE_TRACEBACK=1`` in the environment shows the whole traceback instead.
    """

    @functools.wraps(command)
    def answering(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (ValueError, OSError, MemoryError) as error:
            if os.environ.get("SAMSCAPE_TRACEBACK"):
                raise
            typer.echo(f"samscape: {error}", err=True)
            raise typer.Exit(BAD_INPUT) from None

    return answering


def check_out(out: Path | None, suffixes: Sequence[str]) -> None:
    """Refuse, before any work, an output that could not be written at the end. Missing folders are made.

    Raises:
        ValueError: The suffix is none of `suffixes`.
        OSError: The folder cannot be made or written to, or the path is a folder.
    """
    if out is None:
        return
    if out.suffix.lower() not in suffixes:
        raise ValueError(
            f"--out: {str(out)!r} should end in one of {', '.join(suffixes)}: the suffix says what is written"
        )
    if out.is_dir() and out.suffix.lower() != ".zarr":
        raise OSError(f"--out: {str(out)!r} is a folder; name a file")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out.parent):
            pass
    except OSError as error:
        raise OSError(f"--out: cannot write in {str(out.parent)!r}: {error.strerror}; choose another folder") from None


def check_outs(outs: Sequence[Path] | None, suffixes: Sequence[str], one_of: Sequence[str]) -> None:
    """The same for several outputs, of which at most one may have a suffix in `one_of`."""
    for out in outs or []:
        check_out(out, suffixes)
    data = [str(out) for out in outs or [] if out.suffix.lower() in one_of]
    if len(data) > 1:
        raise ValueError(f"--out: {' and '.join(data)}: name one data file")


def to_json(summary: Mapping[str, Any]) -> str:
    """A summary as one JSON object; numbers that JSON lacks (NaN, infinity) become null."""
    return json.dumps(_plain(summary), indent=2, allow_nan=False) + "\n"


def print_json(summary: Mapping[str, Any]) -> None:
    """The same on standard output."""
    typer.echo(to_json(summary), nl=False)


def print_table(title: str, header: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[int] = ()) -> None:
    """A table on standard output; the columns numbered in `numeric` are aligned to the right."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for i, name in enumerate(header):
        table.add_column(name, justify="right" if i in numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 160).print(table)


@contextmanager
def progress_bar(label: str, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on standard error, as a function ``update(done, total)``; None where it would not be seen."""
    with progress_bars(quiet) as bars:
        if bars is None:
            yield None
            return
        task = bars.add_task(label, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


@contextmanager
def progress_bars(quiet: bool) -> "Iterator[Progress | None]":
    """Bars on standard error with their rate, and times passed and left; None where they would not be seen."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from .rate_column import RateColumn

    times = (RateColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), *times)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield bars


def save_picture(ax: "Axes", out: Path) -> None:
    """Write the figure that axes belong to."""
    from matplotlib.figure import Figure

    from ..figures.style import save

    figure = ax.figure
    assert isinstance(figure, Figure)  # not a part of another one: every picture of a command is made by itself
    save(figure, out)


def _plain(value: Any) -> Any:
    """`value` in the types JSON has."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    return value
