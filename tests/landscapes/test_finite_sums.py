"""Landscapes made from data, each against its definition written as loops, and its gradient derived by hand."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from samscape.landscapes import DATA_DEFINED, get_landscape
from samscape.landscapes.diagonal_network import DiagonalNetwork, diagonal_network
from samscape.landscapes.finite_sum import FiniteSum
from samscape.landscapes.least_squares import LeastSquares, least_squares
from samscape.landscapes.logistic_regression import LogisticRegression, logistic_regression
from samscape.landscapes.one_neuron import ONE_NEURON
from samscape.landscapes.relu_network import ReluNetwork, relu_network
from samscape.landscapes.tanh_tanh import TANH_TANH
from samscape.landscapes.tanh_tanh_sum import TanhTanhSum, tanh_tanh_sum

LANDSCAPES: dict[str, FiniteSum] = {
    "diagonal_network": diagonal_network(n=5, d=4, kappa=2),
    "diagonal_network-product": diagonal_network(n=5, d=4, kappa=2, form="product"),
    "least_squares": least_squares(n=6, d=3, noise="1/2"),
    "logistic_regression": logistic_regression(n=7, d=3, l2="1/5"),
    "relu_network": relu_network(units=4),
    "tanh_tanh_sum": TanhTanhSum([0.2, 0.7, 1.1, 2.0], [0.1, 0.0, -0.3, 0.2]),
}
ROUND_OFF = 1e-13
"""Some hundred roundings of 1e-16 each, relative to the largest entry."""

names = pytest.mark.parametrize("name", LANDSCAPES)


def diagonal_squares(w, x, y):
    d = len(x)
    residual = sum((w[j] ** 2 - w[d + j] ** 2) * x[j] for j in range(d)) - y
    return residual**2 / 4, [residual * w[j] * x[j] for j in range(d)] + [-residual * w[d + j] * x[j] for j in range(d)]


def diagonal_product(w, x, y):
    d = len(x)
    residual = sum(w[j] * w[d + j] * x[j] for j in range(d)) - y
    return residual**2 / 2, [residual * w[d + j] * x[j] for j in range(d)] + [residual * w[j] * x[j] for j in range(d)]


def linear(w, x, y):
    residual = sum(a * b for a, b in zip(w, x)) - y
    return residual**2 / 2, [residual * a for a in x]


def logistic(w, x, y):
    margin = y * sum(a * b for a, b in zip(w, x))
    gradient = [-y * a / (1 + np.exp(margin)) + 0.2 * b for a, b in zip(x, w)]
    return np.log1p(np.exp(-margin)) + 0.1 * sum(b * b for b in w), gradient


def relu(w, x, y, n=12):
    h = len(w) // 3
    output, da, db, dc = 0.0, [], [], []
    for a, b, c in zip(w[:h], w[h : 2 * h], w[2 * h :]):
        z = a * x + b
        output += c * z if z > 0 else 0.0
        da.append(c * x if z > 0 else 0.0)
        db.append(c if z > 0 else 0.0)
        dc.append(max(z, 0.0))
    residual = output - y
    return n / 2 * residual**2, [n * residual * slope for slope in da + db + dc]


def tanh_tanh(w, x, y):
    u, v = w
    inner = np.tanh(u * x)
    outer = np.tanh(v * inner)
    slope = (outer - y) * (1 - outer**2)
    return (outer - y) ** 2 / 2, [slope * v * (1 - inner**2) * x, slope * inner]


ONE_EXAMPLE = {
    "diagonal_network": diagonal_squares,
    "diagonal_network-product": diagonal_product,
    "least_squares": linear,
    "logistic_regression": logistic,
    "relu_network": relu,
    "tanh_tanh_sum": tanh_tanh,
}
PLACES = {
    name: np.random.default_rng(3).uniform(-1.5, 1.5, (4, landscape.dimension))
    for name, landscape in LANDSCAPES.items()
}


def test_every_landscape_from_data_has_a_second_source():
    assert {name.partition("-")[0] for name in LANDSCAPES} == DATA_DEFINED.keys()
    for name in DATA_DEFINED:
        assert get_landscape(name).name == name


def example(name, w, i):
    landscape = LANDSCAPES[name]
    loss, gradient = ONE_EXAMPLE[name](w, np.asarray(landscape.x)[i], float(landscape.y[i]))
    return loss, np.array(gradient)


@names
def test_each_example_is_its_definition(name):
    landscape = LANDSCAPES[name]
    evaluate = jax.jit(jax.vmap(jax.value_and_grad(type(landscape).sample_loss, 1), (None, None, 0)))
    for w in PLACES[name]:
        losses, gradients = evaluate(landscape, w, jnp.arange(landscape.n))
        theirs = [example(name, w, i) for i in range(landscape.n)]
        scale = max(1, *(loss for loss, _ in theirs))
        np.testing.assert_allclose(losses, [loss for loss, _ in theirs], rtol=0, atol=ROUND_OFF * scale)
        their_gradients = np.array([gradient for _, gradient in theirs])
        np.testing.assert_allclose(
            gradients, their_gradients, rtol=0, atol=ROUND_OFF * max(1, abs(their_gradients).max())
        )


@names
def test_value_and_gradient_are_the_means_over_the_examples(name):
    landscape = LANDSCAPES[name]
    value, gradient = jax.jit(jax.vmap(jax.value_and_grad(type(landscape).value, 1), (None, 0)))(
        landscape, PLACES[name]
    )
    for k, w in enumerate(PLACES[name]):
        theirs = [example(name, w, i) for i in range(landscape.n)]
        loss = np.mean([loss for loss, _ in theirs])
        slope = np.mean([gradient for _, gradient in theirs], axis=0)
        np.testing.assert_allclose(value[k], loss, rtol=ROUND_OFF)
        np.testing.assert_allclose(gradient[k], slope, rtol=0, atol=ROUND_OFF * max(1, abs(slope).max()))


@names
def test_scalars_and_integers_are_as_good_as_a_vector(name):
    landscape, w = LANDSCAPES[name], PLACES[name][0]
    expected = landscape.value(w)
    np.testing.assert_allclose(landscape.value(tuple(map(float, w))), expected, rtol=ROUND_OFF)
    whole = np.ones(landscape.dimension, int)
    assert landscape.value(whole) == landscape.value(whole.astype(float))


@names
def test_float32_stays_float32(name):
    landscape, w = LANDSCAPES[name], PLACES[name][0]
    single = w.astype(np.float32)
    evaluate = jax.jit(lambda s, w: (*jax.value_and_grad(s.value)(w), s.sample_loss(w, 0)))
    value, gradient, one_example = evaluate(landscape, single)
    assert (value.dtype, gradient.dtype, one_example.dtype) == (np.float32,) * 3
    # 1e-5: a hundred roundings of 6e-8; the terms of the sums are of the size of their total here
    np.testing.assert_allclose(value, evaluate(landscape, w)[0], rtol=1e-5)


@names
def test_data_are_arguments_of_compiled_code(name):
    landscape, w = LANDSCAPES[name], PLACES[name][0]
    traced = []

    @jax.jit
    def value(landscape, w):
        traced.append(1)
        return landscape.value(w)

    other = jax.tree.map(lambda a: 0.5 * a, landscape)
    first, second = value(landscape, w), value(other, w)
    assert len(traced) == 1
    assert first != second
    stacked = jax.tree.map(lambda *a: jnp.stack(a), landscape, other)
    np.testing.assert_allclose(jax.vmap(lambda s: s.value(w))(stacked), [first, second], rtol=ROUND_OFF)


@names
def test_says_what_it_is(name):
    landscape = LANDSCAPES[name]
    assert landscape.name == name.partition("-")[0]
    assert len(landscape.domain) == landscape.dimension == len(PLACES[name][0])
    assert landscape.n == len(landscape.y)
    assert landscape.title
    assert any(c.isdigit() for c in landscape.source)  # at least a year


@names
def test_loss_on_other_examples_is_their_mean(name):
    landscape, w = LANDSCAPES[name], PLACES[name][0]
    half = landscape.test_loss(w, np.asarray(landscape.x)[:2], np.asarray(landscape.y)[:2])
    np.testing.assert_allclose(half, np.mean([example(name, w, i)[0] for i in range(2)]), rtol=ROUND_OFF)


@names
def test_targets_of_another_shape_are_refused(name):
    landscape = LANDSCAPES[name]
    make: Any = type(landscape)
    x, y = np.asarray(landscape.x), np.asarray(landscape.y)
    with pytest.raises(ValueError, match=r"needs x of shape .* got"):
        make(x, np.sign(y)[:, None])
    with pytest.raises(ValueError, match=r"needs x of shape .* got"):
        landscape.test_loss(PLACES[name][0], x, y[:-1])


def test_one_example_at_one_is_the_closed_form_tanh_tanh():
    single = TanhTanhSum([1], [0])
    for w in PLACES["tanh_tanh_sum"]:
        np.testing.assert_allclose(single.value(w), TANH_TANH.value(w), rtol=ROUND_OFF)


def test_tanh_tanh_inputs_are_those_of_the_figure():
    landscape = tanh_tanh_sum()
    np.testing.assert_allclose(landscape.x, [0.2 * k for k in range(1, 11)], rtol=1e-15)  # one rounding each
    assert not np.any(landscape.y)
    assert all(landscape.value((u, 0.0)) == 0 for u in (-2.0, 0.5, 3.0))  # all examples share the minima v = 0


def test_one_neuron_is_the_mean_over_its_two_labels():
    for w in np.random.default_rng(0).uniform(-2, 2, (5, 2)):
        both = [(w[1] * w[0] ** 2 - label) ** 2 for label in (-1, 2)]
        np.testing.assert_allclose([ONE_NEURON.sample_loss(w, i) for i in range(2)], both, rtol=ROUND_OFF)
        np.testing.assert_allclose(ONE_NEURON.value(w), np.mean(both), rtol=ROUND_OFF)
    assert ONE_NEURON.n == 2


def test_integers_and_lists_become_floating_point_data():
    assert LeastSquares([[1, 2], [3, 4]], [1, 0]).x.dtype == np.float64
    assert ReluNetwork(np.ones(3, np.float32), np.ones(3, np.float32)).start().dtype == np.float32


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: diagonal_network(kappa=31), "kappa must be a whole number from 1 to 30, got 31"),
        (lambda: diagonal_network(form="uv"), "form must be 'squares' or 'product', got 'uv'"),
        (lambda: DiagonalNetwork([[1.0]], [1.0], "cube"), "form must be"),
        (lambda: least_squares(noise=-1), "noise must be >= 0, got -1"),
        (lambda: logistic_regression(l2="-1/2"), "l2 must be >= 0, got '-1/2'"),
        (lambda: LogisticRegression([[1.0], [2.0]], [0, 1]), r"labels must be -1 or 1, got \[0 1\]; map"),
        (lambda: relu_network(units=0), "units must be a whole number >= 1, got 0"),
        (lambda: tanh_tanh_sum(n=0), "n must be a whole number >= 1, got 0"),
    ],
)
def test_unusable_numbers_are_refused_with_the_remedy(make, message):
    with pytest.raises(ValueError, match=message):
        make()
