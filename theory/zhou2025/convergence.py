r"""Linear convergence of stochastic SAM (Zhou et al. 2025, Lemma C.1, Theorem 4.3).

Problem and assumptions: L >= 0 with ||H||_2 <= L and ||grad L||² >= 2 mu L (Assumption 4.2); the gradient noise of one
example has E||xi||² <= sigma² L(w) (Assumption 4.3), that of a batch of B the B-th part of it (Eq. 13).

Algorithm: w⁺ = w - eta grad L_{xi_1}(w + rho grad L_{xi_2}(w)) with independent batches.

Statements as printed: 2 mu L <= ||grad L||² <= (2 L²/mu) L (Lemma C.1, Eq. 11). With eta <= min{1/(2L), mu B/(2 L
sigma²)} and rho <= min{1/(4L), mu B/(4 L sigma²), eta mu²/(24 L²)}: E L(w^t) <= (1 - eta mu/2)^t L(w^0) (Theorem 4.3).

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training. Section
    4.3, Appendix C.3.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.enumeration import expected, histories
from ..checks.worst_case import Problem, worst_case_within
from ..claim import Claim, Hypothesis, ProofStep, Source, Symbol
from ..family import Family, Number
from ..losses import Bent, Mean, Quadratic
from ..stepping import dot, moved, square, usam

CURVATURE, STEP, SQUARED = "loss/w**2", "w**2/loss", "loss**2/w**2"
MU = Symbol("mu", "Polyak-Lojasiewicz constant", "mu > 0", CURVATURE, r"\mu")
L = Symbol("L", "smoothness", "L > 0", CURVATURE)
CURVED = Symbol("smoothness", "largest ||H||_2", "", CURVATURE, measured=True)
PL_MET = Symbol("pl", "smallest ||grad L||²/(2 L) over all w", "", CURVATURE, measured=True)
ASSUMPTION_42 = (
    Hypothesis("smoothness", "Assumption 4.2 (i)", "smoothness <= L"),
    Hypothesis("PL", "Assumption 4.2 (ii)", "pl >= mu"),
)
NUMBERS = (Number("mu", 1e-2, 1e2), Number("L", 1e-2, 1e2), Number("h1", 1e-2, 1e2), Number("h2", 1e-2, 1e2))


def _quadratic(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    loss, w = Quadratic((x.h1, x.h2)), (x.w1, x.w2)
    return {
        "smoothness": m.maximum(x.h1, x.h2), "pl": m.minimum(x.h1, x.h2), "loss": loss.value(w),
        "slope2": square(loss.gradient(w)),
    }  # fmt: skip


def _bent(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """Two curvatures, convex: the constant is the smaller one (strong convexity implies PL)."""
    loss = Bent(x.h1, x.h2, abs(x.w2), abs(x.w2), m)
    return {
        "smoothness": m.maximum(x.h1, x.h2), "pl": m.minimum(x.h1, x.h2), "loss": loss.value((x.w1,)),
        "slope2": square(loss.gradient((x.w1,))),
    }  # fmt: skip


LEMMA = Claim(
    id="zhou2025.lem-c.1",
    title="The gradient's size lies between two multiples of the loss",
    source=Source("zhou2025", "Lemma C.1", "Appendix C.3"),
    statement=r"Suppose Assumption 4.2. Then $2\mu L(\theta) \leq \|\nabla L(\theta)\|^2 \leq "
    r"\frac{2L^2}{\mu}L(\theta)$.",
    symbols=(
        MU, L, CURVED, PL_MET,
        Symbol("loss", "L(w)", "loss >= 0", "loss", measured=True),
        Symbol("slope2", "||grad L(w)||²", "", SQUARED, measured=True),
    ),
    hypotheses=ASSUMPTION_42,
    conclusion="2*mu*loss <= slope2; slope2 <= 2*L**2/mu*loss",
    families=(
        Family(
            "quadratics in two dimensions",
            (*NUMBERS, Number("w1", 1e-2, 1e2, "signed log"), Number("w2", 1e-2, 1e2)), _quadratic,
        ),
        Family(
            "bent in one dimension",
            (*NUMBERS, Number("w1", 1e-2, 1e2, "signed log"), Number("w2", 1e-2, 1e2)), _bent,
        ),
    ),
    checks=(
        worst_case_within(
            "2*L**2/mu", lambda p: Problem(p["L"], p["mu"], 1.0, 0.0, 0, "loss", "gradient"),
            [{"L": 1.0, "mu": mu} for mu in (0.05, 0.3, 0.9)],
            "||grad L||² over all smooth strongly convex functions with loss 1",
        ),
    ),
    notes="Smoothness alone gives the sharper 2 L for 2 L²/mu, as mu <= L.",
)  # fmt: skip


def _stochastic(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """Examples h_i w²/2: the noise's mean square is a multiple of the loss."""
    mean, h = Mean((Quadratic((x.h1,)), Quadratic((x.h2,)))), (x.h1 + x.h2) / 2

    def run(history: Any) -> dict[str, Any]:
        w = (1,)
        for outer, inner in history:
            w = usam(w, mean.part(outer).gradient, x.eta, x.rho, mean.part(inner).gradient)
        outer, inner = history[0]
        above = moved((1,), mean.part(inner).gradient((1,)), x.rho)
        change = (h * above[0] - h) ** 2
        return {"end": mean.value(w), "above": mean.value(above), "change2": change}

    return {
        "smoothness": h, "pl": h, "noise": (x.h1 - x.h2) ** 2 / (2 * h), "start": mean.value((1,)), "slope2": h * h,
        **expected(run, histories(2, x.B, x.T, inner="independent", replacement=True)),
    }  # fmt: skip


