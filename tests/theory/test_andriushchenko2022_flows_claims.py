"""Andriushchenko and Flammarion's claims on linear models and diagonal networks: what they measure, done otherwise."""

from fractions import Fraction
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.optimize import minimize

from samscape.theory.andriushchenko2022 import (
    effective_alpha,
    effective_alpha_one,
    linear_sharpness as sharpness,
    loss_relations,
)
from samscape.theory.andriushchenko2022.diagonal_flow import (
    at_point,
    closed_path,
    decline_by_radius,
    gradient,
    multipliers,
)
from samscape.theory.andriushchenko2022.measured_exponents import measured_exponents
from samscape.theory.andriushchenko2022.potential import potential
from samscape.theory.arithmetic import rational_arithmetic
from samscape.theory.checks.instances import numpy_arithmetic

M = numpy_arithmetic()
KINDS = ("n_sam", "one_sam")
PATH = SimpleNamespace(x1=0.9, x2=-0.5, alpha_1=0.4, alpha_2=0.7, tau=0.6, n=2)
"""A closed path; the second example is on a third coordinate."""


def velocity(kind, w, x, y, rho):
    """Equations 10 and 11 in matrices: W is diag(w), the loss |X (w_+² - w_-²) - y|²/(4n)."""
    n = len(x)
    both = np.hstack([x, -x])

    def slopes(v):
        """Row i: the gradient of l_i at row i of v."""
        return (np.einsum("ij,ij->i", both, v**2) - y)[:, None] * both * v

    at = np.tile(w, (n, 1))
    ascent = slopes(at)
    if kind == "n_sam":
        ascent = np.tile(ascent.mean(0), (n, 1))
    return -slopes(at + rho * ascent).mean(0)


def run(kind, x, y, alpha, rho, time):
    """The end of the flow, beta and log(alpha/sqrt(w_+ w_-)), and int r r' ds along it, (n, n)."""
    n, d = x.shape

    def rate(t, state):
        w = state[: 2 * d]
        r = x @ (w[:d] ** 2 - w[d:] ** 2) - y
        return np.r_[velocity(kind, w, x, y, rho), np.outer(r, r).ravel()]

    start = np.r_[alpha, alpha, np.zeros(n * n)]
    end = solve_ivp(rate, (0, time), start, method="DOP853", rtol=1e-12, atol=1e-14).y[:, -1]
    plus, minus = end[:d], end[d : 2 * d]
    return plus**2 - minus**2, np.log(alpha / np.sqrt(plus * minus)), end[2 * d :].reshape(n, n)


@pytest.mark.parametrize("kind", KINDS)
def test_closed_paths_are_those_of_the_flow_and_of_its_derivative_by_the_radius(kind):
    found = closed_path(kind, PATH, M)
    x, y = np.array([[0.9, -0.5, 0], [0, 0, 1.3]]), np.array([found["y"], 0.4])
    alpha, h = np.array([0.4, 0.7, 0.5]), 1e-3
    (at, _, products), up, down = (run(kind, x, y, alpha, rho, 300.0) for rho in (0.0, h, -h))
    # tolerances 1e-12 a step, some hundred steps
    np.testing.assert_allclose(at[:2], [found["beta_1"], found["beta_2"]], rtol=1e-9)
    # the path's integral of r_1² times x_j², which is (X'r)_j² as well, the other example not seeing coordinate j
    squares = [found["square_1"], found["square_2"]]
    np.testing.assert_allclose(np.array([0.81, 0.25]) * products[0, 0], squares, rtol=1e-9)
    # central differences: an error of order (h |x|^4 size)², about 1e-5
    slopes, shifts = (up[1] - down[1]) / (2 * h), (up[0] - down[0]) / (2 * h)
    np.testing.assert_allclose(slopes[:2], [found["slope_1"], found["slope_2"]], rtol=1e-4)
    np.testing.assert_allclose(shifts[:2], [found["shift_1"], found["shift_2"]], rtol=1e-4)


@pytest.mark.parametrize(("kind", "factor"), [("n_sam", 2 / 4), ("one_sam", 8 / 2)])
def test_ends_of_flows_minimise_the_potential_of_the_corrected_scale_and_not_of_the_printed_one(kind, factor):
    y = np.array([closed_path(kind, PATH, M)["y"], 0.4])
    x, alpha = np.array([[0.9, -0.5, 0], [0, 0, 1.3]]), np.array([0.4, 0.7, 0.5])
    square = x[0, :2] ** 2 * run(kind, x, y, alpha, 0.0, 300.0)[2][0, 0]
    true = factor / {"n_sam": 2, "one_sam": 8}[kind]

    def apart(rho, by):
        """How far x_2 arcsinh(beta_1/(2 a_1²)) - x_1 arcsinh(beta_2/(2 a_2²)) is from 0, its value at a minimum."""
        beta = run(kind, x, y, alpha, rho, 300.0)[0][:2]
        z = np.arcsinh(beta / (2 * (alpha[:2] * np.exp(-rho * by * square)) ** 2))
        return abs(z[0] * x[0, 1] - z[1] * x[0, 0])

    # of second order in rho for the corrected scale, of first order for the printed one
    assert 3.5 < apart(0.02, true) / apart(0.01, true) < 4.5
    assert 1.8 < apart(0.02, factor) / apart(0.01, factor) < 2.2
    said = [float(m) for m in multipliers(closed_path(kind, PATH, M), PATH, factor)]
    first_order = abs(said[0] - said[1]) * abs(x[0, 0] * x[0, 1])
    assert apart(1e-4, factor) / 1e-4 == pytest.approx(first_order, rel=1e-2)  # the next order is 1e-4 times O(1)


