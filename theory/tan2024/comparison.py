r"""The bounds of SGD, SAM and StableSAM compared (Tan et al. 2024, Remark 19 and Table 1).

Problem and assumptions: the bounds on the expected excess risk as T grows, as printed in Table 1, with arbitrary
constants 0 < gamma_0 <= gamma_1 < 1 and C > 1, at the same learning rate. What is compared are the bounds, not the
algorithms.

Statement as printed: when gamma_0 = gamma_1 StableSAM's bound is lower than SAM's, and so it is if gamma_1² <=
gamma_0; this can be had by clamping the factor to [gamma_0, sqrt(gamma_0)] for any gamma_0 in (0, 1) (Remark 19).
Table 1 lists the three bounds and the learning rates that they need; SAM's superiority over SGD is assured in a
limited regime of learning rates, StableSAM allows for a larger one (Section 1, contribution 2).

References:
    [1] Tan et al. (2024). Stabilizing sharpness-aware minimization through a simple renormalization strategy. Table 1,
    Theorems 11 and 18, Remark 19.
"""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.consistency import consistency
from ..claim import Claim, Hypothesis, Repair, Source, Symbol
from ..family import Family, Number
from .assumptions import CONSTANTS, FACTORS, RATIO
from .convergence_sam import RISK_BOUND
from .stable_sam import THEOREM_18 as STABLE_RISK

SGD = "2*G**2*(mu + L)/(n*mu*L) + eta*G**2*L/(4*mu)"
SAM = "2*G**2*(mu + L)/(n*mu*L*(1 + mu*rho/G)) + eta*G**2*L/(4*mu*(1 + mu*rho/G))"
STABLE = "2*gamma_1*G**2*(mu + L)/(n*mu*L*(1 + mu*rho/G)) + eta*gamma_1**2*G**2*L/(4*gamma_0*mu*(1 + mu*rho/G))"
THEOREM_11 = RISK_BOUND.conclusions[0].right
THEOREM_18 = STABLE_RISK.conclusions[0].right
LIMIT_SGD = "2/(mu + L)"
LIMIT_SAM = "2/(mu + L)*(1 + mu*rho/G)/(1 + C*L*rho/G)**2"
LIMIT_STABLE = "2/(mu + L)*(1 + mu*rho/G)/(gamma_1*(1 + C*L*rho/G)**2)"

EXAMPLES = Symbol("n", "examples of the data set", "n >= 1", "1")
SYMBOLS = (*CONSTANTS, EXAMPLES, *FACTORS[:2])
ARBITRARY = Hypothesis("arbitrary factors", "0 < gamma_0 <= gamma_1 < 1", "0 < gamma_0 <= gamma_1 < 1")
SQUARE = Hypothesis("square", "gamma_1² is at most gamma_0", "gamma_1**2 <= gamma_0")
NUMBERS = (
    Number("mu", 1e-2, 1e2), Number("L", 1e-2, 1e2), Number("G", 1e-2, 1e2), Number("rho", 1e-3, 1e1),
    Number("eta", 1e-3, 1e1), Number("n", 1, 1e4), Number("gamma_0", 0.01, 0.99, "linear"),
)  # fmt: skip
BOTH = Family("constants", (*NUMBERS, Number("gamma_1", 0.01, 0.99, "linear")), lambda x, m: {})
STATEMENT = (
    r"When $\gamma_0 = \gamma_1$ StableSAM consistently performs better than SAM. If $\gamma_1^2 \leq \gamma_0$, "
    r"StableSAM still attains a lower bound. This can be implemented by $\gamma_t = \min(\max(\|\nabla "
    r"f(w_t)\|/\|\nabla f(w_t^{asc})\|, \gamma_0), \sqrt{\gamma_0})$ for any $\gamma_0 \in (0, 1)$."
)
SOURCE = Source("tan2024", "Remark 19", "Section 4.3.2")
REMARK = Claim(
    id="tan2024.rem-19",
    title="StableSAM's bound is below SAM's if gamma_1² <= gamma_0",
    source=SOURCE,
    statement=STATEMENT,
    symbols=SYMBOLS,
    hypotheses=(ARBITRARY, SQUARE),
    conclusion=f"{STABLE} < {SAM}",
    families=(BOTH,),
    reading="The bounds of Theorems 11 and 18 at the same learning rate.",
)
EQUAL = Claim(
    id="tan2024.rem-19:equal",
    title="StableSAM's bound is below SAM's if gamma_0 = gamma_1",
    source=SOURCE,
    statement=STATEMENT,
    symbols=SYMBOLS,
    hypotheses=(ARBITRARY, Hypothesis("equal factors", "gamma_0 = gamma_1", "gamma_1 == gamma_0")),
    conclusion=f"{STABLE} < {SAM}",
    families=(Family("constants", NUMBERS, lambda x, m: {"gamma_1": x.gamma_0 + 0 * x.mu}),),
    reading="The bounds of Theorems 11 and 18 at the same learning rate.",
)


