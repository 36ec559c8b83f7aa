"""What a rule may ask of a loss: its value and gradient on a batch, and example by example."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from ..landscapes.landscape import Landscape
from .tree import Params

Batch = Any
"""A pytree whose leaves share a leading example axis, or None where the loss is deterministic."""


class Evaluation(NamedTuple):
    """One forward and backward pass: the loss, its gradient (like the parameters), and auxiliary output."""

    loss: jax.Array
    gradient: Params
    aux: Any = None


class Batches(NamedTuple):
    """The examples of one step: `outer` for the update, `inner` for the perturbation, equal unless the rule asks."""

    outer: Batch = None
    inner: Batch = None


@dataclass(frozen=True)
class Objective:
    """A loss as the rules see it.

    Attributes:
        loss: ``loss(params, batch)``, the mean over the batch; a scalar, or (scalar, aux) with `has_aux`.
        has_aux: Whether `loss` returns auxiliary output (BatchNorm statistics, say).
    """

    loss: Callable[[Params, Batch], Any]
    has_aux: bool = False

    def evaluate(self, params: Params, batch: Batch) -> Evaluation:
        """Loss, gradient and auxiliary output on a batch."""
        value, gradient = jax.value_and_grad(self.loss, has_aux=self.has_aux)(params, batch)
        loss, aux = value if self.has_aux else (value, None)
        return Evaluation(loss, gradient, aux)

    def example_losses(self, params: Params, batch: Batch) -> jax.Array:
        """The loss of every example of the batch on its own, shape (b,)."""

        def one(example: Batch) -> jax.Array:
            value = self.loss(params, jax.tree.map(lambda x: x[None], example))
            return value[0] if self.has_aux else value

        return jax.vmap(one)(batch)


def objective_of(landscape: Landscape) -> Objective:
    """A landscape as an objective: a finite sum takes a batch of example indices, any other ignores the batch."""
    sample_loss = getattr(landscape, "sample_loss", None)
    if sample_loss is None:
        return Objective(lambda w, batch: landscape.value(w))

    def loss(w: Params, batch: Batch) -> jax.Array:
        if batch is None:
            return landscape.value(w)
        return jnp.mean(jax.vmap(lambda i: sample_loss(w, i))(batch))

    return Objective(loss)
