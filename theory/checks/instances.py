"""A family's instances as points of a unit cube, and everything that a claim says of them, many at once in NumPy.

Each free number is a coordinate of [0, 1]: the logarithm of its size between its ends, or its place between them. So a
step of the search means the same for a number near 1e-3 and for one near 1e3.
"""

import functools
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ...landscapes.dialect import numpy_like_dialect
from ..arithmetic import Arithmetic
from ..family import Family, Number
from ..relation import Relation

if TYPE_CHECKING:
    from ..claim import Claim, Hypothesis

ROUND = 1e-12
"""Relative slack that round-off may take from a hypothesis in float64; what is found is settled exactly anyway."""
EQUAL = 1e-9
"""Relative distance at which two sides count as equal in float64, where a hypothesis asks for equality."""
CHUNK = 4096
"""Instances evaluated in one sweep: it bounds memory, and changes no result (all is done element by element)."""


@functools.cache
def numpy_arithmetic() -> Arithmetic:
    """NumPy in float64, on arrays of instances: the search's arithmetic, with nothing to compile."""
    plain = (
        "sqrt exp log log1p expm1 sin cos tan tanh sinh cosh arctan arcsin arccos arcsinh arccosh arctanh sign "
        "maximum minimum where abs"
    )
    from fractions import Fraction

    functions = {name: getattr(np, name) for name in plain.split()}
    return Arithmetic("float64", numpy_like_dialect(np), functions, lambda value: float(Fraction(value)))


Batch = Mapping[str, Any]


