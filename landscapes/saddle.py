"""The plain saddle.

    L(x, y) = x^2 - y^2

References:
    [1] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Section 4.2, Figure 5.
"""

from .landscape import ClosedForm, CriticalSet

SADDLE = ClosedForm(
    name="saddle",
    text="x**2 - y**2",
    variables=("x", "y"),
    critical_sets=(CriticalSet(("0", "0"), "saddle", 1, "2", "0"),),
    domain=((-4.0, 4.0), (-4.0, 4.0)),
    title="Saddle x² - y²",
    source="Kim et al. (2023), Section 4.2 and Figure 5",
    complete=True,
)
