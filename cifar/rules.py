"""From settings to rules of `dynamics`: a method's base optimiser, its rule, and where its weight decay acts."""

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

from ..dynamics.base import Base, Optax, adamw
from ..dynamics.methods import make_rule
from ..dynamics.rule import Rule
from .plan import METHODS
from .settings import Settings


def decay_inside(settings: Settings, method: str) -> float:
    """Weight decay as a term of the loss: of the SAM-like method, where it is to enter the ascent."""
    return settings.weight_decay if method == "sam" and settings.weight_decay_in_ascent else 0.0


def base_of(settings: Settings, method: str) -> Callable[[Any], Base]:
    """The base optimiser, as a function of eta: with the weight decay that is not in the loss.

        sgd:    v+ = momentum v + (d + decay w),  w+ = w - eta v+          as in PyTorch
        adamw:  w+ = w - eta (adam(d) + decay w)

    Both methods have bases of the same kind, whatever their decay, so that a switch can hand over the buffers; and
    plain descent has its decay here always, so that it is the same run whatever the other method's options are.
    """
    decay = settings.weight_decay - decay_inside(settings, method)
    if settings.base == "adamw":
        return functools.partial(adamw, b1=settings.momentum, weight_decay=decay)
    numbers = {"momentum": settings.momentum, "weight_decay": decay}
    return lambda eta: Optax(decayed_heavy_ball, {"learning_rate": eta, **numbers})


def decayed_heavy_ball(learning_rate: Any, momentum: Any, weight_decay: Any) -> Any:
    """v+ = momentum v + (d + weight_decay w), w+ = w - learning_rate v+; an optax transformation."""
    import optax

    return optax.chain(optax.add_decayed_weights(weight_decay), optax.sgd(learning_rate, momentum))


def rule_of(settings: Settings, method: str) -> Rule:
    """The rule of a method: "sgd" is plain descent, "sam" the rule that the settings name.

    Raises:
        ValueError: No such method, or a rule's name or numbers that `make_rule` refuses.
    """
    if method not in METHODS:
        raise ValueError(f"method = {method!r}; choose sgd, or sam (the rule that the settings name)")
    base = base_of(settings, method)
    if method == "sgd":
        return make_rule("gd", settings.eta, base=base)
    return make_rule(settings.rule.name, settings.eta, base=base, **settings.rule.numbers)


def with_eta(rule: Rule, eta: Any) -> Rule:
    """A rule with another step size; all else as it is."""
    base: Any = rule.base
    assert isinstance(base, Optax)  # all of `base_of`
    return dataclasses.replace(rule, base=dataclasses.replace(base, numbers={**base.numbers, "learning_rate": eta}))
