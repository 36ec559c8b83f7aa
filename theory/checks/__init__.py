"""Checks: each takes a claim and a budget and returns evidence. Each module's `check` is usable alone.

| module | question |
| --- | --- |
| `satisfiability` | can the hypotheses hold together, also at the boundary values that they allow? |
| `dimensions` | is every formula homogeneous? |
| `implication` | do the hypotheses imply the conclusion (SMT: is the negation unsatisfiable)? |
| `falsify` | is there an instance that meets the hypotheses and breaks the conclusion? |
| `steps` | does each displayed step of the proof follow? |
| `symbolic` | identities, closed forms, series, limits and signs |
| `worst_case` | the exact worst case over a class of functions, by performance estimation |
| `enumeration` | exact expectations over all mini-batches of a small finite sum |
| `simulation` | measurements with standard errors against predictions |
| `interval` | a proof by balls over a region of a transcendental landscape |
| `consistency` | do two claims about the same quantity contradict each other? |

The first five run on every claim that has something for them; the others are made by their constructors and stand in
`Claim.checks`.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..budget import Budget
    from ..claim import Claim
    from ..evidence import Evidence

USUAL = ("satisfiability", "dimensions", "implication", "falsify", "steps")


def usual_checks(claim: "Claim") -> "list[tuple[str, Callable[[Claim, Budget], Sequence[Evidence]]]]":
    """The checks that every claim gets, by name, and then its own."""
    usual = [(name, import_module(f".{name}", __name__).check) for name in USUAL]
    return [*usual, *((getattr(check, "name", "check"), check) for check in claim.checks)]
