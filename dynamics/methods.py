"""The named methods, one line each: a method is a choice of the four parts of a `Rule`.

Notes:
    Defaults are what is printed; where released code differs, an argument has it: `ball` (USAM), `weighted` and
    `epsilon_adv` (StableASAM), `inner` = "previous" (n-SAM), `normalised` and `variance` (AE-SAM). On all examples at
    once n-SAM is USAM; on batches it ascends on another one (Eq. 21). The released diagonal networks of Andriushchenko &
    Flammarion perturb 1-SAM by 2 rho and n-SAM by rho: compare their figures with `one_sam` at twice the rho.

References:
    Foret, Kleiner, Mobahi, Neyshabur (2021). Sharpness-aware minimization for efficiently improving generalization. ICLR.
    Kwon, Kim, Park, Choi (2021). ASAM: adaptive sharpness-aware minimization. ICML.
    Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. ICML.
    Du et al. (2022). Efficient sharpness-aware minimization for improved training of neural networks. ICLR.
    Liu, Mai, Chen, Hsieh, You (2022). Towards efficient and scalable sharpness-aware minimization. CVPR.
    Zhao, Zhang, Hu (2022). SS-SAM: stochastic scheduled sharpness-aware minimization. arXiv:2203.09962.
    Zhuang et al. (2022). Surrogate gap minimization improves sharpness-aware training. ICLR.
    Jiang, Yang, Zhang, Kwok (2023). An adaptive policy to employ sharpness-aware minimization. ICLR.
    Tan, Zhang, Liu, Wang, Hao (2024). Stabilizing sharpness-aware minimization through a simple renormalization strategy.
    Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
"""

import difflib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
from jax import Array
from jax.core import Tracer

from .base import BASES, Base, Transformation
from .correction import DecomposeAndReuse, Renormalise, SurrogateGap, UseSecond
from .perturbation import (
    Adaptive,
    NoPerturbation,
    Normalised,
    Perturbation,
    RandomDirection,
    RandomSubset,
    Unnormalised,
)
from .policy import Bernoulli, Constant, EveryK, GradientThreshold, Policy
from .rule import Rule

ALWAYS, NEVER, USE = Constant(True), Constant(False), UseSecond()


@dataclass(frozen=True)
class Method:
    """A named method.

    Attributes:
        title: The method's name as people write it.
        source: Where it is defined; see the module's references.
        numbers: The numbers it takes beside eta, with defaults. `NUMBERS` says what they mean.
        parts: From the numbers and options to (policy, perturbation, correction).
        fields: The other fields of the `Rule`, from the same.
        options: Choices that are not numbers: name -> the possible values, the default first.
    """

    title: str
    source: str
    numbers: Mapping[str, Any]
    parts: Callable[[Any], tuple[Any, Any, Any]]
    fields: Callable[[Any], dict[str, Any]] = lambda a: {}
    options: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


def normalised(a: Any) -> Perturbation:
    """rho g / (||g|| + epsilon)."""
    return Normalised(a.rho, a.epsilon)


def adaptive(a: Any) -> Perturbation:
    """ASAM's."""
    return Adaptive(a.rho, a.floor, a.epsilon)


def threshold(a: Any) -> Policy:
    """AE-SAM's."""
    return GradientThreshold(a.lambda_1, a.lambda_2, a.horizon, a.delta, a.variance)


def printed(a: Any) -> Perturbation:
    """AE-SAM's: Algorithm 1, line 7, prints rho g; Eq. 2 of the same paper rho g / ||g||."""
    return Normalised(a.rho) if a.normalised else Unnormalised(a.rho)


