"""In a highly sub-quadratic valley SAM stays, in a quadratic one it does not (Zhou et al. 2025, Example C.1).

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
        Propositions 4.1 and C.1, Example C.1.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Loss and derivatives; paths at some learning rates; farthest iterates at many, and in the quadratic valley."""
    import xarray as xr

    from ..dynamics.methods import make_rule
    from ..dynamics.trajectories import trajectories
    from ..landscapes.example_c1 import example_c1
    from ..landscapes.quadratic import quadratic

    a, b, eps, rho = (settings[name] for name in ("a", "b", "eps", "rho"))
    valley, bowl = example_c1(a, b, str(eps)), quadratic((a,))
    other_a = settings["a_other"]
    other, other_rho = example_c1(other_a, b, str(eps)), 1 / other_a
    z = np.linspace(-2 * b, 2 * b, settings["grid"])
    derivatives = _derivatives(valley, z)
    shown = np.array(settings["etas_shown"])
    paths = trajectories(
        valley, make_rule("usam", shown, rho=rho), [settings["start"]], settings["steps_shown"], observables=("w",)
    )["w"][:, 0, :, 0]
    progress(0.2)
    low, high, count = settings["etas"]
    etas = np.geomspace(low, high, count)
    starts = np.linspace(-b, b, settings["starts"] + 2)[1:-1, None]

    def farthest(landscape: Any, radius: float) -> np.ndarray:
        """Largest |z| over the steps, shape (eta, start); infinite where a path overflows."""
        run = trajectories(
            landscape, make_rule("usam", etas, rho=radius), starts, settings["steps"], record="statistics",
            observables=("w",), extra={"size": _size},
        )  # fmt: skip
        return np.where(run["first_nonfinite"] >= 0, np.inf, run["size_maximum"])

    reach, reach_other = farthest(valley, rho), farthest(other, other_rho)
    progress(0.7)
    reach_bowl = farthest(bowl, rho)
    plateau = float(_derivatives(other, np.array([1.5 * b]))[1, 0])
    return xr.Dataset(
        {
            "derivative": (("order", "z"), derivatives, {"long_name": "L, L', L''", "units": "1"}),
            "printed": ("z", _printed_second(z, a, eps), {"long_name": "L'' as printed", "units": "1"}),
            "path": (("eta_shown", "step"), paths, {"long_name": "iterate", "units": "1"}),
            "reach": ("eta", reach.max(axis=1), {"long_name": "largest |z| over steps and starts", "units": "1"}),
            "reach_other": ("eta", reach_other.max(axis=1), {"long_name": "the same at the other curvature"}),
            "bowl": ("eta", reach_bowl.min(axis=1), {"long_name": "smallest over starts, quadratic", "units": "1"}),
            "plateau_other": ((), plateau, {"long_name": "slope beyond a eps at the other curvature"}),
        },
        coords={"order": [0, 1, 2], "z": z, "eta_shown": shown, "step": np.arange(paths.shape[1]), "eta": etas},
        attrs={name: settings[name] for name in ("a", "b", "eps", "rho", "a_other", "steps")},
    )


def _size(landscape: Any, w: Any) -> Any:
    import jax.numpy as jnp

    return jnp.abs(w[0])


def _derivatives(landscape: Any, z: np.ndarray) -> np.ndarray:
    """L, L', L'' at z, shape (3, N)."""
    import jax

    def value(x: Any) -> Any:
        return landscape.value((x,))

    functions = (value, jax.grad(value), jax.grad(jax.grad(value)))
    return np.stack([np.asarray(jax.jit(jax.vmap(f))(z)) for f in functions])


def _printed_second(z: np.ndarray, a: float, eps: float) -> np.ndarray:
    return np.where(abs(z) < a * eps, a - abs(z) / eps, 0.0)


