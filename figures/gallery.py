"""The page that shows every figure with its caption, its checks and the command that makes it again."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..dynamics.papers import PAPERS
from .registry import FIGURES
from .store import Entry, read_record

MARKS = {"agrees": "✓", "agrees partly": "◐", "does not agree": "✗"}


@dataclass(frozen=True)
class Theorems:
    """What the page says of the theorems: the page of verdicts and how many there are of each, or why there is none."""

    page: Path | None
    counts: Mapping[str, int] = field(default_factory=dict)
    why_none: str = ""


def write_gallery(
    folder: Path, page: Path, failures: Mapping[str, str] | None = None, theorems: Theorems | None = None
) -> Path:
    """Write the gallery of the figures in `folder` to `page`.

    Args:
        folder: Where the figures lie.
        page: The HTML file; pictures are linked relative to it.
        failures: Figures that raised, with the message.
        theorems: What became of the theorems, to be linked; None to say nothing of them.
    Returns:
        `page`.
    """
    from jinja2 import Environment, PackageLoader, select_autoescape

    environment = Environment(
        loader=PackageLoader("samscape.figures", "templates"),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found, damaged = _records(folder)
    records = sorted(found, key=lambda r: (list(FIGURES).index(r["figure"]), r["variant"] != "paper"))
    papers = [
        {"key": key, "reference": reference, "figures": [r for r in records if r["paper"] == key]}
        for key, reference in PAPERS.items()
    ]
    outcomes = [check["outcome"] for record in records for check in record["checks"]]
    text = environment.get_template("gallery.html").render(
        papers=[p for p in papers if p["figures"]],
        folder=os.path.relpath(folder, page.parent),
        marks=MARKS,
        counts={name: outcomes.count(name) for name in MARKS},
        theorems=theorems,
        verdicts=os.path.relpath(theorems.page, page.parent) if theorems and theorems.page else "",
        failures={**damaged, **(failures or {})},
        figures=len(records),
        short=[r["stem"] for r in records if r["budget"] == "quick"],
    )
    unfinished = page.with_name(f".{page.name}.{os.getpid()}")
    try:
        unfinished.write_text(text)
        os.replace(unfinished, page)
    finally:
        unfinished.unlink(missing_ok=True)
    return page


def _records(folder: Path) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The records in a folder, and what to say of those that cannot be read, by figure."""
    found, damaged = [], {}
    for path in sorted(folder.glob("*.json")):
        name, _, variant = path.stem.partition(".")
        record = read_record(Entry(folder, path.stem))
        if record is not None and record.get("figure") in FIGURES:
            found.append({**record, "stem": path.stem})
        elif record is None and name in FIGURES:
            again = f"samscape figures {name}" + (f" --variant {variant}" if variant else "")
            damaged[path.stem] = f"its record is damaged; {again} makes it again"
    return found, damaged
