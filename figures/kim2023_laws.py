"""The laws of SAM's diffusion on a quadratic loss: Theorems 2 and 3 of Kim et al. (2023), and the equations solved.

    Eq. 12, with the drift of its proof    a = lambda (1 + rho lambda)²
    with the drift that Eq. 11 prints      a = lambda (1 + rho lambda)

Variances along an eigenvector with eigenvalue lambda, started at the critical point; C = |H|, B = 1.

References:
    [1] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Equations 11, 12, 14, 24.
"""

import numpy as np

PLACES = {"saddle": ((1, -1), 1), "minimum": ((1, 2), 0)}
"""Place -> the Hessian's eigenvalues, and which of them is looked at: -1 at the saddle, 1 at the minimum."""
CURVATURE = {"saddle": -1.0, "minimum": 1.0}
DRIFTS = ("printed", "composed")
"""The gradient at w^p, as Equation 11 has it, and the gradient of w -> l(w^p(w)), the proof's."""


def rate(lam: float, rho: float, drift: str) -> float:
    """a of a drift, "printed" or "composed" (the proof's)."""
    return lam * (1 + rho * lam) ** (2 if drift == "composed" else 1)


def variance(eta: float, lam: float, a: float, t: np.ndarray) -> np.ndarray:
    """Of dw = -a w dt + sqrt(eta |lambda|) dW; with the proof's a it is Equation 12."""
    return eta * abs(lam) * (t if a == 0 else -np.expm1(-2 * a * t) / (2 * a))


def equation_14(eta: float, lam: float, rho: float, gamma: float, t: np.ndarray, c2: np.ndarray) -> np.ndarray:
    """Theorem 3, where C2 is printed as eta / t; in its proof it is t / eta."""
    first = eta**2 * abs(lam) / 2 * (1 - np.exp(-c2 * (1 - gamma))) ** 2 / (1 - gamma) ** 3
    return first + variance(eta, lam, rate(lam, rho, "composed"), t / (1 - gamma)) / (1 - gamma)


def variance_with_momentum(eta: float, lam: float, a: float, gamma: float, t: np.ndarray) -> np.ndarray:
    """Of dw = v dt, dv = -phi v dt - (a w dt - sqrt(eta |lambda|) dW) / eta, phi = (1 - gamma) / eta, from rest.

    The equation of the proof of Theorem 3, without its approximations: the integral of the squared response to a kick.
    """
    phi = (1 - gamma) / eta
    root = np.sqrt(complex(phi**2 / 4 - a / eta))
    rates = np.array([-phi / 2 + root, -phi / 2 - root])
    sums = np.array([2 * rates[0], 2 * rates[1], rates.sum()])
    grown = np.expm1(np.multiply.outer(sums, t)) / sums[:, None]
    return (abs(lam) / eta * (grown[0] + grown[1] - 2 * grown[2]) / (rates[0] - rates[1]) ** 2).real
