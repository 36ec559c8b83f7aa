"""`samscape simulate`: trajectories, step by step."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .choices import choose_device, choose_landscape, choose_rule, window_of
from .grid import parse_point, parse_settings
from .options import (
    Base,
    BaseOptimiser,
    DeviceKind,
    Dtype,
    Eta,
    Json,
    LandscapeText,
    Momentum,
    Out,
    Precision,
    Quiet,
    Rho,
    RuleName,
    Seed,
    Set,
    Steps,
    Window,
)
from .output import (
    DATA,
    PICTURES,
    answers_errors,
    check_out,
    print_json,
    print_table,
    save_picture,
    to_json,
)

if TYPE_CHECKING:
    from ..dynamics.records import Trajectories
    from ..dynamics.rule import Rule
    from ..landscapes import Landscape

EXAMPLES = (
    "samscape simulate beale --rule sam --eta 1e-4 --rho 0.5 --start 1,2 --steps 100000",
    "samscape simulate lucchi --rule usam --eta 0.05 --rho 0.1 --starts 5 --out paths.nc",
    "samscape simulate lucchi --rule looksam --set k=3 --base heavy_ball --momentum 0.8 --out paths.png",
    "samscape simulate 'log(1 + x**2) + y**2' --rule gd --eta 0.1 --start 2,1 --json",
)
ROWS = 1000
"""Records per trajectory, unless --every says otherwise."""
SHOWN = 4
"""Coordinates of a point that are printed."""


@answers_errors
def run(
    landscape: LandscapeText,
    rule: RuleName = "sam",
    eta: Eta = 0.01,
    rho: Rho = None,
    start: Annotated[
        list[str] | None,
        typer.Option("--start", metavar="X,Y", help="A start; repeatable.", show_default=False),
    ] = None,
    starts: Annotated[
        int, typer.Option("--starts", min=1, help="Without --start: how many random starts in the window.")
    ] = 1,
    window: Window = None,
    steps: Steps = 1000,
    every: Annotated[
        int | None,
        typer.Option(
            "--every", min=1, help=f"Record every so many steps.  \\[default: about {ROWS} records]", show_default=False
        ),
    ] = None,
    batch_size: Annotated[
        int | None,
        typer.Option(
            "--batch-size", min=1, help="Examples per step, for a finite sum.  \\[default: all]", show_default=False
        ),
    ] = None,
    settings: Set = None,
    base: Base = BaseOptimiser.SGD,
    momentum: Momentum = None,
    seed: Seed = 0,
    device: DeviceKind = None,
    dtype: Precision = Dtype.FLOAT64,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Follow a rule from one start or several.

    --out writes every record: .nc or .zarr (an xarray Dataset), .json (the summary), .png or .pdf (the paths over the
    landscape).
    """
    check_out(out, (*DATA, *PICTURES, ".json"))
    numbers = parse_settings(settings or [])
    choose_device(device)
    where = choose_landscape(landscape, window)
    chosen = choose_rule(rule, eta, rho, numbers, base, momentum)
    points = [parse_point(text, "--start", where.dimension) for text in start or []]
    drawn = out is not None and out.suffix != ".json"
    record = (every or max(1, -(-steps // ROWS))) if drawn else "final"

    from ..dynamics.observables import DEFAULT
    from ..dynamics.starts import make_starts
    from ..dynamics.trajectories import trajectories

    begin = points or make_starts("simulate", where, starts, seed, window_of(where, window)).take(0, starts)
    result = trajectories(
        where,
        chosen,
        begin,
        steps,
        record=record,
        observables=DEFAULT if drawn else ("w", "loss", "gradient_norm"),
        key=seed,
        batch_size=batch_size,
        dtype=dtype.value,
    )
    summary = _summary(where, chosen.name, result)
    if out is not None:
        _write(out, where, chosen, window, result, summary)
    if as_json:
        print_json(summary)
    elif not quiet:
        _print(summary, out)


def _summary(landscape: "Landscape", rule: str, result: "Trajectories") -> dict[str, Any]:
    """The end of every trajectory: where, loss, gradient, and the nearest declared critical point."""
    points = [(s.kind, s.locate()) for s in getattr(landscape, "critical_sets", ()) if s.is_point]
    final = {name: result[name] for name in ("w", "loss", "gradient_norm")}
    if "step" in result.variables["loss"].dims:
        final = {name: values[:, -1] for name, values in final.items()}
    ends = []
    for i, start in enumerate(result["starts"]):
        w = final["w"][i]
        distances = [float(sum((w - point) ** 2) ** 0.5) for _, point in points]
        nearest = None
        if distances and min(distances) < float("inf"):  # a NaN end has no neighbour
            kind, point = points[distances.index(min(distances))]
            nearest = {"kind": kind, "w": point, "distance": min(distances)}
        first = int(result["first_nonfinite"][i])
        ends.append(
            {
                "start": start,
                **{name: values[i] for name, values in final.items()},
                "nearest": nearest,
                "nonfinite_at": None if first < 0 else first,
            }
        )
    return {"landscape": landscape.name, "rule": rule, "steps": int(result["step"].max()), "ends": ends}


def _print(summary: dict[str, Any], out: Path | None) -> None:
    rows = []
    for end in summary["ends"]:
        nearest = end["nearest"]
        remark = f"{nearest['distance']:.3g} from the {nearest['kind']} {_point(nearest['w'])}" if nearest else ""
        if end["nonfinite_at"] is not None:
            remark = f"diverged: not finite at step {end['nonfinite_at']}"
        rows.append(
            (_point(end["start"]), _point(end["w"]), f"{end['loss']:.6g}", f"{end['gradient_norm']:.3g}", remark)
        )
    title = f"{summary['rule']} on {summary['landscape']}, {summary['steps']} steps"
    print_table(title, ("start", "end", "loss", "|gradient|", ""), rows, numeric=(2, 3))
    if out is not None:
        typer.echo(str(out))


def _point(w: Any) -> str:
    shown = [f"{x:.5g}" for x in w[:SHOWN]]
    return f"({', '.join(shown)}{', ...' if len(w) > SHOWN else ''})"


def _write(
    out: Path, landscape: "Landscape", rule: "Rule", window: str | None, result: "Trajectories", summary: dict[str, Any]
) -> None:
    if out.suffix == ".json":
        out.write_text(to_json(summary))
    elif out.suffix in DATA:
        from ..dynamics.results import save_result
        from ..dynamics.simulate import to_dataset

        save_result(to_dataset(result), out)
    else:
        from ..figures.paths import paths

        save_picture(paths(landscape, rule, result, window=window_of(landscape, window)), out)
