r"""SAM's diffusion with momentum (Kim et al. 2023, Theorem 3).

Problem and assumptions: those of Theorem 2 at a saddle d, one eigendirection with eigenvalue lam, started at d at rest.

Algorithm: with momentum gamma, dampening 0, phi = (1 - gamma)/eta and mass eta, the proof's Fokker-Planck equation is
that of

    dw = v dt,    dv = -phi v dt - (a w dt - [eta |lam| / B]^{1/2} dW) / eta,

with the drift a w of SAM; Theorem 2 has a = lam (1 + rho lam)².

Statement as printed: Delta_SAM = C1 (1 - exp(-C2 (1 - gamma)))² / ((1 - gamma)³ B)
+ C3 (1 - exp(-C4/(1 - gamma))) / ((1 - gamma) B) with C1 = eta² |lam|/2, C2 = eta/t,
C3 = eta |lam| / (2 lam (1 + rho lam)²), C4 = 2 lam (1 + rho lam)² t positive constants (Eq. 14). It increases as the
momentum increases or the batch size decreases; as (1 - gamma) B -> 0 it is proportional to 1/((1 - gamma) B) (Eq. 15).

References:
    [1] Kim et al. (2023). Stability analysis of sharpness-aware minimization. Theorem 3 and its proof, Eqs. 14 and 15.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..claim import Claim, Hypothesis, ProofStep, Repair, Source, Symbol
from ..family import Family, Number

CURVATURE, STEP = "loss/w**2", "w**2/loss"
SOURCE = Source("kim2023", "Theorem 3", "Section 4.4, Eqs. 14 and 15; proof in the supplement")
STATEMENT = (
    r"$\Delta_{SAM} = C_1 \frac{(1-e^{-C_2(1-\gamma)})^2}{(1-\gamma)^3B} + "
    r"C_3\frac{1-e^{-C_4/(1-\gamma)}}{(1-\gamma)B}$ with $C_1 = \frac{\eta^2|\lambda_j|}{2}$, $C_2 = "
    r"\frac{\eta}{t}$, $C_3 = \frac{\eta|\lambda_j|}{2\lambda_j(1+\rho\lambda_j)^2}$, $C_4 = "
    r"2\lambda_j(1+\rho\lambda_j)^2t$ positive constants. Therefore $\Delta_{SAM}$ increases as (1) momentum "
    r"increases and/or (2) batch size decreases. Furthermore, as $(1-\gamma)B \to 0$, $\Delta_{SAM} \propto "
    r"\frac{1}{(1-\gamma)B}$."
)
LAM = Symbol("lam", "an eigenvalue of the Hessian at d", "lam != 0", CURVATURE, r"\lambda_j")
SHARED = (
    LAM,
    Symbol("eta", "learning rate", "eta > 0", STEP, r"\eta"),
    Symbol("rho", "ascent step", "rho >= 0", STEP, r"\rho"),
    Symbol("t", "time", "t > 0", STEP),
)
GAMMA = Symbol("gamma", "momentum", "0 <= gamma < 1", "1", r"\gamma")
BATCH = Symbol("B", "batch size", "B >= 1", "1")
GENERIC = Hypothesis("generic radius", "1 + rho lam is not 0, so that C3 exists", "1 + rho*lam != 0")
POSITIVE = Hypothesis("positive eigenvalue", "the direction is one of those that attract gradient descent", "lam > 0")
NUMBERS = (
    Number("lam", 1e-1, 1e1, "signed log"), Number("eta", 1e-3, 1e0), Number("rho", 1e-2, 1e1), Number("t", 1e-2, 1e1),
)  # fmt: skip


def equation_14(x: Any, one_minus_gamma: Any, c2: Any, m: Arithmetic) -> Any:
    """Delta_SAM B of Eq. 14, with a C2 of one's own."""
    a = x.lam * (1 + x.rho * x.lam) ** 2
    first = x.eta**2 * m.abs(x.lam) / 2 * (1 - m.exp(-c2 * one_minus_gamma)) ** 2 / one_minus_gamma**3
    second = x.eta * m.abs(x.lam) / (2 * a) * (1 - m.exp(-2 * a * x.t / one_minus_gamma)) / one_minus_gamma
    return first + second


