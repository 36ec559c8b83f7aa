"""What to do with the second gradient. A correction is a pytree with state, called with an `Ascent` at every step.

`__call__(state, ascent)` returns (descent direction, state). `needs_gradient` says whether it reads g beside g_adv, and
`smooth` whether the direction is differentiable in w at critical points, given a smooth perturbation.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, Protocol, runtime_checkable

import jax
import jax.numpy as jnp

from .tree import (
    Params,
    add,
    dot,
    inverse_norm,
    multiply,
    norm_dtype,
    scale,
    select,
    squared_norm,
    subtract,
    zeros_like,
)


class Ascent(NamedTuple):
    """What a correction may look at.

    Attributes:
        params: w.
        gradient: g, at w.
        w_adv: The perturbed point; w itself where the step did not perturb.
        gradient_adv: g_adv, at w_adv; g itself where the step did not perturb.
        perturbed: True, False, or a traced flag.
    """

    params: Params
    gradient: Params
    w_adv: Params
    gradient_adv: Params
    perturbed: Any


@runtime_checkable
class Correction(Protocol):
    """See the module's docstring."""

    needs_gradient: ClassVar[bool]
    smooth: ClassVar[bool]

    def init(self, params: Params) -> Any: ...

    def __call__(self, state: Any, ascent: Ascent) -> tuple[Params, Any]: ...


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class UseSecond:
    """Descend along g_adv."""

    needs_gradient: ClassVar[bool] = False
    smooth: ClassVar[bool] = True

    def init(self, params: Params) -> Any:
        return ()

    def __call__(self, state: Any, ascent: Ascent) -> tuple[Params, Any]:
        return ascent.gradient_adv, state


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Renormalise:
    """Descend along (||g|| / (||g_adv|| + epsilon)) g_adv (StableSAM; Tan et al. 2024, Algorithm 1, line 6).

    g_adv = 0 gives no step, whatever g is: it has no direction to rescale.

    Attributes:
        clamp: An upper limit on the factor (None: absent). 1 only ever shortens, which the authors' code offers.
        epsilon: Added to ||g_adv|| (None: absent); 1e-12 in the authors' code.
        weighted: Measure both lengths weight by weight, as || |w| g || and || |w_adv| g_adv ||. The authors' code does
            so for StableASAM; their text has plain norms.
    """

    clamp: Any = None
    epsilon: Any = None
    weighted: bool = field(default=False, metadata={"static": True})

    needs_gradient: ClassVar[bool] = True
    smooth: ClassVar[bool] = False

    def init(self, params: Params) -> Any:
        return ()

    def __call__(self, state: Any, ascent: Ascent) -> tuple[Params, Any]:
        g, g_adv = ascent.gradient, ascent.gradient_adv
        if self.weighted:
            g, g_adv = multiply(ascent.params, g), multiply(ascent.w_adv, g_adv)
        squared = squared_norm(g)
        factor = squared * inverse_norm(squared) * inverse_norm(squared_norm(g_adv), self.epsilon)
        if self.clamp is not None:
            factor = jnp.minimum(factor, jnp.asarray(self.clamp, factor.dtype))
        return select(ascent.perturbed, scale(factor, ascent.gradient_adv), ascent.gradient), state


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class DecomposeAndReuse:
    """Keep the part of g_adv orthogonal to g; add it to g between SAM steps (LookSAM; Liu et al. 2022, Algorithm 1).

        perturbed:  direction g_adv,  g_v = g_adv - (g.g_adv / ||g||^2) g
        otherwise:  direction g + alpha (||g|| / ||g_v||) g_v

    and the same in Jiang et al. (2023), Algorithm 1, lines 8 and 12. Norms and products are over the whole tree; some
    implementations take them tensor by tensor.

    Conventions: before the first perturbed step g_v = 0. A g_v shorter than 8 rounding units of g_adv counts as 0,
    since it has no correct digit and would be stretched to alpha ||g||; in one dimension it always is 0. g = 0 leaves
    g_v = g_adv.
    """

    alpha: Any

    needs_gradient: ClassVar[bool] = True
    smooth: ClassVar[bool] = False

    def init(self, params: Params) -> Any:
        return zeros_like(params)

    def __call__(self, state: Any, ascent: Ascent) -> tuple[Params, Any]:
        g, g_adv = ascent.gradient, ascent.gradient_adv
        orthogonal = reject(g_adv, g)
        unit = max(float(jnp.finfo(x.dtype).eps) for x in jax.tree.leaves(g))
        real = squared_norm(orthogonal) > (8 * unit) ** 2 * squared_norm(g_adv)
        orthogonal = select(real, orthogonal, zeros_like(orthogonal))
        squared = squared_norm(g)
        ratio = squared * inverse_norm(squared) * inverse_norm(squared_norm(state))
        reused = add(g, scale(jnp.asarray(self.alpha, ratio.dtype) * ratio, state))
        return select(ascent.perturbed, g_adv, reused), select(ascent.perturbed, orthogonal, state)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class SurrogateGap:
    """Descend along g_adv - alpha g_perp, g_perp the part of g orthogonal to g_adv (GSAM; Zhuang et al. 2022, Alg. 1).

    The paper moves rho with the learning rate; here both are what they are given as. g_adv = 0 leaves g_perp = g.
    """

    alpha: Any

    needs_gradient: ClassVar[bool] = True
    smooth: ClassVar[bool] = False

    def init(self, params: Params) -> Any:
        return ()

    def __call__(self, state: Any, ascent: Ascent) -> tuple[Params, Any]:
        orthogonal = reject(ascent.gradient, ascent.gradient_adv)
        return subtract(ascent.gradient_adv, scale(self.alpha, orthogonal)), state


def reject(a: Params, b: Params) -> Params:
    """The part of `a` orthogonal to `b`; `a` itself where `b` is zero."""
    squared = squared_norm(b)
    tiny = jnp.asarray(jnp.finfo(norm_dtype(b)).tiny, squared.dtype)
    share = jnp.where(squared < tiny, 0, dot(a, b) / jnp.where(squared < tiny, 1, squared))
    return subtract(a, scale(share, b))


def cosine(a: Params, b: Params) -> jax.Array:
    """The cosine of the angle between two trees, in [-1, 1]; 0 where one of them is zero."""
    return jnp.clip(dot(a, b) * inverse_norm(squared_norm(a)) * inverse_norm(squared_norm(b)), -1, 1)
