"""Wide residual networks, pre-activation: WRN-d-k of Zagoruyko and Komodakis.

    stem: conv 3x3 -> 16;  three stages of u units, 16k, 32k, 64k wide, at strides 1, 2, 2;  BN, ReLU, mean, linear
    unit: h = relu(bn(x));  x+ = S(x, h) + conv(relu(bn(conv(h))))
    S: x where width and stride stay, otherwise a 1x1 convolution of h;    d = 6u + 4

Notes:
    Kaiming normal (fan-in), and a final layer of zeros, as in the code that Zhou et al. [2] released; that code has one
    unit more in each stage than the name of the network says: WRN-22-8 here is its "WRN-16-8", WRN-34-10 its
    "WRN-28-10". Dropout is 0 there, and there is none here.
References:
    [1] Zagoruyko, Komodakis (2016). Wide residual networks. BMVC. Table 1.
    [2] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training. ICLR.
"""

from typing import Any

import jax
from flax import nnx

from .blocks import MOMENTUM, ZEROS, BatchNorm, conv, mean_over_pixels, residual


class Unit(nnx.Module):
    """One residual unit; see the module's docstring."""

    def __init__(self, inputs: int, outputs: int, stride: int, rngs: nnx.Rngs, momentum: float, dtype: Any) -> None:
        self.bn1 = BatchNorm(inputs, momentum, dtype)
        self.conv1 = conv(inputs, outputs, rngs, dtype, stride=stride)
        self.bn2 = BatchNorm(outputs, momentum, dtype)
        self.conv2 = conv(outputs, outputs, rngs, dtype)
        self.projects = inputs != outputs or stride != 1
        if self.projects:
            self.shortcut = conv(inputs, outputs, rngs, dtype, size=1, stride=stride)

    def __call__(self, x: jax.Array, train: bool) -> jax.Array:
        """(b, h, w, inputs) to (b, h / stride, w / stride, outputs)."""
        h = jax.nn.relu(self.bn1(x, train))
        around = self.shortcut(h) if self.projects else x
        return residual(around, self.conv2(jax.nn.relu(self.bn2(self.conv1(h), train))))


class WideResNet(nnx.Module):
    """A pre-activation residual network of any widths.

    Args:
        channels: Of the images.
        classes: Logits.
        rngs: Of the initial weights.
        dtype: What it computes in.
        stem: Width of the first convolution.
        widths: Of the stages; all but the first halve the resolution.
        units: In a stage.
        bn_momentum: Share of the old running statistics kept at a step.
    """

    def __init__(
        self, channels: int, classes: int, rngs: nnx.Rngs, dtype: Any, *, stem: int, widths: tuple[int, ...],
        units: int, bn_momentum: float = MOMENTUM,
    ) -> None:  # fmt: skip
        self.stem = conv(channels, stem, rngs, dtype)
        self.order: tuple[str, ...] = tuple(
            f"stage{s + 1}_unit{u + 1}" for s in range(len(widths)) for u in range(units)
        )
        before = stem
        for position, name in enumerate(self.order):
            stage, first = position // units, position % units == 0
            stride = 2 if first and stage else 1
            setattr(self, name, Unit(before, widths[stage], stride, rngs, bn_momentum, dtype))
            before = widths[stage]
        self.bn = BatchNorm(before, bn_momentum, dtype)
        self.linear = nnx.Linear(before, classes, kernel_init=ZEROS, dtype=dtype, rngs=rngs)

    def __call__(self, x: jax.Array, train: bool, key: jax.Array | None) -> jax.Array:
        """Logits of images."""
        x = self.stem(x)
        for name in self.order:
            x = getattr(self, name)(x, train)
        return self.linear(mean_over_pixels(jax.nn.relu(self.bn(x, train))))


def wide_resnet(
    channels: int, classes: int, rngs: nnx.Rngs, dtype: Any, *, depth: int, factor: int, bn_momentum: float = MOMENTUM
) -> WideResNet:
    """WRN-depth-factor.

    Raises:
        ValueError: A depth that is not 6u + 4.
    """
    units, rest = divmod(depth - 4, 6)
    if rest or units < 1:
        raise ValueError(f"wide resnet: depth = {depth}; give 10, 16, 22, 28, ... (6 units + 4)")
    widths = (16 * factor, 32 * factor, 64 * factor)
    return WideResNet(
        channels, classes, rngs, dtype, stem=16, widths=widths, units=units, bn_momentum=bn_momentum
    )  # fmt: skip
