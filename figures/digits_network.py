"""A fully connected tanh network on scikit-learn's handwritten digits, as a plain loss of a parameter tree.

    f(x) = W_3 tanh(W_2 tanh(W_1 x + b_1) + b_2) + b_3,    L = (1/2n) sum_i ||f(x_i) - y_i||^2,    y_i one-hot

References:
    [1] Cohen, Kaur, Li, Kolter, Talwalkar (2021). Gradient descent on neural networks typically occurs at the edge of
        stability. ICLR.
    [2] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
        Figure 10, whose data are 5000 images of CIFAR-10.
"""

import functools
import itertools
from collections.abc import Sequence
from typing import Any

import jax
import jax.flatten_util
import jax.numpy as jnp
import numpy as np

Network = tuple[tuple[jax.Array, jax.Array], ...]
"""Weights (inputs, outputs) and biases (outputs,), layer by layer."""


def digits(examples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Images of shape (examples, 64), with mean 0 and variance 1 over all pixels, and one-hot labels (examples, 10).

    Raises:
        ValueError: There are only 1797 images.
    """
    from sklearn.datasets import load_digits

    found = load_digits(return_X_y=True)
    images, labels = np.asarray(found[0]), np.asarray(found[1])
    if not 1 <= examples <= len(images):
        raise ValueError(f"digits: examples must be from 1 to {len(images)}, got {examples}")
    chosen = np.random.default_rng(seed).permutation(len(images))[:examples]
    x = images[chosen]
    return ((x - x.mean()) / x.std()).astype(np.float32), np.eye(10, dtype=np.float32)[labels[chosen]]


def initial(widths: Sequence[int], seed: int) -> Network:
    """Weights and biases uniform in +-1/sqrt(inputs), for layers of the given widths, inputs and outputs included."""
    stream = np.random.default_rng(seed)

    def layer(inputs: int, outputs: int) -> tuple[jax.Array, jax.Array]:
        bound = 1 / np.sqrt(inputs)
        weights = stream.uniform(-bound, bound, (inputs, outputs))
        return jnp.asarray(weights, jnp.float32), jnp.asarray(stream.uniform(-bound, bound, outputs), jnp.float32)

    return tuple(layer(*pair) for pair in itertools.pairwise(widths))


def loss(network: Network, batch: tuple[Any, Any]) -> jax.Array:
    """Half the mean squared distance of the outputs to the targets."""
    (x, y), (*hidden, (last, bias)) = batch, network
    for weights, shift in hidden:
        x = jnp.tanh(_times(x, weights) + shift)
    return jnp.sum((_times(x, last) + bias - y) ** 2) / (2 * y.shape[0])


def _times(a: jax.Array, b: jax.Array) -> jax.Array:
    return jnp.matmul(a, b, precision=jax.lax.Precision.HIGHEST)


@functools.partial(jax.jit, static_argnums=0)
def _hessian_times(unravel: Any, flat: jax.Array, data: Any, direction: jax.Array) -> jax.Array:
    gradient = jax.grad(lambda w: loss(unravel(w), data))
    return jax.jvp(gradient, (flat,), (direction,))[1]


class Sharpness:
    """The largest Hessian eigenvalue of the loss, by Lanczos' method on Hessian-vector products.

    Each call starts from the eigenvector found by the one before, so that along a run few products suffice.

    Args:
        network: Gives the shapes.
        data: Images and targets.
        tolerance: Relative accuracy of the eigenvalue.
    """

    def __init__(self, network: Network, data: Any, tolerance: float = 1e-3) -> None:
        flat, self.unravel = jax.flatten_util.ravel_pytree(network)
        self.data, self.tolerance = data, tolerance
        self.vector = np.random.default_rng(0).standard_normal(flat.size).astype(np.float32)

    def __call__(self, network: Network) -> float:
        from scipy.sparse.linalg import LinearOperator, eigsh

        flat = jax.flatten_util.ravel_pytree(network)[0]
        if not bool(jnp.all(jnp.isfinite(flat))):
            return float("nan")

        def times(direction: np.ndarray) -> np.ndarray:
            return np.asarray(_hessian_times(self.unravel, flat, self.data, jnp.asarray(direction.ravel())))

        size = (flat.size, flat.size)
        operator = LinearOperator(size, matvec=times, dtype=np.float32)  # pyright: ignore[reportCallIssue]
        values, vectors = eigsh(operator, 1, which="LA", v0=self.vector, ncv=6, tol=self.tolerance)  # pyright: ignore[reportArgumentType]
        self.vector = vectors[:, 0]
        return float(values[0])
