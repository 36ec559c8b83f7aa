"""Families of concrete instances: free numbers in, everything that a claim speaks of out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Literal

from .arithmetic import Arithmetic

Scale = Literal["log", "linear", "signed log"]


@dataclass(frozen=True)
class Number:
    """A free number of a family, with the range it is drawn from.

    Attributes:
        name: What `Family.measure` calls it; usually a symbol of the claim.
        low: Smallest value; for "signed log" the smallest size.
        high: Largest value.
        scale: "log" (over orders of magnitude, positive), "linear", or "signed log" (either sign). A dimensional
            constant wants "log" over several decades: at 1, wrong powers of it cannot be seen.
    """

    name: str
    low: float
    high: float
    scale: Scale = "log"

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"number {self.name!r}: low {self.low} is above high {self.high}; swap them")
        if self.scale != "linear" and self.low <= 0:
            raise ValueError(
                f"number {self.name!r}: a {self.scale} range must begin above 0, this one begins at {self.low}"
            )


@dataclass(frozen=True)
class Family:
    """Concrete instances of a claim: losses of one kind, in one dimension, with one number of steps.

    Attributes:
        name: "quadratics in two dimensions".
        numbers: The free numbers.
        measure: ``measure(x, m)`` gives, by name, every symbol of the claim that is not itself a free number. ``x.eta``
            is a free number or a value of the case; `m` is the arithmetic (`theory.arithmetic`). Written with plain
            operators and `m`'s functions alone, so that it also runs in rationals and in balls; no branches on values.
        cases: Whole numbers and other values that are fixed in one run of `measure` (steps, samples, dimension).
        replay: The same quantities by the update rules of `dynamics`, in float64, for one instance: what says that
            `measure` computes what the package computes. Give it wherever `measure` steps a rule.
        words: A sentence for the report.
    """

    name: str
    numbers: tuple[Number, ...]
    measure: Callable[[SimpleNamespace, Arithmetic], Mapping[str, Any]]
    cases: tuple[Mapping[str, int], ...] = field(default=({},))
    replay: Callable[[SimpleNamespace], Mapping[str, float]] | None = None
    words: str = ""

    def values(self, numbers: Mapping[str, Any], case: Mapping[str, int], m: Arithmetic) -> dict[str, Any]:
        """Everything by name: the free numbers, the case, and what is measured.

        Raises:
            ValueError: `measure` gives a name again that is free or of the case.
        """
        given = {**case, **numbers}
        measured = dict(self.measure(SimpleNamespace(**given), m))
        if clash := sorted(set(measured) & set(given)):
            raise ValueError(f"family {self.name!r} measures {', '.join(clash)}, which it also draws; drop one of them")
        return {**given, **measured}
