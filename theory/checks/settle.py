"""Does a counterexample stand? Every hypothesis and the broken relation again, exactly.

Rationals first; what leaves them (a square root, an exponential, a number grown too long) is enclosed in balls, with
rising precision until every comparison is decided. Equality of two balls cannot be; there closed forms are compared
(`closed_form`), and where these give no answer the find stays unsettled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from ..arithmetic import Arithmetic, ball_arithmetic
from ..evidence import Counterexample
from ..relation import Relation
from .closed_form import closed_form_arithmetic, equal
from .exact import Exact, exact_arithmetic

if TYPE_CHECKING:
    from .instances import Question

PRECISIONS = (256, 1024, 4096)
"""Bits of the balls, one after the other. A step that doubles an error costs one bit."""
DIGITS = 30
"""Digits of a ball in the report; a rational is given whole up to twice as many."""

Says = Literal["broken", "holds", "missed", "unknown"]


@dataclass(frozen=True)
class Settled:
    """What exact arithmetic says of one instance and one relation.

    Attributes:
        says: "broken" (a counterexample), "holds" (the relation does), "missed" (a hypothesis fails), or "unknown".
        words: Which hypothesis, or why there is no answer.
        counterexample: With "broken".
    """

    says: Says
    words: str = ""
    counterexample: Counterexample | None = None


@dataclass(frozen=True)
class Sides:
    """Both sides of a relation, and whether it holds; None if that could not be decided."""

    left: Any
    right: Any
    holds: bool | None
    arithmetic: str

    @property
    def close(self) -> bool:
        """Whether two balls overlap and are so small that their middles may well be equal."""
        if self.left is None or not (self.left.is_finite() and self.right.is_finite()):
            return False
        gap = self.left - self.right
        size = abs(self.left) + abs(self.right) + 1
        return bool(abs(gap) < size * 2 ** -(PRECISIONS[0] // 2))


def settle(question: "Question", numbers: Mapping[str, Fraction], relation: Relation) -> Settled:
    """Decide whether an instance meets every condition of a question and breaks a relation.

    Args:
        question: The family, its case, and the conditions.
        numbers: Every free number, exactly.
        relation: What should be broken.
    """
    asked = [*(r for _, r in question.relations), relation]
    decided = decide(question, numbers, asked)
    words = [f"{name}: {r.text}" for name, r in question.relations]
    for said, sides in zip(words, decided[:-1], strict=True):
        if sides.holds is False:
            return Settled("missed", said)
    if decided[-1].holds:
        return Settled("holds")
    if undecided := [said for said, s in zip([*words, relation.text], decided, strict=True) if s.holds is None]:
        return Settled("unknown", f"{undecided[0]} is undecided at {PRECISIONS[-1]} bits")
    point = {name: float(value) for name, value in numbers.items()}
    if missed := _predicate_missed(question, point):
        return Settled("missed", missed)
    sides = decided[-1]
    slacks = {said: f"{shown(s.left)} against {shown(s.right)}" for said, s in zip(words, decided, strict=False)}
    return Settled(
        "broken",
        counterexample=Counterexample(
            relation=relation.text,
            values={**{n: str(v) for n, v in numbers.items()}, **{n: str(v) for n, v in question.case.items()}},
            left=shown(sides.left),
            right=shown(sides.right),
            arithmetic=sides.arithmetic,
            float_sides=_float_sides(question, point, relation),
            family=question.family.name,
            hypotheses=slacks,
        ),
    )


def decide(question: "Question", numbers: Mapping[str, Fraction], relations: list[Relation]) -> list[Sides]:
    """Each relation at one instance: in rationals where they reach, else in balls of rising precision."""
    import flint

    found = _try(question, numbers, relations, exact_arithmetic(), [None] * len(relations))
    before = flint.ctx.prec
    try:
        for bits in PRECISIONS:
            if all(s is not None and s.holds is not None for s in found):
                break
            flint.ctx.prec = bits
            found = _try(question, numbers, relations, ball_arithmetic(), found)
        if any(s is not None and s.holds is None and s.close for s in found):
            found = _by_closed_forms(question, numbers, relations, found)
    finally:
        flint.ctx.prec = before
    return [s or Sides(None, None, None, "ball") for s in found]


def _try(
    question: "Question",
    numbers: Mapping[str, Fraction],
    relations: list[Relation],
    m: Arithmetic,
    known: "list[Sides | None]",
) -> "list[Sides | None]":
    try:
        values = question.family.values({n: m.number(v) for n, v in numbers.items()}, question.case, m)
    except (ArithmeticError, TypeError) as error:
        # a division by zero, a comparison of overlapping balls, or a float among the rationals: no answer from this one
        if m.name == "ball" and isinstance(error, TypeError):
            raise
        return known
    found = list(known)
    for i, relation in enumerate(relations):
        if found[i] is not None and found[i].holds is not None:  # type: ignore[union-attr]
            continue
        try:
            left, right = relation.sides(values, m.dialect)
        except ArithmeticError:
            continue
        found[i] = _compared(relation, left, right, m)
    return found


def _by_closed_forms(
    question: "Question", numbers: Mapping[str, Fraction], relations: list[Relation], known: "list[Sides | None]"
) -> "list[Sides | None]":
    m = closed_form_arithmetic()
    try:
        values = question.family.values({n: m.number(v) for n, v in numbers.items()}, question.case, m)
    except (ArithmeticError, TypeError, AttributeError):  # a float, a function SymPy lacks, a comparison left open
        return known
    found = list(known)
    for i, relation in enumerate(relations):
        sides = found[i]
        if sides is None or sides.holds is not None or not sides.close:
            continue
        try:
            same = equal(*relation.sides(values, m.dialect))
        except (ArithmeticError, TypeError, NotImplementedError):
            continue
        if same:
            found[i] = Sides(sides.left, sides.right, relation.sign in ("<=", "==", ">="), "symbolic")
    return found


def _compared(relation: Relation, left: Any, right: Any, m: Arithmetic) -> Sides | None:
    if m.name == "rational":
        left, right = (x if isinstance(x, Exact) else m.number(0) + x for x in (left, right))
        if left.value is None or right.value is None:
            return None
        a, b = left.value, right.value
        holds = {"<": a < b, "<=": a <= b, "==": a == b, ">=": a >= b, ">": a > b, "!=": a != b}[relation.sign]
        return Sides(a, b, bool(holds), "rational")
    left, right = m.number(0) + left, m.number(0) + right
    if not (left.is_finite() and right.is_finite()):
        return Sides(left, right, None, "ball")
    yes = {
        "<": left < right, "<=": left <= right, "==": left.is_exact() and right.is_exact() and left == right,
        ">=": left >= right, ">": left > right, "!=": left < right or left > right,
    }[relation.sign]  # fmt: skip
    no = {
        "<": left >= right, "<=": left > right, "==": left < right or left > right,
        ">=": left < right, ">": left <= right, "!=": left.is_exact() and right.is_exact() and left == right,
    }[relation.sign]  # fmt: skip
    return Sides(left, right, True if yes else False if no else None, "ball")


def shown(value: Any) -> str:
    """A rational as p/q, or, if that is long, as the ball it lies in; a ball by its middle and radius."""
    if value is None:
        return "unknown"
    if hasattr(value, "q"):
        text = str(value)
        if len(text) <= 2 * DIGITS:
            return text
        value = ball_arithmetic().number(Fraction(int(value.p), int(value.q)))
    return value.str(DIGITS)


def _float_sides(question: "Question", point: Mapping[str, float], relation: Relation) -> tuple[float, float]:
    import numpy as np

    from .instances import numpy_arithmetic

    known = question.known({name: np.array(value) for name, value in point.items()})
    with np.errstate(all="ignore"):
        left, right = relation.sides(known, numpy_arithmetic().dialect)
    return float(left), float(right)


def _predicate_missed(question: "Question", point: Mapping[str, float]) -> str:
    import numpy as np

    (instance,) = question.instances({name: np.array([value]) for name, value in point.items()})
    for h in question.conditions:
        if h.predicate is not None and not h.relation and not h.predicate(instance):
            return h.name
    return ""
