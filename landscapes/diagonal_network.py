"""Diagonal linear networks: sparse regression with a linear predictor that is quadratic in its parameters.

    L(w) = (1/4n) sum_i (<beta, x_i> - y_i)^2,   beta = w_+^2 - w_-^2     ("squares", as printed)
    L(w) = (1/2n) sum_i (<beta, x_i> - y_i)^2,   beta = u v               ("product", as in the authors' code)

w is one vector of length 2d, (w_+, w_-) or (u, v), or the pair of its halves.

Notes:
    u = w_+ + w_-, v = w_+ - w_- takes every trajectory of GD, and of SAM with unnormalised ascent, of one form to the
    other, with the same eta and rho: the map stretches by sqrt(2), which the other constant makes up for.
    The authors' 1-SAM ascends by 2 rho where Equation (8) has rho.
References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Section 4.2,
        Equation (5); Appendix B. https://github.com/tml-epfl/understanding-sam, diagonal_linear_nets
    [2] Woodworth et al. (2020). Kernel and rich regimes in overparametrized models. COLT.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from .finite_sum import SquaredError, check_count, times
from .parameters import dtype_of, vector_of


class SparseRegression(NamedTuple):
    """Noiseless data with a sparse truth; float64.

    Attributes:
        x: Inputs, shape (n, d).
        y: Targets x beta, shape (n,).
        x_test: Shape (test_points, d).
        y_test: Shape (test_points,).
        beta: The truth, shape (d,), of norm 1.
    """

    x: np.ndarray
    y: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    beta: np.ndarray


def sparse_regression(
    n: int = 20, d: int = 30, kappa: int = 3, test_points: int = 1000, seed: int = 0
) -> SparseRegression:
    """The data of [1], Section 4.2; with the defaults, those of the authors' notebook to the last bit.

        x ~ N(0, I),    beta_j = |g_j| / ||(g_1 ... g_kappa)|| for j <= kappa, else 0,    y = <beta, x>

    Args:
        n: Training examples.
        d: Input dimension.
        kappa: Non-zero entries of beta, <= d.
        test_points: Test examples.
        seed: Of NumPy's legacy stream, from which x, the test inputs and g are drawn in this order.
    Raises:
        ValueError: A number is out of range.
    """
    name = "sparse_regression"
    n, d, test_points = (check_count(name, *pair) for pair in (("n", n), ("d", d), ("test_points", test_points)))
    kappa = check_count(name, "kappa", kappa, 1, d)
    stream = np.random.RandomState(check_count(name, "seed", seed, 0, 2**32 - 1))
    x, x_test = stream.standard_normal((n, d)), stream.standard_normal((test_points, d))
    beta = stream.standard_normal(d)
    beta[kappa:] = 0
    beta = np.abs(beta) / np.linalg.norm(beta)
    return SparseRegression(x, x @ beta, x_test, x_test @ beta, beta)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class DiagonalNetwork(SquaredError):
    """The training loss of a diagonal linear network.

    Attributes:
        x: Inputs, shape (n, d).
        y: Targets, shape (n,).
        form: "squares" or "product".
    """

    x: Any
    y: Any
    form: str = field(default="squares", metadata={"static": True})
    name = "diagonal_network"
    title = "Diagonal linear network"
    source = "Andriushchenko and Flammarion (2022), Section 4.2, Equation (5)"

    def __post_init__(self) -> None:
        if self.form not in ("squares", "product"):
            raise ValueError(f"diagonal_network: form must be 'squares' or 'product', got {self.form!r}")
        super().__post_init__()

    @property
    def dimension(self) -> int:
        return 2 * self.x.shape[-1]

    @property
    def scale(self) -> float:
        return 0.25 if self.form == "squares" else 0.5

    def beta(self, w: Any) -> jax.Array:
        """The linear predictor, shape (d,).

        Args:
            w: Shape (2d,), 2d scalars, or the pair of halves, each of shape (d,). For N networks, columns: (2d, N), or
                the pair, each of shape (d, N); then the result is (d, N).
        """
        u, v = self.halves(w)
        return u * u - v * v if self.form == "squares" else u * v

    def halves(self, w: Any) -> tuple[jax.Array, jax.Array]:
        """(w_+, w_-) or (u, v), from any arrangement of `w`."""
        if isinstance(w, tuple | list) and jnp.ndim(w[0]) > 0:
            u, v = w
            return jnp.asarray(u), jnp.asarray(v)
        vector = vector_of(w)
        return vector[: vector.shape[0] // 2], vector[vector.shape[0] // 2 :]

    def predict(self, w: Any, x: Any) -> jax.Array:
        """<beta, x_i> for inputs of shape (m, d); shape (m,)."""
        return times(x, self.beta(w))

    def losses_of_columns(self, w: Any) -> jax.Array:
        """The losses of N networks at once, written as one product of matrices.

        Args:
            w: Parameters as columns, shape (2d, N), or the pair of halves, each of shape (d, N).
        Returns:
            Shape (N,): value(w[:, k]).
        """
        dtype = dtype_of(w)
        residuals = times(self.x.astype(dtype), self.beta(w)) - self.y.astype(dtype)[:, None]
        return self.scale / self.n * jnp.sum(residuals**2, axis=0)

    def batched_loss(self, u: Any, v: Any) -> jax.Array:
        """The sum of the losses of N networks, a scalar; each column of its gradient is the gradient of one network.

        Several times faster to differentiate than `value` under `jax.vmap`, which transposes between operations.

        Args:
            u: First halves, w_+ or u, as columns; shape (d, N).
            v: Second halves, shape (d, N).
        """
        return jnp.sum(self.losses_of_columns((u, v)))

    def start(self, alpha: float | np.ndarray) -> jax.Array:
        """The start w_+ = w_- = alpha, or the same network in the product form: u = 2 alpha, v = 0. Shape (2d,).

        Args:
            alpha: Scale of the initialisation, > 0; a number, or one per input, shape (d,).
        """
        alphas = jnp.broadcast_to(jnp.asarray(alpha, self.x.dtype), self.x.shape[-1:])
        pair = (alphas, alphas) if self.form == "squares" else (2 * alphas, jnp.zeros_like(alphas))
        return jnp.concatenate(pair)


def diagonal_network(n: int = 20, d: int = 30, kappa: int = 3, seed: int = 0, form: str = "squares") -> DiagonalNetwork:
    """A diagonal linear network on data of `sparse_regression`.

    Args:
        n: Training examples.
        d: Input dimension; the landscape has 2d coordinates.
        kappa: Non-zero entries of the truth.
        seed: Of the data.
        form: "squares" or "product".
    Raises:
        ValueError: A number is out of range, or there is no such form.
    """
    data = sparse_regression(n, d, kappa, seed=seed)
    return DiagonalNetwork(data.x, data.y, form)
