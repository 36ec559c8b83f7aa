"""Random numbers computed where they are used: a function of (path's key, step, coordinate), with no state to carry.

    words = threefry(key of the path, (block, step)),    xi = Box-Muller(words)   or   xi = the signs of its bits

Every path has its own key, so a path is the same whatever other paths run beside it, in whatever order and blocks. The
words are JAX's: those of coordinates 2j and 2j + 1 at step t with j = 0 are the key data of
``jax.random.fold_in(path_key, t)``. They are written out here because inside the engine's loop JAX's own lowering on a
CPU, a rolled loop with an inverse error function after it, is three times slower; a test compares them word for word.

References:
    [1] Salmon, Moraes, Dror, Shaw (2011). Parallel random numbers: as easy as 1, 2, 3. SC11. Threefry-2x32-20.
    [2] Box, Muller (1958). A note on the generation of random normal deviates. Ann. Math. Stat. 29.
    [3] Kloeden, Platen (1992). Numerical Solution of Stochastic Differential Equations. Section 14.1: weak order 1
        needs the increments' first three moments, which two points have.
"""

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

Words = tuple[Any, Any]
"""Two arrays of 32-bit words: a key, a counter, or their hash."""

_ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
_PARITY = 0x1BD11BDA
_TERMS = 5
"""Taylor terms of sine and cosine on [-pi/4, pi/4]: the first one left out is below 3e-8, half a unit of float32."""


def threefry(key: Words, counter: Words) -> Words:
    """The Threefry-2x32 hash with its 20 rounds, elementwise.

    Args:
        key: Two uint32 arrays.
        counter: Two uint32 arrays that broadcast with the key.
    Returns:
        Two uint32 arrays.
    """
    schedule = (key[0], key[1], key[0] ^ key[1] ^ jnp.uint32(_PARITY))
    a, b = counter[0] + schedule[0], counter[1] + schedule[1]
    for group in range(5):
        for r in _ROTATIONS[group % 2]:
            a = a + b
            b = ((b << jnp.uint32(r)) | (b >> jnp.uint32(32 - r))) ^ a
        a = a + schedule[(group + 1) % 3]
        b = b + schedule[(group + 2) % 3] + jnp.uint32(group + 1)
    return a, b


def path_keys(key: jax.Array, start: int, low: int, high: int) -> Words:
    """The keys of paths low ... high - 1 from one start: the key data of fold_in(fold_in(key, start), path).

    Args:
        key: From ``jax.random.key(seed)`` (Threefry, JAX's default).
        start: Number of the start.
        low: First path.
        high: One past the last path.
    Returns:
        Two uint32 arrays of shape (high - low,).
    Raises:
        ValueError: `key` is not one Threefry key.
    """
    typed = jnp.issubdtype(jnp.asarray(key).dtype, jax.dtypes.prng_key)
    data = jax.random.key_data(key) if typed else jnp.asarray(key)
    if data.shape != (2,) or data.dtype != jnp.uint32:
        raise ValueError(
            f"noise: the key must be a single Threefry key, got {key!r}: "
            "make it with jax.random.key(seed, impl='threefry2x32')"
        )
    a, b = _fold_in_twice(data, np.uint32(start), np.arange(low, high, dtype=np.uint32))
    return np.asarray(a), np.asarray(b)


@jax.jit
def _fold_in_twice(key: jax.Array, first: jax.Array, second: jax.Array) -> Words:
    zero = jnp.uint32(0)
    return threefry(threefry((key[0], key[1]), (zero, first)), (zero, second))


def box_muller(words: Words) -> tuple[jax.Array, jax.Array]:
    """Two independent standard normals from two words, elementwise, float32.

        r = sqrt(-2 log u),    (r cos(pi theta), r sin(pi theta)),    u, theta from 32 bits each

    Notes:
        |xi| <= 6.77. Values have 24-bit mantissas and 2^32 radii in float64 runs too: their law is off by less than
        1e-7, and a float32 run follows the same Brownian path as the float64 run with its key.
    """
    a, b = words
    u = (a.astype(jnp.float32) + jnp.float32(0.5)) * jnp.float32(2.0**-32)
    r = jnp.sqrt(jnp.float32(-2) * jnp.log(u))
    # two bits choose the quadrant; the rest, an angle within it, needs no range reduction
    y = jax.lax.bitcast_convert_type(b, jnp.int32).astype(jnp.float32) * jnp.float32(math.pi / 4 * 2.0**-31)
    square = y * y
    sine = y * _series(square, 1)
    cosine = _series(square, 0)
    swapped = (b & jnp.uint32(1)) == 0
    r = jnp.where((b & jnp.uint32(2)) == 0, r, -r)
    return r * jnp.where(swapped, sine, cosine), r * jnp.where(swapped, cosine, sine)


