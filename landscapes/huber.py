"""Huber's function: quadratic near the minimum, straight beyond delta.

    L(x) = x^2/2                       where |x| <= delta
           delta (|x| - delta/2)       elsewhere

Notes:
    L' is continuous; L'' jumps from 1 to 0 at |x| = delta.
References:
    [1] Huber (1964). Robust estimation of a location parameter. Annals of Mathematical Statistics 35(1), 73-101.
"""

from .exact import Exact, exact, text
from .landscape import ClosedForm, CriticalSet


def huber(delta: Exact = 1) -> ClosedForm:
    """Huber's function.

    Args:
        delta: Where the quadratic ends, > 0.
    Raises:
        ValueError: `delta` is not positive.
    """
    delta = exact(delta, "huber: delta", positive=True)
    half_width = 4 * float(delta)
    return ClosedForm(
        name="huber",
        text=f"where(abs(x) <= {text(delta)}, x**2/2, {text(delta)}*abs(x) - {text(delta**2 / 2)})",
        variables=("x",),
        critical_sets=(CriticalSet(("0",), "minimum", 0, "1", "0"),),
        domain=((-half_width, half_width),),
        title=f"Huber's function, δ = {delta}",
        source="Huber (1964)",
        complete=True,
        parameters=(("delta", str(delta)),),
    )
