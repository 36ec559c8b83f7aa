"""A proof by balls: a relation over a whole region, by branch and bound in ball arithmetic.

Every box of the region is either shown to lie inside the relation, or split in two along its longest side; a box whose
midpoint lies outside for certain is a counterexample. Where the relation touches equality no box is ever small enough:
leave those points out of the region, and treat them by hand.
"""

import heapq
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from ..arithmetic import Arithmetic, ball_arithmetic
from ..evidence import Counterexample, Evidence
from ..relation import Relation, read_relations

if TYPE_CHECKING:
    from ..budget import Budget
    from ..claim import Claim

Region = Mapping[str, tuple[str, str]]
"""Variable -> its two ends, as exact numbers: {"u": ("-1/2", "3")}."""
Measured = Callable[[Mapping[str, Any], Arithmetic], Mapping[str, Any]]


@dataclass(frozen=True)
class Proof:
    """What branch and bound came to: "proved", "refuted" (with a point) or "unknown"; boxes looked at."""

    says: Literal["proved", "refuted", "unknown"]
    boxes: int
    point: Mapping[str, Fraction] | None = None
    sides: tuple[str, str] = ("", "")
    smallest: float = float("nan")
    """With "unknown", the longest side of the box that could not be decided."""


def prove_over(relation: Relation, region: Region, boxes: int, measured: Measured | None = None) -> Proof:
    """Decide a relation over a region.

    Args:
        relation: An inequality; equalities cannot be shown by balls.
        region: The box of variables, ends included.
        boxes: How many boxes may be looked at.
        measured: Further quantities from the variables, where the relation speaks of them.
    Raises:
        ValueError: The relation is an equality, or a range is empty.
    """
    if relation.sign in ("==", "!="):
        raise ValueError(f"prove_over: {relation.text!r} is no inequality; use the symbolic check")
    ends = {name: (Fraction(low), Fraction(high)) for name, (low, high) in region.items()}
    if empty := [name for name, (low, high) in ends.items() if low > high]:
        raise ValueError(f"prove_over: the range of {empty[0]} is empty: {region[empty[0]]}")
    m, names, order = ball_arithmetic(), list(ends), itertools.count()
    queue = [(-_width(ends), next(order), ends)]
    looked = 0
    while queue:
        if looked >= boxes:
            return Proof("unknown", looked, smallest=float(-queue[0][0]))
        width, _, box = heapq.heappop(queue)
        looked += 1
        if _holds(relation, {n: _ball(m, *box[n]) for n in names}, m, measured):
            continue
        middle = {n: (low + high) / 2 for n, (low, high) in box.items()}
        point = {n: m.number(x) for n, x in middle.items()}
        known = {**point, **(measured(point, m) if measured else {})}
        left, right = relation.sides(known, m.dialect)
        if _outside(relation, left, right):
            return Proof("refuted", looked, middle, (str(left), str(right)))
        if width == 0:
            return Proof("unknown", looked, smallest=0.0)
        longest = max(names, key=lambda n: box[n][1] - box[n][0])
        for half in ((box[longest][0], middle[longest]), (middle[longest], box[longest][1])):
            smaller = {**box, longest: half}
            heapq.heappush(queue, (-_width(smaller), next(order), smaller))
    return Proof("proved", looked)


def proved_over(
    relation: str, region: Region, words: str, subject: str = "conclusion", measured: Measured | None = None
) -> "Callable[[Claim, Budget], list[Evidence]]":
    """A check by `prove_over`, for `Claim.checks`; several relations are proved one by one."""
    relations = read_relations(relation)

    def check(claim: "Claim", budget: "Budget") -> list[Evidence]:
        found = []
        for part in relations:
            proof = prove_over(part, region, budget.boxes, measured)
            numbers = {"boxes": proof.boxes, "region": {n: list(ends) for n, ends in region.items()}}
            if proof.says == "refuted":
                assert proof.point is not None
                values = {n: str(x) for n, x in proof.point.items()}
                sides = (_middle(proof.sides[0]), _middle(proof.sides[1]))
                example = Counterexample(part.text, values, *proof.sides, "ball", sides)
                said = f"{words}: {part.text} fails at {values}"
                found.append(Evidence("interval", subject, "refuted", said, numbers, example))
            elif proof.says == "unknown":
                said = (
                    f"{words}: {part.text} undecided after {proof.boxes} boxes, down to a side of {proof.smallest:.2g}"
                )
                found.append(Evidence("interval", f"{subject} ({part.text})", "unknown", said, numbers))
            else:
                found.append(Evidence("interval", subject, "proved", f"{words}: {part.text} on all of it", numbers))
        if any(e.says != "proved" for e in found):  # a part that is proved does not prove the whole
            return [e if e.says != "proved" else _partly(e) for e in found]
        return found

    check.name = "interval"  # type: ignore[attr-defined]
    return check


def _partly(evidence: Evidence) -> Evidence:
    from dataclasses import replace

    return replace(evidence, subject=f"{evidence.subject} (part)")


def _holds(relation: Relation, box: Mapping[str, Any], m: Arithmetic, measured: Measured | None) -> bool:
    try:
        left, right = relation.sides({**box, **(measured(box, m) if measured else {})}, m.dialect)
    except ArithmeticError:  # a comparison inside the formula has no answer on so wide a box
        return False
    signs: Mapping[str, Callable[[], bool]] = {
        "<": lambda: left < right, "<=": lambda: left <= right, ">": lambda: left > right, ">=": lambda: left >= right,
    }  # fmt: skip
    return bool(signs[relation.sign]())


def _outside(relation: Relation, left: Any, right: Any) -> bool:
    opposite = {"<": left >= right, "<=": left > right, ">": left <= right, ">=": left < right}
    return bool(opposite[relation.sign])


def _ball(m: Arithmetic, low: Fraction, high: Fraction) -> Any:
    return m.number(low).union(m.number(high))


def _width(box: Mapping[str, tuple[Fraction, Fraction]]) -> Fraction:
    return max((high - low for low, high in box.values()), default=Fraction(0))


def _middle(ball: str) -> float:
    return float(ball.strip("[]").split(" +/-")[0])
