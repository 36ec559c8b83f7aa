"""A ReLU network with one input: SAM finds simpler functions, and the same ones (Andriushchenko and Flammarion 2022).

The statistics of a function f between the least and the largest input:

    slope variation   the integral of |f''|; least possible for a function through the points: that of straight lines
    slope changes     how many hundredths of the interval f bends in, by more than 1
    active units      (sum_j s_j)^2 / sum_j s_j^2,   s_j = |c_j| sqrt(a_j^2 + b_j^2)
    spread            root mean square over x of the standard deviation over the seeds

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Section 4.3, Figure 7.
        https://github.com/tml-epfl/understanding-sam, one_layer_relu_nets
"""

from typing import TYPE_CHECKING, Any

import jax.numpy as jnp
import numpy as np

from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

RULES = ("gd", "sam")
GRID = 331
"""Points between the least and the largest input: thirty from one input to the next."""
BEND = 1.0
"""Changes of slope that count; the bends of the straight lines through the points are 6 and more."""
MISS = 0.5
"""Half the least difference of two neighbours' targets: closer than this, a value belongs to its own point."""
STATISTICS = {
    "slope_variation": "slope variation",
    "slope_changes": "slope changes",
    "path_norm": "path norm",
    "active_units": "active units",
}


def _slope_variation(landscape: Any, w: Any) -> Any:
    return landscape.slope_variation(w)


def _slope_changes(landscape: Any, w: Any) -> Any:
    return landscape.slope_changes(w, BEND)


def _path_norm(landscape: Any, w: Any) -> Any:
    return landscape.path_norm(w)


def _active_units(landscape: Any, w: Any) -> Any:
    a, b, c = landscape.layers(w)
    size = jnp.abs(c) * jnp.hypot(a, b)
    return jnp.sum(size) ** 2 / jnp.sum(size**2)


def _function(landscape: Any, w: Any) -> Any:
    return landscape.predict(w, jnp.linspace(landscape.x[0], landscape.x[-1], GRID).astype(w.dtype))


def _outputs(landscape: Any, w: Any) -> Any:
    return landscape.predict(w, landscape.x.astype(w.dtype))


EXTRA = {
    "slope_variation": _slope_variation, "slope_changes": _slope_changes, "path_norm": _path_norm,
    "active_units": _active_units, "function": _function, "outputs": _outputs,
}  # fmt: skip


def falling_rate(eta: Any, steps: Any) -> Any:
    """Plain descent at a rate that falls along a line from `eta` to zero at the last of `steps` steps."""
    import optax

    return optax.sgd(lambda count: eta * (1 - (count + 1) / steps))


