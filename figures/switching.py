"""A switching experiment as data and as a picture: gaps to full SAM and sharpness against the share of SAM.

    gap(direction, share, seed) = end of that branch - end of full SAM with the same seed
    share = epochs of SAM over all epochs:  (T - t)/T from SGD to SAM,  t/T from SAM to SGD

The form is that of Zhou et al. (2025), Figures 3 and 5. The data are one row per branch, whatever made them: the
figure of the digits and `samscape cifar figure` both come here.

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training. Figures 3
        and 5.
"""

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .paper_figure import Check, judge

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

DIRECTIONS = {"sgd->sam": ("SGD→SAM", "#D94202", "s"), "sam->sgd": ("SAM→SGD", "#1B36B0", "o")}
"""Direction -> its label, colour and marker."""
QUANTITIES: Mapping[str, tuple[str, str]] = {
    "test_loss": ("test loss", "1"),
    "test_error": ("test error", "1"),
    "sharpness": ("largest Hessian eigenvalue", "1"),
    "smallest": ("smallest Hessian eigenvalue", "1"),
}
ASIDE = 1.6
"""How far single seeds are drawn to the right of their mean, in percent of the epochs."""


class Points(NamedTuple):
    """One quantity of one direction: ascending shares, values of shape (seeds, shares), NaN where a run diverged."""

    shares: np.ndarray
    values: np.ndarray


def switching_data(rows: Iterable[Mapping[str, Any]], **attrs: Any) -> "xr.Dataset":
    """The branches' ends as a Dataset.

    Args:
        rows: One per branch: ``direction`` ("sgd", "sam", "sgd->sam" or "sam->sgd"), ``share`` of SAM, ``seed``,
            ``test_loss``, ``test_error`` (a share of 1), ``sharpness``, ``smallest``, ``diverged``.
        attrs: What else is to be known: the recipe, the normalisation of BatchNorm, ...
    Raises:
        ValueError: No full run of SGD or of SAM, or a branch twice.
    """
    import xarray as xr

    rows = sorted(rows, key=lambda row: (row["seed"], row["direction"], row["share"]))
    keys = [(row["direction"], round(row["share"], 9), row["seed"]) for row in rows]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(f"switching: the branch {twice[0]} is there twice; give each once")
    if missing := {"sgd", "sam"} - {row["direction"] for row in rows}:
        raise ValueError(f"switching: no run with {' or '.join(sorted(missing))} alone, which gaps are measured from")
    columns: dict[str, Any] = {
        name: ("branch", [float(row[name]) for row in rows], {"long_name": long, "units": units})
        for name, (long, units) in QUANTITIES.items()
    }
    columns["diverged"] = ("branch", [int(row["diverged"]) for row in rows])
    coords = {
        "direction": ("branch", [str(row["direction"]) for row in rows]),
        "share": ("branch", [float(row["share"]) for row in rows]),
        "seed": ("branch", [int(row["seed"]) for row in rows]),
    }
    return xr.Dataset(columns, coords=coords, attrs=attrs)


def rows_of(
    results: Iterable[Mapping[str, Any]], measured: Mapping[str, Mapping[str, Any] | None], label: str | None = None
) -> list[dict[str, Any]]:
    """Rows for `switching_data` from what `samscape cifar` left behind.

    Args:
        results: The contents of the runs' ``result.json``.
        measured: By run's id, what ``cifar.ends.curvature_of`` found; None or absent where nothing was measured.
        label: Of one network, where the experiment has several.
    Notes:
        A trunk that was only trained as far as its branches need it is no full run, and left out.
    """
    chosen = [result for result in results if label is None or result["label"] == label]
    longest = max((result["epochs"] for result in chosen), default=0)
    rows = []
    for result in chosen:
        if result["epochs"] == longest:
            ends = measured.get(result["id"]) or {}
            rows.append(
                {
                    "direction": result["direction"],
                    "share": result["share"],
                    "seed": result["seed"],
                    "test_loss": _number(result["test_loss"]),
                    "test_error": _number(result["test_error"]),
                    "sharpness": _number(ends.get("lambda_max")),
                    "smallest": _number(ends.get("lambda_min")),
                    "diverged": result["diverged"],
                }
            )
    return rows


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def points(data: "xr.Dataset", direction: str, quantity: str, gap: bool = False) -> Points:
    """A quantity against the share, the full runs of SGD and SAM included as shares 0 and 1.

    Args:
        data: From `switching_data`.
        direction: "sgd->sam" or "sam->sgd".
        quantity: A variable.
        gap: Whether to subtract the value of full SAM, seed by seed.
    """
    kind, share, seed = (data[name].values for name in ("direction", "share", "seed"))
    value = np.where(data["diverged"].values == 1, math.nan, data[quantity].values)
    seeds = sorted(set(seed.tolist()))
    shares = sorted({0.0, 1.0, *share[kind == direction].tolist()})
    table = np.full((len(seeds), len(shares)), math.nan)
    for row, number in enumerate(seeds):
        for column, part in enumerate(shares):
            name = {0.0: "sgd", 1.0: "sam"}.get(part, direction)
            found = value[(kind == name) & np.isclose(share, part, rtol=0, atol=1e-9) & (seed == number)]
            if found.size:
                table[row, column] = found[0]
    return Points(np.array(shares), table - table[:, -1:] if gap else table)


