"""Whether a critical point attracts under a rule: by the Jacobian of the step if that decides, else by an escape test.

    spectral radius of J < 1: attracts;   > 1: repels;   = 1, or no derivative there: small displacements are run

Without a derivative minima need no test: what oscillates within the ball of one has reached it. A start near a saddle
leaves it slowly, but it leaves; the test tells such a passage from capture.
"""

import threading
from typing import Any, NamedTuple

import jax
import numpy as np

from ..landscapes.landscape import Landscape
from .first_exit import first_exit
from .linear_map import linearise
from .outcome_codes import Outcome, Tolerances
from .point_table import PointTable

LARGEST_JACOBIAN = 512
"""Dimensions beyond which the escape test decides alone."""
TOGETHER = 1024
"""Settings for which a point is judged at once."""


class Verdict(NamedTuple):
    """On n pairs of a setting and a point; shape (n,) each.

    Attributes:
        held: Distance from the point below which tails stay for good; 0 where it repels.
        shrink: What a distance must be multiplied by, at most, in half a window, to count as converging: the root of
            what the Jacobian predicts. Infinite without a derivative.
        stall: Distance at which rounding may stop the convergence. Infinite without a derivative.
    """

    held: np.ndarray
    shrink: np.ndarray
    stall: np.ndarray


class Attraction:
    """Verdicts for S settings of one rule and the K points of a table, each found when first asked for.

    A verdict depends on the setting and the point alone, is found in float64, and is the same whoever asks first.

    Args:
        landscape: What is descended.
        rule: The settings: numbers as arrays (S,).
        etas: Their step sizes, shape (S,), by which the escape test's patience is set.
        table: Critical points.
        tolerances: See `Tolerances`.
        dtype: Of the runs, for what rounding may do to them.
    """

    def __init__(
        self, landscape: Landscape, rule: Any, etas: np.ndarray, table: PointTable, tolerances: Tolerances, dtype: Any
    ) -> None:
        self._landscape, self._rule, self._table, self._tolerances = landscape, rule, table, tolerances
        self._etas, self._eps = np.asarray(etas, float), float(np.finfo(dtype).eps)
        shape = (len(self._etas), len(table))
        self._verdict = Verdict(*(np.full(shape, np.nan, dtype) for _ in Verdict._fields))
        self._lock = threading.Lock()

    def judge(self, setting: np.ndarray, row: np.ndarray, wanted: np.ndarray) -> Verdict:
        """Verdicts on pairs of a setting and a row of the table, shape (n,) each.

        Args:
            setting: Of the rule.
            row: Of the table.
            wanted: For which pairs a verdict is needed, shape (n,); that on others may be NaN.
        """
        pair = setting * len(self._table) + row
        held = self._verdict.held.ravel()[pair]
        if (wanted & np.isnan(held)).any():
            with self._lock:
                missing = wanted & np.isnan(self._verdict.held.ravel()[pair])
                if missing.any():  # else another thread has found them meanwhile
                    self._find_around(*np.divmod(np.unique(pair[missing]), len(self._table)))
            held = self._verdict.held.ravel()[pair]
        return Verdict(held, self._verdict.shrink.ravel()[pair], self._verdict.stall.ravel()[pair])

    def _find_around(self, setting: np.ndarray, row: np.ndarray) -> None:
        """Find these pairs, and with them the rows' pairs with neighbouring settings, which will be asked for next."""
        groups = np.unique(np.stack([setting // TOGETHER, row]), axis=1)
        settings = [np.arange(g * TOGETHER, min((g + 1) * TOGETHER, len(self._etas))) for g in groups[0]]
        self._find(np.concatenate(settings), np.repeat(groups[1], [len(x) for x in settings]))

    def _find(self, setting: np.ndarray, row: np.ndarray) -> None:
        table, tolerances = self._table, self._tolerances
        rule = jax.tree.map(lambda x: np.asarray(x)[setting], self._rule)
        w, ball, n = table.w[row], table.ball[row], len(setting)
        radius, smooth = np.ones(n), np.zeros(n, bool)
        if w.shape[1] <= LARGEST_JACOBIAN:
            radius, smooth = linearise(self._landscape, rule, w, 1e-3 * ball)
        neutral = ~smooth | (np.abs(radius - 1) <= tolerances.neutral)
        held = np.where(neutral | (radius < 1), ball, 0.0)
        bottom = ~smooth & (table.outcome[row] == Outcome.MINIMUM)
        test = np.flatnonzero(neutral & ~bottom & table.isolated[row])
        if test.size:
            held[test] = self._escape(jax.tree.map(lambda x: x[test], rule), self._etas[setting[test]], row[test])
        radius = np.minimum(np.where(neutral, 1.0, radius), 1.0)
        least = 1 - 64 * self._eps
        # where the map contracts by 1 - r per step, rounding stalls it at up to its unit / (1 - r)
        unit = 8 * self._eps * np.maximum(1.0, np.abs(w).max(axis=1))
        stall = np.minimum(unit / np.maximum(1 - radius, 1e-12), tolerances.rest * ball)
        shrink = np.minimum(radius ** (tolerances.window / 4), least)
        self._verdict.shrink[setting, row] = np.where(smooth, shrink, np.inf)
        self._verdict.stall[setting, row] = np.where(smooth, stall, np.inf)
        self._verdict.held[setting, row] = held  # last: it says that the others are known

    def _escape(self, rule: Any, etas: np.ndarray, row: np.ndarray) -> np.ndarray:
        """The distance from the points up to which displaced starts stay in their balls, n pairs; shape (n,)."""
        table, tolerances = self._table, self._tolerances
        n, d, points = len(row), table.w.shape[1], tolerances.ring_points
        ball, lowest = table.ball[row], table.eigenvalues[row, 0]
        directions = np.random.default_rng(0).normal(size=(points, d))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        rings = np.asarray(tolerances.rings)
        displaced = ball[:, None, None, None] * rings[:, None, None] * directions
        # what a minimum repels, it repels by overshooting, at once; what is flat takes its time
        wanted = np.where(lowest > 0, float(tolerances.least_escape), float(tolerances.most_escape))
        down = lowest < 0
        wanted[down] = np.maximum(tolerances.folds / (etas[down] * -lowest[down]), tolerances.least_escape)
        patience = np.minimum(wanted, tolerances.most_escape).astype(np.int64)
        each = len(rings) * points
        left = first_exit(
            self._landscape,
            jax.tree.map(lambda x: np.repeat(x, each), rule),
            (table.w[row][:, None, None] + displaced).reshape(-1, d),
            np.repeat(patience, each),
            np.repeat(ball, each),
            np.repeat(table.w[row], each, axis=0),
        ).reshape(n, len(rings), points)
        stays = np.all(left < 0, axis=2)[:, ::-1]  # innermost first
        sound = np.logical_and.accumulate(stays, axis=1).sum(axis=1)  # rings that stay, from the innermost outwards
        ascending = np.concatenate([[0.0], rings[::-1]])
        held = ball * np.where(sound == len(rings), 1.0, ascending[sound])
        return np.where(wanted > tolerances.most_escape, 0.0, held)
