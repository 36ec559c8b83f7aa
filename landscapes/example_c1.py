"""A highly sub-quadratic valley: curvature a at the bottom, none beyond a short distance.

    L''(z) = a - |z|/eps  where |z| < a eps,  0 elsewhere;    L(0) = L'(0) = 0, hence
    L'(z)  = z (a - |z|/(2 eps)),            sign(z) a^2 eps/2
    L(z)   = z^2 (a/2 - |z|/(6 eps)),        a^2 eps |z|/2 - a^3 eps^2/6

Notes:
    Integrated from L'' of [1]. The L' printed there has a eps/2 instead of sign(z) a^2 eps/2 on the plateau, which is
    continuous at z = a eps only for a = 1. [1] defines the loss on [-2b, 2b]; beyond it the straight sides go on.
References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
        Example C.1.
"""

from .exact import Exact, exact, text
from .landscape import ClosedForm, CriticalSet


def example_c1(a: Exact = 2, b: Exact = 1, eps: Exact = "1/10") -> ClosedForm:
    """The valley of Example C.1.

    Args:
        a: Curvature at the minimum z = 0, > 0.
        b: A quarter of the valley's width, > 0: the valley is [-2b, 2b].
        eps: Degree of sub-quadraticity, > 0; the curvature is gone at |z| = a eps.
    Raises:
        ValueError: A number is not positive, or a eps >= 2b: the curvature would not be gone inside the valley.
    """
    a, b, eps = (exact(x, f"example_c1: {name}", positive=True) for x, name in ((a, "a"), (b, "b"), (eps, "eps")))
    if a * eps >= 2 * b:
        raise ValueError(f"example_c1: a*eps must be below 2*b, got a = {a}, eps = {eps}, b = {b}")
    inside = f"z**2*({text(a / 2)} - abs(z)/{text(6 * eps)})"
    outside = f"{text(a**2 * eps / 2)}*abs(z) - {text(a**3 * eps**2 / 6)}"
    return ClosedForm(
        name="example_c1",
        text=f"where(abs(z) < {text(a * eps)}, {inside}, {outside})",
        variables=("z",),
        critical_sets=(CriticalSet(("0",), "minimum", 0, text(a), "0"),),
        domain=((-2 * float(b), 2 * float(b)),),
        title=f"Highly sub-quadratic valley, a = {a}, b = {b}, ε = {eps}",
        source="Zhou et al. (2025), Example C.1",
        complete=True,
        parameters=(("a", str(a)), ("b", str(b)), ("eps", str(eps))),
    )
