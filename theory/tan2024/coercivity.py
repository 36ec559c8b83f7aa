r"""Coercivity of the gradient of a smooth strongly convex loss (Tan et al. 2024, Lemma 5).

Problem and assumptions: f is mu-strongly convex and L-smooth.

Statement as printed: for all w, v,
<grad f(v) - grad f(w), v - w> >= mu L/(mu + L) ||v - w||² + 1/(mu + L) ||grad f(v) - grad f(w)||².

References:
    [1] Tan et al. (2024). Stabilizing sharpness-aware minimization through a simple renormalization strategy. Lemma 5.
    [2] Nesterov (2004). Introductory lectures on convex optimization. Theorem 2.1.12.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.worst_case import Problem, worst_case_within
from ..claim import Claim, Source, Symbol
from ..family import Family, Number
from ..losses import Bent, Quadratic
from ..stepping import difference, dot, square
from .assumptions import CONSTANTS, CONVEX, CURVATURES, SMOOTH

CONSTANT_NUMBERS = (Number("mu", 1e-3, 1e3), Number("L", 1e-3, 1e3))


def _measured(loss: Any, w: tuple[Any, ...], v: tuple[Any, ...]) -> dict[str, Any]:
    step, slope = difference(v, w), difference(loss.gradient(v), loss.gradient(w))
    return {"product": dot(slope, step), "distance2": square(step), "slope2": square(slope)}


def _quadratic(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    loss = Quadratic((x.h1, x.h2))
    return {
        "curvature_min": m.minimum(x.h1, x.h2), "curvature_max": m.maximum(x.h1, x.h2),
        **_measured(loss, (x.w1, x.w2), (x.v1, x.v2)),
    }  # fmt: skip


def _bent(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    loss = Bent(x.h1, x.h2, x.bend, x.bend, m)
    return {
        "curvature_min": m.minimum(x.h1, x.h2), "curvature_max": m.maximum(x.h1, x.h2),
        **_measured(loss, (x.w1,), (x.v1,)),
    }  # fmt: skip


def _numbers(*names: str) -> tuple[Number, ...]:
    curvatures = (Number("h1", 1e-3, 1e3), Number("h2", 1e-3, 1e3))
    return (*CONSTANT_NUMBERS, *curvatures, *(Number(n, 1e-2, 1e2, "signed log") for n in names))


LEMMA = Claim(
    id="tan2024.lem-5",
    title="Coercivity of the gradient of a smooth strongly convex loss",
    source=Source("tan2024", "Lemma 5", "Section 4.1"),
    statement=r"If $f$ is $\mu$-strongly convex and $L$-smooth, then for all $w, v$: $\langle \nabla f(v) - \nabla "
    r"f(w), v - w\rangle \geq \frac{\mu L}{\mu+L}\|v-w\|^2 + \frac{1}{\mu+L}\|\nabla f(v)-\nabla f(w)\|^2$.",
    symbols=(
        *CONSTANTS[:2], *CURVATURES,
        Symbol("product", "inner product of the differences", "", "loss", measured=True),
        Symbol("distance2", "||v - w||²", "", "w**2", measured=True),
        Symbol("slope2", "||grad f(v) - grad f(w)||²", "", "loss**2/w**2", measured=True),
    ),
    hypotheses=(CONVEX, SMOOTH),
    conclusion="product >= mu*L/(mu + L)*distance2 + slope2/(mu + L)",
    families=(
        Family("quadratics in two dimensions", _numbers("w1", "w2", "v1", "v2"), _quadratic),
        Family("bent in one dimension", (*_numbers("w1", "v1"), Number("bend", 1e-2, 1e2)), _bent),
    ),
    checks=(
        worst_case_within(
            "1 + 0*mu", lambda p: Problem(p["L"], p["mu"], 1.0, 0.0, 0, "product", "coercivity"),
            [{"L": 1.0, "mu": mu} for mu in (0.05, 0.3, 0.9)],
            "the right-hand side where the left is 1, over all smooth strongly convex functions",
        ),
    ),
)  # fmt: skip
CLAIMS = (LEMMA,)
