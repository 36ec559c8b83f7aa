"""Diagonal linear networks on many draws of the data at once, and what is read off them.

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Section 4.2, App. B.3.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import jax
import numpy as np

from ..dynamics.batches import Drawing, draw_batches
from ..dynamics.engine import advance
from ..dynamics.objective import objective_of
from ..dynamics.panel import broadcast_rule, deterministic_step, initial_state
from ..landscapes.diagonal_network import DiagonalNetwork, SparseRegression, sparse_regression
from .paper_figure import Parameter

if TYPE_CHECKING:
    import xarray as xr

DATA = {
    "n": Parameter(20, "paper", "examples"),
    "d": Parameter(30, "paper", "dimension"),
    "kappa": Parameter(3, "paper", "non-zero entries of the truth"),
}
"""The regression problem of every figure; seed 0 is the draw of the authors' notebook."""
ONE_EXAMPLE = Drawing(1)


class Measured(NamedTuple):
    """Losses by Equation 5 and the squared distance to the truth; each of shape (settings, seeds, records).

    A run that overflows has infinite entries from there on.
    """

    train: np.ndarray
    test: np.ndarray
    distance: np.ndarray


def draws(seeds: Sequence[int], n: int = 20, d: int = 30, kappa: int = 3) -> list[SparseRegression]:
    """The data of [1], one draw per seed."""
    return [sparse_regression(n, d, kappa, seed=seed) for seed in seeds]


def run_networks(
    data: Sequence[SparseRegression],
    rule: Any,
    alpha: float,
    records: Sequence[int] | np.ndarray,
    *,
    stochastic: bool = False,
    seed: int = 0,
) -> Measured:
    """Train w_+ = w_- = alpha on every draw of the data, with every setting of a rule.

    Args:
        data: Draws of one shape.
        rule: From `make_rule`; its numbers may be arrays of one length, the settings.
        alpha: Scale of the initialisation.
        records: Steps to measure at, ascending.
        stochastic: One random example per step, drawn with replacement, in place of all of them. A draw of the data
            sees the same examples under every rule and setting.
        seed: Of those examples.
    """
    lengths = {np.size(leaf) for leaf in jax.tree.leaves(rule)} - {1}
    settings = lengths.pop() if lengths else 1
    count, d = settings * len(data), data[0].x.shape[1]
    examples = (
        np.tile(np.stack([draw.x for draw in data]), (settings, 1, 1)),
        np.tile(np.stack([draw.y for draw in data]), (settings, 1)),
    )
    numbers = jax.tree.map(lambda x: np.repeat(np.broadcast_to(np.asarray(x), settings), len(data)), rule)
    rules = broadcast_rule(numbers, count, np.float64)
    w = np.full((count, 2 * d), float(alpha))
    carry, done, rows = (w, initial_state(rules, w)), 0, []
    keys = np.tile(np.arange(len(data)) + seed * 1_000_003, settings)
    body, constants = (one_example, (examples, rules, keys)) if stochastic else (all_examples, (examples, rules))
    for step in records:
        carry = advance(body, None, carry, constants, done, int(step) - done, size=count)
        done = int(step)
        rows.append(measure(data, carry[0].reshape(settings, len(data), 2 * d)))
    return Measured(*(np.stack(values, axis=-1) for values in zip(*rows)))


def all_examples(shared: Any, carry: Any, constants: Any, t: jax.Array) -> Any:
    """One step on the whole training set; the examples are among the constants, since the draws differ."""
    examples, rule = constants
    return deterministic_step(DiagonalNetwork(*examples), carry, rule, t)


def one_example(shared: Any, carry: Any, constants: Any, t: jax.Array) -> Any:
    """One step on one random example."""
    (params, state), (examples, rule, key) = carry, constants
    network = DiagonalNetwork(*examples)
    batches = draw_batches(ONE_EXAMPLE, network, rule, jax.random.key(key), t)
    step = rule.step(objective_of(network), params, state, batches)
    return step.params, step.state


def measure(data: Sequence[SparseRegression], w: np.ndarray) -> Measured:
    """Losses and distance of networks `w`, shape (..., seeds, 2d); each (..., seeds)."""
    d = w.shape[-1] // 2
    with np.errstate(over="ignore", invalid="ignore"):
        beta = w[..., :d] ** 2 - w[..., d:] ** 2

        def loss(i: int, x: np.ndarray, y: np.ndarray) -> np.ndarray:
            return ((beta[..., i, :] @ x.T - y) ** 2).mean(axis=-1) / 4

        found = (
            np.stack([loss(i, draw.x, draw.y) for i, draw in enumerate(data)], axis=-1),
            np.stack([loss(i, draw.x_test, draw.y_test) for i, draw in enumerate(data)], axis=-1),
            ((beta - np.stack([draw.beta for draw in data])) ** 2).sum(axis=-1),
        )
        return Measured(*(np.where(np.isfinite(values), values, np.inf) for values in found))


class Ratio(NamedTuple):
    """The ratio of two positive quantities over seeds: geometric mean, and the standard error of its logarithm.

    Attributes:
        mean: Geometric mean over the seeds where both are finite.
        log: Its natural logarithm.
        error: Standard error of `log`.
        smaller: Seeds at which the first is the smaller one.
        finite: Seeds at which both are finite.
    """

    mean: float
    log: float
    error: float
    smaller: int
    finite: int

    def __str__(self) -> str:
        return (
            f"{self.mean:.3g} (log {self.log:.3f} ± {self.error:.3f}; smaller at {self.smaller} of {self.finite} seeds)"
        )

    def below(self, errors: float = 3.0) -> bool:
        """Whether the first quantity is smaller by so many standard errors."""
        return self.log < -errors * self.error

    def above(self, errors: float = 3.0) -> bool:
        """Whether it is larger by so many standard errors."""
        return self.log > errors * self.error


def ratio(first: Any, second: Any) -> Ratio:
    """The paired comparison of two quantities, each of shape (seeds,)."""
    first, second = np.asarray(first), np.asarray(second)
    kept = np.isfinite(first) & np.isfinite(second)
    logs = np.log(first[kept] / second[kept])
    error = logs.std(ddof=1) / np.sqrt(len(logs)) if len(logs) > 1 else float("inf")
    log = float(logs.mean()) if len(logs) else float("nan")
    return Ratio(float(np.exp(log)), log, float(error), int((logs < 0).sum()), int(kept.sum()))


def first_below(steps: np.ndarray, curves: np.ndarray, share: float) -> np.ndarray:
    """The step at which a curve (seeds, records) first falls below `share` of its start; inf where it never does.

    Between two records both logarithms are taken to be straight.
    """
    found = np.full(len(curves), np.inf)
    for i, curve in enumerate(np.log(np.maximum(curves, 1e-300) / curves[:, :1])):
        low = np.flatnonzero(curve < np.log(share))
        if low.size:
            k = low[0]
            part = (np.log(share) - curve[k - 1]) / (curve[k] - curve[k - 1])
            before, after = np.log1p(steps[k - 1]), np.log1p(steps[k])
            found[i] = np.expm1(before + part * (after - before))
    return found


def log_records(steps: int, count: int) -> np.ndarray:
    """Step 0 and about `count` log-spaced ones to `steps`."""
    return np.unique(np.r_[0, np.geomspace(1, steps, count).round().astype(int)])


def geometric_mean(values: "xr.DataArray") -> "xr.DataArray":
    """The geometric mean over the draws of the data, dim "seed"."""
    import xarray as xr

    return xr.apply_ufunc(np.exp, xr.apply_ufunc(np.log, values).mean("seed"))
