"""SAM's loss rises exponentially from where SGD ended (Zhou et al. 2025, Figure 4b, scaled down).

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
        Section 4.1, Corollary 4.2, Table 2.
"""

from typing import TYPE_CHECKING

import numpy as np

from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone
from .zhou2025_escape import RUN, SETTLED, local, rise, run

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

SHORT = 20
"""Steps over which the growth of single paths is measured."""


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Mean loss after the switch over seeds, and over trials from one of SGD's ends; growth, measured and expected."""
    import xarray as xr

    from ..dynamics.methods import make_rule
    from ..dynamics.trajectories import trajectories
    from ..landscapes.tanh_tanh_sum import tanh_tanh_sum

    eta, rho, n = settings["eta"], settings["rho"], settings["examples"]
    found, at, shown = run(settings), settings["steps_sgd"], settings["shown"]
    progress(0.5)
    w, loss = found["w"][:, at], found["full_loss"][:, at : at + shown + 1]
    middle = int(np.argsort(loss[:, 0])[len(loss) // 2])
    rule = make_rule("usam_independent", eta, rho=rho)
    starts = np.tile(w[middle], (settings["seeds"], 1))
    again = trajectories(
        tanh_tanh_sum(n), rule, starts, shown, observables=("full_loss",), key=settings["seed"] + 1, batch_size=1
    )
    progress(0.8)
    theory = local(w[:, 0], n, eta, rho)._asdict()
    settled = loss[:, 0] < SETTLED
    grown = np.log(loss[settled, SHORT] / loss[settled, 0]) / SHORT
    both = np.stack([loss, again["full_loss"]])
    dims = ("set", "step")
    root = np.sqrt(loss.shape[0])
    return xr.Dataset(
        {
            "mean": (dims, both.mean(axis=1), {"long_name": "mean loss", "units": "1"}),
            "error": (dims, both.std(axis=1, ddof=1) / root, {"long_name": "its standard error", "units": "1"}),
            "median": (dims, np.median(both, axis=1), {"long_name": "median loss", "units": "1"}),
            "grown": ("settled", grown, {"long_name": f"growth of log loss per step, first {SHORT} steps"}),
            "grown_expected": ("settled", theory["logarithm"][settled], {"long_name": "mean over all pairs"}),
            "grown_spread": ("settled", theory["logarithm_spread"][settled] / SHORT**0.5),
            **{name: ("seed", values) for name, values in theory.items() if not name.startswith("logarithm")},
        },
        coords={"set": ["every seed", "one end of SGD"], "step": np.arange(shown + 1)},
        attrs={"eta": eta, "rho": rho, "typical": middle},
    )


def check(data: "xr.Dataset") -> list[Check]:
    """What Section 4.1 says of the figure."""
    mean = data["mean"].values
    fits = {name: rise(line) for name, line in zip(data["set"].values, mean)}
    grown, expected = data["grown"].values, data["grown_expected"].values
    # steps are independent: the variance of a path's rate is that of one step over their number
    away = float((grown - expected).mean())
    error = float(np.sqrt((data["grown_spread"].values ** 2).sum()) / max(len(grown), 1))
    bound, growth = data["bound"].values, data["growth"].values
    typical = data.attrs["typical"]
    return [
        judge(
            "SAM escapes the minima found by SGD exponentially fast.",
            {
                "the mean loss grows a thousandfold": bool((mean.max(axis=1) > 1000 * mean[:, 0]).all()),
                "exponentially (R² above 0.9)": all(fit[2] > 0.9 for fit in fits.values()),
                "single paths grow at the rate of the linear update, within 4 standard errors": abs(away) < 4 * error,
            },
            {f"factor of the mean loss per step, {name}": fit[1] for name, fit in fits.items()}
            | {f"R² of that fit, {name}": fit[2] for name, fit in fits.items()}
            | {f"steps of it, {name}": fit[0] for name, fit in fits.items()}
            | {
                f"factor of single paths per step, first {SHORT} steps": float(np.exp(grown.mean())),
                "the same from the linear update": float(np.exp(expected.mean())),
                "their difference in logarithms": away,
                "standard error of it": error,
                "paths": len(grown),
            },
            "Where the seeds have ends of their own, the few that SGD left highest carry the mean, and it climbs in "
            "leaps as they reach the top and others follow; from one end it rises evenly.",
        ),
        judge(
            "The expected loss grows at least by C per step (Corollary 4.2), and C > 1.",
            {
                "by no less than C": bool((growth >= bound).all()),
                "C > 1": bool((bound > 1).all()),
            },
            {
                "C, smallest and largest over the seeds": [float(bound.min()), float(bound.max())],
                "growth of the expected loss, smallest and largest": [float(growth.min()), float(growth.max())],
                "gamma at the typical end": float(data["gamma"][typical]),
                "||H||_F there": float(data["norm"][typical]),
            },
            "The corollary does not apply: C counts the noise alone. What drives the escape here is the mean step, "
            f"which overshoots, eta ||H|| (1 + rho ||H||) > 2: the expected loss grows by {growth.mean():.2f} a step.",
        ),
        judge(
            "SGD's solutions about attain ||H||_F² = B / (eta² gamma), so that they cannot satisfy SAM's bound.",
            {
                "within a quarter of it": bool((abs(data["bound_sgd"].values - 1) < 0.25).all()),
                "SAM's is violated": bool((bound > 1).all()),
            },
            {
                "||H||_F² eta² gamma / B, smallest": float(data["bound_sgd"].min()),
                "||H||_F² eta² gamma / B, largest": float(data["bound_sgd"].max()),
                "share of seeds whose end violates SAM's bound": float((bound > 1).mean()),
            },
            "SGD's ends lie far inside both bounds of Table 2, which are necessary for stability and not sufficient.",
        ),
    ]  # fmt: skip


def draw(data: "xr.Dataset") -> "Figure":
    """Mean and median loss after the switch, with the fitted rate and the theory's C; from all ends and from one."""
    from .style import figure, rule_look

    look = rule_look("usam_independent")
    fig, axes = figure(columns=2, aspect=0.42, cols=2, sharey=True)
    step, typical = data["step"].values, data.attrs["typical"]
    titles = ("(a) every seed with its own end of SGD", "(b) trials from one end of SGD")
    for ax, name, title in zip(axes, data["set"].values, titles):
        mean, error, median = (data[what].sel(set=name).values for what in ("mean", "error", "median"))
        last, factor, _ = rise(mean)
        low = np.maximum(mean - 2 * error, mean / 100)
        ax.fill_between(step, low, mean + 2 * error, color="#D94202", alpha=0.2, linewidth=0)
        ax.semilogy(step, mean, color="#D94202", linewidth=1.4, label="mean loss")
        ax.semilogy(step, median, color=look.color, linewidth=1, linestyle=look.line["linestyle"], label="median loss")
        middle = np.exp(np.log(mean[: last + 1]).mean())
        fitted = middle * factor ** (step[: last + 1] - last / 2)
        ax.semilogy(step[: last + 1], fitted, color="black", linewidth=0.9, linestyle="--", label="fitted to the mean")
        few = step[: 11 if name == "every seed" else 26]
        growth, bound = float(data["growth"][typical]), float(data["bound"][typical])
        few = few[growth**few * mean[0] < 0.1]
        ax.semilogy(few, mean[0] * growth**few, color="#1B36B0", linewidth=1, linestyle="-.", label="expected loss")
        down = step[bound**step * mean[0] > mean[0] * 1e-4]
        ax.semilogy(down, mean[0] * bound**down, color="#1E8A6E", linewidth=1.2, linestyle=":", label="$C^t$, Cor. 4.2")
        ax.text(0.96, 0.06, f"fit: {factor:.2f} per step\nexact: {growth:.2f}\n$C$: {bound:.2f}", ha="right",
                va="bottom", transform=ax.transAxes)  # fmt: skip
        ax.set(xlabel="steps $t'$ after the switch")
        ax.set_title(title)
    axes[0].set_ylabel("loss on all examples")
    fig.legend(handles=axes[0].get_legend_handles_labels()[0], loc="outside lower center", ncols=5)
    return fig


FIGURE = PaperFigure(
    name="zhou2025-fig4b-toy",
    title="Where SGD came to rest SAM's loss rises exponentially, faster than the theory's bound",
    caption="Scaled-down analogue: replaces the paper's networks on image data by f = tanh(v tanh(u x)) on {examples} "
    "inputs, targets 0, batches of one example. {steps_sgd} steps of SGD from {start}, then SAM with unnormalised "
    "ascent on an independent example, rho = {rho}, both at eta = {eta}: (a) mean over {seeds} seeds, (b) {seeds} "
    "trials of SAM from the end of SGD whose loss is the median. Bands: two standard errors, cut off at a hundredth of "
    "the mean. "
    "Expected loss: beside the minimum, over all pairs of examples; few paths carry it, so that means of {seeds} fall "
    "behind. C of Corollary 4.2 is below 1 here: it neglects the mean step.",
    parameters={**RUN, "shown": Parameter(60, "ours", "steps after the switch that are drawn")},
    budgets={"full": {"seeds": 1000}},
    compute=compute,
    check=check,
    draw=draw,
    depends=("zhou2025_escape",),
)

if __name__ == "__main__":
    run_alone(FIGURE)
