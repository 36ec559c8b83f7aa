"""The diffusion of SAM at a saddle and at a minimum against Theorems 2 and 3 of Kim et al. (2023).

References:
    [1] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Theorems 2 and 3, Corollary 1.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from .kim2023_laws import CURVATURE, DRIFTS, PLACES, equation_14, rate, variance, variance_with_momentum
from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Variances of ensembles with their standard errors, with and without momentum."""
    import jax
    import xarray as xr

    from ..dynamics.diffusion import diffusion
    from ..landscapes.quadratic import quadratic

    key, eta, paths = jax.random.key(settings["seed"]), settings["eta"], settings["paths"]

    def ensemble(place: str, times: np.ndarray, dt: float, **more: Any) -> np.ndarray:
        eigenvalues, chosen = PLACES[place]
        run = diffusion(
            quadratic(eigenvalues), np.zeros((1, 2)), times, dt,
            eta=eta, key=key, paths=paths, covariance=np.diag(np.abs(eigenvalues)), **more,
        )  # fmt: skip
        return np.stack([run[name].values[0, :, chosen, chosen] for name in ("covariance", "covariance_error")])

    radii, gammas = settings["rho"], settings["gamma"]
    times = np.linspace(*settings["time"])
    plain = np.empty((2, 2, 2, len(radii), len(times)))
    scaled = np.array(settings["friction_times"])
    heavy = np.empty((2, 2, len(gammas), len(scaled)))
    limits = settings["gamma_limit"]
    early = np.empty((2, 2, len(limits)))
    batch = np.empty(2)
    for i, place in enumerate(PLACES):
        for j, drift in enumerate(DRIFTS):
            for k, rho in enumerate(radii):
                same = j > 0 and rho == 0  # without a radius there is one drift
                run = None if same else ensemble(place, times, settings["dt"], rho=rho, drift=drift)
                plain[:, i, j, k] = plain[:, i, 0, k] if run is None else run
            progress((i + (j + 1) / 3) / 2)
        more: dict[str, Any] = {"rho": settings["rho_momentum"], "drift": "composed"}
        for k, gamma in enumerate(gammas):
            unit = eta / (1 - gamma)
            heavy[:, i, k] = ensemble(place, scaled * unit, unit / 200, momentum=gamma, **more)
        soon = np.array([settings["soon"]])
        for k, gamma in enumerate(limits):
            early[:, i, k] = ensemble(place, soon, settings["soon"] / 200, momentum=gamma, **more)[:, 0]
        batch[i] = ensemble(place, soon, settings["soon"] / 200, momentum=limits[1], batch_size=4, **more)[0, 0]
        progress((i + 1) / 2)
    dims, ends = ("place", "drift", "rho", "time"), ("place", "gamma", "friction_time")
    return xr.Dataset(
        {
            "variance": (dims, plain[0], {"long_name": "variance along the eigenvector", "units": "1"}),
            "error": (dims, plain[1], {"long_name": "its standard error", "units": "1"}),
            "variance_momentum": (ends, heavy[0]),
            "error_momentum": (ends, heavy[1]),
            "variance_soon": (("place", "gamma_limit"), early[0]),
            "error_soon": (("place", "gamma_limit"), early[1]),
            "variance_batch_4": ("place", batch),
        },
        coords={
            "place": list(PLACES), "drift": list(DRIFTS), "rho": list(radii), "gamma": list(gammas),
            "gamma_limit": list(limits), "time": times,
            "friction_time": ("friction_time", scaled, {"long_name": "phi t, phi = (1 - gamma) / eta"}),
        },
        attrs={"eta": eta, "paths": paths, "rho_momentum": settings["rho_momentum"], "soon": settings["soon"]},
    )  # fmt: skip


