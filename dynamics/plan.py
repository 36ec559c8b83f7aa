"""What a sweep consists of: panels (one rule, one rho, every eta, every start), cut into blocks of trajectories."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jax
import numpy as np

from ..landscapes.landscape import Landscape
from .description import describe
from .methods import METHODS, make_rule, resolve
from .outcome_codes import Tolerances
from .panel import broadcast_rule
from .starts import Starts

RuleFactory = Callable[[Any, Any], Any]
"""``factory(eta, rho) -> rule``."""


@dataclass(frozen=True)
class NamedRule:
    """A named method with everything fixed but eta and rho; a `RuleFactory` that takes arrays too.

    Attributes:
        name: A key of `METHODS`.
        base: As for `make_rule`.
        numbers: Its other numbers and options. A rho here holds for every rho of the sweep.
    """

    name: str
    base: Any = "sgd"
    numbers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def takes_rho(self) -> bool:
        """Whether the sweep's rho makes a difference."""
        return "rho" in METHODS[resolve(self.name)].numbers and "rho" not in self.numbers

    def __call__(self, eta: Any, rho: Any) -> Any:
        numbers = {"rho": rho, **self.numbers} if self.takes_rho else self.numbers
        return make_rule(self.name, eta, base=self.base, **numbers)


@dataclass(frozen=True)
class SweptRule:
    """A rule of a sweep: its label, how it is made, and whether rho makes a difference."""

    label: str
    factory: RuleFactory
    takes_rho: bool

    def settings(self, etas: np.ndarray, rho: float) -> Any:
        """The rule for every eta: numbers as arrays (E,), float64 (whole numbers int32)."""
        if isinstance(self.factory, NamedRule):
            return broadcast_rule(self.factory(etas, rho), len(etas), np.float64)
        rules = [self.factory(float(eta), rho) for eta in etas]
        structure = jax.tree.structure(rules[0])
        if any(jax.tree.structure(rule) != structure for rule in rules):
            raise ValueError(
                f"rule {self.label}: its factory makes rules of different parts for different eta; sweep them apart"
            )
        stacked = jax.tree.map(lambda *x: np.asarray(x), *rules)
        return broadcast_rule(stacked, len(etas), np.float64)


