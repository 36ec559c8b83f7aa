"""How fast the expected loss of SGD and SAM grows or falls near a minimum of a linear model, without sampling.

    r+ = (I - eta A A^T D'/B (I + rho A A^T D/B)) r,    r = A (w - w*)

with D, D' diagonal, the numbers of times that independent batches hold each example. E r r^T follows a linear map T
and E L grows by T's spectral radius per step.
"""

import numpy as np


def growth_rates(features: np.ndarray, eta: np.ndarray, rho: np.ndarray, batch: int) -> np.ndarray:
    """The growth of E L per step in the long run.

    Args:
        features: A, shape (n, d).
        eta: Learning rates, shape (N,).
        rho: Radii of unnormalised ascent on a batch of its own, shape (N,); 0 for SGD.
        batch: Examples per batch, drawn with replacement.
    Returns:
        Spectral radii of T on symmetric matrices, shape (N,). E L of almost every start grows at that rate.
    Notes:
        With P = D/B:  E P S P = S/n^2 (1 - 1/B) + diag(S)/(n B)  and  E P = I/n.
    """
    n = len(features)
    kernel = features @ features.T
    rows, columns = np.triu_indices(n)
    size = len(rows)
    basis = np.zeros((size, n, n))
    basis[np.arange(size), rows, columns] = basis[np.arange(size), columns, rows] = 1

    def sampled(s: np.ndarray) -> np.ndarray:
        """E P S P, for S of shape (..., n, n)."""
        diagonal = np.einsum("...ii->...i", s)
        return s * (1 - 1 / batch) / n**2 + diagonal[..., None] * np.eye(n) / (n * batch)

    def both(inner: np.ndarray) -> np.ndarray:
        return inner + np.swapaxes(inner, -1, -2)

    # powers of rho: E (I + rho K P) S (I + rho K P)^T = S + rho (K S + S K)/n + rho^2 K E[P S P] K
    ascended = [basis, both(kernel @ basis) / n, kernel @ sampled(basis) @ kernel]
    # E of what the first factor alone multiplies: (I + rho K/n) S
    mixed = [basis, kernel @ basis / n, np.zeros_like(basis)]
    # T = S - eta (K M + M^T K)/n + eta^2 K E[P Q P] K
    linear = [both(kernel @ m) / n for m in mixed]
    square = [kernel @ sampled(q) @ kernel for q in ascended]

    def coordinates(matrices: np.ndarray) -> np.ndarray:
        return matrices[:, rows, columns].T

    parts_linear, parts_square = ([coordinates(m) for m in part] for part in (linear, square))
    rates = np.empty(len(eta))
    for k, (e, r) in enumerate(zip(eta, rho, strict=True)):
        powers = (1.0, r, r * r)
        first = sum(p * m for p, m in zip(powers, parts_linear, strict=True))
        second = sum(p * m for p, m in zip(powers, parts_square, strict=True))
        rates[k] = np.abs(np.linalg.eigvals(np.eye(size) - e * first + e * e * second)).max()
    return rates
