"""The angle between the gradients at w and at w_adv while SAM is stuck (Kim et al. 2023, Figure 4).

References:
    [1] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Section 4.1.
"""

from typing import TYPE_CHECKING

import numpy as np

from .kim2023_beale import CODE, RUN, SADDLE, run
from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

STUCK = 0.05


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """The cosine at every step shown, its distribution, and its quantiles over the whole run, window by window."""
    import xarray as xr

    path = run(settings, ("sam",), ("w", "w_adv", "cosine"), settings["steps"])
    w, w_adv, cosine = (path[name][0, 0] for name in ("w", "w_adv", "cosine"))
    progress(0.7)
    since = int(np.flatnonzero(np.linalg.norm(w - SADDLE, axis=1) >= STUCK)[-1]) + 1
    late, ascent = cosine[since:], (w_adv - w)[since:]
    turned = (ascent[1:] * ascent[:-1]).sum(axis=1) < 0
    length = settings["window"]
    begins = np.arange(since, settings["steps"] - length + 1, length)
    levels = np.array([0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0])
    windows = np.quantile(np.stack([cosine[b : b + length] for b in begins]), levels, axis=1)
    edges = np.linspace(-1, 1, 101)
    return xr.Dataset(
        {
            "cosine": ("step", cosine[: settings["shown"]].astype(np.float32), {"long_name": "cosine", "units": "1"}),
            "share": ("bin", np.histogram(np.clip(late, -1, 1), bins=edges)[0] / len(late), {"units": "1"}),
            "quantiles": ("level", np.quantile(late, levels), {"long_name": "of the cosine while stuck", "units": "1"}),
            "by_window": (("level", "begin"), windows, {"long_name": "the same, window by window", "units": "1"}),
            "beyond_half": ((), np.mean(np.abs(late) > 0.5)),
            "change": ((), np.median(np.abs(np.diff(late))), {"long_name": "median change from a step to the next"}),
            "sign_changes": ((), np.mean(np.sign(late[1:]) != np.sign(late[:-1]))),
            "reversals": ((), turned.mean(), {"long_name": "share of steps after which the gradient at w turns back"}),
        },
        coords={
            "step": np.arange(settings["shown"]), "bin": (edges[1:] + edges[:-1]) / 2, "level": levels, "begin": begins,
        },
        attrs={"since": since, "window": length},
    )  # fmt: skip


def check(data: "xr.Dataset") -> list[Check]:
    """What Section 4.1 and the caption say of the figure."""
    low, _, quarter, middle, three, _, high = (float(x) for x in data["quantiles"])
    beyond, change = float(data["beyond_half"]), float(data["change"])
    signs, reversals = float(data["sign_changes"]), float(data["reversals"])
    windows = data["by_window"]
    first, last = windows.isel(begin=0).values, windows.isel(begin=-1).values
    drift = float(np.abs(windows.sel(level=[0.25, 0.5, 0.75]).values - np.array([[quarter], [middle], [three]])).max())
    return [
        judge(
            "The cosine dramatically oscillates between -1 and 1.",
            {
                "comes within 0.01 of both": low < -0.99 and high > 0.99,
                "is beyond 1/2 in size for at least half of the steps": beyond > 0.5,
                "changes sign at a quarter of the steps or more": signs > 0.25,
            },
            {
                **{f"quantile {100 * p:g} %": float(q) for p, q in zip(data["level"].values, data["quantiles"])},
                "share of steps beyond 1/2 in size": beyond,
                "share of steps at which the sign changes": signs,
                "median change from a step to the next": change,
            },
            f"The whole range is visited, in bursts: half of the steps lie between {quarter:.2f} and {three:.2f}, and "
            f"the cosine changes by {change:.2g} from a step to the next (median): a line through all steps hides it.",
        ),
        judge(
            "This is consistent with the gradient oscillation described in Case III-(ii).",
            {"the gradient at w turns back at more than half of the steps": reversals > 0.5},
            {"share of steps after which the gradient at w turns back": reversals},
            "The gradient at w does not oscillate.",
        ),
        judge(
            "The oscillation continues until the end of the optimization.",
            {
                "comes within 0.01 of both in the last window": bool(last[0] < -0.99 and last[-1] > 0.99),
                # a window holds some hundred bursts, which makes its quartiles good to a few hundredths
                "the quartiles of no window are off by 0.1": drift < 0.1,
            },
            {
                "range in the first window": [float(first[0]), float(first[-1])],
                "range in the last window": [float(last[0]), float(last[-1])],
                "largest deviation of a window's quartiles": drift,
            },
            "The distribution changes along the run.",
        ),
    ]  # fmt: skip


def draw(data: "xr.Dataset") -> "Figure":
    """The cosine at every step with quantiles by window; its distribution while SAM is stuck."""
    from .style import figure, rule_look

    color = rule_look("sam").color
    fig, (curve, share) = figure(columns=2, aspect=0.34, cols=2, sharey=True, width_ratios=(3, 1))
    shown = int(data["step"][-1]) + 1
    (dots,) = curve.plot(
        data["step"], data["cosine"], marker=".", markersize=0.8, markeredgewidth=0, linestyle="", color=color,
        rasterized=True, zorder=2,
    )  # fmt: skip
    dots.set_label("every step")
    windows = data["by_window"].sel(begin=slice(0, shown - 1))
    ends = np.append(windows["begin"].values, windows["begin"].values[-1] + data.attrs["window"])
    for level, look in ((0.5, "-"), (0.25, "--"), (0.75, "--"), (0.05, ":"), (0.95, ":")):
        label = {0.5: "median", 0.25: "quartiles", 0.05: "5 %, 95 %"}.get(level, "_")
        values = windows.sel(level=level).values
        curve.step(
            ends,
            np.append(values, values[-1]),
            where="post",
            color="black",
            linewidth=0.9,
            linestyle=look,
            label=label,
            zorder=3,
        )
    curve.set(
        xlabel="step $t$", ylabel=r"$\cos(\nabla\ell(w_t),\,\nabla\ell(w^p_t))$", xlim=(0, shown), ylim=(-1.08, 1.08)
    )
    curve.set_title("(a) the whole range is visited, most steps lie near the middle")
    share.barh(data["bin"], data["share"], height=0.02, color=color)
    share.set(xlabel="share of steps", xscale="log", xlim=(1e-3, 0.1))
    share.tick_params(labelleft=False)
    share.set_title("(b) distribution while stuck")
    handles, labels = curve.get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=4, markerscale=8)
    return fig


FIGURE = PaperFigure(
    name="kim2023-fig4",
    title="While SAM is stuck, the gradients at w and w_adv make every angle, but mostly nearly a right one",
    caption="Cosine of the angle between the gradients at w and at the perturbed point along the run of Figure 1. "
    "(a) The first {shown} steps, each a dot, with quantiles of windows of {window} steps. (b) The distribution over "
    "all steps within 0.05 of the saddle. The path is chaotic there: its statistics are what repeats.",
    parameters={
        **RUN,
        "shown": Parameter(50_000, "paper"),
        "window": Parameter(5000, "ours", "steps per window of the quantiles"),
    },
    variants={"code": CODE},
    compute=compute,
    check=check,
    draw=draw,
    depends=("kim2023_beale",),
)

if __name__ == "__main__":
    run_alone(FIGURE)
