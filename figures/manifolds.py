"""Stable and unstable manifolds of saddles in the plane, computed from the eigenvectors at the saddle.

    flow   the curve is integrated, dw/ds = v/||v||, forwards along unstable and backwards along stable eigenvectors
    map    unstable: a fundamental segment [p, F(p)] of the eigenvector is iterated; stable: the curve of points that F
           takes into itself is grown from the eigenvector (see `stable_set`)

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
from .stable_set import stable_set

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
MOST_TIMES = 8
"""A slow map is iterated up to so many times in place of once, so that a curve and its image lie apart."""
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
    saddles = [rest for rest in rests if rest.behaviour == "saddle"]
    if not moved.flow:
        for rest in saddles:  # before long work
            for multiplier in moved.multipliers(np.real(rest.rates)):
                _rounds(moved, float(multiplier))
    branches = []
    for rest in saddles:
        others = ends[np.linalg.norm(ends - rest.location, axis=1) > ARRIVED * reach]
        for rate, direction in zip(np.real(rest.rates), np.real(rest.directions).T):
            multiplier = float(moved.multipliers(np.array([rate]))[0])
            stable = abs(multiplier) < 1
            if stable and not moved.flow:
                curves = _stable_of_map(moved, rest.location, direction, multiplier, low, high)
            else:
                begins = [rest.location + side * OFFSET * reach * direction for side in (1, -1)]
                if moved.flow:
                    sign = -1 if stable else 1
                    curves = [integral_curve(moved, begin, window, sign=sign, ends=others) for begin in begins]
                else:
                    curves = [_iterate(moved, rest.location, begin, multiplier, low, high) for begin in begins]
            for curve in curves:
                points = np.concatenate([rest.location[None], curve])
                branches.append(Branch(rest.location, stable, points))
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


def _rounds(moved: Field, multiplier: float) -> int:
    """Steps in which the map crosses the window along this eigenvector.

    Raises:
        ValueError: Too many.
    """
    pace = abs(math.log(max(abs(multiplier), 1e-300)))
    rounds = math.ceil(math.log(2 / OFFSET) / pace) + 10 if pace > 0 else math.inf
    if rounds > MOST_ITERATES:
        raise ValueError(
            f"the map's manifolds would take {rounds} iterations at step size {moved.step_size:g}: "
            "draw those of the flow, which it follows closely"
        )
    return int(rounds)


def _iterate(
    moved: Field, centre: np.ndarray, begin: np.ndarray, multiplier: float, low: np.ndarray, high: np.ndarray
) -> np.ndarray:
    """The branch as iterates of points on the fundamental segment from `begin` outwards."""
    times = 1 if multiplier > 0 else 2
    rounds = math.ceil(_rounds(moved, multiplier) / times)
    count = max(2, math.ceil(1500 / rounds))
    growth = abs(multiplier) ** (times * np.arange(count) / count)
    seeds = centre + (begin - centre) * growth[:, None]
    return _joined(moved.orbits(seeds, times * rounds)[0].swapaxes(0, 1)[::times], low, high)


def _stable_of_map(
    moved: Field, saddle: np.ndarray, direction: np.ndarray, multiplier: float, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    times = math.ceil(math.log(0.5) / math.log(max(abs(multiplier), 1e-300)))
    times = min(max(times, 1), MOST_TIMES)
    if multiplier < 0:
        times += times % 2
    rate, reach = abs(multiplier) ** times, float(np.linalg.norm(high - low))
    if rate < 1e-9:
        # one step lands on the saddle: the image of the curve is a point, and says nothing of it
        return np.zeros((0, 2)), np.zeros((0, 2))

    def image(w: np.ndarray) -> np.ndarray:
        for _ in range(times):
            w = moved.motion(w).image
        return w

    return stable_set(image, saddle, direction, OFFSET * reach, rate, lambda w: _near(w, low, high), reach)


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
