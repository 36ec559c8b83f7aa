"""The switching tree: forks are uninterrupted runs, kills and damage change nothing, refusals lose nothing."""

import dataclasses
import errno
import json
import logging
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from samscape.cifar import branches
from samscape.cifar.branches import (
    TrunkFailedError,
    forked,
    read_result,
    shared_settings,
    train_run,
    trainer_for,
    wait_for_fork,
)
from samscape.cifar.checkpoints import Checkpoints, DamagedError, FullDiskError
from samscape.cifar.logs import read_log
from samscape.cifar.plan import Run
from samscape.cifar.run_lock import LockedError, locked
from samscape.cifar.settings import RuleChoice, Settings

SETTINGS = Settings(
    data="digits", train_size=24, model="tiny-resnet", model_options={"width": 2}, epochs=4, batch=8, drop_last=True,
    eta=0.1, schedule=((2, 0.1),), rule=RuleChoice("sam", {"rho": 0.1}), momentum_at_switch="reset",
)  # fmt: skip
SGD = Run("seed0-sgd", SETTINGS, "tiny", 0, "sgd", None, None, None, 4, forks=(1, 2))
SAM = dataclasses.replace(SGD, id="seed0-sam", method_trunk="sam", forks=())


def branch(epoch, settings=SETTINGS):
    return Run(f"seed0-sgd@{epoch}-sam", settings, "tiny", 0, "sgd", epoch, "sam", "seed0-sgd", 4 - epoch)


