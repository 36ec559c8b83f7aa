"""The page that shows every figure with its caption, its checks and the command that makes it again."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .registry import FIGURES, PAPERS

MARKS = {"agrees": "✓", "agrees partly": "◐", "does not agree": "✗"}


def write_gallery(folder: Path, page: Path, failures: Mapping[str, str] | None = None) -> Path:
    """Write the gallery of the figures in `folder` to `page`.

    Args:
        folder: Where the figures lie.
        page: The HTML file; pictures are linked relative to it.
        failures: Figures that raised, with the message.
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
    records = sorted(_records(folder), key=lambda r: (list(FIGURES).index(r["figure"]), r["variant"] != "paper"))
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
        failures=failures or {},
        figures=len(records),
    )
    page.write_text(text)
    return page


def _records(folder: Path) -> Iterable[dict[str, Any]]:
    for path in folder.glob("*.json"):
        record = json.loads(path.read_text())
        if record.get("figure") in FIGURES:
            record["stem"] = path.stem
            yield record