def sharpness_check(data: "xr.Dataset") -> Check:
    """SAM ends flatter than SGD: paired over seeds, with its statistics; what the switches show is only reported.

    Args:
        data: From `switching_data`, with two seeds or more.
    """
    from scipy.stats import binomtest, t

    ends = points(data, "sgd->sam", "sharpness").values[:, [0, -1]]
    ends = ends[np.isfinite(ends).all(axis=1)]
    numbers: dict[str, Any] = {"seeds": len(ends), "runs that diverged": int(data["diverged"].sum())}
    if len(ends) > 1:
        differences = np.log(ends[:, 1] / ends[:, 0])
        fewer = int((differences < 0).sum())
        error = max(float(differences.std(ddof=1)) / math.sqrt(len(ends)), 1e-12)  # equal pairs are surely different
        p_value = float(t.cdf(differences.mean() / error, len(ends) - 1))
        numbers |= {
            "SGD, mean": float(ends[:, 0].mean()),
            "SGD, standard deviation": float(ends[:, 0].std(ddof=1)),
            "SAM, mean": float(ends[:, 1].mean()),
            "SAM, standard deviation": float(ends[:, 1].std(ddof=1)),
            "SAM over SGD, geometric mean": float(np.exp(differences.mean())),
            "seeds with SAM flatter": fewer,
            "p of the sign test": float(binomtest(fewer, len(ends), alternative="greater").pvalue),
            "p of the paired t-test on logarithms": p_value,
        }
        conditions = {
            "SAM is flatter with every seed": fewer == len(ends),
            "p of the paired t-test < 0.01": p_value < 0.01,
        }
    else:
        conditions = {"there are pairs to compare": False}
    for direction in DIRECTIONS:
        for part, left in remaining(data, direction).items():
            numbers[f"{direction} at share {part:g}: part of the difference SGD - SAM that is left"] = left
    return judge(
        "SAM selects flatter minima than SGD.",
        conditions,
        numbers,
        "The numbers say how the ends lie; few seeds, short runs or runs that diverged leave it open.",
    )


def remaining(data: "xr.Dataset", direction: str) -> dict[float, float]:
    """What is left of the difference in sharpness between full SGD (1) and full SAM (0) at every share between."""
    shares, values = points(data, direction, "sharpness")
    values = values[np.isfinite(values).all(axis=1)]  # the same seeds at every share
    means = values.mean(axis=0) if len(values) else np.full(len(shares), math.nan)
    span = means[0] - means[-1]
    return {float(s): float((m - means[-1]) / span) for s, m in zip(shares[1:-1], means[1:-1], strict=True)}


def draw_switching(data: "xr.Dataset") -> "Figure":
    """Gaps of test loss and error, and the sharpness, against the share of SAM, one column per direction."""
    from .style import figure

    fig, axes = figure(columns=2, aspect=0.86, rows=3, cols=2, sharex=True, sharey="row")
    rows = (
        ("test_loss", True, 1.0, "gap of test loss"),
        ("test_error", True, 100.0, "gap of test error (%)"),
        ("sharpness", False, 1.0, r"sharpness $\lambda_{\max}$"),
    )
    for column, (direction, (label, color, marker)) in enumerate(DIRECTIONS.items()):
        for ax, (quantity, gap, factor, name) in zip(axes[:, column], rows, strict=True):
            shares, values = points(data, direction, quantity, gap)
            values = values * factor
            for seed in values:
                # beside the bar, which would hide them
                ax.plot(100 * shares + ASIDE, seed, ".", color=color, alpha=0.45, markersize=4, zorder=1, mew=0)
            filled = np.isfinite(values).any(axis=0)
            means, spreads = _mean_and_deviation(values[:, filled])
            ax.errorbar(
                100 * shares[filled], means, spreads,
                color=color, marker=marker, markersize=3.5, linewidth=1.0, capsize=2, elinewidth=0.8, zorder=2,
            )  # fmt: skip
            reference = 0.0 if gap else float(means[-1])
            ax.axhline(reference, color="#888888", linewidth=0.7, linestyle=(0, (4, 2)), zorder=0)
            if column == 0:
                ax.set_ylabel(name)
        axes[0, column].set_title(f"({'ab'[column]}) {label}, {_words(data, direction)}")
        axes[-1, column].set_xlabel("share of SAM in the epochs (%)")
    axes[-1, 0].set_ylim(bottom=0)
    place, below = (-3.0, _level(data)), {"textcoords": "offset points", "va": "top", "ha": "left"}
    axes[-1, 0].annotate("full SAM", place, (0, -3), color="#666666", **below)
    return fig


def _mean_and_deviation(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Over seeds; the deviation of a single seed is none."""
    counts = np.isfinite(values).sum(axis=0)
    means = np.nanmean(values, axis=0)
    squares = np.nansum((values - means) ** 2, axis=0)
    return means, np.sqrt(squares / np.maximum(counts - 1, 1))


def _level(data: "xr.Dataset") -> float:
    return float(np.nanmean(points(data, "sgd->sam", "sharpness").values[:, -1]))


def _words(data: "xr.Dataset", direction: str) -> str:
    seeds = len(set(data["seed"].values.tolist()))
    return f"{points(data, direction, 'sharpness').shares.size - 2} switches, {seeds} seeds"
