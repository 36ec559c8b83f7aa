"""Rosenbrock's banana: a minimum at the end of a curved, nearly flat valley.

    L(x, y) = (1 - x)^2 + 100 (y - x^2)^2

References:
    [1] Rosenbrock (1960). An automatic method for finding the greatest or least value of a function.
        The Computer Journal 3(3), 175-184.
"""

from .landscape import ClosedForm, CriticalSet

ROSENBROCK = ClosedForm(
    name="rosenbrock",
    text="(1 - x)**2 + 100*(y - x**2)**2",
    variables=("x", "y"),
    critical_sets=(CriticalSet(("1", "1"), "minimum", 0, "501 + sqrt(250601)", "0"),),
    domain=((-2.0, 2.0), (-1.0, 3.0)),
    title="Rosenbrock's banana",
    source="Rosenbrock (1960)",
    complete=True,
)
