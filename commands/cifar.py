"""`samscape cifar ...`: the papers' network experiments."""

import typer

from . import (
    cifar_bench,
    cifar_curvature,
    cifar_escape,
    cifar_figure,
    cifar_interpolate,
    cifar_plan,
    cifar_resume,
    cifar_run,
    cifar_verify,
)

app = typer.Typer(
    name="cifar",
    help="Train networks with SGD, SAM and switches between them, and measure where they end.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
for module in (
    cifar_plan,
    cifar_run,
    cifar_resume,
    cifar_verify,
    cifar_curvature,
    cifar_interpolate,
    cifar_escape,
    cifar_figure,
    cifar_bench,
):
    examples = "\n\n".join(["[bold]Examples[/]", *module.EXAMPLES])
    app.command(module.__name__.rpartition("cifar_")[2], epilog=examples)(module.run)
