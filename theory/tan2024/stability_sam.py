r"""Uniform stability of SAM (Tan et al. 2024, Lemmas 6 and 7, Theorem 8).

Problem and assumptions: losses f(., z) that are mu-strongly convex, L-smooth and G-Lipschitz; Assumption 1, that at
every step the loss is quadratic around both runs with the same Hessian, and xi = rho/||grad f|| is the same in both
runs and in [rho/G, C rho/G], C > 1.

Algorithm: two runs of SAM, w_{t+1} = w_t - eta grad f(w_t + xi grad f(w_t, z), z), on data sets that differ in one of n
examples, with eta <= 2 (1 + mu rho/G) / ((mu + L)(1 + C L rho/G)²).

Statement as printed: on the same example the distance shrinks by 1 - (1 + mu rho/G) eta mu L/(mu + L) (Lemma 6); on
different ones 2 eta G is added (Lemma 7); SAM is uniformly stable with 2 G² (mu + L) / (n mu L (1 + mu rho/G))
(Theorem 8).

The readings ":region" ask the class's properties of the visited points alone.

References:
    [1] Tan et al. (2024). Stabilizing sharpness-aware minimization through a simple renormalization strategy.
    Section 4.2.1.
"""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.enumeration import expected, histories
from ..claim import Claim, ProofStep, Source, Symbol
from ..family import Family, Number
from ..losses import Quadratic
from ..stepping import Gradient, Point, difference, moved, usam
from .assumptions import (
    ASSUMPTION_1,
    CONSTANTS,
    CONTRACTION,
    CURVATURES,
    FAR,
    PRINTED,
    RATE_SAM,
    RATIO,
    REGION,
    SLOPE_MAX,
    XI,
)  # fmt: skip

NUMBERS = (
    Number("mu", 1e-2, 1e2), Number("L", 1e-2, 1e2), Number("G", 1e-2, 1e3), Number("rho", 1e-3, 1e1),
    Number("eta", 1e-3, 1e2), Number("C", 1.001, 5, "linear"), Number("share", 1, 5, "linear"),
)  # fmt: skip
"""`share` is xi in units of rho/G."""
PLACES = tuple(Number(n, 1e-2, 1e2, "signed log") for n in ("w1", "w2", "v1", "v2"))
BEFORE = Symbol("before", "||v_t - w_t||", "", "w", measured=True)
AFTER = Symbol("after", "||v_{t+1} - w_{t+1}||", "", "w", measured=True)
WORDS = "Read as printed, the class of losses is empty: see the reading ':region'."


def largest(values: list[Any], m: Arithmetic) -> Any:
    """The largest of some numbers, in any arithmetic."""
    top = values[0]
    for value in values[1:]:
        top = m.maximum(top, value)
    return top


def slopes(points: list[Point], gradient: Gradient, xi: Any, m: Arithmetic) -> list[Any]:
    """Lengths of the gradient at points and at the points ascended to from there."""
    at = [gradient(w) for w in points]
    above = [gradient(moved(w, g, xi)) for w, g in zip(points, at, strict=True)]
    return [m.norm(*g) for g in (*at, *above)]


