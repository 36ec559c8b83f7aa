"""A diagonal linear network in the form w_+^2 - w_-^2, with one weight of each kind and one example x = 1.

    L(u, v) = (u^2 - v^2 - y)^2 / 4

Notes:
    Equation (5) of [1] for n = d = 1, with u = w_+ and v = w_-. The rotation u = (a + b)/sqrt(2), v = (a - b)/sqrt(2)
    makes it (2 a b - y)^2 / 4, the product form `uv` up to scale.
References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization.
        Section 4.2, Equation (5).
"""

from .exact import Exact, exact, text
from .landscape import ClosedForm, CriticalSet


def difference_of_squares(target: Exact = 1) -> ClosedForm:
    """The landscape (u^2 - v^2 - target)^2 / 4.

    Args:
        target: The number y to fit, > 0 (for y < 0 exchange u and v).
    Returns:
        Two branches of minima u^2 - v^2 = y with sharpness 2 (u^2 + v^2), and a saddle at the origin.
    Raises:
        ValueError: `target` is not positive.
    """
    y = exact(target, "difference_of_squares: target", positive=True)
    u = f"sqrt({text(y)} + t**2)"
    sharpness = f"2*{text(y)} + 4*t**2"
    return ClosedForm(
        name="difference_of_squares",
        text=f"(u**2 - v**2 - {text(y)})**2/4",
        variables=("u", "v"),
        critical_sets=(
            CriticalSet((u, "t"), "minimum", 0, sharpness, family=(("t", "-oo", "oo"),)),
            CriticalSet((f"-{u}", "t"), "minimum", 0, sharpness, family=(("t", "-oo", "oo"),)),
            CriticalSet(("0", "0"), "saddle", 1, text(y), text(y * y / 4)),
        ),
        domain=((-3.0, 3.0), (-3.0, 3.0)),
        title=f"Difference of squares, u² - v² = {y}",
        source="Andriushchenko and Flammarion (2022), Section 4.2, Equation (5)",
        complete=True,
        parameters=(("target", str(y)),),
    )
