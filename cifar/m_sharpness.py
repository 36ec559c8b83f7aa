"""m-sharpness of a network: how far the loss of m examples can be raised within a distance rho, by projected ascent.

    s_m = mean over batches S of m of  L_S(w + delta) - L_S(w)
    delta+ = P_rho(delta + a rho grad L_S(w + delta) / ||grad L_S(w + delta)||),   P_rho: onto the ball of radius rho

One ascent with a = 1 is SAM's perturbation. `landscapes.loss_rise` measures the same of a landscape.

References:
    [1] Foret, Kleiner, Mobahi, Neyshabur (2021). Sharpness-aware minimization for efficiently improving generalization.
        ICLR.
    [2] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Figures 3 and 16;
        Appendix D: 1024 training points, 100 steps of a = 0.1.
"""

import functools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..dynamics.perturbation import Normalised, Point
from ..dynamics.tree import add, inverse_norm, scale, squared_norm, zeros_like
from .measured_loss import Batch, MeasuredLoss

POINTS, STEPS, LENGTH = 1024, 100, 0.1
"""Training points, ascents, and their length as a share of rho [2]."""


class MSharpness(NamedTuple):
    """Rises of the loss by batch.

    Attributes:
        value: s_m, the mean over batches of the last rise, as in [2].
        best: The mean of the largest rise met on the way, a better lower bound of the maximum.
        rises: The last rise of every batch, shape (batches,).
    """

    value: float
    best: float
    rises: np.ndarray


def m_sharpness(
    loss: MeasuredLoss,
    params: Any,
    stats: Any,
    batches: Sequence[Batch],
    rho: float,
    *,
    steps: int = STEPS,
    length: float = LENGTH,
) -> MSharpness:
    """m-sharpness over batches of m examples each.

    Args:
        loss: What is measured; [2] normalise by running statistics.
        params: w.
        stats: BatchNorm's statistics.
        batches: Of m examples each; `measured_loss.cut` makes them.
        rho: Radius, >= 0.
        steps: Ascents, >= 1.
        length: Of an ascent, as a share a of rho, > 0.
    Raises:
        ValueError: A number out of its range.
    """
    if not (rho >= 0 and math.isfinite(rho) and steps >= 1 and length > 0):
        raise ValueError(
            f"m_sharpness: rho = {rho!r} must be >= 0, steps = {steps!r} >= 1 and length = {length!r} > 0; "
            f"Andriushchenko & Flammarion take {STEPS} steps of length {LENGTH}"
        )
    last, best = np.empty(len(batches)), np.empty(len(batches))
    for i, batch in enumerate(batches):
        delta = zeros_like(params)
        here = highest = None
        for _ in range(steps):
            value, delta = ascent(loss, params, stats, batch, delta, jnp.float32(rho), jnp.float32(length))
            here = float(value) if here is None else here
            highest = float(value) if highest is None else max(highest, float(value))
        end = float(_mean(loss, add(params, delta), stats, batch))
        assert here is not None
        assert highest is not None
        last[i], best[i] = end - here, max(highest, end) - here
    return MSharpness(float(last.mean()), float(best.mean()), last)


@functools.partial(jax.jit, static_argnums=0)
def ascent(
    loss: MeasuredLoss, params: Any, stats: Any, batch: Batch, delta: Any, rho: jax.Array, length: jax.Array
) -> tuple[jax.Array, Any]:
    """One projected ascent: the loss before it, and the displacement after it."""
    point = add(params, delta)
    value, gradient = jax.value_and_grad(loss.mean)(point, stats, batch)
    moved = add(delta, Normalised(length * rho)(Point(point, gradient, None, _no_other)))
    square = squared_norm(moved)
    return value, scale(jnp.minimum(1, rho * inverse_norm(square)), moved)


def _no_other(w: Any) -> Any:
    raise NotImplementedError("the normalised perturbation asks for no second gradient")


@functools.partial(jax.jit, static_argnums=0)
def _mean(loss: MeasuredLoss, params: Any, stats: Any, batch: Batch) -> jax.Array:
    return loss.mean(params, stats, batch)
