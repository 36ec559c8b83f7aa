"""Phase portraits: what a rule does to every point of a landscape of one or two coordinates.

python -m samscape.figures.portrait LANDSCAPE [RULE] [FILE]
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..dynamics.arguments import check_starts, choose
from ..dynamics.rule import UpdateRule
from ..landscapes.critical_points import CriticalPoint, critical_points, find_critical_points
from ..landscapes.landscape import Landscape
from . import layers as draw
from .basin_picture import draw_basins
from .equilibria import equilibria
from .field import Field, Window, window_of
from .manifolds import integral_curve, manifolds
from .style import figure, legend_below, paper, rule_look
from .wording import finding, heading, set_title, symbols

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LAYERS = ("contours", "field", "nullclines", "critical_points", "manifolds", "trajectories", "w_adv", "basins")
DEFAULT_LAYERS = ("contours", "field", "critical_points", "manifolds", "trajectories", "w_adv")
BASIN_GRID = 160
"""Starts along each side of the basins that a portrait computes itself."""
PALE = 0.55
"""How far the basins' colours are drawn towards white behind the other layers."""


def portrait(
    landscape: Landscape,
    rule: UpdateRule | None = None,
    *,
    ax: "Axes | None" = None,
    window: Sequence[Sequence[float]] | None = None,
    starts: Any = None,
    steps: int = 1000,
    layers: Sequence[str] = DEFAULT_LAYERS,
    flow: bool = False,
    manifolds_of: str = "flow",
    basins: Any = None,
    title: str | None = None,
    legend: bool = True,
) -> "Axes":
    """The phase portrait of a rule, or of the gradient flow, on a landscape.

        w+ = F(w),   v(w) = (F(w) - w)/eta,   equilibria v = 0,   nullclines v_i = 0

    Args:
        landscape: Any of two coordinates, the user's formula included; one of a single coordinate gets its loss and the
            cobweb of the map (see `cobweb`).
        rule: A deterministic rule; None draws the gradient flow.
        ax: Axes to draw on; by default those of a new figure one column wide.
        window: ((low, high), (low, high)); by default the landscape's domain.
        starts: Starts of trajectories, shape (S, 2) or (2,); None: six on an ellipse.
        steps: Length of the trajectories in steps of the rule.
        layers: What to draw, names from `LAYERS`.
        flow: Draw the rule's flow, its limit for small eta, and not its map.
        manifolds_of: "flow" or "map": of which motion the manifolds are. Of the map they are exact at any eta, but
            need a rule without a state and a map that can be inverted near them.
        basins: For the layer "basins": a Dataset from `basin_map`, of the same window; None: it is computed, coarsely.
        title: By default a heading and, for a rule without a state, a sentence on which critical points attract.
        legend: Whether to put a legend under the axes.
    Returns:
        The axes.
    Raises:
        ValueError: More than two coordinates, a window or starts that do not fit, an unknown layer, or a rule that
            draws random numbers.
    Notes:
        A trajectory of a rule with momentum or a policy carries its state; field, nullclines and equilibria show the
        first step from rest.
    """
    if landscape.dimension == 1:
        from .cobweb import cobweb

        return cobweb(landscape, rule, ax=ax, window=window, starts=starts, steps=steps, title=title, legend=legend)
    if landscape.dimension != 2:
        raise ValueError(f"portrait: {landscape.name} has {landscape.dimension} coordinates, a portrait takes 1 or 2")
    shown = {choose("portrait: layers", layer, LAYERS) for layer in layers}
    choose("portrait: manifolds_of", manifolds_of, ("flow", "map"))
    limits = window_of(landscape, window)
    moved = Field(landscape, rule, flow)
    begin = _starts(landscape, starts, limits) if "trajectories" in shown else np.zeros((0, 2))
    if ax is None:
        with paper():
            ax = figure(1, 1.2)[1]
            return portrait(
                landscape, rule, ax=ax, window=window, starts=starts, steps=steps, layers=layers, flow=flow,
                manifolds_of=manifolds_of, basins=basins, title=title, legend=legend,
            )  # fmt: skip
    points = points_in(landscape, limits)
    isolated = [point for point in points if point.isolated]
    rests = equilibria(moved, limits, np.array([point.w for point in isolated]).reshape(-1, 2))

    if "basins" in shown:
        draw_basins(ax, basins if basins is not None else _basins(landscape, moved, limits, steps), pale=PALE)
    if "contours" in shown:
        draw.draw_contours(ax, landscape, limits, centre=_centre(landscape, points, limits))
    if "field" in shown:
        draw.draw_streamlines(ax, moved, limits)
    if "nullclines" in shown:
        draw.draw_nullclines(ax, moved, limits, symbols(landscape))
    if "manifolds" in shown:
        of_flow = manifolds_of == "flow" or rule is None
        own, mover = rests, moved
        if of_flow != moved.flow:
            mover = Field(landscape, rule, of_flow)
            own = equilibria(mover, limits, np.array([point.w for point in isolated]).reshape(-1, 2))
        draw.draw_manifolds(ax, manifolds(mover, own, limits), "flow" if of_flow else "map")
    _draw_trajectories(ax, moved, begin, steps, limits, [rest.location for rest in rests], "w_adv" in shown)
    if "critical_points" in shown:
        draw.draw_critical_points(ax, points, limits)
        draw.draw_rests(ax, rests)
    _finish(ax, landscape, limits)
    if title is None:
        attracts = [rest.behaviour == "attracts" for rest in rests]
        sentence = finding([point.kind for point in isolated], attracts) if moved.memoryless else ""
        title = "\n".join(part for part in (heading(landscape, rule, moved.flow), sentence) if part)
    set_title(ax, title)
    if legend:
        legend_below(ax, 2)
    return ax


