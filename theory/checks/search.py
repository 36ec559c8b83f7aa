"""The search for an instance that meets every hypothesis and breaks the conclusion: samples, boundaries, ascent.

1. Samples over the whole range of every number, some at range ends, at equal and at simple values.
2. Those that miss hypotheses are moved onto them (Gauss-Newton on the missed ones); equalities are met so.
3. Those that meet them are moved along one number after another to where some hypothesis becomes tight.
4. The worst are driven further up: gradient steps of the relative violation, along the tight hypotheses.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .ascent import ascend, onto_hypotheses
from .instances import Look, Question, place

if TYPE_CHECKING:
    from ..budget import Budget

BISECTIONS = 45
"""Halvings of a unit interval: to 3e-14, where round-off of the slack takes over."""


@dataclass(frozen=True)
class Found:
    """All instances that the search looked at.

    Attributes:
        z: Places in the unit cube, (n, k).
        sign: Signs of the numbers, (n, k).
        look: What they show.
        drawn: How many of them, the first ones, are plain samples.
    """

    z: np.ndarray
    sign: np.ndarray
    look: Look
    drawn: int

    def with_more(self, sign: np.ndarray, z: np.ndarray, look: Look) -> "Found":
        """These instances and others."""
        both = [np.concatenate(pair) for pair in zip(self.look.fields, look.fields, strict=True)]
        return Found(np.concatenate([self.z, z]), np.concatenate([self.sign, sign]), Look(*both), self.drawn)


def search(question: Question, budget: "Budget", random: np.random.Generator) -> Found:
    """Look for violations within a budget."""
    k = len(question.family.numbers)
    z, sign = draw(question, budget.samples if k else 1, random)
    found = Found(z, sign, question.at(z, sign), len(z))
    if not k:
        return found
    short = np.flatnonzero(~found.look.met & np.all(np.isfinite(found.look.slack), 1))[: max(budget.samples // 8, 64)]
    if len(short):
        found = found.with_more(sign[short], *onto_hypotheses(question, z[short], sign[short]))
    several = len(question.conclusions)
    inside = np.flatnonzero(found.look.met)
    if len(inside):
        count = max(budget.samples // 8 // several, 16)
        rows = np.unique(np.concatenate([_chosen(found.look, inside, count, c) for c in range(several)]))
        at, signs = found.z[rows], found.sign[rows]
        for _ in range(2):
            at = to_boundary(question, at, signs, random)
            found = found.with_more(signs, at, question.at(at, signs))
        inside = np.flatnonzero(found.look.met)
    else:
        inside = np.flatnonzero(np.all(np.isfinite(found.look.slack), 1))
    for c in range(several):
        rows = _chosen(found.look, inside, max(budget.ascents // several, 6), c)
        if len(rows):
            risen = ascend(question, found.z[rows], found.sign[rows], c, budget.ascent_steps)
            found = found.with_more(found.sign[rows], *risen)
    return found


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
        wanted = pick[:, j]
        if number.scale == "linear":
            wanted = np.where(random.random(n) < 0.3, 0.0, wanted * (sign[:, j] if number.low < 0 else 1.0))
        at = np.array([place(number, value) for value in wanted])
        use = special[:, 0] & (kind[:, j] < 0.5) & (at >= 0) & (at <= 1)
        z[use, j] = at[use]
        ends = special[:, 0] & (kind[:, j] > 0.9)
        z[ends, j] = np.round(z[ends, j])
    return z, sign


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


def _chosen(look: Look, rows: np.ndarray, count: int, conclusion: int) -> np.ndarray:
    """The worst of these rows, and as many again spread over all of them."""
    order = rows[np.argsort(-np.nan_to_num(look.excess[rows, conclusion], nan=-2.0), kind="stable")]
    if len(order) <= count:
        return order
    half = count // 2
    rest = np.linspace(half, len(order) - 1, count - half).astype(int)
    return np.concatenate([order[:half], order[rest]])
