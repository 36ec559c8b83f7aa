"""Strong and weak orders, measured by regression of the error on the step, against the orders the schemes claim."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import linalg

from samscape.dynamics.covariance import Given, HessianSize
from samscape.dynamics.diffusion import diffusion
from samscape.dynamics.noise import normals, path_keys
from samscape.dynamics.schemes import SCHEMES, brownian_path
from samscape.dynamics.sde import Overdamped, Underdamped, ito_correction
from samscape.landscapes.landscape import ClosedForm

KEY = jax.random.key(7)
GROWTH = ClosedForm("growth", "-x**2/4", ("x",))  # drift x/2
DOUBLE_WELL = ClosedForm("double_well", "x**4/4 - x**2/2", ("x",))
A = 0.5


def half_square(w):
    """Sigma = w^2 / 4, noise w/2 dW."""
    return (w**2)[:, None] / 4


def square(w):
    """Sigma = w^2, noise w dW."""
    return (w**2)[:, None]


def fitted_order(steps, errors, standard_errors):
    """Slope of log error on log dt, weighted by the errors' own standard errors, and the slope's standard error."""
    x, y = -np.log(steps), np.log(errors)
    weight = (errors / standard_errors) ** 2
    x = x - np.sum(weight * x) / np.sum(weight)
    return np.sum(weight * x * y) / np.sum(weight * x**2), 1 / np.sqrt(np.sum(weight * x**2))


def mean_and_error(x):
    return np.mean(x), np.std(x) / np.sqrt(len(x))


def final(landscape, steps, paths, start=1.0, **options):
    options = {"eta": 1.0, "key": KEY, "record": "paths"} | options
    return diffusion(landscape, [start], 1.0, 1 / steps, paths=paths, **options)["w"].values[0, :, 0, 0]


def exact_growth(b, w_end):
    """dX = X/2 dt + b X dW from 1, at time 1 (Ito)."""
    return np.exp(A - b**2 / 2 + b * w_end)


def brownian_end_of_engine(keys, steps, most):
    """W_1 of the engine's paths, from the normals that its steps draw."""

    def one(key):
        xi = jax.vmap(lambda t: normals(key, t, jnp.zeros(1))[0])(jnp.arange(most))
        return jnp.sum(jnp.where(jnp.arange(most) < steps, xi, 0)) / jnp.sqrt(steps)

    return jax.vmap(one)(keys)


def test_euler_has_strong_order_one_half():
    paths, ladder = 4000, np.array([16, 32, 64, 128, 256])
    keys = tuple(map(jnp.asarray, path_keys(KEY, 0, 0, paths)))
    w_end = jax.jit(brownian_end_of_engine, static_argnums=2)
    found = []
    for steps in ladder:
        exact = exact_growth(1.0, np.asarray(w_end(keys, steps, int(ladder[-1]))))
        found.append(mean_and_error(np.abs(final(GROWTH, steps, paths, covariance=square) - exact)))
    order, error = fitted_order(ladder, *np.transpose(found))
    # within 0.08: six standard errors (0.013); orders 0 and 1 are six times as far away
    assert error < 0.015
    assert abs(order - 0.5) < 0.08


brownian_end = jax.jit(
    lambda scheme, keys, dt: jax.vmap(lambda k: brownian_path(scheme, k, 1.0, dt, 1).evaluate(0.0, 1.0))(keys),
    static_argnums=0,
)


SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in ("heun", "shark")]  # each compiles for seconds


