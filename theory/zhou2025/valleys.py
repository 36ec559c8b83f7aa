r"""Staying in a sub-quadratic valley (Zhou et al. 2025, Definition 4.2, Propositions 4.1, C.1 and C.2).

Problem and assumptions: one dimension, a minimum at 0 with L''(0) = a > 0; the valley [-c, c] is sub-quadratic if
z L'(z) >= 0 and L''(|z_1|) >= L''(|z_2|) for |z_1| <= |z_2| in it (Definition 4.2).

Algorithm: w⁺ = w - eta L'(w + rho L'(w)).

Statements as printed: in a sub-quadratic valley L''(z_1) > L''(z_2) and L(z_1) < L(z_2) for 0 < z_1 < z_2 < c, and the
same for 0 > z_1 > z_2 > -c (text below Definition 4.2). From (-b, b), with eta < min b/|L'| over V = [-2b, 2b] and rho
<= min{1/a, eta, eta min |L'(2z)/L'(z)| over 0 < |z| < b}, SAM stays in V (Proposition 4.1). From within (2 - eps) b,
with eta < (2 - eps) b/|L'|, rho <= eps/(a (2 - eps)) and 2/(2 - eps) for 2 in the ratio, it does too (Proposition
C.2). On L = a z²/2 with eta > 2/(a (1 + a rho)) it leaves (Proposition C.1).

Definition 4.2 as displayed bounds L'' at |z| only, so nothing on the left; the text below it says that the same applies
there, and the propositions are read with both.

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training. Section
    4.2, Appendix C.2.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..claim import Claim, Hypothesis, Repair, Source, Symbol
from ..family import Family, Number
from ..stepping import usam
from .slopes import CURVATURE, INWARD, LEFT, NUMBERS, RIGHT, STEP, SYMBOLS, measured

DEFINITION = Claim(
    id="zhou2025.def-4.2",
    title="In a sub-quadratic valley the curvature decreases and the loss increases strictly",
    source=Source("zhou2025", "Definition 4.2", "Section 4.2, the text below it"),
    statement=r"If $zL'(z)\geq 0$ and $L''(|z_1|)\geq L''(|z_2|)$ for $|z_1|\leq|z_2|$, then for any $0<z_1<z_2<c$: "
    r"$L''(z_1)>L''(z_2)$ and $L(z_1)<L(z_2)$.",
    symbols=(
        Symbol("a", "curvature at the minimum", "a > 0", CURVATURE),
        Symbol("k1", "curvature further out", "", CURVATURE),
        Symbol("p1", "where it changes", "p1 > 0", "w"),
        Symbol("z1", "nearer point", "z1 > 0", "w"),
        Symbol("z2", "farther point", "z2 > z1", "w"),
        Symbol("rise", "L(z_2) - L(z_1)", "", "loss", measured=True),
        Symbol("curvature_1", "L''(z_1)", "", CURVATURE, measured=True),
        Symbol("curvature_2", "L''(z_2)", "", CURVATURE, measured=True),
        Symbol("slope_2", "L'(z_2)", "", "loss/w", measured=True),
    ),
    hypotheses=(
        Hypothesis("Definition 4.2", "z L'(z) >= 0, and L'' does not grow", "slope_2 >= 0; k1 <= a"),
        Hypothesis("points", "one point in each piece, or both in one", "z1 != p1; z2 != p1"),
    ),
    conclusion="curvature_1 > curvature_2; rise > 0",
    families=(
        Family(
            "two pieces",
            (
                Number("a", 1e-1, 1e1), Number("k1", 1e-2, 1e1, "signed log"), Number("p1", 1e-1, 1e1),
                Number("z1", 1e-1, 1e1), Number("z2", 1e-1, 1e1),
            ),
            lambda x, m: _pieces(x, m),
        ),
    ),
    repairs=(
        Repair(
            "not strictly", "misprint", "With >= and <= for > and < it holds.",
            conclusion="curvature_1 >= curvature_2; rise >= 0",
            because="the definition displayed just before has L''(|z_1|) >= L''(|z_2|)",
            latex=r"L''(z_1) \geq L''(z_2),\quad L(z_1) \leq L(z_2)",
        ),
    ),
    notes="A quadratic valley meets the definition with equality.",
)  # fmt: skip


def _pieces(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    def loss(z: Any) -> Any:
        inner, outer = m.minimum(z, x.p1), m.maximum(z - x.p1, 0 * z)
        return x.a * inner**2 / 2 + x.a * x.p1 * outer + x.k1 * outer**2 / 2

    def curvature(z: Any) -> Any:
        return (x.a + x.k1 - (x.a - x.k1) * m.sign(z - x.p1)) / 2

    slope = x.a * m.minimum(x.z2, x.p1) + x.k1 * m.maximum(x.z2 - x.p1, 0 * x.z2)
    return {
        "rise": loss(x.z2) - loss(x.z1), "slope_2": slope,
        "curvature_1": curvature(x.z1), "curvature_2": curvature(x.z2),
    }  # fmt: skip


INSIDE = Symbol("place", "start in units of the largest |w| allowed", "-1 < place < 1", "1")
RUN = Symbol("T", "steps", "T >= 1", "1")
STAYS = Claim(
    id="zhou2025.prop-4.1",
    title="SAM stays in a sub-quadratic valley",
    source=Source("zhou2025", "Proposition 4.1", "Section 4.2; proof in Appendix C.2"),
    statement=r"Assume the landscape is sub-quadratic in $V=[-2b,2b]$. For all $\theta^0\in(-b,b)$, and $\eta,\rho$ "
    r"s.t. $\eta<\min_{z\in V}b/|L'(z)|$, $\rho\leq\min\{1/a,\eta,\eta\min_{0<|z|<b}|L'(2z)/L'(z)|\}$, full-batch "
    r"SAM remains within $V$.",
    symbols=(*SYMBOLS, INSIDE, RUN),
    hypotheses=(
        INWARD, RIGHT, LEFT,
        Hypothesis("step size", "eta |L'| < b in the valley", "eta*slope_max < b"),
        Hypothesis("ascent step", "the three bounds on rho", "rho*a <= 1; rho <= eta; rho <= eta*ratio_min"),
    ),
    conclusion="farthest <= 2*b",
    families=(
        Family(
            "slopes linear in pieces", NUMBERS, lambda x, m: measured(x, m, x.b, m.number(2)), ({"T": 1}, {"T": 6}),
        ),
    ),
)  # fmt: skip
EPS = Symbol("eps", "how far from the edge", "0 < eps < 1", "1", r"\epsilon")


def _nearly_all(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    return measured(x, m, (2 - x.eps) * x.b, 2 / (2 - x.eps))


EXTENDED = Claim(
    id="zhou2025.prop-c.2",
    title="SAM stays in a sub-quadratic valley from almost anywhere in it",
    source=Source("zhou2025", "Proposition C.2", "Appendix C.2"),
    statement=r"For any $\epsilon\in(0,1)$, $\theta^0\in(-(2-\epsilon)b,(2-\epsilon)b)$, $\eta<\min_{z\in "
    r"V}(2-\epsilon)b/|L'(z)|$, "
    r"$\rho\leq\min\{\frac{\epsilon}{a(2-\epsilon)},\eta,\eta\min_{0<|z|<(2-\epsilon)b}"
    r"|L'(\frac{2}{2-\epsilon}z)/L'(z)|\}$, "
    r"full-batch SAM remains within $V$.",
    symbols=(*SYMBOLS, INSIDE, RUN, EPS),
    hypotheses=(
        INWARD, RIGHT, LEFT,
        Hypothesis("step size", "eta |L'| < (2 - eps) b in the valley", "eta*slope_max < (2 - eps)*b"),
        Hypothesis(
            "ascent step", "the three bounds on rho", "rho*a*(2 - eps) <= eps; rho <= eta; rho <= eta*ratio_min"
        ),
    ),
    conclusion="farthest <= 2*b",
    families=(
        Family(
            "slopes linear in pieces", (*NUMBERS, Number("eps", 0.01, 0.99, "linear")), _nearly_all,
            ({"T": 1}, {"T": 6}),
        ),
    ),
)  # fmt: skip


def _steep_on_the_left(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """Quadratic on the right; on the left the slope bends upwards at q1. rho = eta."""
    pieces = {"k1": x.a, "k2": x.a, "p1": 3 * x.b, "p2": x.b, "q2": x.b / 2, "rho": x.eta}
    given = SimpleNamespace(**vars(x), **pieces)
    kept = {name: pieces[name] for name in ("k1", "k2", "rho")}
    return {**kept, **measured(given, m, (2 - x.eps) * x.b, 2 / (2 - x.eps))}


LEFT_NUMBERS = (
    Number("a", 1e-1, 1e1), Number("b", 1e-1, 1e1), Number("eta", 1e-2, 1e1), Number("place", -1, 0, "linear"),
    Number("q1", 1e-1, 1e1), Number("l1", 1e-1, 1e1), Number("l2", 1e-2, 1e1), Number("steep", 1e0, 1e2),
    Number("eps", 0.1, 0.9, "linear"),
)  # fmt: skip
ONE_SIDED = Claim(
    id="zhou2025.prop-c.2:as-displayed",
    title="The same with Definition 4.2 as displayed, which says nothing of L'' on the left",
    source=EXTENDED.source,
    statement=EXTENDED.statement,
    symbols=EXTENDED.symbols,
    hypotheses=tuple(h for h in EXTENDED.hypotheses if h is not LEFT),
    conclusion=EXTENDED.conclusion,
    families=(*EXTENDED.families, Family("steep on the left", LEFT_NUMBERS, _steep_on_the_left, ({"T": 1},))),
    repairs=(
        Repair(
            "both sides", "condition", "With the same on the left, as the text below the definition says, it holds.",
            (LEFT,),
        ),
    ),
    reading="Definition 4.2 has L''(|z|), the curvature on the right, also for negative z.",
)  # fmt: skip


def _growth(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    (after,) = usam((x.w,), lambda w: (x.a * w[0],), x.eta, x.rho)
    return {"before": m.abs(x.w), "after": m.abs(after)}


ESCAPES = Claim(
    id="zhou2025.prop-c.1",
    title="SAM leaves a quadratic valley at large steps",
    source=Source("zhou2025", "Proposition C.1", "Appendix C.2"),
    statement=r"Let $L(z)=az^2/2$ in $V_b=(-2b,2b)$. For all $\theta^0\in V_b\setminus\{0\}$ and "
    r"$\eta>\frac{2}{a(1+a\rho)}$ full-batch SAM will escape from $V_b$: there is $T>0$ with $\theta^T\notin V_b$.",
    symbols=(
        Symbol("a", "curvature", "a > 0", CURVATURE),
        Symbol("eta", "step size", "eta > 0", STEP, r"\eta"),
        Symbol("rho", "ascent step", "rho >= 0", STEP, r"\rho"),
        Symbol("before", "|w^t|", "before > 0", "w", measured=True),
        Symbol("after", "|w^{t+1}|", "", "w", measured=True),
        Symbol("factor", "growth per step", "", "1", measured=True),
    ),
    hypotheses=(Hypothesis("large steps", "eta is above 2/(a (1 + a rho))", "eta*a*(1 + a*rho) > 2"),),
    conclusion="after == (eta*a*(1 + a*rho) - 1)*before; eta*a*(1 + a*rho) - 1 > 1",
    families=(
        Family(
            "quadratics",
            (
                Number("a", 1e-2, 1e2), Number("eta", 1e-3, 1e3), Number("rho", 1e-3, 1e2),
                Number("w", 1e-3, 1e2, "signed log"),
            ),
            _growth,
        ),
    ),
    notes="The size of w grows by a constant factor above 1 in every step, so that it leaves every bounded set.",
)  # fmt: skip
CLAIMS = (DEFINITION, STAYS, EXTENDED, ONE_SIDED, ESCAPES)
