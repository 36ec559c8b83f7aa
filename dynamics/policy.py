"""When to perturb. A policy is a pytree; `init(dtype)` gives its state, `decide(state, squared_norm, key)` a flag.

Policies that never vary say so in `constant` (True or False), so that nothing is computed for the branch not taken.
`needs_gradient` says whether the decision reads ||g||^2.
"""

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, runtime_checkable

import jax
import jax.numpy as jnp


@runtime_checkable
class Policy(Protocol):
    """See the module's docstring. `constant` is None where the decision varies; `stochastic`: a key is needed."""

    stochastic: ClassVar[bool]
    needs_gradient: ClassVar[bool]

    @property
    def constant(self) -> bool | None: ...

    def init(self, dtype: Any) -> Any: ...

    def decide(self, state: Any, squared_norm: jax.Array, key: Any) -> tuple[Any, Any]: ...


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Constant:
    """Perturb at every step (`constant=True`) or at none (False)."""

    constant: bool = field(default=True, metadata={"static": True})

    stochastic: ClassVar[bool] = False
    needs_gradient: ClassVar[bool] = False

    def init(self, dtype: Any) -> Any:
        return ()

    def decide(self, state: Any, squared_norm: jax.Array, key: Any) -> tuple[Any, Any]:
        return self.constant, state


class Varying:
    """The part that policies share whose decision varies."""

    constant: bool | None = None


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class EveryK(Varying):
    """Perturb at steps 0, k, 2k, ... (LookSAM; Liu et al. 2022). The state is the step within the period."""

    k: Any

    stochastic: ClassVar[bool] = False
    needs_gradient: ClassVar[bool] = False

    def init(self, dtype: Any) -> Any:
        return jnp.zeros((), jnp.int32)

    def decide(self, state: Any, squared_norm: jax.Array, key: Any) -> tuple[Any, Any]:
        following = jnp.where(state + 1 >= jnp.asarray(self.k, jnp.int32), 0, state + 1)
        return state == 0, following.astype(jnp.int32)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Bernoulli(Varying):
    """Perturb with probability p, independently at every step (SS-SAM; Zhao et al. 2022)."""

    p: Any

    stochastic: ClassVar[bool] = True
    needs_gradient: ClassVar[bool] = False

    def init(self, dtype: Any) -> Any:
        return ()

    def decide(self, state: Any, squared_norm: jax.Array, key: Any) -> tuple[Any, Any]:
        # a float32 draw in every precision, so that runs in two precisions perturb at the same steps
        return jax.random.uniform(key, (), jnp.float32) < self.p, state


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class GradientThreshold(Varying):
    """Perturb where ||g||^2 is large for its recent past (AE-SAM; Jiang et al. 2023, Algorithm 1, Eqs. 4-5).

        mu = delta mu + (1 - delta) ||g||^2,    s2 = delta s2 + (1 - delta) (||g||^2 - mu)^2,
        perturb iff ||g||^2 >= mu + c_t sqrt(s2),    c_t = (t / T) lambda_1 + (1 - t / T) lambda_2,

    with the updated mu and s2, from mu = 0 and s2 = `variance` before the first step. The paper prints
    sigma_{-1}^2 = e^{-10}, which may mean exp(-10) = 4.5e-5 or 1e-10; the default is what is printed. It fades as
    delta^t. T is `horizon`; after step T, which the paper never reaches, c_t stays at lambda_1.
    """

    lambda_1: Any
    lambda_2: Any
    horizon: Any
    delta: Any = 0.9
    variance: Any = math.exp(-10)

    stochastic: ClassVar[bool] = False
    needs_gradient: ClassVar[bool] = True

    def init(self, dtype: Any) -> Any:
        return jnp.zeros((), jnp.int32), jnp.zeros((), dtype), jnp.asarray(self.variance, dtype)

    def decide(self, state: Any, squared_norm: jax.Array, key: Any) -> tuple[Any, Any]:
        t, mean, variance = state
        dtype = mean.dtype
        delta, first, last = (jnp.asarray(x, dtype) for x in (self.delta, self.lambda_2, self.lambda_1))
        square = squared_norm.astype(dtype)
        mean = delta * mean + (1 - delta) * square
        variance = delta * variance + (1 - delta) * (square - mean) ** 2
        share = jnp.minimum(t.astype(dtype) / jnp.asarray(self.horizon, dtype), 1)
        threshold = share * last + (1 - share) * first
        # t stops at the horizon, so that a run beyond it can settle on a repeating state
        following = jnp.minimum(t + 1, jnp.asarray(self.horizon, jnp.int32)).astype(jnp.int32)
        return square >= mean + threshold * jnp.sqrt(variance), (following, mean, variance)
