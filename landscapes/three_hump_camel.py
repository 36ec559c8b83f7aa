"""Three-hump camel: three wells, the middle one deepest, two saddles between them.

    L(x, y) = 2 x^2 - 1.05 x^4 + x^6/6 + x y + y^2

Notes:
    Critical points have y = -x/2 and x = 0 or x^2 = (21 +- sqrt(91))/10.
References:
    [1] Branin (1972). Widely convergent method for finding multiple solutions of simultaneous nonlinear equations.
        IBM Journal of Research and Development 16(5), 504-522.
"""

from .landscape import ClosedForm, CriticalSet, Kind


def _side(side: str, sign: str, kind: Kind, index: int) -> CriticalSet:
    """The critical point at x = side sqrt(r), r = (21 sign sqrt(91))/10, where L_xx = (207 sign 42 sqrt(91))/50."""
    r, xx = f"((21 {sign} sqrt(91))/10)", f"((207 {sign} 42*sqrt(91))/50)"
    return CriticalSet(
        location=(f"{side}sqrt({r})", f"-({side}sqrt({r}))/2"),
        kind=kind,
        index=index,
        sharpness=f"({xx} + 2 + sqrt(({xx} - 2)**2 + 4))/2",
        value=f"7*{r}/4 - 21*{r}**2/20 + {r}**3/6",
    )


THREE_HUMP_CAMEL = ClosedForm(
    name="three_hump_camel",
    text="2*x**2 - 1.05*x**4 + x**6/6 + x*y + y**2",
    variables=("x", "y"),
    critical_sets=(
        CriticalSet(("0", "0"), "minimum", 0, "3 + sqrt(2)", "0"),
        _side("", "+", "minimum", 0),
        _side("-", "+", "minimum", 0),
        _side("", "-", "saddle", 1),
        _side("-", "-", "saddle", 1),
    ),
    domain=((-2.5, 2.5), (-2.5, 2.5)),
    title="Three-hump camel",
    source="Branin (1972)",
    complete=True,
)
