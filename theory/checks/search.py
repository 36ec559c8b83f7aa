"""The search for an instance that meets every hypothesis and breaks the conclusion: samples, boundaries, ascent.

1. Samples over the whole range of every number, some at range ends, at equal and at simple values.
2. Those that miss hypotheses are moved onto them (Gauss-Newton on the missed ones); equalities are met so.
3. Those that meet them are moved along one number after another to where some hypothesis becomes tight.
4. The worst are driven further up: gradient steps of the relative violation, along the tight hypotheses.

Slopes are central differences over all instances at once. A step of a `measure` may be thousands of operations, whose
compilation would cost more than the whole search; what the ascent finds is settled exactly in any case.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .instances import Look, Question

if TYPE_CHECKING:
    from ..budget import Budget

STEP = 1e-6
"""Half width of a central difference in the unit cube: error 1e-12 from curvature, 1e-10 from round-off."""
BISECTIONS = 45
"""Halvings of a unit interval: to 3e-14, where round-off of the slack takes over."""


@dataclass(frozen=True)
class Found:
    """All instances that the search looked at, and how it came to them.

    Attributes:
        z: Places in the unit cube, (n, k).
        sign: Signs of the numbers, (n, k).
        look: What they show.
        edge: Which of them were moved to the boundary of a hypothesis.
        drawn: How many of them, the first ones, are plain samples.
    """

    z: np.ndarray
    sign: np.ndarray
    look: Look
    edge: np.ndarray
    drawn: int


def search(question: Question, budget: "Budget", random: np.random.Generator) -> Found:
    """Look for violations within a budget."""
    k = len(question.family.numbers)
    z, sign = draw(question, budget.samples if k else 1, random)
    look = question.at(z, sign)
    groups = [(z, sign, look, np.zeros(len(z), bool))]
    if k:
        short = np.flatnonzero(~look.met & np.all(np.isfinite(look.slack), 1))[: max(budget.samples // 8, 64)]
        if len(short):
            moved = onto_hypotheses(question, z[short], sign[short])
            groups.append((moved, sign[short], question.at(moved, sign[short]), np.ones(len(short), bool)))
        z, sign, look = _gathered(groups)
        inside = np.flatnonzero(look.met)
        chosen = _worst(look, inside, max(budget.samples // 16, 32)) if len(inside) else inside
        if len(chosen):
            spread = random.choice(inside, min(len(inside), len(chosen)), replace=False)
            rows = np.concatenate([chosen, spread])
            at, signs = z[rows], sign[rows]
            for _ in range(2):
                at = to_boundary(question, at, signs, random)
                groups.append((at, signs, question.at(at, signs), np.ones(len(at), bool)))
            z, sign, look = _gathered(groups)
            inside = np.flatnonzero(look.met)
        pool = inside if len(inside) else np.flatnonzero(np.all(np.isfinite(look.slack), 1))
        for c in range(len(question.conclusions)):
            rows = _worst(look, pool, max(budget.ascents // len(question.conclusions), 4), c)
            if len(rows):
                risen = ascend(question, z[rows], sign[rows], c, budget.ascent_steps)
                groups.append((risen, sign[rows], question.at(risen, sign[rows]), np.zeros(len(rows), bool)))
    z, sign, look = _gathered(groups)
    return Found(z, sign, look, np.concatenate([g[3] for g in groups]), len(groups[0][0]))


def draw(question: Question, n: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Places and signs: half of them uniform in the cube, the others at its ends, at equal and at simple values."""
    numbers = question.family.numbers
    k = len(numbers)
    z = random.random((n, k))
    sign = np.where(random.random((n, k)) < 0.5, -1.0, 1.0)
    kind = random.random((n, k))
    special = np.arange(n)[:, None] % 2 == 1
    simple = np.array([1.0, 2.0, 0.5, 3.0, 1 / 3, 1.5, 4.0, 0.25, 5.0, 10.0, 0.1, 100.0, 0.01])
    pick = simple[random.integers(0, len(simple), (n, k))]
    for j, number in enumerate(numbers):
        span = number.high - number.low if number.scale == "linear" else np.log(number.high / number.low)
        if span == 0:
            z[:, j] = 0.0
            continue
        if number.scale == "linear":
            wanted = np.where(random.random(n) < 0.3, 0.0, pick[:, j] * np.where(number.low < 0, sign[:, j], 1.0))
            place = (wanted - number.low) / span
        else:
            place = np.log(pick[:, j] / number.low) / span
        use = special[:, 0] & (kind[:, j] < 0.5) & (place >= 0) & (place <= 1)
        z[use, j] = place[use]
        ends = special[:, 0] & (kind[:, j] > 0.9)
        z[ends, j] = np.round(z[ends, j])
    return z, sign


