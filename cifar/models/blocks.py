"""What the networks are built of: convolutions with PyTorch's padding and initialisation, and BatchNorm.

    y = scale (x - mean) / sqrt(var + eps) + bias,    var = mean((x - mean)^2),    eps = 1e-5
    running <- m running + (1 - m) batch,    m = 0.9;    the running variance follows n/(n-1) var

Everything is channels-last. Parameters, statistics and BatchNorm's arithmetic are float32 whatever the network computes
in; convolutions and products are of its `dtype`, and so is what BatchNorm hands on.

Notes:
    The variance subtracts the mean before it squares: E[x^2] - E[x]^2 cancels where the mean is large.
    Padding is given in pixels: "SAME" pads unlike PyTorch at stride 2.
References:
    [1] He et al. (2015). Delving deep into rectifiers. ICCV. Section 2.2.
    [2] Ioffe, Szegedy (2015). Batch normalization. ICML. Algorithms 1 and 2.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax.core import Tracer

EPSILON = 1e-5
MOMENTUM = 0.9

Initializer = Callable[..., Any]


def normal(deviation: float) -> Initializer:
    """Independent normal weights."""
    return lambda key, shape, dtype=jnp.float32: _drawn(key, shape, deviation, dtype)


def _kaiming(unit: int) -> Initializer:
    def initial(key: jax.Array, shape: Sequence[int], dtype: Any = jnp.float32) -> Any:
        fan = math.prod(shape[:-2]) * shape[unit]
        return _drawn(key, shape, math.sqrt(2 / fan), dtype)

    return initial


def _drawn(key: jax.Array, shape: Sequence[int], deviation: float, dtype: Any) -> Any:
    """Normal numbers, drawn in few sizes: compiling a generator for every shape takes longer than drawing too many."""
    n, size = math.prod(shape), 2**14
    while size < n:
        size *= 8
    flat = jax.random.normal(key, (size,), jnp.float32)
    host: Any = jnp if isinstance(flat, Tracer) else np
    return jnp.asarray((host.asarray(flat)[:n] * np.float32(deviation)).reshape(shape), dtype)


FAN_IN = _kaiming(-2)
"""Kaiming normal over what a unit receives [1]."""
FAN_OUT = _kaiming(-1)
"""Kaiming normal over what a unit feeds [1]."""
ZEROS = jax.nn.initializers.zeros


class Network(Protocol):
    """A network of this folder: images to logits."""

    def __call__(self, x: jax.Array, train: bool, key: jax.Array | None) -> jax.Array:
        """The logits, (batch, classes), of images (batch, h, w, channels)."""
        ...


@jax.jit
def residual(x: jax.Array, y: jax.Array) -> jax.Array:
    """x + y, where a shortcut meets its block; compiled under its own name for `roofline`."""
    return x + y


class BatchNorm(nnx.Module):
    """Normalisation over batch and pixels; see the module's docstring.

    Args:
        features: Channels.
        momentum: m.
        dtype: Of what is handed on.
    """

    def __init__(self, features: int, momentum: float, dtype: Any) -> None:
        self.scale = nnx.Param(jnp.ones(features, jnp.float32))
        self.bias = nnx.Param(jnp.zeros(features, jnp.float32))
        self.mean = nnx.BatchStat(jnp.zeros(features, jnp.float32))
        self.var = nnx.BatchStat(jnp.ones(features, jnp.float32))
        self.momentum, self.dtype = momentum, dtype

    def __call__(self, x: jax.Array, train: bool) -> jax.Array:
        """Normalise (..., features) by the batch's statistics, which the running ones follow, or by the latter."""
        if not train:
            factor = jax.lax.rsqrt(self.var[...] + jnp.float32(EPSILON)) * self.scale[...]
            return ((x.astype(jnp.float32) - self.mean[...]) * factor + self.bias[...]).astype(self.dtype)
        y, mean, var = batch_norm(x, self.scale[...], self.bias[...])
        n = math.prod(x.shape[:-1])
        kept, new = jnp.float32(self.momentum), jnp.float32(1 - self.momentum)
        self.mean[...] = kept * self.mean[...] + new * mean
        self.var[...] = kept * self.var[...] + new * jnp.float32(n / max(n - 1, 1)) * var
        return y.astype(self.dtype)


@jax.jit
def batch_norm(x: jax.Array, scale: jax.Array, bias: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
    """x normalised by its own statistics, float32, and these: mean and (biased) variance of every channel.

    Compiled under its own name, so that `roofline.layers_of` finds it; within a larger program that costs nothing.
    """
    wide = x.astype(jnp.float32)
    axes = tuple(range(x.ndim - 1))
    mean = jnp.mean(wide, axes)
    var = jnp.mean(jnp.square(wide - mean), axes)
    return (wide - mean) * (jax.lax.rsqrt(var + jnp.float32(EPSILON)) * scale) + bias, mean, var


def conv(
    inputs: int, outputs: int, rngs: nnx.Rngs, dtype: Any, *, size: int = 3, stride: int = 1, bias: bool = False,
    init: Any = FAN_IN,
) -> nnx.Conv:  # fmt: skip
    """A square convolution padded by size // 2 pixels on every side."""
    return nnx.Conv(
        inputs, outputs, (size, size), strides=stride, padding=((size // 2, size // 2),) * 2, use_bias=bias,
        kernel_init=init, dtype=dtype, param_dtype=jnp.float32, rngs=rngs,
    )  # fmt: skip


def mean_over_pixels(x: jax.Array) -> jax.Array:
    """(batch, h, w, channels) to (batch, channels), summed in float32."""
    return jnp.mean(x, (1, 2), dtype=jnp.float32).astype(x.dtype)
