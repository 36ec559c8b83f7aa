"""Square root of a quadratic (pseudo-Huber): a quadratic bottom with straight sides.

    L(x) = sqrt(1 + x^2)

References:
    [1] Charbonnier, Blanc-Féraud, Aubert, Barlaud (1994). Two deterministic half-quadratic regularization algorithms
        for computed imaging. ICIP 2, 168-172.
"""

from .landscape import ClosedForm, CriticalSet

SQRT_QUADRATIC = ClosedForm(
    name="sqrt_quadratic",
    text="sqrt(1 + x**2)",
    variables=("x",),
    critical_sets=(CriticalSet(("0",), "minimum", 0, "1", "1"),),
    domain=((-5.0, 5.0),),
    title="√(1 + x²)",
    source="Charbonnier et al. (1994)",
    complete=True,
)
