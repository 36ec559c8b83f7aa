"""The motion behind a portrait, against NumPy written apart from the rules; and where it rests."""

import functools

import numpy as np
import pytest

from samscape.dynamics.methods import make_rule
from samscape.figures.equilibria import describe, equilibria
from samscape.figures.field import Field, window_of
from samscape.landscapes import ClosedForm, get_landscape

LUCCHI = get_landscape("lucchi")
SADDLE = get_landscape("saddle")
POINTS = np.random.default_rng(0).uniform(-2, 2, (300, 2))
WINDOW = ((-2.0, 2.0), (-2.0, 2.0))


def lucchi_gradient(w):
    x, y = w.T
    return np.stack([x**3 - y, y - x], axis=1)


def ascended(w, rho, normalised):
    g = lucchi_gradient(w)
    return w + rho * (g / np.linalg.norm(g, axis=1, keepdims=True) if normalised else g)


# 1e-9: the velocity is a difference of iterates over eta = 0.01, so round-off of 2e-16 x |w| = 4 is divided by it, and
# gradients near w_adv are of size 30
agree = functools.partial(np.testing.assert_allclose, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("name", "normalised"), [("sam", True), ("usam", False)])
def test_the_velocity_of_sam_is_minus_the_gradient_at_w_adv(name, normalised):
    moved = Field(LUCCHI, make_rule(name, 0.01, rho=0.3)).motion(POINTS)
    w_adv = ascended(POINTS, 0.3, normalised)
    agree(moved.w_adv, w_adv)
    agree(moved.velocity, -lucchi_gradient(w_adv))
    agree(moved.image, POINTS - 0.01 * lucchi_gradient(w_adv))


def test_without_a_rule_the_velocity_is_minus_the_gradient():
    moved = Field(LUCCHI)
    assert moved.flow
    np.testing.assert_allclose(moved.velocity(POINTS), -lucchi_gradient(POINTS), rtol=1e-14, atol=1e-14)  # round-off


def test_the_flow_of_stable_sam_has_the_orbits_of_sams():
    stable = Field(LUCCHI, make_rule("stable_sam", 0.01, rho=0.3)).velocity(POINTS)
    flow = Field(LUCCHI, make_rule("stable_sam", 0.01, rho=0.3), flow=True).velocity(POINTS)
    agree(flow, -lucchi_gradient(ascended(POINTS, 0.3, True)))
    ratio = np.linalg.norm(lucchi_gradient(POINTS), axis=1) / np.linalg.norm(flow, axis=1)
    agree(stable, ratio[:, None] * flow)


def test_the_jacobian_is_the_derivative_of_the_velocity():
    moved = Field(LUCCHI, make_rule("usam", 0.01, rho=0.3))
    h = 1e-5
    columns = [(moved.velocity(POINTS + h * e) - moved.velocity(POINTS - h * e)) / (2 * h) for e in np.eye(2)]
    # central differences: h^2 times third derivatives of size 1e3, and round-off 1e-12 / h
    np.testing.assert_allclose(moved.jacobian(POINTS), np.stack(columns, axis=2), atol=1e-5, rtol=1e-5)


def test_the_answer_does_not_depend_on_how_many_points_are_asked_for():
    moved = Field(LUCCHI, make_rule("sam", 0.01, rho=0.3))
    few = np.concatenate([moved.velocity(POINTS[i : i + 1]) for i in range(3)])
    # 1e-11: programs of different sizes may round differently, over eta = 0.01
    np.testing.assert_allclose(few, moved.velocity(POINTS)[:3], atol=1e-11)
    assert moved.velocity(np.zeros((0, 2))).shape == (0, 2)


def test_the_step_size_is_that_of_the_base_and_velocities_are_displacements_without_one():
    assert Field(LUCCHI, make_rule("gd", 0.25)).step_size == 0.25
    heavy = Field(LUCCHI, make_rule("gd", 0.25, base="heavy_ball"))
    assert heavy.step_size == 1
    assert not heavy.memoryless
    np.testing.assert_allclose(heavy.velocity(POINTS), -0.25 * lucchi_gradient(POINTS), atol=1e-13)  # round-off


