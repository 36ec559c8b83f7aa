"""Cosine: a row of equal valleys, each sub-quadratic.

    L(theta) = 1 - cos(pi theta / (2 b))

Notes:
    Minima at 4 b k, maxima at 4 b k + 2 b for every integer k: the period is 4 b. Those in the window are declared.
References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
        Remark C.1.
"""

from .exact import Exact, exact, text
from .landscape import ClosedForm, CriticalSet


def cosine(b: Exact = 1, valleys: int = 5) -> ClosedForm:
    """The landscape 1 - cos(pi theta / (2 b)).

    Args:
        b: A quarter of a valley's width, > 0.
        valleys: How many valleys the window shows, an odd number (one is centred at 0).
    Raises:
        ValueError: `b` is not positive, or `valleys` not a positive odd number.
    """
    b = exact(b, "cosine: b", positive=True)
    if not isinstance(valleys, int) or valleys < 1 or valleys % 2 == 0:
        raise ValueError(f"cosine: valleys must be a positive odd number, got {valleys!r}")
    sharpness = f"(pi/{text(2 * b)})**2"
    sides = valleys // 2
    minima = [CriticalSet((text(4 * b * k),), "minimum", 0, sharpness, "0") for k in range(-sides, sides + 1)]
    tops = [4 * b * k + 2 * b for k in range(-sides - 1, sides + 1)]
    maxima = [CriticalSet((text(top),), "maximum", 1, f"-{sharpness}", "2") for top in tops]
    half_width = float(2 * b * valleys)
    return ClosedForm(
        name="cosine",
        text=f"1 - cos(pi*theta/{text(2 * b)})",
        variables=("theta",),
        critical_sets=(*minima, *maxima),
        domain=((-half_width, half_width),),
        title=f"Cosine valleys, b = {b}",
        source="Zhou et al. (2025), Remark C.1",
        complete=True,
        parameters=(("b", str(b)), ("valleys", str(valleys))),
    )
