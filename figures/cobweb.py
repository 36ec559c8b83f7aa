"""The portrait of one coordinate: the loss above, and the cobweb of the rule's map below.

w_{t+1} = F(w_t): up to the graph of F, across to the diagonal, and again
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import jax
import numpy as np

from ..dynamics.arguments import check_starts
from ..dynamics.rule import UpdateRule
from ..landscapes.critical_points import CriticalPoint, critical_points
from ..landscapes.landscape import Landscape
from .field import Field, window_of
from .layers import POINTS
from .style import figure, legend_below, paper, rule_look
from .wording import finding, heading, set_title, symbols

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GRID = 1201


def cobweb(
    landscape: Landscape,
    rule: UpdateRule | None = None,
    *,
    ax: "Axes | None" = None,
    window: Sequence[Sequence[float]] | None = None,
    starts: Any = None,
    steps: int = 100,
    title: str | None = None,
    legend: bool = True,
) -> "Axes":
    """The loss of one coordinate and the cobweb of a rule's map; without a rule, the velocity of the gradient flow.

    Args:
        landscape: Of dimension 1.
        rule: A deterministic rule, or None.
        ax: Axes whose place is divided: the cobweb below, the loss on axes of its own above.
        window: ((low, high),); by default the landscape's domain.
        starts: Shape (S, 1) or (1,); None: two, at 15 % and 70 % of the window.
        steps: Steps of each cobweb.
        title: By default a heading and a sentence on which critical points attract.
        legend: Whether to put a legend under the axes.
    Returns:
        The axes of the cobweb; those of the loss share its abscissa.
    Raises:
        ValueError: Another dimension, or starts or a window that do not fit.
    """
    if landscape.dimension != 1:
        raise ValueError(f"cobweb: {landscape.name} has {landscape.dimension} coordinates, a cobweb takes 1")
    low, high = window_of(landscape, window)[0]
    moved = Field(landscape, rule)
    given = [[low + 0.15 * (high - low)], [low + 0.7 * (high - low)]] if starts is None else starts
    begin = check_starts("cobweb", landscape, given).astype(float)
    if ax is None:
        with paper():
            ax = figure(1, 1.3)[1]
            return cobweb(landscape, rule, ax=ax, window=window, starts=starts, steps=steps, title=title, legend=legend)
    (symbol,) = symbols(landscape)
    w = np.linspace(low, high, GRID)
    points = [point for point in critical_points(landscape) if low <= point.w[0] <= high and point.isolated]
    look = rule_look(rule or "gd")
    motion = moved.motion(w[:, None])
    if rule is None:
        ax.plot(w, motion.velocity[:, 0], color=look.color, label=f"$-L'({symbol})$")
        ax.axhline(0, color="#666666", linewidth=0.6)
        ax.set_ylabel(rf"$\dot {symbol}$")
    else:
        ax.plot(w, w, color="#666666", linewidth=0.6, label=f"${symbol}_{{t+1}}={symbol}_t$")
        ax.plot(
            w,
            motion.image[:, 0],
            color=look.color,
            linewidth=1.6,
            label=f"${symbol}_{{t+1}}=F({symbol}_t)$, {look.label}",
        )
        ax.set(ylim=(low, high), ylabel=f"${symbol}_{{t+1}}$")
        paths = moved.orbits(begin, steps)[0][..., 0]
        for k in range(len(begin)):
            corners = np.repeat(paths[k], 2)
            label = "iterates" if k == 0 else "_"
            ax.plot(corners[:-1], corners[1:], color=look.color, linewidth=0.6, alpha=0.8, zorder=2.5, label=label)
            ax.plot(begin[k], begin[k], "o", markersize=3.5, mfc="white", mec=look.color, zorder=3)
    ax.set(xlim=(low, high), xlabel=f"${symbol}$" if rule is None else f"${symbol}_t$")
    above = _loss_above(ax, landscape, w, points, symbol)
    attracting = [_attracts(moved, point, high - low) for point in points]
    for attracts, fill, label in ((True, "#222222", "attracting point"), (False, "white", "repelling point")):
        places = [point.w[0] for point, does in zip(points, attracting) if does == attracts]
        if places:
            heights = places if rule is not None else np.zeros(len(places))
            ax.plot(places, heights, "o", markersize=5, zorder=4, mec="#222222", mfc=fill, label=label)
    if title is None:
        sentence = finding([point.kind for point in points], attracting)
        title = "\n".join(part for part in (heading(landscape, rule, moved.flow), sentence) if part)
    set_title(above, title)
    if legend:
        legend_below(ax, 2)
    return ax


def _loss_above(ax: "Axes", landscape: Landscape, w: np.ndarray, points: list[CriticalPoint], symbol: str) -> "Axes":
    place = ax.get_subplotspec()
    if place is None:  # axes placed by hand
        above = ax.inset_axes((0.0, 1.06, 1.0, 0.5), sharex=ax)
    else:
        upper, lower = place.subgridspec(2, 1, height_ratios=(0.5, 1))
        ax.set_subplotspec(lower)
        above = ax.figure.add_subplot(upper, sharex=ax)
    above.plot(w, np.asarray(jax.jit(jax.vmap(landscape.value))(w[:, None])), color="#444444")
    for point in points:
        marker, fill = POINTS[point.kind]
        edge = "#222222" if fill == "white" else "white"
        above.plot(
            point.w[0], point.value, marker, markersize=5.5, markerfacecolor=fill, markeredgecolor=edge, zorder=4
        )
    above.tick_params(labelbottom=False)
    above.set_ylabel(f"$L({symbol})$")
    return above


def _attracts(moved: Field, point: CriticalPoint, reach: float) -> bool:
    """Whether the motion approaches the point from both sides, near by.

    Where the velocity jumps (normalised SAM at a minimum) its signs decide, as for the flow: the map then goes back and
    forth across the point at a distance of order eta.
    """
    radius = 1e-6 * reach
    sides = np.array([[-1.0], [1.0]])
    wide, narrow = (moved.velocity(point.w + r * sides)[:, 0] for r in (radius, radius / 10))
    if moved.flow or (np.abs(narrow) > 0.5 * np.abs(wide)).any():
        return bool(wide[0] > 0 > wide[1])
    return bool((np.abs(moved.multipliers(wide / (radius * sides[:, 0]))) < 1).all())
