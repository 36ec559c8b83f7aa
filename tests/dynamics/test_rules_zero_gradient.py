"""What rules do where gradients vanish: no step, no NaN, no hidden epsilon, and finite derivatives."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from problems import LUCCHI, NUMPY, QUARTICS, SADDLE

from samscape.dynamics.correction import Ascent, DecomposeAndReuse, Renormalise, SurrogateGap
from samscape.dynamics.methods import METHODS, make_rule
from samscape.dynamics.objective import Batches, Objective, objective_of
from samscape.dynamics.perturbation import Normalised, Point

KEY = jax.random.key(1)
CRITICAL = np.array([[0.0, 0.0], [1.0, 1.0]])  # Lucchi's saddle and one of its minima
BY_EXAMPLE = ("m_sam", "one_sam")


def rule_without_examples(method, **numbers):
    return make_rule(method, 0.1, **({"selected": None} if method == "esam" else {}), **numbers)


@jax.jit
def steps_at_critical_points(rule):
    """One step from each, and its derivative by w."""

    def step(w):
        return rule.step(objective_of(LUCCHI), w, rule.init(w), key=KEY)

    return jax.vmap(step)(CRITICAL), jax.vmap(jax.jacfwd(lambda w: step(w).params))(CRITICAL)


@pytest.mark.parametrize("method", [m for m in METHODS if m not in BY_EXAMPLE])
def test_rule_rests_at_a_critical_point_and_has_finite_derivatives_there(method):
    step, derivative = steps_at_critical_points(rule_without_examples(method))
    assert np.isfinite(derivative).all()
    assert all(np.isfinite(x).all() for x in jax.tree.leaves((step.state, step.diagnostics)))
    if method != "random":
        np.testing.assert_array_equal(step.params, CRITICAL)
        np.testing.assert_array_equal(step.w_adv, CRITICAL)
        np.testing.assert_array_equal(step.diagnostics.gradient_adv_norm, 0)


@pytest.mark.parametrize("method", ["m_sam", "one_sam", "esam"])
def test_rule_by_example_rests_where_every_example_has_zero_gradient(method):
    flat = Objective(lambda w, batch: jnp.sum(w**2) * jnp.mean(batch))
    w = jnp.zeros(3)
    rule = make_rule(method, 0.1)
    step = jax.jit(lambda w: rule.step(flat, w, rule.init(w), Batches(jnp.arange(1.0, 5.0)), KEY))(w)
    np.testing.assert_array_equal(step.params, w)


def test_random_perturbation_leaves_a_critical_point_by_its_own_radius():
    rule = make_rule("random", 0.1, rho=0.2)
    w = jnp.zeros(2)
    step = rule.step(objective_of(LUCCHI), w, rule.init(w), key=KEY)
    # a few roundings of a norm
    np.testing.assert_allclose(np.linalg.norm(step.w_adv), 0.2, rtol=1e-14)


@pytest.mark.parametrize("scale", [1e-3, 1e-30, 1e-150])
def test_perturbation_has_length_rho_however_small_the_gradient(scale):
    gradient = jnp.asarray([3.0, -4.0]) * scale
    displacement = Normalised(0.1)(Point(jnp.zeros(2), gradient, None, lambda w: w))
    # exact but for a few roundings: no epsilon is hidden in the norm
    np.testing.assert_allclose(displacement, [0.06, -0.08], rtol=1e-15 * 8)


def test_epsilon_shortens_the_perturbation_as_stated():
    gradient = jnp.asarray([3.0, -4.0]) * 1e-3
    displacement = Normalised(0.1, 1e-3)(Point(jnp.zeros(2), gradient, None, lambda w: w))
    np.testing.assert_allclose(displacement, np.array([0.06, -0.08]) * 5 / 6, rtol=1e-14)  # a few roundings


def at(gradient, gradient_adv, perturbed=True):
    zeros = jnp.zeros(len(gradient))
    return Ascent(zeros, jnp.asarray(gradient), zeros, jnp.asarray(gradient_adv), perturbed)


def test_second_gradient_of_zero_gives_no_renormalised_step():
    direction, _ = Renormalise()((), at([1.0, 2.0], [0.0, 0.0]))
    np.testing.assert_array_equal(direction, [0, 0])


def test_look_sam_without_a_past_perturbed_step_is_gradient_descent():
    look = DecomposeAndReuse(0.7)
    gradient = jnp.asarray([1.0, 2.0])
    direction, _ = look(look.init(gradient), at(gradient, gradient, False))
    np.testing.assert_array_equal(direction, gradient)


def test_look_sam_in_one_dimension_has_no_orthogonal_part():
    look = DecomposeAndReuse(0.7)
    rng = np.random.default_rng(0)
    for g, g_adv in rng.normal(size=(50, 2)):
        _, kept = look(jnp.zeros(1), at([g], [g_adv]))
        np.testing.assert_array_equal(kept, [0])


def test_look_sam_keeps_what_is_orthogonal_to_the_gradient():
    look = DecomposeAndReuse(0.7)
    _, kept = look(jnp.zeros(2), at([2.0, 0.0], [3.0, 1e-9]))
    np.testing.assert_allclose(kept, [0, 1e-9], atol=1e-24)  # the part along g cancels to a rounding of a rounding


def test_gsam_with_second_gradient_of_zero_subtracts_the_whole_gradient():
    direction, _ = SurrogateGap(0.4)((), at([1.0, 2.0], [0.0, 0.0]))
    np.testing.assert_allclose(direction, [-0.4, -0.8], rtol=1e-15)  # one rounding


@pytest.mark.parametrize(
    ("method", "numbers", "expected"),
    [
        ("gd", {}, lambda h: np.eye(2) - 0.1 * h),
        ("usam", {"rho": 0.3}, lambda h: np.eye(2) - 0.1 * h @ (np.eye(2) + 0.3 * h)),
        ("sam", {"rho": 0.3, "epsilon": 0.5}, lambda h: np.eye(2) - 0.1 * h @ (np.eye(2) + 0.6 * h)),
    ],
)
def test_derivative_of_a_step_is_that_of_the_map(method, numbers, expected):
    _, found = steps_at_critical_points(make_rule(method, 0.1, **numbers))
    for derivative, start in zip(found, CRITICAL, strict=True):
        wanted = expected(NUMPY["lucchi"].hessian(start))
        np.testing.assert_allclose(derivative, wanted, rtol=1e-13, atol=1e-14)  # a few roundings


def test_heavy_ball_has_the_textbook_jacobian():
    rule, w = make_rule("gd", 0.1, base="heavy_ball"), jnp.ones(2)
    state = rule.init(w)
    leaves, structure = jax.tree.flatten(state)

    def extended(z):
        old = jax.tree.unflatten(structure, [z[2:]])
        step = rule.step(objective_of(LUCCHI), z[:2], old)
        return jnp.concatenate([step.params, *jax.tree.leaves(step.state)])

    assert len(leaves) == 1
    h, one = NUMPY["lucchi"].hessian(np.ones(2)), np.eye(2)
    expected = np.block([[one - 0.1 * h, -0.09 * one], [h, 0.9 * one]])
    found = jax.jit(jax.jacfwd(extended))(jnp.r_[w, jnp.zeros(2)])
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-14)  # a few roundings


def test_only_differentiable_steps_say_that_they_are_smooth():
    smooth = {m for m in METHODS if make_rule(m, 0.1).smooth}
    assert smooth == {"gd", "usam", "n_sam", "one_sam", "usam_independent", "random"}


@pytest.mark.parametrize("method", ["stable_asam", "look_sam", "gsam", "ss_sam"])
def test_reverse_derivative_has_no_nan_from_the_branch_not_taken(method):
    rule = rule_without_examples(method)
    starts = jnp.asarray([[0.0, 0.0, 0.0], [0.5, -0.3, 0.8]])

    def total(w):
        return jnp.sum(jax.vmap(lambda v: rule.step(objective_of(SADDLE), v, rule.init(v), key=KEY).params)(w))

    assert np.isfinite(jax.jit(jax.grad(total))(starts)).all()


def test_nan_in_the_gradient_shows():
    broken = Objective(lambda w, batch: jnp.sum(jnp.sqrt(w)))
    for method in ("sam", "stable_sam", "look_sam", "ae_sam"):
        rule = make_rule(method, 0.1)
        w = jnp.asarray([-1.0, 1.0])
        step = jax.jit(lambda w, rule=rule: rule.step(broken, w, rule.init(w)))(w)
        assert np.isnan(step.params[0])


def test_one_sam_of_a_deterministic_loss_is_refused():
    rule = make_rule("one_sam", 0.1)
    w = jnp.zeros(3)
    with pytest.raises(ValueError, match="one_sam works example by example"):
        rule.step(objective_of(QUARTICS), w, rule.init(w))
