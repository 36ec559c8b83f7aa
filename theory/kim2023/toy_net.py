r"""The critical points of one neuron with contradicting labels (Kim et al. 2023, Section 4.3, Figure 7).

Problem and assumptions: a two-layer network with one neuron and the activation x², input x = 1, labels y in {-1, 2}
with probability 1/2 each, mean squared error: l(w1, w2) = ((w2 w1² + 1)² + (w2 w1² - 2)²) / 2.

Statement as printed: global minima l = 2.25 for w1² = 1/(2 w2), saddle points l = 2.50 for w1 = 0, w2 >= 0.

A saddle point is defined in Section 4.1 by its Hessian: of index k if it has exactly k negative eigenvalues; with none
it is called stable. In the more usual sense it is a critical point that is neither a local minimum nor a maximum.

References:
    [1] Kim et al. (2023). Stability analysis of sharpness-aware minimization. Section 4.3.
"""

from types import SimpleNamespace
from typing import Any

from ...landscapes import ONE_NEURON
from ..arithmetic import Arithmetic
from ..claim import Claim, Hypothesis, Repair, Source, Symbol
from ..derivatives import Derivatives, eigenvalues
from ..family import Family, Number

DERIVATIVES = Derivatives(ONE_NEURON.formula)
STATEMENT = (
    r"The loss landscape yields global minima $\ell(w) = 2.25$ for $\{w_1^2 = 1/2w_2\}$ and saddle points "
    r"$\ell(w) = 2.50$ for $\{w_1 = 0, w_2 \geq 0\}$."
)
SOURCE = Source("kim2023", "Section 4.3", "Figure 7a")


def _valley(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """The point of the valley at w1 = t, and the loss of any other point (a, b)."""
    at = (x.t, 1 / (2 * x.t**2))
    slope = DERIVATIVES.gradient(at, m)
    return {
        "loss": DERIVATIVES.value(at, m), "other": DERIVATIVES.value((x.a, x.b), m),
        "slope_1": slope[0], "slope_2": slope[1],
    }  # fmt: skip


def _axis(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """A point (0, w2), and one near it."""
    at = (0 * x.w2, x.w2)
    slope = DERIVATIVES.gradient(at, m)
    low, _ = eigenvalues(DERIVATIVES.hessian(at, m), m)
    # a critical point with every loss nearby at or below its own is a local maximum: the highest of a ring around it
    near = [DERIVATIVES.value((at[0] + a, at[1] + b), m) for a, b in _ring(x.distance)]
    highest = near[0]
    for value in near[1:]:
        highest = m.maximum(highest, value)
    loss = DERIVATIVES.value(at, m)
    return {"loss": loss, "slope_1": slope[0], "slope_2": slope[1], "lam": low, "rise": highest - loss}


def _ring(distance: Any) -> list[tuple[Any, Any]]:
    return [
        (distance * a / 5, distance * b / 5) for a, b in ((5, 0), (0, 5), (3, 4), (4, 3), (3, -4), (4, -3), (0, -5))
    ]


W2 = Symbol("w2", "output weight", "", "", r"w_2")
SHARED = (
    Symbol("loss", "loss at the point", "", "", measured=True),
    Symbol("slope_1", "derivative by w1", "", "", measured=True),
    Symbol("slope_2", "derivative by w2", "", "", measured=True),
)
AXIS = (
    W2,
    *SHARED,
    Symbol("lam", "smallest eigenvalue of the Hessian", "", "", r"\lambda_1", measured=True),
    Symbol("rise", "highest loss on a ring around the point, less the loss there", "", "", measured=True),
    Symbol("distance", "radius of the ring", "distance > 0"),
)
PRINTED = Hypothesis("printed set", "w1 = 0 and w2 is not negative", "w2 >= 0")
POSITIVE = Hypothesis("positive weight", "w2 is positive", "w2 > 0")
NUMBERS = (Number("w2", 0, 10, "linear"), Number("distance", 1e-4, 1e-1))
STAY = Hypothesis("ring", "the ring is small beside w2 or beside 1", "distance <= 1/10")

NET = Claim(
    id="kim2023.toy-net",
    title="The points w1 = 0, w2 >= 0 are critical, of loss 2.50, with a negative eigenvalue",
    source=SOURCE,
    statement=STATEMENT,
    symbols=AXIS,
    hypotheses=(PRINTED, STAY),
    conclusion="loss == 5/2; slope_1 == 0; slope_2 == 0; lam < 0",
    families=(Family("points of the axis", NUMBERS, _axis),),
    repairs=(
        Repair(
            "without the origin", "condition",
            "With w2 > 0 it holds: at the origin the Hessian is 0 and has no negative eigenvalue.", (POSITIVE,),
            replaces=("printed set",), latex=r"w_1 = 0,\ w_2 > 0",
        ),
    ),
    reading="A saddle point as Section 4.1 defines it, by a negative eigenvalue of the Hessian.",
)  # fmt: skip
MINIMA = Claim(
    id="kim2023.toy-net:minima",
    title="The points with w1² = 1/(2 w2) are the global minima, of loss 2.25",
    source=SOURCE,
    statement=STATEMENT,
    symbols=(
        *SHARED,
        Symbol("other", "loss at any point", "", "", measured=True),
        Symbol("t", "input weight of the minimum, w2 = 1/(2 t²)", "t != 0"),
    ),
    hypotheses=(),
    conclusion="loss == 9/4; slope_1 == 0; slope_2 == 0; other >= 9/4",
    families=(
        Family(
            "points of the valley, and any others",
            (Number("t", 1e-1, 1e1, "signed log"), Number("a", -3, 3, "linear"), Number("b", -3, 3, "linear")),
            _valley,
        ),
    ),
)
EXTREMUM = Claim(
    id="kim2023.toy-net:no-extremum",
    title="The points w1 = 0, w2 >= 0 are neither minima nor maxima",
    source=SOURCE,
    statement=STATEMENT,
    symbols=AXIS,
    hypotheses=(PRINTED, Hypothesis("ring", "the ring is small beside w2", "distance <= w2/10; distance <= 1/10")),
    conclusion="rise > 0",
    families=(Family("points of the axis", NUMBERS, _axis),),
    reading="A saddle point in the usual sense: some points nearby have a larger loss.",
    notes="With u = w2 w1² the loss is 5/2 - u + u², below 5/2 for 0 < u < 1: near w1 = 0, w2 > 0 no loss is above "
    "5/2, so that these points are local maxima, though not strict ones. Of the set the origin alone is a saddle.",
)
CLAIMS = (NET, MINIMA, EXTREMUM)
