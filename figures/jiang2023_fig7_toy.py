"""AE-SAM reaches critical points: squared gradient norms along runs, and Theorem 3.3's bound (Jiang et al. 2023).

References:
    [1] Jiang, Yang, Zhang, Kwok (2023). An adaptive policy to employ sharpness-aware minimization. ICLR.
        Assumptions 3.1 and 3.2, Theorem 3.3, Section 4.5, Figure 7.
"""

from typing import TYPE_CHECKING

import numpy as np

from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

RULES = {"gd": "SGD", "ae_sam": "AE-SAM", "usam": "SAM"}
"""The theorem's share of SAM steps is 0 for the first and 1 for the last, which ascends by rho g like Algorithm 1."""


def bound(beta: float, drop: np.ndarray, zeta: np.ndarray, noise: float, batch: int, steps: np.ndarray) -> np.ndarray:
    """The right side of Theorem 3.3, for a smoothness beta and a variance `noise` of single examples' gradients."""
    scale = np.sqrt(steps) * (7 - 6 * zeta)
    return 32 * beta * drop / scale + (1 + zeta + 5 * beta**2 * zeta) * noise / (batch * scale)


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Squared full-gradient norms at some of the steps of runs of several lengths, and the bound for each length."""
    import jax
    import jax.numpy as jnp
    import xarray as xr

    from ..dynamics.methods import make_rule
    from ..landscapes.gradient_noise import noise_covariance
    from ..landscapes.logistic_regression import logistic_regression
    from .counted_runs import counted_runs

    landscape = logistic_regression(settings["n"], settings["d"], settings["separation"], seed=settings["seed"])
    x = np.asarray(landscape.x)
    beta = float(np.linalg.eigvalsh(x.T @ x / len(x))[-1]) / 4
    lengths, seeds, points = list(settings["lengths"]), settings["seeds"], settings["points"]
    radius, dimension = settings["radius"], x.shape[1]
    stream = np.random.default_rng(settings["seed"])
    directions = stream.standard_normal((seeds, dimension))
    starts = radius * directions / np.linalg.norm(directions, axis=1, keepdims=True)
    look = jax.jit(jax.vmap(lambda w: (landscape.value(w), jnp.sum(jax.grad(landscape.value)(w) ** 2))))

    # Assumption 3.2's variance at a point: the trace of the covariance of single examples' gradients
    noise = jax.jit(jax.vmap(lambda w: jnp.trace(noise_covariance(landscape, w))))

    shape = (len(RULES), len(lengths))
    squares = np.full((*shape, points + 1), np.nan)
    errors, times = np.full_like(squares, np.nan), np.zeros((len(lengths), points + 1), int)
    smallest, zeta, drop, variance = (np.empty(shape) for _ in range(4))
    for j, steps in enumerate(lengths):
        grid = np.round(np.geomspace(1, steps, points)).astype(int)
        times[j] = np.r_[0, grid]
        # beyond T the theorem says nothing: the smallest is over steps 0 ... T - 1
        eta, rho = 1 / (4 * beta * np.sqrt(steps)), steps**-0.25
        rules = {
            "gd": make_rule("gd", eta),
            "ae_sam": make_rule("ae_sam", eta, rho=rho, horizon=steps),
            "usam": make_rule("usam", eta, rho=rho),
        }
        for i, name in enumerate(RULES):
            (first, square), count = (np.asarray(value) for value in look(starts)), np.zeros(seeds)
            squares[i, j, 0], errors[i, j, 0] = _mean_and_error(square)
            loss, largest = first, float(noise(starts).max())
            runs = counted_runs(
                landscape, rules[name], starts, np.arange(seeds), np.unique(grid).tolist(),
                batch=settings["batch"], seed=settings["seed"],
            )  # fmt: skip
            for time, w, perturbed in runs:
                loss, square = (np.asarray(value) for value in look(w))
                at = np.flatnonzero(times[j] == time)
                squares[i, j, at], errors[i, j, at] = _mean_and_error(square)
                largest, count = max(largest, float(noise(w).max())), perturbed
            before = times[j] < steps
            smallest[i, j] = squares[i, j, before].min()
            zeta[i, j], drop[i, j], variance[i, j] = count.mean() / steps, (first - loss).mean(), largest
            progress((j * len(RULES) + i + 1) / (len(RULES) * len(lengths)))
    sigma = float(variance.max())
    batch = settings["batch"]
    limit = bound(beta, drop, zeta, sigma, batch, np.array(lengths))
    longest = float(np.max(np.sum(x**2, axis=1)))
    dims = ("rule", "length")
    return xr.Dataset(
        {
            "square": ((*dims, "point"), squares, {"long_name": "mean of ||grad L||^2 over seeds", "units": "1"}),
            "error": ((*dims, "point"), errors, {"long_name": "standard error of it", "units": "1"}),
            "step": (("length", "point"), times, {"long_name": "step", "units": "1"}),
            "smallest": (dims, smallest, {"long_name": "smallest mean of ||grad L||^2", "units": "1"}),
            "bound": (dims, limit, {"long_name": "right side of Theorem 3.3", "units": "1"}),
            "zeta": (dims, zeta, {"long_name": "share of SAM steps", "units": "1"}),
        },
        coords={"rule": list(RULES), "length": ("length", lengths, {"long_name": "steps T of the run", "units": "1"})},
        attrs={"beta": beta, "variance": sigma, "variance_bound": longest, "batch": batch},
    )


def _mean_and_error(values: np.ndarray) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))


def check(data: "xr.Dataset") -> list[Check]:
    """Section 4.5's sentence, and Theorem 3.3."""
    lengths = data["length"].values
    square, smallest = data["square"], data["smallest"]
    limit, zeta = data["bound"], data["zeta"]
    ratio = {name: float((limit / smallest).sel(rule=name).min()) for name in RULES}
    ends = square.sel(rule="ae_sam").isel(point=-1).values
    noise = data["error"].sel(rule="ae_sam").isel(point=-1).values
    start = float(square.sel(rule="ae_sam").isel(point=0, length=0))
    slope = float(np.polyfit(np.log(lengths), np.log(smallest.sel(rule="ae_sam").values), 1)[0])
    apart = np.diff(ends) / np.hypot(noise[1:], noise[:-1])
    order = limit.transpose("rule", "length").values
    return [
        judge(
            "In all settings ||grad L||^2 of AE-SAM converges to 0.",
            {
                "the longest ends below a hundredth of its start": bool(ends[-1] + 2 * noise[-1] < 0.01 * start),
                "the longer the run, the smaller the end": bool(np.all(apart < -2)),
            },
            {
                "at the start": start,
                **{f"at the end, T = {t}": float(v) for t, v in zip(lengths, ends, strict=True)},
                "smallest decrease from length to length, standard errors": float(-apart.max()),
            },
            "A run of fixed length ends at a level that its step size sets; "
            + ", ".join(f"{v:.2g} (T = {t})" for t, v in zip(lengths, ends, strict=True))
            + f" from {start:.2g}.",
        ),
        judge(
            "Theorem 3.3: min over t of E||grad L||^2 is at most the bound, for any share of SAM steps.",
            {f"{RULES[name]}, every length": ratio[name] >= 1 for name in RULES},
            {
                **{f"smallest bound over what is measured, {RULES[name]}": ratio[name] for name in RULES},
                "largest variance of a single gradient seen": data.attrs["variance"],
            },
            "Some measured minimum is above the bound, by the factors given.",
        ),
        judge(
            "The bound decreases as T^(-1/2), so that AE-SAM converges at that rate at least.",
            {"slope of the measured minimum at most -1/2": slope <= -0.5},
            {"slope of the minimum of AE-SAM in T": slope},
            "Within the lengths run, the minimum decreases with the power given.",
        ),
        judge(
            "A larger share of SAM steps leads to a larger bound.",
            {"SGD < AE-SAM < SAM at every length": bool(np.all(np.diff(order, axis=0) > 0))},
            {
                **{
                    f"share of SAM steps of AE-SAM, T = {t}": float(v)
                    for t, v in zip(lengths, zeta.sel(rule="ae_sam").values)
                },
                **{f"bound at the longest, {RULES[n]}": float(limit.sel(rule=n)[-1]) for n in RULES},
            },
            "The drop of the loss in the bound differs between the rules, too.",
        ),
    ]


