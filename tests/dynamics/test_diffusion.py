"""Ensembles of the SAM diffusion against the laws of linear equations, and what their results may not depend on."""

import json
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import linalg

from samscape.dynamics.diffusion import diffusion
from samscape.landscapes.landscape import ClosedForm, Landscape

KEY = jax.random.key(11)
# Hessian [[1, 1/2], [1/2, -3/4]]: a saddle whose axes are not the coordinates'
SADDLE = ClosedForm("tilted_saddle", "x**2/2 + x*y/2 - 3*y**2/8", ("x", "y"))
BOWL = ClosedForm("bowl", "x**2 + x*y/2 + y**2/2", ("x", "y"))
HESSIAN = {"tilted_saddle": np.array([[1.0, 0.5], [0.5, -0.75]]), "bowl": np.array([[2.0, 0.5], [0.5, 1.0]])}
K = 5
"""Standard errors allowed: a sound program exceeds them with probability 6e-7 per number; keys are fixed."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Opaque(Landscape):
    """A landscape that hides its formula, so that the engine must take its general path."""

    inner: Any
    name: str = field(default="opaque", metadata={"static": True})

    @property
    def dimension(self):
        return self.inner.dimension

    def value(self, w):
        return self.inner.value(w)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class LeastSquares(Landscape):
    """(1/2n) sum_i (x_i . w - y_i)^2, example by example."""

    x: Any
    y: Any
    name: str = field(default="least_squares", metadata={"static": True})

    @property
    def n(self):
        return self.x.shape[0]

    @property
    def dimension(self):
        return self.x.shape[1]

    def sample_loss(self, w, i):
        return (self.x[i] @ w - self.y[i]) ** 2 / 2

    def value(self, w):
        return jnp.mean((self.x @ w - self.y) ** 2) / 2


def size(matrix):
    """[H]^+: the matrix with its eigenvalues' absolute values."""
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(np.abs(values)) @ vectors.T


def euler_covariance(rate, noise, dt, steps):
    """Covariance of X_n for X+ = (I - dt R) X + N(0, dt Q) from a point: exact for the scheme, no step-size error."""
    matrix, covariance = np.eye(len(rate)) - dt * rate, np.zeros_like(rate)
    for _ in range(steps):
        covariance = matrix @ covariance @ matrix.T + dt * noise
    return covariance


def linear_covariance(rate, noise, time):
    """Covariance at `time` of dX = -R X dt + Q^(1/2) dW from a point (Van Loan 1978)."""
    d = len(rate)
    block = linalg.expm(np.block([[rate, noise], [np.zeros((d, d)), -rate.T]]) * time)
    return block[d:, d:].T @ block[:d, d:]


def agrees(dataset, name, expected, at=-1):
    """Whether an estimate of the first ensemble lies within K standard errors of `expected`."""
    off = np.abs(dataset[name].values[0, at] - expected)
    return bool((off < K * dataset[f"{name}_error"].values[0, at]).all())


@pytest.mark.parametrize("noise", ["gaussian", "weak"])
@pytest.mark.parametrize("landscape", [BOWL, SADDLE], ids=lambda x: x.name)
def test_covariance_at_a_minimum_and_at_a_saddle_is_that_of_the_linear_equation(landscape, noise):
    eta, batch, rho, dt = 0.1, 4.0, 0.3, 1 / 64
    found = diffusion(
        landscape, [0.0, 0.0], [0.5, 2.0], dt, eta=eta, batch_size=batch, rho=rho, key=KEY, paths=100_000, noise=noise
    )
    h = HESSIAN[landscape.name]
    rate, q = h @ (np.eye(2) + rho * h), eta / batch * size(h)  # as printed: the gradient at w^p
    assert agrees(found, "mean", 0.0, 0)
    assert agrees(found, "mean", 0.0, 1)
    assert agrees(found, "covariance", euler_covariance(rate, q, dt, 32), 0)
    assert agrees(found, "covariance", euler_covariance(rate, q, dt, 128), 1)
    # first-order step-size error: dt times the rate (3.2 at most), times the time
    np.testing.assert_allclose(found["covariance"][0, 1], linear_covariance(rate, q, 2.0), rtol=0.1, atol=1e-3)


