"""The race: what it returns, and what it refuses. Its times are no test's business."""

import importlib.util

import pytest

from samscape.cifar.bench import bench
from samscape.cifar.models.adapter import build
from samscape.cifar.roofline import floor_seconds


@pytest.mark.slow
def test_a_race_has_every_round_of_both_methods():
    shares = []
    found = bench("tiny-resnet", batch=8, steps=2, rounds=3, torch=False, progress=shares.append)
    assert {method: len(times) for method, times in found.ours.items()} == {"sgd": 3, "sam": 3}
    assert min(found.ours["sgd"] + found.ours["sam"]) > 0
    assert found.torch == {}
    assert found.against_torch("sgd") is None
    assert found.floor["sam"] == floor_seconds(build("tiny-resnet", {}, 10, (32, 32, 3)), "sam", 8)
    assert min(found.input_share, found.evaluation_share) > 0
    assert shares == sorted(shares)
    assert shares[-1] == 1


@pytest.mark.parity
def test_pytorch_races_in_the_same_rounds():
    pytest.importorskip("torch")
    found = bench("resnet20", batch=4, steps=1, rounds=2, torch=True)
    assert {method: len(times) for method, times in found.torch.items()} == {"sgd": 2, "sam": 2}
    ratio = found.against_torch("sam")
    assert ratio is not None
    assert ratio > 0
    assert "torch" in found.versions


def test_numbers_below_one_and_a_missing_torch_are_refused(monkeypatch):
    with pytest.raises(ValueError, match="bench: steps = 0; give 1 or more"):
        bench("tiny-resnet", steps=0)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match="torch is not installed"):
        bench("tiny-resnet", torch=True)
