"""Level sets of the potential that the initialisation selects (Andriushchenko and Flammarion 2022, Figure 5).

    phi_alpha(beta) = sum_j alpha^2 q(beta_j / alpha^2),    q(z) = 2 - sqrt(4 + z^2) + z arcsinh(z / 2)

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Section 4.2, Eq. (6).
"""

from typing import TYPE_CHECKING

import numpy as np

from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure


def potential(beta: np.ndarray, alpha: float) -> np.ndarray | np.floating:
    """phi_alpha over the last axis of `beta`, without cancellation at small beta / alpha^2."""
    z = np.asarray(beta) / alpha**2
    root = np.sqrt(4 + z**2)
    # 2 - sqrt(4 + z^2) = -z^2 / (2 + sqrt(4 + z^2))
    return (alpha**2 * (z * np.arcsinh(z / 2) - z**2 / (2 + root))).sum(axis=-1)


def level_radius(angle: float, alpha: float) -> float:
    """The distance from 0, in direction `angle`, of the level set through (1, 0)."""
    from scipy.optimize import root_scalar

    direction = np.array([np.cos(angle), np.sin(angle)])
    level = potential(np.array([1.0, 0.0]), alpha)

    def excess(radius: float) -> float:
        return float(potential(radius * direction, alpha) / level - 1)

    # convex and even in every coordinate: the level set lies between the unit "circles" of l1 and of the maximum norm
    return float(root_scalar(excess, bracket=(0.5, 1.5), method="brentq", xtol=1e-14, rtol=1e-14).root)


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Radii of the level sets by angle, and the p whose l_p sphere meets each on the diagonal."""
    import xarray as xr

    alphas, angles = np.array(settings["alpha"]), np.linspace(0, 2 * np.pi, settings["angles"])
    many = np.geomspace(*settings["scan"])
    radius = np.array([[level_radius(angle, alpha) for angle in angles] for alpha in alphas])
    progress(0.7)

    def exponent(alpha: float) -> float:
        # |b|^p + |b|^p = 1 where b = radius / sqrt(2)
        return float(np.log(2) / -np.log(level_radius(np.pi / 4, alpha) / np.sqrt(2)))

    return xr.Dataset(
        {
            "radius": (("alpha", "angle"), radius, {"long_name": "distance of the level set from 0"}),
            "p": (
                "alpha",
                [exponent(a) for a in alphas],
                {"long_name": "p of the l_p norm that agrees on the diagonal"},
            ),
            "p_scan": ("scan", [exponent(a) for a in many], {"long_name": "the same"}),
        },
        coords={"alpha": alphas, "angle": angles, "scan": ("scan", many, {"long_name": "scale of initialisation"})},
    )


def check(data: "xr.Dataset") -> list[Check]:
    """What Section 4.2 says of the figure."""
    angle, p = data["angle"].values, data["p_scan"].values
    c, s = abs(np.cos(angle)), abs(np.sin(angle))
    diamond = 1 / (c + s)
    radius = data["radius"].values
    own = data["p"].values
    ends = (float(data["scan"][0]), float(data["scan"][-1]))
    return [
        judge(
            "phi_alpha interpolates between the l1 and the l2 norms according to the scale alpha.",
            {
                "every level set lies between those of the two norms": bool(
                    ((radius >= diamond - 1e-9) & (radius <= 1 + 1e-9)).all()
                ),
                "p rises with alpha throughout": bool((np.diff(p) > 0).all()),
            },
            {
                **{f"p at alpha = {a:g}": float(v) for a, v in zip(data["alpha"].values, own)},
                "least distance outside the l1 set": float((radius - diamond).min()),
                "least distance inside the l2 set": float((1 - radius).min()),
            },
            "A level set leaves the region between the two norms.",
        ),
        judge(
            "Large alphas lead to low l2-type solutions, small alphas to low l1-type solutions.",
            {
                f"p is within 0.01 of 2 at alpha = {ends[1]:g}": bool(p[-1] > 1.99),
                f"p is within 0.05 of 1 at alpha = {ends[0]:g}": bool(p[0] < 1.05),
            },
            {f"p at alpha = {ends[0]:.3g}": float(p[0]), f"p at alpha = {ends[1]:.3g}": float(p[-1])},
            f"At alpha = {ends[0]:g} the level set is that of p = {p[0]:.3f}: the approach to l1 is only logarithmic.",
        ),
    ]


def draw(data: "xr.Dataset") -> "Figure":
    """The level sets with those of the two norms, and p against alpha."""
    from matplotlib import colormaps

    from .style import figure

    fig, (a, b) = figure(columns=2, aspect=0.47, cols=2)
    angle, alphas = data["angle"].values, data["alpha"].values
    c, s = np.cos(angle), np.sin(angle)
    diamond = 1 / (abs(c) + abs(s))
    handles = a.plot(diamond * c, diamond * s, color="#888888", linestyle=":", label=r"$\ell_1$")
    handles += a.plot(c, s, color="#888888", linestyle="--", label=r"$\ell_2$")
    colors = colormaps["viridis"](np.linspace(0.0, 0.85, len(alphas)))
    for alpha, color in zip(alphas, colors):
        radius = data["radius"].sel(alpha=alpha).values
        handles += a.plot(radius * c, radius * s, color=color, label=rf"$\alpha = {alpha:g}$")
        b.semilogx(alpha, data["p"].sel(alpha=alpha), "o", color=color, markersize=4, zorder=3)
    a.set_aspect("equal")
    a.set(xlabel=r"$\beta_1$", ylabel=r"$\beta_2$", title=r"(a) level sets of $\phi_\alpha$ through $(\pm 1, 0)$")
    b.semilogx(data["scan"], data["p_scan"], color="#444444", linewidth=1)
    b.axhline(1, color="#888888", linestyle=":", linewidth=1)
    b.axhline(2, color="#888888", linestyle="--", linewidth=1)
    b.set(
        xlabel=r"scale of initialisation $\alpha$", ylabel=r"$p$ of the $\ell_p$ norm that agrees on $\beta_1=\beta_2$"
    )
    b.set_title(r"(b) $\ell_2$ at large $\alpha$, slowly $\ell_1$ at small")
    fig.legend(handles=handles, loc="outside lower center", ncols=6)
    return fig


FIGURE = PaperFigure(
    name="andriushchenko2022-fig5",
    title="The initialisation scale selects between an l1-like and an l2-like potential",
    caption="(a) Level sets of phi_alpha in two dimensions, each at the value that passes through (1, 0), so that "
    "their shapes compare; at one common value their sizes differ by orders of magnitude. (b) The p whose l_p sphere "
    "meets the level set on the diagonal.",
    parameters={
        "alpha": Parameter((0.01, 0.1, 1.0, 10.0), "ours"),
        "angles": Parameter(361, "ours", "points on a level set"),
        "scan": Parameter((1e-4, 10.0, 61), "ours", "alphas of (b): low, high, number, log-spaced"),
    },
    compute=compute,
    check=check,
    draw=draw,
)

if __name__ == "__main__":
    run_alone(FIGURE)
