"""Which start on Lucchi's quartic leads where: basins of GD, SAM and StableSAM (beyond Tan et al. 2024, Figure 4).

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
    """Basin maps, one for every rule and learning rate, on dims (rule, eta, y, x); attractors numbered over all."""
    import xarray as xr

    from ..dynamics.basins import basin_map
    from ..dynamics.methods import make_rule
    from ..dynamics.outcome_codes import MEANINGS
    from ..landscapes.lucchi import LUCCHI

    rules, etas = list(settings["rules"]), list(settings["eta"])
    maps = []
    for rule in rules:
        for eta in etas:
            made = make_rule(rule, eta) if rule == "gd" else make_rule(rule, eta, rho=settings["rho"])
            maps.append(basin_map(LUCCHI, made, settings["grid"], settings["window"], settings["steps"]))
            progress(len(maps) / (len(rules) * len(etas)))
    grid = ("rule", "eta", "y", "x")
    shape = (len(rules), len(etas), settings["grid"], settings["grid"])
    single = ("basin_entropy", "uncertainty_exponent", "uncertainty_exponent_error")
    kinds = [str(kind) for kind in maps[0]["point_kind"].values]
    return xr.Dataset(
        {
            **{
                name: (grid, np.stack([m[name].values for m in maps]).reshape(shape), maps[0][name].attrs)
                for name in ("outcome", "target")
            },
            **{
                name: (
                    ("rule", "eta"),
                    np.array([float(m[name]) for m in maps]).reshape(shape[:2]),
                    maps[0][name].attrs,
                )
                for name in single
            },
        },
        coords={
            "rule": rules,
            "eta": ("eta", etas, {"long_name": "learning rate", "units": "1"}),
            "y": maps[0]["y"].values,
            "x": maps[0]["x"].values,
            "point_kind": ("point", kinds),
            "point_w": (("point", "coordinate"), maps[0]["point_w"].values),
            "meaning": ("outcome_kind", list(MEANINGS)),
        },
    )


def shares(data: "xr.Dataset") -> "dict[str, xr.DataArray]":
    """The share of starts with each outcome, by its name, dims (rule, eta)."""
    return {str(name): (data["outcome"] == code).mean(("y", "x")) for code, name in enumerate(data["meaning"].values)}


def check(data: "xr.Dataset") -> list[Check]:
    """What Section 5.1 says of the three rules, as areas of basins."""
    by = shares(data)
    sam, stable = (str(name) for name in data["rule"].values[1:])
    etas = [float(eta) for eta in data["eta"].values]

    def at(kind: str, rule: str, k: int) -> float:
        return float(by[kind].sel(rule=rule).isel(eta=k))

    last = len(etas) - 1
    minima = {rule: [at("minimum", rule, k) for k in range(len(etas))] for rule in ("gd", sam, stable)}
    numbers = {
        f"area that leads to a minimum, {rule}, eta = {eta:g}": value
        for rule, values in minima.items()
        for eta, value in zip(etas, values)
    }
    lost = {k: float(v.sel(rule=sam).isel(eta=last)) for k, v in by.items() if k != "minimum"}
    ends = ", ".join(f"{100 * v:.3g} % {k}" for k, v in lost.items() if v > 0)
    return [
        judge(
            "Gradient descent always achieves the highest rate of successful training.",
            {
                f"{rule}, eta = {eta:g}": minima["gd"][k] >= minima[rule][k]
                for rule in (sam, stable)
                for k, eta in enumerate(etas)
            },
            numbers,
            "The areas from which a minimum is reached, run to their end, are given for every rule and rate.",
        ),
        judge(
            "For large learning rates the possibility of failure drastically increases with SAM, and StableSAM "
            "remedies this to a large extent.",
            {
                f"most starts of {sam} fail at eta = {etas[last]:g}": minima[sam][last] < 0.5,
                f"{stable} saves most of these": minima[stable][last] - minima[sam][last] > (1 - minima[sam][last]) / 2,
            },
            {f"{sam} at eta = {etas[last]:g}: {kind}": value for kind, value in lost.items()},
            f"Of the starts of {sam} at the largest rate, {100 * minima[sam][last]:.3g} % lead to a minimum, {ends}; "
            f"of those of {stable} {100 * minima[stable][last]:.3g} % lead to a minimum.",
        ),
    ]


def draw(data: "xr.Dataset") -> "Figure":
    """Rules by rows, learning rates by columns; the shares of starts stand above every map."""
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    from .style import figure, outcome_look, rule_label

    rules, etas, names = ([*data[name].values] for name in ("rule", "eta", "meaning"))
    kinds, places = data["point_kind"].values, data["point_w"].values
    minima = list(np.flatnonzero(kinds == "minimum"))
    looks = [outcome_look(f"minimum {k + 1}") for k in range(len(minima))] + [outcome_look(n) for n in names[1:]]
    labels = [f"minimum ({', '.join(f'{x:.3g}' for x in places[row])})".replace("-", "−") for row in minima] + names[1:]
    code = data["outcome"].values + len(minima) - 1
    for k, row in enumerate(minima):
        code = np.where((data["outcome"].values == 0) & (data["target"].values == row), k, code)
    colors = ListedColormap([look.color for look in looks])
    fig, axes = figure(
        2, 1.04, rows=len(rules), cols=len(etas), sharex=True, sharey=True, squeeze=False,
    )  # fmt: skip
    x, y = data["x"].values, data["y"].values
    half = (x[1] - x[0]) / 2
    extent = (x[0] - half, x[-1] + half, y[0] - half, y[-1] + half)
    for i, j in np.ndindex(axes.shape):
        ax = axes[i, j]
        ax.imshow(
            code[i, j], origin="lower", extent=extent, cmap=colors, vmin=-0.5, vmax=len(looks) - 0.5,
            interpolation="nearest", aspect="equal",
        )  # fmt: skip
        for kind, marker in (("minimum", "+"), ("saddle", "x")):
            ax.plot(*places[kinds == kind].T, marker, color="white", markersize=7, markeredgewidth=2.2, linestyle="")
            ax.plot(*places[kinds == kind].T, marker, color="black", markersize=6, markeredgewidth=1.0, linestyle="")
        won = 100 * float((data["outcome"].values[i, j] == 0).mean())
        eta = f"$\\eta = {etas[j]:.3g}$: " if i == 0 else ""
        ax.set_title(f"{eta}{won:.3g} % to a minimum", loc="center")
    for ax, rule in zip(axes[:, -1], rules):
        ax.annotate(
            rule_label(rule), (1, 0.5), (4, 0), xycoords="axes fraction", textcoords="offset points", rotation=270,
            va="center", ha="left", fontweight="bold",
        )  # fmt: skip
    for ax in axes[:, 0]:
        ax.set_ylabel("$y$ of the start")
    for ax in axes[-1]:
        ax.set_xlabel("$x$ of the start")
    present = [k for k in range(len(looks)) if (code == k).any()]
    patches = [Patch(facecolor=looks[k].color, label=str(labels[k])) for k in present]
    fig.legend(handles=patches, loc="outside lower center", ncols=len(patches))
    return fig


FIGURE = PaperFigure(
    name="tan2024-basins",
    title="From which starts each rule reaches a minimum of Lucchi's quartic, and where the others end",
    caption="Starts on a grid of {grid} × {grid} cells over [-2, 2]², radius {rho}, each run for up to {steps} steps. "
    "+ minima, × saddle.",
    parameters={
        "window": Parameter(((-2.0, 2.0), (-2.0, 2.0)), "paper"),
        "rules": Parameter(
            ("gd", "sam", "stable_sam"), "paper", "ascent along the normalised gradient, as in the text"
        ),
        "rho": Parameter(0.2, "ours", "the middle one of tan2024-fig4"),
        "eta": Parameter((0.01, 0.1, 0.3), "ours", "within the paper's range; the last is its largest"),
        "grid": Parameter(300, "ours"),
        "steps": Parameter(20_000, "ours", "until hardly a start is undecided"),
    },
    variants={
        "code": {"rules": Parameter(("gd", "usam", "stable_usam"), "code", "the public code does not normalise")},
    },
    budgets={"quick": {"grid": 100}, "full": {"grid": 600}},
    compute=compute,
    check=check,
    draw=draw,
    reproduced=("paper", "code"),
)

if __name__ == "__main__":
    run_alone(FIGURE)
