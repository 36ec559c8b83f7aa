"""What the textbook claims have in common: their symbols, and the losses that they are tried on."""

from types import SimpleNamespace

from ..arithmetic import Arithmetic
from ..claim import Hypothesis, Symbol
from ..family import Number
from ..losses import Bent

ETA = Symbol("eta", "step size", "eta > 0", "w**2/loss", r"\eta")
RHO = Symbol("rho", "ascent step", "rho > 0", "w**2/loss", r"\rho")
RADIUS = Symbol("rho", "perturbation radius", "rho > 0", "w", r"\rho")
L = Symbol("L", "smoothness constant", "L > 0", "loss/w**2")
MU = Symbol("mu", "strong convexity constant", "mu > 0", "loss/w**2", r"\mu")
T = Symbol("T", "number of steps", "T >= 1", "1")
STEEPEST = Symbol("steepest", "largest curvature", "", "loss/w**2", r"\lambda_{\max}", measured=True)
FLATTEST = Symbol("flattest", "smallest curvature", "", "loss/w**2", r"\lambda_{\min}", measured=True)

SMOOTH = Hypothesis("smooth", "f is L-smooth: curvatures are at most L in size", "-L <= flattest; steepest <= L")
CONVEX = Hypothesis("convex", "f is convex", "flattest >= 0")
STRONGLY_CONVEX = Hypothesis("strongly convex", "f is mu-strongly convex", "flattest >= mu")

STEPS = Number("eta", 1e-3, 1e3)
SMOOTHNESS = Number("L", 1e-3, 1e3)
CONVEXITY = Number("mu", 1e-3, 1e3)
WEIGHT = Number("w", 1e-2, 1e2, "signed log")
BENT = (Number("inside", 1e-3, 1e3), Number("outside", 1e-3, 1e3), Number("bend", 1e-2, 1e2))
BENT_ANY = (
    Number("inside", 1e-3, 1e3, "signed log"),
    Number("outside", 1e-3, 1e3, "signed log"),
    Number("bend", 1e-2, 1e2),
)


def bent(x: SimpleNamespace, m: Arithmetic) -> Bent:
    """Curvature `inside` for |w| <= bend, `outside` beyond; its minimum, if it has one, is 0 at w = 0."""
    return Bent(x.inside, x.outside, x.bend, x.bend, m)


def curvatures(x: SimpleNamespace, m: Arithmetic) -> dict:
    """The largest and the smallest curvature of `bent`."""
    return {"steepest": m.maximum(x.inside, x.outside), "flattest": m.minimum(x.inside, x.outside)}
