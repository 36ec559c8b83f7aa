"""Checkpoints: whole or absent, every damage noticed, two kept and the forks, one writer."""

import errno
import json
import multiprocessing
import os
import random

import numpy as np
import pytest

from samscape.cifar.checkpoints import Checkpoints, DamagedError, FullDiskError
from samscape.cifar.run_lock import LockedError, locked

ARRAYS = {"['params']['w']": np.arange(6, dtype=np.float32).reshape(2, 3), "count": np.int32(4), "empty": np.zeros(0)}


def arrays(number):
    return {**ARRAYS, "count": np.int32(number)}


def test_what_is_saved_comes_back(tmp_path):
    kept = Checkpoints(tmp_path)
    digest = kept.save(3, ARRAYS, {"id": "a"})
    found = kept.load(3)
    assert (found.digest, found.about["epoch"], found.about["id"]) == (digest, 3, "a")
    assert list(found.arrays) == list(ARRAYS)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found.arrays[name], array, strict=True)


def test_equal_arrays_have_equal_digests(tmp_path, monkeypatch):
    first = Checkpoints(tmp_path / "a").save(3, ARRAYS, {"id": "a"})
    monkeypatch.setattr("time.time", lambda: 2e9)  # another day: the archive must not hold the time
    assert Checkpoints(tmp_path / "b").save(5, ARRAYS, {"id": "b"}) == first
    assert Checkpoints(tmp_path / "c").save(5, arrays(5), {"id": "b"}) != first


def test_two_are_kept_and_the_forks(tmp_path):
    kept = Checkpoints(tmp_path, keep={2, 5})
    for epoch in range(9):
        kept.save(epoch, arrays(epoch), {})
    assert kept.epochs() == [2, 5, 7, 8]
    assert {path.suffix for path in tmp_path.iterdir()} == {".npz", ".json"}
    assert len(list(tmp_path.iterdir())) == 8


@pytest.mark.parametrize("suffix", [".npz", ".json"])
def test_every_single_flipped_bit_is_noticed(tmp_path, suffix):
    kept = Checkpoints(tmp_path)
    kept.save(1, ARRAYS, {"id": "a"})
    path = kept.path(1).with_suffix(suffix)
    whole = path.read_bytes()
    bits = range(8 * len(whole)) if suffix == ".json" else random.Random(0).sample(range(8 * len(whole)), 500)
    for bit in bits:
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        with pytest.raises(DamagedError, match="damaged"):
            kept.load(1)
    path.write_bytes(whole)
    assert kept.load(1).about["id"] == "a"


@pytest.mark.parametrize("suffix", [".npz", ".json"])
def test_a_file_cut_short_is_noticed(tmp_path, suffix):
    kept = Checkpoints(tmp_path)
    kept.save(1, ARRAYS, {})
    path = kept.path(1).with_suffix(suffix)
    whole = path.read_bytes()
    for length in (0, 1, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(DamagedError):
            kept.load(1)


def test_a_damaged_one_is_passed_over_with_a_message(tmp_path, caplog):
    kept = Checkpoints(tmp_path)
    kept.save(1, arrays(1), {})
    kept.save(2, arrays(2), {})
    kept.path(2).write_bytes(b"nonsense")
    found = kept.latest()
    assert found is not None
    assert found.arrays["count"] == 1
    assert "epoch-00002.npz is damaged" in caplog.text
    assert "going back to an older one" in caplog.text
    kept.path(1).unlink()
    assert kept.latest() is None


def test_what_a_killed_writer_left_is_removed(tmp_path):
    kept = Checkpoints(tmp_path)
    kept.save(1, ARRAYS, {})
    kept.path(2).write_bytes(b"arrays whose index was never written")
    (tmp_path / ".epoch-00003.npz.4711.partial").write_bytes(b"half")
    assert kept.latest() is not None
    assert kept.epochs() == [1]  # without an index there is no checkpoint
    assert len(kept.remove_strays()) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["epoch-00001.json", "epoch-00001.npz"]


def test_a_full_disk_loses_nothing_and_says_what_to_do(tmp_path, monkeypatch):
    kept = Checkpoints(tmp_path)
    kept.save(1, arrays(1), {})
    kept.save(2, arrays(2), {})

    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FullDiskError, match=r"No space left.*nothing is lost.*epoch 1, epoch 2.*make room and resume"):
        kept.save(3, arrays(3), {})
    monkeypatch.undo()
    assert kept.epochs() == [1, 2]
    assert kept.load(2).arrays["count"] == 2
    assert len(list(tmp_path.iterdir())) == 4  # no half-written file is left


def hold(folder, held, enough):
    with locked(folder):
        held.set()
        enough.wait(60)


def test_a_second_writer_is_refused_until_the_first_has_ended(tmp_path):
    context = multiprocessing.get_context("spawn")
    held, enough = context.Event(), context.Event()
    writer = context.Process(target=hold, args=(tmp_path, held, enough))
    writer.start()
    try:
        assert held.wait(60)
        with pytest.raises(LockedError, match=f"being written by process {writer.pid} on "), locked(tmp_path):
            pass
        writer.kill()  # a killed process lets go, too
        writer.join()
        with locked(tmp_path):
            assert (tmp_path / "lock").read_text().startswith(f"process {os.getpid()} ")
    finally:
        writer.kill()
        writer.join()


def test_the_index_says_what_the_arrays_are(tmp_path):
    kept = Checkpoints(tmp_path)
    digest = kept.save(7, ARRAYS, {"id": "seed0-sgd", "seed": 0})
    text = kept.path(7).with_suffix(".json").read_text()
    index = json.loads(text[: text.rindex("}") + 1])
    assert index == {
        "id": "seed0-sgd", "seed": 0, "epoch": 7, "format": 1, "sha256": digest,
        "bytes": kept.path(7).stat().st_size,
    }  # fmt: skip