def _clamped(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    top = m.sqrt(x.gamma_0)
    return {"gamma_1": top, "gamma_t": m.minimum(m.maximum(x.ratio, x.gamma_0), top)}


CLAMPED = Claim(
    id="tan2024.rem-19:clamped",
    title="Clamping the factor to [gamma_0, sqrt(gamma_0)] gives gamma_1² <= gamma_0 < 1",
    source=SOURCE,
    statement=STATEMENT,
    symbols=(
        FACTORS[0],
        replace(FACTORS[1], measured=True),
        replace(FACTORS[2], measured=True),
        Symbol("ratio", "||g|| / ||g_asc||", "ratio > 0", "1"),
    ),
    hypotheses=(Hypothesis("range", "any gamma_0 in (0, 1)", "0 < gamma_0 < 1"),),
    conclusion="gamma_0 <= gamma_t; gamma_t <= gamma_1; gamma_1**2 <= gamma_0; gamma_1 < 1",
    families=(Family("factors", (Number("gamma_0", 0.01, 0.99, "linear"), Number("ratio", 1e-2, 1e2)), _clamped),),
)

TEXT_TABLE = (
    r"SGD: $\frac{2G^2(\mu+L)}{n\mu L}+\frac{\eta G^2L}{4\mu}$ for $\eta\leq\frac{2}{\mu+L}$; SAM: both terms over "
    r"$1+\mu\rho/G$, for $\eta\leq\frac{2}{\mu+L}\frac{1+\mu\rho/G}{(1+CL\rho/G)^2}$; StableSAM: the terms times "
    r"$\gamma_1$ and $\gamma_1^2/\gamma_0$, for the learning rate of SAM over $\gamma_1$; "
    r"$0<\gamma_0\leq\gamma_1<1$, $C>1$ arbitrary."
)
TABLE_SOURCE = Source("tan2024", "Table 1", "Section 1; Theorems 11 and 18")
TABLE = Claim(
    id="tan2024.table-1",
    title="Table 1: SAM's bound is below SGD's at smaller learning rates, and StableSAM's rates are larger than SAM's",
    source=TABLE_SOURCE,
    statement=TEXT_TABLE,
    symbols=(*SYMBOLS, RATIO),
    hypotheses=(ARBITRARY,),
    conclusion=f"{SAM} < {SGD}; {LIMIT_SAM} < {LIMIT_SGD}; {LIMIT_STABLE} > {LIMIT_SAM}",
    families=(Family("constants", (*BOTH.numbers, Number("C", 1.001, 5, "linear")), lambda x, m: {}),),
    checks=(
        consistency("tan2024.thm-11", SAM, THEOREM_11, "SAM's row and Theorem 11"),
        consistency("tan2024.thm-18", STABLE, THEOREM_18, "StableSAM's row and Theorem 18"),
    ),
    reading="The rows as bounds with the constants of the caption: what the text says of their order.",
)
STABLE_BELOW = Claim(
    id="tan2024.table-1:stable-below-sam",
    title="StableSAM's bound is below SAM's for arbitrary factors",
    source=TABLE_SOURCE,
    statement=TEXT_TABLE,
    symbols=SYMBOLS,
    hypotheses=(ARBITRARY,),
    conclusion=f"{STABLE} < {SAM}",
    families=(BOTH,),
    repairs=(
        Repair("square", "condition", "With gamma_1² <= gamma_0 (Remark 19) it holds.", (SQUARE,),
               latex=r"\gamma_1^2 \leq \gamma_0"),
    ),
    reading="The third row against the second, with the caption's arbitrary constants.",
)  # fmt: skip
CLAIMS = (REMARK, EQUAL, CLAMPED, TABLE, STABLE_BELOW)
