"""What can be recorded along a trajectory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from ..landscapes.calculus import sharpness
from ..landscapes.landscape import Landscape
from .rule import Step

Extra = Callable[[Landscape, jax.Array], jax.Array]
"""A quantity of one's own: ``(landscape, w) -> scalar or vector``, w of shape (d,)."""


@dataclass(frozen=True)
class Observable:
    """A quantity of a point w and of the step taken from there.

    Attributes:
        long_name: For people, and for the axes of plots.
        value: ``(landscape, w, step)``, with w as a vector (d,) -> a scalar, or a vector (d,).
        by_coordinate: Whether it is a vector (d,).
    """

    long_name: str
    value: Callable[[Any, jax.Array, Step], jax.Array]
    by_coordinate: bool = False


def vector(params: Any) -> jax.Array:
    """Parameters in either layout (a vector, or a tuple of scalars) as a vector (d,)."""
    return jnp.stack(params) if isinstance(params, tuple) else params


OBSERVABLES: Mapping[str, Observable] = {
    "w": Observable("iterate", lambda landscape, w, step: w, True),
    "w_adv": Observable("perturbed point", lambda landscape, w, step: vector(step.w_adv), True),
    "loss": Observable("loss at w on the step's batch", lambda landscape, w, step: step.diagnostics.loss),
    "gradient_norm": Observable("||g||, at w", lambda landscape, w, step: step.diagnostics.gradient_norm),
    "gradient_adv_norm": Observable(
        "||g_adv||, at w_adv", lambda landscape, w, step: step.diagnostics.gradient_adv_norm
    ),
    "cosine": Observable("cosine of the angle between g and g_adv", lambda landscape, w, step: step.diagnostics.cosine),
    "perturbed": Observable("whether the step perturbs", lambda landscape, w, step: step.diagnostics.perturbed),
    "evaluations": Observable("gradients the step needs", lambda landscape, w, step: step.diagnostics.evaluations),
    "full_loss": Observable("loss at w on all examples", lambda landscape, w, step: landscape.value(w)),
    "sharpness": Observable("largest Hessian eigenvalue at w", lambda landscape, w, step: sharpness(landscape, w)),
}
DEFAULT = ("w", "w_adv", "loss", "gradient_norm", "gradient_adv_norm", "cosine", "perturbed", "evaluations")


def observe(
    names: tuple[str, ...], extra: tuple[tuple[str, Extra], ...], landscape: Landscape, step: Step, params: Any
) -> dict[str, jax.Array]:
    """The named quantities at `params`, from which `step` was taken."""
    w = vector(params)
    seen = {name: OBSERVABLES[name].value(landscape, w, step) for name in names}
    return seen | {name: jnp.asarray(function(landscape, w)) for name, function in extra}
