"""On x² - y² gradient descent leaves the saddle and SAM is drawn into it (Kim et al. 2023, Figure 5).

References:
    [1] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Section 4.2, Theorem 1.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

EDGE = 4.5
"""The window is [-4.5, 4.5]²."""
STUCK = 0.05


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Both paths, both fields on a grid, and the fields on a circle around the saddle."""
    import xarray as xr

    from ..dynamics.methods import make_rule
    from ..dynamics.trajectories import trajectories
    from ..landscapes.saddle import SADDLE
    from .field import Field
    from .layers import grid_of

    eta, method = settings["eta"], settings["method"]
    rules = [make_rule("gd", eta), make_rule(method, eta, rho=settings["rho"])]
    w = trajectories(SADDLE, rules, settings["start"], settings["steps"], observables=("w",))["w"][:, 0]
    progress(0.3)
    rho = settings["rho_flow"]
    fields = (Field(SADDLE), Field(SADDLE, make_rule("usam", eta, rho=rho), flow=True))
    x, _, points = grid_of(((-EDGE, EDGE),) * 2, 31)
    velocity = np.stack([moved.velocity(points).reshape(31, 31, 2) for moved in fields])
    progress(0.6)
    angle = (np.arange(settings["ring"]) + 0.5) * 2 * np.pi / settings["ring"]  # none on an axis
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    around = np.stack([moved.velocity(ring) for moved in fields])
    return xr.Dataset(
        {
            "w": (("rule", "step", "coordinate"), w, {"long_name": "iterate", "units": "1"}),
            "velocity": (("flow", "y", "x", "coordinate"), velocity, {"long_name": "dw/dt", "units": "1"}),
            "around": (("flow", "angle", "coordinate"), around, {"long_name": "dw/dt on the unit circle"}),
        },
        coords={
            "rule": ["gd", method], "flow": ["gradient", "usam"], "coordinate": ["x", "y"], "x": x, "y": x,
            "angle": angle,
        },
        attrs={"rho_flow": rho, "rho": settings["rho"]},
    )  # fmt: skip


def check(data: "xr.Dataset") -> list[Check]:
    """What Section 4.2 says of the figure."""
    gd, sam = data["w"].values
    outside = np.flatnonzero(np.abs(gd[:, 1]) > EDGE)
    late = np.linalg.norm(sam[len(sam) * 4 // 5 :], axis=1)
    rates = {value: value + data.attrs["rho_flow"] * value**2 for value in (2.0, -2.0)}
    unit = np.stack([np.cos(data["angle"].values), np.sin(data["angle"].values)], axis=1)
    outward = (data["around"].values * unit).sum(axis=2)  # growth rates of ||w||; both flows are linear
    along_y = (data["around"].values[..., 1] / unit[:, 1]).mean(axis=1)
    return [
        judge(
            "Gradient descent successfully escapes the saddle point.",
            {"leaves the window": outside.size > 0},
            {
                "step at which it leaves the window": int(outside[0]) if outside.size else -1,
                "final |y|": abs(gd[-1, 1]),
            },
            f"It ends at y = {gd[-1, 1]:.3g}.",
        ),
        judge(
            "SAM becomes stuck in the saddle point.",
            {f"within {STUCK} of it over the last fifth of the run": bool(late.max() < STUCK)},
            {"largest distance over the last fifth of the run": float(late.max()), "final distance": float(late[-1])},
            f"SAM ends {late[-1]:.3g} away.",
        ),
        judge(
            "The saddle point is not a stable equilibrium of gradient flow, but a point of convergence of SAM's flow.",
            {
                "gradient flow moves away in some directions": bool((outward[0] > 0).any()),
                "SAM's flow moves in from all directions": bool((outward[1] < 0).all()),
                # the fields are linear, so that their rates are exact but for rounding
                "at the rate of Theorem 1": bool(np.isclose(along_y[1], -rates[-2.0], rtol=1e-12)),
            },
            {
                "lambda + rho lambda^2 for lambda = 2": rates[2.0],
                "lambda + rho lambda^2 for lambda = -2": rates[-2.0],
                "share of directions in which gradient flow moves away": float((outward[0] > 0).mean()),
                "largest growth rate of ||w|| under SAM's flow": float(outward[1].max()),
                "growth rate of |y| under gradient flow": float(along_y[0]),
                "growth rate of |y| under SAM's flow": float(along_y[1]),
            },
            "The flows do not do so.",
        ),
    ]


def draw(data: "xr.Dataset") -> "Figure":
    """The surface with both paths; the field of gradient flow; that of SAM's flow."""
    from .style import figure, rule_look

    fig, axes = figure(columns=2, aspect=0.4, cols=3, width_ratios=(1.25, 1, 1))
    place = axes[0].get_subplotspec()
    axes[0].remove()
    solid = fig.add_subplot(place, projection="3d")
    _draw_surface(solid, data)
    names = {
        "gradient": "(b) gradient flow leaves",
        "usam": rf"(c) SAM's flow, $\rho={data.attrs['rho_flow']:g}$, arrives",
    }
    colors = {"gradient": rule_look("gd").color, "usam": rule_look("usam").color}
    for ax, (name, title) in zip(axes[1:], names.items()):
        velocity = data["velocity"].sel(flow=name).values
        ax.streamplot(
            data["x"].values, data["y"].values, velocity[..., 0], velocity[..., 1],
            color=colors[name], linewidth=0.6, arrowsize=0.6, density=0.8,
        )  # fmt: skip
        ax.plot(0, 0, marker="X", color="white", markeredgecolor="black", markersize=6, zorder=5)
        ax.set(xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE), xlabel="$x$", ylabel="$y$", aspect="equal")
        ax.set_title(title)
    handles, labels = solid.get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=len(handles))
    return fig


