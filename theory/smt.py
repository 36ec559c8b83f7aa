"""Can relations hold together? Polynomial arithmetic over the reals, decided by z3's nlsat.

Formulas are brought into polynomials by `smt_terms`; of transcendental functions a relaxed question knows what
`smt_relaxation` says. The limit is z3's resource count, so that a question has the same answer on every machine.

References:
    de Moura, Bjørner (2008). Z3: an efficient SMT solver. TACAS.
    Jovanović, de Moura (2012). Solving non-linear arithmetic. IJCAR.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from .relation import Relation, Sign
from .smt_terms import NotPolynomial as NotPolynomial, Question

MILLISECONDS_PER_STEP = 0.01
"""A backstop on the clock, about ten times what a step takes: single steps on large algebraic numbers can hang."""
LONGEST = 60_000
"""The backstop's own limit, in milliseconds."""
MEMORY = 1024
"""Megabytes that z3 may take before a question goes unanswered; what this project asks takes below 200."""
_OPPOSITE: Mapping[str, Sign] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@dataclass(frozen=True)
class Answer:
    """What the solver says of a set of relations.

    Attributes:
        says: "sat", "unsat" or "unknown".
        model: With "sat", a value for every name. Those in `irrational` are near the solver's own, which are roots of
            polynomials; check a model before it is believed (`checks.points`).
        irrational: Names whose value the solver has as an algebraic number.
        why: With "unknown", the solver's reason.
    """

    says: Literal["sat", "unsat", "unknown"]
    model: Mapping[str, Fraction] = field(default_factory=dict)
    irrational: tuple[str, ...] = ()
    why: str = ""


def solve(
    relations: Sequence[Relation],
    steps: int,
    denied: Relation | None = None,
    fixed: Mapping[str, Fraction] | None = None,
    relaxed: bool = False,
) -> Answer:
    """Can these relations hold together?

    Args:
        relations: All of them are asserted.
        steps: z3's resource limit, so that the same question has the same answer on every machine.
        denied: A relation that has to have a value and to be false.
        fixed: Values that are given; they stand in the model too.
        relaxed: Whether transcendental functions become variables with known inequalities.
    Raises:
        NotPolynomial: A relation cannot be written in polynomials.
    """
    import z3

    z3.set_param("memory_max_size", MEMORY)
    question = Question((*relations, *((denied,) if denied else ())), relations, fixed or {}, relaxed)
    solver = z3.Tactic("qfnra-nlsat", question.context).solver()
    solver.set("rlimit", steps)
    solver.set("timeout", max(1000, min(LONGEST, int(steps * MILLISECONDS_PER_STEP))))
    solver.add(*question.signs())
    for relation in relations:
        solver.add(question.asserted(relation))
    if denied:
        solver.add(question.asserted(Relation(denied.left, _OPPOSITE[denied.sign], denied.right)))
    try:
        says = str(solver.check())
    except z3.Z3Exception as error:
        return Answer("unknown", why=str(error))
    if says == "unsat":
        return Answer("unsat")
    if says != "sat":
        return Answer("unknown", why=solver.reason_unknown())
    model = solver.model()
    values, irrational = dict(fixed or {}), []
    for name, variable in question.variables.items():
        value: Any = model.eval(variable, model_completion=True)
        if z3.is_algebraic_value(value):
            irrational.append(name)
            value = value.approx(20)
        values[name] = value.as_fraction()
    return Answer("sat", values, tuple(irrational))


def not_polynomial(relation: Relation) -> str | None:
    """What in a relation is not polynomial, or None."""
    try:
        Question((relation,), ()).asserted(relation)
    except NotPolynomial as error:
        return error.what
    return None
