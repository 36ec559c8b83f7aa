"""Starts: start i depends on the seed and on i alone."""

import numpy as np
import pytest
from scipy import stats

from samscape.dynamics.starts import GivenStarts, UniformStarts, make_starts
from samscape.landscapes import get_landscape
from samscape.landscapes.lucchi import LUCCHI

WINDOW = ((-2.0, 2.0), (0.0, 1.0), (5.0, 6.0), (-1.0, 0.0), (3.0, 3.5))


@pytest.mark.parametrize("d", [1, 2, 4, 5])
def test_start_i_depends_on_the_seed_and_i_alone(d):
    few, many = UniformStarts(10, 7, WINDOW[:d]), UniformStarts(1000, 7, WINDOW[:d])
    assert np.array_equal(few.take(0, 10), many.take(0, 10))
    assert np.array_equal(np.concatenate([many.take(0, 137), many.take(137, 600)]), many.take(0, 600))
    assert not np.array_equal(few.take(0, 10), UniformStarts(10, 8, WINDOW[:d]).take(0, 10))


def test_uniform_starts_are_uniform_and_independent():
    w = UniformStarts(20_000, 3, WINDOW).take(0, 20_000)
    low, high = np.array(WINDOW).T
    assert (w >= low).all()
    assert (w < high).all()
    unit = (w - low) / (high - low)
    for column in unit.T:  # five tests at 1e-4 each: one false alarm in 2000 seeds, and the seed is fixed
        assert stats.kstest(column, "uniform").pvalue > 1e-4
    # correlations of n independent pairs have standard error 1/sqrt(n)
    assert (abs(np.corrcoef(unit.T) - np.eye(5)) < 4 / np.sqrt(len(w))).all()
    assert abs(np.corrcoef(unit[:-1, 0], unit[1:, 0])[0, 1]) < 4 / np.sqrt(len(w))


def test_starts_are_drawn_from_the_landscape_s_domain_or_the_window_given():
    beale = get_landscape("beale")
    low, high = np.array(beale.domain).T
    w = make_starts("sweep", beale, 500, 0).take(0, 500)
    assert (w >= low).all()
    assert (w <= high).all()
    w = make_starts("sweep", beale, 500, 0, (-0.1, 0.1)).take(0, 500)
    assert (abs(w) <= 0.1).all()
    given = make_starts("sweep", beale, np.array([[1.0, 2.0]]), 0)
    assert isinstance(given, GivenStarts)
    assert given.count == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((0, 0), "at least one"),
        ((5, -1), "seed"),
        ((5, 0, ((0, 1),)), "2 finite pairs"),
        ((5, 0, ((1, 0), (0, 1))), "low < high"),
        ((np.zeros((4, 3)), 0), "shape"),
        ((np.array([[np.inf, 0.0]]), 0), "not finite"),
        ((np.array([["a", "b"]]), 0), "dtype"),
    ],
)
def test_unusable_starts_are_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        make_starts("sweep", LUCCHI, *arguments)
