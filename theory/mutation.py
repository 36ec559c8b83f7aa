"""The engine's own power: true statements, damaged by hand, must be refuted; the true ones must not.

A damage replaces one piece of text of a textbook claim (`textbook`), or drops one of its hypotheses. That the damaged
statement is false is not for the engine to say: each damage is declared with the reason, by hand, why it is. A damage
that leaves a statement true (a weaker bound, a hypothesis that was not needed) is none, and is not declared.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .budget import Budget
    from .claim import Claim

Kind = Literal["constant", "sign", "power", "strictness", "dropped hypothesis"]
TOPICS = ("smoothness", "convexity", "rates", "sharpness", "stochastic")
"""Modules of `textbook`; each ends with ``CLAIMS`` and ``DAMAGES`` (claim id -> damages)."""
REFUTED = ("violated", "holds-if", "misprint", "vacuous")
"""Verdicts that say that a statement is not true as it stands."""


@dataclass(frozen=True)
class Damage:
    """One change that makes a true statement false.

    Attributes:
        kind: What sort of change.
        where: "conclusion", or the name of a hypothesis.
        before: The text that is replaced; it occurs exactly once. Empty for a dropped hypothesis.
        after: What it becomes.
        why: Why the damaged statement is false, by hand.
    """

    kind: Kind
    where: str
    before: str
    after: str
    why: str

    @property
    def words(self) -> str:
        """``eta*L <= 2 -> eta*L <= 3``."""
        return f"without {self.where!r}" if self.kind == "dropped hypothesis" else f"{self.before} -> {self.after}"


@dataclass(frozen=True)
class Row:
    """One statement and what the engine said of it; a `damage` of None is the true statement.

    Attributes:
        claim: The id of the true statement.
        damage: What was done to it.
        verdict: The computed verdict.
        words: The engine's reason.
        right: Whether it is right: damaged ones refuted, true ones not.
    """

    claim: str
    damage: Damage | None
    verdict: str
    words: str
    right: bool


@dataclass(frozen=True)
class Table:
    """All rows of a run."""

    rows: tuple[Row, ...]

    @property
    def false_alarms(self) -> tuple[Row, ...]:
        """True statements that were refuted."""
        return tuple(r for r in self.rows if r.damage is None and r.verdict in REFUTED)

    @property
    def missed(self) -> tuple[Row, ...]:
        """Damaged statements that were not refuted."""
        return tuple(r for r in self.rows if r.damage is not None and not r.right)

    @property
    def power(self) -> float:
        """The share of damaged statements that were refuted."""
        damaged = [r for r in self.rows if r.damage is not None]
        return sum(r.right for r in damaged) / len(damaged) if damaged else float("nan")

    def markdown(self) -> str:
        """The table for the documentation: counts by kind of damage, and every statement that was judged wrongly."""
        true = [r for r in self.rows if r.damage is None]
        held = sum(r.verdict == "holds" for r in true)
        lines = ["| damage | statements | refuted | missed |", "| --- | --- | --- | --- |"]
        kinds = dict.fromkeys(r.damage.kind for r in self.rows if r.damage is not None)
        for kind in kinds:
            those = [r for r in self.rows if r.damage is not None and r.damage.kind == kind]
            good = sum(r.right for r in those)
            lines.append(f"| {kind} | {len(those)} | {good} | {len(those) - good} |")
        damaged = len(self.rows) - len(true)
        lines.append(f"| all | {damaged} | {damaged - len(self.missed)} | {len(self.missed)} |")
        lines.append(f"| none: true statements | {len(true)} | {len(self.false_alarms)} | |")
        lines += ["", f"Of the true statements {held} hold, {len(true) - held - len(self.false_alarms)} are undecided."]
        lines += [f"\nMissed: `{r.claim}` with {r.damage.words} ({r.verdict})" for r in self.missed if r.damage]
        lines += [f"\nFalse alarm: `{r.claim}` ({r.verdict}: {r.words})" for r in self.false_alarms]
        return "\n".join(lines) + "\n"


def statements() -> "Iterator[tuple[Claim, tuple[Damage, ...]]]":
    """The true claims, each with its damages."""
    for topic in TOPICS:
        module = import_module(f".textbook.{topic}", __package__)
        for claim in module.CLAIMS:
            yield claim, tuple(module.DAMAGES[claim.id])


def damaged(claim: "Claim", damage: Damage) -> "Claim":
    """The claim with one damage done.

    Raises:
        ValueError: Nothing of it is called so, or the text is not there exactly once.
    """
    if damage.where == "conclusion":
        return replace(claim, conclusion=_changed(claim.id, claim.conclusion, damage), checks=())
    named = [h for h in claim.hypotheses if h.name == damage.where]
    if not named:
        known = ", ".join(h.name for h in claim.hypotheses)
        raise ValueError(f"{claim.id}: no hypothesis is called {damage.where!r}; there are: {known}")
    if damage.kind == "dropped hypothesis":
        return replace(claim, hypotheses=tuple(h for h in claim.hypotheses if h is not named[0]), checks=())
    changed = replace(named[0], relation=_changed(claim.id, named[0].relation, damage))
    return replace(claim, hypotheses=tuple(changed if h is named[0] else h for h in claim.hypotheses), checks=())


def judge(claim: "Claim", damage: Damage | None, budget: "Budget") -> Row:
    """Examine one statement, damaged or (None) true."""
    from .examine import examine

    verdict = examine(claim if damage is None else damaged(claim, damage), budget).verdict
    right = (verdict.name in REFUTED) != (damage is None)
    return Row(claim.id, damage, verdict.name, "; ".join(verdict.reasons), right)


def cases() -> "list[tuple[Claim, Damage | None]]":
    """Every statement to be judged, the true one before its damages; `judge` takes them one by one, in any order."""
    return [(claim, damage) for claim, damages in statements() for damage in (None, *damages)]


def run(budget: "Budget", only: Sequence[str] = ()) -> Table:
    """Judge every true statement and every damage done to it.

    Args:
        budget: As for `examine`; about a minute at "quick" on one core.
        only: Ids of textbook claims; all by default.
    Returns:
        The table; `Table.markdown()` is what the documentation shows, `power` the share of damaged statements that were
        refuted, `false_alarms` the true ones that were.
    Raises:
        ValueError: `only` names a claim that does not exist.
    """
    all_cases = cases()
    if unknown := sorted(set(only) - {claim.id for claim, _ in all_cases}):
        known = ", ".join(dict.fromkeys(claim.id for claim, _ in all_cases))
        raise ValueError(f"no textbook claim is called {unknown[0]!r}; there are: {known}")
    return Table(tuple(judge(c, d, budget) for c, d in all_cases if not only or c.id in only))


def _changed(claim_id: str, text: str, damage: Damage) -> str:
    if (count := text.count(damage.before)) != 1:
        raise ValueError(f"{claim_id}: {damage.before!r} occurs {count} times in {text!r}; once is needed")
    return text.replace(damage.before, damage.after)