RHO = {"rho": 0.05}
EPS = {**RHO, "epsilon": None}
STABLE = {"clamp": None, "epsilon_adv": None}
ASAM = {"rho": 0.5, "epsilon": None, "floor": 0.0}
ESAM = {**EPS, "keep": 0.6, "selected": 0.5}
LOOK = {**EPS, "k": 5, "alpha": 0.7}
AE = {**RHO, "lambda_1": -1.0, "lambda_2": 1.0, "horizon": 1000, "delta": 0.9, "variance": math.exp(-10)}
AE_LOOK = {**AE, "lambda_1": 0.0, "lambda_2": 2.0, "alpha": 0.6}
LINE_7 = {"normalised": (False, True)}
INNER = {"inner": ("independent", "previous", "full")}
# fmt: off
METHODS: Mapping[str, Method] = {
    "gd": Method("Gradient descent", "Cauchy (1847)", {}, lambda a: (NEVER, NoPerturbation(), USE)),
    "sam": Method("SAM", "Foret et al. (2021), Algorithm 1", EPS, lambda a: (ALWAYS, normalised(a), USE)),
    "usam": Method("USAM: unnormalised ascent", "Andriushchenko & Flammarion (2022), Eqs. 4 and 8", {**RHO, "ball": None}, lambda a: (ALWAYS, Unnormalised(a.rho, a.ball), USE)),
    "stable_sam": Method("StableSAM", "Tan et al. (2024), Algorithm 1", {**EPS, **STABLE}, lambda a: (ALWAYS, normalised(a), Renormalise(a.clamp, a.epsilon_adv))),
    "stable_usam": Method("StableSAM, unnormalised ascent", "Tan et al. (2024), released code of Figure 4", {**RHO, **STABLE}, lambda a: (ALWAYS, Unnormalised(a.rho), Renormalise(a.clamp, a.epsilon_adv))),
    "asam": Method("ASAM", "Kwon et al. (2021), Algorithm 1", ASAM, lambda a: (ALWAYS, adaptive(a), USE)),
    "stable_asam": Method("StableASAM", "Tan et al. (2024), Section 5.2", {**ASAM, **STABLE}, lambda a: (ALWAYS, adaptive(a), Renormalise(a.clamp, a.epsilon_adv, a.weighted)), options={"weighted": (False, True)}),
    "n_sam": Method("n-SAM: ascent for the whole training set", "Andriushchenko & Flammarion (2022), Eqs. 8 and 21", RHO, lambda a: (ALWAYS, Unnormalised(a.rho), USE), lambda a: {"inner": a.inner}, INNER),
    "m_sam": Method("m-SAM: ascent group by group", "Foret et al. (2021), Section 4.1", {**EPS, "m": 1}, lambda a: (ALWAYS, normalised(a), USE), lambda a: {"group": a.m}),
    "one_sam": Method("1-SAM: ascent example by example", "Andriushchenko & Flammarion (2022), Eq. 8", RHO, lambda a: (ALWAYS, Unnormalised(a.rho), USE), lambda a: {"group": 1}),
    "usam_independent": Method("USAM, ascent on an independent batch", "Zhou et al. (2025), Eq. 4", RHO, lambda a: (ALWAYS, Unnormalised(a.rho), USE), lambda a: {"inner": "independent"}),
    "random": Method("Random perturbation", "Andriushchenko & Flammarion (2022), Figure 1", RHO, lambda a: (ALWAYS, RandomDirection(a.rho), USE)),
    "ss_sam": Method("SS-SAM", "Zhao et al. (2022), Algorithm 1", {**EPS, "p": 0.5}, lambda a: (Bernoulli(a.p), normalised(a), USE)),
    "look_sam": Method("LookSAM", "Liu et al. (2022), Algorithm 1", LOOK, lambda a: (EveryK(a.k), normalised(a), DecomposeAndReuse(a.alpha))),
    "esam": Method("ESAM", "Du et al. (2022), Algorithm 1", ESAM, lambda a: (ALWAYS, RandomSubset(a.rho, a.keep, a.epsilon), USE), lambda a: {"selected": a.selected}),
    "ae_sam": Method("AE-SAM", "Jiang et al. (2023), Algorithm 1", AE, lambda a: (threshold(a), printed(a), USE), options=LINE_7),
    "ae_look_sam": Method("AE-LookSAM", "Jiang et al. (2023), Algorithm 1", AE_LOOK, lambda a: (threshold(a), printed(a), DecomposeAndReuse(a.alpha)), options=LINE_7),
    "gsam": Method("GSAM", "Zhuang et al. (2022), Algorithm 1", {**EPS, "alpha": 0.4}, lambda a: (ALWAYS, normalised(a), SurrogateGap(a.alpha))),
}
# fmt: on
ALIASES: Mapping[str, str] = {
    "sgd": "gd",
    "erm": "gd",
    "stablesam": "stable_sam",
    "stableusam": "stable_usam",
    "stableasam": "stable_asam",
    "nsam": "n_sam",
    "msam": "m_sam",
    "1_sam": "one_sam",
    "1sam": "one_sam",
    "onesam": "one_sam",
    "sssam": "ss_sam",
    "looksam": "look_sam",
    "aesam": "ae_sam",
    "aelooksam": "ae_look_sam",
    "ae_looksam": "ae_look_sam",
}  # fmt: skip


