"""`samscape basins`: which start leads where, on a grid."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .choices import choose_device, choose_landscape, choose_rule, tolerances_from, window_of
from .grid import parse_settings
from .options import (
    Base,
    BaseOptimiser,
    DeviceKind,
    Dtype,
    Eta,
    Json,
    LandscapeText,
    Momentum,
    Outs,
    Precision,
    Quiet,
    Rho,
    RuleName,
    Set,
    ToleranceList,
    Window,
)
from .output import (
    DATA,
    PICTURES,
    answers_errors,
    check_outs,
    print_json,
    print_table,
    progress_bar,
    save_picture,
    to_json,
)

if TYPE_CHECKING:
    from xarray import Dataset

EXAMPLES = (
    "samscape basins lucchi --rule sam --eta 0.1 --rho 0.2 --grid 200 --out basins.png",
    "samscape basins himmelblau --rule stablesam --eta 0.01 --rho 0.5 --out himmelblau.nc --json",
    "samscape basins 'x**4/4 - x*y + y**2/2' --rule usam --eta 0.05 --rho 0.3 --window -3:3",
)


@answers_errors
def run(
    landscape: LandscapeText,
    rule: RuleName = "sam",
    eta: Eta = 0.01,
    rho: Rho = None,
    grid: Annotated[int, typer.Option("--grid", min=2, help="Starts along each side of the window.")] = 200,
    window: Window = None,
    steps: Annotated[int, typer.Option("--steps", min=1, help="Budget of every start.")] = 10_000,
    settings: Set = None,
    base: Base = BaseOptimiser.SGD,
    momentum: Momentum = None,
    tolerance: ToleranceList = None,
    device: DeviceKind = None,
    dtype: Precision = Dtype.FLOAT64,
    out: Outs = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Label every start of a grid with its outcome; say how large each basin is, and how entangled they are.

    A landscape of more than two coordinates is cut by the plane of its first two, through the middle of the window.
    --out writes data (.nc, .zarr), a picture of the basins (.png, .pdf, .svg) or the summary (.json).
    """
    numbers = parse_settings(settings or [])
    decide = parse_settings(tolerance or [], "--tolerance")
    check_outs(out, (*DATA, *PICTURES, ".json"), one_of=DATA)
    choose_device(device)
    where = choose_landscape(landscape, window)
    chosen = choose_rule(rule, eta, rho, numbers, base, momentum)

    from ..dynamics.basins import basin_map

    with progress_bar(f"basins of {chosen.name} on {where.name}", quiet):
        found = basin_map(
            where,
            chosen,
            grid,
            window_of(where, window),
            steps,
            eta=eta,
            dtype=dtype.value,
            tolerances=tolerances_from(decide),
        )
    summary = _summary(found)
    for path in out or []:
        _write(path, found, summary)
    if as_json:
        print_json(summary)
    elif not quiet:
        _print(summary, out or [])


def _summary(found: "Dataset") -> dict[str, Any]:
    import json

    rows = zip(
        *(found[name].values for name in ("attractor_name", "fraction", "fraction_low", "fraction_high")), strict=True
    )
    single = ("basin_entropy", "boundary_basin_entropy", "uncertainty_exponent", "uncertainty_exponent_error")
    return {
        "title": found.attrs["title"],
        "basins": [{"of": name, "fraction": share, "low": low, "high": high} for name, share, low, high in rows],
        **{name: float(found[name]) for name in single},
        "settings": json.loads(found.attrs["settings"]),
        "provenance": json.loads(found.attrs["provenance"]),
    }


def _print(summary: dict[str, Any], out: list[Path]) -> None:
    rows = [
        (str(b["of"]), f"{100 * b['fraction']:.2f} %", f"{100 * b['low']:.2f} to {100 * b['high']:.2f} %")
        for b in sorted(summary["basins"], key=lambda basin: -basin["fraction"])
    ]
    print_table(summary["title"], ("start leads to", "share", "95 % interval"), rows, numeric=(1, 2))
    typer.echo(
        f"basin entropy {summary['basin_entropy']:.4g}, at the boundary {summary['boundary_basin_entropy']:.4g};"
        f" uncertainty exponent {summary['uncertainty_exponent']:.3g} +- {summary['uncertainty_exponent_error']:.2g}"
    )
    for path in out:
        typer.echo(str(path))


def _write(path: Path, found: "Dataset", summary: dict[str, Any]) -> None:
    suffix = path.suffix.lower()
    if suffix == ".json":
        path.write_text(to_json(summary))
    elif suffix in DATA:
        from ..dynamics.results import save_result

        save_result(found, path)
    else:
        from ..figures.basin_picture import basin_picture

        save_picture(basin_picture(found), path)
