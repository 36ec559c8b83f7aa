"""How often training succeeds on Lucchi's quartic, against the learning rate (Tan et al. 2024, Figure 4b-d).

References:
    [1] Tan et al. (2024). Stabilizing sharpness-aware minimization through a simple renormalization strategy. Section
    5.1.
"""

from typing import TYPE_CHECKING

import numpy as np

from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Success rates, dims (rule, rho, eta), and their 95 % Wilson intervals."""
    import xarray as xr

    from ..dynamics.methods import make_rule
    from ..dynamics.panel import run_panel
    from ..landscapes.lucchi import LUCCHI

    rules, radii = list(settings["rules"]), list(settings["rho"])
    low, high, count = settings["eta"]
    etas, n = np.geomspace(low, high, count), settings["starts"]
    starts = np.random.default_rng(settings["seed"]).uniform(-2, 2, (count * n, 2))
    rates = np.repeat(etas, n)
    minima = np.array([[1.0, 1.0], [-1.0, -1.0]])
    won = np.zeros((len(rules), len(radii), count), int)
    for i, rule in enumerate(rules):
        for j, rho in enumerate(radii):
            if rule == "gd" and j > 0:
                won[i, j] = won[i, 0]
            else:
                made = make_rule(rule, rates) if rule == "gd" else make_rule(rule, rates, rho=rho)
                final = run_panel(LUCCHI, made, starts, settings["steps"])
                distance = np.linalg.norm(final.w[:, None] - minima, axis=2).min(axis=1)
                won[i, j] = (distance < settings["radius"]).reshape(count, n).sum(axis=1)
            progress((i * len(radii) + j + 1) / (len(rules) * len(radii)))
    share = won / n
    z = 1.959963984540054  # the 97.5 % point of the normal distribution
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    dims = ("rule", "rho", "eta")
    return xr.Dataset(
        {
            "success": (
                dims,
                share,
                {"long_name": "share of starts within the success radius of a minimum", "units": "1"},
            ),
            "low": (dims, centre - half, {"long_name": "lower end of the 95 % Wilson interval", "units": "1"}),
            "high": (dims, centre + half, {"long_name": "upper end of the 95 % Wilson interval", "units": "1"}),
        },
        coords={"rule": rules, "rho": radii, "eta": ("eta", etas, {"long_name": "learning rate", "units": "1"})},
    )


def check(data: "xr.Dataset") -> list[Check]:
    """What Section 5.1 reads off the figure, sentence by sentence."""
    eta, radii = data["eta"].values, [float(rho) for rho in data["rho"].values]
    sam, stable = (str(name) for name in data["rule"].values[1:])
    plain = data["success"].sel(rule="gd").values

    def curve(rule: str, what: str = "success") -> np.ndarray:
        return data[what].sel(rule=rule).values

    # "highest" up to chance: nowhere may an interval lie above that of gradient descent
    ahead = {rule: curve(rule, "low") > curve("gd", "high") for rule in (sam, stable)}
    lead = {rule: float((curve(rule) - plain).max()) for rule in (sam, stable)}
    top = eta >= 0.25
    fall = {
        rule: {r: float(line.max() - line[top].mean()) for r, line in zip(radii, curve(rule))} for rule in (sam, stable)
    }
    half = {r: _loses_half(eta, line) for r, line in zip(radii, curve(sam))}
    spread = {r: float(np.ptp(line[eta > 0.1])) for r, line in zip(radii, curve(stable))}
    distance = [float(abs(line - base).max()) for line, base in zip(curve(sam), plain)]
    small = eta < 0.02
    fits = {rule: float(np.corrcoef(eta[small], curve(rule)[0][small])[0, 1] ** 2) for rule in ("gd", sam, stable)}
    leads = [
        f"{100 * ahead[r].mean():.0f} % of the settings ({r}, by up to {lead[r]:.2f})" for r in ahead if ahead[r].any()
    ]
    return [
        judge(
            "Gradient descent always achieves the highest rate of successful training.",
            {f"never below {rule}": not ahead[rule].any() for rule in ahead},
            {f"largest lead of {rule} over gd": lead[rule] for rule in lead},
            f"Gradient descent is behind, beyond the 95 % intervals, in {' and '.join(leads)}: at small rates the "
            "ascent step lengthens the gradient, so that more starts arrive within the budget.",
        ),
        judge(
            "For learning rates above about 0.1 the possibility of failure drastically increases with SAM.",
            {f"rho = {r:g}": value > 0.2 for r, value in fall[sam].items()},
            {
                **{f"fall from the highest rate to that at eta >= 0.25, rho = {r:g}": v for r, v in fall[sam].items()},
                **{f"loses half of its highest rate at eta, rho = {r:g}": v for r, v in half.items()},
            },
            "Nothing falls at the smallest radius; elsewhere the learning rate at which half is lost depends on it.",
        ),
        judge(
            "With StableSAM the curve remains approximately constant for large learning rates.",
            {f"rho = {r:g}": value < 0.1 for r, value in spread.items()},
            {f"range above eta = 0.1, rho = {r:g}": value for r, value in spread.items()},
            "The range of the curve above a learning rate of 0.1 is 0.1 or more.",
        ),
        judge(
            "A small radius resembles gradient descent; the deviation increases with the radius.",
            {"within 0.15 at the smallest": distance[0] < 0.15, "increases": distance == sorted(distance)},
            {f"largest distance from gd, rho = {r:g}": d for r, d in zip(radii, distance)},
            "The largest distance of SAM's curve from gradient descent's is given for each radius.",
        ),
        judge(
            "The rate of successful training increases linearly at small learning rates, for all optimizers.",
            {rule: value > 0.9 for rule, value in fits.items()},
            {f"R² of a line below eta = 0.02, {rule}": value for rule, value in fits.items()},
            "A straight line explains less than 90 % of the variation below a learning rate of 0.02.",
        ),
    ]


def _loses_half(eta: np.ndarray, line: np.ndarray) -> float:
    """The smallest learning rate beyond the curve's highest point where it is below half of that; NaN where none is."""
    peak = int(line.argmax())
    below = np.flatnonzero(line[peak:] < line[peak] / 2)
    return float(eta[peak + below[0]]) if below.size else float("nan")


