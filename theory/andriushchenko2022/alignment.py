r"""SAM's step is aligned with the gradient (Andriushchenko and Flammarion 2022, Lemmas 7, 13 and 16).

Problem and assumptions: L is beta-smooth (A2'), or every example's loss is (A2); the variance of one example's gradient
is at most sigma² (A1). Batches of b examples.

Algorithm: the gradient at w + rho g, with g of the full batch, of an independent batch (n-SAM) or of the same (m-SAM).

Statements as printed: <grad L(w + rho grad L(w)), grad L(w)> >= (1 + alpha rho) ||grad L(w)||² with alpha = -beta, 0,
mu for smooth, convex, mu-strongly convex L (Lemma 7); for independent batches the expectation is at least (1/2 - beta
rho) ||grad L(w)||² - beta² rho² sigma²/2 (Lemma 13), for the same batch at least (1/2 - rho beta) ||grad L(w)||² -
beta² rho² sigma²/(2b) (Lemma 16).

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Appendix C.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.worst_case import Problem, worst_case_within
from ..claim import Claim, Hypothesis, Source, Symbol
from ..family import Family, Number
from ..losses import Bent, Quadratic
from ..stepping import dot, moved, square
from .samples import (
    BATCHES,
    BETA,
    BOUNDED,
    EACH_SMOOTH,
    MEASURED,
    NUMBERS,
    RHO,
    SIGMA2,
    SIZE,
    moments,
)  # fmt: skip

SQUARED, CURVATURE = "loss**2/w**2", "loss/w**2"
SLOPE2 = Symbol("slope2", "||grad L(w)||²", "", SQUARED, measured=True)
PRODUCT = Symbol("product", "inner product with the gradient at the ascended point", "", SQUARED, measured=True)
ALPHA = Symbol("alpha", "-beta, 0 or mu: a lower bound of the curvature", "", CURVATURE, r"\alpha")
LOWEST = Symbol("curvature_min", "smallest curvature", "", CURVATURE, measured=True)


def _quadratic(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    loss, w = Quadratic((x.h1, x.h2)), (x.w1, x.w2)
    g = loss.gradient(w)
    return {
        "curvature_min": m.minimum(x.h1, x.h2), "slope2": square(g),
        "product": dot(g, loss.gradient(moved(w, g, x.rho))),
    }  # fmt: skip


def _bent(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    loss = Bent(x.h1, x.h2, x.bend, x.bend, m, tilt=x.w2)
    g = loss.gradient((x.w1,))
    return {
        "curvature_min": m.minimum(x.h1, x.h2), "slope2": square(g),
        "product": dot(g, loss.gradient(moved((x.w1,), g, x.rho))),
    }  # fmt: skip


SHAPES = (
    *(Number(n, 1e-2, 1e2, "signed log") for n in ("h1", "h2", "w1", "w2", "alpha")), Number("rho", 1e-3, 1e2),
)  # fmt: skip
LEMMA_7 = Claim(
    id="andriushchenko2022.lem-7",
    title="The gradient at the ascended point is aligned with the gradient",
    source=Source("andriushchenko2022", "Lemma 7", "Appendix C.1"),
    statement=r"For any $\rho\geq0$: $\langle\nabla L(w+\rho\nabla L(w)),\nabla "
    r"L(w)\rangle\geq(1+\alpha\rho)\|\nabla L(w)\|^2$ where $\alpha=-\beta$ if $L$ is $\beta$-smooth, $0$ if convex, "
    r"$\mu$ if $\mu$-strongly convex.",
    symbols=(RHO, ALPHA, LOWEST, SLOPE2, PRODUCT),
    hypotheses=(Hypothesis("curvature", "no curvature is below alpha", "curvature_min >= alpha"),),
    conclusion="product >= (1 + alpha*rho)*slope2",
    families=(
        Family("quadratics in two dimensions", SHAPES, _quadratic),
        Family("bent and tilted", (*SHAPES, Number("bend", 1e-2, 1e2)), _bent),
    ),
    checks=tuple(
        worst_case_within(
            "-(1 + alpha*rho)", lambda p: Problem(1.0, p["alpha"], 1.0, p["rho"], 0, "gradient", "misalignment"),
            [{"alpha": alpha, "rho": rho} for rho in (0.05, 0.3, 0.9)],
            f"the product, negative, over all {name} functions",
        )
        for name, alpha in (("smooth", -1.0), ("smooth convex", 0.0), ("smooth strongly convex", 0.1))
    ),
    reading="The three cases are one: alpha is a lower bound of the curvature.",
)  # fmt: skip
STOCHASTIC = (BETA, RHO, SIGMA2, SIZE, *MEASURED, SLOPE2)
LEMMA_13 = Claim(
    id="andriushchenko2022.lem-13",
    title="The same on average, for independent batches",
    source=Source("andriushchenko2022", "Lemma 13", "Appendix C.2.1"),
    statement=r"Assume (A1) and (A2). Then $\mathbb{E}\langle\nabla L_{t+1}(w+\rho\nabla L_{t+1/2}(w)),\nabla "
    r"L(w)\rangle\geq(1/2-\beta\rho)\|\nabla L(w)\|^2-\frac{\beta^2\rho^2\sigma^2}{2}$.",
    symbols=(*STOCHASTIC, Symbol("independent", PRODUCT.meaning, "", SQUARED, measured=True)),
    hypotheses=(BOUNDED, EACH_SMOOTH),
    conclusion="independent >= (1/2 - beta*rho)*slope2 - beta**2*rho**2*sigma2/2",
    families=(Family("two examples with bent differences", NUMBERS, moments, BATCHES),),
    notes="The proof shows it with sigma²/b, and needs the smoothness of the mean loss alone.",
)
LEMMA_16 = Claim(
    id="andriushchenko2022.lem-16",
    title="The same on average, for the same batch",
    source=Source("andriushchenko2022", "Lemma 16", "Appendix C.2.2"),
    statement=r"Assume (A1-2). Then $\mathbb{E}\langle\nabla L_t(w+\rho\nabla L_t(w)),\nabla L(w)\rangle\geq"
    r"(1/2-\rho\beta)\|\nabla L(w)\|^2-\frac{\beta^2\rho^2\sigma^2}{2b}$.",
    symbols=(*STOCHASTIC, Symbol("same", PRODUCT.meaning, "", SQUARED, measured=True)),
    hypotheses=(BOUNDED, EACH_SMOOTH),
    conclusion="same >= (1/2 - rho*beta)*slope2 - beta**2*rho**2*sigma2/(2*b)",
    families=(Family("two examples with bent differences", NUMBERS, moments, BATCHES),),
)
CLAIMS = (LEMMA_7, LEMMA_13, LEMMA_16)