@dataclass(frozen=True, eq=False)
class Plan:
    """A sweep before it runs.

    Attributes:
        landscape: What is descended.
        rules: R of them.
        rhos: Shape (P,).
        etas: Shape (E,).
        starts: N of them.
        steps: Budget.
        dtype: "float32" or "float64".
        keep: "labels", "final" or "rates".
        tolerances: See `Tolerances`.
    """

    landscape: Landscape
    rules: tuple[SweptRule, ...]
    rhos: np.ndarray
    etas: np.ndarray
    starts: Starts
    steps: int
    dtype: str
    keep: str
    tolerances: Tolerances

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """(R, P, E, N)."""
        return len(self.rules), len(self.rhos), len(self.etas), self.starts.count

    @property
    def panels(self) -> list[tuple[int, int]]:
        """(rule, rho) of every panel that must be run: a rule without rho has one."""
        return [(r, p) for r, rule in enumerate(self.rules) for p in range(len(self.rhos) if rule.takes_rho else 1)]

    def places(self, panel: int) -> list[tuple[int, int]]:
        """(rule, rho) of every place of the result that a panel fills."""
        r, p = self.panels[panel]
        return [(r, p)] if self.rules[r].takes_rho else [(r, q) for q in range(len(self.rhos))]

    @property
    def trajectories(self) -> int:
        """How many trajectories are run."""
        return len(self.panels) * self.panel_size

    @property
    def panel_size(self) -> int:
        """Trajectories of one panel, numbered eta by eta: number j is start j % N at eta j // N."""
        return len(self.etas) * self.starts.count

    @property
    def bytes_per_start(self) -> int:
        """Of what is kept of each trajectory."""
        labels = 1 + 2 + 4 + 4 + 4 + 4
        return {
            "rates": 0,
            "labels": labels,
            "final": labels + self.landscape.dimension * np.dtype(self.dtype).itemsize,
        }[self.keep]

    def blocks(self, size: int) -> Iterator[tuple[int, int, int]]:
        """(panel, low, high): trajectories low ... high - 1 of a panel."""
        for panel in range(len(self.panels)):
            for low in range(0, self.panel_size, size):
                yield panel, low, min(low + size, self.panel_size)

    def count_blocks(self, size: int) -> int:
        """How many blocks of this size there are."""
        return len(self.panels) * -(-self.panel_size // size)

    def starts_of(self, low: int, high: int) -> np.ndarray:
        """The starts of trajectories low ... high - 1 of any panel, shape (high - low, d)."""
        n = self.starts.count
        first, last = low // n, (high - 1) // n
        begin, end = low - first * n, high - last * n
        if first == last:
            return self.starts.take(begin, end)
        if last == first + 1:
            return np.concatenate([self.starts.take(begin, n), self.starts.take(0, end)])
        every = self.starts.take(0, n)  # the block holds at least one eta's starts whole
        return np.concatenate([every[begin:], *[every] * (last - first - 1), every[:end]])

    def described(self) -> dict[str, Any]:
        """Everything that the result depends on, as a file can hold it."""
        rules = {}
        for rule in self.rules:
            settings = rule.settings(self.etas, float(self.rhos[0]))
            rules[rule.label] = {
                **describe(jax.tree.map(lambda x: np.asarray(x)[0], settings)),
                "sha256": tree_digest(settings),
            }
        return {
            "landscape": {"name": self.landscape.name, "sha256": tree_digest(self.landscape)},
            "rules": rules,
            "rhos": self.rhos.tolist(),
            "etas": self.etas.tolist(),
            "starts": self.starts.described,
            "steps": self.steps,
            "dtype": self.dtype,
            "keep": self.keep,
            "tolerances": self.tolerances.as_dict(),
        }


def resolve_rules(
    rules: str | Sequence[str | RuleFactory] | Mapping[str, str | RuleFactory], rhos: np.ndarray
) -> tuple[SweptRule, ...]:
    """Rules as given to a sweep: names, factories, or either by label.

    Raises:
        ValueError: No rule, an unknown name, two of the same label, or a rule that draws random numbers.
    """
    if isinstance(rules, str):
        rules = rules.split(",")
    entries = list(rules.items()) if isinstance(rules, Mapping) else [(None, rule) for rule in rules]
    if not entries:
        raise ValueError("sweep: rules is empty; name at least one")
    swept = [_swept(label, rule, float(rhos[0])) for label, rule in entries]
    labels = [rule.label for rule in swept]
    twice = sorted({label for label in labels if labels.count(label) > 1})
    if twice:
        raise ValueError(f"sweep: two rules are called {', '.join(twice)}; label them: rules={{'label': rule, ...}}")
    return tuple(swept)


def _swept(label: str | None, rule: str | RuleFactory, rho: float) -> SweptRule:
    factory = NamedRule(resolve(rule)) if isinstance(rule, str) else rule
    one = factory(0.1, rho)
    name = label or getattr(one, "name", "") or "rule"
    if one.stochastic:
        raise ValueError(f"sweep: {name} draws random numbers and has no single outcome: use simulate(..., key=)")
    if isinstance(factory, NamedRule):
        return SweptRule(name, factory, factory.takes_rho)
    other = factory(0.1, rho + 0.01)
    same = all(np.array_equal(x, y) for x, y in zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True))
    return SweptRule(name, factory, not same)


def tree_digest(tree: Any) -> str:
    """SHA-256 of a tree's structure, static fields included, and of its arrays."""
    leaves, structure = jax.tree.flatten(tree)
    found = hashlib.sha256(re.sub(r" at 0x[0-9a-f]+", "", str(structure)).encode())
    for leaf in leaves:
        array = np.ascontiguousarray(leaf)
        found.update(f"{array.dtype.str} {array.shape}".encode() + array.tobytes())
    return found.hexdigest()
