"""After the switch to SAM the loss rises exponentially, then falls (Zhou et al. 2025, Figure 16, scaled down).

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
        Appendix B, Figure 16.
"""

from typing import TYPE_CHECKING

import numpy as np

from .paper_figure import Check, PaperFigure, Progress, Settings, judge, run_alone
from .zhou2025_escape import RUN, local, rise, run

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
BLOCK = 50
"""Steps that are averaged, so that a decrease is told from the leaps of single seeds."""


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Mean and median loss over the seeds at every step after the switch, block means, and sharpness."""
    import xarray as xr

    found, at, n = run(settings), settings["steps_sgd"], settings["examples"]
    progress(0.7)
    w, loss = found["w"][:, at:], found["full_loss"][:, at:]
    x = np.linspace(0.2, 2.0, n)
    # sharpness of the minimum (u, 0): mean over the examples of tanh(u x_i)^2
    sharp = (np.tanh(w[..., :1] * x) ** 2).mean(axis=2)
    blocks = loss[:, 1:].reshape(len(loss), -1, BLOCK).mean(axis=2)
    ends = np.quantile(w[:, [0, -1], 0], 0.5, axis=0)
    theory = local(ends, n, settings["eta"], settings["rho"])
    root = np.sqrt(len(loss))
    return xr.Dataset(
        {
            "mean": ("step", loss.mean(axis=0), {"long_name": "mean loss", "units": "1"}),
            "error": ("step", loss.std(axis=0, ddof=1) / root, {"long_name": "its standard error", "units": "1"}),
            "median": ("step", np.median(loss, axis=0), {"long_name": "median loss", "units": "1"}),
            "sharpness": (("level", "step"), np.quantile(sharp, LEVELS, axis=0), {"long_name": "sharpness"}),
            "block": ("block", blocks.mean(axis=0), {"long_name": f"mean loss over {BLOCK} steps", "units": "1"}),
            "fall": ("pair", np.diff(blocks, axis=1).mean(axis=0), {"long_name": "change to the next block"}),
            "fall_error": ("pair", np.diff(blocks, axis=1).std(axis=0, ddof=1) / root),
            "stays": ("seed", (w[..., 0] > 0).all(axis=1), {"long_name": "whether u keeps its sign"}),
            "logarithm": ("place", theory.logarithm, {"long_name": "growth of log loss per step"}),
        },
        coords={"step": np.arange(loss.shape[1]), "level": list(LEVELS), "place": ["at the switch", "at the end"]},
    )  # fmt: skip


def check(data: "xr.Dataset") -> list[Check]:
    """What Appendix B says of the figure."""
    mean, block = data["mean"].values, data["block"].values
    last, factor, fit = rise(mean)
    peak, top = int(mean.argmax()), int(block.argmax())
    rises = (data["fall"].values > 2 * data["fall_error"].values)[top:]
    level = np.arange(top, len(block)) * BLOCK
    slope = float(np.exp(np.polyfit(level, np.log(block[top:]), 1)[0])) if len(level) > 1 else float("nan")
    begin, end = data["logarithm"].values
    sharp = data["sharpness"].sel(level=0.5).values
    return [
        judge(
            "The training loss initially increases exponentially fast.",
            {
                "a thousandfold": bool(mean.max() > 1000 * mean[0]),
                "exponentially (R² above 0.9)": fit > 0.9,
            },
            {
                "mean loss at the switch": float(mean[0]), "highest mean loss": float(mean.max()), "step of it": peak,
                "factor per step of the fit": factor, "R²": fit, "steps fitted, to a tenth of the highest": last,
            },
            "The mean over the seeds is carried by the few that SGD left highest, and climbs in leaps as they reach "
            "the top and others follow.",
        ),
        judge(
            "It then gradually decreases.",
            {
                f"no block of {BLOCK} steps is above the one before by 2 standard errors": not rises.any(),
                "the last is below a tenth of the highest": bool(block[-1] < block.max() / 10),
                "more slowly than it rose": abs(np.log(slope)) < np.log(factor),
            },
            {f"mean loss over steps {BLOCK * i + 1} to {BLOCK * (i + 1)}": float(b) for i, b in enumerate(block)}
            | {"factor per step of its fall": slope},
            "It does not fall from block to block.",
        ),
        judge(
            "Both are consistent with theory: SAM escapes, stays in the valley, and comes to a flatter minimum.",
            {
                "paths grow at the switch and shrink at the end": bool(begin > 0 > end),
                "u keeps its sign for every seed": bool(data["stays"].all()),
                "sharpness falls": bool(sharp[-1] < sharp[0]),
            },
            {
                "growth of log loss per step at the median u of the switch": begin,
                "the same at the end": end,
                "seeds that leave the valley": int((~data["stays"]).sum()),
                "median sharpness at the switch": float(sharp[0]),
                "median sharpness at the end": float(sharp[-1]),
            },
            "One of these does not hold.",
        ),
    ]  # fmt: skip


def draw(data: "xr.Dataset") -> "Figure":
    """Mean and median loss, and the sharpness of the minimum beside, against the steps after the switch."""
    from .style import figure, rule_look

    look = rule_look("usam_independent")
    fig, (left, right) = figure(columns=2, aspect=0.4, cols=2)
    step, mean, error = (data[name].values for name in ("step", "mean", "error"))
    left.fill_between(
        step, np.maximum(mean - 2 * error, mean / 100), mean + 2 * error, color="#D94202", alpha=0.2, linewidth=0
    )
    (one,) = left.semilogy(step, mean, color="#D94202", linewidth=1.2, label="mean over the seeds")
    (two,) = left.semilogy(
        step, data["median"], color=look.color, linewidth=0.8, linestyle=look.line["linestyle"], label="median"
    )
    left.set(xlabel="steps $t'$ after the switch", ylabel="loss on all examples", ylim=(1e-10, 0.5))
    left.set_title("(a) the loss rises, then falls")
    outer, inner = (data["sharpness"].sel(level=list(pair)).values for pair in ((0.05, 0.95), (0.25, 0.75)))
    right.fill_between(step, *outer, color=look.color, alpha=0.18, linewidth=0, label="90 % of the seeds")
    right.fill_between(step, *inner, color=look.color, alpha=0.35, linewidth=0, label="half of them")
    right.plot(step, data["sharpness"].sel(level=0.5), color=look.color, linewidth=1.2)
    right.set(xlabel="steps $t'$ after the switch", ylabel=r"mean of $\tanh^2(u x_i)$")
    right.set_title("(b) sharpness of the minimum beside")
    bands = right.get_legend_handles_labels()[0]
    fig.legend(handles=[one, two, *bands], loc="outside lower center", ncols=4)
    return fig


FIGURE = PaperFigure(
    name="zhou2025-fig16-toy",
    title="After the switch to SAM the loss rises exponentially, then falls as the sharpness does",
    caption="Scaled-down analogue: replaces the paper's networks on image data by f = tanh(v tanh(u x)) on {examples} "
    "inputs, targets 0, batches of one example; the training loss only. {steps_sgd} steps of SGD from {start}, then "
    "{steps_sam} of SAM with unnormalised ascent on an independent example, rho = {rho}, both at eta = {eta}. (a) Mean "
    "over {seeds} seeds, with a band of two standard errors cut off at a hundredth of the mean, and median. (b) "
    "Sharpness of the minimum (u, 0): median and quantiles.",
    parameters=dict(RUN),
    budgets={"full": {"seeds": 1000}},
    compute=compute,
    check=check,
    draw=draw,
    depends=("zhou2025_escape",),
)

if __name__ == "__main__":
    run_alone(FIGURE)
