"""`samscape sweep`: every rule at every step size and radius from every start, and what became of each."""

import enum
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .choices import (
    check_settings,
    choose_base,
    choose_device,
    choose_landscape,
    choose_rules,
    numbers_for,
    tolerances_from,
    window_of,
)
from .grid import parse_grid, parse_settings
from .options import (
    Base,
    BaseOptimiser,
    DeviceKind,
    Dtype,
    Json,
    LandscapeText,
    Momentum,
    Outs,
    Precision,
    Quiet,
    Seed,
    Set,
    ToleranceList,
    Window,
)
from .output import DATA, PICTURES, answers_errors, check_outs, print_json, print_table, progress_bar, to_json

if TYPE_CHECKING:
    from ..dynamics.sweep import Sweep

EXAMPLES = (
    "samscape sweep lucchi --rules gd,sam,stablesam --etas 0.001:0.3:100 --starts 10000 --rho 0.05,0.2,0.5",
    "samscape sweep lucchi --rules gd,sam --etas 0.001:0.3:40 --out lucchi.nc --out lucchi.png",
    "samscape sweep beale --rules sam,looksam --set k=3 --etas lin:0.001:0.01:10 --rho 0.1 --dtype float32",
    "samscape sweep 'x**4/4 - x*y + y**2/2' --window -3:3 --etas 0.05,0.1,0.2 --base heavy_ball --json",
)


class Keep(enum.StrEnum):
    """What a data file keeps of every start."""

    LABELS = "labels"
    FINAL = "final"
    RATES = "rates"


@answers_errors
def run(
    landscape: LandscapeText,
    rules: Annotated[str, typer.Option("--rules", metavar="NAMES", help="A comma list; see `samscape rules`.")] = (
        "gd,sam,stablesam"
    ),
    etas: Annotated[
        str, typer.Option("--etas", metavar="GRID", help="Step sizes: 0.1, a list, or LOW:HIGH:COUNT (log-spaced).")
    ] = "0.001:0.3:30",
    rho: Annotated[
        str, typer.Option("--rho", metavar="GRID", help="Radii: the same forms; lin:LOW:HIGH:COUNT is even.")
    ] = "0.05",
    starts: Annotated[
        int, typer.Option("--starts", min=1, help="Random starts in the window, the same for every setting.")
    ] = 1000,
    window: Window = None,
    steps: Annotated[int, typer.Option("--steps", min=1, help="Budget of every start.")] = 10_000,
    settings: Set = None,
    base: Base = BaseOptimiser.SGD,
    momentum: Momentum = None,
    tolerance: ToleranceList = None,
    keep: Annotated[
        Keep, typer.Option("--keep", help="In a data file: labels of every start, also where it ended, or rates only.")
    ] = Keep.LABELS,
    seed: Seed = 0,
    device: DeviceKind = None,
    dtype: Precision = Dtype.FLOAT64,
    out: Outs = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start afresh where a result or finished blocks exist.")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run every rule at every step size and radius from many starts; say what became of each.

    Outcomes: minimum, saddle, cycle (or a bounded oscillation), other attractor, diverged, slow (undecided in --steps).

    --out writes data (.nc, .zarr), a picture of the outcomes (.png, .pdf, .svg) or the rates (.json). A sweep
    into a data file that was interrupted goes on where it was when the command is given again.
    """
    eta_values = parse_grid(etas, "--etas", above=0.0)
    rho_values = parse_grid(rho, "--rho", at_least=0.0)
    numbers = parse_settings(settings or [])
    decide = parse_settings(tolerance or [], "--tolerance")
    check_outs(out, (*DATA, *PICTURES, ".json"), one_of=DATA)
    choose_device(device)
    where = choose_landscape(landscape, window)
    names = choose_rules(rules)
    check_settings(names, numbers)
    chosen_base = choose_base(base, momentum)
    data = next((path for path in out or [] if path.suffix.lower() in DATA), None)

    from ..dynamics.plan import NamedRule
    from ..dynamics.sweep import compute_sweep

    begun = time.perf_counter()
    with progress_bar(f"sweep of {where.name}", quiet) as progress:
        result = compute_sweep(
            where,
            {name: NamedRule(name, chosen_base, numbers_for(name, numbers)) for name in names},
            eta_values,
            rho_values,
            starts,
            steps,
            dtype=dtype.value,
            seed=seed,
            window=window_of(where, window),
            keep=keep.value if data is not None else "rates",
            tolerances=tolerances_from(decide),
            out=data,
            resume=not fresh,
            progress=progress,
        )
    seconds = time.perf_counter() - begun
    summary = _summary(result)
    for path in out or []:
        if path.suffix.lower() == ".json":
            path.write_text(to_json(summary))
        elif path.suffix.lower() in PICTURES:
            _draw(result, path)
    if as_json:
        print_json(summary)
    elif not quiet:
        _print(result, seconds, out or [])


def _summary(result: "Sweep") -> dict[str, Any]:
    from ..dynamics.outcome_codes import MEANINGS

    plan, table = result.plan, result.table
    points = [{"kind": kind, "w": w} for kind, w in zip(table.kinds, table.w, strict=True)]
    return {
        **plan.described(),
        "axes": ["rule", "rho", "eta"],
        "rates": {name: result.rates[..., code] for code, name in enumerate(MEANINGS)},
        "points": points,
        "reached": result.reached,
        "provenance": result.provenance,
    }


def _print(result: "Sweep", seconds: float, out: list[Path]) -> None:
    from ..dynamics.outcome_codes import MEANINGS, Outcome

    plan = result.plan
    rows = []
    for r, rule in enumerate(plan.rules):
        for p, rho in enumerate(plan.rhos if rule.takes_rho else plan.rhos[:1]):
            shares = result.rates[r, p].mean(axis=0)
            good = [
                eta for eta, rate in zip(plan.etas, result.rates[r, p, :, Outcome.MINIMUM], strict=True) if rate >= 0.5
            ]
            half = f"{max(good):.3g}" if good else "none"
            rows.append((rule.label, f"{rho:g}" if rule.takes_rho else "-", *(_percent(x) for x in shares), half))
    r, p, e, n = plan.shape
    etas = f"eta {plan.etas.min():g} to {plan.etas.max():g} ({e})" if e > 1 else f"eta {plan.etas[0]:g}"
    title = f"{plan.landscape.name}: share of {n} starts by outcome after {plan.steps} steps, mean over {etas}"
    header = ("rule", "rho", *MEANINGS, "half reach a minimum up to eta")
    print_table(title, header, rows, numeric=range(1, len(header)))
    rate = plan.trajectories * plan.steps / seconds
    typer.echo(f"{plan.trajectories} trajectories in {seconds:.2f} s ({rate:.3g} steps/s asked for)")
    for path in out:
        typer.echo(str(path))


def _percent(share: float) -> str:
    return "." if share == 0 else f"{100 * share:.1f} %"


def _draw(result: "Sweep", path: Path) -> None:
    from ..figures.style import paper, save
    from ..figures.sweep_outcomes import sweep_outcomes

    with paper():
        save(sweep_outcomes(result.to_dataset()), path)
