"""What the page takes from the figures and the rules: colours, labels, default numbers, presets with their captions."""

import json
from typing import Any

from ..dynamics.methods import METHODS
from ..figures.reproduce import load_figure
from ..figures.style import MINIMUM_COLORS, OTHER_MINIMA, OUTCOME_LOOKS, RULE_LOOKS, outcome_look
from .presets import PRESETS, RULES, Preset


def facts_source() -> str:
    """The module ``generated/facts.js``."""
    looks = {name: RULE_LOOKS[name]._asdict() for name in RULES}
    other = outcome_look(OTHER_MINIMA)
    constants = {
        "RULE_LOOKS": looks,
        "RULE_NUMBERS": {name: _numbers(name) for name in RULES},
        "MINIMUM_COLORS": list(MINIMUM_COLORS),
        "OTHER_MINIMA": {**other._asdict(), "label": OTHER_MINIMA},
        "OUTCOME_LOOKS": {name: look._asdict() for name, look in OUTCOME_LOOKS.items()},
        "PRESETS": [_preset(preset) for preset in PRESETS],
    }
    lines = [f"export const {name} = {json.dumps(value, ensure_ascii=False)};" for name, value in constants.items()]
    return "\n\n".join(["// Written by `python -m samscape.explorer.build`.", *lines]) + "\n"


def _numbers(name: str) -> dict[str, Any]:
    method = METHODS[name]
    return {"title": method.title, "source": method.source, "rho": method.numbers.get("rho", 0)}


def _preset(preset: Preset) -> dict[str, str]:
    caption = preset.words
    if preset.figure:
        caption = f"{load_figure(preset.figure).title}. {caption} (samscape figures {preset.figure})"
    return {
        "name": preset.name, "title": preset.title, "caption": caption, "fragment": preset.fragment,
        "figure": preset.figure,
    }  # fmt: skip
