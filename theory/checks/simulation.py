"""Measurements against predictions, judged in standard errors: ensembles for SDEs, Monte Carlo for stochastic rules.

A difference that noise cannot explain "disagrees"; it is strong evidence but no counterexample (see `verdict`): give a
closed form or an exact expectation beside it where the claim can be refuted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..evidence import Evidence

if TYPE_CHECKING:
    from ..budget import Budget
    from ..claim import Claim

WITHIN = 5.0
"""Standard errors that noise may explain: at 5, one in 1.7 million normal measurements lies further out."""


@dataclass(frozen=True)
class Measurement:
    """One measured number and what a claim predicts of it.

    Attributes:
        name: What, and at which settings.
        value: Measured.
        error: Its standard error, > 0; for a deterministic computation its numerical error.
        predicted: What the claim says.
        allowance: A known bias of the measurement (of a time step, say), added to the errors; state it in the claim.
        bound: "equal"; or "at most" / "at least", where the prediction is a bound.
    """

    name: str
    value: float
    error: float
    predicted: float
    allowance: float = 0.0
    bound: str = "equal"

    @property
    def deviation(self) -> float:
        """In standard errors; 0 inside a bound. NaN counts as infinite."""
        difference = self.value - self.predicted
        if self.bound == "at most":
            difference = max(difference, 0.0)
        elif self.bound == "at least":
            difference = max(-difference, 0.0)
        beyond = max(abs(difference) - self.allowance, 0.0) if difference == difference else float("inf")
        return 0.0 if beyond == 0 else beyond / self.error if self.error > 0 else float("inf")


def simulated(
    measure: "Callable[[Budget], Sequence[Measurement]]", words: str, subject: str = "conclusion"
) -> "Callable[[Claim, Budget], list[Evidence]]":
    """A check that measures and compares.

    Args:
        measure: From the budget to measurements; randomness by fixed keys.
        words: What is measured.
        subject: What the evidence is about.
    Returns:
        A check: "agrees" if every measurement lies within `WITHIN` standard errors, else "disagrees".
    """

    def check(claim: "Claim", budget: "Budget") -> list[Evidence]:
        rows = list(measure(budget))
        if not rows:
            return [Evidence("simulation", subject, "failed", f"{words}: nothing was measured")]
        worst = max(rows, key=lambda row: row.deviation)
        numbers = {
            "measurements": [
                {
                    "what": row.name, "measured": row.value, "standard error": row.error,
                    "predicted": row.predicted, "standard errors apart": row.deviation,
                }
                for row in rows
            ],
            "largest deviation in standard errors": worst.deviation,
        }  # fmt: skip
        off = sum(row.deviation > WITHIN for row in rows)
        if off:
            said = (
                f"{words}: {off} of {len(rows)} measurements are further than {WITHIN:g} standard errors from the "
                f"prediction; {worst.name}: {worst.value:.4g} ± {worst.error:.2g}, predicted {worst.predicted:.4g}"
            )
            return [Evidence("simulation", subject, "disagrees", said, numbers)]
        said = f"{words}: {len(rows)} measurements, all within {max(worst.deviation, 0.1):.1f} standard errors"
        return [Evidence("simulation", subject, "agrees", said, numbers)]

    check.name = "simulation"  # type: ignore[attr-defined]
    return check
