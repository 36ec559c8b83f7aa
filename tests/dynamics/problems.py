"""Losses for the rules' tests, each twice: as a landscape, and in NumPy with a gradient derived by hand."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from samscape.landscapes.landscape import ClosedForm, Landscape

X = np.array(
    [[1.0, 0.4, -0.3], [-0.5, 1.2, 0.8], [0.9, -0.7, 0.6], [0.2, 0.3, -1.1], [-1.3, 0.1, 0.5], [0.6, -0.9, -0.4]]
)
Y = np.array([0.3, -0.2, 0.5, 0.1, -0.4, 0.2])
A = np.array([[2.0, 0.5, 0.0], [0.5, -1.0, 0.3], [0.0, 0.3, 0.7]])


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Quartics(Landscape):
    """mean_i r_i^4 / 4 + r_i^2 / 2 with residuals r_i = x_i . w - y_i."""

    x: Any
    y: Any
    name = "quartics"

    @property
    def dimension(self):
        return self.x.shape[1]

    @property
    def n(self):
        return self.x.shape[0]

    def sample_loss(self, w, i):
        row = self.x[i]
        r = sum(row[j] * w[j] for j in range(self.dimension)) - self.y[i]
        return r**4 / 4 + r**2 / 2

    def value(self, w):
        return jnp.mean(jax.vmap(lambda i: self.sample_loss(w, i))(jnp.arange(self.n)))


LUCCHI = ClosedForm("lucchi", "x**4/4 - x*y + y**2/2", ("x", "y"))
SADDLE = ClosedForm("saddle", "x**2 - y**2/2 + x*y/2 + 0.35*z**2 + 0.3*y*z", ("x", "y", "z"))
QUARTICS = Quartics(jnp.asarray(X), jnp.asarray(Y))
LANDSCAPES = {"lucchi": LUCCHI, "saddle": SADDLE, "quartics": QUARTICS}


class NumpyLucchi:
    """L = x^4/4 - xy + y^2/2."""

    dimension = 2

    def loss(self, w, batch=None):
        x, y = w
        return x**4 / 4 - x * y + y**2 / 2

    def gradient(self, w, batch=None):
        x, y = w
        return np.array([x**3 - y, y - x])

    def hessian(self, w):
        return np.array([[3 * w[0] ** 2, -1.0], [-1.0, 1.0]])


class NumpySaddle:
    """L = w.A w / 2, A indefinite."""

    dimension = 3

    def loss(self, w, batch=None):
        return w @ A @ w / 2

    def gradient(self, w, batch=None):
        return A @ w

    def hessian(self, w):
        return A


class NumpyQuartics:
    """The mean over a batch (None: all) of r^4/4 + r^2/2."""

    dimension = 3
    n = len(Y)

    def losses(self, w, batch):
        r = X[batch] @ w - Y[batch]
        return r**4 / 4 + r**2 / 2

    def loss(self, w, batch=None):
        return self.losses(w, range(self.n) if batch is None else batch).mean()

    def gradient(self, w, batch=None):
        rows = range(self.n) if batch is None else batch
        total = np.zeros(3)
        for i in rows:
            r = X[i] @ w - Y[i]
            total += (r**3 + r) * X[i]
        return total / len(rows)


NUMPY = {"lucchi": NumpyLucchi(), "saddle": NumpySaddle(), "quartics": NumpyQuartics()}
STARTS = {"lucchi": np.array([0.7, -1.2]), "saddle": np.array([0.5, -0.3, 0.8]), "quartics": np.array([1.1, -0.9, 0.7])}