@pytest.mark.parametrize("scheme", ["milstein", *SLOW])
def test_schemes_for_commutative_noise_have_strong_order_one(scheme):
    paths, ladder = 500, np.array([16, 32, 64, 128])
    keys = np.stack(path_keys(KEY, 0, 0, paths), axis=-1)
    found = []
    for steps in ladder:
        end = brownian_end(scheme, keys, 1 / steps)
        exact = exact_growth(0.5, np.asarray(getattr(end, "W", end))[:, 0])
        found.append(mean_and_error(np.abs(final(GROWTH, steps, paths, scheme=scheme, covariance=half_square) - exact)))
    order, error = fitted_order(ladder, *np.transpose(found))
    # within 0.2: four standard errors (0.045; too large by far, the ladder shares its paths); the neighbouring
    # orders are 0.5 away. A Stratonovich scheme without Ito's correction has order 0.
    assert error < 0.06
    assert abs(order - SCHEMES[scheme].strong[1]) < 0.2


def test_sra1_has_strong_order_three_halves_for_additive_noise():
    paths, ladder = 300, np.array([16, 32, 64, 128])

    def ends(steps):
        return final(DOUBLE_WELL, steps, paths, start=0.3, scheme="sra1", covariance=0.5)

    reference = ends(1024)  # 8 times finer than the finest: its own error is 2 % of that one's at order 1.5
    found = [mean_and_error(np.abs(ends(steps) - reference)) for steps in ladder]
    order, error = fitted_order(ladder, *np.transpose(found))
    # within 0.2: five standard errors; orders 1 and 2 are 0.5 away
    assert error < 0.04
    assert abs(order - SCHEMES["sra1"].strong[2]) < 0.2


@pytest.mark.parametrize("noise", ["gaussian", "weak"])
def test_euler_has_weak_order_one_for_multiplicative_noise(noise):
    decay = ClosedForm("decay", "x**2/2", ("x",))  # dX = -X dt + X/2 dW, E X_1^2 = exp(-2 + 1/4)
    paths, ladder = 1 << 19, np.array([4, 8, 16, 32])
    found = []
    for i, steps in enumerate(ladder):
        key = jax.random.fold_in(KEY, i)
        x = final(decay, steps, paths, noise=noise, covariance=half_square, key=key)
        mean, error = mean_and_error(x**2)
        # independent of both, and exact for either noise: each step multiplies E X^2 by (1 - dt)^2 + dt/4
        expected = ((1 - 1 / steps) ** 2 + 0.25 / steps) ** steps
        assert abs(mean - expected) < 5 * error  # false alarm 6e-7; fixed keys
        found.append((abs(mean - np.exp(-1.75)), error))
    order, error = fitted_order(ladder, *np.transpose(found))
    # the exact slope on this ladder is 0.94 (from `expected`); five standard errors more; orders 0.5 and 2 fail
    assert error < 0.04
    assert abs(order - 1.0) < 0.25


@pytest.mark.parametrize("noise", ["gaussian", "weak"])
def test_euler_has_weak_order_one_for_additive_noise_in_the_engines_fast_layout(noise):
    steep = ClosedForm("steep", "x**2", ("x",))  # dX = -2 X dt + dW from 0: Var X_1 = (1 - exp(-4)) / 4
    paths, ladder = 1 << 19, np.array([8, 16, 32, 64])
    found = []
    for i, steps in enumerate(ladder):
        key = jax.random.fold_in(KEY, i)
        mean, error = mean_and_error(final(steep, steps, paths, 0.0, noise=noise, covariance=1.0, key=key) ** 2)
        found.append((abs(mean - (1 - np.exp(-4)) / 4), error))
    order, error = fitted_order(ladder, *np.transpose(found))
    # the exact slope on this ladder is 1.08 (second-order terms at dt = 1/8); four standard errors more; 0.5 and 2 fail
    assert error < 0.04
    assert abs(order - 1.0) < 0.25


PLANE = ClosedForm("plane", "x**4/4 + x*y + y**2 + y**4/8", ("x", "y"))


def tilted(w):
    """A smooth covariance, nowhere singular, whose root has no common eigenvectors from point to point."""
    x, y = w[0], w[1]
    return jnp.array([[0.2 + x**2, x * y / 2], [x * y / 2, 0.2 + y**2]])


