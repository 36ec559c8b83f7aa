"""Do the hypotheses imply the conclusion? Proved where z3 finds the negation unsatisfiable.

Where it finds a point instead, or none and simple fractions do, the point counts only after it has been settled in
rational or ball arithmetic, and only if every hypothesis could be tried on it: one that speaks of measured quantities,
or a predicate that needs them, leaves the answer open.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from ..relation import Relation, read_relations
from ..scaling import unit_constants
from ..smt import Answer, NotPolynomial, not_polynomial, solve
from .points import settle, simplest, truth

if TYPE_CHECKING:
    from ..budget import Budget
    from ..claim import Claim, Symbol
    from ..evidence import Evidence

TRIES = 200
"""Points among simple fractions that are tried after the solver's own."""
_VALUES = tuple(
    Fraction(x) for x in "1 2 1/2 3 -1 -2 -1/2 1/3 3/2 -3 1/10 10 5 -1/3 1/100 100 9/10 99/100 1001/1000 0".split()
)


class Implication(NamedTuple):
    """Whether a relation follows. `model`, where it does not: a point at which all that is given holds and it fails."""

    answer: Literal["proved", "refuted", "unknown"]
    model: Mapping[str, Fraction]


def imply(
    given: Sequence[Relation], relation: Relation, budget: "Budget", symbols: "Sequence[Symbol]" = ()
) -> Implication:
    """Does a relation follow from others, for all real values of the names?

    Args:
        given: Transcendental ones are used as far as `smt_relaxation` knows of them.
        relation: What should follow. Where it has no value (a division by zero) it is not counted as false.
        budget: `solver_steps` for each question asked.
        symbols: Those of the names that have dimensions; homogeneous questions are asked in units that suit them.
    """
    units = unit_constants(given, symbols, (relation,))
    answer = _asked(given, relation, budget.solver_steps, units)
    if answer.says == "unsat":
        return Implication("proved", {})

    def breaks(values: Mapping[str, Fraction]) -> bool:
        return all(truth(g, values) is True for g in given) and truth(relation, values) is False

    for point in _points(answer, given, relation, budget.solver_steps, units):
        if breaks(point):
            return Implication("refuted", simplest(point, breaks))
    return Implication("unknown", {})


def check(claim: "Claim", budget: "Budget") -> "list[Evidence]":
    """Evidence on "conclusion": "proved", "refuted" with a point, or "unknown"; none if it is about measurements."""
    from ..evidence import Evidence

    said_to_be = {s.name for s in claim.symbols if s.measured}
    spoken_of = [r for r in claim.conclusions if not said_to_be & set(r.names)]
    if not spoken_of:
        return []
    measured = measured_names(claim)
    given = [r for h in claim.conditions() for r in h.relations]
    answers = [(r, imply(given, r, budget, claim.symbols)) for r in spoken_of]
    for relation, (answer, model) in answers:
        example = settle(given, relation, model) if answer == "refuted" else None
        free = not measured & {n for r in (*given, relation) for n in r.names}
        if example and free and _predicates_hold(claim, model):
            words = f"{relation.text} does not follow: at {_shown(model)} it is {example.left} against {example.right}"
            return [Evidence("implication", "conclusion", "refuted", words, {}, example)]
    shown = [r.text for r, (answer, _) in answers if answer == "proved"]
    if len(shown) == len(claim.conclusions):
        words = "the hypotheses imply it, for all real values of the symbols: the negation is unsatisfiable"
        if imply(given, read_relations("0 > 1")[0], budget).answer == "proved":
            words = "it follows, like everything, from hypotheses that contradict each other"
        return [Evidence("implication", "conclusion", "proved", words, {"proved": shown})]
    open_ones = [r.text for r in claim.conclusions if r.text not in shown]
    words = f"neither proved nor refuted from the relations alone: {'; '.join(open_ones)}"
    return [Evidence("implication", "conclusion", "unknown", words, {"proved": shown})]


def measured_names(claim: "Claim") -> set[str]:
    """Quantities that an instance measures: those said to be, and those that a family of the claim does not draw."""
    measured = {s.name for s in claim.symbols if s.measured}
    for family in claim.families:
        drawn = {n.name for n in family.numbers} | {name for case in family.cases for name in case}
        measured |= {s.name for s in claim.symbols} - drawn
    return measured


def _asked(given: Sequence[Relation], relation: Relation, steps: int, units: Mapping[str, Fraction]) -> Answer:
    try:
        return solve(given, steps, denied=relation, fixed=units, relaxed=True)
    except NotPolynomial:  # nothing is known of one of the functions: what follows without it follows
        pass
    try:
        return solve([r for r in given if not not_polynomial(r)], steps, denied=relation, fixed=units, relaxed=True)
    except NotPolynomial as error:
        return Answer("unknown", why=str(error))


def _points(
    answer: Answer, given: Sequence[Relation], relation: Relation, steps: int, units: Mapping[str, Fraction]
) -> Iterator[dict[str, Fraction]]:
    """Where to look: the solver's point, one strictly inside the inequalities, simple fractions; always the same."""
    names = sorted({n for r in (*given, relation) for n in r.names})
    ones = dict.fromkeys(names, Fraction(1))
    if answer.says == "sat":
        yield {**ones, **answer.model}
        inside = [Relation(r.left, {"<=": "<", ">=": ">"}.get(r.sign, r.sign), r.right) for r in given]  # type: ignore[arg-type]
        again = _asked(inside, relation, steps, units)
        if again.says == "sat":
            yield {**ones, **again.model}
    draw = random.Random(0)
    drawn = dict.fromkeys(tuple(draw.choice(_VALUES) for _ in names) for _ in range(TRIES))
    for point in drawn:
        yield dict(zip(names, point, strict=True))


def _predicates_hold(claim: "Claim", model: Mapping[str, Fraction]) -> bool:
    numbers = {n: float(x) for n, x in model.items()}
    try:
        return all(h.predicate(numbers) for h in claim.hypotheses if h.predicate)
    except KeyError:  # it needs what only an instance can measure
        return False


def _shown(model: Mapping[str, Fraction]) -> str:
    return ", ".join(f"{n} = {x}" for n, x in sorted(model.items()))
