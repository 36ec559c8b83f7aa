"""Rules composed: on trees of parameters, one after another, from parts of one's own, with bases of optax."""

import functools
from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from jax.flatten_util import ravel_pytree
from problems import LUCCHI, STARTS, Quartics

from samscape.dynamics.base import SGD
from samscape.dynamics.correction import UseSecond
from samscape.dynamics.description import describe
from samscape.dynamics.methods import METHODS, make_rule
from samscape.dynamics.objective import Batches, Objective, objective_of
from samscape.dynamics.perturbation import Point, RandomDirection, RandomSubset, Unnormalised
from samscape.dynamics.policy import Constant, Varying
from samscape.dynamics.rule import Rule
from samscape.dynamics.switch import switch
from samscape.dynamics.tree import dot, norm_dtype, squared_norm

KEY = jax.random.key(11)


OBJECTIVE = objective_of(LUCCHI)


@functools.partial(jax.jit, static_argnums=(1, 3))
def walk(rule, objective, params, steps, batches=Batches(), first=0, state=None):
    """(params, state, diagnostics of every step) after `steps` steps with keys first, first + 1, ..."""
    state = rule.init(params) if state is None else state

    def one(carry, t):
        step = rule.step(objective, *carry, batches, jax.random.fold_in(KEY, t))
        return (step.params, step.state), step.diagnostics

    (params, state), seen = jax.lax.scan(one, (params, state), first + jnp.arange(steps))
    return params, state, seen


# Parameter trees


def network(dtypes):
    """A two-layer network on four points, its parameters as a nested dictionary, and its loss."""
    rng = np.random.default_rng(5)
    x, y = jnp.asarray(rng.normal(size=(4, 3))), jnp.asarray(rng.normal(size=4))

    def draw(*shape):
        return jnp.asarray(rng.normal(size=shape) / 2)

    params = {"hidden": {"kernel": draw(3, 4), "bias": draw(4)}, "out": (draw(4), draw())}
    params = jax.tree.map(lambda a, t: a.astype(t), params, dtypes)

    def losses(p, batch):
        hidden = jnp.tanh(x[batch] @ p["hidden"]["kernel"].astype(x.dtype) + p["hidden"]["bias"])
        return (hidden @ p["out"][0].astype(x.dtype) + p["out"][1] - y[batch]) ** 2

    return params, Objective(lambda p, batch: jnp.mean(losses(p, batch)), losses=losses)


F64 = {"hidden": {"kernel": jnp.float64, "bias": jnp.float64}, "out": (jnp.float64, jnp.float64)}
MIXED = {"hidden": {"kernel": jnp.bfloat16, "bias": jnp.float32}, "out": (jnp.bfloat16, jnp.float32)}