def slopes(question: Question, z: np.ndarray, sign: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slopes of the relative slacks (n, hypotheses, k) and of the violations (n, conclusions, k) in the cube."""
    n, k = z.shape
    ahead = np.minimum(z[:, None, :] + STEP * np.eye(k), 1.0)
    behind = np.maximum(z[:, None, :] - STEP * np.eye(k), 0.0)
    width = np.maximum(np.einsum("njj->nj", ahead - behind), STEP)
    both = np.concatenate([ahead, behind], 1).reshape(2 * n * k, k)
    seen = question.at(both, np.repeat(sign, 2 * k, 0))
    rises = []
    for values in (seen.slack, seen.excess):
        split = values.reshape(n, 2, k, -1)
        rise = (split[:, 0] - split[:, 1]) / width[:, :, None]
        rises.append(np.nan_to_num(np.swapaxes(rise, 1, 2), posinf=0.0, neginf=0.0))
    return rises[0], rises[1]


def onto_hypotheses(question: Question, z: np.ndarray, sign: np.ndarray, turns: int = 12) -> np.ndarray:
    """Move instances onto the hypotheses that they miss, by the smallest steps that meet them to first order."""
    low, closed = question.tolerances
    goal = np.where(closed, 0.0, 1e-7)  # a strict relation is to be met with a little to spare
    equal = low < -1e-10
    for _ in range(turns):
        look = question.at(z, sign)
        todo = np.flatnonzero(~look.met)
        if not len(todo):
            break
        rise, _ = slopes(question, z[todo], sign[todo])
        slack = np.nan_to_num(look.slack[todo], nan=0.0)
        rise, gap = _signed(question, z[todo], sign[todo], rise, slack, equal)
        gap = np.where(equal, gap, np.maximum(goal - slack, 0.0))
        rise = np.where((gap != 0)[:, :, None], rise, 0.0)
        step = np.einsum("nkh,nh->nk", np.linalg.pinv(rise, rcond=1e-6), gap)
        length = np.linalg.norm(step, axis=1, keepdims=True)
        step *= np.minimum(1.0, 0.3 / np.maximum(length, 1e-300))
        z = z.copy()
        z[todo] = np.clip(z[todo] + step, 0.0, 1.0)
    return z


def _signed(
    question: Question, z: np.ndarray, sign: np.ndarray, rise: np.ndarray, slack: np.ndarray, equal: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    # the slack of an equality, -|left - right|, has slope ∓ that of the signed difference: either way a Newton step
    # along it leads to 0
    return rise, np.where(equal, -slack, 0.0)


def to_boundary(question: Question, z: np.ndarray, sign: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Move each instance along one number, towards one end of its range, until a hypothesis would be missed."""
    n, k = z.shape
    coordinate = random.integers(0, k, n)
    end = np.where(random.random(n) < 0.5, 0.0, 1.0)
    rows = np.arange(n)

    def moved(share: np.ndarray) -> np.ndarray:
        at = z.copy()
        at[rows, coordinate] += share * (end - at[rows, coordinate])
        return at

    good = np.zeros(n)
    bad = np.ones(n)
    whole = question.at(moved(bad), sign).met
    for _ in range(BISECTIONS):
        middle = (good + bad) / 2
        met = question.at(moved(middle), sign).met
        good, bad = np.where(met, middle, good), np.where(met, bad, middle)
    return moved(np.where(whole, 1.0, good))


def ascend(question: Question, z: np.ndarray, sign: np.ndarray, conclusion: int, turns: int) -> np.ndarray:
    """Drive the violation of one conclusion up, along the hypotheses that are tight, with a step length of its own for
    each instance: longer after a success, shorter after a failure.
    """
    best = z.copy()
    seen = question.at(best, sign)
    worth = _worth(seen, conclusion)
    length = np.full(len(z), 0.1)
    stuck = np.zeros(len(z), bool)
    rise = up = None
    for _ in range(turns):
        if rise is None or up is None or not stuck.all():
            rise, rises = slopes(question, best, sign)
            up = rises[:, conclusion]
        direction = _along(up, rise, seen.slack, length, best)
        trial = np.clip(best + length[:, None] * direction, 0.0, 1.0)
        trial = onto_hypotheses(question, trial, sign, turns=3)
        look = question.at(trial, sign)
        value = _worth(look, conclusion)
        better = value > worth
        best[better] = trial[better]
        worth = np.where(better, value, worth)
        seen = Look(*(np.where(_wide(better, a), b, a) for a, b in zip(_fields(seen), _fields(look))))
        length = np.clip(np.where(better, 1.6 * length, 0.4 * length), 1e-9, 0.5)
        stuck = ~better
        if np.all(length <= 1e-9):
            break
    return best


def _along(up: np.ndarray, rise: np.ndarray, slack: np.ndarray, length: np.ndarray, z: np.ndarray) -> np.ndarray:
    direction = up / np.maximum(np.linalg.norm(up, axis=1, keepdims=True), 1e-300)
    for _ in range(2):
        for i in range(rise.shape[1]):
            normal = rise[:, i]
            size = np.linalg.norm(normal, axis=1)
            unit = normal / np.maximum(size, 1e-300)[:, None]
            falling = np.sum(unit * direction, 1)
            tight = np.nan_to_num(slack[:, i]) < length * size
            direction = direction - np.where(tight & (falling < 0), falling, 0.0)[:, None] * unit
        out = ((z <= 0) & (direction < 0)) | ((z >= 1) & (direction > 0))
        direction = np.where(out, 0.0, direction)
    return direction / np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-12)


def _worth(look: Look, conclusion: int) -> np.ndarray:
    return np.where(look.met & np.isfinite(look.excess[:, conclusion]), look.excess[:, conclusion], -np.inf)


def _worst(look: Look, rows: np.ndarray, count: int, conclusion: int | None = None) -> np.ndarray:
    excess = look.excess if conclusion is None else look.excess[:, [conclusion]]
    worst = np.max(np.nan_to_num(excess[rows], nan=-2.0), 1)
    return rows[np.argsort(-worst, kind="stable")[:count]]


def _gathered(groups: list) -> tuple[np.ndarray, np.ndarray, Look]:
    z, sign = (np.concatenate([g[i] for g in groups]) for i in (0, 1))
    looks = [_fields(g[2]) for g in groups]
    return z, sign, Look(*(np.concatenate(parts) for parts in zip(*looks)))


def _fields(look: Look) -> tuple[np.ndarray, ...]:
    return look.slack, look.left, look.right, look.met, look.excess


def _wide(mask: np.ndarray, like: np.ndarray) -> np.ndarray:
    return mask if like.ndim == 1 else mask[:, None]
