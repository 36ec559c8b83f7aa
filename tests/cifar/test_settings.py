"""Settings: what decides the digest, what is refused, and the step size by epoch."""

import hashlib
import json
import math
import pickle
import subprocess
import sys

import pytest

from samscape.cifar.settings import Augment, RuleChoice, Settings, eta_at

FULL = Settings(
    data="cifar100",
    train_size=45_000,
    label_noise=0.2,
    augment=Augment(4, True, 16, 0.5),
    model="wrn-28-10",
    model_options={"dropout": 0.5},
    epochs=200,
    schedule=[(60, 0.2), (120, 0.2)],
    rule=RuleChoice("look_sam", {"rho": 0.1, "k": 5}),
    seed=3,
)


def test_json_and_back_is_the_same_record():
    text = json.dumps(FULL.to_json())
    again = Settings.from_json(json.loads(text))
    assert again == FULL
    assert again.digest() == FULL.digest()
    assert hash(again) == hash(FULL)
    assert pickle.loads(pickle.dumps(FULL)) == FULL


def test_the_digest_is_of_the_sorted_json_without_spaces():
    text = json.dumps(FULL.to_json(), sort_keys=True, separators=(",", ":"))
    assert FULL.digest() == hashlib.sha256(text.encode()).hexdigest()


def test_the_digest_is_the_same_in_another_process():
    code = "from samscape.cifar.settings import Settings; print(Settings(seed=5, schedule=[[3, 0.5]]).digest())"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert found == Settings(seed=5, schedule=((3, 0.5),)).digest()


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 4},
        {"eta": 0.1 + 1e-16 * 2},
        {"schedule": [(60, 0.2)]},
        {"augment": Augment(4, True, 16, 1.0)},
        {"rule": RuleChoice("look_sam", {"rho": 0.1, "k": 4})},
        {"model_options": {}},
        {"bn_statistics": "both"},
        {"train_size": None},
    ],
)
def test_every_setting_changes_the_digest(change):
    assert FULL.replace(**change).digest() != FULL.digest()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"data": "mnist"}, "data = 'mnist'; choose from digits"),
        ({"epochs": 0}, "epochs = 0; give 1 or more"),
        ({"batch": -1}, "batch = -1"),
        ({"eta": 0.0}, "eta = 0.0; give a positive number"),
        ({"eta": math.nan}, "eta = nan"),
        ({"label_noise": 1.5}, "label_noise = 1.5; give 0 to 1"),
        ({"weight_decay": -1.0}, "weight_decay"),
        ({"train_size": 0}, "train_size = 0"),
        ({"schedule": "exponential"}, "schedule = 'exponential'"),
        ({"schedule": [(60, 0.2), (60, 0.2)]}, "rising epochs"),
        ({"schedule": [(60, 0.0)]}, "positive factor"),
        ({"compute_dtype": "float64"}, "compute_dtype"),
        ({"base": "nesterov"}, "base = 'nesterov'"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_with_the_remedy(change, message):
    with pytest.raises(ValueError, match=message):
        FULL.replace(**change)


def test_augmentations_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="crop = -1"):
        Augment(crop=-1)
    with pytest.raises(ValueError, match="cutout_probability = 2"):
        Augment(cutout_probability=2.0)


def test_an_unknown_setting_in_json_is_named():
    with pytest.raises(ValueError, match=r"no learning_rate; there are .*eta"):
        Settings.from_json({"learning_rate": 0.1})


@pytest.mark.parametrize(
    ("epoch", "factor"), [(0, 1.0), (59, 1.0), (60, 0.2), (119, 0.2), (120, 0.04), (199, 0.04)]
)  # fmt: skip
def test_factors_multiply_from_their_milestone_on(epoch, factor):
    assert eta_at(FULL, epoch) == pytest.approx(0.1 * factor, rel=1e-15)  # one rounding for each product
    assert eta_at(FULL, epoch, 390, 391) == eta_at(FULL, epoch)


def test_cosine_falls_from_eta_to_nothing():
    cosine = FULL.replace(schedule="cosine")
    assert eta_at(cosine, 0) == 0.1
    assert eta_at(cosine, 100) == pytest.approx(0.05, rel=1e-14)  # cos(pi/2) to rounding
    assert eta_at(cosine, 50) == pytest.approx(0.1 * (1 + math.sqrt(0.5)) / 2, rel=1e-14)
    assert eta_at(cosine, 99, 195, 390) == eta_at(cosine.replace(epochs=400), 199)
    assert 0 < eta_at(cosine, 199, 389, 390) < 1e-10
    assert eta_at(FULL.replace(schedule="constant"), 150) == 0.1


def test_settings_recipes_and_plans_need_no_jax():
    code = (
        "import sys; from samscape.cifar import costs, plan, recipes, settings; "
        "from samscape.commands import cifar_plan; "
        "runs = [plan.runs_of(recipes.load_recipe(name)) for name in recipes.recipes()]; "
        "print(sorted({'jax', 'flax', 'numpy', 'optax'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
