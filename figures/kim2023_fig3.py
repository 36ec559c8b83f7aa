"""The perturbed point jumps to and fro across the basin boundary while SAM is stuck (Kim et al. 2023, Figure 3).

References:
    [1] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Section 4.1, Cases I to III.
"""

from typing import TYPE_CHECKING

import numpy as np

from .kim2023_beale import (
    CODE,
    RUN,
    SADDLE,
    WINDOW,
    distance_right_of,
    draw_contours,
    loss_grid,
    manifolds_of_saddle,
    run,
)
from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

CLOSE = ((-1.0, 1.0), (0.0, 2.0))
STUCK = 0.05


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Iterates and perturbed points from a step of the run on, and on which sides of the boundary they are."""
    import xarray as xr

    first, after = settings["first"], settings["after"]
    path = run(settings, ("sam",), ("w", "w_adv"), first + after)
    w, w_adv = path["w"][0, 0], path["w_adv"][0, 0]
    progress(0.5)
    curve, _ = manifolds_of_saddle(WINDOW)
    late = slice(first, None)
    sides = np.sign(distance_right_of(curve, w[late])), np.sign(distance_right_of(curve, w_adv[late]))
    away = np.linalg.norm(w - SADDLE, axis=1)
    stuck = np.flatnonzero(away >= STUCK)[-1] + 1
    window = slice(first, first + settings["shown"])
    offset = w_adv[late] - w[late]
    counts, edges = np.histogram(np.degrees(np.arctan2(offset[:, 1], offset[:, 0])), bins=120, range=(-180, 180))
    x, y, loss = loss_grid(CLOSE, 101)
    return xr.Dataset(
        {
            "w": (("step", "coordinate"), w[window], {"long_name": "iterate", "units": "1"}),
            "w_adv": (("step", "coordinate"), w_adv[window], {"long_name": "perturbed point", "units": "1"}),
            "side": (("point", "step"), np.stack([side[: settings["shown"]] for side in sides])),
            "opposite": ((), np.mean(sides[0] != sides[1]), {"long_name": "share of steps on two sides"}),
            "changes": ("point", [np.mean(side[1:] != side[:-1]) for side in sides]),
            "stuck_since": ((), stuck, {"long_name": "first step from which w stays within 0.05 of the saddle"}),
            "turns": ("angle", counts, {"long_name": "steps by the direction of w_adv - w", "units": "1"}),
            "boundary": (("node", "coordinate"), curve, {"long_name": "stable manifold of the saddle"}),
            "loss": (("y", "x"), loss, {"long_name": "loss", "units": "1"}),
        },
        coords={
            "step": np.arange(first, first + settings["shown"]), "point": ["w", "w_adv"], "coordinate": ["x", "y"],
            "angle": ("angle", (edges[1:] + edges[:-1]) / 2, {"units": "degrees"}), "x": x, "y": y,
        },
        attrs={"consecutive": settings["consecutive"], "steps_after": after},
    )  # fmt: skip


def check(data: "xr.Dataset") -> list[Check]:
    """What Section 4.1 and the caption say of the figure."""
    count, first = data.attrs["consecutive"], int(data["step"][0])
    eight = data["side"].sel(point="w_adv").values[:count]
    crossings = int((eight[1:] != eight[:-1]).sum())
    moves, adv_moves = (float(data["changes"].sel(point=p)) for p in ("w", "w_adv"))
    opposite, since = float(data["opposite"]), int(data["stuck_since"])
    return [
        judge(
            "The perturbed weight continuously crosses the basin boundaries.",
            {
                "at most of the steps drawn": crossings > (count - 1) / 2,
                "at most of the steps from there on": adv_moves > 0.5,
            },
            {
                f"crossings between the {count} points": crossings,
                f"share of the next {data.attrs['steps_after']} steps that cross": adv_moves,
            },
            f"It crosses at {crossings} of {count - 1} steps drawn, and at {100 * adv_moves:.0f} % of those after.",
        ),
        judge(
            "The behaviour of Case III: the perturbed weight is in the other basin, and the roles are reversed.",
            {
                "w and its perturbed point are on two sides, at 95 % of the steps": opposite > 0.95,
                "w itself changes sides (Case III-ii) at more than half": moves > 0.5,
            },
            {
                "share of steps with w and w_adv on two sides": opposite,
                "share of steps at which w changes sides": moves,
            },
            "w and its perturbed point are on the same side too often.",
        ),
        judge(
            f"At step {first} SAM is beginning to become stuck in the saddle point.",
            {f"within {STUCK} of it since a step after {first // 2}": since > first // 2},
            {f"step from which w stays within {STUCK} of the saddle": since},
            f"At this learning rate it has been stuck since step {since}.",
        ),
    ]


def draw(data: "xr.Dataset") -> "Figure":
    """The perturbed points with the boundary; their x against the step; the directions in which they lie."""
    from .layers import MANIFOLDS
    from .style import figure, rule_look

    fig, (plane, time, turns) = figure(columns=2, aspect=0.38, cols=3, width_ratios=(1.1, 1, 1))
    sam = rule_look("sam")
    color = MANIFOLDS[True][0]
    curve = data["boundary"].values
    plane.fill_betweenx(curve[:, 1], curve[:, 0], 5, color="#DCE3FA", linewidth=0, zorder=0)
    draw_contours(plane, data["x"], data["y"], data["loss"])
    (line,) = plane.plot(*curve.T, color=color, linewidth=1.4, label="basin boundary", zorder=3)
    points = data["w_adv"].values[: data.attrs["consecutive"]]
    arrows = {"angles": "xy", "scale_units": "xy", "scale": 1, "width": 0.007, "color": "#444444", "zorder": 4}
    plane.quiver(*points[:-1].T, *np.diff(points, axis=0).T, **arrows)
    (dots,) = plane.plot(
        *points.T, "o", color=sam.color, markersize=4, markeredgecolor="black", label=r"$w^p_t$", zorder=5
    )
    side = -1 if points[0, 0] > 0 else 1
    label = {"arrowstyle": "-", "linewidth": 0.5}
    plane.annotate(
        f"$t={int(data['step'][0])}$", points[0], points[0] + [0.1 * side, 0.45], arrowprops=label, ha="center"
    )
    (saddle,) = plane.plot(
        *SADDLE, marker="X", color="white", markeredgecolor="black", linestyle="", label="saddle, $w_t$", zorder=6
    )
    plane.set(xlim=CLOSE[0], ylim=CLOSE[1], xlabel="$x$", ylabel="$y$", aspect="equal")
    plane.set_title("(a) to and fro across the boundary")
    time.plot(data["step"], data["w_adv"].sel(coordinate="x"), color=sam.color, linewidth=0.6, marker="o", markersize=2)
    time.axhline(0, color="#888888", linewidth=0.8, linestyle=":")
    time.set(xlabel="step $t$", ylabel="$x$ of $w^p_t$")
    time.set_title("(b) nearly every step")
    turns.step(data["angle"], data["turns"], where="mid", color=sam.color, linewidth=0.9)
    for place in (45, -135):
        turns.axvline(place, color=color, linewidth=1.2)
    turns.set(xlabel=r"direction of $w^p_t-w_t$ in degrees", ylabel="steps", yscale="log", xticks=range(-180, 181, 90))
    turns.set_title("(c) to either side")
    fig.legend(handles=[line, dots, saddle], loc="outside lower center", ncols=3)
    return fig


FIGURE = PaperFigure(
    name="kim2023-fig3",
    title="While SAM is stuck at Beale's saddle, its perturbed point jumps to and fro across the basin boundary",
    caption="(a) {consecutive} consecutive perturbed points of SAM from step {first} of the run of Figure 1, with the "
    "basin boundary, the stable manifold of the saddle, computed. Shaded: the basin of the minimum; the other side "
    "runs off to the upper left, where there is none. (b) The same for {shown} steps. (c) Directions of the "
    "perturbation over {after} steps, those of the boundary marked.",
    parameters={
        **{name: parameter for name, parameter in RUN.items() if name != "steps"},
        "first": Parameter(5000, "paper"),
        "consecutive": Parameter(8, "code"),
        "shown": Parameter(60, "ours"),
        "after": Parameter(20_000, "ours", "steps of which the statistics are"),
    },
    variants={"code": CODE},
    compute=compute,
    check=check,
    draw=draw,
    depends=("kim2023_beale", "manifolds", "equilibria", "field"),
)

if __name__ == "__main__":
    run_alone(FIGURE)
