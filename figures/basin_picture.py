"""Where each start of a grid ends, in the colours of outcomes, with the share of starts of every basin."""

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from ..dynamics.outcome_codes import MEANINGS
from .layers import mark_points
from .style import MINIMUM_COLORS, OTHER_MINIMA, figure, legend_below, mixed, outcome_look, paper, rule_label
from .wording import set_title, symbol

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

SHADES = (0.0, 0.35, -0.3, 0.55)
"""How far the second, third, ... of a kind is from the kind's own colour, towards white (or, < 0, black)."""


def basin_colors(data: "xr.Dataset") -> list[str]:
    """The colour of every attractor of a basin map, in the order of its rows.

    The k-th minimum of the table of critical points has that of "minimum k", whatever else is present. Several saddles,
    or cycles about several points, have shades of one colour, and so have minima from the fifth on.
    """
    minima = np.flatnonzero(data["point_kind"].values == "minimum")
    colors, seen = [], {}
    for code, target in zip(data["attractor_outcome"].values, data["attractor_target"].values):
        outcome = MEANINGS[int(code)]
        if outcome == "minimum":
            place = np.flatnonzero(minima == target)
            turn, k = divmod(int(place[0]), len(MINIMUM_COLORS)) if place.size else (0, 0)
            look = outcome_look(f"minimum {k + 1}" if place.size else OTHER_MINIMA)
            colors.append(mixed(look.color, SHADES[turn % len(SHADES)]))
        else:
            seen[outcome] = seen.get(outcome, -1) + 1
            colors.append(mixed(outcome_look(outcome).color, SHADES[seen[outcome] % len(SHADES)]))
    return colors


def draw_basins(ax: "Axes", data: "xr.Dataset", *, pale: float = 0.0) -> None:
    """A basin map as an image, with a legend entry and the share of starts for every attractor.

    Args:
        ax: The axes.
        data: From `dynamics.basins.basin_map`, of one or two dimensions.
        pale: How far the colours are drawn towards white, for a background: 0 ... 1.
    """
    from matplotlib.colors import to_rgb

    colors = [mixed(color, pale) for color in basin_colors(data)]
    attractor = data["attractor"]
    x, y = _edges(data, attractor.dims[-1]), _edges(data, attractor.dims[0]) if attractor.ndim == 2 else (0.0, 1.0)
    image = np.array([to_rgb(color) for color in colors])[np.atleast_2d(attractor.values)]
    ax.imshow(image, origin="lower", extent=(*x, *y), aspect="auto", interpolation="nearest", zorder=0)
    for color, name, share in zip(colors, data["attractor_name"].values, data["fraction"].values):
        label = f"{str(name).replace('-', '−')}: {100 * share:.1f} %"
        ax.plot([], [], linestyle="", marker="s", markersize=7, color=color, label=label)


def _edges(data: "xr.Dataset", axis: Any) -> tuple[float, float]:
    """Both ends of an axis of which the Dataset has the cells' centres."""
    centres = data[axis].values
    half = (centres[1] - centres[0]) / 2
    return float(centres[0] - half), float(centres[-1] + half)


def basin_picture(
    data: "xr.Dataset", *, ax: "Axes | None" = None, title: str | None = None, legend: bool = True
) -> "Axes":
    """The basins of attraction of a rule, with the critical points.

    Args:
        data: From `dynamics.basins.basin_map`, of one or two dimensions.
        ax: Axes to draw on; by default those of a new figure one column wide.
        title: By default the rule, its numbers, and how many starts reach a minimum or are caught elsewhere.
        legend: Whether to put a legend, with shares of starts, under the axes.
    Returns:
        The axes.
    """
    if ax is None:
        with paper():
            rows = data.sizes["attractor_row"]
            ax = figure(1, (1.05 if data["attractor"].ndim == 2 else 0.35) + 0.05 * rows)[1]
            return basin_picture(data, ax=ax, title=title, legend=legend)
    draw_basins(ax, data)
    axes = [str(name) for name in data["attractor"].dims[::-1]]
    names = [str(name) for name in data["coordinate"].values]
    isolated = data["point_isolated"].values == 1
    columns = [names.index(axis.removeprefix("x_")) if axis not in names else names.index(axis) for axis in axes]
    if len(names) == len(axes):  # on a slice of a larger space the points need not lie in it
        where = data["point_w"].values[:, columns]
        for kind in ("minimum", "saddle", "maximum", "degenerate"):
            places = where[isolated & (data["point_kind"].values == kind)]
            mark_points(
                ax, kind, places if len(axes) == 2 else np.column_stack([places, np.full(len(places), 0.5)]), kind
            )
    ax.set(xlim=_edges(data, axes[0]), xlabel=f"${symbol(names[columns[0]])}$ of the start")
    if len(axes) == 2:
        ax.set(ylim=_edges(data, axes[1]), ylabel=f"${symbol(names[columns[1]])}$ of the start")
    else:
        ax.set(ylim=(0, 1), yticks=[])
    set_title(ax, heading(data) if title is None else title)
    if legend:
        legend_below(ax, 2)
    return ax


def heading(data: "xr.Dataset") -> str:
    """What was run, and where its starts end."""
    settings = json.loads(data.attrs["settings"])
    rule = settings["rule"]
    numbers = {"η": (rule.get("base") or {}).get("eta"), "ρ": (rule.get("perturbation") or {}).get("rho")}
    parts = [f"{symbol}\u00a0=\u00a0{value:.4g}" for symbol, value in numbers.items() if isinstance(value, int | float)]
    first = ", ".join([f"{rule_label(rule.get('name') or 'rule')} on {settings['landscape']['name']}", *parts])
    shares = dict.fromkeys(MEANINGS, 0.0)
    for code, share in zip(data["attractor_outcome"].values, data["fraction"].values):
        shares[MEANINGS[int(code)]] += float(share)
    phrases = {
        "minimum": "reach a minimum", "saddle": "are caught at a saddle", "cycle": "end in a cycle",
        "other": "end elsewhere", "diverged": "diverge", "slow": "are still on their way",
    }  # fmt: skip
    seen = [(share, phrases[outcome]) for outcome, share in shares.items() if share > 0]
    sentence = ", ".join(f"{100 * share:.3g}\u00a0% {phrase}" for share, phrase in sorted(seen, reverse=True))
    return f"{first}\n{sentence}"