@pytest.mark.parametrize("landscape", [BOWL, SADDLE], ids=lambda x: x.name)
def test_composed_drift_gives_the_papers_equation_12_and_the_printed_drift_does_not(landscape):
    eta, batch, rho, dt, time = 0.1, 2.0, 0.4, 1 / 256, 1.0
    values, vectors = np.linalg.eigh(HESSIAN[landscape.name])
    # Kim et al. (2023), Eq. 12
    rate = values * (1 + rho * values) ** 2
    variance = eta * np.abs(values) / (2 * batch * rate) * (1 - np.exp(-2 * rate * time))
    expected = vectors @ np.diag(variance) @ vectors.T
    options = {"eta": eta, "batch_size": batch, "rho": rho, "key": KEY, "paths": 200_000}
    composed = diffusion(landscape, [0.0, 0.0], time, dt, drift="composed", **options)
    off = np.abs(composed["covariance"].values[0, -1] - expected)
    # K standard errors and Euler's step-size error, at most dt r^2 t with r = 6.8 the largest rate, of the variance
    assert (off < K * composed["covariance_error"].values[0, -1] + 0.02 * np.abs(expected).max()).all()
    printed = diffusion(landscape, [0.0, 0.0], time, dt, drift="printed", **options)
    off = np.abs(printed["covariance"].values[0, -1] - expected)
    assert (off > K * printed["covariance_error"].values[0, -1] + 0.02 * np.abs(expected).max()).any()


def test_stationary_variance_of_the_ornstein_uhlenbeck_process():
    dt = 0.05
    found = diffusion(BOWL, [1.0, -1.0], 15.0, dt, eta=0.2, covariance=np.diag([1.0, 2.0]), key=KEY, paths=50_000)
    q = 0.2 * np.diag([1.0, 2.0])
    matrix = np.eye(2) - dt * HESSIAN["bowl"]
    # the slowest mode has decayed to exp(-0.79 * 15) = 7e-6 of the start: far below the standard error 1e-3
    assert agrees(found, "mean", 0.0)
    assert agrees(found, "covariance", linalg.solve_discrete_lyapunov(matrix, dt * q))


def test_momentum_gives_the_law_of_the_linear_langevin_equation():
    eta, batch, gamma, rho, time = 0.1, 2.0, 0.5, 0.2, 0.5
    found = diffusion(
        SADDLE, [0.3, -0.2], time, 1 / 64, eta=eta, batch_size=batch, rho=rho, momentum=gamma, key=KEY, paths=10_000,
        covariance=size(HESSIAN["tilted_saddle"]), scheme="sra1",
    )  # fmt: skip
    h, eye, zero = HESSIAN["tilted_saddle"], np.eye(2), np.zeros((2, 2))
    phi, mass = (1 - gamma) / eta, eta
    rate = np.block([[zero, -eye], [h @ (eye + rho * h) / mass, phi * eye]])
    noise = np.block([[zero, zero], [zero, eta / batch * size(h) / mass**2]])
    # SRA1's step-size error, some (phi dt)^2 / 12 = 5e-4 of the variance, is a thirtieth of the standard error
    assert agrees(found, "covariance", linear_covariance(rate, noise, time)[:2, :2])
    assert agrees(found, "mean", (linalg.expm(-rate * time) @ [0.3, -0.2, 0, 0])[:2])


