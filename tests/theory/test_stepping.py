"""The rules in any arithmetic are the package's rules, and the losses' gradients are their derivatives."""

from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from samscape.theory import stepping
from samscape.theory.arithmetic import ball_arithmetic, float_arithmetic, rational_arithmetic
from samscape.theory.checks.enumeration import batches, expected, histories
from samscape.theory.losses import Bent, Mean, Quadratic

M = float_arithmetic()
H, W, ETA, RHO = (2.0, 0.5), (1.5, -0.75), 0.3, 0.2


def loss(w, batch=None):
    return jnp.sum(jnp.array(H) * w * w) / 2


STEPS = {
    "gd": lambda w, g: stepping.gd(w, g, ETA),
    "usam": lambda w, g: stepping.usam(w, g, ETA, RHO),
    "sam": lambda w, g: stepping.sam(w, g, ETA, RHO, M),
    "stable_sam": lambda w, g: stepping.stable_sam(w, g, ETA, RHO, M),
}


@pytest.mark.parametrize("method", STEPS)
def test_five_steps_are_those_of_the_packages_rule(method):
    quadratic, w = Quadratic(H), W
    for _ in range(5):
        w = STEPS[method](w, quadratic.gradient)
    numbers = {} if method == "gd" else {"rho": RHO}
    path = stepping.replay(method, loss, W, ETA, [(None, None)] * 5, **numbers)
    assert path.shape == (6, 2)
    # five steps of some ten operations each, all numbers of order 1: 50 roundings of 1e-16
    np.testing.assert_allclose(path[-1], np.array(w, float), rtol=0, atol=1e-14)


def test_an_inner_batch_of_its_own_is_the_packages_independent_sam():
    centres = jnp.array([[1.0], [-2.0], [0.5]])

    def sampled(w, batch):
        return jnp.mean(jnp.sum((w - centres[batch]) ** 2, axis=-1)) / 2

    parts = [Quadratic((1.0,), (float(c[0]),)) for c in centres]
    history = [((0,), (1,)), ((2,), (0,))]
    w = (0.25,)
    for outer, inner in history:
        w = stepping.usam(w, Mean(parts).part(outer).gradient, ETA, RHO, Mean(parts).part(inner).gradient)
    arrays = [(jnp.array(outer), jnp.array(inner)) for outer, inner in history]
    path = stepping.replay("n_sam", sampled, (0.25,), ETA, arrays, rho=RHO)
    # two steps of a few operations on numbers of order 1
    assert path[-1, 0] == pytest.approx(float(w[0]), abs=1e-14)


@pytest.mark.parametrize("x", [-3.0, -0.5, 0.0, 0.2, 2.0])
def test_a_bent_loss_has_the_gradient_that_jax_finds_and_the_curvatures_it_is_given(x):
    bent = Bent(3.0, 0.5, 1.0, 0.25, M, tilt=0.1)
    slope = jax.grad(lambda t: bent.value((t,)))(x)
    # the same few products either way
    assert float(slope) == pytest.approx(float(bent.gradient((jnp.asarray(x),))[0]), abs=1e-14)
    curvature = jax.grad(lambda t: bent.gradient((t,))[0])(x)
    assert float(curvature) == (3.0 if -1 < x < 0.25 else 0.5)


def test_rationals_and_balls_step_the_same_numbers():
    q, b = rational_arithmetic(), ball_arithmetic()
    exact = stepping.usam((q.number("3/2"),), Quadratic((q.number(2),)).gradient, q.number("1/10"), q.number("1/5"))
    # w(1 - eta h (1 + rho h)) by hand
    assert exact[0] == q.number(Fraction(3, 2) * (1 - Fraction(1, 10) * 2 * (1 + Fraction(2, 5))))
    ball = stepping.sam(
        (b.number(1), b.number(2)), Quadratic((b.number(1), b.number(3))).gradient, 1, b.number("1/7"), b
    )
    plain = stepping.sam((1.0, 2.0), Quadratic((1.0, 3.0)).gradient, 1.0, 1 / 7, M)
    assert all(abs(float(x) - float(y)) < 1e-15 * 40 for x, y in zip(ball, plain))  # some 40 roundings of order 1


def test_histories_are_all_and_equally_likely():
    assert batches(3, 2) == ((0, 1), (0, 2), (1, 2))
    assert len(batches(3, 2, replacement=True)) == 9
    assert len(list(histories(3, 2, 2))) == 9
    assert len(list(histories(3, 2, 2, inner="independent"))) == 81
    with pytest.raises(ValueError, match="choose 1 <= size <= 3"):
        batches(3, 4)
    with pytest.raises(ValueError, match="take fewer steps"):
        list(histories(4, 1, 7))


def test_the_expected_step_of_sgd_is_that_of_gradient_descent():
    q = rational_arithmetic()
    parts = Mean([Quadratic((q.number(1),), (q.number(c),)) for c in (0, 1, 5)])
    mean = expected(
        lambda history: {"w": stepping.gd((q.number(4),), parts.part(history[0][0]).gradient, q.number("1/3"))[0]},
        histories(3, 2, 1),
    )
    assert mean["w"] == stepping.gd((q.number(4),), parts.gradient, q.number("1/3"))[0]
