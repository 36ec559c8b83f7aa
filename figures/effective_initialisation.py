"""The scale of initialisation that a flow on a diagonal linear network acts as if it had started from.

    alpha_eff = sqrt(w_+ w_-)        beta = 2 alpha_eff^2 sinh(X^T nu) for some nu

Along the flows of SAM both factors follow from d log(w) / dt, so that with s = w_+^2 + w_-^2, r = X beta - y, G = X^T r

    n-SAM   log(alpha / alpha_eff) = (rho / n^2) int (X^T r_sam) G ds,
            r_sam = r + (2 rho / n) X (G s) + (rho / n)^2 X (G^2 beta)
    1-SAM   log(alpha / alpha_eff) = (rho / n) int sum_i x_i^2 r_sam,i r_i ds,
            r_sam,i = r_i + 2 rho r_i <x_i^2, s> + rho^2 r_i^2 <x_i^3, beta>

Notes:
    The proofs of Theorems 4 and 5 in [1] go the same way. They end with twice this exponent, since b_alpha has alpha
    squared; Theorem 5 moreover writes 1 + 4 rho r_i x_i where the loss of Equation (5) gives 1 + rho r_i x_i.
References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Appendix B.
"""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np

from ..landscapes.diagonal_network import DiagonalNetwork

PRINTED_FACTOR = {"n_sam": 2.0, "one_sam": 8.0}
"""The factors of rho that Theorems 4 and 5 print before their integrals; those derived above are 1."""


def exponent_rates(network: DiagonalNetwork, kind: str) -> Callable[[Any], Any]:
    """What to integrate along a flow: the coefficients of rho, rho^2, rho^3 in the exponent above, w -> (3, d).

    Args:
        network: In the form "squares".
        kind: "n_sam" or "one_sam".
    """
    x, y, n = network.x, network.y, network.n

    def n_sam(w: Any) -> Any:
        u, v = network.halves(w)
        s, beta = u * u + v * v, u * u - v * v
        g = x.T @ (x @ beta - y)
        parts = jnp.stack([g, 2 / n * x.T @ (x @ (g * s)), x.T @ (x @ (g * g * beta)) / n**2])
        return parts * g / n**2

    def one_sam(w: Any) -> Any:
        u, v = network.halves(w)
        s, beta = u * u + v * v, u * u - v * v
        r = x @ beta - y
        parts = jnp.stack([r * r, 2 * r * r * (x**2 @ s), r**3 * (x**3 @ beta)])
        return parts @ x**2 / n

    return {"n_sam": n_sam, "one_sam": one_sam}[kind]


def effective_scale(w: np.ndarray) -> np.ndarray:
    """sqrt(w_+ w_-), from the last axis of `w`, (..., 2d) to (..., d)."""
    d = w.shape[-1] // 2
    return np.sqrt(w[..., :d] * w[..., d:])


def least_potential(x: np.ndarray, y: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """argmin phi_alpha(beta) subject to X beta = y, from its dual: the least sum 2 alpha^2 cosh(X^T nu) - <y, nu>.

    Args:
        x: Shape (n, d).
        y: Shape (n,).
        alpha: Shape (d,), > 0.
    Returns:
        Shape (d,).
    Raises:
        ArithmeticError: The constraints are missed by more than a millionth of |y|.
    """
    from scipy.optimize import minimize

    weight = 2 * alpha**2
    found = minimize(
        lambda nu: weight @ np.cosh(nu @ x) - y @ nu,
        np.zeros(len(y)),
        jac=lambda nu: x @ (weight * np.sinh(nu @ x)) - y,
        hess=lambda nu: (x * (weight * np.cosh(nu @ x))) @ x.T,
        method="trust-exact",
        options={"gtol": 1e-11, "maxiter": 2000},
    )
    beta = weight * np.sinh(found.x @ x)
    if not np.linalg.norm(x @ beta - y) < 1e-6 * np.linalg.norm(y):
        raise ArithmeticError(f"least_potential: stopped away from a solution: {found.message}; is alpha very uneven?")
    return beta
