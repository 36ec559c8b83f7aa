"""Gradient flow and the flows of SAM: ordinary differential equations, solved adaptively from many starts at once.

    gradient   dw/dt = -grad L(w)
    usam       dw/dt = -grad L(w + rho grad L(w))                              (n-SAM, Eq. 10)
    sam        dw/dt = -grad L(w + rho grad L(w) / ||grad L(w)||)
    one_sam    dw/dt = -(1/n) sum_i grad l_i(w + rho grad l_i(w))              (1-SAM, Eq. 11)

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Equations 9 to 11.
    [2] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Equations 7, 16.
    [3] Tsitouras (2011). Runge-Kutta pairs of order 5(4). Comput. Math. Appl. 62. (Tsit5)
    [4] Prince, Dormand (1981). High order embedded Runge-Kutta formulae. J. Comput. Appl. Math. 7. (Dopri8)
"""

import functools
import json
import time as clock
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..landscapes.landscape import Landscape
from .arguments import check_number, check_starts, check_times, choose
from .provenance import provenance
from .vector_field import check_kind, velocity, with_dtype

if TYPE_CHECKING:
    import xarray

SOLVERS: Mapping[str, str] = {"tsit5": "Tsit5", "dopri8": "Dopri8"}
OUTCOMES = ("completed", "diverged", "too_many_steps", "step_too_small", "failed")
"""Why the solver stopped.

completed: reached the last time. diverged: a coordinate passed `escape`, or was not finite. too_many_steps: needed more
than `max_steps` (stiff, or, for "sam", chattering where its field jumps). step_too_small: the step shrank to nothing (a
blow-up in finite time that `escape` did not catch). failed: any other report of the solver.
"""

_NAMES = ("w", "outcome", "end_time", "steps", "rho", "start", "starts", "time", "coordinate")

Integrand = Callable[[jax.Array], Any]
"""A function of w, shape (d,), that returns an array of any shape."""


def flow(
    landscape: Landscape,
    starts: Any,
    time: Any,
    *,
    kind: str = "gradient",
    rho: Any = 0.0,
    record: int = 101,
    path_integrals: Mapping[str, Integrand] | None = None,
    solver: str = "tsit5",
    rtol: float = 1e-8,
    atol: float = 1e-10,
    escape: float = 1e6,
    max_steps: int = 100_000,
) -> "xarray.Dataset":
    """Solve a flow from many starts.

    Args:
        landscape: What is descended; a finite sum for "one_sam".
        starts: Shape (S, d) or (d,), float64 or float32.
        time: The times to record, increasing and >= 0, shape (T,); or the end time.
        kind: "gradient", "usam" (= "n_sam"), "sam" or "one_sam"; see the module's docstring.
        rho: Radius, >= 0, in the units of w ("sam") or of w per gradient (others); one number, or one per start.
        record: How many even times from 0 to `time` to record, when `time` is the end time; 1 records the end only.
        path_integrals: Integrals int_0^t f(w(s)) ds to carry along, by name; each f maps w (d,) to an array. They are
            solved with the flow, to the same tolerances.
        solver: "tsit5" (order 5), or "dopri8" (order 8, for tolerances below 1e-10).
        rtol: Relative tolerance per step.
        atol: Absolute tolerance per step, in the units of w (and of each integral).
        escape: A trajectory with a coordinate beyond this is called diverged, and stops there.
        max_steps: Steps, rejected ones included, before a trajectory is given up.
    Returns:
        Dataset over (start, time, coordinate): `w`, NaN after a trajectory stopped; the integrals by name; and per
        start `outcome` (one of OUTCOMES), `end_time` (the last time reached) and `steps` (accepted and rejected).
    Raises:
        ValueError: An argument out of range, unknown, or at odds with another.
    Notes:
        The field of "sam" jumps where the gradient vanishes, so that the flow may cease to exist there; the solver then
        chatters, and the outcome says so. For "usam" at a critical point it is zero, and smooth around it.
    """
    began = clock.time()
    w = check_starts("flow", landscape, starts)
    times = check_times("flow", time, record)
    kind = check_kind("flow", landscape, kind, rho)
    radii = np.array([check_number("flow: rho", r, 0.0) for r in np.ravel(rho)], w.dtype)
    if radii.size not in (1, len(w)):
        raise ValueError(f"flow: rho has {radii.size} values for {len(w)} starts: give one number, or one per start")
    limits = np.finfo(w.dtype)
    settings = _Settings(
        kind,
        SOLVERS[choose("flow: solver", solver, SOLVERS)],
        int(check_number("flow: max_steps", max_steps, 1)),
    )
    numbers = _Numbers(
        w.dtype.type(check_number("flow: rtol", rtol, float(limits.eps))),
        w.dtype.type(check_number("flow: atol", atol, 0.0, open_low=True)),
        w.dtype.type(min(check_number("flow: escape", escape, 0.0, open_low=True), limits.max)),
    )
    integrands = dict(path_integrals or {})
    clash = sorted(set(integrands) & {*_NAMES})
    if clash:
        raise ValueError(f"flow: path integrals may not be called {', '.join(clash)}: these are names of the result")
    radii = np.broadcast_to(radii, len(w))
    problem = (with_dtype(landscape, w.dtype), numbers, w, radii, times.astype(w.dtype))
    found = jax.device_get(_solve(settings, tuple(integrands.items()), *problem))
    attributes = {
        "landscape": landscape.name, "kind": kind, "solver": solver, "rtol": rtol, "atol": atol, "escape": escape,
        "max_steps": max_steps,
    }  # fmt: skip
    attributes["provenance"] = json.dumps(provenance(began))
    return _dataset(landscape, w, times, radii, integrands, found, attributes)


