"""The result of a simulation: named arrays with named axes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from .description import describe
from .observables import OBSERVABLES
from .recording import Block, Plan, Statistics
from .request import Request

STATISTICS: Mapping[str, str] = {
    "mean": "mean of {} over the steps where it was finite",
    "variance": "variance (over n) of {} over the steps where it was finite",
    "minimum": "smallest finite {}",
    "maximum": "largest finite {}",
    "count": "steps at which {} was finite",
}


@dataclass(frozen=True)
class Variable:
    """An array with named axes."""

    dims: tuple[str, ...]
    values: np.ndarray
    long_name: str


@dataclass(frozen=True)
class Trajectories:
    """The result of a run; ``result["w"]`` is an array.

    Attributes:
        variables: By name. Axes come in the order rule, setting, start, step, coordinate; those that the run does not
            have are left out.
        coordinates: What the axes' entries are, by name.
        attributes: What the run was asked for: strings and numbers.
        started: When it began, in seconds since the epoch.
    """

    variables: Mapping[str, Variable]
    coordinates: Mapping[str, Variable]
    attributes: Mapping[str, Any]
    started: float

    def __getitem__(self, name: str) -> np.ndarray:
        found = self.variables.get(name) or self.coordinates.get(name)
        if found is None:
            raise KeyError(f"{name!r} was not recorded; there is {', '.join([*self.variables, *self.coordinates])}")
        return found.values


def assemble(plan: Plan, request: Request, times: np.ndarray, blocks: list[Block], started: float) -> Trajectories:
    """The blocks of all rules as one result."""
    leading = [("rule", len(blocks))] * request.several
    leading += [("setting", request.settings or 1)] * (request.settings is not None)
    leading += [("start", len(request.starts))]
    dims, shape = tuple(name for name, _ in leading), tuple(n for _, n in leading)

    def variable(parts: list[Any], trailing: tuple[str, ...], long_name: str) -> Variable:
        values = parts[0] if len(parts) == 1 else np.stack(parts)
        return Variable((*dims, *trailing), values.reshape(*shape, *parts[0].shape[1:]), long_name)

    variables = {}
    for name in [*plan.observables, *(name for name, _ in plan.extra)]:
        known = OBSERVABLES.get(name)
        long_name = known.long_name if known else name
        axes = (
            ("coordinate",)
            if known and known.by_coordinate
            else tuple(f"{name}_entry" for _ in blocks[0].final[name].shape[1:])
        )
        if plan.mode == "records":
            parts = [np.concatenate([b.rows[name], b.final[name][:, None]], axis=1) for b in blocks]
            variables[name] = variable(parts, ("step", *axes), long_name)
            continue
        variables[name] = variable([b.final[name] for b in blocks], axes, long_name)
        if plan.mode == "statistics" and not axes:
            for suffix, text in STATISTICS.items():
                parts = [_statistic(b.rows[name], suffix) for b in blocks]
                variables[f"{name}_{suffix}"] = variable(parts, (), text.format(long_name))
    first = [b.nonfinite for b in blocks]
    variables["first_nonfinite"] = variable(first, (), "first step at which w was not finite; -1 if it always was")
    return Trajectories(variables, _coordinates(plan, request, times), _attributes(plan, request), started)


def _statistic(s: Statistics, which: str) -> np.ndarray:
    if which == "count":
        return np.asarray(s.number)
    values = {
        "mean": s.mean,
        "variance": s.squares / np.maximum(s.number, 1),
        "minimum": s.smallest,
        "maximum": s.largest,
    }
    return np.where(s.number > 0, values[which], np.nan)


def _coordinates(plan: Plan, request: Request, times: np.ndarray) -> dict[str, Variable]:
    landscape, n = request.landscape, len(request.starts)
    names = getattr(landscape, "variables", None) or tuple(f"w{i}" for i in range(landscape.dimension))
    step = np.append(times, request.steps) if plan.mode == "records" else np.asarray(request.steps)
    found = {
        "step": Variable(("step",) if step.ndim else (), step.astype(np.int64), "steps taken"),
        "start": Variable(("start",), np.arange(n), "number of the start"),
        "coordinate": Variable(("coordinate",), np.array(names), "coordinate of w"),
        "starts": Variable(("start", "coordinate"), request.starts, "w before the first step"),
    }
    if request.several:
        found["rule"] = Variable(("rule",), np.array(list(request.rules)), "update rule")
    if request.settings is None:
        return found
    per_rule = [_numbers(rule, request.settings) for rule in request.rules.values()]
    for name in dict.fromkeys(name for numbers in per_rule for name in numbers):
        absent = np.full(request.settings, np.nan)
        values = np.stack([numbers.get(name, absent) for numbers in per_rule])
        dims = ("rule", "setting") if request.several else ("setting",)
        found[name] = Variable(dims, values if request.several else values[0], name)
    return found


def _numbers(rule: Any, settings: int) -> dict[str, np.ndarray]:
    """The numbers of a rule that vary with the setting, each by the shortest name that tells it from the others."""
    leaves = [(path, x) for path, x in jax.tree_util.tree_leaves_with_path(rule) if np.ndim(x) == 1]
    paths = [
        [str(getattr(k, "name", getattr(k, "key", k))).replace("learning_rate", "eta") for k in p] for p, _ in leaves
    ]
    last = [p[-1] for p in paths]
    names = [p[-1] if last.count(p[-1]) == 1 else ".".join(p) for p in paths]
    return {name: np.asarray(x, np.float64) for name, (_, x) in zip(names, leaves, strict=True)}


def _attributes(plan: Plan, request: Request) -> dict[str, Any]:
    key = request.key
    return {
        "landscape": request.landscape.name,
        "title": getattr(request.landscape, "title", ""),
        "source": getattr(request.landscape, "source", ""),
        "rules": json.dumps({label: describe(rule) for label, rule in request.rules.items()}),
        "steps": request.steps,
        "record": request.record,
        "batch_size": "all" if request.batch_size is None else request.batch_size,
        "replacement": str(plan.drawing.replacement),
        "key": "none" if key is None else json.dumps(np.asarray(jax.random.key_data(key)).tolist()),
        "dtype": request.dtype.name,
    }
