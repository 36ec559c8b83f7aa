"""Falsification: is there an instance that meets every hypothesis and breaks the conclusion?

For each family and case of a claim: search (`search`), shrink the worst finds to simple rationals (`shrink`), and
settle them exactly (`settle`). Only what is settled refutes. What survives is reported with the instances that met the
hypotheses, and with its tightness: the largest left/right of a relation "<=" (right/left of ">="), 1 where it is tight.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..evidence import Counterexample, Evidence
from ..relation import Relation
from .instances import ROUND, Look, MeasureError, Question, generator, numpy_arithmetic, spelled
from .search import Found, search
from .settle import Settled, settle
from .shrink import shrunk

if TYPE_CHECKING:
    from ..budget import Budget
    from ..claim import Claim
    from ..family import Family

NOISE = 1e-9
"""Relative violation above which a float64 instance is worth settling; round-off of a few hundred steps is below it."""
CLEAR = 1e-6
"""Relative violation that round-off does not explain: one that cannot be settled makes the answer "unknown"."""
NEARBY = 1e-7
"""Distance in the unit cube at which a violation that is no artefact of round-off persists."""
SHAKEN = 1e-11
"""Relative change of all numbers that stands for the round-off of a few thousand operations."""
CANDIDATES = 6
"""Finds of one conclusion that are shrunk and settled."""
REPLAYED = 1e-10
"""Relative difference allowed between `measure` and `replay`, beside what a change of all numbers by `SHAKEN` does."""


def check(claim: "Claim", budget: "Budget") -> list[Evidence]:
    """Evidence on the conclusion, one piece for each family; none if the claim has no families."""
    conditions = claim.conditions()
    found: list[Evidence] = []
    for family in claim.families:
        found += falsify(claim, family, conditions, claim.conclusions, "conclusion", budget)
    return found


def falsify(
    claim: "Claim",
    family: "Family",
    conditions: "tuple[Any, ...]",
    conclusions: tuple[Relation, ...],
    subject: str,
    budget: "Budget",
) -> list[Evidence]:
    """Try to break `conclusions` on one family, under `conditions`; evidence about `subject`."""
    tally = Tally(family.name)
    try:
        with np.errstate(all="ignore"):  # a run that diverges is an instance like any other
            return _falsify(claim, family, conditions, conclusions, subject, budget, tally)
    except MeasureError as error:
        return [Evidence("falsification", subject, "failed", str(error), {"family": family.name})]


def _falsify(
    claim: "Claim",
    family: "Family",
    conditions: "tuple[Any, ...]",
    conclusions: tuple[Relation, ...],
    subject: str,
    budget: "Budget",
    tally: "Tally",
) -> list[Evidence]:
    for case in family.cases:
        question = Question(family, case, tuple(conditions), conclusions)
        random = generator(claim, family, case, subject)
        found = search(question, budget, random)
        if complaint := disagreement(question, found) or unlike_replay(question, found, random):
            return [Evidence("falsification", subject, "failed", complaint, {"family": family.name})]
        broken = tally.take(question, found, random)
        if broken is not None:
            said = (
                f"{family.name}: {broken.relation} fails at {spelled(broken.values)}: {broken.left} against "
                f"{broken.right}"
            )
            numbers = {**tally.numbers(), "family": family.name}
            return [Evidence("falsification", subject, "refuted", said, numbers, broken)]
    return [tally.evidence(subject)]


@dataclass
class Tally:
    """What the search on one family came to, over its cases."""

    family: str
    tried: int = 0
    met: int = 0
    edge: int = 0
    tightness: float = -np.inf
    tightest: dict[str, float] = field(default_factory=dict)
    difference: float = 0.0
    rarest: tuple[float, str] = (np.inf, "")
    unsettled: str = ""

    def take(self, question: Question, found: Found, random: np.random.Generator) -> Counterexample | None:
        """Count one search, and settle its finds; a counterexample if one stands."""
        look = found.look
        numbers = question.values(found.z, found.sign)
        rows = np.flatnonzero(look.met)
        rows = rows[question.predicates_met(numbers, rows)]
        self.tried += len(look.met)
        self.met += len(rows)
        self.edge += int(np.sum(np.any(np.abs(look.slack[rows]) < CLEAR, 1)))
        if not len(rows):
            self._why_none(question, found, numbers)
            return None
        self._tightest(question, look, numbers, rows)
        for c, relation in enumerate(question.conclusions):
            least = threshold(relation)
            excess = np.nan_to_num(look.excess[rows, c], nan=-2.0)
            finds = rows[excess >= least]
            finds = finds[np.argsort(-look.excess[finds, c], kind="stable")]
            half = CANDIDATES // 2 if not relation.strict else 1
            others = finds[half:]
            chosen = [*finds[:half], *random.choice(others, min(half, len(others)), replace=False)]
            for row in chosen:
                point = {name: float(value[row]) for name, value in numbers.items()}
                settled = stand(question, point, c, float(look.excess[row, c]), random)
                if settled.counterexample is not None:
                    return with_replay(question, settled.counterexample, relation, random)
                open_equality = relation.strict and settled.says == "unknown"
                if open_equality or (
                    settled.says != "holds" and robust(question, found.z[row], found.sign[row], c, random)
                ):
                    self.unsettled = f"{relation.text} at {spelled(point)}: {settled.words}"
        return None

    def _tightest(self, question: Question, look: Look, numbers: Mapping[str, np.ndarray], rows: np.ndarray) -> None:
        for c, relation in enumerate(question.conclusions):
            left, right = look.left[rows, c], look.right[rows, c]
            if relation.sign in ("==", "!="):
                finite = look.excess[rows, c][np.isfinite(look.excess[rows, c])]
                self.difference = max(self.difference, float(np.max(np.abs(finite), initial=0.0)))
                continue
            small, large = (left, right) if relation.sign in ("<", "<=") else (right, left)
            with np.errstate(all="ignore"):
                ratio = np.where((small < 0) & (large < 0), large / small, np.where(large > 0, small / large, -np.inf))
            ratio = np.where(np.isfinite(ratio), ratio, -np.inf)
            best = int(np.argmax(ratio))
            if ratio[best] > self.tightness:
                self.tightness = float(ratio[best])
                self.tightest = {n: float(v[rows[best]]) for n, v in numbers.items()} | dict(question.case)

    def _why_none(self, question: Question, found: Found, numbers: Mapping[str, np.ndarray]) -> None:
        low, closed = question.tolerances
        slack = found.look.slack
        each = (slack > low) | (closed & (slack >= low))
        for i, (name, relation) in enumerate(question.relations):
            share = float(np.mean(each[:, i]))
            self.rarest = min(self.rarest, (share, f"{name} ({relation.text})"))
        if found.look.met.any():
            names = [h.name for h in question.conditions if not h.relation]
            self.rarest = min(self.rarest, (0.0, f"the predicates of {', '.join(names)}"))

    def numbers(self) -> dict[str, Any]:
        """For the report."""
        shown: dict[str, Any] = {"tried": self.tried, "met": self.met, "on boundary": self.edge}
        if np.isfinite(self.tightness):
            shown |= {"tightness": self.tightness, "tightest": self.tightest}
        if self.difference:
            shown["largest relative difference"] = self.difference
        return shown

    def evidence(self, subject: str) -> Evidence:
        """What is to be said when nothing was refuted."""
        numbers = {**self.numbers(), "family": self.family}
        if not self.met:
            share, name = self.rarest
            said = (
                f"{self.family}: none of {self.tried} instances meets the hypotheses; least often met: {name}, by "
                f"{share:.2%} of them"
            )
            return Evidence("falsification", subject, "unknown", said, numbers)
        if self.unsettled:
            said = f"{self.family}: float64 breaks {self.unsettled}; exact arithmetic gave no answer"
            return Evidence("falsification", subject, "unknown", said, numbers)
        said = f"{self.family}: none of {self.met} instances that meet the hypotheses breaks it"
        if np.isfinite(self.tightness):
            said += f"; tightness {self.tightness:.6g} at {spelled(self.tightest)}"
        return Evidence("falsification", subject, "survives", said, numbers)


def robust(question: Question, z: np.ndarray, sign: np.ndarray, conclusion: int, random: np.random.Generator) -> bool:
    """Whether a violation is clear and stays so nearby, hypotheses aside: round-off at their boundary does not."""
    near = np.clip(z + NEARBY * random.standard_normal((32, len(z))), 0.0, 1.0)
    return bool(np.all(question.at(near, np.repeat(sign[None], 32, 0)).excess[:, conclusion] > CLEAR))


def threshold(relation: Relation) -> float:
    """Relative violation from which a float64 instance is worth settling: a strict relation breaks at equality."""
    return {"<": -NOISE, ">": -NOISE, "!=": -NOISE}.get(relation.sign, NOISE)


def stand(
    question: Question, point: Mapping[str, float], conclusion: int, excess: float, random: np.random.Generator
) -> Settled:
    """Shrink and settle one find: the first of its simple versions that stands, else what is known of the find."""
    relation = question.conclusions[conclusion]
    raw = settle(question, {name: Fraction(value) for name, value in point.items()}, relation)
    if raw.says == "holds" and not relation.strict:
        return raw
    left_open = raw
    levels = [max(NOISE, min(excess, CLEAR))] if excess > NOISE or not relation.strict else []
    for least in (*levels, -ROUND) if relation.strict else levels:  # a clear violation before mere equality
        for simple in shrunk(question, point, conclusion, least, random):
            settled = settle(question, simple, relation)
            if settled.counterexample is not None:
                return settled
            if settled.says == "unknown":
                left_open = settled
    return left_open


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
            if not np.all(np.isfinite(slack)) or np.any((np.abs(slack) < NOISE) & ~closed):
                continue
            if np.any((np.abs(slack) < NOISE) & (low == -ROUND)):
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
