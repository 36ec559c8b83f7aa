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

    from ..dynamics.boundary import wilson_interval
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
    low_end, high_end = wilson_interval(won, n)
    at_start = np.linalg.norm(starts[:, None] - minima, axis=2).min(axis=1) < settings["radius"]
    dims = ("rule", "rho", "eta")
    return xr.Dataset(
        {
            "success": (
                dims,
                won / n,
                {"long_name": "share of starts within the success radius of a minimum", "units": "1"},
            ),
            "low": (dims, low_end, {"long_name": "lower end of the 95 % Wilson interval", "units": "1"}),
            "high": (dims, high_end, {"long_name": "upper end of the 95 % Wilson interval", "units": "1"}),
            "at_start": ((), at_start.mean(), {"long_name": "share of starts that begin within it", "units": "1"}),
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
    leads = [
        f"{100 * ahead[r].mean():.0f} % of the settings ({r}, by up to {lead[r]:.2f})" for r in ahead if ahead[r].any()
    ]
    turn = int(np.abs(np.log(eta / TURN)).argmin())
    worse = {rule: dict(zip(radii, _times_as_likely(data.sel(rule=rule), turn), strict=True)) for rule in (sam, stable)}
    failure = {rule: dict(zip(radii, 1 - curve(rule))) for rule in (sam, stable)}
    chance = float((data["high"] - data["low"]).mean()) / len(eta) ** 0.5  # of a mean over the rates
    distance = [float(abs(line - base).mean()) for line, base in zip(curve(sam), plain)]
    apart = (curve(sam, "low") > curve("gd", "high")) | (curve(sam, "high") < curve("gd", "low"))
    alike = 1 - apart.mean(axis=1)
    power = {
        rule: {r: _power(eta, line, float(data["at_start"])) for r, line in zip(radii, curve(rule))}
        for rule in ("gd", sam, stable)
    }
    power["gd"] = {0.0: power["gd"][radii[0]]}
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
            # "drastically": failure at the largest rate is twice as likely as at 0.1, whatever the intervals hold
            {f"rho = {r:g}": float(ratio[-1]) > DRASTIC for r, ratio in worse[sam].items()},
            {
                "drastically means: times as likely, at least": DRASTIC,
                **{f"failure at eta = 0.1, rho = {r:g}": float(line[turn]) for r, line in failure[sam].items()},
                **{f"failure at the largest eta, rho = {r:g}": float(line[-1]) for r, line in failure[sam].items()},
                **{f"twice that of 0.1 from eta, rho = {r:g}": _first(eta, v) for r, v in worse[sam].items()},
            },
            "Of SAM's starts, "
            + "; ".join(
                f"{100 * line[turn]:.3g} % fail at a rate of 0.1, {100 * line[-1]:.3g} % at the largest (rho = {r:g})"
                for r, line in failure[sam].items()
            )
            + ": the larger the radius, the lower the rate from which they fail.",
        ),
        judge(
            "With StableSAM the curve remains approximately constant for large learning rates.",
            # the same ruler: nowhere above 0.1 is failure twice as likely
            {f"rho = {r:g}": float(ratio[turn:].max()) <= DRASTIC for r, ratio in worse[stable].items()},
            {
                "drastically means: times as likely, at least": DRASTIC,
                **{f"failure at eta = 0.1, rho = {r:g}": float(line[turn]) for r, line in failure[stable].items()},
                **{f"largest above 0.1, rho = {r:g}": float(line[turn:].max()) for r, line in failure[stable].items()},
                **{f"range above 0.1, rho = {r:g}": float(np.ptp(line[turn:])) for r, line in failure[stable].items()},
            },
            "At the radii named, failure becomes more than twice as likely as at 0.1 at some larger rate.",
        ),
        judge(
            "A small radius almost resembles gradient descent; the deviation increases with the radius.",
            {
                # "almost": at most of the rates the two cannot be told apart
                f"intervals overlap at most rates, rho = {radii[0]:g}": bool(alike[0] > 0.5),
                **{
                    f"farther at rho = {radii[i + 1]:g} than at {radii[i]:g}": distance[i + 1] - distance[i] > chance
                    for i in range(len(radii) - 1)
                },
            },
            {
                **{f"mean distance from gd, rho = {r:g}": d for r, d in zip(radii, distance)},
                **{f"share of rates with overlapping intervals, rho = {r:g}": a for r, a in zip(radii, alike)},
                "what chance may add": chance,
            },
            f"At rho = {radii[0]:g} SAM's rate differs from gradient descent's by {distance[0]:.2g} on average, and by "
            f"more than chance at {100 * (1 - alike[0]):.0f} % of the learning rates.",
        ),
        judge(
            "The rate of successful training increases linearly at small learning rates, for all optimizers.",
            # success ~ eta^p: p nearer to 1 than to 0 (no increase) or 2, over the first decade of rates
            {rule: all(0.5 < p < 1.5 for p in powers.values()) for rule, powers in power.items()},
            {f"power p, {rule}, rho = {r:g}": p for rule, powers in power.items() for r, p in powers.items()},
            "The share of starts that arrive, beyond those that begin there, grows as a power of the learning rate "
            "that is nearer to 2 (or to 0) than to 1: how many steps are run decides it, see tan2024-fig4-outcomes.",
        ),
    ]


TURN = 0.1
"""The learning rate that the paper names."""
DRASTIC = 2.0
"""How many times as likely failure must become for "drastically"."""


def _times_as_likely(line: "xr.Dataset", turn: int) -> np.ndarray:
    """Failure at every rate over that at `TURN`, at least, by the intervals' nearer ends; shape (rho, eta)."""
    low, high = 1 - line["high"].values, 1 - line["low"].values
    return low / high[:, turn, None]


def _first(eta: np.ndarray, ratio: np.ndarray) -> float:
    """The smallest rate above `TURN` from which on failure is drastically more likely; NaN where there is none."""
    mild = np.flatnonzero(ratio <= DRASTIC)
    last = int(mild[-1]) + 1 if mild.size else 0
    return float(eta[last]) if last < len(eta) else float("nan")


def _power(eta: np.ndarray, line: np.ndarray, at_start: float) -> float:
    """p of success - at_start ~ eta^p over the first decade of rates, by least squares among p = 0, 0.01, ..., 4."""
    small = eta <= 10 * eta[0]
    gained = line[small] - at_start
    powers = np.linspace(0, 4, 401)
    shapes = (eta[small] / eta[small][-1]) ** powers[:, None]
    heights = shapes @ gained / (shapes**2).sum(axis=1)
    return float(powers[((heights[:, None] * shapes - gained) ** 2).sum(axis=1).argmin()])


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
    reproduced=("paper", "code"),
)

if __name__ == "__main__":
    run_alone(FIGURE)
