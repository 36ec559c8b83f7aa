"""Do two claims that speak of the same quantity contradict each other?

Each says something, as a formula or as a relation, in common names: formulas should be equal, relations should hold at
the same points. Where neither text will do, both are computed from callables at given points. A point at which they
differ is settled exactly; which of the two is wrong it does not say.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ..arithmetic import Arithmetic, NotRational, Undecided, ball_arithmetic
from ..evidence import Evidence
from ..relation import Relation, read_relations
from .exact import exact_arithmetic
from .settle import shown
from .symbolic import Check, premises
from .universal import Finding, follows

if TYPE_CHECKING:
    from ..budget import Budget
    from ..claim import Claim

CLOSE = 1e-30
"""Balls that overlap and are, relatively, narrower than this agree; at 256 bits they are much narrower."""
Says = Callable[[SimpleNamespace, Arithmetic], Any]


def consistency(other: str, ours: str, theirs: str, words: str, given: str | None = None) -> Check:
    """The same quantity, or the same condition, as two claims have it.

    Args:
        other: The id of the other claim.
        ours: What this claim says: a formula, or relations ("lam + rho*lam**2 > 0"), all of which have to hold.
        theirs: What the other says, in the same names.
        words: What is compared.
        given: Relations under which both claims speak; by default this claim's conditions on unmeasured symbols.
    Raises:
        ValueError: One is a formula and the other a relation.
    """
    relations = [_relations(text) for text in (ours, theirs)]
    if bool(relations[0]) != bool(relations[1]):
        raise ValueError(f"consistency: compare two formulas or two relations, not {ours!r} with {theirs!r}")

    def check(claim: "Claim", budget: "Budget") -> list[Evidence]:
        _known(other)
        known = premises(claim, given).relations
        if not relations[0]:
            findings = [follows(known, Relation(ours, "==", theirs), budget)]
        else:
            one_way = [follows((*known, *relations[0]), r, budget) for r in relations[1]]
            findings = one_way + [follows((*known, *relations[1]), r, budget) for r in relations[0]]
        return [_judged(other, findings, words, {"ours": ours, "theirs": theirs})]

    check.name = "consistency"  # type: ignore[attr-defined]
    return check


def same_measurement(other: str, ours: Says, theirs: Says, points: Sequence[Mapping[str, str]], words: str) -> Check:
    """The same quantity computed as two claims have it, at some points.

    Args:
        other: The id of the other claim.
        ours: ``ours(x, m)`` gives the quantity; `x` has the point's numbers, `m` is the arithmetic, as in a family.
        theirs: What the other claim makes of it.
        points: Names and exact numbers: {"lam": "-1/2", "rho": "1"}.
        words: What is compared.
    """

    def check(claim: "Claim", budget: "Budget") -> list[Evidence]:
        _known(other)
        undecided = []
        for point in points:
            left, right, same = _both(ours, theirs, point)
            if same is False:
                at = ", ".join(f"{n} = {x}" for n, x in point.items())
                said = f"{words}: at {at} this claim gives {left}, {other} gives {right}"
                numbers = {"point": dict(point), "ours": left, "theirs": right}
                return [Evidence("consistency", f"consistency with {other}", "disagrees", said, numbers)]
            if same is None:
                undecided.append(dict(point))
        says = "unknown" if undecided or not points else "agrees"
        said = f"{words}: the same at {len(points) - len(undecided)} of {len(points)} points"
        numbers = {"points": len(points), "undecided": undecided}
        return [Evidence("consistency", f"consistency with {other}", says, said, numbers)]

    check.name = "consistency"  # type: ignore[attr-defined]
    return check


def _judged(other: str, findings: Sequence[Finding], words: str, numbers: Mapping[str, Any]) -> Evidence:
    subject = f"consistency with {other}"
    for found in findings:
        if example := found.counterexample:
            at = ", ".join(f"{n} = {x}" for n, x in example.values.items())
            said = f"{words}: they differ at {at}: {example.relation} fails, {example.left} against {example.right}"
            return Evidence(
                "consistency", subject, "disagrees", said, {**numbers, "point": dict(example.values)}, example
            )
    if any(f.says == "disagrees" for f in findings):
        return Evidence("consistency", subject, "disagrees", f"{words}: one side has no finite value", numbers)
    if all(f.says == "proved" for f in findings):
        return Evidence("consistency", subject, "agrees", f"{words}: both say the same, shown symbolically", numbers)
    return Evidence("consistency", subject, "unknown", f"{words}: neither shown to agree nor to differ", numbers)


def _relations(text: str) -> tuple[Relation, ...]:
    return read_relations(text) if any(sign in text for sign in ("<", ">", "==", "!=")) and "where" not in text else ()


def _known(other: str) -> None:
    """Refuse the id of a registered paper's claim that does not exist; a user's own claims are in no registry."""
    from ..registry import MODULES, select

    if other.partition(".")[0] in {claim.partition(".")[0] for ids in MODULES.values() for claim in ids}:
        select((other.partition(":")[0],))


def _both(ours: Says, theirs: Says, point: Mapping[str, str]) -> tuple[str, str, bool | None]:
    for arithmetic in (exact_arithmetic, ball_arithmetic):
        m = arithmetic()
        x = SimpleNamespace(**{n: m.number(Fraction(value)) for n, value in point.items()})
        try:
            left, right = m.number(0) + ours(x, m), m.number(0) + theirs(x, m)
            if m.name == "rational":
                return shown(left.value), shown(right.value), bool(left == right)
        except (NotRational, Undecided, ZeroDivisionError):
            continue
        if not (left.is_finite() and right.is_finite()):
            continue
        # balls never show equality; those that overlap and are narrow are taken for equal
        narrow = float((left - right).rad()) < CLOSE * (1 + abs(float(left.mid())))
        return shown(left), shown(right), False if left != right else narrow or None
    return "no value", "no value", None
