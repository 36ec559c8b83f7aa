"""Why training fails on Lucchi's quartic: every start of Figure 4's sweep run to its end (beyond Tan et al. 2024).

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
    """Starts by outcome, and what Figure 4 would be at other budgets and radii of success.

    Dims of `count`, `reached` and `success`: (rule, rho, eta) and outcome_kind, point, (budget, radius).
    """
    from ..dynamics.methods import make_rule
    from ..dynamics.panel import run_panel
    from ..dynamics.sweep import sweep
    from ..landscapes.lucchi import LUCCHI

    rules, radii, near = (list(settings[name]) for name in ("rules", "rho", "radius"))
    budgets, n = list(settings["budgets"]), settings["starts"]
    low, high, count = settings["eta"]
    etas = np.geomspace(low, high, count)
    starts = np.random.default_rng(settings["seed"]).uniform(-2, 2, (n, 2))
    whole = sweep(
        LUCCHI, rules, etas, radii, starts, settings["steps"], keep="rates",
        progress=lambda done, total: progress(0.6 * done / total),
    )  # fmt: skip
    minima = np.array([[1.0, 1.0], [-1.0, -1.0]])
    everywhere, rates = np.tile(starts, (count, 1)), np.repeat(etas, n)
    won = np.zeros((len(rules), len(radii), count, len(budgets), len(near)))
    for i, rule in enumerate(rules):
        for j, rho in enumerate(radii):
            if rule == "gd" and j > 0:
                won[i, j] = won[i, 0]
                continue
            made = make_rule(rule, rates) if rule == "gd" else make_rule(rule, rates, rho=rho)
            for k, steps in enumerate(budgets):
                w = run_panel(LUCCHI, made, everywhere, steps).w
                distance = np.linalg.norm(w[:, None] - minima, axis=2).min(axis=1).reshape(count, n)
                won[i, j, :, k] = (distance[..., None] < np.array(near)).mean(axis=1)
            progress(0.6 + 0.4 * (i * len(radii) + j + 1) / (len(rules) * len(radii)))
    data = whole[["count", "reached"]].drop_attrs(deep=False)
    data["success"] = (
        ("rule", "rho", "eta", "budget", "radius"),
        won,
        {"long_name": "share of starts within the radius of a minimum after the budget", "units": "1"},
    )
    return data.assign_coords(budget=budgets, radius=near, point_w=whole["point_w"])


def check(data: "xr.Dataset") -> list[Check]:
    """What Section 5.1 says of the runs that fail, on runs that are over."""
    sam, stable = (str(name) for name in data["rule"].values[1:])
    eta, radii = data["eta"].values, [float(rho) for rho in data["rho"].values]
    share = data["count"] / data["count"].sum("outcome_kind")
    first, budgets = data["success"].isel(radius=1), [int(b) for b in data["budget"].values]
    usual = budgets.index(100)

    def part(kind: str, rule: str) -> np.ndarray:
        return share.sel(rule=rule, outcome_kind=kind).values

    small = eta <= 10 * eta[0]
    caught = {rule: float(part("saddle", rule)[:, small].mean()) for rule in ("gd", sam, stable)}
    missed = {
        rule: float(1 - first.sel(rule=rule).isel(budget=usual).values[:, small].mean()) for rule in ("gd", sam, stable)
    }
    above = eta > 0.1
    fails = {rule: 1 - part("minimum", rule)[:, above] for rule in ("gd", sam, stable)}
    kinds = {kind: float(part(kind, sam)[:, above].mean()) for kind in ("saddle", "cycle", "other", "diverged", "slow")}
    exploding = {r: float(x) for r, x in zip(radii, part("diverged", sam)[:, -1])}
    worst = {rule: float(x.mean()) for rule, x in fails.items()}
    moves = {b: float(abs(first.isel(budget=k) - first.isel(budget=-1)).mean()) for k, b in enumerate(budgets[:-1])}
    half = {b: _half(eta, first.sel(rule="gd").isel(rho=0, budget=k).values) for k, b in enumerate(budgets)}
    return [
        judge(
            "At small learning rates all optimizers are likely attracted to the saddle point (0, 0).",
            # "likely": of the starts that miss a minimum in Figure 4, more than half are held by the saddle for good
            {rule: caught[rule] > missed[rule] / 2 for rule in caught},
            {
                **{f"held by the saddle, {rule}": caught[rule] for rule in caught},
                **{f"no minimum within 100 steps, {rule}": missed[rule] for rule in missed},
            },
            "Over the first decade of learning rates the starts that have not arrived after 100 steps are on their "
            "way: run on, they reach a minimum, and the saddle keeps the shares given.",
        ),
        judge(
            "Runs that fail get stuck in the saddle point or fail to converge, and with SAM more of them do.",
            {
                f"{sam} fails more often than gd above 0.1": worst[sam] > worst["gd"],
                f"{sam} fails more often than {stable} above 0.1": worst[sam] > worst[stable],
                "some are stuck in the saddle": kinds["saddle"] > 0,
                "some fail to converge": kinds["cycle"] + kinds["other"] + kinds["diverged"] + kinds["slow"] > 0,
            },
            {
                **{f"no minimum in the end, eta > 0.1, {rule}": worst[rule] for rule in worst},
                **{f"{sam}, eta > 0.1, {kind}": value for kind, value in kinds.items()},
            },
            f"What becomes of the starts of {sam} above a rate of 0.1 is given by outcome.",
        ),
        judge(
            "When the radius is large the training process finally explodes.",
            {
                "more diverge at the largest radius than at the smallest": exploding[radii[-1]] > exploding[radii[0]],
                "most diverge at the largest radius": exploding[radii[-1]] > 0.5,
            },
            {f"share of {sam} that diverges at the largest rate, rho = {r:g}": v for r, v in exploding.items()},
            f"At the largest rate and radius {100 * exploding[radii[-1]]:.0f} % of the starts of {sam} diverge; "
            f"{100 * float(part('cycle', sam)[-1, -1] + part('other', sam)[-1, -1]):.0f} % stay bounded without "
            "settling, on cycles or otherwise.",
        ),
        judge(
            "The rate of successful training is that of runs that eventually converged.",
            # whatever the budget: less than a hundredth of the starts changes sides
            {f"after {b} steps": value < 0.01 for b, value in moves.items()},
            {
                **{f"mean change from {b} to {budgets[-1]} steps": value for b, value in moves.items()},
                **{f"gd succeeds with half the starts from eta, {b} steps": value for b, value in half.items()},
            },
            "Figure 4's curve at small learning rates is that of the budget: with ten times the steps it stands at a "
            "tenth of the learning rate.",
        ),
    ]


def _half(eta: np.ndarray, line: np.ndarray) -> float:
    """The smallest learning rate at which half the starts succeed; NaN where none is."""
    found = np.flatnonzero(line >= 0.5)
    return float(eta[found[0]]) if found.size else float("nan")


def draw(data: "xr.Dataset") -> "Figure":
    """Outcomes as stacked areas, rules by radii; below, GD's and SAM's curve at other budgets and radii of success."""
    from .style import figure, outcome_look, rule_label
    from .sweep_outcomes import draw_shares, outcome_shares

    shares = outcome_shares(data)
    rules, radii, eta = ([*data[name].values] for name in ("rule", "rho", "eta"))
    fig, axes = figure(2, 0.92, rows=len(rules) + 1, cols=len(radii), sharex=True, sharey=True, squeeze=False)
    for i, j in np.ndindex(len(rules), len(radii)):
        draw_shares(axes[i, j], shares, eta, i, j)
    for ax, rho in zip(axes[0], radii):
        ax.set_title(f"radius $\\rho = {rho:g}$", loc="center")
    for ax, name in zip(axes[:, -1], [*map(rule_label, rules), "success"]):
        ax.annotate(
            name, (1, 0.5), (4, 0), xycoords="axes fraction", textcoords="offset points", rotation=270,
            va="center", ha="left", fontweight="bold",
        )  # fmt: skip
    from matplotlib import colormaps
    from matplotlib.patches import Patch

    lines = []
    sam, budgets = str(rules[1]), data["budget"].values
    colors = colormaps["viridis"](np.linspace(0, 0.85, len(budgets)))
    for j, ax in enumerate(axes[-1]):
        lines = []
        for k, (steps, color) in enumerate(zip(budgets, colors)):
            band = data["success"].sel(rule=sam).isel(rho=j, budget=k)
            lines += ax.plot(eta, band.isel(radius=1), color=color, label=f"{steps:g} steps".replace("e+0", "e"))
            ax.fill_between(eta, band.isel(radius=0), band.isel(radius=-1), color=color, alpha=0.2, linewidth=0)
        ax.set_xlabel(r"learning rate $\eta$")
    for ax in axes[:, 0]:
        ax.set_ylabel("share of starts")
    looks = [outcome_look(outcome) for outcome in shares.outcomes]
    patches = [
        Patch(facecolor=look.color, edgecolor="white", hatch=look.hatch, label=label, linewidth=0)
        for look, label in zip(looks, shares.labels)
    ]
    axes[-1, 0].annotate(rule_label(sam), (0.03, 0.93), xycoords="axes fraction", va="top", fontsize=7, color="#222222")
    fig.legend(handles=[*patches, *lines], loc="outside lower center", ncols=4)
    return fig


FIGURE = PaperFigure(
    name="tan2024-fig4-outcomes",
    title="SAM's failures at large rates are cycles and divergence; those at small rates are the budget's",
    caption="Lucchi's quartic, {starts} uniform starts in [-2, 2]² at {eta[2]} learning rates. Stacked: what became of "
    "them in {steps} steps. Last row: share of SAM's starts near a minimum after fewer steps, within {radius[1]} "
    "(lines; bands: within {radius[0]} to {radius[2]}).",
    parameters={
        "eta": Parameter((0.001, 0.3, 100), "paper", "low, high, number, log-spaced"),
        "starts": Parameter(1000, "ours", "the paper has 10,000"),
        "rules": Parameter(
            ("gd", "sam", "stable_sam"), "paper", "ascent along the normalised gradient, as in the text"
        ),
        "rho": Parameter((0.05, 0.2, 0.5), "ours", "the panels' radii are not stated"),
        "steps": Parameter(20_000, "ours", "until hardly a start is undecided"),
        "budgets": Parameter((30, 100, 300, 1000, 10_000), "ours"),
        "radius": Parameter((0.03, 0.1, 0.3), "ours", "what counts as success"),
        "seed": Parameter(0, "ours"),
    },
    variants={
        "code": {"rules": Parameter(("gd", "usam", "stable_usam"), "code", "the public code does not normalise")},
    },
    budgets={"quick": {"starts": 100, "eta": (0.001, 0.3, 30)}, "full": {"starts": 4000}},
    compute=compute,
    check=check,
    draw=draw,
    reproduced=("paper", "code"),
)

if __name__ == "__main__":
    run_alone(FIGURE)
