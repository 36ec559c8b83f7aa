"""Basins: fractions, entropies and exponents against SciPy, closed forms and sets of known dimension."""

import json

import numpy as np
import pytest
from scipy import stats

from samscape.dynamics.basins import basin_map
from samscape.dynamics.boundary import basin_entropy, uncertainty_exponent, wilson_interval
from samscape.dynamics.methods import make_rule
from samscape.landscapes import get_landscape
from samscape.landscapes.lucchi import LUCCHI


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.999])
def test_wilson_intervals_are_scipy_s(confidence):
    counts = np.array([0, 1, 17, 99, 100])
    low, high = wilson_interval(counts, 100, confidence)
    for count, a, b in zip(counts, low, high, strict=True):
        expected = stats.binomtest(int(count), 100).proportion_ci(confidence, method="wilson")
        assert np.allclose([a, b], [expected.low, expected.high], rtol=1e-12, atol=1e-15)  # the same closed form
    with pytest.raises(ValueError, match="total"):
        wilson_interval(0, 0)


def test_entropy_of_stripes_is_counted_by_hand():
    # columns 0 0 0 1 1 1 ...: of boxes two wide, every third column of boxes is half and half
    labels = np.tile(np.repeat([0, 1, 2, 3], 3), (6, 1))
    found = basin_entropy(labels, 2)
    assert (found.boxes, found.crossed) == (18, 6)
    assert np.isclose(found.all, np.log(2) / 3, rtol=1e-14)
    assert np.isclose(found.boundary, np.log(2), rtol=1e-14)
    # every cell its own label: k labels in k cells
    found = basin_entropy(np.arange(36).reshape(6, 6), 3)
    assert np.isclose(found.all, np.log(9), rtol=1e-14)
    assert np.isclose(found.boundary, np.log(9), rtol=1e-14)
    one = basin_entropy(np.zeros((6, 6), int), 3)
    assert one.all == 0
    assert np.isnan(one.boundary)
    assert one.crossed == 0
    with pytest.raises(ValueError, match="box"):
        basin_entropy(labels, 7)


def test_a_straight_boundary_has_uncertainty_exponent_one():
    x = (np.arange(512) + 0.5) / 512
    tilted = (x[:, None] > 0.3 * x + 0.35).astype(int)
    found = uncertainty_exponent(tilted)
    # f is proportional to eps but for the staircase: a per cent
    assert abs(found.exponent - 1) < 0.02
    fit, covariance = np.polyfit(np.log(found.distance), np.log(found.share), 1, cov=True)
    assert np.isclose(found.exponent, fit[0], rtol=1e-12)  # the same sums in another order
    assert np.isclose(found.standard_error, np.sqrt(covariance[0, 0]), rtol=1e-9)
    assert np.isnan(uncertainty_exponent(np.zeros((64, 64), int)).exponent)


def test_a_cantor_boundary_has_the_exponent_of_its_dimension():
    # label = parity of the step at which Cantor's middle thirds remove the point: the boundary is his set, of dimension
    # log 2 / log 3, so alpha = 1 - log 2 / log 3 = 0.369
    depth = 10
    position = np.arange(3**depth)
    digits = (position[:, None] // 3 ** np.arange(depth - 1, -1, -1)) % 3
    removed = np.where((digits == 1).any(axis=1), (digits == 1).argmax(axis=1), depth)
    found = uncertainty_exponent(removed % 2, 3 ** np.arange(0, 7))
    # self-similar, sampled at the factor of the similarity: corrections only from the ends of the range
    assert abs(found.exponent - (1 - np.log(2) / np.log(3))) < 0.03


@pytest.fixture(scope="module")
def lucchi():
    return basin_map(LUCCHI, make_rule("gd", 0.1), 60, eta=0.1, steps=3000)


def test_a_basin_map_is_that_of_a_plain_loop_with_its_axes_in_place(lucchi):
    x, y = np.meshgrid(lucchi["x"].values, lucchi["y"].values)
    for _ in range(3000):
        x, y = x - 0.1 * (x**3 - y), y - 0.1 * (y - x)
    assert lucchi["outcome"].dims == ("y", "x")
    assert (lucchi["outcome"] == 0).all()
    assert np.array_equal(lucchi["target"], np.where(x > 0, 0, 1))


def test_basin_fractions_are_symmetric_with_their_intervals(lucchi):
    assert lucchi["attractor_name"].values.tolist() == ["minimum (1, 1)", "minimum (-1, -1)"]
    assert np.allclose(lucchi["fraction"], 0.5, rtol=0, atol=0)  # L(-w) = L(w), and the grid has no centre point
    low, high = wilson_interval(1800, 3600)
    assert np.allclose(lucchi["fraction_low"], low)
    assert np.allclose(lucchi["fraction_high"], high)
    assert abs(float(lucchi["uncertainty_exponent"]) - 1) < 0.1  # a smooth curve, on 60 x 60 cells
    # a smooth boundary: half and half at most
    assert 0 < float(lucchi["boundary_basin_entropy"]) <= np.log(2)
    settings = json.loads(lucchi.attrs["settings"])
    assert settings["rule"]["base"]["eta"] == 0.1
    assert lucchi.attrs["samscape_kind"] == "basin_map"


def test_one_dimension_and_planes_through_many():
    line = basin_map(get_landscape("cosine"), make_rule("gd", 0.1), 50, eta=0.1, steps=500)
    assert line["outcome"].shape == (50,)
    assert (line["outcome"] == 0).all()
    bowl = get_landscape("quadratic", eigenvalues=(1, 2, -1))
    through = (0.0, 0.0, 0.0)
    plane = basin_map(bowl, make_rule("gd", 0.1), (8, 4), eta=0.1, steps=400, plane=(2, 0), through=through, box=2)
    assert plane["outcome"].dims == ("x1", "x3")
    assert plane["outcome"].shape == (4, 8)
    assert (plane["outcome"] == 4).all()  # off the saddle's stable plane everything runs away


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"resolution": 1}, "resolution"),
        ({"resolution": (4, 4, 4)}, "resolution"),
        ({"plane": (0, 0)}, "plane"),
        ({"plane": (0, 5)}, "plane"),
        ({"window": ((1, 0), (0, 1))}, "low < high"),
        ({"through": (1.0,)}, "through"),
        ({"box": 9}, "box"),
        ({"resolution": 10_000_000}, "of memory"),
    ],
)
def test_maps_that_cannot_be_are_refused(change, said):
    with pytest.raises(ValueError, match=said):
        basin_map(LUCCHI, make_rule("gd", 0.1), **{"resolution": 4, "eta": 0.1, "steps": 10, **change})
