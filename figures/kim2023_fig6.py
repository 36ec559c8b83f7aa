"""Where lambda + rho lambda² is positive on Beale's function (Kim et al. 2023, Figure 6).

References:
    [1] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Section 4.2, Equation 10.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from .kim2023_beale import MINIMUM, SADDLE, WINDOW
from .layers import grid_of
from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Both Hessian eigenvalues on a grid over the window, ascending, and at the saddle; and SAM's flow there."""
    import jax
    import xarray as xr

    from ..dynamics.methods import make_rule
    from ..landscapes.beale import BEALE
    from ..landscapes.calculus import eigenvalues
    from .field import Field

    rho, count = settings["rho"], settings["grid"]
    x, y, points = grid_of(WINDOW, count)
    spectra = np.asarray(jax.jit(jax.vmap(eigenvalues, in_axes=(None, 0)))(BEALE, points)).reshape(count, count, 2)
    progress(0.7)
    flow = Field(BEALE, make_rule("usam", 1.0, rho=rho), flow=True)
    rates = np.sort(np.linalg.eigvals(flow.jacobian(SADDLE[None])[0]).real)
    return xr.Dataset(
        {
            "curvature": (("y", "x", "eigenvalue"), spectra, {"long_name": "Hessian eigenvalue", "units": "1"}),
            "at_saddle": ("eigenvalue", np.asarray(eigenvalues(BEALE, SADDLE)), {"long_name": "at (0, 1)"}),
            "flow_rates": ("eigenvalue", rates, {"long_name": "eigenvalues of the derivative of SAM's flow at (0, 1)"}),
        },
        coords={"x": x, "y": y, "eigenvalue": [1, 2]},
        attrs={"rho": rho},
    )


def quantity(data: "xr.Dataset") -> np.ndarray:
    """lambda + rho lambda² over (y, x, eigenvalue)."""
    spectra = data["curvature"].values
    return spectra + data.attrs["rho"] * spectra**2


def check(data: "xr.Dataset") -> list[Check]:
    """What Section 4.2 reads off the figure."""
    rho, values = data.attrs["rho"], quantity(data)
    both = (values > 0).all(axis=2)
    at_saddle = data["at_saddle"].values
    there = at_saddle + rho * at_saddle**2
    away = np.hypot(*np.meshgrid(data["x"].values - SADDLE[0], data["y"].values - SADDLE[1]))
    reach = float(away[~both].min(initial=np.inf))
    rates = data["flow_rates"].values
    return [
        judge(
            "For both eigenvalues of the Hessian, lambda + rho lambda² is positive near the saddle point at (0, 1).",
            {"positive at it": bool((there > 0).all()), "and up to a distance of 0.1": reach > 0.1},
            {
                **{f"lambda + rho lambda² at (0, 1) for lambda = {v:g}": t for v, t in zip(at_saddle, there)},
                "distance to the nearest point where one is not": reach,
                "radius from which both are positive at (0, 1)": float(-1 / at_saddle[0]),
                "share of the window where both are positive": float(both.mean()),
            },
            "One of the two is not positive there.",
        ),
        judge(
            "This indicates that the saddle point becomes an attractor.",
            {
                "the flow of Equation 5 contracts there in both directions": bool((rates < 0).all()),
                # sums of a dozen products of numbers up to 400, rounded to one part in 1e16 each
                "at the rates lambda + rho lambda²": bool(np.allclose(rates, np.sort(-there), rtol=1e-12)),
            },
            {f"eigenvalue {i} of the flow's derivative": float(rate) for i, rate in enumerate(rates, 1)},
            "The flow's derivative has another sign or size.",
        ),
    ]


def draw(data: "xr.Dataset") -> "Figure":
    """One panel per eigenvalue, the zero line in black."""
    from matplotlib.colors import SymLogNorm

    from .style import figure

    fig, axes = figure(columns=2, aspect=0.36, cols=2, sharey=True)
    values = quantity(data)
    top = float(10 ** np.ceil(np.log10(values.max())))
    norm = SymLogNorm(linthresh=0.02, linscale=2, vmin=-top, vmax=top)
    image: Any = None
    for i, (ax, words) in enumerate(zip(axes, ("smaller", "larger"))):
        image = ax.pcolormesh(
            data["x"], data["y"], values[..., i], cmap="RdBu_r", norm=norm, shading="nearest", rasterized=True
        )
        ax.contour(data["x"], data["y"], values[..., i], levels=[0.0], colors="black", linewidths=0.8)
        marks = {"linestyle": "", "markeredgecolor": "black"}
        ax.plot(*SADDLE, marker="X", markersize=7, color="white", label="saddle (0, 1)", **marks)
        ax.plot(*MINIMUM, marker="*", markersize=11, color="#F0D000", label="minimum (3, 1/2)", **marks)
        ax.plot([], [], color="black", linewidth=0.8, label=r"$\lambda+\rho\lambda^2=0$")
        ax.set(xlim=WINDOW[0], ylim=WINDOW[1], xlabel="$x$")
        ax.set_title(rf"({'ab'[i]}) {words} eigenvalue $\lambda_{i + 1}$")
    axes[0].set_ylabel("$y$")
    axes[1].tick_params(labelleft=False)
    ticks = [-1, 0, 1, 100, 1e4, 1e6]
    bar = fig.colorbar(image, ax=axes, label=r"$\lambda+\rho\lambda^2$", ticks=ticks, aspect=25, pad=0.01)
    bar.ax.set_ylim(-2, top)
    handles, labels = axes[0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=3)
    return fig


FIGURE = PaperFigure(
    name="kim2023-fig6",
    title="λ + ρλ² is positive near the saddle of Beale's function, as nearly everywhere",
    caption="lambda + rho lambda² over the window of Figure 1 for both Hessian eigenvalues, rho = {rho}, on a "
    "symmetric logarithmic colour scale; it is negative only where -1/rho < lambda < 0, between the black lines. The "
    "run of Figure 1 has normalised ascent, for which rho over the gradient's norm stands in place of rho.",
    parameters={
        "rho": Parameter(0.5, "ours", "that of Figure 1"),
        "grid": Parameter(241, "ours", "points each way"),
    },
    budgets={"quick": {"grid": 161}},
    compute=compute,
    check=check,
    draw=draw,
    depends=("kim2023_beale", "field"),
)

if __name__ == "__main__":
    run_alone(FIGURE)
