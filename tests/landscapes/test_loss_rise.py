"""m-sharpness and the rise along the gradient, against closed forms and an exact maximum over the ball."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.optimize

from samscape.landscapes import calculus
from samscape.landscapes.least_squares import least_squares
from samscape.landscapes.logistic_regression import LogisticRegression, logistic_regression
from samscape.landscapes.lucchi import LUCCHI
from samscape.landscapes.quadratic import quadratic


def exact_rise(h, g, rho):
    """max over ||delta|| <= rho of g.delta + delta.h delta / 2, for h with a positive eigenvalue: the maximiser solves
    (mu I - h) delta = g on the sphere, with mu >= lambda_max(h)."""
    values, vectors = np.linalg.eigh(h)
    along = vectors.T @ g

    def length(mu):
        return np.linalg.norm(along / (mu - values)) - rho

    mu = scipy.optimize.brentq(length, values[-1] + 1e-12, values[-1] + np.linalg.norm(g) / rho + 1, xtol=1e-15)
    delta = vectors @ (along / (mu - values))
    return g @ delta + delta @ h @ delta / 2


@pytest.mark.parametrize("rho", [0.05, 0.5, 3.0])
@pytest.mark.parametrize("eigenvalues", [(4, 1), (3, -2), ("1/2", "1/3", 2)])
def test_sharpness_of_a_quadratic_is_the_exact_maximum_over_the_ball(eigenvalues, rho):
    landscape = quadratic(eigenvalues)
    w = np.linspace(0.4, 0.7, landscape.dimension)
    h, g = np.asarray(calculus.hessian(landscape, w)), np.asarray(calculus.gradient(landscape, w))
    ours = float(calculus.m_sharpness(landscape, w, rho, steps=200))
    exact = exact_rise(h, g, rho)
    # the angle to the maximiser shrinks by 10 % a step at worst, to 1e-9; where curvatures compete, less
    assert exact * (1 - 1e-4) <= ours <= exact * (1 + 1e-12)


def test_sharpness_at_a_minimum_needs_a_random_start_and_is_half_rho_squared_lambda():
    landscape, origin = quadratic((4, 1)), np.zeros(2)
    assert calculus.m_sharpness(landscape, origin, 0.5) == 0
    with_key = calculus.m_sharpness(landscape, origin, 0.5, key=jax.random.key(0))
    # the angle to the steepest axis shrinks by a factor 1 - 0.1 * 3/4 / 1.1 a step: after 100, below 1e-2; squared
    np.testing.assert_allclose(with_key, 0.5 * 0.5**2 * 4, rtol=1e-4)


@pytest.mark.parametrize("steps", [1, 100])
def test_one_sharpness_of_a_linear_classifier_is_in_closed_form(steps):
    """Andriushchenko and Flammarion (2022), Section 3: max l(y <w + delta, x>) = l(y <w, x> - rho ||x||)."""
    landscape, w, rho = logistic_regression(n=9, d=3), np.array([0.5, -1.0, 0.2]), 0.3
    x, y = np.asarray(landscape.x), np.asarray(landscape.y)
    margins = y * (x @ w)

    def loss(m):
        return np.log1p(np.exp(-m))

    expected = np.mean(loss(margins - rho * np.linalg.norm(x, axis=1)) - loss(margins))
    # the gradient points the same way everywhere, so that ten steps of 0.1 rho arrive; then round-off
    np.testing.assert_allclose(calculus.m_sharpness(landscape, w, rho, 1, steps), expected, rtol=1e-12)


def ascent(loss_and_gradient, w, rho, steps, length):
    """Projected ascent on one batch, in NumPy: the best rise met."""
    here = best = loss_and_gradient(w)[0]
    delta = np.zeros_like(w)
    for _ in range(steps):
        g = loss_and_gradient(w + delta)[1]
        delta = delta + length * rho * g / np.linalg.norm(g)
        if np.linalg.norm(delta) > rho:
            delta *= rho / np.linalg.norm(delta)
        best = max(best, loss_and_gradient(w + delta)[0])
    return best - here


@pytest.mark.parametrize(("m", "order"), [(2, None), (3, [5, 1, 0, 2, 6, 4, 3]), (7, None), (4, None)])
def test_m_sharpness_is_the_mean_over_batches_of_the_ascent_in_numpy(m, order):
    landscape, w, rho = least_squares(n=7, d=3, noise=1), np.array([0.5, -1.0, 0.2]), 0.4
    a, y = np.asarray(landscape.x), np.asarray(landscape.y)
    numbers = list(range(7)) if order is None else order
    rises = []
    for low in range(0, 7, m):
        batch = numbers[low : low + m]  # the last one may be smaller

        def loss_and_gradient(v, batch=batch):
            r = a[batch] @ v - y[batch]
            return np.mean(r**2) / 2, a[batch].T @ r / len(batch)

        rises.append(ascent(loss_and_gradient, w, rho, 20, 0.25))
    ours = calculus.m_sharpness(
        landscape, w, rho, m, steps=20, length=0.25, order=None if order is None else np.array(order)
    )
    np.testing.assert_allclose(ours, np.mean(rises), rtol=1e-10)  # round-off of 20 steps, which the ascent contracts


def test_all_examples_in_one_batch_is_the_sharpness_of_the_loss():
    landscape, w = logistic_regression(n=8, d=2, l2="1/10"), np.array([0.3, 0.1])
    whole, one_batch = (calculus.m_sharpness(landscape, w, 0.2, m) for m in (None, 8))
    np.testing.assert_allclose(whole, one_batch, rtol=1e-12)  # another order of summation
    smaller = [float(calculus.m_sharpness(landscape, w, 0.2, m)) for m in (8, 4, 2, 1)]
    assert np.all(np.diff(smaller) > 0)  # the maximum of a mean is at most the mean of the maxima


@pytest.mark.parametrize("rho", [0.1, 2.0])
def test_rise_along_the_gradient_is_that_of_sam_s_single_step(rho):
    w = np.array([0.7, -1.2])

    def loss(v):
        return v[0] ** 4 / 4 - v[0] * v[1] + v[1] ** 2 / 2

    g = np.array([w[0] ** 3 - w[1], w[1] - w[0]])
    rise = loss(w + rho * g / np.linalg.norm(g)) - loss(w)
    np.testing.assert_allclose(calculus.ascent_sharpness(LUCCHI, w, rho), rise, rtol=1e-12)  # a dozen roundings
    np.testing.assert_allclose(calculus.m_sharpness(LUCCHI, w, rho, steps=1), rise, rtol=1e-12)


def test_rise_along_the_gradient_is_negative_past_a_ridge_and_zero_without_a_gradient():
    ridge = quadratic((-1,))  # the gradient points to the top at 0, 0.1 away
    np.testing.assert_allclose(calculus.ascent_sharpness(ridge, np.array([0.1]), 1.0), (0.01 - 0.81) / 2, rtol=1e-13)
    assert calculus.m_sharpness(ridge, np.array([0.1]), 1.0) == pytest.approx(0.005, rel=1e-12)  # the top is met
    assert calculus.ascent_sharpness(LUCCHI, np.zeros(2), 0.5) == 0
    assert calculus.ascent_sharpness(LUCCHI, np.array([0.7, -1.2]), 0.0) == 0


def test_sharpness_is_compiled_and_batched_with_the_landscape_as_an_argument():
    landscape = logistic_regression(n=6, d=2)
    ws, rhos = jnp.asarray(np.random.default_rng(0).standard_normal((3, 2))), jnp.array([0.1, 0.2, 0.3])
    batched = jax.jit(jax.vmap(lambda s, w, rho: calculus.m_sharpness(s, w, rho, 2, steps=5), in_axes=(None, 0, 0)))
    one_by_one = [calculus.m_sharpness(landscape, w, rho, 2, steps=5) for w, rho in zip(ws, rhos)]
    np.testing.assert_allclose(batched(landscape, ws, rhos), one_by_one, rtol=1e-12)  # another order of summation
    assert calculus.m_sharpness(landscape, np.ones(2, np.float32), 0.1, 2, steps=5).dtype == np.float32


def test_what_cannot_be_meant_is_refused():
    landscape = LogisticRegression([[1.0], [2.0], [3.0]], [1, -1, 1])
    w = np.ones(1)
    for arguments, message in [
        ({"rho": -0.1}, r"rho must be a finite number >= 0, got -0.1"),
        ({"rho": 0.1, "m": 4}, "m must be a whole number from 1 to 3, got 4"),
        ({"rho": 0.1, "steps": 0}, "steps must be a whole number >= 1, got 0"),
        ({"rho": 0.1, "m": 1, "order": np.array([0, 1, 1])}, "order must be a permutation of 0 ... 2"),
    ]:
        with pytest.raises(ValueError, match=message):
            calculus.m_sharpness(landscape, w, **arguments)
    with pytest.raises(ValueError, match="lucchi has no examples: leave m out"):
        calculus.m_sharpness(LUCCHI, np.zeros(2), 0.1, 1)
