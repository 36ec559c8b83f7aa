r"""The sharpness of the minima of the tanh-tanh loss (Zhou et al. 2025, Example 4.1).

Problem and assumptions: L(u, v) = tanh²(v tanh u)/2, one example of a shallow network.

Statement as printed: on the minima M = {v = 0} the sharpness is ||H||_2 = Tr H = ||H||_F = tanh² u, so that the smaller
|u|, the flatter the minimum.

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training. Example
    4.1.
"""

from types import SimpleNamespace
from typing import Any

from ...landscapes import TANH_TANH
from ..arithmetic import Arithmetic
from ..claim import Claim, Source, Symbol
from ..derivatives import Derivatives, eigenvalues
from ..family import Family, Number

DERIVATIVES = Derivatives(TANH_TANH.formula)


def _on_the_valley(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    at, flatter = (x.u, 0 * x.u), (x.u * x.factor, 0 * x.u)
    matrix = DERIVATIVES.hessian(at, m)
    (a, b), (_, d) = matrix
    low, high = eigenvalues(matrix, m)
    slope = DERIVATIVES.gradient(at, m)
    return {
        "loss": DERIVATIVES.value(at, m), "slope_u": slope[0], "slope_v": slope[1],
        "spectral": m.maximum(m.abs(low), m.abs(high)), "trace": a + d, "frobenius2": a * a + 2 * b * b + d * d,
        "flatter": eigenvalues(DERIVATIVES.hessian(flatter, m), m)[1],
    }  # fmt: skip


EXAMPLE = Claim(
    id="zhou2025.ex-4.1",
    title="On the minima v = 0 of the tanh-tanh loss the sharpness is tanh² u",
    source=Source("zhou2025", "Example 4.1", "Section 4"),
    statement=r"On $M = \{v = 0\}$ the sharpness is $\|H\|_2 = \mathrm{Tr}(H) = \|H\|_F = \tanh^2(u)$, implying that "
    r"the smaller the $|u|$, the flatter the minimum.",
    symbols=(
        Symbol("u", "inner weight", "u != 0"),
        Symbol("factor", "by which a flatter minimum's u is smaller", "0 <= factor < 1", "1"),
        Symbol("loss", "loss at (u, 0)", measured=True),
        Symbol("slope_u", "derivative by u", measured=True),
        Symbol("slope_v", "derivative by v", measured=True),
        Symbol("spectral", "spectral norm of H", measured=True),
        Symbol("trace", "trace of H", measured=True),
        Symbol("frobenius2", "squared Frobenius norm of H", measured=True),
        Symbol("flatter", "sharpness at (factor u, 0)", measured=True),
    ),
    hypotheses=(),
    conclusion="loss == 0; slope_u == 0; slope_v == 0; spectral == tanh(u)**2; trace == tanh(u)**2;"
    "frobenius2 == tanh(u)**4; flatter < spectral",
    families=(
        Family(
            "points (u, 0)", (Number("u", 1e-2, 3, "signed log"), Number("factor", 0.01, 0.9, "linear")), _on_the_valley
        ),
    ),
)  # fmt: skip
CLAIMS = (EXAMPLE,)
