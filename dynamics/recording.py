"""The compiled part of a simulation: a block of trajectories, recorded on the way.

The step is compiled once, in a loop of its own; recording looks at the state between turns of that loop and evaluates
the step that would follow. So what is recorded, and how often, does not change the trajectory.
"""

import functools
from typing import Any, Literal, NamedTuple

import jax
import jax.numpy as jnp

from ..landscapes.landscape import Landscape
from .batches import RULE, Drawing, draw_batches, step_key
from .objective import objective_of
from .observables import Extra, observe
from .rule import Step

Mode = Literal["records", "final", "statistics"]


class Plan(NamedTuple):
    """What is compiled: everything about a run that is no number of it.

    Attributes:
        mode: "records" (a row before every stretch of steps), "final" or "statistics" (of every step).
        coordinates: Whether the state is a tuple of d scalars, or else a vector (d,).
    """

    mode: Mode
    coordinates: bool
    observables: tuple[str, ...]
    extra: tuple[tuple[str, Extra], ...]
    drawing: Drawing


class Statistics(NamedTuple):
    """Running statistics of one quantity, in float64, over its finite values (Welford's update)."""

    number: jax.Array
    mean: jax.Array
    squares: jax.Array
    smallest: jax.Array
    largest: jax.Array

    @classmethod
    def empty(cls) -> "Statistics":
        """Of no values yet."""
        zero, one = jnp.zeros((), jnp.float64), jnp.asarray(jnp.inf, jnp.float64)
        return cls(jnp.zeros((), jnp.int64), zero, zero, one, -one)

    def include(self, value: jax.Array) -> "Statistics":
        """With one more value; one that is not finite is left out."""
        x = value.astype(jnp.float64)
        finite = jnp.isfinite(x)
        x = jnp.where(finite, x, 0)
        number = self.number + 1
        mean = self.mean + (x - self.mean) / number
        squares = self.squares + (x - self.mean) * (x - mean)
        new = Statistics(number, mean, squares, jnp.minimum(self.smallest, x), jnp.maximum(self.largest, x))
        return jax.tree.map(lambda a, b: jnp.where(finite, a, b), new, self)


class Block(NamedTuple):
    """What a block returns, leaves with a leading axis of trajectories.

    Attributes:
        rows: Records, leaves (B, K, ...), or `Statistics`, leaves (B,), by name; None of a "final" run.
        final: What there is to see at the end, by name.
        nonfinite: The first step at which w was not finite; -1 if it always was.
    """

    rows: Any
    final: dict[str, jax.Array]
    nonfinite: jax.Array


@functools.partial(jax.jit, static_argnums=0)
def run_block(
    plan: Plan,
    landscape: Landscape,
    rule: Any,
    starts: jax.Array,
    index: jax.Array,
    key: jax.Array | None,
    times: jax.Array,
    stretches: jax.Array,
    end: jax.Array,
) -> Block:
    """Run a block of trajectories.

    Args:
        plan: What to record, and how batches are drawn.
        landscape: What is descended, in the dtype of the run.
        rule: Leaves (B,).
        starts: Shape (B, d).
        index: The starts' numbers, shape (B,), which their keys are made from.
        key: None where nothing is drawn.
        times: Steps before which a row is recorded, shape (K,).
        stretches: How many steps follow each of them, shape (K,). One of one step for "statistics".
        end: Steps in all.
    """
    objective = objective_of(landscape)

    def one(rule: Any, w: jax.Array, start: jax.Array) -> Block:
        own_key = None if key is None else jax.random.fold_in(key, start)
        params = tuple(w[i] for i in range(w.shape[0])) if plan.coordinates else w

        def step_from(params: Any, state: Any, t: jax.Array) -> Step:
            if own_key is None:
                return rule.step(objective, params, state, draw_batches(plan.drawing, landscape, rule, key, t))
            batches = draw_batches(plan.drawing, landscape, rule, own_key, t)
            return rule.step(objective, params, state, batches, jax.random.fold_in(step_key(own_key, t), RULE))

        def advance(carry: Any, t: jax.Array, count: jax.Array) -> Any:
            def one_step(i: jax.Array, carry: Any) -> Any:
                params, state, nonfinite = carry
                step = step_from(params, state, t + i)
                whole = jnp.all(jnp.stack([jnp.all(jnp.isfinite(x)) for x in jax.tree.leaves(step.params)]))
                return step.params, step.state, jnp.where((nonfinite < 0) & ~whole, t + i + 1, nonfinite)

            return jax.lax.fori_loop(0, count, one_step, carry)

        def look(carry: Any, t: jax.Array) -> dict[str, jax.Array]:
            step = step_from(carry[0], carry[1], t)
            return observe(plan.observables, plan.extra, landscape, step, carry[0])

        def record(carry: Any, now: tuple[jax.Array, jax.Array]) -> tuple[Any, Any]:
            return advance(carry, *now), look(carry, now[0])

        def accumulate(i: jax.Array, both: tuple[Any, Any]) -> tuple[Any, Any]:
            carry, statistics = both
            seen = look(carry, i)
            return advance(carry, i, stretches[0]), {name: s.include(seen[name]) for name, s in statistics.items()}

        carry, rows = (params, rule.init(params), jnp.asarray(-1, times.dtype)), None
        if plan.mode == "records":
            carry, rows = jax.lax.scan(record, carry, (times, stretches))
        elif plan.mode == "final":
            carry = advance(carry, times[0], stretches[0])
        else:
            kinds = jax.eval_shape(lambda: look(carry, times[0]))
            empty = {name: Statistics.empty() for name, kind in kinds.items() if kind.ndim == 0}
            carry, rows = jax.lax.fori_loop(0, end, accumulate, (carry, empty))
        return Block(rows, look(carry, end), carry[2])

    return jax.vmap(one)(rule, starts, index)
