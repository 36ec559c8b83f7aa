"""VGG-16 with BatchNorm, for 32x32 images: configuration D of Simonyan and Zisserman, in torchvision's form.

    64 64 M 128 128 M 256 256 256 M 512 512 512 M 512 512 512 M      each number a 3x3 conv with bias - BN - ReLU; M halves
    mean over pixels;  512 -> 4096 - ReLU - dropout -> 4096 - ReLU - dropout -> classes

Notes:
    Kaiming normal (fan-out) for convolutions, N(0, .01^2) for linear layers, biases 0, as in the code that Zhou et al.
    released; dropout 1/2 there, twice. Without a key there is no dropout.
References:
    [1] Simonyan, Zisserman (2015). Very deep convolutional networks for large-scale image recognition. ICLR. Table 1.
    [2] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training. ICLR.
"""

from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

from .blocks import FAN_OUT, MOMENTUM, BatchNorm, conv, mean_over_pixels

STAGES = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
"""Widths of the convolutions of each resolution."""
NORMAL = jax.nn.initializers.normal(0.01)


class VGG(nnx.Module):
    """See the module's docstring.

    Args:
        channels: Of the images.
        classes: Logits.
        rngs: Of the initial weights.
        dtype: What it computes in.
        hidden: Width of the two hidden linear layers.
        dropout: Share of their outputs set to zero in training.
        bn_momentum: Share of the old running statistics kept at a step.
    Raises:
        ValueError: A share that is not in [0, 1), or no hidden width.
    """

    def __init__(
        self, channels: int, classes: int, rngs: nnx.Rngs, dtype: Any, *, hidden: int = 4096, dropout: float = 0.5,
        bn_momentum: float = MOMENTUM,
    ) -> None:  # fmt: skip
        if not 0 <= dropout < 1 or hidden < 1:
            raise ValueError(f"vgg: dropout = {dropout}, hidden = {hidden}; give a share below 1 and a width")
        self.dropout = dropout
        before, stages = channels, []
        for s, widths in enumerate(STAGES):
            names = [f"stage{s + 1}_{i + 1}" for i in range(len(widths))]
            for name, width in zip(names, widths, strict=True):
                setattr(self, f"{name}_conv", conv(before, width, rngs, dtype, bias=True, init=FAN_OUT))
                setattr(self, f"{name}_bn", BatchNorm(width, bn_momentum, dtype))
                before = width
            stages.append(tuple(names))
        self.stages: tuple[tuple[str, ...], ...] = tuple(stages)
        for name, outputs in (("linear1", hidden), ("linear2", hidden), ("linear3", classes)):
            setattr(self, name, nnx.Linear(before, outputs, kernel_init=NORMAL, dtype=dtype, rngs=rngs))
            before = outputs

    def __call__(self, x: jax.Array, train: bool, key: jax.Array | None) -> jax.Array:
        """Logits of images."""
        for names in self.stages:
            for name in names:
                x = jax.nn.relu(getattr(self, f"{name}_bn")(getattr(self, f"{name}_conv")(x), train))
            x = nnx.max_pool(x, (2, 2), (2, 2))
        x = mean_over_pixels(x)
        for position, layer in enumerate((self.linear1, self.linear2)):
            x = jax.nn.relu(layer(x))
            if train and key is not None and self.dropout:
                x = dropped(x, jax.random.fold_in(key, position), self.dropout)
        return self.linear3(x)


def dropped(x: jax.Array, key: jax.Array, share: float) -> jax.Array:
    """x with a random share of its entries zero, the others divided by 1 - share."""
    kept = jax.random.bernoulli(key, jnp.float32(1 - share), x.shape)
    return jnp.where(kept, x / jnp.asarray(1 - share, x.dtype), jnp.zeros((), x.dtype))