def _same(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    loss, xi = Quadratic((x.h1, x.h2)), x.rho / x.G * x.share
    w, v = (x.w1, x.w2), (x.v1, x.v2)
    after = difference(usam(v, loss.gradient, x.eta, xi), usam(w, loss.gradient, x.eta, xi))
    return {
        "xi": xi, "curvature_min": m.minimum(x.h1, x.h2), "curvature_max": m.maximum(x.h1, x.h2),
        "slope_max": largest(slopes([w, v], loss.gradient, xi, m), m),
        "before": m.norm(*difference(v, w)), "after": m.norm(*after),
    }  # fmt: skip


def _different(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    one, other, xi = Quadratic((x.h1,), (0,)), Quadratic((x.h2,), (x.centre,)), x.rho / x.G * x.share
    w, v = (x.w1,), (x.v1,)
    after = difference(usam(v, other.gradient, x.eta, xi), usam(w, one.gradient, x.eta, xi))
    met = [*slopes([w], one.gradient, xi, m), *slopes([w, v], other.gradient, xi, m)]
    return {
        "xi": xi, "curvature_min": m.minimum(x.h1, x.h2), "curvature_max": m.maximum(x.h1, x.h2),
        "slope_max": largest(met, m), "before": m.abs(x.v1 - x.w1), "after": m.norm(*after),
    }  # fmt: skip


def _runs(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """Two data sets of two examples each, of which one is shared; every sequence of draws."""
    xi = x.rho / x.G * x.share
    shared, mine, yours = Quadratic((x.h1,), (0,)), Quadratic((x.h2,), (x.centre,)), Quadratic((x.h2,), (x.other,))
    seen: list[Any] = []

    def run(history: Any) -> dict[str, Any]:
        w = v = (x.w1,)
        for (drawn,), _ in history:
            losses = (shared, shared) if drawn == 0 else (mine, yours)
            for at, loss in zip((w, v), losses, strict=True):
                seen.extend(slopes([at], loss.gradient, xi, m))
            w, v = (usam(at, loss.gradient, x.eta, xi) for at, loss in zip((w, v), losses, strict=True))
        for z in (shared, mine, yours):
            seen.extend(m.norm(*z.gradient(at)) for at in (w, v))
        return {str(k): m.abs(z.value(w) - z.value(v)) for k, z in enumerate((shared, mine, yours))}

    gaps = expected(run, histories(2, 1, x.T))
    return {
        "xi": xi, "n": 2 + 0 * xi, "curvature_min": m.minimum(x.h1, x.h2), "curvature_max": m.maximum(x.h1, x.h2),
        "slope_max": largest(seen, m), "gap": largest(list(gaps.values()), m),
    }  # fmt: skip


CURVED = (Number("h1", 1e-2, 1e2), Number("h2", 1e-2, 1e2))
CENTRE = Number("centre", 1e-2, 1e2, "signed log")
SYMBOLS = (*CONSTANTS, RATIO, XI)
MEASURED = (*CURVATURES, SLOPE_MAX, BEFORE, AFTER)
STEPS = (
    ProofStep(
        "Lemma 6, step 2", "eta*(1 + xi*L)**2 <= 2*(1 + xi*mu)/(mu + L)",
        hypotheses=("Assumption 1", "learning rate"),
        words="The second term is not positive because of the learning rate.",
    ),
    ProofStep(
        "Lemma 6, last line", "1 - q <= (1 - q/2)**2", symbols=(Symbol("q", "twice the rate", "0 <= q <= 1", "1"),),
        hypotheses=(), words="sqrt(1 - q) <= 1 - q/2, squared.",
    ),
)  # fmt: skip
LEMMA_6 = Claim(
    id="tan2024.lem-6",
    title="Two runs of SAM contract on the same example",
    source=Source("tan2024", "Lemma 6", "Section 4.2.1"),
    statement=r"Under Assumption 1, $\mu$-strong convexity, $L$-smoothness and $G$-Lipschitz continuity, on the same "
    r"example, if $\eta \leq 2(1+\mu\rho/G)/(\mu+L)(1+CL\rho/G)^2$: $\|v_{t+1}-w_{t+1}\| \leq "
    r"\left(1-(1+\mu\frac{\rho}{G})\frac{\eta\mu L}{\mu+L}\right)\|v_t-w_t\|$.",
    symbols=(*SYMBOLS, *FAR, BEFORE, AFTER),
    hypotheses=(*PRINTED, ASSUMPTION_1, RATE_SAM),
    conclusion=f"after <= ({CONTRACTION})*before",
    notes=WORDS,
)
REGION_6 = replace(
    LEMMA_6,
    id="tan2024.lem-6:region",
    symbols=(*SYMBOLS, *MEASURED),
    hypotheses=(*REGION, ASSUMPTION_1, RATE_SAM),
    families=(Family("quadratics in two dimensions", (*NUMBERS, *CURVED, *PLACES), _same),),
    steps=STEPS,
    reading="The properties of the class are asked of the points that the runs visit.",
    notes="",
)
LEMMA_7 = replace(
    LEMMA_6,
    id="tan2024.lem-7",
    title="Two runs of SAM on different examples part by at most 2 eta G more",
    source=Source("tan2024", "Lemma 7", "Section 4.2.1"),
    statement=r"In the settings of Lemma 6, on different examples: $\|v_{t+1}-w_{t+1}\| \leq "
    r"\left(1-(1+\mu\frac{\rho}{G})\frac{\eta\mu L}{\mu+L}\right)\|v_t-w_t\| + 2\eta G$.",
    conclusion=f"after <= ({CONTRACTION})*before + 2*eta*G",
)
REGION_7 = replace(
    LEMMA_7,
    id="tan2024.lem-7:region",
    symbols=(*SYMBOLS, *MEASURED),
    hypotheses=(*REGION, ASSUMPTION_1, RATE_SAM),
    families=(
        Family("two quadratics in one dimension", (*NUMBERS, *CURVED, PLACES[0], PLACES[2], CENTRE), _different),
    ),
    reading=REGION_6.reading,
    notes="",
)
GAP = Symbol("gap", "largest E|f(w_T, z) - f(v_T, z)| over the examples z", "", "loss", measured=True)
EXAMPLES = Symbol("n", "examples of the data set", "n >= 1", "1")
THEOREM = replace(
    LEMMA_6,
    id="tan2024.thm-8",
    title="SAM is uniformly stable",
    source=Source("tan2024", "Theorem 8", "Section 4.2.1"),
    statement=r"If $f(\cdot; z)$ is $\mu$-strongly convex and $L$-smooth, SAM with a constant learning rate $\eta "
    r"\leq 2(1+\mu\rho/G)/(\mu+L)(1+CL\rho/G)^2$ for $T$ steps satisfies uniform stability with $\varepsilon_{gen} "
    r"\leq \frac{2G^2(\mu+L)}{n\mu L(1+\mu\rho/G)}$.",
    symbols=(*SYMBOLS, *FAR, EXAMPLES, GAP),
    conclusion="gap <= 2*G**2*(mu + L)/(n*mu*L*(1 + mu*rho/G))",
    notes="G is the Lipschitz constant that the section supposes before Eq. 2; the proof rests on Lemmas 6 and 7, and "
    f"so on Assumption 1. {WORDS}",
)
REGION_8 = replace(
    THEOREM,
    id="tan2024.thm-8:region",
    symbols=(*SYMBOLS, EXAMPLES, GAP, *CURVATURES, SLOPE_MAX),
    hypotheses=(*REGION, ASSUMPTION_1, RATE_SAM),
    families=(
        Family(
            "two examples each, every sequence of draws",
            (*NUMBERS, *CURVED, PLACES[0], CENTRE, Number("other", 1e-2, 1e2, "signed log")),
            _runs, cases=({"T": 1}, {"T": 3}),
        ),
    ),
    reading=REGION_6.reading,
    notes="",
)  # fmt: skip
CLAIMS = (LEMMA_6, REGION_6, LEMMA_7, REGION_7, THEOREM, REGION_8)
