"""What bfloat16 leaves of a perturbation, against NumPy's own rounding of the bits."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from samscape.cifar.audit import audit_perturbation
from samscape.cifar.measured_loss import MeasuredLoss


def rounded(x):
    """float32 to bfloat16 by its bits, to nearest, ties to even, in NumPy."""
    bits = np.asarray(x, np.float32).view(np.uint32)
    kept = (bits + 0x7FFF + ((bits >> 16) & 1)) & np.uint32(0xFFFF0000)
    return kept.view(np.float32)


def flat(tree):
    return np.concatenate([np.ravel(x) for x in jax.tree.leaves(tree)])


@pytest.mark.parametrize("rho", [0.01, 0.5])
def test_audit_is_that_of_the_rounded_bits(small, rho):
    batch, loss = small.batches[0], MeasuredLoss(small.apply)
    found = audit_perturbation(small.apply, small.params, small.stats, [batch], rho)
    g = flat(jax.grad(loss.mean)(small.params, small.stats, batch)).astype(float)
    w = flat(small.params)
    w_adv = (w + (rho * g / np.linalg.norm(g)).astype(np.float32)).astype(np.float32)
    asked, seen = w_adv.astype(float) - w, rounded(w_adv).astype(float) - rounded(w)
    # the perturbation itself agrees to float32, so that some hundred entries round alike but for rare ties
    assert found.seen_norm == pytest.approx(np.linalg.norm(seen), rel=1e-2)
    cosine = asked @ seen / np.linalg.norm(asked) / np.linalg.norm(seen)
    assert found.seen_cosine == pytest.approx(cosine, abs=1e-2)
    assert found.vanished == pytest.approx(((asked != 0) & (seen == 0)).sum() / (asked != 0).sum(), abs=2e-2)
    rise = loss.mean(
        jax.tree.map(
            lambda x, d: x + rho * d / np.linalg.norm(g),
            small.params,
            jax.grad(loss.mean)(small.params, small.stats, batch),
        ),
        small.stats,
        batch,
    ) - loss.mean(small.params, small.stats, batch)
    # losses near 1 in float32
    assert found.rise == pytest.approx(float(rise), abs=1e-6)


def test_a_long_perturbation_is_seen_a_short_one_is_not(small):
    short, long = (audit_perturbation(small.apply, small.params, small.stats, small.batches, rho) for rho in (1e-3, 1))
    assert short.vanished > 0.5 > long.vanished
    assert long.seen_cosine > 0.999
    assert long.seen_norm == pytest.approx(1, rel=1e-2)  # bfloat16's spacing is 2^-8 of a weight
    assert short.seen_cosine < 0.9


def test_in_float32_nothing_is_lost(small):
    found = audit_perturbation(small.apply, small.params, small.stats, small.batches, 0.05, dtype=jnp.float32)
    # w + eps is rounded to float32 once, entries of eps are 1e-2
    assert found.seen_norm == pytest.approx(0.05, rel=1e-4)
    assert found.seen_cosine == pytest.approx(1, abs=1e-6)
    assert found.rise == pytest.approx(found.seen_rise, abs=1e-6)
    assert found.vanished < 0.05  # entries of eps below 2^-24 of their weight


def test_without_radius_or_batch_there_is_nothing_to_audit(small):
    for rho, batches in ((0.0, small.batches), (0.1, [])):
        with pytest.raises(ValueError, match="give rho > 0 and a batch"):
            audit_perturbation(small.apply, small.params, small.stats, batches, rho)
