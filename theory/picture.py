"""A counterexample drawn: both sides of the relation along one free number, and where it is broken, as inline SVG.

Colours are the page's (CSS classes), so that one drawing serves light and dark.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any

WIDTH, HEIGHT = 460, 250
LEFT, RIGHT, TOP, BOTTOM = 62, 12, 12, 40
SPREAD = 30.0
"""Where the sides reach this many times further than at the counterexample, the axis is compressed (asinh)."""


def draw(curve: Mapping[str, Any], relation: str) -> str:
    """SVG of a curve (the fields of `reproduction.Curve`) for the relation that it belongs to."""
    xs, left, right = ([float(v) for v in curve[name]] for name in ("x", "left", "right"))
    at = min(range(len(xs)), key=lambda i: abs(xs[i] - curve["at"]))
    to_x = _scale([xs[0], xs[-1]], LEFT, WIDTH - RIGHT, math.log if curve["log"] else None)
    here = max(abs(left[at]), abs(right[at]))
    finite = [v for v in (*left, *right) if math.isfinite(v)]
    far = max(map(abs, finite))
    unit = here or _middle([abs(v) for v in finite if v]) or 1.0
    compressed = far > SPREAD * unit
    bend: Callable[[float], float] | None = (lambda v: math.asinh(v / unit)) if compressed else None
    to_y = _scale(_padded(finite, bend), HEIGHT - BOTTOM, TOP, bend)
    bands = _bands(xs, curve["broken"], to_x, "broken") + _bands(xs, [not m for m in curve["met"]], to_x, "unmet")
    x_ticks = _log_ticks(xs[0], xs[-1]) if curve["log"] else _ticks(xs[0], xs[-1])
    y_ticks = _bent_ticks(finite, unit) if compressed else _ticks(min(finite), max(finite))
    said = escape(f"Both sides of {relation} against {curve['number']}; the counterexample is at {curve['at']:.4g}.")
    parts = [
        f'<svg class="curve" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{said}">',
        *bands,
        *(_x_tick(to_x(v), v) for v in x_ticks),
        *(_y_tick(to_y(v), v) for v in y_ticks),
        f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{HEIGHT - BOTTOM}" y2="{HEIGHT - BOTTOM}"/>',
        f'<path class="right" d="{_path(xs, right, to_x, to_y)}"/>',
        f'<path class="left" d="{_path(xs, left, to_x, to_y)}"/>',
        f'<line class="at" x1="{to_x(xs[at]):.1f}" x2="{to_x(xs[at]):.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>',
        *(
            f'<circle class="{name}" cx="{to_x(xs[at]):.1f}" cy="{to_y(v[at]):.1f}" r="4"/>'
            for name, v in (("right", right), ("left", left))
            if math.isfinite(v[at])
        ),
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 6}" text-anchor="middle">',
        f"{escape(curve['number'])}</text>",
        "</svg>",
    ]
    return "".join(parts)


def _scale(
    ends: Sequence[float], low: float, high: float, bend: "Callable[[float], float] | None"
) -> Callable[[float], float]:
    function = bend or (lambda v: v)
    a, b = function(ends[0]), function(ends[-1])
    width = (b - a) or 1.0
    return lambda v: low + (function(v) - a) / width * (high - low)


def _padded(values: Sequence[float], bend: "Callable[[float], float] | None") -> tuple[float, float]:
    low, high = min(values), max(values)
    if bend is not None:
        return low * (1.3 if low < 0 else 0.7), high * (1.3 if high > 0 else 0.7)
    pad = 0.06 * (high - low) or 0.1 * abs(high) or 1.0
    return low - pad, high + pad


def _bands(xs: Sequence[float], flags: Sequence[bool], to_x: Callable[[float], float], name: str) -> list[str]:
    """Rectangles over runs of flagged points, out to half-way to the neighbours; at least two pixels wide."""
    edges = [to_x(x) for x in xs]
    bounds = [edges[0], *((a + b) / 2 for a, b in pairwise(edges)), edges[-1]]
    found, start = [], None
    for i, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = i
        elif not flag and start is not None:
            a, b = bounds[start], bounds[i]
            a, b = (a, b) if b - a >= 2 else ((a + b) / 2 - 1, (a + b) / 2 + 1)
            found.append(
                f'<rect class="{name}" x="{a:.1f}" y="{TOP}" width="{b - a:.1f}" height="{HEIGHT - TOP - BOTTOM}"/>'
            )
            start = None
    return found


def _path(
    xs: Sequence[float], ys: Sequence[float], to_x: Callable[[float], float], to_y: Callable[[float], float]
) -> str:
    steps, pen = [], "M"
    for x, y in zip(xs, ys, strict=True):
        if not math.isfinite(y):
            pen = "M"
            continue
        steps.append(f"{pen}{to_x(x):.1f} {to_y(y):.1f}")
        pen = "L"
    return "".join(steps)


def _ticks(low: float, high: float) -> list[float]:
    if not high > low:
        return [low]
    step = 10 ** math.floor(math.log10(high - low))
    step = next(step * f for f in (0.2, 0.5, 1, 2) if (high - low) / (step * f) <= 6)
    return [k * step for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def _log_ticks(low: float, high: float) -> list[float]:
    decades = range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)
    powers = [10.0**k for k in decades]
    if len(powers) >= 3:
        return powers[:: max(1, len(powers) // 6)]
    fine = [f * 10.0**k for k in range(decades.start - 1, decades.stop + 1) for f in (1, 2, 5)]
    return [v for v in fine if low * (1 - 1e-9) <= v <= high * (1 + 1e-9)]


def _bent_ticks(values: Sequence[float], unit: float) -> list[float]:
    """0, and powers of ten beyond the unit on either side, no more than four each."""
    ticks = [0.0] if min(values) <= 0 <= max(values) else []
    for sign, reach in ((1.0, max(values)), (-1.0, -min(values))):
        if reach > unit:
            first, last = math.ceil(math.log10(unit)), math.floor(math.log10(reach))
            ticks += [sign * 10.0**k for k in range(first, last + 1, max(1, (last - first) // 3))]
    return ticks


def _x_tick(x: float, value: float) -> str:
    y = HEIGHT - BOTTOM
    return f'<line class="tick" x1="{x:.1f}" x2="{x:.1f}" y1="{y}" y2="{y + 4}"/>' + (
        f'<text class="tick" x="{x:.1f}" y="{y + 16}" text-anchor="middle">{value:.3g}</text>'
    )


def _y_tick(y: float, value: float) -> str:
    return f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>' + (
        f'<text class="tick" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:.3g}</text>'
    )


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.0
