"""The switching experiment on scikit-learn's digits, in the form of Zhou et al. (2025), Figures 3 and 5.

The networks are trained by the runner of `samscape cifar`, recipe "digits-switching", with fewer epochs: SGD and SAM
once per seed, and every branch from their checkpoints. It is the whole pipeline on data that come with scikit-learn.

What digits can show is the order of the ends: SAM's minima are flatter than SGD's, with every seed. They cannot show
the paper's finding that a few last epochs of SAM suffice: the networks are trained for a few hundred steps with a small
step size after the switch, and the test set has 360 images, so that an error of 0.28 % is one image. What is left of
the difference at every share is reported, not judged. The order of the ends needs training to its end: after 20 epochs
instead of 30, four of five seeds show it.

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training. Figures 3
        and 5: WideResNets on CIFAR-10 and CIFAR-100.
"""

import dataclasses
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, run_alone
from .switching import draw_switching, rows_of, sharpness_check, switching_data

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from ..cifar.recipes import Recipe

TRAINING = 0.65
"""Share of the work that is training; the rest measures curvature."""


def recipe_of(settings: Settings) -> "Recipe":
    """The recipe with the figure's numbers in place of its own."""
    from ..cifar.recipes import load_recipe
    from ..cifar.settings import RuleChoice

    recipe = load_recipe("digits-switching")
    network = recipe.settings[0].replace(
        epochs=settings["epochs"],
        schedule=tuple((round(share * settings["epochs"]), factor) for share, factor in settings["schedule"]),
        batch=settings["batch"],
        eta=settings["eta"],
        momentum=settings["momentum"],
        weight_decay=settings["weight_decay"],
        rule=RuleChoice("sam", {"rho": settings["rho"]}),
        model_options={"width": settings["width"]},
    )
    return dataclasses.replace(
        recipe,
        settings=(network,),
        seeds=tuple(range(settings["seeds"])),
        switches={
            "sgd-sam": (0.0, *settings["shares"], 1.0),
            "sam-sgd": (0.0, *(1 - share for share in settings["shares"]), 1.0),
        },
    )


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Train every branch and measure every end, in processes of one thread each.

    Raises:
        RuntimeError: A run gave up; the message says why.
    """
    from ..cifar.ends import Options, curvature_of_runs, ended
    from ..cifar.plan import runs_of
    from ..cifar.run import run

    recipe = recipe_of(settings)
    runs = runs_of(recipe)
    costs = {each.id: each.epochs * (2 if each.method == "sam" else 1) for each in runs}
    shares: dict[str, float] = {}

    def trained(name: str, share: float) -> None:
        shares[name] = share
        progress(TRAINING * sum(costs[each] * part for each, part in shares.items()) / sum(costs.values()))

    options = Options(
        images=settings["images"], batch=settings["images_per_batch"], normalisation="batch", tolerance=1e-2
    )
    workers = 1 if settings.budget == "quick" else None  # every process compiles for itself
    with tempfile.TemporaryDirectory(prefix="samscape-") as place:
        out = Path(place) / "run"
        for outcome in run(recipe, None, out, workers=workers, every=1e9, report=trained):
            if outcome.result is None:
                raise RuntimeError(f"zhou2025-fig3-digits: {outcome.id}: {outcome.message}")
        results = ended(out)
        alive = [out / result["id"] for result in results if not result["diverged"]]
        measured = {}
        for name, found, message in curvature_of_runs(alive, options, workers=workers):
            if found is None:
                raise RuntimeError(f"zhou2025-fig3-digits: {name}: {message}")
            measured[name] = found
            progress(TRAINING + (1 - TRAINING) * len(measured) / len(alive))
        rows = rows_of(results, measured)
    return switching_data(rows, normalisation="batch", images=settings["images"], epochs=settings["epochs"])


def check(data: "xr.Dataset") -> Sequence[Check]:
    """What digits can show of the paper's sentences: the order of the ends, with its statistics."""
    return [sharpness_check(data)]


def draw(data: "xr.Dataset") -> "Figure":
    """See `switching.draw_switching`."""
    return draw_switching(data)


FIGURE = PaperFigure(
    name="zhou2025-fig3-digits",
    title="Switching between SGD and SAM on digits: gaps to full SAM, and sharpness, against the share of SAM",
    caption="Scaled-down analogue of Figures 3 and 5: a ResNet of {width} to four times {width} channels on scikit-"
    "learn's digits (1437 to train, 360 to test) in place of WideResNets on CIFAR, {epochs} epochs instead of 200. (a) "
    "from SGD to SAM, (b) from SAM to SGD; means and standard deviations over {seeds} seeds, dots: single seeds. Gaps "
    "are to full SAM with the same seed. Sharpness: largest Hessian eigenvalue on {images} training images in batches "
    "of {images_per_batch}, each normalised by its own statistics. Digits show that SAM's ends are flatter than SGD's; "
    "whether a few last epochs suffice, and differences in test error (one image is 0.28 %), they cannot decide.",
    parameters={
        "epochs": Parameter(30, "ours", "200 in the paper"),
        "shares": Parameter((0.1, 0.2, 0.4, 0.6, 0.8), "ours", "of SAM; from SAM to SGD: one minus these"),
        "seeds": Parameter(5, "ours", "three in the paper's Figures 3 and 5"),
        "width": Parameter(8, "ours", "channels of the first stage"),
        "batch": Parameter(64, "ours", "128 in the authors' code"),
        "eta": Parameter(0.1, "paper"),
        "schedule": Parameter(((0.5, 0.1),), "ours", "(share of the epochs, factor of eta)"),
        "momentum": Parameter(0.9, "paper", "kept at the switch"),
        "weight_decay": Parameter(5e-4, "paper"),
        "rho": Parameter(0.1, "ours", "0.05 in the paper"),
        "images": Parameter(256, "ours", "5000 in the authors' code"),
        "images_per_batch": Parameter(128, "code"),
    },
    budgets={
        "quick": {"epochs": 4, "shares": (0.25, 0.5), "seeds": 2, "width": 4, "images": 128},
        "full": {"epochs": 60, "images": 1408},
    },
    compute=compute,
    check=check,
    draw=draw,
    depends=("switching",),
    packages=("cifar",),
    extra="cifar",
)

if __name__ == "__main__":
    run_alone(FIGURE)
