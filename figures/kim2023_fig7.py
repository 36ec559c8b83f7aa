"""One neuron, two labels: SGD finds the minima, SAM stays where it started (Kim et al. 2023, Figure 7).

References:
    [1] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Section 4.3.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

WINDOW = ((-1.6, 1.6), (-0.2, 1.9))
MINIMUM, LINE = 2.25, 2.5
"""The loss at the minima, and on the line w1 = 0."""
MIDWAY = (MINIMUM + LINE) / 2


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Where every seed ends under SGD and SAM, and the mean loss there for every radius, with standard errors."""
    import jax
    import xarray as xr

    from ..dynamics.methods import make_rule
    from ..dynamics.trajectories import trajectories
    from ..landscapes.one_neuron import ONE_NEURON
    from .layers import grid_of

    n, eta = settings["seeds"], settings["eta"]
    draw_starts = np.random.default_rng(settings["seed"])
    (low, high), (bottom, top) = settings["w1"], settings["w2"]
    starts = np.stack([draw_starts.uniform(low, high, n), draw_starts.uniform(bottom, top, n)], axis=1)
    done = 0.0

    def ends(rule: Any, share: float) -> tuple[np.ndarray, np.ndarray]:
        nonlocal done
        run = trajectories(
            ONE_NEURON, rule, starts, settings["steps"],
            record="final", observables=("w", "full_loss"), key=settings["seed"], batch_size=1,
        )  # fmt: skip
        done += share
        progress(done)
        return run["w"], run["full_loss"]

    rho, constant = np.array(settings["rho"]), np.array(settings["rho_constant"])
    other = settings["eta_other"]
    w_sgd, sgd = ends(make_rule("gd", np.array([eta, other])), 0.2)
    w_sam, sam = ends(make_rule("sam", eta, rho=rho[1:]), 0.5)
    _, usam = ends(make_rule("usam", eta, rho=constant), 0.3)
    sam = np.concatenate([sgd[:1], sam])
    x, y, points = grid_of(WINDOW, 121)
    loss = np.asarray(jax.jit(jax.vmap(ONE_NEURON.value))(points)).reshape(121, 121)
    last = np.stack([w_sgd[0], w_sam[-1]])
    rise, rise_constant = (np.diff(losses, axis=0) for losses in (sam, np.concatenate([sgd[:1], usam])))
    root = np.sqrt(n)
    return xr.Dataset(
        {
            "end": (("rule", "start", "coordinate"), last, {"long_name": "last iterate", "units": "1"}),
            "end_loss": (("rule", "start"), np.stack([sam[0], sam[-1]]), {"long_name": "loss there", "units": "1"}),
            "mean": ("rho", sam.mean(axis=1), {"long_name": "mean loss of the last iterates", "units": "1"}),
            "error": ("rho", sam.std(axis=1, ddof=1) / root, {"long_name": "its standard error", "units": "1"}),
            "saddle_share": ("rho", (sam > 2.45).mean(axis=1), {"long_name": "share of seeds with a loss above 2.45"}),
            # seeds see the same starts and batches under every radius: errors of rises are those of paired differences
            "rise": ("rise_to", rise.mean(axis=1), {"long_name": "rise from one radius to the next"}),
            "rise_error": ("rise_to", rise.std(axis=1, ddof=1) / root),
            "rise_constant": ("rho_constant", rise_constant.mean(axis=1)),
            "rise_constant_error": ("rho_constant", rise_constant.std(axis=1, ddof=1) / root),
            "mean_constant": ("rho_constant", usam.mean(axis=1)),
            "error_constant": ("rho_constant", usam.std(axis=1, ddof=1) / root),
            "mean_other": ((), sgd[1].mean(), {"long_name": "mean loss of SGD at the other learning rate"}),
            "loss": (("w2", "w1"), loss, {"long_name": "loss", "units": "1"}),
        },
        coords={
            "rule": ["gd", "sam"], "coordinate": ["w1", "w2"], "rho": rho, "rise_to": rho[1:], "rho_constant": constant,
            "w1": x, "w2": y,
        },
        attrs={"eta": eta, "eta_other": other},
    )  # fmt: skip