def check(data: "xr.Dataset") -> list[Check]:
    """Theorem 2, Corollary 1 and Theorem 3."""
    eta, t, radii = data.attrs["eta"], data["time"].values, data["rho"].values
    off, law, last, gaps, ratios = {}, {}, {}, {}, {}
    for place, lam in CURVATURE.items():
        here = data.sel(place=place)
        for drift in DRIFTS:
            found, error = here["variance"].sel(drift=drift).values, here["error"].sel(drift=drift).values
            printed = np.stack([variance(eta, lam, rate(lam, r, "composed"), t) for r in radii])
            own = np.stack([variance(eta, lam, rate(lam, r, drift), t) for r in radii])
            off[place, drift] = float(np.abs((found - printed) / error)[1:].max())
            law[place, drift] = float(np.abs((found - own) / error).max())
            last[place, drift] = [float(x) for x in (found / printed)[:, -1]]
            gaps[place, drift] = found[0] - found
            ratios[place, drift] = float(gaps[place, drift][2, 0] / (2 * eta * t[0] ** 2 * abs(lam) ** 3 * radii[2]))
    kurtosis = 1 + data.attrs["paths"] * (data["error"] / data["variance"]).values ** 2
    strangest = float(kurtosis.ravel()[np.abs(kurtosis - 3).argmax()])
    grows = {key: bool((np.diff(gap[:, -1]) > 0).all()) for key, gap in gaps.items()}
    smaller = {key: bool((gap[1:] > 0).all()) for key, gap in gaps.items()}
    beyond = radii > 1
    escape = data["variance"].sel(place="saddle", drift="printed").values[beyond, -1] / eta
    bounds = [0.5 / rate(-1.0, r, "printed") for r in radii[beyond]]
    return [
        judge(
            "Theorem 2: under Equation 11 the variance is that of Equation 12, for rho > 0.",
            {f"within 5 standard errors at the {place}": off[place, "printed"] < 5 for place in PLACES},
            {
                **{f"largest deviation in standard errors, {p}": off[p, "printed"] for p in PLACES},
                **{f"variance over Equation 12 at the last time, {p}, by rho": last[p, "printed"] for p in PLACES},
                **{f"largest deviation from lambda (1 + rho lambda), {p}": law[p, "printed"] for p in PLACES},
            },
            "Equations 6 and 11 take the gradient at w^p, which is H (I + rho H) w; the proof differentiates "
            "w -> l(w^p(w)) and finds H (I + rho H)² w. The variance is met with lambda (1 + rho lambda) in place of "
            "lambda (1 + rho lambda)².",
        ),
        judge(
            "Theorem 2 for the drift of its proof, -grad_w l(w^p(w)): a Gaussian with the variance of Equation 12.",
            {
                **{f"within 5 standard errors at the {place}": off[place, "composed"] < 5 for place in PLACES},
                # the standard error of a Gaussian sample's kurtosis is sqrt(24 / n)
                "kurtosis of 3 within 5 standard errors": abs(strangest - 3) < 5 * np.sqrt(24 / data.attrs["paths"]),
            },
            {
                **{f"largest deviation in standard errors, {p}": off[p, "composed"] for p in PLACES},
                "kurtosis farthest from 3": strangest,
            },
            "The variance is another.",
        ),
        judge(
            "Corollary 1: SAM's mean squared displacement is smaller than SGD's, for small t by "
            "2 eta t² |lambda|³ rho / B.",
            {
                **{f"smaller at all radii, {d} drift": all(smaller[p, d] for p in PLACES) for d in DRIFTS},
                **{f"within 25 %, {d} drift": all(abs(ratios[p, d] - 1) < 0.25 for p in PLACES) for d in DRIFTS},
            },
            {f"difference over that, {p}, {d} drift, t = {t[0]:g}": value for (p, d), value in ratios.items()},
            "With the drift printed in Equation 11 the difference is half of it to leading order, "
            "eta t² |lambda|³ rho / B. With that of the proof SAM is ahead of SGD at the saddle for rho > 2 / |lambda| "
            "as lambda (1 + rho lambda)² < lambda there: Equation 13 leaves out the term in rho².",
        ),
        judge(
            "The difference increases as rho increases, in agreement with Theorem 1.",
            {f"at the {p}, {d} drift": grows[p, d] for p in PLACES for d in DRIFTS},
            {
                f"variance / eta at the saddle at the last time, printed drift, rho = {r:g}": float(e)
                for r, e in zip(radii[beyond], escape)
            }
            | {f"its bound for t -> infinity, rho = {r:g}": b for r, b in zip(radii[beyond], bounds)},
            "With the drift of the proof it does not at the saddle: lambda (1 + rho lambda)² is never positive there, "
            "so that Equation 12 grows without bound at every radius, and faster again beyond -1/lambda. There "
            "Theorem 1 says that the saddle attracts; under the printed drift the variance is indeed bounded.",
        ),
        *_check_momentum(data),
    ]  # fmt: skip


