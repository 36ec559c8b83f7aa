"""SAM with gradient noise as a diffusion: ensembles of paths of its stochastic differential equation.

    dw = -grad L(w^p) dt + [eta C(w^p)]^(1/2) dW,    w^p = w + rho grad L(w),    C = Sigma / B

References:
    [1] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Equations 11 to 15, 20 to 24.
    [2] Xie, Wang, Zhang, Sato, Sugiyama (2022). Adaptive inertia: disentangling the effects of adaptive learning rate
        and momentum. ICML. Theorem 2 (the diffusion with momentum that [1] extends).
"""

import json
import time as clock
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import jax
import numpy as np

from ..landscapes.landscape import ClosedForm, Landscape
from .arguments import check_number, check_starts, check_times, choose
from .covariance import covariance_of
from .moments import GROUP, Moments, moments_of
from .noise import path_keys
from .provenance import provenance
from .resources import check_memory
from .schemes import SCHEMES, diffrax_paths, euler_maruyama
from .sde import Overdamped, Underdamped, ito_correction
from .vector_field import check_kind, with_dtype

if TYPE_CHECKING:
    import xarray

BLOCK = 1 << 17
"""Paths held in memory at once by default; a multiple of the statistics' group."""


def diffusion(
    landscape: Landscape,
    starts: Any,
    time: Any,
    dt: float,
    *,
    eta: float,
    key: Any,
    batch_size: float = 1,
    rho: float = 0.0,
    kind: str = "usam",
    covariance: Any = "hessian",
    at: str = "w_adv",
    drift: str = "printed",
    momentum: float | None = None,
    dampening: float = 0.0,
    friction: str = "fokker_planck",
    scheme: str = "euler",
    noise: str = "gaussian",
    paths: int = 4096,
    record: str = "statistics",
    escape: float = 1e6,
    block: int = BLOCK,
) -> "xarray.Dataset":
    """Simulate ensembles of the SAM diffusion, and summarise or keep them.

    Args:
        landscape: What is descended.
        starts: Where the ensembles start, shape (S, d) or (d,), float64 (float32 with scheme "euler").
        time: The times to record, increasing, whole multiples of `dt`; a single number records that time only. Time is
            counted in units of eta per step: the time 1 is 1 / eta steps of the discrete method.
        dt: The scheme's step, > 0.
        eta: Learning rate, > 0: scales the noise; with momentum also friction and mass.
        key: A seed, or a key from ``jax.random.key(seed)``.
        batch_size: B, > 0.
        rho: Radius, >= 0, in the units of w (kind "sam") or of w per gradient ("usam").
        kind: How w^p perturbs: "usam" (Eq. 5), "sam" (normalised), or "gradient" (SGD's diffusion; rho must be 0).
        covariance: Sigma(w): "hessian", "fisher", "centred", a matrix (d, d), a number, or a function (see
            `covariance.covariance_of`).
        at: Where Sigma is taken: "w_adv", as printed, or "w".
        drift: "printed", the gradient at w^p (Eq. 11), or "composed", the gradient of w -> L(w^p(w)), with which the
            proof of Theorem 2 calculates.
        momentum: None for Eq. 11; gamma in [0, 1) for the diffusion with momentum of Theorem 3, started at rest.
        dampening: tau in [0, 1), with momentum.
        friction: With momentum: "fokker_planck", friction phi per time as in the paper's Fokker-Planck equation (Eq. 14
            follows from it, and it is the limit of the discrete method); or "sde", phi / M, as its equation for dw/dt
            is printed.
        scheme: A key of `schemes.SCHEMES`: "euler", or one of diffrax's, of higher strong order.
        noise: "gaussian"; or, for "euler", "weak": increments +-sqrt(dt), some ten times faster, for expectations at a
            time only (weak order 1), never for single paths, tails or first passages.
        paths: Paths per start.
        record: "statistics" (nothing else is kept), "paths", or "both".
        escape: Paths with a coordinate beyond this count as diverged: at that time the statistics leave them out.
        block: Paths in memory at once; a multiple of 4096. It changes no result.
    Returns:
        Dataset over (start, time, coordinate): `mean`, `covariance`, their standard errors, and `count`, the number of
        paths within `escape` that the statistics are of; or `w` over (start, path, time, coordinate); or both.
    Raises:
        ValueError: An argument out of range, unknown, or at odds with another.
    Notes:
        A path depends on `key`, its start's number and its own number alone. Compare `count` with `paths` before
        reading the statistics: where paths diverge, they are those of the others.
    """
    began = clock.time()
    w = check_starts("diffusion", landscape, starts)
    dt = check_number("diffusion: dt", dt, 0.0, open_low=True)
    times = check_times("diffusion", time, 1)
    steps = _whole_steps(times, dt)
    sde = _equation(
        landscape,
        dtype=w.dtype.type,
        eta=check_number("diffusion: eta", eta, 0.0, open_low=True),
        batch_size=check_number("diffusion: batch_size", batch_size, 0.0, open_low=True),
        rho=check_number("diffusion: rho", rho, 0.0),
        kind=check_kind("diffusion", landscape, kind, rho, ("gradient", "usam", "sam")),
        covariance=covariance_of(covariance, landscape),
        at_w=choose("diffusion: at", at, ("w_adv", "w")) == "w",
        composed=choose("diffusion: drift", drift, ("printed", "composed")) == "composed",
        momentum=momentum,
        dampening=check_number("diffusion: dampening", dampening, 0.0, 1.0),
        friction=choose("diffusion: friction", friction, ("fokker_planck", "sde")),
        dt=dt,
    )
    scheme = choose("diffusion: scheme", scheme, SCHEMES)
    weak = choose("diffusion: noise", noise, ("gaussian", "weak")) == "weak"
    record = choose("diffusion: record", record, ("statistics", "paths", "both"))
    _check_scheme(sde, scheme, weak, w)
    escape = check_number("diffusion: escape", escape, 0.0, open_low=True)
    if paths < 1 or block < GROUP or block % GROUP:
        raise ValueError(
            f"diffusion: paths = {paths!r} must be >= 1, and block = {block!r} a positive multiple of {GROUP}"
        )

    key = jax.random.key(key) if isinstance(key, int | np.integer) else key
    d = landscape.dimension
    if record != "statistics":
        remedy = "record fewer times, run fewer paths, or record='statistics'"
        check_memory("diffusion: the paths", len(w) * paths * len(times) * d * w.dtype.itemsize, remedy)
    moments = [[Moments.empty(d) for _ in times] for _ in w]
    kept = np.empty((len(w), paths, len(times), d), w.dtype) if record != "statistics" else None
    for s, start in enumerate(w):
        for low in range(0, paths, block):
            high = min(low + block, paths)
            here = np.broadcast_to(start, (high - low, d)).copy()
            positions = _integrate(sde, scheme, weak, here, path_keys(key, s, low, high), steps, dt)
            for i, found in enumerate(positions):
                if record != "paths":
                    moments[s][i] = moments_of(found, moments[s][i], escape)
                if kept is not None:
                    kept[s, low:high, i] = found

    settings = {
        "landscape": landscape.name, "eta": eta, "batch_size": batch_size, "rho": rho, "kind": kind, "dt": dt,
        "covariance": covariance if isinstance(covariance, str) else repr(covariance), "at": at, "drift": drift,
        "momentum": "none" if momentum is None else momentum, "dampening": dampening, "friction": friction,
        "scheme": scheme, "noise": noise, "paths": paths, "escape": escape,
    }  # fmt: skip
    settings["key"] = json.dumps(np.asarray(jax.random.key_data(key)).tolist())
    settings["provenance"] = json.dumps(provenance(began))
    return _dataset(landscape, w, times, moments, kept, record, settings)


