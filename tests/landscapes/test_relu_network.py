"""The one-dimensional ReLU network: its data, its start, and the shape of the function it computes."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from samscape.landscapes.relu_network import ReluNetwork, relu_network


def test_data_are_those_of_the_figure():
    landscape = relu_network()
    assert landscape.n == 12
    assert landscape.dimension == 300
    np.testing.assert_allclose(landscape.x, np.linspace(-5.5, 5.5, 12) / 4 + 0.07, rtol=1e-14)  # a few roundings
    shifted = np.asarray(landscape.y) - 0.345
    np.testing.assert_allclose(shifted, [-2, 1.5, 0, 0, 2, 1, 0, -1, 0, 1, 2, -1], atol=1e-15)  # one rounding


def test_loss_is_half_the_summed_squares():
    landscape = relu_network()
    w = landscape.start(1)
    outputs = np.asarray(landscape.predict(w, landscape.x))
    half_sum = sum((outputs - np.asarray(landscape.y)) ** 2) / 2
    np.testing.assert_allclose(landscape.value(w), half_sum, rtol=1e-14)  # twelve roundings


def test_start_has_the_stated_law():
    landscape = ReluNetwork([0.0], [0.0], units=20_000)
    a, b, c = (np.asarray(part) for part in landscape.layers(landscape.start(5)))
    assert set(np.abs(a)) == {2.5}
    # four standard errors of a mean (std/sqrt(N)) and of a standard deviation (std/sqrt(2N))
    assert abs(a.mean()) < 4 * 2.5 / np.sqrt(20_000)
    for part, deviation in ((b, 2.5), (c, 4.0)):
        assert abs(part.mean()) < 4 * deviation / np.sqrt(20_000)
        assert abs(part.std() - deviation) < 4 * deviation / np.sqrt(40_000)
    assert not np.array_equal(landscape.start(5), landscape.start(6))


def test_slope_of_the_function_changes_at_its_kinks_by_their_amounts():
    landscape = relu_network(units=6)
    w = landscape.start(2)
    location, change = (np.asarray(part) for part in landscape.kinks(w))
    slope = jax.vmap(jax.grad(lambda x: landscape.predict(w, x[None])[0]))
    h = 1e-6  # closer than the kinks are to each other
    assert np.diff(np.sort(location)).min() > 4 * h
    around = slope(jnp.asarray(np.concatenate([location - h, location + h])))
    # slopes are sums of six terms of size 10
    np.testing.assert_allclose(around[6:] - around[:6], change, rtol=0, atol=1e-13)


def test_slope_variation_is_that_of_the_slopes_on_either_side_of_each_cell():
    landscape = relu_network(units=30)
    w = landscape.start(4)
    edges = np.linspace(-1, 2, 41)
    slopes = jax.vmap(jax.grad(lambda x: landscape.predict(w, x[None])[0]))(jnp.asarray(edges))
    jumps = np.abs(np.diff(slopes))
    # sums of 30 slopes of size 10
    np.testing.assert_allclose(landscape.slope_variation(w, -1, 2, cells=40), jumps.sum(), rtol=1e-13)
    assert landscape.slope_changes(w, 5.0, -1, 2, cells=40) == np.sum(jumps > 5.0)
    assert 0 < np.sum(jumps > 5.0) < np.sum(jumps > 0)  # the threshold tells some apart


def test_opposite_kinks_in_one_place_are_no_change():
    landscape = ReluNetwork([0.0, 1.0], [0.0, 0.0], units=3)
    cancelling = jnp.array([1.0, 1.0, 2.0, -0.5, -0.5, -0.4, 3.0, -3.0, 1.5])  # kinks at 0.5, 0.5 and 0.2
    assert landscape.slope_changes(cancelling) == 1
    assert landscape.slope_variation(cancelling) == 3.0
    flat = jnp.array([0.0, 1.0, 2.0, -0.5, -5.0, 8.0, 1.0, 1.0, 1.0])  # no kink, and kinks at 5 and -4
    assert landscape.slope_changes(flat) == 0


@pytest.mark.parametrize("seed", [0, 1])
def test_norms_are_their_definitions_and_unchanged_by_rescaling_a_unit(seed):
    landscape = relu_network(units=5)
    w = np.asarray(landscape.start(seed))
    a, b, c = np.split(w, 3)
    paths = sum(abs(c[j]) * abs(a[j]) + abs(c[j]) * abs(b[j]) for j in range(5))
    variation = sum(abs(c[j]) * np.sqrt(a[j] ** 2 + b[j] ** 2) for j in range(5))
    other = np.concatenate([a * 2, b * 2, c / 2])  # the same function; powers of two round nothing
    for v in (w, other):
        np.testing.assert_allclose(landscape.path_norm(v), paths, rtol=1e-14)  # a dozen roundings
        np.testing.assert_allclose(landscape.variation_norm(v), variation, rtol=1e-14)
    assert landscape.value(w) == landscape.value(other)
