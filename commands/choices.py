"""From what was typed to what is meant: a landscape, a rule, a device. Everything is refused before work starts."""

import ast
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .grid import parse_number

if TYPE_CHECKING:
    from ..dynamics.outcome_codes import Tolerances
    from ..dynamics.rule import Rule
    from ..landscapes import Landscape

Numbers = Mapping[str, float | int | None]


def choose_landscape(text: str, window: str | None = None) -> "Landscape":
    """The landscape that `text` names: ``lucchi``, ``example_c1(a=2, eps=1/10)``, or a formula.

    Args:
        text: As typed.
        window: For a formula, the region to draw and to draw starts from (see `parse_window`).
    Raises:
        ValueError: Unknown name (the nearest is suggested), unusable parameter, or a formula that cannot be read.
    """
    from ..landscapes import LANDSCAPES, Landscape, get_landscape

    name, bracket, _ = text.strip().partition("(")
    if text.strip().isidentifier() or (bracket and name.strip() in LANDSCAPES):
        return get_landscape(name.strip(), **_parameters(text.strip()) if bracket else {})
    sides = parse_window(window) if window else None
    return Landscape.from_expression(text, domain=sides[0] if sides and len(sides) == 1 else sides)


def parse_window(text: str, option: str = "--window") -> tuple[tuple[float, float], ...]:
    """``LOW:HIGH`` for every coordinate, or one such pair per coordinate, separated by commas.

    Raises:
        ValueError: Not of that form, or LOW >= HIGH.
    """
    sides = []
    for part in text.split(","):
        ends = part.split(":")
        if len(ends) != 2:
            raise ValueError(
                f"{option}: {part!r} is not LOW:HIGH; write -2:2, or -1.5:3.7,-0.5:2.7 for each coordinate"
            )
        low, high = (parse_number(end, option, "write LOW:HIGH, such as -2:2") for end in ends)
        if not low < high:
            raise ValueError(f"{option}: LOW must be smaller than HIGH in {part!r}")
        sides.append((low, high))
    return tuple(sides)


def window_of(landscape: "Landscape", window: str | None) -> tuple[tuple[float, float], ...]:
    """The window typed, else the landscape's own: ((low, high), ...), one pair per coordinate.

    Raises:
        ValueError: The number of pairs fits neither one nor the dimension, or there is no window at all.
    """
    d = landscape.dimension
    if window is None:
        domain = tuple(getattr(landscape, "domain", ()))
        if len(domain) != d:
            raise ValueError(f"{landscape.name} declares no window to draw starts from; give --window LOW:HIGH")
        return domain
    sides = parse_window(window)
    if len(sides) not in (1, d):
        raise ValueError(f"--window: {len(sides)} pairs given, {landscape.name} has {d} coordinates; give 1 or {d}")
    return sides if len(sides) == d else sides * d


def choose_rules(text: str) -> list[str]:
    """Canonical names of rules from a comma list.

    Raises:
        ValueError: Unknown (the nearest is suggested), or named twice.
    """
    from ..dynamics.methods import resolve

    names = [resolve(name.strip()) for name in text.split(",")]
    for i, name in enumerate(names):
        if name in names[:i]:
            raise ValueError(f"--rules: {name} is named twice in {text!r}")
    return names


def numbers_for(rule: str, settings: Numbers) -> dict[str, Any]:
    """Those of `settings` that the rule takes."""
    from ..dynamics.methods import METHODS

    return {name: value for name, value in settings.items() if name in METHODS[rule].numbers}


def check_settings(rules: Sequence[str], settings: Numbers) -> None:
    """Refuse a setting that none of the rules takes.

    Raises:
        ValueError: With the numbers that they take.
    """
    from ..dynamics.methods import METHODS

    taken = sorted({number for rule in rules for number in METHODS[rule].numbers})
    for name in settings:
        if name not in taken:
            known = ", ".join(taken) or "none beside eta"
            raise ValueError(f"--set: no rule here ({', '.join(rules)}) takes {name!r}; they take: {known}")