def _draw_surface(ax: Any, data: "xr.Dataset") -> None:
    from .style import rule_look

    x, y = np.meshgrid(data["x"].values, data["y"].values)
    ax.plot_surface(
        x, y, x**2 - y**2, color="#DDE3EA", edgecolor="#AAB4C0", linewidth=0.15, alpha=0.75, rstride=2, cstride=2
    )
    for name in data["rule"].values:
        look, path = rule_look(str(name)), data["w"].sel(rule=name).values
        inside = path[np.abs(path).max(axis=1) <= EDGE]
        height = inside[:, 0] ** 2 - inside[:, 1] ** 2
        label = "SAM, Eq. 5 (USAM)" if name == "usam" else look.label
        ax.plot(*inside.T, height, color=look.color, linewidth=1.6, label=label, zorder=8)
        ax.plot(*inside[-1:].T, height[-1:], marker="o", color=look.color, markersize=4, zorder=9)
    begin = data["w"].values[0, :1]
    ax.plot(*begin.T, begin[:, 0] ** 2 - begin[:, 1] ** 2, marker="P", markerfacecolor="white", markeredgecolor="black",
            markersize=6, linestyle="", label="start", zorder=10)  # fmt: skip
    ax.set(xlabel="$x$", ylabel="$y$", zlabel="$f$")
    ax.set_title(r"(a) GD leaves, SAM stays")
    ax.view_init(28, -52)


FIGURE = PaperFigure(
    name="kim2023-fig5",
    title="On x² - y² gradient descent leaves the saddle, SAM is drawn into it",
    caption="(a) f(x, y) = x² - y² with gradient descent and SAM ({method}) from {start}, {steps} steps at "
    "eta = {eta}, rho = {rho}. (b) Gradient flow. (c) The flow of SAM with unnormalised ascent, rho = {rho_flow}: "
    "lambda + rho lambda^2 is positive for both eigenvalues, 2 and -2.",
    parameters={
        "start": Parameter((-3.0, -0.01), "paper"),
        "eta": Parameter(0.01, "code"),
        "steps": Parameter(500, "code"),
        "method": Parameter("usam", "paper", "Equation 5: ascent by rho times the gradient"),
        "rho": Parameter(1.0, "paper"),
        "rho_flow": Parameter(1.0, "paper"),
        "ring": Parameter(32, "ours", "directions in which the fields are looked at"),
    },
    variants={
        "code": {
            "method": Parameter("sam", "code", "normalised; the code also adds the first gradient to the second"),
            "rho": Parameter(0.5, "code"),
        }
    },
    compute=compute,
    check=check,
    draw=draw,
    depends=("field",),
)

if __name__ == "__main__":
    run_alone(FIGURE)
