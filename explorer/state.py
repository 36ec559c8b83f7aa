"""The view as the text after ``#`` in the page's address; ``web/src/ui/url.js`` has the grammar and reads it.

l=saddle&a=usam,0.1,0.2,0&b=gd,0.1,0,0&t=200&s=0.5,0.1;-1,2
"""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from .presets import LAYERS, RULES


class RuleView(NamedTuple):
    """A rule as the page has it: its name, eta, rho, and heavy-ball momentum."""

    name: str
    eta: float
    rho: float = 0.0
    momentum: float = 0.0


def fragment(
    landscape: str = "",
    a: RuleView | None = None,
    b: RuleView | None = None,
    *,
    formula: str = "",
    variables: Sequence[str] = (),
    window: Sequence[Sequence[float]] = (),
    starts: Sequence[Sequence[float]] | None = None,
    steps: int | None = None,
    layers: Sequence[str] | None = None,
    side: bool = False,
) -> str:
    """A view as a fragment. What is left out is the page's own choice.

    Args:
        landscape: Name of a closed form of one or two coordinates.
        a: First rule.
        b: Second rule.
        formula: In place of a name: a loss, with its `variables`, one or two.
        variables: Coordinates of the formula, in order.
        window: ((low, high), ...), a pair for each coordinate.
        starts: Starts, a row of coordinates each.
        steps: Length of the trajectories, >= 1.
        layers: Names of `LAYERS`.
        side: Rules side by side, not overlaid.
    Raises:
        ValueError: A rule, a layer or a number that the page does not have.
    """
    parts = []
    if formula:
        if len(variables) not in (1, 2):
            raise ValueError(f"explorer: a formula of {len(variables)} variables; the page shows one or two")
        parts += [f"f={quote(formula, safe='/')}", f"v={','.join(map(quote, variables))}"]
    elif landscape:
        parts.append(f"l={quote(landscape)}")
    if window:
        parts.append("w=" + ",".join(_number(x) for side_ in window for x in side_))
    for letter, rule in (("a", a), ("b", b)):
        if rule is not None:
            parts.append(f"{letter}={_rule(rule)}")
    if side:
        parts.append("o=side")
    if steps is not None:
        if steps < 1:
            raise ValueError(f"explorer: steps = {steps} must be at least 1")
        parts.append(f"t={steps}")
    if starts is not None:
        parts.append("s=" + ";".join(",".join(map(_number, start)) for start in starts))
    if layers is not None:
        for layer in layers:
            if layer not in LAYERS:
                raise ValueError(f"explorer: unknown layer {layer!r}; there are: {', '.join(LAYERS)}")
        parts.append(f"y={','.join(layers)}")
    return "&".join(parts)


def _rule(rule: RuleView) -> str:
    if rule.name not in RULES:
        raise ValueError(f"explorer: the page has no rule {rule.name!r}; it has: {', '.join(RULES)}")
    if not (rule.eta > 0 and rule.rho >= 0 and 0 <= rule.momentum < 1):
        raise ValueError(f"explorer: {rule.name} needs eta > 0, rho >= 0 and 0 <= momentum < 1, got {rule}")
    return ",".join([rule.name, *map(_number, rule[1:])])


def _number(x: float) -> str:
    value = float(x)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
