"""The verdicts that outcomes rest on: Jacobians, smoothness, cycles' multipliers, first exits."""

import numpy as np
import pytest

from samscape.dynamics.attraction import Attraction
from samscape.dynamics.first_exit import first_exit
from samscape.dynamics.linear_map import cycle_multiplier, linearise, spectral_radius
from samscape.dynamics.methods import make_rule
from samscape.dynamics.outcome_codes import Tolerances
from samscape.dynamics.panel import broadcast_rule, initial_state
from samscape.dynamics.point_table import point_table
from samscape.landscapes import get_landscape
from samscape.landscapes.landscape import ClosedForm
from samscape.landscapes.lucchi import LUCCHI

TILTED = get_landscape("quadratic", eigenvalues=(3, "-1/2"), tilt=(1, 2))
ETA, RHO = np.array([0.1, 0.5, 0.9]), np.array([0.0, 0.3, 2.5])


def _at_origin(name: str, **numbers):
    rule = broadcast_rule(make_rule(name, ETA, **numbers), 3, np.float64)
    return linearise(TILTED, rule, np.zeros((3, 2)), np.full(3, 1e-4))


def test_spectral_radii_are_those_of_the_closed_forms():
    values = np.array([3.0, -0.5])
    gd = np.abs(1 - ETA[:, None] * values).max(axis=1)
    usam = np.abs(1 - ETA[:, None] * values * (1 + RHO[:, None] * values)).max(axis=1)
    beta = 0.9
    companion = [[[1 - eta * v, -eta * beta], [v, beta]] for eta in ETA for v in values]
    ball = np.abs(np.linalg.eigvals(np.array(companion))).reshape(3, -1).max(axis=1)
    # exact derivatives of formulas with coefficients of a few units: round-off, square-rooted by a double eigenvalue
    assert np.allclose(_at_origin("gd").radius, gd, rtol=1e-12)
    assert np.allclose(_at_origin("usam", rho=RHO).radius, usam, rtol=1e-12)
    assert np.allclose(_at_origin("gd", base="heavy_ball").radius, ball, rtol=1e-7)


def test_spectral_radius_of_two_by_two_agrees_with_lapack():
    matrices = np.random.default_rng(0).normal(size=(200, 2, 2))
    expected = np.abs(np.linalg.eigvals(matrices)).max(axis=1)
    assert np.allclose(
        spectral_radius(matrices), expected, rtol=1e-7
    )  # round-off, square-rooted near double eigenvalues


@pytest.mark.parametrize(
    ("name", "numbers", "smooth"),
    [
        ("gd", {}, True),
        ("gd", {"base": "heavy_ball"}, True),
        ("gd", {"base": "adamw"}, False),  # counts its steps
        ("usam", {"rho": 0.3}, True),
        ("sam", {"rho": 0.3}, False),
        ("sam", {"rho": 0.0}, True),
        ("stable_sam", {"rho": 0.3}, False),
        ("asam", {"rho": 0.3}, False),  # T^2 g / ||T g|| is of first order in w, and not linear
        ("asam", {"rho": 0.3, "floor": 0.1}, False),
        ("gsam", {"rho": 0.3}, False),
        ("look_sam", {"rho": 0.3}, False),
        ("ae_sam", {"rho": 0.3}, False),
    ],
)
def test_rules_without_a_derivative_at_a_critical_point_are_found_out(name, numbers, smooth):
    found = _at_origin(name, **numbers).smooth
    assert found.tolist() == [smooth] * 3


def test_a_cycle_s_multiplier_is_found_from_nearby():
    # x -> x - eta (x - x^3): the cycle +-sqrt(1 - 2/eta) has the multiplier (2 eta - 5)^2, above 1 for eta > 3
    hilltop = ClosedForm("hilltop", "x**2/2 - x**4/4", ("x",), domain=((-1.0, 1.0),))
    eta = np.array([2.1, 2.6, 3.2])
    rule = broadcast_rule(make_rule("gd", eta), 3, np.float64)
    start = np.sqrt(1 - 2 / eta)[:, None] * 1.001
    state = initial_state(rule, start)
    found = cycle_multiplier(hilltop, rule, start, state, np.full(3, 2), np.full(3, 0.05))
    assert np.allclose(found, (2 * eta - 5) ** 2, rtol=1e-8)  # Newton's error of 1e-9 in place, of order one in slope
    # far from any cycle there is none to find
    assert np.isnan(cycle_multiplier(hilltop, rule, start + 0.2, state, np.full(3, 2), np.full(3, 1e-3))).all()


