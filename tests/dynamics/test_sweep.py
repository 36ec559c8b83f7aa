"""Sweeps: every setting is run as if alone, however the work is cut, and what cannot run is refused first."""

import json
import subprocess
import sys

import numpy as np
import pytest

from samscape.dynamics.methods import make_rule
from samscape.dynamics.outcome import outcomes
from samscape.dynamics.outcome_codes import MEANINGS, Outcome, Tolerances
from samscape.dynamics.plan import NamedRule
from samscape.dynamics.sweep import compute_sweep, sweep
from samscape.landscapes.lucchi import LUCCHI

ETAS, RHOS, N, STEPS = [0.03, 0.2, 0.35], [0.1, 0.4], 40, 400
LABELS = ("outcome", "target", "step", "period", "amplitude", "multiplier")


@pytest.fixture(scope="module")
def small():
    return compute_sweep(LUCCHI, "gd,sam", ETAS, RHOS, N, STEPS, seed=4, keep="final")


def test_every_setting_is_what_it_is_alone(small):
    starts = small.plan.starts.take(0, N)
    for r, name in enumerate(("gd", "sam")):
        for p, rho in enumerate(RHOS):
            for e, eta in enumerate(ETAS):
                rule = make_rule(name, eta, **({} if name == "gd" else {"rho": rho}))
                alone = outcomes(LUCCHI, rule, starts, STEPS, eta=eta)
                for field, values in alone.labels._asdict().items():
                    assert np.array_equal(small.arrays[field][r, p, e], values, equal_nan=True), (name, rho, eta, field)
                assert np.array_equal(small.arrays["w_final"][r, p, e], alone.panel.w, equal_nan=True)


def test_rules_without_rho_are_run_once_and_stand_at_every_rho(small):
    assert len(small.plan.panels) == 1 + len(RHOS)
    assert np.array_equal(small.arrays["w_final"][0, 0], small.arrays["w_final"][0, 1])
    assert not np.array_equal(small.arrays["w_final"][1, 0], small.arrays["w_final"][1, 1])


@pytest.mark.parametrize("block_size", [7, 41, 100])
def test_no_result_depends_on_the_block_size(small, block_size):
    other = compute_sweep(LUCCHI, "gd,sam", ETAS, RHOS, N, STEPS, seed=4, keep="final", block_size=block_size)
    assert np.array_equal(small.counts, other.counts)
    assert np.array_equal(small.reached, other.reached)
    for name, values in small.arrays.items():
        assert np.array_equal(values, other.arrays[name], equal_nan=True), name


def test_counts_are_those_of_the_labels_also_where_labels_are_not_kept(small):
    rates = compute_sweep(LUCCHI, ["gd", "sam"], ETAS, RHOS, N, STEPS, seed=4, keep="rates", block_size=33)
    assert rates.arrays == {}
    outcome, target = small.arrays["outcome"], small.arrays["target"]
    for code in Outcome:
        assert np.array_equal((outcome == code).sum(axis=-1), rates.counts[..., code])
    for k in range(len(small.table)):
        assert np.array_equal(((target == k) & (outcome != Outcome.CYCLE)).sum(axis=-1), rates.reached[..., k])
    assert np.allclose(rates.rates.sum(axis=-1), 1, rtol=1e-15)  # shares of 40


def test_the_dataset_names_everything(small):
    data = small.to_dataset()
    assert data["outcome"].dims == ("rule", "rho", "eta", "start")
    assert data["w_final"].dims[-1] == "coordinate"
    assert data["outcome"].dtype == np.uint8
    assert data["target"].dtype == np.int16
    assert data["outcome"].attrs["flag_meanings"].split() == list(MEANINGS)
    assert data["outcome"].attrs["flag_values"].dtype == np.uint8
    assert np.array_equal(data.sel(rule="sam", rho=0.4, eta=0.2)["w_final"], small.arrays["w_final"][1, 1, 1])
    assert data["coordinate"].values.tolist() == ["x", "y"]
    assert data["point_kind"].values.tolist() == ["minimum", "minimum", "saddle"]
    assert np.allclose(data["point_w"].values, [[1, 1], [-1, -1], [0, 0]], rtol=0, atol=0)  # declared exactly
    assert np.array_equal(data["w_start"], small.plan.starts.take(0, N))
    for name in data.variables:
        if name not in ("rule", "outcome_kind", "coordinate", "point_kind"):
            assert "long_name" in data[name].attrs, name
    settings, made = (json.loads(data.attrs[name]) for name in ("settings", "provenance"))
    assert settings["starts"]["seed"] == 4
    assert settings["tolerances"]["ball"] == Tolerances().ball
    assert settings["rules"]["sam"]["perturbation"]["epsilon"] is None
    assert {"versions", "device", "commit", "wall_time_s", "command"} <= set(made)


