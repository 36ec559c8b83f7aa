"""Which runs a recipe needs, how they share their beginnings, and what they cost. JAX is not imported.

    sgd-sam at share s:  epochs 0 ... T - e - 1 with SGD, then e with SAM,  e = round(s T), at least 1 if 0 < s < 1
    sam-sgd at share s:  epochs 0 ... e - 1 with SAM, then T - e with SGD
    alone:  every endpoint from its start;   shared:  both trunks once, every branch from its trunk's checkpoint

In units of an SGD epoch, with p the gradients of a step of the rule (2 for SAM): alone the endpoints of sgd-sam cost
sum (T + (p - 1) e); shared, T + p sum e, which includes the full run of the rule (e = T) where the grid has share 1.

Notes:
    A fork at epoch t is the checkpoint before epoch t, epochs counted from 0. "sgd" in a name is plain descent, "sam"
    the recipe's rule, whatever it is. Networks that differ in their rule alone share the trunk of plain descent, whose
    settings are then those of the first of them.
"""

import dataclasses
import functools
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from .recipes import Recipe
from .settings import RuleChoice, Settings

METHODS = ("sgd", "sam")


@dataclass(frozen=True)
class Run:
    """One process's work: a trunk, or a branch from a checkpoint of a trunk.

    Attributes:
        id: Readable and unique within the recipe, e.g. "seed0-sgd@36-sam": SGD's trunk, forked at epoch 36 into SAM.
        settings: With this run's seed.
        label: Of the network, in the recipe.
        seed: The same as the settings'.
        method_trunk: "sgd" or "sam", of the epochs before the switch.
        switch_epoch: First epoch of the branch's own; None: a trunk.
        to: "sgd" or "sam" of a branch; None: a trunk.
        parent: The trunk's id; None: a trunk.
        epochs: Number of epochs that this run itself trains; it starts at `start` and ends before `end`.
        forks: Epochs before which its state is kept for branches, in rising order.
    """

    id: str
    settings: Settings
    label: str
    seed: int
    method_trunk: str
    switch_epoch: int | None
    to: str | None
    parent: str | None
    epochs: int
    forks: tuple[int, ...] = ()

    @property
    def settings_digest(self) -> str:
        """SHA-256 of the settings."""
        return self.settings.digest()

    @property
    def method(self) -> str:
        """What this run's own epochs are trained with, "sgd" or "sam"."""
        return self.to or self.method_trunk

    @property
    def start(self) -> int:
        """First epoch of its own."""
        return self.switch_epoch or 0

    @property
    def end(self) -> int:
        """The epoch after its last."""
        return self.start + self.epochs

    @property
    def sam_share(self) -> float:
        """Share of the rule in all epochs up to the end."""
        own = self.epochs if self.method == "sam" else 0
        before = self.start if self.method_trunk == "sam" and self.to else 0
        return (own + before) / self.end


def runs_of(recipe: Recipe) -> list[Run]:
    """All runs of a recipe, every trunk before its branches."""
    trunks: dict[tuple[str, str], Run] = {}
    branches: dict[str, Run] = {}
    several = len(recipe.settings) > 1
    for seed in recipe.seeds:
        for label, plain in zip(recipe.labels, recipe.settings, strict=True):
            settings = plain.replace(seed=seed)
            prefix = f"{label}_" if several else ""
            total = settings.epochs
            for direction, shares in recipe.switches.items():
                first, second = direction.split("-")
                for share in shares:
                    sam = sam_epochs(share, total)
                    switch = total - sam if first == "sgd" else sam
                    method = second if switch == 0 else first
                    wanted = total if switch in (0, total) else switch
                    trunk = _trunk(trunks, settings, label, f"{prefix}seed{seed}-{method}", method, wanted)
                    if switch not in (0, total):
                        name = f"{prefix}seed{seed}-{first}@{switch}-{second}"
                        trunks[_key(settings, method)] = _with_fork(trunk, switch)
                        branches[name] = Run(
                            name, settings, label, seed, first, switch, second, trunk.id, total - switch
                        )
    return [*trunks.values(), *branches.values()]


def runs_of_all(recipes: Iterable[Recipe]) -> list[Run]:
    """Runs of several recipes, those that two of them need only once, with the forks of both. Ids may repeat.

    Args:
        recipes: Of one preset, else nothing is common.
    """
    found: dict[str, Run] = {}
    for recipe in recipes:
        for run in runs_of(recipe):
            old = found.setdefault(run_key(run), run)
            forks = tuple(sorted({*old.forks, *run.forks}))
            found[run_key(run)] = dataclasses.replace(old, epochs=max(old.epochs, run.epochs), forks=forks)
    return list(found.values())


def run_key(run: Run) -> str:
    """Digest of what decides a run's numbers; the same for the same run of two recipes."""
    if run.to is None:
        return trunk_digest(run.settings, run.method_trunk)
    return f"{run.method_trunk}@{run.switch_epoch}-{run.to}:{run.settings_digest}"


def sam_epochs(share: float, total: int) -> int:
    """Epochs of SAM at a share: rounded, at least one where there is SAM at all, and one of SGD where there is."""
    if share in (0.0, 1.0):
        return round(share * total)
    return min(max(round(share * total), 1), total - 1)


@functools.lru_cache(maxsize=4096)
def trunk_digest(settings: Settings, method: str) -> str:
    """Digest of what decides a trunk's numbers: of plain descent, the rule and what belongs to it do not."""
    if method == "sgd":
        settings = settings.replace(
            rule=RuleChoice("gd", {}), weight_decay_in_ascent=False, bn_statistics="first", momentum_at_switch="keep"
        )
    else:
        settings = settings.replace(momentum_at_switch="keep")
    return hashlib.sha256(f"{method}:{settings.digest()}".encode()).hexdigest()


def _key(settings: Settings, method: str) -> tuple[str, str]:
    return trunk_digest(settings, method), method


def _trunk(
    trunks: dict[tuple[str, str], Run], settings: Settings, label: str, name: str, method: str, epochs: int
) -> Run:
    """The trunk of these settings, made if it is missing, at least as long as asked for."""
    key = _key(settings, method)
    if key not in trunks:
        trunks[key] = Run(name, settings, label, settings.seed, method, None, None, None, epochs)
    elif trunks[key].epochs < epochs:
        trunks[key] = dataclasses.replace(trunks[key], epochs=epochs)
    return trunks[key]


def _with_fork(trunk: Run, epoch: int) -> Run:
    return dataclasses.replace(trunk, forks=tuple(sorted({*trunk.forks, epoch})))
