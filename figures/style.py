"""One look for every figure: widths, fonts, one colour per rule, one per outcome, and how a figure is saved.

Widths are those of ICML's columns, 3.25 and 6.75 inches, which AISTATS shares; both fit IEEE's 3.5 and 7.16. For the
single column of NeurIPS, ICLR (5.5) and JMLR (6.0) give ``width=``. A figure is drawn at the size it is printed at.

Colours that appear together are told apart with normal sight, protanopia and deuteranopia (the tests simulate them).
Colour is never alone: a rule has dashes and a marker of its own, cycles and other attractors are hatched, and stacked
outcomes keep one order.
"""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure
    from matplotlib.legend import Legend

STYLE_SHEET = Path(__file__).with_name("paper.mplstyle")
COLUMN_WIDTHS: Mapping[int, float] = {1: 3.25, 2: 6.75}
"""Width in inches of a figure over one or two text columns."""
SUFFIXES = (".pdf", ".png", ".svg")
"""What `save` writes."""


class RuleLook(NamedTuple):
    """How a rule is drawn everywhere: its short name, colour, dashes (on, off, ... in line widths) and marker."""

    label: str
    color: str
    dashes: tuple[float, ...]
    marker: str

    @property
    def line(self) -> dict[str, Any]:
        """Keyword arguments for `Axes.plot`."""
        return {"color": self.color, "linestyle": (0, self.dashes) if self.dashes else "-", "label": self.label}


# The first eight meet in the papers' figures and are distinct by colour alone; the others lean on dashes and markers.
# fmt: off
RULE_LOOKS: Mapping[str, RuleLook] = {
    "gd":               RuleLook("GD", "#222222", (), "o"),
    "sam":              RuleLook("SAM", "#D94202", (5, 1.2), "s"),
    "stable_sam":       RuleLook("StableSAM", "#1B36B0", (2.2, 1.0), "^"),
    "usam":             RuleLook("USAM", "#EBA51C", (5, 1.2, 1, 1.2), "D"),
    "stable_usam":      RuleLook("StableUSAM", "#2585F2", (1.1, 1.0), "v"),
    "n_sam":            RuleLook("n-SAM", "#6CBFA4", (7, 1.5, 2, 1.5), "h"),
    "one_sam":          RuleLook("1-SAM", "#A07CA8", (3, 1, 1, 1, 1, 1), "p"),
    "ae_sam":           RuleLook("AE-SAM", "#743A5C", (8, 2), "P"),
    "asam":             RuleLook("ASAM", "#A83A10", (4, 2), "X"),
    "stable_asam":      RuleLook("StableASAM", "#5C6BD0", (3, 1.5), ">"),
    "m_sam":            RuleLook("m-SAM", "#C58FD6", (6, 1, 1, 1), "<"),
    "usam_independent": RuleLook("USAM, independent batch", "#B57D0A", (1, 2), "d"),
    "random":           RuleLook("random", "#8C8C8C", (1, 1.5), "*"),
    "ss_sam":           RuleLook("SS-SAM", "#F0764A", (2, 2), "8"),
    "look_sam":         RuleLook("LookSAM", "#1E8A6E", (4, 1, 2, 1), "H"),
    "esam":             RuleLook("ESAM", "#4FB0C6", (6, 2, 2, 2), "1"),
    "ae_look_sam":      RuleLook("AE-LookSAM", "#A85C85", (9, 1.5, 1, 1.5), "2"),
    "gsam":             RuleLook("GSAM", "#7A8F1F", (3, 3), "3"),
}
# fmt: on
DISTINCT_RULES = tuple(RULE_LOOKS)[:8]
"""Rules told apart by colour alone."""


def rule_look(rule: Any) -> RuleLook:
    """How a rule is drawn.

    Args:
        rule: A rule or its name. A switch "a->b" is drawn as `b`, under its own name.
    Raises:
        ValueError: A name that is in neither `METHODS` nor this style.
    """
    name = rule if isinstance(rule, str) else rule.name
    first, arrow, last = name.rpartition("->")
    if arrow:
        return rule_look(last)._replace(label="→".join(rule_look(part).label for part in (*first.split("->"), last)))
    if name in RULE_LOOKS:
        return RULE_LOOKS[name]
    from ..dynamics.methods import resolve

    return RULE_LOOKS[resolve(name)]


def rule_label(name: str) -> str:
    """The short name of a rule; a label that is no rule's name stands for itself."""
    try:
        return rule_look(name).label
    except ValueError:
        return name


class OutcomeLook(NamedTuple):
    """How an outcome is drawn everywhere: fill, and hatching where the fill alone would not do."""

    color: str
    hatch: str = ""


MINIMUM_COLORS = ("#4355C4", "#76BDFA", "#1F7A74", "#8CA67A")
"""Minimum 1, 2, 3, 4; later ones take the colours again, hatched."""
OUTCOME_LOOKS: Mapping[str, OutcomeLook] = {
    "saddle": OutcomeLook("#BE300A"),
    "cycle": OutcomeLook("#F0BA2E", "////"),
    "other": OutcomeLook("#B36BDA", "...."),
    "slow": OutcomeLook("#E0E0E0"),
    "diverged": OutcomeLook("#2B2B2B"),
}
OTHER_MINIMA = "minimum not listed"
"""Starts at a family of minima, at one of many, or at one that the table of critical points lacks."""
LISTED_MINIMA = 8
"""Minima with a look of their own in one figure."""
_MINIMUM_HATCHES = ("", "\\\\\\\\", "xxxx", "----")


