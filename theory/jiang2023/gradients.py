r"""Stochastic gradients at w and at the ascended point (Jiang et al. 2023, Eq. 3, Lemmas A.1, A.5, Claims 1 and 2).

Problem and assumptions: L(D; w) is beta-smooth (Assumption 3.1); the gradient of one example has a variance below
sigma² (Assumption 3.2). Batches of b examples.

Algorithm: one step of SAM; g is the batch's gradient at w, h the same batch's at w + rho g, and g^ that of L(D; w).

Statements as printed: Var = E||g||² - ||g^||² (Eq. 3); E h'g^ >= (1/2 - rho beta) ||g^||² - beta² rho² sigma²/(2b)
(Lemma A.1); E||g||² = sigma²/b + E||g^||² (Claim 1); E||h||² <= 2 (1 + rho² beta²) sigma²/b - (1 - 2 rho² beta²)
E||g^||² + 2 E g^'h (Claim 2); g'grad L(w + rho g) >= (1 - rho beta) ||g||² for the full batch (Lemma A.5).

References:
    [1] Jiang et al. (2023). An adaptive policy to employ sharpness-aware minimization. Section 3.1, Appendix A.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.worst_case import Problem, worst_case_within
from ..claim import Claim, Hypothesis, ProofStep, Repair, Source, Symbol
from ..family import Family, Number
from ..losses import Bent, Quadratic
from ..stepping import dot, moved, square
from .samples import (
    ASSUMPTION_31,
    ASSUMPTION_32,
    CASES,
    CONSTANTS,
    EACH_SMOOTH,
    MEASURED,
    NUMBERS,
    measured,
)  # fmt: skip

FAMILY = Family("two examples with bent differences", NUMBERS, measured, cases=CASES)
G2 = Symbol("g2", "E||g||²", "", "loss**2/w**2", measured=True)
H2 = Symbol("h2", "E||h||²", "", "loss**2/w**2", measured=True)
MOVED = Symbol("moved2", "E||h - g||²", "", "loss**2/w**2", measured=True)
PRODUCT = Symbol("product", "E h'g^", "", "loss**2/w**2", measured=True)
VARIANCE = Symbol("variance", "E||g - g^||²", "", "loss**2/w**2", measured=True)
SMOOTH_EXAMPLES = Repair(
    "smooth examples", "condition", "If the loss of every example is beta-smooth it holds.", (EACH_SMOOTH,),
    latex=r"\|\nabla\ell_i(w) - \nabla\ell_i(v)\| \leq \beta\|w - v\|",
)  # fmt: skip

EQUATION_3 = Claim(
    id="jiang2023.eq-3",
    title="The variance of the gradient is its mean square less the square of its mean",
    source=Source("jiang2023", "Eq. 3", "Section 3.1"),
    statement=r"$\mathrm{Var}(\nabla L(B_t; w_t)) = \mathbb{E}\|\nabla L(B_t; w_t)\|^2 - \|\nabla L(D; w_t)\|^2$.",
    symbols=(*CONSTANTS[1:2], *CONSTANTS[3:], *MEASURED, G2, VARIANCE),
    hypotheses=(),
    conclusion="variance == g2 - slope2",
    families=(FAMILY,),
)
LEMMA_A1 = Claim(
    id="jiang2023.lem-a.1",
    title="The gradient at the ascended point has a positive component along the full gradient",
    source=Source("jiang2023", "Lemma A.1", "Appendix A.1"),
    statement=r"Under Assumptions 3.1 and 3.2, for all $\rho > 0$: $\mathbb{E}\nabla L(B_t; w+\rho\nabla L(B_t;w))^\top"
    r"\nabla L(D;w) \geq (\frac12-\rho\beta)\|\nabla L(D;w)\|^2 - \frac{\beta^2\rho^2\sigma^2}{2b}$.",
    symbols=(*CONSTANTS, *MEASURED, PRODUCT),
    hypotheses=(ASSUMPTION_31, ASSUMPTION_32),
    conclusion="product >= (1/2 - rho*beta)*slope2 - beta**2*rho**2*sigma2/(2*b)",
    families=(FAMILY,),
    repairs=(SMOOTH_EXAMPLES,),
    notes="Assumption 3.1 is about the mean loss alone; the argument compares one batch at two points.",
)
CLAIM_1 = Claim(
    id="jiang2023.claim-1",
    title="The mean square of a batch's gradient is sigma²/b more than that of the full gradient",
    source=Source("jiang2023", "Claim 1", "Appendix A.1"),
    statement=r"$\mathbb{E}\|g_t\|^2 = \mathbb{E}\|g_t-\hat g_t\|^2+\mathbb{E}\|\hat g_t\|^2 = "
    r"\frac{\sigma^2}{b}+\mathbb{E}\|\hat g_t\|^2$, which follows from Assumption 3.2.",
    symbols=(*CONSTANTS, *MEASURED, G2, VARIANCE),
    hypotheses=(ASSUMPTION_31, ASSUMPTION_32),
    conclusion="g2 == variance + slope2; g2 == sigma2/b + slope2",
    families=(FAMILY,),
    repairs=(
        Repair(
            "at most", "misprint", "With 'at most' for the last equality it holds, and that is all that is used.",
            conclusion="g2 == variance + slope2; g2 <= sigma2/b + slope2",
            because="Assumption 3.2 bounds the variance by sigma² and does not give it",
            latex=r"\mathbb{E}\|g_t\|^2 \leq \frac{\sigma^2}{b}+\mathbb{E}\|\hat g_t\|^2",
        ),
    ),
)  # fmt: skip
CLAIM_2 = Claim(
    id="jiang2023.claim-2",
    title="The mean square of the gradient at the ascended point",
    source=Source("jiang2023", "Claim 2", "Appendix A.1"),
    statement=r"$\mathbb{E}\|h_t\|^2 \leq 2(1+\rho^2\beta^2)\frac{\sigma^2}{b} - (1-2\rho^2\beta^2)"
    r"\mathbb{E}\|\hat g_t\|^2 + 2\mathbb{E}\hat g_t^\top h_t$.",
    symbols=(*CONSTANTS, *MEASURED, H2, PRODUCT, G2, MOVED),
    hypotheses=(ASSUMPTION_31, ASSUMPTION_32),
    conclusion="h2 <= 2*(1 + rho**2*beta**2)*sigma2/b - (1 - 2*rho**2*beta**2)*slope2 + 2*product",
    families=(FAMILY,),
    steps=(
        ProofStep(
            "Eq. 12", "(p + q)**2 == 2*p**2 + 2*q**2",
            symbols=(Symbol("p", "a component of h - g", "", "1"), Symbol("q", "that of g - g^", "", "1")),
            hypotheses=(),
            words="The squared length of a sum is at most twice the sum of the squares; the sign = is displayed.",
        ),
        ProofStep(
            "after Eq. 13", "moved2 <= rho**2*beta**2*g2", words="||h - g|| <= rho beta ||g|| for the gradients of "
            "a batch."
        ),
    ),
    repairs=(SMOOTH_EXAMPLES,),
    notes="||h - g|| <= rho beta ||g|| is used for a batch, while Assumption 3.1 is about the mean loss alone.",
)  # fmt: skip


def _full(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    loss, w = Quadratic((x.h1, x.h2)), (x.w1, x.w2)
    g = loss.gradient(w)
    return {
        "smoothness": m.maximum(m.abs(x.h1), m.abs(x.h2)), "slope2": square(g),
        "product": dot(g, loss.gradient(moved(w, g, x.rho))),
    }  # fmt: skip


def _bent(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    loss = Bent(x.h1, x.h2, x.bend, x.bend, m, tilt=x.w2)
    g = loss.gradient((x.w1,))
    return {
        "smoothness": m.maximum(m.abs(x.h1), m.abs(x.h2)), "slope2": square(g),
        "product": dot(g, loss.gradient(moved((x.w1,), g, x.rho))),
    }  # fmt: skip


SHAPES = (
    *(Number(n, 1e-2, 1e2, "signed log") for n in ("h1", "h2", "w1", "w2")),
    Number("beta", 1e-2, 1e2), Number("rho", 1e-3, 1e2),
)  # fmt: skip
LEMMA_A5 = Claim(
    id="jiang2023.lem-a.5",
    title="The full gradient at the ascended point has the component (1 - rho beta) along the gradient",
    source=Source("jiang2023", "Lemma A.5", "Appendix A.2"),
    statement=r"If $L(D; w)$ is $\beta$-smooth, for any $\rho > 0$: $\nabla L(D;w)^\top\nabla L(D;w+\rho\nabla L(D;w)) "
    r"\geq (1-\rho\beta)\|\nabla L(D;w)\|^2$.",
    symbols=(
        *CONSTANTS[:2], MEASURED[0], MEASURED[3],
        Symbol("product", "inner product of the two gradients", "", "loss**2/w**2", measured=True),
    ),
    hypotheses=(Hypothesis("Assumption 3.1", "L(D; w) is beta-smooth", "smoothness <= beta"),),
    conclusion="product >= (1 - rho*beta)*slope2",
    families=(
        Family("quadratics in two dimensions", SHAPES, _full),
        Family("bent and tilted", (*SHAPES, Number("bend", 1e-2, 1e2)), _bent),
    ),
    checks=(
        worst_case_within(
            "-(1 - rho*beta)",
            lambda p: Problem(p["beta"], -p["beta"], 1.0, p["rho"], 0, "gradient", "misalignment"),
            [{"beta": 1.0, "rho": rho} for rho in (0.05, 0.5, 0.9)], "the product, negative, over all smooth functions",
        ),
    ),
)  # fmt: skip
CLAIMS = (EQUATION_3, LEMMA_A1, CLAIM_1, CLAIM_2, LEMMA_A5)
