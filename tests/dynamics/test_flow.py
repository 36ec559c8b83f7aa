"""Flows against closed forms, against SciPy's integrator on fields written again in NumPy, and at their ends."""

from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import integrate, linalg

from samscape.dynamics.flow import OUTCOMES, flow
from samscape.landscapes.landscape import ClosedForm, Landscape
from samscape.landscapes.lucchi import LUCCHI

CLIFF = ClosedForm("cliff", "-x**4/4", ("x",))
CONTRACTING = 1e-7
"""Tolerance where the flow does not magnify errors: some ten to a hundred steps of relative error 1e-8 each."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Quadratic(Landscape):
    """w . H w / 2; the Hessian is data, so that one compiled solve serves every quadratic."""

    h: Any
    name: str = field(default="quadratic", metadata={"static": True})

    @property
    def dimension(self):
        return self.h.shape[0]

    def value(self, w):
        return w @ self.h @ w / 2


SADDLE = Quadratic(jnp.diag(jnp.array([2.0, -2.0])))


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class DiagonalNet(Landscape):
    """(1/4n) sum_i (x_i . (u^2 - v^2) - y_i)^2 with w = (u, v): Andriushchenko & Flammarion (2022), Eq. 5."""

    x: Any
    y: Any
    name: str = field(default="diagonal_net", metadata={"static": True})

    @property
    def n(self):
        return self.x.shape[0]

    @property
    def dimension(self):
        return 2 * self.x.shape[1]

    def sample_loss(self, w, i):
        u, v = jnp.split(w, 2)
        return (self.x[i] @ (u**2 - v**2) - self.y[i]) ** 2 / 4

    def value(self, w):
        u, v = jnp.split(w, 2)
        return jnp.mean((self.x @ (u**2 - v**2) - self.y) ** 2) / 4


RNG = np.random.default_rng(4)
X, Y = RNG.normal(size=(3, 4)), RNG.normal(size=3)
SIGNED = np.concatenate([X, -X], axis=1)  # the paper's X~
NET = DiagonalNet(jnp.asarray(X), jnp.asarray(Y))
START = np.full(8, 0.4)


def net_field(w, rho, by_example):
    """Equations 10 and 11, from grad l_i(w) = r_i x~_i * w, in NumPy."""
    if not by_example:
        ascended = w + rho / 3 * SIGNED.T @ (SIGNED @ w**2 - Y) * w
        return -SIGNED.T @ (SIGNED @ ascended**2 - Y) * ascended / 3
    total = np.zeros(8)
    for x, y in zip(SIGNED, Y):
        ascended = w + rho * (x @ w**2 - y) * x * w
        total -= (x @ ascended**2 - y) * x * ascended / 3
    return total


def lucchi_field(w, rho, normalised):
    def gradient(x, y):
        return np.array([x**3 - y, y - x])

    g = gradient(*w)
    return -gradient(*(w + rho * g / (np.linalg.norm(g) if normalised else 1.0)))


def scipys(function, start, times, *arguments):
    found = integrate.solve_ivp(
        lambda t, w: function(w, *arguments), (0, times[-1]), start, "DOP853", times, rtol=1e-11, atol=1e-13
    )
    return found.y.T


@pytest.mark.parametrize("kind", ["gradient", "usam"])
def test_flow_on_a_quadratic_is_the_matrix_exponential(kind):
    h = np.array([[2.0, 0.5], [0.5, 1.0]])
    radii = np.array([0.1, 0.5, 2.0]) if kind == "usam" else np.zeros(3)
    starts = np.array([[1.0, -1.0], [2.0, 0.5], [-0.3, 0.7]])
    found = flow(Quadratic(jnp.asarray(h)), starts, 2.0, kind=kind, rho=radii if kind == "usam" else 0.0, record=5)
    assert found["w"].dims == ("start", "time", "coordinate")
    for s, (start, rho) in enumerate(zip(starts, radii)):
        for i, t in enumerate(found["time"].values):
            expected = linalg.expm(-h @ (np.eye(2) + rho * h) * t) @ start
            np.testing.assert_allclose(found["w"][s, i], expected, rtol=0, atol=CONTRACTING)
    assert set(found["outcome"].values) == {"completed"}


def test_saddle_attracts_the_usam_flow_and_repels_the_gradient_flow():
    # Kim et al. (2023), Figure 5 and Theorem 1: x^2 - y^2, and rho = 1 > 1/2; rates 2 (1 + 2 rho), -2 (1 - 2 rho)
    start, t = np.array([-3.0, -0.01]), 3.0
    starts = np.broadcast_to(start, (3, 2))
    usam = flow(SADDLE, starts, t, kind="usam", rho=[1.0, 0.5, 0.0], record=5)["w"][:, -1]
    np.testing.assert_allclose(usam[0], start * np.exp([-6 * t, -2 * t]), rtol=0, atol=CONTRACTING)
    # at equality, rho = 1/2, the unstable direction neither grows nor decays
    np.testing.assert_allclose(usam[1], start * np.exp([-4 * t, 0]), rtol=0, atol=CONTRACTING)
    # an error made at the start grows with the solution, by exp(6) = 403
    np.testing.assert_allclose(usam[2], start * np.exp([-2 * t, 2 * t]), rtol=0, atol=403 * CONTRACTING)
    gradient = flow(SADDLE, starts, t, record=5)["w"][0, -1]
    np.testing.assert_allclose(gradient, start * np.exp([-2 * t, 2 * t]), rtol=0, atol=403 * CONTRACTING)


@pytest.mark.parametrize("kind", ["usam", "sam"])
def test_flow_on_lucchis_quartic_is_scipys(kind):
    times = np.array([0.1, 0.5, 0.8])  # before "sam" meets a critical point, where its field jumps
    starts = np.array([[1.8, -0.7], [-1.5, 0.2]])
    found = flow(LUCCHI, starts, times, kind=kind, rho=0.2)
    assert list(found["coordinate"].values) == ["x", "y"]
    for s, start in enumerate(starts):
        expected = scipys(lucchi_field, start, times, 0.2, kind == "sam")
        np.testing.assert_allclose(found["w"][s], expected, rtol=0, atol=CONTRACTING)


@pytest.mark.parametrize("kind", ["n_sam", "one_sam"])
def test_n_sam_and_1_sam_flows_are_equations_10_and_11(kind):
    times = np.array([0.5, 3.0])
    found = flow(NET, START, times, kind=kind, rho=0.15, solver="dopri8")
    expected = scipys(net_field, START, times, 0.15, kind == "one_sam")
    np.testing.assert_allclose(found["w"][0], expected, rtol=0, atol=CONTRACTING)
    other = scipys(net_field, START, times, 0.15, kind == "n_sam")
    assert np.abs(other - expected).max() > 1e-3  # the two flows do differ here


def test_path_integrals_give_the_exponents_of_theorem_4():
    # w(t) = w(0) exp(-(1/n) int X~' r_sam) exp(-(rho/n^2) int (X~' r_sam) * (X~' r)), for every t: the proof's identity
    rho, signed, y = 0.15, jnp.asarray(SIGNED), jnp.asarray(Y)

    def residuals(w):
        r = signed @ w**2 - y
        return r, signed @ (w + rho / 3 * signed.T @ r * w) ** 2 - y

    found = flow(
        NET, START, [1.0, 4.0], kind="n_sam", rho=rho,
        path_integrals={
            "first": lambda w: signed.T @ residuals(w)[1],
            "second": lambda w: (signed.T @ residuals(w)[1]) * (signed.T @ residuals(w)[0]),
            "loss": NET.value,
        },
    )  # fmt: skip
    exponent = -found["first"].values / 3 - rho / 9 * found["second"].values
    # both sides carry the solver's error; nothing else
    np.testing.assert_allclose(START * np.exp(exponent), found["w"].values, rtol=0, atol=CONTRACTING)
    assert found["first"].dims == ("start", "time", "first_0")
    assert found["loss"].dims == ("start", "time")
    # and the scalar integral against SciPy's trapezoid on SciPy's path
    times = np.linspace(0, 4, 4001)
    path = scipys(net_field, START, times, rho, False)
    loss = np.mean((path**2 @ SIGNED.T - Y) ** 2, axis=1) / 4
    # the trapezoid's error is h^2 / 12 times the change of the loss's slope, 1e-6 / 12 times some units
    np.testing.assert_allclose(found["loss"][0, -1], integrate.trapezoid(loss, times), rtol=0, atol=2e-6)


def test_blow_up_in_finite_time_is_recorded_with_its_time():
    # dw/dt = w^3: w = 1 / sqrt(1 / w0^2 - 2 t), infinite at 1 / (2 w0^2)
    starts = np.array([[1.0], [0.5], [0.1]])
    found = flow(CLIFF, starts, [0.25, 0.75, 1.0, 1.5])
    assert list(found["outcome"].values) == ["diverged", "completed", "completed"]
    # |w| passes escape = 1e6 at 1/2 - 5e-13; the steps there have that length, and the solver's error is 1e-7 by then
    assert found["end_time"][0] == pytest.approx(0.5, abs=1e-6)
    np.testing.assert_array_equal(np.isnan(found["w"][:, :, 0]), [[False, True, True, True], [False] * 4, [False] * 4])
    exact = 1 / np.sqrt(1 / starts[1:] ** 2 - 2 * found["time"].values)
    # relative errors grow like w^2, here by (1 / 0.5)^2 until t = 1.5
    np.testing.assert_allclose(found["w"][1:, :, 0], exact, rtol=10 * CONTRACTING)


def test_a_step_that_shrinks_to_nothing_is_an_outcome():
    found = flow(CLIFF, [[1.0], [0.5], [0.1]], [0.25, 0.75, 1.0, 1.5], escape=1e300)
    assert list(found["outcome"].values) == ["step_too_small", "completed", "completed"]


def test_sam_chatters_near_a_minimum_and_rests_at_a_critical_point():
    # around the minimum SAM's field jumps: the solver cannot go on there; at it, the gradient is exactly zero
    found = flow(LUCCHI, [[1.2, 0.9], [1.0, 1.0]], [0.1, 0.5, 50.0], kind="sam", rho=0.2)
    assert list(found["outcome"].values) == ["too_many_steps", "completed"]
    assert found["steps"][0] == 100_000
    assert np.isnan(found["w"][0, -1]).all()
    assert np.isfinite(found["w"][0, 0]).all()
    np.testing.assert_array_equal(found["w"][1], np.ones((3, 2)))
    assert set(found["outcome"].values) < set(OUTCOMES)


def test_float32_stays_float32_whatever_the_landscapes_data():
    found = flow(SADDLE, np.array([[1.0, 0.1]], np.float32), 1.0, record=2, rtol=1e-5, atol=1e-6)
    assert SADDLE.h.dtype == np.float64
    assert found["w"].dtype == np.float32
    # tolerance 1e-5 per step, some ten steps, growing by exp(2)
    np.testing.assert_allclose(found["w"][0, -1], [np.exp(-2), 0.1 * np.exp(2)], rtol=0, atol=1e-3)


BAD = [
    ({"kind": "usm"}, "did you mean 'usam'"),
    ({"rho": 0.1}, "gradient flow takes no rho"),
    ({"kind": "usam", "rho": -0.1}, "rho = .*-0.1.* is out of range"),
    ({"kind": "usam", "rho": [0.1, 0.2, 0.3]}, "3 values for 2 starts"),
    ({"kind": "one_sam", "rho": 0.1}, "no finite sum"),
    ({"solver": "tsit"}, "did you mean 'tsit5'"),
    ({"rtol": 1e-20}, "rtol = 1e-20 is out of range"),
    ({"escape": 0.0}, "escape = 0.0 is out of range"),
    ({"max_steps": 0}, "max_steps = 0 is out of range"),
    ({"record": 0}, "at least one time"),
    ({"path_integrals": {"w": jnp.sum}}, "may not be called w"),
]


@pytest.mark.parametrize(("change", "message"), BAD, ids=lambda x: str(x)[:30])
def test_bad_arguments_are_refused_with_value_and_remedy(change, message):
    with pytest.raises(ValueError, match=message):
        flow(LUCCHI, np.zeros((2, 2)), 1.0, **change)


@pytest.mark.parametrize(
    ("starts", "time", "message"),
    [
        (np.zeros((2, 3)), 1.0, r"starts of shape \(S, 2\)"),
        (np.zeros((0, 2)), 1.0, "starts of shape"),
        ([[0.0, np.inf]], 1.0, "start 0 .* not finite"),
        (np.zeros((1, 2), complex), 1.0, "dtype complex128"),
        (np.zeros(2), [1.0, 0.5], "increasing"),
        (np.zeros(2), [-1.0, 0.5], ">= 0"),
        (np.zeros(2), np.nan, "time = nan is out of range"),
    ],
)
def test_bad_starts_and_times_are_refused(starts, time, message):
    with pytest.raises(ValueError, match=message):
        flow(LUCCHI, starts, time)
