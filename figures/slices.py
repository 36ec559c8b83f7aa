"""Two-dimensional slices through a landscape of any dimension: through three points, or along two directions.

`slice_through_data` and `slice_along_data` compute, `draw_slice` draws, `slice_through` and `slice_along` do both.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import jax
import numpy as np

from .cuts import BATCH, check_range
from .directions import FlatLoss, Loss, chosen_directions, flat_loss, orthonormal
from .style import figure, paper
from .wording import set_title

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

COUNT = 121
"""Points along each side of a slice."""
MARGIN = 0.35
"""How far a slice reaches beyond its three points, as a share of their extent."""
LEVELS = 20
"""Bands of the loss, of equal areas."""


def slice_through_data(
    landscape: Loss, points: Sequence[Any], over: Sequence[Sequence[float]] | None = None, count: int = COUNT
) -> "xr.Dataset":
    """The loss on the plane through three points.

        w(p, q) = w_0 + p e_1 + q e_2,   e_1 along w_1 - w_0,   e_2 orthogonal to it towards w_2,   |e_1| = |e_2| = 1

    Args:
        landscape: A landscape of two or more coordinates, or a function of parameters.
        points: w_0, w_1, w_2: each of shape (d,), or any pytree that the loss takes.
        over: ((low, high), (low, high)) for p and q in the units of w; by default what holds the points, and a margin.
        count: Points along each side, at least 3.
    Returns:
        A Dataset on (q, p): `loss`; `directions` (direction, coordinate), `origin` (coordinate), and `place`
        (point, direction) of the three points in the plane. What is not finite stays so.
    Raises:
        ValueError: Not three points, points on one line, or a range or count that is none.
    """
    if len(points) != 3:
        raise ValueError(f"slice_through: {len(points)} points given; a plane goes through 3")
    flat, (w0, w1, w2) = flat_loss("slice_through", landscape, *points)
    try:
        axes = orthonormal("slice_through", [w1 - w0, w2 - w0])
    except ValueError:
        raise ValueError("slice_through: the three points lie on one line; give others, or a cut") from None
    place = np.array([axes @ (w - w0) for w in (w0, w1, w2)])
    if over is None:
        low, high = place.min(axis=0), place.max(axis=0)
        reach = MARGIN * (high - low).max()
        over = tuple(zip(low - reach, high + reach, strict=True))
    names = ["along $w_1-w_0$", "orthogonal to it, towards $w_2$"]
    return _evaluate("slice_through", flat, w0, axes, names, over, count, place, "the plane through three points")


def slice_along_data(
    landscape: Loss,
    w: Any,
    directions: Any = None,
    over: Sequence[Sequence[float]] | Sequence[float] = (-1.0, 1.0),
    count: int = COUNT,
    seed: int = 0,
) -> "xr.Dataset":
    """The loss on the plane through a point along two directions, made orthonormal; else as `slice_through_data`.

    Args:
        landscape: A landscape of two or more coordinates, or a function of parameters.
        w: The point, shape (d,), or any pytree that the loss takes.
        directions: None: the eigenvectors of the two largest Hessian eigenvalues; "random": from `seed`; or two
            directions arranged like `w`, of which the second is made orthogonal to the first.
        over: (low, high) for both, or ((low, high), (low, high)), in the units of w.
        count: Points along each side, at least 3.
        seed: Of random directions.
    Raises:
        ValueError: Directions that are parallel or do not fit, or a range or count that is none.
    """
    flat, (point,) = flat_loss("slice_along", landscape, w)
    axes, names = chosen_directions("slice_along", flat, point, directions, 2, seed)
    both = over if np.ndim(over) == 2 else (over, over)
    names = [f"along {name}" for name in names]
    kind = f"the plane of {'the leading eigenvectors' if directions is None else 'two directions'}"
    return _evaluate("slice_along", flat, point, axes, names, both, count, np.zeros((1, 2)), kind)


def _evaluate(
    caller: str,
    loss: FlatLoss,
    origin: np.ndarray,
    axes: np.ndarray,
    names: list[str],
    over: Any,
    count: int,
    place: np.ndarray,
    kind: str,
) -> "xr.Dataset":
    import xarray as xr

    if np.shape(over) != (2, 2):
        raise ValueError(f"{caller}: over = {over!r}: give ((low, high), (low, high))")
    sides = [np.linspace(*check_range(caller, ends, count), count) for ends in over]
    grid = np.stack(np.meshgrid(*sides, indexing="xy"), axis=-1).reshape(-1, 2)
    values = np.asarray(_on_plane(loss, origin, axes.astype(origin.dtype), grid)).reshape(count, count)
    return xr.Dataset(
        {
            "loss": (("q", "p"), values, {"long_name": "loss"}),
            "directions": (("direction", "coordinate"), axes),
            "origin": ("coordinate", origin),
            "place": (("point", "direction"), place),
        },
        coords={"p": ("p", sides[0], {"long_name": names[0]}), "q": ("q", sides[1], {"long_name": names[1]})},
        attrs={"kind": kind, "landscape": loss.name},
    )


@jax.jit
def _on_plane(loss: FlatLoss, origin: jax.Array, axes: jax.Array, places: jax.Array) -> jax.Array:
    return jax.lax.map(lambda at: loss.value(origin + at @ axes), places.astype(origin.dtype), batch_size=BATCH)


def draw_slice(
    data: "xr.Dataset", *, ax: "Axes | None" = None, title: str | None = None, colorbar: bool = True
) -> "Axes":
    """A slice from its data: contours at the quantiles of the loss, with the points that it goes through.

    Args:
        data: From `slice_through_data` or `slice_along_data`.
        ax: Axes to draw on; by default those of a new figure one column wide.
        title: By default what is sliced.
        colorbar: Whether to put the loss's scale beside the axes.
    Returns:
        The axes.
    Raises:
        ValueError: The loss is finite nowhere on the slice.
    """
    if ax is None:
        with paper():
            ax = figure(1, 0.85)[1]
            return draw_slice(data, ax=ax, title=title, colorbar=colorbar)
    loss = np.ma.masked_invalid(data["loss"].values)
    if loss.count() == 0:
        raise ValueError("draw_slice: the loss is finite nowhere on the slice; choose another range (over)")
    from matplotlib.colors import BoundaryNorm

    # as much of the plane between any two contours: a bowl of a few units shows beside walls of thousands
    levels = np.unique(np.quantile(loss.compressed(), np.linspace(0, 1, LEVELS + 1)))
    if levels.size < 2:
        levels = np.array([levels[0], levels[0] + 1.0])
    p, q = data["p"].values, data["q"].values
    filled = ax.contourf(p, q, loss, levels=levels, cmap="viridis", norm=BoundaryNorm(levels, 256))
    ax.contour(p, q, loss, levels=levels, colors="white", linewidths=0.25)
    if colorbar:
        shown = list(levels[:: max(1, levels.size // 6)])
        bar = ax.figure.colorbar(filled, cax=ax.inset_axes((1.03, 0, 0.045, 1)), label="loss $L$", ticks=shown)
        bar.ax.set_yticklabels([f"{level:.3g}".replace("-", "−") for level in shown])
        bar.ax.minorticks_off()
    place = data["place"].values
    ax.plot(*place.T, linestyle="", marker="o", markersize=5, mfc="white", mec="#222222", zorder=4)
    for k, at in enumerate(place):
        name = f"$w_{k}$" if len(place) > 1 else "$w$"
        ax.annotate(name, at, (4, 4), textcoords="offset points", color="white", fontweight="bold", zorder=5)
    ax.set(xlabel=f"$p$ {data['p'].attrs['long_name']}", ylabel=f"$q$ {data['q'].attrs['long_name']}")
    ax.locator_params(nbins=6)
    ax.set_aspect("equal", adjustable="box")
    set_title(ax, f"{data.attrs['landscape']}, {data.attrs['kind']}" if title is None else title)
    return ax


def slice_through(
    landscape: Loss,
    points: Sequence[Any],
    over: Sequence[Sequence[float]] | None = None,
    *,
    ax: "Axes | None" = None,
    count: int = COUNT,
    title: str | None = None,
    colorbar: bool = True,
) -> "Axes":
    """The loss on the plane through three points; see `slice_through_data` and `draw_slice`. Returns the axes."""
    return draw_slice(slice_through_data(landscape, points, over, count), ax=ax, title=title, colorbar=colorbar)


def slice_along(
    landscape: Loss,
    w: Any,
    directions: Any = None,
    over: Sequence[Sequence[float]] | Sequence[float] = (-1.0, 1.0),
    *,
    ax: "Axes | None" = None,
    count: int = COUNT,
    seed: int = 0,
    title: str | None = None,
    colorbar: bool = True,
) -> "Axes":
    """The loss on the plane of two directions; see `slice_along_data` and `draw_slice`. Returns the axes."""
    data = slice_along_data(landscape, w, directions, over, count, seed)
    return draw_slice(data, ax=ax, title=title, colorbar=colorbar)