@pytest.mark.parametrize("method", ["stable_sam", "asam", "m_sam", "random", "esam", "look_sam", "gsam"])
def test_rule_on_a_network_is_the_rule_on_its_flat_parameters(method):
    params, objective = network(F64)
    flat, unravel = ravel_pytree(params)
    on_flat = Objective(
        lambda w, b: objective.loss(unravel(w), b), losses=lambda w, b: objective.example_losses(unravel(w), b)
    )
    batches = Batches(jnp.arange(4), jnp.asarray([1, 3]))
    rule = make_rule(method, 0.1)
    ours, _, seen = walk(rule, objective, params, 4, batches)
    theirs, _, expected = walk(rule, on_flat, flat, 4, batches)
    # round-off of sums taken in another order, over four steps
    np.testing.assert_allclose(ravel_pytree(ours)[0], theirs, rtol=1e-10, atol=1e-12)
    for a, b in zip(seen, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_mixed_precision_tree_keeps_the_dtype_of_every_leaf(method):
    params, objective = network(MIXED)
    rule = make_rule(method, 0.1, base="heavy_ball")
    step = jax.eval_shape(
        lambda p: rule.step(objective, p, rule.init(p), Batches(jnp.arange(4), jnp.arange(4)), KEY), params
    )
    for tree in (step.params, step.w_adv):
        assert jax.tree.map(lambda a: a.dtype, tree) == jax.tree.map(jnp.dtype, MIXED)
    assert step.diagnostics.gradient_norm.dtype == jnp.float32


def test_norms_of_bfloat16_trees_are_summed_in_float32():
    ones = {"a": jnp.ones(3000, jnp.bfloat16), "b": jnp.ones((), jnp.bfloat16)}
    assert squared_norm(ones) == 3001  # in bfloat16 the sum would stop at 256
    assert norm_dtype(ones) == jnp.float32
    assert dot({"a": jnp.ones(2, jnp.bfloat16)}, {"a": jnp.ones(2)}).dtype == jnp.float64


def test_perturbation_of_a_bfloat16_tree_has_length_rho():
    params = {"a": jnp.zeros(3000, jnp.bfloat16)}
    gradient = {"a": jnp.full(3000, 0.01, jnp.bfloat16)}
    rule = make_rule("sam", 0.1, rho=0.5)
    displacement = rule.perturbation(Point(params, gradient, None, lambda w: w))
    length = np.linalg.norm(np.asarray(displacement["a"], np.float64))
    assert abs(length / 0.5 - 1) < 2**-8  # one rounding of bfloat16, the same for every entry


# Random perturbations


def draws(perturbation, gradient, count=4000):
    keys = jax.random.split(KEY, count)
    return np.asarray(jax.vmap(lambda k: perturbation(Point(jnp.zeros_like(gradient), gradient, k, lambda w: w)))(keys))


def test_random_direction_is_uniform_on_the_sphere():
    u = draws(RandomDirection(2.0), jnp.zeros(3))
    np.testing.assert_allclose(np.linalg.norm(u, axis=1), 2.0, rtol=1e-14)  # a few roundings
    # each coordinate is uniform on [-2, 2] in three dimensions (Archimedes): mean 0, variance 4/3; five standard errors
    assert (np.abs(u.mean(axis=0)) < 5 * np.sqrt(4 / 3 / len(u))).all()
    assert (np.abs((u**2).mean(axis=0) - 4 / 3) < 5 * np.sqrt(np.var(u**2, axis=0) / len(u))).all()


def test_random_subset_perturbs_as_sam_does_on_average():
    gradient = jnp.asarray([3.0, -4.0])
    kept = draws(RandomSubset(0.5, 0.3), gradient)
    expected = np.array([0.3, -0.4])
    np.testing.assert_allclose(kept[kept != 0], (np.sign(kept) * np.abs(expected) / 0.3)[kept != 0], rtol=1e-14)
    assert (np.abs(kept.mean(axis=0) - expected) < 5 * kept.std(axis=0) / np.sqrt(len(kept))).all()  # 5 standard errors


def test_ss_sam_perturbs_a_share_p_of_the_steps():
    rule = make_rule("ss_sam", 0.01, p=0.3)
    _, _, seen = walk(rule, OBJECTIVE, jnp.asarray(STARTS["lucchi"]), 3000)
    assert abs(np.mean(seen.perturbed) - 0.3) < 5 * np.sqrt(0.3 * 0.7 / 3000)  # five standard errors
    np.testing.assert_array_equal(seen.evaluations, 1 + seen.perturbed)


# What a step reports

MEAN = Objective(lambda w, batch: jnp.sum(w**2) * jnp.mean(batch))


def test_stable_sam_step_is_as_long_as_gradient_descent_s():
    starts = jnp.asarray(np.random.default_rng(0).uniform(-2, 2, (50, 2)))
    lengths = [
        np.linalg.norm(jax.vmap(lambda w, rule=rule: walk(rule, OBJECTIVE, w, 1)[0])(starts) - starts, axis=1)
        for rule in (make_rule("gd", 0.1), make_rule("stable_sam", 0.1, rho=0.5))
    ]
    np.testing.assert_allclose(*lengths, rtol=1e-13)  # a few roundings, and one of w + step


@pytest.mark.parametrize(
    ("method", "expected"),
    [("gd", 1), ("random", 1), ("sam", 2), ("stable_sam", 2), ("n_sam", 2), ("m_sam", 2), ("gsam", 2)],
)
def test_evaluations_count_the_gradients_that_a_method_needs(method, expected):
    _, _, seen = walk(make_rule(method, 0.1), MEAN, jnp.ones(2), 1, Batches(jnp.arange(4.0), jnp.arange(4.0)))
    assert seen.evaluations == expected


def test_renormalising_on_another_batch_needs_a_third_gradient():
    rule = make_rule("stable_sam", 0.1)
    apart = Rule(rule.policy, rule.perturbation, rule.correction, rule.base, "apart", inner="independent")
    _, _, seen = walk(apart, MEAN, jnp.ones(2), 1, Batches(jnp.arange(4.0), jnp.arange(2.0)))
    assert seen.evaluations == 3


# One rule after another


@pytest.mark.parametrize("at", [0, 3, 8])
@pytest.mark.parametrize("names", [("gd", "sam"), ("look_sam", "ss_sam")])
def test_switch_is_the_first_run_and_then_the_second(names, at):
    first, second = (make_rule(name, 0.1, base="heavy_ball") for name in names)
    w = jnp.asarray(STARTS["lucchi"])
    ours, _, _ = walk(switch(first, second, at), OBJECTIVE, w, 8)
    middle, _, _ = walk(first, OBJECTIVE, w, at)
    theirs, _, _ = walk(second, OBJECTIVE, middle, 8 - at, first=at)
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)  # round-off: the same steps compiled in another loop


