"""`samscape cifar curvature`: how curved the loss is where networks ended."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .output import answers_errors, print_json, print_table, progress_bar

if TYPE_CHECKING:
    from ..cifar.ends import Measured

EXAMPLES = (
    "samscape cifar curvature runs/digits/seed0-sgd runs/digits/seed0-sam",
    "samscape cifar curvature runs/digits --images 512",
    "samscape cifar curvature runs/digits/seed0-sgd --bn running --probes 32 --rho 0.1 --json",
)

Runs = Annotated[
    list[Path], typer.Argument(metavar="DIR...", help="Runs, or experiments: all of their runs that ended.")
]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Where CIFAR's files are now.  \\[default: where they were]"),
]
Epoch = Annotated[
    int | None,
    typer.Option("--epoch", min=0, help="After how many epochs; of runs named one by one.  \\[default: last]"),
]
Images = Annotated[int, typer.Option("--images", min=1, help="Training images, the first ones.")]
Batch = Annotated[int, typer.Option("--batch", min=1, help="Images in a batch.")]
Normalisation = Annotated[
    str, typer.Option("--bn", help="BatchNorm by each batch's own statistics (batch) or by the running ones (running).")
]


@answers_errors
def run(
    runs: Runs,
    data: Data = None,
    epoch: Epoch = None,
    images: Images = 5000,
    batch: Batch = 128,
    bn: Normalisation = "batch",
    tolerance: Annotated[
        float, typer.Option("--tolerance", min=1e-7, help="Residual of the eigenvalues, over the spectral norm.")
    ] = 1e-3,
    probes: Annotated[
        int, typer.Option("--probes", min=0, help="Random vectors for trace and Frobenius norm; 0: neither.")
    ] = 0,
    rho: Annotated[
        float, typer.Option("--rho", min=0, help="Radius of the m-sharpness and of the audit of bfloat16; 0: neither.")
    ] = 0.0,
    m: Annotated[int, typer.Option("--m", min=1, help="Examples in a group of the m-sharpness.")] = 128,
    steps: Annotated[int, typer.Option("--steps", min=1, help="Ascents of the m-sharpness.")] = 100,
    points: Annotated[int, typer.Option("--points", min=1, help="Examples of the m-sharpness.")] = 1024,
    workers: Annotated[
        int | None,
        typer.Option("--workers", "-j", min=1, help="Networks at once.  \\[default: one per core; one on a GPU]"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as one JSON object.")] = False,
) -> None:
    """Measure the largest and the smallest Hessian eigenvalue where networks ended, and more on demand.

    What was measured is kept in DIR/curvature.json and looked up the next time. The exit status is 1 if a run could not
    be measured.
    """
    from ..cifar.ends import Options, curvature_of, curvature_of_runs
    from ..cifar.process import prepare
    from ..cifar.run import has_gpu

    if bn not in ("batch", "running"):
        raise ValueError(f"--bn: {bn!r}; choose batch or running")
    if probes == 1:
        raise ValueError("--probes: 1; a standard error needs at least 2")
    options = Options(images, batch, bn, tolerance, probes, rho, m, steps, points)
    found: dict[str, Measured] = {}
    failed: dict[str, str] = {}
    if epoch is not None:
        prepare(None if has_gpu() else 1)
        for folder in runs:
            found[str(folder)] = curvature_of(folder, options, data, epoch)
    else:
        folders = folders_of(runs)
        with progress_bar("networks", quiet=as_json) as bar:
            for done, (name, one, message) in enumerate(curvature_of_runs(folders, options, data, workers=workers), 1):
                if one is None:
                    failed[name] = message
                else:
                    found[name] = one
                if bar is not None:
                    bar(done, len(folders))
        order = [folder.name for folder in folders]
        found = {name: found[name] for name in order if name in found}
    if as_json:
        print_json({"options": options.__dict__, "runs": found, "failed": failed})
    else:
        show(found)
        for name, message in failed.items():
            typer.echo(f"{name}: {message}", err=True)
    if failed:
        raise typer.Exit(1)


def folders_of(places: list[Path]) -> list[Path]:
    """The runs that are meant: a run is one, an experiment stands for all of its runs that ended and did not diverge.

    Raises:
        FileNotFoundError: A place is neither.
    """
    from ..cifar.ends import ended, settings_of

    folders = []
    for place in places:
        if (place / "recipe.json").exists():
            folders += [place / result["id"] for result in ended(place) if not result["diverged"]]
        else:
            settings_of(place)
            folders.append(place)
    return folders


def show(found: "dict[str, Measured]") -> None:
    """A table, one row per network."""
    more = [
        name for name in ("trace", "frobenius", "m_sharpness", "audit") if any(name in one for one in found.values())
    ]
    header = ["run", "lambda max", "lambda min", "products", "loss", *more]
    rows = []
    for name, one in found.items():
        mark = "" if one["converged"] else " (not converged)"
        row = [
            name,
            _text(one["lambda_max"]) + mark,
            _text(one["lambda_min"]),
            str(one["products"]),
            _text(one["loss"]),
        ]
        rows.append([*row, *(_further(extra, one[extra]) for extra in more)])
    print_table("curvature", header, rows, numeric=tuple(range(1, len(header))))


def _further(name: str, value: dict[str, Any]) -> str:
    if name == "audit":
        return f"norm {value['seen_norm'] / value['rho']:.2f} rho, cosine {value['seen_cosine']:.2f}"
    if name == "m_sharpness":
        return _text(value["value"])
    return f"{_text(value['value'])} ± {_text(value['standard_error'])}"


def _text(value: float | None) -> str:
    return "nan" if value is None else f"{value:.4g}"
