"""Where a motion in the plane rests, and what it does nearby.

Critical points of the loss are equilibria of every rule. A rule that perturbs has others: SAM rests wherever its w_adv
is a critical point. They matter: their stable manifolds bound the region from which a saddle of the loss captures SAM.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .field import ANGLES, CIRCLE, Field, Window

NEUTRAL = 1e-7
"""Multipliers this close to the unit circle do not decide."""
Behaviour = Literal["attracts", "repels", "saddle", "neutral", "mixed"]


@dataclass(frozen=True)
class Equilibrium:
    """A point of rest.

    Attributes:
        location: Shape (2,).
        behaviour: Of the motion nearby: "attracts", "repels", "saddle" (in one direction each), "neutral" (a multiplier
            on the unit circle); "mixed" where the motion is not differentiable and does not simply attract or repel.
        critical: Whether the loss's gradient vanishes there.
        rates: Eigenvalues of Dv, shape (2,); NaN where the motion is not differentiable.
        directions: Their eigenvectors, as columns.
    """

    location: np.ndarray
    behaviour: Behaviour
    critical: bool
    rates: np.ndarray
    directions: np.ndarray


def equilibria(moved: Field, window: Window, critical: np.ndarray, starts: int = 24) -> list[Equilibrium]:
    """The equilibria in a window: the critical points given, and those of the rule that Newton's method finds.

    Args:
        moved: The motion.
        window: Where to look.
        critical: Critical points of the loss, shape (N, 2).
        starts: Newton's method starts from a grid of this many points squared.
    Returns:
        Critical points first, in the order given.
    """
    low, high = np.array(window).T
    reach = float(np.linalg.norm(high - low))
    found = [describe(moved, point, True, reach) for point in critical]
    if moved.rule is None:
        return found
    grid = np.stack(np.meshgrid(*np.linspace(low, high, starts).T), axis=-1).reshape(-1, 2)
    typical = float(np.nanmedian(np.linalg.norm(moved.velocity(grid), axis=1)))
    known = [e.location for e in found]
    for point in _newton(moved, grid, low, high, 1e-10 * typical):
        if all(np.linalg.norm(point - other) > 1e-5 * reach for other in known):
            known.append(point)
            found.append(describe(moved, point, False, reach))
    return found


def describe(moved: Field, location: np.ndarray, critical: bool, reach: float) -> Equilibrium:
    """What the motion does around a point of rest.

    Args:
        moved: The motion.
        location: Shape (2,).
        critical: Whether it is a critical point of the loss.
        reach: Size of the window. "Nearby" is 1e-6 of it.
    Notes:
        The derivative counts if it predicts the velocities on a small circle to one part in a thousand. Where it does
        not (normalised SAM at a critical point) the velocity there depends on the direction u alone: the radial part
        v.u decides in the directions in which the motion stays, those where the angular part vanishes, or on average
        where it turns round and round.
    """
    radius = 1e-6 * reach
    location = np.asarray(location, float)
    derivative = moved.jacobian(location[None])[0]
    velocity = moved.velocity(location + radius * CIRCLE)
    error = np.abs(velocity - radius * CIRCLE @ derivative.T).max()
    if not np.isfinite(derivative).all() or error > 1e-3 * radius * np.abs(derivative).max():
        nothing = np.full((2, 2), np.nan)
        return Equilibrium(location, _radially(moved, location, radius), critical, nothing[0], nothing)
    rates, directions = np.linalg.eig(derivative)
    size = np.abs(moved.multipliers(rates))
    inward, outward = (size < 1 - NEUTRAL).sum(), (size > 1 + NEUTRAL).sum()
    behaviour: Behaviour = "neutral"
    if inward + outward == 2:
        behaviour = "attracts" if inward == 2 else "repels" if outward == 2 else "saddle"
    return Equilibrium(location, behaviour, critical, rates, directions)


def _radially(moved: Field, centre: np.ndarray, radius: float) -> Behaviour:
    """What the velocities on a small circle do to the distance from its centre."""

    def parts(angle: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        u = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        velocity = moved.velocity(centre + radius * u)
        return (velocity * u).sum(axis=1), velocity[:, 1] * u[:, 0] - velocity[:, 0] * u[:, 1]

    step = ANGLES[1] - ANGLES[0]
    radial, angular = parts(ANGLES)
    turns = angular * np.roll(angular, -1) <= 0
    if not turns.any():
        drift = np.sum(radial / np.abs(angular))
        return "attracts" if drift < 0 else "repels"
    low, high, sign = ANGLES[turns], ANGLES[turns] + step, np.sign(angular[turns])
    for _ in range(30):  # a thousand millionth of a degree: across a valley's floor the velocity turns that fast
        middle = (low + high) / 2
        before = parts(middle)[1] * sign > 0
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    radial = parts((low + high) / 2)[0]
    return "attracts" if (radial < 0).all() else "repels" if (radial > 0).all() else "mixed"


def _newton(moved: Field, w: np.ndarray, low: np.ndarray, high: np.ndarray, tolerance: float) -> np.ndarray:
    """Ends inside the window of Newton's runs for v = 0 from the points `w`; each step at most a tenth of it."""
    limit = 0.1 * np.linalg.norm(high - low)
    for _ in range(40):
        with np.errstate(all="ignore"):
            derivative = moved.jacobian(w)
            regular = np.isfinite(derivative).all(axis=(1, 2)) & (np.abs(np.linalg.det(derivative)) > 0)
            derivative = np.where(regular[:, None, None], derivative, np.eye(2))
            step = -np.linalg.solve(derivative, moved.velocity(w)[..., None])[..., 0]
            length = np.linalg.norm(step, axis=1, keepdims=True)
            w = w + np.where(np.isfinite(step), step, 0) * np.minimum(1, limit / np.maximum(length, 1e-300))
    with np.errstate(all="ignore"):
        rest = np.linalg.norm(moved.velocity(w), axis=1) <= tolerance
    return w[rest & ((w >= low) & (w <= high)).all(axis=1)]