@pytest.fixture(scope="module", autouse=True)
def _small_network(dense):
    """A network that compiles fast in place of those of `models`; other processes have the real ones."""

    def build(name, options, classes, shape):
        return dense(int(np.prod(shape)), classes, options["width"])

    with pytest.MonkeyPatch.context() as context:
        context.setattr("samscape.cifar.models.adapter.build", build)
        trainer_for.cache_clear()
        yield
        trainer_for.cache_clear()


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A folder with the trunk and its branch at 1, trained without interruption."""
    out = tmp_path_factory.mktemp("done")
    for run in (SGD, branch(1)):
        train_run(out, run, every=0)
    return out


@pytest.fixture
def copy(done, tmp_path):
    return shutil.copytree(done, tmp_path / "out")


def state_at(out, name, epoch):
    return Checkpoints(out / name / "checkpoints").load(epoch).arrays


def same(a, b):
    assert list(a) == list(b)
    for name in a:
        np.testing.assert_array_equal(a[name], b[name], strict=True, err_msg=name)


def uninterrupted(switch):
    """The run with a switch at an epoch in one go, without a file: what a branch must equal."""
    trainer = trainer_for(shared_settings(SETTINGS), None)
    state = trainer.start(0, "sgd")
    for epoch in range(4):
        if epoch == switch:
            state = trainer.switched(state, "sam")
        state, _ = trainer.epoch(state, "sgd" if epoch < switch else "sam")
    return branches.arrays_of(state)


def test_a_fork_is_the_uninterrupted_run_bit_for_bit(done):
    same(state_at(done, "seed0-sgd@1-sam", 4), uninterrupted(1))


def test_shares_0_and_1_are_the_unswitched_runs_bit_for_bit(copy):
    trunk = dataclasses.replace(SGD, id="again", forks=(0, 4))
    train_run(copy, trunk, every=0)
    same(state_at(copy, "again", 4), state_at(copy, "seed0-sgd", 4))  # forks change nothing
    train_run(copy, SAM, every=0)
    for epoch, name in ((0, "seed0-sam"), (4, "seed0-sgd")):
        run = dataclasses.replace(branch(epoch), parent="again")
        result = train_run(copy, run, every=0)
        assert result["direction"] == "sam"
        found, expected = (state_at(copy, each, 4) for each in (run.id, name))
        for part in ("params", "stats"):
            names = [each for each in expected if each.startswith(f"['{part}']")]
            same({each: found[each] for each in names}, {each: expected[each] for each in names})


def test_a_run_is_described_in_its_folder(done):
    folder = done / "seed0-sgd@1-sam"
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["settings_digest"] == SETTINGS.digest()
    assert manifest["start"]["sha256"] == Checkpoints(done / "seed0-sgd" / "checkpoints").load(1).digest
    assert manifest["first_session"]["loop"] == "steps"
    rows = read_log(folder)
    assert [row["epoch"] for row in rows] == [2, 3, 4]
    assert {row["method"] for row in rows} == {"sam"}
    assert {row["sam_share"] for row in rows} == {1.0}  # counted on the device: the switch took place
    assert [round(row["eta"], 6) for row in rows] == [0.1, 0.01, 0.01]
    result = read_result(folder)
    assert (result["direction"], result["share"], result["sam_epochs"]) == ("sgd->sam", 0.75, 3)
    assert result["sha256"] == Checkpoints(folder / "checkpoints").load(4).digest
    assert list((folder / "events").glob("events.out.tfevents.*"))


def test_a_finished_run_is_not_trained_again(copy, monkeypatch):
    monkeypatch.setattr("samscape.cifar.train.Trainer.epoch", lambda *args: pytest.fail("trained again"))
    assert train_run(copy, SGD) == read_result(copy / "seed0-sgd")


def broken_off(out, run, after, monkeypatch):
    """Train as if the process died after some epochs."""
    from samscape.cifar.train import Trainer

    epoch, count = Trainer.epoch, iter(range(after))

    def dying(self, *args):
        if next(count, None) is None:
            raise KeyboardInterrupt
        return epoch(self, *args)

    monkeypatch.setattr(Trainer, "epoch", dying)
    with pytest.raises(KeyboardInterrupt):
        train_run(out, run, every=0)
    monkeypatch.setattr(Trainer, "epoch", epoch)


@pytest.mark.parametrize("every", [0, 1e9])
def test_a_run_broken_off_ends_where_it_would_have(done, tmp_path, monkeypatch, every):
    broken_off(tmp_path, SGD, 3, monkeypatch)
    if every:  # the process wrote no checkpoint after the fork at 2, but its log: those rows are taken back
        Checkpoints(tmp_path / "seed0-sgd" / "checkpoints")._remove(3)
    result = train_run(tmp_path, SGD, every=every)
    assert result["sha256"] == read_result(done / "seed0-sgd")["sha256"]
    assert [row["epoch"] for row in read_log(tmp_path / "seed0-sgd")] == [1, 2, 3, 4]


def test_a_damaged_checkpoint_costs_an_epoch_and_is_said(copy, done, caplog):
    folder = copy / "seed0-sgd"
    path = folder / "checkpoints" / "epoch-00004.npz"
    flipped = bytearray(path.read_bytes())
    flipped[len(flipped) // 2] ^= 4
    path.write_bytes(flipped)
    result = train_run(copy, SGD, every=0)
    assert "epoch-00004.npz is damaged" in caplog.text
    assert result["sha256"] == read_result(done / "seed0-sgd")["sha256"]
    same(state_at(copy, "seed0-sgd", 4), state_at(done, "seed0-sgd", 4))


def test_a_damaged_fork_is_trained_again_and_its_branch_says_how(copy, done):
    path = copy / "seed0-sgd" / "checkpoints" / "epoch-00002.npz"
    path.write_bytes(b"")
    with pytest.raises(DamagedError, match="Start seed0-sgd again"):
        train_run(copy, branch(2))
    train_run(copy, SGD, every=0)
    same(state_at(copy, "seed0-sgd", 2), state_at(done, "seed0-sgd", 2))
    assert train_run(copy, branch(2), every=0)["diverged"] is False


def test_other_settings_are_refused_and_nothing_is_lost(copy, done):
    other = dataclasses.replace(SGD, settings=SETTINGS.replace(eta=0.2))
    with pytest.raises(ValueError, match=r"differs in settings\.eta: 0\.1 there, 0\.2 now"):
        train_run(copy, other)
    same(state_at(copy, "seed0-sgd", 4), state_at(done, "seed0-sgd", 4))
    assert read_result(copy / "seed0-sgd") == read_result(done / "seed0-sgd")


def test_other_data_are_refused(copy, monkeypatch):
    trainer = trainer_for(shared_settings(SETTINGS), None)
    monkeypatch.setattr(trainer, "data", trainer.data._replace(digest="0" * 64))
    with pytest.raises(ValueError, match="the data have changed"):
        train_run(copy, SGD)
    assert read_result(copy / "seed0-sgd") is not None


def test_a_second_writer_is_refused(copy):
    with locked(copy / "seed0-sgd"), pytest.raises(LockedError, match="is being written by process"):
        train_run(copy, SGD)


def test_a_full_disk_is_said_and_the_run_goes_on_afterwards(done, tmp_path, monkeypatch):
    broken_off(tmp_path, SGD, 2, monkeypatch)

    def full(path, content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as context:
        context.setattr("samscape.cifar.checkpoints.write_atomically", full)
        with pytest.raises(FullDiskError, match="make room and resume"):
            train_run(tmp_path, SGD, every=0)
    assert "make room" in json.loads((tmp_path / "seed0-sgd" / "failed.json").read_text())["message"]
    assert train_run(tmp_path, SGD, every=0)["sha256"] == read_result(done / "seed0-sgd")["sha256"]
    assert not (tmp_path / "seed0-sgd" / "failed.json").exists()


def test_divergence_ends_a_run_and_keeps_its_row(tmp_path):
    settings = SETTINGS.replace(eta=1e30)
    trunk = dataclasses.replace(SGD, settings=settings, forks=(2,))
    result = train_run(tmp_path, trunk, every=0)
    assert result["diverged"]
    assert result["diverged_at"]["epoch"] == 1
    rows = read_log(tmp_path / "seed0-sgd")
    assert [(row["epoch"], row["diverged"]) for row in rows] == [(1, True)]
    assert rows[0]["train_loss"] is None  # as JSON has it
    assert train_run(tmp_path, trunk, every=0) == result
    inherited = train_run(tmp_path, branch(2, settings), every=0)
    assert inherited["inherited"]
    assert inherited["diverged_at"] == result["diverged_at"]


def test_a_branch_waits_for_its_trunk(copy, tmp_path, caplog):
    caplog.set_level(logging.INFO, "samscape.cifar")
    waiting = tmp_path / "waiting"
    found = []
    thread = threading.Thread(target=lambda: found.append(wait_for_fork(waiting / "seed0-sgd", 2)))
    thread.start()
    time.sleep(0.3)
    assert thread.is_alive()
    shutil.copytree(copy / "seed0-sgd", waiting / "seed0-sgd")
    thread.join(timeout=30)
    assert found[0].about["epoch"] == 2
    assert "waiting for seed0-sgd to reach epoch 2" in caplog.text


def test_a_branch_whose_trunk_gave_up_says_why(tmp_path):
    (tmp_path / "seed0-sgd").mkdir()
    (tmp_path / "seed0-sgd" / "failed.json").write_text('{"error": "MemoryError", "message": "no memory"}')
    with pytest.raises(TrunkFailedError, match="seed0-sgd gave up before epoch 1: no memory"):
        train_run(tmp_path, branch(1))


def test_fine_tuning_starts_at_any_checkpoint(done, tmp_path):
    start = done / "seed0-sgd" / "checkpoints" / "epoch-00003.npz"
    run = dataclasses.replace(branch(3), id="tuned", epochs=1)
    train_run(tmp_path, run, every=0, start=start)
    trainer = trainer_for(shared_settings(SETTINGS), None)
    state, _ = trainer.epoch(forked(trainer, run, Checkpoints(start.parent).load(3)), "sam")
    same(state_at(tmp_path, "tuned", 4), branches.arrays_of(state))


def test_a_checkpoint_of_another_network_is_refused(done, tmp_path):
    wider = SETTINGS.replace(model_options={"width": 3})
    run = dataclasses.replace(branch(3), settings=wider)
    start = done / "seed0-sgd" / "checkpoints" / "epoch-00003.npz"
    with pytest.raises(ValueError, match=r"has float32\[.*is expected; it is of another network or rule"):
        train_run(tmp_path, run, start=start)


@pytest.mark.slow
def test_twenty_kills_at_random_moments_end_at_the_same_sha_256(tmp_path):
    """SIGKILL a process that trains trunk and branch, again and again; the ends are those of a clean run."""
    settings = SETTINGS.replace(epochs=400, schedule="constant")
    trunk = dataclasses.replace(SGD, settings=settings, epochs=400, forks=(200,))
    tip = dataclasses.replace(branch(200, settings), epochs=200)
    code = (
        "import pickle, sys; from pathlib import Path; from samscape.cifar.process import prepare; prepare(1)\n"
        "from samscape.cifar.branches import train_run\n"
        "for run in pickle.loads(bytes.fromhex(sys.argv[2])): train_run(Path(sys.argv[1]), run, every=0)"
    )

    def start(out):
        command = [sys.executable, "-c", code, str(out), pickle.dumps((trunk, tip)).hex()]
        return subprocess.Popen(command, stderr=subprocess.DEVNULL)

    def rows(out):
        logs = [out / run.id / "log.jsonl" for run in (trunk, tip)]
        return sum(log.read_bytes().count(b"\n") for log in logs if log.exists())

    clean, killed = tmp_path / "clean", tmp_path / "killed"
    assert start(clean).wait() == 0
    draw = random.Random(0)
    for _ in range(20):
        target = rows(killed) + draw.randrange(25)  # 600 epochs in all: twenty times 24 do not end it
        process = start(killed)
        while rows(killed) < target and process.poll() is None:
            time.sleep(0.002)
        time.sleep(draw.uniform(0, 0.05))
        assert process.poll() is None, "it ended by itself, before it was killed"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert start(killed).wait() == 0
    for run in (trunk, tip):
        assert read_result(killed / run.id)["sha256"] == read_result(clean / run.id)["sha256"]
        logs = [
            [
                {k: v for k, v in row.items() if k not in ("seconds", "images_per_second")}
                for row in read_log(out / run.id)
            ]
            for out in (clean, killed)
        ]
        assert logs[0] == logs[1]
        assert not list((killed / run.id / "checkpoints").glob(".*"))
