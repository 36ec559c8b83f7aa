"""Switching between ERM and 1-SAM on a diagonal linear network (Andriushchenko and Flammarion 2022, Figure 15).

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Appendix B.3.
        https://github.com/tml-epfl/understanding-sam, diagonal_linear_nets
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

RUNS = ("erm", "sam_erm", "erm_sam")
LABELS = {"erm": "ERM", "sam_erm": "1-SAM→ERM", "erm_sam": "ERM→1-SAM"}
STRIDE = 10
SCANNED = {
    "train": "training loss at the end",
    "test": "test loss at the end",
    "ratio": "test loss at the end over that of ERM",
}
FLOOR = 1e-12
"""Smaller losses are not shown."""


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Losses along three runs of two phases, losses between two of their ends, and the last phase at many radii."""
    import xarray as xr

    from ..dynamics.methods import make_rule
    from ..dynamics.trajectories import trajectories
    from ..landscapes.diagonal_network import diagonal_network, sparse_regression

    steps, factor = settings["steps"], settings["ascent_one_sam"]
    descent = make_rule("gd", settings["eta"])
    radii = np.unique(np.r_[np.geomspace(*settings["scan"]), settings["rho_after"]])

    def one_sam(rho: Any) -> Any:
        return make_rule("one_sam", settings["eta"], rho=factor * rho)

    def phase(network: Any, rule: Any, start: np.ndarray, record: Any = STRIDE) -> np.ndarray:
        """The iterates, (step, 2d); of the last only, (radius, 2d), for a rule of many radii."""
        run = trajectories(network, rule, start, steps, record=record, observables=("w",))
        return run["w"][0] if record == STRIDE else run["w"][:, 0]

    def losses_of_seed(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """After ERM and 1-SAM at every radius: training and test loss, and the latter over that of ERM."""
        network, data = diagonal_network(seed=seed), sparse_regression(seed=seed)
        plain = phase(network, descent, np.asarray(network.start(settings["alpha"])))
        longer = phase(network, descent, plain[-1])
        train, test = _losses(data, phase(network, one_sam(radii), plain[-1], "final"))
        return train, test, test / _losses(data, longer[-1:])[1]

    first = settings["seeds"][0]
    network, data = diagonal_network(seed=first), sparse_regression(seed=first)
    start = np.asarray(network.start(settings["alpha"]))
    plain, sharp = phase(network, descent, start), phase(network, one_sam(settings["rho_first"]), start)
    longer, back = phase(network, descent, plain[-1]), phase(network, descent, sharp[-1])
    after = phase(network, one_sam(settings["rho_after"]), plain[-1])
    same = phase(network, one_sam(settings["rho_first"]), plain[-1])
    pairs = ((plain, longer), (sharp, back), (plain, after))
    along = _losses(data, np.stack([np.concatenate([one, other[1:]]) for one, other in pairs]))
    t = np.linspace(-1, 2, settings["points"])
    between = _losses(data, (1 - t)[:, None] * after[-1] + t[:, None] * plain[-1])
    scanned = []
    for number, seed in enumerate(settings["seeds"]):
        scanned.append(losses_of_seed(seed))
        progress((number + 1) / len(settings["seeds"]))
    phase_steps = np.unique(np.r_[np.arange(0, steps, STRIDE), steps])
    return xr.Dataset(
        {
            "train": (("run", "step"), along[0], {"long_name": "training loss"}),
            "test": (("run", "step"), along[1], {"long_name": "test loss"}),
            "between_train": ("t", between[0], {"long_name": "training loss"}),
            "between_test": ("t", between[1], {"long_name": "test loss"}),
            "same_radius": ((), _losses(data, same[-1:])[1].item(), {"long_name": "test loss, rho_first after ERM"}),
            **{
                f"scan_{name}": (("seed", "rho"), np.stack(values), {"long_name": text})
                for (name, text), values in zip(SCANNED.items(), zip(*scanned))
            },
        },
        coords={
            "run": list(RUNS), "step": np.r_[phase_steps, steps + phase_steps[1:]], "t": t,
            "seed": list(settings["seeds"]), "rho": radii,
        },
        attrs={"switch": steps, "rho_after": settings["rho_after"], "rho_first": settings["rho_first"]},
    )  # fmt: skip


def _losses(data: Any, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Training and test loss by Equation 5, from (..., 2d); infinite where w is not finite."""
    d = w.shape[-1] // 2
    with np.errstate(over="ignore", invalid="ignore"):
        beta = w[..., :d] ** 2 - w[..., d:] ** 2
        pair = ((beta @ x.T - y) ** 2 for x, y in ((data.x, data.y), (data.x_test, data.y_test)))
        train, test = (np.nan_to_num(square.mean(axis=-1) / 4, nan=np.inf) for square in pair)
    return train, test


def check(data: "xr.Dataset") -> list[Check]:
    """What Appendix B.3 says of the figure."""
    switch, test, last = data.attrs["switch"], data["test"], data["test"].isel(step=-1)
    at = test.sel(step=switch)
    escape = test.sel(run="erm_sam", step=slice(switch, None))
    half = np.flatnonzero(escape.values < 0.5 * float(at.sel(run="erm")))
    time = int(escape["step"][half[0]]) - switch if half.size else float("nan")
    gain = float(last.sel(run="erm") / last.sel(run="erm_sam"))
    kept = float(last.sel(run="sam_erm") / at.sel(run="sam_erm"))
    still = float(data["same_radius"] / last.sel(run="erm"))
    ratio, rho = data["scan_ratio"].isel(seed=0).values, data["rho"].values
    best = int(ratio.argmin())
    t, train, held = (data[name].values for name in ("t", "between_train", "between_test"))
    inside = (t >= 0) & (t <= 1)
    barrier = _above_chord(t[inside], train[inside])
    scale = float(data["train"].isel(step=0, run=0))
    with np.errstate(invalid="ignore"):  # where a run has diverged
        sides = {name: float(max(v[0], v[-1]) / min(v[0], v[-1])) for name, v in (("training", train), ("test", held))}
    seeds = data["scan_ratio"]
    here = seeds.sel(rho=data.attrs["rho_after"]).values
    return [
        judge(
            "1-SAM can quickly escape the worse-generalizing minimum found by ERM.",
            {
                "the test loss falls below half": half.size > 0,
                "within a tenth of the second phase": bool(time <= switch / 10),
                "and ends below half of that of ERM": gain > 2,
            },
            {
                "test loss of ERM at the end": float(last.sel(run="erm")),
                "test loss of ERM→1-SAM at the end": float(last.sel(run="erm_sam")),
                "steps from the switch to half the test loss": time,
                "radius of the scan with the least test loss": float(rho[best]),
                "test loss there over that of ERM": float(ratio[best]),
                "least radius of the scan that diverges": float(rho[np.isinf(ratio)].min(initial=np.inf)),
            },
            f"The test loss falls by a factor of {gain:.2f} only: at this radius 1-SAM is drawn into the minimum "
            "faster than ERM, and its loss is soon zero. It falls where the radius nears the one beyond which 1-SAM "
            f"diverges: to {ratio[best]:.3f} of that of ERM at rho = {rho[best]:.1f}. The public code ascends by twice "
            "the radius it states (variant 'code').",
        ),
        judge(
            "Switching back to ERM does not negatively affect generalization.",
            {
                "the test loss rises by less than 5 %": kept < 1.05,
                "stays below that of ERM": bool(last.sel(run="sam_erm") < last.sel(run="erm")),
            },
            {
                "test loss of 1-SAM at the switch": float(at.sel(run="sam_erm")),
                "at the end of 1-SAM→ERM": float(last.sel(run="sam_erm")),
                "at the end of ERM": float(last.sel(run="erm")),
            },
            f"The test loss changes by a factor of {kept:.2f}.",
        ),
        judge(
            "After ERM the radius has to be significantly larger to observe a difference.",
            {f"at rho = {data.attrs['rho_first']} the test loss changes by less than 5 %": abs(still - 1) < 0.05},
            {"test loss over that of ERM": still},
            f"The test loss changes by a factor of {still:.2f}.",
        ),
        judge(
            "The two minima are linearly connected and situated in the same asymmetric basin.",
            {
                "the training loss between them lies above the chord by less than 1 % of that at the start": bool(
                    barrier < 0.01 * scale
                ),
                "nor above the higher end": bool(train[inside].max() <= max(train[inside][0], train[inside][-1])),
                "the basin is asymmetric: losses beyond the two ends differ by a factor of 1.5": sides["training"]
                > 1.5,
            },
            {
                "training loss at ERM→1-SAM and at ERM": [float(train[inside][0]), float(train[inside][-1])],
                "highest training loss between them": float(train[inside].max()),
                "highest above the chord, over the loss at the start": barrier / scale,
                **{f"{name} loss: larger over smaller of the values at -1 and 2": v for name, v in sides.items()},
            },
            f"Between the ends the training loss reaches {train[inside].max():.1e}; the losses at -1 and 2 differ by a "
            f"factor of {sides['training']:.2f}.",
        ),
        judge(
            "(Ours) So it is for other draws of the data.",
            {
                f"at rho = {data.attrs['rho_after']:g} no run diverges": bool(np.isfinite(here).all()),
                "the median test loss is below half of that of ERM": bool(np.median(here) < 0.5),
            },
            {
                "data seeds": len(here),
                "diverge": int(np.isinf(here).sum()),
                "below half": int((here < 0.5).sum()),
                "least test loss over that of ERM at any radius, per seed": [float(v) for v in seeds.min("rho").values],
            },
            f"Of {len(here)} draws {np.isinf(here).sum()} diverge at this radius.",
        ),
    ]


def _above_chord(t: np.ndarray, loss: np.ndarray) -> float:
    """How far the curve rises above the line between its ends."""
    if not np.isfinite(loss).all():
        return float("inf")
    return float((loss - np.interp(t, t[[0, -1]], loss[[0, -1]])).max())


def draw(data: "xr.Dataset") -> "Figure":
    """Test and training loss along the runs, losses between the two ends, and the radius after the switch."""
    from .style import figure, rule_look

    fig, ((a, b), (c, d)) = figure(columns=2, aspect=0.78, rows=2, cols=2)
    switch = data.attrs["switch"]
    looks = {
        "erm": rule_look("gd").line, "sam_erm": {**rule_look("one_sam").line, "linestyle": (0, (5, 1.2))},
        "erm_sam": {**rule_look("sam").line, "linestyle": "-"},
    }  # fmt: skip
    handles: list[Any] = []
    for ax, name in ((a, "test"), (b, "train")):
        for run in RUNS:
            curve = data[name].sel(run=run)
            style = {**looks[run], "label": LABELS[run], "linewidth": 1.1}
            handles += ax.semilogy(curve["step"] / 1000, curve, **style)
        ax.axvline(switch / 1000, color="#777777", linewidth=0.8, linestyle=":")
        ax.set(xlabel="step / 1000", ylabel="test loss" if name == "test" else "training loss")
    after = float(data["test"].isel(step=-1).sel(run="erm_sam") / data["test"].isel(step=-1).sel(run="erm"))
    a.set_title(f"(a) test loss: ERM→1-SAM ends at {after:.2g} of ERM")
    b.set_title("(b) training loss")
    color = "#4355C4"
    handles += c.semilogy(data["t"], data["between_test"], color=color, label="test loss, (c)")
    handles += c.semilogy(data["t"], data["between_train"], color=color, linestyle=":", label="training loss, (c)")
    for place, run in ((0, "erm_sam"), (1, "erm")):
        c.axvline(place, color=looks[run]["color"], linewidth=0.8)
    c.set(xlabel="0: ERM→1-SAM, 1: ERM before the switch", ylabel="loss", title="(c) on the line through both ends")
    for i, seed in enumerate(data["seed"].values):
        ratio = data["scan_ratio"].sel(seed=seed)
        shown = np.where(np.isinf(ratio), np.nan, ratio)
        thick = {"color": looks["erm_sam"]["color"], "linewidth": 1.4, "zorder": 3} if i == 0 else {"color": "#999999"}
        lines = d.loglog(data["rho"], shown, **{"linewidth": 0.8, **thick})
        last = np.flatnonzero(~np.isnan(shown[:-1]) & np.isnan(shown[1:]))
        d.plot(data["rho"][last], shown[last], "x", color=lines[0].get_color(), markersize=4)
        if i == 1:
            lines[0].set_label("other draws of the data")
            handles += lines
    handles += d.plot([], [], "x", color="#777777", markersize=4, linestyle="", label="diverges beyond")
    d.axvline(data.attrs["rho_after"], color="#777777", linewidth=0.8, linestyle=":")
    d.set(xlabel=r"radius $\rho$ after the switch", ylabel="test loss / that of ERM")
    d.set_title(r"(d) it pays near the largest stable $\rho$")
    for ax, lowest in ((b, data["train"].min()), (c, data["between_train"].min())):
        if lowest < FLOOR:
            ax.set_ylim(bottom=FLOOR)
    unique = {handle.get_label(): handle for handle in handles}
    fig.legend(handles=list(unique.values()), loc="outside lower center", ncols=4)
    return fig


FIGURE = PaperFigure(
    name="andriushchenko2022-fig15",
    title="Switching between ERM and 1-SAM on a diagonal linear network",
    caption="Full-batch runs of two phases of {steps} steps from alpha = {alpha} at eta = {eta:.3g}; 1-SAM with radius "
    "{rho_first} if it comes first and {rho_after} after ERM. (a) Test loss. (b) Training loss. (c) Losses on the line "
    "through the end of ERM→1-SAM (0) and that of ERM's first phase (1). (d) Test loss at the end of ERM→1-SAM over "
    "that of ERM, against the radius; dotted: {rho_after}; grey: other draws of the data.",
    parameters={
        "alpha": Parameter(0.05, "paper"),
        "eta": Parameter(1 / 30, "code", "1 / d"),
        "rho_first": Parameter(0.175, "paper"),
        "rho_after": Parameter(10.0, "paper"),
        "steps": Parameter(10_001, "code", "10,000 in the paper's words"),
        "points": Parameter(121, "ours", "on the line, from -1 to 2"),
        "ascent_one_sam": Parameter(1.0, "paper", "1-SAM ascends by this times rho"),
        "scan": Parameter((1.0, 40.0, 41), "ours", "radii of (d): low, high, number, log-spaced"),
        "seeds": Parameter((0, 1, 2, 3, 4), "ours", "draws of the data; the first is that of the paper's figures"),
    },
    variants={
        "code": {"ascent_one_sam": Parameter(2.0, "code", "the public code ascends by twice what Equation 8 has")},
    },
    budgets={"quick": {"seeds": (0,), "scan": (1.0, 40.0, 21)}, "full": {"seeds": tuple(range(20))}},
    compute=compute,
    check=check,
    draw=draw,
)

if __name__ == "__main__":
    run_alone(FIGURE)
