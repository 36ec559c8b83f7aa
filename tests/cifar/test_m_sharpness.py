"""m-sharpness: one ascent is SAM's perturbation, a quadratic's maximum is known, the ball is never left."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.flatten_util import ravel_pytree

from samscape.cifar.m_sharpness import ascent, m_sharpness
from samscape.cifar.measured_loss import MeasuredLoss, cut
from samscape.dynamics.methods import make_rule
from samscape.dynamics.objective import Batches, Objective
from samscape.dynamics.tree import zeros_like


def test_one_full_ascent_is_the_perturbation_of_sam(small):
    loss, batch, rho = MeasuredLoss(small.apply), small.batches[0], 0.07
    found = ascent(loss, small.params, small.stats, batch, zeros_like(small.params), jnp.float32(rho), jnp.float32(1))
    rule = make_rule("sam", 0.1, rho=rho)
    objective = Objective(lambda w, b: loss.mean(w, small.stats, b))
    step = rule.step(objective, small.params, rule.init(small.params), Batches(batch))
    expected = jax.tree.map(lambda a, w: a - w, step.w_adv, small.params)
    # w + eps - w in float32, with weights of modulus up to 2: 2^-23 times that
    np.testing.assert_allclose(ravel_pytree(found[1])[0], ravel_pytree(expected)[0], rtol=0, atol=3e-7)
    assert {x.dtype for x in jax.tree.leaves(found[1])} == {jnp.dtype(jnp.float32)}
    once = m_sharpness(loss, small.params, small.stats, [batch], rho, steps=1, length=1.0)
    rise = loss.mean(step.w_adv, small.stats, batch) - loss.mean(small.params, small.stats, batch)
    # differences of losses near 1 in float32
    assert once.value == pytest.approx(float(rise), abs=1e-6)


def test_on_a_quadratic_the_ascent_finds_the_maximum_on_the_sphere():
    a, w, rho = np.array([1.0, 4.0, 9.0]), np.array([0.3, -0.2, 0.4]), 0.25

    def apply(params, stats, x, *, train):
        return jnp.asarray(np.sqrt(a), jnp.float32)[None] * params["w"][None], stats

    batch = (jnp.zeros((1, 1), jnp.float32), jnp.full(1, -1, jnp.int32))
    found = m_sharpness(
        MeasuredLoss(apply, "running", "squared"), {"w": jnp.asarray(w, jnp.float32)}, {}, [batch], rho, steps=200
    )
    # the maximum by its own equation: (nu - A) delta = A w with ||delta|| = rho, nu above the largest eigenvalue
    low, nu, high = a[-1], a[-1], a[-1] + np.linalg.norm(a * w) / rho + 1
    for _ in range(100):
        nu = (low + high) / 2
        low, high = (nu, high) if np.linalg.norm(a * w / (nu - a)) > rho else (low, nu)
    delta = a * w / (nu - a)
    expected = (a * (w + delta) ** 2).sum() / 2 - (a * w**2).sum() / 2
    # steps of a tenth of rho circle the maximum at an angle below 1e-2, whose square enters; float32
    assert found.best == pytest.approx(expected, rel=1e-3)
    assert found.value <= found.best


def test_displacements_stay_in_the_ball_and_rises_grow_with_it(small):
    loss = MeasuredLoss(small.apply, "running")
    delta, rho = zeros_like(small.params), jnp.float32(0.1)
    for _ in range(30):
        _, delta = ascent(loss, small.params, small.stats, small.batches[0], delta, rho, jnp.float32(0.3))
        # float32's rounding of the projection
        assert np.linalg.norm(ravel_pytree(delta)[0]) <= 0.1 * (1 + 1e-6)
    rises = [m_sharpness(loss, small.params, small.stats, small.batches, r, steps=20).value for r in (0.02, 0.05, 0.1)]
    assert 0 < rises[0] < rises[1] < rises[2]


def test_smaller_batches_rise_more_and_many_ascents_more_than_one(small):
    loss = MeasuredLoss(small.apply, "running")  # without batch statistics the loss of a group is its own
    value = {
        m: m_sharpness(loss, small.params, small.stats, cut(small.images, small.labels, m), 0.1, steps=15)
        for m in (4, 24)
    }
    assert value[4].value > value[24].value
    assert value[4].rises.shape == (6,)
    assert value[4].value == pytest.approx(value[4].rises.mean())
    one = m_sharpness(loss, small.params, small.stats, cut(small.images, small.labels, 24), 0.1, steps=1, length=1.0)
    assert value[24].best >= one.value


def test_radius_zero_raises_nothing(small):
    loss = MeasuredLoss(small.apply)
    assert m_sharpness(loss, small.params, small.stats, small.batches[:1], 0.0, steps=3).value == 0


@pytest.mark.parametrize("numbers", [{"rho": -1.0}, {"rho": 0.1, "steps": 0}, {"rho": 0.1, "length": 0.0}])
def test_numbers_out_of_range_are_refused(small, numbers):
    with pytest.raises(ValueError, match="m_sharpness: rho"):
        m_sharpness(MeasuredLoss(small.apply), small.params, small.stats, small.batches, **numbers)
