"""How often the threshold policy asks for SAM, against its two thresholds (Jiang et al. 2023, Figure 5).

References:
    [1] Jiang, Yang, Zhang, Kwok (2023). An adaptive policy to employ sharpness-aware minimization. ICLR.
        Algorithm 1, Equations (3)-(5), Section 4.4.
"""

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

SETS = {
    "normal": "i.i.d. normal",
    "one_neuron": "one neuron",
    "tanh_tanh_sum": "tanh–tanh",
    "least_squares": "least squares",
    "logistic_regression": "logistic regr.",
}
"""What the policy is run on: a stream of numbers, and landscapes that are finite sums."""


TIE = (
    "There the smallest reduction is within two standard errors over the seeds. It is 0 where ||g||^2 spreads so far "
    "that no value lies one or two deviations below the average: between such thresholds nothing changes."
)


def decide(shared: Any, carry: Any, policy: Any, t: Any) -> Any:
    """One decision of the policy on a normal squared norm; counts the steps that perturb."""
    import jax

    seed, mean, deviation = shared
    state, own, count = carry
    draw = jax.random.normal(jax.random.fold_in(jax.random.fold_in(jax.random.key(seed), own), t), dtype=mean.dtype)
    perturbed, state = policy.decide(state, mean + deviation * draw, None)
    return state, own, count + perturbed


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Share of SAM steps, dims (on, pair, seed), of all pairs lambda_1 <= lambda_2."""
    import jax
    import jax.numpy as jnp
    import xarray as xr

    from ..dynamics.engine import advance
    from ..dynamics.methods import make_rule
    from ..landscapes import get_landscape
    from .counted_runs import counted_runs

    values = sorted(settings["lambdas"])
    pairs = np.array([(low, high) for high in values for low in values if low <= high], float)
    first, last = pairs[:, 1], pairs[:, 0]
    steps, seeds = settings["steps"], settings["seeds"]
    names = ["normal", *settings["landscapes"]]
    share = np.empty((len(names), len(pairs), seeds))

    policy = make_rule("ae_sam", np.ones(len(pairs)), rho=0.0, lambda_1=last, lambda_2=first, horizon=steps).policy
    policy = jax.tree.map(lambda x: np.repeat(np.broadcast_to(x, len(pairs)), seeds), policy)
    state = jax.tree.map(np.asarray, jax.vmap(lambda p: p.init(jnp.float64))(policy))
    own = np.tile(np.arange(seeds, dtype=np.int32), len(pairs))
    carry = (state, own, np.zeros(own.shape, np.int32))
    shared = (np.int32(settings["seed"]), jnp.asarray(settings["normal"][0]), jnp.asarray(settings["normal"][1]))
    share[0] = advance(decide, shared, carry, policy, 0, steps)[2].reshape(len(pairs), seeds) / steps

    for k, name in enumerate(names[1:], start=1):
        progress(k / len(names))
        options, eta, rho, low, high = settings["landscapes"][name]
        landscape = get_landscape(name, **options)
        rule = make_rule(
            "ae_sam", eta, rho=rho, lambda_1=np.repeat(last, seeds), lambda_2=np.repeat(first, seeds), horizon=steps
        )
        starts = np.random.default_rng(settings["seed"]).uniform(low, high, (seeds, len(low)))
        runs = counted_runs(
            landscape, rule, np.tile(starts, (len(pairs), 1)), own, [steps],
            batch=settings["batch"], seed=settings["seed"],
        )  # fmt: skip
        ((_, _, count),) = runs
        share[k] = count.reshape(len(pairs), seeds) / steps
    return xr.Dataset(
        {"share": (("on", "pair", "seed"), share, {"long_name": "share of SAM steps", "units": "1"})},
        coords={
            "on": names,
            "lambda_1": ("pair", last, {"long_name": "threshold at the last step", "units": "1"}),
            "lambda_2": ("pair", first, {"long_name": "threshold at the first step", "units": "1"}),
        },
    )


def check(data: "xr.Dataset") -> list[Check]:
    """What Sections 4.1, 4.3 and 4.4 say of the share of SAM steps."""
    names = [str(name) for name in data["on"].values]
    last, first = data["lambda_1"].values, data["lambda_2"].values
    share = {name: data["share"].sel(on=name).values for name in names}

    def at(low: float, high: float) -> dict[str, tuple[float, float]]:
        """Share of SAM steps at a pair, and twice its standard error, on each set."""
        (here,) = np.flatnonzero((last == low) & (first == high))
        return {n: (float(v[here].mean()), _two_errors(v[here])) for n, v in share.items()}

    def reductions(fixed: np.ndarray, varied: np.ndarray) -> dict[str, list[float]]:
        """How much less there is at each next value of one threshold, in units of two standard errors."""
        found: dict[str, list[float]] = {name: [] for name in names}
        for name in names:
            for value in np.unique(fixed):
                rows = np.flatnonzero(fixed == value)
                rows = rows[np.argsort(varied[rows])]
                for a, b in itertools.pairwise(rows):
                    change = share[name][a] - share[name][b]
                    found[name].append(float(change.mean() / max(_two_errors(change), 1e-12)))
        return found

    half, fifth = at(-1, 1), at(0, 2)
    by_last, by_first = reductions(first, last), reductions(last, first)
    return [
        judge(
            "For a fixed lambda_2, increasing lambda_1 reduces the fraction of SAM updates.",
            {name: min(by_last[name]) > 1 for name in names},
            {f"smallest reduction over two standard errors, {name}": min(by_last[name]) for name in names},
            TIE,
        ),
        judge(
            "The same applies when lambda_2 increases.",
            {name: min(by_first[name]) > 1 for name in names},
            {f"smallest reduction over two standard errors, {name}": min(by_first[name]) for name in names},
            TIE,
        ),
        judge(
            "AE-SAM with lambda_1 = -1, lambda_2 = 1 uses about 50 % of SAM updates.",
            {name: abs(value - 0.5) < 0.05 + error for name, (value, error) in half.items()},
            {f"share, {name}": value for name, (value, _) in half.items()},
            "Where ||g||^2 is skewed, more than half of the values lie below their average: the shares are "
            + ", ".join(f"{100 * value:.0f} % ({name})" for name, (value, _) in half.items())
            + ".",
        ),
        judge(
            "AE-LookSAM with lambda_1 = 0, lambda_2 = 2 uses about 20 % of SAM updates.",
            {name: abs(value - 0.2) < 0.05 + error for name, (value, error) in fifth.items()},
            {f"share, {name}": value for name, (value, _) in fifth.items()},
            "Where ||g||^2 is skewed, fewer values lie far above their average, and where it dies out (tanh-tanh, "
            "whose examples share their minima) it is always below the average of larger ones before: the shares are "
            + ", ".join(f"{100 * value:.0f} % ({name})" for name, (value, _) in fifth.items())
            + ".",
        ),
    ]


def _two_errors(values: np.ndarray) -> float:
    """Twice the standard error of the mean."""
    return float(2 * values.std(ddof=1) / np.sqrt(len(values)))


def draw(data: "xr.Dataset") -> "Figure":
    """One panel per set: shares at all pairs, as a triangle of numbers."""
    from .style import figure

    names = data["on"].values
    fig, axes = figure(columns=2, aspect=0.3, cols=len(names), sharey=True, squeeze=False)
    values = np.unique(data["lambda_1"].values)
    places = np.arange(len(values))
    for ax, name, letter in zip(axes[0], names, "abcdefgh", strict=False):
        table = np.full((len(values), len(values)), np.nan)
        rows, columns = (np.searchsorted(values, data[which].values) for which in ("lambda_2", "lambda_1"))
        table[rows, columns] = 100 * data["share"].sel(on=name).mean("seed").values
        ax.imshow(table, origin="lower", cmap="Purples", vmin=0, vmax=100)
        for i, j in zip(rows, columns, strict=True):
            color = "white" if table[i, j] > 60 else "black"
            ax.text(j, i, f"{table[i, j]:.0f}", ha="center", va="center", fontsize=6.5, color=color)
        ax.set_xticks(places, [f"{v:g}" for v in values])
        ax.set_yticks(places, [f"{v:g}" for v in values])
        ax.set_xlabel(r"$\lambda_1$ (last step)")
        ax.set_title(f"({letter}) {SETS[str(name)]}")
    axes[0, 0].set_ylabel(r"$\lambda_2$ (first step)")
    fig.colorbar(axes[0, 0].images[0], ax=axes[0], label="% of steps with SAM", aspect=14, pad=0.01, shrink=0.75)
    return fig


FIGURE = PaperFigure(
    name="jiang2023-fig5-toy",
    title="The higher the thresholds, the fewer steps use SAM",
    caption="Share of SAM steps of AE-SAM in {steps} steps, mean over {seeds} seeds, for thresholds lambda_2 at the "
    "first and lambda_1 at the last step. (a) The policy on independent normal numbers in place of ||g||². (b)-(e) "
    "Stochastic landscapes, batches of {batch}. The paper trains ResNet-18.",
    parameters={
        "lambdas": Parameter((-2, -1, 0, 1, 2), "paper", "pairs with lambda_1 <= lambda_2"),
        "normal": Parameter((1.0, 0.1), "ours", "mean and deviation; the share depends on neither in the long run"),
        "landscapes": Parameter(
            {
                "one_neuron": ({}, 0.01, 0.05, (-0.1, 0.0), (0.1, 1.0)),
                "tanh_tanh_sum": ({}, 0.1, 0.1, (1.5, 0.5), (2.5, 1.0)),
                "least_squares": ({"n": 100, "d": 5, "noise": 1}, 0.01, 0.05, (-1.0,) * 5, (1.0,) * 5),
                "logistic_regression": ({"n": 100, "d": 5}, 0.05, 0.1, (-1.0,) * 5, (1.0,) * 5),
            },
            "ours",
            "arguments, eta, rho, lowest and highest start",
        ),
        "batch": Parameter(1, "ours"),
        "steps": Parameter(2000, "ours"),
        "seeds": Parameter(100, "ours"),
        "seed": Parameter(0, "ours"),
    },
    budgets={"quick": {"steps": 1000, "seeds": 24}, "full": {"steps": 10_000}},
    compute=compute,
    check=check,
    draw=draw,
    depends=("counted_runs",),
)

if __name__ == "__main__":
    run_alone(FIGURE)
