"""The loss that is measured: of a network on given batches, without smoothing, weight decay, augmentation or dropout.

    L(params) = (1/n) sum over batches of the sum over examples of l(f(params, x), y)

    cross_entropy  l = -log softmax(f)_y            squared  l = (1/2) ||f - onehot(y)||^2

Everything is an explicit argument: parameters, BatchNorm statistics and data enter compiled code as inputs, never as
constants, which XLA would fold whole convolutions over. Batches are summed in the order in which they are given.

Notes:
    BatchNorm has to be chosen: "batch" normalises by each batch's own statistics, as in training, so that the loss
    depends on how examples are cut into batches; "running" by those in `stats`. Curvatures differ several times.
    Dropout is off in both: the network gets no key. Zhou et al.'s code leaves it on while it measures VGG.

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training. Released
        code: the first 5000 training images in batches of 128, BatchNorm in training mode.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import jax
import jax.numpy as jnp

Normalisation = Literal["batch", "running"]
"""What BatchNorm normalises by."""
LossKind = Literal["cross_entropy", "squared"]
Batch = tuple[Any, Any]
"""Normalised images (b, h, w, c) float32 and labels (b,) int32."""
EXAMPLES, BATCH = 5000, 128
"""How many training images curvature is measured on, and in batches of how many [1]."""


@dataclass(frozen=True)
class MeasuredLoss:
    """A network's loss as a function of explicit arguments; hashable, so that compiled code is kept.

    Attributes:
        apply: ``apply(params, stats, x, train=...) -> (logits (b, classes), stats)``, as of `models.adapter.Model`.
        normalisation: BatchNorm's mode, one of `Normalisation`.
        kind: Of the loss, one of `LossKind`.
    Raises:
        ValueError: Another normalisation or kind.
    """

    apply: Callable[..., Any]
    normalisation: str = "batch"
    kind: str = "cross_entropy"

    def __post_init__(self) -> None:
        for name, value, allowed in (
            ("normalisation", self.normalisation, get_args(Normalisation)),
            ("kind", self.kind, get_args(LossKind)),
        ):
            if value not in allowed:
                raise ValueError(f"measured loss: {name} = {value!r}; choose from {', '.join(allowed)}")

    def total(self, params: Any, stats: Any, batch: Batch) -> jax.Array:
        """The sum of the batch's losses, a scalar."""
        return jnp.sum(self.examples(params, stats, batch))

    def mean(self, params: Any, stats: Any, batch: Batch) -> jax.Array:
        """Their mean."""
        return jnp.mean(self.examples(params, stats, batch))

    def examples(self, params: Any, stats: Any, batch: Batch) -> jax.Array:
        """The loss of each example, shape (b,)."""
        images, labels = batch
        logits, _ = self.apply(params, stats, images, train=self.normalisation == "batch")
        return example_losses(logits, labels, self.kind)


def example_losses(logits: Any, labels: Any, kind: str = "cross_entropy") -> jax.Array:
    """The loss of each example, shape (b,), float32 at least."""
    wide = jnp.asarray(logits, jnp.promote_types(logits.dtype, jnp.float32))
    if kind == "squared":
        targets = jax.nn.one_hot(labels, wide.shape[-1], dtype=wide.dtype)
        return jnp.sum((wide - targets) ** 2, axis=-1) / 2
    return -jnp.take_along_axis(jax.nn.log_softmax(wide), jnp.asarray(labels)[:, None], axis=-1)[:, 0]


def cut(images: Any, labels: Any, size: int = BATCH, examples: int | None = EXAMPLES) -> list[Batch]:
    """The first `examples` in batches of `size`, in order; the last may be smaller.

    Args:
        images: Normalised, shape (n, h, w, c).
        labels: Shape (n,).
        size: Of a batch.
        examples: How many; None: all. If there are fewer, all.
    Raises:
        ValueError: No example, or a size that is not positive.
    """
    count = len(labels) if examples is None else min(examples, len(labels))
    if count < 1 or size < 1:
        raise ValueError(f"cut: {count} examples in batches of {size}; give at least one of each")
    return [(images[i : min(i + size, count)], labels[i : min(i + size, count)]) for i in range(0, count, size)]


def count(batches: Iterable[Batch]) -> int:
    """How many examples there are."""
    return sum(len(labels) for _, labels in batches)


def mean_loss(loss: MeasuredLoss, params: Any, stats: Any, batches: Sequence[Batch]) -> float:
    """L(params), over all batches."""
    return measure(loss, params, stats, batches)[0]


def measure(loss: MeasuredLoss, params: Any, stats: Any, batches: Sequence[Batch]) -> tuple[float, float]:
    """Mean loss and share of wrong answers over all batches."""
    # summed on the host in float64, so that the result does not depend on how many batches there are
    sums = [_sums(loss, params, stats, batch) for batch in batches]
    n = count(batches)
    return sum(float(s[0]) for s in sums) / n, sum(float(s[1]) for s in sums) / n


def _sums_of(loss: MeasuredLoss, params: Any, stats: Any, batch: Batch) -> tuple[jax.Array, jax.Array]:
    images, labels = batch
    logits, _ = loss.apply(params, stats, images, train=loss.normalisation == "batch")
    wrong = jnp.sum(jnp.argmax(logits, axis=-1) != jnp.asarray(labels), dtype=jnp.int32)
    return jnp.sum(example_losses(logits, labels, loss.kind)), wrong


_sums = jax.jit(_sums_of, static_argnums=0)