@pytest.mark.parametrize("kind", KINDS)
def test_rate_of_decline_by_the_radius_is_that_of_the_loss_of_equation_5_differentiated_by_sympy(kind):
    import sympy

    names = {"p1": 2, "p2": 1, "q1": 3, "q2": "1/2", "x11": 1, "x12": -2, "x21": "3/2", "x22": 1, "y1": -1, "y2": 2}
    w, rho = sympy.symbols("p1 p2 q1 q2", positive=True), sympy.Symbol("rho")
    exact = {name: sympy.Rational(value) for name, value in names.items()}
    inputs = [(exact["x11"], exact["x12"], exact["y1"]), (exact["x21"], exact["x22"], exact["y2"])]
    losses = [(a * (w[0] ** 2 - w[2] ** 2) + b * (w[1] ** 2 - w[3] ** 2) - y) ** 2 / 4 for a, b, y in inputs]
    groups = [sum(losses) / 2] if kind == "n_sam" else losses

    def descent(loss):
        slope = [sympy.diff(loss, v) for v in w]
        above = {v: v + rho * s for v, s in zip(w, slope)}
        return [-s.xreplace(above) for s in slope]

    field = [sum(parts) / len(groups) for parts in zip(*map(descent, groups))]
    rate = -(field[0] / w[0] + field[2] / w[2]) / 2
    said = sympy.diff(rate, rho).subs(rho, 0).subs({v: exact[v.name] for v in w})
    m = rational_arithmetic()
    point = SimpleNamespace(**{name: m.number(Fraction(value)) for name, value in names.items()})
    found = decline_by_radius(kind, *at_point(point), m)[0]
    assert Fraction(int(found.p), int(found.q)) == Fraction(int(said.p), int(said.q))
    (first, _), (r1, r2) = inputs, [a * -5 + b * Fraction(3, 4) - y for a, b, y in inputs]
    ahead = [first[0] * r1, inputs[1][0] * r2]
    theorem = sum(ahead) ** 2 / 4 if kind == "n_sam" else sum(a * a for a in ahead) / 2
    assert said == theorem


def test_perturbed_weights_of_appendix_b2_are_no_ascent_on_equation_5():
    w, sample, rho = (2.0, 1.0, 0.5, 1.5), ((1.0, -2.0), 3.0), 0.1
    r = (4 - 0.25) - 2 * (1 - 2.25) - 3
    ahead = np.add(w, rho * np.array(gradient(w, (sample,))))
    np.testing.assert_allclose(ahead, np.multiply(w, 1 + rho * r * np.array([1, -2, -1, 2])), rtol=1e-14)  # round-off
    families = effective_alpha_one.STEPS[0].families
    assert families is not None
    (family,) = families
    numbers = {
        "p1": 2.0, "p2": 1.0, "q1": 0.5, "q2": 1.5, "x11": 1.0,
        "x12": -2.0, "y1": 3.0, "x21": 1.0, "x22": 1.0, "y2": 1.0, "rho": rho,
    }  # fmt: skip
    found = family.values(numbers, {}, M)
    residual_ahead = ahead[0] ** 2 - ahead[2] ** 2 - 2 * (ahead[1] ** 2 - ahead[3] ** 2) - 3
    assert found["residual_ahead"] == pytest.approx(residual_ahead, rel=1e-13)  # round-off
    assert r + 2 * rho * found["second"] + rho**2 * found["third"] == pytest.approx(residual_ahead, rel=1e-12)