def underdamped(x: Any, one_minus_gamma: Any, m: Arithmetic) -> Any:
    """The variance of w times B after time t: the squared response to a kick, integrated; for a < 0 (real rates)."""
    a = x.lam * (1 + x.rho * x.lam) ** 2
    phi = one_minus_gamma / x.eta
    root = m.sqrt(phi**2 / 4 - a / x.eta)
    grow, decay = -phi / 2 + root, -phi / 2 - root
    terms = (m.exp(2 * grow * x.t) - 1) / (2 * grow) + (m.exp(2 * decay * x.t) - 1) / (2 * decay)
    return m.abs(x.lam) / x.eta * (terms + 2 * (m.exp(-phi * x.t) - 1) / phi) / (grow - decay) ** 2


def _displacement(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    lam = -x.size
    given = SimpleNamespace(lam=lam, eta=x.eta, rho=x.rho, t=x.t)
    return {
        "lam": lam,
        "displacement": underdamped(given, 1 - x.gamma, m) / x.B,
        "printed": equation_14(given, 1 - x.gamma, x.eta / x.t, m) / x.B,
        "inverted": equation_14(given, 1 - x.gamma, x.t / x.eta, m) / x.B,
    }


THEOREM = Claim(
    id="kim2023.thm-3",
    title="With momentum the mean squared displacement of SAM at a saddle is that of Eq. 14",
    source=SOURCE,
    statement=STATEMENT,
    symbols=(
        *SHARED, GAMMA, BATCH,
        Symbol("displacement", "variance of the underdamped diffusion at t", measured=True, latex=r"\Delta_{SAM}"),
        Symbol("printed", "Eq. 14 with C2 = eta/t", measured=True),
        Symbol("inverted", "Eq. 14 with C2 = t/eta", measured=True),
    ),
    hypotheses=(GENERIC,),
    conclusion="displacement == printed",
    families=(
        Family(
            "a negative eigenvalue, from rest",
            (
                Number("size", 1e-1, 1e1), Number("eta", 1e-2, 1e0), Number("rho", 1e-2, 1e0), Number("t", 1e-2, 1e1),
                Number("gamma", 0, 0.99, "linear"), Number("B", 1, 1e2),
            ),
            _displacement,
        ),
    ),
    repairs=(
        Repair(
            "C2 inverted", "misprint", "With C2 = t/eta Eq. 14 gives the displacement.",
            conclusion="displacement == inverted",
            because="the line of the proof before the constants are named has exp(-(1 - gamma) t / eta)",
            latex=r"C_2 = t/\eta",
        ),
    ),
    reading="'Is given by' is an equality, for the underdamped equation of the proof with the drift of Theorem 2.",
    notes="Also with C2 = t/eta, as in the proof, Eq. 14 adds the variance of the overdamped equation to that of free "
    "motion, which is not the variance of the equation it starts from: early it is far off, later by a tenth or more.",
)  # fmt: skip
CONSTANTS = Claim(
    id="kim2023.thm-3:constants",
    title="The constants of Eq. 14 are those of the last formula of its proof",
    source=SOURCE,
    statement=STATEMENT,
    symbols=(
        *SHARED, GAMMA,
        Symbol("C_2", "the constant as the statement has it", latex="C_2", measured=True),
        Symbol("meant", "what multiplies 1 - gamma in the exponent of the proof's formula", measured=True),
    ),
    hypotheses=(),
    conclusion="C_2 == meant",
    families=(
        Family(
            "the exponents", (Number("eta", 1e-3, 1e0), Number("t", 1e-2, 1e2)),
            lambda x, m: {
                "C_2": x.eta / x.t, "meant": x.t / x.eta, "lam": 1 + 0 * x.t, "rho": 0 * x.t, "gamma": 0 * x.t,
            },
        ),
    ),
    repairs=(
        Repair(
            "C2 inverted", "misprint", "C2 should read t/eta.", conclusion="1/C_2 == meant",
            because="the proof's line before has exp(-(1 - gamma) t / eta)", latex=r"C_2 = t/\eta",
        ),
    ),
    reading="Term by term, the exponent of the first term.",
)  # fmt: skip
SIGNS = Claim(
    id="kim2023.thm-3:positive",
    title="C1 to C4 are positive",
    source=SOURCE,
    statement=STATEMENT,
    symbols=SHARED,
    hypotheses=(GENERIC,),
    conclusion="eta**2*abs(lam)/2 > 0; eta/t > 0; eta*abs(lam)/(2*lam*(1 + rho*lam)**2) > 0;"
    "2*lam*(1 + rho*lam)**2*t > 0",
    families=(Family("eigenvalues of either sign", NUMBERS, lambda x, m: {}),),
    repairs=(
        Repair("positive eigenvalue", "condition", "For lambda_j > 0 all four are positive.", (POSITIVE,)),
    ),
    reading="For every eigenvalue at the saddle, also the negative ones.",
    notes="For lambda_j < 0, the direction in which a saddle is escaped, C3 and C4 are negative.",
)  # fmt: skip


def _more_momentum(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    slower = (1 - x.gamma) * x.factor
    c2 = x.t / x.eta
    return {
        "delta": equation_14(x, 1 - x.gamma, c2, m) / x.B,
        "delta_momentum": equation_14(x, slower, c2, m) / x.B,
        "delta_batch": equation_14(x, 1 - x.gamma, c2, m) / (x.B * x.factor),
    }


MONOTONE = Claim(
    id="kim2023.thm-3:monotone",
    title="Eq. 14 increases with the momentum and as the batch size decreases",
    source=SOURCE,
    statement=STATEMENT,
    symbols=(
        *SHARED, GAMMA, BATCH,
        Symbol("factor", "by which 1 - gamma, or B, is made smaller", "0 < factor < 1", "1"),
        Symbol("delta", "Delta_SAM", measured=True),
        Symbol("delta_momentum", "Delta_SAM at the larger momentum", measured=True),
        Symbol("delta_batch", "Delta_SAM at the smaller batch", measured=True),
    ),
    hypotheses=(GENERIC,),
    conclusion="delta_momentum > delta; delta_batch > delta",
    families=(
        Family(
            "Eq. 14 with the exponent of the proof",
            (*NUMBERS, Number("gamma", 0, 0.99, "linear"), Number("B", 1, 1e2), Number("factor", 0.1, 0.95, "linear")),
            _more_momentum,
        ),
    ),
    reading="Of the formula, C2 = t/eta as in the proof.",
)  # fmt: skip


def _limit(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    c2 = x.t / x.eta
    once, half = (equation_14(x, u, c2, m) * u for u in (x.u, x.u / 2))
    return {"ratio": half / once, "C_4": 2 * x.lam * (1 + x.rho * x.lam) ** 2 * x.t, "C_2": c2}


LIMIT = Claim(
    id="kim2023.thm-3:limit",
    title="As (1 - gamma) B -> 0, Eq. 14 is proportional to 1/((1 - gamma) B)",
    source=SOURCE,
    statement=STATEMENT,
    symbols=(
        *SHARED,
        Symbol("u", "1 - gamma", "0 < u <= 1", "1", r"1-\gamma"),
        Symbol("C_2", "constant of the exponent", measured=True),
        Symbol("C_4", "constant of the other exponent", measured=True),
        Symbol("ratio", "Delta_SAM (1 - gamma) at half of u, over the same at u", "", "1", measured=True),
    ),
    hypotheses=(
        GENERIC,
        Hypothesis("limit", "1 - gamma is small beside |C4| and 1/C2", "100*u <= abs(C_4); 100*u*C_2 <= 1"),
    ),
    conclusion="abs(ratio - 1) <= 1/50",
    families=(
        Family("Eq. 14 with the exponent of the proof", (*NUMBERS, Number("u", 1e-6, 1e-1)), _limit),
    ),
    steps=(
        ProofStep(
            "last line, second term", "abs(1 - exp(-q) - q) <= q/100",
            symbols=(Symbol("q", "C4/(1 - gamma), which grows beyond all bounds in this limit", "q >= 100", "1"),),
            hypotheses=(),
            families=(Family("the quotient", (Number("q", 1e2, 1e4),), lambda x, m: {}),),
            words="exp(-C4/(1 - gamma)) is expanded to first order where its argument tends to infinity.",
        ),
    ),
    repairs=(
        Repair("positive eigenvalue", "condition", "For lambda_j > 0 it holds, with C1 C2² + C3.", (POSITIVE,)),
    ),
    reading="Of the formula, C2 = t/eta as in the proof; to within 2 % between u and u/2, deep in the limit.",
    notes="For lambda_j < 0 the second term grows like exp(|C4|/(1 - gamma)).",
)  # fmt: skip
CLAIMS = (THEOREM, CONSTANTS, SIGNS, MONOTONE, LIMIT)
