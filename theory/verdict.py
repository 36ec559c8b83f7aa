"""The decision rule: what becomes of a claim, from what its checks found, and from nothing else.

In this order, the first that applies:

1. The hypotheses are unsatisfiable together                              -> `vacuous`
   (if an instance met them all the same, a check is wrong                -> `undecided`).
2. The conclusion is refuted, a misprint's repair survives                -> `misprint`.
3. The conclusion is refuted, an extra condition survives                 -> `holds-if`.
4. The conclusion is refuted                                              -> `violated`.
5. A displayed proof step is refuted, the conclusion is not               -> `proof-gap`.
6. The conclusion is proved; or it survives, an instance met the
   hypotheses, and no check disagrees; or measurements of it agree        -> `holds`.
7. Otherwise                                                              -> `undecided`.

A refutation is a counterexample settled in exact or ball arithmetic; an ensemble that disagrees, however strongly, is
no refutation by itself (7). A check that broke down is neither for nor against, but a claim with one never `holds`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .claim import Claim
from .evidence import Evidence

VerdictName = Literal["holds", "holds-if", "violated", "vacuous", "misprint", "proof-gap", "undecided"]
VERDICTS: tuple[VerdictName, ...] = (
    "holds", "holds-if", "violated", "vacuous", "misprint", "proof-gap", "undecided",
)  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """A claim's verdict, the rule's reasons for it, and every other finding worth a reader's time."""

    name: VerdictName
    reasons: tuple[str, ...]
    findings: tuple[str, ...] = ()


def decide(claim: Claim, evidence: Sequence[Evidence]) -> Verdict:
    """Apply the rule of this module to the evidence on a claim."""
    on = {subject: [e for e in evidence if e.subject == subject] for subject in {e.subject for e in evidence}}
    conclusion = on.get("conclusion", [])
    refutations = [e for e in conclusion if e.says == "refuted"]
    contradictions = [e for e in on.get("hypotheses", []) if e.says == "unsatisfiable"]
    gaps = [e for e in evidence if e.subject.startswith("step ") and e.says == "refuted"]
    findings = tuple(f"{e.subject}: {e.words}" for e in evidence if e.says in ("refuted", "inhomogeneous", "disagrees"))
    survivors = {
        kind: [r for r in claim.repairs if r.kind == kind and stands(on.get(f"repair {r.name}", []))]
        for kind in ("misprint", "condition", "correction")
    }
    repaired = tuple(f"{r.words}" for rs in survivors.values() for r in rs)

    met = [e for e in conclusion if e.numbers.get("met", 0) > 0 and e.check == "falsification"]
    if contradictions and met:
        words = (*(e.words for e in contradictions), *(e.words for e in met))
        return Verdict("undecided", ("instances met hypotheses that are called contradictory", *words), findings)
    if contradictions:
        return Verdict("vacuous", tuple(e.words for e in contradictions), findings)
    if refutations:
        name: VerdictName = (
            "misprint" if survivors["misprint"] else "holds-if" if survivors["condition"] else "violated"
        )
        return Verdict(name, (*(e.words for e in refutations), *repaired), findings)
    broken = [e for e in evidence if e.says == "failed"]
    against = [e for e in conclusion if e.says == "disagrees"]
    if gaps:
        return Verdict("proof-gap", tuple(f"{e.subject}: {e.words}" for e in gaps), findings)
    if broken:
        return Verdict("undecided", tuple(f"{e.check} broke down: {e.words}" for e in broken), findings)
    if against:
        return Verdict("undecided", tuple(e.words for e in against), findings)
    proofs = [e for e in conclusion if e.says == "proved"]
    if stands(conclusion):
        return Verdict(
            "holds",
            tuple(e.words for e in proofs or conclusion if e.says in ("proved", "survives", "agrees")),
            findings,
        )
    return Verdict(
        "undecided", tuple(e.words for e in conclusion) or ("nothing was tried on the conclusion",), findings
    )


def stands(evidence: Sequence[Evidence]) -> bool:
    """Proved, or survived where some instance met the hypotheses, or measured; and nothing speaks against it."""
    if any(e.says in ("refuted", "disagrees", "failed", "unsatisfiable") for e in evidence):
        return False
    measured = any(e.says == "agrees" and e.check == "simulation" for e in evidence)
    return measured or any(
        e.says == "proved" or (e.says == "survives" and e.numbers.get("met", 0) > 0) for e in evidence
    )