def rule_of(name: str, settings: Settings, steps: int) -> Any:
    """Gradient descent, or SAM, at a falling rate if it `decays`."""
    from ..dynamics.base import Optax
    from ..dynamics.methods import make_rule

    eta, rho = settings["eta"], settings["rho"]
    if name == "gd":
        return make_rule("gd", eta)
    if not settings["decay"]:
        return make_rule("sam", eta, rho=rho)
    return make_rule("sam", base=Optax(falling_rate, {"eta": eta, "steps": float(steps)}), rho=rho)


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """The statistics along the runs, what the networks compute at their ends, and the same with half the budget."""
    import xarray as xr

    from ..dynamics.trajectories import trajectories
    from ..landscapes.relu_network import relu_network

    network, steps, records = relu_network(settings["units"]), settings["steps"], settings["records"]
    starts = np.stack([np.asarray(network.start(seed)) for seed in settings["seeds"]])

    def run(name: str, length: int) -> Any:
        return trajectories(
            network, rule_of(name, settings, length), starts, length,
            record=length // records, observables=("full_loss",), extra=EXTRA,
        )  # fmt: skip

    plain = run("gd", steps)
    progress(0.3)
    sharp = run("sam", steps)
    progress(0.75)
    shorter = run("sam", steps // 2)
    at = plain["step"]
    half = int(np.searchsorted(at, steps // 2))  # a constant rate: the shorter run is the first half of the longer

    def both(name: str) -> np.ndarray:
        return np.stack([plain[name], sharp[name]])

    def halved(name: str) -> np.ndarray:
        return np.stack([plain[name][:, half], shorter[name][:, -1]])

    def spread(functions: np.ndarray) -> np.ndarray:
        """Over the seeds: axes (rule, start, ..., x) to (rule, ...)."""
        return np.sqrt(functions.var(axis=1, ddof=1).mean(axis=-1))

    functions, x = both("function"), np.asarray(network.x)
    lines = np.abs(np.diff(np.diff(network.y) / np.diff(x))).sum()
    along, ends = ("rule", "seed", "step"), ("rule", "seed")
    variables: dict[str, Any] = {name: (along, both(name), {"long_name": text}) for name, text in STATISTICS.items()}
    variables |= {f"{name}_half": (ends, halved(name), {"long_name": STATISTICS[name]}) for name in STATISTICS}
    return xr.Dataset(
        {
            **variables,
            "loss": (along, both("full_loss"), {"long_name": "loss"}),
            "spread": (("rule", "step"), spread(functions), {"long_name": "spread over the seeds"}),
            "spread_half": ("rule", spread(halved("function"))),
            "function": (("rule", "seed", "x"), functions[:, :, -1], {"long_name": "output of the network"}),
            "residual": (("rule", "seed", "input"), both("outputs")[:, :, -1] - np.asarray(network.y)),
            "target": ("input", np.asarray(network.y)),
            "least_variation": ((), lines, {"long_name": "slope variation of straight lines through the points"}),
        },
        coords={
            "rule": list(RULES), "seed": list(settings["seeds"]), "step": at, "input": x,
            "x": np.linspace(x[0], x[-1], GRID),
        },
        attrs={"units": settings["units"]},
    )  # fmt: skip


def check(data: "xr.Dataset") -> list[Check]:
    """What Section 4.3 says of the figure, and whether the budget matters."""
    last, steps = data.isel(step=-1), int(data["step"][-1])
    shorter = {f"mean {text} of SAM": float(data[f"{name}_half"][1].mean()) for name, text in STATISTICS.items()}
    ends = {name: {rule: last[name].sel(rule=rule).values for rule in RULES} for name in STATISTICS}
    below = {text: bool(ends[name]["sam"].max() < ends[name]["gd"].min()) for name, text in STATISTICS.items()}
    means = {
        f"{text}, {label} (mean, least, largest of the seeds)": [
            float(f(ends[name][rule])) for f in (np.mean, np.min, np.max)
        ]
        for name, text in STATISTICS.items()
        for rule, label in zip(RULES, ("ERM", "SAM"))
    }  # fmt: skip
    missed = {rule: float(abs(data["residual"].sel(rule=rule)).max()) for rule in RULES}
    apart = {rule: _distances(data["function"].sel(rule=rule).values) for rule in RULES}
    spread = {rule: float(last["spread"].sel(rule=rule)) for rule in RULES}
    moved = {}
    for name, text in STATISTICS.items():
        move, gap = last[name] - data[f"{name}_half"], last[name].mean("seed").diff("rule")
        moved[text] = float(abs(move).mean("seed").max() / abs(gap)[0])
    moved["spread"] = float(abs(last["spread"] - data["spread_half"]).max() / abs(spread["gd"] - spread["sam"]))
    return [
        judge(
            "SAM leads to simpler interpolations of the data points than ERM.",
            {
                **{f"{name}: every seed of SAM below every seed of ERM": below[name] for name in list(below)[:3]},
                "both pass the points": max(missed.values()) < MISS,
            },
            {
                **{name: values for name, values in means.items() if "active" not in name},
                "least possible slope variation of a function through the points": float(data["least_variation"]),
                **{f"farthest from a point, {rule}": missed[rule] for rule in RULES},
            },
            f"SAM misses a point by up to {missed['sam']:.2f}, ERM by up to {missed['gd']:.2f}.",
        ),
        judge(
            "SAM is much more stable over random initializations.",
            {
                "any two seeds of SAM are closer to each other than any two of ERM": bool(
                    apart["sam"].max() < apart["gd"].min()
                ),
                "less than half the spread": spread["sam"] < spread["gd"] / 2,
            },
            {
                **{f"spread, {rule}": spread[rule] for rule in RULES},
                "largest distance of two seeds, SAM": float(apart["sam"].max()),
                "smallest distance of two seeds, ERM": float(apart["gd"].min()),
            },
            "The pairs' root mean square distances overlap.",
        ),
        judge(
            "SAM seems to be biased toward a sparse combination of ReLUs.",
            {"active units: every seed of SAM below every seed of ERM": below["active units"]},
            {
                **{name: values for name, values in means.items() if "active" in name},
                "at the start (mean)": float(data["active_units"].isel(step=0).mean()),
                "hidden units": data.attrs["units"],
            },
            "The numbers of active units overlap.",
        ),
        judge(
            "(Ours) The statistics are those of a long run: with half the budget they are the same.",
            {f"{text}: moves by less than a tenth of what tells the rules apart": m < 0.1 for text, m in moved.items()},
            {
                "steps": steps,
                **{f"{text}: move over the distance of the rules": m for text, m in moved.items()},
                **{f"{text} with half the steps": value for text, value in shorter.items()},
                "spread of SAM with half the steps": float(data["spread_half"][1]),
            },
            "SAM goes on simplifying the function with more steps.",
        ),
    ]  # fmt: skip


def _distances(functions: np.ndarray) -> np.ndarray:
    """Root mean square distances of all pairs, from (seed, x)."""
    first, second = np.triu_indices(len(functions), 1)
    return np.sqrt(((functions[first] - functions[second]) ** 2).mean(axis=1))


def draw(data: "xr.Dataset") -> "Figure":
    """The functions that both rules learn, above; their statistics along the runs, below."""
    from .style import figure, rule_look

    fig, axes = figure(columns=2, aspect=0.68, rows=2, cols=6, height_ratios=(1.25, 1))
    grid = axes[0, 0].get_gridspec()
    for ax in axes.ravel():
        ax.remove()
    left = fig.add_subplot(grid[0, :3])
    tops = (left, fig.add_subplot(grid[0, 3:], sharey=left))
    handles: list[Any] = []
    titles = ("(a) ERM: many bends, other ones in each run", "(b) SAM: nearly straight from point to point")
    for ax, rule, title in zip(tops, RULES, titles):
        look = rule_look(rule)
        lines = ax.plot(data["x"], data["function"].sel(rule=rule).T, color=look.color, linewidth=0.8, alpha=0.75)
        points = ax.plot(data["input"], data["target"], "o", color="#EBA51C", markersize=4, zorder=3)
        handles += [lines[0], points[0]]
        ax.set_title(title)
        ax.set_xlabel("input $x$")
        label = "ERM" if rule == "gd" else "SAM"
        lines[0].set_label(f"{label}, {data.sizes['seed']} random starts")
    handles[1].set_label("training points")
    low, high = float(data["target"].min()), float(data["target"].max())
    left.set(ylabel="output $f(x)$", ylim=(low - 1, high + 1))
    tops[1].tick_params(labelleft=False)
    panels = (
        ("slope_variation", r"(c) slope variation $\int|f''|$", "in units of $y$ per $x$", (50, 100, 200, 500)),
        ("active_units", "(d) active hidden units", "number", (10, 20, 50, 100)),
        ("spread", "(e) spread over the starts", "in units of $y$", (0.1, 0.2, 0.5, 1, 2)),
    )
    shown = data.isel(step=slice(1, None))
    for place, (name, title, unit, ticks) in enumerate(panels):
        ax = fig.add_subplot(grid[1, 2 * place : 2 * place + 2])
        for rule in RULES:
            curve = shown[name].sel(rule=rule).values
            ax.loglog(shown["step"], curve.T, color=rule_look(rule).color, linewidth=0.9)
        ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
        ax.set_yticks([], minor=True)
        ax.set(title=title, xlabel="step", ylabel=unit)
        if name == "slope_variation":
            least = {"color": "#777777", "linewidth": 0.9, "linestyle": ":", "label": "straight lines"}
            handles.append(ax.axhline(float(data["least_variation"]), **least))
    fig.legend(handles=[handles[0], handles[2], handles[1], handles[4]], loc="outside lower center", ncols=4)
    return fig


FIGURE = PaperFigure(
    name="andriushchenko2022-fig7",
    title="A one-dimensional ReLU network: SAM learns simpler functions, and nearly the same from every start",
    caption="Twelve points fitted by {units} hidden ReLUs, by gradient descent and by SAM with radius {rho}, from "
    "{seeds} random starts, {steps} steps each at learning rate {eta}; (a, b) the functions at the end, (c-e) their "
    "complexity along the runs. Dotted: no function through the points has less slope variation than straight lines.",
    parameters={
        "units": Parameter(100, "paper"),
        "seeds": Parameter((0, 1, 2, 3, 4), "paper", "five; the draws are NumPy's, the authors' were PyTorch's"),
        "eta": Parameter(5e-5, "code"),
        "rho": Parameter(0.3, "code", "ascent along the normalised gradient"),
        "decay": Parameter(True, "code", "SAM's learning rate falls along a line to 0; that of ERM is constant"),
        "steps": Parameter(500_000, "ours", "the authors' code: 1,000,000, or for ERM until the loss is 1e-5"),
        "records": Parameter(200, "ours"),
    },
    variants={"constant": {"decay": Parameter(False, "ours", "both at a constant learning rate")}},
    budgets={"quick": {"steps": 25_000, "records": 50}, "full": {"steps": 1_000_000}},
    compute=compute,
    check=check,
    draw=draw,
)

if __name__ == "__main__":
    run_alone(FIGURE)
