"""The loss on the line between two networks, and its second differences.

    w_lambda = (1 - lambda) w_0 + lambda w_1
    L''(w_lambda) = (L(w_(lambda+h)) + L(w_(lambda-h)) - 2 L(w_lambda)) / h^2

Notes:
    Zhou et al. print (2h)^2 below the fraction, which is a quarter of the second derivative; `scale` = "printed" gives
    that. The shape of the curve is the same.
    With normalisation "running", BatchNorm's statistics are interpolated as the parameters are, or, if
    `statistics_batches` are given, gathered anew at every lambda by one pass in training mode, as Andriushchenko &
    Flammarion do. With "batch" there is nothing to choose.

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.
        Figure 4 (c): h = 0.1.
    [2] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Figure 10: lambda from -1
        to 2 by 0.05; released code: statistics from 5000 training images.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ..dynamics.tree import add, scale
from .measured_loss import Batch, MeasuredLoss, measure

Network = tuple[Any, Any]
"""Parameters and BatchNorm statistics."""
H = 0.1
"""Step of the second difference, in units of lambda [1]."""


class Line(NamedTuple):
    """What was met on the line; each of shape (lambdas,)."""

    lambdas: np.ndarray
    loss: np.ndarray
    error: np.ndarray


def interpolated(first: Any, last: Any, share: float) -> Any:
    """(1 - share) first + share last, leaf by leaf; at 0 and 1 the very ends."""
    if share in (0, 1):
        return last if share else first
    return _mixed(first, last, jnp.float32(share))


def interpolate(
    loss: MeasuredLoss,
    first: Network,
    last: Network,
    batches: Sequence[Batch],
    lambdas: Sequence[float] | np.ndarray,
    statistics_batches: Sequence[Batch] | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Line:
    """Loss and error at every lambda.

    Args:
        loss: What is measured.
        first: Parameters and statistics at lambda = 0.
        last: At lambda = 1, arranged alike.
        batches: The examples.
        lambdas: Where; any numbers.
        statistics_batches: To gather BatchNorm's statistics from at every lambda.
        progress: Called with the share done.
    Raises:
        ValueError: Networks that are arranged differently.
    """
    check_alike("interpolate", first[0], last[0])
    found = []
    for done, share in enumerate(lambdas):
        params = interpolated(first[0], last[0], float(share))
        stats = interpolated(first[1], last[1], float(share))
        for batch in statistics_batches or ():
            stats = _gather(loss, params, stats, batch[0])
        found.append(measure(loss, params, stats, batches))
        progress((done + 1) / len(lambdas))
    values = np.array(found).reshape(-1, 2)
    return Line(np.asarray(lambdas, float), values[:, 0], values[:, 1])


def second_differences(
    lambdas: np.ndarray, values: np.ndarray, h: float = H, scale: str = "derivative"
) -> tuple[np.ndarray, np.ndarray]:
    """Second differences of values on an even grid of lambdas that contains the points h apart.

    Args:
        lambdas: Ascending, evenly spaced; shape (n,).
        values: There, shape (n,).
        h: A multiple of the spacing.
        scale: "derivative" divides by h^2; "printed" by (2h)^2, as [1] prints.
    Returns:
        The lambdas with neighbours h away on both sides, and the differences there.
    Raises:
        ValueError: Another scale, a grid that is not even, or an h that is no multiple of its spacing.
    """
    if scale not in ("derivative", "printed"):
        raise ValueError(f"second_differences: scale = {scale!r}; choose 'derivative' or 'printed'")
    steps = np.diff(lambdas)
    spacing = float(steps.mean())
    # decimal fractions as floats: 1e-9 of a spacing is their rounding
    if not np.allclose(steps, spacing, rtol=1e-9, atol=1e-9 * abs(spacing)):
        raise ValueError("second_differences: the lambdas are not evenly spaced; give an even grid")
    apart = round(h / spacing)
    if apart < 1 or abs(apart * spacing - h) > 1e-9 or 2 * apart >= len(lambdas):
        raise ValueError(
            f"second_differences: h = {h} is no multiple of the spacing {spacing:g} that fits into the grid; "
            f"give lambdas {h} / k apart"
        )
    below = (2 * h if scale == "printed" else h) ** 2
    middle = slice(apart, len(lambdas) - apart)
    rise = values[2 * apart :] + values[: -2 * apart] - 2 * values[middle]
    return lambdas[middle], rise / below


def barrier(line: Line) -> float:
    """How far the loss between the ends exceeds their linear interpolation, at most; >= 0.

    Raises:
        ValueError: The lambdas hold no 0 or no 1.
    """
    ends = [np.flatnonzero(np.isclose(line.lambdas, end, rtol=0, atol=1e-9)) for end in (0, 1)]
    if not all(end.size for end in ends):
        raise ValueError("barrier: the line's lambdas must hold 0 and 1")
    first, last = (float(line.loss[end[0]]) for end in ends)
    inside = (line.lambdas >= 0) & (line.lambdas <= 1)
    straight = (1 - line.lambdas) * first + line.lambdas * last
    return max(0.0, float(np.max((line.loss - straight)[inside])))


def check_alike(caller: str, first: Any, last: Any) -> None:
    """Refuse two trees of different arrangement.

    Raises:
        ValueError: Leaves of other names or shapes; the first that differs is named.
    """
    shapes = [
        {jax.tree_util.keystr(path): np.shape(x) for path, x in jax.tree_util.tree_flatten_with_path(tree)[0]}
        for tree in (first, last)
    ]
    for name in sorted(set(shapes[0]) | set(shapes[1])):
        one, other = (s.get(name, "absent") for s in shapes)
        if one != other:
            raise ValueError(
                f"{caller}: the networks differ: {name} is {one} and {other}; give two of one architecture"
            )


@jax.jit
def _mixed(first: Any, last: Any, share: jax.Array) -> Any:
    return add(scale(1 - share, first), scale(share, last))


@functools.partial(jax.jit, static_argnums=0)
def _gather(loss: MeasuredLoss, params: Any, stats: Any, images: Any) -> Any:
    return loss.apply(params, stats, images, train=True)[1]
