"""An examination as plain data: what is kept on disk, shown on the page, and compared with an earlier verdict.

A `Record` holds all that a reader needs of a claim and of the evidence on it, and nothing that runs. It turns into JSON
and back without loss.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .evidence import Counterexample, Evidence
from .verdict import Verdict

if TYPE_CHECKING:
    from .claim import Claim
    from .examine import Examination


@dataclass(frozen=True)
class Record:
    """What became of one claim.

    Attributes:
        claim: The claim's texts: id, headline, paper, title, label, place, statement, reading, notes, conclusion, and
            lists of symbols, hypotheses, steps, repairs and families.
        verdict: The verdict with its reasons.
        evidence: Every finding.
        seconds: What each took.
        budget: Name of the budget.
        curves: For each counterexample, by its place in `evidence`, what `reproduction.reproduced` gives.
        provenance: Versions, device, commit, time.
    """

    claim: Mapping[str, Any]
    verdict: Verdict
    evidence: tuple[Evidence, ...]
    seconds: tuple[float, ...]
    budget: str
    curves: Mapping[str, Any] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.claim["id"]


def record_of(
    examination: "Examination",
    budget: str,
    curves: Mapping[str, Any] | None = None,
    provenance: Mapping[str, Any] | None = None,
) -> Record:
    """The plain data of an examination."""
    evidence = tuple(_plain_evidence(asdict(e)) for e in examination.evidence)
    return Record(
        claim=plain(description(examination.claim)),
        verdict=examination.verdict,
        evidence=evidence,
        seconds=tuple(round(float(s), 3) for s in examination.seconds),
        budget=budget,
        curves=plain(curves or {}),
        provenance=plain(provenance or {}),
    )


def description(claim: "Claim") -> dict[str, Any]:
    """A claim's texts."""
    return {
        "id": claim.id,
        "headline": claim.headline,
        "paper": claim.paper,
        "title": claim.title,
        "label": claim.source.label,
        "place": claim.source.place,
        "statement": claim.statement,
        "reading": claim.reading,
        "notes": claim.notes,
        "conclusion": claim.conclusion,
        "symbols": [asdict(s) for s in claim.symbols],
        "hypotheses": [_condition(h) for h in claim.hypotheses],
        "steps": [{"name": s.name, "relation": s.relation, "given": s.given, "words": s.words} for s in claim.steps],
        "repairs": [
            {
                "name": r.name, "kind": r.kind, "words": r.words, "because": r.because, "latex": r.latex,
                "conclusion": r.conclusion, "replaces": list(r.replaces),
                "hypotheses": [_condition(h) for h in r.hypotheses],
            }
            for r in claim.repairs
        ],
        "families": [
            {"name": f.name, "words": f.words, "numbers": [asdict(n) for n in f.numbers], "cases": list(f.cases)}
            for f in claim.families
        ],
    }  # fmt: skip


def to_json(record: Record) -> dict[str, Any]:
    """A record in the types that JSON has."""
    return plain(asdict(record))


def from_json(data: Mapping[str, Any]) -> Record:
    """The record that `to_json` wrote.

    Raises:
        ValueError: Something is missing or of another shape.
    """
    try:
        return Record(
            claim=data["claim"],
            verdict=Verdict(
                data["verdict"]["name"], tuple(data["verdict"]["reasons"]), tuple(data["verdict"]["findings"])
            ),
            evidence=tuple(_plain_evidence(e) for e in data["evidence"]),
            seconds=tuple(data["seconds"]),
            budget=data["budget"],
            curves=data["curves"],
            provenance=data["provenance"],
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"this is no record of an examination: {type(error).__name__}: {error}") from None


def plain(value: Any) -> Any:
    """`value` in the types that JSON has; NaN and infinities as text, exact numbers as "p/q"."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, Fraction):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot stand in the evidence: {value!r}; give numbers, text or lists")


def _condition(hypothesis: Any) -> dict[str, Any]:
    return {
        "name": hypothesis.name,
        "words": hypothesis.words,
        "relation": hypothesis.relation,
        "predicate": hypothesis.predicate is not None,
    }


def _plain_evidence(data: Mapping[str, Any]) -> Evidence:
    example = data["counterexample"]
    if example is not None:
        fields = dict(example)
        fields["float_sides"] = tuple(map(float, fields["float_sides"]))
        fields["replayed"] = None if fields["replayed"] is None else tuple(map(float, fields["replayed"]))
        fields["values"], fields["hypotheses"] = plain(fields["values"]), plain(fields["hypotheses"])
        example = Counterexample(**fields)
    return Evidence(data["check"], data["subject"], data["says"], data["words"], plain(data["numbers"]), example)
