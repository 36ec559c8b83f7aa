"""`samscape ...` and `python -m samscape ...`: the list of commands, and nothing else.

Nothing heavy is imported here or in `commands`; each command imports what it needs when it runs.
"""

from typing import Annotated

import typer

from . import __version__
from .commands import (
    basins,
    cifar,
    cut,
    explore,
    figures,
    landscapes,
    portrait,
    reproduce,
    rules,
    simulate,
    slice,
    sweep,
    verify,
)

app = typer.Typer(
    name="samscape",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with [bold]samscape landscapes[/] and [bold]samscape rules[/]; every command's --help has examples.",
)
for module in (sweep, simulate, basins, portrait, explore, cut, slice, reproduce, figures, verify, landscapes, rules):
    examples = "\n\n".join(["[bold]Examples[/]", *module.EXAMPLES])
    app.command(module.__name__.rpartition(".")[2], epilog=examples)(module.run)
app.add_typer(cifar.app)


def _print_version(wanted: bool) -> bool:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit
    return wanted


@app.callback()
def samscape(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """How sharpness-aware minimization moves on a loss landscape."""


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def main() -> None:
    """The console script."""
    app(prog_name="samscape")


if __name__ == "__main__":
    main()
