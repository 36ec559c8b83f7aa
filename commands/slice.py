"""`samscape slice`: the loss on a plane, through three points or along two directions."""

import time
from pathlib import Path
from typing import Annotated

import typer

from .choices import choose_landscape, parse_window
from .cut import save_data
from .grid import parse_point
from .options import Json, LandscapeText, Quiet
from .output import DATA, PICTURES, answers_errors, check_outs, print_json, save_picture

EXAMPLES = (
    "samscape slice beale --through 3,0.5 --through 0,1 --through 1,2 --out slice.png",
    "samscape slice 'x**4 + y**4 + z**4 - x*y*z' --through 0.3,0.3,0.3 --over -2:2",
    "samscape slice 'x**4 + y**4 + z**4 - x*y*z' --through 0,0,0 --direction 1,0,0 --direction 0,1,1 --out slice.nc",
)


@answers_errors
def run(
    landscape: LandscapeText,
    through: Annotated[
        list[str], typer.Option("--through", metavar="X,Y,...", help="One point, or three.", show_default=False)
    ],
    direction: Annotated[
        list[str] | None,
        typer.Option(
            "--direction",
            metavar="X,Y,...",
            help="With one point: two directions, or 'random'.  \\[default: the Hessian's two leading eigenvectors]",
            show_default=False,
        ),
    ] = None,
    over: Annotated[
        str | None,
        typer.Option(
            "--over",
            metavar="LOW:HIGH[,...]",
            help="How far the slice goes, on both axes or each.  \\[default: the three points; -1:1 about one]",
            show_default=False,
        ),
    ] = None,
    count: Annotated[int, typer.Option("--count", min=3, help="Points along each side.")] = 121,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of random directions.")] = 0,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            "--out", "-o", metavar="PATH", help="Picture or data (.nc, .zarr); repeatable.  \\[default: slice.png]"
        ),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Draw the loss of a landscape of two or more coordinates on a plane."""
    paths = out or [Path("slice.png")]
    check_outs(paths, (*DATA, *PICTURES), one_of=DATA)
    if len(through) not in (1, 3):
        raise ValueError(f"--through: {len(through)} points given; give one (with directions) or three")
    if len(through) == 3 and direction:
        raise ValueError("--direction: three points say which plane it is; give one point, or leave the directions out")
    sides = None if over is None else parse_window(over, "--over")
    if sides is not None and len(sides) > 2:
        raise ValueError(f"--over: {over!r} has {len(sides)} pairs; a slice has 2 sides")
    both = None if sides is None else sides if len(sides) == 2 else sides * 2
    began = time.time()
    where = choose_landscape(landscape)
    points = [parse_point(text, "--through", where.dimension) for text in through]
    random = direction == ["random"]
    vectors = [] if random else [parse_point(text, "--direction", where.dimension) for text in direction or []]

    from ..figures.slices import draw_slice, slice_along_data, slice_through_data

    if len(points) == 3:
        data = slice_through_data(where, points, both, count)
    else:
        along = "random" if random else vectors or None
        data = slice_along_data(where, points[0], along, both or (-1.0, 1.0), count, seed)
    title = f"{data.attrs['landscape']}, {data.attrs['kind']}"
    for path in paths:
        if path.suffix.lower() in DATA:
            asked = {"landscape": landscape, "through": through, "direction": direction, "over": over, "seed": seed}
            save_data(data, path, "slice", title, asked, began)
        else:
            save_picture(draw_slice(data), path)
    if as_json:
        loss = data["loss"].values
        print_json(
            {
                "out": [str(path) for path in paths],
                "landscape": where.name,
                "finding": title,
                "directions": data["directions"].values,
                "lowest": float(loss.min()),
                "highest": float(loss.max()),
            }
        )
    elif not quiet:
        typer.echo("\n".join([title, *map(str, paths)]))