def draw(data: "xr.Dataset") -> "Figure":
    """Squared gradient norms along AE-SAM's runs; their smallest mean and the bound against the length of the run."""
    from matplotlib import colormaps

    from .style import figure, rule_look

    fig, (along, against) = figure(columns=2, aspect=0.44, cols=2)
    lengths, rule = data["length"].values, data.sel(rule="ae_sam")
    shades = colormaps["magma_r"](np.linspace(0.25, 0.9, len(lengths)))
    runs = []
    for j, (length, color) in enumerate(zip(lengths, shades, strict=True)):
        t = data["step"].values[j] + 1
        mean, error = rule["square"].values[j], rule["error"].values[j]
        runs += along.loglog(t, mean, color=color, label=f"$T={length}$")
        along.fill_between(t, np.maximum(mean - 2 * error, mean / 10), mean + 2 * error, color=color, alpha=0.25, lw=0)
    along.set(xlabel="step $t+1$", ylabel=r"mean of $\|\nabla L(w_t)\|^2$")
    along.set_title("(a) AE-SAM: longer runs end lower")
    along.legend(handles=runs, loc="lower left", fontsize="small")
    rows = []
    for name in RULES:
        look, line = rule_look(name), data.sel(rule=name)
        rows += against.loglog(
            lengths, line["smallest"], **{**look.line, "label": RULES[name]}, marker=look.marker, markersize=3
        )
        against.loglog(lengths, line["bound"], color=look.color, linewidth=0.9, alpha=0.6)
    (word,) = against.plot([], [], color="#777777", linewidth=0.9, label="bound of Theorem 3.3, same colours")
    against.set(xlabel="steps $T$ of the run", ylabel=r"$\min_t\, \mathrm{E}\|\nabla L(w_t)\|^2$")
    against.set_title("(b) smallest mean, and the bound")
    fig.legend(handles=[*rows, word], loc="outside lower center", ncols=4)
    return fig


