r"""The variance of SAM's diffusion at a saddle (Kim et al. 2023, Theorem 2 and Corollary 1).

Problem and assumptions: a critical point d, the second-order Taylor approximation of the loss there, and mini-batch
noise with covariance |H| / B (Eqs. 23 and 24). One eigendirection at a time, with eigenvalue lam.

Algorithm: the diffusion of Eq. 11, started at d,

    dw = -grad l(w^p) dt + [eta C(w^p)]^{1/2} dW,    w^p = w + rho grad l(w),

whose drift along the eigendirection is -lam (1 + rho lam) w (as in Theorem 1, Eq. 19). The proof differentiates the
composition w -> l(w^p(w)) instead, whose gradient is lam (1 + rho lam)² w; that is the reading ":composed".

Statement as printed: sigma_j²(t) = eta |lam| / (2 B lam (1 + rho lam)²) [1 - exp(-2 lam (1 + rho lam)² t)] (Eq. 12);
Corollary 1: the mean squared displacements satisfy Delta_SGD - Delta_SAM = 2 eta t² |lam|³ rho / B > 0 (Eq. 13), where
the proof takes |lam| t << 1.

References:
    [1] Kim et al. (2023). Stability analysis of sharpness-aware minimization. Theorem 2, Corollary 1, Eqs. 11-13, 20-24
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.consistency import consistency
from ..checks.simulation import Measurement, simulated
from ..claim import Claim, Hypothesis, Repair, Source, Symbol
from ..family import Family, Number

CURVATURE, STEP = "loss/w**2", "w**2/loss"
"""Time is counted in units of eta per step, so that dw/dt = -grad l gives it the dimension w²/loss."""

LAM = Symbol("lam", "an eigenvalue of the Hessian at d", "lam != 0", CURVATURE, r"\lambda_j")
SYMBOLS = (
    LAM,
    Symbol("eta", "learning rate", "eta > 0", STEP, r"\eta"),
    Symbol("rho", "ascent step", "rho >= 0", STEP, r"\rho"),
    Symbol("B", "batch size", "B >= 1", "1"),
    Symbol("t", "time", "t > 0", STEP),
)
VARIANCE = Symbol("variance", "variance along the eigendirection after time t", "", "", r"\sigma_j^2", measured=True)
NUMBERS = (
    Number("lam", 1e-1, 1e1, "signed log"), Number("eta", 1e-3, 1e0), Number("rho", 1e-2, 1e1), Number("B", 1, 1e2),
    Number("t", 1e-2, 1e0),
)  # fmt: skip
GENERIC = Hypothesis("generic radius", "1 + rho lam is not 0, so that the printed quotient exists", "1 + rho*lam != 0")


def ornstein_uhlenbeck(rate: Any, noise: Any, t: Any, m: Arithmetic) -> Any:
    """The variance of dw = -rate w dt + sqrt(noise) dW after time t, from w = 0; `rate` is not 0."""
    return noise * (1 - m.exp(-2 * rate * t)) / (2 * rate)


def _measure(power: int) -> Callable[[SimpleNamespace, Arithmetic], dict[str, Any]]:
    def measure(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
        rate = x.lam * (1 + x.rho * x.lam) ** power
        return {"variance": ornstein_uhlenbeck(rate, x.eta * m.abs(x.lam) / x.B, x.t, m)}

    return measure


def _ensemble(drift: str, predicted: Callable[[float, float], float]) -> Callable[[Any], list[Measurement]]:
    """Variances of the simulated diffusion of `drift` against a law of (lam, rho), at eta = 0.1, B = 1, t = 0.5."""

    def measure(budget: Any) -> list[Measurement]:
        import numpy as np

        from ...dynamics.diffusion import diffusion
        from ...landscapes.quadratic import quadratic

        rows = []
        for rho in (0.0, 0.4):
            eigenvalues = np.array([1.5, -1.0])
            run = diffusion(
                quadratic(tuple(eigenvalues)), np.zeros((1, 2)), np.array([0.5]), 0.005, eta=0.1, key=7, rho=rho,
                covariance=np.diag(np.abs(eigenvalues)), drift=drift, paths=budget.paths, noise="weak",
            )  # fmt: skip
            for k, lam in enumerate(eigenvalues):
                value = float(run["covariance"].values[0, 0, k, k])
                error = float(run["covariance_error"].values[0, 0, k, k])
                said = predicted(float(lam), rho)
                # Euler's weak error: a relative 2 |rate| dt or less over this time, rate <= 1.5 * 1.6²
                rows.append(Measurement(f"lam = {lam:g}, rho = {rho:g}", value, error, said, 0.02 * said))
        return rows

    return measure


def _law(power: int) -> Callable[[float, float], float]:
    from ..arithmetic import float_arithmetic

    return lambda lam, rho: float(
        ornstein_uhlenbeck(lam * (1 + rho * lam) ** power, 0.1 * abs(lam), 0.5, float_arithmetic())
    )


EQ_12 = "variance == eta*abs(lam)/(2*B*lam*(1 + rho*lam)**2)*(1 - exp(-2*lam*(1 + rho*lam)**2*t))"
TRUE_LAW = "variance == eta*abs(lam)/(2*B*lam*(1 + rho*lam))*(1 - exp(-2*lam*(1 + rho*lam)*t))"
STATEMENT = (
    r"Given a saddle point $d$ as the initial parameter under the dynamics of (11), the density of $w$ after time "
    r"$t$ is Gaussian with $\sigma_j^2(t) = "
    r"\frac{\eta|\lambda_j|}{2B\lambda_j(1+\rho\lambda_j)^2}\left[1-\exp(-2\lambda_j(1+\rho\lambda_j)^2 t)\right]$."
)
SOURCE = Source("kim2023", "Theorem 2", "Section 4.3, Eq. 12; proof in the supplement")

THEOREM = Claim(
    id="kim2023.thm-2",
    title="The variance of SAM's diffusion has the rate lambda (1 + rho lambda)²",
    source=SOURCE,
    statement=STATEMENT,
    symbols=(*SYMBOLS, VARIANCE),
    hypotheses=(GENERIC,),
    conclusion=EQ_12,
    families=(Family("quadratics, the drift of Eq. 11", NUMBERS, _measure(1)),),
    repairs=(
        Repair(
            "rate of Theorem 1", "correction",
            "With the rate lambda (1 + rho lambda), that of Eq. 19, in both places the formula is right.",
            conclusion=TRUE_LAW,
            latex=r"\sigma_j^2(t) = \frac{\eta|\lambda_j|}{2B\lambda_j(1+\rho\lambda_j)}"
            r"\left[1-\exp(-2\lambda_j(1+\rho\lambda_j) t)\right]",
            checks=(simulated(_ensemble("printed", _law(1)), "ensembles of Eq. 11 against the corrected law"),),
        ),
    ),
    checks=(
        simulated(_ensemble("printed", _law(2)), "ensembles of Eq. 11 against Eq. 12", "ensemble"),
        consistency(
            "kim2023.thm-1", "lam*(1 + rho*lam)**2", "lam + rho*lam**2",
            "the rate of the drift, in Eq. 12 and in Eq. 19", "lam < 0; rho > 0; 1 + rho*lam != 0",
        ),
    ),
    reading="The drift is the gradient of the loss at the perturbed point, as Eqs. 5, 11 and 16 have it.",
    notes="The proof takes the gradient of w -> l(w^p(w)), which has a second factor 1 + rho lambda; see the reading "
    "':composed'. With Eq. 12 the saddle would repel at every radius, and Theorem 1 says that it attracts beyond "
    "-1/lambda_1.",
)  # fmt: skip
COMPOSED = Claim(
    id="kim2023.thm-2:composed",
    title="The same for the drift that the proof calculates with",
    source=SOURCE,
    statement=STATEMENT,
    symbols=(*SYMBOLS, VARIANCE),
    hypotheses=(GENERIC,),
    conclusion=EQ_12,
    families=(Family("quadratics, the drift of the proof", NUMBERS, _measure(2)),),
    checks=(simulated(_ensemble("composed", _law(2)), "ensembles of the proof's drift against Eq. 12"),),
    reading="The drift is the gradient of the composition w -> l(w + rho grad l(w)).",
)


def _gap(power: int) -> Callable[[SimpleNamespace, Arithmetic], dict[str, Any]]:
    """lim gap / t² for t -> 0: variances are noise (t - rate t² + ...), so it is noise (rate_SAM - rate_SGD)."""

    def measure(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
        noise = x.eta * m.abs(x.lam) / x.B
        rate = x.lam * (1 + x.rho * x.lam) ** power
        return {"gap": noise * (rate - x.lam), "slope": noise * x.lam**2 * power}

    return measure


GAP = Symbol("gap", "(Delta_SGD - Delta_SAM) / t² as t -> 0, |lam| t << 1", "", "", r"\Delta/t^2", measured=True)
SLOPE = Symbol("slope", "its derivative by rho at rho = 0", "", "", measured=True)
EQ_13 = "gap == 2*eta*abs(lam)**3*rho/B; gap > 0"
COROLLARY_TEXT = (
    r"$\Delta_{SGD} - \Delta_{SAM} = \frac{2\eta t^2|\lambda_j|^3}{B}\rho > 0$ near the saddle point $d$ "
    r"(in the proof: as $|\lambda_j| t \ll 1$)."
)
GAP_NUMBERS = tuple(n for n in NUMBERS if n.name != "t")
GAP_SYMBOLS = (
    *(s for s in SYMBOLS if s.name in ("eta", "B")),
    Symbol("rho", "ascent step", "rho > 0", STEP, r"\rho"),
    Symbol("lam", "the negative eigenvalue at the saddle", "lam < 0", CURVATURE, r"\lambda_j"),
    GAP,
    SLOPE,
)
SMALL_RADIUS = Repair(
    "small radius", "condition",
    "Eq. 13 is the leading term for rho |lambda| << 1 and |lambda| t << 1; the gap is positive only for "
    "rho < 2/|lambda|.",
    (Hypothesis("small radius", "rho is below 2/|lam|", "rho*abs(lam) < 2"),),
    conclusion="slope == 2*eta*abs(lam)**3/B; gap > 0",
    latex=r"\Delta_{SGD} - \Delta_{SAM} = "
    r"\frac{\eta t^2}{B}\left(2\rho|\lambda_j|^3 - \rho^2\lambda_j^4\right) + O(t^3)",
)  # fmt: skip
COROLLARY = Claim(
    id="kim2023.cor-1",
    title="SAM's mean squared displacement at a saddle is smaller than SGD's, by 2 eta t² |lambda|³ rho / B",
    source=Source("kim2023", "Corollary 1", "Section 4.3, Eq. 13; proof in the supplement"),
    statement=COROLLARY_TEXT,
    symbols=GAP_SYMBOLS,
    hypotheses=(Hypothesis("short time", "|lam| t << 1: the limit t -> 0", "abs(lam) > 0"),),
    conclusion=EQ_13,
    families=(Family("Eq. 12 at a negative eigenvalue", GAP_NUMBERS, _gap(2)),),
    repairs=(SMALL_RADIUS,),
    reading="The displacements are those of Theorem 2, Eq. 12.",
    notes="For rho > 2/|lambda| Eq. 12 itself gives SAM the larger displacement.",
)
COROLLARY_DYNAMICS = Claim(
    id="kim2023.cor-1:dynamics",
    title="The same for the diffusion of Eq. 11 itself",
    source=COROLLARY.source,
    statement=COROLLARY_TEXT,
    symbols=GAP_SYMBOLS,
    hypotheses=COROLLARY.hypotheses,
    conclusion=EQ_13,
    families=(Family("Eq. 11 at a negative eigenvalue", GAP_NUMBERS, _gap(1)),),
    repairs=(
        Repair(
            "half of it", "correction",
            "Under Eq. 11 the gap is eta t² |lambda|³ rho / B, half of Eq. 13, at every radius.",
            conclusion="gap == eta*abs(lam)**3*rho/B; gap > 0",
            latex=r"\Delta_{SGD} - \Delta_{SAM} = \frac{\eta t^2|\lambda_j|^3\rho}{B} + O(t^3)",
        ),
    ),
    reading="The displacements are those of the diffusion of Eq. 11.",
)  # fmt: skip
CLAIMS = (THEOREM, COMPOSED, COROLLARY, COROLLARY_DYNAMICS)
