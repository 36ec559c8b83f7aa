"""What was computed is found again, what changed or broke is computed again, and one failure does not stop the rest."""

import errno
import os
import shutil
import sys
import types
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from samscape.dynamics.code_digest import syntax
from samscape.figures import registry, reproduce, store
from samscape.figures.gallery import write_gallery
from samscape.figures.paper_figure import Check, PaperFigure, Parameter, judge
from samscape.figures.reproduce import Task, run_all, run_task
from samscape.figures.style import figure as new_figure

CALLS = []


def _compute(settings, progress):
    CALLS.append(dict(settings.values))
    progress(0.5)
    if settings["slope"] < 0:
        raise RuntimeError("slopes are positive here")
    x = np.linspace(0, 1, settings["points"])
    return xr.Dataset({"y": ("x", settings["slope"] * x)}, coords={"x": x, "name": "line"})


def _check(data):
    rise = float(data["y"][-1])
    return [judge("The line rises above one.", {"rises": rise > 1}, {"rise": rise}, f"It ends at {rise:g}.")]


def _draw(data):
    fig, ax = new_figure()
    ax.plot(data["x"], data["y"])
    return fig


FIGURE = PaperFigure(
    name="kim2023-line",
    title="A line",
    caption="A line of slope {slope}.",
    parameters={"slope": Parameter(2.0, "paper"), "points": Parameter(5, "ours")},
    compute=_compute,
    check=_check,
    draw=_draw,
    variants={"flat": {"slope": Parameter(0.5, "code")}, "falling": {"slope": Parameter(-1.0, "ours")}},
    budgets={"quick": {"points": 3}},
)


@pytest.fixture(autouse=True)
def line_figure(monkeypatch):
    """A registry that holds one figure, defined above."""
    module = types.ModuleType("samscape.figures.line_for_tests")
    module.FIGURE = FIGURE
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(registry, "FIGURES", {"kim2023-line": "line_for_tests"})
    monkeypatch.setattr(reproduce, "FIGURES", registry.FIGURES)
    monkeypatch.setattr("samscape.figures.gallery.FIGURES", registry.FIGURES)
    monkeypatch.setattr(store, "module_digest", lambda name: "the same code")
    CALLS.clear()


def _task(folder, **changes):
    return Task(**{"name": "kim2023-line", "variant": "paper", "budget": "default", "folder": folder, **changes})


def test_unchanged_figures_are_kept_and_drawn_from_their_data(tmp_path):
    first, second = run_task(_task(tmp_path)), run_task(_task(tmp_path))
    assert (first.status, second.status, len(CALLS)) == ("computed", "kept", 1)
    assert first.outcomes == second.outcomes == ("agrees",)
    names = {f"kim2023-line{suffix}" for suffix in (".nc", ".json", ".png", ".pdf")}
    assert {path.name for path in tmp_path.iterdir()} == names


def test_force_and_changed_settings_compute_again(tmp_path):
    run_task(_task(tmp_path))
    assert run_task(_task(tmp_path, force=True)).status == "computed"
    assert run_task(_task(tmp_path, budget="quick")).status == "computed"
    assert [call["points"] for call in CALLS] == [5, 5, 3]


def test_a_variant_has_files_of_its_own(tmp_path):
    result = run_task(_task(tmp_path, variant="flat"))
    assert result.outcomes == ("does not agree",)
    record = store.read_record(store.Entry(tmp_path, "kim2023-line.flat"))
    assert record["parameters"]["slope"] == {"value": 0.5, "origin": "code", "note": ""}
    assert "It ends at 0.5." in record["checks"][0]["explanation"]
    assert "From the authors' code: slope = 0.5." in record["caption"]


