"""How to perturb: the displacement from w to w_adv, given the gradient at w.

Each perturbation is a pytree whose numbers are leaves; `__call__(params, gradient, key)` returns a tree like the
parameters. A zero gradient gives a zero displacement. `epsilon` (None: absent) is added to the norm that divides;
published implementations differ (0, 1e-12, 1e-16), so it is explicit here.
"""

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

import jax
import jax.numpy as jnp

from .tree import Params, dot, inverse_norm, scale, squared_norm, zeros_like

InnerBatch = Literal["same", "independent", "full"]
"""On which examples the perturbation's gradient is taken: those of the update, fresh ones, or all."""


@runtime_checkable
class Perturbation(Protocol):
    """See the module's docstring. `stochastic` says whether a key is needed."""

    stochastic: bool

    def __call__(self, params: Params, gradient: Params, key: Any) -> Params: ...


def _static(default: Any) -> Any:
    return field(default=default, metadata={"static": True})


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class NoPerturbation:
    """w_adv = w."""

    stochastic: bool = _static(False)

    def __call__(self, params: Params, gradient: Params, key: Any) -> Params:
        return zeros_like(params)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Unnormalised:
    """w_adv = w + rho g (USAM; Andriushchenko & Flammarion 2022, Eq. 8)."""

    rho: Any
    stochastic: bool = _static(False)

    def __call__(self, params: Params, gradient: Params, key: Any) -> Params:
        return scale(self.rho, gradient)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Normalised:
    """w_adv = w + rho g / (||g|| + epsilon) (SAM; Foret et al. 2021, Eq. 2)."""

    rho: Any
    epsilon: Any = None
    stochastic: bool = _static(False)

    def __call__(self, params: Params, gradient: Params, key: Any) -> Params:
        return scale(self.rho * inverse_norm(squared_norm(gradient), self.epsilon), gradient)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Adaptive:
    """w_adv = w + rho T^2 g / (||T g|| + epsilon) with T = diag(|w| + eta_w) (ASAM; Kwon et al. 2021, Eq. 6).

    `floor` is the eta of the authors' code, which keeps small weights moving (0.01 there; 0 in the paper's formula).
    """

    rho: Any
    floor: Any = 0.0
    epsilon: Any = None
    stochastic: bool = _static(False)

    def __call__(self, params: Params, gradient: Params, key: Any) -> Params:
        size = jax.tree.map(lambda w: jnp.abs(w) + jnp.asarray(self.floor, w.dtype), params)
        scaled = jax.tree.map(jnp.multiply, size, gradient)
        factor = self.rho * inverse_norm(squared_norm(scaled), self.epsilon)
        return scale(factor, jax.tree.map(jnp.multiply, size, scaled))


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class RandomDirection:
    """w_adv = w + rho u, u uniform on the unit sphere: the control experiment for the ascent direction."""

    rho: Any
    stochastic: bool = _static(True)

    def __call__(self, params: Params, gradient: Params, key: Any) -> Params:
        leaves, structure = jax.tree.flatten(params)
        keys = jax.random.split(key, len(leaves))
        noise = [jax.random.normal(k, jnp.shape(x), x.dtype) for k, x in zip(keys, leaves, strict=True)]
        u = jax.tree.unflatten(structure, noise)
        return scale(self.rho * inverse_norm(squared_norm(u)), u)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class RandomSubset:
    """w_adv = w + rho (m / keep) g / ||g||, each m_i ~ Bernoulli(keep): ESAM's stochastic weight perturbation.

    Du et al. (2022), Algorithm 1: the weights outside the random subset stay put, the others move further by 1/keep.
    """

    rho: Any
    keep: Any
    epsilon: Any = None
    stochastic: bool = _static(True)

    def __call__(self, params: Params, gradient: Params, key: Any) -> Params:
        leaves, structure = jax.tree.flatten(gradient)
        keys = jax.random.split(key, len(leaves))
        kept = [
            jnp.where(jax.random.bernoulli(k, self.keep, jnp.shape(x)), x / jnp.asarray(self.keep, x.dtype), 0)
            for k, x in zip(keys, leaves, strict=True)
        ]
        factor = self.rho * inverse_norm(squared_norm(gradient), self.epsilon)
        return scale(factor, jax.tree.unflatten(structure, kept))


def cosine(a: Params, b: Params) -> jax.Array:
    """The cosine of the angle between two trees; 0 where one of them is zero."""
    return dot(a, b) * inverse_norm(squared_norm(a)) * inverse_norm(squared_norm(b))
