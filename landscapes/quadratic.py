"""Quadratics of any spectrum and dimension, along the axes or tilted.

    L(w) = (1/2) w^T Q diag(lambda) Q w,    Q = I - 2 v v^T / (v^T v)    (Q = I without v)

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
        Proposition C.1.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from .exact import Exact, exact, text
from .landscape import ClosedForm, CriticalSet, Kind

MOST_COORDINATES = 100


def quadratic(eigenvalues: Sequence[Exact] = (1, "1/10"), tilt: Sequence[Exact] | None = None) -> ClosedForm:
    """The quadratic with this spectrum.

    Args:
        eigenvalues: The d Hessian eigenvalues, of either sign or zero, not all zero; exact, so "1/3" is a third.
        tilt: d numbers v, not all zero: the eigenvectors are the axes reflected in the plane normal to v. Methods that
            treat the axes alike (SAM) do not notice; those that do not (adaptive ones) do.
    Returns:
        The landscape in the coordinates x1 ... xd. A zero eigenvalue makes its critical point a family.
    Raises:
        ValueError: All eigenvalues are zero, `tilt` does not fit, or there are more than `MOST_COORDINATES`.
    """
    spectrum = tuple(exact(value, "quadratic: an eigenvalue") for value in eigenvalues)
    d = len(spectrum)
    if not any(spectrum) or d > MOST_COORDINATES:
        raise ValueError(
            f"quadratic: eigenvalues must be 1 to {MOST_COORDINATES} numbers, not all zero, got {tuple(eigenvalues)!r}"
        )
    axes = _reflection(d, tilt)
    names = [f"x{i + 1}" for i in range(d)]
    flat = [i for i in range(d) if spectrum[i] == 0]
    free = {i: f"t{k + 1}" if len(flat) > 1 else "t" for k, i in enumerate(flat)}
    critical = CriticalSet(
        location=tuple(_sum((axes[i][j], t) for j, t in free.items()) for i in range(d)),
        kind=_kind(spectrum),
        index=sum(value < 0 for value in spectrum),
        sharpness=text(max(spectrum)),
        family=tuple((t, "-oo", "oo") for t in free.values()),
    )
    parameters = (("eigenvalues", ", ".join(map(str, spectrum))),)
    if tilt is not None:
        parameters += (("tilt", ", ".join(str(exact(v, "tilt")) for v in tilt)),)
    return ClosedForm(
        name="quadratic",
        text=_sum(_terms(spectrum, axes, names)),
        variables=tuple(names),
        critical_sets=(critical,),
        domain=((-2.0, 2.0),) * d,
        title=f"Quadratic, eigenvalues {parameters[0][1]}",
        source="Zhou et al. (2025), Proposition C.1",
        complete=True,
        parameters=parameters,
    )


def _reflection(d: int, tilt: Sequence[Exact] | None) -> list[list[Fraction]]:
    identity = [[Fraction(i == j) for j in range(d)] for i in range(d)]
    if tilt is None:
        return identity
    v = [exact(value, "quadratic: an entry of tilt") for value in tilt]
    if len(v) != d or not any(v):
        raise ValueError(f"quadratic: tilt must hold {d} numbers, not all zero, got {tuple(tilt)!r}")
    square = sum(x * x for x in v)
    return [[identity[i][j] - 2 * v[i] * v[j] / square for j in range(d)] for i in range(d)]


def _terms(spectrum: Sequence[Fraction], axes: list[list[Fraction]], names: list[str]) -> list[tuple[Fraction, str]]:
    """The coefficients of L = sum_i A_ii x_i^2 / 2 + sum_{i<j} A_ij x_i x_j."""
    d = len(names)

    def entry(i: int, j: int) -> Fraction:
        return sum((axes[i][k] * spectrum[k] * axes[k][j] for k in range(d)), Fraction(0))

    pairs = [(i, j) for i in range(d) for j in range(i, d)]
    return [
        (entry(i, j) / 2, f"{names[i]}**2") if i == j else (entry(i, j), f"{names[i]}*{names[j]}") for i, j in pairs
    ]


def _sum(terms: Iterable[tuple[Fraction, str]]) -> str:
    return " + ".join(f"{text(c)}*{name}" for c, name in terms if c) or "0"


def _kind(spectrum: Sequence[Fraction]) -> Kind:
    """Across the critical set: zero eigenvalues belong to directions along it."""
    if min(spectrum) >= 0:
        return "minimum"
    return "maximum" if max(spectrum) <= 0 else "saddle"
