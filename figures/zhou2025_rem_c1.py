"""Among many valleys SAM stays in the one it starts in (Zhou et al. 2025, Remark C.1).

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
        Propositions 4.1 and C.2, Remark C.1.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Where every start ends and whether it ever left its valley; the share that does at other rates and radii."""
    import jax
    import xarray as xr

    from ..dynamics.methods import make_rule
    from ..dynamics.trajectories import trajectories
    from ..landscapes.calculus import sharpness
    from ..landscapes.cosine import cosine

    b, valleys, eta, rho = (settings[name] for name in ("b", "valleys", "eta", "rho"))
    landscape = cosine(b, valleys)
    edge = 2 * b * valleys
    starts = np.random.default_rng(settings["seed"]).uniform(-edge, edge, (settings["starts"], 1))
    centre = 4 * b * np.round(starts[:, 0] / (4 * b))

    def run(rule: Any) -> tuple[np.ndarray, np.ndarray]:
        """Last iterate, and whether it ever left, shape (setting, start) or (start,)."""
        found = trajectories(
            landscape, rule, starts, settings["steps"], record="statistics", observables=("w",),
            extra={"place": lambda landscape, w: w[0]},
        )  # fmt: skip
        low, high = found["place_minimum"], found["place_maximum"]
        gone = (low < centre - 2 * b) | (high > centre + 2 * b) | (found["first_nonfinite"] >= 0)
        return found["w"][..., 0], gone

    end, gone = run(make_rule("usam", eta, rho=rho))
    progress(0.2)
    etas, radii = (np.linspace(low, high, count) for low, high, count in (settings["etas"], settings["radii"]))
    _, gone_gd = run(make_rule("gd", etas))
    _, gone_eta = run(make_rule("usam", etas, rho=rho))
    progress(0.6)
    _, gone_rho = run(make_rule("usam", eta, rho=radii))
    shown = starts[np.argsort(starts[:, 0])[:: max(1, len(starts) // settings["shown"])]]
    path = trajectories(landscape, make_rule("usam", eta, rho=rho), shown, 30, observables=("w",))["w"][..., 0]
    theta = np.linspace(-edge, edge, 100 * valleys + 1)
    height = np.asarray(jax.jit(jax.vmap(landscape.value))(theta[:, None]))
    slope = np.asarray(jax.jit(jax.vmap(jax.grad(landscape.value)))(theta[:, None]))[:, 0]
    curvature = float(sharpness(landscape, np.zeros(1)))
    return xr.Dataset(
        {
            "begin": ("start", starts[:, 0], {"long_name": "start", "units": "1"}),
            "end": ("start", end, {"long_name": "last iterate", "units": "1"}),
            "left": ("start", gone, {"long_name": "whether it ever left its valley"}),
            "share": (("rule", "eta"), np.stack([gone_gd, gone_eta]).mean(axis=2), {"long_name": "share that left"}),
            # those that Proposition 4.1 speaks of: within b of the minimum
            "share_near": ("eta", gone_eta[:, abs(starts[:, 0] - centre) < b].mean(axis=1)),
            "share_rho": ("rho", gone_rho.mean(axis=1), {"long_name": "share that left", "units": "1"}),
            "share_rho_near": ("rho", gone_rho[:, abs(starts[:, 0] - centre) < b].mean(axis=1)),
            "path": (("shown", "step"), path, {"long_name": "iterate", "units": "1"}),
            "height": ("theta", height, {"long_name": "loss", "units": "1"}),
            "slope": ("theta", slope, {"long_name": "its derivative", "units": "1"}),
        },
        coords={"rule": ["gd", "usam"], "eta": etas, "rho": radii, "step": np.arange(path.shape[1]), "theta": theta},
        attrs={"b": b, "valleys": valleys, "eta_of_run": eta, "rho_of_run": rho, "curvature": curvature},
    )


def bounds(data: "xr.Dataset") -> tuple[float, float, float]:
    """Proposition 4.1's: b / max |L'|, 1 / a, and the least |L'(2z) / L'(z)| for 0 < z < b, on the grid's slopes."""
    b, theta, slope = data.attrs["b"], data["theta"].values, data["slope"].values
    z = np.linspace(0.01, 0.9999, 500) * b
    ratio = np.interp(2 * z, theta, slope) / np.interp(z, theta, slope)
    return b / float(abs(slope).max()), 1 / data.attrs["curvature"], float(abs(ratio).min())


def check(data: "xr.Dataset") -> list[Check]:
    """What Remark C.1 says."""
    b, eta, rho = (data.attrs[name] for name in ("b", "eta_of_run", "rho_of_run"))
    rate, radius, ratio = bounds(data)
    begin, end, left = (data[name].values for name in ("begin", "end", "left"))
    centre = 4 * b * np.round(begin / (4 * b))
    away = abs(end - centre)
    sam, near, share_rho = (data[name].values for name in ("share", "share_near", "share_rho"))
    etas, radii = data["eta"].values, data["rho"].values
    theta, slope = data["theta"].values, data["slope"].values
    inside = (abs(theta) <= 2 * b) & (theta >= 0)
    return [
        judge(
            "The loss is sub-quadratic in V = [-2b, 2b] and has infinitely many valleys [2(2k - 1)b, 2(2k + 1)b].",
            {
                "z L'(z) >= 0 in V": bool((slope[inside] >= -1e-12).all()),
                "L'' does not increase with |z| in V": bool((np.diff(slope[inside], 2) <= 1e-12).all()),
                "one period is one valley": bool(
                    np.allclose(np.interp(theta[theta < 0] + 4 * b, theta, slope), slope[theta < 0], atol=1e-12)
                ),
            },
            {"valleys in the window": data.attrs["valleys"], "curvature at the bottom": 1 / radius},
            "The grid of slopes does not say so.",
        ),
        judge(
            "SAM remains in the current valley and cannot enter into other valleys.",
            {"no start ever leaves its valley": not left.any()},
            {
                "starts": len(begin), "starts that leave": int(left.sum()),
                "largest distance to the valley's minimum at the end": float(away.max()),
                "eta a (1 + rho a), above 2 where SAM leaves the minimum": eta / radius * (1 + rho / radius),
                "starts farther than b from their minimum": int((abs(begin - centre) >= b).sum()),
            },
            f"{int(left.sum())} of {len(begin)} starts leave.",
        ),
        judge(
            "It does so by Proposition 4.1.",
            {
                "eta < b / max |L'|": eta < rate,
                "rho <= min{1/a, eta}": rho <= min(radius, eta),
                "rho <= eta times the least |L'(2z) / L'(z)|": rho <= eta * ratio,
            },
            {
                "eta": eta, "b / max |L'|": rate, "rho": rho, "1 / a": radius, "least |L'(2z) / L'(z)|": ratio,
                "least rate at which a start within b leaves": _first(etas, near),
                "least rate at which any start leaves": _first(etas, sam[1]),
                "least radius at which any start leaves": _first(radii, share_rho),
                "least radius at which a start within b leaves": _first(radii, data["share_rho_near"].values),
            },
            "For the cosine |L'(2z) / L'(z)| = 2 |cos(pi z / 2b)| goes to 0 as z goes to b, the top being at 2b, so "
            "that the proposition allows no positive radius: it leaves out its own example, whose iterates stay all "
            f"the same, up to a radius near 1/a = {radius:.3f} and far beyond the bound on eta.",
        ),
    ]  # fmt: skip


def _first(values: np.ndarray, shares: np.ndarray) -> float:
    """The least value with a positive share; NaN where there is none."""
    return float(values[shares > 0].min()) if (shares > 0).any() else float("nan")


def draw(data: "xr.Dataset") -> "Figure":
    """The valleys with paths; the share of starts that leave against rate and radius."""
    from .style import figure, rule_look

    b, edge = data.attrs["b"], 2 * data.attrs["b"] * data.attrs["valleys"]
    rate, radius, _ = bounds(data)
    fig, axes = figure(columns=2, aspect=0.46, rows=2, cols=3, height_ratios=(1, 2.4), width_ratios=(1.5, 1, 1))
    grid = axes[0, 0].get_gridspec()
    for ax in axes[:, 1:].ravel():
        ax.remove()
    profile, paths = axes[:, 0]
    rates, radii = fig.add_subplot(grid[:, 1]), fig.add_subplot(grid[:, 2])
    look, plain = rule_look("usam"), rule_look("gd")
    profile.plot(data["theta"], data["height"], color="#444444", linewidth=1)
    profile.tick_params(labelbottom=False)
    profile.set(ylabel="$L$", xlim=(-edge, edge))
    profile.set_title("(a) every start stays in its valley")
    paths.plot(data["path"].values.T, data["step"], color=look.color, linewidth=0.6)
    for wall in np.arange(-edge, edge + 1, 4 * b):
        for ax in (profile, paths):
            ax.axvline(wall, color="#666666", linewidth=0.7, linestyle=":")
    paths.set_xticks(np.arange(-edge + 2 * b, edge, 4 * b))
    paths.set(xlabel=r"iterate $\theta$", ylabel="step $t$", xlim=(-edge, edge), ylim=(12, 0))
    first = rates.plot(data["eta"], data["share"].sel(rule="gd"), **{**plain.line, "label": "GD, all starts"})
    second = rates.plot(data["eta"], data["share"].sel(rule="usam"), **{**look.line, "label": "USAM, all starts"})
    third = rates.plot(data["eta"], data["share_near"], color=look.color, linestyle=":", label="USAM, within $b$")
    rates.axvline(rate, color="#1B36B0", linewidth=0.8, linestyle="--")
    words: dict[str, Any] = {"color": "#1B36B0", "va": "top", "fontsize": 7}
    rates.text(rate, 0.97, r" $b/\max|L'|$", transform=rates.get_xaxis_transform(), **words)
    rates.set(xlabel=r"learning rate $\eta$", ylabel="share of starts that leave", ylim=(-0.03, 1.03))
    rates.set_title(rf"(b) $\rho={data.attrs['rho_of_run']:g}$")
    radii.plot(data["rho"], data["share_rho"], **look.line)
    radii.plot(data["rho"], data["share_rho_near"], color=look.color, linestyle=":")
    radii.axvline(radius, color="#1B36B0", linewidth=0.8, linestyle="--")
    radii.text(radius, 0.97, " $1/a$", transform=radii.get_xaxis_transform(), **words)
    radii.set(xlabel=r"radius $\rho$", ylim=(-0.03, 1.03))
    radii.set_title(rf"(c) $\eta={data.attrs['eta_of_run']:g}$")
    fig.legend(handles=[*first, *second, *third], loc="outside lower center", ncols=3)
    return fig


FIGURE = PaperFigure(
    name="zhou2025-rem-c1",
    title="Among many valleys SAM stays in the one it starts in",
    caption="L = 1 - cos(pi theta / 2b), b = {b}, with full-batch SAM, unnormalised ascent: (a) {starts} uniform "
    "starts in {valleys} valleys, eta = {eta}, rho = {rho}, {steps} steps; first steps of some are drawn. (b) "
    "Share of starts that ever leave their valley, against the learning rate, and of those within b of a minimum. (c) "
    "The same against the radius. Dashed: the bounds of Proposition 4.1, of which a third, on |L'(2z) / L'(z)|, allows "
    "no positive radius here.",
    parameters={
        "b": Parameter(1, "paper"),
        "valleys": Parameter(5, "ours"),
        "eta": Parameter(0.6, "ours"),
        "rho": Parameter(0.2, "ours"),
        "starts": Parameter(500, "ours"),
        "steps": Parameter(500, "ours"),
        "etas": Parameter((0.1, 3.0, 117), "ours", "other rates: low, high, number"),
        "radii": Parameter((0.0, 2.0, 101), "ours", "other radii: low, high, number"),
        "shown": Parameter(60, "ours", "paths drawn"),
        "seed": Parameter(0, "ours"),
    },
    budgets={"quick": {"steps": 200}, "full": {"starts": 5000}},
    compute=compute,
    check=check,
    draw=draw,
)

if __name__ == "__main__":
    run_alone(FIGURE)
