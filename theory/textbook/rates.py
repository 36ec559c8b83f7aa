"""Gradient descent over several steps: rates on strongly convex, dominated and convex functions; momentum.

References:
    [1] Nesterov (2018). Lectures on convex optimization, 2nd ed. Springer. Section 2.1.5.
    [2] Karimi, Nutini, Schmidt (2016). Linear convergence of gradient and proximal-gradient methods under the
    Polyak-Lojasiewicz condition. ECML-PKDD. Theorem 1.
    [3] Drori, Teboulle (2014). Performance of first-order methods for smooth convex minimization. Math. Program.
    [4] Polyak (1964). Some methods of speeding up the convergence of iteration methods.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..claim import Claim, Hypothesis, Source, Symbol
from ..family import Family, Number
from ..mutation import Damage
from ..stepping import gd, replay
from .words import (
    BENT,
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
    T,
    bent,
    curvatures,
)  # fmt: skip

START = Symbol("start", "distance to the minimum at the start", "", "w", r"\|w_0\|", measured=True)
END = Symbol("end", "distance after T steps", "", "w", r"\|w_T\|", measured=True)
BEFORE = Symbol("before", "loss at the start", "", "loss", "f(w_0)", measured=True)
AFTER = Symbol("after", "loss after T steps", "", "loss", "f(w_T)", measured=True)
LEAST = Symbol("least", "smallest squared gradient", "", "loss**2/w**2", r"\min_t \|g_t\|^2", measured=True)
MEASURED = (STEEPEST, FLATTEST, START, END, BEFORE, AFTER, LEAST)


def _run(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    f = bent(x, m)
    w = (x.w,)
    least = f.gradient(w)[0] ** 2
    for _ in range(x.T):
        w = gd(w, f.gradient, x.eta)
        least = m.minimum(least, f.gradient(w)[0] ** 2) if _ + 1 < x.T else least
    return {
        **curvatures(x, m), "start": m.abs(x.w), "end": m.abs(w[0]), "before": f.value((x.w,)), "after": f.value(w),
        "least": least,
    }  # fmt: skip


def _run_again(x: SimpleNamespace) -> dict[str, float]:
    import jax.numpy as jnp

    def loss(w: Any, _: Any) -> Any:
        size = jnp.abs(w[0])
        core = jnp.minimum(size, x.bend)
        return x.inside * core * (size - core / 2) + x.outside * (size - core) ** 2 / 2

    path = replay("gd", loss, (x.w,), x.eta, [(None, None)] * x.T)
    return {"end": abs(float(path[-1, 0])), "after": float(loss(path[-1], None))}


CASES = ({"T": 1}, {"T": 2}, {"T": 5})
NUMBERS = (STEPS, SMOOTHNESS, CONVEXITY, *BENT, WEIGHT)
RUNS = Family("gradient descent on a convex bent loss", NUMBERS, _run, CASES, _run_again)

distance_rate = Claim(
    "textbook.distance-rate",
    "Linear rate of gradient descent in distance",
    Source("textbook", "Nesterov (2018), Theorem 2.1.15"),
    r"If $f$ is $\mu$-strongly convex and $L$-smooth and $\eta \le 2/(\mu+L)$, $\|w_T\| \le (1-\eta\mu)^T\|w_0\|$.",
    (ETA, L, MU, T, *MEASURED),
    (SMOOTH, STRONGLY_CONVEX, Hypothesis("step size", "eta is at most 2/(mu + L)", "eta*(mu + L) <= 2")),
    "end <= (1 - eta*mu)**T*start",
    (RUNS,),
)
contraction = Claim(
    "textbook.contraction",
    "One step contracts by the worse end of the spectrum",
    Source("textbook", "Nesterov (2018), Section 2.1.5"),
    r"$\|w_T\| \le \max(|1-\eta\mu|, |1-\eta L|)^T\|w_0\|$ for every $\eta > 0$.",
    (ETA, L, MU, T, *MEASURED),
    (SMOOTH, STRONGLY_CONVEX),
    "end <= max(abs(1 - eta*mu), abs(1 - eta*L))**T*start",
    (RUNS,),
)
dominated_rate = Claim(
    "textbook.dominated-rate",
    "Linear rate of gradient descent under gradient dominance",
    Source("textbook", "Karimi, Nutini, Schmidt (2016), Theorem 1"),
    r"If $f$ is $L$-smooth and $\mu$-dominated and $\eta \le 1/L$, then $f(w_T) \le (1-\eta\mu)^T f(w_0)$.",
    (ETA, L, MU, T, *MEASURED),
    (SMOOTH, STRONGLY_CONVEX, Hypothesis("step size", "eta is at most 1/L", "eta*L <= 1")),
    "after <= (1 - eta*mu)**T*before",
    (RUNS,),
)
convex_rate = Claim(
    "textbook.convex-rate",
    "Sublinear rate of gradient descent on convex functions",
    Source("textbook", "Drori, Teboulle (2014), Theorem 3.1"),
    r"If $f$ is convex and $L$-smooth, then with $\eta = 1/L$ $f(w_T) \le \frac{L\|w_0\|^2}{4T+2}$.",
    (ETA, L, T, MU, *MEASURED),
    (SMOOTH, CONVEX, Hypothesis("step size", "eta is 1/L", "eta*L == 1")),
    "after <= L*start**2/(4*T + 2)",
    (RUNS,),
)
smallest_gradient = Claim(
    "textbook.smallest-gradient",
    "The smallest gradient of a run",
    Source("textbook", "Nesterov (2018), Eq. 1.2.22"),
    r"If $f$ is $L$-smooth with minimum 0 and $\eta \le 1/L$, then $\min_{t<T}\|g_t\|^2 \le 2 f(w_0)/(\eta T)$.",
    (ETA, L, T, MU, *MEASURED),
    (SMOOTH, CONVEX, Hypothesis("step size", "eta is at most 1/L", "eta*L <= 1")),
    "least <= 2*before/(eta*T)",
    (RUNS,),
)


def _spectral_radius(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    trace = 1 + x.beta - x.eta * x.h
    root = m.sqrt(m.maximum(trace**2 - 4 * x.beta, 0 * x.beta))
    return {"radius": m.maximum(m.sqrt(x.beta), (m.abs(trace) + root) / 2)}


heavy_ball = Claim(
    "textbook.heavy-ball",
    "Heavy-ball momentum is stable for step sizes up to 2(1 + beta)/h",
    Source("textbook", "Polyak (1964), Section 3"),
    r"On $h w^2/2$ the spectral radius of heavy ball is at most 1 if $\eta h \le 2(1+\beta)$.",
    (
        ETA, Symbol("h", "curvature", "h > 0", "loss/w**2"), Symbol("beta", "momentum", "0 <= beta", "1", r"\beta"),
        Symbol("radius", "spectral radius of a step", "", "1", r"\varrho", measured=True),
    ),
    (
        Hypothesis("step size", "eta h is at most 2(1 + beta)", "eta*h <= 2*(1 + beta)"),
        Hypothesis("momentum", "beta is below 1", "beta < 1"),
    ),
    "radius <= 1",
    (
        Family(
            "quadratics",
            (STEPS, Number("h", 1e-3, 1e3), Number("beta", 0, 2, "linear")),
            _spectral_radius,
        ),
    ),
)  # fmt: skip

CLAIMS = (distance_rate, contraction, dominated_rate, convex_rate, smallest_gradient, heavy_ball)
FLAT, STEEP = "f = mu w²/2", "f = L w²/2"
DAMAGES = {
    "textbook.distance-rate": (
        Damage("constant", "step size", "<= 2", "<= 2.01", "the same, mu < L"),
        Damage("constant", "conclusion", "eta*mu", "2*eta*mu", f"{FLAT}: equality before, T = 1"),
        Damage("constant", "step size", "<= 2", "<= 3", f"{STEEP}, eta = 3/(mu + L), mu < L: eta L - 1 > 1 - eta mu"),
        Damage("power", "conclusion", "**T", "**(2*T)", f"{FLAT}: equality before"),
        Damage("sign", "step size", "mu + L", "L - mu", f"{STEEP}, eta L = 2 L/(L - mu) > 2"),
        Damage("strictness", "conclusion", "<=", "<", f"{FLAT}: equality"),
        Damage("dropped hypothesis", "step size", "", "", f"{STEEP}, eta L = 10"),
        Damage("dropped hypothesis", "strongly convex", "", "", "f = h w²/2 with h < mu"),
    ),
    "textbook.contraction": (
        Damage("constant", "conclusion", "**T*start", "**T*start*0.99", f"{STEEP}: equality before"),
        Damage("constant", "conclusion", "eta*L", "eta*L/2", f"{STEEP}, eta L = 10, T = 1: 9 against 4"),
        Damage("sign", "conclusion", "max(", "min(", f"{STEEP}, eta L = 10, eta mu = 1: 9 against 0"),
        Damage("power", "conclusion", "eta*L", "eta*L**2", f"{STEEP}, L = 1/10, eta = 100, mu = L: 9 against 0"),
        Damage("strictness", "conclusion", "<=", "<", f"{STEEP}: equality"),
        Damage("dropped hypothesis", "smooth", "", "", "f = h w²/2 with eta h = 10 > eta L = 1"),
    ),
    "textbook.dominated-rate": (
        Damage("constant", "conclusion", "eta*mu", "2*eta*mu", f"{FLAT}, T = 1: (1 - x)² > 1 - 2x"),
        Damage("constant", "step size", "<= 1", "<= 2", f"{STEEP}, eta L = 2: no progress"),
        Damage("power", "conclusion", "**T", "**(3*T)", f"{FLAT}: (1 - x)^2T > (1 - x)^3T"),
        Damage("sign", "conclusion", "1 - eta", "eta*L - 1 - eta", f"{FLAT}, eta L = 1, T = 1: the bound is below 0"),
        Damage("dropped hypothesis", "step size", "", "", f"{STEEP}, eta L = 10"),
        Damage("dropped hypothesis", "strongly convex", "", "", "f = h w²/2 with h far below mu"),
    ),
    "textbook.convex-rate": (
        Damage("constant", "conclusion", "4*T + 2", "4*T + 2.1", "the same: L w0²/(4T + 2) is attained"),
        Damage("constant", "conclusion", "4*T + 2", "4*T + 4", "Huber's loss with bend w0/(2T + 1): equality before"),
        Damage("constant", "step size", "== 1", "== 1/2", "Huber's loss with bend w0/(T + 1), slower by half"),
        Damage("power", "conclusion", "4*T + 2", "4*T**2 + 2", "the same Huber's loss, T = 2"),
        Damage("dropped hypothesis", "step size", "", "", f"{STEEP}, eta L = 10"),
        Damage("dropped hypothesis", "smooth", "", "", "f = h w²/2 with h = 10 L: 81 times the loss"),
    ),
    "textbook.smallest-gradient": (
        Damage("constant", "conclusion", "2*before", "1.9*before", f"{STEEP}, T = 1, eta L = 1: equality before"),
        Damage("constant", "conclusion", "2*before", "before/2", f"{STEEP}, T = 1, eta L = 1: L² against L²/4"),
        Damage("constant", "step size", "<= 1", "<= 3", f"{STEEP}, T = 1, eta L = 3: L² against L²/3"),
        Damage("power", "conclusion", "eta*T", "eta*T**4", f"{STEEP}, T = 2, small eta L = x: (1-x)² against 1/(16x)"),
        Damage("strictness", "conclusion", "<=", "<", f"{STEEP}, T = 1, eta L = 1: equality"),
        Damage("dropped hypothesis", "step size", "", "", f"{STEEP}, T = 1, eta L = 3"),
    ),
    "textbook.heavy-ball": (
        Damage("constant", "step size", "2*(1 + beta)", "2.01*(1 + beta)", "beta = 0, eta h = 2.01: radius 1.01"),
        Damage("constant", "step size", "2*(1 + beta)", "3*(1 + beta)", "beta = 0, eta h = 3: radius 2"),
        Damage("sign", "step size", "1 + beta", "1 + 2*beta", "beta = 1/2, eta h = 4 > 3"),
        Damage("power", "step size", "eta*h", "eta*h**2", "beta = 0, h = 1/10, eta = 100: radius 9"),
        Damage("strictness", "conclusion", "<=", "<", "beta = 0, eta h = 2: radius 1"),
        Damage("dropped hypothesis", "step size", "", "", "beta = 0, eta h = 3: radius 2"),
        Damage("dropped hypothesis", "momentum", "", "", "beta = 2: the product of the roots is 2"),
    ),
}  # fmt: skip
