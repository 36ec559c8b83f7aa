"""When a saddle attracts SAM: simulation against Theorem 1 of Kim et al. (2023), over learning rate and radius.

    flow               dw/dt = -grad L(w + rho grad L(w)):     attracts iff lambda_j + rho lambda_j^2 > 0 for all j
    map                w+ = w - eta grad L(w + rho grad L(w)): attracts iff also eta (lambda_j + rho lambda_j^2) < 2
    normalised ascent  y+ = y (1 + h) - h rho sign(y), h = eta |lambda_1|, along the unstable direction: |y| stays at or
                       below h rho, and below rho, from where it escapes, iff h < 1

References:
    [1] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Theorem 1, Equation 10.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

SADDLES = {"saddle": ((0.0, 0.0), 2.0), "beale": ((0.0, 1.0), 27.75)}
"""Landscape -> its saddle, and -lambda_1 = lambda_2 there."""
TITLES = {"saddle": "x² − y²", "beale": "Beale's function"}
KINDS = ("usam", "sam")
NEAR = 0.02
"""Starts are this far from the saddle: in units of rho (normalised), or of a tenth of 1 / |lambda_1|."""


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """The share of starts around a saddle that stay, dims (landscape, kind, rho, eta), under map and flow."""
    import xarray as xr

    from ..dynamics.first_exit import first_exit
    from ..dynamics.methods import make_rule
    from ..landscapes import get_landscape

    names, count, angles = list(settings["landscapes"]), settings["grid"], settings["angles"]
    eta, rho = (np.geomspace(low, high, count) for low, high in (settings["eta"], settings["rho"]))
    kept = np.empty((len(names), 2, count, count))
    flows = np.empty((len(names), 2, count))
    edge = np.empty(len(names))
    for i, name in enumerate(names):
        landscape, (centre, curvature) = get_landscape(name), SADDLES[name]
        radii, etas = (x.ravel() / curvature for x in np.meshgrid(np.repeat(rho, angles), eta, indexing="ij"))
        for k, kind in enumerate(KINDS):
            distance, ball = _distances(kind, radii, curvature)
            turn = np.repeat(np.tile(np.arange(angles), count), count)
            left = first_exit(
                landscape,
                make_rule(kind, etas, rho=radii),
                centre + distance[:, None] * _directions(turn, angles),
                np.ceil(settings["time"] / (etas * curvature)).astype(int),
                ball,
                np.broadcast_to(centre, (len(radii), 2)),
            )
            kept[i, k] = (left < 0).reshape(count, angles, count).mean(axis=1)
            progress((i + (k + 1) / 3) / len(names))
        flows[i, 0], edge[i] = _under_flow(landscape, centre, curvature, rho, angles, settings["time"])
        flows[i, 1] = _inward(landscape, centre, curvature, rho)
        progress((i + 1) / len(names))
    dims = ("landscape", "kind", "rho")
    return xr.Dataset(
        {
            "kept": ((*dims, "eta"), kept, {"long_name": "share of starts that stay near the saddle", "units": "1"}),
            "kept_by_flow": (dims, flows, {"long_name": "the same, under the flow", "units": "1"}),
            "at_equality": ("landscape", edge, {"long_name": "largest final over first distance at rho = -1/lambda_1"}),
        },
        coords={
            "landscape": names,
            "kind": list(KINDS),
            "rho": ("rho", rho, {"long_name": "rho |lambda_1|", "units": "1"}),
            "eta": ("eta", eta, {"long_name": "eta |lambda_1|", "units": "1"}),
        },
    )


def _directions(turn: np.ndarray, angles: int) -> np.ndarray:
    """Unit vectors, none of them along an axis or a diagonal."""
    angle = (turn + 0.3) * 2 * np.pi / angles
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _distances(kind: str, radii: np.ndarray, curvature: float) -> tuple[np.ndarray, np.ndarray]:
    """How far from the saddle starts are, and how far counts as having left it."""
    if kind == "sam":
        return NEAR * radii, radii
    near = np.full(len(radii), 0.1 * NEAR / curvature)
    return near, 10 * near


def _under_flow(
    landscape: Any, centre: Any, curvature: float, rho: np.ndarray, angles: int, time: float
) -> tuple[np.ndarray, float]:
    """The share of starts that the unnormalised flow brings nearer, for each rho; and how much nearer at equality."""
    from ..dynamics.flow import flow

    radii = np.repeat(np.append(rho, 1.0), angles) / curvature
    near, _ = _distances("usam", radii, curvature)
    starts = centre + near[:, None] * _directions(np.tile(np.arange(angles), len(rho) + 1), angles)
    # in units of the start's distance an error of 1e-4 decides nothing; a coordinate beyond 100 has left for good
    accuracy = {"rtol": 1e-6, "atol": 1e-4 * near[0], "escape": 100.0}
    run = flow(landscape, starts, time / curvature, kind="usam", rho=radii, record=1, **accuracy)
    ratio = np.linalg.norm(run["w"].values[:, -1] - centre, axis=1) / near
    ratio = np.where(np.isfinite(ratio), ratio, np.inf).reshape(-1, angles)
    return (ratio[:-1] < 1).mean(axis=1), float(ratio[-1].max())


def _inward(landscape: Any, centre: Any, curvature: float, rho: np.ndarray) -> np.ndarray:
    """The share of directions from which the normalised flow moves in, for each rho.

    It arrives in finite time and ends there, because its velocity has no limit at the saddle: no solver follows it.
    """
    from ..dynamics.methods import make_rule
    from .field import CIRCLE, Field

    shares = []
    for radius in rho / curvature:
        moved = Field(landscape, make_rule("sam", 1.0, rho=radius), flow=True)
        velocity = moved.velocity(centre + NEAR * radius * CIRCLE)
        shares.append(((velocity * CIRCLE).sum(axis=1) < 0).mean())
    return np.array(shares)


def check(data: "xr.Dataset") -> list[Check]:
    """Theorem 1 and its remarks, on every saddle of the figure."""
    rho, eta = data["rho"].values[:, None], data["eta"].values
    kept, flows = data["kept"], data["kept_by_flow"]
    step = np.log(eta[1] / eta[0]) + np.log(rho[1, 0] / rho[0, 0])
    clear = np.abs(np.log(rho[:, 0])) > step / 2  # a grid point on the boundary decides nothing
    condition = np.broadcast_to(rho > 1, (len(rho), len(eta)))
    linear = condition & (eta * (1 + rho) < 2)
    margin = np.abs(np.log(eta * (1 + rho) / 2)) > step  # nor one beside it
    equality = {str(name): float(value) for name, value in data["at_equality"].to_series().items()}
    names = [str(name) for name in data["landscape"].values]
    flow_agrees, kept_share, map_agrees, mild, mild_flow = {}, {}, {}, {}, {}
    for name in names:
        unnormalised = flows.sel(landscape=name, kind="usam").values
        flow_agrees[name] = float((unnormalised == (rho[:, 0] > 1))[clear].mean())
        simulated = kept.sel(landscape=name, kind="usam").values
        kept_share[name] = float((simulated == 1)[condition & clear[:, None]].mean())
        map_agrees[name] = float((simulated == linear)[margin & clear[:, None]].mean())
        below = (eta < 1) & (np.abs(np.log(eta)) > step)
        mild[name] = float((kept.sel(landscape=name, kind="sam").values == 1)[:, below].mean())
        mild_flow[name] = float((flows.sel(landscape=name, kind="sam").values == 1).mean())
    return [
        judge(
            "Theorem 1, for the flow: the saddle point is an attractor if rho >= -1/lambda_1.",
            {
                **{f"simulation agrees with the condition on {TITLES[n]}": v == 1 for n, v in flow_agrees.items()},
                **{f"attracts at equality on {TITLES[n]}": v < 0.5 for n, v in equality.items()},
            },
            {
                **{f"share of radii that agree, {TITLES[n]}": v for n, v in flow_agrees.items()},
                **{f"final over first distance at equality, {TITLES[n]}": v for n, v in equality.items()},
            },
            "At equality the linear velocity along the unstable direction vanishes, so that nothing attracts to first "
            "order: the theorem needs rho > -1/lambda_1.",
        ),
        judge(
            "Theorem 1, for the map of Equations 5 and 6, which is what is run.",
            {
                "attracts wherever rho > -1/lambda_1": all(v == 1 for v in kept_share.values()),
                "attracts exactly where eta (lambda_j + rho lambda_j^2) < 2 too": all(
                    v == 1 for v in map_agrees.values()
                ),
            },
            {
                **{f"share of settings above -1/lambda_1 that attract, {TITLES[n]}": v for n, v in kept_share.items()},
                **{f"share that agrees with both conditions, {TITLES[n]}": v for n, v in map_agrees.items()},
            },
            "The proof is one of the flow. A step must also not overshoot in the stable direction, "
            "eta (lambda_2 + rho lambda_2^2) < 2, which fails for the larger radii and learning rates.",
        ),
        judge(
            "The condition is mild since the normalised radius becomes very large near the saddle point.",
            {
                "the normalised flow is drawn in at every radius": all(v == 1 for v in mild_flow.values()),
                "so does the map stay at every radius, for eta |lambda_1| < 1": all(v == 1 for v in mild.values()),
            },
            {
                **{f"share of radii where the flow is drawn in, {TITLES[n]}": v for n, v in mild_flow.items()},
                **{f"share of settings with eta |lambda_1| < 1 that stay, {TITLES[n]}": v for n, v in mild.items()},
            },
            "Where the loss is quadratic within rho of the saddle, the map stays there at every radius, never at rest, "
            "as long as eta |lambda_1| < 1; where it is not, its higher derivatives let some starts go.",
        ),
    ]


def draw(data: "xr.Dataset") -> "Figure":
    """A row per saddle; for both kinds of ascent a strip for the flow and a map over learning rate and radius."""
    from matplotlib.colors import LinearSegmentedColormap

    from .style import figure, outcome_look

    shades = LinearSegmentedColormap.from_list("kept", ["#FFFFFF", outcome_look("saddle").color])
    names, rho, eta = data["landscape"].values, data["rho"].values, data["eta"].values
    fig, axes = figure(
        columns=2, aspect=0.12 + 0.25 * len(names), rows=len(names), cols=4, squeeze=False, width_ratios=(1, 14, 1, 14)
    )
    letters = iter("abcdefgh")
    handles: list[Any] = []
    image: Any = None
    for row, name in zip(axes, names):
        for k, (kind, words) in enumerate(zip(KINDS, ("unnormalised", "normalised"))):
            strip, ax = row[2 * k], row[2 * k + 1]
            look = {"cmap": shades, "vmin": 0, "vmax": 1, "shading": "nearest", "rasterized": True}
            under_flow = data["kept_by_flow"].sel(landscape=name, kind=kind).values
            strip.pcolormesh([0.0, 1.0], rho, np.tile(under_flow[:, None], 2), **look)
            image = ax.pcolormesh(eta, rho, data["kept"].sel(landscape=name, kind=kind).values, **look)
            handles = _draw_conditions(strip, ax, kind, rho, eta) + handles
            for a in (strip, ax):
                a.set(yscale="log", ylim=(rho[0], rho[-1]))
            strip.set(xticks=[], xlabel="flow", xlim=(0, 1))
            ax.set(xscale="log", xlim=(eta[0], eta[-1]))
            ax.tick_params(labelleft=False)
            strip.set_ylabel(r"$\rho\,|\lambda_1|$")
            ax.set_xlabel(r"$\eta\,|\lambda_1|$")
            ax.set_title(f"({next(letters)}) {TITLES[str(name)]}, {words}")
    fig.colorbar(image, ax=axes, label="share of starts that stay", aspect=40, pad=0.01)
    named = {handle.get_label(): handle for handle in handles}
    fig.legend(handles=list(named.values()), loc="outside lower center", ncols=len(named))
    return fig


def _draw_conditions(strip: Any, ax: Any, kind: str, rho: np.ndarray, eta: np.ndarray) -> list[Any]:
    """The linear conditions' boundaries."""
    if kind == "sam":
        return [
            ax.axvline(1, color="black", linestyle=":", linewidth=1.1, label=r"normalised map: $\eta|\lambda_1|=1$")
        ]
    strip.axhline(1, color="black", linewidth=1.1)
    fine = np.geomspace(1, rho[-1], 200)
    return [
        ax.axhline(1, color="black", linewidth=1.1, label=r"Theorem 1: $\rho=-1/\lambda_1$"),
        *ax.plot(2 / (1 + fine), fine, color="black", linestyle="--", linewidth=1.1,
                 label=r"map: $\eta(\lambda_2+\rho\lambda_2^2)=2$"),
    ]  # fmt: skip


