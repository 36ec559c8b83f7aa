"""Exact expectations of stochastic rules: every sequence of mini-batches of a small finite sum, not a sample of them.

Sampling with and without replacement, and ascent on the same or on an independent batch, are different algorithms; each
is named here. The expectation is a plain mean of equally likely sequences, so that it is exact in rationals.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

Batch = tuple[int, ...]
Inner = Literal["same", "independent"]
LARGEST = 4096
"""Sequences in one expectation; each is run, in every arithmetic."""


def batches(n: int, size: int, replacement: bool = False) -> tuple[Batch, ...]:
    """The equally likely batches of `size` out of `n` samples.

    Args:
        n: Samples.
        size: Samples of a batch.
        replacement: Whether one sample may be drawn twice; then all n**size sequences are equally likely.
    Raises:
        ValueError: A batch is larger than the sample it is drawn from without replacement, or empty.
    """
    if size < 1 or (size > n and not replacement):
        raise ValueError(f"batches: size {size} of {n} samples without replacement; choose 1 <= size <= {n}")
    return tuple(itertools.product(range(n), repeat=size) if replacement else itertools.combinations(range(n), size))


def histories(
    n: int, size: int, steps: int, inner: Inner = "same", replacement: bool = False
) -> Iterator[tuple[tuple[Batch, Batch], ...]]:
    """Every equally likely history: for each step the outer batch and the inner one.

    Raises:
        ValueError: There are more than `LARGEST`.
    """
    one = batches(n, size, replacement)
    pairs = [(b, b) for b in one] if inner == "same" else list(itertools.product(one, one))
    if len(pairs) ** steps > LARGEST:
        raise ValueError(
            f"{len(pairs)}**{steps} histories are more than {LARGEST}; take fewer steps, samples, or a larger batch"
        )
    yield from itertools.product(pairs, repeat=steps)


def expected(
    run: Callable[[tuple[tuple[Batch, Batch], ...]], Mapping[str, Any]],
    all_histories: Iterator[Sequence[tuple[Batch, Batch]]],
) -> dict[str, Any]:
    """The mean of what `run` measures over the histories, quantity by quantity.

    Example:
        ``expected(lambda h: {"loss": final_loss(h)}, histories(n=2, size=1, steps=2, inner="independent"))``
    """
    total: dict[str, Any] = {}
    count = 0
    for history in all_histories:
        count += 1
        for name, value in run(tuple(history)).items():
            total[name] = total[name] + value if name in total else value
    if not count:
        raise ValueError("expected: there is no history to take the mean over")
    return {name: value / count for name, value in total.items()}
