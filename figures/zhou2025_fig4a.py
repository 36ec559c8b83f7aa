"""SAM leaves a sharp minimum for a flatter one of the same valley, in two phases (Zhou et al. 2025, Figure 4a).

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
        Example 4.1, Table 1.
"""

from typing import TYPE_CHECKING

import numpy as np

from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone
from .zhou2025_two_phases import RUN, across, factor, run, threshold

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

WINDOW = ((0.0, 2.8), (-0.8, 1.7))
LINEAR = 1e-4
"""Up to this loss, v below 0.015, tanh is linear to one part in ten thousand."""


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Path, loss, and sharpness of the minimum beside it, at every step; where a longer run of SAM ends."""
    import jax
    import xarray as xr

    from ..landscapes.tanh_tanh import TANH_TANH
    from .layers import grid_of

    found = run(settings)
    progress(0.8)
    shown = settings["steps_gd"] + settings["steps_sam"] + 1
    w, loss = found["w"][0], found["full_loss"][0]
    x, y, points = grid_of(WINDOW, settings["grid"])
    height = np.asarray(jax.jit(jax.vmap(TANH_TANH.value))(points)).reshape(len(y), len(x))
    return xr.Dataset(
        {
            "w": (("step", "coordinate"), w[:shown], {"long_name": "iterate", "units": "1"}),
            "loss": ("step", loss[:shown], {"long_name": "loss", "units": "1"}),
            "across": ("step", across(w[:shown, 0]), {"long_name": "sharpness of the minimum (u, 0)", "units": "1"}),
            "limit": ("coordinate", w[-1], {"long_name": "iterate at the end of the longer run", "units": "1"}),
            "limit_loss": ((), loss[-1], {"long_name": "loss there", "units": "1"}),
            "same_side": ((), bool((w[:, 0] > 0).all()), {"long_name": "whether u > 0 at every step of it"}),
            "height": (("v", "u"), height, {"long_name": "loss", "units": "1"}),
        },
        coords={"step": np.arange(shown), "coordinate": ["u", "v"], "u": x, "v": y},
        attrs={name: settings[name] for name in ("eta", "rho", "steps_gd", "steps_long")},
    )


def check(data: "xr.Dataset") -> list[Check]:
    """P1 to P4 of Table 1, on this path."""
    eta, rho, at = (data.attrs[name] for name in ("eta", "rho", "steps_gd"))
    loss, across_sam = data["loss"].values[at:], data["across"].values[at:]
    u, v = data["w"].values[at:].T
    sharp, top = float(across_sam[0]), int(loss.argmax())
    rise = int(np.argmax(loss > LINEAR))
    last = len(loss) - 1
    # the linear stretch at the end, if the run has got there: at most the last twenty steps
    tail = max(last - 20, last + 1 - int(np.argmax(np.flip(loss) > 10 * LINEAR)))
    up, up_fit = _geometric(loss[: rise + 1])
    down, down_fit = _geometric(loss[tail:])
    expected = factor(eta, rho, sharp) ** 2
    limits = threshold(eta, rho), threshold(eta, 0.0)
    end, halved = float(across_sam[-1]), int(np.flatnonzero(loss > loss.max() / 2)[-1]) + 1
    fall = factor(eta, rho, end) ** 2
    return [
        judge(
            "P1: SAM escapes the sharp minimum found by gradient descent exponentially fast.",
            {
                "its loss grows a thousandfold": bool(loss.max() > 1000 * loss[0]),
                "geometrically (R² above 0.999)": up_fit > 0.999,
                "at the linear rate, to 1 %": abs(up / expected - 1) < 0.01,
            },
            {
                "loss at the switch": float(loss[0]),
                "largest loss": float(loss.max()),
                f"steps to a loss of {LINEAR:g}": rise,
                "growth of the loss per step": up,
                "(1 - eta s (1 + rho s))² for full-batch SAM": expected,
                "sharpness s at the switch": sharp,
                "C of Corollary 4.2": 0.0,  # one example: no gradient noise, and C is proportional to it
            },
            "The loss does not grow so.",
        ),
        judge(
            "P2: the iterator remains within the current valley.",
            {
                "u keeps its sign": bool((u > 0).all()) and bool(data["same_side"]),
                "the limit is on v = 0": abs(float(data["limit"][1])) < 1e-8,
            },
            {"smallest u": u.min(), "largest |v|": abs(v).max(), "v in the limit": float(data["limit"][1])},
            "SAM crosses into the other valley, u = 0, or does not come to rest.",
        ),
        judge(
            "P3: SAM selects a flatter minimum, with a smaller |u|.",
            {
                "u is smaller": bool(abs(u[-1]) < abs(u[0])),
                "gradient descent's minimum is one at which SAM does not stay": limits[0] < sharp < limits[1],
                "SAM's is one at which it stays": end < limits[0],
            },
            {
                "u of gradient descent": u[0], "u of SAM": u[-1], "u in the limit": float(data["limit"][0]),
                "sharpness of gradient descent's minimum": sharp, "sharpness of SAM's": end,
                "largest at which SAM stays": limits[0], "largest at which gradient descent stays, 2 / eta": limits[1],
            },
            "The sharpness is not on the other side of the threshold.",
        ),
        judge(
            "P4: SAM then converges to it extremely fast.",
            {
                "the loss falls to a hundredth of its highest within the run": bool(loss[-1] < loss.max() / 100),
                "geometrically (R² above 0.99)": down_fit > 0.99,
                "and to 1e-12 on the longer run": float(data["limit_loss"]) < 1e-12,
            },
            {
                "steps from the switch to the largest loss": top,
                "steps from there until it is halved for good": halved - top,
                "loss at the end of the run": float(loss[-1]),
                f"loss after {data.attrs['steps_long']} steps of SAM": float(data["limit_loss"]),
                f"factor of the loss per step, last {last - tail} steps": down,
                "(1 - eta s (1 + rho s))² at the last u": fall,
            },
            "The loss does not fall so.",
        ),
    ]  # fmt: skip


def _geometric(values: np.ndarray) -> tuple[float, float]:
    """The factor per step of a geometric sequence fitted to positive values, and R² of their logarithms."""
    step, height = np.arange(len(values)), np.log(values)
    slope = float(np.polyfit(step, height, 1)[0])
    return float(np.exp(slope)), float(np.corrcoef(step, height)[0, 1] ** 2)


def draw(data: "xr.Dataset") -> "Figure":
    """The path over the landscape; loss and sharpness against the step."""
    from .layers import CONTOURS
    from .style import figure, rule_look

    eta, rho, at = (data.attrs[name] for name in ("eta", "rho", "steps_gd"))
    fig, axes = figure(columns=2, aspect=0.46, rows=2, cols=2, width_ratios=(1.25, 1))
    grid = axes[0, 0].get_gridspec()
    for ax in axes[:, 0]:
        ax.remove()
    plane, (time, flat) = fig.add_subplot(grid[:, 0]), axes[:, 1]
    w, step = data["w"].values, data["step"].values
    plane.contour(
        data["u"], data["v"], data["height"], levels=np.linspace(0, 0.7, 15)[1:] ** 2, colors=CONTOURS, linewidths=0.5
    )
    plane.axhline(0, color="#9A9A9A", linewidth=2.2, zorder=1.5, label="minima $v=0$")
    plane.axvline(0, color="#9A9A9A", linewidth=2.2, zorder=1.5, linestyle=(0, (1, 0.6)), label="minima $u=0$")
    parts = {"gd": slice(0, at + 1), "usam": slice(at, None)}
    for name, part in parts.items():
        look = rule_look(name)
        thin = {"linewidth": 1.2 if name == "gd" else 0.5, "alpha": 1 if name == "gd" else 0.8}
        plane.plot(*w[part].T, color=look.color, zorder=4, **thin)
        plane.plot(*w[part].T, color=look.color, marker=look.marker, markersize=2.2, linestyle="", zorder=5)
        label = "GD" if name == "gd" else f"SAM, Eq. 4 ({look.label})"
        time.semilogy(step[part], data["loss"][part], color=look.color, marker=look.marker, markersize=1.6,
                      linewidth=0.8, label=label)  # fmt: skip
        flat.plot(step[part], data["across"][part], color=look.color, marker=look.marker, markersize=1.6, linewidth=0.8)
    marks = {"linestyle": "", "markeredgecolor": "black", "zorder": 7}
    plane.plot(*w[0], marker="P", markerfacecolor="white", markersize=7, **marks, label="start")
    plane.plot(*w[at], marker="o", markerfacecolor=rule_look("gd").color, markersize=6, **marks, label="end of GD")
    plane.plot(*w[-1], marker="D", markerfacecolor=rule_look("usam").color, markersize=5.5, **marks, label="end of SAM")
    plane.set(xlim=WINDOW[0], ylim=WINDOW[1], xlabel="$u$", ylabel="$v$")
    plane.set_title("(a) along the valley to a flatter minimum")
    time.tick_params(labelbottom=False)
    time.set(ylabel="loss $L$")
    time.set_title("(b) escape, then convergence")
    for limit, words in ((threshold(eta, 0.0), "GD stays below"), (threshold(eta, rho), "SAM stays below")):
        flat.axhline(limit, color="#666666", linewidth=0.7, linestyle=":")
        flat.text(-6, limit + 0.012, words, fontsize=6.5, color="#444444", va="bottom")
    flat.set(xlabel="step $t$", ylabel=r"$\tanh^2 u$", ylim=(0.66, 1.16))
    flat.set_title("(c) sharpness of the minimum beside")
    for ax in (time, flat):
        ax.axvline(at, color="#BBBBBB", linewidth=0.7, zorder=0)
    handles = [*plane.get_legend_handles_labels()[0], *time.get_legend_handles_labels()[0]]
    fig.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    return fig


FIGURE = PaperFigure(
    name="zhou2025-fig4a",
    title="SAM leaves the minimum gradient descent found for a flatter one of the same valley",
    caption="L(u, v) = tanh²(v tanh u) / 2: (a) {steps_gd} steps of gradient descent from {start}, then {steps_sam} of "
    "SAM with unnormalised ascent, rho = {rho}, both at eta = {eta}. (b) Loss. (c) Sharpness tanh² u of the minimum "
    "(u, 0) and the largest at which either rule stays. There is one example, hence no gradient noise: C of "
    "Corollary 4.2 is 0, and the escape is that of full-batch SAM, where eta s (1 + rho s) > 2. The paper's footnote 4 "
    "names the other valley, u = 0; its sharpness at (0, v) is v².",
    parameters={**RUN, "grid": Parameter(141, "ours", "points per side of the contours")},
    compute=compute,
    check=check,
    draw=draw,
    depends=("zhou2025_two_phases",),
)

if __name__ == "__main__":
    run_alone(FIGURE)