def test_residual_of_n_sam_is_not_the_last_line_displayed_but_has_squares_and_their_difference():
    family = next(s for s in effective_alpha.STEPS if s.name.startswith("r_sam")).families[0]
    rng, rho = np.random.default_rng(0), 0.3
    w, x, y = rng.uniform(0.2, 2, 4), rng.standard_normal((2, 2)), rng.standard_normal(2)
    numbers = dict(zip(("p1", "p2", "q1", "q2", "x11", "x12", "x21", "x22", "y1", "y2"), [*w, *x.ravel(), *y]), rho=rho)
    found = family.values(numbers, {}, M)
    r = x @ (w[:2] ** 2 - w[2:] ** 2) - y
    g, sums = x.T @ r, w[:2] ** 2 + w[2:] ** 2
    true = r + rho * x @ (g * sums) + rho**2 / 4 * x @ (g**2 * (w[:2] ** 2 - w[2:] ** 2))
    printed = r + rho * x @ (g * (w[:2] + w[2:])) + rho**2 / 4 * x @ (g**2 * sums)
    said = [found["residual_ahead"], found["displayed"]]
    np.testing.assert_allclose(said, [true[0], printed[0]], rtol=1e-12)  # round-off


@pytest.mark.parametrize("kind", KINDS)
def test_measured_exponents_of_a_network_are_those_of_another_solver(kind):
    x = np.array([[1.0, -0.5, 0.7, 0.2], [0.3, 1.2, -0.4, 0.6], [-0.2, 0.4, 0.9, -1.1]])
    y, alpha = x @ np.array([0.8, -0.3, 0.1, 0.5]), np.array([0.3, 0.5, 0.4, 0.6])
    found, h = measured_exponents(kind), 5e-4
    up, at, down = (run(kind, x, y, alpha, rho, 60.0) for rho in (h, 0.0, -h))
    # central differences: an error of order (h |x|²)², some 1e-6
    np.testing.assert_allclose(found.slope, (up[1] - down[1]) / (2 * h), rtol=1e-5)
    weights = [np.outer(c, c) for c in x.T]
    integral = [np.sum(p * at[2]) if kind == "n_sam" else np.sum(np.diag(p * at[2])) for p in weights]
    np.testing.assert_allclose(found.square, integral, rtol=1e-8)  # tolerances 1e-12, some hundred steps
    np.testing.assert_allclose(found.slope, found.square / (9 if kind == "n_sam" else 3), rtol=1e-5)
    assert np.all(found.error < 1e-5 * found.slope.max())


def test_potential_is_the_integral_of_the_inverse_hyperbolic_sine_and_least_at_the_end_of_the_flow():
    for beta, alpha in ((0.7, 0.3), (-2.0, 1.1)):
        area, _ = quad(lambda u: np.arcsinh(u / 2), 0, beta / alpha**2, epsabs=1e-12)
        assert potential(beta, alpha, M) == pytest.approx(alpha**2 * area, rel=1e-9)  # tolerance of the quadrature
    found = closed_path("n_sam", PATH, M)
    at = np.array([found["beta_1"], found["beta_2"]])

    def along(s):
        return sum(potential(b, a, M) for b, a in zip(at + s * np.array([0.5, 0.9]), (PATH.alpha_1, PATH.alpha_2)))

    assert abs(minimize(lambda s: along(s[0]), [0.3], tol=1e-12).x[0]) < 1e-5  # the root of round-off of its values


@pytest.mark.parametrize("family", sharpness.CLOSED_FORM.families, ids=lambda f: f.name)
def test_closed_form_of_the_sharpness_is_what_an_optimiser_finds(family):
    numbers = {
        "w1": 0.4, "w2": -0.7, "x1": 1.2, "x2": 0.5, "z1": -0.8, "z2": 0.9,
        "d1": 1.0, "d2": 2.0, "e1": -1.0, "e2": 0.3, "share": 0.6, "rho": 0.8,
    }  # fmt: skip
    found = family.values(numbers, {"y": 1}, M)
    loss = sharpness.LOSSES[family.name]
    w, total = np.array([0.4, -0.7]), 0.0
    for label, x in ((1, np.array([1.2, 0.5])), (-1, np.array([-0.8, 0.9]))):
        angles = np.linspace(0, 2 * np.pi, 20_001)
        ring = 0.8 * np.array([np.cos(angles), np.sin(angles)])
        values = np.array([loss(label * (w[:, None] + s * ring).T @ x, None, M) for s in (0, 0.5, 1)])
        total += values.max() - loss(label * w @ x, None, M)
    assert found["printed"] == pytest.approx(total, rel=1e-6)  # a grid of 3e-4 around a maximum: its square
    assert found["tried"] <= found["attained"] == pytest.approx(found["printed"], rel=1e-14)  # round-off


