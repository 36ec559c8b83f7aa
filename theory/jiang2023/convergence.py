r"""Convergence of any mixture of SAM and SGD steps (Jiang et al. 2023, Theorem 3.3, Corollaries A.2 and A.3).

Problem and assumptions: L(D; w) is beta-smooth (Assumption 3.1); the gradient of one example has a variance below
sigma² (Assumption 3.2). Batches of b examples.

Algorithm: any that takes at step t a step of SAM (xi_t = 1), w - eta grad L(B; w + rho grad L(B; w)), or of SGD
(xi_t = 0); zeta is the share of SAM's. T steps with eta = 1/(4 beta sqrt(T)) and rho = T^(-1/4).

Statement as printed: min_t E||grad L(D; w_t)||² <= 32 beta (L(w_0) - E L(w_T)) / (sqrt(T) (7 - 6 zeta))
+ (1 + zeta + 5 beta² zeta) sigma² / (b sqrt(T) (7 - 6 zeta)) (Theorem 3.3). For SAM zeta = 1 (Corollary A.2). With
eta = sqrt(b)/(4 beta sqrt(T)) the same with sqrt(T b) for sqrt(T), and without the b under sigma² (Corollary A.3).

References:
    [1] Jiang et al. (2023). An adaptive policy to employ sharpness-aware minimization. Theorem 3.3, Appendix A.1.
"""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.enumeration import expected, histories
from ..claim import Claim, Hypothesis, ProofStep, Repair, Source, Symbol
from ..family import Family, Number
from ..losses import Quadratic
from ..stepping import gd, replay, usam
from .samples import ASSUMPTION_31, ASSUMPTION_32, CURVATURE, gradient

ROOTS = {1: 1, 16: 2}
"""T -> its fourth root: those for which rho and eta are rational."""


def _pattern(x: SimpleNamespace) -> list[int]:
    """xi_0 ... xi_{T-1}: the bits of the case's pattern, repeated."""
    return [(x.pattern >> (t % 4)) & 1 for t in range(x.T)]


def _sizes(x: SimpleNamespace, m: Arithmetic) -> tuple[Any, Any]:
    root = ROOTS[x.T]
    batch = m.sqrt(m.number(x.b)) if x.scaled else m.number(1)
    return batch / (4 * x.beta * root**2), m.number(1) / root


