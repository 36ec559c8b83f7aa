r"""Stability, convergence and excess risk of StableSAM (Tan et al. 2024, Lemmas 13 and 14, Theorems 15, 17, 18).

Problem and assumptions: the losses of Theorem 8; Assumption 1; Assumption 2, that the renormalisation factor
gamma_t = ||grad f(w_t)|| / ||grad f(w_t^asc)|| is in [gamma_0, gamma_1] with 0 < gamma_0 <= gamma_1 < 1; Assumption 3,
that the smallest eigenvalue of the Hessian is at least (G/rho)(1 - gamma_0)/gamma_0 + mu/gamma_0. (Theorem 17 asks
Assumption 2 alone.)

Algorithm: StableSAM, w_{t+1} = w_t - eta gamma_t grad f(w_t^asc), with eta at most the bound of SAM over gamma_1.

Statement as printed: the bounds of SAM with 2 eta gamma_1 G for 2 eta G (Lemma 14), gamma_1 times the stability
(Theorem 15), gamma_0 in the rate and gamma_1²/gamma_0 in the noise (Theorem 17), and their sum (Theorem 18).

Where the loss is quadratic (Assumption 1), ||grad f(w^asc)|| = ||(1 + xi H) grad f(w)|| >= (1 + xi sigma) ||grad
f(w)||, so that gamma_t <= 1/(1 + xi sigma) with xi >= rho/G. Assumption 2 then asks sigma <= (1 - gamma_0)/(gamma_0
xi), at most (G/rho)(1 - gamma_0)/gamma_0, and Assumption 3 asks more than that.

The readings ":region" ask the class's properties of the visited points alone.

References:
    [1] Tan et al. (2024). Stabilizing sharpness-aware minimization through a simple renormalization strategy.
    Section 4.3.
"""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..claim import Claim, Repair, Source, Symbol
from ..family import Family
from ..losses import Quadratic
from ..stepping import moved, replay, stable_sam
from .assumptions import (
    ASSUMPTION_1,
    ASSUMPTION_2,
    ASSUMPTION_3,
    CONSTANTS,
    CONTRACTION,
    CURVATURES,
    FACTOR,
    FACTORS,
    FAR,
    PRINTED,
    RATE_STABLE,
    RATIO,
    REGION,
    SIGMA,
    SLOPE_MAX,
    XI,
)  # fmt: skip
from .convergence_sam import END, EXAMPLES, NUMBERS, RISK, SMALL_RATE, START, STEPS_TAKEN
from .stability_sam import AFTER, BEFORE, GAP, largest

SYMBOLS = (*CONSTANTS, RATIO, XI, SIGMA, *FACTORS)
THREE = (ASSUMPTION_1, ASSUMPTION_2, ASSUMPTION_3, FACTOR)
WORDS = (
    "Assumptions 1 to 3 contradict each other for every mu > 0: a Hessian as large as Assumption 3 asks makes the "
    "factor of Assumption 2 smaller than gamma_0."
)
LEMMA_13 = Claim(
    id="tan2024.lem-13",
    title="Two runs of StableSAM contract on the same example",
    source=Source("tan2024", "Lemma 13", "Section 4.3.1"),
    statement=r"Under Assumptions 1-3, on the same example, if $\eta \leq "
    r"2(1+\mu\rho/G)/\gamma_1(\mu+L)(1+CL\rho/G)^2$: $\|v_{t+1}-w_{t+1}\| \leq "
    r"\left(1-(1+\mu\frac{\rho}{G})\frac{\eta\mu L}{\mu+L}\right)\|v_t-w_t\|$.",
    symbols=(*SYMBOLS, *FAR, BEFORE, AFTER),
    hypotheses=(*PRINTED, *THREE, RATE_STABLE),
    conclusion=f"after <= ({CONTRACTION})*before",
    notes=f"The class of losses as printed is empty (strongly convex and Lipschitz on all of R^d). Besides: {WORDS}",
)
REGION_13 = replace(
    LEMMA_13, id="tan2024.lem-13:region", symbols=(*SYMBOLS, BEFORE, AFTER), hypotheses=(*THREE, RATE_STABLE),
    reading="Without any property on the whole space: Assumptions 1 to 3 alone.", notes=WORDS,
)  # fmt: skip
LEMMA_14 = replace(
    LEMMA_13,
    id="tan2024.lem-14",
    title="Two runs of StableSAM part by at most 2 eta gamma_1 G more on different examples",
    source=Source("tan2024", "Lemma 14", "Section 4.3.1"),
    statement=r"In the settings of Lemma 13, on different examples: $\|v_{t+1}-w_{t+1}\| \leq "
    r"\left(1-(1+\mu\frac{\rho}{G})\frac{\eta\mu L}{\mu+L}\right)\|v_t-w_t\| + 2\eta\gamma_1 G$.",
    conclusion=f"after <= ({CONTRACTION})*before + 2*eta*gamma_1*G",
)
REGION_14 = replace(
    LEMMA_14, id="tan2024.lem-14:region", symbols=REGION_13.symbols, hypotheses=REGION_13.hypotheses,
    reading=REGION_13.reading, notes=WORDS,
)  # fmt: skip
THEOREM_15 = replace(
    LEMMA_13,
    id="tan2024.thm-15",
    title="StableSAM is uniformly stable, gamma_1 times better than SAM",
    source=Source("tan2024", "Theorem 15", "Section 4.3.1"),
    statement=r"Under the assumptions of Lemmas 13 and 14, StableSAM satisfies uniform stability with "
    r"$\varepsilon_{gen} \leq \frac{2\gamma_1G^2(\mu+L)}{n\mu L(1+\mu\rho/G)}$.",
    symbols=(*SYMBOLS, *FAR, EXAMPLES, GAP),
    conclusion="gap <= 2*gamma_1*G**2*(mu + L)/(n*mu*L*(1 + mu*rho/G))",
)
REGION_15 = replace(
    THEOREM_15, id="tan2024.thm-15:region", symbols=(*SYMBOLS, EXAMPLES, GAP), hypotheses=REGION_13.hypotheses,
    reading=REGION_13.reading, notes=WORDS,
)  # fmt: skip


