"""A counterexample again: settled anew from its numbers, and both sides of what it breaks along one of them.

Where a find stands in a family, the family measures it again; where a solver gave values of the symbols themselves, the
relations are computed from those.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from .checks.falsify import threshold
from .checks.instances import MeasureError, Question
from .checks.settle import Settled, settle
from .checks.steps import conditions_of
from .claim import Claim
from .evidence import Counterexample
from .family import Family, Number
from .relation import Relation, read_relations

if TYPE_CHECKING:
    from .examine import Examination
    from .record import Record

POINTS = 121
"""Places along the number that is varied."""
REACH = 4.0
"""It is varied from a fourth of its value to four times it, where that shows the relation both kept and broken."""


def settled_at(
    claim: Claim,
    relation: str,
    values: Mapping[str, Any],
    family: str = "",
    subject: str = "conclusion",
) -> Settled:
    """Decide in exact arithmetic whether an instance meets the hypotheses and breaks a relation.

    Args:
        claim: The claim.
        relation: What should be broken, one comparison.
        values: Every free number of the family and of its case, as text ("1/3"), fractions or integers.
        family: Name of the family; empty: `values` are those of the symbols themselves.
        subject: "conclusion", "step NAME" or "repair NAME": whose hypotheses apply.
    Returns:
        "broken" with the counterexample, "holds", "missed" (with the hypothesis that is), or "unknown".
    Raises:
        ValueError: There is no such family, step or repair; or a value of a free number is missing.
    """
    question = question_of(claim, relation, values, family, subject)
    missing = [n for n in question.names if n not in values]
    if missing:
        raise ValueError(f"{claim.id}: family {family!r} draws {', '.join(missing)}; give a value for each")
    numbers = {n: Fraction(str(values[n])) for n in question.names}
    return settle(question, numbers, question.conclusions[0])


def question_of(claim: Claim, relation: str, values: Mapping[str, Any], family: str, subject: str) -> Question:
    """What is asked at an instance: its family and case, the conditions, the relation."""
    (broken,) = read_relations(relation)
    kind, _, name = subject.partition(" ")
    families = claim.families
    if kind == "step":
        step = _named(claim, "step", claim.steps, name)
        conditions, families = conditions_of(claim, step), (*(step.families or ()), *claim.families)
    elif kind == "repair":
        conditions = claim.repaired(_named(claim, "repair", claim.repairs, name)).conditions()
    else:
        conditions = claim.conditions()
    if family:
        chosen = _named(claim, "family", families, family)
    else:
        chosen = _symbols_alone(broken, conditions, values)
    free = {n.name for n in chosen.numbers}
    case = {n: int(str(v)) for n, v in values.items() if n not in free}
    return Question(chosen, case, conditions, (broken,))


def reproduced(examination: "Examination") -> dict[str, dict[str, Any]]:
    """Every counterexample of an examination settled again from its numbers, with its curve.

    Returns:
        By place in the evidence: "settled" (whether it stands again by `settled_at`) and "curve" (or None).
    """
    found = {}
    for i, evidence in enumerate(examination.evidence):
        example = evidence.counterexample
        if example is None:
            continue
        drawn = curve(examination.claim, example, evidence.subject)
        try:
            again = settled_at(examination.claim, example.relation, example.values, example.family, evidence.subject)
            settled = again.says == "broken"
        except (KeyError, ValueError):  # of no family of the claim: a check of its own measured it
            settled = False
        found[str(i)] = {"settled": settled, "curve": None if drawn is None else asdict(drawn)}
    return found


@dataclass(frozen=True)
class Curve:
    """Both sides of a broken relation along one free number, the others as in the counterexample.

    Attributes:
        number: Which number; the one along which the relative violation changes most.
        log: Whether its axis is logarithmic.
        at: Its value in the counterexample.
        x: Its values, in rising order.
        left: Left side at each.
        right: Right side.
        met: Whether the hypotheses are met.
        broken: Whether they are met and the relation is broken.
    """

    number: str
    log: bool
    at: float
    x: list[float]
    left: list[float]
    right: list[float]
    met: list[bool]
    broken: list[bool]


def curve(claim: Claim, example: Counterexample, subject: str = "conclusion") -> Curve | None:
    """The curve of a counterexample; None where no family of the claim can measure beside it."""
    try:
        question = question_of(claim, example.relation, example.values, example.family, subject)
        point = {n.name: float(Fraction(example.values[n.name])) for n in question.family.numbers}
        curves = [_along(question, number, point) for number in question.family.numbers]
    except (KeyError, ValueError, MeasureError):
        return None
    return max(filter(None, curves), key=lambda pair: pair[0], default=(0.0, None))[1]


def _along(question: Question, number: Number, point: Mapping[str, float]) -> tuple[float, Curve] | None:
    if number.low == number.high and question.family.name != SYMBOLS:
        return None
    at = point[number.name]
    best: tuple[float, Curve] | None = None
    for x in _ranges(number, at):
        numbers = {name: np.full(len(x), value) for name, value in point.items()} | {number.name: x}
        look = question.look(numbers)
        met = look.met
        excess = look.excess[:, 0]
        broken = met & (np.nan_to_num(excess, nan=-2.0) >= threshold(question.conclusions[0]))
        sides = look.left[:, 0], look.right[:, 0]
        shown = np.isfinite(sides[0]) & np.isfinite(sides[1])
        if shown.sum() < 2 or not broken.any():
            continue
        change = float(np.ptp(excess[shown]))
        score = change + (1.0 if np.any(met & ~broken) else 0.0)
        log = bool(np.all(x > 0) and x[-1] > REACH * x[0])
        found = Curve(
            number.name, log, at, _short(x), _short(sides[0]), _short(sides[1]), met.tolist(), broken.tolist()
        )
        if best is None or score > best[0] + 0.5:
            best = (score, found)
    return best


def _ranges(number: Number, at: float) -> list[np.ndarray]:
    """Near the value, and over the whole range; the value itself is always among them."""
    if number.scale == "linear":
        reach = (number.high - number.low) / 8
        ends = [(max(number.low, at - reach), min(number.high, at + reach)), (number.low, number.high)]
        return [np.unique(np.append(np.linspace(a, b, POINTS), at)) for a, b in ends]
    size, sign = abs(at), -1.0 if at < 0 else 1.0
    ends = [(max(number.low, size / REACH), min(number.high, size * REACH)), (number.low, number.high)]
    return [np.unique(sign * np.append(np.geomspace(a, b, POINTS), size)) for a, b in ends if a > 0]


SYMBOLS = "the symbols themselves"


def _symbols_alone(relation: Relation, conditions: Any, values: Mapping[str, Any]) -> Family:
    numbers = []
    for name, text in values.items():
        value = float(Fraction(str(text)))
        reach = REACH * abs(value) if value else 1.0
        numbers.append(Number(name, value - reach, value + reach, "linear"))
    return Family(SYMBOLS, tuple(numbers), lambda x, m: {})


def _named(claim: Claim, kind: str, among: Any, name: str) -> Any:
    for one in among:
        if one.name == name:
            return one
    known = ", ".join(repr(one.name) for one in among) or "none"
    raise ValueError(f"{claim.id} has no {kind} {name!r}; it has: {known}")


def _short(values: np.ndarray) -> list[float]:
    return [float(f"{v:.6g}") for v in values]


def python_lines(record: "Record", place: int, origin: str) -> str:
    """Lines of Python that show a counterexample again, ready to be run.

    Args:
        record: The examination.
        place: Which piece of its evidence.
        origin: The claim's module in `samscape.theory`, or the path of its file.
    """
    evidence = record.evidence[place]
    example = evidence.counterexample
    assert example is not None
    if origin.endswith(".py"):
        head = "from samscape.theory.load import load_file"
        claim = f"claim = {{c.id: c for c in load_file({origin!r})}}[{record.id!r}]"
    else:
        head = "from samscape.theory.load import find_claim"
        claim = f"claim = find_claim({record.id!r})"
    if not record.curves.get(str(place), {}).get("settled"):
        return "\n".join([
            "from samscape.theory import BUDGETS, examine", head, "", claim,
            f"for evidence in examine(claim, BUDGETS[{record.budget!r}]).evidence:",
            "    if evidence.counterexample is not None:",
            "        print(evidence.words, evidence.counterexample, sep='\\n')",
        ])  # fmt: skip
    numbers = "".join(f"    {name!r}: {value!r},\n" for name, value in example.values.items())
    more = f", family={example.family!r}" if example.family else ""
    more += f", subject={evidence.subject!r}" if evidence.subject != "conclusion" else ""
    call = f"found = settled_at(claim, {example.relation!r}, values{more})"
    return "\n".join([
        head, "from samscape.theory.reproduction import settled_at", "", claim, f"values = {{\n{numbers}}}", call,
        "print(found.says, found.counterexample)",
    ])  # fmt: skip
