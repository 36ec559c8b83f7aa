r"""Full-batch SAM on convex losses (Andriushchenko and Flammarion 2022, Theorem 11).

Problem and assumptions: L is beta-smooth (A2') and convex, with minimiser w*; in the second part mu-strongly convex.

Algorithm: w⁺ = w - gamma grad L(w + rho grad L(w)) (Eq. 20), with gamma beta (1 + rho beta) < 2.

Statement as printed: for the mean of the first T iterates, L(mean) - L* <= (2 rho beta + 1) / (gamma (2 - gamma beta
(1 + rho beta)) T) ||w_0 - w*||²; for strongly convex L, ||w_T - w*||² <= (1 - gamma mu (2 - gamma beta (1 + rho
beta)))^T (2 rho + 1) ||w_0 - w*||².

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Appendix C.1, Theorem 11.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.worst_case import Problem, worst_case_within
from ..claim import Claim, Hypothesis, Repair, Source, Symbol
from ..family import Family, Number
from ..losses import Bent, Quadratic
from ..stepping import Gradient, Point, replay, square, usam

CURVATURE, STEP = "loss/w**2", "w**2/loss"
BETA = Symbol("beta", "smoothness", "beta > 0", CURVATURE, r"\beta")
MU = Symbol("mu", "strong convexity", "mu > 0", CURVATURE, r"\mu")
GAMMA = Symbol("gamma", "step size", "gamma > 0", STEP, r"\gamma")
RHO = Symbol("rho", "ascent step", "rho >= 0", STEP, r"\rho")
STEPS = Symbol("T", "steps", "T >= 1", "1")
LOWEST = Symbol("curvature_min", "smallest curvature", "", CURVATURE, measured=True)
HIGHEST = Symbol("curvature_max", "largest curvature", "", CURVATURE, measured=True)
START = Symbol("start2", "||w_0 - w*||²", "start2 > 0", "w**2", measured=True)
SMALL_STEP = Hypothesis("step sizes", "gamma beta (1 + rho beta) < 2", "gamma*beta*(1 + rho*beta) < 2")
SMOOTH = Hypothesis("smooth", "L is beta-smooth", "curvature_max <= beta")
NUMBERS = (
    Number("beta", 1e-2, 1e3), Number("gamma", 1e-4, 1e2), Number("rho", 1e-4, 1e2), Number("h1", 1e-2, 1e3),
    Number("h2", 1e-2, 1e3),
)  # fmt: skip


def _path(x: SimpleNamespace, gradient: Gradient, w: Point) -> list[Point]:
    path = [w]
    for _ in range(x.T):
        path.append(usam(path[-1], gradient, x.gamma, x.rho))
    return path


def _summary(x: SimpleNamespace, loss: Any, start: Point) -> dict[str, Any]:
    path = _path(x, loss.gradient, start)
    mean = tuple(sum(parts) / x.T for parts in zip(*path[:-1], strict=True))
    return {"start2": square(start), "end2": square(path[-1]), "gap": loss.value(mean)}


def _quadratic(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    found = _summary(x, Quadratic((x.h1, x.h2)), (x.w1, x.w2))
    return {"curvature_min": m.minimum(x.h1, x.h2), "curvature_max": m.maximum(x.h1, x.h2), **found}


def _quadratic_by_rules(x: SimpleNamespace) -> dict[str, float]:
    def loss(w: Any, _: Any) -> Any:
        return (x.h1 * w[0] ** 2 + x.h2 * w[1] ** 2) / 2

    path = replay("usam", loss, (x.w1, x.w2), x.gamma, [(None, None)] * x.T, rho=x.rho)
    return {"end2": float((path[-1] ** 2).sum())}


def _bent(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    found = _summary(x, Bent(x.h1, x.h2, x.bend, x.bend, m), (x.w1,))
    return {"curvature_min": m.minimum(x.h1, x.h2), "curvature_max": m.maximum(x.h1, x.h2), **found}


def _two_slopes(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """mu |w|²/2 and two one-sided quadratics, along (1, 0) and along (c, s) with c² + s² = 1: bent in two dimensions.

    From (1, -y) the ascent along the first may enter the second, whose gradient then points away from the minimum. The
    numbers are in units of what the hypotheses allow: beta is the largest curvature, gamma a share of its bound.
    """
    k = x.tangent
    c, s = (1 - k * k) / (1 + k * k), 2 * k / (1 + k * k)
    mu, h1, h2 = x.scale * x.ratio, x.scale * x.first, x.scale
    # the largest eigenvalue of h1 e e' + h2 f f', with e'f = c
    beta = mu + (h1 + h2 + m.sqrt((h1 - h2) ** 2 + 4 * h1 * h2 * c * c)) / 2
    gamma, rho = 2 * x.share / (beta * (1 + x.reach)), x.reach / beta

    def gradient(w: Point) -> Point:
        first = h1 * m.maximum(w[0], 0 * w[0])
        along = c * w[0] + s * w[1]
        second = h2 * m.maximum(along, 0 * along)
        return (mu * w[0] + first + c * second, mu * w[1] + s * second)

    start = (1 + 0 * x.y, -x.y)
    end = usam(start, gradient, gamma, rho)
    return {
        "beta": beta, "mu": mu, "gamma": gamma, "rho": rho, "curvature_min": mu, "curvature_max": beta,
        "start2": square(start), "end2": square(end),
    }  # fmt: skip


SHARES = (
    Number("scale", 1e-1, 1e4), Number("ratio", 1e-5, 1e-1), Number("first", 1e-1, 1e1), Number("reach", 1e-1, 1e2),
    Number("share", 0.05, 0.999, "linear"), Number("tangent", 1e-1, 1e1), Number("y", 1e-1, 1e1),
)  # fmt: skip
PLACES = (Number("w1", 1e-2, 1e2, "signed log"), Number("w2", 1e-2, 1e2, "signed log"))
CASES = ({"T": 1}, {"T": 4})
SOURCE = Source("andriushchenko2022", "Theorem 11", "Appendix C.1")
GRID = [
    {"beta": 1.0, "rho": rho, "gamma": 2 * share / (1 + rho), "T": steps, "mu": mu}
    for mu in (0.01, 0.1)
    for rho in (0.1, 1.0, 3.0)
    for share in (0.3, 0.95)
    for steps in (1, 2)
]
"""Settings for performance estimation, beta = 1: within gamma beta (1 + rho beta) < 2, close to it and not."""
CONVEX = Claim(
    id="andriushchenko2022.thm-11:convex",
    title="SAM's mean iterate converges on convex losses",
    source=SOURCE,
    statement=r"Assume (A2') and $L$ convex. For any $\gamma$ and $\rho$ with $\gamma\beta(1+\rho\beta) < 2$: "
    r"$L(\bar w_T) - L_* \leq \frac{2\rho\beta+1}{\gamma(2-\gamma\beta(1+\rho\beta))T}\|w_0-w_*\|^2$.",
    symbols=(
        BETA, GAMMA, RHO, STEPS, LOWEST, HIGHEST, START,
        Symbol("gap", "L(mean of the first T iterates) - L*", "", "loss", measured=True),
    ),
    hypotheses=(SMALL_STEP, SMOOTH, Hypothesis("convex", "L is convex", "curvature_min >= 0")),
    conclusion="gap <= (2*rho*beta + 1)/(gamma*(2 - gamma*beta*(1 + rho*beta))*T)*start2",
    families=(
        Family("quadratics in two dimensions", (*NUMBERS, *PLACES), _quadratic, CASES, _quadratic_by_rules),
    ),
    checks=(
        worst_case_within(
            "(2*rho*beta + 1)/(gamma*(2 - gamma*beta*(1 + rho*beta))*T)",
            lambda p: Problem(p["beta"], 0, p["gamma"], p["rho"], int(p["T"]), "distance", "loss", "mean of iterates"),
            GRID, "the mean of w_1 ... w_T over all smooth convex functions", "mean of the later iterates",
        ),
    ),
    reading="The first part.",
)  # fmt: skip
STRONGLY = Claim(
    id="andriushchenko2022.thm-11",
    title="SAM converges linearly on strongly convex losses",
    source=SOURCE,
    statement=r"If, in addition, $L$ is $\mu$-strongly convex: $\|w_T-w_*\|^2 \leq "
    r"(1-\gamma\mu(2-\gamma\beta(1+\rho\beta)))^T(2\rho+1)\|w_0-w_*\|^2$.",
    symbols=(
        BETA, MU, GAMMA, RHO, STEPS, LOWEST, HIGHEST, START,
        Symbol("end2", "||w_T - w*||²", "", "w**2", measured=True),
    ),
    hypotheses=(SMALL_STEP, SMOOTH, Hypothesis("strongly convex", "L is mu-strongly convex", "curvature_min >= mu")),
    conclusion="end2 <= (1 - gamma*mu*(2 - gamma*beta*(1 + rho*beta)))**T*(2*rho + 1)*start2",
    families=(
        Family(
            "quadratics in two dimensions", (*NUMBERS, *PLACES, Number("mu", 1e-2, 1e2)), _quadratic, CASES,
            _quadratic_by_rules,
        ),
        Family(
            "two one-sided quadratics",
            SHARES, _two_slopes, ({"T": 1},),
        ),
    ),
    repairs=(
        Repair(
            "factor", "misprint", "With the factor rho beta + 1 it holds.",
            conclusion="end2 <= (1 - gamma*mu*(2 - gamma*beta*(1 + rho*beta)))**T*(rho*beta + 1)*start2",
            because="V_0 of the proof is at most (beta/2 + 1/(2 rho)) ||w_0 - w*||², and V_T at least ||w_T - "
            "w*||²/(2 rho); the first part has rho beta",
            latex=r"\|w_T-w_*\|^2 \leq (1-\gamma\mu(2-\gamma\beta(1+\rho\beta)))^T(\rho\beta+1)\|w_0-w_*\|^2",
        ),
    ),
    checks=(
        worst_case_within(
            "(1 - gamma*mu*(2 - gamma*beta*(1 + rho*beta)))**T*(rho*beta + 1)",
            lambda p: Problem(p["beta"], p["mu"], p["gamma"], p["rho"], int(p["T"])), GRID,
            "the distance over all smooth strongly convex functions, against the corrected factor", "corrected factor",
        ),
    ),
    reading="The second part; 2 rho + 1 adds a step size to a number.",
    notes="The factor must not depend on the units of the loss: with large beta and small rho the printed one is "
    "close to 1, and the distance can grow in a first step.",
)  # fmt: skip
CLAIMS = (STRONGLY, CONVEX)