def check(data: "xr.Dataset") -> list[Check]:
    """What Appendix C.2 says of the example."""
    a, b, eps, rho = (data.attrs[name] for name in ("a", "b", "eps", "rho"))
    z, slope, eta, reach = data["z"].values, data["derivative"].sel(order=1).values, data["eta"].values, data["reach"]
    # the printed L'' integrated from 0 by the trapezoidal rule, exact where it is linear
    right = np.linspace(0, 2 * b, 20 * round(2 * b / (a * eps)) + 1)
    integral = float(np.trapezoid(_printed_second(right, a, eps), right))
    ours, printed, bound = float(slope[-1]), a * eps / 2, b / float(abs(slope).max())
    printed_bound = 2 * b / (eps * a)
    inner = (abs(z) < b) & (z != 0)
    ratio = float(np.min(abs(np.interp(2 * z[inner], z, slope) / slope[inner])))
    below, within = eta < bound, reach.values <= 2 * b
    leaves = float(eta[~within].min()) if not within.all() else float("nan")
    other_bound = b / float(data["plateau_other"])
    other_printed, far = 2 * b / (eps * data.attrs["a_other"]), data["reach_other"].values
    between = (eta > other_bound) & (eta < other_printed)
    unstable = 2 / (a * (1 + a * rho))
    bowl = data["bowl"].values
    return [
        judge(
            "L'(z) = a eps / 2 beyond |z| = a eps.",
            {
                "this slope to the right": abs(integral - printed) < 1e-9,
                "and to the left": abs(float(slope[0]) - printed) < 1e-9,
            },
            {"printed": printed, "the printed L'' integrated to 2b": integral, "L' at 2b": ours, "at -2b": slope[0]},
            f"L' is sign(z) a² eps / 2: {integral:.3g} here. The printed one jumps at |z| = a eps unless a = 1, and to "
            "the left of 0 it has the wrong sign.",
        ),
        judge(
            "The bounds of Proposition 4.1 are eta <= 2 b / (eps a) and rho <= min{1/a, 2}.",
            {
                "b / max |L'| is 2 b / (eps a)": bool(abs(bound / printed_bound - 1) < 1e-6),
                "the least |L'(2z) / L'(z)| is 2": abs(ratio - 2) < 0.01,
            },
            {
                "b / max |L'|": bound,
                "2 b / (eps a)": printed_bound,
                "least |L'(2z) / L'(z)|": ratio,
                "least eta beyond 2 b / (eps a) that leaves V": leaves,
                f"b / max |L'| for a = {data.attrs['a_other']}": other_bound,
                f"2 b / (eps a) for a = {data.attrs['a_other']}": other_printed,
                f"share of rates between them that leave V for a = {data.attrs['a_other']}": float(
                    (far[between] > 2 * b).mean()
                ),
            },
            f"With the slope a² eps / 2 the bound is 2 b / (eps a²) = {bound:.3g}; the ratio is 1 on the plateau, and "
            "the factor eta of Proposition 4.1 is missing, so that rho <= min{1/a, eta}. At "
            f"a = {data.attrs['a_other']} the printed bound lets iterates leave V.",
        ),
        judge(
            "Below the bound SAM remains within the valley (Proposition 4.1).",
            {
                "all starts in (-b, b), all rates below b / max |L'| and at least rho": bool(
                    within[below & (eta >= rho)].all()
                ),
                "they even remain in (-b, b)": bool((reach.values[below & (eta >= rho)] < b).all()),
            },
            {
                "rates": int((below & (eta >= rho)).sum()),
                "largest |z| below the bound": float(reach.values[below & (eta >= rho)].max()),
                "least eta that leaves (-b, b)": float(eta[reach.values >= b].min()),
                "least eta that leaves V = [-2b, 2b]": leaves,
                "2 b / max |L'|": 2 * bound,
            },
            "Some iterates leave.",
        ),
        judge(
            "In the highly sub-quadratic case the upper bound for eta goes to infinity.",
            {"b / max |L'| grows as 1 / eps": _bounds_grow(a, b, eps)},
            {f"b / max |L'| at eps = {eps / k:g}": b / _plateau(a, eps / k) for k in (1, 10, 100)},
            "It does not grow so.",
        ),
        judge(
            "In a quadratic valley SAM escapes for eta > 2 / (a (1 + a rho)) (Proposition C.1).",
            {
                "every start leaves": bool((bowl[eta > unstable * 1.02] > 2 * b).all()),
                "the sub-quadratic valley keeps them at the same rates, up to its bound": bool(
                    within[below & (eta > max(unstable, rho))].all()
                ),
            },
            {
                "2 / (a (1 + a rho))": unstable,
                "least eta at which every start leaves the quadratic": float(eta[bowl > 2 * b].min()),
            },
            f"Some start stays for {data.attrs['steps']} steps.",
        ),
    ]  # fmt: skip


def _plateau(a: float, eps: float) -> float:
    """The slope beyond a eps: the printed L'' integrated from 0."""
    z = np.linspace(0, a * eps, 101)
    return float(np.trapezoid(a - z / eps, z))


def _bounds_grow(a: float, b: float, eps: float) -> bool:
    bounds = [b / _plateau(a, eps / k) for k in (1, 10, 100)]
    return bool(np.allclose(np.divide(bounds, bounds[0]), (1, 10, 100), rtol=1e-9))


