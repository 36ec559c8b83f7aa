"""Falsification: is there an instance that meets every hypothesis and breaks the conclusion?

For each family and case of a claim: search (`search`), shrink the worst finds to simple rationals (`shrink`), and
settle them exactly (`settle`). Only what is settled refutes. What survives is reported with the instances that met the
hypotheses, and with its tightness: the largest left/right of a relation "<=" (right/left of ">="), 1 where it is tight.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from ..evidence import Counterexample, Evidence
from ..relation import Relation
from .agreement import disagreement, unlike_replay, with_replay
from .instances import ROUND, Look, MeasureError, Question, generator, spelled
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
"""Distance in the unit cube over which a violation that is no artefact of round-off hardly changes."""
UNSETTLED = 2
"""Finds that nothing settles, after which no more of them are tried: the answer is "unknown"."""
POOL = 64
"""Finds of one conclusion that are looked at for being robust."""
CANDIDATES = 6
"""Robust ones of them that are shrunk and settled; of the others half as many."""


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
        self.tried += len(look.met)
        self.met += len(rows)
        self.edge += int(np.sum(np.any(np.abs(look.slack[rows]) < CLEAR, 1)))
        if not len(rows):
            self._why_none(question, found)
            return None
        broken = self._broken(question, found, numbers, rows, random)
        self._tightest(question, look, numbers, rows, all_of_them=broken is not None)
        return broken

    def _broken(
        self,
        question: Question,
        found: Found,
        numbers: Mapping[str, np.ndarray],
        rows: np.ndarray,
        random: np.random.Generator,
    ) -> Counterexample | None:
        look = found.look
        for c, relation in enumerate(question.conclusions):
            least = threshold(relation)
            excess = np.nan_to_num(look.excess[rows, c], nan=-2.0)
            finds = rows[excess >= least]
            left_open = 0
            for row, clear in _candidates(question, found, finds, c, random):
                if left_open == UNSETTLED:
                    break
                point = {name: float(value[row]) for name, value in numbers.items()}
                settled = stand(question, point, c, float(look.excess[row, c]), clear, random)
                if settled.counterexample is not None:
                    return with_replay(question, settled.counterexample, relation, random)
                open_equality = relation.strict and settled.says == "unknown"
                if open_equality or (settled.says != "holds" and clear):
                    left_open += 1
                    self.unsettled = f"{relation.text} at {spelled(point)}: {settled.words}"
        return None

    def _tightest(
        self, question: Question, look: Look, numbers: Mapping[str, np.ndarray], rows: np.ndarray, all_of_them: bool
    ) -> None:
        for c, relation in enumerate(question.conclusions):
            # without a refutation, what breaks the relation in float64 is round-off, and no measure of tightness
            kept = rows if all_of_them else rows[~(look.excess[rows, c] > NOISE)]
            left, right = look.left[kept, c], look.right[kept, c]
            if relation.sign in ("==", "!="):
                # the largest one is what the ascent makes of cancellation, and is settled one by one
                finite = np.abs(look.excess[rows, c][np.isfinite(look.excess[rows, c])])
                self.difference = max(self.difference, float(np.median(finite)) if len(finite) else 0.0)
                continue
            small, large = (left, right) if relation.sign in ("<", "<=") else (right, left)
            ratio = np.where((small < 0) & (large < 0), large / small, np.where(large > 0, small / large, -np.inf))
            ratio = np.where(np.isfinite(ratio), ratio, -np.inf)
            if len(ratio) and np.max(ratio) > self.tightness:
                best = int(np.argmax(ratio))
                self.tightness = float(ratio[best])
                self.tightest = {n: float(v[kept[best]]) for n, v in numbers.items()} | dict(question.case)

    def _why_none(self, question: Question, found: Found) -> None:
        low, closed = question.tolerances
        slack = found.look.slack
        each = (slack > low) | (closed & (slack >= low))
        for i, (name, relation) in enumerate(question.relations):
            self.rarest = min(self.rarest, (float(np.mean(each[:, i])), f"{name} ({relation.text})"))
        if np.any(np.all(each, 1)):
            self.rarest = (0.0, " and ".join(f"{h.name} (a predicate)" for h in question.judged))

    def numbers(self) -> dict[str, Any]:
        """For the report."""
        shown: dict[str, Any] = {"tried": self.tried, "met": self.met, "on boundary": self.edge}
        if np.isfinite(self.tightness):
            shown |= {"tightness": self.tightness, "tightest": self.tightest}
        if self.difference:
            shown["median relative difference"] = self.difference
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


def _candidates(
    question: Question, found: Found, finds: np.ndarray, conclusion: int, random: np.random.Generator
) -> list[tuple[int, bool]]:
    """The finds that are settled, with whether they are robust: these first, by how much they break the relation."""
    order = finds[np.argsort(-found.look.excess[finds, conclusion], kind="stable")]
    rest = order[POOL // 2 :]
    pool = np.concatenate([order[: POOL // 2], random.choice(rest, min(POOL // 2, len(rest)), replace=False)])
    clear = robust(question, found.z[pool], found.sign[pool], conclusion, random)
    few = 2 if question.conclusions[conclusion].strict else CANDIDATES // 2
    return [*((int(r), True) for r in pool[clear][:CANDIDATES]), *((int(r), False) for r in pool[~clear][:few])]


def robust(
    question: Question, z: np.ndarray, sign: np.ndarray, conclusion: int, random: np.random.Generator
) -> np.ndarray:
    """Which violations are clear and hardly change nearby, hypotheses aside: one that round-off makes changes."""
    n, k = z.shape
    if not n or not k:  # without free numbers there is nothing nearby
        return np.ones(n, bool)
    near = z[:, None, :] + NEARBY * random.standard_normal((n, 16, k))
    near[:, 0] = z
    look = question.at(np.clip(near, 0.0, 1.0).reshape(16 * n, k), np.repeat(sign, 16, 0))
    excess, left, right = (a[:, conclusion].reshape(n, 16) for a in (look.excess, look.left, look.right))
    gap = left - right
    same = (np.abs(gap - gap[:, :1]) <= np.abs(gap[:, :1]) / 2) | (gap == gap[:, :1])
    return np.all((excess > CLEAR) & same, 1)


def threshold(relation: Relation) -> float:
    """Relative violation from which a float64 instance is worth settling: a strict relation breaks at equality."""
    return {"<": -NOISE, ">": -NOISE, "!=": -NOISE}.get(relation.sign, NOISE)


def stand(
    question: Question,
    point: Mapping[str, float],
    conclusion: int,
    excess: float,
    clear: bool,
    random: np.random.Generator,
) -> Settled:
    """Shrink and settle one find: the first of its simple versions that stands, else what is known of the find.

    Args:
        question: Family, case, conditions, conclusions.
        point: The find's free numbers.
        conclusion: Which relation it breaks in float64, and by how much (`excess`).
        excess: Relative violation.
        clear: Whether it is `robust`; another one is tried at simple numbers only.
        random: For the shrinking.
    """
    relation = question.conclusions[conclusion]
    raw = settle(question, {name: Fraction(value) for name, value in point.items()}, relation)
    if raw.says == "holds" and not relation.strict:
        return raw
    left_open = raw
    levels = [max(NOISE, min(excess, CLEAR))] if clear or not relation.strict else []
    for least in (*levels, -ROUND) if relation.strict else levels:  # a clear violation before mere equality
        for simple in shrunk(question, point, conclusion, least, random, thorough=clear and least > 0):
            settled = settle(question, simple, relation)
            if settled.counterexample is not None:
                return settled
            if settled.says == "unknown":
                left_open = settled
    return left_open