@pytest.mark.parametrize("friction", ["fokker_planck", "sde"])
@pytest.mark.parametrize("noise", ["gaussian", "weak"])
def test_momentum_on_the_engine_follows_its_own_recursion(friction, noise):
    eta, gamma, tau, dt, steps = 0.2, 0.6, 0.1, 1 / 32, 40
    found = diffusion(
        BOWL, [0.0, 0.0], steps * dt, dt, eta=eta, momentum=gamma, dampening=tau, friction=friction, key=KEY,
        paths=50_000, noise=noise,
    )  # fmt: skip
    h, eye, zero = HESSIAN["bowl"], np.eye(2), np.zeros((2, 2))
    mass = eta / (1 - tau)
    phi = (1 - gamma) / eta / (mass if friction == "sde" else 1.0)
    rate = np.block([[zero, -eye], [h / mass, phi * eye]])
    q = np.block([[zero, zero], [zero, eta * h / mass**2]])
    assert agrees(found, "covariance", euler_covariance(rate, q, dt, steps)[:2, :2])


@pytest.mark.parametrize("model", ["fisher", "centred"])
def test_per_example_covariances_are_those_of_the_gradients(model):
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(12, 3)), rng.normal(size=12)
    problem, start, eta = LeastSquares(jnp.asarray(x), jnp.asarray(y)), np.array([0.5, -0.2, 0.1]), 0.3
    found = diffusion(problem, start, 0.01, 0.01, eta=eta, batch_size=2, covariance=model, key=KEY, paths=40_000)
    gradients = (x @ start - y)[:, None] * x
    sigma = gradients.T @ gradients / 12
    if model == "centred":
        sigma = np.cov(gradients.T, bias=True)
    # one step: the covariance is dt eta Sigma / B, and the mean a gradient step of size dt
    assert agrees(found, "covariance", 0.01 * eta / 2 * sigma)
    assert agrees(found, "mean", start - 0.01 * gradients.mean(axis=0))


def test_noise_is_taken_at_the_perturbed_point_unless_asked():
    quartic = ClosedForm("quartic", "x**4/12", ("x",))  # Hessian x^2, gradient x^3/3
    options = {"eta": 1.0, "rho": 0.6, "key": KEY, "paths": 20_000}
    for at, position in (("w_adv", 1 + 0.6 / 3), ("w", 1.0)):
        found = diffusion(quartic, [1.0], 0.01, 0.01, at=at, **options)
        assert agrees(found, "covariance", 0.01 * position**2)
        assert agrees(found, "mean", 1 - 0.01 * (1 + 0.6 / 3) ** 3 / 3)


def test_normalised_perturbation_has_length_rho():
    options = {"eta": 1e-8, "rho": 0.3, "key": KEY, "paths": 4}
    found = diffusion(BOWL, [1.0, 2.0], 0.01, 0.01, kind="sam", covariance=1.0, **options)
    h, w = HESSIAN["bowl"], np.array([1.0, 2.0])
    g = h @ w
    expected = w - 0.01 * h @ (w + 0.3 * g / np.linalg.norm(g))
    # the noise: sqrt(eta dt) = 1e-5 per path
    np.testing.assert_allclose(found["mean"][0, -1], expected, atol=5e-5)


@pytest.mark.parametrize("noise", ["gaussian", "weak"])
@pytest.mark.parametrize("momentum", [None, 0.5])
def test_fast_and_general_layouts_follow_the_same_paths(noise, momentum):
    options = {"eta": 0.1, "rho": 0.1, "key": KEY, "paths": 40, "record": "paths", "noise": noise, "momentum": momentum}
    fast = diffusion(SADDLE, [0.5, 0.1], [0.25, 1.0], 1 / 32, **options)["w"]
    general = diffusion(Opaque(SADDLE), [0.5, 0.1], [0.25, 1.0], 1 / 32, **options)["w"]
    # the normals may differ in the last digits of float32 (6e-8), over 32 steps that grow by less than e
    np.testing.assert_allclose(fast, general, rtol=0, atol=1e-6)


