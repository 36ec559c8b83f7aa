"""A small pre-activation residual network for 8x8 images: three stages of one unit, `width`, 2 and 4 times as wide.

digits, (8, 8, 1):  conv -> width;  8x8 width, 4x4 2 width, 2x2 4 width;  BN, ReLU, mean, linear
"""

from typing import Any

from flax import nnx

from .blocks import MOMENTUM
from .wide_resnet import WideResNet

WIDTH = 8


def tiny_resnet(
    channels: int, classes: int, rngs: nnx.Rngs, dtype: Any, *, width: int = WIDTH, units: int = 1,
    bn_momentum: float = MOMENTUM,
) -> WideResNet:  # fmt: skip
    """See the module's docstring.

    Raises:
        ValueError: A width or number of units below 1.
    """
    if width < 1 or units < 1:
        raise ValueError(f"tiny resnet: width = {width}, units = {units}; give 1 or more of each")
    widths = (width, 2 * width, 4 * width)
    return WideResNet(
        channels, classes, rngs, dtype, stem=width, widths=widths, units=units, bn_momentum=bn_momentum
    )  # fmt: skip
