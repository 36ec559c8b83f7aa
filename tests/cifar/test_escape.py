"""Losses after a switch: trials from one state, the rate of an exponential rise."""

import jax.numpy as jnp
import numpy as np
import pytest

from samscape.cifar.escape import follow, rise_of
from samscape.dynamics.methods import make_rule
from samscape.dynamics.objective import Objective


def test_every_trial_starts_at_the_switch_and_takes_its_own_batches():
    seen = []

    def step(state, trial, t):
        seen.append((trial, t))
        return state + (trial + 1) * (t + 1)

    found = follow(10, step, {"loss": float, "square": lambda s: float(s) ** 2}, steps=4, trials=2, every=2)
    assert seen == [(k, t) for k in range(2) for t in range(4)]
    np.testing.assert_array_equal(found.steps, [0, 2, 4])
    np.testing.assert_array_equal(found.measured["loss"], [[10, 13, 20], [10, 16, 30]])
    np.testing.assert_array_equal(found.measured["square"][:, 0], [100, 100])


def test_gradient_descent_above_the_edge_escapes_a_quadratic_at_its_exact_rate():
    curvature, eta = 3.0, 0.9
    rule, objective = make_rule("gd", eta), Objective(lambda w, batch: jnp.float32(0.5 * curvature) * w**2)

    def step(state, trial, t):
        return rule.step(objective, state, rule.init(state)).params

    found = follow(jnp.float32(1e-3), step, {"loss": lambda w: float(1.5 * w**2)}, steps=8, trials=1)
    rise = rise_of(found.steps, found.measured["loss"].mean(axis=0))
    # L grows by (1 - eta curvature)^2 a step; float32's rounding over eight steps
    assert rise.rate == pytest.approx(2 * np.log(eta * curvature - 1), rel=1e-5)
    assert rise.until == 8
    assert rise.factor == pytest.approx((eta * curvature - 1) ** 16, rel=1e-4)
    assert rise.residual < 1e-5


def test_a_rise_ends_where_the_loss_first_falls():
    losses = np.array([1.0, 2.0, 4.0, 3.0, 9.0])
    rise = rise_of(np.arange(5), losses)
    assert (rise.until, rise.factor) == (2, 4.0)
    assert rise.rate == pytest.approx(np.log(2))
    none = rise_of(np.arange(3), np.array([3.0, 2.0, 1.0]))
    assert (none.rate, none.until, none.factor) == (0.0, 0, 1.0)
    diverged = rise_of(np.arange(4), np.array([1.0, 3.0, np.nan, np.nan]))
    assert diverged.until == 1


def test_a_slow_curve_is_no_exponential_and_its_residual_says_so():
    t = np.arange(40)
    straight, bent = rise_of(t, np.exp(0.1 * t)), rise_of(t, 1 + 0.2 * t**0.5)
    assert straight.residual < 1e-9 < 0.05 < bent.residual


@pytest.mark.parametrize("numbers", [{"steps": 0, "trials": 1}, {"steps": 1, "trials": 0}])
def test_no_steps_or_trials_are_refused(numbers):
    with pytest.raises(ValueError, match="give at least 1"):
        follow(0, lambda s, k, t: s, {}, **numbers)
