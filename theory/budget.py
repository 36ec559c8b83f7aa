"""How much may be spent on a claim, counted in work and not in seconds, so that a slow machine says the same."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Attributes:
    name: "quick", "default" or "full".
    samples: Instances drawn for each family and case.
    ascents: Instances whose violation is driven up by gradient steps, for each family and case.
    ascent_steps: Gradient steps for each of them.
    solver_steps: Resource units of the SMT solver for one question (z3's rlimit).
    paths: Sample paths of an ensemble.
    boxes: Boxes that an interval proof may look at.
    """

    name: str
    samples: int
    ascents: int
    ascent_steps: int
    solver_steps: int
    paths: int
    boxes: int


BUDGETS = {
    "quick": Budget("quick", 2_000, 16, 60, 2_000_000, 2_000, 20_000),
    "default": Budget("default", 20_000, 64, 150, 10_000_000, 20_000, 200_000),
    "full": Budget("full", 200_000, 256, 400, 100_000_000, 200_000, 2_000_000),
}
