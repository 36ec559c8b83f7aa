"""`samscape cut`: the loss on a line, between two points or along a direction."""

import enum
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .choices import choose_landscape, parse_window
from .grid import parse_point
from .options import Json, LandscapeText, Quiet
from .output import DATA, PICTURES, answers_errors, check_outs, print_json, save_picture

if TYPE_CHECKING:
    from xarray import Dataset

EXAMPLES = (
    "samscape cut lucchi --from=-1,-1 --to 1,1 --out cut.png",
    "samscape cut beale --from 3,0.5 --to 0,1 --over 0:1 --curvature second_difference",
    "samscape cut beale --from 3,0.5",
    "samscape cut 'x**4 + y**4 + z**4 - x*y*z' --from 0.3,0.3,0.3 --direction 1,1,-1 --out cut.nc --out cut.pdf",
)


class Curvature(enum.StrEnum):
    """What is drawn beside the loss."""

    CURVATURE = "curvature"
    SECOND_DIFFERENCE = "second_difference"
    NONE = "none"


@answers_errors
def run(
    landscape: LandscapeText,
    w_from: Annotated[
        str, typer.Option("--from", metavar="X,Y,...", help="Point where the cut has its 0.", show_default=False)
    ],
    w_to: Annotated[
        str | None,
        typer.Option("--to", metavar="X,Y,...", help="Point where the cut has its 1.", show_default=False),
    ] = None,
    direction: Annotated[
        str | None,
        typer.Option(
            "--direction",
            metavar="X,Y,...",
            help="Without --to: a direction, or 'random'.  \\[default: the Hessian's leading eigenvector]",
            show_default=False,
        ),
    ] = None,
    over: Annotated[
        str | None,
        typer.Option(
            "--over",
            metavar="LOW:HIGH",
            help="How far the cut goes.  \\[default: -1:2 between two points, distance -1:1 along a direction]",
            show_default=False,
        ),
    ] = None,
    count: Annotated[int, typer.Option("--count", min=3, help="Points on the cut.")] = 301,
    curvature: Annotated[Curvature, typer.Option("--curvature", help="What is drawn beside the loss.")] = (
        Curvature.CURVATURE
    ),
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of a random direction.")] = 0,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            "--out", "-o", metavar="PATH", help="Picture or data (.nc, .zarr); repeatable.  \\[default: cut.png]"
        ),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Draw the loss of a landscape of any dimension, and its curvature, along a line."""
    paths = out or [Path("cut.png")]
    check_outs(paths, (*DATA, *PICTURES), one_of=DATA)
    if w_to is not None and direction is not None:
        raise ValueError("--to and --direction exclude each other; give one of them")
    ends, began = parse_range(over), time.time()
    where = choose_landscape(landscape)
    start = parse_point(w_from, "--from", where.dimension)

    from ..figures.cuts import cut_along_data, cut_data, draw_cut, heading

    if w_to is not None:
        data = cut_data(where, start, parse_point(w_to, "--to", where.dimension), ends or (-1.0, 2.0), count)
    else:
        along = direction
        if direction is not None and direction != "random":
            along = parse_point(direction, "--direction", where.dimension)
        data = cut_along_data(where, start, along, ends or (-1.0, 1.0), count, seed)
    for path in paths:
        if path.suffix.lower() in DATA:
            asked = {"landscape": landscape, "from": w_from, "to": w_to, "direction": direction, "seed": seed}
            save_data(data, path, "cut", heading(data), asked, began)
        else:
            save_picture(draw_cut(data, curvature=None if curvature == Curvature.NONE else curvature.value), path)
    if as_json:
        loss = data["loss"].values
        print_json(
            {
                "out": [str(path) for path in paths],
                "landscape": where.name,
                "finding": heading(data),
                "lowest": {"a": float(data["a"][int(loss.argmin())]), "loss": float(loss.min())},
            }
        )
    elif not quiet:
        typer.echo("\n".join([heading(data), *map(str, paths)]))


def parse_range(text: str | None) -> tuple[float, float] | None:
    """One LOW:HIGH from --over; None where it was not given.

    Raises:
        ValueError: Not one such pair.
    """
    if text is None:
        return None
    sides = parse_window(text, "--over")
    if len(sides) != 1:
        raise ValueError(f"--over: {text!r} has {len(sides)} pairs; give one LOW:HIGH")
    return sides[0]


def save_data(data: "Dataset", path: Path, kind: str, title: str, settings: dict[str, Any], began: float) -> None:
    """Write what was computed as a result file, with what it was made with.

    Args:
        data: What was computed.
        path: Ends in .nc or .zarr.
        kind: "cut" or "slice".
        title: What is seen.
        settings: What was asked for.
        began: When, in seconds since 1970.
    """
    from ..dynamics.provenance import provenance, versions
    from ..dynamics.results import attributes, save_result

    save_result(
        data.assign_attrs(attributes(kind, title, {**settings, "versions": versions()}, provenance(began))), path
    )
