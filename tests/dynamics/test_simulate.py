"""Simulations: what is recorded is what happened, however it is recorded, and refused in time where it cannot be."""

import json
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from numpy_twins import Twin
from problems import LUCCHI, NUMPY, QUARTICS

from samscape.dynamics import resources, trajectories as module
from samscape.dynamics.batches import Drawing, draw_batches
from samscape.dynamics.methods import make_rule
from samscape.dynamics.observables import OBSERVABLES
from samscape.dynamics.simulate import simulate, trajectories
from samscape.dynamics.switch import switch

SAM = make_rule("sam", 0.1, rho=0.2)
STARTS = np.random.default_rng(0).uniform(-2, 2, (5, 2))
PATH = ("w",)
STARTS_3 = np.random.default_rng(1).uniform(-1, 1, (4, 3))


# What is recorded


def test_record_is_the_path_and_what_each_step_did():
    found = trajectories(LUCCHI, SAM, STARTS, 15)
    for i, start in enumerate(STARTS):
        twin = Twin("sam", NUMPY["lucchi"], start, 0.1, rho=0.2, epsilon=None)
        np.testing.assert_array_equal(found["w"][i, 0], start)
        for t in range(15):
            seen = twin.step()
            # fifteen steps' round-off, far from where SAM is chaotic
            np.testing.assert_allclose(found["w"][i, t + 1], seen["w"], rtol=1e-10, atol=1e-12)
            for name in ("w_adv", "loss", "gradient_norm", "gradient_adv_norm", "cosine", "perturbed"):
                np.testing.assert_allclose(found[name][i, t], seen[name], rtol=1e-9, atol=1e-12, err_msg=name)
    np.testing.assert_array_equal(found["step"], np.arange(16))
    np.testing.assert_array_equal(found["evaluations"], 2)


@pytest.mark.parametrize(("name", "observables"), [("sam", ("w", "w_adv", "loss", "cosine")), ("ss_sam", PATH)])
def test_how_often_one_records_changes_nothing(name, observables):
    rule = make_rule(name, 0.1, rho=0.2, base="heavy_ball")

    def run(record):
        return trajectories(LUCCHI, rule, STARTS, 50, key=3, record=record, observables=observables)

    full, some, last, running = run("full"), run(7), run("final"), run("statistics")
    np.testing.assert_array_equal(some["step"], [0, 7, 14, 21, 28, 35, 42, 49, 50])
    np.testing.assert_array_equal(some["w"], full["w"][:, some["step"]])
    np.testing.assert_array_equal(last["w"], full["w"][:, -1])
    np.testing.assert_array_equal(running["w"], full["w"][:, -1])
    for variable in observables[1:]:
        # what is seen of the same w is computed in another program: a few roundings
        np.testing.assert_allclose(some[variable], full[variable][:, some["step"]], rtol=1e-13, atol=1e-15)
        np.testing.assert_allclose(last[variable], full[variable][:, -1], rtol=1e-13, atol=1e-15)


def test_statistics_are_those_of_the_full_record():
    observables = ("w", "loss", "gradient_norm", "cosine", "perturbed")
    rule = make_rule("look_sam", 0.1, rho=0.2)
    full = trajectories(LUCCHI, rule, STARTS, 60, observables=observables)
    running = trajectories(LUCCHI, rule, STARTS, 60, observables=observables, record="statistics")
    for name in observables[1:]:
        seen = full[name][:, :-1].astype(float)  # of the steps taken, not of the one that would follow
        np.testing.assert_array_equal(running[f"{name}_count"], 60)
        # a few roundings in another program
        np.testing.assert_allclose(running[f"{name}_minimum"], seen.min(axis=1), rtol=1e-13, atol=1e-15)
        np.testing.assert_allclose(running[f"{name}_maximum"], seen.max(axis=1), rtol=1e-13, atol=1e-15)
        # sums of 60 terms in another order
        np.testing.assert_allclose(running[f"{name}_mean"], seen.mean(axis=1), rtol=1e-13)
        np.testing.assert_allclose(running[f"{name}_variance"], seen.var(axis=1), rtol=1e-11, atol=1e-15)
    np.testing.assert_allclose(running["perturbed_mean"], 12 / 60, rtol=1e-13)


def test_divergence_is_recorded_with_its_step():
    starts = [[0.5, 0.5], [3.0, -3.0]]
    found = trajectories(LUCCHI, make_rule("gd", 0.5), starts, 30)
    finite = np.asarray(np.isfinite(found["w"]).all(axis=-1))
    assert finite[0].all()
    assert found["first_nonfinite"].tolist() == [-1, int(np.argmin(finite[1]))]
    running = trajectories(LUCCHI, make_rule("gd", 0.5), starts, 30, record="statistics")
    np.testing.assert_array_equal(running["first_nonfinite"], found["first_nonfinite"])
    assert running["loss_count"][1] == np.isfinite(found["loss"][1, :-1]).sum() < 30
    assert np.isfinite(running["loss_maximum"]).all()


