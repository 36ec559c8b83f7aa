"""A product of two weights fitted to one number: the smallest diagonal linear network.

    L(u, v) = (u v - y)^2 / 2

References:
    [1] Woodworth et al. (2020). Kernel and rich regimes in overparametrized models. COLT.
    [2] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Section 4.2, footnote 2.
"""

from .exact import Exact, exact, text
from .landscape import ClosedForm, CriticalSet


def uv(target: Exact = 1) -> ClosedForm:
    """The landscape (u v - target)^2 / 2.

    Args:
        target: The number y to fit, not zero.
    Returns:
        Two branches of minima u v = y with sharpness u^2 + v^2, and a saddle at the origin.
    Raises:
        ValueError: `target` is zero: the two branches would meet at the origin.
    """
    y = exact(target, "uv: target")
    if y == 0:
        raise ValueError("uv: target must not be zero, the minima are then the two axes; got 0")
    branch, sharpness = ("t", f"{text(y)}/t"), f"t**2 + {text(y * y)}/t**2"
    return ClosedForm(
        name="uv",
        text=f"(u*v - {text(y)})**2/2",
        variables=("u", "v"),
        critical_sets=(
            CriticalSet(branch, "minimum", 0, sharpness, family=(("t", "0", "oo"),)),
            CriticalSet(branch, "minimum", 0, sharpness, family=(("t", "-oo", "0"),)),
            CriticalSet(("0", "0"), "saddle", 1, text(abs(y)), text(y * y / 2)),
        ),
        domain=((-3.0, 3.0), (-3.0, 3.0)),
        title=f"Product of two weights, u v = {y}",
        source="Woodworth et al. (2020); Andriushchenko and Flammarion (2022), Section 4.2",
        complete=True,
        parameters=(("target", str(y)),),
    )
