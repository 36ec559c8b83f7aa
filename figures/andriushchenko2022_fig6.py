"""1-SAM generalises better than n-SAM and ERM on a diagonal linear network (Andriushchenko & Flammarion 2022, Fig. 6).

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Section 4.2.
        https://github.com/tml-epfl/understanding-sam, diagonal_linear_nets
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


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Losses and distances, dims (rule, seed, step)."""
    import xarray as xr

    from ..dynamics.methods import make_rule

    data = draws(settings["seeds"], settings["n"], settings["d"], settings["kappa"])
    steps = log_records(settings["steps"], settings["records"])
    eta, rho = settings["eta"], settings["rho"]
    made = (
        make_rule("gd", eta),
        make_rule("n_sam", eta, rho=rho),
        make_rule("one_sam", eta, rho=settings["ascent_one_sam"] * rho),
    )
    runs = []
    for i, rule in enumerate(made):
        runs.append(run_networks(data, rule, settings["alpha"], steps))
        progress((i + 1) / len(made))
    names = {"train": "training loss", "test": "test loss", "distance": "squared distance to the truth"}
    return xr.Dataset(
        {
            name: (("rule", "seed", "step"), np.stack([values[0] for values in column]), {"long_name": names[name]})
            for name, column in zip(Measured._fields, zip(*runs))
        },
        coords={"rule": list(RULES), "seed": list(settings["seeds"]), "step": steps},
        attrs={"rho": rho, "eta": eta},
    )


def check(data: "xr.Dataset") -> list[Check]:
    """What Section 4.2 says of the figure, over the draws of the data."""
    end = data.isel(step=-1)

    test = {rule: ratio(end["test"].sel(rule="one_sam"), end["test"].sel(rule=rule)) for rule in ("gd", "n_sam")}
    away = {
        rule: ratio(end["distance"].sel(rule="one_sam"), end["distance"].sel(rule=rule)) for rule in ("gd", "n_sam")
    }
    same = ratio(end["test"].sel(rule="n_sam"), end["test"].sel(rule="gd"))
    left = {
        rule: float((data["train"].sel(rule=rule)[:, -1] / data["train"].sel(rule=rule)[:, 0]).max()) for rule in RULES
    }
    times = {rule: first_below(data["step"].values, data["train"].sel(rule=rule).values, 1e-3) for rule in RULES}
    slower = ratio(times["one_sam"], times["gd"])
    early = ratio(*(first_below(data["step"].values, data["train"].sel(rule=r).values, 0.5) for r in ("one_sam", "gd")))
    diverged = {rule: int(np.isinf(end["test"].sel(rule=rule)).sum()) for rule in RULES}
    return [
        judge(
            "1-SAM generalizes significantly better than n-SAM and ERM.",
            {
                **{f"lower test loss than {LABELS[r]}, beyond 3 standard errors": v.below() for r, v in test.items()},
                **{f"nearer the truth than {LABELS[r]}, beyond 3 standard errors": v.below() for r, v in away.items()},
                "no run diverges": not any(diverged.values()),
            },
            {
                "seeds": data.sizes["seed"],
                **{f"test loss over that of {LABELS[r]}": str(v) for r, v in test.items()},
                **{f"squared distance to the truth over that of {LABELS[r]}": str(v) for r, v in away.items()},
                **{f"runs of {LABELS[r]} that diverge": v for r, v in diverged.items()},
            },
            f"Over the seeds the test loss of 1-SAM is {test['gd'].mean:.2f} times that of ERM.",
        ),
        judge(
            "ERM and n-SAM achieve approximately the same performance.",
            {
                "the test loss differs by less than 10 % in the mean": bool(abs(same.log) < np.log(1.1)),
                "by less than a quarter of the gain of 1-SAM, in logarithms": abs(same.log)
                < 0.25 * abs(test["gd"].log),
            },
            {"test loss of n-SAM over that of ERM": str(same)},
            f"The test loss of n-SAM is {same.mean:.3f} times that of ERM, and larger at {same.finite - same.smaller} "
            f"of {same.finite} seeds: its bias is small, and not towards a lower test loss.",
        ),
        judge(
            "The training loss of all the variants is converging to zero but the convergence of 1-SAM is slower.",
            {
                **{f"{LABELS[r]}: below 1e-4 of its start at the end": v < 1e-4 for r, v in left.items()},
                "1-SAM takes longer to half of the start than ERM, beyond 3 standard errors": early.above(),
                "1-SAM takes longer to 1e-3 of the start than ERM, beyond 3 standard errors": slower.above(),
            },
            {
                **{f"largest training loss at the end over that at the start, {LABELS[r]}": v for r, v in left.items()},
                "steps of 1-SAM over those of ERM to half of the start": str(early),
                "steps of 1-SAM over those of ERM to 1e-3 of the start": str(slower),
                "the last on the first draw of the data": ratio(times["one_sam"][:1], times["gd"][:1]).mean,
                "training loss of 1-SAM over that of ERM at the end": str(
                    ratio(end["train"].sel(rule="one_sam"), end["train"].sel(rule="gd"))
                ),
            },
            f"1-SAM takes {early.mean:.2f} times the steps of ERM to half of the loss at the start, that is, to leave "
            f"the saddle at 0, but {slower.mean:.2f} times those to a thousandth of it.",
        ),
    ]


