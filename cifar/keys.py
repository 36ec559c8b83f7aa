"""Random keys of a run: a function of (seed, epoch, step, stream) and of nothing else.

    key = fold_in(fold_in(fold_in(key(seed), epoch), step), stream)

So a run that goes on from a checkpoint, or forks from another run's, draws what an uninterrupted one would draw.
"""

import enum
import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np


class Stream(enum.IntEnum):
    """What a key is for. The numbers are part of what runs are: never reuse or renumber one."""

    INIT = 0  # initial parameters; epoch 0, step 0
    ORDER = 1  # the order of the examples in an epoch; step 0
    AUGMENT = 2
    DROPOUT = 3
    RULE = 4
    INNER = 5  # which examples an independent inner batch has
    INNER_AUGMENT = 6


def key_of(seed: Any, epoch: Any, step: Any, stream: Stream) -> jax.Array:
    """The key of one use; every argument may be traced, except the stream.

    Args:
        seed: Of the run, 0 <= seed < 2^32.
        epoch: From 0.
        step: Within the epoch, from 0.
        stream: What the key is for.
    """
    key = jax.random.key(jnp.asarray(seed, jnp.uint32), impl="threefry2x32")
    for number in (epoch, step, int(stream)):
        key = jax.random.fold_in(key, jnp.asarray(number, jnp.uint32))
    return key


def keys_of(seed: int, epoch: int, steps: np.ndarray) -> np.ndarray:
    """The keys of all streams at some steps of an epoch, as data: uint32, shape (steps, streams, 2).

    They are made by themselves, so that the code of a training step need not contain (and compile) their making.
    """
    return np.asarray(_all_keys(np.uint32(seed), np.int32(epoch), np.asarray(steps, np.int32)))


def key_in(data: Any, stream: Stream) -> jax.Array:
    """The key of a stream among the keys of one step, shape (streams, 2)."""
    return jax.random.wrap_key_data(data[int(stream)], impl="threefry2x32")


@jax.jit
def _all_keys(seed: Any, epoch: Any, steps: Any) -> jax.Array:
    def at(step: Any) -> jax.Array:
        return jnp.stack([jax.random.key_data(key_of(seed, epoch, step, stream)) for stream in Stream])

    return jax.vmap(at)(steps)


def order_of(seed: int, epoch: int, examples: int) -> np.ndarray:
    """The order in which an epoch meets the examples, int32, shape (examples,)."""
    return np.asarray(_permutation(np.uint32(seed), np.int32(epoch), examples))


@functools.partial(jax.jit, static_argnums=2)
def _permutation(seed: Any, epoch: Any, examples: int) -> jax.Array:
    return jax.random.permutation(key_of(seed, epoch, 0, Stream.ORDER), jnp.arange(examples, dtype=jnp.int32))
