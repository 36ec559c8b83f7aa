"""The motion a portrait shows: a rule's map or its flow, as functions of many points at once.

    map    w+ = F(w),  F one step of the rule from rest;      velocity v(w) = (F(w) - w) / eta
    flow   dw/dt = v(w), the rule's limit for small eta;      without a rule, v = -grad L

Notes:
    Rescaling the second gradient (StableSAM) changes the speed along an orbit of the flow and not the orbit. So the
    flow is taken without it: v is then smooth wherever the gradient does not vanish.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import jax
import numpy as np

from ..dynamics.correction import Renormalise, UseSecond
from ..dynamics.objective import Batches, objective_of
from ..dynamics.rule import UpdateRule
from ..dynamics.trajectories import trajectories
from ..landscapes.landscape import Landscape

SIZES = (1, 64, 1024, 65536)
"""Numbers of points that are compiled for; others are padded to the next."""
ANGLES = (np.arange(360) + 0.5) * np.pi / 180
"""Directions a degree apart, none of them along an axis."""
CIRCLE = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)
"""The unit vectors in these directions."""


Window = tuple[tuple[float, float], ...]
"""((low, high), ...), a pair per coordinate: what is looked at."""


class Motion(NamedTuple):
    """Velocity, image F(w) and w_adv at N points, each of shape (N, d)."""

    velocity: np.ndarray
    image: np.ndarray
    w_adv: np.ndarray


def window_of(landscape: Any, window: Sequence[Sequence[float]] | None) -> Window:
    """The window as two pairs of floats; by default the landscape's domain, or (-2, 2) each.

    Raises:
        ValueError: Not one pair (low, high) with low < high per coordinate.
    """
    given = window if window is not None else getattr(landscape, "domain", ()) or ((-2.0, 2.0),) * landscape.dimension
    try:
        sides = np.array(given, float)
    except (TypeError, ValueError):
        sides = np.zeros(0)
    if sides.shape != (landscape.dimension, 2) or not np.isfinite(sides).all() or (sides[:, 0] >= sides[:, 1]).any():
        raise ValueError(
            f"portrait: window must be {landscape.dimension} pairs (low, high) with low < high, got {given!r}"
        )
    return tuple((float(low), float(high)) for low, high in zip(sides[:, 0], sides[:, 1]))


@dataclass(frozen=True)
class Field:
    """A landscape under a rule.

    Attributes:
        landscape: What is descended.
        rule: The rule; None: gradient flow.
        flow: Whether the motion is the flow (always so without a rule) or the map.
        step_size: eta where the rule's base says it, else 1: velocities are then displacements.
    Raises:
        ValueError: The rule draws random numbers, so that its motion is no function of w.
    """

    landscape: Landscape
    rule: UpdateRule | None = None
    flow: bool = False
    step_size: float = field(init=False, default=1.0)

    def __post_init__(self) -> None:
        rule = self.rule
        if rule is None:
            object.__setattr__(self, "flow", True)
            return
        if rule.stochastic:
            raise ValueError(
                f"{rule.name} draws random numbers, so its step is no function of w alone: choose a deterministic rule"
            )
        object.__setattr__(self, "step_size", float(getattr(getattr(rule, "base", None), "eta", 1.0)))
        if self.flow and isinstance(getattr(rule, "correction", None), Renormalise):
            object.__setattr__(self, "rule", replace(rule, correction=UseSecond()))  # type: ignore[type-var]

    @property
    def memoryless(self) -> bool:
        """Whether the rule carries nothing from step to step, so that its map is one of w alone."""
        w = np.zeros(self.landscape.dimension)
        return self.rule is None or not jax.tree.leaves(jax.eval_shape(self.rule.init, w))

    def motion(self, w: np.ndarray) -> Motion:
        """Velocity, image and w_adv at the points `w`, shape (N, d); the image of a gradient flow is `w` itself."""
        return Motion(*_in_sizes(_motion, self, np.asarray(w, float)))

    def velocity(self, w: np.ndarray) -> np.ndarray:
        """Velocities at the points `w`, shape (N, d)."""
        return self.motion(w).velocity

    def orbits(self, starts: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Iterates of the rule, state and all, and their w_adv: both of shape (N, steps + 1, d)."""
        found = trajectories(self.landscape, self.rule, starts, steps, observables=("w", "w_adv"))
        return found["w"], found["w_adv"]

    def jacobian(self, w: np.ndarray) -> np.ndarray:
        """Dv at the points `w`, shape (N, d, d). That of the map is I + eta Dv."""
        return _in_sizes(_jacobian, self, np.asarray(w, float))[0]

    def multipliers(self, rates: np.ndarray) -> np.ndarray:
        """What a perturbation along eigenvectors of Dv is multiplied by: 1 + eta lambda in one step of the map,
        exp(lambda) in unit time of the flow."""
        return np.exp(rates) if self.flow else 1 + self.step_size * rates


@jax.jit
def _motion(landscape: Any, rule: Any, step_size: Any, w: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
    objective = objective_of(landscape)

    def one(point: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        if rule is None:
            return -jax.grad(landscape.value)(point), point, point
        step = rule.step(objective, point, rule.init(point), Batches())
        return (step.params - point) / step_size, step.params, step.w_adv

    return jax.vmap(one)(w)


@jax.jit
def _jacobian(landscape: Any, rule: Any, step_size: Any, w: jax.Array) -> tuple[jax.Array]:
    def velocity(point: jax.Array) -> jax.Array:
        return _motion(landscape, rule, step_size, point[None])[0][0]

    return (jax.vmap(jax.jacfwd(velocity))(w),)


def _in_sizes(function: Any, moved: Field, w: np.ndarray) -> list[np.ndarray]:
    """`function` at N points, computed in blocks of the sizes that it is compiled for."""
    blocks = []
    for begin in range(0, max(len(w), 1), SIZES[-1]):
        block = w[begin : begin + SIZES[-1]]
        size = next(size for size in SIZES if size >= len(block))
        padded = np.zeros((size, w.shape[1]))
        padded[: len(block)] = block
        parts = function(moved.landscape, moved.rule, moved.step_size, padded)
        blocks.append([np.asarray(part)[: len(block)] for part in parts])
    return [np.concatenate(parts) for parts in zip(*blocks)]
