"""How to perturb: the displacement from w to w_adv.

Each perturbation is a pytree whose numbers are leaves; called with a `Point`, it returns a tree like the parameters.
A zero gradient gives a zero displacement (to the rules that follow the gradient). `epsilon` (None: absent) is added to
the norm that divides; published implementations differ (0, 1e-16, 1e-12, 1e-7), so it is explicit here.

Every perturbation says three things of itself: `stochastic`, whether it draws from the key; `needs_gradient`, whether
it reads the gradient at w; and `smooth`, whether the displacement is a differentiable function of w at critical points.
SAM's is not: it jumps by rho there, and what automatic differentiation returns (rho H / 1.5e-154 in float64) says so
without being a derivative.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple, Protocol, runtime_checkable

import jax
import jax.numpy as jnp

from .tree import Params, inverse_norm, multiply, norm_dtype, scale, size, split_like, squared_norm, zeros_like

InnerBatch = Literal["same", "independent", "previous", "full"]
"""On which examples the perturbation's gradient is taken: those of the update, fresh ones, the last step's, or all."""


class Point(NamedTuple):
    """What a perturbation may look at.

    Attributes:
        params: w.
        gradient: The gradient at w, on the perturbation's batch.
        key: A fresh key for a stochastic perturbation, else None or unused.
        gradient_at: The gradient anywhere else on the same batch, for an ascent of several steps.
    """

    params: Params
    gradient: Params
    key: Any
    gradient_at: Callable[[Params], Params]


@runtime_checkable
class Perturbation(Protocol):
    """See the module's docstring."""

    stochastic: ClassVar[bool]
    needs_gradient: ClassVar[bool]
    smooth: ClassVar[bool]

    def __call__(self, point: Point) -> Params: ...


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class NoPerturbation:
    """w_adv = w."""

    stochastic: ClassVar[bool] = False
    needs_gradient: ClassVar[bool] = False
    smooth: ClassVar[bool] = True

    def __call__(self, point: Point) -> Params:
        return zeros_like(point.params)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Unnormalised:
    """w_adv = w + rho g (USAM; Andriushchenko & Flammarion 2022, Eq. 8).

    `ball` (None: absent) is an upper limit on the displacement's length, to which a longer one is shortened. The
    authors' code of their networks has it, at rho, so that it differs from their text where ||g|| > 1.
    """

    rho: Any
    ball: Any = None

    stochastic: ClassVar[bool] = False
    needs_gradient: ClassVar[bool] = True
    smooth: ClassVar[bool] = True

    def __call__(self, point: Point) -> Params:
        if self.ball is None:
            return scale(self.rho, point.gradient)
        squared = squared_norm(point.gradient)
        rho, ball = (jnp.asarray(x, squared.dtype) for x in (self.rho, self.ball))
        return scale(jnp.minimum(rho, ball * inverse_norm(squared)), point.gradient)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Normalised:
    """w_adv = w + rho g / (||g|| + epsilon) (SAM; Foret et al. 2021, Eq. 2, where epsilon is absent)."""

    rho: Any
    epsilon: Any = None

    stochastic: ClassVar[bool] = False
    needs_gradient: ClassVar[bool] = True
    smooth: ClassVar[bool] = False

    def __call__(self, point: Point) -> Params:
        squared = squared_norm(point.gradient)
        return scale(jnp.asarray(self.rho, squared.dtype) * inverse_norm(squared, self.epsilon), point.gradient)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Adaptive:
    """w_adv = w + rho T^2 g / (||T g|| + epsilon), T = diag(|w| + floor) (ASAM; Kwon et al. 2021).

    `floor` is the paper's and the authors' eta, 0.01 there, which lets small weights move; 0 in most other codes. The
    authors' code takes T = 1 for biases and normalisation weights; here every leaf is scaled.
    """

    rho: Any
    floor: Any = 0.0
    epsilon: Any = None

    stochastic: ClassVar[bool] = False
    needs_gradient: ClassVar[bool] = True
    smooth: ClassVar[bool] = False

    def __call__(self, point: Point) -> Params:
        t = jax.tree.map(lambda w: jnp.abs(w) + jnp.asarray(self.floor, w.dtype), point.params)
        scaled = multiply(t, point.gradient)
        squared = squared_norm(scaled)
        return scale(jnp.asarray(self.rho, squared.dtype) * inverse_norm(squared, self.epsilon), multiply(t, scaled))


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class RandomDirection:
    """w_adv = w + rho u, u uniform on the unit sphere: the control experiment for the ascent direction.

    u is one Gaussian vector drawn for the whole tree, so that its arrangement in leaves does not matter.
    """

    rho: Any

    stochastic: ClassVar[bool] = True
    needs_gradient: ClassVar[bool] = False
    smooth: ClassVar[bool] = True

    def __call__(self, point: Point) -> Params:
        dtype = norm_dtype(point.params)
        u = jax.random.normal(point.key, (size(point.params),), dtype)
        return split_like(jnp.asarray(self.rho, dtype) * inverse_norm(squared_norm(u)) * u, point.params)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class RandomSubset:
    """w_adv = w + (rho / keep) m g / (||g|| + epsilon), m_i ~ Bernoulli(keep): ESAM's stochastic weight perturbation.

    Du et al. (2022): the weights outside the random subset stay put, the others move further by 1/keep, so that the
    mean displacement is SAM's. The authors' code draws one m per tensor and leaves frozen tensors out of the norm. Here
    the m_i are independent, drawn as one vector for the whole tree, and ||g|| is that of the full gradient, as in the
    paper.
    """

    rho: Any
    keep: Any
    epsilon: Any = None

    stochastic: ClassVar[bool] = True
    needs_gradient: ClassVar[bool] = True
    smooth: ClassVar[bool] = False

    def __call__(self, point: Point) -> Params:
        g = point.gradient
        squared = squared_norm(g)
        share = jnp.asarray(self.keep, squared.dtype)
        # float32 draws in every precision, so that runs in two precisions leave out the same weights
        kept = jax.random.uniform(point.key, (size(g),), jnp.float32) < share
        factor = jnp.asarray(self.rho, squared.dtype) / share * inverse_norm(squared, self.epsilon)
        return multiply(split_like(kept, g), scale(factor, g))
