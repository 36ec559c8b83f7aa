"""Every rule on every kind of landscape, over step sizes, radii and starts that Hypothesis chooses."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from problems import LANDSCAPES

from samscape.dynamics.methods import METHODS, make_rule
from samscape.dynamics.objective import Batches, objective_of

STEPS, STARTS = 5, 3
BY_EXAMPLE = ("m_sam", "one_sam", "esam")
TABLE = [(m, "quartics" if m in BY_EXAMPLE else "lucchi") for m in METHODS]
TABLE += [("sam", "quartics"), ("n_sam", "quartics"), ("ae_look_sam", "quartics"), ("stable_sam", "saddle")]

# three decimals: gradients are zero or not tiny, and close starts do not differ by a rounding
numbers = st.integers(-2000, 2000).map(lambda i: i / 1000)


def path(landscape, rule, w, key):
    """The parameters after each of a few steps."""
    n = getattr(landscape, "n", 0)
    batches = Batches(jnp.arange(n), jnp.arange(n)[::-1][:3]) if n else Batches()

    def one(carry, t):
        step = rule.step(objective_of(landscape), *carry, batches, jax.random.fold_in(key, t))
        return (step.params, step.state), step.params

    return jax.lax.scan(one, (w, rule.init(w)), jnp.arange(STEPS))[1]


@functools.cache
def compiled(method, name):
    """Paths from the same starts: vmapped, one after the other, and as tuples of coordinates."""
    landscape = LANDSCAPES[name]

    def run(eta, rho, starts, key):
        rule = make_rule(method, eta, **({} if method == "gd" else {"rho": rho}))

        def go(w):
            return path(landscape, rule, w, key)

        coordinates = tuple(starts[:, i] for i in range(landscape.dimension))
        return jax.vmap(go)(starts), jax.lax.map(go, starts), jnp.stack(jax.vmap(go)(coordinates), axis=-1)

    return jax.jit(run)


@pytest.mark.parametrize(("method", "name"), TABLE)
def test_arrangement_of_starts_and_coordinates_does_not_matter(method, name):
    d = LANDSCAPES[name].dimension

    @given(
        eta=st.floats(1e-3, 2.0),
        rho=st.floats(0.0, 1.0),
        starts=st.lists(numbers, min_size=STARTS * d, max_size=STARTS * d),
        seed=st.integers(0, 2**31),
    )
    @settings(max_examples=20)
    def check(eta, rho, starts, seed):
        starts = jnp.asarray(starts).reshape(STARTS, d)
        mapped, looped, coordinates = map(np.asarray, compiled(method, name)(eta, rho, starts, jax.random.key(seed)))
        assert mapped.dtype == looped.dtype == coordinates.dtype == np.float64
        for paths in (mapped, looped, coordinates):
            finite = np.asarray(np.isfinite(paths).all(axis=-1))
            assert (finite[:, 1:] <= finite[:, :-1]).all()  # what has overflowed stays visible
        tame = np.abs(mapped).max(axis=(1, 2)) < 10
        for other in (looped, coordinates):
            # five steps that stretch a difference by up to eta H(1 + rho H / ||g||), 10^2 to 10^3 far from a zero
            # gradient: a rounding of 1e-16 may grow to 1e-8, more only where a start lies within 1e-3 of one
            np.testing.assert_allclose(other[tame], mapped[tame], rtol=1e-6, atol=1e-6)

    check()


@pytest.mark.parametrize("base", ["sgd", "heavy_ball", "adamw"])
@pytest.mark.parametrize("method", METHODS)
def test_float32_stays_float32(method, base):
    name = "quartics" if method in BY_EXAMPLE else "lucchi"
    landscape = jax.tree.map(lambda x: x.astype(jnp.float32), LANDSCAPES[name])
    batches = Batches(jnp.arange(4)) if name == "quartics" else Batches()
    w = jnp.ones(landscape.dimension, jnp.float32)
    plain = make_rule(method, 0.1, base=base)
    wide = jax.tree.map(jnp.asarray, plain)  # float64 numbers, as a sweep may hand them in
    for rule in (plain, wide):
        before = rule.init(w)

        def one(w, state, rule=rule):
            return rule.step(objective_of(landscape), w, state, batches, jax.random.key(0))

        step = jax.eval_shape(one, w, before)
        assert step.params.dtype == step.w_adv.dtype == step.diagnostics.loss.dtype == jnp.float32
        assert [x.dtype for x in jax.tree.leaves(step.state)] == [x.dtype for x in jax.tree.leaves(before)]
        assert not any(x.weak_type for x in jax.tree.leaves((step.params, step.state, step.diagnostics)))
