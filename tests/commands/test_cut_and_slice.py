"""`samscape cut` and `samscape slice`."""

import json

import numpy as np
import pytest

from samscape.dynamics.results import load_result

BOWL = "x**2 + 2*y**2 + 3*z**2"


def test_a_cut_between_two_minima_says_its_barrier_and_saves_data_and_picture(samscape, tmp_path):
    out, data = tmp_path / "cut.png", tmp_path / "cut.nc"
    said = samscape("cut", "lucchi", "--from=-1,-1", "--to", "1,1", "--out", out, "--out", data).stdout
    assert "a barrier of 0.25" in said
    assert out.read_bytes()[:4] == b"\x89PNG"
    with load_result(data, "cut") as result:
        t = 2 * result["a"].values - 1
        # rounding of a quartic with values up to 16
        np.testing.assert_allclose(result["loss"], t**4 / 4 - t**2 / 2, rtol=1e-13, atol=1e-14)


def test_a_cut_along_the_leading_eigenvector_is_the_default(samscape, tmp_path):
    out = tmp_path / "cut.pdf"
    found = json.loads(samscape("cut", BOWL, "--from", "0,0,1", "--over=-2:2", "--json", "--out", out).stdout)
    assert found["lowest"]["loss"] == pytest.approx(0, abs=1e-3)  # the grid's spacing is 4/300, 3 (2/300)^2 = 1e-4
    assert found["lowest"]["a"] == pytest.approx(-1, abs=0.01)


def test_a_slice_is_drawn_and_described(samscape, tmp_path):
    out, data = tmp_path / "slice.svg", tmp_path / "slice.zarr"
    arguments = ("--through", "0,0,0", "--direction", "1,0,0", "--direction", "1,1,0", "--count", 21)
    found = json.loads(samscape("slice", BOWL, *arguments, "--json", "--out", out, "--out", data).stdout)
    assert found["directions"] == [[1, 0, 0], [0, 1, 0]]
    assert (found["lowest"], found["highest"]) == (0, 3)
    assert load_result(data, "slice")["loss"].shape == (21, 21)
    three = samscape("slice", "beale", "--through", "3,0.5", "--through", "0,1", "--through", "1,2", "--out", out)
    assert "three points" in three.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("cut", "lucchi", "--from", "1,1,1"), "3 coordinates, the landscape has 2"),
        (("cut", "lucchi", "--from", "1,1", "--to", "0,0", "--direction", "1,0"), "exclude each other"),
        (("cut", "lucchi", "--from", "1,1", "--over", "2:1"), "LOW must be smaller"),
        (("cut", "lucchi", "--from", "1,1", "--out", "cut.txt"), "should end in"),
        (("cut", "lucchi", "--from", "1,1", "--to", "1,1"), "the same point"),
        (("slice", "lucchi", "--through", "1,1", "--through", "0,0"), "one (with directions) or three"),
        (("slice", "log_cosh", "--through", "1"), "do not fit into 1 coordinates"),
        (("slice", "lucchi", "--through", "1,1", "--direction", "1,0"), "1 directions given; give 2"),
        (("slice", "luchi", "--through", "1,1"), "did you mean 'lucchi'"),
    ],
)
def test_bad_input_is_refused_with_reason_and_remedy(refused, arguments, reason, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert reason in refused(*arguments)
