"""The covariance of one example's gradient, Sigma(w), as a model of gradient noise: C(w) = Sigma(w) / B.

Kim et al. (2023) write the noise of SAM with C(w^p) and approximate C near a critical point (Eq. 23):

    C(w) ~ (1/B) [ (1/N) sum_i g_i g_i^T ] ~ (1/B) [H(w)]^+,    [H]^+ = V diag(|lambda|) V^T

Each model here gives the symmetric root Sigma(w)^(1/2), the one that the paper's [eta C]^(1/2) names.

References:
    [1] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Equations 11, 23, 24.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import jax
import jax.numpy as jnp
import numpy as np

from ..landscapes.landscape import Landscape
from .arguments import choose
from .spectral import Matrix, root_of_size, square_root


@runtime_checkable
class Covariance(Protocol):
    """What the diffusion needs of a model of Sigma.

    Attributes:
        additive: Whether Sigma is the same everywhere.
        largest: Up to how many dimensions `root` takes coordinates as a tuple of scalars.
    """

    @property
    def additive(self) -> bool: ...

    @property
    def largest(self) -> int: ...

    def root(self, landscape: Landscape, w: Any) -> Matrix:
        """Sigma(w)^(1/2), symmetric, in the layout of `w`."""
        ...


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Constant:
    """The same matrix everywhere, as in Eq. 24; `values` is its symmetric root, shape (d, d).

    A tuple of scalars gets rows with None for the zeros of a `diagonal` root, which cost nothing.
    """

    values: Any
    diagonal: bool = field(default=False, metadata={"static": True})
    additive: bool = field(default=True, metadata={"static": True})
    largest: int = field(default=8, metadata={"static": True})

    def root(self, landscape: Landscape, w: Any) -> Matrix:
        if not isinstance(w, tuple):
            return jnp.asarray(self.values, w.dtype)

        def entry(i: int, j: int) -> Any:
            return None if self.diagonal and i != j else jnp.asarray(self.values[i, j], w[0].dtype)

        return tuple(tuple(entry(i, j) for j in range(len(w))) for i in range(len(w)))


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class HessianSize:
    """Sigma(w) = [H(w)]^+, the last form of Eq. 23."""

    additive: bool = field(default=False, metadata={"static": True})
    largest: int = field(default=2, metadata={"static": True})

    def root(self, landscape: Landscape, w: Any) -> Matrix:
        return root_of_size(jax.hessian(landscape.value)(w))


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class PerExample:
    """Sigma(w) = (1/N) sum_i g_i g_i^T ("fisher", as printed in Eq. 23), or that less g g^T ("centred").

    "centred" is the covariance of an example's gradient; the two agree at critical points.
    """

    centred: bool = field(metadata={"static": True})
    additive: bool = field(default=False, metadata={"static": True})
    largest: int = field(default=0, metadata={"static": True})

    def root(self, landscape: Any, w: Any) -> Matrix:
        gradients = jax.vmap(lambda i: jax.grad(landscape.sample_loss)(w, i))(jnp.arange(landscape.n))
        if self.centred:
            gradients = gradients - jnp.mean(gradients, axis=0)
        return square_root(gradients.T @ gradients / landscape.n)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Given:
    """Sigma(w) = function(w), a function of a vector (d,) that returns a matrix (d, d)."""

    function: Callable[[Any], Any] = field(metadata={"static": True})
    additive: bool = field(default=False, metadata={"static": True})
    largest: int = field(default=0, metadata={"static": True})

    def root(self, landscape: Landscape, w: Any) -> Matrix:
        return square_root(jnp.asarray(self.function(w), w.dtype))


NAMES = ("hessian", "fisher", "centred")


def covariance_of(covariance: Any, landscape: Landscape) -> Covariance:
    """A model of Sigma, from a name, a matrix, a function, or a model.

    Args:
        covariance: "hessian", "fisher", "centred"; a symmetric positive semidefinite matrix (d, d) or a number times
            the identity; a function from (d,) to such a matrix; or an object with `root`.
        landscape: The landscape it will be used with.
    Raises:
        ValueError: Unknown name, a matrix of the wrong shape or not positive semidefinite, or a model of per-example
            gradients for a landscape that is no finite sum.
    """
    if isinstance(covariance, str):
        name = choose("diffusion: covariance", covariance, NAMES)
        if name == "hessian":
            return HessianSize()
        if not hasattr(landscape, "sample_loss"):
            raise ValueError(
                f"diffusion: covariance {name!r} needs per-example gradients, and {landscape.name} is no finite sum: "
                "use 'hessian', a matrix or a function"
            )
        return PerExample(centred=name == "centred")
    if hasattr(covariance, "root"):
        return covariance
    if callable(covariance):
        return Given(covariance)
    root = _constant_root(covariance, landscape.dimension)
    return Constant(root, diagonal=bool((root == np.diag(np.diag(root))).all()))


def _constant_root(covariance: Any, d: int) -> np.ndarray:
    matrix = np.asarray(covariance, np.float64)
    if matrix.ndim == 0:
        matrix = matrix * np.eye(d)
    if matrix.shape != (d, d) or not np.isfinite(matrix).all() or not np.allclose(matrix, matrix.T):
        raise ValueError(f"diffusion: the covariance must be a finite symmetric {(d, d)} matrix, got {matrix!r}")
    values, vectors = np.linalg.eigh(matrix)
    # a singular matrix's zero eigenvalues come out within a few rounding errors of zero
    if values[0] < -8 * d * np.finfo(float).eps * abs(values[-1]):
        raise ValueError(
            f"diffusion: the covariance must be positive semidefinite, got {matrix!r} "
            f"(smallest eigenvalue {values[0]:g})"
        )
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
