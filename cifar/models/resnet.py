"""The ResNets of 6u + 2 layers for 32x32 images, with shortcuts without parameters (option A): ResNet-20 and relatives.

    stem: conv 3x3 -> 16 - BN - ReLU;  three stages of u blocks, 16, 32, 64 wide, at strides 1, 2, 2;  mean, linear
    block: relu(A(x) + bn(conv(relu(bn(conv(x))))))
    A: x where the width stays; otherwise every second pixel of x, with zeros for half of the new channels on each side

Notes:
    Kaiming normal (fan-in) for convolutions and the linear layer, whose bias starts as PyTorch's does, uniform in
    +-1/sqrt(inputs): the implementation in wide use for CIFAR [2]. Zhou et al. state option A and Kaiming normal.
References:
    [1] He, Zhang, Ren, Sun (2016). Deep residual learning for image recognition. CVPR. Section 4.2.
    [2] Idelbayev. Proper ResNet implementation for CIFAR in PyTorch. github.com/akamaster/pytorch_resnet_cifar10.
"""

from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

from .blocks import FAN_IN, MOMENTUM, BatchNorm, conv, mean_over_pixels

WIDTHS = (16, 32, 64)


class Block(nnx.Module):
    """Two 3x3 convolutions beside a shortcut; see the module's docstring."""

    def __init__(self, inputs: int, outputs: int, rngs: nnx.Rngs, momentum: float, dtype: Any) -> None:
        self.grows = inputs != outputs
        self.conv1 = conv(inputs, outputs, rngs, dtype, stride=2 if self.grows else 1)
        self.bn1 = BatchNorm(outputs, momentum, dtype)
        self.conv2 = conv(outputs, outputs, rngs, dtype)
        self.bn2 = BatchNorm(outputs, momentum, dtype)

    def __call__(self, x: jax.Array, train: bool) -> jax.Array:
        """(b, h, w, inputs) to the same, or to (b, h/2, w/2, 2 inputs)."""
        h = jax.nn.relu(self.bn1(self.conv1(x), train))
        h = self.bn2(self.conv2(h), train)
        return jax.nn.relu(h + (_half_as_large(x) if self.grows else x))


class ResNet(nnx.Module):
    """See the module's docstring.

    Args:
        channels: Of the images.
        classes: Logits.
        rngs: Of the initial weights.
        dtype: What it computes in.
        units: u, blocks of a stage; 3: ResNet-20.
        bn_momentum: Share of the old running statistics kept at a step.
    """

    def __init__(
        self, channels: int, classes: int, rngs: nnx.Rngs, dtype: Any, *, units: int = 3, bn_momentum: float = MOMENTUM
    ) -> None:
        self.stem = conv(channels, WIDTHS[0], rngs, dtype)
        self.bn = BatchNorm(WIDTHS[0], bn_momentum, dtype)
        before, order = WIDTHS[0], []
        for stage, width in enumerate(WIDTHS):
            for unit in range(units):
                order.append(f"stage{stage + 1}_block{unit + 1}")
                setattr(self, order[-1], Block(before, width, rngs, bn_momentum, dtype))
                before = width
        self.order: tuple[str, ...] = tuple(order)
        self.linear = nnx.Linear(before, classes, kernel_init=FAN_IN, bias_init=_torch_bias, dtype=dtype, rngs=rngs)

    def __call__(self, x: jax.Array, train: bool, key: jax.Array | None) -> jax.Array:
        """Logits of images."""
        x = jax.nn.relu(self.bn(self.stem(x), train))
        for name in self.order:
            x = getattr(self, name)(x, train)
        return self.linear(mean_over_pixels(x))


def _half_as_large(x: jax.Array) -> jax.Array:
    """Every second pixel, with as many zero channels again, half of them before and half behind."""
    side = x.shape[-1] // 2
    return jnp.pad(x[:, ::2, ::2], ((0, 0), (0, 0), (0, 0), (side, side)))


def _torch_bias(key: jax.Array, shape: tuple[int, ...], dtype: Any = jnp.float32, **_: Any) -> jax.Array:
    bound = WIDTHS[-1] ** -0.5
    return jax.random.uniform(key, shape, dtype, -bound, bound)
