r"""When a saddle attracts SAM (Kim et al. 2023, Theorem 1 and Eq. 10).

Problem and assumptions: a loss with an index-one saddle d, hyperbolic (no eigenvalue of the Hessian H is 0; stated
before the proofs). One eigenvalue lam_1 < 0, the others positive.

Algorithm: SAM with a constant radius, Eq. 5, as the flow that the proof takes it for,

    dw/dt = -grad l(w + rho grad l(w)),

and, in another reading, as the steps w⁺ = w - eta grad l(w + rho grad l(w)) that Eq. 5 belongs to.

Statement as printed: d is an attractor of SAM dynamics in (5) if rho >= -1/lam_1 (Theorem 1); the same for any type of
saddle provided that lam_j + rho lam_j² >= 0 for all the negative eigenvalues (Eq. 10).

An attractor is an asymptotically stable equilibrium: what starts near it comes back to it. By linearisation that is
so where the flow's spectral abscissa is negative (the map's spectral radius below 1), and it is not so where it is
positive (above 1); on a quadratic loss the linear part is all there is, and both are equivalences.

References:
    [1] Kim et al. (2023). Stability analysis of sharpness-aware minimization. Theorem 1, Eqs. 10 and 16-19.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.simulation import Measurement, simulated
from ..claim import Claim, Hypothesis, ProofStep, Repair, Source, Symbol
from ..family import Family, Number
from ..losses import Quadratic
from ..stepping import replay, usam

CURVATURE, STEP = "loss/w**2", "w**2/loss"

LAM = Symbol("lam", "the negative eigenvalue of the Hessian at d", "lam < 0", CURVATURE, r"\lambda_1")
H = Symbol("h", "the other eigenvalue", "", CURVATURE, r"\lambda_2")
RHO = Symbol("rho", "ascent step", "rho > 0", STEP, r"\rho")
ETA = Symbol("eta", "step size", "eta > 0", STEP, r"\eta")
ABSCISSA = Symbol("abscissa", "largest growth rate of the flow's linear part at d", "", CURVATURE, measured=True)
RADIUS = Symbol("radius", "spectral radius of the map's linear part at d", "", "1", measured=True)

INDEX_ONE = Hypothesis("index one", "d has one negative eigenvalue and no eigenvalue 0 (hyperbolic)", "h > 0")
LARGE_RADIUS = Hypothesis("large radius", "rho is at least -1/lam", "rho*lam <= -1")
STRICT = Hypothesis("strictly larger radius", "rho is larger than -1/lam", "rho*lam < -1")
SMALL_STEPS = Hypothesis(
    "step size", "eta is small for both eigenvalues", "eta*(lam + rho*lam**2) < 2; eta*(h + rho*h**2) < 2"
)
NUMBERS = (Number("h", 1e-2, 1e2), Number("size", 1e-2, 1e2), Number("rho", 1e-3, 1e3))


def _flow(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    lam = -x.size
    return {"lam": lam, "abscissa": m.maximum(-_rate(lam, x.rho), -_rate(x.h, x.rho))}


def _rate(lam: Any, rho: Any) -> Any:
    """Of a quadratic's velocity: grad l(w + rho grad l(w)) = (lam + rho lam²) w."""
    (velocity,) = Quadratic((lam,)).gradient((1 + rho * lam,))
    return velocity


