"""What became of the claims, for readers: verdicts.html (a page that needs nothing else), verdicts.json, ERRATA.md."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..dynamics.papers import PAPERS
from .errata import errata, rounded, short, survivors
from .picture import draw
from .record import Record, to_json
from .reproduction import python_lines
from .typeset import maths, typeset
from .verdict import VERDICTS
from .verify import Result

MEANINGS = {
    "holds": "as printed, on everything tried; proved where a proof is possible",
    "holds-if": "only with a condition that is not printed",
    "violated": "false under its own hypotheses",
    "vacuous": "its hypotheses cannot hold together",
    "misprint": "a printed formula is wrong, the intended one is right",
    "proof-gap": "the statement survives every search, a displayed proof step is false",
    "undecided": "none of the others within the budget",
    "failed": "could not be examined",
}
SIGNS = {
    "holds": "✓", "holds-if": "◐", "violated": "✗", "vacuous": "∅", "misprint": "✎", "proof-gap": "△",
    "undecided": "?", "failed": "!",
}  # fmt: skip
"""A character for each verdict, on the terminal and on the page."""


def write_report(results: Sequence[Result], folder: Path) -> Path:
    """Write verdicts.html, verdicts.json and ERRATA.md.

    Args:
        results: The claims in the order of the page; failed ones are rows without evidence.
        folder: Where.
    Returns:
        The page.
    """
    records = [r.record for r in results if r.record is not None]
    failures = {r.task.claim: r.message for r in results if r.record is None}
    origins = {r.task.claim: r.task.origin for r in results}
    page = folder / "verdicts.html"
    _write(folder / "verdicts.json", json.dumps(summary(records, failures), indent=1, ensure_ascii=False) + "\n")
    _write(folder / "ERRATA.md", errata(records))
    _write(page, render(records, failures, origins))
    return page


def summary(records: Sequence[Record], failures: Mapping[str, str]) -> dict[str, Any]:
    """Everything on the page, as data."""
    return {
        "verdicts": {**{r.id: r.verdict.name for r in records}, **dict.fromkeys(failures, "failed")},
        "counts": counts(records, failures),
        "meanings": MEANINGS,
        "papers": PAPERS,
        "claims": [to_json(r) | {"tightness": tightness(r)} for r in records],
        "failed": dict(failures),
    }


def render(records: Sequence[Record], failures: Mapping[str, str], origins: Mapping[str, str]) -> str:
    """The page."""
    from jinja2 import Environment, PackageLoader, select_autoescape

    environment = Environment(
        loader=PackageLoader("samscape.theory", "templates"),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"typeset": typeset, "maths": maths, "number": number, "short": short, "rounded": rounded}
    keys = dict.fromkeys([*PAPERS, *(r.claim["paper"] for r in records)])
    papers = []
    for key in keys:
        views = [view(r, origins[r.id]) for r in records if r.claim["paper"] == key]
        lost = {claim: message for claim, message in failures.items() if claim.partition(".")[0] == key}
        if views or lost:
            groups = {h: [v for v in views if v["headline"] == h] for h in dict.fromkeys(v["headline"] for v in views)}
            papers.append({"key": key, "reference": PAPERS.get(key, key), "groups": groups, "failed": lost})
    return environment.get_template("verdicts.html").render(
        papers=papers,
        counts=counts(records, failures),
        signs=SIGNS,
        meanings=MEANINGS,
        budgets=sorted({r.budget for r in records}),
        provenance=records[0].provenance if records else {},
        total=len(records) + len(failures),
    )


def view(record: Record, origin: str) -> dict[str, Any]:
    """One claim as the template shows it."""
    stood = [repair["name"] for repair in survivors(record)]
    evidence = []
    for i, (e, seconds) in enumerate(zip(record.evidence, record.seconds, strict=True)):
        drawn = record.curves.get(str(i), {}).get("curve")
        relation = e.counterexample.relation if e.counterexample else ""
        evidence.append(
            {
                "check": e.check, "subject": e.subject, "says": e.says, "words": e.words, "seconds": seconds,
                "numbers": {k: v for k, v in e.numbers.items() if not _is_table(v)},
                "tables": {k: v for k, v in e.numbers.items() if _is_table(v)},
                "counterexample": e.counterexample,
                "picture": draw(drawn, relation) if drawn else "",
                "curve": drawn,
                "lines": python_lines(record, i, origin) if e.counterexample else "",
            }
        )  # fmt: skip
    return {
        **record.claim,
        "verdict": record.verdict,
        "reason": rounded(record.verdict.reasons[0]) if record.verdict.reasons else "",
        "tightness": tightness(record),
        "seconds": sum(record.seconds),
        "checks": list(dict.fromkeys(e.check for e in record.evidence)),
        "evidence": evidence,
        "stood": stood,
    }


def tightness(record: Record) -> float | None:
    """The largest tightness that a check of the conclusion measured."""
    found = [e.numbers.get("tightness") for e in record.evidence if e.subject == "conclusion" and e.says != "refuted"]
    return max((float(t) for t in found if isinstance(t, int | float)), default=None)


def counts(records: Iterable[Record], failures: Mapping[str, str]) -> dict[str, int]:
    """How many claims came to each verdict, in the order of the vocabulary."""
    names = [*(r.verdict.name for r in records), *("failed" for _ in failures)]
    return {name: names.count(name) for name in (*VERDICTS, "failed") if name in names}


def number(value: Any) -> str:
    """A number for a reader."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "-"}[value]
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{k} = {number(v)}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(number(v) for v in value)
    return str(value)


def _is_table(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _write(path: Path, text: str) -> None:
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
