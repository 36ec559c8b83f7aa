"""Monkey saddle: three ways down and three up, and no curvature at the centre.

    L(x, y) = x^3 - 3 x y^2

References:
    [1] Hilbert, Cohn-Vossen (1932). Anschauliche Geometrie, Chapter IV.
"""

from .landscape import ClosedForm, CriticalSet

MONKEY_SADDLE = ClosedForm(
    name="monkey_saddle",
    text="x**3 - 3*x*y**2",
    variables=("x", "y"),
    critical_sets=(CriticalSet(("0", "0"), "degenerate", 0, "0", "0"),),
    domain=((-2.0, 2.0), (-2.0, 2.0)),
    title="Monkey saddle",
    source="Hilbert and Cohn-Vossen (1932)",
    complete=True,
)
