"""Everything that decides a run's numbers, as one frozen record with a digest.

    digest = SHA-256 of the canonical JSON;    eta(epoch) = eta * product of the factors whose milestone has passed

Epochs are counted from 0: a factor with milestone 60 holds from epoch 60, the 61st, on. The first method is always
plain descent ("sgd"); `rule` is the other one ("sam"), whatever its name. Nothing here imports JAX.

Notes:
    The SHA-256 is of ``json.dumps(..., sort_keys=True, separators=(",", ":"))``; numbers appear as Python writes them.
"""

import dataclasses
import functools
import hashlib
import itertools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Schedule = Sequence[Sequence[int | float]] | str
"""Pairs (epoch, factor) in rising order, kept as tuples; or "constant", or "cosine"."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "data": ("digits", "synthetic", "cifar10", "cifar100"),
    "loss": ("cross_entropy", "squared"),
    "noise_kind": ("different", "any"),
    "bn_statistics": ("first", "both"),
    "momentum_at_switch": ("keep", "reset"),
    "base": ("sgd", "adamw"),
    "compute_dtype": ("float32", "bfloat16"),
}


@dataclass(frozen=True)
class Augment:
    """Random changes of the training images.

    Attributes:
        crop: Zero padding on every side, pixels, of which a window of the original size is cut; 0: none.
        flip: Mirror left and right with probability 1/2.
        cutout: Side of the square set to the data's mean, pixels; it may hang over the edge; 0: none.
        cutout_probability: Of the square.
    """

    crop: int = 0
    flip: bool = False
    cutout: int = 0
    cutout_probability: float = 1.0

    def __post_init__(self) -> None:
        if self.crop < 0 or self.cutout < 0:
            raise ValueError(f"augment: crop = {self.crop} and cutout = {self.cutout} are pixels; give 0 or more")
        if not 0 <= self.cutout_probability <= 1:
            raise ValueError(f"augment: cutout_probability = {self.cutout_probability}; give 0 to 1")


@dataclass(frozen=True)
class RuleChoice:
    """The method beside plain descent: a key of `dynamics.methods.METHODS` and its numbers (rho, k, ...)."""

    name: str = "sam"
    numbers: Mapping[str, Any] = field(default_factory=lambda: {"rho": 0.05})


@dataclass(frozen=True)
class Settings:
    """One network's training, but for the epochs at which the method changes.

    Attributes:
        data: A key of `CHOICES`.
        train_size: Number of training images, the first ones; None: all.
        label_noise: Share of the training labels that are replaced.
        noise_kind: By a class that differs ("different") or by any ("any").
        normalise: Subtract the channels' means and divide by their standard deviations; else values lie in [0, 1].
        augment: Random changes of the training images.
        model: A name that `models.adapter.build` knows.
        model_options: Its options.
        epochs: T.
        batch: Images in a step.
        drop_last: Leave out the last, smaller batch of an epoch.
        eta: Step size at the start.
        schedule: What multiplies it.
        momentum: Of heavy ball, or the first moment's of AdamW.
        weight_decay: lambda, of lambda/2 ||w||^2 (base "sgd") or decoupled ("adamw").
        weight_decay_in_ascent: The decay's gradient enters the perturbation too.
        label_smoothing: Mass spread evenly over all classes; of the training loss only.
        loss: "cross_entropy", or "squared": half the squared distance from the one-hot label, summed over classes.
        bn_statistics: Running statistics follow the pass at w ("first"), or that at w_adv as well ("both").
        bn_momentum: Share of the old running statistics kept at a step.
        momentum_at_switch: A switch keeps the buffers of the base optimiser, or sets them to zero.
        rule: The method beside plain descent.
        base: Optimiser that turns a direction into a step.
        compute_dtype: Of convolutions and products; weights, statistics, loss and update are float32.
        seed: Of initial weights, order, augmentation, label noise, dropout and stochastic rules.
    """

    data: str = "digits"
    train_size: int | None = None
    label_noise: float = 0.0
    noise_kind: str = "different"
    normalise: bool = True
    augment: Augment = Augment()
    model: str = "tiny-resnet"
    model_options: Mapping[str, Any] = field(default_factory=dict)
    epochs: int = 40
    batch: int = 128
    drop_last: bool = False
    eta: float = 0.1
    schedule: Schedule = "constant"
    momentum: float = 0.9
    weight_decay: float = 5e-4
    weight_decay_in_ascent: bool = False
    label_smoothing: float = 0.0
    loss: str = "cross_entropy"
    bn_statistics: str = "first"
    bn_momentum: float = 0.9
    momentum_at_switch: str = "keep"
    rule: RuleChoice = RuleChoice()
    base: str = "sgd"
    compute_dtype: str = "float32"
    seed: int = 0

    def __post_init__(self) -> None:
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                raise ValueError(f"settings: {name} = {getattr(self, name)!r}; choose from {', '.join(allowed)}")
        for name in ("epochs", "batch"):
            _check(name, getattr(self, name), getattr(self, name) >= 1, "1 or more")
        for name in ("label_noise", "label_smoothing", "momentum", "bn_momentum"):
            _check(name, getattr(self, name), 0 <= getattr(self, name) <= 1, "0 to 1")
        _check("train_size", self.train_size, self.train_size is None or self.train_size >= 1, "1 or more, or nothing")
        _check("eta", self.eta, 0 < self.eta < math.inf, "a positive number")
        _check("weight_decay", self.weight_decay, 0 <= self.weight_decay < math.inf, "0 or more")
        object.__setattr__(self, "schedule", _checked_schedule(self.schedule))

    def __hash__(self) -> int:
        return hash(self.digest())

    def to_json(self) -> dict[str, Any]:
        """The settings in the types that JSON has."""
        return json.loads(_canonical(dataclasses.asdict(self)))

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Settings":
        """What `to_json` wrote; names left out keep their defaults.

        Raises:
            ValueError: A name that is no setting.
        """
        known = {f.name for f in dataclasses.fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise ValueError(f"settings: no {', '.join(unknown)}; there are {', '.join(sorted(known))}")
        given = dict(values)
        for name, kind in (("augment", Augment), ("rule", RuleChoice)):
            if isinstance(given.get(name), Mapping):
                given[name] = kind(**given[name])
        return cls(**given)

    def digest(self) -> str:
        """SHA-256 of the canonical JSON, hexadecimal."""
        return self._digest

    @functools.cached_property
    def _digest(self) -> str:
        return hashlib.sha256(_canonical(dataclasses.asdict(self)).encode()).hexdigest()

    def replace(self, **changes: Any) -> "Settings":
        """A copy with other values."""
        return dataclasses.replace(self, **changes)


def eta_at(settings: Settings, epoch: int, step: int = 0, steps: int | None = None) -> float:
    """The step size.

        cosine: eta (1 + cos(pi p)) / 2,  p = (epoch + step / steps) / T

    Args:
        settings: Of the run.
        epoch: From 0.
        step: Within the epoch, from 0.
        steps: Steps of an epoch. Without it the step size changes only from one epoch to the next.
    """
    if settings.schedule == "constant":
        return settings.eta
    if settings.schedule == "cosine":
        passed = (epoch + (step / steps if steps else 0.0)) / settings.epochs
        return settings.eta * (1 + math.cos(math.pi * passed)) / 2
    assert not isinstance(settings.schedule, str)  # __post_init__ lets no other name in
    return settings.eta * math.prod(float(factor) for milestone, factor in settings.schedule if epoch >= milestone)


def _canonical(values: Any) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _check(name: str, value: Any, holds: bool, remedy: str) -> None:
    if not holds:
        raise ValueError(f"settings: {name} = {value!r}; give {remedy}")


def _checked_schedule(schedule: Any) -> Schedule:
    if isinstance(schedule, str):
        _check("schedule", schedule, schedule in ("constant", "cosine"), '"constant", "cosine" or pairs')
        return schedule
    pairs = tuple((int(milestone), float(factor)) for milestone, factor in schedule)
    rising = all(a[0] < b[0] for a, b in itertools.pairwise(pairs))
    holds = rising and all(factor > 0 for _, factor in pairs)
    _check("schedule", schedule, holds, "pairs (epoch, positive factor) with rising epochs")
    return pairs