def test_switch_can_keep_the_momentum():
    first, second = make_rule("gd", 0.1, base="heavy_ball"), make_rule("sam", 0.1, base="heavy_ball")
    w = jnp.asarray(STARTS["lucchi"])
    ours, _, _ = walk(switch(first, second, 5, "keep"), OBJECTIVE, w, 8)
    middle, state, _ = walk(first, OBJECTIVE, w, 5)
    handed = second.init(middle)._replace(base=state.base)
    theirs, _, _ = walk(second, OBJECTIVE, middle, 3, state=handed)
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)  # round-off, as above
    reset, _, _ = walk(switch(first, second, 5), OBJECTIVE, w, 8)
    assert not np.allclose(ours, reset)


def test_switch_point_may_differ_along_a_vmap():
    rule = switch(make_rule("gd", 0.1), make_rule("sam", 0.1), 0)
    w = jnp.asarray(STARTS["lucchi"])
    rules = jax.tree.map(lambda x: jnp.broadcast_to(jnp.asarray(x), (3,)), rule)
    ats = jnp.asarray([0, 2, 5])
    rules = switch(rules.first, rules.second, ats)
    together = jax.vmap(lambda r: walk(r, OBJECTIVE, w, 5)[0])(rules)
    for at, ours in zip(ats, together, strict=True):
        alone, _, _ = walk(switch(rule.first, rule.second, at), OBJECTIVE, w, 5)
        np.testing.assert_allclose(ours, alone, rtol=1e-12)  # round-off


def test_switches_chain():
    rules = [make_rule(name, 0.1) for name in ("gd", "sam", "usam")]
    w = jnp.asarray(STARTS["lucchi"])
    ours, _, seen = walk(switch(switch(rules[0], rules[1], 2), rules[2], 4), OBJECTIVE, w, 6)
    theirs = w
    for rule in rules:
        theirs, _, _ = walk(rule, OBJECTIVE, theirs, 2)
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)  # round-off
    np.testing.assert_array_equal(seen.perturbed, [False, False, True, True, True, True])


