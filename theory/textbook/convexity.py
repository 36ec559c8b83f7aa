"""Convex and Lipschitz functions, and the elementary inequalities that every proof leans on.

References:
    [1] Nesterov (2018). Lectures on convex optimization, 2nd ed. Springer. Chapters 2 and 3.
    [2] Boyd, Vandenberghe (2004). Convex optimization. Cambridge. Section 3.1.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..claim import Claim, Hypothesis, Source, Symbol
from ..family import Family, Number
from ..mutation import Damage
from .words import BENT_ANY, CONVEX, FLATTEST, STEEPEST, WEIGHT, bent, curvatures

OTHER = Number("v", 1e-2, 1e2, "signed log")
G = Symbol("G", "Lipschitz constant", "G > 0", "loss/w")
SHARE = Symbol("t", "share of the first point", "0 <= t <= 1", "1")
MIXED = Symbol("mixed", "loss at the mean point", "", "loss", measured=True)
CHORD = Symbol("chord", "mean loss of the points", "", "loss", measured=True)


def _between(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    f = bent(x, m)
    mean = x.t * x.w + (1 - x.t) * x.v
    chord = x.t * f.value((x.w,)) + (1 - x.t) * f.value((x.v,))
    (g,) = f.gradient((x.w,))
    tangent = f.value((x.w,)) + g * (x.v - x.w)
    return {**curvatures(x, m), "mixed": f.value((mean,)), "chord": chord, "tangent": tangent, "there": f.value((x.v,))}


TWO = Family("two points of a bent loss", (*BENT_ANY, Number("t", 0, 1, "linear"), WEIGHT, OTHER), _between)


def _softplus(w: Any, m: Arithmetic) -> Any:
    return m.maximum(w, 0 * w) + m.log1p(m.exp(-m.abs(w)))


def _logistic(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """(G/s) log(1 + exp(s w)): slope below G, curvature at most G s/4."""
    value = [x.G / x.s * _softplus(x.s * w, m) for w in (x.w, x.v)]
    slope = [x.G * (1 + m.tanh(x.s * w / 2)) / 2 for w in (x.w, x.v)]
    return {"change": m.abs(value[0] - value[1]), "turn": m.abs(slope[0] - slope[1]), "distance": m.abs(x.w - x.v)}


LOGISTIC = Family(
    "logistic losses",
    (Number("G", 1e-2, 1e2), Number("s", 1e-1, 1e1), Number("w", 1e-2, 1e1, "signed log"), Number("v", 1e-2, 1e1)),
    _logistic,
)
S = Symbol("s", "how sharply it bends", "s > 0", "1/w")
CHANGE = Symbol("change", "change of the loss", "", "loss", measured=True)
TURN = Symbol("turn", "change of the slope", "", "loss/w", measured=True)
DISTANCE = Symbol("distance", "between two points", "", "w", measured=True)

jensen = Claim(
    "textbook.jensen",
    "Jensen's inequality for two points",
    Source("textbook", "Boyd, Vandenberghe (2004), Section 3.1"),
    r"If $f$ is convex and $0 \le t \le 1$, then $f(tw + (1-t)v) \le t f(w) + (1-t) f(v)$.",
    (STEEPEST, FLATTEST, SHARE, MIXED, CHORD, Symbol("tangent", "", measured=True), Symbol("there", "", measured=True)),
    (CONVEX,),
    "mixed <= chord",
    (TWO,),
)
above_tangent = Claim(
    "textbook.above-tangent",
    "A convex function lies above its tangents",
    Source("textbook", "Boyd, Vandenberghe (2004), Section 3.1.3"),
    r"If $f$ is convex, then $f(v) \ge f(w) + \nabla f(w)^T(v-w)$.",
    (
        STEEPEST, FLATTEST, MIXED, CHORD, SHARE, Symbol("tangent", "tangent's height", "", "loss", measured=True),
        Symbol("there", "loss at the other point", "", "loss", measured=True),
    ),
    (CONVEX,),
    "there >= tangent",
    (TWO,),
)  # fmt: skip
lipschitz = Claim(
    "textbook.lipschitz-logistic",
    "The logistic loss is Lipschitz with its largest slope",
    Source("textbook", "Boyd, Vandenberghe (2004), Section 3.1.5"),
    r"For $f(w) = \frac{G}{s}\log(1+e^{sw})$: $|f(w)-f(v)| \le G|w-v|$.",
    (G, S, CHANGE, TURN, DISTANCE),
    (),
    "change <= G*distance",
    (LOGISTIC,),
)
logistic_smooth = Claim(
    "textbook.smooth-logistic",
    "The logistic loss is smooth with a quarter of its scale",
    Source("textbook", "Boyd, Vandenberghe (2004), Section 3.1.5"),
    r"For $f(w) = \frac{G}{s}\log(1+e^{sw})$: $|f'(w)-f'(v)| \le \frac{Gs}{4}|w-v|$.",
    (G, S, CHANGE, TURN, DISTANCE),
    (),
    "turn <= G*s/4*distance",
    (LOGISTIC,),
)
young = Claim(
    "textbook.young",
    "Young's inequality",
    Source("textbook", "Boyd, Vandenberghe (2004), Section 3.1.9"),
    r"For $c > 0$: $ab \le \frac{a^2}{2c} + \frac{c\,b^2}{2}$.",
    (Symbol("a", "a number"), Symbol("b", "a number"), Symbol("c", "a weight", "c != 0")),
    (Hypothesis("positive weight", "c is positive", "c > 0"),),
    "a*b <= a**2/(2*c) + c*b**2/2",
    (
        Family(
            "numbers",
            (Number("a", 1e-3, 1e3, "signed log"), Number("b", 1e-3, 1e3, "signed log"),
             Number("c", 1e-3, 1e3, "signed log")),
            lambda x, m: {},
        ),
    ),
)  # fmt: skip
PLANE = tuple(Number(n, 1e-2, 1e2, "signed log") for n in ("a", "b", "c", "d"))
triangle = Claim(
    "textbook.triangle",
    "The triangle inequality in the plane",
    Source("textbook", "Boyd, Vandenberghe (2004), Section A.1.2"),
    r"$\|u+v\| \le \|u\| + \|v\|$.",
    (
        Symbol("first", "length of u", "", "w", r"\|u\|", measured=True),
        Symbol("second", "length of v", "", "w", r"\|v\|", measured=True),
        Symbol("total", "length of u + v", "", "w", r"\|u+v\|", measured=True),
    ),
    (),
    "total <= first + second",
    (
        Family(
            "vectors in the plane",
            PLANE,
            lambda x, m: {
                "first": m.norm(x.a, x.b), "second": m.norm(x.c, x.d), "total": m.norm(x.a + x.c, x.b + x.d),
            },
        ),
    ),
)  # fmt: skip

CLAIMS = (jensen, above_tangent, lipschitz, logistic_smooth, young, triangle)
DAMAGES = {
    "textbook.jensen": (
        Damage("sign", "conclusion", "<=", ">=", "f = w²/2 at w = 1, v = -1, t = 1/2: 0 against 1/2"),
        Damage("strictness", "conclusion", "<=", "<", "t = 0: equality"),
        Damage("constant", "conclusion", "chord", "chord/2", "t = 0: f(v) against f(v)/2"),
        Damage("dropped hypothesis", "convex", "", "", "f = -w²/2 at w = 1, v = -1, t = 1/2: 0 against -1/2"),
    ),
    "textbook.above-tangent": (
        Damage("sign", "conclusion", ">=", "<=", "f = w²/2 at w = 1, v = -1: 1/2 against -3/2"),
        Damage("strictness", "conclusion", ">=", ">", "v = w: equality"),
        Damage("dropped hypothesis", "convex", "", "", "f = -w²/2 at w = 1, v = -1: -1/2 against 3/2"),
    ),
    "textbook.lipschitz-logistic": (
        Damage("constant", "conclusion", "G*", "G/2*", "far to the right the slope is near G"),
        Damage("power", "conclusion", "G*", "G**2*", "G = 1/100 far to the right"),
        Damage("power", "conclusion", "*distance", "*distance**2", "two near points far to the right"),
        Damage("sign", "conclusion", "<=", ">=", "at w = -1, v = 1 the slope is below G"),
        Damage("strictness", "conclusion", "<=", "<", "v = w: equality"),
    ),
    "textbook.smooth-logistic": (
        Damage("constant", "conclusion", "/4", "/4.01", "near 0 the curvature is G s/4"),
        Damage("constant", "conclusion", "/4", "/8", "near 0 the curvature is G s/4"),
        Damage("power", "conclusion", "G*s/4", "G*s**2/4", "s = 1/10, near 0"),
        Damage("strictness", "conclusion", "<=", "<", "v = w: equality"),
    ),
    "textbook.young": (
        Damage("constant", "conclusion", "c*b**2/2", "c*b**2/2.01", "a = b = c = 1: equality before"),
        Damage("constant", "conclusion", "c*b**2/2", "c*b**2/4", "a = b = c = 1: 1 against 3/4"),
        Damage("power", "conclusion", "c*b**2/2", "c**2*b**2/2", "c = 1/2, a = 1/2, b = 1: 1/2 against 1/4 + 1/8"),
        Damage("sign", "conclusion", "+ c", "- c", "a = b = c = 1: 1 against 0"),
        Damage("strictness", "conclusion", "<=", "<", "a = b = c = 1: equality"),
        Damage("dropped hypothesis", "positive weight", "", "", "c = -1, a = b = 1: 1 against -1"),
    ),
    "textbook.triangle": (
        Damage("constant", "conclusion", "+ second", "+ second/2", "u = v"),
        Damage("sign", "conclusion", "+ second", "- second", "u = v"),
        Damage("strictness", "conclusion", "<=", "<", "u = v = (3, 4)"),
        Damage("power", "conclusion", "+ second", "+ second**2", "u = v, short"),
    ),
}