def outcome_look(outcome: str) -> OutcomeLook:
    """How an outcome is drawn.

    Args:
        outcome: A key of `OUTCOME_LOOKS`, `OTHER_MINIMA`, or "minimum k", k = 1, 2, ...
    Raises:
        ValueError: Neither.
    """
    if outcome in OUTCOME_LOOKS:
        return OUTCOME_LOOKS[outcome]
    if outcome == OTHER_MINIMA:
        return OutcomeLook("#B9C6DA", "xxxx")
    word, _, number = outcome.rpartition(" ")
    if word != "minimum" or not number.isdecimal() or int(number) < 1:
        raise ValueError(f"unknown outcome {outcome!r}; it is 'minimum k' with k >= 1, or {', '.join(OUTCOME_LOOKS)}")
    turn, place = divmod(int(number) - 1, len(MINIMUM_COLORS))
    return OutcomeLook(MINIMUM_COLORS[place], _MINIMUM_HATCHES[turn % len(_MINIMUM_HATCHES)])


def mixed(color: str, share: float) -> str:
    """A colour mixed with white (share > 0) or black (share < 0), as #rrggbb."""
    from matplotlib.colors import to_hex, to_rgb

    end = 1.0 if share > 0 else 0.0
    red, green, blue = ((1 - abs(share)) * part + abs(share) * end for part in to_rgb(color))
    return to_hex((red, green, blue))


@contextmanager
def paper() -> Iterator[None]:
    """Everything made inside is in the paper's style, whatever the user's own settings are."""
    from matplotlib import style

    with style.context(["default", STYLE_SHEET]):
        yield


def figure(
    columns: int = 1,
    aspect: float = 0.75,
    *,
    width: float | None = None,
    rows: int = 1,
    cols: int = 1,
    **subplots: Any,
) -> "tuple[Figure, Any]":
    """A figure of the paper, with its axes.

    Args:
        columns: How many text columns it covers, 1 or 2.
        aspect: Height over width of the whole figure.
        width: Another width in inches, in place of `columns`.
        rows: Rows of panels.
        cols: Columns of panels.
        subplots: More for `Figure.subplots` (sharex, squeeze, width_ratios, ...).
    Returns:
        The figure and its axes: one, or an array of them (rows, cols) with dimensions of length one left out.
    Raises:
        ValueError: `columns` is neither 1 nor 2, or a size is not positive.
    Notes:
        The figure does not belong to pyplot: it needs no display, and it is freed when the last reference goes.
    """
    if width is None and columns not in COLUMN_WIDTHS:
        raise ValueError(f"figure: columns must be 1 or 2, got {columns!r}; for another width give width= in inches")
    inches = COLUMN_WIDTHS[columns] if width is None else width
    if not (inches > 0 and aspect > 0):
        raise ValueError(f"figure: width and aspect must be positive, got {inches!r} and {aspect!r}")
    from matplotlib.figure import Figure

    with paper():
        fig = Figure(figsize=(inches, inches * aspect), layout="constrained")
        return fig, fig.subplots(rows, cols, **subplots)


def legend_below(ax: "Axes", ncols: int = 3, *, clear: float = 3.6, **more: Any) -> "Legend":
    """The legend under the axes, outside the data, clear of tick labels and the axis label, no wider than the figure.

    Args:
        ax: The axes whose labelled artists are listed.
        ncols: Columns of the legend, at most.
        clear: Distance from the axes in units of the legend's font size.
        more: More for `Axes.legend`.
    """
    place = {"loc": "upper center", "bbox_to_anchor": (0.5, 0.0), "borderaxespad": clear}
    legend = ax.legend(ncols=ncols, **place, **more)
    while ncols > 1 and legend.get_window_extent().width > ax.figure.bbox.width:
        ncols -= 1
        legend = ax.legend(ncols=ncols, **place, **more)
    return legend


def save(fig: "Figure | SubFigure", path: str | Path) -> Path:
    """Write a figure; the same figure gives the same bytes on every run of the same matplotlib.

    Args:
        fig: The figure, saved at its own size; of a subfigure, as in ``save(ax.figure, path)``, the whole it is in.
        path: Ends in .pdf, .png or .svg, which says what is written. An older file is replaced in one move.
    Returns:
        `path`.
    Raises:
        ValueError: Another suffix.
        OSError: The folder does not exist or cannot be written to.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        raise ValueError(
            f"save: {path.name!r} should end in one of {', '.join(SUFFIXES)}: the suffix says what is written"
        )
    # no date, no version: what is in the file comes from the figure alone
    metadata: dict[str, dict[str, Any]] = {
        ".pdf": {"CreationDate": None, "ModDate": None, "Creator": "samscape", "Producer": None},
        ".png": {"Software": "samscape"},
        ".svg": {"Date": None, "Creator": "samscape"},
    }
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")  # a kill leaves this, never half of `path`
    fonts = logging.getLogger("fontTools")
    level = fonts.level
    fonts.setLevel(logging.ERROR)  # else it remarks on the dates inside matplotlib's own fonts
    try:
        with open(unfinished, "wb") as file, paper():
            fig.figure.savefig(file, format=kind[1:], metadata=metadata[kind])
        os.replace(unfinished, path)
    finally:
        fonts.setLevel(level)
        unfinished.unlink(missing_ok=True)
    return path
