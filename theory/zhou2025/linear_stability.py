r"""Linear stability of stochastic SAM (Zhou et al. 2025, Theorem 4.1, Corollary 4.2, Table 2, Lemma C.2).

Problem and assumptions: the linearised model at a global minimum that fits the data, a least-squares loss with Hessian
G; Assumption 4.1, Tr(Sigma(w) G) >= 2 gamma L(w) ||G||_F² for all w, Sigma the covariance of one example's gradient
noise.

Algorithm: w⁺ = w - eta grad L_{xi_1}(w + rho grad L_{xi_2}(w)), independent batches of B examples (Eq. 4), drawn with
replacement, as the covariance Sigma/B of a batch's noise says (Eq. 8).

Statement as printed: at a linearly stable minimum, E L(w^t) <= C E L(w^0) for all t, ||H||_F² (1 + rho² gamma
||H||_F²/B) <= B/(eta² gamma) (Theorem 4.1); beyond that E L(w^t) >= C^t E L(w^0) with C > 1 (Corollary 4.2; its proof
has C = eta² gamma ||H||_F² (1 + rho² gamma ||H||_F²/B)/B). rho = 0 is SGD (Table 2). A minimum that is stable by the
norm is stable by the loss, and not conversely (Lemma C.2).

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training. Section
    4.1, Appendices C.1 and C.4.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.enumeration import expected, histories
from ..claim import Claim, Hypothesis, Repair, Source, Symbol
from ..family import Family, Number
from ..losses import Mean, Quadratic
from ..stepping import usam

CURVATURE, STEP = "loss/w**2", "w**2/loss"
SYMBOLS = (
    Symbol("eta", "learning rate", "eta > 0", STEP, r"\eta"),
    Symbol("rho", "ascent step", "rho >= 0", STEP, r"\rho"),
    Symbol("gamma", "alignment of the noise", "gamma > 0", "1", r"\gamma"),
    Symbol("B", "batch size", "B >= 1", "1"),
)
ALIGNMENT = Symbol("alignment", "smallest alignment over all w", "", "1", measured=True)
NORM2 = Symbol("norm2", "||H||_F²", "", "loss**2/w**4", r"\|H\|_F^2", measured=True)
ALIGNED = Hypothesis("Assumption 4.1", "the noise is aligned with the Hessian, at least gamma", "gamma <= alignment")
NUMBERS = (
    Number("eta", 1e-3, 1e2), Number("rho", 1e-3, 1e2), Number("gamma", 1e-3, 1), Number("h1", 1e-2, 1e2),
    Number("h2", 1e-2, 1e2),
)  # fmt: skip
BATCHES = ({"B": 1}, {"B": 2})
CRITERION = "norm2*(1 + rho**2*gamma/B*norm2)"


def _one_dimension(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """Examples h_i w²/2: the mean square of w is multiplied by E(1 - eta a (1 + rho a'))² in every step."""
    mean = Mean((Quadratic((x.h1,)), Quadratic((x.h2,))))
    h = (x.h1 + x.h2) / 2

    def run(history: Any) -> dict[str, Any]:
        ((outer, inner),) = history
        (w,) = usam((1,), mean.part(outer).gradient, x.eta, x.rho, mean.part(inner).gradient)
        return {"factor": w * w}

    return {
        "norm2": h * h, "alignment": ((x.h1 - x.h2) / (x.h1 + x.h2)) ** 2,
        **expected(run, histories(2, x.B, 1, inner="independent", replacement=True)),
    }  # fmt: skip


def _two_dimensions(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """Examples h_1 w_1²/2 and h_2 w_2²/2, whose features are orthogonal: H = diag(h_1, h_2)/2."""
    mean = Mean((Quadratic((x.h1, 0 * x.h1)), Quadratic((0 * x.h2, x.h2))))

    def run(history: Any) -> dict[str, Any]:
        w = (1, x.ratio)
        for outer, inner in history:
            w = usam(w, mean.part(outer).gradient, x.eta, x.rho, mean.part(inner).gradient)
        return {"end": mean.value(w)}

    total = x.h1**2 + x.h2**2
    return {
        "norm2": total / 4, "alignment": m.minimum(x.h1, x.h2) ** 2 / total, "start": mean.value((1, x.ratio)),
        **expected(run, histories(2, x.B, x.T, inner="independent", replacement=True)),
    }  # fmt: skip


def _escape(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    mean = Mean((Quadratic((x.h1,)), Quadratic((x.h2,))))
    found = _one_dimension(x, m)
    start = mean.value((1,))
    return {**{k: v for k, v in found.items() if k != "factor"}, "start": start, "end": start * found["factor"] ** x.T}


STABLE = Claim(
    id="zhou2025.thm-4.1",
    title="Minima that are linearly stable for SAM are flat",
    source=Source("zhou2025", "Theorem 4.1", "Section 4.1; proof in Appendix C.1"),
    statement=r"Let $\theta^*$ be a global minimum that is linearly stable for SAM, and suppose Assumption 4.1 "
    r"holds. Then $\|H(\theta^*)\|_F^2\left(1+\frac{\rho^2\gamma}{B}\|H(\theta^*)\|_F^2\right) \leq "
    r"\frac{B}{\eta^2\gamma}$.",
    symbols=(
        *SYMBOLS, ALIGNMENT, NORM2,
        Symbol("factor", "E||w^{t+1}||² over ||w^t||², one dimension", "", "1", measured=True),
    ),
    hypotheses=(ALIGNED, Hypothesis("linear stability", "the loss stays bounded, on average", "factor <= 1")),
    conclusion=f"{CRITERION} <= B/(eta**2*gamma)",
    families=(Family("least squares in one dimension, two examples", NUMBERS, _one_dimension, BATCHES),),
    reading="Batches with replacement (Eq. 8).",
)  # fmt: skip
ESCAPE = Claim(
    id="zhou2025.cor-4.2",
    title="Beyond the bound SAM escapes exponentially",
    source=Source("zhou2025", "Corollary 4.2", "Section 4.1; proof in Appendix C.1"),
    statement=r"If $\|H\|_F^2(1+\frac{\rho^2\gamma}{B}\|H\|_F^2) > \frac{B}{\eta^2\gamma}$, then $\theta^*$ is "
    r"linearly non-stable for SAM: $\mathbb{E}L(\theta^t) \geq C^t\,\mathbb{E}L(\theta^0)$ for all $t > 0$ with $C > "
    r"1$.",
    symbols=(
        *SYMBOLS, ALIGNMENT, NORM2,
        Symbol("T", "steps", "T >= 1", "1"),
        Symbol("start", "E L(w^0)", "start > 0", "", measured=True),
        Symbol("end", "E L(w^T)", "", "", measured=True),
    ),
    hypotheses=(
        ALIGNED,
        Hypothesis("sharp minimum", "the bound of Theorem 4.1 is exceeded", f"{CRITERION} > B/(eta**2*gamma)"),
    ),
    conclusion=f"end >= (eta**2*gamma/B*{CRITERION})**T*start; eta**2*gamma/B*{CRITERION} > 1",
    families=(
        Family(
            "least squares in one dimension, two examples", NUMBERS, _escape,
            ({"B": 1, "T": 3}, {"B": 2, "T": 1}),
        ),
        Family(
            "orthogonal features in two dimensions", (*NUMBERS, Number("ratio", 1e-2, 1e2)), _two_dimensions,
            ({"B": 1, "T": 1},),
        ),
    ),
    reading="C as in the proof; batches with replacement (Eq. 8).",
)  # fmt: skip


def _without_replacement(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """The whole data set in every batch: no noise is left."""
    h = (x.h1 + x.h2) / 2
    return {
        "norm2": h * h, "alignment": ((x.h1 - x.h2) / (x.h1 + x.h2)) ** 2,
        "factor": (1 - x.eta * h * (1 + x.rho * h)) ** 2, "B": 2 + 0 * h,
    }  # fmt: skip


FULL_BATCH = Claim(
    id="zhou2025.thm-4.1:without-replacement",
    title="The same for batches without replacement, B = n",
    source=STABLE.source,
    statement=STABLE.statement,
    symbols=STABLE.symbols,
    hypotheses=STABLE.hypotheses,
    conclusion=STABLE.conclusion,
    families=(Family("least squares, both examples in the batch", NUMBERS, _without_replacement),),
    reading="Batches without replacement: their noise is (n - B)/(n - 1) of what Eq. 8 says, and 0 for B = n.",
    notes="The full batch is stable up to eta h (1 + rho h) = 2, also where the bound for noisy batches says no.",
)
TABLE = Claim(
    id="zhou2025.table-2",
    title="The extra factor of SAM is 1 + rho² gamma ||H||_F²",
    source=Source("zhou2025", "text below Table 2", "Section 4.1"),
    statement=r"The additional term $1+\rho^2\gamma\|H(\theta^*)\|_F^2 > 1$ in SAM's bound imposes a stricter "
    r"requirement.",
    symbols=(*SYMBOLS[1:], Symbol("norm2", "||H||_F²", "norm2 > 0", "loss**2/w**4", r"\|H\|_F^2")),
    hypotheses=(),
    conclusion="1 + rho**2*gamma*norm2 == 1 + rho**2*gamma/B*norm2",
    families=(
        Family(
            "constants",
            (
                Number("rho", 1e-2, 1e1), Number("gamma", 1e-2, 1), Number("B", 1, 100),
                Number("norm2", 1e-2, 1e2),
            ),
            lambda x, m: {},
        ),
    ),
    repairs=(
        Repair(
            "batch size", "misprint", "The factor is 1 + rho² gamma ||H||_F²/B.",
            conclusion="1 + rho**2*gamma/B*norm2 >= 1", because="Theorem 4.1 and Table 2 itself divide by B",
            latex=r"1+\frac{\rho^2\gamma}{B}\|H(\theta^*)\|_F^2",
        ),
    ),
    reading="The text below the table against Theorem 4.1.",
)  # fmt: skip


def _linear_rule(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """w_1' = p w_1 + q w_2, w_2' = w_2 with |p| < 1: bounded by the norm; the loss sees w_1 alone."""
    w1, w2 = x.w1, x.w2
    for _ in range(x.T):
        w1 = x.p * w1 + x.q * w2
    return {"start": x.h * x.w1**2 / 2, "end": x.h * w1**2 / 2}


NORM_TO_LOSS = Claim(
    id="zhou2025.lem-c.2",
    title="Stability by the norm implies stability by the loss",
    source=Source("zhou2025", "Lemma C.2 (L1)", "Appendix C.4"),
    statement=r"(L1) If $\theta^*$ is norm-based linearly stable, then it must be loss-based linearly stable. "
    r"(Definition C.1: for an update rule $\theta^{t+1}=\theta^t+F(\theta^t;\xi_t)$.)",
    symbols=(
        Symbol("h", "curvature along w_1; the loss is flat along w_2", "h > 0"),
        Symbol("p", "factor of w_1", "abs(p) < 1", "1"),
        Symbol("q", "what w_2 adds to w_1", "", "1"),
        Symbol("C", "constant of the stability by the loss", "C >= 1", "1"),
        Symbol("T", "steps", "T >= 1", "1"),
        Symbol("start", "L(w^0)", measured=True),
        Symbol("end", "L(w^T)", measured=True),
    ),
    hypotheses=(Hypothesis("norm-based stability", "the powers of (p q; 0 1), |p| < 1, are bounded", "abs(p) < 1"),),
    conclusion="end <= C*start",
    families=(
        Family(
            "linear rules in two dimensions, one of them flat",
            (
                Number("h", 1e-1, 1e1), Number("p", -0.99, 0.99, "linear"), Number("q", 0, 1, "linear"),
                Number("C", 1, 1e3), Number("w1", 0, 1, "linear"), Number("w2", 1e-2, 1e2),
            ),
            _linear_rule, ({"T": 1}, {"T": 5}),
        ),
    ),
    repairs=(
        Repair(
            "steps along gradients", "condition",
            "It holds for rules that move within the span of the examples' gradients and read that part alone, as "
            "SGD's and SAM's do: flat directions then feed nothing back.",
            (Hypothesis("no feedback", "the flat direction does not feed the others", "q == 0"),),
        ),
    ),
    reading="For any update rule, as Definition C.1 says.",
    notes="The proof ends with L(w^t) <= ||G|| ||w^t - w*||²; bounding ||w^0 - w*||² by L(w^0) fails in flat "
    "directions.",
)  # fmt: skip


def _sam_with_a_flat_direction(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """Examples h_i w_1²/2 in two dimensions; no gradient has a part along w_2."""
    mean = Mean((Quadratic((x.h1, 0 * x.h1)), Quadratic((x.h2, 0 * x.h2))))

    def run(history: Any) -> dict[str, Any]:
        w = (x.w1, x.w2)
        for outer, inner in history:
            w = usam(w, mean.part(outer).gradient, x.eta, x.rho, mean.part(inner).gradient)
        return {"end": mean.value(w)}

    moments = {k: v for k, v in _one_dimension(x, m).items() if k == "factor"}
    return {
        **moments, "start": mean.value((x.w1, x.w2)),
        **expected(run, histories(2, x.B, x.T, inner="independent", replacement=True)),
    }  # fmt: skip


NORM_TO_LOSS_SAM = Claim(
    id="zhou2025.lem-c.2:sam",
    title="Stability by the norm implies stability by the loss, for SAM",
    source=NORM_TO_LOSS.source,
    statement=r"(L1) If $\theta^*$ is norm-based linearly stable for SAM, then it must be loss-based linearly stable.",
    symbols=(
        *SYMBOLS[:2], SYMBOLS[3],
        Symbol("T", "steps", "T >= 1", "1"),
        Symbol("factor", "E (w_1^{t+1})² over (w_1^t)²", "", "1", measured=True),
        Symbol("start", "L(w^0)", "", "loss", measured=True),
        Symbol("end", "E L(w^T)", "", "loss", measured=True),
    ),
    hypotheses=(Hypothesis("norm-based stability", "E||w^t||² stays bounded: w_2 stays", "factor <= 1"),),
    conclusion="end <= start",
    families=(
        Family(
            "two examples and a flat direction",
            (
                *(n for n in NUMBERS if n.name != "gamma"),
                Number("w1", 1e-2, 1e2, "signed log"), Number("w2", 1e-2, 1e2, "signed log"),
            ),
            _sam_with_a_flat_direction, ({"B": 1, "T": 1}, {"B": 1, "T": 2}),
        ),
    ),
    reading="For SAM alone, as 'it holds for SAM' in Definition C.1 may be read; least squares with a flat direction.",
    notes="SAM moves within the span of the examples' gradients; take w^0 - w* in that span. The displayed line needs "
    "this too, since flat parts of w^0 are in its bound and not in L(w^0).",
)  # fmt: skip


def _walk(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """w_1 stays, w_2 walks by independent steps of variance 1, from (1, 1): second moments step by step."""
    loss, mean_square = m.number(1) / 2, m.number(1)
    for _ in range(x.T):
        mean_square = mean_square + 1
    return {"end": loss, "start": m.number(1) / 2, "norm2": 1 + mean_square, "unit": x.size / x.size}


CONVERSE = Claim(
    id="zhou2025.lem-c.2:converse",
    title="Stability by the loss does not imply stability by the norm",
    source=Source("zhou2025", "Lemma C.2 (L2)", "Appendix C.4"),
    statement=r"(L2) There exists an update rule and a $G(\theta^*)$ such that the converse of (L1) does not hold: "
    r"$\theta_1^{t+1}=\theta_1^t$, $\theta_2^{t+1}=\theta_2^t+\zeta_t$ from $(1,1)$ has $\mathbb{E}\|\theta^t\|^2 = "
    r"2+t$.",
    symbols=(
        Symbol("T", "steps", "T >= 1", "1"),
        Symbol("start", "L(w^0)", measured=True),
        Symbol("end", "E L(w^T)", measured=True),
        Symbol("norm2", "E||w^T||²", measured=True),
    ),
    hypotheses=(),
    conclusion="end == start; norm2 == 2 + T",
    families=(Family("the random walk", (Number("size", 1, 2),), _walk, ({"T": 1}, {"T": 10}, {"T": 100})),),
)
CLAIMS = (STABLE, FULL_BATCH, ESCAPE, TABLE, NORM_TO_LOSS, NORM_TO_LOSS_SAM, CONVERSE)