def draw(data: "xr.Dataset") -> "Figure":
    """The loss and its derivatives; iterates at some rates; how far they get at all rates."""
    from .style import figure, rule_look

    a, b = data.attrs["a"], data.attrs["b"]
    slope = float(abs(data["derivative"].sel(order=1)).max())
    fig, (shape, time, scan) = figure(columns=2, aspect=0.4, cols=3, width_ratios=(1, 1.15, 1.15))
    names = ("$L$", "$L'$", "$L''$")
    for order, (dashes, shade) in enumerate((("-", "#222222"), ("--", "#1B36B0"), (":", "#1E8A6E"))):
        shape.plot(
            data["z"], data["derivative"].sel(order=order), color=shade, linestyle=dashes, label=names[order], lw=1.2
        )
    shape.set(xlabel="$z$", ylabel="value")
    shape.set_title("(a) landscape")
    shape.legend(loc="upper left", handlelength=1.4, borderaxespad=0.3)
    shades = ("#743A5C", "#2585F2", "#EBA51C", "#D94202", "#2B2B2B")
    for eta, path, shade, mark in zip(data["eta_shown"].values, data["path"].values, shades, "osD^v"):
        gone = np.flatnonzero(abs(path) > 2 * b)
        last = gone[0] + 1 if gone.size else len(path)
        time.plot(
            data["step"][:last], path[:last], color=shade, marker=mark, markersize=2.5, linewidth=0.8,
            label=rf"$\eta={eta:g}$",
        )  # fmt: skip
    time.axhspan(-b, b, color="#000000", alpha=0.06, linewidth=0)
    for edge in (-2 * b, 2 * b):
        time.axhline(edge, color="#666666", linewidth=0.7, linestyle=":")
    time.set(xlabel="step $t$", ylabel="iterate $z$", ylim=(-2.6 * b, 2.6 * b))
    time.set_xticks(data["step"].values[:: max(1, len(data["step"]) // 4)])
    time.set_title("(b) iterates, until they leave")
    eta, top = data["eta"].values, 30 * b
    other = data.attrs["a_other"]
    look = rule_look("usam")
    curves = (
        ("reach", rf"farthest, $a={a:g}$", look.color, "-"),
        ("reach_other", rf"farthest, $a={other:g}$", "#743A5C", "--"),
        ("bowl", "nearest, quadratic", "#222222", "-."),
    )
    for name, label, shade, dashes in curves:
        # what leaves the quadratic or a bound far behind is drawn at the top
        scan.loglog(eta, np.minimum(data[name], top), color=shade, linestyle=dashes, linewidth=1.2, label=label)
    scan.axhspan(scan.get_ylim()[0], b, color="#000000", alpha=0.06, linewidth=0)
    scan.axhline(2 * b, color="#666666", linewidth=0.7, linestyle=":")
    scan.axvline(b / slope, color=look.color, linewidth=0.8, linestyle=":")
    scan.axvline(b / float(data["plateau_other"]), color="#743A5C", linewidth=0.8, linestyle=":")
    scan.set(xlabel=r"learning rate $\eta$", ylabel=r"$\max_t |z_t|$", xlim=(eta[0], eta[-1]), ylim=(0.3 * b, top))
    scan.set_title("(c) farthest iterates")
    handles = [*time.get_legend_handles_labels()[0], *scan.get_legend_handles_labels()[0]]
    fig.legend(handles=handles, loc="outside lower center", ncols=4)
    return fig


FIGURE = PaperFigure(
    name="zhou2025-ex-c1",
    title="A sub-quadratic valley keeps SAM at learning rates at which a quadratic one does not",
    caption="Example C.1, a = {a}, b = {b}, eps = {eps}: (a) the loss and its derivatives. (b) Full-batch SAM with "
    "unnormalised ascent, rho = {rho}, from z = {start}; shaded (-b, b), dotted [-2b, 2b]. (c) Largest |z| of any of "
    "{starts} starts in (-b, b) within {steps} steps, for a = {a} and for a = {a_other} (rho = 1/a), and the smallest "
    "of any start in the quadratic a z²/2, cut off at 30 b; dotted b/max|L'| and 2b. L' is "
    "sign(z) a² eps/2 beyond |z| = a eps, not a eps/2 as printed, and the bound on eta 2b/(eps a²), not 2b/(eps a).",
    parameters={
        "a": Parameter(2, "ours"),
        "b": Parameter(1, "ours"),
        "eps": Parameter(0.1, "ours"),
        "rho": Parameter(0.5, "ours", "1/a, the largest that Proposition 4.1 allows"),
        "a_other": Parameter(4, "ours", "another curvature, at which the printed bound on eta is seen to fail"),
        "start": Parameter(0.05, "ours"),
        "etas_shown": Parameter((0.3, 1.0, 4.9, 9.0, 20.0), "ours"),
        "steps_shown": Parameter(12, "ours"),
        "etas": Parameter((0.1, 30.0, 181), "ours", "low, high, number, log-spaced"),
        "starts": Parameter(200, "ours", "evenly spaced in (-b, b)"),
        "steps": Parameter(1000, "ours"),
        "grid": Parameter(801, "ours", "values of z in (a)"),
    },
    budgets={"quick": {"starts": 50}, "full": {"starts": 1000, "steps": 5000}},
    compute=compute,
    check=check,
    draw=draw,
)

if __name__ == "__main__":
    run_alone(FIGURE)
