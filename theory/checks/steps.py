"""Does each displayed step of the proof follow from what it may use?

A step that speaks of chosen quantities alone, or that something is given for, is put to the SMT solver first
(`implication`): a proof needs nothing but the relations. Its counterexample counts where the hypotheses too speak of
chosen quantities alone. The others are tried by falsification, on the step's own families or on the claim's.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..claim import Hypothesis
from ..evidence import Evidence
from ..relation import Relation, read_relations
from .falsify import falsify
from .implication import Implication, imply
from .points import settle

if TYPE_CHECKING:
    from ..budget import Budget
    from ..claim import Claim, ProofStep


def check(claim: "Claim", budget: "Budget") -> list[Evidence]:
    """Evidence on each step, under the subject "step NAME"."""
    return [e for step in claim.steps for e in check_step(claim, step, budget)]


def check_step(claim: "Claim", step: "ProofStep", budget: "Budget") -> list[Evidence]:
    """Evidence on one step: proved, refuted, or what the search on each family came to."""
    subject = f"step {step.name}"
    conditions = conditions_of(claim, step)
    relations = read_relations(step.relation)
    given = [r for h in conditions for r in h.relations]
    symbols = (*claim.symbols, *step.symbols)
    measurable = {s.name for s in symbols if s.measured}
    measured = measurable & _names((*given, *relations))
    asked = bool(step.given) or not measurable & _names(relations)
    answers = [imply(given, r, budget, symbols) if asked else Implication("unknown", {}) for r in relations]
    if all(a.answer == "proved" for a in answers):
        words = "it follows from what is given, for all real values of the symbols: the negation is unsatisfiable"
        return [Evidence("implication", subject, "proved", words, {"proved": [r.text for r in relations]})]
    if not measured and all(h.relation for h in conditions):
        for relation, (answer, model) in zip(relations, answers, strict=True):
            example = settle(given, relation, model) if answer == "refuted" else None
            if example is not None:
                at = ", ".join(f"{n} = {x}" for n, x in example.values.items())
                words = f"{relation.text} does not follow: at {at} it is {example.left} against {example.right}"
                return [Evidence("implication", subject, "refuted", words, {}, example)]
    open_ones = tuple(r for r, a in zip(relations, answers, strict=True) if a.answer != "proved")
    found: list[Evidence] = []
    for family in step.families if step.families is not None else claim.families:
        found += falsify(claim, family, conditions, open_ones, subject, budget)
    if found:
        return found
    words = f"no proof within {budget.solver_steps} solver steps, and no family to try it on"
    return [Evidence("implication", subject, "unknown", words)]


def conditions_of(claim: "Claim", step: "ProofStep") -> tuple[Hypothesis, ...]:
    """What a step may use: the claim's hypotheses that it names, what is given, and the domains of all symbols that
    these and the step speak of.
    """
    used = [h for h in claim.hypotheses if step.hypotheses is None or h.name in step.hypotheses]
    if step.given:
        used.append(Hypothesis("given", "what the proof has shown before", step.given))
    spoken_of = _names([*(r for h in used for r in h.relations), *read_relations(step.relation)])
    domains = {s.name: s for s in (*claim.symbols, *step.symbols) if s.domain}
    while more := spoken_of | _names(
        [r for n, s in domains.items() if n in spoken_of for r in read_relations(s.domain)]
    ):
        if more == spoken_of:
            break
        spoken_of = more
    known = [Hypothesis(f"domain of {n}", s.meaning or n, s.domain) for n, s in domains.items() if n in spoken_of]
    return (*known, *used)


def _names(relations: Sequence[Relation]) -> frozenset[str]:
    return frozenset(n for r in relations for n in r.names)
