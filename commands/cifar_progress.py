"""Training many networks with something to look at: a bar for each on a terminal, a line for each otherwise."""

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from .interruption import orderly_end
from .output import progress_bars

if TYPE_CHECKING:
    from rich.progress import Progress

    from ..cifar.plan import Run
    from ..cifar.run import Outcome

KEPT = "finished epochs are kept up to the last checkpoints; `samscape cifar resume {}` goes on from there"


def show_all(out: Path, directory: Path | None, workers: int | None, every: float) -> None:
    """Go on with all runs of an experiment and say how each went.

    Raises:
        typer.Exit: With status 1, if one of them has no result.
    """
    from ..cifar.run import in_order, read_runs, resume, write_summary

    runs = read_runs(out)
    began = time.perf_counter()
    outcomes = []
    with orderly_end(KEPT.format(out)), progress_bars(quiet=False) as bars:
        report = _Rows(bars, out, in_order(runs)) if bars is not None else None
        with closing(resume(out, directory, workers=workers, every=every, report=report)) as ended:
            for outcome in ended:
                outcomes.append(outcome)
                typer.echo(line_of(outcome))
    summary = write_summary(out, runs)
    typer.echo(
        f"{summary['ended']} of {summary['runs']} runs ended, {summary['diverged']} of them diverged; "
        f"{time.perf_counter() - began:.0f} s; {out / 'summary.json'}"
    )
    if any(outcome.result is None for outcome in outcomes):
        raise typer.Exit(1)


def show_one(out: Path, name: str, directory: Path | None, every: float, start: Path | None) -> None:
    """Train one run in this process and say how it went."""
    from ..cifar.branches import train_run
    from ..cifar.process import prepare
    from ..cifar.run import Outcome, has_gpu, run_named

    chosen = run_named(out, name)
    prepare(None if has_gpu() else 1)
    with orderly_end(KEPT.format(out)), progress_bars(quiet=False) as bars:
        rows = _Rows(bars, out, [chosen]) if bars is not None else None
        progress: Callable[[float], None] = (lambda share: rows(name, share)) if rows else (lambda share: None)
        result = train_run(out, chosen, directory, every=every, start=start, progress=progress)
    typer.echo(line_of(Outcome(name, result)))


def line_of(outcome: "Outcome") -> str:
    """One line on one run: name, epochs, test error and loss, images a second; or why there is no result."""
    result = outcome.result
    if result is None:
        return f"{outcome.id:24} failed: {outcome.message}"
    if result["diverged"]:
        at = result["diverged_at"]
        return f"{outcome.id:24} diverged in epoch {at['epoch']}, step {at['step']}"
    return (
        f"{outcome.id:24} {result['epochs']:4} epochs  test error {100 * result['test_error']:6.2f} %  "
        f"test loss {result['test_loss']:.4f}  {result['seconds']:7.1f} s"
    )


class _Rows:
    """A bar for each run under way, with its last epoch in numbers, and one for all."""

    def __init__(self, bars: "Progress", out: Path, runs: "list[Run]") -> None:
        self._bars, self._out = bars, out
        self._costs = {each.id: each.epochs * (2 if each.method == "sam" else 1) for each in runs}
        self._shares = dict.fromkeys(self._costs, 0.0)
        self._all = bars.add_task("all", total=float(sum(self._costs.values())))
        self._rows: dict[str, Any] = {}

    def __call__(self, name: str, share: float) -> None:
        if name not in self._rows:
            self._rows[name] = self._bars.add_task(name, total=1.0)
        said = f"{name:24}{self._numbers(name)}"
        self._bars.update(self._rows[name], completed=share, description=said, visible=share < 1)
        self._shares[name] = share
        self._bars.update(self._all, completed=sum(self._costs[each] * part for each, part in self._shares.items()))

    def _numbers(self, name: str) -> str:
        from ..cifar.logs import read_log

        rows = read_log(self._out / name)
        if not rows:
            return " " * 34
        last = rows[-1]
        loss = "   nan" if last["train_loss"] is None else f"{last['train_loss']:6.3f}"
        return f"{last['images_per_second']:9.0f} images/s {loss} {100 * last['test_error']:6.2f} %"