def _run(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """One quadratic; gamma_0 and gamma_1 are the smallest and the largest factor of the run."""
    loss, w, met, factors = Quadratic((x.h1,)), (x.w1,), [], []
    for _ in range(x.T):
        g = loss.gradient(w)
        above = loss.gradient(moved(w, g, x.rho / m.norm(*g)))
        met += [m.norm(*g), m.norm(*above)]
        factors.append(m.norm(*g) / m.norm(*above))
        w = stable_sam(w, loss.gradient, x.eta, x.rho, m)
    met.append(m.norm(*loss.gradient(w)))
    low = -largest([-f for f in factors], m)
    return {
        "curvature_min": x.h1, "curvature_max": x.h1, "slope_max": largest(met, m), "gamma_t": factors[-1],
        "gamma_0": low, "gamma_1": largest(factors, m), "start": loss.value((x.w1,)), "end": loss.value(w),
    }  # fmt: skip


def _run_by_rules(x: SimpleNamespace) -> dict[str, float]:
    path = replay("stable_sam", lambda w, _: x.h1 * w[0] ** 2 / 2, (x.w1,), x.eta, [(None, None)] * x.T, rho=x.rho)
    return {"end": float(x.h1 * path[-1, 0] ** 2 / 2)}


BOUND = "(1 - 2*mu*gamma_0*eta*(1 + mu*rho/G))**T*start + eta*gamma_1**2*G**2*L/(4*mu*gamma_0*(1 + mu*rho/G))"
THEOREM_17 = Claim(
    id="tan2024.thm-17",
    title="StableSAM converges linearly to a ball of noise, at any constant learning rate",
    source=Source("tan2024", "Theorem 17", "Section 4.3.2"),
    statement=r"Under Assumption 2, for StableSAM with a constant learning rate $\eta$: $\mathbb{E}[f(w_T)-f(w^*)] "
    r"\leq (1-2\mu\gamma_0\eta(1+\mu\rho/G))^T\,\mathbb{E}[f(w_0)-f(w^*)] + "
    r"\frac{\eta\gamma_1^2G^2L}{4\mu\gamma_0(1+\mu\rho/G)}$.",
    symbols=(*CONSTANTS, *FACTORS, *FAR, STEPS_TAKEN, START, END),
    hypotheses=(*PRINTED, ASSUMPTION_2),
    conclusion=f"end <= {BOUND}",
    notes="The class of losses as printed is empty (strongly convex and Lipschitz on all of R^d); see ':region'.",
)
REGION_17 = replace(
    THEOREM_17,
    id="tan2024.thm-17:region",
    symbols=(*CONSTANTS, *FACTORS, *CURVATURES, SLOPE_MAX, STEPS_TAKEN, START, END),
    hypotheses=(*REGION, ASSUMPTION_2),
    families=(Family("one quadratic", NUMBERS, _run, cases=({"T": 1}, {"T": 3}), replay=_run_by_rules),),
    repairs=(
        Repair(
            "small learning rate", "condition", "With eta <= 1/(2 mu (1 + mu rho/G)) it holds.", (SMALL_RATE,),
            latex=r"\eta \leq \frac{1}{2\mu(1+\mu\rho/G)}",
        ),
    ),
    reading="The properties of the class are asked of the points that the run visits.",
    notes="",
)  # fmt: skip
GENERALISATION = Symbol("eps_gen", "expected generalisation error", "", "loss", measured=True)
OPTIMISATION = Symbol("eps_opt", "expected optimisation error as T grows", "", "loss", measured=True)
THEOREM_18 = Claim(
    id="tan2024.thm-18",
    title="The expected excess risk of StableSAM",
    source=Source("tan2024", "Theorem 18", "Section 4.3.2"),
    statement=r"Under the assumptions of Theorems 15 and 17, as $T$ tends to infinity, $\varepsilon_{exc} \leq "
    r"\frac{2\gamma_1G^2(\mu+L)}{n\mu L(1+\mu\rho/G)} + \frac{\eta\gamma_1^2G^2L}{4\gamma_0\mu(1+\mu\rho/G)}$.",
    symbols=(*SYMBOLS, *FAR, EXAMPLES, RISK),
    hypotheses=(*PRINTED, *THREE, RATE_STABLE),
    conclusion="excess <= 2*gamma_1*G**2*(mu + L)/(n*mu*L*(1 + mu*rho/G))"
    "+ eta*gamma_1**2*G**2*L/(4*gamma_0*mu*(1 + mu*rho/G))",
    notes=LEMMA_13.notes,
)
REGION_18 = replace(
    THEOREM_18, id="tan2024.thm-18:region", symbols=(*SYMBOLS, EXAMPLES, RISK), hypotheses=REGION_13.hypotheses,
    reading=REGION_13.reading, notes=WORDS,
)  # fmt: skip
CLAIMS = (
    LEMMA_13, REGION_13, LEMMA_14, REGION_14, THEOREM_15, REGION_15, THEOREM_17, REGION_17, THEOREM_18, REGION_18,
)  # fmt: skip
