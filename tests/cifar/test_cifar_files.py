"""Figure 1 of zhou2025 from files in CIFAR's format: the recipe with a smaller network and fewer images and epochs."""

import dataclasses
import json

import numpy as np
import pytest

from samscape.cifar.readers import VERSIONS
from samscape.cifar.recipes import load_recipe
from samscape.cifar.run import run


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """CIFAR-10's binary version, of its own size, with random pixels."""
    folder = tmp_path_factory.mktemp("data")
    version = VERSIONS["cifar10"][0]
    random = np.random.default_rng(0)
    records = random.integers(0, 256, (10_000, 3073), np.uint8)
    records[:, 0] = random.integers(0, 10, 10_000)
    (folder / version.folder).mkdir()
    for file in (*version.train, version.test):
        records.tofile(folder / version.folder / file)
    return folder


@pytest.mark.slow
def test_a_figures_recipe_trains_on_files_in_cifars_format(files, tmp_path):
    recipe = load_recipe("zhou2025-fig1")
    small = {"model": "tiny-resnet", "train_size": 128, "epochs": 2, "batch": 32}
    settings = tuple(s.replace(**small, compute_dtype="float32") for s in recipe.settings)
    recipe = dataclasses.replace(recipe, settings=settings, seeds=(0,))
    ends = {outcome.id: outcome for outcome in run(recipe, files, tmp_path, workers=2)}
    assert set(ends) == {"seed0-sgd", "seed0-sam", "seed0-sgd@1-sam"}
    for name, outcome in ends.items():
        assert outcome.result is not None, outcome.message
        rows = [json.loads(line) for line in (tmp_path / name / "log.jsonl").read_text().splitlines()]
        assert np.isfinite([row["train_loss"] for row in rows]).all()
        assert rows[-1]["epoch"] == 2
