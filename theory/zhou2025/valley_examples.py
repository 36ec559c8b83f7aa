r"""Two named valleys (Zhou et al. 2025, Example C.1 and Remark C.1).

Problem and assumptions: Example C.1, L'' = a - |z|/eps for |z| < a eps and 0 beyond, within [-2b, 2b]; Remark C.1,
L = 1 - cos(pi w/(2b)).

Algorithm: full-batch SAM, as in Proposition 4.1.

Statements as printed: in Example C.1 L' = z (a - |z|/(2 eps)) for |z| < a eps and a eps/2 beyond, so that the bounds
of Proposition 4.1 are eta <= 2b/(eps a) and rho <= min{1/a, 2}. In Remark C.1 the valley [-2b, 2b] is sub-quadratic,
others lie beside it, and by Proposition 4.1 SAM does not enter them.

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training. Appendix
    C.2.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.interval import proved_over
from ..claim import Claim, Hypothesis, Repair, Source, Symbol
from ..family import Family, Number

CURVATURE, STEP = "loss/w**2", "w**2/loss"
SOURCE_C1 = Source("zhou2025", "Example C.1", "Appendix C.2")
STATEMENT_C1 = (
    r"Let $L''(z) = a - |z|/\epsilon$ for $|z| < a\epsilon$, else $0$. Then $L'(z) = z(a - \frac{|z|}{2\epsilon})$ "
    r"for $|z| < a\epsilon$, else $\frac{a\epsilon}{2}$; $\eta \leq \min_{|z|\leq 2b} b/|L'(z)| = \frac{2b}{\epsilon "
    r"a}$, $\rho \leq \min\{\frac1a, \min_{|z|\leq b}|L'(2z)/L'(z)|\} = \min\{\frac1a, 2\}$."
)


def _slope(z: Any, a: Any, eps: Any, m: Arithmetic) -> Any:
    """The integral of the printed L'' from 0 to z >= 0."""
    inner = m.minimum(z, a * eps)
    return inner * (a - inner / (2 * eps))


def _example(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    z = x.share * x.a * x.eps
    largest = _slope(2 * x.b, x.a, x.eps, m)
    # the ratio falls from 2 at z -> 0 to its smallest value where L' reaches the plateau
    corner = m.minimum(x.a * x.eps, x.b)
    return {
        "near": _slope(z, x.a, x.eps, m), "z": z, "far": _slope(2 * x.b, x.a, x.eps, m), "eta_bound": x.b / largest,
        "ratio": _slope(2 * corner, x.a, x.eps, m) / _slope(corner, x.a, x.eps, m),
    }  # fmt: skip


SYMBOLS_C1 = (
    Symbol("a", "curvature at the minimum", "a > 0", CURVATURE),
    Symbol("b", "half of the valley's half-width", "b > 0", "w"),
    Symbol("eps", "how sub-quadratic: L'' falls by 1/eps per length", "eps > 0", "w**3/loss", r"\epsilon"),
    Symbol("z", "a place on the slope", "", "w", measured=True),
    Symbol("near", "L'(z) there, integrated from L''", "", "loss/w", measured=True),
    Symbol("far", "L' on the plateau, integrated from L''", "", "loss/w", measured=True),
    Symbol("eta_bound", "min of b/|L'| over the valley", "", STEP, measured=True),
    Symbol("ratio", "min of |L'(2z)/L'(z)| over |z| <= b", "", "1", measured=True),
)
PLATEAU = Hypothesis("plateau", "eps is small: the plateau begins within b", "a*eps < b")
FAMILY_C1 = Family(
    "the printed L'', integrated",
    (Number("a", 1e-1, 1e1), Number("b", 1e-1, 1e1), Number("eps", 1e-3, 1e0), Number("share", 0, 1, "linear")),
    _example,
)
EXAMPLE = Claim(
    id="zhou2025.ex-c.1",
    title="The slope of the highly sub-quadratic example, and the step size that it allows",
    source=SOURCE_C1,
    statement=STATEMENT_C1,
    symbols=SYMBOLS_C1,
    hypotheses=(PLATEAU,),
    conclusion="near == z*(a - z/(2*eps)); far == a*eps/2; eta_bound == 2*b/(eps*a)",
    families=(FAMILY_C1,),
    repairs=(
        Repair(
            "a squared", "misprint", "The plateau is at sign(z) a² eps/2, and the bound on eta 2b/(a² eps).",
            conclusion="near == z*(a - z/(2*eps)); far == a**2*eps/2; eta_bound == 2*b/(eps*a**2)",
            because="the first branch printed for L' has the value a² eps/2 where the second begins, and L' is "
            "continuous",
            latex=r"L'(z) = \mathrm{sign}(z)\frac{a^2\epsilon}{2},\quad \eta \leq \frac{2b}{a^2\epsilon}",
        ),
    ),
    reading="For z > 0; the printed second branch also lacks the sign of z.",
)  # fmt: skip
RATIO = Claim(
    id="zhou2025.ex-c.1:ratio",
    title="The smallest ratio L'(2z)/L'(z) of the example is 2",
    source=SOURCE_C1,
    statement=STATEMENT_C1,
    symbols=SYMBOLS_C1,
    hypotheses=(PLATEAU,),
    conclusion="ratio == 2",
    families=(FAMILY_C1,),
    repairs=(
        Repair(
            "one", "correction", "2 is the limit for z -> 0; the smallest ratio is 1, on the plateau.",
            conclusion="ratio == 1", latex=r"\rho \leq \min\{\tfrac1a, \eta\}",
        ),
    ),
    reading="The minimum in the printed bound on rho (which also lacks the factor eta of Proposition 4.1).",
)  # fmt: skip

SOURCE_REMARK = Source("zhou2025", "Remark C.1", "Appendix C.2")
STATEMENT_REMARK = (
    r"$L(\theta) = 1 - \cos(\frac{\pi\theta}{2b})$ satisfies the sub-quadratic property within $V = [-2b, 2b]$ and "
    r"has infinitely many valleys $[2(2k-1)b, 2(2k+1)b]$. By Proposition 4.1 SAM remains in $V$ and cannot enter "
    r"other valleys."
)


def _cosine(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """A run in units of b; `wave` is pi/2, `amplitude` the largest slope."""
    wave = 2 * m.arctan(1 + 0 * x.b)

    def slope(w: Any) -> Any:
        return wave / x.b * m.sin(wave * w / x.b)

    w = x.place * x.b
    farthest = m.abs(w)
    for _ in range(x.T):
        w = w - x.eta * slope(w + x.rho * slope(w))
        farthest = m.maximum(farthest, m.abs(w))
    return {
        "farthest": farthest, "slope_max": wave / x.b, "a": (wave / x.b) ** 2,
        # |sin(2y)/sin(y)| = 2 |cos y| tends to 0 as |z| -> b, y -> pi/2
        "ratio_min": 0 * x.b,
    }  # fmt: skip


SYMBOLS_REMARK = (
    Symbol("b", "half of the valley's half-width", "b > 0"),
    Symbol("eta", "step size", "eta > 0", latex=r"\eta"),
    Symbol("rho", "ascent step", "rho > 0", latex=r"\rho"),
    Symbol("place", "start in units of b", "-1 < place < 1"),
    Symbol("a", "curvature at the minimum", measured=True),
    Symbol("slope_max", "largest |L'|", measured=True),
    Symbol("farthest", "largest |w^t| of the run", measured=True),
)
STEP_SIZE = Hypothesis("step size", "eta |L'| < b", "eta*slope_max < b")
ASCENT = Hypothesis("ascent step", "rho at most 1/a and eta", "rho*a <= 1; rho <= eta")
REMARK_FAMILY = Family(
    "runs in the cosine's valley",
    (
        Number("b", 1e-1, 1e1), Number("eta", 1e-3, 1e2), Number("rho", 1e-3, 1e2), Number("place", -1, 1, "linear"),
    ),
    _cosine, ({"T": 1}, {"T": 8}),
)  # fmt: skip
REMARK = Claim(
    id="zhou2025.rem-c.1",
    title="SAM stays in one valley of 1 - cos",
    source=SOURCE_REMARK,
    statement=STATEMENT_REMARK,
    symbols=SYMBOLS_REMARK,
    hypotheses=(STEP_SIZE, ASCENT),
    conclusion="farthest <= 2*b",
    families=(REMARK_FAMILY,),
    checks=(
        proved_over(
            "sin(pi*y/2) > 0", {"y": ("1/1000", "1999/1000")},
            "y = z/b: z L' > 0, and L'' falls, its derivative being -(pi/2b)³ sin(pi y/2)", "sub-quadratic",
        ),
    ),
    reading="With the bounds on eta and on rho of Proposition 4.1, without the one on the ratio.",
)  # fmt: skip
BY_PROPOSITION = Claim(
    id="zhou2025.rem-c.1:by-proposition",
    title="The same under all conditions of Proposition 4.1",
    source=SOURCE_REMARK,
    statement=STATEMENT_REMARK,
    symbols=(*SYMBOLS_REMARK, Symbol("ratio_min", "inf of |L'(2z)/L'(z)| over 0 < |z| < b", "", "")),
    hypotheses=(
        STEP_SIZE, ASCENT,
        Hypothesis(
            "ratio", "rho is at most eta times the ratio 2 cos(pi z/2b), whose infimum over 0 < |z| < b is 0",
            "rho <= eta*ratio_min; ratio_min == 0",
        ),
    ),
    conclusion="farthest <= 2*b",
    reading="Proposition 4.1 applied as it stands, with rho > 0.",
    notes="On this landscape the third bound on rho of Proposition 4.1 is 0, so that it admits gradient descent alone.",
)  # fmt: skip
CLAIMS = (EXAMPLE, RATIO, REMARK, BY_PROPOSITION)
