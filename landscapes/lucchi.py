"""Lucchi's quartic: a strict saddle at the origin between two global minima.

    L(x, y) = x^4/4 - x y + y^2/2

References:
    [1] Lucchi, Orvieto, Solomou (2021). On the second-order convergence properties of random search methods.
    [2] Tan et al. (2024). Stabilizing sharpness-aware minimization ..., Section 5.1, Figure 4.
"""

from .landscape import ClosedForm, CriticalSet

LUCCHI = ClosedForm(
    name="lucchi",
    text="x**4/4 - x*y + y**2/2",
    variables=("x", "y"),
    critical_sets=(
        CriticalSet(("1", "1"), "minimum", 0, "2 + sqrt(2)", "-1/4"),
        CriticalSet(("-1", "-1"), "minimum", 0, "2 + sqrt(2)", "-1/4"),
        CriticalSet(("0", "0"), "saddle", 1, "(1 + sqrt(5))/2", "0"),
    ),
    domain=((-2.0, 2.0), (-2.0, 2.0)),
    title="Lucchi quartic",
    source="Lucchi et al. (2021); Tan et al. (2024), Figure 4",
    complete=True,
)
