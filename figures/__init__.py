"""Pictures: what the other floors compute, drawn in one form.

Every figure has a data part and a drawing part that can run apart, one style (`paper.mplstyle`), one colour per rule.
The style's functions, cuts and slices are here; any other picture is imported from its own file, which has its name:

    from samscape.figures import cut, figure, save
    from samscape.figures.portrait import portrait

Importing this costs nothing: matplotlib is loaded with the first function that needs it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .cuts import cut as cut, cut_along as cut_along
    from .slices import slice_along as slice_along, slice_through as slice_through
    from .style import (
        figure as figure,
        legend_below as legend_below,
        outcome_look as outcome_look,
        paper as paper,
        rule_look as rule_look,
        save as save,
    )

_HOMES = {
    **dict.fromkeys(("figure", "legend_below", "outcome_look", "paper", "rule_look", "save"), "style"),
    **dict.fromkeys(("cut", "cut_along"), "cuts"),
    **dict.fromkeys(("slice_along", "slice_through"), "slices"),
}
"""Public name -> module."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(_HOMES)}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
