"""Recipes: every value has an origin, both presets build, and what zhou2025 says is what its recipes hold."""

import dataclasses

import pytest

from samscape.cifar import recipes as module
from samscape.cifar.recipes import ORIGINS, PRESETS, _recipe, load_recipe, recipes
from samscape.cifar.settings import Augment, Settings, eta_at

FIGURES = ("1", "3", "4b", "4c", "5", "7", "8", "9", "13", "14", "15", "16")
SETTINGS = {f.name for f in dataclasses.fields(Settings)}


def test_all_figures_of_the_networks_are_recipes():
    assert set(recipes()) == {"digits-switching", *(f"zhou2025-fig{n}" for n in FIGURES)}


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("name", recipes())
def test_a_recipe_builds_and_every_value_has_an_origin(name, preset):
    from samscape.dynamics.methods import make_rule

    recipe = load_recipe(name, preset)
    assert len(recipe.settings) == len(recipe.labels) == len(set(recipe.labels))
    assert len(set(recipe.settings)) == len(recipe.settings)
    for label, settings in zip(recipe.labels, recipe.settings):
        make_rule(settings.rule.name, settings.eta, **settings.rule.numbers)  # the rule takes these numbers
        assert settings.seed == 0
        assert set(recipe.origins[label]) <= SETTINGS
        assert set(recipe.origins[label].values()) <= set(ORIGINS)
        decided = {name for name in SETTINGS if getattr(settings, name) != getattr(Settings(), name)}
        assert decided <= set(recipe.origins[label]) | {"rule"}  # nothing but defaults is without an origin
    assert recipe.measures
    assert recipe.seeds == tuple(range(len(recipe.seeds)))


@pytest.mark.parametrize("preset", PRESETS)
def test_networks_are_trained_as_appendix_b_1_says(preset):
    wide, wide_100 = load_recipe("zhou2025-fig3", preset).settings
    vgg, resnet = load_recipe("zhou2025-fig7", preset).settings
    assert [s.data for s in (wide, wide_100, vgg, resnet)] == ["cifar10", "cifar100", "cifar10", "cifar10"]
    for settings in (wide, wide_100):
        assert settings.epochs == 200
        steps = [eta_at(settings, epoch) for epoch in (0, 59, 60, 119, 120, 199)]
        assert steps == pytest.approx([0.1, 0.1, 0.02, 0.02, 0.004, 0.004], rel=1e-14)  # products of 0.2
        assert settings.augment.cutout == 16
    for settings in (vgg, resnet):
        assert settings.epochs == 160
        assert [eta_at(settings, epoch) for epoch in (79, 80, 159)] == pytest.approx([0.1, 0.01, 0.01], rel=1e-14)
        assert settings.augment == Augment(crop=4, flip=True)
    for settings in (wide, wide_100, vgg, resnet):
        assert (settings.momentum, settings.weight_decay, settings.rule.name) == (0.9, 5e-4, "sam")
        assert settings.rule.numbers["rho"] == 0.05
        assert settings.bn_statistics == "first"
        assert not settings.weight_decay_in_ascent


def test_presets_differ_where_the_released_code_differs_from_the_text():
    paper, release = (load_recipe("zhou2025-fig3", preset).settings[0] for preset in PRESETS)
    changed = {name for name in SETTINGS if getattr(paper, name) != getattr(release, name)}
    assert changed == {"model", "augment", "label_smoothing", "momentum_at_switch", "rule"}
    assert (paper.model, release.model) == ("wrn-16-8", "wrn-22-8")
    assert (paper.label_smoothing, release.label_smoothing) == (0.0, 0.1)
    assert (paper.momentum_at_switch, release.momentum_at_switch) == ("keep", "reset")
    assert release.augment.cutout_probability == 0.5
    assert release.rule.numbers["epsilon"] == 1e-12
    origins = load_recipe("zhou2025-fig3", "release").origins["wrn-16-8-cifar10"]
    assert (origins["label_smoothing"], origins["eta"], origins["compute_dtype"]) == ("code", "paper", "ours")
    assert load_recipe("zhou2025-fig3").origins["wrn-16-8-cifar10"]["label_smoothing"] == "ours"


