"""Pictures: what the other floors compute, drawn in one form.

Every figure has a data part and a drawing part that can run apart, one style (`paper.mplstyle`), one colour per rule.
The style's functions are here; a picture is imported from its own file, which has its name:

    from samscape.figures import figure, save
    from samscape.figures.portrait import portrait

Importing this costs nothing: matplotlib is loaded with the first function that needs it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .style import (
        figure as figure,
        legend_below as legend_below,
        outcome_look as outcome_look,
        paper as paper,
        rule_look as rule_look,
        save as save,
    )

_OF_STYLE = ("figure", "legend_below", "outcome_look", "paper", "rule_look", "save")


def __getattr__(name: str) -> Any:
    if name not in _OF_STYLE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(_OF_STYLE)}")
    from . import style

    return getattr(style, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_OF_STYLE})
