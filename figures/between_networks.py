"""Pictures of the loss between two networks: on the line with its second differences, on a plane, after a switch.

The measurements are those of `cifar.interpolation`, `cifar.slices2d` and `cifar.escape`; here they become data and
pictures in the form of Zhou et al. (2025).

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training. Figures
        4 (b), 4 (c), 14 and 16.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from .slices import draw_slice

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..cifar.escape import Escape
    from ..cifar.interpolation import Line
    from ..cifar.slices2d import Plane


def line_data(line: "Line", h: float, ends: tuple[str, str], scale: str = "derivative", **attrs: Any) -> "xr.Dataset":
    """Loss, error and second difference on the line from one network (lambda = 0) to another (1).

    Args:
        line: From `cifar.interpolation.interpolate`, on an even grid.
        h: Of the second difference, a multiple of the grid's spacing.
        ends: What the two networks are called.
        scale: "derivative" or "printed"; see `cifar.interpolation.second_differences`.
        attrs: What else is to be known.
    Raises:
        ValueError: See `second_differences`.
    """
    import xarray as xr

    from ..cifar.interpolation import second_differences

    second = np.full(line.lambdas.shape, np.nan)
    places, values = second_differences(line.lambdas, line.loss, h, scale)
    second[np.searchsorted(line.lambdas, places)] = values
    return xr.Dataset(
        {
            "loss": ("lambda", line.loss, {"long_name": "loss", "units": "1"}),
            "error": ("lambda", line.error, {"long_name": "share of wrong answers", "units": "1"}),
            "second": ("lambda", second, {"long_name": "second difference", "units": "1"}),
        },
        coords={"lambda": line.lambdas},
        attrs={"h": h, "scale": scale, "first": ends[0], "last": ends[1], **attrs},
    )


def draw_line(data: "xr.Dataset") -> "Figure":
    """Loss and second difference against lambda, one above the other."""
    from .style import figure, paper

    with paper():
        fig, (top, bottom) = figure(columns=1, aspect=1.05, rows=2, sharex=True)
        at, color = data["lambda"].values, "#444444"
        for ax, name in ((top, "loss"), (bottom, "second")):
            ax.plot(at, data[name], color=color, linewidth=1.1, marker=".", markersize=3)
        for place, marker, shade, label in ((0.0, "s", "#D94202", "first"), (1.0, "o", "#222222", "last")):
            near = int(np.abs(at - place).argmin())
            if abs(at[near] - place) < 1e-9:
                for ax, name in ((top, "loss"), (bottom, "second")):
                    text = data.attrs[label] if ax is top else None
                    height = float(data[name][near])
                    ax.plot(at[near], height, linestyle="", marker=marker, color=shade, label=text, zorder=4)
        bottom.axhline(0, color="#BBBBBB", linewidth=0.6, zorder=0)
        top.set(ylabel=r"loss $L(w_\lambda)$", yscale="log" if _spans(data["loss"].values) else "linear")
        power = " as printed" if data.attrs["scale"] == "printed" else ""
        bottom.set(xlabel=r"interpolation $\lambda$", ylabel=rf"$L''(w_\lambda)${power}")
        top.set_title("between two networks")
        top.legend(loc="best")
        return fig


def plane_data(plane: "Plane", names: tuple[str, str], **attrs: Any) -> "xr.Dataset":
    """A plane of losses in the arrangement that `figures.slices.draw_slice` draws.

    Args:
        plane: From `cifar.slices2d.slice_plane`.
        names: Of the network at (0, 0) and that at (1, 0).
        attrs: What else is to be known.
    """
    import xarray as xr

    return xr.Dataset(
        {
            "loss": (("q", "p"), plane.loss, {"long_name": "loss", "units": "1"}),
            "place": (("point", "direction"), np.array([[0.0, 0.0], [1.0, 0.0]])),
        },
        coords={
            "p": ("p", plane.alpha, {"long_name": f"of the way to {names[1]}"}),
            "q": ("q", plane.beta, {"long_name": "of a random direction"}),
        },
        attrs={"landscape": f"around {names[0]}", "kind": "filters normalised", **attrs},
    )


def draw_plane(data: "xr.Dataset") -> "Axes":
    """The plane with contours at the quantiles of the loss; its sides have units of their own."""
    from .style import figure, paper

    with paper():
        ax = draw_slice(data, ax=figure(columns=1, aspect=0.85)[1])
        ax.set_aspect("auto")
        return ax


def escape_data(escape: "Escape", **attrs: Any) -> "xr.Dataset":
    """Losses after a switch, trial by trial."""
    import xarray as xr

    return xr.Dataset(
        {name: (("trial", "step"), values, {"units": "1"}) for name, values in escape.measured.items()},
        coords={"step": escape.steps},
        attrs=attrs,
    )


def draw_escape(data: "xr.Dataset") -> "Figure":
    """Every measure against the step after the switch: trials in grey, their mean in colour."""
    from .style import figure, paper

    names = [str(name) for name in data.data_vars]
    with paper():
        fig, axes = figure(columns=2, aspect=0.4, cols=len(names), squeeze=False)
        for ax, name in zip(axes[0], names, strict=True):
            ax.plot(data["step"], data[name].T, color="#999999", linewidth=0.4, alpha=0.5, zorder=1)
            ax.plot(data["step"], data[name].mean("trial"), color="#D94202", linewidth=1.4, zorder=2)
            ax.set(xlabel="update after the switch", ylabel=name.replace("_", " "), yscale="log")
            ax.set_title(f"{data.sizes['trial']} trials and their mean")
        return fig


def _spans(values: np.ndarray) -> bool:
    """Whether positive values span two decades, which a linear axis would hide."""
    finite = values[np.isfinite(values)]
    return bool(finite.size and finite.min() > 0 and finite.max() > 100 * finite.min())