def _map(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    lam = -x.size
    loss = Quadratic((lam, x.h))
    (multiplier, _) = usam((1, 0), loss.gradient, x.eta, x.rho)
    (_, other) = usam((0, 1), loss.gradient, x.eta, x.rho)
    return {"lam": lam, "radius": m.maximum(m.abs(multiplier), m.abs(other))}


def _map_by_rules(x: SimpleNamespace) -> dict[str, float]:
    def loss(w: Any, batch: Any) -> Any:
        return (-x.size * w[0] ** 2 + x.h * w[1] ** 2) / 2

    unit = [replay("usam", loss, start, x.eta, [(None, None)], rho=x.rho)[1] for start in ((1.0, 0.0), (0.0, 1.0))]
    return {"lam": -x.size, "radius": max(abs(unit[0][0]), abs(unit[1][1]))}


QUADRATICS = Family("quadratics, the flow", NUMBERS, _flow, words="l = (lam x² + h y²)/2, exactly linear dynamics.")
STEPPED = Family("quadratics, steps", (*NUMBERS, Number("eta", 1e-3, 1e3)), _map, replay=_map_by_rules)


def _decay(budget: Any) -> list[Measurement]:
    """The distance to x² - y²'s saddle along the flow, adaptive integration, against exp(-rate t)."""
    import numpy as np

    from ...dynamics.flow import flow
    from ...landscapes import get_landscape

    saddle, t = get_landscape("saddle"), 1.0
    rows = []
    for rho in (0.6, 1.0, 2.0):  # -1/lam = 0.5
        path = flow(saddle, np.array([[0.3, -0.2]]), t, kind="usam", rho=rho, record=1)
        end = np.asarray(path["w"].values).reshape(-1, 2)[-1]
        for value, start, lam in zip(end, (0.3, -0.2), (2.0, -2.0), strict=True):
            said = float(start * np.exp(-(lam + rho * lam**2) * t))
            # the solver's relative tolerance is 1e-8; ten times that for what accumulates over the unit of time
            rows.append(Measurement(f"rho = {rho}, lam = {lam}", float(value), 1e-8, said, allowance=1e-7))
    return rows


STEP_17 = ProofStep(
    "Eq. 17",
    "second == -curvature*(1 + rho*curvature)",
    symbols=(
        Symbol("second", "d²w/dt² along the flow, one dimension", "", measured=True),
        Symbol("curvature", "l'' (constant)", "", CURVATURE, measured=True),
    ),
    families=(
        Family(
            "quadratics in one dimension",
            (Number("curvature", 1e-2, 1e2, "signed log"), Number("rho", 1e-3, 1e3), Number("w", 1e-2, 1e2)),
            lambda x, m: {
                "second": (x.curvature * (1 + x.rho * x.curvature)) ** 2 * x.w,
                "lam": -1 + 0 * x.rho, "h": 1 + 0 * x.rho,
            },
        ),
    ),
    hypotheses=(),
    words="The derivative by t misses the factor dw/dt; displayed is the derivative of the velocity by w, which "
    "is what the argument needs.",
)  # fmt: skip
STEP_19 = ProofStep(
    "after Eq. 19", "lam + rho*lam**2 > 0", words="All diagonal elements of Lambda + rho Lambda² are positive."
)

THEOREM = Claim(
    id="kim2023.thm-1",
    title="A saddle attracts the SAM flow if rho is at least -1/lambda_1",
    source=Source("kim2023", "Theorem 1", "Section 4.2; proof in the supplement, Eqs. 16-19"),
    statement=r"Let $d$ be an index-one saddle point with a negative eigenvalue $\lambda_1$ of $H_\ell(d)$. Then $d$ "
    r"is an attractor of SAM dynamics in (5) if $\rho \geq -1/\lambda_1$.",
    symbols=(LAM, H, RHO, ABSCISSA),
    hypotheses=(INDEX_ONE, LARGE_RADIUS),
    conclusion="abscissa < 0",
    families=(QUADRATICS,),
    steps=(STEP_17, STEP_19),
    repairs=(
        Repair(
            "strict inequality", "condition", "With the strict inequality rho > -1/lambda_1 it holds.", (STRICT,),
            replaces=("large radius",), latex=r"\rho > -1/\lambda_1",
        ),
    ),
    checks=(simulated(_decay, "decay along the flow on x² - y²", "flow"),),
    reading="SAM dynamics are the flow that the proof starts from (Eq. 16).",
    notes="At equality the eigenvalue of the linear part is 0; on a quadratic nothing moves along that direction, and "
    "on other losses higher derivatives decide.",
)  # fmt: skip
STEPS = Claim(
    id="kim2023.thm-1:map",
    title="A saddle attracts the steps of SAM if rho is at least -1/lambda_1",
    source=THEOREM.source,
    statement=THEOREM.statement,
    symbols=(LAM, H, RHO, ETA, RADIUS),
    hypotheses=(INDEX_ONE, LARGE_RADIUS),
    conclusion="radius < 1",
    families=(STEPPED,),
    repairs=(
        Repair(
            "small steps", "condition",
            "With rho > -1/lambda_1 and eta (lambda_j + rho lambda_j²) < 2 for every eigenvalue it holds.",
            (STRICT, SMALL_STEPS),
            replaces=("large radius",), latex=r"\rho > -1/\lambda_1,\quad \eta(\lambda_j + \rho\lambda_j^2) < 2",
        ),
    ),
    reading="SAM dynamics are the steps of Eq. 5, with any step size.",
)  # fmt: skip
ALL_SADDLES = Claim(
    id="kim2023.eq-10",
    title="Any saddle attracts the SAM flow if lambda_j + rho lambda_j² >= 0 for its negative eigenvalues",
    source=Source("kim2023", "Eq. 10", "Section 4.2"),
    statement=r"The above results can be generalised to any type of saddle points provided that "
    r"$\lambda_j + \rho\lambda_j^2 \geq 0$ for all the negative eigenvalues $\lambda_j$ at $d$.",
    symbols=(
        LAM, Symbol("lam_2", "another negative eigenvalue", "lam_2 < 0", CURVATURE, r"\lambda_2"),
        Symbol("h", "a positive eigenvalue", "h > 0", CURVATURE, r"\lambda_3"), RHO, ABSCISSA,
    ),
    hypotheses=(
        Hypothesis("Eq. 10", "for all negative eigenvalues", "lam + rho*lam**2 >= 0; lam_2 + rho*lam_2**2 >= 0"),
    ),
    conclusion="abscissa < 0",
    families=(
        Family(
            "quadratics in three dimensions",
            (*NUMBERS, Number("size_2", 1e-2, 1e2)),
            lambda x, m: {
                "lam": -x.size, "lam_2": -x.size_2,
                "abscissa": m.maximum(
                    m.maximum(-_rate(-x.size, x.rho), -_rate(-x.size_2, x.rho)), -_rate(x.h, x.rho)
                ),
            },
        ),
    ),
    repairs=(
        Repair(
            "strict inequality", "condition",
            "With lambda_j + rho lambda_j² > 0 for all negative eigenvalues it holds.",
            (Hypothesis("Eq. 10, strictly", "for all of them", "lam + rho*lam**2 > 0; lam_2 + rho*lam_2**2 > 0"),),
            replaces=("Eq. 10",), latex=r"\lambda_j + \rho\lambda_j^2 > 0",
        ),
    ),
    reading="The flow, as in Theorem 1.",
)  # fmt: skip
CLAIMS = (THEOREM, STEPS, ALL_SADDLES)
