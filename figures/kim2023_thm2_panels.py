"""The panels of the figure on Theorems 2 and 3 of Kim et al. (2023), from its data."""

from typing import TYPE_CHECKING, Any

import numpy as np

from .kim2023_laws import CURVATURE, equation_14, rate, variance, variance_with_momentum
from .style import figure, outcome_look

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

SHADES = ("#222222", "#EBA51C", "#D94202", "#743A5C", "#2585F2")
"""By radius, the first for none."""
PLACE_COLORS = {"saddle": outcome_look("saddle").color, "minimum": outcome_look("minimum 1").color}


def draw_panels(data: "xr.Dataset") -> "Figure":
    """Variance against time at both places, for both drifts; with momentum, over Equation 14."""
    fig, axes = figure(columns=2, aspect=0.42, cols=3)
    for ax, place, letter in zip(axes, CURVATURE, "ab"):
        _draw_variances(ax, data.sel(place=place), place)
        ax.set_title(rf"({letter}) {place}, $\lambda={CURVATURE[place]:g}$")
    axes[0].set_yscale("log")
    grey: dict[str, Any] = {"color": "#777777", "markersize": 3, "linewidth": 0.9}
    axes[0].plot([], [], "o-", label="drift of Eq. 11", **grey)
    axes[0].plot([], [], "D--", markerfacecolor="white", label="drift of the proof, Eq. 12", **grey)
    _draw_momentum(axes[2], data)
    handles, labels = axes[0].get_legend_handles_labels()
    order = np.argsort(["drift" in label for label in labels], kind="stable")
    fig.legend([handles[i] for i in order], [labels[i] for i in order], loc="outside lower center", ncols=len(labels))
    return fig


def _draw_variances(ax: Any, here: "xr.Dataset", place: str) -> None:
    eta, t, lam = here.attrs["eta"], here["time"].values, CURVATURE[place]
    fine = np.linspace(0, t[-1], 200)[1:]
    for rho, color in zip(here["rho"].values, SHADES):
        for drift, marker, fill, line in (("printed", "o", color, "-"), ("composed", "D", "white", "--")):
            if rho == 0 and drift == "composed":
                continue
            law = variance(eta, lam, rate(lam, rho, drift), fine)
            ax.plot(fine, law / eta, color=color, linestyle=line, linewidth=0.9)
            label = "_" if drift == "composed" else "SGD" if rho == 0 else rf"$\rho={rho:g}$"
            found = here.sel(drift=drift, rho=rho)
            ax.errorbar(
                t, found["variance"] / eta, 3 * found["error"] / eta, color=color, marker=marker, markersize=3,
                markerfacecolor=fill, linestyle="", label=label,
            )  # fmt: skip
    ax.set(xlabel="time $t$", ylabel=r"variance / $\eta$")


def _draw_momentum(ax: Any, data: "xr.Dataset") -> None:
    eta, rho, scaled = data.attrs["eta"], data.attrs["rho_momentum"], data["friction_time"].values
    fine = np.geomspace(scaled[0], scaled[-1], 200)
    for place, lam in CURVATURE.items():
        color = PLACE_COLORS[place]
        for gamma, marker, line in zip(data["gamma"].values, "os", ("-", "--")):
            here, unit = data.sel(place=place, gamma=gamma), eta / (1 - gamma)
            below = equation_14(eta, lam, rho, gamma, scaled * unit, scaled * unit / eta)
            ax.errorbar(
                scaled, here["variance_momentum"] / below, 3 * here["error_momentum"] / below, color=color,
                marker=marker, markersize=3, linestyle="", label=rf"{place}, $\gamma={gamma:g}$",
            )  # fmt: skip
            solved = variance_with_momentum(eta, lam, rate(lam, rho, "composed"), gamma, fine * unit)
            law = equation_14(eta, lam, rho, gamma, fine * unit, fine * unit / eta)
            ax.plot(fine, solved / law, color=color, linestyle=line, linewidth=0.9)
    ax.axhline(1, color="#888888", linewidth=0.7)
    ax.set(xscale="log", ylim=(0, 1.5), xlabel=r"$(1-\gamma)\,t/\eta$", ylabel="variance over Eq. 14")
    ax.set_title(rf"(c) with momentum, $\rho={rho:g}$")
    ax.legend(loc="upper left", bbox_to_anchor=(0.02, 0.99))
