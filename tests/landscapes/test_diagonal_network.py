"""Diagonal linear networks: the data recipe, the two forms, and many networks at once."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from samscape.landscapes.diagonal_network import DiagonalNetwork, diagonal_network, sparse_regression


def test_data_are_the_notebook_s_to_the_last_bit():
    """The authors draw from N(0, I) with a covariance matrix, from NumPy's global stream seeded with 0."""
    stream = np.random.RandomState(0)
    x = stream.multivariate_normal(np.zeros(30), np.eye(30), 20)
    x_test = stream.multivariate_normal(np.zeros(30), np.eye(30), 1000)
    beta = stream.randn(30)
    beta[3:] = 0
    beta = np.abs(beta) / np.linalg.norm(beta)
    data = sparse_regression()
    np.testing.assert_array_equal(data.x, x)
    np.testing.assert_array_equal(data.x_test, x_test)
    np.testing.assert_array_equal(data.beta, beta)
    np.testing.assert_allclose(data.y, x @ beta, rtol=1e-14)  # one product of matrices, order of summation free
    np.testing.assert_allclose(data.y_test, x_test @ beta, rtol=1e-12)  # some of the 1000 are sums that nearly cancel


@pytest.mark.parametrize("seed", [0, 1, 7])
def test_truth_is_sparse_positive_and_of_norm_one(seed):
    data = sparse_regression(n=10, d=12, kappa=4, test_points=5, seed=seed)
    assert np.count_nonzero(data.beta) == np.sum(data.beta > 0) == 4
    assert np.linalg.norm(data.beta) == pytest.approx(1, rel=1e-15)  # one division
    assert (data.x.shape, data.x_test.shape) == ((10, 12), (5, 12))


@pytest.mark.parametrize("form", ["squares", "product"])
def test_the_truth_has_no_loss(form):
    data = sparse_regression()
    landscape = DiagonalNetwork(data.x, data.y, form)
    root = np.sqrt(data.beta)
    w = np.concatenate([root, np.zeros(30) if form == "squares" else root])
    np.testing.assert_allclose(landscape.beta(w), data.beta, rtol=1e-15)  # a root and a square
    # residuals are sums of three terms below 3, each rounded to 1e-16
    assert landscape.value(w) < 1e-30
    assert landscape.test_loss(w, data.x_test, data.y_test) < 1e-30


def test_start_is_the_same_predictor_in_both_forms():
    squares, product = diagonal_network(), diagonal_network(form="product")
    alpha = np.linspace(0.01, 0.1, 30)
    np.testing.assert_array_equal(squares.start(alpha), np.concatenate([alpha, alpha]))
    np.testing.assert_array_equal(product.start(0.05), [0.1] * 30 + [0.0] * 30)  # the authors' code at alpha = 0.05
    assert not np.any(squares.beta(squares.start(alpha)))
    assert not np.any(product.beta(product.start(alpha)))


@pytest.mark.parametrize("rho", [0.0, 0.05])
def test_both_forms_have_the_same_trajectories_at_the_same_eta_and_rho(rho):
    squares, product = diagonal_network(), diagonal_network(form="product")

    def run(landscape, w):
        g = jax.grad(type(landscape).value, 1)
        step = jax.jit(lambda landscape, w: w - g(landscape, w + rho * g(landscape, w)) / 30)
        for _ in range(200):
            w = step(landscape, w)
        return w

    one, other = run(squares, squares.start(0.05)), run(product, product.start(0.05))
    plus, minus = one[:30], one[30:]
    assert np.abs(squares.beta(one)).max() > 0.2  # they have gone somewhere
    # 200 steps of 1e-16 each, grown by up to exp(eta * curvature * 200) ~ 1e3
    np.testing.assert_allclose(other, np.concatenate([plus + minus, plus - minus]), rtol=0, atol=1e-11)


@pytest.mark.parametrize("form", ["squares", "product"])
def test_many_networks_at_once_are_the_same_networks(form):
    landscape = diagonal_network(n=6, d=5, kappa=2, form=form)
    ws = np.random.default_rng(0).standard_normal((7, 10))
    losses, gradients = jax.vmap(jax.value_and_grad(landscape.value))(jnp.asarray(ws))
    columns = ws.T
    u, v = columns[:5], columns[5:]
    total, (slope_u, slope_v) = jax.value_and_grad(lambda pair: landscape.batched_loss(*pair))((u, v))
    scale = float(abs(gradients).max())
    # dozens of roundings of 1e-16
    np.testing.assert_allclose(landscape.losses_of_columns(columns), losses, rtol=1e-14)
    np.testing.assert_allclose(landscape.losses_of_columns((u, v)), losses, rtol=1e-14)
    np.testing.assert_allclose(total, jnp.sum(losses), rtol=1e-14)
    np.testing.assert_allclose(np.concatenate([slope_u, slope_v]).T, gradients, rtol=0, atol=1e-14 * scale)
    pair_gradient = jax.grad(landscape.value)((ws[0, :5], ws[0, 5:]))
    np.testing.assert_allclose(np.concatenate(pair_gradient), gradients[0], rtol=0, atol=1e-14 * scale)
