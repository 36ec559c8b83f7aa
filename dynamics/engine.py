"""The engine: many independent trajectories, advanced together.

`advance` is the only loop over steps that sweeps, basins, outcome tests and ensembles use. A *body* maps the state of one
trajectory to the next; the engine batches it, and splits the work in blocks and threads. Results do not depend on how.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

Body = Callable[[Any, Any, Any, jax.Array], Any]
"""``body(shared, carry, constants, t) -> carry`` for one trajectory; a module-level function (it is a cache key)."""


@partial(jax.jit, static_argnums=0)
def _loop(body: Body, shared: Any, carry: Any, constants: Any, start: jax.Array, steps: jax.Array) -> Any:
    batched = jax.vmap(body, in_axes=(None, 0, 0, None))

    def one(i: jax.Array, c: Any) -> Any:
        return batched(shared, c, constants, start + i)

    return jax.lax.fori_loop(0, steps, one, carry)


def advance(body: Body, shared: Any, carry: Any, constants: Any, start: int, steps: int) -> Any:
    """Advance N trajectories by `steps` steps.

    Args:
        body: One step of one trajectory.
        shared: A pytree that all trajectories share (the landscape, say); its arrays are not batched.
        carry: The states: a pytree whose leaves have a leading axis N.
        constants: What differs between trajectories but not in time (eta, rho): leaves with a leading axis N.
        start: The number of the first step, passed to `body` as t.
        steps: How many steps.
    Returns:
        The states after `steps` steps, like `carry`.
    """
    return _loop(body, shared, carry, constants, jnp.asarray(start, jnp.int32), jnp.asarray(steps, jnp.int32))