def test_first_exits_are_those_of_a_plain_loop():
    rng = np.random.default_rng(2)
    starts, centre = rng.uniform(-1.5, 1.5, (80, 2)), rng.uniform(-0.5, 0.5, (80, 2))
    radius, steps = rng.uniform(0.3, 2.0, 80), rng.integers(0, 300, 80)
    found = first_exit(LUCCHI, make_rule("usam", 0.05, rho=0.2), starts, steps, radius, centre)
    expected = np.full(80, -1)
    w = starts.copy()
    for t in range(301):
        out = (np.linalg.norm(w - centre, axis=1) > radius) & (expected < 0) & (t <= np.maximum(steps, 0))
        expected[out] = t
        x, y = w.T
        u, v = x + 0.2 * (x**3 - y), y + 0.2 * (y - x)
        w = np.stack([x - 0.05 * (u**3 - v), y - 0.05 * (v - u)], axis=1)
    assert np.array_equal(found, expected)
    assert (found == 0).any()
    assert (found > 0).any()
    assert (found < 0).any()


def _verdicts(landscape, name: str, eta: np.ndarray, **numbers):
    tolerances = Tolerances()
    table = point_table(landscape, tolerances.ball)
    rule = broadcast_rule(make_rule(name, eta, **numbers), len(eta), np.float64)
    attraction = Attraction(landscape, rule, eta, table, tolerances, np.float64)
    setting, row = (x.ravel() for x in np.indices((len(eta), len(table))))
    verdict = attraction.judge(setting, row, np.ones(len(row), bool))
    return table, verdict.held.reshape(len(eta), -1)


def test_smooth_maps_are_judged_by_their_jacobian():
    eta = np.array([0.1, 0.5, 0.6])  # 2 / sharpness of Lucchi's minima = 0.586
    table, held = _verdicts(LUCCHI, "gd", eta)
    assert table.kinds == ("minimum", "minimum", "saddle")
    assert np.array_equal(held > 0, [[True, True, False], [True, True, False], [False, False, False]])
    # USAM: the saddle's eigenvalue (1 - sqrt 5)/2 = -0.618 attracts from rho = 1.618 on
    for rho, caught in ((1.5, False), (1.7, True)):
        assert (_verdicts(LUCCHI, "usam", np.array([0.01]), rho=rho)[1][0, 2] > 0) == caught


def test_neutral_points_are_judged_by_displaced_starts():
    # x^4 at 0: the Jacobian is 1 whatever eta; GD creeps in. At a monkey saddle it creeps out.
    quartic = ClosedForm("quartic", "x**4", ("x",), domain=((-1.0, 1.0),))
    table, held = _verdicts(quartic, "gd", np.array([0.1]))
    assert table.kinds == ("degenerate",)
    assert held[0, 0] == table.ball[0]
    _, held = _verdicts(get_landscape("monkey_saddle"), "gd", np.array([0.1]))
    assert held[0, 0] == 0


def test_sam_holds_at_a_saddle_where_it_is_trapped_and_not_where_it_is_gd():
    saddle = get_landscape("saddle")
    for rho, caught in ((1e-9, False), (0.5, True)):
        table, held = _verdicts(saddle, "sam", np.array([0.01]), rho=rho)
        assert (held[0, 0] == table.ball[0]) == caught
        assert (held[0, 0] > 0) == caught


def test_verdicts_do_not_depend_on_what_else_is_asked():
    eta = np.geomspace(0.01, 0.5, 7)
    together = _verdicts(LUCCHI, "sam", eta, rho=0.2)[1]
    alone = np.concatenate([_verdicts(LUCCHI, "sam", eta[i : i + 1], rho=0.2)[1] for i in (0, 6)])
    assert np.array_equal(together[[0, 6]], alone)


def test_balls_of_neighbours_do_not_overlap():
    table = point_table(get_landscape("three_hump_camel"), 5.0)
    gaps = np.linalg.norm(table.w[:, None] - table.w[None], axis=2) + np.diag(np.full(len(table), np.inf))
    assert (table.ball <= 0.4 * gaps.min(axis=1) * (1 + 1e-12)).all()
    nearest, member = table.nearest(table.w.T)
    assert nearest.tolist() == list(range(len(table)))
    assert np.array_equal(member.T, table.w)