def test_factories_and_bases_are_swept_like_names():
    starts = np.array([[1.5, 0.5], [-0.3, 0.8]])
    rules = {
        "mine": lambda eta, rho: make_rule("sam", eta, rho=rho, base="heavy_ball"),
        "named": NamedRule("sam", "heavy_ball"),
        "fixed": NamedRule("sam", numbers={"rho": 0.4}),
        "plain": lambda eta, rho: make_rule("gd", eta),
    }
    found = compute_sweep(LUCCHI, rules, [0.01, 0.05], RHOS, starts, 200, keep="final")
    assert [rule.takes_rho for rule in found.plan.rules] == [True, True, False, False]
    final = found.arrays["w_final"]
    assert np.array_equal(final[0], final[1])
    named = compute_sweep(LUCCHI, "sam", [0.01, 0.05], 0.4, starts, 200, keep="final")
    assert np.array_equal(final[2, 1], named.arrays["w_final"][0, 0])


def test_tolerances_decide():
    wide = compute_sweep(LUCCHI, "sam", 0.25, 0.2, N, STEPS, tolerances=Tolerances(ball=0.4))
    narrow = compute_sweep(LUCCHI, "sam", 0.25, 0.2, N, STEPS, tolerances=Tolerances(ball=0.01))
    assert wide.rates[..., Outcome.MINIMUM].sum() > 0.3 > narrow.rates[..., Outcome.MINIMUM].sum()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rules": "gd,samm"}, "did you mean 'sam'"),
        ({"rules": []}, "empty"),
        ({"rules": ["sam", "sam"]}, "two rules are called sam"),
        ({"rules": "random"}, "simulate"),
        ({"etas": [0.1, -0.2]}, "etas contains -0.2"),
        ({"etas": []}, "etas"),
        ({"rhos": [-1.0]}, "rhos contains -1"),
        ({"rhos": np.nan}, "rhos contains nan"),
        ({"starts": np.zeros((3, 5))}, "shape"),
        ({"starts": 10**15}, "needs .*PiB of memory, .* are free.*fewer starts"),
        ({"steps": 0}, "steps"),
        ({"dtype": "float16"}, "float16"),
        ({"keep": "all"}, "keep"),
        ({"block_size": -3}, "block_size"),
        ({"out": "sweep.txt"}, "suffix"),
    ],
)
def test_what_cannot_run_is_refused_before_it_does(change, said):
    arguments = {"rules": "gd", "etas": 0.1, "rhos": None, "starts": 5, "steps": 10, **change}
    with pytest.raises(ValueError, match=said):
        compute_sweep(LUCCHI, **arguments)


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(OSError, match="no folder"):
        compute_sweep(LUCCHI, "gd", 0.1, None, 5, 10, out=tmp_path / "nowhere" / "a.nc")


def test_a_file_holds_what_memory_holds(small, tmp_path):
    expected = small.to_dataset()
    seen = []
    for suffix in (".nc", ".zarr"):
        found = sweep(
            LUCCHI, "gd,sam", ETAS, RHOS, N, STEPS, seed=4, keep="final", out=tmp_path / f"a{suffix}", block_size=37,
            progress=lambda done, total: seen.append((done, total)),
        )  # fmt: skip
        for name in expected.variables:
            assert np.array_equal(expected[name], found[name], equal_nan=expected[name].dtype.kind == "f"), name
            assert expected[name].dims == found[name].dims
        assert json.loads(found.attrs["settings"]) == json.loads(expected.attrs["settings"])
    total = 3 * len(ETAS) * N  # GD once, SAM at two rho
    assert seen[-1] == (total, total)
    assert all(a <= b for a, b in seen)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.nc", "a.zarr"], "nothing else is left behind"


PLAIN = """
import sys
from samscape.dynamics.sweep import compute_sweep
from samscape.landscapes.lucchi import LUCCHI
compute_sweep(LUCCHI, "gd", 0.1, None, 20, 100)
print([name for name in ("xarray", "scipy", "sympy", "optax", "matplotlib") if name in sys.modules])
"""


def test_a_small_sweep_imports_nothing_slow():
    run = subprocess.run([sys.executable, "-c", PLAIN], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


MANY = """
import resource
from samscape.dynamics.sweep import compute_sweep
from samscape.landscapes.lucchi import LUCCHI
peak = []
for n in (100_000, 10_000_000):
    found = compute_sweep(LUCCHI, "gd", 0.2, None, n, 200, dtype="float32", keep="rates")
    assert found.counts.sum() == n
    peak.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
print(peak[1] - peak[0], "MiB")
"""


@pytest.mark.slow
def test_ten_million_starts_need_no_more_memory_than_a_hundred_thousand():
    run = subprocess.run([sys.executable, "-c", MANY], capture_output=True, text=True, check=True)
    assert int(run.stdout.split()[0]) < 250, run.stdout  # their w alone would take 153 MiB, their labels 181 MiB
