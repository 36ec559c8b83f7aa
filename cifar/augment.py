"""Random crops, mirror images and squares cut out, on the device and inside jit; then floats.

    crop:    window of h x w at an offset uniform in {0, ..., 2c}^2 of the image with c rows and columns of zeros around
    flip:    left and right with probability 1/2
    cutout:  with probability p a square of side s at a corner uniform in {-s/2, ..., h - s/2 - 1}^2, clipped, is filled
    the key decides every draw: `keys.key_of` makes it of (seed, epoch, step, stream)

Every image draws for itself. The window is read by index, not sliced, so that one gather moves the batch once.

Notes:
    The square becomes the data's mean, the zero of normalised images, to the nearest of 256 levels; black where the
    settings do not normalise. Order, and range of the corner, are those of [1].

References:
    [1] Foret, Kleiner, Mobahi, Neyshabur (2021). Sharpness-aware minimization for efficiently improving generalization.
        ICLR. The PyTorch implementation by D. Samuel, github.com/davda54/sam.
    [2] DeVries, Taylor (2017). Improved regularization of convolutional neural networks with cutout. arXiv:1708.04552.
"""

import jax
import jax.numpy as jnp
import numpy as np

from .data import PUBLISHED_STATISTICS, Data
from .settings import Settings

MEANS = {"digits": (0.30543,), "synthetic": (0.5, 0.5, 0.5)}
"""Channel means of the data sets that bring no published ones."""


def augment(images: jax.Array, key: jax.Array, settings: Settings) -> jax.Array:
    """Randomly changed copies of images.

    Args:
        images: uint8, shape (n, h, w, channels).
        key: Decides every draw.
        settings: `augment`; `data` and `normalise` give the colour of a square cut out. Not traced.
    Returns:
        uint8, the same shape; the images as they are where nothing is asked for.
    """
    wanted = settings.augment
    for_offset, for_flip, for_cutout = jax.random.split(key, 3)
    n, height, width, _ = images.shape
    if wanted.crop or wanted.flip:
        offset = jax.random.randint(for_offset, (2, n, 1), 0, 2 * wanted.crop + 1, jnp.int32) - wanted.crop
        rows = jnp.arange(height, dtype=jnp.int32) + offset[0]
        columns = jnp.arange(width, dtype=jnp.int32)
        if wanted.flip:
            mirrored = jax.random.bernoulli(for_flip, jnp.float32(0.5), (n, 1))
            columns = jnp.where(mirrored, columns[::-1], columns)
        images = _read_at(images, rows, columns + offset[1])
    if wanted.cutout:
        images = _cut_out(images, for_cutout, wanted.cutout, wanted.cutout_probability, cutout_fill(settings))
    return images


def normalise(images: jax.Array, data: Data) -> jax.Array:
    """(images / 255 - mean) / std of the channels, float32.

    Args:
        images: uint8, shape (n, h, w, channels).
        data: Its `mean` and `std` are read.
    """
    mean, std = (jnp.asarray(x, jnp.float32) for x in (data.mean, data.std))
    return (images.astype(jnp.float32) / jnp.float32(255) - mean) / std


def cutout_fill(settings: Settings) -> np.ndarray:
    """Colour of a square cut out, uint8, shape (channels,)."""
    published = PUBLISHED_STATISTICS.get(settings.data)
    mean = np.asarray(published[0] if published else MEANS[settings.data])
    return np.round(255 * mean * settings.normalise).astype(np.uint8)


def _read_at(images: jax.Array, rows: jax.Array, columns: jax.Array) -> jax.Array:
    """Pixels at rows (n, h) and columns (n, w); zero outside the image."""
    n, height, width, _ = images.shape
    inside = _within(rows, height)[:, :, None] & _within(columns, width)[:, None, :]
    image = jnp.arange(n, dtype=jnp.int32)[:, None, None]
    # indices outside are clipped for the gather, and what they read is not used
    found = images[image, jnp.clip(rows, 0, height - 1)[:, :, None], jnp.clip(columns, 0, width - 1)[:, None, :]]
    return jnp.where(inside[..., None], found, jnp.uint8(0))


def _cut_out(images: jax.Array, key: jax.Array, side: int, probability: float, fill: np.ndarray) -> jax.Array:
    n, height, width, _ = images.shape
    whether, where = jax.random.split(key)
    # a corner outside the image, from which the square does not reach into it, is never drawn
    extent = jnp.asarray([[height], [width]], jnp.int32)
    corner = jax.random.randint(where, (2, n), -(side // 2), extent - side // 2, jnp.int32)[..., None]
    rows = _within(jnp.arange(height, dtype=jnp.int32) - corner[0], side)
    columns = _within(jnp.arange(width, dtype=jnp.int32) - corner[1], side)
    cut = jax.random.bernoulli(whether, jnp.float32(probability), (n, 1, 1))
    square = cut & rows[:, :, None] & columns[:, None, :]
    return jnp.where(square[..., None], jnp.asarray(fill, jnp.uint8), images)


def _within(x: jax.Array, length: int) -> jax.Array:
    return (x >= 0) & (x < length)
