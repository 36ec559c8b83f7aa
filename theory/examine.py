"""Everything that is done with one claim: the usual checks, its own, repairs where it is refuted, and the verdict."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .budget import Budget
from .claim import Claim
from .evidence import Evidence
from .verdict import Verdict, decide

Timed = tuple[Evidence, float]


@dataclass(frozen=True)
class Examination:
    """A claim, the evidence on it with the seconds that each piece took, and its verdict."""

    claim: Claim
    evidence: tuple[Evidence, ...]
    seconds: tuple[float, ...]
    verdict: Verdict


def examine(claim: Claim, budget: Budget) -> Examination:
    """Run every check that applies to a claim and decide. Never raises: a check that breaks down is evidence."""
    from .checks import usual_checks

    timed: list[Timed] = []
    for name, check in usual_checks(claim):
        timed += _run(name, check, claim, budget)
    if any(e.subject == "conclusion" and e.says == "refuted" for e, _ in timed):
        for repair in claim.repairs:
            mended = claim.repaired(repair)
            for name, check in usual_checks(mended):
                timed += [
                    (replace(e, subject=f"repair {repair.name}"), seconds)
                    for e, seconds in _run(name, check, mended, budget)
                    if e.subject == "conclusion" or e.says in ("failed", "unsatisfiable")
                ]
    evidence = tuple(e for e, _ in timed)
    return Examination(claim, evidence, tuple(s for _, s in timed), decide(claim, evidence))


def _run(name: str, check: Callable[[Claim, Budget], Sequence[Evidence]], claim: Claim, budget: Budget) -> list[Timed]:
    start = time.perf_counter()
    try:
        found = list(check(claim, budget))
    except Exception as error:  # noqa: BLE001 - a check that breaks down is a row of the report, and says so
        found = [Evidence(name, "conclusion", "failed", f"{type(error).__name__}: {error}")]
    spent = (time.perf_counter() - start) / max(len(found), 1)
    return [(e, spent) for e in found]
