"""Random keys of a run: a function of (seed, epoch, step, stream) and of nothing else.

    key = fold_in(fold_in(fold_in(key(seed), epoch), step), stream)

So a run that goes on from a checkpoint, or forks from another run's, draws what an uninterrupted one would draw.
"""

import enum
from typing import Any

import jax
import jax.numpy as jnp


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
