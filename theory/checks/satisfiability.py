"""Can the hypotheses hold together? z3 decides for polynomial relations; a minimal contradiction is named in words.

Hypotheses about functions are encoded by quantities of some point that must exist, for example strong convexity on the
whole space by the gradient's length at a distance that a bound on gradients then contradicts. Predicates alone are not
seen here, nor do measured quantities have to come from any function: "satisfiable" means that no contradiction follows
from the relations, "unsatisfiable" that nothing at all meets them.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..relation import Relation
from ..smt import Answer, NotPolynomial, not_polynomial, solve
from .points import simplest, truth

if TYPE_CHECKING:
    from ..budget import Budget
    from ..claim import Claim, Hypothesis
    from ..evidence import Evidence


def check(claim: "Claim", budget: "Budget") -> "list[Evidence]":
    """Evidence on "hypotheses": "satisfiable" with a model, "unsatisfiable" with a minimal core, or "unknown"."""
    from ..evidence import Evidence

    conditions = tuple(h for h in claim.conditions() if h.relations)
    if not conditions:
        return []
    answer = together(conditions, budget.solver_steps)
    if answer.says == "unsat":
        core = minimal_core(conditions, budget.solver_steps)
        named = "; ".join(f"{h.name} ({h.words}: {h.relation})" for h in core)
        words = f"no instance exists: these hypotheses contradict each other: {named}"
        return [Evidence("satisfiability", "hypotheses", "unsatisfiable", words, {"core": [h.name for h in core]})]
    relations = tuple(r for h in conditions for r in h.relations)
    numbers: dict[str, Any] = {"boundary": boundary(relations, budget.solver_steps)}
    numbers |= _left_out(claim, relations)
    if answer.says == "unknown":
        words = f"no answer from the solver ({answer.why})"
        return [Evidence("satisfiability", "hypotheses", "unknown", words, numbers)]
    model = _model(answer, relations, budget.solver_steps)
    numbers["model"] = {n: str(x) for n, x in model.items()}
    doubtful = [r.text for r in relations if truth(r, model) is not True]
    if not doubtful:
        words = f"the hypotheses hold together, for example at {_shown(model)}"
        return [Evidence("satisfiability", "hypotheses", "satisfiable", words, numbers)]
    if answer.irrational and not any(not_polynomial(r) for r in relations):
        numbers["irrational"] = list(answer.irrational)
        words = f"the hypotheses hold together, near {_shown(model)} ({', '.join(answer.irrational)} irrational)"
        return [Evidence("satisfiability", "hypotheses", "satisfiable", words, numbers)]
    words = f"the polynomial relations hold together; undecided: {'; '.join(doubtful)}"
    return [Evidence("satisfiability", "hypotheses", "unknown", words, numbers)]


def together(conditions: "Sequence[Hypothesis]", steps: int, extra: Sequence[Relation] = ()) -> Answer:
    """The solver on all relations of some hypotheses; transcendental functions are relaxed (`smt`)."""
    return _asked((*(r for h in conditions for r in h.relations), *extra), steps)


def minimal_core(conditions: "Sequence[Hypothesis]", steps: int) -> "tuple[Hypothesis, ...]":
    """Those of contradictory hypotheses that already contradict each other, none of which can be spared.

    Hypotheses are spared first, the last ones before the others, so that as few as can be are named; then the domains.
    One whose sparing the solver cannot decide within `steps` is kept.
    """
    core = list(conditions)
    order = sorted(range(len(core)), key=lambda i: (core[i].name.startswith("domain of"), -i))
    for spared in [core[i] for i in order]:
        fewer = [h for h in core if h is not spared]
        if fewer and together(fewer, steps).says == "unsat":
            core = fewer
    return tuple(core)


def boundary(relations: Sequence[Relation], steps: int) -> dict[str, str]:
    """For each relation that allows equality, whether the others allow it too."""
    words = {"sat": "satisfiable", "unsat": "unsatisfiable", "unknown": "unknown"}
    found = {}
    for relation in relations:
        if relation.sign in ("<=", ">="):
            equal = Relation(relation.left, "==", relation.right)
            found[relation.text] = words[_asked((*relations, equal), steps).says]
    return found


def _asked(relations: Sequence[Relation], steps: int) -> Answer:
    try:
        return solve(relations, steps, relaxed=True)
    except NotPolynomial:  # nothing is known of one of the functions; the other relations may contradict each other
        return solve([r for r in relations if not not_polynomial(r)], steps)


def _model(answer: Answer, relations: Sequence[Relation], steps: int) -> Mapping[str, Fraction]:
    """A model in simple fractions, where there is one; strictly inside the inequalities if that helps."""
    model = _complete(answer.model, relations)
    if any(truth(r, model) is not True for r in relations):
        inside = [Relation(r.left, {"<=": "<", ">=": ">"}.get(r.sign, r.sign), r.right) for r in relations]  # type: ignore[arg-type]
        again = _asked(inside, steps)
        if again.says == "sat":
            model = _complete(again.model, relations)
    met = [r for r in relations if truth(r, model) is True]
    return simplest(model, lambda values: all(truth(r, values) is True for r in met))


def _complete(model: Mapping[str, Fraction], relations: Sequence[Relation]) -> dict[str, Fraction]:
    return {**dict.fromkeys(sorted({n for r in relations for n in r.names}), Fraction(1)), **model}


def _left_out(claim: "Claim", relations: Sequence[Relation]) -> dict[str, Any]:
    measured = {s.name for s in claim.symbols if s.measured} & {n for r in relations for n in r.names}
    found: dict[str, Any] = {"measured quantities taken as free": sorted(measured)} if measured else {}
    if predicates := [h.name for h in claim.hypotheses if not h.relation]:
        found["predicates not seen"] = predicates
    if transcendental := [r.text for r in relations if not_polynomial(r)]:
        found["transcendental"] = transcendental
    return found


def _shown(model: Mapping[str, Fraction]) -> str:
    return ", ".join(f"{n} = {x}" for n, x in sorted(model.items()))
