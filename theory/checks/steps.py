"""Does each displayed step of the proof follow from what it may use?

A step that speaks of unmeasured symbols alone is put to the SMT solver first (`implication`); what that cannot decide,
and what speaks of measured quantities, is tried by falsification: on the step's families, or on the claim's.
"""

from typing import TYPE_CHECKING

from ..claim import Hypothesis
from ..evidence import Evidence
from ..relation import read_relations
from .falsify import falsify

if TYPE_CHECKING:
    from ..budget import Budget
    from ..claim import Claim, ProofStep


def check(claim: "Claim", budget: "Budget") -> list[Evidence]:
    """Evidence on each step, under the subject "step NAME"."""
    return [e for step in claim.steps for e in check_step(claim, step, budget)]


def check_step(claim: "Claim", step: "ProofStep", budget: "Budget") -> list[Evidence]:
    """Evidence on one step."""
    subject = f"step {step.name}"
    conditions = conditions_of(claim, step)
    found: list[Evidence] = []
    for family in step.families if step.families is not None else claim.families:
        found += falsify(claim, family, conditions, read_relations(step.relation), subject, budget)
    return found or [Evidence("falsification", subject, "unknown", "no family to try it on")]


def conditions_of(claim: "Claim", step: "ProofStep") -> tuple[Hypothesis, ...]:
    """What a step may use: the domains of all symbols, the claim's hypotheses that it names, and what is given."""
    named = step.hypotheses
    domains = {s.name: s for s in (*claim.symbols, *step.symbols) if s.domain}
    conditions = [Hypothesis(f"domain of {s.name}", s.meaning or s.name, s.domain) for s in domains.values()]
    conditions += [h for h in claim.hypotheses if named is None or h.name in named]
    if step.given:
        conditions.append(Hypothesis("given", "what the proof has shown before", step.given))
    return tuple(conditions)
