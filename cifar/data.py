"""Images and labels of a run: scikit-learn's digits, random images, or CIFAR from a directory. Nothing is downloaded.

    images: uint8 (n, h, w, channels);  labels: int32 (n,);  mean, std: of the training images' channels over 255

Digits are 1,797 images of 8x8 pixels: 1,437 to train, 360 to test, chosen once and for all with every class in
proportion. The synthetic images have CIFAR-10's shape and uniform pixels, for speed and for tests; a network can learn
them only by heart. Labels are replaced by noise in the training set alone; which, follows from the seed.

References:
    [1] Alpaydin, Kaynak (1998). Optical recognition of handwritten digits. UCI machine learning repository.
    [2] Krizhevsky (2009). Learning multiple layers of features from tiny images. University of Toronto.
"""

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .settings import Settings

DIGITS_TEST = 360
SYNTHETIC_TRAIN, SYNTHETIC_TEST = 50_000, 10_000
PUBLISHED_STATISTICS = {
    "cifar10": ((0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010)),
    "cifar100": ((0.5071, 0.4865, 0.4409), (0.2673, 0.2564, 0.2762)),
}
"""Means and deviations in common use. CIFAR-10's deviations are means over images of each image's deviation."""


class Data(NamedTuple):
    """What a network is trained and tested on.

    Attributes:
        train_images: uint8, shape (n, h, w, channels).
        train_labels: int32, shape (n,).
        test_images: uint8, shape (m, h, w, channels).
        test_labels: int32, shape (m,).
        classes: Number of classes.
        mean: Of the channels, in [0, 1], float32.
        std: Of the channels, the same scale; ones and zero means where the settings do not normalise.
        digest: SHA-256 of everything above.
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    classes: int
    mean: np.ndarray
    std: np.ndarray
    digest: str


def load_data(settings: Settings, directory: Path | str | None = None) -> Data:
    """The data set of the settings.

    Args:
        settings: `data`, `train_size`, `label_noise`, `noise_kind`, `normalise` and `seed` are read.
        directory: Where CIFAR's files lie; the other data sets need none.
    Raises:
        ValueError: CIFAR without a directory, files that are not CIFAR's, or more images asked for than there are.
        FileNotFoundError: The directory lacks them; the message says what is expected and where to get it.
    """
    train_images, train_labels, test_images, test_labels, classes = _read(settings, directory)
    if settings.train_size is not None:
        if settings.train_size > len(train_images):
            raise ValueError(
                f"train_size = {settings.train_size}: {settings.data} has {len(train_images)} training images; "
                "give that or less"
            )
        train_images, train_labels = train_images[: settings.train_size], train_labels[: settings.train_size]
    train_labels = noisy_labels(train_labels, classes, settings.label_noise, settings.noise_kind, settings.seed)
    mean, std = _statistics(settings, train_images)
    digest = hashlib.sha256(str((train_images.shape, test_images.shape, classes)).encode())
    for array in (train_images, train_labels, test_images, test_labels, mean, std):
        digest.update(np.ascontiguousarray(array).data)
    return Data(train_images, train_labels, test_images, test_labels, classes, mean, std, digest.hexdigest())


def noisy_labels(labels: np.ndarray, classes: int, share: float, kind: str, seed: int) -> np.ndarray:
    """Labels of which `share` are replaced at random, each by an independent draw.

    Args:
        labels: int32, shape (n,).
        classes: Number of classes.
        share: In [0, 1]; round(share n) labels are drawn without repetition.
        kind: "different": the new class is another one; "any": it may be the old one.
        seed: The same seed gives the same labels.
    """
    wrong = round(share * len(labels))
    if not wrong:
        return labels
    random = np.random.default_rng([seed, 0x6E6F6973])  # a stream of its own beside the other uses of the seed
    chosen = random.permutation(len(labels))[:wrong]
    noisy = labels.copy()
    if kind == "different":
        noisy[chosen] = (labels[chosen] + random.integers(1, classes, wrong)) % classes
    else:
        noisy[chosen] = random.integers(0, classes, wrong)
    return noisy


def _read(
    settings: Settings, directory: Path | str | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, int]:
    if settings.data == "digits":
        return (*_digits(), 10)
    if settings.data == "synthetic":
        size = settings.train_size or SYNTHETIC_TRAIN
        return (*_random_images(size, 1), *_random_images(min(size, SYNTHETIC_TEST), 2), 10)
    from .readers import read_cifar

    if directory is None:
        raise ValueError(f"{settings.data} needs a directory with its files: give --data DIR")
    return read_cifar(settings.data, Path(directory))


def _digits() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    pixels, digits = load_digits(return_X_y=True)
    # 0 to 16 in the file; 255/16 fills the range of a byte
    images = np.round(np.asarray(pixels) * (255 / 16)).astype(np.uint8).reshape(-1, 8, 8, 1)
    labels = np.asarray(digits).astype(np.int32)
    train, test = train_test_split(np.arange(len(labels)), test_size=DIGITS_TEST, stratify=labels, random_state=0)
    return images[train], labels[train], images[test], labels[test]


def _random_images(n: int, stream: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(stream)
    return random.integers(0, 256, (n, 32, 32, 3), np.uint8), random.integers(0, 10, n).astype(np.int32)


def _statistics(settings: Settings, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    channels = images.shape[-1]
    if not settings.normalise:
        return np.zeros(channels, np.float32), np.ones(channels, np.float32)
    if settings.data in PUBLISHED_STATISTICS:
        mean, std = PUBLISHED_STATISTICS[settings.data]
        return np.asarray(mean, np.float32), np.asarray(std, np.float32)
    pixels = images.reshape(-1, channels)
    return (pixels.mean(0) / 255).astype(np.float32), (pixels.std(0) / 255).astype(np.float32)
