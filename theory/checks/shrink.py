"""From a violation in floats to one that a reader can verify by hand: simple rationals, one number at a time.

Three ways, the simplest result first: all combinations of a few simple values; then one number after another is set to
a simple value while the others are moved along (`ascent.ascend`) to keep hypotheses and violation; then the simplest
fraction in the widest interval around each number. Where a hypothesis must be met with equality, one of its numbers is
solved for, exactly.
"""

import functools
import itertools
import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from .ascent import ascend
from .exact import exact_arithmetic
from .instances import place

if TYPE_CHECKING:
    from ..family import Number
    from .instances import Question

Point = dict[str, Fraction]

COMBINATIONS = 16_000
"""Combinations of simple values that are looked at."""
WIDTHS = (0.9, 0.6, 0.4, 0.25, 0.15, 0.1, 0.05, 0.02, 0.01, 3e-3, 1e-3, 1e-4, 1e-6, 1e-9, 1e-12)
"""Relative half widths of the intervals in which the simplest fraction is taken."""
TURNS = 40
"""Ascent steps of the other numbers after one was set."""
TIGHT = 1e-6
"""Relative slack below which a find counts as lying on a hypothesis' boundary."""


@functools.lru_cache(maxsize=100_000)
def cost(x: Fraction) -> float:
    """How much there is to write: bits of numerator and denominator, or decimal digits; powers of ten count little."""
    p, q = abs(x.numerator), x.denominator
    if p == 0:
        return 0.5
    if x < 0:
        return cost(-x) + 0.1
    if p == 1 or q == 1:
        tens = math.log10(p * q)
        if tens == int(tens):
            return 0.2 + 1.5 * tens
    written = math.log2(p) + 1.7 * math.log2(q) + 0.2
    decimals = next((d for d in range(1, 16) if (x * 10**d).denominator == 1), None)
    return written if decimals is None else min(written, 1.0 + 3.4 * len(str(p * 10**decimals // q)))


@functools.cache
def simple_values() -> tuple[Fraction, ...]:
    """Simple positive fractions, the cheapest first."""
    small = {Fraction(p, q) for p in range(1, 13) for q in range(1, 9)}
    tens = {f * Fraction(10) ** k for f in (1, 2, 5) for k in range(-9, 10)}
    return tuple(sorted(small | tens, key=_order))


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
    question: "Question",
    numbers: Mapping[str, float],
    conclusion: int,
    least: float,
    random: np.random.Generator,
    thorough: bool = True,
) -> Iterator[Point]:
    """Simple instances that, in floats, still meet the hypotheses and break the conclusion; the simplest first.

    Args:
        question: Family, case, conditions, conclusions.
        numbers: The find.
        conclusion: Which relation it breaks.
        least: Smallest relative violation that counts.
        random: For combinations, where there are too many.
        thorough: Whether to go the second and the third way, where the first leads nowhere.
    """
    if not numbers:
        yield {}
        return
    ways = (
        _combined(question, numbers, conclusion, least, random),
        _along_with_others(question, numbers, conclusion, least) if thorough else iter(()),
        _one_by_one(question, numbers, conclusion, least) if thorough else iter(()),
        iter([{name: Fraction(value) for name, value in numbers.items()}]),
    )
    for way in ways:
        for point in way:
            yield point
            if (solved := on_boundaries(question, point)) != point:
                yield solved


def _combined(
    question: "Question", numbers: Mapping[str, float], conclusion: int, least: float, random: np.random.Generator
) -> Iterator[Point]:
    free = question.family.numbers
    many = max(2, int(COMBINATIONS ** (1 / max(len(free), 1))))
    anywhere = [_simple(n, numbers[n.name], many) for n in free]
    around = [_simple(n, numbers[n.name], 24, near=True) for n in free]
    if math.prod(map(len, anywhere)) <= COMBINATIONS:
        index = np.array(list(itertools.product(*(range(len(c)) for c in anywhere))), int).reshape(-1, len(free))
    else:
        index = np.stack([random.integers(0, len(c), COMBINATIONS) for c in anywhere], 1)
    batches = [(anywhere, index)]
    drawn = [np.minimum((len(c) * random.random(COMBINATIONS) ** 2).astype(int), len(c) - 1) for c in around]
    batches.append((around, np.stack(drawn, 1) if drawn else np.zeros((1, 0), int)))
    ranked: list[tuple[float, Point]] = []
    for choices, index in batches:
        floats = {n.name: np.array([float(x) for x in c])[index[:, j]] for j, (n, c) in enumerate(zip(free, choices))}
        look = question.look(floats)
        costs = sum((np.array([cost(x) for x in c])[index[:, j]] for j, c in enumerate(choices)), np.zeros(len(index)))
        score = costs - 4 * look.excess[:, conclusion] + 3 * (look.left[:, conclusion] == 0)
        broken = np.flatnonzero(look.met & (look.excess[:, conclusion] >= least))
        broken = broken[np.argsort(score[broken], kind="stable")][:3]
        ranked += [(float(score[r]), {n.name: choices[j][index[r, j]] for j, n in enumerate(free)}) for r in broken]
    for _, point in sorted(ranked, key=lambda pair: pair[0])[:4]:
        yield _polished(question, point, conclusion, least)


def _polished(question: "Question", point: Point, conclusion: int, least: float) -> Point:
    """Cheaper values of one number at a time, as long as there are any."""
    for _ in range(3):
        before = dict(point)
        for number in question.family.numbers:
            here = point[number.name]
            options = [here, *_simple(number, float(here), 60), *([-here] if number.scale == "signed log" else [])]
            good, excess = _good(question, point, number.name, options, conclusion, least)
            if len(good):
                point[number.name] = options[min(good, key=lambda i: cost(options[i]) - 4 * excess[i])]
        if point == before:
            break
    return point


def _along_with_others(
    question: "Question", numbers: Mapping[str, float], conclusion: int, least: float
) -> Iterator[Point]:
    free = question.family.numbers
    at = np.array([place(n, numbers[n.name]) for n in free])
    sign = np.array([-1.0 if numbers[n.name] < 0 else 1.0 for n in free])
    fixed: Point = {}
    frozen = np.zeros(len(free), bool)
    for j, number in enumerate(free):
        here = float(question.values(at[None], sign[None])[number.name][0])
        options = [*_simple(number, here, 10), *_simpler(number, here)]
        options = sorted(dict.fromkeys(options), key=_order)
        z = np.repeat(at[None], len(options), 0)
        z[:, j] = [place(number, float(x)) for x in options]
        signs = np.repeat(sign[None], len(options), 0)
        signs[:, j] = [-1.0 if x < 0 else 1.0 for x in options]
        frozen[j] = True
        z, look = ascend(question, z, signs, conclusion, TURNS, frozen)
        excess = np.where(look.met, np.nan_to_num(look.excess[:, conclusion], nan=-2.0), -2.0)
        enough = max(least, 0.2 * float(np.max(excess))) if least > 0 else least
        good = np.flatnonzero(excess >= enough)
        if not len(good):
            return
        at, sign = z[good[0]], signs[good[0]]
        fixed[number.name] = options[good[0]]
    yield fixed


def _one_by_one(question: "Question", numbers: Mapping[str, float], conclusion: int, least: float) -> Iterator[Point]:
    point = {name: Fraction(value) for name, value in numbers.items()}
    for _ in range(2):
        for number in question.family.numbers:
            options = list(dict.fromkeys(_simpler(number, float(point[number.name]))))
            good, _ = _good(question, point, number.name, options, conclusion, least)
            if len(good):
                best = min((options[i] for i in good), key=_order)
                if cost(best) < cost(point[number.name]):
                    point[number.name] = best
    yield point


def _good(
    question: "Question", point: Point, name: str, options: list[Fraction], conclusion: int, least: float
) -> tuple[np.ndarray, np.ndarray]:
    floats = {n: np.full(len(options), float(x)) for n, x in point.items()}
    floats[name] = np.array([float(x) for x in options])
    look = question.look(floats)
    good = np.flatnonzero(look.met & (look.excess[:, conclusion] >= least))
    return good, look.excess[:, conclusion]


def _simple(number: "Number", value: float, most: int, near: bool = False) -> list[Fraction]:
    """Simple values in a number's range, the cheapest first; `near`: within a factor 40 of `value`, with its sign."""
    kept = _simple_anywhere(number)
    if number.scale == "signed log":
        kept = tuple(x for x in kept if (x < 0) == (value < 0))
    if near:
        size = abs(value)
        kept = tuple(x for x in kept if x == 0 or ((x < 0) == (value < 0) and size / 40 <= abs(float(x)) <= size * 40))
        if size:
            close = Fraction(1 if value > 0 else -1) * simplest_between(Fraction(0.99 * size), Fraction(1.01 * size))
            kept = tuple(sorted({*kept, close} if _within(number, close) else kept, key=_order))
    return list(kept[:most]) or [Fraction(value)]


@functools.lru_cache(maxsize=1024)
def _simple_anywhere(number: "Number") -> tuple[Fraction, ...]:
    signs = (-1, 1) if number.low < 0 or number.scale == "signed log" else (1,)
    wanted = {s * x for x in simple_values() for s in signs} | ({Fraction(0)} if number.scale == "linear" else set())
    return tuple(sorted((x for x in wanted if _within(number, x)), key=_order))


def _order(x: Fraction) -> tuple[float, Fraction, Fraction]:
    return cost(x), abs(x), x


def _within(number: "Number", x: Fraction) -> bool:
    return Fraction(number.low) <= (abs(x) if number.scale == "signed log" else x) <= Fraction(number.high)


def _simpler(number: "Number", value: float) -> list[Fraction]:
    exact = Fraction(value)
    wanted = [simplest_between(exact - abs(exact) * Fraction(w), exact + abs(exact) * Fraction(w)) for w in WIDTHS]
    wanted += [Fraction(f"{value:.{digits}e}") for digits in range(7)]
    return [x for x in wanted if _within(number, x)] or [exact]


def on_boundaries(question: "Question", point: Point) -> Point:
    """The instance with every hypothesis that it nearly meets with equality met so, if one of its numbers can be solved
    for: exactly, by a secant, which is right where the relation is linear in that number.
    """
    look = question.look({name: np.array([float(x)]) for name, x in point.items()})
    _, closed = question.tolerances
    taken: set[str] = set()
    for i in map(int, np.flatnonzero(closed & (np.abs(look.slack[0]) < TIGHT))):
        if _gap(question, point, i) in (0, None):
            continue
        for name in sorted(set(point) - taken, key=lambda n: -cost(point[n])):
            solved = _solved(question, point, i, name)
            if solved is not None:
                point = {**point, name: solved}
                taken.add(name)
                break
    return point


def _gap(question: "Question", point: Point, i: int) -> Fraction | None:
    m = exact_arithmetic()
    try:
        known = question.family.values({n: m.number(x) for n, x in point.items()}, question.case, m)
        left, right = question.relations[i][1].sides(known, m.dialect)
        gap = m.number(0) + left - right
        return Fraction(int(gap.p), int(gap.q))
    except (ArithmeticError, TypeError):
        return None


def _solved(question: "Question", point: Point, i: int, name: str) -> Fraction | None:
    x = point[name]
    y = x * Fraction(9, 8) if x else Fraction(1, 8)
    at_x, at_y = (_gap(question, {**point, name: v}, i) for v in (x, y))
    if at_x is None or at_y is None or at_x == at_y:
        return None
    root = x - at_x * (y - x) / (at_y - at_x)
    number = next(n for n in question.family.numbers if n.name == name)
    return root if _within(number, root) and _gap(question, {**point, name: root}, i) == 0 else None