def test_no_steps_record_the_start():
    for record in ("full", "final", "statistics", 3):
        found = trajectories(LUCCHI, SAM, STARTS, 0, record=record, observables=PATH)
        np.testing.assert_array_equal(found["w"].reshape(STARTS.shape), STARTS)


def test_observables_by_name_and_of_one_s_own():
    found = trajectories(
        LUCCHI, SAM, STARTS, 4, observables=("w", "full_loss", "sharpness"),
        extra={"radius": lambda landscape, w: jnp.linalg.norm(w), "twice": lambda landscape, w: 2 * w},
    )  # fmt: skip
    np.testing.assert_allclose(found["radius"], np.linalg.norm(found["w"], axis=-1), rtol=1e-15)  # one rounding
    np.testing.assert_array_equal(found["twice"], 2 * found["w"])
    problem = NUMPY["lucchi"]
    expected = [[np.linalg.eigvalsh(problem.hessian(w))[-1] for w in path] for path in found["w"]]
    np.testing.assert_allclose(found["sharpness"], expected, rtol=1e-13)  # a 2 x 2 eigenvalue's round-off
    expected = [[problem.loss(w) for w in path] for path in found["w"]]
    np.testing.assert_allclose(found["full_loss"], expected, rtol=1e-14, atol=1e-15)  # a few roundings
    with pytest.raises(KeyError, match="'loss' was not recorded; there is w, full_loss"):
        found["loss"]


def test_float32_run_is_float32_throughout():
    found = trajectories(QUARTICS, make_rule("sam", 0.1, base="heavy_ball"), STARTS_3, 3, dtype=np.float32)
    floats = [v.values.dtype for v in found.variables.values() if v.values.dtype.kind == "f"]
    assert floats
    assert set(floats) == {np.dtype(np.float32)}


# Rules, settings, starts


def test_every_rule_and_setting_is_run_from_every_start():
    etas = np.array([0.05, 0.1, 0.2])
    rules = [make_rule("gd", etas), make_rule("sam", etas, rho=0.2)]
    found = trajectories(LUCCHI, rules, STARTS, 6, observables=PATH)
    assert found["w"].shape == (2, 3, 5, 7, 2)
    assert found.variables["w"].dims == ("rule", "setting", "start", "step", "coordinate")
    np.testing.assert_array_equal(found["eta"], [etas, etas])
    for i, name in enumerate(["gd", "sam"]):
        for j, eta in enumerate(etas):
            numbers = {"rho": 0.2} if name == "sam" else {}
            alone = trajectories(LUCCHI, make_rule(name, eta, **numbers), STARTS, 6, observables=PATH)
            np.testing.assert_array_equal(found["w"][i, j], alone["w"])


def test_numbers_of_one_rule_are_absent_for_the_other():
    found = trajectories(
        LUCCHI, [make_rule("gd", [0.1, 0.2]), make_rule("sam", 0.1, rho=[0.3, 0.4])], STARTS, 1, observables=PATH
    )
    np.testing.assert_array_equal(found["rho"], [[np.nan, np.nan], [0.3, 0.4]])
    np.testing.assert_array_equal(found["eta"], [[0.1, 0.2], [np.nan, np.nan]])


def test_result_does_not_depend_on_blocks(monkeypatch):
    rule = make_rule("esam", [0.1, 0.2], selected=None)
    whole = trajectories(LUCCHI, rule, STARTS, 20, key=1, observables=PATH)
    monkeypatch.setattr(module, "BLOCK", 3)
    cut = trajectories(LUCCHI, rule, STARTS, 20, key=1, observables=PATH)
    monkeypatch.setattr(module, "BLOCK_BYTES", 1)
    one_by_one = trajectories(LUCCHI, rule, STARTS, 20, key=1, observables=PATH)
    for name in whole.variables:
        # the same random numbers; blocks of another size are compiled again and may round differently
        np.testing.assert_allclose(cut[name], whole[name], rtol=1e-11, atol=1e-12)
        np.testing.assert_allclose(one_by_one[name], whole[name], rtol=1e-11, atol=1e-12)


def test_a_start_s_random_numbers_are_its_own():
    rule = make_rule("gd", 0.1)
    whole = trajectories(QUARTICS, rule, STARTS_3, 20, key=1, batch_size=2, observables=PATH)
    first = trajectories(QUARTICS, rule, STARTS_3[:2], 20, key=1, batch_size=2, observables=PATH)
    # vectors of another length may be summed in another order
    np.testing.assert_allclose(first["w"], whole["w"][:2], rtol=1e-12)
    same = trajectories(QUARTICS, rule, np.repeat(STARTS_3[:1], 2, axis=0), 20, key=1, batch_size=2, observables=PATH)
    assert not np.allclose(same["w"][0, -1], same["w"][1, -1])  # equal starts, other numbers
    settings = trajectories(QUARTICS, make_rule("gd", [0.1, 0.1]), STARTS_3, 20, key=1, batch_size=2, observables=PATH)
    np.testing.assert_array_equal(settings["w"][0], settings["w"][1])  # the same numbers under every setting


