"""How to integrate a stochastic differential equation: Euler-Maruyama on the engine, the rest by diffrax.

Fixed steps. Strong order: E |X_T - exact| ~ dt^order on the same Brownian path. Noise is commutative in one dimension,
and where the noise matrix is diagonal with entries of their own coordinate; additive where it is constant.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree

from .engine import advance
from .noise import Words, no_signs, normals, refill, signs
from .panel import from_layout, to_layout
from .sde import ito_correction
from .tree import add, scale


@dataclass(frozen=True)
class Scheme:
    """A scheme and what it converges to.

    Attributes:
        title: For people.
        solver: Name of diffrax's solver; "" is the engine's Euler-Maruyama.
        calculus: The integral it converges to. The equation is Ito's: for "Stratonovich" the drift is corrected.
        strong: Strong orders for general, commutative and additive noise; None where it is not meant to be used.
        area: Whether it needs the space-time Levy area of the Brownian path.
    """

    title: str
    solver: str
    calculus: str
    strong: tuple[float | None, float | None, float]
    area: bool = False

    @property
    def additive_only(self) -> bool:
        """Whether it is for additive noise alone."""
        return self.strong[0] is None


SCHEMES: Mapping[str, Scheme] = {
    "euler": Scheme("Euler-Maruyama (weak order 1)", "", "Ito", (0.5, 0.5, 1.0)),
    "milstein": Scheme("Milstein", "ItoMilstein", "Ito", (0.5, 1.0, 1.0)),
    "heun": Scheme("Stochastic Heun", "Heun", "Stratonovich", (0.5, 1.0, 1.0)),
    "shark": Scheme("ShARK", "GeneralShARK", "Stratonovich", (0.5, 1.0, 1.5), area=True),
    "sra1": Scheme("SRA1 (Rößler 2010)", "SRA1", "Stratonovich", (None, None, 1.5), area=True),
}


def euler_gaussian(shared: Any, state: Any, key: Words, t: jax.Array) -> Any:
    """The engine's body for Euler-Maruyama: X + f(X) dt + G(X) sqrt(dt) xi, xi normal."""
    sde, dt, root_dt = shared
    return _euler(sde, state, normals(key, t, sde.position(state)), dt, root_dt)


def euler_weak(shared: Any, carry: Any, key: Words, t: jax.Array) -> Any:
    """The same with xi = +-1, whose bits are kept from step to step."""
    sde, dt, root_dt = shared
    state, word = carry
    w = sde.position(state)
    word = refill(key, t, word, len(w))
    return _euler(sde, state, signs(word, t, w), dt, root_dt), word


def _euler(sde: Any, state: Any, xi: Any, dt: Any, root_dt: Any) -> Any:
    return add(add(state, scale(dt, sde.drift(state))), sde.spread(state, xi, root_dt))


def euler_maruyama(
    sde: Any, starts: np.ndarray, keys: Words, steps: np.ndarray, dt: float, *, weak: bool, coordinates: bool
) -> Iterator[np.ndarray]:
    """Yield the positions (N, d) of N paths after each of `steps` steps (increasing)."""
    dtype = starts.dtype.type
    d = starts.shape[1]
    shared = jax.tree.map(np.asarray, (sde, dtype(dt), dtype(np.sqrt(dt))))
    state = jax.tree.map(np.asarray, sde.start(to_layout(starts, coordinates)))
    body: Callable[..., Any] = euler_gaussian
    if weak:
        body = euler_weak
        state = (state, np.broadcast_to(no_signs(d), (len(starts), *no_signs(d).shape)).copy())
    done = 0
    for step in steps:
        if step > done:
            state = advance(body, shared, state, keys, done, int(step) - done)
            done = int(step)
        yield from_layout(sde.position(state[0] if weak else state))


def diffrax_paths(
    sde: Any, scheme: str, starts: np.ndarray, keys: Words, steps: np.ndarray, dt: float
) -> Iterator[np.ndarray]:
    """Yield the positions (N, d) of N paths after each of `steps` steps (increasing), by one of diffrax's solvers."""
    found = _solve(sde, starts, np.stack(keys, axis=-1), steps * dt, dt, scheme)
    for i in range(len(steps)):
        yield np.asarray(found[:, i])


@functools.partial(jax.jit, static_argnames="scheme")
def _solve(sde: Any, starts: jax.Array, keys: jax.Array, times: jax.Array, dt: jax.Array, scheme: str) -> jax.Array:
    import diffrax

    def one(w: jax.Array, key: jax.Array) -> jax.Array:
        d = w.shape[0]
        flat, state_of = ravel_pytree(sde.start(w))

        def drift(t: Any, y: jax.Array, args: Any) -> jax.Array:
            state = state_of(y)
            total = sde.drift(state)
            if SCHEMES[scheme].calculus == "Stratonovich":
                total = add(total, ito_correction(sde, state, d))
            return ravel_pytree(total)[0]

        def spread(t: Any, y: jax.Array, args: Any) -> jax.Array:
            return jax.vmap(lambda e: ravel_pytree(sde.spread(state_of(y), e))[0])(jnp.eye(d)).T

        path = brownian_path(scheme, key, times[-1], dt, d)
        solution = diffrax.diffeqsolve(
            diffrax.MultiTerm(diffrax.ODETerm(drift), diffrax.ControlTerm(spread, path)),
            getattr(diffrax, SCHEMES[scheme].solver)(),
            0.0,
            times[-1],
            dt,
            flat,
            saveat=diffrax.SaveAt(ts=times),
            max_steps=None,
            throw=False,
        )
        assert solution.ys is not None
        return jax.vmap(lambda y: sde.position(state_of(y)))(solution.ys)

    return jax.vmap(one)(starts, keys)


def brownian_path(scheme: str, key: jax.Array, time: Any, dt: Any, dimension: int) -> Any:
    """The Brownian path that one of diffrax's solvers follows.

    Args:
        scheme: A key of SCHEMES other than "euler".
        key: The path's key, a uint32 array (2,), from `noise.path_keys`.
        time: Its end.
        dt: The solver's step.
        dimension: Its number of coordinates.
    Returns:
        A diffrax.VirtualBrownianTree with ``evaluate(t0, t1)``. For steps that halve, it is the same path, ever finer.
    """
    import diffrax

    area = diffrax.SpaceTimeLevyArea if SCHEMES[scheme].area else diffrax.BrownianIncrement
    typed = jax.random.wrap_key_data(key, impl="threefry2x32")
    return diffrax.VirtualBrownianTree(0.0, time, dt / 2, (dimension,), typed, area)
