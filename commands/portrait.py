"""`samscape portrait`: the picture of a landscape and what a rule does on it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .choices import choose_device, choose_landscape, choose_rule, window_of
from .grid import parse_point, parse_settings
from .options import Base, BaseOptimiser, DeviceKind, Json, LandscapeText, Momentum, Quiet, Rho, Set, Window
from .output import PICTURES, answers_errors, check_out, print_json, save_picture

if TYPE_CHECKING:
    from ..landscapes import Landscape

EXAMPLES = (
    "samscape portrait lucchi --rule sam --eta 0.1 --rho 0.2 --out lucchi.pdf",
    "samscape portrait 'x**4/4 - x*y + y**2/2' --rule usam --rho 0.5 --window -3:3",
    "samscape portrait beale --rule sam --rho 0.5 --start 1,2 --start -1,2 --steps 20000 --window=-1.5:3.7,-0.5:2.7",
    "samscape portrait saddle --layers contours,field,nullclines",
    "samscape portrait lucchi --rule sam --eta 0.1 --rho 0.2 --interactive",
)


@answers_errors
def run(
    landscape: LandscapeText,
    rule: Annotated[
        str | None,
        typer.Option("--rule", metavar="NAME", help="Update rule; without it: the gradient flow.", show_default=False),
    ] = None,
    eta: Annotated[float, typer.Option("--eta", help="Step size, > 0.")] = 0.01,
    rho: Rho = None,
    start: Annotated[
        list[str] | None,
        typer.Option(
            "--start", metavar="X,Y", help="Start of a trajectory; repeatable.  \\[default: six on an ellipse]"
        ),
    ] = None,
    steps: Annotated[int, typer.Option("--steps", min=0, help="Steps of every trajectory.")] = 1000,
    window: Window = None,
    layers: Annotated[
        str | None,
        typer.Option(
            "--layers",
            metavar="NAMES",
            help="What to draw, a comma list.  \\[default: all but nullclines and basins]",
            show_default=False,
        ),
    ] = None,
    flow: Annotated[bool, typer.Option("--flow", help="Draw the rule's flow, its limit for small eta.")] = False,
    settings: Set = None,
    base: Base = BaseOptimiser.SGD,
    momentum: Momentum = None,
    device: DeviceKind = None,
    interactive: Annotated[
        bool, typer.Option("--interactive", help="Open a window: sliders for the numbers, a click adds a start.")
    ] = False,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="PATH", help="Picture: .png, .pdf or .svg.")] = Path(
        "portrait.png"
    ),
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Draw a landscape of one or two coordinates: contours, critical points, the rule's field, paths and manifolds."""
    if not interactive:
        check_out(out, PICTURES)
    numbers = parse_settings(settings or [])
    choose_device(device)
    where = choose_landscape(landscape, window)
    sides = window_of(where, window)
    starts = [parse_point(text, "--start", where.dimension) for text in start or []]
    chosen = choose_rule(rule, eta, rho, numbers, base, momentum) if rule is not None else None
    if interactive:
        _interact(where, rule or "gd", eta, rho, momentum, sides, starts, steps, bool(numbers) or flow)
        return

    from ..figures.portrait import DEFAULT_LAYERS, portrait
    from ..figures.wording import title_of

    shown = DEFAULT_LAYERS if layers is None else [layer.strip() for layer in layers.split(",")]
    ax = portrait(where, chosen, window=sides, starts=starts or None, steps=steps, layers=shown, flow=flow)
    save_picture(ax, out)
    if as_json:
        print_json({"out": str(out), "landscape": where.name, "rule": rule, "finding": title_of(ax)})
    elif not quiet:
        typer.echo(f"{title_of(ax)}\n{out}")


def _interact(
    landscape: "Landscape",
    rule: str,
    eta: float,
    rho: float | None,
    momentum: float | None,
    window: tuple[tuple[float, float], ...],
    starts: list[tuple[float, ...]],
    steps: int,
    more: bool,
) -> None:
    if more:
        raise ValueError("portrait: --interactive has sliders for eta, rho and momentum; leave out --set and --flow")
    from ..figures.interactive import InteractivePortrait

    view = InteractivePortrait(
        landscape, rule, eta=eta, rho=rho, momentum=momentum or 0.0, window=window, starts=starts or None, steps=steps
    )
    try:
        view.show()
    except RuntimeError as error:
        raise ValueError(error) from None