def test_a_rule_that_draws_random_numbers_is_refused():
    with pytest.raises(ValueError, match="random draws random numbers, so its step is no function of w alone"):
        Field(LUCCHI, make_rule("random", 0.1))


@pytest.mark.parametrize("rho", [0.2, 0.5, 1.5])
def test_sam_on_the_plain_saddle_rests_at_distance_rho_along_the_unstable_axis(rho):
    # v = (-2 x (1 + rho/r), 2 y (1 - rho/r)): zero at (0, +-rho); there Dv = diag(-4, 2)
    moved = Field(SADDLE, make_rule("sam", 0.01, rho=rho))
    found = equilibria(moved, WINDOW, np.zeros((1, 2)))
    own = sorted((rest for rest in found if not rest.critical), key=lambda rest: rest.location[1])
    assert [rest.behaviour for rest in own] == ["saddle", "saddle"]
    # 1e-10: Newton's method converges to round-off divided by eta
    np.testing.assert_allclose([rest.location for rest in own], [[0, -rho], [0, rho]], atol=1e-10)
    np.testing.assert_allclose(np.sort(own[0].rates), [-4, 2], rtol=1e-8)  # the location's error, times 1/rho
    assert found[0].critical
    assert found[0].behaviour == "attracts"


@pytest.mark.parametrize(("name", "behaviour"), [("gd", "saddle"), ("usam", "attracts"), ("stable_sam", "attracts")])
def test_rules_with_a_large_enough_radius_are_drawn_to_the_plain_saddle_and_gd_is_not(name, behaviour):
    # USAM: Dv = -lambda (1 + rho lambda), for lambda = -2 and rho = 1: -2
    numbers = {} if name == "gd" else {"rho": 1.0}
    moved = Field(SADDLE, make_rule(name, 0.01, **numbers))
    assert describe(moved, np.zeros(2), True, 4.0).behaviour == behaviour


@pytest.mark.parametrize(("eta", "behaviour"), [(0.58, "attracts"), (0.59, "saddle")])
def test_a_minimum_stops_attracting_gd_when_eta_exceeds_two_over_the_sharpness(eta, behaviour):
    # sharpness 2 + sqrt(2) at (1, 1): 2/lambda = 0.5858
    moved = Field(LUCCHI, make_rule("gd", eta))
    assert describe(moved, np.ones(2), True, 4.0).behaviour == behaviour


def test_sam_near_a_minimum_in_a_narrow_curved_valley_attracts_although_not_from_every_direction_at_once():
    # Beale at rho = 0.5: simulated, the oscillation about (3, 1/2) shrinks in proportion to eta
    moved = Field(get_landscape("beale"), make_rule("sam", 1e-3, rho=0.5))
    assert describe(moved, np.array([3.0, 0.5]), True, 6.0).behaviour == "attracts"


def test_no_rest_is_invented_along_a_valley_of_minima():
    moved = Field(get_landscape("tanh_tanh"), make_rule("usam", 0.1, rho=0.5))
    found = equilibria(moved, WINDOW, np.zeros((1, 2)), starts=8)
    assert [rest.behaviour for rest in found if not rest.critical] in ([], ["neutral"] * (len(found) - 1))


def test_a_window_is_the_domain_unless_it_is_given():
    assert window_of(LUCCHI, None) == WINDOW  # its domain
    assert window_of(LUCCHI, [[0, 1], [2, 3]]) == ((0.0, 1.0), (2.0, 3.0))
    assert window_of(ClosedForm("bare", "x*y", ("x", "y")), None) == WINDOW


@pytest.mark.parametrize("window", [((0, 1),), ((1, 0), (0, 1)), ((0, np.inf), (0, 1)), ((0, 1), (0, 1), (0, 1))])
def test_a_window_that_does_not_fit_is_refused(window):
    with pytest.raises(ValueError, match=r"window must be 2 pairs \(low, high\) with low < high"):
        window_of(LUCCHI, window)
