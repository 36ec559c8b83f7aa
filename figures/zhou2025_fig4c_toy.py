"""Between the ends of gradient descent and of SAM the loss has no barrier (Zhou et al. 2025, Figure 4c, scaled down).

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
        Figure 4.
"""

from typing import TYPE_CHECKING

import numpy as np

from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone
from .zhou2025_two_phases import RUN, run

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

RISE = 1e-9
"""Round-off of a loss below 1e-3 is far below this share of it; what rises by more is a barrier."""


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Loss, second difference and sharpness along the segments, after the run's steps and after the longer run."""
    import jax
    import xarray as xr

    from ..landscapes.calculus import sharpness
    from ..landscapes.tanh_tanh import TANH_TANH

    w = run(settings)["w"][0]
    progress(0.7)
    at, h = settings["steps_gd"], settings["h"]
    share = np.linspace(0, 1, settings["points"])
    stops = settings["steps_sam"], settings["steps_long"]
    value = jax.jit(jax.vmap(TANH_TANH.value))
    flat = jax.jit(jax.vmap(lambda point: sharpness(TANH_TANH, point)))
    loss, second, curvature = [], [], []
    for steps in stops:
        near, far = w[at + steps], w[at]
        here, ahead, behind = (np.outer(1 - s, near) + np.outer(s, far) for s in (share, share + h, share - h))
        middle = np.asarray(value(here))
        loss.append(middle)
        second.append((np.asarray(value(ahead)) + np.asarray(value(behind)) - 2 * middle) / (2 * h) ** 2)
        curvature.append(np.asarray(flat(here)))
    dims = ("steps_sam", "share")
    return xr.Dataset(
        {
            "loss": (dims, np.stack(loss), {"long_name": "loss", "units": "1"}),
            "second": (dims, np.stack(second), {"long_name": "second difference as printed", "units": "1"}),
            "sharpness": (dims, np.stack(curvature), {"long_name": "largest Hessian eigenvalue", "units": "1"}),
            "end": (("steps_sam", "coordinate"), w[[at + steps for steps in stops]], {"long_name": "end of SAM"}),
            "far": ("coordinate", w[at], {"long_name": "end of gradient descent", "units": "1"}),
        },
        coords={"steps_sam": list(stops), "share": share, "coordinate": ["u", "v"]},
        attrs={"h": h},
    )


def check(data: "xr.Dataset") -> list[Check]:
    """What the caption of Figure 4 says of (c)."""
    short, long = data["steps_sam"].values
    loss, second, sharp = (data[name].sel(steps_sam=short).values for name in ("loss", "second", "sharpness"))
    later = {name: data[name].sel(steps_sam=long).values for name in ("loss", "second", "sharpness")}
    barrier = float(loss.max() - max(loss[0], loss[-1]))
    direct = data["far"].values - data["end"].sel(steps_sam=short).values
    return [
        judge(
            "There is no barrier in the loss curve.",
            {
                "no higher between than at the ends": bool(barrier <= RISE * max(loss[0], loss[-1])),
                "nor after the longer run": bool(later["loss"].max() <= max(later["loss"][[0, -1]]) * (1 + RISE)),
            },
            {
                "largest loss less that of the higher end": barrier,
                "loss at SAM's end": float(loss[0]),
                "loss at gradient descent's end": float(loss[-1]),
                f"largest loss after {long} steps": float(later["loss"].max()),
            },
            f"The loss rises by {barrier:.2g} above its ends.",
        ),
        judge(
            "L'' gradually increases with the share of gradient descent's end.",
            {
                "higher at gradient descent's end": bool(second[-1] > second[0]),
                "increases throughout": bool((np.diff(second) > 0).all()),
            },
            {
                "at SAM's end": float(second[0]),
                "at gradient descent's end": float(second[-1]),
                "share of gradient descent's end where it is largest": float(data["share"][second.argmax()]),
                f"largest after {long} steps": float(abs(later["second"]).max()),
                "angle of the segment to the valley, degrees": float(np.degrees(np.arctan2(*np.abs(direct[::-1])))),
            },
            "The segment runs along the valley: its second difference is the square of what is left of v at SAM's end, "
            "times the valley's curvature, and goes to 0 with it, whatever the curvature. It is largest at "
            f"{float(data['share'][second.argmax()]):.2f}.",
        ),
        judge(
            "SAM's end is flatter than gradient descent's.",
            {
                "largest Hessian eigenvalue lower": bool(sharp[0] < sharp[-1]),
                "increasing along the segment": bool((np.diff(sharp) > 0).all()),
            },
            {
                "at SAM's end": float(sharp[0]),
                "at gradient descent's end": float(sharp[-1]),
                f"at SAM's end after {long} steps": float(later["sharpness"][0]),
            },
            "The largest Hessian eigenvalue does not increase along the segment.",
        ),
    ]


def draw(data: "xr.Dataset") -> "Figure":
    """Loss, second difference and sharpness along the segment."""
    from .style import figure, rule_look

    fig, axes = figure(columns=2, aspect=0.34, cols=3)
    share, first = data["share"], data.isel(steps_sam=0)
    titles = {"loss": "(a) no barrier", "second": "(b) curvature along it", "sharpness": "(c) curvature across it"}
    names = {"loss": r"loss $L(\theta_\lambda)$", "second": r"$L''(\theta_\lambda)$ as printed",
             "sharpness": "largest eigenvalue"}  # fmt: skip
    for ax, (name, title) in zip(axes, titles.items()):
        power = int(np.floor(np.log10(float(abs(first[name]).max())))) if name != "sharpness" else 0
        height = first[name] / 10.0**power
        ax.plot(share, height, color="#444444", linewidth=1.2)
        for place, rule, label in ((0, "usam", "end of SAM"), (-1, "gd", "end of GD")):
            look = rule_look(rule)
            ax.plot(
                share[place], height[place], linestyle="", marker=look.marker, color=look.color, markersize=5,
                label=label, clip_on=False, zorder=5,
            )  # fmt: skip
        unit = f"  ($10^{{{power}}}$)" if power else ""
        ax.set(xlabel=r"interpolation $\lambda$", ylabel=names[name] + unit, xlim=(0, 1))
        ax.set_title(title)
        if name != "sharpness":
            ax.axhline(0, color="#BBBBBB", linewidth=0.6, zorder=0)
    fig.legend(handles=axes[0].get_legend_handles_labels()[0], loc="outside lower center", ncols=2)
    return fig


FIGURE = PaperFigure(
    name="zhou2025-fig4c-toy",
    title="No barrier between gradient descent's end and SAM's, which is flatter",
    caption="Scaled-down analogue: replaces the paper's networks on image data by Example 4.1, with the end points of "
    "zhou2025-fig4a. theta = (1 - lambda) (end of SAM) + lambda (end of gradient descent): (a) loss, (b) second "
    "difference with h = {h} divided by (2h)², as printed, a quarter of the second derivative, (c) largest Hessian "
    "eigenvalue. The segment runs along the valley, so that (b) sees only what is left of v at SAM's end.",
    parameters={
        **RUN,
        "h": Parameter(0.1, "paper"),
        "points": Parameter(101, "ours", "values of lambda"),
    },
    compute=compute,
    check=check,
    draw=draw,
    depends=("zhou2025_two_phases",),
)

if __name__ == "__main__":
    run_alone(FIGURE)
