"""Himmelblau's function: four global minima, four saddles and a maximum.

    L(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2

Notes:
    One minimum is rational. The other three have x from a cubic (y = 11 - x^2, where both brackets vanish), the saddles
    and the maximum from an irreducible quintic (y a polynomial in x). They are declared as roots of these.
References:
    [1] Himmelblau (1972). Applied Nonlinear Programming. McGraw-Hill.
"""

from .landscape import ClosedForm, CriticalSet, Kind

_CUBIC = "s**3 + 3*s**2 - 13*s - 38"
_QUINTIC = "32*s**5 - 336*s**3 - 104*s**2 + 1"


def _at_root(y: str, kind: Kind, index: int, value: str, root: tuple[str, str, str]) -> CriticalSet:
    """The critical point (s, y(s)); its largest Hessian eigenvalue from the three second derivatives."""
    xx, yy, xy = f"12*s**2 + 4*({y}) - 42", f"12*({y})**2 + 4*s - 26", f"4*(s + {y})"
    sharpness = f"({xx} + {yy} + sqrt(({xx} - ({yy}))**2 + 4*({xy})**2))/2"
    return CriticalSet(("s", y), kind, index, sharpness, value, roots=(("s", *root),))


def _minimum(low: str, high: str) -> CriticalSet:
    return _at_root("11 - s**2", "minimum", 0, "0", (_CUBIC, low, high))


def _stationary(kind: Kind, index: int, low: str, high: str) -> CriticalSet:
    y = "26*s + 84*s**2 - 8*s**4"
    return _at_root(y, kind, index, f"(s**2 + {y} - 11)**2 + (s + ({y})**2 - 7)**2", (_QUINTIC, low, high))


HIMMELBLAU = ClosedForm(
    name="himmelblau",
    text="(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
    variables=("x", "y"),
    critical_sets=(
        CriticalSet(("3", "2"), "minimum", 0, "54 + 20*sqrt(2)", "0"),
        _minimum("-4", "-3"),
        _minimum("-3", "-2"),
        _minimum("3", "4"),
        _stationary("saddle", 1, "-4", "-3"),
        _stationary("saddle", 1, "-1/5", "0"),
        _stationary("saddle", 1, "0", "1"),
        _stationary("saddle", 1, "3", "4"),
        _stationary("maximum", 2, "-1", "-1/5"),
    ),
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    title="Himmelblau's function",
    source="Himmelblau (1972)",
    complete=True,
)