def _two_dimensions(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """Examples with orthogonal features: different curvatures, and noise between them."""
    mean = Mean((Quadratic((x.h1, 0 * x.h1)), Quadratic((0 * x.h2, x.h2))))
    start = (1, x.ratio)

    def run(history: Any) -> dict[str, Any]:
        w = start
        for outer, inner in history:
            w = usam(w, mean.part(outer).gradient, x.eta, x.rho, mean.part(inner).gradient)
        above = moved(start, mean.part(history[0][1]).gradient(start), x.rho)
        change = [a - b for a, b in zip(mean.gradient(above), mean.gradient(start), strict=True)]
        return {"end": mean.value(w), "above": mean.value(above), "change2": dot(tuple(change), tuple(change))}

    # the noise is (h_1 w_1, -h_2 w_2)/2 up to its sign: (h_1² w_1² + h_2² w_2²)/4 against (h_1 w_1² + h_2 w_2²)/4
    return {
        "smoothness": m.maximum(x.h1, x.h2) / 2, "pl": m.minimum(x.h1, x.h2) / 2, "noise": m.maximum(x.h1, x.h2),
        "start": mean.value(start), "slope2": square(mean.gradient(start)),
        **expected(run, histories(2, x.B, x.T, inner="independent", replacement=True)),
    }  # fmt: skip


RUN_NUMBERS = (*NUMBERS, Number("eta", 1e-3, 1e2), Number("rho", 1e-5, 1e1), Number("sigma2", 1e-2, 1e3))
LOSS_ABOVE = Symbol("G2", "E||grad L(w^{t+1/2})||²", "G2 >= 0", SQUARED)
VALUE_ABOVE = Symbol("above_loss", "E L(w^{t+1/2})", "above_loss > 0", "loss")
THEOREM = Claim(
    id="zhou2025.thm-4.3",
    title="Stochastic SAM converges linearly",
    source=Source("zhou2025", "Theorem 4.3", "Section 4.3; proof in Appendix C.3"),
    statement=r"Under Assumptions 4.2 and 4.3, if $\eta \leq \min\{1/2L, \mu B/2L\sigma^2\}$ and $\rho \leq "
    r"\min\{1/4L, \mu B/4L\sigma^2, \eta\mu^2/24L^2\}$, then $\mathbb{E}L(\theta^t) \leq (1-\eta\mu/2)^t "
    r"L(\theta^0)$ for all $t$.",
    symbols=(
        MU, L,
        Symbol("eta", "learning rate", "eta > 0", STEP, r"\eta"),
        Symbol("rho", "ascent step", "rho >= 0", STEP, r"\rho"),
        Symbol("sigma2", "noise over loss", "sigma2 > 0", CURVATURE, r"\sigma^2"),
        Symbol("B", "batch size", "B >= 1", "1"),
        Symbol("T", "steps", "T >= 1", "1"),
        CURVED, PL_MET,
        Symbol("noise", "largest E||xi||²/L(w)", "", CURVATURE, measured=True),
        Symbol("start", "L(w^0)", "", "loss", measured=True),
        Symbol("end", "E L(w^T)", "", "loss", measured=True),
        Symbol("above", "E L(w^{1/2}) after the first ascent", "", "loss", measured=True),
        Symbol("slope2", "||grad L(w^0)||²", "", SQUARED, measured=True),
        Symbol("change2", "E||grad L(w^{1/2}) - grad L(w^0)||²", "", SQUARED, measured=True),
    ),
    hypotheses=(
        *ASSUMPTION_42,
        Hypothesis("noise", "Assumption 4.3", "noise <= sigma2"),
        Hypothesis("learning rate", "the bounds on eta", "2*eta*L <= 1; 2*eta*L*sigma2 <= mu*B"),
        Hypothesis(
            "ascent step", "the bounds on rho", "4*rho*L <= 1; 4*rho*L*sigma2 <= mu*B; 24*rho*L**2 <= eta*mu**2"
        ),
    ),
    conclusion="end <= (1 - eta*mu/2)**T*start",
    families=(
        Family("least squares in one dimension, two examples", RUN_NUMBERS, _stochastic, ({"B": 1, "T": 2},)),
        Family(
            "orthogonal features in two dimensions", (*RUN_NUMBERS, Number("ratio", 1e-2, 1e2)), _two_dimensions,
            ({"B": 1, "T": 1},),
        ),
    ),
    checks=(
        worst_case_within(
            "(1 - eta*mu/2)**T",
            lambda p: Problem(p["L"], p["mu"], p["eta"], p["eta"] * p["mu"] ** 2 / 24, int(p["T"]), "loss", "loss"),
            [
                {"L": 1.0, "mu": mu, "eta": eta, "T": steps}
                for mu in (0.05, 0.3, 0.9) for eta in (0.05, 0.5) for steps in (1, 3)
            ],
            "without noise, at the largest rho: the loss over all smooth strongly convex functions",
        ),
    ),
    steps=(
        ProofStep("first estimate", "above <= 5/4*start", words="E L(w^{t+1/2}) <= (5/4) E L(w^t)."),
        ProofStep(
            "second estimate, Eq. 11", "eta**2*L/2*G2 <= eta**2*L*mu*above_loss",
            given="2*mu*above_loss <= G2; G2 <= 2*L**2/mu*above_loss; mu <= L", symbols=(LOSS_ABOVE, VALUE_ABOVE),
            hypotheses=(), words="Eq. 11 bounds ||grad L||² by (2 L²/mu) L; the line uses 2 mu L, the lower bound.",
        ),
        ProofStep(
            "second estimate, Eq. 14", "eta**2*L*mu + eta**2*L*sigma2/(2*B) <= 3*eta*mu/4",
            hypotheses=("learning rate",),
            words="The coefficient after Eq. 14.",
        ),
        ProofStep(
            "second estimate, ascent", "change2 <= rho**2*L**2*slope2",
            words="||grad L(w^{t+1/2}) - grad L(w^t)|| <= rho L ||grad L(w^t)|| leaves out the noise of the ascent "
            "step.",
        ),
        ProofStep(
            "last line", "1 - 3*eta*mu/2 + 3*eta*mu/4*5/4 <= 1 - eta*mu/2", hypotheses=(),
            words="The combination of the two estimates.",
        ),
    ),
    notes="The theorem survives: the loss decreases by 3 eta mu/2 or more per step before noise, more than the "
    "proof uses.",
)  # fmt: skip
CLAIMS = (LEMMA, THEOREM)