def tolerances_from(numbers: Numbers) -> "Tolerances":
    """What decides an outcome, with these numbers in place of the defaults.

    Raises:
        ValueError: No such tolerance, or a value out of range.
    """
    import dataclasses

    from ..dynamics.outcome_codes import Tolerances

    known = [field.name for field in dataclasses.fields(Tolerances) if field.name != "rings"]
    for name in numbers:
        if name not in known:
            raise ValueError(f"--tolerance: there is no {name!r}; there are: {', '.join(known)}")
    chosen: dict[str, Any] = dict(numbers)
    return Tolerances(**chosen)


def choose_base(base: str, momentum: float | None) -> str | Callable[[Any], Any]:
    """The base optimiser, with its momentum where one was given.

    Raises:
        ValueError: Momentum out of [0, 1), or for a base that has none.
    """
    if momentum is None:
        return base
    if base == "sgd":
        raise ValueError("--momentum: plain sgd has none; add --base heavy_ball or --base nesterov")
    if not 0 <= momentum < 1:
        raise ValueError(f"--momentum: {momentum:g} is out of range: it must be >= 0 and < 1")
    from ..dynamics.base import BASES

    return functools.partial(BASES[base], **{"b1" if base == "adamw" else "momentum": momentum})


def choose_rule(
    name: str, eta: float, rho: float | None, settings: Numbers, base: str, momentum: float | None
) -> "Rule":
    """One rule with its numbers.

    Raises:
        ValueError: Unknown rule or number, or a value out of range.
    """
    from ..dynamics.methods import METHODS, make_rule, resolve

    key = resolve(name)
    check_settings([key], settings)
    if rho is not None and "rho" not in METHODS[key].numbers:
        raise ValueError(f"--rho: {key} takes no radius; leave --rho out")
    numbers = dict(settings) if rho is None else {**settings, "rho": rho}
    return make_rule(name, eta, base=choose_base(base, momentum), **numbers)


def choose_device(kind: str | None) -> None:
    """Make `kind` ("cpu", "gpu", "tpu") the platform of this process; None leaves the choice to JAX.

    Raises:
        ValueError: This machine, or this JAX, has none.
    """
    if kind is None:
        return
    import jax

    if kind == "cpu":
        jax.config.update("jax_platforms", "cpu")  # and do not wake an accelerator
        return
    try:
        found = jax.devices(kind)
    except RuntimeError:
        found = []
    if not found or jax.default_backend() != found[0].platform:
        remedy = "install jax with support for it, or leave --device out"
        raise ValueError(f"--device: JAX finds no {kind} here, only {jax.default_backend()}; {remedy}")


def _parameters(call: str) -> dict[str, Any]:
    """The keyword arguments of ``name(a=2, eps=1/10, eigenvalues=(1, -1))``; decimals and fractions stay exact text."""
    try:
        tree = ast.parse(call, mode="eval").body
    except SyntaxError:
        tree = None
    if not isinstance(tree, ast.Call) or tree.args or any(keyword.arg is None for keyword in tree.keywords):
        raise ValueError(f"{call!r} is not NAME(PARAMETER=VALUE, ...); write for example example_c1(a=2, eps=1/10)")
    return {str(keyword.arg): _value(keyword.value, call) for keyword in tree.keywords}


def _value(node: ast.expr, call: str) -> Any:
    if isinstance(node, ast.Tuple | ast.List):
        return tuple(_value(element, call) for element in node.elts)
    text = ast.unparse(node).replace(" ", "")
    if isinstance(node, ast.Constant) and isinstance(node.value, int | str):
        return node.value
    numeric = ast.Constant, ast.UnaryOp, ast.BinOp, ast.USub, ast.UAdd, ast.Div
    if all(isinstance(part, numeric) for part in ast.walk(node)):
        return text if "/" in text else float(text)
    raise ValueError(f"{text!r} in {call!r} is not a value; write a number, a fraction (1/10) or a list (1, -1)")