@dataclass(frozen=True)
class Number:
    """What a number means and which values it may have: low <= x <= high, or low < x if `above`."""

    meaning: str
    low: float = -math.inf
    high: float = math.inf
    above: bool = False
    whole: bool = False
    optional: bool = False
    shape: bool = False  # it decides the shape of an array, so that one rule has one value

    def __str__(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        low = "" if self.low == -math.inf else f" {'>' if self.above else '>='} {self.low:g}"
        high = "" if self.high == math.inf else f"{' and' if low else ''} <= {self.high:g}"
        return f"{self.meaning}: {kind}{low}{high}{', or None' if self.optional else ''}"


NUMBERS: Mapping[str, Number] = {
    "eta": Number("step size", 0, above=True),
    "rho": Number("perturbation radius, in the units of w (unnormalised: in those of w over those of the gradient)", 0),
    "ball": Number("longest displacement of an unnormalised perturbation", 0, optional=True),
    "epsilon": Number("added to the norm that the perturbation divides by", 0, optional=True),
    "epsilon_adv": Number("added to ||g_adv|| in the renormalisation", 0, optional=True),
    "clamp": Number("upper limit of the renormalisation factor", 0, above=True, optional=True),
    "floor": Number("added to |w| in ASAM's scaling", 0),
    "m": Number("examples in a group", 1, whole=True, shape=True),
    "p": Number("probability of a perturbed step", 0, 1),
    "k": Number("period of perturbed steps", 1, whole=True),
    "keep": Number("share of perturbed weights", 0, 1, above=True),
    "selected": Number("share of examples that enter the second gradient", 0, 1, above=True, optional=True, shape=True),
    "alpha": Number("weight of the orthogonal part"),
    "lambda_1": Number("threshold at the horizon, in standard deviations"),
    "lambda_2": Number("threshold at the first step, in standard deviations"),
    "horizon": Number("steps of the whole run", 1, whole=True),
    "delta": Number("forgetting rate of the averages", 0, 1),
    "variance": Number("variance of ||g||^2 before the first step", 0),
}


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
    raise ValueError(f"unknown update rule {name!r}: {hint} (rules: {', '.join(METHODS)})")


def make_rule(name: str, eta: Any = None, *, base: Any = "sgd", **numbers: Any) -> Rule:
    """A named method as a rule.

    Args:
        name: A key of `METHODS` ("sam", "stable_sam", ...); aliases and dashes are understood.
        eta: Step size, > 0; a number, or an array where the rule is vmapped.
        base: A key of `BASES`; a function of eta that returns a base optimiser; or a base optimiser, of ours or any
            ``optax.GradientTransformation``, which brings its own step size (then no `eta`).
        numbers: The method's own numbers (rho, k, p, ...) and options; see ``METHODS[name].numbers`` and ``.options``
            for names and defaults. All but those that decide shapes (`m`, `selected`) may be arrays.
    Raises:
        ValueError: Unknown name or number, or a value out of range.
    """
    key = resolve(name)
    method = METHODS[key]
    unknown = sorted(set(numbers) - set(method.numbers) - set(method.options))
    if unknown:
        takes = ", ".join(["eta", *method.numbers, *method.options])
        raise ValueError(f"{key} takes no {', '.join(unknown)}; it takes {takes}")
    values = {k: check_number(key, k, numbers.get(k, default)) for k, default in method.numbers.items()}
    for option, allowed in method.options.items():
        values[option] = numbers.get(option, allowed[0])
        if values[option] not in allowed:
            raise ValueError(f"{key}: {option} is one of {', '.join(map(repr, allowed))}, got {values[option]!r}")
    a = SimpleNamespace(**values)
    policy, perturbation, correction = method.parts(a)
    return Rule(policy, perturbation, correction, _base(key, eta, base), name=key, **method.fields(a))


def _base(rule: str, eta: Any, base: Any) -> Base:
    brings_eta = hasattr(base, "update")
    if brings_eta and eta is not None:
        raise ValueError(f"{rule}: the base optimiser brings its own step size; leave out eta = {eta!r}")
    if brings_eta:
        return Transformation(base) if isinstance(base, tuple) else base
    if eta is None:
        raise ValueError(f"{rule}: eta is missing; give the step size")
    eta = check_number(rule, "eta", eta)
    if isinstance(base, str):
        if base not in BASES:
            raise ValueError(f"unknown base optimiser {base!r}; choose from {', '.join(BASES)}, or pass one of optax")
        return BASES[base](eta)
    return base(eta)


def check_number(rule: str, name: str, value: Any) -> Any:
    """Refuse a number out of range, with the rule, the value and the remedy. Traced values pass unchecked.

    Args:
        rule: For the message.
        name: A key of `NUMBERS`.
        value: A number, an array of them, or None where the number is optional.
    Returns:
        The value: an int, a float, or an array.
    Raises:
        ValueError: Not a number, not finite, out of its range, not whole, or an array where one number is needed.
    """
    number = NUMBERS[name]
    if isinstance(value, Tracer) or (value is None and number.optional):
        return value
    given = np.asarray(value)
    if not (np.issubdtype(given.dtype, np.floating) or np.issubdtype(given.dtype, np.integer)):
        raise ValueError(f"{rule}: {name} = {value!r} is not a number; {number}")
    below = given <= number.low if number.above else given < number.low
    bad = ~np.isfinite(given) | below | (given > number.high) | (number.whole & (given != np.round(given)))
    if bad.any():
        shown = value if given.ndim == 0 else given[bad].flat[0]
        raise ValueError(f"{rule}: {name} = {shown} is out of range; {number}")
    if given.ndim == 0:
        return int(given) if number.whole else float(given)
    if number.shape:
        raise ValueError(f"{rule}: {name} decides the shape of arrays, got {given.size} values; make one rule for each")
    return value if isinstance(value, Array) else given
