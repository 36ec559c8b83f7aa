"""What a simulation was asked for, checked before anything is compiled."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..landscapes.landscape import Landscape
from .arguments import check_starts
from .batches import full_batches
from .observables import OBSERVABLES, Extra


@dataclass(frozen=True)
class Request:
    """A simulation's arguments, in their canonical form.

    Attributes:
        landscape: What is descended.
        rules: By label.
        several: Whether they were given as several, so that results have an axis for them.
        settings: How many settings each rule has along its numbers' leading axis; None if its numbers are scalars.
        starts: Shape (N, d), of `dtype`.
        steps: How many.
        record: "full", "final", "statistics" or a stride.
        key: None where nothing is drawn.
        batch_size: None for all examples.
        dtype: Of the run.
    """

    landscape: Any
    rules: Mapping[str, Any]
    several: bool
    settings: int | None
    starts: np.ndarray
    steps: int
    record: str | int
    key: Any
    batch_size: int | None
    dtype: np.dtype


def check_request(
    landscape: Landscape,
    rule: Any,
    starts: Any,
    steps: int,
    record: str | int,
    observables: Sequence[str],
    extra: Mapping[str, Extra] | None,
    key: Any,
    batch_size: int | None,
    dtype: Any,
) -> Request:
    """The arguments of `simulate` in canonical form.

    Raises:
        ValueError: One of them is not usable; the message names it, the value, and the remedy.
    """
    several = isinstance(rule, Sequence | Mapping)
    rules = _label(rule if several else [rule])
    kind = np.dtype(dtype)
    if kind not in (np.float32, np.float64):
        raise ValueError(f"simulate: dtype = {kind} is not one of float32, float64")
    if isinstance(steps, bool) or steps != int(steps) or not 0 <= steps < 2**31:
        raise ValueError(f"simulate: steps = {steps!r} is not a whole number from 0 to 2147483647")
    if not (record in ("full", "final", "statistics") or (isinstance(record, int) and record >= 1)):
        raise ValueError(f"simulate: record = {record!r}: choose 'full', 'final', 'statistics', or a stride >= 1")
    _check_observables(observables, extra or {})
    _check_batch_size(landscape, batch_size)
    for r in rules.values():
        full_batches(landscape, r)
    random = batch_size is not None or any(r.stochastic for r in rules.values())
    return Request(
        landscape=landscape,
        rules=rules,
        several=several,
        settings=_count_settings(rules),
        starts=check_starts("simulate", landscape, starts).astype(kind),
        steps=int(steps),
        record=record,
        key=_check_key(key, rules) if random else None,
        batch_size=batch_size,
        dtype=kind,
    )


def _label(rules: Any) -> dict[str, Any]:
    if isinstance(rules, Mapping):
        return dict(rules)
    names = [r.name for r in rules]
    if not names:
        raise ValueError("simulate: there is no rule in the list; give at least one")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"simulate: two rules are called {twice!r}; pass a mapping from labels of your own to rules")
    return dict(zip(names, rules, strict=True))


def _count_settings(rules: Mapping[str, Any]) -> int | None:
    counts = {}
    for label, rule in rules.items():
        for number in jax.tree.leaves(rule):
            if np.ndim(number) > 1:
                raise ValueError(
                    f"simulate: a number of {label} has shape {np.shape(number)}; give one axis of settings"
                )
            if np.ndim(number) == 1:
                counts[np.shape(number)[0]] = label
    if len(counts) > 1:
        found = ", ".join(f"{n} ({label})" for n, label in counts.items())
        raise ValueError(f"simulate: numbers come in different counts of settings: {found}; give arrays of one length")
    return next(iter(counts), None)


def _check_observables(names: Sequence[str], extra: Mapping[str, Extra]) -> None:
    if isinstance(names, str):
        raise ValueError(f"simulate: observables = {names!r} is one string; pass a tuple of names")
    for name in names:
        if name not in OBSERVABLES:
            near = difflib.get_close_matches(name, OBSERVABLES, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise ValueError(f"simulate: unknown observable {name!r}: {hint}There are {', '.join(OBSERVABLES)}")
    taken = sorted(set(extra) & {*OBSERVABLES, "first_nonfinite", "starts"})
    if taken:
        raise ValueError(f"simulate: extra may not redefine {', '.join(taken)}; choose another name")


def _check_batch_size(landscape: Any, batch_size: int | None) -> None:
    if batch_size is None:
        return
    if not hasattr(landscape, "sample_loss"):
        raise ValueError(f"simulate: batch_size = {batch_size}, but {landscape.name} is no finite sum; leave it out")
    if not 1 <= batch_size <= landscape.n:
        raise ValueError(
            f"simulate: batch_size = {batch_size} is not from 1 to n = {landscape.n}, the number of examples"
        )


def _check_key(key: Any, rules: Mapping[str, Any]) -> Any:
    if key is None:
        drawing = [label for label, rule in rules.items() if rule.stochastic] or ["batches"]
        raise ValueError(
            f"simulate: {', '.join(drawing)} need random numbers; pass key = a seed or jax.random.key(seed)"
        )
    if isinstance(key, int):
        return jax.random.key(key)
    one = jnp.ndim(key) == 0 if jnp.issubdtype(key.dtype, jax.dtypes.prng_key) else np.shape(key) == (2,)
    if not one:
        raise ValueError(f"simulate: key has shape {np.shape(key)}; pass one key, the starts' keys are made from it")
    return key
