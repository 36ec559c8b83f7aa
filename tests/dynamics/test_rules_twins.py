"""Every method against its NumPy twin, and against optax.contrib.sam where they coincide."""

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from numpy_twins import Twin
from problems import LANDSCAPES, NUMPY, STARTS

from samscape.dynamics.methods import METHODS, make_rule
from samscape.dynamics.objective import Batches, objective_of

STEPS = 25
# Round-off of 1e-16 a step, amplified by at most the map's stretch per step: below 2 on these paths, which stay away
# from the points where a normalised perturbation jumps; 2^25 x 1e-16 = 3e-9, and most of it never happens.
TOLERANCE = 1e-9

EPS = {"rho": 0.1, "epsilon": None}
WITH_EPS = {"rho": 0.1, "epsilon": 0.05}
AE = {
    "rho": 0.1,
    "lambda_1": -1.0,
    "lambda_2": 1.0,
    "horizon": 20,
    "delta": 0.9,
    "variance": 1e-10,
    "normalised": False,
}
STABLE = {"clamp": None, "epsilon_adv": None}
CASES = [
    ("gd", {}),
    ("sam", EPS),
    ("sam", WITH_EPS),
    ("usam", {"rho": 0.1, "ball": None}),
    ("usam", {"rho": 0.3, "ball": 0.2}),
    ("stable_sam", {**EPS, **STABLE}),
    ("stable_sam", {**WITH_EPS, "clamp": 1.0, "epsilon_adv": 0.01}),
    ("stable_usam", {"rho": 0.1, **STABLE}),
    ("asam", {**EPS, "floor": 0.0}),
    ("asam", {**WITH_EPS, "floor": 0.01}),
    ("stable_asam", {**EPS, "floor": 0.01, **STABLE, "weighted": False}),
    ("stable_asam", {**EPS, "floor": 0.0, "clamp": None, "epsilon_adv": 1e-12, "weighted": True}),
    ("random", {"rho": 0.1}),
    ("ss_sam", {**EPS, "p": 0.5}),
    ("look_sam", {**EPS, "k": 3, "alpha": 0.7}),
    ("esam", {**EPS, "keep": 0.6, "selected": None}),
    ("ae_sam", AE),
    ("ae_sam", {**AE, "normalised": True}),
    ("ae_look_sam", {**AE, "lambda_1": 0.0, "lambda_2": 0.5, "alpha": 0.6}),
    ("gsam", {**EPS, "alpha": 0.4}),
]
ON_BATCHES = [
    ("n_sam", {"rho": 0.1}),
    ("n_sam", {"rho": 0.1, "inner": "full"}),
    ("usam_independent", {"rho": 0.1}),
    ("m_sam", {**EPS, "m": 2}),
    ("one_sam", {"rho": 0.1}),
    ("esam", {**EPS, "keep": 0.6, "selected": 0.5}),
    ("esam", {**WITH_EPS, "keep": 1.0, "selected": 0.1}),
]


def label(case):
    return "-".join([case[0], *(f"{k}={v}" for k, v in case[1].items() if v not in (None, False))])


def run(rule, landscape, start, outer, inner, key):
    """The rule's path and diagnostics, by a scan over the steps."""
    objective = objective_of(landscape)

    def one(carry, now):
        t, batch, other = now
        step = rule.step(objective, *carry, Batches(batch, other), jax.random.fold_in(key, t))
        return (step.params, step.state), (step.params, step.w_adv, step.diagnostics)

    w = jnp.asarray(start)
    _, (path, w_adv, diagnostics) = jax.lax.scan(one, (w, rule.init(w)), (jnp.arange(STEPS), outer, inner))
    return {"w": path, "w_adv": w_adv, **diagnostics._asdict()}


@functools.partial(jax.jit, static_argnums=(1, 2))
def draw(key, method, dimension):
    """The random choices of every step, from the key as its use is documented: half for the policy, half to perturb."""

    def one(t):
        for_policy, for_perturbation = jax.random.split(jax.random.fold_in(key, t))
        if method == "ss_sam":
            return jax.random.uniform(for_policy, (), jnp.float32)
        if method == "random":
            return jax.random.normal(for_perturbation, (dimension,))
        return jax.random.uniform(for_perturbation, (dimension,), jnp.float32)

    return jax.vmap(one)(jnp.arange(STEPS))


