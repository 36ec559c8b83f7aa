"""The options that several commands share, so that one name means one thing everywhere."""

import enum
from pathlib import Path
from typing import Annotated

import typer


class Dtype(enum.StrEnum):
    """Precision of the iterates."""

    FLOAT32 = "float32"
    FLOAT64 = "float64"


class Device(enum.StrEnum):
    """Kinds of device that JAX may offer."""

    CPU = "cpu"
    GPU = "gpu"
    TPU = "tpu"


class BaseOptimiser(enum.StrEnum):
    """What turns a direction into a step."""

    SGD = "sgd"
    HEAVY_BALL = "heavy_ball"
    NESTEROV = "nesterov"
    ADAMW = "adamw"


LandscapeText = Annotated[
    str,
    typer.Argument(
        metavar="LANDSCAPE",
        help="A name from `samscape landscapes`, or a formula in quotes, such as 'x**4/4 - x*y + y**2/2'.",
        show_default=False,
    ),
]
RuleName = Annotated[str, typer.Option("--rule", metavar="NAME", help="Update rule; see `samscape rules`.")]
Eta = Annotated[float, typer.Option("--eta", help="Step size, > 0.")]
Rho = Annotated[
    float | None,
    typer.Option("--rho", help="Perturbation radius, >= 0.  \\[default: the rule's own]", show_default=False),
]
Steps = Annotated[int, typer.Option("--steps", min=1, help="Number of steps.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Another number of the rule (k=5, alpha=0.5); repeatable."),
]
Base = Annotated[BaseOptimiser, typer.Option("--base", help="Base optimiser.")]
Momentum = Annotated[
    float | None,
    typer.Option(
        "--momentum",
        help="Momentum of the base: heavy_ball, nesterov (adamw: b1).  \\[default: 0.9]",
        show_default=False,
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of random starts and of random rules.")]
DeviceKind = Annotated[
    Device | None, typer.Option("--device", help="Kind of device.  \\[default: what JAX prefers]", show_default=False)
]
Precision = Annotated[Dtype, typer.Option("--dtype", help="Precision of the iterates.")]
Json = Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar, no summary.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", metavar="PATH", show_default=False, help="Where to save.")]
Window = Annotated[
    str | None,
    typer.Option(
        "--window",
        metavar="LOW:HIGH[,...]",
        help="Region to draw (starts from): a pair for all coordinates, or one each.  \\[default: the landscape's]",
        show_default=False,
    ),
]
Outs = Annotated[
    list[Path] | None,
    typer.Option(
        "--out", "-o", metavar="PATH", show_default=False, help="Where to save; the suffix says what; repeatable."
    ),
]
ToleranceList = Annotated[
    list[str] | None,
    typer.Option(
        "--tolerance",
        metavar="NAME=VALUE",
        help="What decides an outcome (ball=0.1, escape_radius=1e6, ...); repeatable.",
        show_default=False,
    ),
]
