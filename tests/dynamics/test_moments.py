"""Ensemble statistics against NumPy on all samples at once, and against the law they estimate the error of."""

import numpy as np
import pytest

from samscape.dynamics.moments import GROUP, Moments, moments_of

RNG = np.random.default_rng(9)


def _samples(n):
    x = RNG.gamma(2.0, size=(n, 3)) + 100.0  # skewed, and far from zero
    x[:, 1] += 0.5 * x[:, 0]
    return x


def test_streamed_moments_equal_those_of_all_samples():
    x = _samples(3 * GROUP + 17)
    found = moments_of(x)
    a = x - x.mean(axis=0)
    # round-off of sums of 12,000 terms whose mean is 100 times their deviation
    np.testing.assert_allclose(found.mean, x.mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(found.covariance, np.cov(x.T), rtol=1e-11)
    np.testing.assert_allclose(found.third, np.einsum("ni,nj->ij", a**2, a), rtol=1e-9)
    np.testing.assert_allclose(found.fourth, np.einsum("ni,nj->ij", a**2, a**2), rtol=1e-11)


def test_merging_does_not_depend_on_the_blocks_samples_come_in():
    x = _samples(6 * GROUP + 5)
    whole = moments_of(x)
    for size in (GROUP, 2 * GROUP, 4 * GROUP):
        total = None
        for low in range(0, len(x), size):
            total = moments_of(x[low : low + size], total)
        assert total is not None
        for name in ("n", "mean", "second", "third", "fourth"):
            np.testing.assert_array_equal(getattr(total, name), getattr(whole, name))


def test_standard_errors_are_the_spread_of_the_estimates():
    n, repeats = 400, 2000
    found = [Moments.of(_samples(n)) for _ in range(repeats)]
    for estimate, error in (("mean", "mean_error"), ("covariance", "covariance_error")):
        spread = np.std([getattr(m, estimate) for m in found], axis=0)
        stated = np.mean([getattr(m, error) for m in found], axis=0)
        # a spread from 2000 repeats has relative error 2-4 % (its own kurtosis); a bias of order 1/n comes on top
        np.testing.assert_allclose(stated, spread, rtol=0.12)


def test_samples_that_are_not_finite_or_beyond_the_bound_are_left_out_and_counted():
    x = _samples(100)
    x[3, 1], x[50, 0], x[70, 2] = np.inf, np.nan, -2e6
    kept = np.delete(x, [3, 50, 70], axis=0)
    found = moments_of(x, within=1e6)
    assert found.n == 97
    assert moments_of(x).n == 98
    np.testing.assert_allclose(found.covariance, np.cov(kept.T), rtol=1e-11)  # round-off


def test_too_few_samples_have_no_covariance():
    assert np.isnan(moments_of(np.ones((1, 2))).covariance).all()
    assert np.isnan(moments_of(np.full((3, 2), np.nan)).covariance_error).all()


@pytest.mark.parametrize("n", [2, 3])
def test_few_samples_agree_with_numpy(n):
    x = _samples(n)
    np.testing.assert_allclose(moments_of(x).covariance, np.cov(x.T), rtol=1e-9)  # round-off at mean / deviation ~ 100
