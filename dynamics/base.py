"""The base optimiser: what turns a direction into a step.

Plain gradient descent is here; every other base is an optax transformation, built from its own numbers at trace time
so that they remain leaves (and can be swept), and imported only when asked for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import jax

from .tree import Params, scale


@runtime_checkable
class Base(Protocol):
    """`init(params)` gives the state; `update(direction, state, params)` the change of the parameters and the state."""

    def init(self, params: Params) -> Any: ...

    def update(self, direction: Params, state: Any, params: Params) -> tuple[Params, Any]: ...


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class SGD:
    """w+ = w - eta d."""

    eta: Any

    def init(self, params: Params) -> Any:
        return ()

    def update(self, direction: Params, state: Any, params: Params) -> tuple[Params, Any]:
        return scale(-self.eta, direction), state


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Optax:
    """Any optax transformation, as a factory with its numbers apart.

    Attributes:
        factory: ``factory(**numbers, **options) -> optax.GradientTransformation``, e.g. ``optax.adamw``.
        numbers: Keyword arguments that may be swept (leaves).
        options: Keyword arguments that may not (flags, names), as a tuple of pairs.
    """

    factory: Callable[..., Any] = field(metadata={"static": True})
    numbers: Mapping[str, Any]
    options: tuple[tuple[str, Any], ...] = field(default=(), metadata={"static": True})

    def _transformation(self) -> Any:
        return self.factory(**self.numbers, **dict(self.options))

    def init(self, params: Params) -> Any:
        return self._transformation().init(params)

    def update(self, direction: Params, state: Any, params: Params) -> tuple[Params, Any]:
        updates, state = self._transformation().update(direction, state, params)
        return updates, state


def heavy_ball(eta: Any, momentum: Any = 0.9) -> Optax:
    """v+ = momentum v + d, w+ = w - eta v+ (Polyak)."""
    import optax

    return Optax(optax.sgd, {"learning_rate": eta, "momentum": momentum})


def nesterov(eta: Any, momentum: Any = 0.9) -> Optax:
    """v+ = momentum v + d, w+ = w - eta (d + momentum v+) (Nesterov, in the form of Sutskever et al. 2013)."""
    import optax

    return Optax(optax.sgd, {"learning_rate": eta, "momentum": momentum}, (("nesterov", True),))


def adamw(eta: Any, b1: Any = 0.9, b2: Any = 0.999, eps: Any = 1e-8, weight_decay: Any = 0.0) -> Optax:
    """AdamW (Loshchilov & Hutter 2019) as in optax; `weight_decay` = 0 is Adam."""
    import optax

    return Optax(optax.adamw, {"learning_rate": eta, "b1": b1, "b2": b2, "eps": eps, "weight_decay": weight_decay})


BASES: Mapping[str, Callable[..., Base]] = {"sgd": SGD, "heavy_ball": heavy_ball, "nesterov": nesterov, "adamw": adamw}