def _whole_steps(times: np.ndarray, dt: float) -> np.ndarray:
    steps = np.rint(times / dt)
    # times typed in decimals and their multiples of dt agree to a few rounding errors
    off = np.flatnonzero(np.abs(steps * dt - times) > 1e-9 * np.maximum(dt, times))
    if off.size:
        raise ValueError(
            f"diffusion: time {times[off[0]]:g} is not a whole number of steps dt = {dt:g}: "
            f"record {steps[off[0]] * dt:g} instead, or choose a dt that divides it"
        )
    if steps[-1] >= 2**31:
        raise ValueError(f"diffusion: {steps[-1]:g} steps are more than 2^31: choose a larger dt")
    return steps.astype(np.int64)


def _equation(
    landscape: Landscape,
    *,
    dtype: Any,
    eta: float,
    batch_size: float,
    rho: float,
    kind: str,
    covariance: Any,
    at_w: bool,
    composed: bool,
    momentum: float | None,
    dampening: float,
    friction: str,
    dt: float,
) -> Overdamped | Underdamped:
    """The stochastic differential equation, with its numbers in the starts' dtype."""
    kind = "gradient" if rho == 0 else kind  # the same equation with one gradient less
    landscape = with_dtype(landscape, dtype)
    force = Overdamped(landscape, covariance, dtype(rho), dtype(np.sqrt(eta / batch_size)), kind, composed, at_w)
    if momentum is None:
        return force
    gamma = check_number("diffusion: momentum", momentum, 0.0, 1.0)
    if gamma == 1.0 or dampening == 1.0:
        raise ValueError(f"diffusion: momentum = {gamma:g} and dampening = {dampening:g} must both be below 1")
    inverse_mass = (1.0 - dampening) / eta
    phi = (1.0 - gamma) / eta * (inverse_mass if friction == "sde" else 1.0)
    if dt * phi >= 2.0:
        raise ValueError(
            f"diffusion: explicit steps dt = {dt:g} are unstable with friction {phi:g}: choose dt below {2 / phi:g}, "
            f"and well below {1 / phi:g} for accuracy"
        )
    return Underdamped(force, dtype(phi), dtype(inverse_mass))


