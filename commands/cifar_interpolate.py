"""`samscape cifar interpolate`: the loss between two networks, on a line or on a plane."""

from pathlib import Path
from typing import Annotated

import typer

from .cifar_curvature import Batch, Data, Images, Normalisation
from .output import PICTURES, answers_errors, check_outs, print_json, progress_bar

EXAMPLES = (
    "samscape cifar interpolate runs/digits/seed0-sgd@36-sam runs/digits/seed0-sgd --images 512",
    "samscape cifar interpolate runs/digits/seed0-sam runs/digits/seed0-sgd --over -0.5:1.5 --points 41 --out line.pdf",
    "samscape cifar interpolate runs/digits/seed0-sam runs/digits/seed0-sgd --plane --points 15 --images 256",
)
DATA = (".nc",)


@answers_errors
def run(
    first: Annotated[Path, typer.Argument(metavar="FIRST", help="A run: the network at lambda = 0.")],
    last: Annotated[Path, typer.Argument(metavar="LAST", help="A run: the network at lambda = 1.")],
    data: Data = None,
    over: Annotated[
        str, typer.Option("--over", metavar="LOW:HIGH", help="Values of lambda; both axes of a plane.")
    ] = "0:1",
    points: Annotated[int, typer.Option("--points", min=3, help="Values of lambda; each side of a plane.")] = 21,
    h: Annotated[float, typer.Option("--h", help="Step of the second difference, a multiple of the spacing.")] = 0.1,
    printed: Annotated[
        bool, typer.Option("--printed", help="Divide by (2h)², as Zhou et al. print, in place of h².")
    ] = False,
    plane: Annotated[
        bool, typer.Option("--plane", help="Add a random direction with the network's own filters' lengths.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the random direction.")] = 0,
    by: Annotated[
        str, typer.Option("--by", help="What the random direction is normalised by: filter or layer.")
    ] = "filter",
    split: Annotated[str, typer.Option("--split", help="Loss on the train or the test images.")] = "train",
    images: Images = 5000,
    batch: Batch = 128,
    bn: Normalisation = "batch",
    out: Annotated[
        list[Path] | None,
        typer.Option(
            "--out", "-o", metavar="PATH", help="Picture or data (.nc); repeatable.  \\[default: interpolation.png]"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")] = False,
) -> None:
    """Draw the loss between two networks of one architecture, with its second differences, or on a plane."""
    import numpy as np

    from .choices import parse_window

    paths = out or [Path("interpolation.png")]
    check_outs(paths, (*DATA, *PICTURES), one_of=DATA)
    ((low, high),) = parse_window(over, "--over")
    for name, value, allowed in (
        ("--bn", bn, ("batch", "running")),
        ("--split", split, ("train", "test")),
        ("--by", by, ("filter", "layer")),
    ):
        if value not in allowed:
            raise ValueError(f"{name}: {value!r}; choose {' or '.join(allowed)}")
    from ..cifar.ends import batches_of, load_end, loss_of
    from ..cifar.interpolation import barrier, interpolate
    from ..cifar.process import prepare
    from ..cifar.run import has_gpu
    from ..cifar.slices2d import slice_plane
    from ..figures.between_networks import draw_line, draw_plane, line_data, plane_data
    from ..figures.style import save

    prepare(None if has_gpu() else 1)
    ends = load_end(first, data), load_end(last, data)
    here, there = ((end.params, end.stats) for end in ends)
    names = ends[0].name, ends[1].name
    batches, loss = batches_of(ends[0], images, batch, split), loss_of(ends[0], bn)
    grid = np.linspace(low, high, points)
    with progress_bar("networks", quiet=as_json) as bar:

        def progress(share: float) -> None:
            if bar is not None:
                bar(round(share * points), points)

        said = {"split": split, "normalisation": bn, "images": sum(len(y) for _, y in batches)}
        if plane:
            made = slice_plane(loss, here, there, batches, grid, grid, seed, by, progress)
            found, summary = plane_data(made, names, **said), {"lowest": made.loss.min(), "highest": made.loss.max()}
            picture = draw_plane(found).figure
        else:
            line = interpolate(loss, here, there, batches, grid, progress=progress)
            found = line_data(line, h, names, "printed" if printed else "derivative", **said)
            holds = low <= 0 and high >= 1 and np.isclose(grid, 0).any() and np.isclose(grid, 1).any()
            summary = {"loss": line.loss, "second": found["second"].values, "barrier": barrier(line) if holds else None}
            picture = draw_line(found)
    for path in paths:
        if path.suffix.lower() in DATA:
            found.to_netcdf(path, engine="h5netcdf")
        else:
            save(picture, path)
    if as_json:
        print_json({"out": [str(path) for path in paths], "first": names[0], "last": names[1], **said, **summary})
    else:
        if summary.get("barrier") is not None:
            typer.echo(f"{names[0]} to {names[1]}: the loss exceeds the chord by at most {summary['barrier']:.4g}")
        typer.echo("\n".join(map(str, paths)))
