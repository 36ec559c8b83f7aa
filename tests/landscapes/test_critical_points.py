"""Critical points: found, told apart and counted, against places and spectra that are known otherwise."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import brentq

from samscape.landscapes import CLOSED_FORM, get_landscape
from samscape.landscapes.critical_points import CriticalPoint, critical_points, find_critical_points, table
from samscape.landscapes.landscape import ClosedForm, CriticalSet, Landscape

BEALE = "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2"
HIMMELBLAU = "(x^2 + y - 11)^2 + (x + y^2 - 7)^2"
RASTRIGIN = "20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)"


def found(text: str, domain: Any = None, **options: Any) -> list[CriticalPoint]:
    return find_critical_points(Landscape.from_expression(text, domain=domain), **options)


def kinds(points: list[CriticalPoint]) -> list[str]:
    return [point.kind for point in points]


# --- isolated points -------------------------------------------------------------------------------------------------


def test_lucchi_has_two_minima_and_a_saddle_with_these_spectra():
    points = found("x**4/4 - x*y + y**2/2")
    assert kinds(points) == ["minimum", "minimum", "saddle"]
    # Newton's last step leaves round-off times the condition, below 10
    np.testing.assert_allclose([p.w for p in points], [[-1, -1], [1, 1], [0, 0]], atol=1e-14)
    np.testing.assert_allclose([p.value for p in points], [-0.25, -0.25, 0], atol=1e-15)
    for p in points:
        curvature = 3 * p.w[0] ** 2  # Hessian [[c, -1], [-1, 1]]
        root = np.sqrt((curvature - 1) ** 2 + 4)
        np.testing.assert_allclose(p.eigenvalues, [(curvature + 1 - root) / 2, (curvature + 1 + root) / 2], atol=1e-14)
        np.testing.assert_allclose(
            p.eigenvectors @ np.diag(p.eigenvalues) @ p.eigenvectors.T, [[curvature, -1], [-1, 1]], atol=1e-14
        )
        assert p.index == np.sum(p.eigenvalues < 0)
        assert p.residual < 1e-14
        assert p.isolated
        assert p.inside
        assert not p.declared


def test_beale_has_its_minimum_and_the_saddle_at_zero_one():
    points = found(BEALE, domain=(-4.5, 4.5))
    minimum = points[0]
    jacobian = np.array([[0.5**k - 1, 3 * k * 0.5 ** (k - 1)] for k in (1, 2, 3)])  # of the residuals, all zero there
    np.testing.assert_allclose(minimum.w, [3, 0.5], atol=1e-13)  # condition 160
    np.testing.assert_allclose(minimum.eigenvalues, np.linalg.eigvalsh(2 * jacobian.T @ jacobian), atol=1e-12)
    saddle = next(p for p in points if np.allclose(p.w, [0, 1], atol=1e-12))  # round-off times the condition
    assert (minimum.kind, saddle.kind, saddle.index) == ("minimum", "saddle", 1)
    slope = 2 * (1.5 + 2 * 2.25 + 3 * 2.625)  # both squares vanish there, so that the Hessian is [[0, s], [s, 0]]
    np.testing.assert_allclose(saddle.eigenvalues, [-slope, slope], rtol=1e-12)


def test_himmelblau_has_four_minima_four_saddles_and_a_maximum():
    points = found(HIMMELBLAU, domain=(-5, 5))
    assert kinds(points) == ["minimum"] * 4 + ["saddle"] * 4 + ["maximum"]
    literature = [[-3.779310, -3.283186], [-2.805118, 3.131312], [3, 2], [3.584428, -1.848126]]
    np.testing.assert_allclose([p.w for p in points[:4]], literature, atol=1e-6)  # as printed
    np.testing.assert_allclose([p.value for p in points[:4]], 0, atol=1e-28)  # squares of round-off
    np.testing.assert_allclose(points[-1].w, [-0.270845, -0.923039], atol=1e-6)
    assert sum((-1) ** p.index for p in points) == 1  # Morse: a coercive loss on the plane


@pytest.mark.parametrize(("half", "count"), [(1.2, 5), (5.12, 21)])
def test_every_critical_point_of_rastrigin_in_a_window_is_found(half, count):
    def slope(x):
        return 2 * x + 20 * np.pi * np.sin(2 * np.pi * x)

    grid = np.linspace(-half, half, 2000)
    roots = [brentq(slope, a, b, xtol=1e-15) for a, b in pairwise(grid) if slope(a) * slope(b) < 0]
    assert len(roots) == count
    expected = np.array([(x, y) for x in roots for y in roots])
    points = [p for p in found(RASTRIGIN, domain=(-half, half)) if p.inside]
    places = np.array([p.w for p in points])
    assert len(points) == count**2
    gaps = np.linalg.norm(expected[:, None] - places[None], axis=2).min(axis=1)
    assert gaps.max() < 1e-12  # round-off of a slope of size 60 over a curvature of 400, and brentq's tolerance
    for p in points:
        curvatures = 2 + 40 * np.pi**2 * np.cos(2 * np.pi * p.w)
        assert p.index == np.sum(curvatures < 0)


@pytest.mark.parametrize(
    ("text", "kind", "index"),
    [("x^2 - y^2", "saddle", 1), ("x^2 + y^2", "minimum", 0), ("-x^2 - y^2", "maximum", 2), ("x*y", "saddle", 1)],
)
def test_plain_quadratics_are_told_apart(text, kind, index):
    (point,) = found(text)
    assert (point.kind, point.index) == (kind, index)
    np.testing.assert_allclose(point.w, 0, atol=1e-15)


@given(
    exponents=st.lists(st.floats(-7, 0), min_size=1, max_size=4),
    signs=st.lists(st.sampled_from([-1, 1]), min_size=4, max_size=4),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=8)
def test_index_of_a_rotated_quadratic_is_that_of_its_spectrum_up_to_condition_1e7(exponents, signs, seed):
    d = len(exponents)
    spectrum = np.array(signs[:d]) * 10.0 ** np.array(exponents)
    rng = np.random.default_rng(seed)
    rotation, _ = np.linalg.qr(rng.normal(size=(d, d)))
    centre = rng.uniform(-1, 1, d)
    landscape = Quadratic(jnp.array(rotation * spectrum @ rotation.T), jnp.array(centre))
    (point,) = find_critical_points(landscape)
    assert point.index == np.sum(spectrum < 0)
    assert point.kind == ("minimum" if point.index == 0 else "maximum" if point.index == d else "saddle")
    condition = np.max(np.abs(spectrum)) / np.min(np.abs(spectrum))
    np.testing.assert_allclose(point.w, centre, atol=1e-14 * condition)
    # the rotation was multiplied out in floats
    np.testing.assert_allclose(point.eigenvalues, np.sort(spectrum), atol=1e-14 * np.max(np.abs(spectrum)))


def test_one_dimension_and_three():
    points = found("x^4 - 2*x^2 + x/4")
    roots = np.sort(np.roots([4, 0, -4, 0.25]).real)
    assert kinds(points) == ["minimum", "minimum", "maximum"]
    np.testing.assert_allclose(np.sort([p.w[0] for p in points]), roots, atol=1e-14)  # round-off
    points = found("x^2 + y^2 + z^2 - x*y*z", domain=(-4, 4))
    assert kinds(points) == ["minimum"] + ["saddle"] * 4
    expected = [[-2, -2, 2], [-2, 2, -2], [2, -2, -2], [2, 2, 2]]
    np.testing.assert_allclose([p.w for p in points[1:]], expected, atol=1e-13)  # round-off


@pytest.mark.parametrize("text", ["x + y", "x^2 + y", "exp(-x) + y^2", "abs(x) + y^2", "1/x + y^2"])
def test_a_loss_without_smooth_critical_points_has_none(text):
    assert found(text) == []


def test_a_flat_tail_is_no_critical_point():
    (point,) = found("exp(-x^2 - y^2)", domain=(-8, 8))  # at the corners the gradient is 1e-54
    assert point.kind == "maximum"


def test_points_near_the_domain_are_kept_and_flagged():
    points = found("(x - 2.2)^2*(x + 1)^2")
    assert [(round(float(p.w[0]), 9), p.inside) for p in points] == [(-1.0, True), (2.2, False), (0.6, True)]
    assert found("(x - 20)^2") == []


def test_a_partly_real_loss_is_searched_where_it_is_real():
    (point,) = found("x*log(x) + y^2")
    np.testing.assert_allclose(point.w, [np.exp(-1), 0], atol=1e-14)  # round-off
    assert point.kind == "minimum"


# --- degenerate points and families ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "off"),
    [
        ("x^3 - 3*x*y^2", (0, 0), 1e-9),  # monkey saddle
        ("x^4 + y^4", (0, 0), 1e-9),
        ("x^2 + y^4", (0, 0), 1e-5),  # LM halts where 12 y^2 is lost beside 2
        ("x^2 - y^6", (0, 0), 1e-2),
        ("x^3 - 3*x^2 + 3*x - 1 + y^2", (1, 0), 1e-7),  # (x - 1)^3 multiplied out: (round-off)^(1/2)
        ("x^4 - 4*x^3 + 6*x^2 - 4*x + y^2", (1, 0), 1e-4),  # (x - 1)^4 multiplied out: (round-off)^(1/3)
    ],
)
def test_isolated_degenerate_points_are_one_point_and_degenerate(text, place, off):
    (point,) = found(text)
    assert point.kind == "degenerate"
    assert point.isolated
    np.testing.assert_allclose(point.w, place, atol=off)


def test_tanh_tanh_valleys_are_a_family_or_four_not_hundreds_of_points():
    families = found("tanh(v*tanh(u))^2/2", domain=(-3, 3))
    assert len(families) in (1, 4)  # the half axes, joined where they cross or not, as the search finds it
    assert {(p.kind, p.index, p.set_dimension) for p in families} == {("minimum", 0, 1)}
    members = np.concatenate([family.members for family in families])
    assert len(members) > 100
    assert np.max(np.min(np.abs(members), axis=1)) < 1e-6  # on one of the axes, but for the blunt crossing
    # both lines are covered from end to end, with gaps below a tenth of the domain
    line = np.linspace(-3, 3, 50)
    for axis in (np.stack([line, 0 * line], axis=1), np.stack([0 * line, line], axis=1)):
        assert np.max(np.min([family.distance(axis) for family in families], axis=0)) < 0.3


def test_the_branches_of_a_hyperbola_are_two_families_around_a_saddle():
    points = found("(u*v - 1)^2/2", domain=(-3, 3))
    assert [(p.kind, p.set_dimension) for p in points] == [("minimum", 1), ("minimum", 1), ("saddle", 0)]
    for family in points[:2]:
        np.testing.assert_allclose(np.prod(family.members, axis=1), 1, atol=1e-12)  # round-off
    assert {float(np.sign(p.w[0])) for p in points[:2]} == {-1.0, 1.0}


def test_a_valley_whose_curvature_changes_sign_is_two_families():
    points = found("y^2*x - x^3*0 + 0*x")  # y = 0 is critical, with curvature 2 x across
    lines = {p.kind: p for p in points if not p.isolated}
    assert set(lines) == {"minimum", "maximum"}
    assert np.all(lines["minimum"].members[:, 0] > 0)
    assert np.all(lines["maximum"].members[:, 0] < 0)


def test_a_sphere_of_minima_in_three_dimensions():
    points = found("(x^2 + y^2 + z^2 - 1)^2")
    assert [(p.kind, p.index, p.set_dimension) for p in points] == [("minimum", 0, 2), ("maximum", 3, 0)]
    np.testing.assert_allclose(np.linalg.norm(points[0].members, axis=1), 1, atol=1e-12)  # round-off


def test_a_plateau_is_a_degenerate_family():
    (plateau,) = found("where(x < 1, 0, (x - 1)^2) + 0*y")
    assert (plateau.kind, plateau.set_dimension) == ("degenerate", 2)


# --- any landscape ---------------------------------------------------------------------------------------------------


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Quadratic(Landscape):
    """Defined by data, of which there is no formula: w^T H w / 2 about a centre."""

    matrix: jax.Array
    centre: jax.Array
    name = "quadratic from data"

    @property
    def dimension(self) -> int:
        return self.centre.shape[0]

    def value(self, w):
        return (w - self.centre) @ self.matrix @ (w - self.centre) / 2


def test_an_underdetermined_least_squares_problem_has_a_line_of_minima():
    design = np.random.default_rng(1).normal(size=(2, 3))
    landscape = Quadratic(jnp.array(design.T @ design / 2), jnp.array([0.3, -0.2, 0.1]))
    (family,) = landscape.critical_points()
    assert (family.kind, family.set_dimension, family.declared) == ("minimum", 1, False)
    residuals = (family.members - np.array([0.3, -0.2, 0.1])) @ design.T
    np.testing.assert_allclose(residuals, 0, atol=1e-11)  # round-off times the condition, below 1e4


def test_a_subspace_of_minima_in_twelve_dimensions_is_one_family():
    design = np.random.default_rng(1).normal(size=(5, 12))
    landscape = Quadratic(jnp.array(design.T @ design), jnp.zeros(12))
    (family,) = find_critical_points(landscape)
    assert (family.kind, family.index, family.set_dimension) == ("minimum", 0, 7)
    np.testing.assert_allclose(family.members @ design.T, 0, atol=1e-12)  # round-off times the condition, below 100


@pytest.mark.parametrize("name", sorted(CLOSED_FORM))
def test_the_search_confirms_what_every_landscape_declares(name):
    landscape = get_landscape(name)
    assert isinstance(landscape, ClosedForm)
    width = np.max(np.diff(np.array(landscape.domain)))
    declared = [p for p in critical_points(landscape) if p.declared]
    search = [p for p in find_critical_points(landscape) if p.inside]
    for p in declared:
        # a family's members are spaced by a twentieth of half the domain; a declared point may be the crossing of two
        assert not p.inside or min(float(q.distance(p.w)) for q in search) < 0.05 * width, p
        assert p.residual < 1e-9 * (1 + np.max(np.abs(p.eigenvalues))) * width  # round-off
    if landscape.complete:
        for q in search:
            assert min(float(p.distance(q.w)) for p in declared) < (1e-4 if q.isolated else 0.05) * width, q
    regular = [p for p in declared if p.isolated and p.kind != "degenerate" and p.inside]
    for p in regular:
        twin = min((q for q in search if q.isolated), key=lambda q: float(q.distance(p.w)))
        assert (twin.kind, twin.index) == (p.kind, p.index)


def test_declared_points_come_first_and_in_their_order_then_those_found():
    landscape = ClosedForm(
        name="partly declared",
        text=HIMMELBLAU,
        variables=("x", "y"),
        critical_sets=(CriticalSet(("3", "2"), "minimum", 0, "0"),),
        domain=((-5, 5), (-5, 5)),
    )
    points = landscape.critical_points()
    assert kinds(points) == ["minimum"] * 4 + ["saddle"] * 4 + ["maximum"]
    assert [p.declared for p in points] == [True] + [False] * 8
    np.testing.assert_array_equal(points[0].w, [3, 2])  # exact


def test_a_complete_declaration_is_not_searched_beyond():
    sets = (CriticalSet(("3", "2"), "minimum", 0, "0"),)
    landscape = ClosedForm("complete", HIMMELBLAU, ("x", "y"), sets, domain=((-5, 5), (-5, 5)), complete=True)
    assert len(landscape.critical_points()) == 1


def test_declared_families_are_represented_by_members_in_the_domain():
    points = get_landscape("uv").critical_points()
    families = [p for p in points if not p.isolated]
    assert len(families) == 2
    for family in families:
        assert family.declared
        np.testing.assert_allclose(np.prod(family.members, axis=1), 1, rtol=1e-15)  # two roundings
        assert np.max(np.abs(family.members)) <= 3


# --- the interface ---------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_list_and_another_the_same_points():
    first, again, other = (found(HIMMELBLAU, domain=(-5, 5), seed=seed) for seed in (0, 0, 1))
    for a, b, c in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(a.w, b.w)
        np.testing.assert_allclose(a.w, c.w, atol=1e-13)  # round-off times the condition, below 10


def test_starts_can_be_given():
    (point,) = found(HIMMELBLAU, domain=(-5, 5), starts=np.array([[2.9, 2.1]]))
    np.testing.assert_allclose(point.w, [3, 2], atol=1e-14)  # round-off


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"starts": 0}, "starts must be a number >= 1"),
        ({"starts": np.zeros((3, 3))}, r"of shape \(N, 2\), got \(3, 3\)"),
        ({"starts": np.array([[0.0, np.nan]])}, "starts must be finite"),
        ({"domain": ((0, 1),)}, "domain must be 2 finite pairs"),
        ({"domain": ((0, 1), (1, 0))}, "low < high"),
    ],
)
def test_bad_arguments_are_refused_before_the_search(options, message):
    landscape = Landscape.from_expression("x^2 + y^2")
    with pytest.raises(ValueError, match=message):
        find_critical_points(landscape, **options)


def test_a_search_in_very_many_dimensions_asks_for_starts():
    landscape = Quadratic(jnp.eye(40), jnp.ones(40))
    with pytest.raises(ValueError, match=r"40 dimensions.*give `starts`"):
        landscape.critical_points()
    (point,) = find_critical_points(landscape, starts=np.zeros((2, 40)))
    np.testing.assert_allclose(point.w, 1, atol=1e-15)  # one step of round-off


def test_a_loss_that_is_finite_nowhere_is_refused():
    landscape = ClosedForm("log", "log(x - 5)", ("x",), domain=((0, 1),))
    with pytest.raises(ValueError, match="finite gradient at none of 600 starts"):
        find_critical_points(landscape)


def test_the_table_lists_kinds_places_and_eigenvalues():
    landscape = Landscape.from_expression("x^2/2 - 3*y^2")
    lines = table(landscape.critical_points(), landscape.variables).split("\n")
    assert lines[0].split() == ["kind", "(x,", "y)", "loss", "Hessian", "eigenvalues"]
    assert lines[1].split() == ["saddle", "(0,", "0)", "0", "-6,", "1"]
    assert "one of a 1-dimensional family" in str(found("x^2 + 0*y")[0])
    assert "outside the domain" in str(found("(x - 2.2)^2")[0])