SPACE = ClosedForm("space", "x**4/4 + y**4/4 + z**4/4 + x*y + y*z/2 - z*x/3", ("x", "y", "z"))
MIXED = np.array([[0, 1, -1 / 3], [1, 0, 1 / 2], [-1 / 3, 1 / 2, 0]])


def root(matrix):
    return np.real(np.asarray(linalg.sqrtm(matrix)))


def noise_on_the_plane(w):
    """(0.7^2 tilted)^(1/2) at w^p, in NumPy."""
    x, y = w + 0.05 * np.array([w[0] ** 3 + w[1], w[0] + 2 * w[1] + w[1] ** 3 / 2])
    return 0.7 * root(np.array([[0.2 + x**2, x * y / 2], [x * y / 2, 0.2 + y**2]]))


def noise_in_space(w):
    """(0.7^2 [H]^+)^(1/2) at w^p, in NumPy; an indefinite Hessian."""
    p = w + 0.05 * (w**3 + MIXED @ w)
    values, vectors = np.linalg.eigh(np.diag(3 * p**2) + MIXED)
    return 0.7 * root(vectors @ np.diag(np.abs(values)) @ vectors.T)


@pytest.mark.parametrize(
    ("landscape", "covariance", "noise_matrix"),
    [(PLANE, Given(tilted), noise_on_the_plane), (SPACE, HessianSize(), noise_in_space)],
    ids=["given", "hessian"],
)
def test_ito_correction_is_that_of_its_definition(landscape, covariance, noise_matrix):
    sde = Overdamped(landscape, covariance, 0.05, 0.7, "usam", False, False)
    d, h = landscape.dimension, 1e-5
    w = np.array([0.9, -0.6, 0.4])[:d]
    slope = np.stack([(noise_matrix(w + h * e) - noise_matrix(w - h * e)) / (2 * h) for e in np.eye(d)], axis=-1)
    expected = -0.5 * np.einsum("ikl,lk->i", slope, noise_matrix(w))
    columns = jax.vmap(lambda e: sde.spread(jnp.asarray(w), e))(jnp.eye(d))
    np.testing.assert_allclose(columns, noise_matrix(w), rtol=1e-12)  # round-off
    # central differences: truncation h^2 and round-off 1e-16 / h, both about 1e-10
    np.testing.assert_allclose(ito_correction(sde, jnp.asarray(w), d), expected, rtol=0, atol=1e-8)


def test_ito_correction_vanishes_with_momentum():
    # noise enters the velocity and depends on the position: the two never meet in (dG) G
    sde = Underdamped(Overdamped(PLANE, Given(tilted), 0.0, 1.0, "gradient", False, False), 1.0, 1.0)
    state = (jnp.array([0.9, -0.6]), jnp.array([0.1, 0.2]))
    for part in ito_correction(sde, state, 2):
        np.testing.assert_array_equal(part, np.zeros(2))


def test_stratonovich_schemes_in_two_dimensions_agree_with_ito_euler():
    options = {"eta": 0.5, "paths": 20_000, "covariance": tilted, "key": KEY, "rho": 0.05}
    heun = diffusion(PLANE, [0.9, -0.6], 0.5, 1 / 32, scheme="heun", **options)
    euler = diffusion(PLANE, [0.9, -0.6], 0.5, 1 / 1024, scheme="euler", **options)
    difference = np.abs(heun["mean"].values - euler["mean"].values)
    error = np.hypot(heun["mean_error"].values, euler["mean_error"].values)
    # 4.5 standard errors (false alarm 1e-5 for two numbers), and heun's bias, of order dt^2 = 1e-3 times the drift
    assert (difference < 4.5 * error + 1e-3).all()
    # the test can see a missing correction: Stratonovich's mean would be off by its integral over the time
    sde = Overdamped(PLANE, Given(tilted), 0.05, np.sqrt(0.5), "usam", False, False)
    missing = 0.5 * np.abs(ito_correction(sde, jnp.array([0.9, -0.6]), 2))
    assert missing.max() > 2 * (4.5 * error + 1e-3).max()
