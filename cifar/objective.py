"""A network's training loss as the `Objective` that the rules of `dynamics` take.

    l(w; x, y)  = (1 - s) CE(f_w(x), y) + s mean_k CE(f_w(x), k)      cross entropy with smoothing s
                = (1/2) ||f_w(x) - onehot(y)||^2                      squared
    L(w; batch) = mean of l over the batch  [+ (decay/2) ||w||^2]     the term in brackets: decay inside the ascent

The loss depends on two things beside the parameters that are the same for every pass of a step: BatchNorm's running
statistics, which a pass only updates, and the key of dropout. An objective is therefore made anew in every (traced)
step. Its auxiliary output is what the pass saw: the statistics after it, and the plain cross entropy and mistakes.

Notes:
    Both passes of a step draw the same dropout mask: the perturbed gradient is that of the function whose gradient was
    ascended, and rho = 0 is SGD. PyTorch code draws two masks.
    Weight decay outside the ascent is the base optimiser's: see `rules.base_of`. Inside, it acts on all parameters,
    BatchNorm's included, as in Andriushchenko and Flammarion's code.
    A group of m-SAM normalises by its own examples; where the second pass counts, the groups' statistics are averaged.

References:
    [1] Szegedy et al. (2016). Rethinking the Inception architecture for computer vision. CVPR. Section 7.
    [2] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. ICML. Released code.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from ..dynamics.objective import Objective
from ..dynamics.tree import Params, squared_norm
from .measured_loss import example_losses

Apply = Callable[..., tuple[jax.Array, Any]]
"""``apply(params, stats, x, train=..., key=..., dtype=...) -> (logits, stats)``, as of `models.adapter.Model`: logits
are float32 at least."""


class Seen(NamedTuple):
    """What one pass saw.

    Attributes:
        stats: BatchNorm's statistics after it.
        loss: Mean over the batch of the loss without smoothing and weight decay, a scalar.
        wrong: Share of wrong answers, a scalar.
    """

    stats: Any
    loss: jax.Array
    wrong: jax.Array


@dataclass(frozen=True)
class TrainingLoss:
    """The options of the loss; see the module's docstring.

    Attributes:
        apply: The network.
        kind: "cross_entropy" or "squared".
        smoothing: s, 0 <= s < 1; of cross entropy only.
        decay: Weight decay inside the loss, >= 0.
        dtype: What the network computes in.
    Raises:
        ValueError: An unknown kind, or a number out of its range.
    """

    apply: Apply
    kind: str = "cross_entropy"
    smoothing: float = 0.0
    decay: float = 0.0
    dtype: Any = jnp.float32

    def __post_init__(self) -> None:
        if self.kind not in ("cross_entropy", "squared"):
            raise ValueError(f"training loss: kind = {self.kind!r}; choose cross_entropy or squared")
        if not 0 <= self.smoothing < 1:
            raise ValueError(f"training loss: label_smoothing = {self.smoothing}; give 0 <= s < 1")
        if self.smoothing and self.kind == "squared":
            raise ValueError(
                f"training loss: label_smoothing = {self.smoothing} is for cross_entropy; leave it 0 for squared"
            )
        if not self.decay >= 0:
            raise ValueError(f"training loss: weight_decay = {self.decay}; give 0 or more")

    def objective(self, stats: Any, key: jax.Array | None) -> Objective:
        """The objective of one step; a batch is (images float32 (b, h, w, c), labels int32 (b,)).

        Args:
            stats: BatchNorm's statistics before the step.
            key: Of dropout, the same for all passes.
        """

        def forward(params: Params, batch: Any) -> tuple[jax.Array, jax.Array, Any]:
            images, labels = batch
            logits, following = self.apply(params, stats, images, train=True, key=key, dtype=self.dtype)
            return logits, labels, following

        def loss(params: Params, batch: Any) -> tuple[jax.Array, Seen]:
            logits, labels, following = forward(params, batch)
            plain = jnp.mean(example_losses(logits, labels, self.kind))
            wrong = jnp.mean(jnp.argmax(logits, axis=-1) != labels, dtype=jnp.float32)
            value = jnp.mean(self._smoothed(logits, labels)) if self.smoothing else plain
            if self.decay:
                value = value + jnp.asarray(self.decay / 2, value.dtype) * squared_norm(params)
            return value, jax.lax.stop_gradient(Seen(following, plain, wrong))

        def losses(params: Params, batch: Any) -> jax.Array:
            logits, labels, _ = forward(params, batch)
            return self._smoothed(logits, labels)

        return Objective(loss, has_aux=True, losses=losses)

    def _smoothed(self, logits: jax.Array, labels: jax.Array) -> jax.Array:
        plain = example_losses(logits, labels, self.kind)
        if not self.smoothing:
            return plain
        uniform = -jnp.mean(jax.nn.log_softmax(logits), axis=-1)
        share = jnp.asarray(self.smoothing, plain.dtype)
        return (1 - share) * plain + share * uniform


def statistics_after(before: Any, first: Any, second: Any, perturbed: Any, passes: str, momentum: float) -> Any:
    """BatchNorm's running statistics after a step.

        first = m before + (1 - m) b1,    second = m before + (1 - m) b2        what either pass returns alone
        both  = m first + (1 - m) b2 = second + m (first - before)              one pass after the other

    Args:
        before, first, second: Statistics before the step and as either pass leaves them.
        perturbed: Whether there was a second pass.
        passes: "first" or "both".
        momentum: m, as of the layers.
    Raises:
        ValueError: `passes` is neither.
    """
    if passes == "first":
        return first
    if passes != "both":
        raise ValueError(f"bn_statistics = {passes!r}; choose first or both")

    def one(x: jax.Array, a: jax.Array, b: jax.Array) -> jax.Array:
        return jnp.where(perturbed, b + jnp.asarray(momentum, a.dtype) * (a - x), a)

    return jax.tree.map(one, before, first, second)
