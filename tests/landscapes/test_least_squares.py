"""Gradient noise by counting every mini-batch, and its alignment with the Hessian."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from samscape.landscapes.diagonal_network import diagonal_network
from samscape.landscapes.gradient_noise import noise_covariance, sample_gradients
from samscape.landscapes.least_squares import LeastSquares, least_squares, linearised
from samscape.landscapes.logistic_regression import logistic_regression
from samscape.landscapes.lucchi import LUCCHI
from samscape.landscapes.one_neuron import ONE_NEURON
from samscape.landscapes.relu_network import relu_network
from samscape.landscapes.tanh_tanh_sum import tanh_tanh_sum

ROUND_OFF = 1e-12
"""Thousands of roundings of 1e-16: sums over all mini-batches, in NumPy."""


def mini_batches(n, size, replace):
    """Every mini-batch, each as likely as the others."""
    return list(itertools.product(range(n), repeat=size) if replace else itertools.combinations(range(n), size))


def counted_covariance(gradients, size, replace):
    """Of the mean gradient over a mini-batch, by its definition."""
    means = np.array([gradients[list(batch)].mean(axis=0) for batch in mini_batches(len(gradients), size, replace)])
    return (means - means.mean(axis=0)).T @ (means - means.mean(axis=0)) / len(means)


@pytest.mark.parametrize("replace", [True, False])
@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_covariance_is_that_of_every_mini_batch_counted(size, replace):
    landscape, w = least_squares(n=5, d=3, noise=1), np.array([0.3, -1.0, 0.5])
    gradients = np.array([(a @ w - y) * a for a, y in zip(np.asarray(landscape.x), np.asarray(landscape.y))])
    np.testing.assert_allclose(sample_gradients(landscape, w), gradients, rtol=ROUND_OFF)
    counted = counted_covariance(gradients, size, replace)
    ours = noise_covariance(landscape, w, size, replace)
    np.testing.assert_allclose(ours, counted, rtol=0, atol=ROUND_OFF * np.abs(gradients).max() ** 2)
    if size == 5 and not replace:
        assert not np.any(ours)  # the whole data set has no noise


def test_covariance_of_losses_that_are_no_squares():
    w = np.array([0.4, -0.7])
    for landscape in (logistic_regression(n=4, l2="1/3"), ONE_NEURON, tanh_tanh_sum(3)):
        gradient = jax.jit(lambda s, i: jax.grad(s.sample_loss)(w, i))
        gradients = np.array([gradient(landscape, i) for i in range(landscape.n)])
        counted = counted_covariance(gradients, 2, True)
        scale = np.abs(gradients).max() ** 2
        np.testing.assert_allclose(noise_covariance(landscape, w, 2), counted, rtol=0, atol=ROUND_OFF * scale)


def test_noise_of_a_landscape_without_examples_is_refused():
    with pytest.raises(ValueError, match="lucchi is no finite sum"):
        noise_covariance(LUCCHI, np.zeros(2))
    with pytest.raises(ValueError, match="batch_size must be a whole number from 1 to 10, got 11"):
        noise_covariance(least_squares(), np.zeros(20), 11, replace=False)


RANK_TWO = np.array([[1.0, 2.0, -1.0], [2.0, 3.0, -2.0], [0.0, 1.0, 0.0], [3.0, -1.0, -3.0]])
CASES = {
    "fitted, n < d": least_squares(n=4, d=7),
    "fitted, features of rank two": LeastSquares(RANK_TWO, RANK_TWO @ np.ones(3)),
    "not fitted": least_squares(n=9, d=3, noise=1),
}
cases = pytest.mark.parametrize("case", CASES)


def counted_alignment(landscape, w):
    """Tr(Sigma G) / (2 L ||G||_F^2) from single gradients, in loops."""
    a, y = np.asarray(landscape.x), np.asarray(landscape.y)
    n = len(y)
    g = sum(np.outer(row, row) for row in a) / n
    noise = counted_covariance(np.array([(row @ w - t) * row for row, t in zip(a, y)]), 1, True)
    loss = sum((row @ w - t) ** 2 for row, t in zip(a, y)) / (2 * n)
    return np.trace(noise @ g) / (2 * loss * np.sum(g * g))


@cases
def test_alignment_is_the_ratio_of_the_assumption(case):
    landscape = CASES[case]
    for w in np.random.default_rng(1).standard_normal((5, landscape.dimension)):
        np.testing.assert_allclose(landscape.alignment(w), counted_alignment(landscape, w), rtol=ROUND_OFF)


@cases
def test_least_alignment_is_below_every_alignment_and_is_approached(case):
    """Below 2,000 random places, far and near; and a numerical minimisation from the best of them comes down to it."""
    import scipy.optimize

    landscape = CASES[case]
    gamma = landscape.least_alignment().gamma
    d, stream = landscape.dimension, np.random.default_rng(2)
    places = np.asarray(landscape.minimiser()) + stream.standard_normal((2000, d)) * np.exp(
        stream.normal(0, 2, (2000, 1))
    )
    measured = np.asarray(jax.jit(jax.vmap(landscape.alignment))(jnp.asarray(places)))
    assert measured.min() >= gamma * (1 - 1e-9)  # both are ratios of sums with condition below 1e6
    descent = scipy.optimize.minimize(
        jax.jit(jax.value_and_grad(landscape.alignment)), places[measured.argmin()], jac=True, method="BFGS"
    )
    # BFGS stops at gradients of 1e-5, where a smooth function is within some 1e-5 of its infimum
    assert gamma * (1 - 1e-9) <= descent.fun <= gamma + 1e-4
    assert gamma > 0.01


def test_least_alignment_is_attained_at_the_residuals_that_come_with_it():
    landscape = least_squares(n=4, d=7)
    gamma, residuals = landscape.least_alignment()
    direction = np.linalg.pinv(np.asarray(landscape.x)) @ residuals
    for t in (-2.0, 0.1, 30.0):
        w = np.asarray(landscape.minimiser()) + t * direction
        np.testing.assert_allclose(counted_alignment(landscape, w), gamma, rtol=1e-9)  # condition of a, squared: 1e2


def test_least_alignment_of_orthonormal_features_in_closed_form():
    """a_i = e_i: G = I/n, Tr(Sigma G) = (1 - 1/n) ||r||^2 / n^2, ||G||_F^2 = 1/n, so every alignment is 1 - 1/n."""
    for n in (2, 5):
        landscape = LeastSquares(np.eye(n), np.arange(n) + 1.0)
        assert landscape.least_alignment().gamma == pytest.approx(1 - 1 / n, rel=1e-14)  # a few roundings
        np.testing.assert_allclose(landscape.alignment(np.zeros(n)), 1 - 1 / n, rtol=1e-14)


def test_a_single_example_has_no_noise():
    landscape = LeastSquares([[1.0, 2.0]], [1.0])
    assert landscape.least_alignment().gamma == 0
    assert landscape.alignment(np.array([1.0, 1.0])) == 0
    with pytest.raises(ValueError, match="all features are zero"):
        LeastSquares([[0.0], [0.0]], [1.0, 1.0]).least_alignment()


def test_minimiser_is_that_of_least_norm():
    landscape = least_squares(n=4, d=7)
    expected = np.linalg.pinv(np.asarray(landscape.x)) @ np.asarray(landscape.y)
    np.testing.assert_allclose(landscape.minimiser(), expected, rtol=0, atol=1e-13)  # condition below 10
    np.testing.assert_allclose(landscape.curvature, landscape.hessian(expected), rtol=0, atol=1e-14)


LINEARISED = {
    "diagonal_network": (diagonal_network(n=5, d=4, kappa=2), np.random.default_rng(0).standard_normal(8)),
    "diagonal_network-product": (
        diagonal_network(n=5, d=4, form="product"),
        np.random.default_rng(0).standard_normal(8),
    ),
    "relu_network": (relu_network(units=3), np.random.default_rng(0).standard_normal(9)),
    "tanh_tanh_sum": (tanh_tanh_sum(), np.array([1.3, 0.8])),
}


@pytest.mark.parametrize("name", LINEARISED)
def test_linearised_model_has_the_losses_and_gradients_of_the_model(name):
    landscape, w = LINEARISED[name]
    examples = jnp.arange(landscape.n)
    evaluate = jax.jit(lambda s: jax.vmap(jax.value_and_grad(s.sample_loss), (None, 0))(jnp.asarray(w), examples))
    (losses, slopes), (their_losses, their_slopes) = evaluate(linearised(landscape, w)), evaluate(landscape)
    np.testing.assert_allclose(losses, their_losses, rtol=1e-12)  # the target is a sum that cancels, by 1e3 at most
    np.testing.assert_allclose(slopes, their_slopes, rtol=0, atol=1e-12 * max(1, float(abs(their_slopes).max())))


def test_linearised_model_has_the_hessian_of_the_model_at_a_global_minimum():
    landscape, w = tanh_tanh_sum(), np.array([1.3, 0.0])
    assert landscape.value(w) == 0
    tangent = linearised(landscape, w)
    np.testing.assert_allclose(tangent.curvature, landscape.hessian(w), rtol=0, atol=1e-15)
    np.testing.assert_allclose(
        tangent.curvature[1, 1], np.mean(np.tanh(1.3 * np.asarray(landscape.x)) ** 2), rtol=1e-14
    )
