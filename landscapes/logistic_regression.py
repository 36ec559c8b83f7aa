"""Binary logistic regression, with or without L2 regularisation.

    L(w) = (1/n) sum_i log(1 + exp(-y_i <w, x_i>)) + (l2/2) ||w||^2,    y_i in {-1, 1}

Notes:
    Each example's loss holds the whole regularisation, so that their mean is L. There is no bias: append a column of
    ones to x. Without l2, separable data have no minimiser; the loss tends to 0 as w grows.
References:
    [1] Cox (1958). The regression analysis of binary sequences. J. R. Stat. Soc. B 20.
    [2] Soudry, Hoffer, Nacson, Gunasekar, Srebro (2018). The implicit bias of gradient descent on separable data. JMLR.
"""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .exact import Exact, exact
from .finite_sum import FiniteSum, check_count, times
from .parameters import vector_of


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class LogisticRegression(FiniteSum):
    """The mean logistic loss of a linear classifier.

    Attributes:
        x: Inputs, shape (n, d).
        y: Labels -1 and 1, shape (n,). Checked where they come as NumPy arrays or lists.
        l2: Regularisation, >= 0; a scalar.
    """

    x: Any
    y: Any
    l2: Any = 0.0
    name = "logistic_regression"
    title = "Logistic regression"
    source = "Cox (1958)"
    window = (-3.0, 3.0)

    def __post_init__(self) -> None:
        if isinstance(self.y, np.ndarray | list) and not np.isin(self.y, (-1, 1)).all():
            found = np.unique(np.asarray(self.y))[:5]
            raise ValueError(f"logistic_regression: labels must be -1 or 1, got {found}; map {{0, 1}} by 2 * y - 1")
        super().__post_init__()

    @property
    def dimension(self) -> int:
        return self.x.shape[-1]

    def losses(self, w: Any, x: Any, y: Any) -> jax.Array:
        """The regularised losses on examples `x`, shape (m, d), `y`, shape (m,); shape (m,)."""
        vector = vector_of(w)
        penalty = jnp.asarray(self.l2, x.dtype) / 2 * jnp.sum(vector**2)
        return jnp.logaddexp(jnp.zeros((), x.dtype), -y * times(x, vector)) + penalty


def logistic_regression(
    n: int = 40, d: int = 2, separation: Exact = 1, l2: Exact = 0, seed: int = 0
) -> LogisticRegression:
    """Two classes of normal points, N(+-separation e, I) with e = (1, ..., 1)/sqrt(d), in turn.

    Args:
        n: Examples.
        d: Input dimension.
        separation: Distance of each class's mean from the origin.
        l2: Regularisation, >= 0.
        seed: Of the data.
    Raises:
        ValueError: A number is out of range.
    """
    name = "logistic_regression"
    n, d = check_count(name, "n", n), check_count(name, "d", d)
    strength = float(exact(l2, f"{name}: l2"))
    if strength < 0:
        raise ValueError(f"{name}: l2 must be >= 0, got {l2!r}")
    distance = float(exact(separation, f"{name}: separation"))
    stream = np.random.default_rng(check_count(name, "seed", seed, 0))
    y = np.where(np.arange(n) % 2, 1.0, -1.0)
    x = stream.standard_normal((n, d)) + y[:, None] * distance / np.sqrt(d)
    return LogisticRegression(x, y, jnp.asarray(strength))
