"""One-dimensional cuts through a landscape of any dimension: between two points, or along a direction.

`cut_data` and `cut_along_data` compute, `draw_cut` draws, `cut` and `cut_along` do both.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

from .directions import FlatLoss, Loss, chosen_directions, flat_loss
from .style import figure, legend_below, paper
from .wording import set_title

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

COUNT = 301
"""Points on a cut."""
BATCH = 64
"""Points evaluated at once."""
COLORS = ("#222222", "#007A70")
"""Of the loss and of the curvature."""


def cut_data(
    landscape: Loss, w_from: Any, w_to: Any, over: Sequence[float] = (-1.0, 2.0), count: int = COUNT
) -> "xr.Dataset":
    """The loss on the line through two points, and its curvature along it.

        w(a) = (1 - a) w_from + a w_to,    l(a) = L(w(a))
        curvature = l''(a) / s^2,    second difference = (l(a+h) - 2 l(a) + l(a-h)) / (h s)^2,    s = |w_to - w_from|

    Args:
        landscape: A landscape of any dimension, or a function of parameters.
        w_from: Where a = 0, shape (d,), or any pytree that the loss takes.
        w_to: Where a = 1, arranged alike.
        over: The lowest and the highest a.
        count: Points on the cut, at least 3.
    Returns:
        A Dataset on `a`: `loss`, `slope` and `curvature` (by automatic differentiation, per unit length), and
        `second_difference` with the spacing h of the points, which also sees kinks. What is not finite stays so.
    Raises:
        ValueError: Points that coincide or do not fit, or a range or count that is none.
    """
    flat, (start, end) = flat_loss("cut", landscape, w_from, w_to)
    length = float(np.linalg.norm(end - start))
    if length == 0:
        raise ValueError("cut: w_from and w_to are the same point; give two, or a direction with cut_along")
    data = _evaluate("cut", flat, start, end - start, over, count, length)
    return data.assign_attrs(kind="between two points", landscape=flat.name, length=length)


def cut_along_data(
    landscape: Loss,
    w: Any,
    direction: Any = None,
    over: Sequence[float] = (-1.0, 1.0),
    count: int = COUNT,
    seed: int = 0,
) -> "xr.Dataset":
    """The loss on the line through a point along a direction, w(a) = w + a v with |v| = 1; else as `cut_data`.

    Args:
        landscape: A landscape of any dimension, or a function of parameters.
        w: Where a = 0, shape (d,), or any pytree that the loss takes.
        direction: None: the eigenvector of the largest Hessian eigenvalue; "random": from `seed`, uniform on the
            sphere; or a vector of any length, arranged like `w`.
        over: The lowest and the highest a, distances in the units of w.
        count: Points on the cut, at least 3.
        seed: Of a random direction.
    Raises:
        ValueError: A direction that is zero or does not fit, or a range or count that is none.
    """
    flat, (point,) = flat_loss("cut_along", landscape, w)
    wanted = direction if direction is None or isinstance(direction, str) else [direction]
    (along,), (name,) = chosen_directions("cut_along", flat, point, wanted, 1, seed)
    name = name.removesuffix(" 1") if name != "eigenvector 1" else "leading eigenvector of the Hessian"
    data = _evaluate("cut_along", flat, point, along, over, count, 1.0)
    return data.assign_attrs(kind=f"along the {name}", landscape=flat.name, length=1.0)


def check_range(caller: str, over: Any, count: int) -> tuple[float, float]:
    """The ends of a range.

    Raises:
        ValueError: Not two finite ascending numbers, or fewer than three points.
    """
    ends = np.asarray(over, float)
    if ends.shape != (2,) or not np.isfinite(ends).all() or not ends[0] < ends[1]:
        raise ValueError(f"{caller}: over = {over!r}: give (low, high) with low < high")
    if count < 3:
        raise ValueError(f"{caller}: count = {count}: it must be a whole number >= 3")
    return float(ends[0]), float(ends[1])


def _evaluate(
    caller: str, loss: FlatLoss, start: np.ndarray, along: np.ndarray, over: Any, count: int, length: float
) -> "xr.Dataset":
    import xarray as xr

    low, high = check_range(caller, over, count)
    a = np.linspace(low, high, count)
    h = a[1] - a[0]
    wider = np.concatenate([[low - h], a, [high + h]])
    values, slopes, curvatures = (np.asarray(x) for x in _on_line(loss, start, along.astype(start.dtype), wider))
    inner = slice(1, -1)
    with np.errstate(invalid="ignore", over="ignore"):
        differences = (values[2:] - 2 * values[1:-1] + values[:-2]) / (h * length) ** 2
    return xr.Dataset(
        {
            "loss": ("a", values[inner], {"long_name": "loss"}),
            "slope": ("a", slopes[inner] / length, {"long_name": "derivative along the cut, per unit length"}),
            "curvature": ("a", curvatures[inner] / length**2, {"long_name": "second derivative, per unit length"}),
            "second_difference": ("a", differences, {"long_name": "second difference, per unit length"}),
        },
        coords={"a": ("a", a, {"long_name": "place on the cut"})},
    )


@jax.jit
def _on_line(loss: FlatLoss, start: jax.Array, along: jax.Array, places: jax.Array) -> tuple[jax.Array, ...]:
    def value(a: jax.Array) -> jax.Array:
        return loss.value(start + a * along)

    def with_slope(a: jax.Array) -> tuple[jax.Array, jax.Array]:
        return jax.jvp(value, (a,), (jnp.ones_like(a),))

    def everything(a: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        (value_at, slope), (_, curvature) = jax.jvp(with_slope, (a,), (jnp.ones_like(a),))
        return value_at, slope, curvature

    return jax.lax.map(everything, places.astype(start.dtype), batch_size=BATCH)


def draw_cut(
    data: "xr.Dataset",
    *,
    ax: "Axes | None" = None,
    curvature: str | None = "curvature",
    title: str | None = None,
    legend: bool = True,
) -> "Axes":
    """A cut from its data: the loss, and on a second axis its curvature.

    Args:
        data: From `cut_data` or `cut_along_data`.
        ax: Axes to draw on; by default those of a new figure one column wide.
        curvature: "curvature", "second_difference" (sees kinks), or None: the loss alone.
        title: By default what is cut, and whether there is a barrier between two points.
        legend: Whether to put a legend under the axes.
    Returns:
        The axes of the loss.
    Raises:
        ValueError: An unknown curvature.
    """
    if curvature not in ("curvature", "second_difference", None):
        raise ValueError(f"draw_cut: curvature = {curvature!r}; choose curvature, second_difference or None")
    if ax is None:
        with paper():
            ax = figure(1, 0.8)[1]
            return draw_cut(data, ax=ax, curvature=curvature, title=title, legend=legend)
    a, loss = data["a"].values, data["loss"].values
    between = data.attrs["kind"] == "between two points"
    ax.plot(a, np.where(np.isfinite(loss), loss, np.nan), color=COLORS[0], label="loss $L$", zorder=3)
    for place in (0.0, 1.0) if between else (0.0,):
        if a[0] <= place <= a[-1]:
            height = np.interp(place, a, loss)
            ax.plot(place, height, "o", markersize=4.5, mfc="white", mec=COLORS[0], zorder=4)
    if curvature is not None:
        values = data[curvature].values
        second = ax.twinx()
        second.plot(a, np.where(np.isfinite(values), values, np.nan), color=COLORS[1], linestyle=(0, (4, 1.5)))
        second.axhline(0, color=COLORS[1], linewidth=0.4)
        second.set_ylabel(f"{curvature.replace('_', ' ')} along the cut", color=COLORS[1])
        ax.plot([], [], color=COLORS[1], linestyle=(0, (4, 1.5)), label=curvature.replace("_", " "))
        ax.set_zorder(second.get_zorder() + 1)  # the loss in front
        ax.patch.set_visible(False)
    label = (
        r"$\alpha$ in $(1-\alpha)\,w_{\mathrm{from}}+\alpha\,w_{\mathrm{to}}$" if between else r"distance $a$ from $w$"
    )
    ax.set(xlabel=label, ylabel="loss $L$", xlim=(a[0], a[-1]))
    ax.locator_params(axis="x", nbins=6)
    set_title(ax, heading(data) if title is None else title)
    if legend:
        legend_below(ax, 2)
    return ax


def barrier(data: "xr.Dataset") -> float:
    """How far the loss between the two points rises above the straight line between their losses; at least 0.

    Raises:
        ValueError: The cut is not one between two points, or does not reach them.
    """
    a, loss = data["a"].values, data["loss"].values
    if data.attrs["kind"] != "between two points" or a[0] > 0 or a[-1] < 1:
        raise ValueError("barrier: it needs a cut between two points over a range that holds both, 0 and 1")
    first, last = np.interp([0.0, 1.0], a, loss)
    inside = (a >= 0) & (a <= 1)
    return float(max(0.0, (loss - (1 - a) * first - a * last)[inside].max(initial=0.0)))


def heading(data: "xr.Dataset") -> str:
    """What is cut, and what is seen."""
    first = f"{data.attrs['landscape']}, {data.attrs['kind']}"
    if data.attrs["kind"] != "between two points" or data["a"][0] > 0 or data["a"][-1] < 1:
        return first
    height, loss = barrier(data), data["loss"].values
    span = np.ptp(loss[np.isfinite(loss)]) if np.isfinite(loss).any() else 0.0
    # below the rounding of the losses there is none
    return f"{first}\n" + (f"a barrier of {height:.3g}" if height > 1e-12 * max(span, 1e-300) else "no barrier")


def cut(
    landscape: Loss,
    w_from: Any,
    w_to: Any,
    over: Sequence[float] = (-1.0, 2.0),
    *,
    ax: "Axes | None" = None,
    count: int = COUNT,
    curvature: str | None = "curvature",
    title: str | None = None,
    legend: bool = True,
) -> "Axes":
    """The loss and its curvature on the line through two points; see `cut_data` and `draw_cut`. Returns the axes."""
    data = cut_data(landscape, w_from, w_to, over, count)
    return draw_cut(data, ax=ax, curvature=curvature, title=title, legend=legend)


def cut_along(
    landscape: Loss,
    w: Any,
    direction: Any = None,
    over: Sequence[float] = (-1.0, 1.0),
    *,
    ax: "Axes | None" = None,
    count: int = COUNT,
    seed: int = 0,
    curvature: str | None = "curvature",
    title: str | None = None,
    legend: bool = True,
) -> "Axes":
    """The loss and its curvature along a direction; see `cut_along_data` and `draw_cut`. Returns the axes."""
    data = cut_along_data(landscape, w, direction, over, count, seed)
    return draw_cut(data, ax=ax, curvature=curvature, title=title, legend=legend)
