"""Matyas' function: an elongated bowl along the diagonal.

    L(x, y) = 0.26 (x^2 + y^2) - 0.48 x y

References:
    [1] Matyas (1965). Random optimization. Automation and Remote Control 26, 246-253.
    [2] Hedar (2007). Test functions for unconstrained global optimization.
"""

from .landscape import ClosedForm, CriticalSet

MATYAS = ClosedForm(
    name="matyas",
    text="0.26*(x**2 + y**2) - 0.48*x*y",
    variables=("x", "y"),
    critical_sets=(CriticalSet(("0", "0"), "minimum", 0, "1", "0"),),
    domain=((-10.0, 10.0), (-10.0, 10.0)),
    title="Matyas' function",
    source="Matyas (1965)",
    complete=True,
)
