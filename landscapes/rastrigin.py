"""Rastrigin's function: a bowl full of dents.

    L(x) = sum_i (10 + x_i^2 - 10 cos(2 pi x_i))

Notes:
    Only the global minimum is declared. The coordinates of the other critical points solve x + 10 pi sin(2 pi x) = 0:
    they have no closed form, and there are hundreds of them in the window.
References:
    [1] Rastrigin (1974). Systems of extremal control. Nauka, Moscow.
    [2] Mühlenbein, Schomisch, Born (1991). The parallel genetic algorithm as function optimizer. Parallel Computing 17.
"""

from .landscape import ClosedForm, CriticalSet

MOST_COORDINATES = 100


def rastrigin(dimension: int = 2) -> ClosedForm:
    """Rastrigin's function.

    Args:
        dimension: Number of coordinates, 1 to `MOST_COORDINATES`.
    Raises:
        ValueError: `dimension` is out of range.
    """
    if not isinstance(dimension, int) or not 1 <= dimension <= MOST_COORDINATES:
        raise ValueError(f"rastrigin: dimension must be 1 to {MOST_COORDINATES}, got {dimension!r}")
    names = tuple(f"x{i + 1}" for i in range(dimension))
    return ClosedForm(
        name="rastrigin",
        text=" + ".join(f"(10 + {x}**2 - 10*cos(2*pi*{x}))" for x in names),
        variables=names,
        critical_sets=(CriticalSet(("0",) * dimension, "minimum", 0, "2 + 40*pi**2", "0"),),
        domain=((-5.12, 5.12),) * dimension,
        title="Rastrigin's function",
        source="Rastrigin (1974); Mühlenbein et al. (1991)",
        parameters=(("dimension", str(dimension)),),
    )
