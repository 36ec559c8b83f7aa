"""Losses in one dimension whose slope is linear in pieces: the valleys of Definition 4.2, and valleys that are not.

For z >= 0 the slope is a z up to `p1`, has the curvature k1 from there to p1 + p2, and k2 beyond; for z <= 0 the same
with numbers of its own. Beyond the valley [-2b, 2b] the slope turns outwards with the curvature `steep`, as nothing is
assumed there.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..claim import Hypothesis, Symbol
from ..family import Number

CURVATURE, STEP, SLOPE = "loss/w**2", "w**2/loss", "loss/w"
NUMBERS = (
    Number("a", 1e-1, 1e1), Number("b", 1e-1, 1e1), Number("eta", 1e-3, 1e2), Number("rho", 1e-3, 1e1),
    Number("place", -1, 1, "linear"),
    *(Number(n, 1e-2, 1e1) for n in ("p1", "p2", "q1", "q2")),
    *(Number(n, 1e-2, 1e1, "signed log") for n in ("k1", "k2", "l1", "l2")),
    Number("steep", 1e-1, 1e2),
)  # fmt: skip
"""`place` is the start in units of the largest |w| allowed; p, k are of the right side, q, l of the left."""
SYMBOLS = (
    Symbol("a", "curvature at the minimum", "a > 0", CURVATURE),
    Symbol("b", "half of the valley's half-width", "b > 0", "w"),
    Symbol("eta", "step size", "eta > 0", STEP, r"\eta"),
    Symbol("rho", "ascent step", "rho >= 0", STEP, r"\rho"),
    Symbol("k1", "curvature of the second piece on the right", "", CURVATURE),
    Symbol("k2", "curvature of the third piece on the right", "", CURVATURE),
    Symbol("l1", "curvature of the second piece on the left", "", CURVATURE),
    Symbol("l2", "curvature of the third piece on the left", "", CURVATURE),
    Symbol("inward", "smallest of |L'| with the sign of z at the ends of the valley", "", SLOPE, measured=True),
    Symbol("slope_max", "largest |L'| in the valley", "", SLOPE, measured=True),
    Symbol("ratio_min", "min of |L'(2z)/L'(z)| as the theorem has it", "", "1", measured=True),
    Symbol("farthest", "largest |w^t| of the run", "", "w", measured=True),
)
INWARD = Hypothesis("valley", "z L'(z) >= 0 in the valley", "inward >= 0")
RIGHT = Hypothesis("sub-quadratic right", "L'' does not grow to the right", "k1 <= a; k2 <= k1")
LEFT = Hypothesis("sub-quadratic left", "L'' does not grow to the left", "l1 <= a; l2 <= l1")


def slope(x: SimpleNamespace, z: Any, m: Arithmetic) -> Any:
    """L'(z)."""

    def between(low: Any, high: Any, value: Any) -> Any:
        return m.minimum(m.maximum(value - low, 0 * low), high - low)

    def beyond(low: Any, value: Any) -> Any:
        return m.maximum(value - low, 0 * low)

    zero, edge = 0 * x.b, 2 * x.b
    right = x.a * between(zero, x.p1, z) + x.k1 * between(x.p1, x.p1 + x.p2, z) + x.k2 * beyond(x.p1 + x.p2, z)
    left = x.a * between(zero, x.q1, -z) + x.l1 * between(x.q1, x.q1 + x.q2, -z) + x.l2 * beyond(x.q1 + x.q2, -z)
    return right - left - x.steep * (beyond(edge, z) - beyond(edge, -z))


def bends(x: SimpleNamespace, end: Any, m: Arithmetic) -> list[Any]:
    """The places within [-end, end] where the slope may bend, and the ends; -end and end stand for what is outside."""
    right = [m.minimum(p, end) for p in (x.p1, x.p1 + x.p2, end)]
    return right + [-m.minimum(q, end) for q in (x.q1, x.q1 + x.q2, end)]


def measured(x: SimpleNamespace, m: Arithmetic, reach: Any, factor: Any) -> dict[str, Any]:
    """A run of SAM from ``place * reach``; the ratio |L'(factor z)/L'(z)| at its smallest over 0 < |z| <= reach.

    The ratio of two linear functions is monotone, so that it is smallest at a bend of either, or at an end.
    """
    edge = 2 * x.b
    values = [m.abs(slope(x, z, m)) for z in bends(x, edge, m)]
    inward = m.minimum(slope(x, edge, m), -slope(x, -edge, m))
    for z in bends(x, edge, m):
        inward = m.minimum(inward, slope(x, z, m) * m.sign(z))
    ratio = factor
    for z in (*bends(x, reach, m), *(bend / factor for bend in bends(x, reach * factor, m))):
        ratio = m.minimum(ratio, m.abs(slope(x, factor * z, m)) / m.abs(slope(x, z, m)))
    w = x.place * reach
    farthest = m.abs(w)
    for _ in range(x.T):
        w = w - x.eta * slope(x, w + x.rho * slope(x, w, m), m)
        farthest = m.maximum(farthest, m.abs(w))
    largest = values[0]
    for value in values[1:]:
        largest = m.maximum(largest, value)
    return {"inward": inward, "slope_max": largest, "ratio_min": ratio, "farthest": farthest}
