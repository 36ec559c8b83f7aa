"""Stochastic runs that count the steps that perturb, and are looked at only now and then."""

from collections.abc import Iterator, Sequence
from typing import Any

import jax
import numpy as np


def counted_step(shared: Any, carry: Any, rule: Any, t: Any) -> Any:
    """One step on a batch drawn with replacement; `carry` is (w, rule's state, number of the run, SAM steps)."""
    from ..dynamics.batches import Drawing, draw_batches
    from ..dynamics.objective import objective_of

    landscape, seed, examples = shared
    w, state, own, count = carry
    key = jax.random.fold_in(jax.random.key(seed), own)
    # the number of examples in a batch is a shape, so it comes as one
    batches = draw_batches(Drawing(examples.shape[0]), landscape, rule, key, t)
    step = rule.step(objective_of(landscape), w, state, batches)
    return step.params, step.state, own, count + step.diagnostics.perturbed


def counted_runs(
    landscape: Any, rule: Any, starts: np.ndarray, own: np.ndarray, times: Sequence[int], *, batch: int, seed: int
) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Run N trajectories of a rule that draws nothing itself.

    Args:
        landscape: A finite sum.
        rule: Numbers are scalars or of shape (N,).
        starts: Shape (N, d).
        own: Numbers of the runs, shape (N,), which decide the batches they see: equal numbers, equal batches.
        times: Steps at which to look, increasing.
        batch: Examples per step.
        seed: Of the batches.
    Yields:
        Of every time: it, the iterates (N, d), and how many of the steps before perturbed (N,).
    """
    from ..dynamics.engine import advance
    from ..dynamics.panel import broadcast_rule, initial_state

    n = len(starts)
    rule = broadcast_rule(rule, n, starts.dtype)
    shared = (landscape, np.int32(seed), np.zeros(batch, np.int8))
    carry = (starts, initial_state(rule, starts), own.astype(np.int32), np.zeros(n, np.int32))
    now = 0
    for time in times:
        # few trajectories need not be filled up to the engine's smallest block
        size = n if n < 1024 else None
        carry = advance(counted_step, shared, carry, rule, now, time - now, size=size)
        now = time
        yield time, carry[0], carry[3]