def check(data: "xr.Dataset") -> list[Check]:
    """What Section 4.3 says of the figure."""
    rho, mean, error = (data[name].values for name in ("rho", "mean", "error"))
    found, stuck = (data["end_loss"].sel(rule=rule).values for rule in ("gd", "sam"))
    near = np.abs(data["end"].sel(rule="sam", coordinate="w1").values) < rho[-1]
    saturated = float((near & (stuck > 2.45)).mean())
    rises, noise = data["rise"].values, data["rise_error"].values
    steady = data["rise_constant"].values / data["rise_constant_error"].values
    falls = [f"{a:g} to {b:g} ({r:.2g} ± {e:.1g})" for a, b, r, e in zip(rho, rho[1:], rises, noise) if r < -2 * e]
    last, last_error = float(data["mean_constant"][-1]), float(data["error_constant"][-1])
    return [
        judge(
            "SGD successfully converges to the global minima.",
            {
                "95 % of the seeds end below the midway loss 2.375": bool((found < MIDWAY).mean() >= 0.95),
                "so does the mean loss": bool(found.mean() < MIDWAY),
            },
            {
                "share of seeds below 2.375": float((found < MIDWAY).mean()),
                "mean loss": float(found.mean()),
                "standard error": float(error[0]),
                f"mean loss at eta = {data.attrs['eta_other']:g} instead": float(data["mean_other"]),
            },
            f"The mean loss of the last iterates is {found.mean():.3f}; batches of one example keep SGD moving.",
        ),
        judge(
            f"The converged parameters of SAM (rho = {rho[-1]:g}) are mostly saturated in the saddle point area.",
            {"more than half end with |w1| below rho and a loss above 2.45": saturated > 0.5},
            {"share of seeds that do": saturated, "mean loss": float(stuck.mean())},
            "SAM leaves the line w1 = 0.",
        ),
        judge(
            "As rho increases, the average loss of SAM increases.",
            {
                "more at the largest than at none": bool(mean[-1] - mean[0] > 2 * (error[0] + error[-1])),
                "never falls by more than 2 standard errors": not falls,
            },
            {f"mean loss at rho = {r:g}": m for r, m in zip(rho, mean)}
            | {f"share of seeds above 2.45 at rho = {r:g}": s for r, s in zip(rho, data["saddle_share"].values)},
            f"Falls: {', '.join(falls) or 'none'}. By then every seed is at the line w1 = 0, whose loss is the highest "
            "nearby, and a larger radius swings farther to its sides.",
        ),
        judge(
            "Similar results are observed for the constant radius.",
            {
                "rises from each radius to the next, by more than 2 standard errors": bool((steady > 2).all()),
                "more at the largest than at none": bool(last - mean[0] > 2 * (error[0] + last_error)),
            },
            {
                f"mean loss at constant rho = {r:g}": float(m)
                for r, m in zip(data["rho_constant"].values, data["mean_constant"].values)
            },
            f"The rises are {', '.join(f'{s:.1f}' for s in steady)} standard errors.",
        ),
    ]  # fmt: skip


