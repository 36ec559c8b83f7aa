"""The base optimiser: what turns a direction into a step.

Plain gradient descent is here; every other base is an optax transformation: one of the named ones below, built from
its own numbers at trace time so that they remain leaves (and can be swept), or any instance that you bring. optax is
imported only when asked for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import jax
import jax.numpy as jnp

from .tree import Params, cast_like, norm_dtype, scale


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

    Updates and state keep the dtypes of the parameters and of the initial state, whatever the numbers' are.

    Attributes:
        factory: ``factory(**numbers, **options) -> optax.GradientTransformation``, e.g. ``optax.adamw``.
        numbers: Keyword arguments that may be swept (leaves).
        options: Keyword arguments that may not (flags, names), as a tuple of pairs.
    """

    factory: Callable[..., Any] = field(metadata={"static": True})
    numbers: Mapping[str, Any]
    options: tuple[tuple[str, Any], ...] = field(default=(), metadata={"static": True})

    def _transformation(self, params: Params) -> Any:
        dtype = norm_dtype(params)
        numbers = {name: jnp.asarray(x, dtype) for name, x in self.numbers.items()}
        return self.factory(**numbers, **dict(self.options))

    def init(self, params: Params) -> Any:
        return self._transformation(params).init(params)

    def update(self, direction: Params, state: Any, params: Params) -> tuple[Params, Any]:
        return _keep_dtypes(self._transformation(params), direction, state, params)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Transformation:
    """An optax transformation as it is, with its own step size or schedule; nothing in it can be swept.

    Attributes:
        transformation: The `optax.GradientTransformation`, e.g. ``optax.chain(optax.clip(1.0), optax.sgd(0.1))``.
        label: What results should call it, since its numbers cannot be read off.
    """

    transformation: Any = field(metadata={"static": True})
    label: str = field(default="optax", metadata={"static": True})

    def init(self, params: Params) -> Any:
        return self.transformation.init(params)

    def update(self, direction: Params, state: Any, params: Params) -> tuple[Params, Any]:
        return _keep_dtypes(self.transformation, direction, state, params)


def _keep_dtypes(transformation: Any, direction: Params, state: Any, params: Params) -> tuple[Params, Any]:
    updates, following = transformation.update(direction, state, params)
    return cast_like(updates, params), cast_like(following, state)


def heavy_ball(eta: Any, momentum: Any = 0.9) -> Optax:
    """v+ = momentum v + d, w+ = w - eta v+ (Polyak 1964)."""
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
