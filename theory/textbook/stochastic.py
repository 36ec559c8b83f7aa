"""Stochastic gradients of finite sums, with exact expectations over all histories of mini-batches.

References:
    [1] Bottou, Curtis, Nocedal (2018). Optimization methods for large-scale machine learning. SIAM Review. Section 4.
    [2] Cochran (1977). Sampling techniques, 3rd ed. Wiley. Theorem 2.2.
"""

from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..checks.enumeration import batches, expected, histories
from ..claim import Claim, Hypothesis, Source, Symbol
from ..family import Family, Number
from ..losses import Mean, Quadratic
from ..mutation import Damage
from ..stepping import gd
from .words import ETA, STEPS, WEIGHT, T

H = Symbol("h", "curvature", "h > 0", "loss/w**2")
C = Symbol("c", "distance of the samples' minima from their mean", "c > 0", "w")
W = Symbol("w", "start", "", "w")
SQUARE = Symbol("square", "expected squared distance after T steps", "", "w**2", r"E\,w_T^2", measured=True)
MEAN = Symbol("mean", "expected iterate after T steps", "", "w", r"E\,w_T", measured=True)
DETERMINISTIC = Symbol("full", "gradient descent after T steps", "", "w", measured=True)


def _two_samples(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    sums = Mean((Quadratic((x.h,), (x.c,)), Quadratic((x.h,), (-x.c,))))

    def run(history: Any) -> dict[str, Any]:
        w = (x.w,)
        for outer, _ in history:
            w = gd(w, sums.part(outer).gradient, x.eta)
        return {"square": w[0] ** 2, "mean": w[0]}

    full = (x.w,)
    for _ in range(x.T):
        full = gd(full, sums.gradient, x.eta)
    return {**expected(run, histories(2, 1, x.T)), "full": full[0]}


PAIR = Family(
    "two quadratics with opposite minima",
    (STEPS, Number("h", 1e-3, 1e3), Number("c", 1e-2, 1e2), WEIGHT),
    _two_samples,
    ({"T": 1}, {"T": 2}, {"T": 4}),
)


def _population(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    values = (x.p, x.q, x.r)
    mean = sum(values) / 3
    spread = sum((v - mean) ** 2 for v in values) / 2

    def drawn(batch: tuple[int, ...]) -> Any:
        return sum(values[i] for i in batch) / len(batch)

    without = batches(3, x.b)
    replaced = batches(3, x.b, replacement=True)
    return {
        "spread": spread, "mean": mean, "size": 3 + 0 * x.p,
        "without": sum((drawn(b) - mean) ** 2 for b in without) / len(without),
        "replaced": sum((drawn(b) - mean) ** 2 for b in replaced) / len(replaced),
        "second": sum(v**2 for v in values) / 3,
    }  # fmt: skip


POPULATION = Family(
    "three numbers",
    tuple(Number(n, 1e-2, 1e2, "signed log") for n in ("p", "q", "r")),
    _population,
    ({"b": 1}, {"b": 2}, {"b": 3}),
)
SAMPLED = (
    Symbol("b", "batch size", "b >= 1", "1"),
    Symbol("size", "how many there are", "", "1", "n", measured=True),
    Symbol("spread", "their variance, with n - 1", "", "w**2", "S^2", measured=True),
    Symbol("mean", "their mean", "", "w", measured=True),
    Symbol("second", "their mean square", "", "w**2", measured=True),
    Symbol("without", "variance of a batch's mean, without replacement", "", "w**2", measured=True),
    Symbol("replaced", "variance of a batch's mean, with replacement", "", "w**2", measured=True),
)

variance = Claim(
    "textbook.sgd-variance",
    "How far SGD spreads on a quadratic",
    Source("textbook", "Bottou, Curtis, Nocedal (2018), Section 4.2"),
    r"On the mean of $\frac h2(w\mp c)^2$, one at a time: $E\,w_T^2 = q^T w_0^2 + \eta h c^2\frac{1-q^T}{2-\eta h}$,"
    r" $q = (1-\eta h)^2$, for $\eta h < 2$.",
    (ETA, H, C, W, T, SQUARE, MEAN, DETERMINISTIC),
    (Hypothesis("step size", "eta h is below 2", "eta*h < 2"),),
    "square == (1 - eta*h)**(2*T)*w**2 + eta*h*c**2*(1 - (1 - eta*h)**(2*T))/(2 - eta*h)",
    (PAIR,),
)
unbiased = Claim(
    "textbook.sgd-mean",
    "SGD on a quadratic is gradient descent in the mean",
    Source("textbook", "Bottou, Curtis, Nocedal (2018), Section 4.2"),
    r"$E\,w_T$ of SGD is $w_T$ of gradient descent.",
    (ETA, H, C, W, T, SQUARE, MEAN, DETERMINISTIC),
    (),
    "mean == full",
    (PAIR,),
)
bounded = Claim(
    "textbook.noise-floor",
    "SGD comes no further than its noise floor",
    Source("textbook", "Bottou, Curtis, Nocedal (2018), Theorem 4.6"),
    r"With $\eta h \le 1$: $E\,w_T^2 \le (1-\eta h)^{2T} w_0^2 + \eta h c^2$.",
    (ETA, H, C, W, T, SQUARE, MEAN, DETERMINISTIC),
    (Hypothesis("step size", "eta h is at most 1", "eta*h <= 1"),),
    "square <= (1 - eta*h)**(2*T)*w**2 + eta*h*c**2",
    (PAIR,),
)
without_replacement = Claim(
    "textbook.finite-population",
    "Variance of a mini-batch without replacement",
    Source("textbook", "Cochran (1977), Theorem 2.2"),
    r"The mean of $b$ out of $n$ drawn without replacement has variance $\frac{S^2}{b}\frac{n-b}{n}$.",
    SAMPLED,
    (),
    "without == spread/b*(size - b)/size",
    (POPULATION,),
)
with_replacement = Claim(
    "textbook.replacement",
    "Variance of a mini-batch with replacement",
    Source("textbook", "Cochran (1977), Section 2.4"),
    r"With replacement it is $\frac{S^2}{b}\frac{n-1}{n}$.",
    SAMPLED,
    (),
    "replaced == spread/b*(size - 1)/size",
    (POPULATION,),
)
mean_square = Claim(
    "textbook.mean-square",
    "The square of a mean is at most the mean of squares",
    Source("textbook", "Bottou, Curtis, Nocedal (2018), Eq. 4.6"),
    r"$(E\,g)^2 \le E\,g^2$.",
    SAMPLED,
    (),
    "mean**2 <= second",
    (POPULATION,),
)

CLAIMS = (variance, unbiased, bounded, without_replacement, with_replacement, mean_square)
DAMAGES = {
    "textbook.sgd-variance": (
        Damage("constant", "conclusion", "c**2*", "1.01*c**2*", "c² > 0 counts"),
        Damage("constant", "conclusion", "c**2*", "2*c**2*", "T = 1, w = 0 nearly: c² > 0 counts"),
        Damage("power", "conclusion", "+ eta*h*c**2", "+ eta*h**2*c**2", "h is not 1"),
        Damage("sign", "conclusion", "/(2 - eta*h)", "/(2 + eta*h)", "eta h is not 0"),
        Damage("power", "conclusion", "**(2*T)*w", "**T*w", "eta h = 1/2, w = 100 c"),
    ),
    "textbook.sgd-mean": (
        Damage("sign", "conclusion", "== full", "== -full", "eta h = 1/2: full is not 0"),
        Damage("constant", "conclusion", "== full", "== 2*full", "the same"),
        Damage("strictness", "conclusion", "==", ">", "they are equal"),
    ),
    "textbook.noise-floor": (
        Damage("constant", "conclusion", "+ eta*h*c**2", "+ 0.99*eta*h*c**2", "eta h = 1: equality before"),
        Damage("constant", "conclusion", "+ eta*h*c**2", "+ eta*h*c**2/4", "eta h = 1: c² against c²/4"),
        Damage("constant", "step size", "<= 1", "<= 3", "eta h = 3: at T = 1 9c² against 3c² beside 4w²"),
        Damage("power", "conclusion", "+ eta*h*c**2", "+ eta*h*c**3", "c < 1, eta h = 1: c² against c³"),
        Damage("sign", "conclusion", "+ eta", "- eta", "the spread is at least (1 - eta h)^2T w²"),
        Damage("strictness", "conclusion", "<=", "<", "eta h = 1: equality"),
        Damage("dropped hypothesis", "step size", "", "", "eta h = 10"),
    ),
    "textbook.finite-population": (
        Damage("constant", "conclusion", "spread/b", "2*spread/b", "b = 1: twice the variance"),
        Damage("power", "conclusion", "spread/b", "spread/b**2", "b = 2"),
        Damage("sign", "conclusion", "size - b", "size + b", "b = 1: 2/3 against 4/3"),
    ),
    "textbook.replacement": (
        Damage("constant", "conclusion", "size - 1", "size - 2", "b = 1: 2/3 against 1/3"),
        Damage("power", "conclusion", "spread/b", "spread/b**2", "b = 2"),
        Damage("sign", "conclusion", "size - 1", "size + 1", "b = 1: 2/3 against 4/3"),
    ),
    "textbook.mean-square": (
        Damage("constant", "conclusion", "mean**2", "2*mean**2", "three equal numbers"),
        Damage("sign", "conclusion", "<=", ">=", "1, -1 and 1: 1/9 against 1"),
        Damage("power", "conclusion", "mean**2", "mean**4", "three equal numbers above 1"),
        Damage("strictness", "conclusion", "<=", "<", "three equal numbers"),
    ),
}
