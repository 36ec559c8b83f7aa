"""`samscape cifar escape`: the loss, step by step, after a switch at the end of a run."""

from pathlib import Path
from typing import Annotated

import typer

from .cifar_curvature import Batch, Data, Epoch, Images
from .output import PICTURES, answers_errors, check_outs, print_json, progress_bar

EXAMPLES = (
    "samscape cifar escape runs/digits/seed0-sgd --steps 50 --trials 10 --images 512",
    "samscape cifar escape runs/fig4b/seed0-sgd --steps 500 --every 10 --out escape.pdf --out escape.nc",
)
DATA = (".nc",)


@answers_errors
def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The run whose end is left.")],
    steps: Annotated[int, typer.Option("--steps", min=1, help="Updates after the switch.")] = 50,
    trials: Annotated[int, typer.Option("--trials", min=1, help="With batches of their own each.")] = 100,
    method: Annotated[
        str, typer.Option("--method", help="What takes the steps: sam, the run's own rule, or sgd.")
    ] = "sam",
    eta: Annotated[
        float | None, typer.Option("--eta", help="Step size.  \\[default: that of the last epoch]", show_default=False)
    ] = None,
    every: Annotated[int, typer.Option("--every", min=1, help="Measure after every so many updates.")] = 1,
    data: Data = None,
    epoch: Epoch = None,
    images: Images = 5000,
    batch: Batch = 128,
    bn: Annotated[str, typer.Option("--bn", help="BatchNorm in the measurement: running or batch.")] = "running",
    out: Annotated[
        list[Path] | None,
        typer.Option("--out", "-o", metavar="PATH", help="Picture or data (.nc); repeatable.  \\[default: escape.png]"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")] = False,
) -> None:
    """Switch methods at the end of a run, many times over, and draw training and test loss update by update."""
    paths = out or [Path("escape.png")]
    check_outs(paths, (*DATA, *PICTURES), one_of=DATA)
    for name, value, allowed in (("--bn", bn, ("batch", "running")), ("--method", method, ("sam", "sgd"))):
        if value not in allowed:
            raise ValueError(f"{name}: {value!r}; choose {' or '.join(allowed)}")
    if eta is not None and not eta > 0:
        raise ValueError(f"--eta: {eta}; give a positive step size")
    from ..cifar.after_switch import escape_from
    from ..cifar.escape import rise_of
    from ..cifar.process import prepare
    from ..cifar.run import has_gpu
    from ..figures.between_networks import draw_escape, escape_data
    from ..figures.style import save

    prepare(None if has_gpu() else 1)
    with progress_bar("trials", quiet=as_json) as bar:
        found = escape_from(
            folder, steps, trials, method=method, directory=data, epoch=epoch, eta=eta, images=images, batch=batch,
            normalisation=bn, every=every,
            progress=lambda share: bar(round(share * trials), trials) if bar is not None else None,
        )  # fmt: skip
    means = {name: values.mean(axis=0) for name, values in found.measured.items()}
    rise = rise_of(found.steps, means["train_loss"])
    made = escape_data(found, run=folder.name, method=method)
    for path in paths:
        if path.suffix.lower() in DATA:
            made.to_netcdf(path, engine="h5netcdf")
        else:
            save(draw_escape(made), path)
    if as_json:
        print_json({"out": [str(path) for path in paths], "steps": found.steps, **means, "rise": rise._asdict()})
        return
    typer.echo(
        f"mean training loss {means['train_loss'][0]:.4g} at the switch, {rise.factor:.4g} times that after "
        f"{rise.until} updates, {means['train_loss'][-1]:.4g} after {found.steps[-1]}"
    )
    typer.echo("\n".join(map(str, paths)))
