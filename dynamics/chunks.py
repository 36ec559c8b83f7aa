"""Functions of many points, called with few different numbers of them, so that little is compiled."""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np

from .engine import pad


def in_chunks(function: Callable[[Any], Any], tree: Any, sizes: Sequence[int]) -> Any:
    """`function` of n points, called on chunks of them.

    Args:
        function: From a tree of arrays with a leading axis to another, point by point.
        tree: Arrays with leading axis n >= 1.
        sizes: The lengths that it is called with, ascending: all chunks have the first that n fits, or the last.
    Returns:
        NumPy arrays with leading axis n.
    """
    n = len(jax.tree.leaves(tree)[0])
    size = next((s for s in sizes if s >= n), sizes[-1])
    parts = []
    for low in range(0, n, size):
        high = min(low + size, n)
        chunk = jax.tree.map(lambda x, low=low, high=high: pad(np.asarray(x)[low:high], size), tree)
        parts.append(jax.tree.map(lambda x, m=high - low: np.asarray(x)[:m], function(chunk)))
    return parts[0] if len(parts) == 1 else jax.tree.map(lambda *x: np.concatenate(x), *parts)


def sizes_for(dimension: int, largest: int) -> tuple[int, int]:
    """Two lengths for work that grows with the square of the dimension; `largest` for a few coordinates."""
    most = max(16, largest >> max(0, 2 * int(np.log2(max(1, dimension / 8)))))
    return max(16, most // 64), most
