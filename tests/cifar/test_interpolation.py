"""The line and the plane between two networks."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from samscape.cifar.interpolation import Line, barrier, interpolate, second_differences
from samscape.cifar.measured_loss import MeasuredLoss, measure
from samscape.cifar.slices2d import normalised_direction, slice_plane


@pytest.fixture(scope="module")
def other(small):
    stream = np.random.default_rng(3)
    moved = jax.tree.map(
        lambda x: x + jnp.asarray(0.3 * stream.standard_normal(x.shape), jnp.float32), (small.params, small.stats)
    )
    return moved[0], jax.tree.map(jnp.abs, moved[1])


@pytest.mark.parametrize("mode", ["batch", "running"])
def test_ends_of_the_line_are_the_networks_themselves_to_the_bit(small, other, mode):
    loss = MeasuredLoss(small.apply, mode)
    line = interpolate(loss, (small.params, small.stats), other, small.batches, [0.0, 0.5, 1.0])
    for place, (params, stats) in ((0, (small.params, small.stats)), (2, other)):
        assert (line.loss[place], line.error[place]) == measure(loss, params, stats, small.batches)
    middle = jax.tree.map(lambda a, b: 0.5 * a + 0.5 * b, (small.params, small.stats), other)
    # the same midpoint, rounded once more or less: float32
    assert line.loss[1] == pytest.approx(measure(loss, *middle, small.batches)[0], rel=1e-5)


def test_statistics_gathered_anew_are_those_of_the_interpolated_network(small, other):
    loss = MeasuredLoss(small.apply, "running")
    line = interpolate(loss, (small.params, small.stats), other, small.batches, [0.3], small.batches * 40)
    params = jax.tree.map(lambda a, b: 0.7 * a + 0.3 * b, small.params, other[0])
    stats = jax.tree.map(lambda a, b: 0.7 * a + 0.3 * b, small.stats, other[1])
    for _ in range(40):
        for x, _ in small.batches:
            stats = small.apply(params, stats, x, train=True)[1]
    # 120 updates of running means in float32
    assert line.loss[0] == pytest.approx(measure(loss, params, stats, small.batches)[0], rel=1e-4)
    kept = interpolate(loss, (small.params, small.stats), other, small.batches, [0.3])
    assert abs(kept.loss[0] - line.loss[0]) > 1e-3


def test_second_differences_of_a_cubic_are_its_second_derivative_and_a_quarter_of_it_as_printed():
    grid = np.linspace(-0.5, 1.5, 41)
    places, found = second_differences(grid, grid**3 - 2 * grid**2, 0.1)
    # exact for cubics; 1e-16 of the values over h^2
    np.testing.assert_allclose(found, 6 * places - 4, atol=1e-12)
    assert places[0] == pytest.approx(-0.4)
    printed = second_differences(grid, grid**3 - 2 * grid**2, 0.1, "printed")[1]
    np.testing.assert_allclose(printed * 4, found, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("grid", "h", "message"),
    [
        (np.array([0, 0.1, 0.3]), 0.1, "not evenly spaced"),
        (np.linspace(0, 1, 8), 0.1, "no multiple"),
        (np.linspace(0, 1, 11), 0.6, "fits into the grid"),
    ],
)
def test_grids_that_do_not_hold_the_neighbours_are_refused(grid, h, message):
    with pytest.raises(ValueError, match=message):
        second_differences(grid, grid, h)


def test_barrier_is_the_excess_over_the_chord():
    grid = np.linspace(-1, 2, 61)
    bump = Line(grid, 1 + grid + 0.3 * np.sin(np.pi * grid), np.zeros(61))
    assert barrier(bump) == pytest.approx(0.3, rel=1e-3)  # the grid holds the top to (pi / 40)^2 / 8
    assert barrier(Line(grid, grid**2, np.zeros(61))) == pytest.approx(0, abs=1e-12)  # rounding at the ends
    with pytest.raises(ValueError, match="must hold 0 and 1"):
        barrier(Line(grid[:10], grid[:10], grid[:10]))


def test_networks_of_two_architectures_are_refused_with_the_leaf(small):
    last = {**small.params, "last": {"kernel": jnp.zeros((5, 3), jnp.float32), "bias": jnp.zeros(3, jnp.float32)}}
    with pytest.raises(ValueError, match=r"\['last'\]\['kernel'\] is \(4, 3\) and \(5, 3\)"):
        interpolate(MeasuredLoss(small.apply), (small.params, small.stats), (last, small.stats), small.batches, [0.0])


def test_random_directions_have_the_lengths_of_the_networks_filters(small):
    for by, axes in (("filter", lambda x: tuple(range(x.ndim - 1))), ("layer", lambda x: tuple(range(x.ndim)))):
        drawn = normalised_direction(small.params, 4, by)
        for w, d in zip(jax.tree.leaves(small.params), jax.tree.leaves(drawn), strict=True):
            assert d.dtype == jnp.float32
            if w.ndim < 2:
                assert not np.any(d)
                continue
            lengths = [np.sqrt((np.asarray(x, float) ** 2).sum(axis=axes(x))) for x in (w, d)]
            # float32 sums of at most 36 squares
            np.testing.assert_allclose(lengths[1], lengths[0], rtol=1e-6)
            cosine = np.vdot(w, d) / np.linalg.norm(np.ravel(w)) / np.linalg.norm(np.ravel(d))
            assert abs(cosine) < 0.9
    again = normalised_direction(small.params, 5)
    assert not np.array_equal(again["last"]["kernel"], normalised_direction(small.params, 4)["last"]["kernel"])
    with pytest.raises(ValueError, match="choose from filter, layer"):
        normalised_direction(small.params, 0, "weights")


def test_plane_holds_centre_and_target_and_its_axis_is_the_line(small, other):
    loss, first = MeasuredLoss(small.apply, "running"), (small.params, small.stats)
    alpha, beta = np.array([0.0, 0.5, 1.0]), np.array([-0.5, 0.0])
    plane = slice_plane(loss, first, other, small.batches, alpha, beta, seed=1)
    assert plane.loss.shape == (2, 3)
    line = interpolate(loss, first, other, small.batches, alpha)
    # w_0 + (w_1 - w_0) against (1 - a) w_0 + a w_1, in float32
    np.testing.assert_allclose(plane.loss[1], line.loss, rtol=1e-5)
    aside = normalised_direction(small.params, 1)
    moved = jax.tree.map(lambda w, d: w - 0.5 * d, small.params, aside)
    assert plane.loss[0, 0] == pytest.approx(measure(loss, moved, small.stats, small.batches)[0], rel=1e-5)
