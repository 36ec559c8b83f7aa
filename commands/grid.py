"""Numbers as they are typed: grids of settings, starting points and `name=value` pairs.

    0.1                  one value
    0.05,0.2,0.5         a list
    0.001:0.3:100        LOW:HIGH:COUNT, spaced evenly in the logarithm, both ends included
    lin:0:1:11           LOW:HIGH:COUNT, spaced evenly

The parts of a list may be ranges. Everything here is plain Python, so that a mistyped grid is refused before JAX loads.
"""

import math
from collections.abc import Sequence

LARGEST = 1_000_000
FORMS = "write a value (0.1), a list (0.05,0.2) or LOW:HIGH:COUNT (0.001:0.3:100; lin:0:1:11 for even spacing)"


def parse_grid(text: str, option: str, *, above: float = -math.inf, at_least: float = -math.inf) -> tuple[float, ...]:
    """A grid of numbers from its text (forms in the module's docstring).

    Args:
        text: As typed.
        option: The option's name, for messages.
        above: Every value must be larger than this.
        at_least: Every value must be at least this.
    Returns:
        The values in the order typed.
    Raises:
        ValueError: The text is none of the forms, or a value is out of range or given twice.
    """
    values: list[float] = []
    for part in text.split(","):
        values.extend(_range(part, text, option) if ":" in part else [parse_number(part, option, FORMS)])
    if len(values) > LARGEST:
        raise ValueError(f"{option}: {text!r} has {len(values)} values; {LARGEST} is the limit")
    for value in values:
        if not value > above:
            raise ValueError(f"{option}: {value:g} is out of range: it must be > {above:g}")
        if not value >= at_least:
            raise ValueError(f"{option}: {value:g} is out of range: it must be >= {at_least:g}")
    twice = next((v for i, v in enumerate(values) if v in values[:i]), None) if len(values) < 1000 else None
    if twice is not None:
        raise ValueError(f"{option}: {twice:g} is given twice; write each value once")
    return tuple(values)


def parse_number(text: str, option: str, remedy: str = "write a number such as 0.05 or 1e-4") -> float:
    """A finite number from its text.

    Raises:
        ValueError: Not a number, or not finite.
    """
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{option}: {text.strip()!r} is not a number; {remedy}") from None
    if not math.isfinite(value):
        raise ValueError(f"{option}: {text.strip()!r} is not finite; {remedy}")
    return value


def parse_point(text: str, option: str, dimension: int | None = None) -> tuple[float, ...]:
    """A point from its coordinates, ``1,2`` or ``(1, 2)``.

    Args:
        text: As typed.
        option: The option's name, for messages.
        dimension: How many coordinates there must be; None: any number.
    Raises:
        ValueError: A coordinate is not a finite number, or there are too many or too few.
    """
    inside = text.strip().removeprefix("(").removesuffix(")")
    point = tuple(parse_number(part, option, "write coordinates such as 1,2") for part in inside.split(","))
    if dimension is not None and len(point) != dimension:
        raise ValueError(f"{option}: {text!r} has {len(point)} coordinates, the landscape has {dimension}")
    return point


def parse_settings(pairs: Sequence[str], option: str = "--set") -> dict[str, float | int | None]:
    """``name=value`` pairs as a dictionary; whole numbers become int, ``none`` becomes None.

    Raises:
        ValueError: A pair without "=", a value that is no number, or a name given twice.
    """
    settings: dict[str, float | int | None] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        name = name.strip().replace("-", "_")
        if not equals or not name.isidentifier():
            raise ValueError(f"{option}: {pair!r} is not NAME=VALUE; write for example {option} k=5")
        if name in settings:
            raise ValueError(f"{option}: {name} is given twice; write it once")
        if text.strip().lower() == "none":
            settings[name] = None
        else:
            value = parse_number(text, f"{option} {name}")
            whole = value.is_integer() and not set(text.lower()) & set(".e")
            settings[name] = int(value) if whole else value
    return settings


def _range(part: str, text: str, option: str) -> list[float]:
    linear = part.strip().startswith("lin:")
    ends = part.strip().removeprefix("lin:").split(":")
    if len(ends) != 3:
        raise ValueError(f"{option}: {part!r} is not LOW:HIGH:COUNT; {FORMS}")
    low, high = (parse_number(end, option, FORMS) for end in ends[:2])
    if not ends[2].strip().isdecimal():
        raise ValueError(f"{option}: COUNT in {part!r} must be a whole number, got {ends[2]!r}")
    count = int(ends[2])
    if not 2 <= count <= LARGEST:
        raise ValueError(f"{option}: COUNT in {part!r} must lie between 2 and {LARGEST}")
    if not low < high:
        raise ValueError(f"{option}: LOW must be smaller than HIGH in {part!r}")
    if not linear and low <= 0:
        raise ValueError(
            f"{option}: {part!r} is spaced in the logarithm and needs LOW > 0; for even spacing: lin:{part}"
        )
    shares = [i / (count - 1) for i in range(1, count - 1)]
    if linear:
        inner = [low + (high - low) * share for share in shares]
    else:
        inner = [math.exp(math.log(low) + (math.log(high) - math.log(low)) * share) for share in shares]
    return [low, *inner, high]
