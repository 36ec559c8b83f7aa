r"""Descent and convergence of stochastic SAM (Andriushchenko and Flammarion 2022, Theorems 2, 12, 15, 18).

Problem and assumptions: L is beta-smooth (A2'), or every example's loss is (A2); the variance of one example's
gradient is at most sigma² (A1). Batches of b examples. L* is the infimum of L.

Algorithm: n-SAM (Eq. 21) ascends on an independent batch, m-SAM (Eq. 4) on the same one.

Statements as printed: for n-SAM with gamma, rho <= 1/(2 beta), E L(w⁺) <= E L(w) - gamma/4 E||grad L(w)||² + gamma
beta sigma² (gamma + rho² beta) (Lemma 14), and for "the iterates (4)" the mean of E||grad L(w_t)||² over t < T is at
most 4 (L(w_0) - E L(w_T))/(T gamma) + 4 T sigma² beta (gamma + rho² beta)/b (Theorem 15); with gamma = 1/(sqrt(T)
beta), rho = 1/(T^(1/4) beta) at most 4/(beta sqrt(T)) (L(w_0) - L*) + 8 sigma²/(b sqrt(T)) (Theorem 12). For m-SAM
with gamma <= 1/beta, rho <= 1/(4 beta), E L(w⁺) <= E L(w) - 3 gamma/8 E||grad L(w)||² + gamma beta sigma²/b (gamma + 2
rho² beta) (Lemma 17), and the mean is at most 8 (L(w_0) - E L(w_T))/(3 T gamma) + 8 sigma² beta (gamma + rho²
beta)/(3b) (Theorem 18); with the step sizes of Theorem 12, for any T, at most 4 beta/sqrt(T) (L(w_0) - L*) + 8
sigma²/(b sqrt(T)) (Theorem 2); under (A3) with gamma_t = min{(8t + 4)/(3 mu (t+1)²), 1/(2 beta)}, rho_t =
sqrt(gamma_t/beta), E L(w_T) - L* <= 3 beta² (L(w_0) - L*)/(mu² T²) + 22 beta sigma²/(mu² b T).

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Theorem 2, Appendix C.2.
"""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.consistency import consistency
from ..checks.enumeration import Inner, expected, histories
from ..claim import Claim, Hypothesis, ProofStep, Repair, Source, Symbol
from ..family import Family, Number
from .full_batch import MU, STEPS
from .samples import (
    BETA,
    BOUNDED,
    CURVATURE,
    EACH_SMOOTH,
    GAMMA,
    MEAN_SMOOTH,
    MEASURED,
    RHO,
    SHAPE,
    SIGMA2,
    SIZE,
    SQUARED,
    facts,
    sampled,
    slope,
    value,
)  # fmt: skip

Sizes = Callable[[SimpleNamespace, int, Arithmetic], tuple[Any, Any]]
"""(gamma_t, rho_t) at step t."""


def _constant(x: SimpleNamespace, t: int, m: Arithmetic) -> tuple[Any, Any]:
    return x.gamma, x.rho


def _named(x: SimpleNamespace, t: int, m: Arithmetic) -> tuple[Any, Any]:
    root = m.sqrt(m.number(x.T) + 0 * x.beta)
    return 1 / (root * x.beta), 1 / (m.sqrt(root) * x.beta)


def _decreasing(x: SimpleNamespace, t: int, m: Arithmetic) -> tuple[Any, Any]:
    gamma = m.minimum((8 * t + 4) / (3 * x.mu * (t + 1) ** 2), 1 / (2 * x.beta))
    return gamma, m.sqrt(gamma / x.beta)


