"""`samscape cifar figure`: gaps and sharpness against the share of SAM, from the folder of an experiment."""

from pathlib import Path
from typing import Annotated, Any

import typer

from .cifar_curvature import Data
from .output import PICTURES, answers_errors, check_outs, print_json, progress_bar

EXAMPLES = (
    "samscape cifar figure runs/digits",
    "samscape cifar figure runs/fig3 --network wrn-16-8-cifar10 --out fig3.pdf --out fig3.nc",
)
DATA = (".nc",)


@answers_errors
def run(
    out_folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the experiment.")],
    network: Annotated[
        str | None,
        typer.Option("--network", metavar="LABEL", help="Which, where there are several.", show_default=False),
    ] = None,
    data: Data = None,
    images: Annotated[
        int | None,
        typer.Option(
            "--images", min=1, help="Training images for the sharpness.  \\[default: the recipe's]", show_default=False
        ),
    ] = None,
    tolerance: Annotated[
        float, typer.Option("--tolerance", min=1e-7, help="Residual of the eigenvalues, over the spectral norm.")
    ] = 1e-2,
    workers: Annotated[
        int | None,
        typer.Option("--workers", "-j", min=1, help="Networks at once.  \\[default: one per core; one on a GPU]"),
    ] = None,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            "--out", "-o", metavar="PATH", help="Picture or data (.nc); repeatable.  \\[default: switching.png]"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")] = False,
) -> None:
    """Draw the ends of an experiment in the form of Zhou et al.'s Figures 3 and 5; sharpness is measured where it is
    not yet known. Runs that have not ended are left out, and counted.
    """
    paths = out or [Path("switching.png")]
    check_outs(paths, (*DATA, *PICTURES), one_of=DATA)
    from ..cifar.ends import Options, curvature_of_runs, ended, measures_of
    from ..cifar.run import read_runs
    from ..figures.style import paper, save
    from ..figures.switching import draw_switching, rows_of, sharpness_check, switching_data

    runs, results = read_runs(out_folder), ended(out_folder)
    labels = sorted({each.label for each in runs})
    if network is None and len(labels) == 1:
        network = labels[0]
    if network not in labels:
        raise ValueError(f"--network: {network!r}; this experiment has {', '.join(labels)}: choose one")
    wanted = measures_of(out_folder).get("sharpness", {})
    count = images or wanted.get("images", 5000)
    options = Options(count, wanted.get("batch", 128), wanted.get("bn", "batch"), tolerance)
    chosen = [result for result in results if result["label"] == network]
    alive = [out_folder / result["id"] for result in chosen if not result["diverged"]]
    measured: dict[str, Any] = {}
    with progress_bar("sharpness", quiet=as_json) as bar:
        for name, found, message in curvature_of_runs(alive, options, data, workers=workers) if alive else ():
            if found is None:
                raise ValueError(f"{name}: {message}")
            measured[name] = found
            if bar is not None:
                bar(len(measured), len(alive))
    said = {"network": network, "normalisation": options.normalisation, "images": count}
    made = switching_data(rows_of(chosen, measured), **said)
    for path in paths:
        if path.suffix.lower() in DATA:
            made.to_netcdf(path, engine="h5netcdf")
        else:
            with paper():
                save(draw_switching(made), path)
    check = sharpness_check(made)
    left = sum(each.label == network for each in runs) - len(chosen)
    if as_json:
        print_json(
            {"out": [str(path) for path in paths], **said, "runs left": left, "sentence": check.sentence}
            | {"outcome": check.outcome, "numbers": check.numbers, "explanation": check.explanation}
        )
        return
    numbers = check.numbers
    if "SGD, mean" in numbers:
        typer.echo(
            f"{network}: sharpness {numbers['SGD, mean']:.4g} ± {numbers['SGD, standard deviation']:.2g} with SGD, "
            f"{numbers['SAM, mean']:.4g} ± {numbers['SAM, standard deviation']:.2g} with SAM, {numbers['seeds']} "
            f"seeds; p = {numbers['p of the paired t-test on logarithms']:.2g}"
        )
    if left:
        typer.echo(f"{left} runs have not ended and are left out")
    typer.echo("\n".join(map(str, paths)))
