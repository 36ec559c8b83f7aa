"""Beale's function as Figures 1 to 4 of Kim et al. (2023) use it: window, run, basin boundary, contours.

References:
    [1] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Section 4.1.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from .layers import CONTOURS, grid_of
from .paper_figure import Parameter, Settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..dynamics.records import Trajectories

SADDLE = np.array([0.0, 1.0])
MINIMUM = np.array([3.0, 0.5])
WINDOW = ((-1.5, 3.7), (-0.5, 2.7))
RUN = {
    "start": Parameter((1.0, 2.0), "code", "drawn in the paper, not stated"),
    "eta": Parameter(1e-4, "paper"),
    "rho": Parameter(0.5, "code", "ascent along the normalised gradient"),
    "steps": Parameter(100_000, "code"),
}
"""The set-up of the run that Figures 1, 3 and 4 show."""
CODE = {"eta": Parameter(1.25e-5, "code", "the code divides its rate of 1e-3 by 80")}
"""Where the public code differs."""


def run(settings: Settings, rules: tuple[str, ...], observables: tuple[str, ...], steps: int) -> "Trajectories":
    """Rules out of ("gd", "sam") from the start, in float64, every step recorded."""
    from ..dynamics.methods import make_rule
    from ..dynamics.trajectories import trajectories
    from ..landscapes.beale import BEALE

    made = [
        make_rule("sam", settings["eta"], rho=settings["rho"]) if name == "sam" else make_rule(name, settings["eta"])
        for name in rules
    ]
    return trajectories(BEALE, made, settings["start"], steps, observables=observables)


def loss_grid(window: Any, count: int = 161) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x and y, shape (count,), and the loss there, shape (count, count), y first."""
    import jax

    from ..landscapes.beale import BEALE

    x, y, points = grid_of(window, count)
    return x, y, np.asarray(jax.jit(jax.vmap(BEALE.value))(points)).reshape(count, count)


def draw_contours(ax: "Axes", x: Any, y: Any, loss: Any) -> None:
    """The public code's contours: 40 levels, from 1 to 1e5 in the logarithm of the loss + 1.1."""
    ax.contour(x, y, loss, levels=np.geomspace(1, 1e5, 40) - 1.1, colors=CONTOURS, linewidths=0.4, zorder=1)


def manifolds_of_saddle(window: Any) -> tuple[np.ndarray, list[np.ndarray]]:
    """The stable manifold of the saddle (0, 1) under gradient flow, and both branches of the unstable one.

    Returns:
        The stable manifold from its lower to its upper end, shape (N, 2). It bounds the basin of the minimum: points to
        its right flow to (3, 1/2), points to its left run off to the upper left, where the loss falls towards 0.452 and
        no minimum is. Then two curves from the saddle outwards.
    """
    from ..landscapes.beale import BEALE
    from .equilibria import equilibria
    from .field import Field
    from .manifolds import manifolds

    flow = Field(BEALE, flow=True)
    branches = manifolds(flow, equilibria(flow, window, np.stack([SADDLE, MINIMUM])), window)
    one, other = sorted((b.points for b in branches if b.stable), key=lambda points: points[-1, 1])
    return np.concatenate([one[::-1], other[1:]]), [b.points for b in branches if not b.stable]


def distance_right_of(curve: np.ndarray, points: np.ndarray) -> np.ndarray:
    """How far points are from a curve that runs upwards, positive to its right and negative to its left, shape (N,).

    Args:
        curve: Shape (M, 2).
        points: Shape (N, 2), nearer to the curve than to what would continue it beyond its ends.
    """
    begin, along = curve[:-1], np.diff(curve, axis=0)
    length = (along**2).sum(axis=1)
    distances = np.empty(len(points))
    for low in range(0, len(points), 4096):  # a distance to every segment each: in blocks that stay small
        offset = points[low : low + 4096, None] - begin
        share = np.clip((offset * along).sum(axis=2) / length, 0, 1)
        square = ((offset - share[..., None] * along) ** 2).sum(axis=2)
        nearest = square.argmin(axis=1)
        row = np.arange(len(offset))
        turn = along[nearest, 0] * offset[row, nearest, 1] - along[nearest, 1] * offset[row, nearest, 0]
        distances[low : low + 4096] = -np.copysign(np.sqrt(square[row, nearest]), turn)
    return distances
