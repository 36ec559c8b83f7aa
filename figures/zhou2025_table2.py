"""Where SGD and SAM stay at a minimum: learning rate against sharpness, with Table 2's bounds (Zhou et al. 2025).

Notes:
    On a linear model that fits the data, residuals r = A (w - w*) follow a linear recursion. Scaling the features by s
    multiplies H by s^2 and the recursion of r sees eta s^2 and rho s^2 alone. So one set of features serves all
    sharpnesses: h = ||H||_F is run as eta h/h_0 and rho h/h_0 on features with ||H||_F = h_0, to the last digit the
    same but for rounding. The alignment gamma does not depend on s.
References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
        Definition 4.1, Theorem 4.1, Corollary 4.2, Table 2.
    [2] Wu, Wang, Su (2022). The alignment property of SGD noise and how it helps select flat minima. NeurIPS.
"""

from typing import TYPE_CHECKING

import numpy as np

from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone
from .second_moment import growth_rates

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

RULES = {"gd": "SGD", "usam_independent": "SAM"}
"""Equation (4): unnormalised ascent on a batch of its own."""


def printed_rate(h: np.ndarray, eta: np.ndarray, rho: float, gamma: float, batch: int) -> np.ndarray:
    """C of Corollary 4.2; stable minima have C <= 1 (Theorem 4.1), and rho = 0 is SGD."""
    share = gamma * h**2 / batch
    return eta**2 * share * (1 + rho**2 * share)


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Growth of the mean loss per step, dims (rule, h, eta): simulated, exact, and the printed C."""
    import jax
    import xarray as xr

    from ..dynamics.methods import make_rule
    from ..landscapes.least_squares import least_squares
    from .counted_runs import counted_runs

    landscape = least_squares(settings["n"], settings["d"], seed=settings["seed"])
    features = np.asarray(landscape.x)
    h_0, gamma = float(np.linalg.norm(landscape.curvature)), landscape.least_alignment().gamma
    low, high, count = settings["eta"]
    etas = np.geomspace(low, high, count)
    low, high, count = settings["h"]
    sizes = np.geomspace(low, high, count)
    h, eta = (grid.ravel() for grid in np.meshgrid(sizes, etas, indexing="ij"))
    batch, seeds, rho = settings["batch"], settings["seeds"], settings["rho"]
    first, last = settings["burn"], settings["steps"]
    stream = np.random.default_rng(settings["seed"])
    away = stream.standard_normal((seeds, landscape.dimension))
    starts = np.tile(np.asarray(landscape.minimiser()) + away, (h.size, 1))
    own = np.tile(np.arange(seeds), h.size)
    value = jax.jit(jax.vmap(landscape.value))
    shape = (len(RULES), sizes.size, etas.size)
    edges = np.empty((len(RULES), etas.size))
    simulated, typical, exact, printed = (np.empty(shape) for _ in range(4))
    for i, name in enumerate(RULES):
        radius = 0.0 if name == "gd" else rho
        scaled, ascent = eta * h / h_0, radius * h / h_0
        numbers = {} if name == "gd" else {"rho": np.repeat(ascent, seeds)}
        rule = make_rule(name, np.repeat(scaled, seeds), **numbers)
        losses = [
            np.asarray(value(w)).reshape(h.size, seeds)
            for _, w, _ in counted_runs(landscape, rule, starts, own, [first, last], batch=batch, seed=settings["seed"])
        ]
        span = last - first
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            simulated[i] = ((losses[1].mean(axis=1) / losses[0].mean(axis=1)) ** (1 / span)).reshape(shape[1:])
            typical[i] = np.exp(np.log(losses[1] / losses[0]).mean(axis=1) / span).reshape(shape[1:])
        edges[i] = exact_edge(features, etas, radius, batch, sizes)
        exact[i] = growth_rates(features, scaled, ascent, batch).reshape(shape[1:])
        printed[i] = printed_rate(h, eta, radius, gamma, batch).reshape(shape[1:])
        progress((i + 1) / len(RULES))
    dims = ("rule", "h", "eta")
    return xr.Dataset(
        {
            "simulated": (dims, simulated, {"long_name": "growth of the mean loss per step, simulated", "units": "1"}),
            "typical": (dims, typical, {"long_name": "growth of the loss of a typical run per step", "units": "1"}),
            "exact": (dims, exact, {"long_name": "growth of E L per step, exact", "units": "1"}),
            "edge": (("rule", "eta"), edges, {"long_name": "||H||_F above which E L grows, exact", "units": "1"}),
            "printed": (dims, printed, {"long_name": "C of Corollary 4.2", "units": "1"}),
        },
        coords={
            "rule": list(RULES),
            "h": ("h", sizes, {"long_name": "||H||_F", "units": "1"}),
            "eta": ("eta", etas, {"long_name": "learning rate", "units": "1"}),
        },
        attrs={"gamma": gamma, "rho": rho, "batch": batch, "span": last - first},
    )


def exact_edge(features: np.ndarray, eta: np.ndarray, rho: float, batch: int, sizes: np.ndarray) -> np.ndarray:
    """The ||H||_F at which E L neither grows nor falls, by bisection within the range of `sizes`; NaN outside it."""
    h_0 = np.linalg.norm(features.T @ features / len(features))
    low, high = np.full(eta.size, np.log(sizes[0])), np.full(eta.size, np.log(sizes[-1]))

    def grows(log_h: np.ndarray) -> np.ndarray:
        share = np.exp(log_h) / h_0
        return growth_rates(features, eta * share, rho * share, batch) > 1

    inside = ~grows(low) & grows(high)
    for _ in range(16):  # to 1e-4 of ||H||_F
        middle = (low + high) / 2
        above = grows(middle)
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.where(inside, np.exp((low + high) / 2), np.nan)


def edge(rates: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """The smallest ||H||_F from which on the rate is above 1, between grid points in log-log; NaN without one.

    Args:
        rates: Shape (h, eta).
        sizes: Shape (h,).
    """
    found = np.full(rates.shape[1], np.nan)
    for j, column in enumerate(np.log(np.maximum(rates, 1e-300)).T):
        above = column > 0
        if above.any() and not above.all():
            k = len(above) - int(np.argmin(above[::-1])) if above[-1] else len(above)
            if 0 < k < len(above):
                part = -column[k - 1] / (column[k] - column[k - 1])
                found[j] = sizes[k - 1] * (sizes[k] / sizes[k - 1]) ** part
    return found


def bound(eta: np.ndarray, rho: float, gamma: float, batch: int) -> np.ndarray:
    """The largest ||H||_F that Table 2 allows at these learning rates."""
    share = gamma / batch
    if rho == 0:
        return 1 / (eta * np.sqrt(share))
    return np.sqrt((np.sqrt(1 + 4 * rho**2 / eta**2) - 1) / (2 * rho**2 * share))


def check(data: "xr.Dataset") -> list[Check]:
    """Theorem 4.1, Corollary 4.2 and Table 2, on every setting of the grid."""
    eta, sizes, gamma = data["eta"].values, data["h"].values, data.attrs["gamma"]
    edges = {("exact", name): data["edge"].sel(rule=name).values for name in RULES}
    edges |= {("simulated", name): edge(data["simulated"].sel(rule=name).values, sizes) for name in RULES}
    radii = {"gd": 0.0, "usam_independent": data.attrs["rho"]}
    bounds = {name: bound(eta, radii[name], gamma, data.attrs["batch"]) for name in RULES}
    unstable = data["printed"] > 1
    least = {name: float((data["exact"] / data["printed"]).where(unstable).sel(rule=name).min()) for name in RULES}
    stays = {what: int((unstable & (data[what] <= 1)).sum()) for what in ("exact", "simulated")}
    lower = {what: edges[what, "usam_independent"] / edges[what, "gd"] for what in ("exact", "simulated")}
    ratio = {name: bounds[name] / edges["exact", name] for name in RULES}
    return [
        judge(
            "Theorem 4.1: a linearly stable minimum satisfies the bound of Table 2.",
            {f"nothing beyond it stays, {what}": count == 0 for what, count in stays.items()},
            {
                "settings beyond the bound": int(unstable.sum()),
                **{f"of these, mean loss does not grow, {what}": count for what, count in stays.items()},
            },
            "A mean over few heavy-tailed runs falls short of E L; the exact rate decides.",
        ),
        judge(
            "Corollary 4.2: beyond the bound E L grows at least as C^t.",
            {RULES[name]: value >= 1 for name, value in least.items()},
            {f"smallest exact growth per step over C, {RULES[name]}": value for name, value in least.items()},
            "At some setting the growth per step is below the printed C.",
        ),
        judge(
            "Table 2: SAM's condition is stricter than SGD's, so that it selects flatter minima.",
            {
                f"edge of SAM below that of SGD at every eta, {what}": bool(np.nanmax(r) < 1)
                for what, r in lower.items()
            },
            {
                f"edge of SAM over that of SGD, {which}, {what}": float(pick(r))
                for what, r in lower.items()
                for which, pick in (("smallest", np.nanmin), ("largest", np.nanmax))
            },
            "At some learning rate SAM stays at minima as sharp as SGD does.",
        ),
        judge(
            "The bound for SGD is nearly tight (Wu et al., 2022).",
            {"exact edge within a factor of 1.5 of the bound": float(np.nanmax(ratio["gd"])) < 1.5},
            {
                "gamma": gamma,
                **{
                    f"bound over exact edge, {which}, {RULES[n]}": float(pick(r))
                    for n, r in ratio.items()
                    for which, pick in (("smallest", np.nanmin), ("largest", np.nanmax))
                },
            },
            "The proof drops the mean step, (I - eta G)^2 >= 0, and takes the least alignment over all points, so that "
            f"minima are left already at an ||H||_F {np.nanmin(ratio['gd']):.2g} times (SGD) and "
            f"{np.nanmin(ratio['usam_independent']):.2g} to {np.nanmax(ratio['usam_independent']):.2g} times (SAM) "
            "smaller than the bound.",
        ),
    ]


def draw(data: "xr.Dataset") -> "Figure":
    """One panel per rule: simulated growth as a heat map, with the bound and the exact edge."""
    from .style import figure

    fig, axes = figure(columns=2, aspect=0.46, cols=2, sharey=True)
    eta, sizes = data["eta"].values, data["h"].values
    radii = {"gd": 0.0, "usam_independent": data.attrs["rho"]}
    images, handles = [], []
    for ax, name, letter in zip(axes, RULES, "ab", strict=True):
        rates = data.sel(rule=name)
        logs = np.log10(np.clip(rates["simulated"].values, 1e-2, 1e2))
        images.append(ax.pcolormesh(eta, sizes, logs, cmap="RdBu_r", vmin=-0.6, vmax=0.6, shading="nearest"))
        limit = bound(eta, radii[name], data.attrs["gamma"], data.attrs["batch"])
        handles = [
            *ax.plot(eta, rates["edge"], color="black", label="exact edge of $\\mathrm{E}L$"),
            *ax.plot(
                eta, edge(rates["typical"].values, sizes), color="black", linestyle=":", label="typical runs' edge"
            ),
            *ax.plot(eta, limit, color="black", linestyle="--", label="bound of Table 2"),
        ]
        if name != "gd":
            other = bound(eta, 0.0, data.attrs["gamma"], data.attrs["batch"])
            handles += ax.plot(eta, other, color="#777777", linestyle="--", linewidth=0.8, label="SGD's bound")
        ax.set(xscale="log", yscale="log", xlim=(eta[0], eta[-1]), ylim=(sizes[0], sizes[-1]))
        ax.set_xlabel(r"learning rate $\eta$")
        ax.set_title("(a) SGD" if name == "gd" else rf"({letter}) SAM, $\rho={data.attrs['rho']:g}$")
    axes[0].set_ylabel(r"$\|H\|_F$")
    bar = fig.colorbar(images[0], ax=axes, extend="both", pad=0.01)
    bar.set_label("growth of the mean loss per step, simulated")
    ticks = (0.3, 0.5, 1, 2, 3)
    bar.set_ticks([float(np.log10(t)) for t in ticks], labels=[f"{t:g}" for t in ticks])
    fig.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    return fig


FIGURE = PaperFigure(
    name="zhou2025-table2",
    title="SAM leaves minima at which SGD stays; Table 2's bounds hold, and are far from the edges",
    caption="A linear model with {n} examples in {d} dimensions that fits its data, scaled to every ||H||_F, batches "
    "of {batch} drawn with replacement, which Eq. 8 needs (without, the noise has a factor (n - B)/(n - 1)). Colours: "
    "growth per step of the mean loss of {seeds} runs from step {burn} to step {steps}. Black: where the exact growth "
    "of E L is 1 (spectral radius of the second moments' map). Dotted: where the loss of a typical run neither grows "
    "nor falls (mean of its logarithm). Dashed: Table 2, with the least gamma of Assumption 4.1, computed exactly.",
    parameters={
        "eta": Parameter((0.05, 2.0, 20), "ours", "low, high, number, log-spaced"),
        "h": Parameter((0.1, 60.0, 24), "ours", "||H||_F: low, high, number, log-spaced"),
        "rho": Parameter(0.5, "ours"),
        "batch": Parameter(1, "ours"),
        "n": Parameter(10, "ours"),
        "d": Parameter(20, "ours"),
        "burn": Parameter(5, "ours", "steps before the growth is read off"),
        "steps": Parameter(20, "ours"),
        "seeds": Parameter(128, "ours"),
        "seed": Parameter(0, "ours", "of the data, the starts and the batches"),
    },
    budgets={
        "quick": {"eta": (0.05, 2.0, 12), "h": (0.1, 60.0, 14), "seeds": 64},
        "full": {"eta": (0.05, 2.0, 32), "h": (0.1, 60.0, 40), "seeds": 512},
    },
    compute=compute,
    check=check,
    draw=draw,
    depends=("counted_runs", "second_moment"),
)

if __name__ == "__main__":
    run_alone(FIGURE)