def test_switched_run_is_the_two_runs_one_after_the_other():
    gd, sam = make_rule("gd", 0.1), make_rule("sam", 0.1, rho=0.2)
    both = trajectories(LUCCHI, switch(gd, sam, 8), STARTS, 20, observables=PATH)
    first = trajectories(LUCCHI, gd, STARTS, 8, observables=PATH)
    second = trajectories(LUCCHI, sam, first["w"][:, -1], 12, observables=PATH)
    np.testing.assert_allclose(both["w"][:, 8:], second["w"], rtol=1e-12)  # round-off in another loop


# Examples in batches


def batches(rule, t, replacement=True, size=2):
    return draw_batches(Drawing(size, replacement), QUARTICS, rule, jax.random.key(5), jnp.asarray(t))


def test_run_on_batches_follows_its_twin():
    rule = make_rule("n_sam", 0.1, rho=0.1)
    found = trajectories(QUARTICS, rule, STARTS_3, 12, key=jax.random.key(9), batch_size=2, observables=PATH)
    for i, start in enumerate(STARTS_3):
        key = jax.random.fold_in(jax.random.key(9), i)
        twin = Twin("n_sam", NUMPY["quartics"], start, 0.1, rho=0.1)
        for t in range(12):
            drawn = draw_batches(Drawing(2, True), QUARTICS, rule, key, jnp.asarray(t))
            seen = twin.step(np.asarray(drawn.outer), np.asarray(drawn.inner))
            np.testing.assert_allclose(found["w"][i, t + 1], seen["w"], rtol=1e-10, atol=1e-12)  # round-off


@pytest.mark.parametrize(
    ("method", "numbers"), [("one_sam", {"rho": 0.1}), ("m_sam", {"rho": 0.1, "m": 3, "epsilon": None})]
)
def test_rule_by_example_takes_all_examples_where_there_is_no_batch(method, numbers):
    found = trajectories(QUARTICS, make_rule(method, 0.1, **numbers), STARTS_3, 5, observables=PATH)
    for i, start in enumerate(STARTS_3):
        twin = Twin(method, NUMPY["quartics"], start, 0.1, **numbers)
        for _ in range(5):
            twin.step(range(6))
        np.testing.assert_allclose(found["w"][i, -1], twin.w, rtol=1e-11)  # five steps' round-off


def test_batches_with_replacement_are_uniform():
    gd = make_rule("gd", 0.1)
    drawn = np.asarray(jax.vmap(lambda t: batches(gd, t).outer)(jnp.arange(6000)))
    share = np.bincount(drawn.ravel(), minlength=6) / drawn.size
    assert (np.abs(share - 1 / 6) < 5 * np.sqrt(5 / 36 / drawn.size)).all()  # five standard errors
    assert abs((drawn[:, 0] == drawn[:, 1]).mean() - 1 / 6) < 5 * np.sqrt(5 / 36 / 6000)