def draw(data: "xr.Dataset") -> "Figure":
    """The landscape; where the seeds end, with the distribution of w1 above; mean loss against radius."""
    from .style import figure, rule_look

    fig, axes = figure(columns=2, aspect=0.42, rows=2, cols=3, height_ratios=(1, 3), width_ratios=(1, 1, 0.9))
    grid = axes[0, 0].get_gridspec()
    for ax in (*axes[:, 0], *axes[:, 2]):
        ax.remove()
    plane, curve = fig.add_subplot(grid[:, 0]), fig.add_subplot(grid[:, 2])
    marginal, cloud = axes[:, 1]
    low, high = WINDOW[0]
    levels = MINIMUM + np.array([1e-6, 0.01, 0.05, 0.1, 0.15, 0.2, 0.24, 0.26, 0.35, 0.6, 1.2, 2.5, 5, 10, 20])
    image = plane.contourf(data["w1"], data["w2"], data["loss"], levels=levels, colors=_shades(len(levels) - 1))
    t = np.linspace(0.4, high, 200)
    (valley,) = plane.plot(t, 1 / (2 * t**2), color="#4355C4", linewidth=1.4, label=r"minima $w_1^2=1/(2w_2)$")
    plane.plot(-t, 1 / (2 * t**2), color="#4355C4", linewidth=1.4)
    (line,) = plane.plot([0, 0], [0, WINDOW[1][1]], color="#BE300A", linewidth=1.4, label=r"$w_1=0$, $w_2\geq 0$")
    fig.colorbar(image, ax=plane, ticks=[2.25, 2.35, 2.45, 2.6, 3.45, 7.25, 22.25], aspect=35, pad=0.02)
    plane.set(xlim=WINDOW[0], ylim=WINDOW[1], xlabel="$w_1$", ylabel="$w_2$")
    plane.set_title("(a) loss landscape")
    bins, dots = np.linspace(low, high, 65), []
    for name in ("gd", "sam"):
        look, end = rule_look(name), data["end"].sel(rule=name).values
        label = "SGD" if name == "gd" else rf"SAM, $\rho={data['rho'].values[-1]:g}$"
        dot = {"marker": ".", "linestyle": "", "color": look.color}
        cloud.plot(*end.T, **dot, markersize=2, alpha=0.5, zorder=3)
        dots += cloud.plot([], [], **dot, markersize=6, label=label)
        marginal.hist(end[:, 0], bins=bins, color=look.color, alpha=0.75)
    for side in (-t, t):
        cloud.plot(side, 1 / (2 * t**2), color="#4355C4", linewidth=0.8, alpha=0.7, zorder=2)
    cloud.set(xlim=WINDOW[0], ylim=WINDOW[1], xlabel="$w_1$", ylabel="$w_2$")
    marginal.set(xlim=WINDOW[0], yscale="log", ylabel="seeds")
    marginal.tick_params(labelbottom=False)
    marginal.set_title("(b) SAM stays at $w_1=0$")
    place = np.arange(len(data["rho"]))
    look = rule_look("sam")
    bars: dict[str, Any] = {"markersize": 3, "capsize": 2}
    curve.errorbar(
        place, data["mean"], 2 * data["error"], color=look.color, marker="s", label="SAM, normalised", **bars
    )
    where = np.searchsorted(data["rho"].values, data["rho_constant"].values)
    other = rule_look("usam")
    curve.errorbar(
        np.r_[0, where],
        np.r_[data["mean"][0], data["mean_constant"]],
        2 * np.r_[data["error"][0], data["error_constant"]],
        color=other.color, linestyle="--", marker="D", label="constant radius", **bars,
    )  # fmt: skip
    for height, color in ((MINIMUM, "#4355C4"), (LINE, "#BE300A")):
        curve.axhline(height, color=color, linewidth=0.7, linestyle=":")
    curve.set_xticks(place, [f"{r:g}".lstrip("0") or "0" for r in data["rho"].values])
    curve.set(xlabel=r"radius $\rho$", ylabel="mean loss at the end")
    curve.set_title(r"(c) the loss rises with $\rho$")
    fig.legend(
        handles=[valley, line, *dots, *curve.get_legend_handles_labels()[0]], loc="outside lower center", ncols=6
    )
    return fig


def _shades(count: int) -> Any:
    """Greys from middle to white, one per interval of levels."""
    from matplotlib import colormaps

    return colormaps["bone"](np.linspace(0.4, 1, count))


FIGURE = PaperFigure(
    name="kim2023-fig7",
    title="One neuron, two labels: SGD finds the minima, SAM stays at w1 = 0",
    caption="(a) Loss (w2 w1² - y)², mean over y = -1 and 2. (b) Last iterates of SGD and SAM for {seeds} seeds, "
    "batches of one example, after {steps} steps at eta = {eta}; above, the distribution of w1. (c) Mean loss of the "
    "last iterates against the radius, with bars of two standard errors. The paper calls the points w1 = 0, w2 >= 0 "
    "saddle points; for w2 > 0 they are local maxima (not strict): the loss is 5/2 along the line and lower beside it.",
    parameters={
        "w1": Parameter((-0.1, 0.1), "paper", "starts are uniform"),
        "w2": Parameter((0.0, 1.0), "paper", "starts are uniform"),
        "seeds": Parameter(1000, "paper"),
        "eta": Parameter(0.01, "ours"),
        "eta_other": Parameter(0.1, "ours", "another learning rate, for SGD alone"),
        "steps": Parameter(10_000, "ours"),
        "rho": Parameter((0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1), "ours", "the paper states 0.1, for (b)"),
        "rho_constant": Parameter((0.01, 0.03, 0.1), "ours", "radii of the unnormalised ascent"),
        "seed": Parameter(0, "ours"),
    },
    budgets={"quick": {"seeds": 150}},
    compute=compute,
    check=check,
    draw=draw,
)

if __name__ == "__main__":
    run_alone(FIGURE)
