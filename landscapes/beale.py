"""Beale's function: one minimum, a saddle where SAM is caught, and a second saddle far below it.

    L(x, y) = (3/2 - x + x y)^2 + (9/4 - x + x y^2)^2 + (21/8 - x + x y^3)^2

Notes:
    [2] calls (0, 1) the single saddle point and says that the upper left basin contains a minimum. There are exactly
    three critical points: the third is a saddle at (0.1005, -2.6445), below the window of [2], and the upper left has
    none. A valley runs off there: along x = -c/(y - 1), y -> 1, the loss tends to a quadratic in c whose lowest value
    is 909/64 - (111/8)^2/14 = 0.452.
References:
    [1] Beale (1958). On an iterative method for finding a local minimum of a function of more than one variable.
        Technical Report 25, Statistical Techniques Research Group, Princeton University.
    [2] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Section 4.1, Figures 1-4, 6.
"""

from .landscape import ClosedForm, CriticalSet

_TRACE = "(499606196563*s**2 + 409789500197*s + 176976019900)/2984244768"
_DETERMINANT = "-(92187*s**2 + 183024*s + 240525)/592"

BEALE = ClosedForm(
    name="beale",
    text="(3/2 - x + x*y)**2 + (9/4 - x + x*y**2)**2 + (21/8 - x + x*y**3)**2",
    variables=("x", "y"),
    critical_sets=(
        CriticalSet(("3", "1/2"), "minimum", 0, "(1577 + sqrt(2426449))/64", "0"),
        CriticalSet(("0", "1"), "saddle", 1, "111/4", "909/64"),
        CriticalSet(
            location=("(19581 + 5412*s - 630*s**2)/8584", "s"),
            kind="saddle",
            index=1,
            sharpness=f"({_TRACE} + sqrt(({_TRACE})**2 - 4*({_DETERMINANT})))/2",
            value="-(81*s**2 + 9180*s + 351)/2368",
            roots=(("s", "3*s**3 + 11*s**2 + 10*s + 5", "-3", "-2"),),
        ),
    ),
    domain=((-1.5, 3.7), (-0.5, 2.7)),
    title="Beale's function",
    source="Beale (1958); Kim et al. (2023), Section 4.1 and Figure 1",
    complete=True,
)
