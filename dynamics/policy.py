"""When to perturb. A policy is a pytree; `init()` gives its state, `decide(state, squared_norm, key)` a flag.

Policies that never vary say so in `constant` (True or False), so that nothing is computed for the branch not taken.
"""

from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import jax
import jax.numpy as jnp


@runtime_checkable
class Policy(Protocol):
    """See the module's docstring. `constant` is None where the decision varies; `stochastic`: a key is needed."""

    constant: bool | None
    stochastic: bool

    def init(self, dtype: Any) -> Any: ...

    def decide(self, state: Any, squared_norm: jax.Array, key: Any) -> tuple[Any, Any]: ...


def _static(default: Any) -> Any:
    return field(default=default, metadata={"static": True})


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Constant:
    """Perturb at every step (`constant=True`) or at none (False)."""

    constant: bool | None = _static(True)
    stochastic: bool = _static(False)

    def init(self, dtype: Any) -> Any:
        return ()

    def decide(self, state: Any, squared_norm: jax.Array, key: Any) -> tuple[Any, Any]:
        return self.constant, state


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class EveryK:
    """Perturb at steps 0, k, 2k, ... (LookSAM; Liu et al. 2022)."""

    k: Any
    constant: bool | None = _static(None)
    stochastic: bool = _static(False)

    def init(self, dtype: Any) -> Any:
        return jnp.zeros((), jnp.int32)

    def decide(self, state: Any, squared_norm: jax.Array, key: Any) -> tuple[Any, Any]:
        phase = state
        nxt = jnp.where(phase + 1 >= jnp.asarray(self.k, jnp.int32), 0, phase + 1).astype(jnp.int32)
        return phase == 0, nxt


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Bernoulli:
    """Perturb with probability p, independently at every step (SS-SAM; Zhao et al. 2022)."""

    p: Any
    constant: bool | None = _static(None)
    stochastic: bool = _static(True)

    def init(self, dtype: Any) -> Any:
        return ()

    def decide(self, state: Any, squared_norm: jax.Array, key: Any) -> tuple[Any, Any]:
        return jax.random.bernoulli(key, self.p), state


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class GradientThreshold:
    """Perturb where ||g||^2 is large for its recent past (AE-SAM; Jiang et al. 2023, Algorithm 1, Eqs. 4-5).

        mu = delta mu + (1 - delta) ||g||^2,    s2 = delta s2 + (1 - delta) (||g||^2 - mu)^2,
        perturb iff ||g||^2 >= mu + c_t sqrt(s2),    c_t = (t / T) lambda_1 + (1 - t / T) lambda_2,

    with the updated mu and s2, from mu = 0 and s2 = exp(-10), as printed. After step T, c_t stays at lambda_1.
    """

    lambda_1: Any
    lambda_2: Any
    horizon: Any
    delta: Any = 0.9
    constant: bool | None = _static(None)
    stochastic: bool = _static(False)

    def init(self, dtype: Any) -> Any:
        return jnp.zeros((), jnp.int32), jnp.zeros((), dtype), jnp.asarray(jnp.exp(-10.0), dtype)

    def decide(self, state: Any, squared_norm: jax.Array, key: Any) -> tuple[Any, Any]:
        t, mean, variance = state
        delta = jnp.asarray(self.delta, mean.dtype)
        mean = delta * mean + (1 - delta) * squared_norm.astype(mean.dtype)
        variance = delta * variance + (1 - delta) * (squared_norm - mean) ** 2
        share = jnp.minimum(t / self.horizon, 1).astype(mean.dtype)
        threshold = share * self.lambda_1 + (1 - share) * self.lambda_2
        # t stops at the horizon, so that a run beyond it can settle on a repeating state
        following = jnp.minimum(t + 1, jnp.asarray(self.horizon, jnp.int32)).astype(jnp.int32)
        flag = squared_norm >= mean + (threshold * jnp.sqrt(variance)).astype(mean.dtype)
        return flag, (following, mean, variance.astype(mean.dtype))