def test_switch_refuses_what_cannot_be_handed_over():
    gd, sam = make_rule("gd", 0.1), make_rule("sam", 0.1, base="heavy_ball")
    with pytest.raises(ValueError, match="the two bases differ"):
        switch(gd, sam, 3, "keep").init(jnp.zeros(2))
    with pytest.raises(ValueError, match="'reset' or 'keep', got 'hold'"):
        switch(gd, sam, 3, "hold")
    with pytest.raises(ValueError, match="at = -1 is negative"):
        switch(gd, sam, -1)
    with pytest.raises(ValueError, match="two plain rules"):
        switch(switch(gd, gd, 1), gd, 2, "keep")
    with pytest.raises(ValueError, match="different batches"):
        switch(make_rule("n_sam", 0.1), make_rule("n_sam", 0.1, inner="full"), 3)


# Parts of one's own, and bases of optax


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class TwoAscents:
    """w_adv = v + rho grad(v), v = w + rho grad(w): two steps uphill."""

    rho: Any
    stochastic: ClassVar[bool] = False
    needs_gradient: ClassVar[bool] = True
    smooth: ClassVar[bool] = True

    def __call__(self, point):
        first = self.rho * point.gradient
        return first + self.rho * point.gradient_at(point.params + first)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class WhileHigh(Varying):
    """Perturb while the gradient is longer than a bound; remember how often."""

    bound: Any
    stochastic: ClassVar[bool] = False
    needs_gradient: ClassVar[bool] = True

    def init(self, dtype):
        return jnp.zeros((), jnp.int32)

    def decide(self, state, squared_norm, key):
        flag = squared_norm > self.bound**2
        return flag, state + flag.astype(jnp.int32)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Signs:
    """Descend along the signs of g_adv."""

    needs_gradient: ClassVar[bool] = False
    smooth: ClassVar[bool] = False

    def init(self, params):
        return ()

    def __call__(self, state, ascent):
        return jax.tree.map(jnp.sign, ascent.gradient_adv), state


def test_rule_from_parts_of_one_s_own():
    rule = Rule(WhileHigh(0.5), TwoAscents(0.2), Signs(), SGD(0.05), name="mine")
    w = np.array(STARTS["lucchi"])
    ours, state, _ = walk(rule, OBJECTIVE, jnp.asarray(w), 20)
    count = 0
    for _ in range(20):

        def gradient(v):
            return np.array([v[0] ** 3 - v[1], v[1] - v[0]])

        at = w
        if np.linalg.norm(gradient(w)) > 0.5:
            count += 1
            at = w + 0.2 * gradient(w)
            at = at + 0.2 * gradient(at)
        w = w - 0.05 * np.sign(gradient(at))
    assert 0 < count < 20
    assert state.policy == count
    np.testing.assert_allclose(ours, w, rtol=1e-13)  # twenty roundings


BASES = {
    "adamw": lambda: optax.adamw(0.05, weight_decay=0.1),
    "clipped": lambda: optax.chain(optax.clip_by_global_norm(0.5), optax.sgd(0.1)),
    "scheduled": lambda: optax.sgd(optax.exponential_decay(0.2, 5, 0.5), momentum=0.8),
}


@pytest.mark.parametrize("name", BASES)
def test_any_optax_transformation_is_a_base(name):
    base = BASES[name]()
    w = jnp.asarray(STARTS["lucchi"])
    ours, _, _ = walk(make_rule("sam", base=base, rho=0.1), OBJECTIVE, w, 10)
    state, gradient = base.init(w), jax.grad(LUCCHI.value)
    for _ in range(10):
        g = gradient(w)
        updates, state = base.update(gradient(w + 0.1 * g / jnp.linalg.norm(g)), state, w)
        w = optax.apply_updates(w, updates)
    # ten steps' round-off, of optax's schedules in float32
    np.testing.assert_allclose(ours, np.asarray(w), rtol=1e-6 if name == "scheduled" else 1e-11)


