"""Stochastic ERM, n-SAM and 1-SAM on a diagonal linear network (Andriushchenko and Flammarion 2022, Figure 13).

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Appendix B.3.
"""

from typing import TYPE_CHECKING

import numpy as np

from .andriushchenko2022_networks import (
    DATA,
    Measured,
    draws,
    first_below,
    geometric_mean,
    log_records,
    ratio,
    run_networks,
)
from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

RULES = ("gd", "n_sam", "one_sam")
WIDTHS = {"gd": 2.6, "n_sam": 1.5, "one_sam": 1.2}
"""Of the lines: those of ERM and n-SAM lie on each other, so that the lower one is the wider."""
LABELS = {"gd": "ERM", "n_sam": "n-SAM", "one_sam": "1-SAM"}
SAMPLING = ("full batch", "stochastic")


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Losses and distances, dims (sampling, rule, seed, step)."""
    import xarray as xr

    from ..dynamics.methods import make_rule

    data = draws(settings["seeds"], settings["n"], settings["d"], settings["kappa"])
    steps = log_records(settings["steps"], settings["records"])
    eta, rho = settings["eta"], settings["rho"]
    made = (
        make_rule("gd", eta),
        make_rule("n_sam", eta, rho=rho, inner=settings["inner"]),
        make_rule("one_sam", eta, rho=settings["ascent_one_sam"] * rho),
    )
    runs = []
    for stochastic in (False, True):
        for rule in made:
            runs.append(
                run_networks(
                    data, rule, settings["alpha"], steps, stochastic=stochastic, seed=settings["examples_seed"]
                )
            )
            progress(len(runs) / 6)
    names = {"train": "training loss", "test": "test loss", "distance": "squared distance to the truth"}
    return xr.Dataset(
        {
            name: (
                ("sampling", "rule", "seed", "step"),
                np.stack([values[0] for values in column]).reshape(2, 3, len(data), len(steps)),
                {"long_name": names[name]},
            )
            for name, column in zip(Measured._fields, zip(*runs))
        },
        coords={"sampling": list(SAMPLING), "rule": list(RULES), "seed": list(settings["seeds"]), "step": steps},
        attrs={"rho": rho, "eta": eta},
    )


def check(data: "xr.Dataset") -> list[Check]:
    """What Appendix B.3 and the caption say of the figure, over the draws of the data."""
    end, steps = data.isel(step=-1), data["step"].values
    test = end["test"]
    better = {r: ratio(test.sel(rule=r)[1], test.sel(rule=r)[0]) for r in RULES}
    stochastic = data.sel(sampling="stochastic")
    own = {
        what: {r: ratio(end[what][1].sel(rule="one_sam"), end[what][1].sel(rule=r)) for r in ("gd", "n_sam")}
        for what in ("test", "distance")
    }
    left = {
        r: float((stochastic["train"].sel(rule=r)[:, -1] / stochastic["train"].sel(rule=r)[:, 0]).max()) for r in RULES
    }
    fits = {r: _linear(steps, stochastic["train"].sel(rule=r).values) for r in RULES}
    times = {r: first_below(steps, stochastic["train"].sel(rule=r).values, 1e-3) for r in RULES}
    slower = {r: ratio(times["one_sam"], times[r]) for r in ("gd", "n_sam")}
    half = {r: first_below(steps, stochastic["train"].sel(rule=r).values, 0.5) for r in RULES}
    early = {r: ratio(half["one_sam"], half[r]) for r in ("gd", "n_sam")}
    return [
        judge(
            "The stochastic implementations enjoy a better implicit bias than their deterministic counterparts.",
            {f"{LABELS[r]}: lower test loss, beyond 3 standard errors": v.below() for r, v in better.items()},
            {
                "seeds": data.sizes["seed"],
                **{f"test loss of stochastic over that of full-batch {LABELS[r]}": str(v) for r, v in better.items()},
            },
            "Where the test loss is not lower, the mean ratio and its standard error are given.",
        ),
        judge(
            "1-SAM SGD converges to a solution which generalizes better.",
            {
                **{
                    f"lower test loss than {LABELS[r]}, beyond 3 standard errors": v.below()
                    for r, v in own["test"].items()
                },
                **{f"nearer the truth than {LABELS[r]}, likewise": v.below() for r, v in own["distance"].items()},
            },
            {
                **{f"test loss over that of {LABELS[r]}": str(v) for r, v in own["test"].items()},
                **{f"squared distance over that of {LABELS[r]}": str(v) for r, v in own["distance"].items()},
            },
            f"Over the seeds the test loss is {own['test']['gd'].mean:.2f} times that of ERM.",
        ),
        judge(
            "All algorithms converge to a global minimum at linear rate.",
            {
                **{f"{LABELS[r]}: below 1e-4 of the start": v < 1e-4 for r, v in left.items()},
                **{f"{LABELS[r]}: a line fits log loss over the last half": v > 0.98 for r, v in fits.items()},
            },
            {
                **{f"largest loss at the end over that at the start, {LABELS[r]}": v for r, v in left.items()},
                **{f"median R² of the line, {LABELS[r]}": v for r, v in fits.items()},
            },
            "Where no line fits, the loss still falls at the end of the run, but its rate is not yet constant.",
        ),
        judge(
            "The convergence speed is inversely proportional to the biasing effect.",
            {
                **{
                    f"1-SAM is slower than {LABELS[r]} to half of the start, 3 s.e.": v.above()
                    for r, v in early.items()
                },
                **{
                    f"1-SAM is slower than {LABELS[r]} to 1e-3 of the start, 3 s.e.": v.above()
                    for r, v in slower.items()
                },
            },
            {
                **{f"steps of 1-SAM over those of {LABELS[r]} to half of the start": str(v) for r, v in early.items()},
                **{f"steps of 1-SAM over those of {LABELS[r]} to 1e-3 of the start": str(v) for r, v in slower.items()},
            },
            f"1-SAM, which is biased most, takes {early['gd'].mean:.3f} times the steps of ERM to half of the loss at "
            f"the start and {slower['gd'].mean:.3f} times those to a thousandth of it.",
        ),
    ]


def _linear(steps: np.ndarray, curves: np.ndarray) -> float:
    """The median over seeds of R² of a line through log loss against the step, over the last half of the steps."""
    late = steps >= steps[-1] / 2
    logs = np.log(np.maximum(curves[:, late], 1e-300))
    return float(np.median([np.corrcoef(steps[late], line)[0, 1] ** 2 for line in logs]))


def draw(data: "xr.Dataset") -> "Figure":
    """Test loss and training loss of the stochastic rules, and the ends of both kinds of run, seed by seed."""
    from .style import figure, rule_look

    fig, (a, b, c) = figure(columns=2, aspect=0.42, cols=3)
    shown = data.isel(step=slice(1, None)).sel(sampling="stochastic")
    handles = []
    for ax, name in ((a, "test"), (b, "train")):
        for rule in RULES:
            look, curves = {**rule_look(rule).line, "label": LABELS[rule]}, shown[name].sel(rule=rule)
            for seed in shown["seed"].values:
                ax.loglog(shown["step"], curves.sel(seed=seed), color=look["color"], linewidth=0.4, alpha=0.35)
            handles += ax.loglog(shown["step"], geometric_mean(curves), **look, linewidth=WIDTHS[rule], zorder=3)
    a.set(xlabel="step", ylabel="test loss", title="(a) stochastic: test loss")
    b.set(xlabel="step", ylabel="training loss", title="(b) stochastic: training loss")
    end = data["test"].isel(step=-1)
    for rule in RULES:
        look = rule_look(rule)
        for seed in data["seed"].values:
            values = end.sel(rule=rule, seed=seed) / end.sel(rule="gd", sampling="full batch", seed=seed)
            c.plot([0, 1], values, color=look.color, linewidth=0.6, marker=look.marker, markersize=3)
    c.set_xticks([0, 1], SAMPLING)
    c.set_xlim(-0.25, 1.25)
    c.set_ylim(bottom=0)
    c.set(xlabel="examples of a step", ylabel="test loss / that of full-batch ERM", title="(c) at the end, per seed")
    fig.legend(handles=handles[:3], loc="outside lower center", ncols=3)
    return fig


FIGURE = PaperFigure(
    name="andriushchenko2022-fig13",
    title="Stochastic 1-SAM generalises better than stochastic n-SAM and ERM on a diagonal linear network",
    caption="Runs of {steps} steps on one random example per step, from alpha = {alpha} at eta = rho = 1/d; n-SAM "
    "ascends on another example (Equation 21; variant 'whole': on all). (a), (b) Thin: one draw of the data each; "
    "thick: geometric mean. (c) Test loss at the end over that of full-batch ERM, beside full-batch runs.",
    parameters={
        **DATA,
        "alpha": Parameter(0.01, "paper"),
        "eta": Parameter(1 / 30, "paper", "1 / d"),
        "rho": Parameter(1 / 30, "paper", "1 / d"),
        "steps": Parameter(100_000, "ours", "as in Figure 6"),
        "inner": Parameter("independent", "paper", "examples of n-SAM's ascent: Equation 21"),
        "ascent_one_sam": Parameter(1.0, "paper", "1-SAM ascends by this times rho"),
        "records": Parameter(100, "ours", "log-spaced steps that are kept"),
        "seeds": Parameter(tuple(range(8)), "ours", "draws of the data"),
        "examples_seed": Parameter(0, "ours", "of the examples' order"),
    },
    variants={
        "code": {"ascent_one_sam": Parameter(2.0, "code", "the public code ascends by twice what Equation 8 has")},
        "whole": {"inner": Parameter("full", "ours", "the ascent of n-SAM on all examples, Equation 8")},
    },
    budgets={"quick": {"seeds": tuple(range(5)), "steps": 20_000}, "full": {"seeds": tuple(range(40))}},
    compute=compute,
    check=check,
    draw=draw,
    depends=("andriushchenko2022_networks",),
)

if __name__ == "__main__":
    run_alone(FIGURE)
