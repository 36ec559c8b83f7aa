"""Linear least squares, the linearised model of a minimum, with its gradient noise.

    L(w) = (1/2n) sum_i (<a_i, w> - y_i)^2,    G = (1/n) sum_i a_i a_i^T    (its Hessian)

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
        Section 4.1, Equation (5), Definition 4.1, Assumption 4.1.
    [2] Wu, Wang, Su (2022). The alignment property of SGD noise and how it helps select flat minima. NeurIPS.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from .exact import Exact, exact
from .finite_sum import SquaredError, check_count, times
from .gradient_noise import noise_covariance
from .parameters import dtype_of, vector_of


class LeastAlignment(NamedTuple):
    """The largest gamma of Assumption 4.1, and where it is needed.

    Attributes:
        gamma: The infimum of the alignment over all w with L(w) > 0.
        residuals: The worst residuals a w - y up to a factor, of norm 1, shape (n,). Where the data can be fitted,
            ``minimiser() + t * pinv(a) @ residuals`` has the alignment `gamma` for every t != 0; where not, it may be
            reached only in the limit.
    """

    gamma: float
    residuals: np.ndarray


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class LeastSquares(SquaredError):
    """Half the mean squared error of a linear model.

    Attributes:
        x: Features a_i as rows, shape (n, d).
        y: Targets, shape (n,).
    """

    x: Any
    y: Any
    name = "least_squares"
    title = "Linear least squares"
    source = "Zhou et al. (2025), Section 4.1"

    @property
    def dimension(self) -> int:
        return self.x.shape[-1]

    @property
    def curvature(self) -> jax.Array:
        """The Hessian G, the same everywhere; shape (d, d)."""
        return times(self.x.T, self.x) / self.n

    def predict(self, w: Any, x: Any) -> jax.Array:
        """<w, a_i> for features of shape (m, d); shape (m,)."""
        return times(x, vector_of(w))

    def minimiser(self) -> jax.Array:
        """The minimiser of least norm, shape (d,)."""
        return _least_norm(self.x, self.y)

    def alignment(self, w: Any) -> jax.Array:
        """How well the noise of single examples is aligned with the Hessian at `w`: the ratio of Assumption 4.1.

            Tr(Sigma(w) G) / (2 L(w) ||G||_F^2)

        Args:
            w: Shape (d,).
        Returns:
            A scalar; NaN where L(w) = 0.
        """
        return _alignment(self, w)

    def least_alignment(self) -> LeastAlignment:
        """The largest gamma for which Assumption 4.1 of [1] holds at every w, exactly.

            Tr(Sigma(w) G) = r^T K r,   K = diag(a_i^T G a_i) / n - A G A^T / n^2,   2 L(w) = ||r||^2 / n,   r = A w - y

        so the infimum over w is n / ||G||_F^2 times the least eigenvalue of K on the span of the columns of A and y.

        Raises:
            ValueError: All features are zero.
        Notes:
            With n = 1 there is no noise and gamma = 0, which the assumption excludes.
        """
        a, y, n = np.asarray(self.x, np.float64), np.asarray(self.y, np.float64), self.n
        if not np.any(a):
            raise ValueError("least_alignment: all features are zero, so there is neither noise nor curvature")
        g = a.T @ a / n
        k = np.diag(np.einsum("ij,jk,ik->i", a, g, a)) / n - a @ g @ a.T / n**2
        left, sizes, _ = np.linalg.svd(np.column_stack([a, y]), full_matrices=False)
        basis = left[:, sizes > sizes[0] * max(n, a.shape[1] + 1) * np.finfo(float).eps]
        values, vectors = np.linalg.eigh(basis.T @ k @ basis)
        return LeastAlignment(float(max(values[0], 0.0) * n / np.sum(g**2)), basis @ vectors[:, 0])


@jax.jit
def _least_norm(x: Any, y: Any) -> jax.Array:
    return jnp.linalg.lstsq(x, y)[0]


@jax.jit
def _alignment(landscape: LeastSquares, w: Any) -> jax.Array:
    g = landscape.curvature.astype(dtype_of(w))
    return jnp.sum(noise_covariance(landscape, w) * g) / (2 * landscape.value(w) * jnp.sum(g**2))


def linearised(landscape: SquaredError, w: Any) -> LeastSquares:
    """The landscape with its model replaced by the tangent at `w`: Equation (5) of [1].

        f_lin(x; v) = f(x; w) + <grad f(x; w), v - w>

    Args:
        landscape: With squared error c (f - y)^2.
        w: The point of linearisation, in [1] a global minimum; shape (d,).
    Returns:
        Features and targets scaled by sqrt(2 c), so that loss, example losses and gradients at `w` are those of the
        landscape. The Hessian is its Gauss-Newton part, which is all of it where the residuals vanish.
    """
    return _linearised(landscape, w)


@jax.jit
def _linearised(landscape: SquaredError, w: Any) -> LeastSquares:
    point = vector_of(w)
    x = landscape.x.astype(point.dtype)
    features = jax.jacobian(lambda v: landscape.predict(v, x))(point)
    targets = landscape.y.astype(point.dtype) - landscape.predict(point, x) + times(features, point)
    factor = float(np.sqrt(2 * landscape.scale))
    return LeastSquares(factor * features, factor * targets)


def least_squares(n: int = 10, d: int = 20, noise: Exact = 0, seed: int = 0) -> LeastSquares:
    """Random features and a linear truth:  a_i ~ N(0, I),  y = <a, w*> + noise N(0, 1),  w* ~ N(0, I/d).

    Args:
        n: Examples; with n <= d they can be fitted.
        d: Dimension.
        noise: Standard deviation of the targets' noise, >= 0.
        seed: Of the data.
    Raises:
        ValueError: A number is out of range.
    """
    name = "least_squares"
    n, d = check_count(name, "n", n), check_count(name, "d", d)
    deviation = float(exact(noise, f"{name}: noise"))
    if deviation < 0:
        raise ValueError(f"{name}: noise must be >= 0, got {noise!r}")
    stream = np.random.default_rng(check_count(name, "seed", seed, 0))
    a, truth = stream.standard_normal((n, d)), stream.standard_normal(d) / np.sqrt(d)
    return LeastSquares(a, a @ truth + deviation * stream.standard_normal(n))