FIGURE = PaperFigure(
    name="kim2023-thm1-map",
    title="When a saddle attracts SAM: Theorem 1 is one of the flow; steps of finite size and normalisation change it",
    caption="Share of {angles} starts around a saddle that stay, for {grid} learning rates by {grid} radii, in units "
    "of the curvature |lambda_1| = lambda_2 at the saddle. Strips: the flow. Left, ascent by rho times the gradient; a "
    "start leaves when its distance has grown tenfold. Right, normalised ascent; a start leaves when it is rho away. "
    "Runs last {time} / |lambda_1| in time, that over eta in steps.",
    parameters={
        "landscapes": Parameter(("saddle", "beale"), "paper"),
        "eta": Parameter((1e-3, 3.0), "ours", "times |lambda_1|"),
        "rho": Parameter((0.05, 20.0), "ours", "times |lambda_1|"),
        "grid": Parameter(48, "ours"),
        "angles": Parameter(4, "ours"),
        "time": Parameter(60.0, "ours", "in units of 1 / |lambda_1|"),
    },
    budgets={"quick": {"grid": 24, "landscapes": ("beale",)}, "full": {"grid": 96, "angles": 8}},
    compute=compute,
    check=check,
    draw=draw,
    depends=("field",),
)

if __name__ == "__main__":
    run_alone(FIGURE)