def test_a_convex_decreasing_loss_has_minimisers_of_unequal_sharpness():
    def loss(z):
        """Slopes -3/2, -1, -1/2; parabolas of curvature 1 between."""
        points = [Fraction(-3, 2), Fraction(-1), Fraction(1), Fraction(3, 2)]
        if z <= points[0]:
            return Fraction(13, 8) - Fraction(3, 2) * (z - points[0])
        if z <= points[1]:
            return -z + (z + 1) ** 2 / 2
        if z <= points[2]:
            return -z
        if z <= points[3]:
            return -z + (z - 1) ** 2 / 2
        return -Fraction(11, 8) - (z - points[3]) / 2

    grid = [Fraction(k, 8) for k in range(-40, 41)]
    values = [loss(z) for z in grid]
    assert all(a > b for a, b in pairwise(values))
    assert all(a + c >= 2 * b for a, b, c in zip(values, values[1:], values[2:]))
    total = {w: loss(w) + loss(-w) for w in grid}
    assert min(total.values()) == total[Fraction(0)] == total[Fraction(1)]
    rises = [loss(w - 1) + loss(-w - 1) - total[w] for w in (Fraction(0), Fraction(1))]
    assert rises == [2, Fraction(19, 8)]
    numbers = {"a": 1.0, "rho": 1.0, "width": 1.0, "k": 1.0, "place_1": 0.0, "place_2": 1.0, "place_3": 3.0}
    found = sharpness.MINIMISERS.families[0].values(numbers, {}, M)
    assert [found["sharpness_1"], found["sharpness_2"]] == [2.0, 2.375]
    assert found["elsewhere"] == float(total[Fraction(3)])


@pytest.mark.parametrize(("claim", "kind"), [(loss_relations.EQ_18, "n_sam"), (loss_relations.EQ_19, "one_sam")])
def test_norms_of_the_exponents_are_four_times_what_equations_18_and_19_say(claim, kind):
    rng, n, d = np.random.default_rng(3), 4, 40_000
    x, off = rng.standard_normal((n, d)), rng.standard_normal(d)
    r = x @ off
    parts = (x.T @ r) ** 2 / n**2 if kind == "n_sam" else x.T**2 @ r**2 / n
    said = (d / n if kind == "n_sam" else d) * np.mean(r**2) / 4
    assert parts.sum() / said == pytest.approx(4, rel=0.05)  # |XX'/d - I| is about 2 sqrt(n/d) = 0.02
    numbers = {"e11": 0.01, "e12": -0.02, "e21": 0.03, "e22": 0.01, "t": 0.3, "b1": 0.7, "b2": -1.1}
    found = claim.families[0].values(numbers, {"n": 2}, M)
    c, s = (1 - 0.09) / 1.09, 0.6 / 1.09
    x = np.array([[c - s + 0.01, c + s - 0.02], [-c - s + 0.03, c - s + 0.01]])
    r = x @ [0.7, -1.1]
    parts = (x.T @ r) ** 2 / 4 if kind == "n_sam" else x.T**2 @ r**2 / 2
    again = [parts.sum(), np.mean(r**2) / 4, np.sum((x @ x.T / 2 - np.eye(2)) ** 2)]
    np.testing.assert_allclose([found[k] for k in ("norm", "loss", "gram2")], again, rtol=1e-12)  # round-off


def test_rates_of_the_range_of_theorem_5_are_those_of_the_field():
    rng = np.random.default_rng(5)
    w, x, truth, rho = rng.uniform(0.2, 2, 4), rng.standard_normal((2, 2)), rng.standard_normal(2), 0.2
    names = ("p1", "p2", "q1", "q2", "x11", "x12", "x21", "x22", "b1", "b2")
    numbers = dict(zip(names, [*w, *x.ravel(), *truth]), rho=rho, R=9.0, B=9.0)
    found = effective_alpha_one.RANGE_OF_RHO.families[0].values(numbers, {"n": 2}, M)
    v = velocity("one_sam", w, x, x @ truth, rho)
    rates = -(v[:2] / w[:2] + v[2:] / w[2:]) / 2
    sizes = [np.linalg.norm(x, axis=1).max(), np.linalg.norm(w[:2] ** 2 - w[2:] ** 2), np.linalg.norm(truth)]
    said = [found[k] for k in ("rate_1", "rate_2", "longest", "size", "truth")]
    np.testing.assert_allclose(said, [*rates, *sizes], rtol=1e-11)  # round-off, cancelling in the rates


def test_radius_of_the_flow_run_for_the_range_of_theorem_5_lies_in_it():
    x = np.array([[1.0, -0.5, 0.7, 0.2], [0.3, 1.2, -0.4, 0.6], [-0.2, 0.4, 0.9, -1.1]])
    truth, alpha = np.array([0.8, -0.3, 0.1, 0.5]), np.array([0.3, 0.5, 0.4, 0.6])
    path = solve_ivp(
        lambda t, w: velocity("one_sam", w, x, x @ truth, 0.05), (0, 60), np.r_[alpha, alpha], rtol=1e-9, atol=1e-12
    ).y
    largest = np.linalg.norm(path[:4] ** 2 - path[4:] ** 2, axis=0).max()
    bound = 1 / (4 * (x**2).sum(axis=1).max() * np.sqrt(largest * (largest + np.linalg.norm(truth))))
    assert bound > 0.05
