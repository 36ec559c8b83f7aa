"""Andriushchenko and Flammarion's figure of a ReLU network, against plain NumPy."""

import numpy as np
import pytest

from samscape.figures.andriushchenko2022_fig7 import FIGURE, compute
from samscape.figures.store import digest_of
from samscape.figures.style import paper
from samscape.landscapes.relu_network import relu_network

SMALL = {"steps": 3000, "records": 10, "seeds": (0, 1)}


def small(variant="paper", **changes):
    settings = FIGURE.settings(variant)
    return type(settings)(variant, "default", {**settings.values, **SMALL, **changes})


@pytest.fixture(scope="module")
def data():
    return compute(small(), lambda share: None)


def outputs(a, b, c, x):
    return np.maximum(0, np.outer(x, a) + b) @ c


def gradient(w, x, y):
    a, b, c = w
    hidden = np.maximum(0, np.outer(x, a) + b)
    error = hidden @ c - y
    behind = error[:, None] * (hidden > 0) * c
    return np.array([x @ behind, behind.sum(axis=0), error @ hidden])


def trained(seed, rho, steps, decay, eta=5e-5):
    """The released notebook's loop: loss half the summed squares, learning rate (1 - t / steps) eta for SAM alone."""
    network = relu_network()
    w = np.asarray(network.start(seed)).reshape(3, -1)
    x, y = np.asarray(network.x), np.asarray(network.y)
    for t in range(1, steps + 1):
        g = gradient(w, x, y)
        if rho:
            g = gradient(w + rho * g / np.sqrt((g**2).sum()), x, y)
        w = w - (eta * (1 - t / steps) if decay else eta) * g
    return w


def test_fig7_is_the_same_to_the_bit_on_every_run_and_can_be_checked_and_drawn(data):
    assert digest_of(data) == digest_of(compute(small(), lambda share: None))
    assert len(FIGURE.check(data)) == 4
    assert FIGURE.caption_of(small())
    with paper():
        axes = FIGURE.draw(data).axes
    assert len(axes) == 5
    assert all(ax.get_xlabel() for ax in axes)


@pytest.mark.parametrize(("variant", "decay"), [("paper", True), ("constant", False)])
def test_fig7_networks_are_those_of_the_loop_in_plain_numpy(variant, decay):
    steps = 300
    data = compute(small(variant, steps=steps), lambda share: None)
    for rule, rho in (("gd", 0.0), ("sam", 0.3)):
        for i, seed in enumerate(SMALL["seeds"]):
            w = trained(seed, rho, steps, decay and rho > 0)
            # outputs of size 10, sums of 100 terms; 300 steps, too few for roundings to grow: 1e-13 is what they make
            np.testing.assert_allclose(
                outputs(*w, data["x"].values), data["function"].sel(rule=rule)[i].values, rtol=0, atol=1e-11
            )


def test_fig7_statistics_are_those_of_the_function_by_differences(data):
    fine = np.linspace(-5.5 / 4 + 0.07, 5.5 / 4 + 0.07, 200_001)
    w = trained(0, 0.0, SMALL["steps"], False)
    f = outputs(*w, fine)
    second = np.abs(np.diff(f, 2)).sum() / (fine[1] - fine[0])
    found = float(data["slope_variation"].sel(rule="gd", seed=0)[-1])
    # the figure adds up the bends within a hundredth first, so it sees less: kinks of opposite sign cancel there
    assert found <= second * (1 + 1e-9)
    assert found > 0.5 * second
    a, b, c = w
    size = np.abs(c) * np.sqrt(a**2 + b**2)
    # sums of 100 terms, after 3000 steps of gradient descent, which damps rounding errors
    assert float(data["active_units"].sel(rule="gd", seed=0)[-1]) == pytest.approx(size.sum() ** 2 / (size**2).sum())
    assert float(data["path_norm"].sel(rule="gd", seed=0)[-1]) == pytest.approx(np.abs(c) @ (np.abs(a) + np.abs(b)))


def test_fig7_no_function_through_the_points_has_less_slope_variation_than_straight_lines(data):
    from scipy.interpolate import Akima1DInterpolator, CubicSpline, PchipInterpolator

    network = relu_network()
    x, y = np.asarray(network.x), np.asarray(network.y)
    fine = np.linspace(x[0], x[-1], 20_001)
    least = float(data["least_variation"])
    assert least == pytest.approx(4 * 17.5)  # bends 5, 1.5, 2, 3, 2 and 4 per input, inputs a quarter apart
    for kind in (CubicSpline, PchipInterpolator, Akima1DInterpolator):
        f = kind(x, y)(fine)
        assert np.abs(np.diff(f, 2)).sum() / (fine[1] - fine[0]) > least