@functools.lru_cache(maxsize=4096)
def compiled(relation: Relation) -> tuple[Callable[[Batch], Any], Callable[[Batch], Any]]:
    """Both sides of a relation as functions of a batch: its formulas are walked once, not at every step of a search."""
    plain = numpy_arithmetic().dialect

    def lifted(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *parts: lambda batch: function(*[part(batch) for part in parts])

    def constant(value: Any) -> Callable[[Batch], Any]:
        number = plain.number(value)
        return lambda batch: number

    dialect = replace(
        plain,
        number=constant,
        variable=lambda part: part,
        functions={name: lifted(function) for name, function in plain.functions.items()},
        finish=lambda part, _: part,
    )
    names = {name: (lambda batch, name=name: batch[name]) for name in relation.names}
    return relation.sides({**names, "unused": constant(0)}, dialect)


@dataclass(frozen=True)
class Look:
    """What a batch of n instances shows; all arrays have n rows.

    Attributes:
        slack: Relative slack of each hypothesis' relation, (n, hypotheses) in [-1, 1]; NaN where it is undefined.
        left: Left sides of the conclusions, (n, conclusions).
        right: Right sides.
        met: Whether all hypotheses are met, their relations up to `ROUND`.
        excess: Relative violation of each conclusion, (n, conclusions) in [-1, 1]: positive where it is broken.
    """

    slack: np.ndarray
    left: np.ndarray
    right: np.ndarray
    met: np.ndarray
    excess: np.ndarray

    @property
    def fields(self) -> tuple[np.ndarray, ...]:
        """All arrays, in order."""
        return self.slack, self.left, self.right, self.met, self.excess

    def rows(self, index: np.ndarray) -> "Look":
        """Some of the instances."""
        return Look(*(field[index] for field in self.fields))


@dataclass(frozen=True)
class Question:
    """Where to look for a counterexample: one family and case, the conditions, and the relations to break."""

    family: Family
    case: Mapping[str, int]
    conditions: "tuple[Hypothesis, ...]"
    conclusions: tuple[Relation, ...]

    @functools.cached_property
    def relations(self) -> tuple[tuple[str, Relation], ...]:
        """Every relation of the conditions with the name of its hypothesis."""
        return tuple((h.name, r) for h in self.conditions for r in h.relations)

    @functools.cached_property
    def tolerances(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest relative slack at which each relation counts as met, and whether even that value does."""
        signs = [r.sign for _, r in self.relations]
        low = np.array([{"==": -EQUAL, "<=": -ROUND, ">=": -ROUND}.get(s, 0.0) for s in signs])
        return low, np.array([s in ("==", "<=", ">=") for s in signs], bool)

    @functools.cached_property
    def _named(self) -> frozenset[str]:
        return frozenset(n for r in (*(r for _, r in self.relations), *self.conclusions) for n in r.names)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(n.name for n in self.family.numbers)

    def values(self, z: np.ndarray, sign: np.ndarray) -> dict[str, np.ndarray]:
        """The free numbers at places `z` (n, k) of the cube with signs (n, k)."""
        found = {}
        for j, n in enumerate(self.family.numbers):
            if n.scale == "linear":
                found[n.name] = n.low + z[:, j] * (n.high - n.low)
            else:
                size = np.exp(np.log(n.low) + z[:, j] * (np.log(n.high) - np.log(n.low)))
                found[n.name] = np.clip(size, n.low, n.high) * (sign[:, j] if n.scale == "signed log" else 1.0)
        return found

    def known(self, numbers: Mapping[str, np.ndarray]) -> dict[str, Any]:
        """All quantities of a batch of instances, by name.

        Raises:
            MeasureError: The family's `measure` raises, or does not give what the claim speaks of.
        """
        with np.errstate(all="ignore"):
            try:
                return self.family.values(numbers, self.case, numpy_arithmetic())
            except Exception as error:
                raise MeasureError(f"family {self.family.name!r}: {type(error).__name__}: {error}") from error

    def look(self, numbers: Mapping[str, np.ndarray]) -> Look:
        """Evaluate a batch, chunk by chunk."""
        n = len(next(iter(numbers.values()))) if numbers else 1
        parts = [
            self._look({name: value[at : at + CHUNK] for name, value in numbers.items()}, min(CHUNK, n - at))
            for at in range(0, n, CHUNK)
        ]
        return parts[0] if len(parts) == 1 else Look(*map(np.concatenate, zip(*(p.fields for p in parts), strict=True)))

    def at(self, z: np.ndarray, sign: np.ndarray) -> Look:
        """Evaluate places of the cube."""
        return self.look(self.values(z, sign))

    def _look(self, numbers: Mapping[str, np.ndarray], n: int) -> Look:
        known = {name: np.asarray(value, float) for name, value in self.known(numbers).items()}
        if missing := sorted(self._named - set(known)):
            raise MeasureError(
                f"family {self.family.name!r} does not give {', '.join(missing)}, which the statement speaks of; let "
                "`measure` return it"
            )

        asked = [*(r for _, r in self.relations), *self.conclusions]
        left, right = np.empty((n, len(asked))), np.empty((n, len(asked)))
        with np.errstate(all="ignore"):
            for i, relation in enumerate(asked):
                on_left, on_right = compiled(relation)
                left[:, i], right[:, i] = on_left(known), on_right(known)
        slack = relative_slack([r.sign for r in asked], left, right)
        h = len(self.relations)
        low, closed = self.tolerances
        met = np.all((slack[:, :h] > low) | (closed & (slack[:, :h] >= low)), 1)
        if any(h.predicate for h in self.judged):
            met[met] = self._predicates_met(known, np.flatnonzero(met), n)
        return Look(slack[:, :h], left[:, h:], right[:, h:], met, -slack[:, h:])

    @functools.cached_property
    def judged(self) -> "tuple[Hypothesis, ...]":
        """The conditions that have no relation, only a predicate."""
        return tuple(h for h in self.conditions if not h.relation)

    def _predicates_met(self, known: Mapping[str, Any], rows: np.ndarray, n: int) -> np.ndarray:
        met = np.ones(len(rows), bool)
        for i, instance in enumerate(self._as_floats(known, rows, n)):
            for h in self.judged:
                try:
                    met[i] &= bool(h.predicate and h.predicate(instance))
                except Exception as error:
                    raise MeasureError(f"the predicate of {h.name!r}: {type(error).__name__}: {error}") from error
        return met

    def _as_floats(self, known: Mapping[str, Any], rows: np.ndarray, n: int) -> list[dict[str, Any]]:
        columns = {name: np.broadcast_to(np.asarray(value, float), n)[rows] for name, value in known.items()}
        return [
            {name: self.case[name] if name in self.case else float(c[i]) for name, c in columns.items()}
            for i in range(len(rows))
        ]

    def instances(self, numbers: Mapping[str, np.ndarray]) -> list[dict[str, Any]]:
        """A batch as one mapping of floats for each instance, for predicates."""
        n = len(next(iter(numbers.values()))) if numbers else 1
        return self._as_floats(self.known(numbers), np.arange(n), n)


def place(number: Number, value: float) -> float:
    """Where in [0, 1] a value of a free number lies."""
    if number.low == number.high:
        return 0.0
    if number.scale == "linear":
        return (value - number.low) / (number.high - number.low)
    return float(np.log(abs(value) / number.low) / np.log(number.high / number.low))


class MeasureError(RuntimeError):
    """A family's `measure` broke down."""


def relative_slack(signs: Sequence[str], left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Slack over the size of both sides, in [-1, 1]; its sign where a side is infinite, NaN where a side is NaN.

    Args:
        signs: One for each column.
        left: Left sides, (n, columns).
        right: Right sides.
    """
    turn = np.array([{"<": -1, "<=": -1, "==": -1, "!=": 1, ">": 1, ">=": 1}[s] for s in signs], float)
    either = np.array([s in ("==", "!=") for s in signs], bool)
    with np.errstate(all="ignore"):
        difference = left - right
        difference = turn * np.where(either, np.abs(difference), difference)
        size = np.abs(left) + np.abs(right)
        relative = np.where(size > 0, difference / np.where(size > 0, size, 1.0), 0.0)
        return np.where(np.isfinite(size), relative, np.sign(difference))


def generator(claim: "Claim", family: Family, case: Mapping[str, int], words: str = "") -> np.random.Generator:
    """Random numbers that depend on claim, family and case alone."""
    text = json.dumps([claim.id, family.name, sorted(case.items()), words])
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))


def spelled(values: Mapping[str, Any], names: Sequence[str] | None = None) -> str:
    """``eta = 1, L = 5/2``."""
    shown = names if names is not None else list(values)
    return ", ".join(f"{n} = {values[n]:.6g}" if isinstance(values[n], float) else f"{n} = {values[n]}" for n in shown)
