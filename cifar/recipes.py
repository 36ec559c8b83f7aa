"""The networks' experiments as data: one TOML file each in `recipes/`, every value with where it is from.

    name = { value = ..., origin = "paper" | "code" | "ours" }            the same in both presets
    name = { paper = { value, origin }, release = { value, origin } }     where the authors' code differs from the text

The preset "paper" is what the text says, "release" what the authors' public code does; where the text is silent the
value of "paper" is ours and says so. A file with a line `family = "f"` takes the networks it names from `f.toml`, which
is no recipe itself. Values of the file's own [settings] go over those of a network, values of [common] under them.
A table [variants] of arrays, keyed by a number of the rule, makes one network of each value.

Notes:
    Nothing here imports JAX. `recipes/` is a folder of data beside this module, not a package.
"""

import difflib
import itertools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from .settings import RuleChoice, Settings

PRESETS = ("paper", "release")
ORIGINS = ("paper", "code", "ours")
DIRECTIONS = ("sgd-sam", "sam-sgd")


@dataclass(frozen=True)
class Recipe:
    """One experiment: networks, when to switch, seeds, what to measure.

    Attributes:
        name: Of the file.
        title: What is shown.
        source: The figure or table.
        preset: "paper" or "release".
        settings: One for each network or variant, with seed 0.
        labels: Their names, in the same order.
        switches: Shares of SAM in all epochs, by direction "sgd-sam" or "sam-sgd". 0 and 1 are the unswitched runs.
        seeds: What replaces `Settings.seed`.
        measures: What is measured of every endpoint: name -> options.
        origins: By label: setting -> origin of its value.
    """

    name: str
    title: str
    source: str
    preset: str
    settings: tuple[Settings, ...]
    labels: tuple[str, ...]
    switches: Mapping[str, tuple[float, ...]]
    seeds: tuple[int, ...]
    measures: Mapping[str, Mapping[str, Any]]
    origins: Mapping[str, Mapping[str, str]]


def recipes() -> tuple[str, ...]:
    """Names of all recipes."""
    found = (entry.name.removesuffix(".toml") for entry in _folder().iterdir() if entry.name.endswith(".toml"))
    return tuple(sorted(name for name in found if "title" in _load(name)))


def load_recipe(name: str, preset: str = "paper") -> Recipe:
    """A recipe with the values of one preset.

    Raises:
        ValueError: No such recipe or preset, or a file that breaks the rules above.
    """
    if preset not in PRESETS:
        raise ValueError(f"preset = {preset!r}; choose from {', '.join(PRESETS)}")
    known = recipes()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise ValueError(f"unknown recipe {name!r}: {hint}(recipes: {', '.join(known)})")
    return _recipe(name, _load(name), preset)


def _recipe(name: str, text: Mapping[str, Any], preset: str) -> Recipe:
    family = _load(text["family"]) if "family" in text else {}
    tables = {**family.get("networks", {}), **text.get("networks", {})}
    chosen = text["use"] if "use" in text else list(text["networks"])
    settings, labels, origins = [], [], {}
    for network in chosen:
        if network not in tables:
            raise ValueError(f"recipe {name}: no network {network!r}; there are {', '.join(tables)}")
        entries = {**family.get("common", {}), **tables[network], **text.get("settings", {})}
        values, where = _pick(name, entries, preset)
        for suffix, numbers in _variants(name, text.get("variants", {}), preset):
            rule = values.get("rule", {"name": "sam", "numbers": {"rho": 0.05}})
            rule = RuleChoice(rule["name"], {**rule.get("numbers", {}), **numbers})
            label = "-".join([network, *suffix])
            settings.append(Settings.from_json({**values, "rule": rule}))
            labels.append(label)
            origins[label] = where
    switches, _ = _pick(name, text["switches"], preset)
    for direction, shares in switches.items():
        if direction not in DIRECTIONS or not all(0 <= share <= 1 for share in shares):
            raise ValueError(f"recipe {name}: switches.{direction} = {shares}; give {DIRECTIONS} with shares in 0 to 1")
    seeds, _ = _pick(name, {"seeds": text["seeds"]}, preset)
    return Recipe(
        name,
        text["title"],
        text["source"],
        preset,
        tuple(settings),
        tuple(labels),
        {direction: tuple(float(share) for share in shares) for direction, shares in switches.items()},
        tuple(range(seeds["seeds"])),
        text.get("measures", {}),
        origins,
    )


def _pick(recipe: str, entries: Mapping[str, Any], preset: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Values and origins of one preset."""
    values, origins = {}, {}
    for key, entry in entries.items():
        chosen = entry.get(preset, entry) if set(entry) == set(PRESETS) else entry
        if set(chosen) != {"value", "origin"} or chosen["origin"] not in ORIGINS:
            raise ValueError(f"recipe {recipe}: {key} = {entry}; give value and origin, one of {', '.join(ORIGINS)}")
        values[key], origins[key] = chosen["value"], chosen["origin"]
    return values, origins


def _variants(recipe: str, table: Mapping[str, Any], preset: str) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every combination of the variants' values: parts of the label, and numbers of the rule."""
    values, _ = _pick(recipe, table, preset)
    combinations = itertools.product(*([(key, value) for value in values[key]] for key in values))
    return [(tuple(f"{key}{value:g}" for key, value in chosen), dict(chosen)) for chosen in combinations]


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((_folder() / f"{name}.toml").read_text(encoding="utf-8"))


def _folder() -> Traversable:
    return files("samscape.cifar") / "recipes"
