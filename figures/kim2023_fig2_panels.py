"""The panels of Figure 2 of Kim et al. (2023), from its data."""

from typing import TYPE_CHECKING, Any

import numpy as np

from .kim2023_beale import MINIMUM, SADDLE, WINDOW, draw_contours
from .layers import MANIFOLDS
from .style import figure, rule_look

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

SAM = rule_look("sam").color
SHADE = "#E6EAFB"
"""The basin of the minimum."""
CASES = ("#F4F4F4", "#F0C98A", "#C9B3DA")
NAMES = {"I": ((2.4, 1.3), (-1.15, 2.2)), "II": ((1.25, 2.25), (-0.9, -0.25)), "III": ((0.02, 1.42),)}
"""Where the cases' names stand."""


def draw_panels(data: "xr.Dataset") -> "Figure":
    """Manifolds and basins; the cases of all starts; a run for Case I, two for II, and both parts of III close by."""
    fig, axes = figure(columns=2, aspect=0.6, rows=2, cols=3)
    (basins, regions, one), (two, three, four) = axes
    for ax in (basins, regions, one, two, three):
        _draw_manifolds(ax, data)
    for ax in (basins, one, two, three):
        stable = data["stable"].values
        ax.fill_betweenx(stable[:, 1], stable[:, 0], 9, color=SHADE, linewidth=0, zorder=0)
        draw_contours(ax, data["x"], data["y"], data["loss"])
    _draw_cases(regions, data)
    for ax, routes in ((one, (0,)), (two, (1, 2))):
        for route in routes:
            _draw_run(ax, data["path"].values[route], data["path_adv"].values[route])
    for ax in (basins, regions, one, two):
        ax.set(xlim=WINDOW[0], ylim=WINDOW[1])
    _draw_passage(three, data["passage"].values[0])
    three.set(xlim=(-0.75, 1.05), ylim=(0.55, 1.75))
    _draw_passage(four, data["passage"].values[1])
    _draw_tangent(four, 1.5 * float(np.nanmax(np.abs(data["passage"].values[1, 0] - SADDLE))))
    titles = (
        "(a) manifolds and basins", "(b) the case of every start", "(c) Case I: to the minimum",
        "(d) Case II: then I, or III", "(e) III-i: $w$ nears the saddle", "(f) III-ii: $w$ changes sides",
    )  # fmt: skip
    for ax, title in zip(axes.flat, titles):
        ax.set(title=title, xlabel="$x$", ylabel="$y$")
    one.plot([], [], color=SAM, linewidth=1.2, label="SAM; in (b) its basin of the saddle")
    one.plot([], [], ".-", color=SAM, linewidth=0.5, markersize=5, label="$w$ to $w^p$")
    handles, labels = one.get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=6)
    return fig


def _draw_manifolds(ax: Any, data: "xr.Dataset") -> None:
    (color, line), (color_out, line_out) = MANIFOLDS[True], MANIFOLDS[False]
    ax.plot(*data["stable"].values.T, color=color, linestyle=line, linewidth=1.2, zorder=3, label="stable manifold")
    label = "unstable manifold"
    for branch in data["unstable"].values:
        ax.plot(*branch.T, color=color_out, linestyle=line_out, linewidth=1.2, zorder=3, label=label)
        label = "_"
    look: dict[str, Any] = {"markeredgecolor": "black", "linestyle": "", "zorder": 7}
    ax.plot(*SADDLE, marker="X", color="white", markersize=6, label="saddle", **look)
    ax.plot(*MINIMUM, marker="*", color="#F0D000", markersize=9, label="minimum", **look)


def _draw_cases(ax: Any, data: "xr.Dataset") -> None:
    """The case of every start as its colour, and the edge of what SAM takes to the saddle."""
    from matplotlib.colors import ListedColormap

    look = {"cmap": ListedColormap(CASES), "vmin": 0.5, "vmax": 3.5, "shading": "nearest", "rasterized": True}
    ax.pcolormesh(data["gx"], data["gy"], data["case"], **look)
    ax.contour(data["gx"], data["gy"], data["sam_kept"].astype(float), levels=[0.5], colors=SAM, linewidths=1.1)
    for name, places in NAMES.items():
        for place in places:
            ax.text(*place, name, ha="center", va="center")


def _draw_run(ax: Any, w: np.ndarray, w_adv: np.ndarray) -> None:
    """A path with its start, and now and then the way to w_adv."""
    chosen = [0]
    for i in range(1, len(w)):
        if np.linalg.norm(w[i] - w[chosen[-1]]) >= 0.25:
            chosen.append(i)
    ax.plot(*w.T, color=SAM, linewidth=1.2, zorder=4)
    _draw_ascents(ax, w[chosen], w_adv[chosen])
    ax.plot(*w[0], marker="P", color="white", markeredgecolor="black", markersize=5, zorder=6)


def _draw_passage(ax: Any, passage: np.ndarray) -> None:
    """Some w as dots joined by a line, with the ways to their w_adv."""
    w, w_adv = (points[np.isfinite(points[:, 0])] for points in passage)
    ax.plot(*w.T, color=SAM, linewidth=0.8, zorder=4)
    ax.plot(*w.T, "o", color=SAM, markersize=3.5, markeredgecolor="black", markeredgewidth=0.5, zorder=5)
    _draw_ascents(ax, w, w_adv)


def _draw_ascents(ax: Any, w: np.ndarray, w_adv: np.ndarray) -> None:
    pairs = np.stack([w, w_adv, np.full(w.shape, np.nan)], axis=1).reshape(-1, 2)
    ax.plot(*pairs.T, color=SAM, linewidth=0.5, zorder=3.5)
    ax.plot(*w_adv.T, ".", color=SAM, markersize=2.5, zorder=3.5)


def _draw_tangent(ax: Any, size: float) -> None:
    """The stable manifold within `size` of the saddle, where it is its tangent, and the basin beside it."""
    ends = size * np.array([-1, 1])
    ax.plot(ends, 1 + ends, color=MANIFOLDS[True][0], linewidth=1.2, zorder=3)
    ax.fill_betweenx(1 + ends, ends, size, color=SHADE, linewidth=0, zorder=0)
    ax.set(xlim=ends, ylim=1 + ends)
    ax.ticklabel_format(useOffset=False)
    ax.locator_params(nbins=4)
