"""SAM is trapped at a saddle of Beale's function where gradient descent finds the minimum (Kim et al. 2023, Figure 1).

References:
    [1] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Section 4.1.
"""

from typing import TYPE_CHECKING

import numpy as np

from .kim2023_beale import CODE, MINIMUM, RUN, SADDLE, WINDOW, draw_contours, loss_grid, run
from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

TRAPPED = 0.05
"""At most this far from the saddle counts as trapped: a tenth of the radius."""


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Both paths at some of the steps, statistics over all, and where runs at other learning rates end."""
    import xarray as xr

    from ..dynamics.methods import make_rule
    from ..dynamics.panel import run_panel
    from ..landscapes.beale import BEALE

    rules, steps = ("gd", "sam"), settings["steps"]
    w = run(settings, rules, ("w",), steps)["w"][:, 0]
    to_saddle, to_minimum = (np.linalg.norm(w - point, axis=2) for point in (SADDLE, MINIMUM))
    progress(0.4)
    low, high, count = settings["etas"]
    etas = np.geomspace(low, high, count)
    starts = np.tile(np.array(settings["start"]), (count, 1))
    made = (make_rule("gd", etas), make_rule("sam", etas, rho=settings["rho"]))
    ends = np.stack([run_panel(BEALE, rule, starts, settings["scan_steps"]).w for rule in made])
    shown = np.unique(np.r_[0:400, np.geomspace(400, steps, 1600).astype(int)])
    late = slice(settings["late"], None)
    quantiles = np.array([0.0, 0.05, 0.5, 0.95, 1.0])
    x, y, loss = loss_grid(WINDOW)
    return xr.Dataset(
        {
            "w": (("rule", "step", "coordinate"), w[:, shown], {"long_name": "iterate", "units": "1"}),
            "to_saddle": (("rule", "step"), to_saddle[:, shown], {"long_name": "to the saddle", "units": "1"}),
            "to_minimum": (("rule", "step"), to_minimum[:, shown], {"long_name": "to the minimum", "units": "1"}),
            "trap": ("quantile", np.quantile(to_saddle[1, late], quantiles), {"long_name": "SAM to the saddle, late"}),
            "end_to_saddle": (("rule", "eta"), np.linalg.norm(ends - SADDLE, axis=2), {"units": "1"}),
            "end_to_minimum": (("rule", "eta"), np.linalg.norm(ends - MINIMUM, axis=2), {"units": "1"}),
            "loss": (("y", "x"), loss, {"long_name": "loss", "units": "1"}),
        },
        coords={
            "rule": list(rules), "step": shown, "coordinate": ["x", "y"], "quantile": quantiles, "x": x, "y": y,
            "eta": ("eta", etas, {"long_name": "learning rate", "units": "1"}),
        },
        attrs={"eta_of_run": settings["eta"], "rho": settings["rho"], "late": settings["late"]},
    )  # fmt: skip


def check(data: "xr.Dataset") -> list[Check]:
    """What Section 4.1 says of the figure."""
    run_end = float(data["to_minimum"].sel(rule="gd")[-1])
    steps, eta = int(data["step"][-1]), data["eta"].values
    nearest = int(abs(np.log(eta / data.attrs["eta_of_run"])).argmin())
    limit = float(data["end_to_minimum"].sel(rule="gd")[nearest])
    trap = data["trap"].values
    found = data["end_to_minimum"].sel(rule="gd").values < 0.05
    away = data["end_to_saddle"].sel(rule="sam").values
    to_minimum = data["end_to_minimum"].sel(rule="sam").values
    both = found & np.isfinite(away)
    caught, beside = both & (away < TRAPPED), both & (to_minimum < data.attrs["rho"])
    small = eta <= 1e-3 * (1 + 1e-9)
    return [
        judge(
            "Gradient descent successfully converges to the global minimum.",
            {"within 0.15 of it at the end of the run": run_end < 0.15, "closer still on a longer run": limit < 0.05},
            {
                "distance to the minimum at the end of the run": run_end,
                f"distance on a longer run at eta = {eta[nearest]:.3g}": limit,
            },
            f"At this rate gradient descent is still {run_end:.2f} away after {steps} steps. The public code ends its "
            "run of gradient descent where it moves by less than 1e-5 per step within 0.55 of the minimum.",
        ),
        judge(
            "SAM is trapped in the saddle point rather than the global minimum.",
            {f"within {TRAPPED} of the saddle from step {data.attrs['late']} on": bool(trap[-1] < TRAPPED)},
            {
                "median distance to the saddle": float(trap[2]),
                "95 % of the distances are below": float(trap[3]),
                "largest distance": float(trap[4]),
            },
            "SAM does not stay at the saddle.",
        ),
        judge(
            "Similar results are observed for other learning rates that make both converge.",
            {
                "trapped at all rates up to 1e-3": bool(caught[both & small].all()),
                "trapped wherever neither diverges": bool(caught[both].all()),
            },
            {
                "rates": len(eta),
                "both bounded, SAM trapped at the saddle": int(caught.sum()),
                "largest rate where SAM is trapped": float(eta[caught].max(initial=0.0)),
                "both bounded, SAM within rho of the minimum": int(beside.sum()),
                "SAM diverges": int((found & ~np.isfinite(away)).sum()),
            },
            f"At {beside.sum()} of the {both.sum()} rates where neither diverges, from "
            f"{eta[beside].min(initial=np.inf):.2g} to {eta[beside].max(initial=0):.2g}, SAM's first steps carry it "
            "past the saddle and it settles within rho of the minimum.",
        ),
    ]  # fmt: skip


def draw(data: "xr.Dataset") -> "Figure":
    """The two paths on the contours; distances against steps; ends against learning rates."""
    from .style import figure, outcome_look, rule_look

    fig, (plane, time, scan) = figure(columns=2, aspect=0.42, cols=3, width_ratios=(1.55, 1, 1))
    draw_contours(plane, data["x"], data["y"], data["loss"])
    marks = {"markersize": 8, "markeredgecolor": "black", "linestyle": "", "zorder": 6}
    start = plane.plot(*data["w"].values[0, 0], marker="P", markerfacecolor="white", **marks, label="start")
    star = plane.plot(*MINIMUM, marker="*", markerfacecolor="#F0D000", **{**marks, "markersize": 13}, label="minimum")
    cross = plane.plot(*SADDLE, marker="X", markerfacecolor="white", **{**marks, "markersize": 6}, label="saddle")
    goals = {
        "gd": ("to_minimum", "GD to the\nminimum", (0.7, 0.64)),
        "sam": ("to_saddle", "SAM to\nthe saddle", (0.21, 0.42)),
    }
    lines = []
    for name, (goal, words, place) in goals.items():
        look, path = rule_look(name), data["w"].sel(rule=name).values
        lines += plane.plot(*path.T, color=look.color, linewidth=1.6, label=look.label, zorder=4)
        plane.plot(*path[-1], marker="o", color=look.color, markersize=3.5, markeredgecolor="black", zorder=7)
        time.loglog(data["step"][1:], data[goal].sel(rule=name)[1:], color=look.color, linewidth=0.7)
        time.text(*place, words, color=look.color, transform=time.transAxes, ha="center", va="center")
    plane.set(xlim=WINDOW[0], ylim=WINDOW[1], xlabel="$x$", ylabel="$y$")
    plane.set_title("(a) SAM ends at the saddle, GD at the minimum")
    time.set(xlabel="step $t$", ylabel="distance")
    time.set_title("(b) SAM stays there")
    eta, away = data["eta"].values, data["end_to_saddle"].sel(rule="sam").values
    to_minimum = data["end_to_minimum"].sel(rule="sam").values
    groups = {
        "SAM at the saddle": ("saddle", away, away < TRAPPED, "s"),
        "SAM near the minimum": ("minimum 1", away, to_minimum < data.attrs["rho"], "o"),
        "SAM diverged": ("diverged", np.full_like(away, 30.0), ~np.isfinite(away), "x"),
    }
    dots = []
    for label, (outcome, height, chosen, marker) in groups.items():
        dots += scan.loglog(
            eta[chosen],
            height[chosen],
            marker=marker,
            linestyle="",
            markersize=3,
            color=outcome_look(outcome).color,
            label=label,
        )
    scan.axvline(data.attrs["eta_of_run"], color="#888888", linewidth=0.7, linestyle=":")
    scan.set(xlabel=r"learning rate $\eta$", ylabel="distance of SAM to the saddle")
    scan.set_title("(c) up to a rate of 0.002")
    fig.legend(handles=[*lines, *start, *star, *cross, *dots], loc="outside lower center", ncols=8)
    return fig


FIGURE = PaperFigure(
    name="kim2023-fig1",
    title="On Beale's function SAM is trapped at a saddle, gradient descent reaches the minimum",
    caption="(a) Gradient descent and SAM (rho = {rho}, normalised ascent) from {start} on Beale's function, {steps} "
    "steps at eta = {eta}. (b) Distance of gradient descent to the minimum (3, 1/2) and of SAM to the saddle (0, 1). "
    "(c) Distance of SAM to the saddle after {scan_steps} steps at {etas[2]} learning rates; the dotted line marks "
    "that of (a). The text calls (0, 1) the single saddle and names a minimum to the upper left; a second saddle lies "
    "at (0.10, -2.64), far below the window, and the upper left is a valley that falls on without a minimum.",
    parameters={
        **RUN,
        "late": Parameter(5000, "paper", "SAM is beginning to become stuck (Figure 3)"),
        "etas": Parameter((1e-5, 1e-2, 31), "ours", "other learning rates: low, high, number, log-spaced"),
        "scan_steps": Parameter(1_000_000, "ours"),
    },
    variants={"code": CODE},
    budgets={"quick": {"scan_steps": 200_000}},
    compute=compute,
    check=check,
    draw=draw,
    depends=("kim2023_beale",),
)

if __name__ == "__main__":
    run_alone(FIGURE)