def _check_scheme(sde: Overdamped | Underdamped, scheme: str, weak: bool, starts: np.ndarray) -> None:
    chosen = SCHEMES[scheme]
    if not chosen.solver:
        return
    if weak:
        raise ValueError(
            f"diffusion: noise='weak' is for scheme 'euler', whose weak order is 1; {scheme!r} needs 'gaussian'"
        )
    if starts.dtype != np.float64:
        raise ValueError(f"diffusion: scheme {scheme!r} works in float64, starts are {starts.dtype}: convert them")
    if chosen.additive_only and not sde.additive:
        raise ValueError(
            f"diffusion: scheme {scheme!r} is for noise that does not depend on w: give the covariance as a matrix, "
            "or choose 'shark' or 'euler'"
        )
    if sde.additive:
        return
    d = starts.shape[1]
    for w in starts:
        correction = jax.jit(lambda x: ito_correction(sde, sde.start(x), d))(w)
        if not all(np.isfinite(x).all() for x in jax.tree.leaves(correction)):
            raise ValueError(
                f"diffusion: scheme {scheme!r} differentiates Sigma^(1/2), which has no derivative at the start {w}, "
                "where Sigma is singular: choose scheme 'euler', or start elsewhere"
            )


def _integrate(
    sde: Any, scheme: str, weak: bool, starts: np.ndarray, keys: Any, steps: np.ndarray, dt: float
) -> Iterator[np.ndarray]:
    if SCHEMES[scheme].solver:
        return diffrax_paths(sde, scheme, starts, keys, steps, dt)
    force = sde.force if isinstance(sde, Underdamped) else sde
    coordinates = isinstance(force.landscape, ClosedForm) and starts.shape[1] <= force.covariance.largest
    return euler_maruyama(sde, starts, keys, steps, dt, weak=weak, coordinates=coordinates)


def _dataset(
    landscape: Landscape,
    starts: np.ndarray,
    times: np.ndarray,
    moments: list[list[Moments]],
    kept: np.ndarray | None,
    record: str,
    settings: dict[str, Any],
) -> "xarray.Dataset":
    import xarray

    axes = ("start", "time", "coordinate")

    def stack(attribute: str) -> np.ndarray:
        return np.array([[getattr(m, attribute) for m in row] for row in moments])

    variables: dict[str, Any] = {}
    if record != "paths":
        square = (*axes, "coordinate_2")
        variables |= {
            "mean": (axes, stack("mean"), {"units": "w"}),
            "mean_error": (axes, stack("mean_error"), {"units": "w", "long_name": "standard error of the mean"}),
            "covariance": (square, stack("covariance"), {"units": "w^2"}),
            "covariance_error": (
                square, stack("covariance_error"), {"units": "w^2", "long_name": "standard error of the covariance"},
            ),
            "count": (("start", "time"), stack("n"), {"units": "1", "long_name": "paths within escape"}),
        }  # fmt: skip
    if kept is not None:
        variables["w"] = (("start", "path", "time", "coordinate"), kept, {"units": "w", "long_name": "iterate"})
    names = list(getattr(landscape, "variables", [f"w{i}" for i in range(landscape.dimension)]))
    coordinates: dict[str, Any] = {
        "time": ("time", times, {"units": "t", "long_name": "time; a step of size eta advances it by eta"}),
        "coordinate": names,
        "start": ("start", np.arange(len(starts)), {"long_name": "number of the start"}),
        "starts": (("start", "coordinate"), starts, {"units": "w", "long_name": "w at time 0"}),
    }
    if record != "paths":
        coordinates["coordinate_2"] = names
    return xarray.Dataset(variables, coordinates, attrs=settings)
