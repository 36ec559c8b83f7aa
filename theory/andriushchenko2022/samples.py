"""Two examples in one dimension, whose gradients deviate from their mean by a bounded amount everywhere.

    l_1(w) = L(w) + a w + bump(w),    l_2(w) = L(w) - a w - bump(w),    bump'(w) = k clip(w, -d, d)

with a mean loss L(w) = h w²/2, or, for h < 0, that up to `edge` and a bowl of curvature |h| beyond, so that it has a
minimum. The variance of one example's gradient is at most (a + |k| d)², everywhere (A1); every example is beta-smooth
for beta >= |h| + |k| (A2), and their mean for beta >= |h| (A2').

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Section 5.1.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.enumeration import batches
from ..claim import Hypothesis, Symbol
from ..family import Number

CURVATURE, STEP, SQUARED = "loss/w**2", "w**2/loss", "loss**2/w**2"
BETA = Symbol("beta", "smoothness", "beta > 0", CURVATURE, r"\beta")
RHO = Symbol("rho", "ascent step", "rho >= 0", STEP, r"\rho")
GAMMA = Symbol("gamma", "step size", "gamma > 0", STEP, r"\gamma")
SIGMA2 = Symbol("sigma2", "bound of the variance of one example's gradient", "sigma2 >= 0", SQUARED, r"\sigma^2")
SIZE = Symbol("b", "batch size", "b >= 1", "1")
MEASURED = (
    Symbol("smoothness", "curvature of the mean loss, in size", "", CURVATURE, measured=True),
    Symbol("sample_smoothness", "largest curvature of an example's loss, in size", "", CURVATURE, measured=True),
    Symbol("spread", "largest variance of an example's gradient, anywhere", "", SQUARED, measured=True),
)
BOUNDED = Hypothesis("(A1)", "the variance of an example's gradient is at most sigma²", "spread <= sigma2")
EACH_SMOOTH = Hypothesis("(A2)", "the loss of every example is beta-smooth", "sample_smoothness <= beta")
MEAN_SMOOTH = Hypothesis("(A2')", "the mean loss is beta-smooth", "smoothness <= beta")
SHAPE = (
    Number("h", 1e-2, 1e2, "signed log"), Number("a", 1e-3, 1e2), Number("k", 1e-2, 1e2, "signed log"),
    Number("d", 1e-2, 1e2), Number("w", 1e-2, 1e2, "signed log"), Number("beta", 1e-2, 1e2),
    Number("sigma2", 1e-6, 1e4),
)  # fmt: skip
NUMBERS = (*SHAPE, Number("rho", 1e-3, 1e2))
BATCHES = ({"b": 1}, {"b": 2})


def facts(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """What the assumptions speak of."""
    return {
        "smoothness": m.abs(x.h), "sample_smoothness": m.abs(x.h) + m.abs(x.k),
        "spread": (x.a + m.abs(x.k) * x.d) ** 2,
    }  # fmt: skip


def value(x: SimpleNamespace, w: Any, m: Arithmetic, edge: Any) -> Any:
    """The mean loss above its minimum: a parabola for h > 0, a double well of minima at ±2 edge for h < 0."""
    size = m.abs(x.h)
    inner = m.minimum(m.abs(w), edge)
    outer = m.abs(w) - inner
    well = -size * inner**2 / 2 - size * edge * outer + size * outer**2 / 2 + size * edge**2
    bowl = size * w * w / 2
    upward = (1 + m.sign(x.h)) / 2
    return upward * bowl + (1 - upward) * well


def slope(x: SimpleNamespace, w: Any, m: Arithmetic, edge: Any) -> Any:
    """Its derivative."""
    size = m.abs(x.h)
    inner = m.minimum(m.maximum(w, -edge), edge)
    upward = (1 + m.sign(x.h)) / 2
    return size * (upward * w + (1 - upward) * (w - 2 * inner))


def sampled(x: SimpleNamespace, batch: tuple[int, ...], w: Any, m: Arithmetic, edge: Any) -> Any:
    """The gradient of a batch."""
    sign = sum(1 if i == 0 else -1 for i in batch)
    extra = x.a + x.k * m.minimum(m.maximum(w, -x.d), x.d)
    return slope(x, w, m, edge) + extra * sign / len(batch)


def moments(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """Expectations over batches drawn with replacement, of one step of the ascent from `w`."""
    edge, drawn = m.abs(x.w) * 100, batches(2, x.b, replacement=True)
    g = slope(x, x.w, m, edge)
    same = independent = 0 * g
    for inner in drawn:
        above = x.w + x.rho * sampled(x, inner, x.w, m, edge)
        same = same + g * sampled(x, inner, above, m, edge)
        independent = independent + g * slope(x, above, m, edge)
    return {**facts(x, m), "slope2": g * g, "same": same / len(drawn), "independent": independent / len(drawn)}
