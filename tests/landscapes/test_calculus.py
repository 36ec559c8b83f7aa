"""Derivatives and sharpness against NumPy on full Hessians, and closed forms."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from samscape.landscapes import calculus
from samscape.landscapes.diagonal_network import diagonal_network
from samscape.landscapes.least_squares import LeastSquares
from samscape.landscapes.logistic_regression import logistic_regression
from samscape.landscapes.lucchi import LUCCHI
from samscape.landscapes.quadratic import quadratic
from samscape.landscapes.tanh_tanh import TANH_TANH

MEASURES = (calculus.sharpness, calculus.spectral_norm, calculus.trace, calculus.frobenius_norm)


def logistic_hessian(landscape, w):
    """(1/n) X^T diag(s (1 - s)) X + l2 I, with s the predicted probabilities."""
    x = np.asarray(landscape.x)
    s = 1 / (1 + np.exp(-(x @ w)))
    return (x.T * (s * (1 - s))) @ x / landscape.n + float(landscape.l2) * np.eye(len(w))


def diagonal_hessian(landscape, w):
    """H = (2/n) Z^T Z + diag(X^T r / n, -X^T r / n),  Z = [X w_+, -X w_-],  r = X beta - y."""
    x, y = np.asarray(landscape.x), np.asarray(landscape.y)
    d, n = x.shape[1], x.shape[0]
    slope = np.concatenate([x * w[:d], -x * w[d:]], axis=1)
    pull = x.T @ (x @ (w[:d] ** 2 - w[d:] ** 2) - y) / n
    return 2 * slope.T @ slope / n + np.diag(np.concatenate([pull, -pull]))


CASES = {
    "logistic": (logistic_regression(n=9, d=5, l2="1/10"), np.linspace(-1, 1, 5), logistic_hessian),
    "diagonal": (diagonal_network(), np.random.default_rng(0).normal(0, 0.3, 60), diagonal_hessian),
    "lucchi": (LUCCHI, np.array([0.2, -1.0]), lambda _, w: np.array([[3 * w[0] ** 2, -1], [-1, 1]])),
}
cases = pytest.mark.parametrize("case", CASES)


def wide_quadratic(d):
    """A quadratic in d coordinates of rank 40, and its Hessian."""
    x = np.random.default_rng(0).standard_normal((40, d)) / np.sqrt(d)
    return LeastSquares(x, np.zeros(40)), x.T @ x / 40


@cases
def test_hessian_and_its_measures_are_numpy_s(case):
    landscape, w, reference = CASES[case]
    h = reference(landscape, w)
    values = np.linalg.eigvalsh(h)
    size = np.abs(values).max()
    # sums of some dozen terms; eigenvalues of a symmetric matrix are as exact as its norm
    np.testing.assert_allclose(calculus.hessian(landscape, w), h, rtol=0, atol=1e-13 * size)
    np.testing.assert_allclose(calculus.eigenvalues(landscape, w), values, rtol=0, atol=1e-12 * size)
    expected = (values[-1], size, np.trace(h), np.linalg.norm(h))
    for measure, number in zip(MEASURES, expected, strict=True):
        np.testing.assert_allclose(measure(landscape, w), number, rtol=0, atol=1e-12 * float(np.linalg.norm(h)))


@cases
def test_hessian_vector_product_and_ascent_curvature_are_numpy_s(case):
    landscape, w, reference = CASES[case]
    h, g = reference(landscape, w), np.asarray(calculus.gradient(landscape, w))
    v = np.random.default_rng(1).standard_normal(len(w))
    np.testing.assert_allclose(calculus.hessian_vector_product(landscape, w, v), h @ v, rtol=0, atol=1e-12)  # as above
    np.testing.assert_allclose(calculus.ascent_curvature(landscape, w), g @ h @ g / (g @ g), rtol=0, atol=1e-12)


def test_sharpness_is_signed_and_the_spectral_norm_is_not():
    landscape = quadratic((-3, -1))
    w = np.array([0.5, 0.5])
    assert calculus.sharpness(landscape, w) == pytest.approx(-1, rel=1e-14)
    assert calculus.spectral_norm(landscape, w) == pytest.approx(3, rel=1e-14)
    assert calculus.trace(landscape, w) == pytest.approx(-4, rel=1e-14)
    assert calculus.frobenius_norm(landscape, w) == pytest.approx(np.sqrt(10), rel=1e-14)


@pytest.mark.parametrize("u", [0.3, 2.5])
def test_tanh_tanh_valley_has_all_three_measures_equal_to_tanh_squared(u):
    """Zhou et al., Example 4.1."""
    for measure in MEASURES:
        np.testing.assert_allclose(measure(TANH_TANH, np.array([u, 0.0])), np.tanh(u) ** 2, rtol=1e-14)


def test_ascent_curvature_without_a_gradient_is_undefined():
    assert np.isnan(calculus.ascent_curvature(LUCCHI, np.zeros(2)))


def test_lanczos_is_the_full_spectrum_s_ends():
    landscape, w, _ = CASES["diagonal"]
    dense = np.asarray(calculus.eigenvalues(landscape, w))
    h = np.asarray(calculus.hessian(landscape, w))
    by_size = np.sort(dense[np.argsort(np.abs(dense))[-3:]])
    expected = {"largest": dense[-3:], "smallest": dense[:3], "both": dense[[0, -2, -1]], "magnitude": by_size}
    for end, numbers in expected.items():
        values, vectors = calculus.extreme_eigenvalues(landscape, w, 3, end)
        # ARPACK stops at residuals of 1e-16 ||H||, the error of a symmetric matrix's eigenvalue
        np.testing.assert_allclose(values, numbers, rtol=0, atol=1e-12 * np.abs(dense).max())
        np.testing.assert_allclose(h @ vectors, vectors * values, rtol=0, atol=1e-11 * np.abs(dense).max())


def test_many_coordinates_go_by_lanczos_and_agree_with_the_full_matrix():
    landscape, a = wide_quadratic(calculus.DENSE + 100)
    w = np.ones(landscape.dimension)
    values = np.linalg.eigvalsh(a)
    expected = (values[-1], values[-1], np.trace(a), np.linalg.norm(a))
    for measure, number in zip(MEASURES, expected, strict=True):
        np.testing.assert_allclose(measure(landscape, w), number, rtol=1e-11)  # sums of 600 terms; ARPACK as above


def test_lanczos_never_builds_the_matrix(monkeypatch):
    landscape, _ = wide_quadratic(calculus.DENSE + 1)

    def refuse(*_):
        raise AssertionError("the full Hessian was built")

    monkeypatch.setattr(calculus, "_hessian", refuse)
    assert calculus.sharpness(landscape, np.ones(landscape.dimension)) > 0
    with pytest.raises(AssertionError, match="was built"):
        calculus.eigenvalues(landscape, np.ones(landscape.dimension))


def test_lanczos_refuses_what_it_cannot_do():
    with pytest.raises(ValueError, match=r"count from 1 to 1, got 'largest' and 2; use eigenvalues"):
        calculus.extreme_eigenvalues(LUCCHI, np.zeros(2), 2)


def test_measures_are_compiled_and_batched_with_the_landscape_as_an_argument():
    landscape, w, _ = CASES["logistic"]
    ws = jnp.asarray(np.random.default_rng(0).standard_normal((3, len(w))))
    other = jax.tree.map(lambda x: 2.0 * x, landscape)
    stacked = jax.tree.map(lambda *x: jnp.stack(x), landscape, other)
    measures = (*MEASURES, calculus.ascent_curvature)

    def every(landscape, w):
        return jnp.stack([measure(landscape, w) for measure in measures])

    one_by_one = np.array([[[measure(s, w) for measure in measures] for w in ws] for s in (landscape, other)])
    over_places = jax.jit(jax.vmap(every, in_axes=(None, 0)))(landscape, ws)
    np.testing.assert_allclose(over_places, one_by_one[0], rtol=1e-12)  # another order of sums
    over_landscapes = jax.jit(jax.vmap(every, in_axes=(0, None)))(stacked, ws[0])
    np.testing.assert_allclose(over_landscapes, one_by_one[:, 0], rtol=1e-12)


def test_any_arrangement_of_the_parameters_gives_the_same_measures():
    landscape, w, _ = CASES["diagonal"]
    halves = (w[:30], w[30:])
    for measure in (*MEASURES, calculus.ascent_curvature):
        np.testing.assert_allclose(measure(landscape, halves), measure(landscape, w), rtol=1e-12)
    gradient = calculus.gradient(landscape, halves)
    product = calculus.hessian_vector_product(landscape, halves, gradient)
    flat = calculus.gradient(landscape, w)
    np.testing.assert_allclose(np.concatenate(gradient), flat, rtol=1e-12)
    np.testing.assert_allclose(np.concatenate(product), calculus.hessian_vector_product(landscape, w, flat), rtol=1e-10)
    assert calculus.sharpness(LUCCHI, (1, 1)) == calculus.sharpness(LUCCHI, np.ones(2))


def test_float32_stays_float32():
    landscape, w, _ = CASES["logistic"]
    single = w.astype(np.float32)
    for measure in MEASURES:
        number = measure(landscape, single)
        assert number.dtype == np.float32
        np.testing.assert_allclose(number, measure(landscape, w), rtol=1e-5)  # a hundred roundings of 6e-8
    assert calculus.extreme_eigenvalues(landscape, single)[0].dtype == np.float32
