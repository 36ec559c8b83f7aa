"""How entangled basins are: fractions with intervals, basin entropy, the boundary's uncertainty exponent.

References:
    [1] Wilson (1927). Probable inference, the law of succession, and statistical inference. JASA 22.
    [2] Daza, Wagemakers, Georgeot, Guery-Odelin, Sanjuan (2016). Basin entropy: a new tool to analyze uncertainty in
        dynamical systems. Scientific Reports 6, 31416.
    [3] Grebogi, McDonald, Ott, Yorke (1983). Final state sensitivity: an obstruction to predictability.
        Physics Letters A 99.
"""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np


def wilson_interval(count: int | np.ndarray, total: int, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Wilson's interval for a share, which stays in [0, 1] and is sound at 0 and 1.

        (s + z^2 / 2n -+ z sqrt(s (1 - s) / n + z^2 / 4n^2)) / (1 + z^2 / n),    s = count / n

    Args:
        count: Successes, any shape.
        total: n.
        confidence: Of the two-sided interval.
    Returns:
        Lower and upper end, like `count`.
    Raises:
        ValueError: No trials, or a confidence that is none.
    References:
        [1] Wilson (1927).
    """
    if total < 1 or not 0 < confidence < 1:
        raise ValueError(f"wilson_interval: total = {total} must be >= 1 and confidence = {confidence} in (0, 1)")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = np.asarray(count) / total
    middle = share + z * z / (2 * total)
    reach = z * np.sqrt(share * (1 - share) / total + (z / (2 * total)) ** 2)
    scale = 1 + z * z / total
    ends = np.clip((middle - reach) / scale, 0, 1), np.clip((middle + reach) / scale, 0, 1)
    return np.asarray(ends[0]), np.asarray(ends[1])


class BasinEntropy(NamedTuple):
    """Entropy of the labels in small boxes, in nats: the mean over all boxes, and over those that a boundary crosses.

    `boundary` above log 2 proves a fractal boundary ([2], Eq. 5); below it proves nothing. NaN where no box is crossed.
    """

    all: float
    boundary: float
    boxes: int
    crossed: int


def basin_entropy(labels: np.ndarray, box: int = 5) -> BasinEntropy:
    """Basin entropy of a map of labels.

        S_b = (1/N) sum_i S_i,    S_bb = (1/N_b) sum over crossed boxes of S_i,    S_i = - sum_k p_ik log p_ik

    Args:
        labels: One whole number per cell of a grid of one or two dimensions.
        box: Side of the boxes, in cells; what does not fill a box at the far sides is left out.
    Raises:
        ValueError: `box` fits nowhere.
    References:
        [2] Daza et al. (2016), Eqs. 3-5.
    """
    grid = labels[None] if labels.ndim == 1 else labels
    height = 1 if labels.ndim == 1 else box
    rows, across = grid.shape[0] // height, grid.shape[1] // box
    if box < 2 or not rows or not across:
        raise ValueError(
            f"basin_entropy: box = {box} must be >= 2 and at most the grid's side, which is {labels.shape}"
        )
    cut = grid[: rows * height, : across * box].reshape(rows, height, across, box).swapaxes(1, 2)
    cells = cut.reshape(rows * across, height * box)
    entropy = np.zeros(len(cells))
    for label in np.unique(cells):
        share = (cells == label).mean(axis=1)
        entropy -= share * np.log(np.where(share > 0, share, 1.0))
    crossed = (cells != cells[:, :1]).any(axis=1)
    boundary = float(entropy[crossed].mean()) if crossed.any() else float("nan")
    return BasinEntropy(float(entropy.mean()), boundary, len(cells), int(crossed.sum()))


class Uncertainty(NamedTuple):
    """The boundary's uncertainty exponent alpha with its standard error, and what it was fitted to.

    The boundary's dimension is D - alpha on a grid of D dimensions; a smooth one has alpha = 1. `exponent` is NaN where
    fewer than two distances have uncertain points.
    """

    exponent: float
    standard_error: float
    distance: np.ndarray
    share: np.ndarray


def uncertainty_exponent(labels: np.ndarray, distances: np.ndarray | None = None) -> Uncertainty:
    """How the share of uncertain cells, those with another label within a distance, falls with the distance.

        f(eps) ~ eps^alpha,    alpha by least squares of log f on log eps

    Args:
        labels: One whole number per cell of a grid of one or two dimensions.
        distances: In cells, whole numbers; by default powers of two up to an eighth of the shorter side.
    Raises:
        ValueError: The largest distance is not below half the shorter side.
    Notes:
        A cell is uncertain if the cell at that distance to either side along some axis has another label ([3], on the
        grid instead of at random points); cells nearer to the edge than the largest distance are left out. The errors
        of the fit's points are taken to be independent, which they are not: all come from one map. The standard error
        is that of the straight line, not of the map.
    References:
        [3] Grebogi et al. (1983).
    """
    shorter = min(labels.shape)
    if distances is None:
        distances = 2 ** np.arange(0, int(np.log2(max(1, shorter // 8))) + 1)
    margin = int(np.max(distances))
    if not 0 < 2 * margin < shorter:
        raise ValueError(f"uncertainty_exponent: a distance of {margin} cells does not fit a grid of {labels.shape}")
    share = np.array([_uncertain(labels, int(distance), margin).mean() for distance in distances])
    known = share > 0
    if known.sum() < 2:
        return Uncertainty(float("nan"), float("nan"), distances, share)
    x, y = np.log(distances[known]), np.log(share[known])
    x = x - x.mean()
    slope = float(np.sum(x * y) / np.sum(x * x))
    freedom = len(x) - 2
    scatter = np.sum((y - y.mean() - slope * x) ** 2)
    error = float(np.sqrt(scatter / freedom / np.sum(x * x))) if freedom else float("nan")
    return Uncertainty(slope, error, distances, share)


def _uncertain(labels: np.ndarray, distance: int, margin: int) -> np.ndarray:
    """Which cells, those nearer than `margin` to the edge left out, have another label `distance` cells away."""
    inner = tuple(slice(margin, size - margin) for size in labels.shape)
    centre = labels[inner]
    other = np.zeros(centre.shape, bool)
    for axis in range(labels.ndim):
        for shift in (-distance, distance):
            other |= np.roll(labels, shift, axis)[inner] != centre
    return other
