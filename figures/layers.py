"""The layers of a portrait, each drawn on given axes and usable alone.

Contours and streamlines are grey and at the back; manifolds, nullclines and points have looks of their own; only
trajectories take the colour of their rule, and only basins the colours of outcomes.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .equilibria import Equilibrium
from .field import Field, Window
from .manifolds import Branch
from .style import RuleLook

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..landscapes.critical_points import CriticalPoint
    from ..landscapes.landscape import Landscape

CONTOURS = (0.0, 0.0, 0.0, 0.27)
STREAMLINES = "#93A1B3"
NULLCLINES = ("#7A5C00", "#7A5C00")
MANIFOLDS = {True: ("#007A70", "-"), False: ("#B0006D", (0, (4, 1.2)))}
"""Colour and line of stable and unstable manifolds."""
POINTS = {
    "minimum": ("o", "#222222"),
    "saddle": ("X", "white"),
    "maximum": ("^", "white"),
    "degenerate": ("s", "white"),
}
"""Marker and fill of the loss's critical points."""


def grid_of(window: Window, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """`count` values of each coordinate, and all points, shape (count * count, 2), the first coordinate fastest."""
    x, y = (np.linspace(low, high, count) for low, high in window)
    return x, y, np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def contour_levels(values: np.ndarray, count: int, centre: float | None = None) -> np.ndarray:
    """Levels spaced evenly in the logarithm of the height above the lowest value, or quadratically about `centre`.

    Args:
        values: The loss on a grid; what is not finite is left out.
        count: How many.
        centre: The loss at a saddle, for a landscape that falls beyond the window; levels then go up and down from it.
    """
    values = values[np.isfinite(values)]
    if centre is None:
        base = float(values.min())
        height = np.sort(values - base)
        top = height[-1]
        bottom = max(float(np.quantile(height, 0.004)), 1e-6 * top)
        return base + np.geomspace(bottom, top, count + 1)[:-1] if top > 0 else np.array([base])
    share = (np.arange(count // 2 + 1) / (count // 2)) ** 2
    up, down = (max(float(np.max(sign * (values - centre))), 0.0) for sign in (1, -1))
    return np.unique(np.concatenate([centre - down * share, centre + up * share]))


def draw_contours(
    ax: "Axes", landscape: "Landscape", window: Window, *, count: int = 18, centre: float | None = None, grid: int = 201
) -> Any:
    """Contours of the loss; see `contour_levels`."""
    import jax

    x, y, w = grid_of(window, grid)
    values = np.asarray(jax.jit(jax.vmap(landscape.value))(w)).reshape(grid, grid)
    levels = contour_levels(values, count, centre)
    return ax.contour(
        x, y, np.ma.masked_invalid(values), levels=levels, colors=CONTOURS, linewidths=0.45, linestyles="-", zorder=1
    )


def draw_streamlines(ax: "Axes", moved: Field, window: Window, *, density: float = 0.9, grid: int = 101) -> Any:
    """Streamlines of the velocity, with arrows."""
    x, y, w = grid_of(window, grid)
    velocity = moved.velocity(w).reshape(grid, grid, 2)
    velocity = np.ma.masked_invalid(velocity)
    return ax.streamplot(
        x, y, velocity[..., 0], velocity[..., 1],
        color=STREAMLINES, linewidth=0.45, arrowsize=0.5, density=density, zorder=1.5, broken_streamlines=True,
    )  # fmt: skip


def nullcline(moved: Field, coordinate: int, window: Window, grid: int = 201) -> list[np.ndarray]:
    """Curves on which one coordinate of the velocity vanishes, each of shape (N, 2), NaN where interrupted.

    A contour finds them to a grid cell; bisection across the contour then tells a zero, which it locates to round-off,
    from a jump between the signs (at a kink of the loss), which is left out.
    """
    from contourpy import contour_generator

    x, y, w = grid_of(window, grid)
    values = moved.velocity(w)[:, coordinate].reshape(grid, grid)
    lines = contour_generator(x, y, np.ma.masked_invalid(values)).lines(0.0)
    return [_bisected(moved, coordinate, np.asarray(line), (x[1] - x[0], y[1] - y[0])) for line in lines]


def _bisected(moved: Field, coordinate: int, curve: np.ndarray, cell: tuple[float, float]) -> np.ndarray:
    """Points near a sign change moved onto it along the axis on which the ends differ most; NaN where it is a jump."""

    def at(w: np.ndarray) -> np.ndarray:
        return moved.velocity(w)[:, coordinate]

    steps = [np.array([cell[0], 0.0]), np.array([0.0, cell[1]])]
    ends = np.array([[at(curve - step), at(curve + step)] for step in steps])
    differ = np.where(ends[:, 0] * ends[:, 1] < 0, np.abs(ends[:, 0] - ends[:, 1]), -1.0)
    axis = np.argmax(differ, axis=0)
    found = differ.max(axis=0) > 0
    low, high = curve - np.array(steps)[axis], curve + np.array(steps)[axis]
    sign = np.sign(at(low))
    for _ in range(45):  # from a cell down to round-off
        middle = (low + high) / 2
        before = (at(middle) * sign > 0)[:, None]
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    jump = np.maximum(np.abs(at(low)), np.abs(at(high))) > 0.1 * differ.max(axis=0)
    placed = np.where(jump[:, None], np.nan, (low + high) / 2)
    return np.where(found[:, None], placed, curve)


def draw_nullclines(ax: "Axes", moved: Field, window: Window, variables: Sequence[str]) -> None:
    """Where each coordinate of the velocity vanishes; the curves cross at the equilibria."""
    for coordinate, (color, dashes) in enumerate(zip(NULLCLINES, ((1, 1.3), (4, 1.2, 1, 1.2)))):
        label = rf"${variables[coordinate]}$-nullcline"
        for curve in nullcline(moved, coordinate, window):
            ax.plot(*curve.T, color=color, linestyle=(0, dashes), linewidth=0.9, zorder=2, label=label)
            label = "_"


def draw_manifolds(ax: "Axes", branches: Sequence[Branch], motion: str) -> None:
    """Stable and unstable manifolds; `motion` names what they belong to, "flow" or "map"."""
    seen: set[bool] = set()
    for branch in branches:
        color, line = MANIFOLDS[branch.stable]
        label = f"{'stable' if branch.stable else 'unstable'} manifold ({motion})"
        ax.plot(
            *branch.points.T, color=color, linestyle=line, linewidth=1.2, zorder=3,
            label="_" if branch.stable in seen else label,
        )  # fmt: skip
        seen.add(branch.stable)


def draw_critical_points(ax: "Axes", points: "Sequence[CriticalPoint]", window: Window) -> None:
    """Critical points of the loss by type; a family of them as a line."""
    low, high = np.array(window).T
    for kind in POINTS:
        isolated = [point.w for point in points if point.kind == kind and point.isolated]
        inside = [w for w in isolated if ((w >= low) & (w <= high)).all()]
        mark_points(ax, kind, np.array(inside).reshape(-1, 2), kind)
        label = {"minimum": "minima", "saddle": "saddles", "maximum": "maxima"}.get(kind, kind)
        for point in points:
            members = point.members[((point.members >= low) & (point.members <= high)).all(axis=1)]
            if point.kind == kind and not point.isolated and len(members):
                along = np.linalg.svd(members - members.mean(axis=0))[2][0]
                path = members[np.argsort(members @ along)]
                ax.plot(*path.T, color="#222222", linewidth=2.2, alpha=0.8, zorder=2.5, label=label)
                label = "_"


def mark_points(ax: "Axes", kind: str, places: np.ndarray, label: str) -> None:
    """Markers of one kind of critical point at `places`, shape (N, 2)."""
    if len(places):
        marker, fill = POINTS[kind]
        ax.plot(
            *places.T, linestyle="", marker=marker, markersize=6, zorder=6, markerfacecolor=fill,
            markeredgecolor="#222222" if fill == "white" else "white", markeredgewidth=0.8, label=label,
        )  # fmt: skip


def draw_rests(ax: "Axes", rests: Sequence[Equilibrium]) -> None:
    """The rule's own equilibria, where w_adv and not w is a critical point."""
    label = r"rest: $\nabla L(w_{\mathrm{adv}})=0$"
    for rest in rests:
        if not rest.critical and rest.behaviour != "neutral":
            ax.plot(
                *rest.location, linestyle="", marker="D", markersize=3.6, markerfacecolor="white",
                markeredgecolor="#007A70", markeredgewidth=1.0, zorder=5.5, label=label,
            )  # fmt: skip
            label = "_"


def draw_trajectory(
    ax: "Axes",
    w: np.ndarray,
    look: RuleLook,
    *,
    w_adv: np.ndarray | None = None,
    spacing: float = 0.5,
    label: str = "_",
) -> None:
    """One trajectory, with its start as an open circle and its end as a filled marker.

    Args:
        ax: The axes.
        w: Iterates, shape (T, 2); NaN or infinite ones (after divergence) are left out.
        look: The rule's.
        w_adv: Perturbed points of the same iterates, shape (T, 2).
        spacing: Perturbed points are drawn where the path has moved this far since the last, and for its last two.
        label: For the legend.
    """
    finite = np.isfinite(w).all(axis=1)
    w = w[finite]
    ax.plot(*w.T, color=look.color, linewidth=1.0, zorder=4, label=label, solid_joinstyle="round")
    ax.plot(*w[0], marker="o", markersize=3.5, markerfacecolor="white", markeredgecolor=look.color, zorder=5, label="_")
    ax.plot(*w[-1], marker=look.marker, markersize=3.5, color=look.color, zorder=5, label="_")
    if w_adv is None:
        return
    chosen = _apart(w, spacing)
    w_adv = w_adv[finite]
    pairs = np.stack([w[chosen], w_adv[chosen], np.full((len(chosen), 2), np.nan)], axis=1).reshape(-1, 2)
    ax.plot(*pairs.T, color=look.color, linewidth=0.5, alpha=0.9, zorder=3.8, label="_")
    ax.plot(
        *w_adv[chosen].T, linestyle="", marker=".", markersize=3, color=look.color, zorder=3.9,
        label="_" if label == "_" else r"$w_{\mathrm{adv}}$",
    )  # fmt: skip


def _apart(w: np.ndarray, spacing: float) -> list[int]:
    """Places along a path that are `spacing` away from the one before, and the last two."""
    chosen, last = [0], w[0]
    for i in range(1, len(w)):
        if math.hypot(*(w[i] - last)) >= spacing:
            chosen.append(i)
            last = w[i]
    return sorted({*chosen, max(len(w) - 2, 0), len(w) - 1})
