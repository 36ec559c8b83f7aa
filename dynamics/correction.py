"""What to do with the second gradient. A correction is a pytree with state, called at every step.

`__call__(state, perturbed, gradient, gradient_adv)` returns (descent direction, state). `perturbed` is True, False or
a traced flag; where it is False, `gradient_adv` equals `gradient`.
"""

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import jax
import jax.numpy as jnp

from .tree import Params, add, dot, inverse_norm, scale, select, squared_norm, subtract, zeros_like


@runtime_checkable
class Correction(Protocol):
    """See the module's docstring."""

    def init(self, params: Params) -> Any: ...

    def __call__(
        self, state: Any, perturbed: Any, gradient: Params, gradient_adv: Params
    ) -> tuple[Params, Any]: ...


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class UseSecond:
    """Descend along g_adv."""

    def init(self, params: Params) -> Any:
        return ()

    def __call__(self, state: Any, perturbed: Any, gradient: Params, gradient_adv: Params) -> tuple[Params, Any]:
        return gradient_adv, state


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Renormalise:
    """Descend along (||g|| / ||g_adv||) g_adv (StableSAM; Tan et al. 2024, Algorithm 1, line 6).

    `clamp` (None: absent) is an upper limit on the factor; 1 only ever shortens.
    """

    clamp: Any = None

    def init(self, params: Params) -> Any:
        return ()

    def __call__(self, state: Any, perturbed: Any, gradient: Params, gradient_adv: Params) -> tuple[Params, Any]:
        squared = squared_norm(gradient)
        factor = squared * inverse_norm(squared) * inverse_norm(squared_norm(gradient_adv))
        if self.clamp is not None:
            factor = jnp.minimum(factor, jnp.asarray(self.clamp, factor.dtype))
        return scale(factor, gradient_adv), state


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class DecomposeAndReuse:
    """Keep the part of g_adv orthogonal to g, and add it to g between SAM steps (LookSAM; Liu et al. 2022).

        SAM step:   direction g_adv,  g_v = g_adv - (g.g_adv / ||g||^2) g
        otherwise:  direction g + alpha (||g|| / ||g_v||) g_v

    Jiang et al. (2023), Algorithm 1, lines 8 and 12. Before the first SAM step g_v = 0.
    """

    alpha: Any

    def init(self, params: Params) -> Any:
        return zeros_like(params)

    def __call__(self, state: Any, perturbed: Any, gradient: Params, gradient_adv: Params) -> tuple[Params, Any]:
        squared = squared_norm(gradient)
        share = jnp.where(squared == 0, 0, dot(gradient, gradient_adv) / jnp.where(squared == 0, 1, squared))
        orthogonal = subtract(gradient_adv, scale(share, gradient))
        ratio = squared * inverse_norm(squared) * inverse_norm(squared_norm(state))
        reused = add(gradient, scale(self.alpha * ratio, state))
        return select(perturbed, gradient_adv, reused), select(perturbed, orthogonal, state)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class SurrogateGap:
    """Descend along g_adv - alpha g_perp, g_perp the part of g orthogonal to g_adv (GSAM; Zhuang et al. 2022, Alg. 1)."""

    alpha: Any

    def init(self, params: Params) -> Any:
        return ()

    def __call__(self, state: Any, perturbed: Any, gradient: Params, gradient_adv: Params) -> tuple[Params, Any]:
        squared = squared_norm(gradient_adv)
        share = jnp.where(squared == 0, 0, dot(gradient, gradient_adv) / jnp.where(squared == 0, 1, squared))
        orthogonal = subtract(gradient, scale(share, gradient_adv))
        return subtract(gradient_adv, scale(self.alpha, orthogonal)), state
