"""What became of the starts of a sweep: stacked shares against the step size, a panel for every rule and radius."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..dynamics.boundary import wilson_interval
from .style import LISTED_MINIMA, OTHER_MINIMA, OUTCOME_LOOKS, figure, outcome_look, paper, rule_label
from .wording import wrap

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW_HEIGHT = 1.12
"""Inches for a row of panels."""
NOTABLE = 0.01
"""Shares from here on are mentioned in the title."""
HEADINGS = {"saddle": "saddle", "cycle": "cycle", "other": "other attractor", "slow": "slow", "diverged": "diverged"}
"""What the legend calls the outcomes that are no minimum."""


class Shares(NamedTuple):
    """Shares of starts by outcome.

    Attributes:
        outcomes: Names, as `outcome_look` takes them, in the order of the stack, the bottom first.
        share: Shape (rule, rho, eta, outcome); sums to 1 over the last axis.
        starts: Number of starts behind every share.
        labels: What the legend says of each outcome.
    """

    outcomes: tuple[str, ...]
    share: np.ndarray
    starts: int
    labels: tuple[str, ...]


def outcome_shares(data: "xr.Dataset") -> Shares:
    """Shares of the starts of a sweep by outcome, the minima one by one; outcomes that never occur are left out.

    Args:
        data: From `dynamics.sweep`: `count` (rule, rho, eta, outcome_kind), `reached` (rule, rho, eta, point) and the
            coordinates `point_kind` and `point_w`.
    """
    grid = ("rule", "rho", "eta")
    count = data["count"].transpose(*grid, "outcome_kind")
    counts = {str(kind): count.values[..., i] for i, kind in enumerate(count["outcome_kind"].values)}
    reached = data["reached"].transpose(*grid, "point").values
    minima = np.flatnonzero(data["point_kind"].values == "minimum")
    parts: dict[str, np.ndarray] = {}
    labels: dict[str, str] = {}
    for k, row in enumerate(minima[:LISTED_MINIMA]):
        parts[f"minimum {k + 1}"] = reached[..., row]
        place = ", ".join(f"{x + 0.0:.3g}" for x in data["point_w"].values[row]).replace("-", "−")
        labels[f"minimum {k + 1}"] = f"minimum ({place})"
    parts[OTHER_MINIMA] = counts["minimum"] - sum(parts.values())
    parts |= {kind: counts[kind] for kind in OUTCOME_LOOKS if kind in counts}
    parts = {name: values for name, values in parts.items() if np.any(values)}
    stack = np.stack(list(parts.values()), axis=-1)
    total = count.values.sum(axis=-1)
    names = tuple(parts)
    return Shares(
        names, stack / total[..., None], int(total.flat[0]), tuple(labels.get(n, HEADINGS.get(n, n)) for n in names)
    )


def sweep_outcomes(
    data: "xr.Dataset", *, columns: int = 2, intervals: bool = False, title: str | None = None
) -> "Figure":
    """Stacked shares of outcomes for every rule (rows) and radius (columns) of a sweep.

    Args:
        data: From `dynamics.sweep`; see `outcome_shares`.
        columns: Width in text columns.
        intervals: Draw the 95 % Wilson interval of every boundary between areas as hairlines.
        title: By default what was run, and the most that each outcome other than a minimum got.
    Returns:
        The figure. A sweep of a single step size is drawn as one bar for every rule and radius.
    """
    shares = outcome_shares(data)
    rules, radii, etas = ([*data[name].values] for name in ("rule", "rho", "eta"))
    names = [rule_label(rule) for rule in rules]
    one_eta = len(etas) == 1
    with paper():
        if one_eta:
            fig, ax = figure(columns, (1.3 + 0.2 * len(rules) * len(radii)) / (3.25 if columns == 1 else 6.75))
            _draw_bars(ax, shares, names, radii, intervals)
        else:
            height = 1.15 + ROW_HEIGHT * len(rules)
            fig, axes = figure(
                columns, height / (3.25 if columns == 1 else 6.75),
                rows=len(rules), cols=len(radii), sharex=True, sharey=True, squeeze=False,
            )  # fmt: skip
            for i, j in np.ndindex(axes.shape):
                draw_shares(axes[i, j], shares, etas, i, j, intervals=intervals)
            for ax, rho in zip(axes[0], radii):
                ax.set_title(f"ρ = {rho:.4g}", loc="center")
            for ax, name in zip(axes[:, -1], names):
                ax.annotate(
                    name, (1, 0.5), (4, 0), xycoords="axes fraction", textcoords="offset points",
                    rotation=270, va="center", ha="left", fontweight="bold",
                )  # fmt: skip
            for ax in axes[:, 0]:
                ax.set_ylabel("share of starts")
            for ax in axes[-1]:
                ax.set_xlabel("learning rate η" if columns == 2 else "η")
        text = fig.suptitle("", x=0.01, ha="left", fontsize=8)
        width = 72 * fig.get_figwidth() * 0.97
        text.set_text(wrap(heading(data, shares) if title is None else title, text.get_fontproperties(), width))
        _legend(fig, shares, 3 if columns == 1 else 6)
    return fig


def draw_shares(ax: "Axes", shares: Shares, etas: Any, rule: int, rho: int, *, intervals: bool = False) -> None:
    """One panel: areas that add up to 1, over the step sizes on a logarithmic axis."""
    edges = np.concatenate([np.zeros((len(etas), 1)), np.cumsum(shares.share[rule, rho], axis=-1)], axis=-1)
    for k, outcome in enumerate(shares.outcomes):
        look = outcome_look(outcome)
        ax.fill_between(
            etas, edges[:, k], edges[:, k + 1], facecolor=look.color, edgecolor="white", hatch=look.hatch,
            linewidth=0.0, label=shares.labels[k],
        )  # fmt: skip
    for k in range(1, len(shares.outcomes)):
        ax.plot(etas, edges[:, k], color="white", linewidth=0.4)
        if intervals:
            for end in _wilson(edges[:, k], shares.starts):
                ax.plot(etas, end, color="black", linewidth=0.3)
    ax.set(xscale="log", xlim=(min(etas), max(etas)), ylim=(0, 1), yticks=(0, 0.5, 1))


def _draw_bars(ax: "Axes", shares: Shares, names: list[str], radii: list[float], intervals: bool) -> None:
    rows = [(i, j) for i in range(len(names)) for j in range(len(radii))]
    left = np.zeros(len(rows))
    places = np.arange(len(rows))
    for k, outcome in enumerate(shares.outcomes):
        look = outcome_look(outcome)
        width = np.array([shares.share[i, j, 0, k] for i, j in rows])
        ax.barh(
            places, width, left=left, height=0.8, color=look.color, edgecolor="white", hatch=look.hatch, linewidth=0.4
        )
        left = left + width
        if intervals and k + 1 < len(shares.outcomes):
            ax.hlines(places, *_wilson(left, shares.starts), color="black", linewidth=0.8)
    ax.set(xlim=(0, 1), xlabel="share of starts", yticks=places)
    ax.set_yticklabels([f"{names[i]}, ρ = {radii[j]:.4g}" for i, j in rows])
    ax.invert_yaxis()


def _wilson(share: np.ndarray, starts: int) -> tuple[np.ndarray, np.ndarray]:
    """The interval of each boundary between areas; NaN at 0 and 1, which are no boundaries."""
    inside = (share > 0) & (share < 1)
    low, high = wilson_interval(np.rint(share * starts), starts)
    return np.where(inside, low, np.nan), np.where(inside, high, np.nan)


def _legend(fig: "Figure", shares: Shares, ncols: int) -> None:
    from matplotlib.patches import Patch

    looks = [outcome_look(outcome) for outcome in shares.outcomes]
    patches = [
        Patch(facecolor=look.color, edgecolor="white", hatch=look.hatch, label=label, linewidth=0)
        for look, label in zip(looks, shares.labels)
    ]
    fig.legend(
        handles=patches, loc="outside lower center", ncols=min(ncols, len(patches)), handlelength=1.4, handleheight=1.0
    )


def heading(data: "xr.Dataset", shares: Shares) -> str:
    """What was run, and where each outcome that is neither a minimum nor slow got its largest share."""
    lines = [str(data.attrs.get("title", "Outcomes"))]
    peaks = []
    for k, outcome in enumerate(shares.outcomes):
        if outcome not in ("slow", OTHER_MINIMA) and not outcome.startswith("minimum "):
            share = shares.share[..., k]
            i, j, e = np.unravel_index(np.argmax(share), share.shape)
            if share.max() >= NOTABLE:
                rule = rule_label(data["rule"].values[i])
                where = f"{rule}, ρ = {data['rho'].values[j]:.4g}, η = {data['eta'].values[e]:.2g}"
                peaks.append(f"{shares.labels[k]} {100 * share.max():.0f} % ({where})".replace(" = ", "\u00a0=\u00a0"))
    if peaks:
        lines.append("At most: " + "; ".join(peaks))
    return "\n".join(lines)
