"""Smooth functions: the descent lemma, what one gradient step gains, and how gradient and loss bound each other.

References:
    [1] Nesterov (2018). Lectures on convex optimization, 2nd ed. Springer. Lemma 1.2.3, Theorems 2.1.5, 2.1.12.
    [2] Karimi, Nutini, Schmidt (2016). Linear convergence of gradient and proximal-gradient methods under the
    Polyak-Lojasiewicz condition. ECML-PKDD.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..claim import Claim, Hypothesis, Source, Symbol
from ..family import Family, Number
from ..mutation import Damage
from ..stepping import gd
from .words import (
    BENT,
    BENT_ANY,
    CONVEX,
    CONVEXITY,
    ETA,
    FLATTEST,
    MU,
    SMOOTH,
    SMOOTHNESS,
    STEEPEST,
    STEPS,
    STRONGLY_CONVEX,
    WEIGHT,
    L,
    bent,
    curvatures,
)  # fmt: skip

BEFORE = Symbol("before", "loss before the step", "", "loss", measured=True)
AFTER = Symbol("after", "loss after the step", "", "loss", measured=True)
SQUARE = Symbol("square", "squared length of the gradient", "", "loss**2/w**2", r"\|g\|^2", measured=True)
OTHER = Number("v", 1e-2, 1e2, "signed log")


def _two_points(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    f = bent(x, m)
    (g,), (h,) = f.gradient((x.w,)), f.gradient((x.v,))
    return {
        **curvatures(x, m), "before": f.value((x.w,)), "after": f.value((x.v,)), "distance": m.abs(x.v - x.w),
        "slope": g * (x.v - x.w), "agreement": (h - g) * (x.v - x.w), "change": m.abs(h - g),
    }  # fmt: skip


def _one_step(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    f = bent(x, m)
    (g,) = f.gradient((x.w,))
    return {
        **curvatures(x, m), "before": f.value((x.w,)), "after": f.value(gd((x.w,), f.gradient, x.eta)), "square": g * g,
    }  # fmt: skip


PAIR = (
    Symbol("distance", "between two points", "", "w", r"\|v - w\|", measured=True),
    Symbol("slope", "gradient at w times v - w", "", "loss", measured=True),
    Symbol("agreement", "change of the gradient times v - w", "", "loss", measured=True),
    Symbol("change", "length of the change of the gradient", "", "loss/w", measured=True),
)
ANY_PAIR = Family("two points of a bent loss", (SMOOTHNESS, *BENT_ANY, WEIGHT, OTHER), _two_points)
CONVEX_PAIR = Family("two points of a convex bent loss", (SMOOTHNESS, CONVEXITY, *BENT, WEIGHT, OTHER), _two_points)
ANY_STEP = Family("a step on a bent loss", (STEPS, SMOOTHNESS, *BENT_ANY, WEIGHT), _one_step)
CONVEX_STEP = Family("a step on a convex bent loss", (STEPS, SMOOTHNESS, CONVEXITY, *BENT, WEIGHT), _one_step)

descent_lemma = Claim(
    "textbook.descent-lemma",
    "A smooth function lies below a parabola",
    Source("textbook", "Nesterov (2018), Lemma 1.2.3"),
    r"If $f$ is $L$-smooth, then $f(v) \le f(w) + \nabla f(w)^T (v-w) + \frac{L}{2}\|v-w\|^2$.",
    (L, STEEPEST, FLATTEST, BEFORE, AFTER, *PAIR),
    (SMOOTH,),
    "after <= before + slope + L*distance**2/2",
    (ANY_PAIR,),
)
two_sided = Claim(
    "textbook.lipschitz-gradient",
    "The gradient of a smooth function is Lipschitz",
    Source("textbook", "Nesterov (2018), Lemma 1.2.2"),
    r"If all curvatures are at most $L$ in size, then $\|\nabla f(v) - \nabla f(w)\| \le L\|v - w\|$.",
    (L, STEEPEST, FLATTEST, BEFORE, AFTER, *PAIR),
    (SMOOTH,),
    "change <= L*distance",
    (ANY_PAIR,),
)
cocoercivity = Claim(
    "textbook.co-coercivity",
    "The gradient of a smooth convex function is co-coercive",
    Source("textbook", "Nesterov (2018), Theorem 2.1.5"),
    r"If $f$ is convex and $L$-smooth, $(\nabla f(v)-\nabla f(w))^T(v-w) \ge \|\nabla f(v)-\nabla f(w)\|^2/L$.",
    (L, STEEPEST, FLATTEST, BEFORE, AFTER, *PAIR),
    (SMOOTH, CONVEX),
    "agreement >= change**2/L",
    (ANY_PAIR,),
)
interpolation = Claim(
    "textbook.strong-monotonicity",
    "Co-coercivity of smooth strongly convex functions",
    Source("textbook", "Nesterov (2018), Theorem 2.1.12"),
    r"$(\nabla f(v)-\nabla f(w))^T(v-w) \ge \frac{\mu L}{\mu+L}\|v-w\|^2"
    r" + \frac{1}{\mu+L}\|\nabla f(v)-\nabla f(w)\|^2$.",
    (L, MU, STEEPEST, FLATTEST, BEFORE, AFTER, *PAIR),
    (SMOOTH, STRONGLY_CONVEX),
    "agreement >= mu*L/(mu + L)*distance**2 + change**2/(mu + L)",
    (CONVEX_PAIR,),
)
one_step_gain = Claim(
    "textbook.one-step-gain",
    "What a gradient step gains",
    Source("textbook", "Nesterov (2018), Eq. 1.2.20"),
    r"If $f$ is $L$-smooth, then $f(w - \eta g) \le f(w) - \eta(1 - \eta L/2)\|g\|^2$.",
    (ETA, L, STEEPEST, FLATTEST, BEFORE, AFTER, SQUARE),
    (SMOOTH,),
    "after <= before - eta*(1 - eta*L/2)*square",
    (ANY_STEP,),
)
gd_decreases = Claim(
    "textbook.gd-decreases",
    "Gradient descent does not raise the loss for step sizes up to 2/L",
    Source("textbook", "Nesterov (2018), Section 1.2.3"),
    r"If $f$ is $L$-smooth and $\eta \le 2/L$, then $f(w - \eta\nabla f(w)) \le f(w)$.",
    (ETA, L, STEEPEST, FLATTEST, BEFORE, AFTER, SQUARE),
    (SMOOTH, Hypothesis("step size", "eta is at most 2/L", "eta*L <= 2")),
    "after <= before",
    (ANY_STEP,),
)
gradient_from_loss = Claim(
    "textbook.gradient-from-loss",
    "The loss bounds the gradient of a smooth function",
    Source("textbook", "Nesterov (2018), Theorem 2.1.5"),
    r"If $f$ is $L$-smooth with minimum 0, then $\|\nabla f(w)\|^2 \le 2L f(w)$.",
    (L, STEEPEST, FLATTEST, BEFORE, AFTER, SQUARE, ETA),
    (SMOOTH, CONVEX),
    "square <= 2*L*before",
    (ANY_STEP,),
)
loss_from_gradient = Claim(
    "textbook.gradient-dominance",
    "Strong convexity implies the Polyak-Lojasiewicz inequality",
    Source("textbook", "Karimi, Nutini, Schmidt (2016), Theorem 2"),
    r"If $f$ is $\mu$-strongly convex with minimum 0, then $f(w) \le \|\nabla f(w)\|^2/(2\mu)$.",
    (MU, L, STEEPEST, FLATTEST, BEFORE, AFTER, SQUARE, ETA),
    (STRONGLY_CONVEX,),
    "before <= square/(2*mu)",
    (CONVEX_STEP,),
)

CLAIMS = (
    descent_lemma, two_sided, cocoercivity, interpolation, one_step_gain, gd_decreases, gradient_from_loss,
    loss_from_gradient,
)  # fmt: skip
PARABOLA = "f = h w²/2 with h = L"
DAMAGES = {
    "textbook.descent-lemma": (
        Damage("constant", "conclusion", "distance**2/2", "distance**2/2.01", f"{PARABOLA}: equality before"),
        Damage("constant", "conclusion", "L*distance**2/2", "L*distance**2/4", f"{PARABOLA}: equality before"),
        Damage("power", "conclusion", "distance**2", "distance**3", f"{PARABOLA}, distance < 1"),
        Damage("sign", "conclusion", "+ slope", "- slope", f"{PARABOLA}, w = 1, v = 2: 2 against 1/2 - 1 + 1/2"),
        Damage("strictness", "conclusion", "<=", "<", f"{PARABOLA}: equality"),
        Damage("dropped hypothesis", "smooth", "", "", "f = h w²/2 with h > L"),
    ),
    "textbook.lipschitz-gradient": (
        Damage("constant", "conclusion", "L*distance", "L*distance/2", f"{PARABOLA}: equality before"),
        Damage("power", "conclusion", "L*distance", "L**2*distance", f"{PARABOLA}, L < 1"),
        Damage("strictness", "conclusion", "<=", "<", f"{PARABOLA}: equality"),
        Damage("dropped hypothesis", "smooth", "", "", "f = h w²/2 with h > L"),
    ),
    "textbook.co-coercivity": (
        Damage("constant", "conclusion", "change**2/L", "1.01*change**2/L", f"{PARABOLA}: equality before"),
        Damage("constant", "conclusion", "change**2/L", "2*change**2/L", f"{PARABOLA}: equality before"),
        Damage("power", "conclusion", "/L", "/L**2", f"{PARABOLA}, L < 1"),
        Damage("sign", "conclusion", ">=", "<=", "f = h w²/2 with 0 < h < L: h d² against h² d²/L"),
        Damage("strictness", "conclusion", ">=", ">", f"{PARABOLA}: equality"),
        Damage("dropped hypothesis", "convex", "", "", "f = -L w²/2: the left side is negative"),
        Damage("dropped hypothesis", "smooth", "", "", "f = h w²/2 with h > L"),
    ),
    "textbook.strong-monotonicity": (
        Damage("constant", "conclusion", "mu*L/", "1.01*mu*L/", "f = h w²/2 with h = mu: equality before"),
        Damage("constant", "conclusion", "mu*L/", "2*mu*L/", "f = h w²/2 with h = mu or h = L: equality before"),
        Damage("constant", "conclusion", "+ change**2/(mu + L)", "+ 2*change**2/(mu + L)", "the same"),
        Damage("power", "conclusion", "mu*L/", "mu*L**2/", "the same, L > 1"),
        Damage("sign", "conclusion", ">=", "<=", "f = h w²/2 with mu < h < L: (h - mu)(h - L) < 0"),
        Damage("strictness", "conclusion", ">=", ">", "f = h w²/2 with h = L: equality"),
        Damage("dropped hypothesis", "strongly convex", "", "", "f = h w²/2 with 0 < h < mu < L"),
        Damage("dropped hypothesis", "smooth", "", "", "f = h w²/2 with h > L > mu"),
    ),
    "textbook.one-step-gain": (
        Damage("constant", "conclusion", "eta*L/2", "eta*L/4", f"{PARABOLA}: equality before"),
        Damage("constant", "conclusion", "- eta*(", "- 2*eta*(", f"{PARABOLA}, eta L < 2: equality before"),
        Damage("power", "conclusion", "eta*L/2", "eta**2*L/2", f"{PARABOLA}, eta < 1: equality before"),
        Damage("sign", "conclusion", "1 - eta", "1 + eta", f"{PARABOLA}: equality before"),
        Damage("strictness", "conclusion", "<=", "<", f"{PARABOLA}: equality"),
        Damage("dropped hypothesis", "smooth", "", "", "f = h w²/2 with h > L"),
    ),
    "textbook.gd-decreases": (
        Damage("constant", "step size", "<= 2", "<= 3", f"{PARABOLA}, eta L = 3: four times the loss"),
        Damage("constant", "step size", "<= 2", "<= 2.1", f"{PARABOLA}, eta L = 2.1: 1.21 times the loss"),
        Damage("power", "step size", "eta*L", "eta*L**2", "f = h w²/2 with h = L = 0.1, eta = 200"),
        Damage("sign", "conclusion", "<=", ">=", f"{PARABOLA}, eta L = 1: the minimum"),
        Damage("strictness", "conclusion", "<=", "<", f"{PARABOLA}, eta L = 2: the mirrored point"),
        Damage("dropped hypothesis", "step size", "", "", f"{PARABOLA}, eta L = 3"),
        Damage("dropped hypothesis", "smooth", "", "", "f = h w²/2 with h > 2/eta > L"),
    ),
    "textbook.gradient-from-loss": (
        Damage("constant", "conclusion", "2*L", "L", f"{PARABOLA}: equality before"),
        Damage("power", "conclusion", "2*L", "2*L**2", f"{PARABOLA}, L < 1"),
        Damage("strictness", "conclusion", "<=", "<", f"{PARABOLA}: equality"),
        Damage("dropped hypothesis", "smooth", "", "", "f = h w²/2 with h > L"),
        Damage("dropped hypothesis", "convex", "", "", "f = -L w²/2: the right side is negative"),
    ),
    "textbook.gradient-dominance": (
        Damage("constant", "conclusion", "2*mu", "4*mu", "f = mu w²/2: equality before"),
        Damage("power", "conclusion", "2*mu", "2*mu**2", "f = mu w²/2 with mu > 1"),
        Damage("strictness", "conclusion", "<=", "<", "f = mu w²/2: equality"),
        Damage("sign", "conclusion", "<=", ">=", "f = h w²/2 with h > mu"),
        Damage("dropped hypothesis", "strongly convex", "", "", "f = h w²/2 with h < mu"),
    ),
}  # fmt: skip