FIGURE = PaperFigure(
    name="jiang2023-fig7-toy",
    title="AE-SAM reaches a critical point; the bound of Theorem 3.3 holds with room",
    caption="Logistic regression on {n} points in {d} dimensions, {seeds} seeds with starts at distance {radius} from "
    "0, batches of {batch}; for a run of T steps eta = 1/(4 beta sqrt(T)) and rho = T^(-1/4), as in the theorem. Beta "
    "is the largest eigenvalue of X'X/4n, sigma^2 the largest variance of one example's gradient seen in the runs. "
    "(a) Bands: two standard errors. (b) The minimum is over the steps recorded. The paper trains networks with a "
    "falling learning rate.",
    parameters={
        "lengths": Parameter((100, 400, 1600, 6400), "ours"),
        "n": Parameter(100, "ours"),
        "d": Parameter(5, "ours"),
        "separation": Parameter(0.5, "ours", "classes overlap, so that noise remains at the minimum"),
        "radius": Parameter(3.0, "ours"),
        "batch": Parameter(4, "ours"),
        "points": Parameter(30, "ours", "records per run"),
        "seeds": Parameter(64, "ours"),
        "seed": Parameter(0, "ours"),
    },
    budgets={
        "quick": {"lengths": (100, 400, 1600), "seeds": 32, "points": 12},
        "full": {"lengths": (100, 400, 1600, 6400, 25600)},
    },
    compute=compute,
    check=check,
    draw=draw,
    depends=("counted_runs",),
)

if __name__ == "__main__":
    run_alone(FIGURE)
