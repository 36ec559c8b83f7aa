"""Sharpness along training with gradient descent, SAM, and SAM before gradient descent (Zhou et al. 2025, Figure 10).

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
        Appendix B.4.
    [2] Cohen, Kaur, Li, Kolter, Talwalkar (2021). Gradient descent on neural networks typically occurs at the edge of
        stability. ICLR.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure


def step(shared: Any, carry: Any, constants: Any, t: Any) -> Any:
    """One step of a rule on the network's loss over all data."""
    from ..dynamics.objective import Batches, Objective
    from .digits_network import loss

    data, rule = shared
    taken = rule.step(Objective(loss), *carry, Batches(data))
    return taken.params, taken.state


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Sharpness and loss of every strategy, at every `every`-th step."""
    import jax
    import jax.numpy as jnp
    import xarray as xr

    from ..dynamics.engine import advance
    from ..dynamics.methods import make_rule
    from .digits_network import Sharpness, digits, initial, loss

    every, switches = settings["every"], list(settings["switches"])
    times = np.arange(0, settings["steps"] + 1, every)
    if off := [t for t in switches if t not in times]:
        raise ValueError(f"zhou2025-fig10-toy: switches {off} are no multiples of every = {every} up to {times[-1]}")
    data = tuple(jnp.asarray(a) for a in digits(settings["examples"], settings["seed"]))
    network = initial((64, settings["width"], settings["width"], 10), settings["seed"])
    value = jax.jit(loss)
    rows = 2 + len(switches)
    sharpness, losses = np.full((2, rows, len(times)), np.nan)
    work = (1 + 2 + sum(1 - t / times[-1] for t in switches)) * len(times)
    done = 0.0

    def follow(row: int, rule: Any, start: Any, first: int) -> dict[int, Any]:
        """Run a rule from a network at step `first` to the end; returns the networks at the switches."""
        nonlocal done
        rule = jax.tree.map(lambda x: jnp.asarray(x, jnp.float32), rule)
        carry = jax.tree.map(lambda x: np.asarray(x)[None], (start, rule.init(start)))
        measure, kept = Sharpness(start, data), {}
        for k in range(first // every, len(times)):
            here = jax.tree.map(lambda x: jnp.asarray(x[0]), carry[0])
            sharpness[row, k], losses[row, k] = measure(here), float(value(here, data))
            if times[k] in switches:
                kept[int(times[k])] = here
            if k + 1 < len(times):
                carry = advance(step, (data, rule), carry, (), int(times[k]), every, size=1, threads=1)
            done += 2 if row == 1 else 1
            progress(min(done / work, 1.0))
        return kept

    gd, sam = make_rule("gd", settings["eta"]), make_rule("sam", settings["eta"], rho=settings["rho"])
    follow(0, gd, network, 0)
    flat = follow(1, sam, network, 0)
    for row, t in enumerate(switches, start=2):
        # neither rule has momentum, so a switch hands over the network alone; before it the run is SAM's
        before = times < t
        sharpness[row, before], losses[row, before] = sharpness[1, before], losses[1, before]
        follow(row, gd, flat[t], t)
    dims = ("strategy", "step")
    return xr.Dataset(
        {
            "sharpness": (dims, sharpness, {"long_name": "largest Hessian eigenvalue", "units": "1"}),
            "loss": (dims, losses, {"long_name": "loss on the training data", "units": "1"}),
        },
        coords={"strategy": ["gd", "sam", *[f"sam->gd at {t}" for t in switches]], "step": times},
        attrs={"eta": settings["eta"], "switches": switches},
    )


def check(data: "xr.Dataset") -> list[Check]:
    """What Appendix B.4 reads off the figure."""
    limit, times = 2 / data.attrs["eta"], data["step"].values
    lines = {str(name): data["sharpness"].sel(strategy=name).values / limit for name in data["strategy"].values}
    late = times >= times[-1] * 0.85
    arrival = {name: _first(times, line >= 1) for name, line in lines.items()}
    settled = {name: float(np.median(line[late])) for name, line in lines.items()}
    plain, sam = lines["gd"], lines["sam"]
    rising = np.diff(plain[times <= arrival["gd"]])
    rising = rising if rising.size else np.diff(plain)
    lowest = float(sam.min())
    switched = dict(zip(list(lines)[2:], np.atleast_1d(data.attrs["switches"]), strict=True))
    delay = {name: _first(times, (lines[name] >= 1) & (times >= t)) - float(t) for name, t in switched.items()}
    return [
        judge(
            "With GD the sharpness tends to increase monotonically until it arrives at 2/eta (Edge of Stability).",
            {
                "starts below": bool(plain[0] < 1),
                "rises at nine of ten measurements before": bool(np.mean(rising > 0) >= 0.9),
                "stays within a tenth of 2/eta at the end": abs(settled["gd"] - 1) < 0.1,
            },
            {
                "sharpness over 2/eta at the start": float(plain[0]),
                "first at 2/eta at step": arrival["gd"],
                "share of rises before": float(np.mean(rising > 0)),
                "median over the last 15 % of the steps": settled["gd"],
            },
            "The numbers say how far the sharpness of gradient descent comes within the run.",
        ),
        judge(
            "With SAM it initially decreases, then slightly increases before converging to much less than 2/eta.",
            {
                "decreases": int(sam.argmin()) > 0,
                "increases slightly after": bool(lowest < sam[-1] < lowest + 0.5 * (sam[0] - lowest)),
                "ends below half of 2/eta": settled["sam"] < 0.5,
            },
            {
                "over 2/eta, at the start": float(sam[0]),
                "lowest": lowest,
                "lowest at step": int(times[sam.argmin()]),
                "median over the last 15 % of the steps": settled["sam"],
                "at the end": float(sam[-1]),
            },
            f"SAM's sharpness over 2/eta starts at {sam[0]:.2f}, is lowest with {lowest:.2f} at step "
            f"{times[sam.argmin()]} and {sam[-1]:.2f} at the end.",
        ),
        judge(
            "After the switch to GD it rapidly increases and then oscillates around 2/eta, however late the switch.",
            {
                **{
                    f"{name}: at 2/eta not later than GD from the start": delay[name] <= arrival["gd"]
                    for name in switched
                },
                **{f"{name}: within a tenth of 2/eta at the end": abs(settled[name] - 1) < 0.1 for name in switched},
            },
            {
                "steps of GD from the start to 2/eta": arrival["gd"],
                **{f"{name}: steps from the switch to 2/eta": delay[name] for name in switched},
                **{f"{name}: median over the last 15 % of the steps, over 2/eta": settled[name] for name in switched},
            },
            "Steps from the switch until the sharpness is first at 2/eta (NaN: not within the run) are: "
            + ", ".join(f"{delay[name]:g} ({name})" for name in switched)
            + f"; gradient descent from the start needs {arrival['gd']:g}.",
        ),
    ]


def _first(times: np.ndarray, there: np.ndarray) -> float:
    """The first of the times at which it is there; NaN where it never is."""
    return float(times[np.argmax(there)]) if there.any() else float("nan")


def draw(data: "xr.Dataset") -> "Figure":
    """Sharpness against steps with 2/eta, and the training loss."""
    from .style import figure, rule_look

    fig, (top, bottom) = figure(columns=2, aspect=0.42, cols=2, width_ratios=(1.6, 1))
    shades = ("#9C2F6E", "#1E8A6E", "#C98A00", "#3C7FC0", "#777777")
    handles = []
    for row, name in enumerate(data["strategy"].values):
        plain = str(name) in ("gd", "sam")
        label = rule_look(str(name)).label if plain else str(name).replace("sam->gd at ", "SAM→GD at step ")
        color = rule_look(str(name)).color if plain else shades[(row - 2) % len(shades)]
        line, since = data.sel(strategy=name), 0 if plain else data.attrs["switches"][row - 2]
        line = line.sel(step=slice(since, None))
        look = {"color": color, "linewidth": 1.5 if plain else 0.9, "label": label, "zorder": 2 if plain else 3}
        handles += top.plot(line["step"], line["sharpness"], **look)
        bottom.semilogy(line["step"], line["loss"], **look)
        if not plain:
            for ax, what in ((top, "sharpness"), (bottom, "loss")):
                ax.plot(since, float(line[what][0]), marker="o", markersize=4, color=color, zorder=4)
    limit = 2 / data.attrs["eta"]
    top.axhline(limit, color="#888888", linewidth=0.8, linestyle="--", zorder=1)
    top.annotate(
        rf"$2/\eta={limit:g}$", (0, limit), (3, 2), xycoords=("axes fraction", "data"), textcoords="offset points",
        ha="left", va="bottom", color="#555555",
    )  # fmt: skip
    top.set(xlabel="step $t$", ylabel=r"sharpness $\|H\|_2$", ylim=(0, None))
    top.set_title(r"(a) GD rises to $2/\eta$, also after SAM; SAM stays flat")
    bottom.set(xlabel="step $t$", ylabel="training loss")
    bottom.set_title("(b) training loss")
    fig.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    return fig


FIGURE = PaperFigure(
    name="zhou2025-fig10-toy",
    title="SAM early in training does not keep gradient descent from the edge of stability",
    caption="A fully connected tanh network 64-{width}-{width}-10 on {examples} of scikit-learn's digits, squared "
    "loss, full batch, eta = {eta}, SAM with radius {rho}; dots: switches from SAM to gradient descent, at steps "
    "{switches}. The paper's network learns 5000 images of CIFAR-10 with eta = 0.01 and switches at 2000, 5000 and "
    "10000 steps; its caption says that the switches go from GD to SAM, its text from SAM to GD.",
    parameters={
        "examples": Parameter(200, "ours", "digits in place of CIFAR-10, and fewer, for the time it takes"),
        "width": Parameter(200, "ours", "two hidden layers, as in Cohen et al. (2021)"),
        "eta": Parameter(0.05, "ours", "0.01 in the paper; chosen so that 2/eta is about twice the sharpness at first"),
        "rho": Parameter(0.03, "ours", "not stated"),
        "steps": Parameter(3000, "ours"),
        "switches": Parameter((200, 500, 1000), "ours", "a tenth of the paper's"),
        "every": Parameter(100, "ours", "steps from one measurement to the next"),
        "seed": Parameter(0, "ours"),
    },
    budgets={
        "quick": {"examples": 100, "width": 64, "eta": 0.08, "steps": 2000, "switches": (200, 400, 600)},
        "full": {"examples": 500, "steps": 5000, "every": 50},
    },
    compute=compute,
    check=check,
    draw=draw,
    depends=("digits_network",),
)

if __name__ == "__main__":
    run_alone(FIGURE)
