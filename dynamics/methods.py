"""The named methods, one line each: a method is a choice of the four parts of a `Rule`."""

import difflib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .base import BASES, Base
from .correction import DecomposeAndReuse, Renormalise, SurrogateGap, UseSecond
from .perturbation import Adaptive, NoPerturbation, Normalised, RandomDirection, RandomSubset, Unnormalised
from .policy import Bernoulli, Constant, EveryK, GradientThreshold
from .rule import Rule

ALWAYS, NEVER, USE = Constant(True), Constant(False), UseSecond()


@dataclass(frozen=True)
class Method:
    """A named method: how to compose it, the numbers it takes beside eta (with defaults), and its source."""

    title: str
    source: str
    parts: Callable[..., dict[str, Any]]
    numbers: Mapping[str, Any] = field(default_factory=dict)


def _adaptive(a: Mapping[str, Any]) -> GradientThreshold:
    return GradientThreshold(a["lambda_1"], a["lambda_2"], a["horizon"], a["delta"])


RHO = {"rho": 0.05}
EPS = {"rho": 0.05, "epsilon": None}
AE = {"lambda_1": -1.0, "lambda_2": 1.0, "horizon": 1000, "delta": 0.9}
# fmt: off
METHODS: Mapping[str, Method] = {
    "gd": Method("Gradient descent", "Cauchy (1847)", lambda a: dict(policy=NEVER, perturbation=NoPerturbation(), correction=USE)),
    "sam": Method("SAM", "Foret et al. (2021), Algorithm 1", lambda a: dict(policy=ALWAYS, perturbation=Normalised(a["rho"], a["epsilon"]), correction=USE), EPS),
    "usam": Method("Unnormalised SAM", "Andriushchenko & Flammarion (2022), Eq. 8", lambda a: dict(policy=ALWAYS, perturbation=Unnormalised(a["rho"]), correction=USE), RHO),
    "stable_sam": Method("StableSAM", "Tan et al. (2024), Algorithm 1", lambda a: dict(policy=ALWAYS, perturbation=Normalised(a["rho"], a["epsilon"]), correction=Renormalise(a["clamp"])), {**EPS, "clamp": None}),
    "stable_usam": Method("StableSAM, unnormalised ascent", "Tan et al. (2024), Section 4", lambda a: dict(policy=ALWAYS, perturbation=Unnormalised(a["rho"]), correction=Renormalise(a["clamp"])), {**RHO, "clamp": None}),
    "asam": Method("ASAM", "Kwon et al. (2021), Eq. 6", lambda a: dict(policy=ALWAYS, perturbation=Adaptive(a["rho"], a["floor"], a["epsilon"]), correction=USE), {**EPS, "floor": 0.0}),
    "stable_asam": Method("StableASAM", "Tan et al. (2024), Section 5", lambda a: dict(policy=ALWAYS, perturbation=Adaptive(a["rho"], a["floor"], a["epsilon"]), correction=Renormalise(a["clamp"])), {**EPS, "floor": 0.0, "clamp": None}),
    "n_sam": Method("n-SAM: ascent on all examples", "Andriushchenko & Flammarion (2022), Eq. 8", lambda a: dict(policy=ALWAYS, perturbation=Unnormalised(a["rho"]), correction=USE, inner="full"), RHO),
    "m_sam": Method("m-SAM: ascent group by group", "Foret et al. (2021); Andriushchenko & Flammarion (2022), Eq. 4", lambda a: dict(policy=ALWAYS, perturbation=Normalised(a["rho"], a["epsilon"]), correction=USE, group=a["m"]), {**EPS, "m": 1}),
    "one_sam": Method("1-SAM: ascent example by example", "Andriushchenko & Flammarion (2022), Eq. 8", lambda a: dict(policy=ALWAYS, perturbation=Unnormalised(a["rho"]), correction=USE, group=1), RHO),
    "usam_independent": Method("USAM, ascent on an independent batch", "Zhou et al. (2025), Section 4", lambda a: dict(policy=ALWAYS, perturbation=Unnormalised(a["rho"]), correction=USE, inner="independent"), RHO),
    "random": Method("Random perturbation", "Andriushchenko & Flammarion (2022), Figure 1", lambda a: dict(policy=ALWAYS, perturbation=RandomDirection(a["rho"]), correction=USE), RHO),
    "ss_sam": Method("SS-SAM", "Zhao et al. (2022)", lambda a: dict(policy=Bernoulli(a["p"]), perturbation=Normalised(a["rho"], a["epsilon"]), correction=USE), {**EPS, "p": 0.5}),
    "look_sam": Method("LookSAM", "Liu et al. (2022), Algorithm 1", lambda a: dict(policy=EveryK(a["k"]), perturbation=Normalised(a["rho"], a["epsilon"]), correction=DecomposeAndReuse(a["alpha"])), {**EPS, "k": 5, "alpha": 0.5}),
    "esam": Method("ESAM", "Du et al. (2022), Algorithm 1", lambda a: dict(policy=ALWAYS, perturbation=RandomSubset(a["rho"], a["keep"], a["epsilon"]), correction=USE, selected=a["selected"]), {**EPS, "keep": 0.5, "selected": 0.5}),
    "ae_sam": Method("AE-SAM", "Jiang et al. (2023), Algorithm 1", lambda a: dict(policy=_adaptive(a), perturbation=Unnormalised(a["rho"]), correction=USE), {**RHO, **AE}),
    "ae_look_sam": Method("AE-LookSAM", "Jiang et al. (2023), Algorithm 1", lambda a: dict(policy=_adaptive(a), perturbation=Unnormalised(a["rho"]), correction=DecomposeAndReuse(a["alpha"])), {**RHO, **AE, "lambda_1": 0.0, "lambda_2": 2.0, "alpha": 0.5}),
    "gsam": Method("GSAM", "Zhuang et al. (2022), Algorithm 1", lambda a: dict(policy=ALWAYS, perturbation=Normalised(a["rho"], a["epsilon"]), correction=SurrogateGap(a["alpha"])), {**EPS, "alpha": 0.4}),
}
# fmt: on
ALIASES: Mapping[str, str] = {
    "sgd": "gd", "erm": "gd", "stablesam": "stable_sam", "stableasam": "stable_asam", "nsam": "n_sam", "msam": "m_sam",
    "1_sam": "one_sam", "1sam": "one_sam", "sssam": "ss_sam", "looksam": "look_sam", "aesam": "ae_sam",
    "aelooksam": "ae_look_sam",
}  # fmt: skip


