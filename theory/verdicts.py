"""The verdicts on record, and how computed ones compare with them.

``verdicts.json`` beside this file is written by `samscape verify --record` alone. It holds the verdicts at the default
budget, and those that come out otherwise at another one.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from .verdict import VERDICTS

FILE = Path(__file__).with_name("verdicts.json")


def recorded(budget: str = "default") -> dict[str, str]:
    """Verdicts by claim at a budget.

    Raises:
        ValueError: The file is damaged.
    """
    data = _read()
    return {**data.get("default", {}), **data.get(budget, {})}


def record(verdicts: Mapping[str, str], budget: str, known: frozenset[str]) -> None:
    """Put computed verdicts on record; claims that are no more (not among `known`) leave it.

    Args:
        verdicts: By claim.
        budget: What they were computed with; other budgets than the default keep only what differs from it.
        known: Every claim there is, readings among them.
    Raises:
        OSError: The file cannot be written, as in an installation for all users.
    """
    data = {name: {c: v for c, v in kept.items() if c in known} for name, kept in _read().items()}
    base, own = data.setdefault("default", {}), data.setdefault(budget, {})
    for claim, verdict in verdicts.items():
        if budget != "default" and base.get(claim) == verdict:
            own.pop(claim, None)
        else:
            own[claim] = verdict
    for name in [n for n in data if n != "default"]:
        data[name] = {c: v for c, v in data[name].items() if base.get(c) != v}
    ordered = {name: dict(sorted(kept.items())) for name, kept in sorted(data.items()) if kept or name == "default"}
    try:
        FILE.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise OSError(f"cannot write {FILE}: {error.strerror}; --record is for a checkout of your own") from None


def _read() -> dict[str, dict[str, str]]:
    try:
        data = json.loads(FILE.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise ValueError(f"{FILE} is damaged ({error}); restore it from the repository") from None
    if not isinstance(data, dict) or not all(isinstance(kept, dict) for kept in data.values()):
        raise ValueError(f"{FILE} is damaged (no verdicts by budget and claim); restore it from the repository")
    if unknown := [v for kept in data.values() for v in kept.values() if v not in VERDICTS]:
        raise ValueError(f"{FILE} holds {unknown[0]!r}, which is no verdict; restore it from the repository")
    return data
