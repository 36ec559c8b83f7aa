"""A claim: what a paper prints, as an object that a machine can try to break.

A claim names its symbols, its hypotheses one by one, and its conclusion, all as text (`relation`). Families of concrete
instances (`family`) measure what the claim speaks of; checks (`checks`) look for a proof and for a counterexample; the
verdict (`verdict`) follows from what they find, and from nothing else.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ..landscapes.grammar import check_name
from .family import Family
from .relation import Relation, read_relations

if TYPE_CHECKING:
    from .budget import Budget
    from .evidence import Evidence

Values = Mapping[str, Any]
RepairKind = Literal["condition", "misprint", "correction"]


@dataclass(frozen=True)
class Source:
    """Where a claim is printed: the paper's key, the label there ("Theorem 1"), and the section, page or equation."""

    paper: str
    label: str
    place: str = ""


@dataclass(frozen=True)
class Symbol:
    """A quantity of the statement.

    Attributes:
        name: As relations spell it, ``eta``.
        meaning: In words.
        domain: What is taken for granted of it, as a relation, ``eta > 0``; a hypothesis like any other.
        dimension: In terms of ``w`` (a distance between parameters), ``loss`` and ``time``: "w**2/loss", "1"; empty
            where it has none that makes sense.
        latex: As it is typeset; by default made from the name.
        measured: Whether an instance measures it (a loss after T steps) rather than chooses it (a step size).
    """

    name: str
    meaning: str
    domain: str = ""
    dimension: str = ""
    latex: str = ""
    measured: bool = False

    def __post_init__(self) -> None:
        if reason := check_name(self.name):
            raise ValueError(f"symbol {self.name!r}: {reason}; choose another name (`lam` for lambda)")


@dataclass(frozen=True)
class Hypothesis:
    """One condition of a claim.

    Attributes:
        name: Short, used in reports and unsatisfiable cores: "learning rate".
        words: As a reader would say it.
        relation: What it says of the symbols; several relations are separated by semicolons.
        predicate: The same, of a concrete instance (all values by name, floats), where a relation cannot say it or as a
            second, independent wording: the two must agree on every instance.
    """

    name: str
    words: str
    relation: str = ""
    predicate: Callable[[Values], bool] | None = None

    def __post_init__(self) -> None:
        if not self.relation and self.predicate is None:
            raise ValueError(f"hypothesis {self.name!r} says nothing; give it a relation, a predicate, or both")

    @property
    def relations(self) -> tuple[Relation, ...]:
        return read_relations(self.relation) if self.relation else ()


@dataclass(frozen=True)
class ProofStep:
    """A displayed step of the printed proof: a relation that should follow from what is `given`.

    Attributes:
        name: "C.3, line 4".
        relation: What the step asserts, in the claim's symbols and in `symbols` of its own.
        given: Relations that it may use beside all hypotheses of the claim; empty for none.
        symbols: Quantities that only the step speaks of.
        hypotheses: Names of those hypotheses that it may use; None: all of them.
        families: Families to try it on, where it speaks of measured quantities; by default the claim's.
    """

    name: str
    relation: str
    given: str = ""
    symbols: tuple[Symbol, ...] = ()
    hypotheses: tuple[str, ...] | None = None
    families: tuple[Family, ...] | None = None
    words: str = ""


@dataclass(frozen=True)
class Repair:
    """What to try when a claim is refuted.

    Attributes:
        name: "strict inequality".
        kind: "condition": an extra hypothesis; "misprint": the formula that was evidently meant, `because` of another
            place of the same paper; "correction": a statement that is true, though not evidently the one meant.
        words: "with ..., the claim holds".
        hypotheses: Extra conditions.
        conclusion: The corrected conclusion; empty: as printed.
        replaces: Names of hypotheses that the extra ones stand in for.
        because: Where the paper itself shows what was meant; required for a misprint.
        latex: The corrected formula, typeset.
        checks: Checks of the repaired claim beside the usual ones; the claim's own are not run on it.
    """

    name: str
    kind: RepairKind
    words: str
    hypotheses: tuple[Hypothesis, ...] = ()
    conclusion: str = ""
    replaces: tuple[str, ...] = ()
    because: str = ""
    latex: str = ""
    checks: "tuple[Callable[[Claim, Budget], Sequence[Evidence]], ...]" = ()

    def __post_init__(self) -> None:
        if self.kind == "misprint" and not self.because:
            raise ValueError(f"repair {self.name!r}: a misprint needs `because`, the place that shows what was meant")
        if not self.hypotheses and not self.conclusion:
            raise ValueError(f"repair {self.name!r} changes nothing; give it hypotheses or a conclusion")


