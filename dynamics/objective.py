"""What a rule may ask of a loss: its value and gradient on a batch, and example by example."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from ..landscapes.landscape import Landscape
from .tree import Params

Batch = Any
"""A pytree whose leaves share a leading example axis, or None: all examples, or a loss that has none."""


class Evaluation(NamedTuple):
    """One forward and backward pass: the loss, its gradient (like the parameters), and auxiliary output."""

    loss: jax.Array
    gradient: Params
    aux: Any = None


class Batches(NamedTuple):
    """The examples of one step: `outer` for the update, `inner` for the perturbation of a rule that asks for others."""

    outer: Batch = None
    inner: Batch = None


@dataclass(frozen=True)
class Objective:
    """A loss as the rules see it.

    Attributes:
        loss: ``loss(params, batch)``, the mean over the batch; a scalar, or (scalar, aux) with `has_aux`.
        has_aux: Whether `loss` returns auxiliary output (BatchNorm statistics, say).
        losses: ``losses(params, batch)``, the loss of each example, shape (b,). By default `loss` is called on batches
            of one example each, which is wrong where examples of a batch interact (BatchNorm): give it there.
    """

    loss: Callable[[Params, Batch], Any]
    has_aux: bool = False
    losses: Callable[[Params, Batch], jax.Array] | None = None

    def evaluate(self, params: Params, batch: Batch) -> Evaluation:
        """Loss, gradient and auxiliary output on a batch."""
        value, gradient = jax.value_and_grad(self.loss, has_aux=self.has_aux)(params, batch)
        loss, aux = value if self.has_aux else (value, None)
        return Evaluation(loss, gradient, aux)

    def example_losses(self, params: Params, batch: Batch) -> jax.Array:
        """The loss of every example of the batch on its own, shape (b,)."""
        if self.losses is not None:
            return self.losses(params, batch)

        def one(example: Batch) -> jax.Array:
            value = self.loss(params, jax.tree.map(lambda x: x[None], example))
            return value[0] if self.has_aux else value

        return jax.vmap(one)(batch)


@dataclass(frozen=True)
class ColumnObjective(Objective):
    """The objective of a landscape with a `batched_loss(u, v)`: N points at once are the columns of one product.

    Under `jax.vmap` the full gradient is that of the summed loss, which keeps a matrix product a matrix product.
    """

    landscape: Any = None

    def evaluate(self, params: Params, batch: Batch) -> Evaluation:
        """Loss, gradient and auxiliary output on a batch; None: on all examples."""
        if batch is not None:
            return super().evaluate(params, batch)
        return Evaluation(*_evaluate_all(self.landscape, params))


@jax.custom_batching.custom_vmap
def _evaluate_all(landscape: Any, w: Params) -> tuple[jax.Array, Params]:
    return jax.value_and_grad(landscape.value)(w)


@_evaluate_all.def_vmap
def _evaluate_columns(size: int, batched: Any, landscape: Any, w: Params) -> Any:
    data_batched, w_batched = batched
    if any(jax.tree.leaves(data_batched)) or not isinstance(w, jax.Array):
        axes = jax.tree.map(lambda b: 0 if b else None, (data_batched, w_batched))
        out = jax.vmap(jax.value_and_grad(lambda point, data: data.value(point)), in_axes=axes[::-1])(w, landscape)
    else:
        half = w.shape[1] // 2
        gradient = jax.grad(lambda columns: landscape.batched_loss(columns[:half], columns[half:]))(w.T).T
        out = jax.vmap(landscape.value)(w), gradient
    return out, jax.tree.map(lambda _: True, out)


def objective_of(landscape: Landscape) -> Objective:
    """A landscape as an objective: a finite sum takes a batch of example indices, any other has no examples."""
    sample_loss = getattr(landscape, "sample_loss", None)
    if sample_loss is None:
        return Objective(lambda w, batch: landscape.value(w))

    def losses(w: Params, batch: Batch) -> jax.Array:
        return jax.vmap(lambda i: sample_loss(w, i))(batch)

    def loss(w: Params, batch: Batch) -> jax.Array:
        return landscape.value(w) if batch is None else jnp.mean(losses(w, batch))

    if hasattr(landscape, "batched_loss"):
        return ColumnObjective(loss, losses=losses, landscape=landscape)
    return Objective(loss, losses=losses)