@pytest.mark.parametrize(
    ("figure", "rule", "rho"), [("3", "sam", {0.05}), ("8", "asam", {2.0}), ("13", "usam", {0.1}),
                                ("15", "sam", {0.02, 0.05, 0.1, 0.15, 0.2})],
)  # fmt: skip
def test_rules_and_radii_are_the_figures(figure, rule, rho):
    for preset in PRESETS:
        settings = load_recipe(f"zhou2025-fig{figure}", preset).settings
        assert {s.rule.name for s in settings} == {rule}
        assert {s.rule.numbers["rho"] for s in settings} == rho


def test_seeds_and_directions_are_the_figures():
    seeds = {n: len(load_recipe(f"zhou2025-fig{n}").seeds) for n in ("1", "3", "5", "7", "8", "9", "13", "15")}
    assert seeds == {"1": 5, "3": 3, "5": 3, "7": 5, "8": 3, "9": 5, "13": 3, "15": 5}
    direction = {n: tuple(load_recipe(f"zhou2025-fig{n}").switches) for n in ("3", "5", "9", "15")}
    assert direction == {"3": ("sgd-sam",), "5": ("sam-sgd",), "9": ("sam-sgd",), "15": ("sam-sgd",)}


def test_the_experiment_on_digits_switches_in_both_directions_at_five_points_with_five_seeds():
    recipe = load_recipe("digits-switching")
    assert len(recipe.seeds) == 5
    for direction in ("sgd-sam", "sam-sgd"):
        shares = recipe.switches[direction]
        assert {0.0, 1.0} <= set(shares)
        assert len(shares) - 2 >= 5
    assert recipe.settings[0].data == "digits"


def test_unknown_names_are_refused_with_what_there_is():
    with pytest.raises(ValueError, match=r"did you mean 'zhou2025-fig3'.*recipes: digits-switching"):
        load_recipe("zhou2025_fig3")
    with pytest.raises(ValueError, match="preset = 'released'; choose from paper, release"):
        load_recipe("zhou2025-fig3", "released")
    with pytest.raises(ValueError, match="unknown recipe"):
        load_recipe("zhou2025")  # the family's networks are no recipe


def written(**changes):
    """A small recipe, as TOML gives it."""
    network = {"data": {"value": "digits", "origin": "ours"}, "eta": {"value": 0.1, "origin": "ours"}}
    text = {
        "title": "t",
        "source": "s",
        "seeds": {"value": 1, "origin": "ours"},
        "switches": {"sgd-sam": {"value": [0.0, 1.0], "origin": "ours"}},
        "networks": {"one": network},
    }
    return {**text, **changes}


def test_variants_are_all_combinations_of_the_rules_numbers():
    table = {"rho": {"value": [0.1, 0.2], "origin": "ours"}, "epsilon": {"value": [0.0, 1e-12], "origin": "ours"}}
    recipe = _recipe("r", written(variants=table), "paper")
    assert recipe.labels == ("one-rho0.1-epsilon0", "one-rho0.1-epsilon1e-12", "one-rho0.2-epsilon0",
                             "one-rho0.2-epsilon1e-12")  # fmt: skip
    assert [s.rule.numbers for s in recipe.settings][1] == {"rho": 0.1, "epsilon": 1e-12}


def test_a_recipes_own_settings_go_over_a_networks():
    recipe = _recipe("r", written(settings={"eta": {"value": 0.5, "origin": "paper"}}), "paper")
    assert recipe.settings[0].eta == 0.5
    assert recipe.origins["one"]["eta"] == "paper"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"settings": {"eta": {"value": 0.5, "origin": "guess"}}}, "eta = .* one of paper, code, ours"),
        ({"settings": {"eta": {"value": 0.5}}}, "give value and origin"),
        ({"settings": {"learning_rate": {"value": 0.5, "origin": "ours"}}}, "no learning_rate"),
        ({"use": ["two"]}, "no network 'two'; there are one"),
        ({"switches": {"sgd-sam": {"value": [0.0, 1.5], "origin": "ours"}}}, "shares in 0 to 1"),
        ({"switches": {"adam-sam": {"value": [0.0], "origin": "ours"}}}, "switches.adam-sam"),
    ],
)
def test_a_file_that_breaks_the_rules_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        _recipe("r", written(**changes), "paper")


def test_files_are_data_of_the_package():
    names = {entry.name for entry in module._folder().iterdir() if entry.name.endswith(".toml")}
    assert "zhou2025.toml" in names
    assert len(names) == len(recipes()) + 1
