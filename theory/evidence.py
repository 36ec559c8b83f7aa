"""What a check found: in words, in numbers, and as a counterexample where there is one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Says = Literal[
    "proved",  # a proof: symbolic, by SMT, by intervals
    "survives",  # tried hard, not broken
    "agrees",  # a measurement within its standard errors, or two claims that do not contradict each other
    "refuted",  # a counterexample, settled in exact or ball arithmetic
    "disagrees",  # a measurement outside its standard errors, or two claims that contradict each other
    "unsatisfiable",  # the hypotheses cannot hold together
    "satisfiable",  # they can: a model of them is given
    "inhomogeneous",  # a formula adds or compares different dimensions
    "homogeneous",
    "unknown",  # no answer within the budget
    "failed",  # the check itself broke down
]


@dataclass(frozen=True)
class Counterexample:
    """An instance that meets every hypothesis and breaks a relation, with all its numbers.

    Attributes:
        relation: What is broken, as text.
        values: Every free number as an exact fraction "p/q" (or an integer), cases included.
        left: The relation's left side, enclosed: a fraction, or a ball "[0.58 +/- 1e-30]".
        right: The right side.
        arithmetic: "rational", "ball" or "symbolic": what the violation was settled in.
        float_sides: Both sides in float64.
        family: The family it belongs to; empty for a symbolic counterexample.
        hypotheses: Each hypothesis' relation with its slack there.
        replayed: Both sides by the update rules of `dynamics`, where the family can replay.
    """

    relation: str
    values: Mapping[str, str]
    left: str
    right: str
    arithmetic: str
    float_sides: tuple[float, float]
    family: str = ""
    hypotheses: Mapping[str, str] = field(default_factory=dict)
    replayed: tuple[float, float] | None = None


@dataclass(frozen=True)
class Evidence:
    """One finding of one check.

    Attributes:
        check: Which check: "satisfiability", "symbolic", "worst case", "falsification", "enumeration", "simulation",
            "interval", "dimensions", "consistency".
        subject: What it is about: "conclusion", "hypotheses", "step NAME", "repair NAME", "symbol NAME",
            "consistency with ID".
        says: Its outcome.
        words: One or two sentences for a reader.
        numbers: What was measured and tried; JSON values. "tightness" is worst found / bound (1: tight).
        counterexample: With "refuted", always.
    """

    check: str
    subject: str
    says: Says
    words: str
    numbers: Mapping[str, Any] = field(default_factory=dict)
    counterexample: Counterexample | None = None

    def __post_init__(self) -> None:
        if self.says == "refuted" and self.counterexample is None:
            raise ValueError(f"{self.check} says that {self.subject} is refuted and gives no counterexample")