def _series(square: jax.Array, odd: int) -> jax.Array:
    """sum_k (-1)^k square^k / (2k + odd)!: the cosine, or the sine over its argument."""
    coefficients = [(-1) ** k / math.factorial(2 * k + odd) for k in range(_TERMS)]
    total = jnp.float32(coefficients[-1])
    for c in coefficients[-2::-1]:
        total = jnp.float32(c) + square * total
    return jnp.asarray(total)


def normals(key: Words, t: Any, like: Any) -> Any:
    """Standard normals of step `t`, one per coordinate.

    Args:
        key: The path's key, two uint32 scalars.
        t: Number of the step, an integer scalar >= 0.
        like: A vector (d,), or a tuple of d scalars: gives layout and dtype.
    Returns:
        Normals in the layout and dtype of `like`; the same numbers in either layout.
    """
    step = jnp.asarray(t, jnp.uint32)
    if isinstance(like, tuple):
        pairs = [box_muller(threefry(key, (jnp.uint32(j), step))) for j in range(math.ceil(len(like) / 2))]
        flat = [x for pair in pairs for x in pair]
        return tuple(x.astype(y.dtype) for x, y in zip(flat, like, strict=False))
    d = like.shape[0]
    a, b = box_muller(threefry(key, (jnp.arange(math.ceil(d / 2), dtype=jnp.uint32), step)))
    return jnp.stack([a, b], axis=-1).reshape(-1)[:d].astype(like.dtype)


def steps_per_word(dimension: int) -> int:
    """How many steps one 32-bit word of signs serves."""
    return max(1, 32 // dimension)


def no_signs(dimension: int) -> np.ndarray:
    """A path's store of sign bits before its first step: shape () up to 32 coordinates, else one word per 32."""
    return np.zeros((), np.uint32) if dimension <= 32 else np.zeros(math.ceil(dimension / 32), np.uint32)


def refill(key: Words, t: Any, word: jax.Array, dimension: int) -> jax.Array:
    """The store of sign bits that step `t` reads: `word`, or fresh words when `t` opens a new block of steps."""
    block = steps_per_word(dimension)
    step = jnp.asarray(t, jnp.uint32) // jnp.uint32(block)

    def fresh() -> jax.Array:
        if dimension <= 32:
            return threefry(key, (jnp.uint32(0), step))[0]
        count = word.shape[0]
        pair = threefry(key, (jnp.arange(math.ceil(count / 2), dtype=jnp.uint32), step))
        return jnp.stack(pair, axis=-1).reshape(-1)[:count]

    return jax.lax.cond(t % block == 0, fresh, lambda: word)


def signs(word: jax.Array, t: Any, like: Any) -> Any:
    """Independent +1 or -1 of step `t`, each with probability 1/2, one per coordinate; layout and dtype of `like`.

    Notes:
        They share a normal's moments of orders 1 to 3, which Euler's weak order 1 needs, and nothing else: use them
        for expectations at a time, never for single paths, tails, maxima or first passages.
    """
    d = len(like)
    at = jnp.asarray(t % steps_per_word(d) * d, jnp.uint32)

    def sign(bits: jax.Array, dtype: Any) -> jax.Array:
        return jnp.where((bits & jnp.uint32(1)) == 0, jnp.asarray(1, dtype), jnp.asarray(-1, dtype))

    if isinstance(like, tuple):
        return tuple(sign(word >> (at + jnp.uint32(i)), x.dtype) for i, x in enumerate(like))
    if d <= 32:
        return sign(word >> (at + jnp.arange(d, dtype=jnp.uint32)), like.dtype)
    bits = (word[:, None] >> jnp.arange(32, dtype=jnp.uint32)).reshape(-1)[:d]
    return sign(bits, like.dtype)
