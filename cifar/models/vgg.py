"""VGG-16 with BatchNorm, configuration D, and torchvision's wide classifier.

    64 64 P 128 128 P 256 256 256 P 512 512 512 P 512 512 512 P;  mean;  4096, 4096, classes
    conv: 3x3 with bias, BN, ReLU;  P: maximum over 2x2;  each wide layer: linear, ReLU, dropout 1/2

Notes:
    Convolutions are Kaiming normal (fan-out), linear weights N(0, .01^2), biases zero, as in torchvision and in the
    code that Zhou et al. released.
References:
    [1] Simonyan, Zisserman (2015). Very deep convolutional networks for large-scale image recognition. ICLR. Table 1.
"""

from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

from .blocks import FAN_OUT, MOMENTUM, BatchNorm, conv, mean_over_pixels, normal

GROUPS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
HIDDEN = 4096
NORMAL = normal(0.01)


class Vgg16Bn(nnx.Module):
    """See the module's docstring.

    Args:
        channels: Of the images, which are 32 or more pixels wide and high.
        classes: Logits.
        rngs: Of the initial weights.
        dtype: What it computes in.
        dropout: Share of the wide layers' outputs set to zero in training.
        bn_momentum: Share of the old running statistics kept at a step.
    """

    def __init__(
        self, channels: int, classes: int, rngs: nnx.Rngs, dtype: Any, *, dropout: float = 0.5,
        bn_momentum: float = MOMENTUM,
    ) -> None:  # fmt: skip
        if not 0 <= dropout < 1:
            raise ValueError(f"vgg16-bn: dropout = {dropout}; give 0 <= dropout < 1")
        before = channels
        for g, group in enumerate(GROUPS):
            for k, width in enumerate(group):
                setattr(self, f"conv{g + 1}_{k + 1}", conv(before, width, rngs, dtype, bias=True, init=FAN_OUT))
                setattr(self, f"bn{g + 1}_{k + 1}", BatchNorm(width, bn_momentum, dtype))
                before = width

        def linear(inputs: int, outputs: int) -> nnx.Linear:
            return nnx.Linear(inputs, outputs, kernel_init=NORMAL, dtype=dtype, rngs=rngs)

        self.linear1, self.linear2, self.linear3 = (
            linear(before, HIDDEN),
            linear(HIDDEN, HIDDEN),
            linear(HIDDEN, classes),
        )
        self.dropout = dropout

    def __call__(self, x: jax.Array, train: bool, key: jax.Array | None) -> jax.Array:
        """Logits of images.

        Raises:
            ValueError: Images smaller than 32 pixels.
        """
        if min(x.shape[1:3]) < 32:
            raise ValueError(f"vgg16-bn: images are {x.shape[1]}x{x.shape[2]}; five halvings need 32 pixels or more")
        for g, group in enumerate(GROUPS):
            for k in range(len(group)):
                x = getattr(self, f"conv{g + 1}_{k + 1}")(x)
                x = jax.nn.relu(getattr(self, f"bn{g + 1}_{k + 1}")(x, train))
            x = nnx.max_pool(x, (2, 2), strides=(2, 2))
        x = mean_over_pixels(x)
        for number, layer in enumerate((self.linear1, self.linear2)):
            x = jax.nn.relu(layer(x))
            if train and key is not None and self.dropout:
                x = dropped(x, jax.random.fold_in(key, number), self.dropout)
        return self.linear3(x)


def dropped(x: jax.Array, key: jax.Array, share: float) -> jax.Array:
    """Each entry is zero with probability `share`, else divided by 1 - share."""
    kept = jax.random.bernoulli(key, jnp.float32(1 - share), x.shape)
    return jnp.where(kept, x / jnp.asarray(1 - share, x.dtype), jnp.zeros_like(x))


vgg16_bn = Vgg16Bn
