"""Mean and covariance of an ensemble, with standard errors, from samples that come in groups and are not kept.

    mean = (1/n) sum x,    covariance = (1/(n-1)) sum (x - mean)(x - mean)^T
    se(mean_i) = sqrt(c_ii / n),    se(c_ij) = sqrt((m_iijj - c_ij^2) / n)

with m_iijj the mean of (x_i - mean_i)^2 (x_j - mean_j)^2.

The standard errors assume no distribution. Groups are merged in the order of the samples and have a fixed size, so the
result does not depend, to the last bit, on the blocks in which samples arrive.

References:
    [1] Chan, Golub, LeVeque (1983). Algorithms for computing the sample variance. The American Statistician 37.
    [2] Pébay (2008). Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical
        moments. Sandia Report SAND2008-6212.
"""

from dataclasses import dataclass

import numpy as np

GROUP = 4096
"""Samples per group: large enough that NumPy works on whole groups, small enough to be memory-free."""


@dataclass(frozen=True)
class Moments:
    """Sums over n samples of deviations a = x - mean from their own mean, float64.

    Attributes:
        n: Number of samples.
        mean: Shape (d,).
        second: sum a_i a_j, shape (d, d).
        third: sum a_i^2 a_j, shape (d, d).
        fourth: sum a_i^2 a_j^2, shape (d, d).
    """

    n: int
    mean: np.ndarray
    second: np.ndarray
    third: np.ndarray
    fourth: np.ndarray

    @classmethod
    def empty(cls, d: int) -> "Moments":
        """Of no samples."""
        zero = np.zeros((d, d))
        return cls(0, np.zeros(d), zero, zero, zero)

    @classmethod
    def of(cls, samples: np.ndarray) -> "Moments":
        """Of samples (n, d), n >= 1."""
        x = np.asarray(samples, np.float64)
        mean = x.mean(axis=0)
        a = x - mean
        square = a * a
        return cls(len(x), mean, a.T @ a, square.T @ a, square.T @ square)

    def __add__(self, other: "Moments") -> "Moments":
        """Of both sets of samples together."""
        if not (self.n and other.n):
            return self if self.n else other
        n = self.n + other.n
        mean = self.mean + (other.mean - self.mean) * (other.n / n)
        one, two = self._about(mean), other._about(mean)
        return Moments(n, mean, one[0] + two[0], one[1] + two[1], one[2] + two[2])

    def _about(self, centre: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The three sums of deviations from `centre` instead."""
        delta = self.mean - centre
        i, j = delta[:, None], delta[None, :]
        variance = np.diag(self.second)
        second = self.second + self.n * i * j
        third = self.third + 2 * i * self.second + j * variance[:, None] + self.n * i * i * j
        fourth = (
            self.fourth
            + 2 * j * self.third
            + 2 * i * self.third.T
            + j * j * variance[:, None]
            + i * i * variance[None, :]
            + 4 * i * j * self.second
            + self.n * i * i * j * j
        )
        return second, third, fourth

    @property
    def covariance(self) -> np.ndarray:
        """Unbiased, shape (d, d); NaN below two samples."""
        return self.second / (self.n - 1) if self.n > 1 else np.full_like(self.second, np.nan)

    @property
    def mean_error(self) -> np.ndarray:
        """Standard error of each mean, shape (d,)."""
        return np.sqrt(np.diag(self.covariance) / max(self.n, 1))

    @property
    def covariance_error(self) -> np.ndarray:
        """Standard error of each covariance, shape (d, d)."""
        if self.n < 2:
            return np.full_like(self.second, np.nan)
        spread = self.fourth / self.n - (self.second / self.n) ** 2
        return np.sqrt(np.maximum(spread, 0) / self.n)


def moments_of(samples: np.ndarray, total: Moments | None = None, within: float = np.inf) -> Moments:
    """The moments of samples (n, d), added group by group to `total`.

    Args:
        samples: Shape (n, d). Call with whole groups (n a multiple of GROUP, but for the last call), so that groups do
            not depend on calls.
        total: The moments so far.
        within: Samples that are not finite, or have a coordinate beyond this, are left out.
    """
    total = Moments.empty(samples.shape[1]) if total is None else total
    for low in range(0, len(samples), GROUP):
        group = samples[low : low + GROUP]
        size = np.abs(group.T).max(axis=0)
        group = group[np.isfinite(size) & (size <= within)]
        if len(group):
            total = total + Moments.of(group)
    return total
