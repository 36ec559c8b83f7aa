r"""Descent and convergence of full-batch SAM (Andriushchenko and Flammarion 2022, Lemma 8, Theorems 6, 9 and 10).

Problem and assumptions: L is beta-smooth (A2'); in second parts (A3), ||grad L||²/2 >= mu (L - L*).

Algorithm: w⁺ = w - gamma grad L(w + rho grad L(w)) (Eq. 20).

Statements as printed: L(w⁺) <= L(w) - gamma (1 - rho beta)(1 - gamma beta (1 - rho beta)/2) ||grad L(w)||² for gamma
<= 1/beta; with (A3), potentially mu = 0, and gamma beta (2 - rho beta) <= 2, L(w⁺) <= L(w) - gamma (1 - gamma beta/2 +
rho mu (1 - gamma beta - gamma rho beta²/2)) ||grad L(w)||² (Lemma 8). For gamma < 1/beta, rho < 1/beta: the mean of
||grad L(w_t)||² over t < T is at most 2 (L(w_0) - L*)/(gamma (1 - rho beta) T), and with (A3) L(w_T) - L* <= (1 -
gamma (1 - rho beta) mu/2)^T (L(w_0) - L*) (Theorem 6); the sum from t = 0 to T over T is at most (L(w_0) - L(w_T))/(T
gamma (1 - rho beta)(1 - gamma beta (1 - rho beta)/2)) (Theorem 9); with (A3) L(w_t) - L* <= (1 - 2 gamma mu (1 - rho
beta)(1 - gamma beta (1 - rho beta)/2))^t (L(w_0) - L*) (Theorem 10).

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Appendix C.1.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.worst_case import Measure, Output, Problem, worst_case_within
from ..claim import Claim, Hypothesis, ProofStep, Repair, Source, Symbol
from ..family import Family, Number
from ..losses import Bent, Quadratic
from ..stepping import replay, square, usam
from .samples import BETA, CURVATURE, GAMMA, MEASURED, RHO, SQUARED

MU = Symbol("mu", "Polyak-Lojasiewicz constant", "mu >= 0", CURVATURE, r"\mu")
STEPS = Symbol("T", "steps", "T >= 1", "1")
SMOOTHNESS = MEASURED[0]
LOWEST = Symbol("curvature_min", "smallest curvature", "", CURVATURE, measured=True)
SMOOTH = Hypothesis("(A2')", "L is beta-smooth", "smoothness <= beta")
CONVEX_PL = Hypothesis("(A3)", "PL: here because no curvature is below mu", "curvature_min >= mu")
SMALL = Hypothesis("step sizes", "gamma and rho are below 1/beta", "gamma*beta < 1; rho*beta < 1")
QUANTITIES = {
    "start": ("L(w_0) - L*", "loss"), "end": ("L(w_T) - L*", "loss"),
    "total": ("sum of ||grad L(w_t)||², t < T", SQUARED),
    "last2": ("||grad L(w_T)||²", SQUARED), "slope2": ("||grad L(w_0)||²", SQUARED),
    "drop": ("L(w_0) - L(w_T)", "loss"),
}  # fmt: skip
NAMED = {n: Symbol(n, words, "", dimension, measured=True) for n, (words, dimension) in QUANTITIES.items()}


def _run(x: SimpleNamespace, loss: Any, w: tuple[Any, ...], m: Arithmetic) -> dict[str, Any]:
    start, total = loss.value(w), 0 * loss.value(w) / loss.value(w)
    first = square(loss.gradient(w))
    for _ in range(x.T):
        total = total + square(loss.gradient(w))
        w = usam(w, loss.gradient, x.gamma, x.rho)
    return {
        "total": total, "last2": square(loss.gradient(w)), "slope2": first, "drop": start - loss.value(w),
        "smoothness": m.maximum(m.abs(x.h1), m.abs(x.h2)), "curvature_min": m.minimum(x.h1, x.h2),
    }  # fmt: skip


def _quadratic(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    return _run(x, Quadratic((x.h1, x.h2)), (x.w1, x.w2), m)


def _by_rules(x: SimpleNamespace) -> dict[str, float]:
    def loss(w: Any, _: Any) -> Any:
        return (x.h1 * w[0] ** 2 + x.h2 * w[1] ** 2) / 2

    path = replay("usam", loss, (x.w1, x.w2), x.gamma, [(None, None)] * x.T, rho=x.rho)
    return {"last2": float((x.h1 * path[-1, 0]) ** 2 + (x.h2 * path[-1, 1]) ** 2)}


def _bent(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    return _run(x, Bent(x.h1, x.h2, x.bend, x.bend, m, tilt=x.w2), (x.w1,), m)


def _bowl(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """Convex, with its minimum, so that L* = 0."""
    found = _run(x, Quadratic((x.h1, x.h2)), (x.w1, x.w2), m)
    start = Quadratic((x.h1, x.h2)).value((x.w1, x.w2))
    return {**found, "start": start, "end": start - found["drop"]}


def _well(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """A hill of curvature -h1 up to the bend and bowls of curvature h2 beyond: minima where the slopes cancel."""
    loss = Bent(-x.h1, x.h2, x.bend, x.bend, m)
    best = loss.value((x.bend * (1 + x.h1 / x.h2),))
    found = _run(x, loss, (x.w1,), m)
    start = loss.value((x.w1,)) - best
    return {**found, "curvature_min": -x.h1, "start": start, "end": start - found["drop"]}


SIZES = (Number("beta", 1e-2, 1e2), Number("gamma", 1e-3, 1e2), Number("rho", 1e-3, 1e2), Number("mu", 1e-3, 1e2))
SIGNED = tuple(Number(n, 1e-2, 1e2, "signed log") for n in ("h1", "h2", "w1", "w2"))
POSITIVE = (Number("h1", 1e-2, 1e2), Number("h2", 1e-2, 1e2), *SIGNED[2:])
BEND = Number("bend", 1e-2, 1e2)
ONE, SOME = ({"T": 1},), ({"T": 1}, {"T": 3})
GENERAL = (
    Family("quadratics in two dimensions", (*SIZES[:3], *SIGNED), _quadratic, SOME, _by_rules),
    Family("bent and tilted", (*SIZES[:3], *SIGNED, BEND), _bent, SOME),
)
BOUNDED_BELOW = (
    Family("convex quadratics", (*SIZES, *POSITIVE), _bowl, SOME),
    Family("a double well", (*SIZES, *POSITIVE[:3], BEND), _well, SOME),
)
GRID = [
    {"beta": 1.0, "gamma": gamma, "rho": rho, "mu": mu, "T": steps}
    for gamma in (0.1, 0.5, 0.95)
    for rho in (0.05, 0.5, 0.95)
    for mu, steps in ((0.01, 2), (0.1, 1), (0.3, 3))
]
"""Settings for performance estimation, beta = 1: gamma and rho below 1/beta, small, in between and close to it."""


def _smooth(p: Mapping[str, float], start: Measure, measure: Measure, output: Output = "last") -> Problem:
    return Problem(p["beta"], -p["beta"], p["gamma"], p["rho"], int(p["T"]), start, measure, output)


def _rate(p: Mapping[str, float]) -> Problem:
    return Problem(p["beta"], p["mu"], p["gamma"], p["rho"], int(p["T"]), "loss", "loss")


SOURCE_8 = Source("andriushchenko2022", "Lemma 8", "Appendix C.1")
SMOOTH_8 = Claim(
    id="andriushchenko2022.lem-8:smooth",
    title="A step of SAM decreases a smooth loss",
    source=SOURCE_8,
    statement=r"For any $\gamma\leq1/\beta$: $L(w_{t+1})\leq "
    r"L(w_t)-\gamma(1-\rho\beta)(1-\frac{\gamma\beta}{2}(1-\rho\beta))\|\nabla L(w_t)\|^2$.",
    symbols=(BETA, GAMMA, RHO, STEPS, SMOOTHNESS, NAMED["slope2"], NAMED["drop"]),
    hypotheses=(SMOOTH, Hypothesis("step size", "gamma is at most 1/beta", "gamma*beta <= 1")),
    conclusion="-drop <= -gamma*(1 - rho*beta)*(1 - gamma*beta/2*(1 - rho*beta))*slope2",
    families=tuple(replace(f, cases=ONE) for f in GENERAL),
    checks=(
        worst_case_within(
            "-gamma*(1 - rho*beta)*(1 - gamma*beta/2*(1 - rho*beta))",
            lambda p: Problem(p["beta"], -p["beta"], p["gamma"], p["rho"], 1, "gradient", "rise"),
            GRID,
            "the change of the loss in one step over all smooth functions",
        ),
    ),
    reading="The first part, for any rho >= 0.",
)
CONDITION = "gamma*beta*(2 + rho*beta) <= 2"
LEMMA_8 = Claim(
    id="andriushchenko2022.lem-8",
    title="A step of SAM decreases a smooth loss that satisfies (A3)",
    source=SOURCE_8,
    statement=r"If $L$ satisfies (A3) with potentially $\mu=0$, then for all $\gamma,\rho\geq0$ with "
    r"$\gamma\beta(2-\rho\beta)\leq2$: $L(w_{t+1})\leq "
    r"L(w_t)-\gamma(1-\frac{\gamma\beta}{2}+\rho\mu(1-\gamma\beta-\frac{\gamma\rho\beta^2}{2}))\|\nabla L(w_t)\|^2$.",
    symbols=(BETA, GAMMA, RHO, MU, STEPS, SMOOTHNESS, LOWEST, NAMED["slope2"], NAMED["drop"]),
    hypotheses=(
        SMOOTH, CONVEX_PL,
        Hypothesis("step sizes", "gamma beta (2 - rho beta) <= 2", "gamma*beta*(2 - rho*beta) <= 2"),
    ),
    conclusion="-drop <= -gamma*(1 - gamma*beta/2 + rho*mu*(1 - gamma*beta - gamma*rho*beta**2/2))*slope2",
    families=(
        Family("convex quadratics", (*SIZES, *POSITIVE), _quadratic, ONE, _by_rules),
        Family("bent and tilted", (*SIZES, *POSITIVE, BEND), _bent, ONE),
    ),
    steps=(
        ProofStep(
            "last line", "1 - gamma*beta - gamma*rho*beta**2/2 >= 0", hypotheses=("step sizes",),
            words="Lemma 7 may be inserted only where its coefficient is not negative: gamma beta (2 + rho beta) <= 2.",
        ),
    ),
    repairs=(
        Repair(
            "sign", "condition",
            "With L mu-strongly convex (or convex, mu = 0) and gamma beta (2 + rho beta) <= 2 it holds.",
            (Hypothesis("step sizes, corrected", "gamma beta (2 + rho beta) <= 2", CONDITION),),
            replaces=("step sizes",), latex=r"\gamma\beta(2+\rho\beta)\leq2",
        ),
    ),
    checks=(
        worst_case_within(
            "-gamma*(1 - gamma*beta/2 + rho*mu*(1 - gamma*beta - gamma*rho*beta**2/2))",
            lambda p: Problem(p["beta"], p["mu"], p["gamma"], p["rho"], 1, "gradient", "rise"),
            [p for p in GRID if p["gamma"] * p["beta"] * (2 + p["rho"] * p["beta"]) <= 2],
            "the change of the loss in a step over all smooth strongly convex functions, under the corrected condition",
            "corrected condition",
        ),
    ),
    reading="The second part, on convex losses: the proof uses convexity, which (A3) alone does not give.",
    notes="For rho beta >= 2 the printed condition allows every step size.",
)  # fmt: skip
THEOREM_6 = Claim(
    id="andriushchenko2022.thm-6",
    title="Full-batch SAM finds small gradients",
    source=Source("andriushchenko2022", "Theorem 6", "Appendix C.1"),
    statement=r"For any $\gamma<1/\beta$ and $\rho<1/\beta$: $\frac1T\sum_{t=0}^{T-1}\|\nabla L(w_t)\|^2\leq"
    r"\frac{2}{\gamma(1-\rho\beta)T}(L(w_0)-L_*)$.",
    symbols=(BETA, GAMMA, RHO, STEPS, SMOOTHNESS, NAMED["total"], NAMED["start"]),
    hypotheses=(SMOOTH, SMALL),
    conclusion="total/T <= 2/(gamma*(1 - rho*beta)*T)*start",
    families=tuple(replace(f, numbers=tuple(n for n in f.numbers if n.name != "mu")) for f in BOUNDED_BELOW),
    checks=(
        worst_case_within(
            "2/(gamma*(1 - rho*beta)*T)",
            lambda p: _smooth(p, "loss", "gradient", "mean over iterates"),
            GRID,
            "the mean of ||grad L||² over all smooth functions",
        ),
    ),
    reading="The first part.",
)
PL_6 = replace(
    THEOREM_6,
    id="andriushchenko2022.thm-6:pl",
    title="Full-batch SAM converges linearly under (A3)",
    statement=r"If, in addition, $L$ satisfies (A3): "
    r"$L(w_T)-L_*\leq(1-\frac{\gamma(1-\rho\beta)\mu}{2})^T(L(w_0)-L_*)$.",
    symbols=(BETA, GAMMA, RHO, MU, STEPS, SMOOTHNESS, LOWEST, NAMED["start"], NAMED["end"]),
    hypotheses=(SMOOTH, CONVEX_PL, SMALL),
    conclusion="end <= (1 - gamma*(1 - rho*beta)*mu/2)**T*start",
    families=BOUNDED_BELOW[:1],
    checks=(
        worst_case_within(
            "(1 - gamma*(1 - rho*beta)*mu/2)**T", _rate, GRID, "the loss over all smooth strongly convex functions"
        ),
    ),
    reading="The second part, on strongly convex losses.",
)
THEOREM_9 = replace(
    THEOREM_6,
    id="andriushchenko2022.thm-9",
    title="Full-batch SAM finds small gradients, with the constant of Lemma 8",
    source=Source("andriushchenko2022", "Theorem 9", "Appendix C.1"),
    statement=r"For any $\gamma<1/\beta$ and $\rho<1/\beta$: $\frac1T\sum_{t=0}^{T}\|\nabla L(w_t)\|^2\leq"
    r"\frac{L(w_0)-L(w_T)}{T\gamma(1-\rho\beta)[1-\frac{\gamma\beta}{2}(1-\rho\beta)]}$.",
    symbols=(BETA, GAMMA, RHO, STEPS, SMOOTHNESS, NAMED["total"], NAMED["last2"], NAMED["drop"]),
    conclusion="(total + last2)/T <= drop/(T*gamma*(1 - rho*beta)*(1 - gamma*beta/2*(1 - rho*beta)))",
    families=GENERAL,
    repairs=(
        Repair(
            "end of the sum", "misprint", "With the sum up to t = T - 1 it holds.",
            conclusion="total/T <= drop/(T*gamma*(1 - rho*beta)*(1 - gamma*beta/2*(1 - rho*beta)))",
            because="the proof sums over t = 0, ..., T - 1, and so does Theorem 6",
            latex=r"\frac1T\sum_{t=0}^{T-1}\|\nabla L(w_t)\|^2",
        ),
    ),
    checks=(
        worst_case_within(
            "1/(T*gamma*(1 - rho*beta)*(1 - gamma*beta/2*(1 - rho*beta)))",
            lambda p: _smooth(p, "decrease", "gradient", "mean over iterates"), GRID,
            "the mean of ||grad L||² over t < T and all smooth functions", "corrected end of the sum",
        ),
    ),
    reading="",
)  # fmt: skip
THEOREM_10 = replace(
    PL_6,
    id="andriushchenko2022.thm-10",
    title="Full-batch SAM converges linearly under (A3), with the constant of Lemma 8",
    source=Source("andriushchenko2022", "Theorem 10", "Appendix C.1"),
    statement=r"For any $\gamma<1/\beta$ and $\rho<1/\beta$: $L(w_t)-L_*\leq"
    r"(1-2\gamma\mu(1-\rho\beta)(1-\frac{\gamma\beta}{2}(1-\rho\beta)))^t(L(w_0)-L_*)$.",
    conclusion="end <= (1 - 2*gamma*mu*(1 - rho*beta)*(1 - gamma*beta/2*(1 - rho*beta)))**T*start",
    checks=(
        worst_case_within(
            "(1 - 2*gamma*mu*(1 - rho*beta)*(1 - gamma*beta/2*(1 - rho*beta)))**T",
            _rate,
            GRID,
            "the loss over all smooth strongly convex functions",
        ),
    ),
    reading="(A3) on strongly convex losses.",
)
CLAIMS = (LEMMA_8, SMOOTH_8, THEOREM_6, PL_6, THEOREM_9, THEOREM_10)
