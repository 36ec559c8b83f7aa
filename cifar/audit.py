"""What is left of SAM's perturbation in a network that computes in bfloat16.

    eps = rho g / ||g||  (float32),    eps' = bf16(w + eps) - bf16(w)        what the network sees of it
    bfloat16 has 8 significant bits: entries of eps below 2^-9 |w| vanish or are rounded up to 2^-8 |w|

The master weights are float32; the network casts them as it computes. The audit gives the length and the direction of
eps' against eps, the rise of the loss in both precisions, and the angles of the gradients at w and at w + eps.

References:
    [1] Foret, Kleiner, Mobahi, Neyshabur (2021). Sharpness-aware minimization for efficiently improving generalization.
        ICLR. Equation 2.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from ..dynamics.correction import cosine
from ..dynamics.perturbation import Normalised, Point
from ..dynamics.tree import add, norm_dtype, squared_norm, subtract
from .measured_loss import Batch, example_losses


class Audit(NamedTuple):
    """Means over batches.

    Attributes:
        rho: The length asked for, ||eps||.
        seen_norm: ||eps'||.
        seen_cosine: Of the angle between eps' and eps.
        vanished: Share of the entries of eps that are not zero of which eps' has nothing.
        rise: L(w + eps) - L(w), all in float32.
        seen_rise: The same of the network in bfloat16.
        gradient_cosine: Of the gradients at w in the two precisions.
        sam_gradient_cosine: Of those at w + eps.
    """

    rho: float
    seen_norm: float
    seen_cosine: float
    vanished: float
    rise: float
    seen_rise: float
    gradient_cosine: float
    sam_gradient_cosine: float


def audit_perturbation(
    apply: Callable[..., Any],
    params: Any,
    stats: Any,
    batches: Sequence[Batch],
    rho: float,
    *,
    dtype: Any = jnp.bfloat16,
    kind: str = "cross_entropy",
) -> Audit:
    """SAM's perturbation in float32 and as the low-precision network sees it, with BatchNorm in training mode.

    Args:
        apply: ``apply(params, stats, x, train=..., dtype=...) -> (logits, stats)``, as of `models.adapter.Model`.
        params: Master weights, float32.
        stats: BatchNorm's statistics.
        batches: Each gives a perturbation of its own.
        rho: Radius, > 0.
        dtype: The low precision.
        kind: Of the loss, one of `measured_loss.LossKind`.
    Raises:
        ValueError: A radius that is not positive, or no batch.
    """
    if not rho > 0 or not batches:
        raise ValueError(f"audit_perturbation: rho = {rho!r} on {len(batches)} batches; give rho > 0 and a batch")
    radius = jnp.float32(rho)
    found = [_audit(apply, jnp.dtype(dtype), kind, params, stats, batch, radius) for batch in batches]
    means = [sum(float(one[i]) for one in found) / len(found) for i in range(len(found[0]))]
    return Audit(float(rho), *means)


@functools.partial(jax.jit, static_argnums=(0, 1, 2))
def _audit(
    apply: Callable[..., Any], low: Any, kind: str, params: Any, stats: Any, batch: Batch, rho: jax.Array
) -> tuple[jax.Array, ...]:
    def slope(w: Any, dtype: Any) -> tuple[jax.Array, Any]:
        def loss(w: Any) -> jax.Array:
            images, labels = batch
            logits, _ = apply(w, stats, images, train=True, dtype=dtype)
            return jnp.mean(example_losses(logits, labels, kind))

        return jax.value_and_grad(loss)(w)

    here, g = slope(params, jnp.dtype(jnp.float32))
    w_adv = add(params, Normalised(rho)(Point(params, g, None, lambda w: slope(w, jnp.dtype(jnp.float32))[1])))
    asked, seen = subtract(w_adv, params), subtract(_rounded(w_adv, low), _rounded(params, low))
    there, g_adv = slope(w_adv, jnp.dtype(jnp.float32))
    low_here, low_g = slope(params, low)
    low_there, low_g_adv = slope(w_adv, low)
    entries, lost = (
        sum(jnp.sum(x, dtype=norm_dtype(params)) for x in jax.tree.leaves(tree))
        for tree in (
            jax.tree.map(lambda e: e != 0, asked),
            jax.tree.map(lambda e, s: (e != 0) & (s == 0), asked, seen),
        )
    )
    return (
        jnp.sqrt(squared_norm(seen)),
        cosine(asked, seen),
        jnp.asarray(lost / entries),
        there - here,
        low_there - low_here,
        cosine(g, low_g),
        cosine(g_adv, low_g_adv),
    )


def _rounded(tree: Any, low: Any) -> Any:
    """Every entry as the low precision holds it, in its own dtype."""
    # a cast there and back again XLA may leave out (`--xla_allow_excess_precision`), hence the operation made for it
    info = jnp.finfo(low)
    return jax.tree.map(lambda x: jax.lax.reduce_precision(x, info.nexp, info.nmant), tree)
