"""Styblinski-Tang: a sum of double wells with one well deeper, so 2^d minima among 3^d critical points.

    L(x) = (1/2) sum_i (x_i^4 - 16 x_i^2 + 5 x_i)

Notes:
    Each coordinate of a critical point is one of the three real roots of 4 x^3 - 32 x + 5, declared as roots.
References:
    [1] Styblinski, Tang (1990). Experiments in nonconvex optimization: stochastic approximation with function smoothing
        and simulated annealing. Neural Networks 3(4), 467-483.
"""

import itertools

from .landscape import ClosedForm, CriticalSet, Kind

MOST_COORDINATES = 6
_DEEP, _SHALLOW, _TOP = ("-3", "-2"), ("2", "3"), ("0", "1")  # sharpest first: 34.6, 29.3 and -15.9


def styblinski_tang(dimension: int = 2) -> ClosedForm:
    """The Styblinski-Tang function.

    Args:
        dimension: Number of coordinates d, 1 to `MOST_COORDINATES`: all 3^d critical points are declared.
    Raises:
        ValueError: `dimension` is out of range.
    """
    if not isinstance(dimension, int) or not 1 <= dimension <= MOST_COORDINATES:
        raise ValueError(f"styblinski_tang: dimension must be 1 to {MOST_COORDINATES}, got {dimension!r}")
    names = tuple(f"x{i + 1}" for i in range(dimension))
    points = [_critical(brackets) for brackets in itertools.product((_DEEP, _SHALLOW, _TOP), repeat=dimension)]
    return ClosedForm(
        name="styblinski_tang",
        text=_loss(names),
        variables=names,
        critical_sets=tuple(sorted(points, key=lambda point: point.index)),
        domain=((-5.0, 5.0),) * dimension,
        title="Styblinski-Tang function",
        source="Styblinski and Tang (1990)",
        complete=True,
        parameters=(("dimension", str(dimension)),),
    )


def _loss(names: tuple[str, ...]) -> str:
    return "(" + " + ".join(f"{x}**4 - 16*{x}**2 + 5*{x}" for x in names) + ")/2"


def _critical(brackets: tuple[tuple[str, str], ...]) -> CriticalSet:
    names = tuple(f"s{i + 1}" for i in range(len(brackets)))
    index = brackets.count(_TOP)
    kinds: dict[int, Kind] = {0: "minimum", len(brackets): "maximum"}
    sharpest = min(range(len(brackets)), key=lambda i: (_DEEP, _SHALLOW, _TOP).index(brackets[i]))
    return CriticalSet(
        location=names,
        kind=kinds.get(index, "saddle"),
        index=index,
        sharpness=f"6*{names[sharpest]}**2 - 16",
        value=_loss(names),
        roots=tuple((s, f"4*{s}**3 - 32*{s} + 5", *ends) for s, ends in zip(names, brackets, strict=True)),
    )