@pytest.mark.parametrize("damage", ["cut", "flip"])
def test_damaged_data_are_noticed_said_and_computed_again(tmp_path, damage):
    run_task(_task(tmp_path))
    path = tmp_path / "kim2023-line.nc"
    if damage == "cut":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        with xr.open_dataset(path, engine="h5netcdf") as file:
            data = file.load()
        data["y"][2] += 1e-12
        data.to_netcdf(path, engine="h5netcdf")
    again = run_task(_task(tmp_path))
    assert again.status == "computed"
    assert "damaged" in again.message


def test_a_damaged_record_is_said_and_made_again(tmp_path):
    run_task(_task(tmp_path))
    (tmp_path / "kim2023-line.json").write_text('{"figure": "kim20')
    page = write_gallery(tmp_path, tmp_path / "index.html").read_text()
    assert "its record is damaged; samscape figures kim2023-line makes it again" in page
    again = run_task(_task(tmp_path))
    assert again.status == "computed"
    assert "its record is damaged" in again.message


def test_a_disk_that_fills_up_fails_the_figure_and_keeps_the_older_files(tmp_path, monkeypatch):
    run_task(_task(tmp_path))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(self, path, **options):
        Path(path).write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(xr.Dataset, "to_netcdf", full)
    result = run_task(_task(tmp_path, force=True))
    assert result.status == "failed"
    assert "No space left" in result.message
    (tmp_path / "kim2023-line.error.txt").unlink()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_too_little_space_is_refused_before_work(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: types.SimpleNamespace(free=2**20))
    with pytest.raises(OSError, match=r"1 MiB free, .* choose another with --out"):
        reproduce.check_folder(tmp_path)


def test_the_same_settings_give_the_same_data(tmp_path):
    digests = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        run_task(_task(tmp_path / name))
        digests.append(store.read_record(store.Entry(tmp_path / name, "kim2023-line"))["digest"])
    assert digests[0] == digests[1]


def test_a_failing_figure_leaves_its_traceback_and_the_others_go_on(tmp_path):
    results = list(run_all([_task(tmp_path, variant="falling"), _task(tmp_path)], jobs=1))
    assert [r.status for r in results] == ["failed", "computed"]
    assert "slopes are positive here" in results[0].message
    assert "RuntimeError" in (tmp_path / "kim2023-line.falling.error.txt").read_text()


def test_gallery_shows_pictures_checks_and_commands(tmp_path):
    folder = tmp_path / "figures"
    folder.mkdir()
    list(run_all([_task(folder), _task(folder, variant="flat")], jobs=1))
    text = write_gallery(folder, tmp_path / "index.html", {"kim2023-other": "it <broke>"}).read_text()
    assert 'src="figures/kim2023-line.png"' in text
    assert "samscape figures kim2023-line --variant flat" in text
    assert "(variant: flat)" in text
    assert "does not agree" in text
    assert "it &lt;broke&gt;" in text


def test_a_check_that_fails_must_explain(tmp_path):
    with pytest.raises(ValueError, match="explains nothing"):
        Check("It rises.", "does not agree", {})


def test_unknown_names_are_refused_with_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'kim2023-line'"):
        registry.select_figures(["kim2023-lime"])
    with pytest.raises(ValueError, match="its variants are: paper, flat, falling"):
        FIGURE.settings("round")
    with pytest.raises(ValueError, match="unknown paper 'kim2032'"):
        registry.select_figures(only="kim2032")


def test_an_unusable_folder_is_refused_before_work(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(OSError, match="choose another folder with --out"):
        reproduce.check_folder(blocked)
    assert not CALLS


def test_comments_and_docstrings_do_not_change_the_key(tmp_path):
    plain, remarked = tmp_path / "a.py", tmp_path / "b.py"
    plain.write_text("def f():\n    return 1\n")
    remarked.write_text('"""Words."""\ndef f():\n    """More."""\n    return 1  # one\n')
    other = tmp_path / "c.py"
    other.write_text("def f():\n    return 2\n")
    assert syntax(plain) == syntax(remarked) != syntax(other)