def points_in(landscape: Landscape, window: Window) -> list[CriticalPoint]:
    """The critical points in a window: declared ones, and those found where the declaration does not reach."""
    points = critical_points(landscape)
    domain = np.array(getattr(landscape, "domain", ()) or ((-2.0, 2.0),) * 2)
    low, high = np.array(window).T
    if (low < domain[:, 0]).any() or (high > domain[:, 1]).any():
        known = [point for point in points if point.declared]
        near = 1e-4 * np.linalg.norm(high - low)
        points = known + [
            point
            for point in find_critical_points(landscape, window)
            if all(other.distance(point.w) > near for other in known)
        ]
    return [point for point in points if ((point.members >= low) & (point.members <= high)).all(axis=1).any()]


def _basins(landscape: Landscape, moved: Field, window: Window, steps: int) -> Any:
    if moved.flow:
        raise ValueError("portrait: basins are those of a rule's map: give a rule and flow=False, or basins=")
    from ..dynamics.basins import basin_map

    return basin_map(landscape, moved.rule, BASIN_GRID, window, max(steps, 1), eta=moved.step_size)


def _centre(landscape: Any, points: Sequence[CriticalPoint], window: Window) -> float | None:
    """The loss at a saddle, where the window holds saddles and no minimum."""
    if any(point.kind == "minimum" for point in points):
        return None
    return next((point.value for point in points if point.kind in ("saddle", "degenerate")), None)


def _starts(landscape: Landscape, starts: Any, window: Window) -> np.ndarray:
    if starts is not None:
        return check_starts("portrait", landscape, starts).astype(float)
    low, high = np.array(window).T
    angle = np.arange(6) * np.pi / 3 + 0.35
    return (low + high) / 2 + 0.42 * (high - low) * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _draw_trajectories(
    ax: "Axes", moved: Field, begin: np.ndarray, steps: int, window: Window, ends: list[np.ndarray], with_w_adv: bool
) -> None:
    look = rule_look(moved.rule or "gd")
    spacing = 0.12 * min(high - low for low, high in window)
    if moved.flow:
        stops = np.array(ends).reshape(-1, 2)
        paths = [integral_curve(moved, start, window, ends=stops) for start in begin]
        pairs = [(path, moved.motion(path).w_adv) for path in paths]
        label = "trajectory of the flow"
    else:
        pairs = list(zip(*moved.orbits(begin, steps))) if len(begin) else []
        label = f"{look.label} iterates $w$"
    for w, w_adv in pairs:
        perturbed = with_w_adv and not np.array_equal(w_adv, w, equal_nan=True)
        draw.draw_trajectory(ax, w, look, w_adv=w_adv if perturbed else None, spacing=spacing, label=label)
        label = "_"


def _finish(ax: "Axes", landscape: Any, window: Window) -> None:
    x, y = symbols(landscape)
    ax.set(xlim=window[0], ylim=window[1], xlabel=f"${x}$", ylabel=f"${y}$")


def _main(arguments: list[str]) -> None:
    """``LANDSCAPE [RULE] [FILE]``: the portrait of a named landscape, with the rule's own numbers and eta = 0.05."""
    from ..dynamics.methods import make_rule
    from ..landscapes import get_landscape
    from .style import save

    if not 1 <= len(arguments) <= 3:
        raise SystemExit("usage: python -m samscape.figures.portrait LANDSCAPE [RULE] [FILE]")
    name, rule, file = (*arguments, *("gd", "portrait.png")[len(arguments) - 1 :])
    with paper():
        fig, ax = figure(1, 1.2)
        portrait(get_landscape(name), make_rule(rule, 0.05), ax=ax)
        save(fig, file)


if __name__ == "__main__":
    import sys

    _main(sys.argv[1:])
