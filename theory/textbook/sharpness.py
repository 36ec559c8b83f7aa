"""Sharpness-aware minimization where everything is known in closed form: ascent on smooth functions, and quadratics.

References:
    [1] Foret, Kleiner, Mobahi, Neyshabur (2021). Sharpness-aware minimization for efficiently improving generalization.
    [2] Bartlett, Long, Bousquet (2023). The dynamics of sharpness-aware minimization: bouncing across ravines and
    drifting towards wide minima. JMLR. Section 3.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..claim import Claim, Hypothesis, Source, Symbol
from ..family import Family, Number
from ..losses import Quadratic
from ..mutation import Damage
from ..stepping import moved, replay, sam, usam
from .words import (
    BENT_ANY,
    CONVEX,
    ETA,
    FLATTEST,
    RADIUS,
    RHO,
    SMOOTH,
    SMOOTHNESS,
    STEEPEST,
    STEPS,
    WEIGHT,
    L,
    T,
    bent,
    curvatures,
)

H = Symbol("h", "curvature", "h > 0", "loss/w**2")
START = Symbol("start", "distance to the minimum at the start", "", "w", r"\|w_0\|", measured=True)
END = Symbol("end", "distance after T steps", "", "w", r"\|w_T\|", measured=True)
GRADIENT = Symbol("gradient", "length of the gradient", "", "loss/w", r"\|g\|", measured=True)
HERE = Symbol("here", "loss at the iterate", "", "loss", "f(w)", measured=True)
RAISED = Symbol("raised", "loss at the perturbed point", "", "loss", r"f(w_{\rm adv})", measured=True)


def _ascent(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    f = bent(x, m)
    g = f.gradient((x.w,))
    length = m.norm(*g)
    raised = f.value(moved((x.w,), g, x.rho / length))
    return {**curvatures(x, m), "here": f.value((x.w,)), "raised": raised, "gradient": length}


def _usam(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    f, w = Quadratic((x.h,)), (x.w,)
    for _ in range(x.T):
        w = usam(w, f.gradient, x.eta, x.rho)
    return {"start": m.abs(x.w), "end": m.abs(w[0])}


def _usam_again(x: SimpleNamespace) -> dict[str, float]:
    path = replay("usam", lambda w, _: x.h * w[0] ** 2 / 2, (x.w,), x.eta, [(None, None)] * x.T, rho=x.rho)
    return {"start": abs(float(path[0, 0])), "end": abs(float(path[-1, 0]))}


def _sam(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    return {"place": x.w, "next": sam((x.w,), Quadratic((x.h,)).gradient, x.eta, x.rho, m)[0], "size": m.abs(x.w)}


def _sam_again(x: SimpleNamespace) -> dict[str, float]:
    path = replay("sam", lambda w, _: x.h * w[0] ** 2 / 2, (x.w,), x.eta, [(None, None)], rho=x.rho)
    return {"next": float(path[-1, 0])}


RHOS = Number("rho", 1e-3, 1e3)
HS = Number("h", 1e-3, 1e3)
ASCENTS = Family("an ascent on a bent loss", (SMOOTHNESS, RHOS, *BENT_ANY, WEIGHT), _ascent)
QUADRATICS = Family("quadratics", (STEPS, RHOS, HS, WEIGHT), _usam, ({"T": 1}, {"T": 2}, {"T": 5}), _usam_again)
SINGLE = Family("one step on a quadratic", (STEPS, RHOS, HS, WEIGHT), _sam, replay=_sam_again)
PLACE = Symbol("place", "the iterate", "", "w", "w", measured=True)
NEXT = Symbol("next", "the iterate after a step", "", "w", "w^+", measured=True)
SIZE = Symbol("size", "distance from the minimum", "", "w", r"\|w\|", measured=True)

ascent_gain = Claim(
    "textbook.ascent-gain",
    "Ascent on a convex function gains at least the first-order term",
    Source("textbook", "Foret et al. (2021), Eq. 2"),
    r"If $f$ is convex, $f(w + \rho g/\|g\|) \ge f(w) + \rho\|g\|$.",
    (L, RADIUS, STEEPEST, FLATTEST, GRADIENT, HERE, RAISED),
    (CONVEX,),
    "raised >= here + rho*gradient",
    (ASCENTS,),
)
ascent_limit = Claim(
    "textbook.ascent-limit",
    "Ascent on a smooth function gains at most the second-order term more",
    Source("textbook", "Foret et al. (2021), Section 2"),
    r"If $f$ is $L$-smooth, $f(w + \rho g/\|g\|) \le f(w) + \rho\|g\| + L\rho^2/2$.",
    (L, RADIUS, STEEPEST, FLATTEST, GRADIENT, HERE, RAISED),
    (SMOOTH,),
    "raised <= here + rho*gradient + L*rho**2/2",
    (ASCENTS,),
)
usam_factor = Claim(
    "textbook.usam-factor",
    "Unnormalised SAM on a quadratic multiplies by a fixed factor",
    Source("textbook", "Bartlett, Long, Bousquet (2023), Section 3"),
    r"On $h w^2/2$: $|w_T| = |1 - \eta h(1 + \rho h)|^T |w_0|$.",
    (ETA, RHO, H, T, START, END),
    (),
    "end == abs(1 - eta*h*(1 + rho*h))**T*start",
    (QUADRATICS,),
)
usam_stable = Claim(
    "textbook.usam-stable",
    "Unnormalised SAM is stable on a quadratic for eta h (1 + rho h) up to 2",
    Source("textbook", "Bartlett, Long, Bousquet (2023), Section 3"),
    r"On $h w^2/2$ with $\eta h(1+\rho h) \le 2$: $|w_T| \le |w_0|$.",
    (ETA, RHO, H, T, START, END),
    (Hypothesis("step size", "eta h (1 + rho h) is at most 2", "eta*h*(1 + rho*h) <= 2"),),
    "end <= start",
    (QUADRATICS,),
)
two_cycle = Claim(
    "textbook.two-cycle",
    "SAM on a quadratic bounces between two points",
    Source("textbook", "Bartlett, Long, Bousquet (2023), Theorem 1"),
    r"On $h w^2/2$ with $\eta h < 2$: $w^+ = -w$ where $|w| = \eta h\rho/(2 - \eta h)$.",
    (ETA, RADIUS, H, PLACE, NEXT, SIZE),
    (
        Hypothesis("step size", "eta h is below 2", "eta*h < 2"),
        Hypothesis("on the cycle", "w is where the cycle turns", "size*(2 - eta*h) == eta*h*rho"),
    ),
    "next == -place",
    (SINGLE,),
)
overshoot = Claim(
    "textbook.trapped",
    "SAM on a quadratic stays within eta h rho of the minimum once it is there",
    Source("textbook", "Bartlett, Long, Bousquet (2023), Section 3"),
    r"On $h w^2/2$ with $\eta h \le 1$ and $|w| \le \eta h\rho$: $|w^+| \le \eta h\rho$.",
    (ETA, RADIUS, H, PLACE, NEXT, SIZE),
    (
        Hypothesis("step size", "eta h is at most 1", "eta*h <= 1"),
        Hypothesis("near", "w is that near the minimum", "size <= eta*h*rho"),
    ),
    "abs(next) <= eta*h*rho",
    (SINGLE,),
)

CLAIMS = (ascent_gain, ascent_limit, usam_factor, usam_stable, two_cycle, overshoot)
DAMAGES = {
    "textbook.ascent-gain": (
        Damage("constant", "conclusion", "rho*gradient", "2*rho*gradient", "f = h w²/2 and a small rho"),
        Damage("power", "conclusion", "rho*gradient", "rho**2*gradient", "f = h w²/2, w = 100, rho = 10"),
        Damage("sign", "conclusion", ">=", "<=", "f = h w²/2: the gain is larger by h rho²/2"),
        Damage("dropped hypothesis", "convex", "", "", "f = -h w²/2: the gain is smaller by h rho²/2"),
    ),
    "textbook.ascent-limit": (
        Damage("constant", "conclusion", "rho**2/2", "rho**2/2.01", "f = L w²/2: equality before"),
        Damage("constant", "conclusion", "L*rho**2/2", "L*rho**2/4", "f = L w²/2: equality before"),
        Damage("power", "conclusion", "rho**2", "rho**3", "f = L w²/2, rho < 1: equality before"),
        Damage("sign", "conclusion", "+ L", "- L", "f = L w²/2: equality before"),
        Damage("strictness", "conclusion", "<=", "<", "f = L w²/2: equality"),
        Damage("dropped hypothesis", "smooth", "", "", "f = h w²/2 with h > L"),
    ),
    "textbook.usam-factor": (
        Damage("constant", "conclusion", "rho*h", "2*rho*h", "eta = rho = h = 1, T = 1: factor 1 against 2"),
        Damage("sign", "conclusion", "+ rho", "- rho", "eta = rho = h = 1, T = 1: factor 1 against 1 - 0"),
        Damage("power", "conclusion", "**T", "**(2*T)", "eta = 1/10, rho = h = 1: factors 0.8 and 0.64"),
        Damage("power", "conclusion", "rho*h", "rho*h**2", "eta = rho = 1, h = 2: factors 5 and 17"),
    ),
    "textbook.usam-stable": (
        Damage("constant", "step size", "<= 2", "<= 2.001", "eta h (1 + rho h) = 2.001: factor 1.001"),
        Damage("constant", "step size", "<= 2", "<= 3", "eta h (1 + rho h) = 3: factor 2"),
        Damage("sign", "step size", "+ rho", "- rho", "eta = 10, rho = h = 1: factor 19"),
        Damage("power", "step size", "rho*h", "rho*h**2", "h = 1/10, rho = 100, eta = 10: factor 10"),
        Damage("strictness", "conclusion", "<=", "<", "eta h (1 + rho h) = 2: the mirrored point"),
        Damage("dropped hypothesis", "step size", "", "", "eta = rho = 10, h = 1"),
    ),
    "textbook.two-cycle": (
        Damage("constant", "on the cycle", "(2 - eta*h)", "(3 - eta*h)", "a smaller w: w+ lies beyond -w"),
        Damage("sign", "conclusion", "-place", "place", "place is not 0"),
        Damage("power", "on the cycle", "eta*h*rho", "eta*h*rho**2", "rho = 2: a point off the cycle"),
        Damage("dropped hypothesis", "on the cycle", "", "", "eta = h = rho = w = 1: w+ = -1; rho = 2: w+ = -2"),
    ),
    "textbook.trapped": (
        Damage("constant", "conclusion", "eta*h*rho", "eta*h*rho/2", "w near 0: w+ near -eta h rho"),
        Damage("constant", "step size", "<= 1", "<= 3", "eta h = 3, |w| = 3 rho: |w+| = 9 rho"),
        Damage("power", "conclusion", "eta*h*rho", "eta*h*rho**2", "rho = 1/10, w near 0"),
        Damage("strictness", "conclusion", "<=", "<", "eta h = 1: w+ = -rho for every w"),
        Damage("dropped hypothesis", "near", "", "", "eta h = 1/10, w = 100, rho = 1"),
        Damage("dropped hypothesis", "step size", "", "", "eta h = 3, |w| = 3 rho: |w+| = 9 rho"),
    ),
}
