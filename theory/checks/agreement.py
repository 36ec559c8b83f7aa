"""Two wordings of one thing, compared on instances: a hypothesis' relation and predicate, measure and replay."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import numpy as np

from ..evidence import Counterexample
from ..relation import Relation
from .instances import ROUND, MeasureError, Question, numpy_arithmetic, spelled
from .search import Found

BAND = 1e-9
"""Relative slack within which relation and predicate may differ by round-off, and are not compared."""
REPLAYED = 1e-10
"""Relative difference allowed between `measure` and `replay`, beside what a change of all numbers by `SHAKEN` does."""
SHAKEN = 1e-11
"""Relative change of all numbers that stands for the round-off of a few thousand operations."""


def disagreement(question: Question, found: Found, most: int = 300) -> str:
    """Where the two wordings of a hypothesis part, in words; "" where they agree on all instances looked at."""
    both = [h for h in question.conditions if h.relation and h.predicate is not None]
    if not both:
        return ""
    look = found.look
    rows = np.unique(np.concatenate([np.flatnonzero(look.met)[: most // 2], np.arange(min(len(look.met), most // 2))]))
    numbers = {name: value[rows] for name, value in question.values(found.z, found.sign).items()}
    instances = question.instances(numbers)
    for h in both:
        columns = [i for i, (name, _) in enumerate(question.relations) if name == h.name]
        low, closed = (t[columns] for t in question.tolerances)
        for row, instance in zip(rows, instances, strict=True):
            slack = look.slack[row, columns]
            if not np.all(np.isfinite(slack)) or np.any((np.abs(slack) < BAND) & ~closed):
                continue
            if np.any((np.abs(slack) < BAND) & (low == -ROUND)):
                continue
            by_relation = bool(np.all((slack > low) | (closed & (slack >= low))))
            if bool(h.predicate and h.predicate(instance)) != by_relation:
                shown = spelled({n: instance[n] for n in question.names})
                word = "holds" if by_relation else "fails"
                return (
                    f"{question.family.name}: hypothesis {h.name!r}: its relation {h.relation!r} {word} at {shown}, "
                    "its predicate says otherwise; make the two agree"
                )
    return ""


def unlike_replay(question: Question, found: Found, random: np.random.Generator, most: int = 3) -> str:
    """Where `measure` and `replay` part on instances that meet the hypotheses, in words; "" where they agree."""
    rows = np.flatnonzero(found.look.met[: found.drawn])
    if question.family.replay is None or not len(rows):
        return ""
    for row in rows[:: max(1, len(rows) // most)][:most]:
        numbers = question.values(found.z[[row]], found.sign[[row]])
        if complaint := unlike_at(question, {name: float(value[0]) for name, value in numbers.items()}, random):
            return complaint
    return ""


def unlike_at(question: Question, point: Mapping[str, float], random: np.random.Generator) -> str:
    """The same at one instance. What round-off may do is seen from instances nearby."""
    again = replayed(question, point)
    shaken = 1 + SHAKEN * np.concatenate([np.zeros((1, len(point))), random.standard_normal((8, len(point)))])
    known = question.instances({name: value * shaken[:, j] for j, (name, value) in enumerate(point.items())})
    size = max((abs(value) for value in again.values()), default=0.0)
    for name, value in again.items():
        if name not in known[0]:
            return f"{question.family.name}: `replay` gives {name!r}, which `measure` does not"
        measured = np.array([k[name] for k in known])
        if not (np.isfinite(value) and np.all(np.isfinite(measured))):
            continue
        allowed = REPLAYED * abs(value) + 1e-12 * size + float(np.ptp(measured))
        if abs(value - measured[0]) > allowed:
            return (
                f"{question.family.name}: {name} is measured {measured[0]:.12g} and replayed by the package's rules "
                f"{value:.12g} at {spelled({**point, **question.case})}"
            )
    return ""


def replayed(question: Question, point: Mapping[str, float]) -> dict[str, float]:
    """What the family's `replay` gives at one instance.

    Raises:
        MeasureError: It raises.
    """
    assert question.family.replay is not None
    try:
        again = question.family.replay(SimpleNamespace(**{**question.case, **point}))
    except Exception as error:
        raise MeasureError(f"replay of {question.family.name!r}: {type(error).__name__}: {error}") from error
    return {name: float(value) for name, value in again.items()}


def with_replay(
    question: Question, example: Counterexample, relation: Relation, random: np.random.Generator
) -> Counterexample:
    """The counterexample with both sides by the package's own rules, where the family can replay.

    Raises:
        MeasureError: They give something else than `measure`.
    """
    if question.family.replay is None:
        return example
    point = {name: float(Fraction(example.values[name])) for name in question.names}
    if complaint := unlike_at(question, point, random):
        raise MeasureError(complaint)
    (known,) = question.instances({name: np.array([value]) for name, value in point.items()})
    left, right = relation.sides({**known, **replayed(question, point)}, numpy_arithmetic().dialect)
    return replace(example, replayed=(float(left), float(right)))
