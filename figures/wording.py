"""What a portrait's title and axes say: symbols, numbers, and a sentence that is computed from what is drawn."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .style import rule_look

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def symbols(landscape: Any) -> tuple[str, ...]:
    """The coordinates as they are typeset: the landscape's own names, or w_1, w_2, ..."""
    names = getattr(landscape, "variables", None) or [f"w{i + 1}" for i in range(landscape.dimension)]
    return tuple(symbol(name) for name in names)


def symbol(name: str) -> str:
    """A coordinate's name as it is typeset; ``w2`` or ``w_adv`` gets a subscript, ``beta`` its Greek letter."""
    stem, _, rest = name.partition("_")
    if not rest:
        stem = name.rstrip("0123456789") or name
        rest = name[len(stem) :]
    if len(stem) > 1:
        stem = rf"\{stem}" if stem in GREEK else rf"\mathrm{{{stem}}}"
    if not rest:
        return stem
    return f"{stem}_{{{rest}}}" if len(rest) == 1 or rest.isdigit() else rf"{stem}_{{\mathrm{{{rest}}}}}"


GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi omega"
).split()


def numbers_of(rule: Any) -> dict[str, float]:
    """The rule's step size, momentum and radius, as far as it has them, by symbol."""
    base = getattr(rule, "base", None)
    swept = getattr(base, "numbers", {})
    found = {
        "η": getattr(base, "eta", swept.get("learning_rate")),
        "momentum": swept.get("momentum"),
        "ρ": getattr(getattr(rule, "perturbation", None), "rho", None),
    }
    return {letter: float(value) for letter, value in found.items() if value is not None}


def heading(landscape: Any, rule: Any, flow: bool) -> str:
    """Which motion on which landscape: "SAM on the Lucchi quartic, η = 0.05, ρ = 0.5"."""
    place = getattr(landscape, "title", "") or landscape.name
    if rule is None:
        return f"Gradient flow on {place}"
    name = rule_look(rule).label + (" flow" if flow else "")
    numbers = {letter: value for letter, value in numbers_of(rule).items() if not (flow and letter == "η")}
    # the spaces inside an equation do not break
    return ", ".join(
        [f"{name} on {place}", *(f"{letter}\u00a0=\u00a0{value:.4g}" for letter, value in numbers.items())]
    )


def finding(kinds: Sequence[str], attracts: Sequence[bool]) -> str:
    """What is seen, in a sentence: which critical points attract.

    Args:
        kinds: What each isolated critical point is for the loss.
        attracts: Whether it attracts, in the same order.
    """
    counts = {
        kind: (len(mine), sum(mine))
        for kind in PLURALS
        if (mine := [attracting for k, attracting in zip(kinds, attracts) if k == kind])
    }
    clauses: list[str] = []
    before = False
    for kind, (total, attracting) in counts.items():
        one = total == 1 or attracting <= 1
        some = _some(total, attracting, kind)
        negative = total == 1 and attracting == 0
        if not clauses:
            clauses.append(f"{some} does not attract" if negative else f"{some} {'attracts' if one else 'attract'}")
            before = attracting > 0
        elif attracting:
            verb = "does" if one else "do"
            clauses.append(f"and so {verb} {some}" if before else f"but {some} {verb}")
        elif before and kind == "saddle":
            clauses.append(f"{some} does not" if negative else f"{some} does")
    sentence = ", ".join(clauses)
    return sentence[:1].upper() + sentence[1:]


PLURALS = {"minimum": "minima", "saddle": "saddles", "maximum": "maxima"}


def _some(total: int, attracting: int, kind: str) -> str:
    """Those that attract, or, if none does, the only one or "no ..."."""
    if total == 1:
        return f"the {kind}"
    if attracting == 0:
        return f"no {kind}"
    if attracting < total:
        return f"{attracting} of {total} {PLURALS[kind]}"
    return f"{'both' if total == 2 else f'all {total}'} {PLURALS[kind]}"


def set_title(ax: "Axes", text: str) -> None:
    """Title the axes, in lines that are no wider than they are."""
    ax.set_title(wrap(text, ax.title.get_fontproperties(), ax.get_window_extent().width * 72 / ax.figure.dpi))


def title_of(ax: "Axes") -> str:
    """What `set_title` wrote, on the axes or on those of the loss above a cobweb, one line for each statement."""
    titles = (other.get_title(loc="left") or other.get_title() for other in ax.get_shared_x_axes().get_siblings(ax))
    return next((title.replace("\u00a0", " ") for title in titles if title), "")


def wrap(text: str, font: Any, width: float) -> str:
    """`text` in lines of at most `width` points in a font; lines are broken at spaces alone."""
    from matplotlib.textpath import TextPath

    lines: list[str] = []
    for line in text.split("\n"):
        lines.append("")
        for word in line.split(" "):
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and TextPath((0, 0), longer, prop=font).get_extents().width > width:
                lines.append(word)
            else:
                lines[-1] = longer
    return "\n".join(lines)
