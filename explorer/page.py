"""The explorer as one self-contained HTML file: bundle, formulas and data inside, nothing fetched or evaluated."""

import json
from pathlib import Path
from string import Template

_HERE = Path(__file__).parent


def page(fragment: str = "", preset: str = "") -> str:
    """The page's HTML, which works from ``file://`` and without a network.

    Args:
        fragment: What it shows first, as in its address (see `state.fragment`); a fragment in the address comes first.
        preset: Or a view of `presets.PRESETS` by name.
    Raises:
        ValueError: No such preset, or both are given.
        FileNotFoundError: The bundle has not been built: see `build`.
    """
    if fragment and preset:
        raise ValueError(f"explorer: give a fragment or a preset, not both ({fragment!r} and {preset!r})")
    data: dict[str, str] = {}
    if preset:
        data["preset"] = checked_preset(preset)
    elif fragment:
        data["fragment"] = fragment.removeprefix("#")
    # what looks like the end of a script would be one, wherever it stands
    return Template(_read("templates/page.html")).substitute(
        data=json.dumps(data).replace("<", "\\u003c"),
        bundle=_read("web/bundle/explorer.js").replace("</script", "<\\/script").replace("<!--", "<\\!--"),
    )


def checked_preset(name: str) -> str:
    """The name of a preset.

    Raises:
        ValueError: There is none of this name; those that there are are listed.
    """
    from .presets import PRESETS

    names = [preset.name for preset in PRESETS]
    if name not in names:
        raise ValueError(f"unknown preset {name!r}; there are: {', '.join(names)}")
    return name


def _read(name: str) -> str:
    file = _HERE / name
    if not file.is_file():
        raise FileNotFoundError(f"{file} is missing: run python -m samscape.explorer.build, which needs Node and npm")
    return file.read_text(encoding="utf-8")