@dataclass(frozen=True)
class Claim:
    r"""A statement of a paper, or the user's own.

    Attributes:
        id: "kim2023.thm-1"; a second reading of it is "kim2023.thm-1:map".
        title: One line, in words.
        source: Where it is printed.
        statement: As printed, in LaTeX (text with ``$...$``).
        symbols: Every quantity that relations name.
        hypotheses: Every condition, by name.
        conclusion: What is claimed, as relations; all of them.
        families: Concrete instances on which hypotheses and conclusion are tried.
        steps: Displayed steps of the proof.
        repairs: What to try when it is refuted.
        checks: Checks beside the usual ones (satisfiability, dimensions, falsification on each family, steps, repairs).
        reading: How an ambiguous text is read here, in words.
        notes: What a reader of the report should know.
    """

    id: str
    title: str
    source: Source
    statement: str
    symbols: tuple[Symbol, ...]
    hypotheses: tuple[Hypothesis, ...]
    conclusion: str
    families: tuple[Family, ...] = ()
    steps: tuple[ProofStep, ...] = ()
    repairs: tuple[Repair, ...] = ()
    checks: "tuple[Callable[[Claim, Budget], Sequence[Evidence]], ...]" = ()
    reading: str = ""
    notes: str = ""
    _names: frozenset[str] = field(init=False, repr=False, compare=False, default=frozenset())

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9_]+\.[a-z0-9.-]+(:[a-z0-9-]+)?", self.id):
            raise ValueError(f"claim id {self.id!r}: write PAPER.NAME or PAPER.NAME:READING in lower case")
        names = [s.name for s in self.symbols]
        if twice := sorted({n for n in names if names.count(n) > 1}):
            raise ValueError(f"{self.id}: declared twice: {', '.join(twice)}")
        object.__setattr__(self, "_names", frozenset(names))
        for words, text in self._texts():
            self._check_names(words, text, ())
        for step in self.steps:
            for text in filter(None, (step.relation, step.given)):
                self._check_names(f"step {step.name!r}", text, tuple(s.name for s in step.symbols))
            self._check_hypotheses(f"step {step.name!r}", step.hypotheses or ())
        for repair in self.repairs:
            self._check_hypotheses(f"repair {repair.name!r}", repair.replaces)

    def _texts(self) -> list[tuple[str, str]]:
        texts = [("the conclusion", self.conclusion)]
        texts += [(f"the domain of {s.name}", s.domain) for s in self.symbols if s.domain]
        texts += [(f"hypothesis {h.name!r}", h.relation) for h in self.hypotheses if h.relation]
        for repair in self.repairs:
            texts += [(f"repair {repair.name!r}", t) for t in (repair.conclusion,) if t]
            texts += [(f"repair {repair.name!r}", h.relation) for h in repair.hypotheses if h.relation]
        return texts

    def _check_names(self, words: str, text: str, more: Sequence[str]) -> None:
        for relation in read_relations(text):
            if unknown := sorted(set(relation.names) - self._names - set(more)):
                known = ", ".join(sorted(self._names | set(more)))
                raise ValueError(
                    f"{self.id}: {words} names {', '.join(unknown)} in {relation.text!r}, which is no symbol of the "
                    f"claim; declare it, or use one of: {known}"
                )

    def _check_hypotheses(self, words: str, names: Sequence[str]) -> None:
        known = [h.name for h in self.hypotheses]
        if unknown := [n for n in names if n not in known]:
            raise ValueError(f"{self.id}: {words} names the hypothesis {unknown[0]!r}; there are: {', '.join(known)}")

    @property
    def paper(self) -> str:
        return self.id.partition(".")[0]

    @property
    def headline(self) -> str:
        """The id without the reading: the row of the table of claims that it belongs to."""
        return self.id.partition(":")[0]

    @property
    def conclusions(self) -> tuple[Relation, ...]:
        return read_relations(self.conclusion)

    def conditions(self) -> tuple[Hypothesis, ...]:
        """All hypotheses, the domains of the symbols among them."""
        domains = [Hypothesis(f"domain of {s.name}", s.meaning, s.domain) for s in self.symbols if s.domain]
        return (*domains, *self.hypotheses)

    def repaired(self, repair: Repair) -> "Claim":
        """The claim with a repair made; it keeps no repairs of its own."""
        from dataclasses import replace

        kept = tuple(h for h in self.hypotheses if h.name not in repair.replaces)
        return replace(
            self,
            hypotheses=(*kept, *repair.hypotheses),
            conclusion=repair.conclusion or self.conclusion,
            steps=(),
            repairs=(),
            checks=repair.checks,
        )
