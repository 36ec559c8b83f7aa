"""Grids, points and settings as typed on the command line."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from samscape.commands.grid import parse_grid, parse_number, parse_point, parse_settings


def test_three_forms_give_the_values_they_say():
    assert parse_grid("0.1", "--etas") == (0.1,)
    assert parse_grid("0.05, 0.2,0.5", "--rho") == (0.05, 0.2, 0.5)
    assert parse_grid("lin:0:1:5", "--rho") == (0.0, 0.25, 0.5, 0.75, 1.0)


@given(st.floats(1e-8, 1.0), st.floats(1.5, 1e6), st.integers(2, 200))
def test_a_range_is_numpys_geomspace_with_exact_ends(low, ratio, count):
    high = low * ratio
    values = parse_grid(f"{low!r}:{high!r}:{count}", "--etas")
    assert (values[0], values[-1], len(values)) == (low, high, count)
    # exp(log) loses |log| <= 32 units in the last place, here and in NumPy: 64 eps in all
    np.testing.assert_allclose(values, np.geomspace(low, high, count), rtol=64 * 2.3e-16)


def test_a_list_may_hold_ranges():
    assert parse_grid("0,lin:1:2:3", "--rho") == (0.0, 1.0, 1.5, 2.0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not a number"),
        ("0.1,,0.2", "not a number"),
        ("a:1:3", "'a' is not a number"),
        ("0.1:1", "LOW:HIGH:COUNT"),
        ("0.1:1:2:3", "LOW:HIGH:COUNT"),
        ("0.1:1:2.5", "whole number"),
        ("0.1:1:-3", "whole number"),
        ("0.1:1:1", "between 2"),
        ("0.1:1:99999999", "between 2"),
        ("1:0.1:3", "smaller than HIGH"),
        ("0:1:3", "lin:0:1:3"),
        ("nan", "not finite"),
        ("inf", "not finite"),
        ("-0.1", "must be > 0"),
        ("0", "must be > 0"),
        ("0.1,0.2,0.1", "twice"),
    ],
)
def test_a_malformed_grid_is_refused_with_its_reason(text, reason):
    with pytest.raises(ValueError, match="--etas") as caught:
        parse_grid(text, "--etas", above=0.0)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_zero_is_a_radius_but_minus_one_is_not():
    assert parse_grid("0", "--rho", at_least=0.0) == (0.0,)
    with pytest.raises(ValueError, match=r"--rho: -1 is out of range: it must be >= 0"):
        parse_grid("-1", "--rho", at_least=0.0)


def test_points():
    assert parse_point("1,2", "--start") == (1.0, 2.0)
    assert parse_point("(-1.5, 2e-3)", "--start", 2) == (-1.5, 2e-3)
    with pytest.raises(ValueError, match="has 3 coordinates, the landscape has 2"):
        parse_point("1,2,3", "--start", 2)
    with pytest.raises(ValueError, match="not finite"):
        parse_point("1,nan", "--start", 2)


def test_settings_keep_whole_numbers_whole():
    settings = parse_settings(["k=5", "alpha=0.5", "clamp=none", "lambda-1=-1.0", "big=1e3"])
    assert settings == {"k": 5, "alpha": 0.5, "clamp": None, "lambda_1": -1.0, "big": 1000.0}
    assert isinstance(settings["k"], int)
    assert isinstance(settings["big"], float)


@pytest.mark.parametrize("pair", ["k", "=5", "k=", "k=five", "2k=1"])
def test_a_malformed_setting_is_refused(pair):
    with pytest.raises(ValueError, match="--set"):
        parse_settings([pair])


def test_a_setting_given_twice_is_refused():
    with pytest.raises(ValueError, match="k is given twice"):
        parse_settings(["k=5", "k=6"])


def test_a_number_is_refused_with_a_remedy():
    with pytest.raises(ValueError, match=r"--eta: '1\.0\.0' is not a number; write a number"):
        parse_number("1.0.0", "--eta")