def test_float32_stays_float32_on_a_landscape_with_data():
    rng = np.random.default_rng(1)
    problem = LeastSquares(jnp.asarray(rng.normal(size=(5, 3))), jnp.asarray(rng.normal(size=5)))
    options = {"eta": 0.1, "rho": 0.1, "key": KEY, "paths": 10, "record": "paths", "covariance": "centred"}
    single = diffusion(problem, np.zeros(3, np.float32), 0.25, 1 / 32, **options)["w"]
    double = diffusion(problem, np.zeros(3), 0.25, 1 / 32, **options)["w"]
    assert single.dtype == np.float32
    # eight steps of float32 round-off; a root's is that of its matrix (rank 3 of 3, condition below 1e3) over it
    np.testing.assert_allclose(single, double, rtol=0, atol=1e-4)


def test_float32_follows_the_path_of_float64():
    options = {"eta": 0.1, "rho": 0.1, "key": KEY, "paths": 40, "record": "paths"}
    single = diffusion(SADDLE, np.array([0.5, 0.1], np.float32), 1.0, 1 / 32, **options)["w"]
    double = diffusion(SADDLE, [0.5, 0.1], 1.0, 1 / 32, **options)["w"]
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, double, rtol=0, atol=1e-5)  # 32 steps of float32 round-off, growing by < e


@pytest.mark.parametrize("noise", ["gaussian", "weak"])
def test_results_do_not_depend_on_blocks_other_paths_or_recorded_times(noise):
    options = {"eta": 0.1, "key": KEY, "noise": noise, "record": "both"}
    starts = [[0.5, 0.1], [0.0, 0.0]]
    whole = diffusion(SADDLE, starts, [0.25, 1.0], 1 / 32, paths=10_000, **options)
    blocks = diffusion(SADDLE, starts, [0.25, 1.0], 1 / 32, paths=10_000, block=4096, **options)
    assert whole.equals(blocks)
    np.testing.assert_array_equal(whole["starts"], starts)
    assert "commit" in json.loads(whole.attrs["provenance"])
    few = diffusion(SADDLE, starts, [7 / 32, 0.5, 1.0], 1 / 32, paths=100, **options)
    np.testing.assert_array_equal(few["w"][:, :, -1], whole["w"][:, :100, -1])


def test_a_seed_is_a_key():
    options = {"eta": 0.1, "paths": 5, "record": "paths"}
    seeded = diffusion(SADDLE, [0.0, 0.0], 0.25, 1 / 32, key=11, **options)
    np.testing.assert_array_equal(seeded["w"], diffusion(SADDLE, [0.0, 0.0], 0.25, 1 / 32, key=KEY, **options)["w"])


def test_each_start_and_each_key_has_its_own_noise():
    options = {"eta": 0.1, "paths": 2000, "record": "paths"}
    two = diffusion(SADDLE, np.zeros((2, 2)), 0.25, 1 / 32, key=KEY, **options)["w"][:, :, -1].values
    other = diffusion(SADDLE, np.zeros(2), 0.25, 1 / 32, key=jax.random.key(12), **options)["w"][0, :, -1].values
    for a, b in ((two[0], two[1]), (two[0], other)):
        # 4.4 standard errors of a zero correlation: false alarm 1e-5
        assert abs(np.corrcoef(a[:, 0], b[:, 0])[0, 1]) < 4.4 / np.sqrt(2000)


def test_paths_that_diverge_are_counted_and_left_out():
    cliff = ClosedForm("cliff", "-x**4/4", ("x",))
    found = diffusion(
        cliff, [1.0], [0.0, 0.25, 1.0], 1 / 64, eta=0.5, covariance=1.0, key=KEY, paths=2000, record="both", escape=50.0
    )
    w = found["w"].values[0, :, :, 0]
    assert not np.isfinite(w[:, -1]).all()  # the run went on through overflow and NaN
    inside = np.abs(w) <= 50.0
    np.testing.assert_array_equal(found["count"][0], inside.sum(axis=0))
    assert inside[:, 0].all()
    assert 0 < inside[:, -1].sum() < 2000
    np.testing.assert_allclose(found["mean"][0, -1, 0], w[inside[:, -1], -1].mean(), rtol=1e-10)  # round-off


