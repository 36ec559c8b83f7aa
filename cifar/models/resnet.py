"""ResNet-20 for CIFAR: post-activation blocks, shortcuts without parameters.

    stem: conv 3x3 -> 16, BN, ReLU;  three stages of three blocks, 16, 32, 64 wide, strides 1, 2, 2;  mean, linear
    block: x+ = relu(S(x) + bn(conv(relu(bn(conv(x))))))
    S: where the stage changes, every second pixel, and zeros for the new channels, half before and half after

Notes:
    S is option A of [1]. Weights of convolutions and of the last layer are Kaiming normal (fan-in); the last bias is
    uniform in +-1/8, PyTorch's default for 64 inputs.
References:
    [1] He et al. (2016). Deep residual learning for image recognition. CVPR. Section 4.2.
    [2] Idelbayev. Proper ResNet implementation for CIFAR10/100 in PyTorch. https://github.com/akamaster/pytorch_resnet_cifar10.
"""

from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

from .blocks import FAN_IN, MOMENTUM, BatchNorm, conv, mean_over_pixels, residual

WIDTHS = (16, 32, 64)
BLOCKS = 3


class Block(nnx.Module):
    """One residual block; see the module's docstring."""

    def __init__(self, inputs: int, outputs: int, stride: int, rngs: nnx.Rngs, momentum: float, dtype: Any) -> None:
        self.conv1 = conv(inputs, outputs, rngs, dtype, stride=stride)
        self.bn1 = BatchNorm(outputs, momentum, dtype)
        self.conv2 = conv(outputs, outputs, rngs, dtype)
        self.bn2 = BatchNorm(outputs, momentum, dtype)
        self.stride, self.added = stride, outputs - inputs

    def __call__(self, x: jax.Array, train: bool) -> jax.Array:
        """(b, h, w, inputs) to (b, h / stride, w / stride, outputs)."""
        h = self.bn2(self.conv2(jax.nn.relu(self.bn1(self.conv1(x), train))), train)
        before = self.added // 2
        around = x[:, :: self.stride, :: self.stride]
        around = jnp.pad(around, ((0, 0), (0, 0), (0, 0), (before, self.added - before)))
        return jax.nn.relu(residual(around, h))


class ResNet20(nnx.Module):
    """See the module's docstring.

    Args:
        channels: Of the images.
        classes: Logits.
        rngs: Of the initial weights.
        dtype: What it computes in.
        bn_momentum: Share of the old running statistics kept at a step.
    """

    def __init__(
        self, channels: int, classes: int, rngs: nnx.Rngs, dtype: Any, *, bn_momentum: float = MOMENTUM
    ) -> None:
        self.stem = conv(channels, WIDTHS[0], rngs, dtype)
        self.bn = BatchNorm(WIDTHS[0], bn_momentum, dtype)
        self.order: tuple[str, ...] = tuple(
            f"stage{s + 1}_block{b + 1}" for s in range(len(WIDTHS)) for b in range(BLOCKS)
        )
        before = WIDTHS[0]
        for position, name in enumerate(self.order):
            stage, first = position // BLOCKS, position % BLOCKS == 0
            setattr(self, name, Block(before, WIDTHS[stage], 2 if first and stage else 1, rngs, bn_momentum, dtype))
            before = WIDTHS[stage]
        bound = before**-0.5

        def uniform(key: jax.Array, shape: Any, kind: Any = jnp.float32, **_: Any) -> jax.Array:
            return jax.random.uniform(key, shape, kind, -bound, bound)

        self.linear = nnx.Linear(before, classes, kernel_init=FAN_IN, bias_init=uniform, dtype=dtype, rngs=rngs)

    def __call__(self, x: jax.Array, train: bool, key: jax.Array | None) -> jax.Array:
        """Logits of images."""
        x = jax.nn.relu(self.bn(self.stem(x), train))
        for name in self.order:
            x = getattr(self, name)(x, train)
        return self.linear(mean_over_pixels(x))


resnet20 = ResNet20
