"""`samscape sweep`."""

import json

import numpy as np
import pytest
import xarray as xr

QUADRATIC = ("quadratic(eigenvalues=(2, 1))", "--rules", "gd", "--etas", "0.5,0.9,1.1", "--starts", 20)


def test_gradient_descent_on_a_quadratic_converges_iff_eta_below_two_over_sharpness(samscape):
    summary = json.loads(samscape("sweep", *QUADRATIC, "--json").stdout)
    assert summary["etas"] == [0.5, 0.9, 1.1]
    # sharpness 2: stable below 1, and growing by 1.2 per step at 1.1
    assert summary["rates"]["minimum"] == [[[1.0, 1.0, 0.0]]]
    assert summary["rates"]["diverged"] == [[[0.0, 0.0, 1.0]]]


def test_rates_of_every_setting_add_to_one_and_sam_takes_every_rho(samscape):
    args = ("lucchi", "--rules", "gd,sam,stablesam", "--etas", "0.01:0.3:3", "--rho", "0.05,0.5", "--starts", 30)
    summary = json.loads(samscape("sweep", *args, "--steps", 2000, "--json").stdout)
    assert list(summary["rules"]) == ["gd", "sam", "stable_sam"]
    rates = np.array(list(summary["rates"].values()))
    assert rates.shape == (6, 3, 2, 3)
    np.testing.assert_allclose(rates.sum(axis=0), 1, rtol=0, atol=6 * 2.3e-16)  # six rounded quotients
    assert np.array_equal(rates[:, 0, 0], rates[:, 0, 1])  # gradient descent has no radius
    assert not np.array_equal(rates[:, 1, 0], rates[:, 1, 1])
    assert {point["kind"] for point in summary["points"]} == {"minimum", "saddle"}


def test_the_table_names_rules_outcomes_and_radii(samscape):
    text = samscape("sweep", "lucchi", "--rules", "gd,sam", "--etas", 0.1, "--rho", "0.1,0.2", "--starts", 10).stdout
    rows = [line.split()[:2] for line in text.splitlines() if line.startswith(("gd", "sam"))]
    assert rows == [["gd", "-"], ["sam", "0.1"], ["sam", "0.2"]]
    assert "diverged" in text
    assert "30 trajectories" in text


@pytest.mark.parametrize("name", ["sweep.nc", "sweep.zarr"])
def test_a_file_holds_what_the_summary_says_and_a_second_run_adds_nothing(samscape, tmp_path, name):
    out = tmp_path / "new folder" / name
    args = ("sweep", *QUADRATIC, "--out", out, "--json")
    summary = json.loads(samscape(*args).stdout)
    open_one = (
        (lambda: xr.open_dataset(out, engine="h5netcdf"))
        if out.suffix == ".nc"
        else (lambda: xr.open_zarr(out, consolidated=False, chunks=None))
    )
    with open_one() as data:
        assert data["outcome"].dims == ("rule", "rho", "eta", "start")
        rates = data["rate"].sel(outcome_kind="minimum").values.tolist()
        assert rates == summary["rates"]["minimum"]
        made = data.attrs["provenance"]
    samscape(*args)
    with open_one() as data:
        assert data.attrs["provenance"] == made
    samscape(*args, "--fresh")
    with open_one() as data:
        assert data.attrs["provenance"] != made


def test_a_file_of_another_sweep_is_not_overwritten(samscape, refused, tmp_path):
    out = tmp_path / "sweep.nc"
    samscape("sweep", *QUADRATIC, "--out", out)
    message = refused("sweep", *QUADRATIC, "--seed", 1, "--out", out)
    assert "seed" in message


def test_pictures_and_rates_are_written_beside_each_other(samscape, tmp_path):
    png, rates = tmp_path / "sweep.png", tmp_path / "sweep.json"
    args = ("sweep", "lucchi", "--etas", "0.01:0.3:4", "--starts", 20, "--steps", 500)
    assert samscape(*args, "--out", png, "--out", rates, "--quiet").stdout == ""
    assert png.read_bytes().startswith(b"\x89PNG")
    assert json.loads(rates.read_text())["steps"] == 500


def test_tolerances_decide_and_are_recorded(samscape):
    args = ("sweep", *QUADRATIC, "--json", "--tolerance", "escape_radius=100", "--tolerance", "ball=0.01")
    recorded = json.loads(samscape(*args).stdout)["tolerances"]
    assert (recorded["escape_radius"], recorded["ball"]) == (100, 0.01)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("luchi",), "did you mean 'lucchi'"),
        (("lucchi", "--rules", "gd,samm"), "did you mean"),
        (("lucchi", "--rules", "gd,sgd"), "twice"),
        (("lucchi", "--rules", "ss_sam"), "draws random numbers"),
        (("lucchi", "--etas", "-0.1"), "--etas: -0.1 is out of range"),
        (("lucchi", "--etas", "0"), "--etas: 0 is out of range"),
        (("lucchi", "--etas", "0.3:0.1:10"), "LOW must be smaller"),
        (("lucchi", "--etas", "0.1:x:10"), "'x' is not a number"),
        (("lucchi", "--rho", "-0.5"), "--rho: -0.5 is out of range"),
        (("lucchi", "--window", "-2:2,-2:2,-2:2"), "3 pairs given"),
        (("lucchi", "--tolerance", "bal=1"), "there is no 'bal'"),
        (("lucchi", "--starts", "1000000000000", "--out", "big.nc"), "on disk"),
        (("lucchi", "--out", "a.nc", "--out", "b.zarr"), "name one data file"),
        (("lucchi", "--out", "a.csv"), "should end in"),
        (("lucchi", "--device", "tpu"), "no tpu here"),
    ],
)
def test_bad_input_is_refused_with_reason_and_remedy(refused, monkeypatch, tmp_path, arguments, reason):
    monkeypatch.chdir(tmp_path)
    assert reason in refused("sweep", *arguments)
    assert list(tmp_path.iterdir()) == []