def draw(data: "xr.Dataset") -> "Figure":
    """Training loss, test loss and distance against the step; mean over seeds, and each seed."""
    from .style import figure, rule_look

    fig, axes = figure(columns=2, aspect=0.42, cols=3)
    shown = data.isel(step=slice(1, None))
    titles = {"train": "(a) all reach zero training loss", "test": "(b) 1-SAM generalises better"}
    handles = []
    for ax, name in zip(axes, Measured._fields):
        for rule in RULES:
            look, curves = {**rule_look(rule).line, "label": LABELS[rule]}, shown[name].sel(rule=rule)
            for seed in shown["seed"].values:
                ax.loglog(shown["step"], curves.sel(seed=seed), color=look["color"], linewidth=0.4, alpha=0.35)
            (line,) = ax.loglog(shown["step"], geometric_mean(curves), **look, linewidth=WIDTHS[rule], zorder=3)
            handles.append(line)
        ax.set(xlabel="step", title=titles.get(name, "(c) and lies nearer the truth"))
    axes[0].set_ylabel("training loss")
    axes[1].set_ylabel("test loss")
    axes[2].set_ylabel(r"$\|\beta - \beta^*\|^2$")
    fig.legend(handles=handles[:3], loc="outside lower center", ncols=3)
    return fig


FIGURE = PaperFigure(
    name="andriushchenko2022-fig6",
    title="Full-batch 1-SAM generalises better than n-SAM and ERM on a diagonal linear network",
    caption="Full-batch runs of {steps} steps on {n} examples in {d} dimensions, truth with {kappa} non-zero entries, "
    "from alpha = {alpha} at eta = 1/d, rho = {rho:g}. Thin lines: one draw of the data each; thick: geometric mean.",
    parameters={
        **DATA,
        "alpha": Parameter(0.01, "paper", "as in Figure 13"),
        "eta": Parameter(1 / 30, "paper", "1 / d, as in Figure 13"),
        "rho": Parameter(0.1, "ours", "3 / d"),
        "steps": Parameter(100_000, "paper"),
        "ascent_one_sam": Parameter(1.0, "paper", "1-SAM ascends by this times rho"),
        "records": Parameter(100, "ours", "log-spaced steps that are kept"),
        "seeds": Parameter(tuple(range(8)), "ours", "draws of the data"),
    },
    variants={
        "code": {"ascent_one_sam": Parameter(2.0, "code", "the public code ascends by twice what Equation 8 has")},
    },
    budgets={"quick": {"seeds": tuple(range(5)), "steps": 20_000}, "full": {"seeds": tuple(range(40))}},
    compute=compute,
    check=check,
    draw=draw,
    depends=("andriushchenko2022_networks",),
)

if __name__ == "__main__":
    run_alone(FIGURE)
