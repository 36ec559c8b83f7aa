"""n-SAM against 1-SAM over the radius on a diagonal linear network (Andriushchenko and Flammarion 2022, Figure 14).

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Appendix B.3.
        https://github.com/tml-epfl/understanding-sam, diagonal_linear_nets
"""

from typing import TYPE_CHECKING

import numpy as np

from .andriushchenko2022_networks import DATA, draws, geometric_mean, ratio, run_networks
from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

RULES = ("n_sam", "one_sam")
LABELS = {"n_sam": "n-SAM", "one_sam": "1-SAM"}


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Losses at the end, dims (rule, rho, seed), and those of ERM; infinite where a run overflows."""
    import xarray as xr

    from ..dynamics.methods import make_rule

    data = draws(settings["seeds"], settings["n"], settings["d"], settings["kappa"])
    rho, last = np.array(settings["rho"]), [settings["steps"]]
    eta, alpha = settings["eta"], settings["alpha"]
    plain = run_networks(data, make_rule("gd", eta), alpha, last)
    progress(0.1)
    whole = run_networks(data, make_rule("n_sam", settings["eta_n_sam"], rho=rho), alpha, last)
    progress(0.3)
    single = run_networks(data, make_rule("one_sam", eta, rho=settings["ascent_one_sam"] * rho), alpha, last)
    progress(1.0)
    dims = ("rule", "rho", "seed")
    return xr.Dataset(
        {
            "test": (dims, np.stack([run.test[..., 0] for run in (whole, single)]), {"long_name": "test loss"}),
            "train": (dims, np.stack([run.train[..., 0] for run in (whole, single)]), {"long_name": "training loss"}),
            "erm_test": ("seed", plain.test[0, :, 0], {"long_name": "test loss of ERM"}),
            "erm_train": ("seed", plain.train[0, :, 0], {"long_name": "training loss of ERM"}),
        },
        coords={"rule": list(RULES), "rho": ("rho", rho, {"long_name": "radius"}), "seed": list(settings["seeds"])},
    )


def tuned(test: np.ndarray) -> np.ndarray:
    """The test loss of each seed at the radius that is best in geometric mean over the other seeds.

    Args:
        test: Shape (rho, seeds).
    Returns:
        Shape (seeds,). So nothing is chosen by what it is judged on.
    """
    logs = np.log(test)
    seeds = np.arange(test.shape[1])
    return np.array([test[np.delete(logs, s, axis=1).mean(axis=1).argmin(), s] for s in seeds])


def check(data: "xr.Dataset") -> list[Check]:
    """What Appendix B.3 says of the figure, over the draws of the data."""
    erm, rho = data["erm_test"].values, data["rho"].values
    test = {rule: data["test"].sel(rule=rule).values for rule in RULES}
    left_out = {rule: tuned(test[rule]) for rule in RULES}
    own = {rule: test[rule].min(axis=0) for rule in RULES}
    best = {rule: float(rho[np.log(test[rule]).mean(axis=1).argmin()]) for rule in RULES}
    lost = {rule: [int(n) for n in np.isinf(test[rule]).sum(axis=1)] for rule in RULES}
    once = ratio(left_out["one_sam"], erm)
    gains = {"ERM": ratio(own["one_sam"], erm), "n-SAM at its best radius": ratio(own["one_sam"], own["n_sam"])}
    marginal = ratio(own["n_sam"], erm)
    return [
        judge(
            "1-SAM still significantly outperforms ERM and n-SAM for the optimally chosen radius.",
            {f"lower test loss than {name}, beyond 3 standard errors": v.below() for name, v in gains.items()},
            {
                "seeds": len(erm),
                **{f"test loss over that of {name}": str(v) for name, v in gains.items()},
                **{
                    f"best radius of each seed, {LABELS[r]}": [float(v) for v in rho[test[r].argmin(axis=0)]]
                    for r in RULES
                },
                **{f"seeds that diverge at each radius, {LABELS[r]}": v for r, v in lost.items()},
            },
            f"At the radius best for each draw the test loss is {gains['ERM'].mean:.2f} times that of ERM, and lower "
            f"at {gains['ERM'].smaller} of {len(erm)} draws; the logarithm scatters by "
            f"{gains['ERM'].error * len(erm) ** 0.5:.2f} from draw to draw.",
        ),
        judge(
            "n-SAM leads only to marginal improvements.",
            {
                "it improves on ERM, beyond 3 standard errors": marginal.below(),
                "by less than a third": marginal.mean > 2 / 3,
            },
            {
                "test loss of n-SAM over that of ERM": str(marginal),
                "at the largest radius": str(ratio(test["n_sam"][-1], erm)),
            },
            f"At the radius best for each draw n-SAM has {marginal.mean:.4f} times the test loss of ERM, and is better "
            f"at {marginal.smaller} of {len(erm)} draws.",
        ),
        judge(
            "(Ours) 1-SAM also outperforms ERM at a radius chosen on other draws of the data.",
            {"lower test loss than ERM, beyond 3 standard errors": once.below()},
            {
                "test loss over that of ERM": str(once),
                **{f"best radius in the mean, {LABELS[r]}": v for r, v in best.items()},
            },
            f"At the radius best for the other draws the test loss is {once.mean:.2f} times that of ERM: the best "
            "radius is close to the one beyond which some draw fails.",
        ),
    ]


def draw(data: "xr.Dataset") -> "Figure":
    """Test loss against the radius: the notebook's draw of the data, and all draws over ERM."""
    from .style import figure, rule_look

    fig, (a, b) = figure(columns=2, aspect=0.46, cols=2)
    rho, erm = data["rho"], data["erm_test"]
    plain = rule_look("gd")
    a.axhline(float(erm[0]), color=plain.color, label="ERM")
    b.axhline(1.0, color=plain.color)
    for rule in RULES:
        look = rule_look(rule)
        line = {**look.line, "label": LABELS[rule]}
        test = data["test"].sel(rule=rule).where(np.isfinite(data["test"].sel(rule=rule)))
        a.loglog(rho, test[:, 0], **line, marker=look.marker, markersize=4)
        share = test / erm
        for seed in range(data.sizes["seed"]):
            b.loglog(rho, share[:, seed], color=look.color, linewidth=0.4, alpha=0.5)
        whole = share.notnull().all("seed")  # no mean over those that happen not to diverge
        b.loglog(rho, geometric_mean(share).where(whole), **line, marker=look.marker, markersize=4)
        lost = share.isnull().any("seed")
        if bool(lost.any()):
            at = rho.where(lost, drop=True)
            b.plot(at, np.full(len(at), float(share.max()) * 1.5), "x", color=look.color, markersize=5)
    handles, _ = a.get_legend_handles_labels()
    if bool(np.isinf(data["test"]).any()):
        handles += b.plot([], [], "x", color="#555555", linestyle="", label="some draws diverge (no mean)")
    first = int(data["seed"][0])
    a.set(xlabel=r"radius $\rho$", ylabel="test loss", title=f"(a) data of seed {first}")
    b.set(
        xlabel=r"radius $\rho$", ylabel="test loss / that of ERM", title=f"(b) {data.sizes['seed']} draws of the data"
    )
    fig.legend(handles=handles, loc="outside lower center", ncols=4)
    return fig


