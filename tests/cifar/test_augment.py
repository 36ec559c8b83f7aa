"""Augmentation against NumPy: which padded and sliced window, mirror image or square is it, and how often?"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from samscape.cifar.augment import augment, cutout_fill, normalise
from samscape.cifar.data import load_data
from samscape.cifar.settings import Augment, Settings

JITTED = jax.jit(augment, static_argnums=2)


def images(n, height=32, width=32, channels=3, seed=0):
    # no zeros, so that a zero in the result is padding
    return np.random.default_rng(seed).integers(1, 256, (n, height, width, channels), np.uint8)


def settings(data="synthetic", **augmentation):
    return Settings(data=data, augment=Augment(**augmentation))


def crops(image, padding):
    """All windows of a padded image, by offset."""
    padded = np.pad(image, ((padding, padding), (padding, padding), (0, 0)))
    height, width, _ = image.shape
    offsets = [(i, j) for i in range(2 * padding + 1) for j in range(2 * padding + 1)]
    return {(i, j): padded[i : i + height, j : j + width] for i, j in offsets}


def test_every_image_is_one_window_of_its_padded_self_or_its_mirror_image():
    given = images(300, 10, 12, 2)
    found = np.asarray(JITTED(given, jax.random.key(0), settings(crop=2, flip=True)))
    assert found.dtype == np.uint8
    which = []
    for image, changed in zip(given, found):
        windows = {(*at, flip): w[:, ::-1] if flip else w for at, w in crops(image, 2).items() for flip in (0, 1)}
        matches = [at for at, window in windows.items() if np.array_equal(window, changed)]
        assert len(matches) == 1
        which.append(matches[0])
    rows, columns, mirrored = np.array(which).T
    assert set(rows) == set(columns) == set(range(5))
    # 300 draws: four standard errors of a mean offset are 4 sqrt(2/300) < 0.33, of a share 4 * 0.5/sqrt(300) < 0.12
    assert abs(rows.mean() - 2) < 0.33
    assert abs(columns.mean() - 2) < 0.33
    assert abs(mirrored.mean() - 0.5) < 0.12
    # and rows, columns and mirrors are drawn apart: a correlation has deviation 1/sqrt(300)
    correlations = np.corrcoef([rows, columns, mirrored])[np.triu_indices(3, 1)]
    assert np.abs(correlations).max() < 4 / np.sqrt(300)


def test_offsets_are_uniform():
    n, grey = 20_000, np.arange(1, 26, dtype=np.uint8).reshape(1, 5, 5, 1)
    found = np.asarray(JITTED(np.repeat(grey, n, 0), jax.random.key(1), settings("digits", crop=2)))
    centre = np.bincount(found[:, 2, 2, 0], minlength=26)[1:]  # every pixel of the image is in the middle once
    # chi-square with 24 degrees of freedom: mean 24, deviation sqrt(48) = 6.9; five of them
    assert ((centre - n / 25) ** 2 / (n / 25)).sum() < 24 + 5 * 6.9


def test_a_square_may_hang_over_the_edge_and_is_filled_with_the_mean():
    side, n = 16, 4000
    wanted = settings("cifar10", cutout=side, cutout_probability=0.5)
    given = np.zeros((n, 32, 32, 3), np.uint8)
    found = np.asarray(JITTED(given, jax.random.key(2), wanted))
    fill = np.round(np.array([0.4914, 0.4822, 0.4465]) * 255).astype(np.uint8)
    cut = (found == fill).all(-1)
    assert (found[~cut] == 0).all()
    shapes = []
    for one in cut[cut.any((1, 2))]:
        rows, columns = np.flatnonzero(one.any(1)), np.flatnonzero(one.any(0))
        assert one[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].all()  # a full rectangle
        assert one.sum() == len(rows) * len(columns)
        shapes.append((len(rows), len(columns), rows[0], columns[0]))
    heights, widths, tops, lefts = np.array(shapes).T
    assert heights.max() == widths.max() == side
    assert heights.min() == widths.min() == side // 2
    # only squares that touch an edge are cut short
    assert ((tops == 0) | (tops + heights == 32) | (heights == side)).all()
    # 32 corners in a line, of which 17 leave the square whole: four standard errors of 2000 draws are below 0.045
    assert abs((heights == side).mean() - 17 / 32) < 0.045
    assert abs((widths == side).mean() - 17 / 32) < 0.045
    assert abs(len(shapes) / n - 0.5) < 4 * 0.5 / np.sqrt(n)
    assert lefts.min() == 0


def test_rows_above_the_middle_are_cut_as_often_as_the_released_code_cuts_them():
    # corner uniform in -8 ... 23: row r is covered by the corners from max(-8, r - 15) to min(23, r)
    n = 8000
    found = np.asarray(
        JITTED(np.zeros((n, 32, 32, 1), np.uint8), jax.random.key(3), settings("digits", cutout=16))
    )  # fmt: skip
    often = (found[..., 0] > 0).any(2).mean(0)
    expected = [sum(-8 <= top <= 23 for top in range(r - 15, r + 1)) / 32 for r in range(32)]
    np.testing.assert_allclose(often, expected, atol=4.5 * 0.5 / np.sqrt(n))  # 32 shares, 4.5 standard errors each


def test_cutout_comes_after_the_crop():
    given = np.full((500, 32, 32, 3), 9, np.uint8)
    found = np.asarray(JITTED(given, jax.random.key(4), settings(crop=4, cutout=16)))
    assert set(np.unique(found)) == {0, 9, 128}
    # a square has one colour: no black of the padding is inside it
    for one in found[:, :, :, 0]:
        rows, columns = np.nonzero(one == 128)
        assert (one[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] == 128).all()


def test_nothing_asked_for_is_nothing_done():
    given = images(4)
    np.testing.assert_array_equal(JITTED(given, jax.random.key(0), settings()), given)


def test_the_key_decides_and_jit_changes_nothing():
    given, wanted = images(16), settings(crop=4, flip=True, cutout=8)
    one, again, other = (np.asarray(JITTED(given, jax.random.key(k), wanted)) for k in (0, 0, 1))
    np.testing.assert_array_equal(one, again)
    np.testing.assert_array_equal(one, augment(jnp.asarray(given), jax.random.key(0), wanted))
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("data", ["digits", "synthetic", "cifar10", "cifar100"])
def test_the_fill_is_the_mean_of_the_data_within_half_a_level(data):
    fill = cutout_fill(Settings(data=data))
    if data in ("digits", "synthetic"):
        mean = load_data(Settings(data=data, train_size=1000 if data == "synthetic" else None)).mean
        # the synthetic mean is of 1000 random images: a million pixels, deviation 74/sqrt(10^6) levels
        np.testing.assert_allclose(fill, 255 * mean, atol=0.5 + 0.5)
    assert (cutout_fill(Settings(data=data, normalise=False)) == 0).all()
    assert fill.dtype == np.uint8


def test_normalised_training_images_have_mean_zero_and_deviation_one():
    data = load_data(Settings(data="digits"))
    found = jax.jit(lambda x: normalise(x, data))(data.train_images)
    assert found.dtype == jnp.float32
    wide = np.asarray(found, np.float64)
    np.testing.assert_allclose([wide.mean(), wide.std()], [0, 1], atol=1e-6)  # float32 rounding of mean and std
    expected = (data.train_images / 255 - float(data.mean[0])) / float(data.std[0])
    np.testing.assert_allclose(found, expected, atol=1e-6)  # a few float32 roundings of numbers below 2


def test_settings_that_do_not_normalise_keep_values_in_the_unit_interval():
    data = load_data(Settings(data="digits", normalise=False))
    found = normalise(jnp.asarray(data.train_images), data)
    np.testing.assert_allclose(found, data.train_images / 255, rtol=1e-7)  # one float32 rounding