def draw(data: "xr.Dataset") -> "Figure":
    """One panel per radius: success rate against learning rate."""
    from .style import figure, rule_look

    radii = data["rho"].values
    fig, axes = figure(columns=2, aspect=0.36, cols=len(radii), sharey=True, squeeze=False)
    handles = []
    for ax, rho, letter in zip(axes[0], radii, "bcdefgh", strict=False):
        handles = []
        for name in data["rule"].values:
            look, line = rule_look(str(name)), data.sel(rule=name, rho=rho)
            (drawn,) = ax.semilogx(line["eta"], line["success"], **look.line)
            ax.fill_between(line["eta"], line["low"], line["high"], color=look.color, alpha=0.2, linewidth=0)
            handles.append(drawn)
        ax.set_title(f"({letter}) radius $\\rho = {rho:g}$")
        ax.set_xlabel(r"learning rate $\eta$")
        ax.set_ylim(-0.02, 1.02)
    axes[0, 0].set_ylabel("share of starts at a minimum")
    fig.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    return fig


FIGURE = PaperFigure(
    name="tan2024-fig4",
    title="Success rate against learning rate: SAM fails at large rates, StableSAM does not",
    caption="Lucchi's quartic: share of {starts} uniform starts in [-2, 2]² within {radius} of a global minimum "
    "after {steps} steps, at {eta[2]} learning rates. Bands: 95 % Wilson intervals, mostly thinner than the lines.",
    parameters={
        "eta": Parameter((0.001, 0.3, 100), "paper", "low, high, number, log-spaced"),
        "starts": Parameter(10_000, "paper"),
        "rules": Parameter(
            ("gd", "sam", "stable_sam"), "paper", "ascent along the normalised gradient, as in the text"
        ),
        "rho": Parameter((0.05, 0.2, 0.5), "ours", "the panels' radii are not stated"),
        "steps": Parameter(100, "ours"),
        "radius": Parameter(0.1, "ours", "what counts as success"),
        "seed": Parameter(0, "ours"),
    },
    variants={
        "code": {"rules": Parameter(("gd", "usam", "stable_usam"), "code", "the public code does not normalise")},
    },
    budgets={"quick": {"starts": 1000}},
    compute=compute,
    check=check,
    draw=draw,
)

if __name__ == "__main__":
    run_alone(FIGURE)