@pytest.mark.parametrize("name", BASES)
def test_optax_base_keeps_float32(name):
    rule = make_rule("sam", base=BASES[name]())
    w = jnp.ones(2, jnp.float32)
    before = rule.init(w)
    step = jax.eval_shape(lambda w, s: rule.step(OBJECTIVE, w, s), w, before)
    assert step.params.dtype == jnp.float32
    assert [x.dtype for x in jax.tree.leaves(step.state)] == [x.dtype for x in jax.tree.leaves(before)]


def test_description_holds_every_number_and_absence():
    described = describe(make_rule("sam", 0.1, rho=0.2, base="nesterov"))
    assert described["name"] == "sam"
    assert described["perturbation"] == {"kind": "Normalised", "rho": 0.2, "epsilon": None}
    assert described["base"]["numbers"] == {"learning_rate": 0.1, "momentum": 0.9}
    assert described["base"]["factory"].startswith("optax")
    many = describe(make_rule("usam", np.linspace(0.1, 1.0, 50), rho=[0.1, 0.2]))
    assert many["base"]["eta"] == {"shape": [50], "smallest": 0.1, "largest": 1.0}
    assert many["perturbation"]["rho"] == [0.1, 0.2]
    switched = describe(switch(make_rule("gd", 0.1), make_rule("sam", base=optax.sgd(0.1)), 7))
    assert switched["at"] == 7
    assert switched["second"]["base"] == {"kind": "Transformation", "label": "optax"}


# Bad input


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: make_rule("stabelsam", 0.1), "did you mean 'stablesam'"),
        (lambda: make_rule("sam"), "eta is missing"),
        (lambda: make_rule("sam", -0.1), "eta = -0.1 is out of range; step size: a number > 0"),
        (lambda: make_rule("sam", 0.0), "eta = 0.0 is out of range"),
        (lambda: make_rule("sam", 0.1, rho=[0.1, -2.0]), "rho = -2.0 is out of range"),
        (lambda: make_rule("sam", 0.1, rho=float("nan")), "rho = nan is out of range"),
        (lambda: make_rule("sam", 0.1, rho="large"), "rho = 'large' is not a number"),
        (lambda: make_rule("sam", 0.1, k=3), "sam takes no k; it takes eta, rho, epsilon"),
        (
            lambda: make_rule("look_sam", 0.1, k=2.5),
            "k = 2.5 is out of range; period of perturbed steps",
        ),
        (lambda: make_rule("m_sam", 0.1, m=[1, 2]), "m decides the shape of arrays, got 2 values"),
        (lambda: make_rule("ss_sam", 0.1, p=1.5), "p = 1.5 is out of range"),
        (lambda: make_rule("n_sam", 0.1, inner="other"), "inner is one of 'independent', 'previous', 'full'"),
        (lambda: make_rule("sam", 0.1, base="adagrad"), "unknown base optimiser 'adagrad'; choose from sgd"),
        (lambda: make_rule("sam", 0.1, base=optax.sgd(0.1)), "brings its own step size; leave out eta"),
        (
            lambda: Rule(Constant(), Unnormalised(0.1), UseSecond(), SGD(0.1), "mine", group=2, inner="full"),
            "drop group",
        ),
    ],
)
def test_bad_numbers_are_refused_with_value_and_remedy(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_missing_key_batch_or_divisor_is_refused():
    w = jnp.zeros(2)
    rule = make_rule("ss_sam", 0.1)
    with pytest.raises(ValueError, match="ss_sam draws random numbers: pass key"):
        rule.step(OBJECTIVE, w, rule.init(w))
    rule = make_rule("n_sam", 0.1)
    quartics = Quartics(jnp.ones((4, 2)), jnp.ones(4))
    with pytest.raises(ValueError, match="n_sam perturbs on another batch"):
        rule.step(objective_of(quartics), w, rule.init(w), Batches(jnp.arange(2)))
    rule = make_rule("m_sam", 0.1, m=3)
    with pytest.raises(ValueError, match="m = 3 does not divide 4"):
        rule.step(objective_of(quartics), w, rule.init(w), Batches(jnp.arange(4)))
