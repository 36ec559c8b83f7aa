"""Recorded trajectories: over the contours of a landscape of two coordinates, else their loss against the step."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..dynamics.records import Trajectories
from ..landscapes.landscape import Landscape
from .layers import draw_contours, draw_critical_points, draw_trajectory
from .portrait import points_in, window_of
from .style import figure, legend_below, paper, rule_look
from .wording import heading, symbols

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..dynamics.rule import UpdateRule


def paths(
    landscape: Landscape,
    rule: "UpdateRule",
    recorded: Trajectories,
    *,
    ax: "Axes | None" = None,
    window: Sequence[Sequence[float]] | None = None,
) -> "Axes":
    """Draw what was recorded; nothing is run.

    Args:
        landscape: The one that was descended.
        rule: The rule that descended it, for the heading and the colour.
        recorded: One rule and one setting from any number of starts, records by step, with "w" (two coordinates; with
            "w_adv" the perturbed points too) or "loss" (any other number).
        ax: Axes to draw on; by default those of a new figure one column wide.
        window: ((low, high), (low, high)); by default the landscape's domain.
    Returns:
        The axes.
    Raises:
        ValueError: The records have an axis of rules or settings, or no axis of steps.
    """
    if recorded.variables["loss"].dims != ("start", "step"):
        raise ValueError(
            f"paths: records have axes {recorded.variables['loss'].dims}, not (start, step); select one run"
        )
    with paper():
        ax = figure(1, 1.1 if landscape.dimension == 2 else 0.75)[1] if ax is None else ax
        assert ax is not None  # `figure` gave one
        look = rule_look(rule)
        ax.set_title(heading(landscape, rule, False))
        if landscape.dimension != 2:
            for i, loss in enumerate(recorded["loss"]):
                ax.plot(recorded["step"], loss, color=look.color, label=look.label if i == 0 else "_")
            ax.set(xlabel="step $t$", ylabel="loss $L(w_t)$")
            return ax
        limits = window_of(landscape, window)
        x, y = symbols(landscape)
        draw_contours(ax, landscape, limits)
        for i, (w, w_adv) in enumerate(zip(recorded["w"], recorded["w_adv"], strict=True)):
            shown = None if np.array_equal(w, w_adv, equal_nan=True) else w_adv
            draw_trajectory(ax, w, look, w_adv=shown, label=f"{look.label}: iterates $w$" if i == 0 else "_")
        draw_critical_points(ax, points_in(landscape, limits), limits)
        ax.set(xlim=limits[0], ylim=limits[1], xlabel=f"${x}$", ylabel=f"${y}$")
        legend_below(ax, 2)
        return ax
