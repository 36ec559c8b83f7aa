"""Any loss as a function of one vector, and the directions in which it is looked at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import jax
import numpy as np
from jax.flatten_util import ravel_pytree

from ..landscapes.calculus import DENSE, extreme_eigenvalues, hessian
from ..landscapes.landscape import Landscape
from ..landscapes.parameters import floating

Loss = Landscape | Callable[[Any], Any]
"""A landscape, or a function (that JAX can differentiate) from parameters to a number."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class FlatLoss(Landscape):
    """A loss of parameters in any arrangement, as a landscape of one vector (d,)."""

    landscape: Landscape | None
    function: Callable[[Any], Any] | None = field(metadata={"static": True})
    restore: Callable[[jax.Array], Any] = field(metadata={"static": True})
    size: int = field(metadata={"static": True})
    name: str = field(metadata={"static": True})

    @property
    def dimension(self) -> int:
        return self.size

    def value(self, w: Any) -> jax.Array:
        at = self.restore(w)
        if self.landscape is not None:
            return self.landscape.value(at)
        assert self.function is not None
        return self.function(at)


def flat_loss(caller: str, loss: Loss, *points: Any) -> tuple[FlatLoss, list[np.ndarray]]:
    """The loss as a landscape of one vector, and the points as vectors (d,).

    Args:
        caller: Named in messages.
        loss: A landscape or a function.
        points: Parameters: vectors (d,), or any pytree that the loss takes, all arranged alike.
    Raises:
        ValueError: Points of different arrangement, of another dimension than the landscape's, or not finite; a
            function that does not return one number.
    """
    arranged = [_as_arrays(point) for point in points]
    shapes = [jax.tree.map(np.shape, point) for point in arranged]
    for i, shape in enumerate(shapes[1:], 1):
        if shape != shapes[0]:
            raise ValueError(f"{caller}: point {i} has shape {shape}, point 0 has {shapes[0]}; give points alike")
    vectors = [np.asarray(ravel_pytree(point)[0]) for point in arranged]
    restore = ravel_pytree(arranged[0])[1]
    if isinstance(loss, Landscape):
        if vectors[0].size != loss.dimension:
            raise ValueError(
                f"{caller}: a point has {vectors[0].size} coordinates, {loss.name} has {loss.dimension}; give as many"
            )
        flat = FlatLoss(loss, None, restore, vectors[0].size, getattr(loss, "title", "") or loss.name)
    else:
        flat = FlatLoss(
            None, loss, restore, vectors[0].size, getattr(loss, "__name__", "loss").replace("<lambda>", "loss")
        )
    for vector in vectors:
        if not np.isfinite(vector).all():
            raise ValueError(f"{caller}: a point has coordinates that are not finite; give finite ones")
    shape = jax.eval_shape(flat.value, vectors[0]).shape
    if shape != ():
        raise ValueError(f"{caller}: the loss returns an array of shape {shape}; it must return one number, shape ()")
    return flat, vectors


def _as_arrays(point: Any) -> Any:
    """Sequences of numbers become one vector; trees stay as they are."""
    if isinstance(point, list | tuple) and all(np.ndim(x) == 0 for x in point):
        point = np.asarray(point, float)
    return floating(point)


def leading_eigenvectors(loss: Landscape, w: np.ndarray, count: int) -> np.ndarray:
    """Eigenvectors of the `count` largest Hessian eigenvalues, the largest first, rows of shape (count, d).

    The sign is such that the entry of largest modulus is positive.
    """
    if w.size <= max(DENSE, count):
        vectors = np.linalg.eigh(np.asarray(hessian(loss, w)))[1][:, ::-1][:, :count].T
    else:
        vectors = extreme_eigenvalues(loss, w, count)[1][:, ::-1].T
    largest = np.take_along_axis(vectors, np.abs(vectors).argmax(axis=1)[:, None], axis=1)
    return vectors * np.sign(largest)


def chosen_directions(
    caller: str, loss: Landscape, w: np.ndarray, directions: Any, count: int, seed: int
) -> tuple[np.ndarray, list[str]]:
    """`count` orthonormal directions, shape (count, d), and what to call them.

    Args:
        caller: Named in messages.
        loss: Of one vector.
        w: Where, shape (d,).
        directions: None: the leading eigenvectors of the Hessian; "random": drawn from `seed`, uniform on the sphere;
            or that many directions, arranged like the parameters.
        count: How many.
        seed: Of random directions.
    Raises:
        ValueError: Another word, another number, or directions that are zero, parallel or of another dimension.
    """
    if count > w.size:
        raise ValueError(f"{caller}: {count} directions do not fit into {w.size} coordinates; a cut needs only one")
    if directions is None:
        return leading_eigenvectors(loss, w, count), [f"eigenvector {i + 1}" for i in range(count)]
    if isinstance(directions, str):
        if directions != "random":
            raise ValueError(f"{caller}: directions = {directions!r}; give vectors, 'random', or None (eigenvectors)")
        drawn = np.random.default_rng(seed).standard_normal((count, w.size))
        return orthonormal(caller, drawn), [f"random direction {i + 1}" for i in range(count)]
    if len(directions) != count:
        raise ValueError(f"{caller}: {len(directions)} directions given; give {count}")
    vectors = [np.asarray(ravel_pytree(_as_arrays(direction))[0]) for direction in directions]
    for vector in vectors:
        if vector.size != w.size:
            raise ValueError(f"{caller}: a direction has {vector.size} coordinates, the point has {w.size}")
    return orthonormal(caller, vectors), [f"direction {i + 1}" for i in range(count)]


def orthonormal(caller: str, vectors: Sequence[np.ndarray] | np.ndarray) -> np.ndarray:
    """The vectors made orthonormal in their order (Gram-Schmidt), shape (count, d).

    Raises:
        ValueError: One is zero, not finite, or (nearly) in the span of those before it.
    """
    found: list[np.ndarray] = []
    for i, vector in enumerate(vectors):
        rest = np.asarray(vector, float)
        length = np.linalg.norm(rest)
        for _ in range(2):  # the second pass takes away what rounding left
            for other in found:
                rest = rest - (rest @ other) * other
        # an angle below 1e-8 to the others is rounding
        if not (np.isfinite(length) and length > 0 and np.linalg.norm(rest) > 1e-8 * length):
            what = "zero or not finite" if not found else "zero, not finite, or parallel to those before it"
            raise ValueError(f"{caller}: direction {i + 1} is {what}; give {len(vectors)} independent directions")
        found.append(rest / np.linalg.norm(rest))
    return np.array(found)
