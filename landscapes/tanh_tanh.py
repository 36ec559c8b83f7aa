"""Tanh-tanh: two crossing lines of global minima, whose sharpness varies along them.

    L(u, v) = tanh(v tanh u)^2 / 2

Notes:
    Example 4.1 of [1] gives the minima M = {v = 0} with sharpness tanh(u)^2 and mentions the others in a footnote,
    {u = 0}, whose sharpness is v^2. The two cross at the origin, where the Hessian vanishes.
References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
        Example 4.1, Figure 4.
"""

from .landscape import ClosedForm, CriticalSet

TANH_TANH = ClosedForm(
    name="tanh_tanh",
    text="tanh(v*tanh(u))**2/2",
    variables=("u", "v"),
    critical_sets=(
        CriticalSet(("t", "0"), "minimum", 0, "tanh(t)**2", family=(("t", "0", "oo"),)),
        CriticalSet(("t", "0"), "minimum", 0, "tanh(t)**2", family=(("t", "-oo", "0"),)),
        CriticalSet(("0", "t"), "minimum", 0, "t**2", family=(("t", "0", "oo"),)),
        CriticalSet(("0", "t"), "minimum", 0, "t**2", family=(("t", "-oo", "0"),)),
        CriticalSet(("0", "0"), "degenerate", 0, "0"),
    ),
    domain=((-3.0, 3.0), (-3.0, 3.0)),
    title="Tanh-tanh valley",
    source="Zhou et al. (2025), Example 4.1 and Figure 4",
    complete=True,
)