@dataclass(frozen=True)
class _Settings:
    """What the solve is compiled for."""

    kind: str
    solver: str
    max_steps: int


class _Numbers(NamedTuple):
    """What it is not compiled for."""

    rtol: Any
    atol: Any
    escape: Any


class _Found(NamedTuple):
    """Per start: w (T, d), the integrals (T, ...), the code of its outcome, the last time reached, steps taken."""

    w: Any
    integrals: Any
    outcome: Any
    end_time: Any
    steps: Any


@functools.partial(jax.jit, static_argnums=(0, 1))
def _solve(
    settings: _Settings,
    integrands: tuple[tuple[str, Integrand], ...],
    landscape: Landscape,
    numbers: _Numbers,
    starts: jax.Array,
    radii: jax.Array,
    times: jax.Array,
) -> _Found:
    import diffrax

    def one(w: jax.Array, rho: jax.Array) -> _Found:
        def field(t: Any, y: Any, args: Any) -> Any:
            rates = {name: jnp.asarray(f(y[0]), w.dtype) for name, f in integrands}
            return velocity(landscape, settings.kind, rho, y[0]), rates

        def escaped(t: Any, y: Any, args: Any, **kwargs: Any) -> jax.Array:
            return ~(jnp.max(jnp.abs(y[0])) <= numbers.escape)

        zero = jax.tree.map(jnp.zeros_like, {name: jnp.asarray(f(w), w.dtype) for name, f in integrands})
        end = times[-1]
        solution = diffrax.diffeqsolve(
            diffrax.ODETerm(field),
            getattr(diffrax, settings.solver)(),
            jnp.zeros_like(end),
            end,
            None,
            (w, zero),
            saveat=diffrax.SaveAt(subs=(diffrax.SubSaveAt(ts=times), diffrax.SubSaveAt(t1=True))),
            stepsize_controller=diffrax.PIDController(
                rtol=numbers.rtol, atol=numbers.atol, dtmin=end * jnp.finfo(w.dtype).eps, force_dtmin=False
            ),
            event=diffrax.Event(escaped),
            max_steps=settings.max_steps,
            throw=False,
        )
        assert solution.ts is not None
        assert solution.ys is not None
        last = solution.ts[1][0]
        reached = times <= last

        def until(x: jax.Array) -> jax.Array:
            return jnp.where(reached.reshape((-1,) + (1,) * (x.ndim - 1)), x, jnp.nan)

        path, integrals = jax.tree.map(until, solution.ys[0])
        results = diffrax.RESULTS
        codes = [results.successful, results.event_occurred, results.max_steps_reached, results.dt_min_reached]
        outcome = jnp.select([solution.result == code for code in codes], range(len(codes)), len(codes))
        return _Found(path, integrals, outcome, last, solution.stats["num_steps"])

    return jax.vmap(one)(starts, radii)


def _dataset(
    landscape: Landscape,
    starts: np.ndarray,
    times: np.ndarray,
    radii: np.ndarray,
    integrands: Mapping[str, Integrand],
    found: _Found,
    attributes: dict[str, Any],
) -> "xarray.Dataset":
    import xarray

    variables: dict[str, Any] = {
        "w": (("start", "time", "coordinate"), found.w, {"units": "w", "long_name": "iterate"}),
        "outcome": ("start", np.array(OUTCOMES)[found.outcome], {"long_name": "why the solver stopped"}),
        "end_time": ("start", found.end_time, {"units": "t", "long_name": "last time reached"}),
        "steps": ("start", found.steps, {"units": "1", "long_name": "solver steps, rejected ones included"}),
        "rho": ("start", radii, {"units": "w" if attributes["kind"] == "sam" else "w per gradient"}),
    }
    for name in integrands:
        values = found.integrals[name]
        inner = tuple(f"{name}_{i}" for i in range(values.ndim - 2))
        variables[name] = (("start", "time", *inner), values, {"long_name": "integral along the flow, from time 0"})
    coordinates = {
        "time": ("time", times, {"units": "t", "long_name": "time; a step of size eta advances it by eta"}),
        "coordinate": list(getattr(landscape, "variables", [f"w{i}" for i in range(landscape.dimension)])),
        "start": ("start", np.arange(len(starts)), {"long_name": "number of the start"}),
        "starts": (("start", "coordinate"), starts, {"units": "w", "long_name": "w at time 0"}),
    }
    return xarray.Dataset(variables, coordinates, attrs=attributes)
