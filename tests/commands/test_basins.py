"""`samscape basins`."""

import json

import numpy as np
import pytest
import xarray as xr

ARGS = ("lucchi", "--rule", "gd", "--eta", 0.1, "--grid", 20, "--steps", 3000)


def _gradient_descent_leads_to_the_right(x, y):
    """Which of Lucchi's two minima, by NumPy: 3000 steps of the map written out."""
    for _ in range(3000):
        x, y = x - 0.1 * (x**3 - y), y - 0.1 * (y - x)
    return x > 0


@pytest.mark.parametrize("name", ["basins.nc", "basins.zarr"])
def test_the_basins_of_gradient_descent_are_numpys(samscape, tmp_path, name):
    out = tmp_path / name
    summary = json.loads(samscape("basins", *ARGS, "--out", out, "--json").stdout)
    data = xr.open_dataset(out, engine="h5netcdf") if out.suffix == ".nc" else xr.open_zarr(out, consolidated=False)
    x, y = np.meshgrid(data["x"].values, data["y"].values)
    right = _gradient_descent_leads_to_the_right(x, y)
    assert np.array_equal(data["point_w"].values[data["target"].values][..., 0] > 0, right)
    shares = {basin["of"]: basin["fraction"] for basin in summary["basins"]}
    assert shares["minimum (1, 1)"] == right.mean()
    data.close()


def test_the_table_is_sorted_and_adds_to_everything(samscape):
    text = samscape("basins", *ARGS).stdout
    shares = [float(line.split("%")[0].split()[-1]) for line in text.splitlines() if line.startswith("minimum")]
    assert len(shares) == 2
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(100, abs=0.01)  # two numbers rounded to two places
    assert "basin entropy" in text


def test_a_picture_is_written(samscape, tmp_path):
    out = tmp_path / "basins.png"
    samscape("basins", *ARGS, "--out", out)
    assert out.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("luchi",), "did you mean 'lucchi'"),
        (("lucchi", "--eta", "-1"), "eta = -1"),
        (("lucchi", "--rho", "-1"), "rho = -1"),
        (("lucchi", "--rule", "ss_sam"), "random"),
        (("lucchi", "--grid", "10000000"), "memory"),
        (("lucchi", "--window", "1:1"), "smaller than HIGH"),
        (("lucchi", "--tolerance", "ball=-1"), "ball = -1"),
        (("lucchi", "--out", "basins.txt"), "should end in"),
    ],
)
def test_bad_input_is_refused_with_reason_and_remedy(refused, arguments, reason):
    assert reason in refused("basins", *arguments)
