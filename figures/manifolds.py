"""Stable and unstable manifolds of saddles in the plane, computed from the eigenvectors at the saddle.

    flow   the curve is integrated, dw/ds = v/||v||, forwards along unstable and backwards along stable eigenvectors
    map    a fundamental segment [p, F(p)] of the eigenvector is iterated: by F where it is unstable, by the inverse of
           F, found by Newton's method, where it is stable

Where a multiplier is negative the map alternates between the two branches, and F(F(.)) takes the place of F.

References:
    [1] Krauskopf, Osinga et al. (2005). A survey of methods for computing (un)stable manifolds of vector fields.
        Int. J. Bifurcation and Chaos 15. Section 1 (initial segments).
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from .equilibria import Equilibrium
from .field import Field, Window

OFFSET = 1e-5
"""Where a branch begins, as a share of the window: the curve leaves its tangent there by about this squared."""
MARGIN = 0.5
"""How far a branch is followed outside the window, in windows, because it may come back."""
LONGEST = 12.0
"""Longest branch, in windows."""
ARRIVED = 2e-4
"""A branch ends this close to an equilibrium, in windows."""
MOST_CALLS = 20_000
"""Evaluations of the velocity per branch."""
MOST_ITERATES = 20_000
"""A map too slow to cross the window in so many steps is one whose manifolds are those of the flow to the eye."""


@dataclass(frozen=True)
class Branch:
    """Half of a manifold: a curve from a saddle, shape (N, 2), with NaN rows where it is interrupted."""

    saddle: np.ndarray
    stable: bool
    points: np.ndarray


def manifolds(moved: Field, rests: list[Equilibrium], window: Window) -> list[Branch]:
    """The branches of every saddle among `rests`, as far as they stay near the window.

    Args:
        moved: The motion.
        rests: Equilibria from `equilibria`, in this motion's own classification.
        window: The part of the plane that is looked at.
    Raises:
        ValueError: The rule carries a state, or the map is too slow (see `MOST_ITERATES`).
    """
    if not moved.memoryless and not moved.flow:
        name = getattr(moved.rule, "name", "the rule")
        raise ValueError(
            f"{name} carries a state from step to step, so its map has no manifolds in the plane of w alone"
        )
    low, high = np.array(window).T
    reach = float(np.linalg.norm(high - low))
    ends = np.array([rest.location for rest in rests]).reshape(-1, 2)
    branches = []
    for rest in rests:
        if rest.behaviour != "saddle":
            continue
        for rate, direction in zip(np.real(rest.rates), np.real(rest.directions).T):
            multiplier = float(moved.multipliers(np.array([rate]))[0])
            for side in (1, -1):
                begin = rest.location + side * OFFSET * reach * direction
                stable = abs(multiplier) < 1
                if moved.flow:
                    others = ends[np.linalg.norm(ends - rest.location, axis=1) > ARRIVED * reach]
                    curve = integral_curve(moved, begin, window, sign=-1 if stable else 1, ends=others)
                elif stable:
                    curve = _iterate_inverse(moved, rest.location, begin, multiplier, low, high)
                else:
                    curve = _iterate(moved, rest.location, begin, multiplier, low, high)
                branches.append(Branch(rest.location, stable, np.concatenate([rest.location[None], curve])))
    return branches


def integral_curve(
    moved: Field, begin: np.ndarray, window: Window, *, sign: int = 1, ends: np.ndarray = np.zeros((0, 2))
) -> np.ndarray:
    """The orbit of the flow through a point, until it is far outside the window, at one of `ends` or at rest.

    Args:
        moved: The motion; its velocity is used.
        begin: Shape (2,).
        window: The part of the plane that is looked at.
        sign: 1 forwards in time, -1 backwards.
        ends: Shape (M, 2).
    Returns:
        Shape (N, 2).
    Notes:
        LSODA, because SAM's flow slides along the floor of a narrow valley, which is stiff. Where the velocity jumps
        (normalised SAM at a critical point) the orbit ends: the curve then stops after `MOST_CALLS` at the latest.
    """
    from scipy.integrate import LSODA

    low, high = np.array(window).T
    reach = float(np.linalg.norm(high - low))

    def tangent(_: float, w: np.ndarray) -> np.ndarray:
        velocity = moved.velocity(w[None])[0]
        length = math.hypot(*velocity)
        return sign * velocity / length if length > 0 else np.zeros(2)

    # 1e-9: curves are compared with closed forms in the tests; the eye needs 1e-3
    solver = LSODA(tangent, 0.0, begin, LONGEST * reach, rtol=1e-9, atol=1e-11 * reach, max_step=reach / 150)
    curve, before = [begin], np.zeros(2)
    while solver.status == "running" and solver.nfev < MOST_CALLS:
        solver.step()
        moves = solver.y - curve[-1]
        if moves @ before < 0:  # back and forth across a point that attracts
            break
        curve.append(solver.y.copy())
        before = moves
        if not _near(solver.y, low, high) or (np.linalg.norm(ends - solver.y, axis=1) < ARRIVED * reach).any():
            break
    return np.array(curve)


def _seeds(moved: Field, centre: np.ndarray, begin: np.ndarray, growth: float) -> tuple[np.ndarray, int]:
    """Points on the fundamental segment from `begin` outwards, and after how many growths it has crossed the window."""
    rounds = math.ceil(math.log(2 / OFFSET) / math.log(growth)) + 10
    if rounds > MOST_ITERATES:
        raise ValueError(
            f"the map's manifolds would take {rounds} iterations at step size {moved.step_size:g}: "
            "draw those of the flow, which it follows closely"
        )
    count = max(2, math.ceil(1500 / rounds))
    return centre + (begin - centre) * growth ** (np.arange(count) / count)[:, None], rounds


def _iterate(
    moved: Field, centre: np.ndarray, begin: np.ndarray, multiplier: float, low: np.ndarray, high: np.ndarray
) -> np.ndarray:
    times = 1 if multiplier > 0 else 2
    seeds, rounds = _seeds(moved, centre, begin, abs(multiplier) ** times)
    return _joined(moved.orbits(seeds, times * rounds)[0].swapaxes(0, 1)[::times], low, high)


def _iterate_inverse(
    moved: Field, centre: np.ndarray, begin: np.ndarray, multiplier: float, low: np.ndarray, high: np.ndarray
) -> np.ndarray:
    times = 1 if multiplier > 0 else 2
    if abs(multiplier) < 1e-6:
        return np.full((1, 2), np.nan)  # one step lands on the saddle: F has no inverse there to follow
    seeds, rounds = _seeds(moved, centre, begin, abs(multiplier) ** -times)
    layers = [seeds]
    for _ in range(rounds):
        w = layers[-1]
        for _ in range(times):
            w = preimage(moved, w, float(np.linalg.norm(high - low)))
        layers.append(w)
        if not (np.isfinite(w).all(axis=1) & _near(w, low, high)).any():
            break
    return _joined(np.array(layers), low, high)


def preimage(moved: Field, w: np.ndarray, reach: float) -> np.ndarray:
    """z with F(z) = w, the one that continues from w - eta v(w); NaN where Newton's method does not find it.

    Args:
        moved: A map.
        w: Shape (N, 2).
        reach: The size of the window; an error of 1e-12 of it counts as none.
    """
    z = w - moved.step_size * moved.velocity(w)
    eye = np.eye(2)
    with np.errstate(all="ignore"):
        for _ in range(8):
            error = moved.motion(z).image - w
            if np.nanmax(np.abs(error), initial=0.0) <= 1e-14 * reach:
                break
            derivative = eye + moved.step_size * moved.jacobian(z)
            regular = np.isfinite(derivative).all(axis=(1, 2)) & (np.abs(np.linalg.det(derivative)) > 1e-12)
            derivative = np.where(regular[:, None, None], derivative, np.nan * eye)
            z = z - np.linalg.solve(derivative, error[..., None])[..., 0]
        found = np.abs(moved.motion(z).image - w).max(axis=1) <= 1e-12 * reach
    return np.where(found[:, None], z, np.nan)


def _near(w: np.ndarray, low: np.ndarray, high: np.ndarray) -> Any:
    margin = MARGIN * (high - low)
    return np.all((w >= low - margin) & (w <= high + margin), axis=-1)


def _joined(layers: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Iterates (K, N, 2) of a segment as one curve, interrupted where it is far outside or its points lie apart."""
    with np.errstate(invalid="ignore"):
        curve = layers.reshape(-1, 2)
        curve = np.where(_near(curve, low, high)[:, None], curve, np.nan)
        apart = np.linalg.norm(np.diff(curve, axis=0), axis=1) > 0.05 * np.linalg.norm(high - low)
    return np.insert(curve, np.flatnonzero(apart) + 1, np.nan, axis=0)