def _full_batch(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """One quadratic: every batch is the whole data set, and the variance 0."""
    (eta, rho), loss, w = _sizes(x, m), Quadratic((x.h,)), (x.w,)
    slopes = []
    for xi in _pattern(x):
        slopes.append(loss.gradient(w)[0] ** 2)
        w = usam(w, loss.gradient, eta, rho) if xi else gd(w, loss.gradient, eta)
    return {
        "smoothness": m.abs(x.h), "sample_smoothness": m.abs(x.h), "spread": 0 * x.h, "smallest": _smallest(slopes, m),
        "decrease": loss.value((x.w,)) - loss.value(w), "zeta": _share(x, m), "root": m.number(ROOTS[x.T] ** 2),
        "reach": x.beta * rho, "batch_root": m.sqrt(m.number(x.b)), "rate": x.beta * eta,
    }  # fmt: skip


def _full_batch_by_rules(x: SimpleNamespace) -> dict[str, float]:
    root = ROOTS[x.T]
    eta, w = (x.b**0.5 if x.scaled else 1.0) / (4 * x.beta * root**2), x.w
    slopes = []
    for xi in _pattern(x):
        slopes.append((x.h * w) ** 2)
        numbers = {"rho": 1 / root} if xi else {}
        path = replay("usam" if xi else "gd", lambda v, _: x.h * v[0] ** 2 / 2, (w,), eta, [(None, None)], **numbers)
        w = float(path[1, 0])
    return {"smallest": min(slopes), "decrease": x.h * (x.w**2 - w**2) / 2}


def _one_step(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """Two examples with bent differences, one drawn, one step: T = 1."""
    eta, rho = _sizes(x, m)

    def run(history: Any) -> dict[str, Any]:
        sign = 1 if history[0][0] == (0,) else -1
        at = x.w + rho * gradient(x, sign, x.w, m) if x.pattern & 1 else x.w
        w = x.w - eta * gradient(x, sign, at, m)
        return {"decrease": x.h * (x.w**2 - w**2) / 2}

    return {
        "smoothness": m.abs(x.h), "sample_smoothness": m.abs(x.h) + m.abs(x.k),
        "spread": (m.abs(x.h) * x.a + m.abs(x.k) * x.d) ** 2, "smallest": (x.h * x.w) ** 2,
        **expected(run, histories(2, 1, 1)), "zeta": _share(x, m), "root": m.number(1), "reach": x.beta * rho,
        "batch_root": m.number(1), "rate": x.beta * eta,
    }  # fmt: skip


def _share(x: SimpleNamespace, m: Arithmetic) -> Any:
    pattern = _pattern(x)
    return m.number(sum(pattern)) / len(pattern)


def _smallest(values: list[Any], m: Arithmetic) -> Any:
    low = values[0]
    for value in values[1:]:
        low = m.minimum(low, value)
    return low


def _cases(patterns: tuple[int, ...], scaled: int, batches: tuple[int, ...] = (1,)) -> tuple[dict[str, int], ...]:
    return tuple({"T": t, "pattern": p, "b": b, "scaled": scaled} for t in ROOTS for p in patterns for b in batches)


NUMBERS = (
    Number("beta", 1e-2, 1e2), Number("h", 1e-2, 1e2, "signed log"), Number("w", 1e-2, 1e2, "signed log"),
    Number("sigma2", 1e-6, 1e4),
)  # fmt: skip
SAMPLED = (*NUMBERS, Number("a", 1e-2, 1e2), Number("k", 1e-2, 1e2, "signed log"), Number("d", 1e-2, 1e2))
SQUARED = "loss**2/w**2"
SYMBOLS = (
    Symbol("beta", "smoothness", "beta > 0", CURVATURE, r"\beta"),
    Symbol("sigma2", "bound of the variance of one example's gradient", "sigma2 > 0", SQUARED, r"\sigma^2"),
    Symbol("b", "batch size", "b >= 1", "1"),
    Symbol("T", "steps", "T >= 1", "1"),
    Symbol("root", "sqrt(T)", "", "1", r"\sqrt{T}", measured=True),
    Symbol("batch_root", "sqrt(b)", "", "1", r"\sqrt{b}", measured=True),
    Symbol("zeta", "share of SAM's steps", "0 <= zeta <= 1", "1", r"\zeta", measured=True),
    Symbol("reach", "rho beta", "", "", r"\rho\beta", measured=True),
    Symbol("rate", "eta beta", "", "1", r"\eta\beta", measured=True),
    Symbol("smoothness", "curvature of the mean loss, in size", "", CURVATURE, measured=True),
    Symbol("sample_smoothness", "largest curvature of an example's loss, in size", "", CURVATURE, measured=True),
    Symbol("spread", "largest variance of an example's gradient, anywhere", "", SQUARED, measured=True),
    Symbol("smallest", "min over t of E||grad L(D; w_t)||²", "", SQUARED, measured=True),
    Symbol("decrease", "L(w_0) - E L(w_T)", "", "loss", measured=True),
)
SHORT_REACH = Hypothesis("short ascent", "rho beta is at most 3/8: T is at least (8 beta/3)^4", "reach <= 3/8")
EACH_SMOOTH = Hypothesis(
    "every example smooth", "the loss of every example is beta-smooth", "sample_smoothness <= beta"
)
REPAIR = Repair(
    "long runs", "condition",
    "With rho beta <= 3/8, that is T >= (8 beta/3)^4, and every example's loss beta-smooth it holds.",
    (SHORT_REACH, EACH_SMOOTH), latex=r"T \geq (8\beta/3)^4",
)  # fmt: skip
ETA = Symbol("eta", "step size", "eta > 0", "w**2/loss", r"\eta")
RHO = Symbol("rho", "ascent step", "rho > 0", "w**2/loss", r"\rho")
STEP_17 = ProofStep(
    "Eqs. 16-17",
    "beta*eta*(1 - 2*rho**2*beta**2)/2 + (1 - eta*beta)*(1/2 - rho*beta) >= 1 - (1 + beta*eta - 2*rho*beta)/2 - "
    "beta*eta/2",
    given="4*eta*beta <= 1", symbols=(ETA, RHO), hypotheses=(),
    words="The coefficient of ||g||² for xi_t = 1: the term in rho beta has the wrong sign in Eq. 17, where the "
    "ascent should cost progress.",
)  # fmt: skip
THEOREM = Claim(
    id="jiang2023.thm-3.3",
    title="Any mixture of SAM and SGD steps finds a small gradient",
    source=Source("jiang2023", "Theorem 3.3", "Section 3.3; proof in Appendix A.1"),
    statement=r"Let $b$ be the mini-batch size. If $\eta = \frac{1}{4\beta\sqrt T}$ and $\rho = T^{-1/4}$, algorithm "
    r"$A$ satisfies $\min_t \mathbb{E}\|\nabla L(D; w_t)\|^2 \leq \frac{32\beta(L(D;w_0) - "
    r"\mathbb{E}L(D;w_T))}{\sqrt T(7-6\zeta)} + \frac{(1+\zeta+5\beta^2\zeta)\sigma^2}{b\sqrt T(7-6\zeta)}$, $\zeta "
    r"= \frac1T\sum_t\xi_t$.",
    symbols=SYMBOLS,
    hypotheses=(ASSUMPTION_31, ASSUMPTION_32),
    conclusion="smallest <= 32*beta*decrease/(root*(7 - 6*zeta))"
    "+ (1 + zeta + 5*beta**2*zeta)*sigma2/(b*root*(7 - 6*zeta))",
    families=(
        Family("one quadratic", NUMBERS, _full_batch, _cases((0, 5, 15), 0), _full_batch_by_rules),
        Family("two examples, one step", SAMPLED, _one_step, ({"T": 1, "pattern": 1, "b": 1, "scaled": 0},)),
    ),
    steps=(STEP_17,),
    repairs=(REPAIR,),
    reading="The choice xi_t does not depend on the batch of the step.",
    notes="The bound neglects that for rho beta > 1/2 the ascended gradient may point the other way: a wrong sign in "
    "Eq. 17 hides it. Lemma A.1 and Claim 2 also need the examples' losses to be smooth.",
)  # fmt: skip
COROLLARY_A2 = replace(
    THEOREM,
    id="jiang2023.cor-a.2",
    title="SAM finds a small gradient",
    source=Source("jiang2023", "Corollary A.2", "Appendix A.1"),
    statement=r"If $\eta = \frac{1}{4\beta\sqrt T}$ and $\rho = T^{-1/4}$, SAM satisfies $\min_t \mathbb{E}\|\nabla "
    r"L(D; w_t)\|^2 \leq \frac{32\beta(L(D;w_0) - \mathbb{E}L(D;w_T))}{\sqrt T} + \frac{(2+5\beta^2)\sigma^2}{b\sqrt "
    r"T}$.",
    conclusion="smallest <= 32*beta*decrease/root + (2 + 5*beta**2)*sigma2/(b*root)",
    families=(
        Family("one quadratic", NUMBERS, _full_batch, _cases((15,), 0), _full_batch_by_rules),
        THEOREM.families[1],
    ),
    steps=(),
    reading="",
)
COROLLARY_A3 = replace(
    THEOREM,
    id="jiang2023.cor-a.3",
    title="With a step that grows with the batch size the rate is 1/sqrt(T b)",
    source=Source("jiang2023", "Corollary A.3", "Appendix A.1"),
    statement=r"If $\eta = \frac{\sqrt b}{4\beta\sqrt T}$ and $\rho = T^{-1/4}$, algorithm $A$ satisfies $\min_t "
    r"\mathbb{E}\|\nabla L(D; w_t)\|^2 \leq \frac{32\beta(L(D;w_0) - \mathbb{E}L(D;w_T))}{\sqrt{Tb}(7-6\zeta)} + "
    r"\frac{(1+\zeta+5\beta^2\zeta)\sigma^2}{\sqrt{Tb}(7-6\zeta)}$.",
    conclusion="smallest <= 32*beta*decrease/(root*batch_root*(7 - 6*zeta))"
    "+ (1 + zeta + 5*beta**2*zeta)*sigma2/(root*batch_root*(7 - 6*zeta))",
    families=(Family("one quadratic", NUMBERS, _full_batch, _cases((0, 5, 15), 1, (1, 64)), _full_batch_by_rules),),
    steps=(),
    repairs=(
        Repair(
            "small batches and long runs", "condition",
            "With b <= T, rho beta <= 3/8 and every example's loss beta-smooth it holds.",
            (SHORT_REACH, EACH_SMOOTH, Hypothesis("small batch", "b is at most T, so that eta beta <= 1/4", "b <= T")),
            latex=r"b \leq T,\quad T \geq (8\beta/3)^4",
        ),
    ),
    notes="Besides the sign in Eq. 17, the step size exceeds 1/(4 beta), which the proof needs, as soon as b > T.",
)  # fmt: skip
CLAIMS = (THEOREM, COROLLARY_A2, COROLLARY_A3)
