"""A whole experiment from one command: worker processes, interruption, resume, verification, CIFAR's own format."""

import dataclasses
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from typer.testing import CliRunner

from samscape.__main__ import app
from samscape.cifar.branches import read_result
from samscape.cifar.plan import runs_of
from samscape.cifar.recipes import load_recipe
from samscape.cifar.run import describe, from_json, in_order, read_runs, resume, run, to_json, write_summary
from samscape.cifar.run_lock import LockedError, locked
from samscape.cifar.settings import RuleChoice
from samscape.cifar.verification import verify


def small_recipe(**changes):
    recipe = load_recipe("digits-switching")
    settings = recipe.settings[0].replace(
        train_size=16, batch=8, epochs=2, model_options={"width": 2}, schedule="constant",
        rule=RuleChoice("sam", {"rho": 0.05}), **changes,
    )  # fmt: skip
    switches = {"sgd-sam": (0.0, 0.5, 1.0)}
    return dataclasses.replace(recipe, settings=(settings,), seeds=(0,), switches=switches)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    out = tmp_path_factory.mktemp("experiment") / "out"
    shares = []
    outcomes = list(run(small_recipe(), None, out, workers=1, every=0, report=lambda *said: shares.append(said)))
    assert [outcome.message for outcome in outcomes] == [""] * 3
    assert {name for name, share in shares if share == 1} == {outcome.id for outcome in outcomes}
    return out


@pytest.fixture
def copy(done, tmp_path):
    return shutil.copytree(done, tmp_path / "out")


def test_every_run_of_the_recipe_ends_and_is_in_the_summary(done):
    summary = json.loads((done / "summary.json").read_text())
    assert {name: summary[name] for name in ("runs", "ended", "diverged", "left")} == {
        "runs": 3, "ended": 3, "diverged": 0, "left": 0,
    }  # fmt: skip
    rows = {row["id"]: row for row in summary["rows"]}
    assert {name: (row["direction"], row["share"]) for name, row in rows.items()} == {
        "seed0-sgd": ("sgd", 0.0), "seed0-sgd@1-sam": ("sgd->sam", 0.5), "seed0-sam": ("sam", 1.0),
    }  # fmt: skip
    assert all(np.isfinite(row["test_loss"]) and 0 <= row["test_error"] <= 1 for row in rows.values())
    assert len({row["sha256"] for row in rows.values()}) == 3


def test_runs_survive_being_written_down(tmp_path):
    recipe = small_recipe()
    runs = runs_of(recipe)
    assert [from_json(json.loads(json.dumps(to_json(each)))) for each in runs] == runs
    describe(tmp_path / "out", recipe, runs, None)
    assert read_runs(tmp_path / "out") == runs


def test_trunks_go_before_branches_and_long_runs_before_short_ones():
    order = in_order(runs_of(load_recipe("digits-switching")))
    parents = [each.parent is not None for each in order]
    assert parents == sorted(parents)
    costs = [each.epochs * (1 + (each.method == "sam")) for each in order if each.parent]
    assert costs == sorted(costs, reverse=True)


def test_another_experiment_in_the_same_folder_is_refused(copy):
    before = (copy / "recipe.json").read_bytes()
    with pytest.raises(ValueError, match=r"holds another experiment: it differs in .*eta: 0\.1 there, 0\.3 now"):
        next(run(small_recipe(eta=0.3), None, copy))
    assert (copy / "recipe.json").read_bytes() == before


def test_a_folder_with_something_else_is_refused(tmp_path):
    (tmp_path / "thesis.tex").write_text("dear")
    with pytest.raises(ValueError, match=r"holds something else \(thesis\.tex\)"):
        run(small_recipe(), None, tmp_path)


def test_a_second_experiment_in_the_same_folder_at_once_is_refused(copy):
    with locked(copy), pytest.raises(LockedError, match="being written by process"):
        next(resume(copy))


def test_verification_finds_what_is_damaged_and_nothing_else(copy):
    found = list(verify(copy))
    assert [(each.id, each.state, each.problems) for each in found] == [
        ("seed0-sgd", "ended", ()), ("seed0-sam", "ended", ()), ("seed0-sgd@1-sam", "ended", ()),
    ]  # fmt: skip
    assert sum(each.files for each in found) == len(list(copy.glob("*/checkpoints/*"))) + 3
    damage = {
        "seed0-sgd/checkpoints/epoch-00001.npz": "epoch-00001.npz is damaged",
        "seed0-sgd/result.json": "result.json is not what was written",
        "seed0-sam/log.jsonl": "rows are missing after epoch 0",
        "seed0-sgd@1-sam/manifest.json": "the settings are not those of the digest",
    }
    for name, said in damage.items():
        path = copy / name
        whole = path.read_bytes()
        path.write_bytes(whole.replace(b'"eta": 0.1', b'"eta": 0.2') if "manifest" in name else b"{" + whole[2:])
        problems = [problem for each in verify(copy) for problem in each.problems]
        assert any(said in problem for problem in problems), (name, problems)
        path.write_bytes(whole)
    assert not any(each.problems for each in verify(copy))


def test_what_is_damaged_is_trained_again_to_the_same_bits(copy, done):
    (copy / "seed0-sgd" / "checkpoints" / "epoch-00002.npz").write_bytes(b"")
    (copy / "seed0-sgd@1-sam" / "result.json").write_text("{}")
    assert [outcome.message for outcome in resume(copy, workers=1, every=0)] == [""] * 3
    for name in ("seed0-sgd", "seed0-sgd@1-sam"):
        assert read_result(copy / name)["sha256"] == read_result(done / name)["sha256"]
    assert not any(each.problems for each in verify(copy))


