"""The stochastic differential equations of SAM: drift and noise at a state.

Overdamped (Kim et al. 2023, Eq. 11), in Ito's sense, as the Fokker-Planck equation 20 says:

    dw = -grad L(w^p) dt + [eta C(w^p)]^(1/2) dW,    w^p = w + rho grad L(w),    C = Sigma / B

With momentum (proof of Theorem 3), phi = (1 - gamma) / eta, M = eta / (1 - tau):

    dw = v dt,    dv = -phi v dt - M^-1 grad L(w^p) dt + M^-1 [eta C(w^p)]^(1/2) dW

References:
    [1] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Equations 11, 20-24; Theorem 3.
"""

from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp

from ..landscapes.landscape import Landscape
from .spectral import multiply
from .tree import Params, add, scale, zeros_like
from .vector_field import composed_velocity, perturbed, velocity


def _static() -> Any:
    return field(metadata={"static": True})


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Overdamped:
    """Eq. 11 and its readings.

    Attributes:
        landscape: L.
        covariance: A model of Sigma (see `covariance`).
        rho: Radius.
        amplitude: sqrt(eta / B), the noise's factor.
        kind: "gradient", "usam" or "sam".
        composed: Whether the drift is -grad_w [L(w^p(w))] rather than -grad L at w^p.
        at_w: Whether Sigma is taken at w rather than at w^p.
    """

    landscape: Landscape
    covariance: Any
    rho: Any
    amplitude: Any
    kind: str = _static()
    composed: bool = _static()
    at_w: bool = _static()

    @property
    def additive(self) -> bool:
        """Whether the noise does not depend on the state."""
        return self.covariance.additive

    def start(self, w: Params) -> Params:
        """The state at time 0."""
        return w

    def position(self, state: Params) -> Params:
        """w of a state."""
        return state

    def drift(self, state: Params) -> Params:
        """The dt part, like the state."""
        field_of = composed_velocity if self.composed else velocity
        return field_of(self.landscape, self.kind, self.rho, state)

    def spread(self, state: Params, xi: Params, factor: Any = 1.0) -> Params:
        """The dW part: factor [eta C]^(1/2) xi, like the state; `xi` has one entry per coordinate of w."""
        if self.additive:
            # numbers that are the same in every step are multiplied first, once
            return multiply(scale(factor * self.amplitude, self.covariance.root(self.landscape, state)), xi)
        w = state if self.at_w else perturbed(self.landscape, self.kind, self.rho, state)
        return scale(factor * self.amplitude, multiply(self.covariance.root(self.landscape, w), xi))


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Underdamped:
    """The same with inertia; a state is the pair (w, v), at rest at time 0.

    Attributes:
        force: What drives the velocity, times the mass.
        friction: phi, per time.
        inverse_mass: 1 / M, per time.
    """

    force: Overdamped
    friction: Any
    inverse_mass: Any

    @property
    def additive(self) -> bool:
        return self.force.additive

    def start(self, w: Params) -> tuple[Params, Params]:
        return w, zeros_like(w)

    def position(self, state: tuple[Params, Params]) -> Params:
        return state[0]

    def drift(self, state: tuple[Params, Params]) -> tuple[Params, Params]:
        w, v = state
        return v, add(scale(-self.friction, v), scale(self.inverse_mass, self.force.drift(w)))

    def spread(self, state: tuple[Params, Params], xi: Params, factor: Any = 1.0) -> tuple[Params, Params]:
        w, _ = state
        return zeros_like(w), self.force.spread(w, xi, factor * self.inverse_mass)


def ito_correction(sde: Any, state: Any, dimension: int) -> Any:
    """-1/2 sum_k (dG_k) G_k: what to add to the Ito drift for a scheme that converges to Stratonovich's integral.

    G_k is the k-th column of the noise matrix. Zero for additive noise; not finite where Sigma is singular, because
    Sigma^(1/2) has no derivative there.
    """
    if sde.additive:
        return zeros_like(state)
    dtype = jax.tree.leaves(state)[0].dtype

    def one(direction: jax.Array) -> Any:
        column = sde.spread(state, direction)
        return jax.jvp(lambda s: sde.spread(s, direction), (state,), (column,))[1]

    return jax.tree.map(lambda x: -jnp.sum(x, axis=0) / 2, jax.vmap(one)(jnp.eye(dimension, dtype=dtype)))
