"""The outcomes a start can have, and the numbers that decide between them."""

import dataclasses
import enum
import math
from dataclasses import dataclass


class Outcome(enum.IntEnum):
    """What became of a start; `outcome.outcomes` says how it is decided."""

    MINIMUM = 0
    SADDLE = 1
    CYCLE = 2
    OTHER = 3
    DIVERGED = 4
    SLOW = 5


MEANINGS: tuple[str, ...] = tuple(code.name.lower() for code in Outcome)
"""The outcomes' names, in the order of their codes."""


@dataclass(frozen=True)
class Tolerances:
    """What decides an outcome; every number is recorded with the results. `outcome.outcomes` says what each is for.

    Attributes:
        ball: Radius about a critical point, in the units of w, within which a tail belongs to it.
        escape_radius: ||w|| beyond which a trajectory has diverged.
        window: Steps of the tail, even; periods up to a quarter of it can be confirmed.
        back: How near, as a share of the tail's amplitude, counts as a return.
        drift: How far, as a share of its extent, a bounded oscillation may have moved after `pause` steps.
        pause: Steps between the two looks at an oscillation without a period.
        rest: Distance left to go, by geometric extrapolation, below which a trajectory counts as at rest; of `ball`.
        neutral: | spectral radius - 1 | up to which the Jacobian does not decide.
        rings: Radii of the escape test's rings, as shares of `ball`, descending.
        ring_points: Points on each ring.
        folds: The escape test waits for a displacement to grow by e to this power at the saddle's own rate.
        least_escape: Steps that it waits at least.
        most_escape: Steps after which it gives up, undecided.
    """

    ball: float = 0.1
    escape_radius: float = 1e6
    window: int = 128
    back: float = 1e-3
    drift: float = 0.2
    pause: int = 1024
    rest: float = 0.01
    neutral: float = 1e-9
    rings: tuple[float, ...] = (0.5, 0.1, 0.02, 0.004)
    ring_points: int = 8
    folds: float = 12.0
    least_escape: int = 1000
    most_escape: int = 1_000_000

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            numbers = value if isinstance(value, tuple) else (value,)
            if not numbers or not all(math.isfinite(x) and x > 0 for x in numbers):
                raise ValueError(f"tolerances: {field.name} = {value!r}: it must be a finite number > 0")
        if self.window % 2 or self.window < 8:
            raise ValueError(f"tolerances: window = {self.window}: it must be an even number of steps, at least 8")
        if list(self.rings) != sorted(set(self.rings), reverse=True) or self.rings[0] >= 1:
            raise ValueError(f"tolerances: rings = {self.rings}: give shares of the ball below 1, largest first")
        if self.most_escape < self.least_escape:
            raise ValueError(
                f"tolerances: most_escape = {self.most_escape} is less than least_escape = {self.least_escape}"
            )

    def as_dict(self) -> dict[str, float | int | list[float]]:
        """The numbers by name, as a file can hold them."""
        values = dataclasses.asdict(self)
        return {name: list(x) if isinstance(x, tuple) else x for name, x in values.items()}