@pytest.mark.parametrize("size", [2, 4])
def test_batches_without_replacement_pass_through_the_examples(size):
    gd = make_rule("gd", 0.1)
    drawn = np.asarray(jax.vmap(lambda t: batches(gd, t, False, size).outer)(jnp.arange(300)))
    passes = drawn.reshape(-1, 6 // size * size)
    assert all(len(set(row)) == len(row) for row in passes)
    assert len({tuple(row) for row in passes}) > 10  # shuffled anew


@pytest.mark.parametrize("replacement", [True, False])
def test_second_batch_is_the_one_asked_for(replacement):
    independent, previous, full = (
        make_rule("n_sam", 0.1, inner=inner) for inner in ("independent", "previous", "full")
    )
    for t in (1, 2, 7):
        np.testing.assert_array_equal(
            batches(previous, t, replacement).inner, batches(previous, t - 1, replacement).outer
        )
        np.testing.assert_array_equal(
            batches(independent, t, replacement).outer, batches(previous, t, replacement).outer
        )
    assert batches(full, 3, replacement).inner is None
    first = np.asarray(batches(previous, 0, replacement).inner)
    assert ((first >= 0) & (first < 6)).all()
    pairs = jax.vmap(lambda t: batches(independent, t, replacement))(jnp.arange(100))
    assert (np.asarray(pairs.outer) != np.asarray(pairs.inner)).any(axis=1).mean() > 0.5


# The Dataset


def test_dataset_is_labelled_and_says_what_it_was_made_from(tmp_path):
    etas = np.array([0.05, 0.1])
    rules = {"slow": make_rule("gd", etas), "sharp": make_rule("ss_sam", etas, rho=0.2)}
    data = simulate(LUCCHI, rules, STARTS, 10, record=5, key=4)
    assert dict(data.sizes) == {"rule": 2, "setting": 2, "start": 5, "step": 3, "coordinate": 2}
    assert data.step.values.tolist() == [0, 5, 10]
    assert data.coordinate.values.tolist() == ["x", "y"]
    np.testing.assert_array_equal(data.starts, STARTS)
    path = data.w.sel(rule="sharp", start=2, coordinate="x").isel(setting=1)
    assert path.attrs["long_name"] == "iterate"
    assert "units" in data.loss.attrs
    made = json.loads(data.attrs["rules"])
    assert made["sharp"]["perturbation"] == {"kind": "Normalised", "rho": 0.2, "epsilon": None}
    assert made["slow"]["base"]["eta"] == [0.05, 0.1]
    assert data.attrs["landscape"] == "lucchi"
    assert json.loads(data.attrs["provenance"])["versions"]["jax"] == jax.__version__
    assert json.loads(data.attrs["key"]) == [0, 4]
    data.to_netcdf(tmp_path / "run.nc", engine="h5netcdf")


def test_trajectories_do_without_xarray_and_optax():
    code = (
        "import sys; from samscape.landscapes import LUCCHI; from samscape.dynamics.methods import make_rule;"
        "from samscape.dynamics.simulate import trajectories;"
        "trajectories(LUCCHI, make_rule('sam', 0.1), [1.0, 0.5], 3);"
        "print([m for m in ('xarray', 'optax', 'sympy', 'scipy', 'matplotlib', 'diffrax') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# Bad input


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"starts": np.zeros((2, 3))}, r"lucchi needs starts of shape \(S, 2\) or \(2,\), got \(2, 3\)"),
        ({"starts": [[np.nan, 1.0]]}, "start 0 = .* is not finite"),
        ({"steps": -1}, "steps = -1 is not a whole number"),
        ({"record": "last"}, "record = 'last': choose 'full', 'final', 'statistics', or a stride >= 1"),
        ({"record": 0}, "record = 0: choose"),
        ({"dtype": np.float16}, "dtype = float16 is not one of float32, float64"),
        ({"dtype": np.int64}, "dtype = int64 is not one of"),
        ({"observables": ("w", "los")}, "unknown observable 'los': did you mean 'loss'"),
        ({"observables": "loss"}, "observables = 'loss' is one string"),
        ({"extra": {"loss": lambda landscape, w: w[0]}}, "extra may not redefine loss"),
        ({"batch_size": 3}, "batch_size = 3, but lucchi is no finite sum"),
        ({"landscape": QUARTICS, "starts": STARTS_3, "batch_size": 7}, "batch_size = 7 is not from 1 to n = 6"),
        ({"landscape": QUARTICS, "starts": STARTS_3, "batch_size": 2}, "batches need random numbers; pass key"),
        ({"rule": make_rule("random", 0.1)}, "random need random numbers; pass key"),
        ({"rule": make_rule("ss_sam", 0.1), "key": jax.random.split(jax.random.key(0))}, r"key has shape \(2,\)"),
        ({"rule": make_rule("one_sam", 0.1)}, "one_sam works example by example, and lucchi is no finite sum"),
        ({"rule": []}, "there is no rule in the list"),
        ({"rule": [SAM, make_rule("sam", 0.2)]}, "two rules are called 'sam'; pass a mapping"),
        (
            {"rule": [make_rule("gd", [0.1, 0.2]), make_rule("sam", [0.1, 0.2, 0.3])]},
            r"different counts.*2 \(gd\), 3 \(sam\)",
        ),
        ({"rule": make_rule("gd", np.full((2, 2), 0.1))}, r"a number of gd has shape \(2, 2\)"),
    ],
)
def test_bad_argument_is_refused_with_value_and_remedy(arguments, message):
    given = {"landscape": LUCCHI, "rule": SAM, "starts": STARTS, "steps": 5} | arguments
    with pytest.raises(ValueError, match=message):
        trajectories(**given)


def test_record_larger_than_memory_is_refused_before_anything_runs(monkeypatch):
    monkeypatch.setattr(resources, "free_memory", lambda: 10 * 2**20)
    with pytest.raises(ValueError, match=r"1 x 5 trajectories with 1000000000 records each needs .* 10.0 MiB are free"):
        trajectories(LUCCHI, SAM, STARTS, 10**9)
    trajectories(LUCCHI, SAM, STARTS, 10)


def test_every_observable_has_a_long_name():
    assert all(o.long_name for o in OBSERVABLES.values())