def test_a_run_that_diverged_is_counted_and_its_branch_with_it(tmp_path):
    outcomes = list(run(small_recipe(eta=1e30), None, tmp_path / "out", workers=1, every=0))
    assert all(outcome.result["diverged"] for outcome in outcomes)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["ended"], summary["diverged"], len(summary["rows"])) == (3, 3, 3)


def test_commands_answer_bad_input_with_the_remedy(tmp_path, copy):
    cases = [
        (["run", "digits-swiching", "--out", str(tmp_path / "x")], "did you mean 'digits-switching'"),
        (["run", "zhou2025-fig3", "--out", str(tmp_path / "y"), "--branch", "nobody"], "no run 'nobody'; there are"),
        (["run", "digits-switching", "--out", str(tmp_path / "z"), "--start", "a.npz"], "name it with --branch ID"),
        (["resume", str(tmp_path / "nothing")], "holds no experiment"),
        (["verify", str(tmp_path / "nothing")], "holds no experiment"),
    ]
    for arguments, said in cases:
        result = CliRunner().invoke(app, ["cifar", *arguments])
        assert result.exit_code == 2, result.output
        assert said in re.sub(r"\s+", " ", result.output)
    (copy / "seed0-sgd" / "result.json").write_text("{}")
    result = CliRunner().invoke(app, ["cifar", "verify", str(copy), "--json"])
    assert result.exit_code == 1
    assert json.loads(result.output)["seed0-sgd"]["problems"]


def started(out, *arguments):
    command = [sys.executable, "-m", "samscape", "cifar", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_done_and_resume_goes_on(tmp_path):
    out = tmp_path / "out"
    recipe = small_recipe()
    longer = recipe.settings[0].replace(epochs=400)
    recipe = dataclasses.replace(recipe, settings=(longer,))
    describe(out, recipe, runs_of(recipe), None)
    process = started(out, "resume", str(out), "--workers", "2", "--every", "0")
    log = out / "seed0-sgd" / "log.jsonl"
    for _ in range(1200):
        if log.exists() and len(log.read_text().splitlines()) > 3:
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGINT
    assert f"`samscape cifar resume {out}` goes on from there" in said
    kept = max(int(path.stem[6:]) for path in (out / "seed0-sgd" / "checkpoints").glob("epoch-*.json"))
    assert 3 <= kept < 400
    process = started(out, "resume", str(out), "--workers", "2", "--every", "0")
    printed, said = process.communicate(timeout=600)
    assert process.returncode == 0, said
    assert "3 of 3 runs ended, 0 of them diverged" in printed
    sessions = (out / "seed0-sgd" / "sessions.jsonl").read_text().splitlines()
    assert len(sessions) == 2
    assert not any(each.problems for each in verify(out))


@pytest.mark.slow
def test_a_branch_started_by_its_id_in_another_process_waits_for_its_trunk(tmp_path, done):
    out = tmp_path / "out"
    recipe = small_recipe()
    describe(out, recipe, runs_of(recipe), None)
    code = (
        "import sys; from pathlib import Path; from samscape.commands.cifar_progress import show_one\n"
        "show_one(Path(sys.argv[1]), sys.argv[2], None, 0, None)"
    )
    names = ("seed0-sgd@1-sam", "seed0-sgd")
    processes = []
    for name in names:
        processes.append(subprocess.Popen([sys.executable, "-c", code, str(out), name], stdout=subprocess.PIPE))
        time.sleep(1)
    for name, process in zip(names, processes, strict=True):
        process.communicate(timeout=300)
        assert process.returncode == 0
        assert read_result(out / name)["sha256"] == read_result(done / name)["sha256"]
    assert write_summary(out, read_runs(out))["left"] == 1


def write_cifar10(folder):
    """CIFAR-10's binary version, in full length, with random pixels."""
    folder.mkdir()
    draw = np.random.default_rng(0)
    for name in [*(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin"]:
        records = draw.integers(0, 256, (10_000, 3073), np.uint8)
        records[:, 0] = draw.integers(0, 10, 10_000)
        records.tofile(folder / name)
    return folder


@pytest.mark.slow
def test_cifar_is_the_same_command_with_another_argument(tmp_path):
    """On files in CIFAR-10's own format, with a network small enough for a processor."""
    folder, out = write_cifar10(tmp_path / "cifar-10-batches-bin"), tmp_path / "out"
    recipe = small_recipe(data="cifar10")
    outcomes = list(run(recipe, folder, out, workers=2, every=0))
    assert [outcome.message for outcome in outcomes] == [""] * 3
    found = list(verify(out))  # the folder of the data is known
    assert [each.state for each in found] == ["ended"] * 3
    assert not any(each.problems for each in found)
    with (folder / "data_batch_1.bin").open("r+b") as file:
        file.seek(1)
        file.write(bytes([(file.read(1) or b"\0")[0] ^ 1]))
    problems = [problem for each in verify(out) for problem in each.problems]
    assert any("the data have changed since it was trained" in problem for problem in problems)
    (out / "seed0-sgd" / "done").unlink()
    messages = [outcome.message for outcome in resume(out, workers=1, every=0)]
    assert any("the data have changed" in message for message in messages)
    assert os.path.exists(out / "seed0-sgd" / "checkpoints" / "epoch-00002.npz")
