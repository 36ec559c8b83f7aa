"""The exponents of the effective scale, measured on flows that are solved adaptively; all limits rho -> 0.

Three examples in four dimensions. Along each flow log(alpha/sqrt(w_+ w_-))/rho is taken at three radii, each half of
the one before, and extrapolated to rho = 0; the theorems' integrals are carried along the gradient flow.

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Theorems 4 and 5.
"""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

from ..checks.simulation import Measurement, simulated

RADII = (4e-3, 2e-3, 1e-3)
"""Small beside 1/|x|² and 1/|X' r|, which are about 1 here; a third difference of them is the stated error."""
TIME = 60.0
"""By then the loss has fallen by more than ten orders of magnitude."""


class Exponents(NamedTuple):
    """Per coordinate: the limit of log(alpha/alpha_eff)/rho, its numerical error, and the theorem's integral."""

    slope: Any
    error: Any
    square: Any
    n: int
    least: Any
    """Least log(alpha/alpha_eff) of a coordinate at each of RADII and at the largest radius that was asked for."""


@functools.cache
def measured_exponents(kind: str, radius: float = 0.0) -> Exponents:
    """Of the flow of `kind`, "n_sam" or "one_sam"; a further `radius` is run for `least`."""
    import jax.numpy as jnp
    import numpy as np

    from ...dynamics.flow import flow
    from ...landscapes.diagonal_network import DiagonalNetwork

    x = np.array([[1.0, -0.5, 0.7, 0.2], [0.3, 1.2, -0.4, 0.6], [-0.2, 0.4, 0.9, -1.1]])
    network, alpha = DiagonalNetwork(x, x @ np.array([0.8, -0.3, 0.1, 0.5])), np.array([0.3, 0.5, 0.4, 0.6])

    def square(w: Any) -> Any:
        ahead = x.T * (x @ (w[:4] ** 2 - w[4:] ** 2) - network.y)
        return jnp.sum(ahead, axis=1) ** 2 if kind == "n_sam" else jnp.sum(ahead**2, axis=1)

    radii = (0.0, *RADII, radius)
    starts = np.tile(np.asarray(network.start(alpha)), (len(radii), 1))
    run = flow(
        network, starts, TIME, kind=kind, rho=np.array(radii), record=1, solver="dopri8", rtol=1e-12, atol=1e-14,
        path_integrals={"square": square},
    )  # fmt: skip
    w, integrals = run["w"].values[:, -1], run["square"].values[0, -1]
    found = np.log(alpha / np.sqrt(w[:, :4] * w[:, 4:]))
    a, b, c = (found[i + 1] / rho for i, rho in enumerate(RADII))
    first, second = 2 * b - a, 2 * c - b
    return Exponents((4 * second - first) / 3, np.abs(second - first), integrals, len(x), found[1:].min(axis=1))


def exponents_are(kind: str, factor: Callable[[int], float], words: str, subject: str = "conclusion") -> Any:
    """A check that the slopes are ``factor(n)`` times the integrals, coordinate by coordinate."""

    def measure(budget: Any) -> list[Measurement]:
        found = measured_exponents(kind)
        return [
            Measurement(f"coordinate {j + 1}", float(s), float(e), float(factor(found.n) * q))
            for j, (s, e, q) in enumerate(zip(found.slope, found.error, found.square, strict=True))
        ]

    return simulated(measure, words, subject)
