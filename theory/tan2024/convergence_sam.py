r"""Convergence and excess risk of SAM (Tan et al. 2024, Theorems 10 and 11).

Problem and assumptions: f(., z) is mu-strongly convex, L-smooth and G-Lipschitz.

Algorithm: SAM with a constant learning rate eta, w_{t+1} = w_t - eta grad f(w_t + rho grad f(w_t)/||grad f(w_t)||),
both gradients on the same mini-batch.

Statement as printed: for any 1 <= t <= T, E[f(w_T) - f(w*)] <= (1 - 2 mu eta (1 + mu rho/G))^T E[f(w_0) - f(w*)] + eta
G² L / (4 mu (1 + mu rho/G)) (Theorem 10); the excess risk is at most the sum of the bounds of Theorems 8 and 10, and
as T grows 2 G² (mu + L)/(n mu L (1 + mu rho/G)) + eta G² L/(4 mu (1 + mu rho/G)) (Theorem 11).

The reading ":region" asks the class's properties of the visited points alone.

References:
    [1] Tan et al. (2024). Stabilizing sharpness-aware minimization through a simple renormalization strategy.
    Sections 4.2.2.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.enumeration import expected, histories
from ..claim import Claim, Hypothesis, ProofStep, Repair, Source, Symbol
from ..family import Family, Number
from ..losses import Mean, Quadratic
from ..stepping import replay, sam
from .assumptions import CONSTANTS, CURVATURES, FAR, PRINTED, RATE_SAM, RATIO, REGION, SLOPE_MAX, XI
from .stability_sam import ASSUMPTION_1, WORDS, largest

NUMBERS = (
    Number("mu", 1e-2, 1e2), Number("L", 1e-2, 1e2), Number("G", 1e-2, 1e3), Number("rho", 1e-3, 1e1),
    Number("eta", 1e-3, 1e2), Number("h1", 1e-2, 1e2), Number("w1", 1e-2, 1e2, "signed log"),
)  # fmt: skip
PAIR = (Number("h2", 1e-2, 1e2), Number("centre", 1e-2, 1e2, "signed log"))
STEPS_TAKEN = Symbol("T", "steps", "T >= 1", "1")
START = Symbol("start", "E[f(w_0) - f(w*)]", "start >= 0", "loss", measured=True)
END = Symbol("end", "E[f(w_T) - f(w*)]", "end >= 0", "loss", measured=True)
BOUND = "(1 - 2*mu*eta*(1 + mu*rho/G))**T*start + eta*G**2*L/(4*mu*(1 + mu*rho/G))"


def _alone(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """One quadratic, the same batch at every step."""
    loss, w, met = Quadratic((x.h1,)), (x.w1,), []
    for _ in range(x.T):
        met += [m.norm(*loss.gradient(w)), x.h1 * (m.norm(*w) + x.rho)]
        w = sam(w, loss.gradient, x.eta, x.rho, m)
    met.append(m.norm(*loss.gradient(w)))
    return {
        "curvature_min": x.h1, "curvature_max": x.h1, "slope_max": largest(met, m),
        "start": loss.value((x.w1,)), "end": loss.value(w),
    }  # fmt: skip


def _alone_by_rules(x: SimpleNamespace) -> dict[str, float]:
    path = replay("sam", lambda w, _: x.h1 * w[0] ** 2 / 2, (x.w1,), x.eta, [(None, None)] * x.T, rho=x.rho)
    return {"start": float(x.h1 * path[0, 0] ** 2 / 2), "end": float(x.h1 * path[-1, 0] ** 2 / 2)}


def _drawn(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """Two quadratics, one of them drawn at every step; f is their mean."""
    mean = Mean((Quadratic((x.h1,), (0,)), Quadratic((x.h2,), (x.centre,))))
    best = mean.value((x.h2 * x.centre / (x.h1 + x.h2),))
    met: list[Any] = []

    def run(history: Any) -> dict[str, Any]:
        w = (x.w1,)
        for batch, _ in history:
            part = mean.part(batch)
            (g,) = part.gradient(w)
            met.extend([m.abs(g), m.abs(g) + (x.h1 if batch == (0,) else x.h2) * x.rho])
            w = sam(w, part.gradient, x.eta, x.rho, m)
        met.extend(m.norm(*mean.part((i,)).gradient(w)) for i in (0, 1))
        return {"end": mean.value(w) - best}

    end = expected(run, histories(2, 1, x.T))["end"]
    return {
        "curvature_min": m.minimum(x.h1, x.h2), "curvature_max": m.maximum(x.h1, x.h2), "slope_max": largest(met, m),
        "start": mean.value((x.w1,)) - best, "end": end,
    }  # fmt: skip


STATEMENT = (
    r"If $f$ is $\mu$-strongly convex, $L$-smooth and $G$-Lipschitz, for SAM with a constant learning rate $\eta$: "
    r"$\mathbb{E}[f(w_T)-f(w^*)] \leq (1-2\mu\eta(1+\mu\rho/G))^T\,\mathbb{E}[f(w_0)-f(w^*)] + \frac{\eta "
    r"G^2L}{4\mu(1+\mu\rho/G)}$."
)
SOURCE = Source("tan2024", "Theorem 10", "Section 4.2.2")
THEOREM = Claim(
    id="tan2024.thm-10",
    title="SAM converges linearly to a ball of noise, at any constant learning rate",
    source=SOURCE,
    statement=STATEMENT,
    symbols=(*CONSTANTS, *FAR, STEPS_TAKEN, START, END),
    hypotheses=PRINTED,
    conclusion=f"end <= {BOUND}",
    notes=WORDS,
)
SMALL_RATE = Hypothesis("small learning rate", "the factor is not negative", "2*mu*eta*(1 + mu*rho/G) <= 1")
REGION_10 = Claim(
    id="tan2024.thm-10:region",
    title=THEOREM.title,
    source=SOURCE,
    statement=STATEMENT,
    symbols=(*CONSTANTS, *CURVATURES, SLOPE_MAX, STEPS_TAKEN, START, END),
    hypotheses=REGION,
    conclusion=f"end <= {BOUND}",
    families=(
        Family("one quadratic", NUMBERS, _alone, cases=({"T": 1}, {"T": 3}), replay=_alone_by_rules),
        Family("two quadratics, one drawn at a time", (*NUMBERS, *PAIR), _drawn, cases=({"T": 1}, {"T": 3})),
    ),
    steps=(
        ProofStep(
            "geometric series", "(1 - q)*noise + noise <= noise/q", hypotheses=(),
            symbols=(
                Symbol("q", "2 mu eta (1 + mu rho/G)", "q > 0", "1"),
                Symbol("noise", "eta² G² L/2", "noise > 0", "loss"),
            ),
            words="The sum of noise (1 - q)^k over two steps is at most noise/q.",
        ),
    ),
    repairs=(
        Repair(
            "small learning rate", "condition", "With eta <= 1/(2 mu (1 + mu rho/G)) it holds.", (SMALL_RATE,),
            latex=r"\eta \leq \frac{1}{2\mu(1+\mu\rho/G)}",
        ),
    ),
    reading="The properties of the class are asked of the points that the runs visit; f is the mean over the examples.",
)  # fmt: skip

EXAMPLES = Symbol("n", "examples of the data set", "n >= 1", "1")
RISK = Symbol("excess", "expected excess risk as T grows", "", "loss", measured=True)
GENERALISATION = Symbol("eps_gen", "expected generalisation error", "", "loss", measured=True)
OPTIMISATION = Symbol("eps_opt", "expected optimisation error as T grows", "", "loss", measured=True)
PARTS = Hypothesis(
    "parts", "the excess risk is at most the sum of the two errors, each within its theorem's bound",
    "excess <= eps_gen + eps_opt; eps_gen <= 2*G**2*(mu + L)/(n*mu*L*(1 + mu*rho/G));"
    "eps_opt <= eta*G**2*L/(4*mu*(1 + mu*rho/G))",
)  # fmt: skip
TEXT_11 = (
    r"Under the assumptions of Theorems 8 and 10, as $T$ grows to infinity, "
    r"$\varepsilon_{exc} \leq \frac{2G^2(\mu+L)}{n\mu L(1+\mu\rho/G)} + \frac{\eta G^2L}{4\mu(1+\mu\rho/G)}$."
)
RISK_BOUND = Claim(
    id="tan2024.thm-11",
    title="The expected excess risk of SAM",
    source=Source("tan2024", "Theorem 11", "Section 4.2.2"),
    statement=TEXT_11,
    symbols=(*CONSTANTS, RATIO, XI, *FAR, EXAMPLES, RISK, GENERALISATION, OPTIMISATION),
    hypotheses=(*PRINTED, ASSUMPTION_1, RATE_SAM, PARTS),
    conclusion="excess <= 2*G**2*(mu + L)/(n*mu*L*(1 + mu*rho/G)) + eta*G**2*L/(4*mu*(1 + mu*rho/G))",
    notes=WORDS,
)
LIMIT_11 = Claim(
    id="tan2024.thm-11:limit",
    title="At the learning rates of Theorem 8 the transient of Theorem 10 dies out",
    source=RISK_BOUND.source,
    statement=TEXT_11,
    symbols=(*CONSTANTS, RATIO),
    hypotheses=(RATE_SAM,),
    conclusion="-1 < 1 - 2*mu*eta*(1 + mu*rho/G); 1 - 2*mu*eta*(1 + mu*rho/G) < 1",
    families=(
        Family("constants", (*NUMBERS[:5], Number("C", 1.001, 5, "linear")), lambda x, m: {}),
    ),
    reading="The step of the proof: (1 - 2 mu eta (1 + mu rho/G))^T -> 0.",
)  # fmt: skip
CLAIMS = (THEOREM, REGION_10, RISK_BOUND, LIMIT_11)
