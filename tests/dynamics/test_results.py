"""Result files: whole or not there, and clear about what they are not."""

import json
import os

import numpy as np
import pytest
import xarray as xr

from samscape.dynamics.provenance import commit, provenance
from samscape.dynamics.resources import check_disk, check_memory, free_memory, human
from samscape.dynamics.results import attributes, load_result, save_result
from samscape.dynamics.sweep_file import regions


def _result(**values) -> xr.Dataset:
    data = xr.Dataset({"a": ("x", np.arange(3.0)), **values}, coords={"x": ("x", np.array(["p", "q", "r"], object))})
    return data.assign_attrs(attributes("basin_map", "a title", {"n": 3}, {"commit": "0"}))


@pytest.mark.parametrize("suffix", [".nc", ".zarr"])
def test_a_saved_result_comes_back(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    for _ in range(2):  # the second time over the first
        save_result(_result(), path)
        assert load_result(path).equals(_result())
    assert json.loads(load_result(path, "basin_map").attrs["settings"]) == {"n": 3}
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    with pytest.raises(ValueError, match="holds a basin_map, a sweep is needed"):
        load_result(path, "sweep")


def test_a_failed_save_leaves_the_old_result(tmp_path):
    path = tmp_path / "a.nc"
    save_result(_result(), path)
    with pytest.raises(ValueError, match="dtype"):
        save_result(_result(b=("x", np.array([{1}, {2}, {3}], object))), path)
    assert load_result(path).equals(_result())


def test_files_that_are_no_results_are_refused_by_name(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no result .*gone\.nc"):
        load_result(tmp_path / "gone.nc")
    text = tmp_path / "text.nc"
    text.write_text("x,y\n1,2\n")
    with pytest.raises(ValueError, match=r"text\.nc is not a NetCDF-4 file: run the command"):
        load_result(text)
    foreign = tmp_path / "foreign.nc"
    xr.Dataset({"t": ("x", np.arange(3.0))}).to_netcdf(foreign, engine="h5netcdf")
    with pytest.raises(ValueError, match=r"foreign\.nc was not made by samscape"):
        load_result(foreign)
    folder = tmp_path / "folder.zarr"
    folder.mkdir()
    with pytest.raises(ValueError, match=r"folder\.zarr is not a Zarr store"):
        load_result(folder)
    later = tmp_path / "later.nc"
    save_result(_result().assign_attrs(samscape_format=99), later)
    with pytest.raises(ValueError, match="upgrade samscape"):
        load_result(later)


def test_truncated_files_are_refused_by_name(tmp_path):
    path = tmp_path / "cut.nc"
    save_result(_result(b=("y", np.random.default_rng(0).normal(size=4000))), path)
    whole = path.read_bytes()
    for share in (0.2, 0.6, 0.95):
        path.write_bytes(whole[: int(share * len(whole))])
        with pytest.raises(ValueError, match=r"cut\.nc is damaged or truncated"):
            load_result(path)


def test_an_unwritable_folder_is_refused(tmp_path, monkeypatch):
    # what the system says of such a folder; to root, as whom CI runs, it never says so
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    with pytest.raises(OSError, match="not writable"):
        save_result(_result(), tmp_path / "a.nc")


def test_outputs_that_cannot_be_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"must end in \.nc or \.zarr"):
        save_result(_result(), tmp_path / "a.csv")
    with pytest.raises(OSError, match="no folder"):
        save_result(_result(), tmp_path / "b" / "a.nc")
    (tmp_path / "c.nc").mkdir()
    with pytest.raises(OSError, match="is a folder"):
        save_result(_result(), tmp_path / "c.nc")


@pytest.mark.parametrize(("low", "length", "n"), [(0, 12, 4), (3, 1, 4), (3, 9, 4), (2, 14, 4), (5, 2, 4), (0, 3, 100)])
def test_regions_cover_every_trajectory_once(low, length, n):
    grid = np.full((10, n), -1)
    values = np.arange(low, low + length)
    for eta, start, part in regions(low, length, n):
        assert (grid[eta, start] == -1).all()
        grid[eta, start] = values[part].reshape(grid[eta, start].shape)
    expected = np.full(10 * n, -1)
    expected[low : low + length] = values
    assert np.array_equal(grid.ravel(), expected)


def test_provenance_says_versions_device_and_time():
    made = provenance(0.0)
    assert {"samscape", "python", "jax", "jaxlib", "numpy"} <= set(made["versions"])
    assert made["device"]["count"] >= 1
    assert made["started"] == "1970-01-01T00:00:00Z"
    assert made["wall_time_s"] > 1e9
    head = commit()
    assert head is None or len(head.removesuffix("+changes")) == 40
    json.dumps(made)


def test_what_cannot_fit_is_refused_with_both_numbers(tmp_path):
    free = free_memory()
    assert free is not None
    assert free > 1 << 20
    check_memory("this", free // 2, "")
    with pytest.raises(
        ValueError, match=r"this needs 8\.0 EiB|this needs [\d.e+]+ PiB of memory, .* are free: take less"
    ):
        check_memory("this", 1 << 63, "take less")
    with pytest.raises(ValueError, match="on disk"):
        check_disk("this", 1 << 63, tmp_path, "take less")
    assert human(0) == "0 bytes"
    assert human(1536) == "1.5 KiB"
    assert human(3 * 2**40) == "3.0 TiB"