FIGURE = PaperFigure(
    name="andriushchenko2022-fig14",
    title="At its best radius 1-SAM generalises better than n-SAM at its own, on a diagonal linear network",
    caption="Test loss after {steps} full-batch steps from alpha = {alpha} at eta = {eta:g} against the radius. "
    "(a) One draw of the data, as in the paper. (b) All draws, over ERM on the same draw; thick: geometric mean. "
    "Crosses: radii at which some draw diverges.",
    parameters={
        **DATA,
        "rho": Parameter((0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.9), "code"),
        "alpha": Parameter(0.05, "paper"),
        "eta": Parameter(0.5, "paper", "15 / d"),
        "eta_n_sam": Parameter(0.5, "paper", "15 / d for all methods"),
        "steps": Parameter(10_001, "code"),
        "ascent_one_sam": Parameter(1.0, "paper", "1-SAM ascends by this times rho"),
        "seeds": Parameter(tuple(range(20)), "ours", "draws of the data; the first is that of the public code"),
    },
    variants={
        "code": {
            "ascent_one_sam": Parameter(2.0, "code", "the public code ascends by twice what Equation 8 has"),
            "eta_n_sam": Parameter(1 / 3, "code", "10 / d, left over from the cell before"),
        },
    },
    budgets={"quick": {"seeds": tuple(range(5)), "steps": 3000}, "full": {"seeds": tuple(range(100))}},
    compute=compute,
    check=check,
    draw=draw,
    depends=("andriushchenko2022_networks",),
)

if __name__ == "__main__":
    run_alone(FIGURE)
