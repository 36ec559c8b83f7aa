"""Two examples in one dimension whose gradients deviate from their mean by a bounded amount everywhere.

    l_1(w) = h (w - a)²/2 + bump(w),    l_2(w) = h (w + a)²/2 - bump(w),    bump'(w) = k clip(w, -d, d)

The mean loss is h (w² + a²)/2, beta-smooth for beta >= |h|, whatever k is; each example has the curvature |h| + |k|
where the bump bends. So Assumptions 3.1 and 3.2 hold for every k, and one can see which results need the examples
themselves to be smooth.

References:
    [1] Jiang et al. (2023). An adaptive policy to employ sharpness-aware minimization. Assumptions 3.1 and 3.2.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.enumeration import batches
from ..claim import Hypothesis, Symbol
from ..family import Number

CURVATURE, STEP = "loss/w**2", "w**2/loss"
NUMBERS = (
    Number("h", 1e-2, 1e2, "signed log"), Number("a", 1e-2, 1e2), Number("k", 1e-2, 1e2, "signed log"),
    Number("d", 1e-2, 1e2), Number("w", 1e-2, 1e2, "signed log"), Number("beta", 1e-2, 1e2), Number("rho", 1e-3, 1e1),
    Number("sigma2", 1e-4, 1e6),
)  # fmt: skip
CASES = ({"b": 1}, {"b": 2})
CONSTANTS = (
    Symbol("beta", "smoothness", "beta > 0", CURVATURE, r"\beta"),
    Symbol("rho", "ascent step", "rho > 0", STEP, r"\rho"),
    Symbol("sigma2", "bound of the variance of one example's gradient", "sigma2 > 0", "loss**2/w**2", r"\sigma^2"),
    Symbol("b", "batch size", "b >= 1", "1"),
)
MEASURED = (
    Symbol("smoothness", "curvature of the mean loss, in size", "", CURVATURE, measured=True),
    Symbol("sample_smoothness", "largest curvature of an example's loss, in size", "", CURVATURE, measured=True),
    Symbol("spread", "largest variance of an example's gradient, anywhere", "", "loss**2/w**2", measured=True),
    Symbol("slope2", "||grad L(D; w)||²", "", "loss**2/w**2", measured=True),
)
ASSUMPTION_31 = Hypothesis("Assumption 3.1", "L(D; w) is beta-smooth", "smoothness <= beta")
ASSUMPTION_32 = Hypothesis("Assumption 3.2", "the variance of an example's gradient is below sigma²", "spread < sigma2")
EACH_SMOOTH = Hypothesis(
    "every example smooth", "the loss of every example is beta-smooth", "sample_smoothness <= beta"
)


def gradient(x: SimpleNamespace, sign: int, w: Any, m: Arithmetic) -> Any:
    """Of example 1 (sign 1) or 2 (sign -1)."""
    return x.h * (w - sign * x.a) + sign * x.k * m.minimum(m.maximum(w, -x.d), x.d)


def measured(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """Expectations over batches of `b` examples drawn with replacement, all of them."""
    drawn = batches(2, x.b, replacement=True)
    slope = x.h * x.w
    g2 = h2 = product = variance = moved2 = 0
    for batch in drawn:
        signs = [1 if i == 0 else -1 for i in batch]
        g = sum(gradient(x, s, x.w, m) for s in signs) / x.b
        ascended = x.w + x.rho * g
        h = sum(gradient(x, s, ascended, m) for s in signs) / x.b
        g2, h2, product = g2 + g * g, h2 + h * h, product + slope * h
        variance, moved2 = variance + (g - slope) ** 2, moved2 + (h - g) ** 2
    n = len(drawn)
    return {
        "smoothness": m.abs(x.h), "sample_smoothness": m.abs(x.h) + m.abs(x.k),
        "spread": (m.abs(x.h) * x.a + m.abs(x.k) * x.d) ** 2, "slope2": slope * slope,
        "g2": g2 / n, "h2": h2 / n, "product": product / n, "variance": variance / n, "moved2": moved2 / n,
    }  # fmt: skip
