"""Which examples a step sees, as a function of the trajectory's key and the step's number alone.

Nothing is carried from step to step, so neither the order of the work, nor how it is cut, nor where a run was taken up
again has any say in what is drawn.
"""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from ..landscapes.landscape import Landscape
from .objective import Batches

RULE, OUTER, INNER = 0, 1, 2
"""What a step's key is folded with: for the rule's own choices, the batch of the update, and a second batch."""


class Drawing(NamedTuple):
    """How batches are drawn.

    Attributes:
        batch_size: Examples in a batch; None: all of them, at every step.
        replacement: Draw each example of a batch independently; else pass through the examples, shuffled anew for each
            pass, leaving out the n mod b last ones of it.
    """

    batch_size: int | None = None
    replacement: bool = True


def step_key(key: jax.Array, t: Any) -> jax.Array:
    """The key of step `t` of a trajectory with key `key`."""
    return jax.random.fold_in(key, t)


def full_batches(landscape: Landscape, rule: Any) -> Batches:
    """The batches of a step on all examples; their indices are spelt out for rules that go example by example.

    Raises:
        ValueError: Such a rule on a landscape that is no finite sum.
    """
    if not rule.by_example:
        return Batches()
    if not hasattr(landscape, "sample_loss"):
        raise ValueError(
            f"{rule.name} works example by example, and {landscape.name} is no finite sum: choose another rule "
            "(sam for m_sam, usam for one_sam, esam with selected=None), or a landscape with examples"
        )
    everything = jnp.arange(landscape.n)  # pyright: ignore[reportAttributeAccessIssue]
    return Batches(everything, everything)


def draw_batches(drawing: Drawing, landscape: Any, rule: Any, key: Any, t: jax.Array) -> Batches:
    """The batches of step `t`.

    Args:
        drawing: How.
        landscape: A finite sum, if `drawing` has a batch size.
        rule: Asks for the second batch through its `inner`.
        key: The trajectory's; unused where all examples are taken.
        t: The step's number; -1 is the one before the first, whose batch "previous" needs.
    Returns:
        Indices of examples, each of shape (batch_size,).
    """
    size = drawing.batch_size
    if size is None:
        return full_batches(landscape, rule)
    draw = _with_replacement if drawing.replacement else _without_replacement

    def batch(stream: int, step: jax.Array) -> jax.Array:
        return draw(landscape.n, size, key, stream, step)

    outer = batch(OUTER, t)
    if rule.inner == "independent":
        return Batches(outer, batch(INNER, t))
    if rule.inner == "previous":
        return Batches(outer, batch(OUTER, t - 1))
    return Batches(outer)


def _with_replacement(n: int, size: int, key: jax.Array, stream: int, t: jax.Array) -> jax.Array:
    return jax.random.randint(jax.random.fold_in(step_key(key, t), stream), (size,), 0, n)


def _without_replacement(n: int, size: int, key: jax.Array, stream: int, t: jax.Array) -> jax.Array:
    steps_per_pass = n // size
    number, place = t // steps_per_pass, t % steps_per_pass
    # passes are numbered apart from steps by a stream of their own
    order = jax.random.permutation(jax.random.fold_in(step_key(key, number), stream + 2), n)
    return jax.lax.dynamic_slice_in_dim(order, place * size, size)