def _runs(x: SimpleNamespace, m: Arithmetic, inner: Inner, sizes: Sizes) -> dict[str, Any]:
    """Every history of a run of T steps from `w`: what it gains, and the squares of the gradients on its way."""
    edge = 2 * m.abs(x.w)

    def run(history: Any) -> dict[str, Any]:
        w, total = x.w, 0 * x.w
        for t, (outer, within) in enumerate(history):
            gamma, rho = sizes(x, t, m)
            total = total + slope(x, w, m, edge) ** 2
            above = w + rho * sampled(x, within, w, m, edge)
            w = w - gamma * sampled(x, outer, above, m, edge)
        return {"end": value(x, w, m, edge), "total": total}

    return expected(run, histories(2, x.b, x.T, inner=inner, replacement=True))


def _measured(inner: Inner, sizes: Sizes) -> Callable[[SimpleNamespace, Arithmetic], dict[str, Any]]:
    def measure(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
        found = _runs(x, m, inner, sizes)
        edge = 2 * m.abs(x.w)
        return {
            **facts(x, m), **found, "start": value(x, x.w, m, edge), "slope2": slope(x, x.w, m, edge) ** 2,
            "root": m.sqrt(m.number(x.T) + 0 * x.beta), "convexity": x.h,
        }  # fmt: skip

    return measure


def _both(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """The same run with the same and with independent batches."""
    other = _runs(x, m, "independent", _constant)
    return {**_measured("same", _constant)(x, m), "end_independent": other["end"], "total_independent": other["total"]}


STEP_NUMBERS = (*SHAPE, Number("gamma", 1e-3, 1e2), Number("rho", 1e-3, 1e2))
QUANTITIES = (
    Symbol("start", "L(w_0) - L*", "", "loss", measured=True),
    Symbol("end", "E L(w_T) - L*", "", "loss", measured=True),
    Symbol("total", "sum over t < T of E||grad L(w_t)||²", "", SQUARED, measured=True),
    Symbol("slope2", "||grad L(w_0)||²", "", SQUARED, measured=True),
    Symbol("root", "sqrt(T)", "", "1", r"\sqrt{T}", measured=True),
    Symbol("convexity", "curvature of the mean loss at its centre", "", CURVATURE, measured=True),
)
SYMBOLS = (BETA, GAMMA, RHO, SIGMA2, SIZE, STEPS, *MEASURED, *QUANTITIES)
ONE_STEP = ({"T": 1, "b": 1}, {"T": 1, "b": 2})
HALF = Hypothesis("step sizes", "gamma and rho are at most 1/(2 beta)", "2*gamma*beta <= 1; 2*rho*beta <= 1")
QUARTER = Hypothesis("step sizes", "gamma at most 1/beta, rho at most 1/(4 beta)", "gamma*beta <= 1; 4*rho*beta <= 1")
EXAMPLES = "two examples with bent differences"

LEMMA_14 = Claim(
    id="andriushchenko2022.lem-14",
    title="A step of n-SAM decreases the loss on average",
    source=Source("andriushchenko2022", "Lemma 14", "Appendix C.2.1"),
    statement=r"Assume (A1, A2'). For $\gamma\leq\frac{1}{2\beta}$, $\rho\leq\frac{1}{2\beta}$ the iterates (21) "
    r"satisfy $\mathbb{E}L(w_{t+1})\leq\mathbb{E}L(w_t)-\frac{\gamma}{4}\mathbb{E}\|\nabla "
    r"L(w_t)\|^2+\gamma\beta\sigma^2(\gamma+\rho^2\beta)$.",
    symbols=SYMBOLS,
    hypotheses=(BOUNDED, MEAN_SMOOTH, HALF),
    conclusion="end <= start - gamma/4*slope2 + gamma*beta*sigma2*(gamma + rho**2*beta)",
    families=(Family(EXAMPLES, STEP_NUMBERS, _measured("independent", _constant), ONE_STEP),),
    steps=(
        ProofStep(
            "last line", "gamma/2*(1 - 2*rho*beta*(1 - 2*gamma*beta*(1 - rho*beta))) >= gamma/4",
            hypotheses=("step sizes",),
            words="The coefficient of the last line is to be at least gamma/4; at rho beta = 1/2 it is gamma² beta/2.",
        ),
    ),
)  # fmt: skip
LEMMA_17 = Claim(
    id="andriushchenko2022.lem-17",
    title="A step of m-SAM decreases the loss on average",
    source=Source("andriushchenko2022", "Lemma 17", "Appendix C.2.2"),
    statement=r"Assume (A1-2). For $\gamma\leq\frac1\beta$, $\rho\leq\frac{1}{4\beta}$ the iterates (4) satisfy "
    r"$\mathbb{E}L(w_{t+1})\leq\mathbb{E}L(w_t)-\frac{3\gamma}{8}\mathbb{E}\|\nabla "
    r"L(w_t)\|^2+\gamma\beta\frac{\sigma^2}{b}(\gamma+2\rho^2\beta)$.",
    symbols=SYMBOLS,
    hypotheses=(BOUNDED, EACH_SMOOTH, QUARTER),
    conclusion="end <= start - 3*gamma/8*slope2 + gamma*beta*sigma2/b*(gamma + 2*rho**2*beta)",
    families=(Family(EXAMPLES, STEP_NUMBERS, _measured("same", _constant), ONE_STEP),),
    steps=(
        ProofStep(
            "last line",
            "gamma**2*beta/2*(1 - 4*beta**2*rho**2) + gamma/2*(1 - 2*beta*rho*(1 - gamma*(beta - 2*rho*beta**2))) "
            ">= 3*gamma/8",
            hypotheses=("step sizes",),
            words="The coefficients of the last line are to be at least 3 gamma/8; for small gamma at rho beta = 1/4 "
            "they are gamma/4.",
        ),
    ),
)  # fmt: skip
INDEPENDENT = (
    Symbol("end_independent", "E L(w_T) - L* with independent batches", "", "loss", measured=True),
    Symbol("total_independent", "the sum with independent batches", "", SQUARED, measured=True),
)
NOISE_15 = "4*T*sigma2*beta*(gamma + rho**2*beta)/b"
THEOREM_15 = Claim(
    id="andriushchenko2022.thm-15",
    title="Stochastic SAM finds small gradients, L smooth",
    source=Source("andriushchenko2022", "Theorem 15", "Appendix C.2.1"),
    statement=r"Assume (A1) and (A2'). For $\gamma\leq1/(2\beta)$ and $\rho\leq1/(2\beta)$ the iterates (4) satisfy "
    r"$\frac1T\sum_{t=0}^{T-1}\mathbb{E}\|\nabla "
    r"L(w_t)\|^2\leq4\frac{L(w_0)-\mathbb{E}L(w_T)}{T\gamma}+4T\sigma^2\beta(\gamma+\rho^2\beta)/b$.",
    symbols=(*SYMBOLS, *INDEPENDENT),
    hypotheses=(BOUNDED, MEAN_SMOOTH, HALF),
    conclusion=f"total/T <= 4*(start - end)/(T*gamma) + {NOISE_15}",
    families=(Family(EXAMPLES, STEP_NUMBERS, _both, ({"T": 1, "b": 1}, {"T": 2, "b": 1})),),
    repairs=(
        Repair(
            "iterates (21)", "misprint", "For the iterates (21), with independent batches, it holds.",
            conclusion=f"total_independent/T <= 4*(start - end_independent)/(T*gamma) + {NOISE_15}",
            because="it is obtained from Lemma 14, whose iterates are (21), and is to give Theorem 12 on (21)",
            latex=r"w_{t+1} = w_t - \gamma\nabla L_{I_t}(w_t + \rho\nabla L_{J_t}(w_t))",
        ),
    ),
    notes="With the same batch in both steps a smooth mean does not suffice. The factor T of the noise is not needed.",
)  # fmt: skip
TUNED = "8*sigma2/(b*root)"
NAMED_NUMBERS = SHAPE
THEOREM_12 = Claim(
    id="andriushchenko2022.thm-12",
    title="n-SAM finds small gradients with the named step sizes",
    source=Source("andriushchenko2022", "Theorem 12", "Appendix C.2.1"),
    statement=r"Assume (A1), (A2') for the iterates (21). For any $T\geq0$ and $\gamma_t=\frac{1}{\sqrt T\beta}$, "
    r"$\rho_t=\frac{1}{T^{1/4}\beta}$: $\frac1T\mathbb{E}[\sum_{t=0}^{T-1}\|\nabla "
    r"L(w_t)\|^2]\leq\frac{4}{\beta\sqrt T}(L(w_0)-L_*)+\frac{8\sigma^2}{b\sqrt T}$.",
    symbols=tuple(s for s in SYMBOLS if s not in (GAMMA, RHO)),
    hypotheses=(BOUNDED, MEAN_SMOOTH),
    conclusion=f"total/T <= 4/(beta*root)*start + {TUNED}",
    families=(
        Family(EXAMPLES, NAMED_NUMBERS, _measured("independent", _named), ({"T": 1, "b": 1}, {"T": 2, "b": 1})),
    ),
    repairs=(
        Repair(
            "times beta", "misprint", "With 4 beta/sqrt(T) for 4/(beta sqrt(T)) it holds.",
            conclusion=f"total/T <= 4*beta/root*start + {TUNED}",
            because="Theorem 2 has 4 beta/sqrt(T), and 'we obtain the same convergence result as in Theorem 2'",
            latex=r"\frac{4\beta}{\sqrt T}(L(w_0)-L_*)",
        ),
    ),
    checks=(
        consistency(
            "andriushchenko2022.thm-2", f"4/(beta*root)*start + {TUNED}", f"4*beta/root*start + {TUNED}",
            "the same bound in Theorems 12 and 2",
            "beta > 0; root >= 1; start >= 0; sigma2 >= 0; b >= 1",
        ),
    ),
    reading="The first part, T >= 1.",
    notes="The second part is stated 'under (A2)' for (A3).",
)  # fmt: skip
REACH = Symbol("q", "fourth root of T", "q >= 1", "1", r"T^{1/4}")
THEOREM_2 = Claim(
    id="andriushchenko2022.thm-2",
    title="m-SAM finds small gradients with the named step sizes, for any T",
    source=Source("andriushchenko2022", "Theorem 2", "Section 5.1; proof in Appendix C.2"),
    statement=r"Assume (A1) and (A2) for the iterates (4). For any $T\geq0$, batch size $b$, "
    r"$\gamma_t=\frac{1}{\sqrt T\beta}$, $\rho_t=\frac{1}{T^{1/4}\beta}$: "
    r"$\frac1T\mathbb{E}[\sum_{t=0}^{T-1}\|\nabla L(w_t)\|^2]\leq\frac{4\beta}{\sqrt "
    r"T}(L(w_0)-L_*)+\frac{8\sigma^2}{b\sqrt T}$.",
    symbols=tuple(s for s in SYMBOLS if s not in (GAMMA, RHO)),
    hypotheses=(BOUNDED, EACH_SMOOTH),
    conclusion=f"total/T <= 4*beta/root*start + {TUNED}",
    families=(Family(EXAMPLES, NAMED_NUMBERS, _measured("same", _named), ({"T": 1, "b": 1}, {"T": 3, "b": 1})),),
    steps=(
        ProofStep(
            "conditions of Theorem 18", "4*rho*beta <= 1", given="rho*beta*q == 1", symbols=(REACH, RHO), hypotheses=(),
            words="Theorem 2 is drawn from Theorem 18, which asks rho <= 1/(4 beta): with rho = 1/(T^(1/4) beta) "
            "that is so only from T = 256 on.",
        ),
    ),
    reading="The first part, T >= 1.",
)  # fmt: skip
PL_PART = replace(
    THEOREM_2,
    id="andriushchenko2022.thm-2:pl",
    title="m-SAM converges like 1/T under (A3), with decreasing step sizes",
    statement=r"In addition, under (A3), with $\gamma_t=\min\{\frac{8t+4}{3\mu(t+1)^2},\frac{1}{2\beta}\}$ and "
    r"$\rho_t=\sqrt{\gamma_t/\beta}$: "
    r"$\mathbb{E}[L(w_T)]-L_*\leq\frac{3\beta^2(L(w_0)-L_*)}{\mu^2T^2}+\frac{22\beta\sigma^2}{\mu^2bT}$.",
    symbols=(*THEOREM_2.symbols, replace(MU, domain="mu > 0")),
    hypotheses=(BOUNDED, EACH_SMOOTH, Hypothesis("(A3)", "PL: here because h is at least mu", "convexity >= mu")),
    conclusion="end <= 3*beta**2*start/(mu**2*T**2) + 22*beta*sigma2/(mu**2*b*T)",
    families=(
        Family(
            EXAMPLES, (*SHAPE, Number("mu", 1e-2, 1e2)), _measured("same", _decreasing),
            ({"T": 1, "b": 1}, {"T": 3, "b": 1}),
        ),
    ),
    steps=(
        ProofStep(
            "conditions of Lemma 17", "16*gamma*beta <= 1", given="2*gamma*beta == 1", symbols=(GAMMA,), hypotheses=(),
            words="At t = 0 the step size is 1/(2 beta), so that rho beta = 1/sqrt(2), while Lemma 17 asks 1/4: "
            "squared, gamma_t beta <= 1/16.",
        ),
    ),
    reading="The second part, T >= 1, on strongly convex mean losses.",
)  # fmt: skip
THEOREM_18 = Claim(
    id="andriushchenko2022.thm-18",
    title="m-SAM finds small gradients",
    source=Source("andriushchenko2022", "Theorem 18", "Appendix C.2.2"),
    statement=r"Assume (A1-2). For $\gamma\leq\frac1\beta$ and $\rho\leq\frac{1}{4\beta}$ the iterates (4) satisfy "
    r"$\frac1T\mathbb{E}[\sum_{t=0}^{T-1}\|\nabla "
    r"L(w_t)\|^2]\leq\frac{8}{3T\gamma}(L(w_0)-\mathbb{E}L(w_T))+\frac{8\sigma^2\beta(\gamma+\rho^2\beta)}{3b}$.",
    symbols=SYMBOLS,
    hypotheses=(BOUNDED, EACH_SMOOTH, QUARTER),
    conclusion="total/T <= 8/(3*T*gamma)*(start - end) + 8*sigma2*beta*(gamma + rho**2*beta)/(3*b)",
    families=(Family(EXAMPLES, STEP_NUMBERS, _measured("same", _constant), ({"T": 1, "b": 1}, {"T": 3, "b": 1})),),
    steps=(
        ProofStep(
            "from Lemma 17", "8*sigma2*beta*(gamma + 2*rho**2*beta)/(3*b) <= 8*sigma2*beta*(gamma + rho**2*beta)/(3*b)",
            hypotheses=("step sizes",),
            words="What 'directly comes from Lemma 17' has 2 rho² beta where the theorem has rho² beta.",
        ),
    ),
    repairs=(
        Repair(
            "factor 2", "misprint", "With 2 rho² beta, as in Lemma 17, it holds.",
            conclusion="total/T <= 8/(3*T*gamma)*(start - end) + 8*sigma2*beta*(gamma + 2*rho**2*beta)/(3*b)",
            because="Lemma 17, of which it is the sum, has gamma + 2 rho² beta",
            latex=r"\frac{8\sigma^2\beta(\gamma+2\rho^2\beta)}{3b}",
        ),
    ),
    reading="The first part; the second is that of Theorem 2.",
)  # fmt: skip
CLAIMS = (LEMMA_14, LEMMA_17, THEOREM_15, THEOREM_12, THEOREM_2, PL_PART, THEOREM_18)