def _check_momentum(data: "xr.Dataset") -> list[Check]:
    eta, rho, soon = (data.attrs[name] for name in ("eta", "rho_momentum", "soon"))
    scaled = data["friction_time"].values
    ratio, ratio_printed, exact = [], [], []
    for place, lam in CURVATURE.items():
        for gamma in data["gamma"].values:
            found = data["variance_momentum"].sel(place=place, gamma=gamma).values
            t = scaled * eta / (1 - gamma)
            ratio.append(found / equation_14(eta, lam, rho, gamma, t, t / eta))
            ratio_printed.append(found / equation_14(eta, lam, rho, gamma, t, eta / t))
            exact.append(found / variance_with_momentum(eta, lam, rate(lam, rho, "composed"), gamma, t) - 1)
    ratio, ratio_printed = np.array(ratio), np.array(ratio_printed)
    early, late = scaled <= 1, scaled >= 10
    by_gamma, error = data["variance_soon"].values, data["error_soon"].values
    gammas = data["gamma_limit"].values
    scaling = by_gamma[:, -1] / by_gamma[:, -2]
    four = by_gamma[:, 1] / data["variance_batch_4"].values
    return [
        judge(
            "Theorem 3, with the drift of its proof: the mean squared displacement is that of Equation 14.",
            {
                "within 10 % for t >= 10 eta / (1 - gamma)": bool(np.abs(ratio[:, late] - 1).max() < 0.1),
                "within 10 % for t <= eta / (1 - gamma)": bool(np.abs(ratio[:, early] - 1).max() < 0.1),
            },
            {
                f"simulation over Equation 14, phi t = {s:g}": [round(float(x), 3) for x in column]
                for s, column in zip(scaled, ratio.T)
            }
            | {
                "with C2 = eta / t, as printed, at the first time": [round(float(x), 3) for x in ratio_printed[:, 0]],
                "largest relative deviation from the solved equation": float(np.abs(exact).max()),
            },
            "In a row: the saddle, then the minimum, for each momentum. Before a time of eta / (1 - gamma) paths have "
            "not reached their speed: the displacement grows as |lambda| t³ / (3 eta B), while the second term of "
            "Equation 14 grows as t. Long after, the first term stays, with nothing to match it. The proof's equation, "
            "solved without its approximations, is met. (C2 is t / eta in the proof, its inverse in the theorem.)",
        ),
        judge(
            "The displacement increases as momentum increases and as batch size decreases, and in the limit is "
            "proportional to 1 / ((1 - gamma) B).",
            {
                "increases with gamma": bool((np.diff(by_gamma, axis=1) > -2 * error[:, 1:]).all()),
                # the equation is linear and the noise the same: exact but for rounding
                "a batch of 4 in place of 1: a quarter": bool(np.allclose(four, 4, rtol=1e-6)),
                f"tenfold from gamma = {gammas[-2]:g} to {gammas[-1]:g}, within 20 %": float(scaling.min()) > 8,
            },
            {
                f"displacement at t = {soon:g} by gamma, {p}": [float(x) for x in row]
                for p, row in zip(data["place"].values, by_gamma)
            }
            | {"batch of 1 over batch of 4": [float(x) for x in four]},
            "At a fixed time the displacement does not diverge as gamma -> 1: it tends to |lambda| t³ / (3 eta B), "
            f"{soon**3 / 3 / eta:.3g} here.",
        ),
    ]  # fmt: skip


def draw(data: "xr.Dataset") -> "Figure":
    """See `kim2023_thm2_panels`."""
    from .kim2023_thm2_panels import draw_panels

    return draw_panels(data)


FIGURE = PaperFigure(
    name="kim2023-thm2-diffusion",
    title="SAM's diffusion follows Theorem 2 for the drift of its proof, not for that of Equation 11",
    caption="Variance of {paths} paths of SAM's diffusion along an eigenvector, at a saddle and at a minimum of a "
    "quadratic loss, with C = |H| as in Equation 23, eta = {eta}, B = 1. Points: simulation, bars of three standard "
    "errors. Lines: the linear equation solved; that of the proof's drift is Equation 12. (c) With momentum and the "
    "proof's drift, divided by Equation 14; lines: the proof's equation solved without its approximations.",
    parameters={
        "eta": Parameter(1e-3, "ours"),
        "rho": Parameter((0.0, 0.25, 0.5, 1.5, 2.5), "ours", "the eigenvalues are -1 and 1"),
        "time": Parameter((0.2, 2.0, 10), "ours", "first, last, number"),
        "dt": Parameter(0.001, "ours", "Euler-Maruyama; its bias is below two standard errors everywhere"),
        "paths": Parameter(32_768, "ours"),
        "gamma": Parameter((0.5, 0.9), "ours", "0.9 is the paper's in its experiments"),
        "rho_momentum": Parameter(0.25, "ours"),
        "friction_times": Parameter((0.5, 1.0, 2.0, 5.0, 10.0, 20.0), "ours", "in units of eta / (1 - gamma)"),
        "gamma_limit": Parameter((0.5, 0.9, 0.99, 0.999), "ours"),
        "soon": Parameter(0.004, "ours", "time at which these are compared"),
        "seed": Parameter(0, "ours"),
    },
    budgets={"quick": {"paths": 8192, "dt": 0.002}, "full": {"paths": 131_072, "dt": 0.0005}},
    compute=compute,
    check=check,
    draw=draw,
    depends=("kim2023_laws",),
)

if __name__ == "__main__":
    run_alone(FIGURE)