def test_statistics_are_those_of_the_recorded_paths():
    found = diffusion(BOWL, [0.3, 0.2], [0.0, 0.5], 1 / 16, eta=0.3, key=KEY, paths=5000, record="both")
    np.testing.assert_array_equal(found["w"][0, :, 0], np.broadcast_to([0.3, 0.2], (5000, 2)))
    x = found["w"].values[0, :, 1]
    np.testing.assert_allclose(found["mean"][0, 1], x.mean(axis=0), rtol=1e-11)  # round-off
    np.testing.assert_allclose(found["covariance"][0, 1], np.cov(x.T), rtol=1e-11)
    assert found["covariance"].dims == ("start", "time", "coordinate", "coordinate_2")
    assert list(found["coordinate"].values) == ["x", "y"]


GOOD: dict[str, Any] = {"eta": 0.1, "key": KEY, "paths": 10}
BAD = [
    ({"eta": -1.0}, "eta = -1.0 is out of range"),
    ({"batch_size": 0}, "batch_size = 0 is out of range"),
    ({"rho": -0.1}, "rho = -0.1 is out of range"),
    ({"rho": 0.1, "kind": "gradient"}, "takes no rho"),
    ({"kind": "asam"}, "did you mean 'sam'"),
    ({"covariance": "hesian"}, "did you mean 'hessian'"),
    ({"covariance": "fisher"}, "no finite sum"),
    ({"covariance": np.eye(3)}, r"symmetric \(2, 2\) matrix"),
    ({"covariance": np.diag([1.0, -1.0])}, "positive semidefinite"),
    ({"scheme": "sra1"}, "does not depend on w"),
    ({"scheme": "heun", "noise": "weak"}, "needs 'gaussian'"),
    ({"scheme": "milsten"}, "did you mean 'milstein'"),
    ({"escape": 0.0}, "escape = 0.0 is out of range"),
    ({"momentum": 1.0}, "below 1"),
    ({"momentum": 0.0, "eta": 0.001}, "choose dt below 0.002"),
    ({"paths": 0}, "must be >= 1"),
    ({"block": 1000}, "multiple of 4096"),
    ({"paths": 10**13, "record": "paths"}, "the paths needs .* of memory"),
    ({"key": jax.random.split(KEY)}, "single Threefry key"),
]


@pytest.mark.parametrize(("change", "message"), BAD, ids=lambda x: str(x)[:30])
def test_bad_arguments_are_refused_with_value_and_remedy(change, message):
    with pytest.raises(ValueError, match=message):
        diffusion(BOWL, [0.0, 0.0], 1.0, 1 / 8, **(GOOD | change))


@pytest.mark.parametrize(
    ("starts", "time", "dt", "message"),
    [
        ([0.0], 1.0, 0.1, r"starts of shape \(S, 2\)"),
        ([np.nan, 0.0], 1.0, 0.1, "start 0"),
        ([0.0, 0.0], 1.05, 0.1, "not a whole number of steps"),
        ([0.0, 0.0], [0.2, 0.1], 0.1, "increasing"),
        ([0.0, 0.0], 0.0, 0.1, "time = 0.0 is out of range"),
        ([0.0, 0.0], 1.0, 0.0, "dt = 0.0 is out of range"),
        ([0.0, 0.0], 1e6, 1e-6, "more than 2"),
    ],
)
def test_bad_starts_and_times_are_refused(starts, time, dt, message):
    with pytest.raises(ValueError, match=message):
        diffusion(BOWL, starts, time, dt, **GOOD)


def test_schemes_that_need_a_derivative_refuse_a_singular_covariance():
    quartic = ClosedForm("quartic", "x**4/12", ("x",))
    with pytest.raises(ValueError, match="no derivative at the start"):
        diffusion(quartic, [0.0], 1.0, 0.1, scheme="heun", **GOOD)
