"""`samscape simulate`."""

import json

import numpy as np
import pytest

from samscape.dynamics.results import load_result


def _gradient(w):
    x, y = w
    return np.array([x**3 - y, y - x])


def _sam(w, eta, rho, steps):
    """SAM on Lucchi's quartic, written from the paper: one step at a time, the norm by its definition."""
    path = [np.array(w, float)]
    for _ in range(steps):
        g = _gradient(path[-1])
        path.append(path[-1] - eta * _gradient(path[-1] + rho * g / np.sqrt(g @ g)))
    return np.array(path)


def test_the_end_printed_as_json_is_numpys(samscape):
    args = ("lucchi", "--rule", "sam", "--eta", 0.05, "--rho", 0.1, "--start", "1.5,-0.5", "--steps", 20, "--json")
    summary = json.loads(samscape("simulate", *args).stdout)
    (end,) = summary["ends"]
    path = _sam((1.5, -0.5), 0.05, 0.1, 20)
    # 20 steps of contractions, each with some ten roundings of numbers below 4
    np.testing.assert_allclose(end["w"], path[-1], rtol=0, atol=20 * 10 * 4 * 1.2e-16)
    assert end["start"] == [1.5, -0.5]
    assert end["nearest"]["kind"] == "minimum"
    assert end["nonfinite_at"] is None
    distance = np.hypot(*(path[-1] - 1))
    assert end["nearest"]["distance"] == pytest.approx(distance, abs=1e-13)  # the bound above


@pytest.mark.parametrize("name", ["paths.nc", "paths.zarr"])
def test_records_read_back_are_the_path(samscape, tmp_path, name):
    out = tmp_path / name
    args = ("lucchi", "--rule", "sam", "--eta", 0.05, "--rho", 0.1, "--start", "1.5,-0.5", "--start", "-1,0.3")
    assert samscape("simulate", *args, "--steps", 20, "--every", 5, "--out", out, "--quiet").stdout == ""
    data = load_result(out, kind="simulate")
    assert data["step"].values.tolist() == [0, 5, 10, 15, 20]
    path = _sam((1.5, -0.5), 0.05, 0.1, 20)
    np.testing.assert_allclose(data["w"].values[0], path[::5], rtol=0, atol=20 * 10 * 4 * 1.2e-16)  # as above


def test_a_formula_is_accepted_and_rules_take_their_other_numbers(samscape):
    shared = ("--rule", "looksam", "--set", "k=3", "--set", "alpha=0.2", "--eta", 0.05, "--start", "1,2", "--json")
    named = json.loads(samscape("simulate", "lucchi", *shared).stdout)
    typed = json.loads(samscape("simulate", "x**4/4 - x*y + y**2/2", *shared).stdout)
    assert named["ends"][0]["w"] == typed["ends"][0]["w"]
    default = json.loads(samscape("simulate", "lucchi", *shared[:2], *shared[6:], "--steps", 7).stdout)
    other = json.loads(samscape("simulate", "lucchi", *shared, "--steps", 7).stdout)
    assert default["ends"][0]["w"] != other["ends"][0]["w"]


def test_random_starts_lie_in_the_window_and_follow_the_seed(samscape):
    args = ("simulate", "lucchi", "--starts", 50, "--steps", 1, "--window", "0:1,-3:-2", "--json")
    first, again, other = (
        np.array([end["start"] for end in json.loads(samscape(*args, "--seed", seed).stdout)["ends"]])
        for seed in (1, 1, 2)
    )
    assert (first >= (0, -3)).all()
    assert (first <= (1, -2)).all()
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_divergence_is_reported_and_no_error(samscape):
    args = ("simulate", "lucchi", "--rule", "gd", "--eta", 10, "--start", "2,2")
    end = json.loads(samscape(*args, "--json").stdout)["ends"][0]
    assert end["w"] == [None, None]
    path = [np.array([2.0, 2.0])]
    with np.errstate(over="ignore", invalid="ignore"):
        while np.isfinite(path[-1]).all():
            path.append(path[-1] - 10 * _gradient(path[-1]))
    assert end["nonfinite_at"] == len(path) - 1
    assert "diverged" in samscape(*args).stdout


def test_float32_is_float32(samscape):
    args = ("simulate", "lucchi", "--eta", 0.1, "--start", "1.5,0.1", "--steps", 3, "--json")
    single, double = (
        json.loads(samscape(*args, "--dtype", kind).stdout)["ends"][0]["w"] for kind in ("float32", "float64")
    )
    assert single != double
    assert single == [float(np.float32(x)) for x in single]


@pytest.mark.parametrize("landscape", ["lucchi", "log_cosh"])
def test_pictures_are_written(samscape, tmp_path, landscape):
    out = tmp_path / "deep" / "paths.png"
    assert str(out) in samscape("simulate", landscape, "--starts", 3, "--steps", 50, "--out", out).stdout
    assert out.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("luchi",), "did you mean 'lucchi'"),
        (("lucchi", "--rule", "samm"), "did you mean"),
        (("lucchi", "--eta", "-0.1"), "eta = -0.1"),
        (("lucchi", "--eta", "nan"), "eta"),
        (("lucchi", "--rho", "-1"), "rho = -1"),
        (("lucchi", "--rule", "gd", "--rho", "0.1"), "gd takes no radius"),
        (("lucchi", "--start", "1,2,3"), "3 coordinates, the landscape has 2"),
        (("lucchi", "--start", "1,nan"), "not finite"),
        (("lucchi", "--set", "q=1"), "takes 'q'"),
        (("lucchi", "--momentum", "0.9"), "--base heavy_ball"),
        (("lucchi", "--batch-size", "3"), "no finite sum"),
        (("lucchi", "--device", "tpu"), "no tpu here"),
        (("lucchi", "--out", "paths.gif"), "should end in"),
        (("x +* y",), "at character 4"),
    ],
)
def test_bad_input_is_refused_with_reason_and_remedy(refused, arguments, reason):
    assert reason in refused("simulate", *arguments)


def test_an_output_that_cannot_be_written_is_refused_before_work(refused, tmp_path):
    (tmp_path / "file").write_text("")
    assert "cannot write" in refused("simulate", "lucchi", "--steps", 10**9, "--out", tmp_path / "file" / "a.nc")
    (tmp_path / "folder.nc").mkdir()
    assert "is a folder" in refused("simulate", "lucchi", "--steps", 10**9, "--out", tmp_path / "folder.nc")