def run_twin(method, numbers, problem, start, outer, inner, key, **options):
    """The twin's path and diagnostics, with the same random choices."""
    twin = Twin(method, problem, start, **options, **numbers)
    chances: Any = [None] * STEPS
    if method in ("ss_sam", "random", "esam"):
        chances = np.asarray(draw(key, method, problem.dimension))
    if method in ("ss_sam", "esam"):
        chances = chances < numbers["p" if method == "ss_sam" else "keep"]
    seen = []
    for t in range(STEPS):
        batch, other = (None if x is None else np.asarray(x[t]) for x in (outer, inner))
        seen.append(twin.step(batch, None if numbers.get("inner") == "full" else other, chances[t]))
    return {name: np.array([s[name] for s in seen]) for name in seen[0]}


def compare(case, name, outer=None, inner=None, base="sgd"):
    method, numbers = case
    key = jax.random.key(7)
    passed = inner if numbers.get("inner") != "full" else None
    rule = make_rule(method, 0.1, base=base, **numbers)
    ours = jax.jit(lambda rule: run(rule, LANDSCAPES[name], STARTS[name], outer, passed, key))(rule)
    twins = run_twin(method, numbers, NUMPY[name], STARTS[name], outer, inner, key, eta=0.1, base=base)
    for variable, expected in twins.items():
        np.testing.assert_allclose(ours[variable], expected, rtol=TOLERANCE, atol=TOLERANCE, err_msg=variable)
    return ours


@pytest.mark.parametrize("case", CASES, ids=label)
def test_method_follows_its_twin_on_a_formula(case):
    compare(case, "lucchi")


@pytest.mark.parametrize("case", [c for c in CASES if c[0] in ("sam", "stable_asam", "look_sam", "gsam")], ids=label)
def test_method_follows_its_twin_on_an_indefinite_quadratic(case):
    compare(case, "saddle")


@pytest.mark.parametrize("case", [*{case[0]: case for case in CASES}.values(), *ON_BATCHES], ids=label)
def test_method_follows_its_twin_on_batches(case):
    rng = np.random.default_rng(3)
    outer, inner = (jnp.asarray(rng.integers(0, 6, (STEPS, 4))) for _ in range(2))
    if case[0] == "esam" and case[1]["selected"] is not None:
        # twice the same example ties in loss, and a tie may be cut either way
        outer = jnp.asarray(rng.permuted(np.tile(np.arange(6), (STEPS, 1)), axis=1)[:, :4])
    ours = compare(case, "quartics", outer, inner)
    if case[0] in ("ss_sam", "look_sam", "ae_sam", "ae_look_sam"):
        assert 0 < np.mean(ours["perturbed"]) < 1  # both branches were compared


@pytest.mark.parametrize("base", ["heavy_ball", "nesterov", "adamw"])
@pytest.mark.parametrize("case", [CASES[0], CASES[1], CASES[4]], ids=label)
def test_method_follows_its_twin_on_another_base(case, base):
    compare(case, "lucchi", base=base)


def test_every_method_has_a_twin_and_a_case():
    assert {case[0] for case in CASES + ON_BATCHES} == set(METHODS)


@pytest.mark.parametrize("base", ["sgd", "heavy_ball", "adamw"])
def test_sam_is_optax_sam_in_opaque_mode(base):
    import optax
    from optax.contrib import normalize, sam

    outer = {
        "sgd": optax.sgd(0.1),
        "heavy_ball": optax.sgd(0.1, momentum=0.9),
        "adamw": optax.adamw(0.1, weight_decay=0),
    }
    theirs = sam(outer[base], optax.chain(normalize(), optax.sgd(0.2)), opaque_mode=True)
    gradient = jax.grad(LANDSCAPES["lucchi"].value)

    def one(carry, _):
        w, state = carry
        updates, state = theirs.update(gradient(w), state, w, grad_fn=lambda v, _: gradient(v))
        w = optax.apply_updates(w, updates)
        return (w, state), w

    w = jnp.asarray(STARTS["lucchi"])
    _, path = jax.lax.scan(one, (w, theirs.init(w)), None, STEPS)
    rule = make_rule("sam", 0.1, rho=0.2, base=base)
    ours = run(rule, LANDSCAPES["lucchi"], STARTS["lucchi"], None, None, jax.random.key(0))
    np.testing.assert_allclose(ours["w"], np.asarray(path), rtol=TOLERANCE, atol=TOLERANCE)
