"""From a violation in floats to one that a reader can verify by hand: simple rationals, one number at a time.

A number's cost is about the digits one needs to write it. First all combinations of a few dozen simple values near the
find; then, where none of them breaks the relation, the simplest fraction in the widest interval around each number that
keeps hypotheses and violation.
"""

import functools
import itertools
import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ..family import Number
    from .instances import Question

COMBINATIONS = 20_000
"""Combinations of simple values that are looked at."""
WIDTHS = (0.9, 0.6, 0.4, 0.25, 0.15, 0.1, 0.05, 0.02, 0.01, 3e-3, 1e-3, 1e-4, 1e-6, 1e-9, 1e-12)
"""Relative half widths of the intervals in which the simplest fraction is taken."""


def cost(x: Fraction) -> float:
    """How much there is to write: bits of numerator and denominator; powers of ten count little."""
    p, q = abs(x.numerator), x.denominator
    if p == 0:
        return 0.5
    tens = math.log10(p * q) if p == 1 or q == 1 else 0.5
    if tens == int(tens):
        return 0.2 + 1.5 * tens
    return math.log2(p) + 1.7 * math.log2(q) + 0.2


@functools.cache
def simple_values() -> tuple[Fraction, ...]:
    """Simple positive fractions, the cheapest first."""
    small = {Fraction(p, q) for p in range(1, 13) for q in range(1, 9)}
    tens = {Fraction(10) ** k for k in range(-6, 7)} | {f * Fraction(10) ** k for f in (2, 5) for k in range(-3, 4)}
    return tuple(sorted(small | tens, key=lambda x: (cost(x), x)))


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """The fraction with the smallest denominator in [low, high] (Stern-Brocot)."""
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -simplest_between(-high, -low)
    whole = math.ceil(low)
    if whole <= high:
        return Fraction(whole)
    below = math.floor(low)
    return below + 1 / simplest_between(1 / (high - below), 1 / (low - below))


def shrunk(
    question: "Question", numbers: Mapping[str, float], conclusion: int, least: float, random: np.random.Generator
) -> Iterator[dict[str, Fraction]]:
    """Simple instances that, in floats, still meet the hypotheses and break the conclusion; the simplest first.

    Args:
        question: Family, case, conditions, conclusions.
        numbers: The find.
        conclusion: Which relation it breaks.
        least: Smallest relative violation that counts.
        random: For combinations, where there are too many.
    """
    yield from _combined(question, numbers, conclusion, least, random)
    yield from _one_by_one(question, numbers, conclusion, least)
    yield {name: Fraction(value) for name, value in numbers.items()}


def _combined(
    question: "Question", numbers: Mapping[str, float], conclusion: int, least: float, random: np.random.Generator
) -> Iterator[dict[str, Fraction]]:
    choices = [_near(n, numbers[n.name]) for n in question.family.numbers]
    total = math.prod(len(c) for c in choices)
    if total <= COMBINATIONS:
        index = np.array(list(itertools.product(*(range(len(c)) for c in choices))), int)
    else:  # simple ones more often
        index = np.stack(
            [np.minimum((len(c) * random.random(COMBINATIONS) ** 2).astype(int), len(c) - 1) for c in choices], 1
        )
    floats = {
        n.name: np.array([float(x) for x in c])[index[:, j]]
        for j, (n, c) in enumerate(zip(question.family.numbers, choices, strict=True))
    }
    look = question.look(floats)
    broken = np.flatnonzero(look.met & (look.excess[:, conclusion] >= least))
    broken = broken[question.predicates_met(floats, broken)] if len(broken) < 2000 else broken
    costs = sum(np.array([cost(x) for x in c])[index[:, j]] for j, c in enumerate(choices))
    score = costs - 4 * look.excess[:, conclusion]
    for row in broken[np.argsort(score[broken], kind="stable")[:6]]:
        yield {n.name: choices[j][index[row, j]] for j, n in enumerate(question.family.numbers)}


def _near(number: "Number", value: float) -> list[Fraction]:
    sign = -1 if value < 0 else 1
    if value == 0:
        near = [Fraction(0)]
    else:
        size = abs(value)
        limit = 12 if number.low < number.high else 0
        near = [sign * x for x in simple_values() if size / 40 <= x <= size * 40][: 2 * limit]
        near.append(sign * simplest_between(Fraction(size) * Fraction(99, 100), Fraction(size) * Fraction(101, 100)))
        near += [Fraction(0)] if number.scale == "linear" else []
    low, high = Fraction(number.low), Fraction(number.high)

    def within(x: Fraction) -> bool:
        return low <= (abs(x) if number.scale == "signed log" else x) <= high

    kept = sorted({x for x in near if within(x)}, key=lambda x: (cost(x), x))
    return kept or [Fraction(value)]


def _one_by_one(
    question: "Question", numbers: Mapping[str, float], conclusion: int, least: float
) -> Iterator[dict[str, Fraction]]:
    point = {name: Fraction(value) for name, value in numbers.items()}
    for _ in range(2):
        for number in question.family.numbers:
            value = point[number.name]
            options = list(dict.fromkeys(_simpler(value)))
            if not options:
                continue
            floats = {n: np.full(len(options), float(x)) for n, x in point.items()}
            floats[number.name] = np.array([float(x) for x in options])
            look = question.look(floats)
            good = np.flatnonzero(look.met & (look.excess[:, conclusion] >= least))
            good = good[question.predicates_met(floats, good)]
            if len(good):
                best = min((options[i] for i in good), key=lambda x: (cost(x), x))
                if cost(best) < cost(value):
                    point[number.name] = best
    yield point


def _simpler(value: Fraction) -> Iterator[Fraction]:
    for width in WIDTHS:
        spread = abs(value) * Fraction(width)
        yield simplest_between(value - spread, value + spread)