def resolve(name: str) -> str:
    """The canonical name of a method; spelling with dashes, capitals or none of either is understood.

    Raises:
        ValueError: No such method; the nearest is suggested.
    """
    wanted = name.lower().replace("-", "_")
    wanted = ALIASES.get(wanted, wanted)
    if wanted in METHODS:
        return wanted
    near = difflib.get_close_matches(wanted, [*METHODS, *ALIASES], n=1)
    hint = f"did you mean {near[0]!r}?" if near else "see the list below"
    raise ValueError(f"unknown rule {name!r}: {hint} Rules: {', '.join(METHODS)}")


def make_rule(name: str, eta: Any, *, base: str | Callable[[Any], Base] = "sgd", **numbers: Any) -> Rule:
    """A named method as a rule.

    Args:
        name: A key of `METHODS` ("sam", "stable_sam", ...); aliases and dashes are understood.
        eta: Step size, > 0; a number, or an array where the rule is vmapped.
        base: A key of `BASES`, or a function of eta that returns a base optimiser.
        numbers: The method's own numbers (rho, k, p, ...); see ``METHODS[name].numbers`` for names and defaults.
    Raises:
        ValueError: Unknown name or number, or a value out of range.
    """
    key = resolve(name)
    method = METHODS[key]
    unknown = sorted(set(numbers) - set(method.numbers))
    if unknown:
        takes = ", ".join(["eta", *method.numbers])
        raise ValueError(f"{key} takes no {', '.join(unknown)}; it takes {takes}")
    values = {**method.numbers, **numbers}
    check_numbers(key, {"eta": eta, **values})
    if isinstance(base, str) and base not in BASES:
        raise ValueError(f"unknown base optimiser {base!r}; choose from {', '.join(BASES)}")
    make_base = BASES[base] if isinstance(base, str) else base
    return Rule(base=make_base(eta), name=key, **method.parts(values))


_RANGES: Mapping[str, tuple[float, float, str]] = {
    "eta": (0.0, math.inf, "the step size must be > 0"),
    "rho": (0.0, math.inf, "the perturbation radius must be >= 0"),
    "p": (0.0, 1.0, "a probability lies in [0, 1]"),
    "keep": (0.0, 1.0, "the share of perturbed weights lies in (0, 1]"),
    "selected": (0.0, 1.0, "the share of selected examples lies in (0, 1]"),
    "k": (1.0, math.inf, "the period is a whole number >= 1"),
    "m": (1.0, math.inf, "the group size is a whole number >= 1"),
    "delta": (0.0, 1.0, "the forgetting rate lies in (0, 1)"),
    "horizon": (1.0, math.inf, "the horizon is a whole number >= 1"),
    "epsilon": (0.0, math.inf, "epsilon must be >= 0, or None"),
    "clamp": (0.0, math.inf, "the clamp must be > 0, or None"),
    "floor": (0.0, math.inf, "the floor must be >= 0"),
}
_OPEN_BELOW = ("eta", "keep", "selected", "clamp")


def check_numbers(rule: str, numbers: Mapping[str, Any]) -> None:
    """Refuse numbers out of range, with the rule, the value and the remedy. Traced values pass unchecked.

    Raises:
        ValueError: A number is not finite or out of its range.
    """
    for name, value in numbers.items():
        if not isinstance(value, int | float):
            continue  # arrays are checked by whoever made the grid; tracers cannot be
        low, high, remedy = _RANGES.get(name, (-math.inf, math.inf, "it must be a finite number"))
        bad = not math.isfinite(value) or not low <= value <= high or (name in _OPEN_BELOW and value == low)
        if bad:
            raise ValueError(f"{rule}: {name} = {value!r} is out of range: {remedy}")
