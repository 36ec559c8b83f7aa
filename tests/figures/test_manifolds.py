"""Manifolds of saddles against closed forms, and against what defines them: the motion maps them to themselves."""

import numpy as np
import pytest

from samscape.dynamics.methods import make_rule
from samscape.figures.equilibria import equilibria
from samscape.figures.field import Field
from samscape.figures.manifolds import Branch, integral_curve, manifolds
from samscape.landscapes import ClosedForm, get_landscape

SADDLE = get_landscape("saddle")
LUCCHI = get_landscape("lucchi")
WINDOW = ((-1.0, 1.0), (-1.0, 1.0))
# The real part of h(z) = z^2 + z^3/2 is harmonic, so its gradient flow's orbits are the level sets of the imaginary
# part, 2 x y + (3 x^2 y - y^3)/2: through the saddle at 0 those are y = 0 and the hyperbola 4 x + 3 x^2 = y^2.
HARMONIC = ClosedForm("harmonic", "x**2 - y**2 + (x**3 - 3*x*y**2)/2", ("x", "y"), domain=WINDOW)


def of(landscape, rule=None, flow=False, window=WINDOW) -> list[Branch]:
    moved = Field(landscape, rule, flow)
    return manifolds(moved, equilibria(moved, window, np.zeros((1, 2))), window)


def gap(points: np.ndarray, curve: np.ndarray) -> float:
    """The largest distance to a polyline of the points, or of two hundred of them."""
    points = points[:: max(1, len(points) // 200)]
    a, b = curve[:-1], curve[1:]
    whole = np.isfinite(a).all(axis=1) & np.isfinite(b).all(axis=1)
    a, d = a[whole], (b - a)[whole]
    share = np.clip(np.sum((points[:, None] - a) * d, axis=2) / np.maximum(np.sum(d * d, axis=1), 1e-300), 0, 1)
    return float(np.linalg.norm(points[:, None] - (a + share[..., None] * d), axis=2).min(axis=1).max())


@pytest.mark.parametrize("rule", [None, make_rule("gd", 0.1)])
def test_manifolds_of_the_plain_saddle_are_the_axes(rule):
    branches = of(SADDLE, rule)
    assert [branch.stable for branch in branches].count(True) == 2
    assert len(branches) == 4
    for branch in branches:
        across, along = branch.points.T[::-1] if branch.stable else branch.points.T
        across, along = across[np.isfinite(across)], along[np.isfinite(along)]
        assert np.abs(across).max() <= 1e-13  # round-off of a few hundred steps: the axes are invariant exactly
        assert np.abs(along).max() > 1  # to the edge of the window and beyond
        assert (np.diff(np.abs(along)) > 0).all()


def test_curved_manifolds_of_a_gradient_flow_are_the_level_sets_of_the_harmonic_conjugate():
    for branch in of(HARMONIC):
        x, y = branch.points.T
        if branch.stable:
            assert np.abs(y).max() < 1e-8  # tolerance of the integrator, 1e-9 per step, grown over some 100 steps
        else:
            # the curve begins 1e-5 of the window from the saddle on the tangent, off by (3e-5)^2 = 1e-9, and the
            # integrator adds 1e-9 per step
            assert np.abs(4 * x + 3 * x**2 - y**2).max() < 1e-7
            assert np.abs(y).max() > 1


@pytest.mark.parametrize(("name", "numbers", "eta"), [("usam", {"rho": 0.2}, 0.2), ("gd", {}, 0.65)])
def test_the_map_takes_its_manifolds_to_themselves(name, numbers, eta):
    # at eta = 0.65 the multiplier along the stable direction is 1 - 2.618 eta = -0.70: the branches change places
    moved = Field(LUCCHI, make_rule(name, eta, **numbers))
    branches = of(LUCCHI, make_rule(name, eta, **numbers), window=((-0.8, 0.8), (-0.8, 0.8)))
    assert len(branches) == 4
    for stable in (True, False):
        curve = np.concatenate([b.points for b in branches if b.stable == stable])
        inside = curve[np.isfinite(curve).all(axis=1) & (np.abs(curve) < 0.5).all(axis=1)]
        assert np.abs(inside).max() > 0.3
        # the polyline's chords, of length about 0.02, leave the curve by 0.02^2/8 times its curvature of about 3
        whole = np.concatenate([np.vstack([b.points, [[np.nan] * 2]]) for b in branches if b.stable == stable])
        assert gap(moved.motion(inside).image, whole) < 2e-4


def test_for_a_small_step_the_maps_manifolds_are_the_flows():
    rule = make_rule("usam", 0.02, rho=0.2)
    window = ((-0.8, 0.8), (-0.8, 0.8))
    flow = {(b.stable, *np.sign(b.points[5])): b.points for b in of(LUCCHI, rule, flow=True, window=window)}
    for branch in of(LUCCHI, rule, window=window):
        points = branch.points[np.isfinite(branch.points).all(axis=1)]
        points = points[(np.abs(points) < 0.5).all(axis=1)]
        assert len(points) > 50
        assert gap(points, flow[(branch.stable, *np.sign(branch.points[5]))]) < 0.01  # of first order in eta


def test_the_basin_from_which_the_saddle_captures_sam_is_bounded_by_the_manifolds():
    # starts displaced to either side of SAM's own stable manifold end at the saddle and far away from it
    rule = make_rule("sam", 0.001, rho=0.5)
    stable = [b for b in of(SADDLE, rule, flow=True, window=((-2.0, 2.0), (-2.0, 2.0))) if b.stable]
    assert len(stable) == 4
    upper = next(b.points for b in stable if b.saddle[1] > 0 and b.points[-1, 0] > 0)
    start = upper[np.argmin(np.abs(upper[:, 0] - 1.5))]
    moved = Field(SADDLE, rule)
    # 0.02: the map at eta = 0.001 differs from the flow by about eta ||v|| = 0.004
    aside = np.array([[0.0, -0.02], [0.0, 0.02]])
    inside, outside = moved.orbits(start + aside, 6000)[0][:, -1]
    assert np.linalg.norm(inside) < 0.01
    assert np.linalg.norm(outside) > 1


def test_an_integral_curve_ends_at_the_equilibrium_it_reaches():
    ends = np.array([[1.0, 1.0], [-1.0, -1.0]])
    curve = integral_curve(Field(LUCCHI), np.array([0.5, 1.5]), ((-2.0, 2.0), (-2.0, 2.0)), ends=ends)
    assert np.linalg.norm(curve[-1] - 1) < 2e-3  # 2e-4 of the window's diagonal of 5.7
    values = curve[:, 0] ** 4 / 4 - curve[:, 0] * curve[:, 1] + curve[:, 1] ** 2 / 2
    assert (np.diff(values) < 0).all()


@pytest.mark.parametrize(
    ("name", "numbers", "eta", "extent"),
    [("usam", {"rho": 0.5}, 0.2, 1.2), ("gd", {}, 0.65, 1.5)],
)
def test_points_of_a_stable_set_are_mapped_to_the_saddle_beyond_the_folds_of_the_map(name, numbers, eta, extent):
    # USAM's boundary turns at a fold near (1.25, 0.2), and GD's at (1.5, -0.2): there is no inverse to follow
    rule, window = make_rule(name, eta, **numbers), ((-2.0, 2.0), (-2.0, 2.0))
    moved = Field(LUCCHI, rule)
    critical = np.array([[0.0, 0.0], [1.0, 1.0], [-1.0, -1.0]])
    rests = [r for r in equilibria(moved, window, critical) if np.linalg.norm(r.location) < 1]
    stable = [branch for branch in manifolds(moved, rests, window) if branch.stable]
    assert max(np.abs(branch.points[:, 0]).max() for branch in stable) > extent
    for branch in stable:
        orbits = moved.orbits(branch.points[1::7], 400)[0]
        nearest = np.nanmin(np.linalg.norm(orbits - branch.saddle, axis=2), axis=1)
        # a chord of 0.02 leaves the curve by some 1e-4, and what it is off grows by the unstable multiplier per step,
        # while it approaches by the stable one: some 0.02 are left when the two are equal
        assert np.median(nearest) < 0.005
        assert np.quantile(nearest, 0.95) < 0.05


def test_where_the_map_has_no_inverse_the_branch_ends():
    # eta = 1/2 takes x^2 - y^2 onto the y axis in one step: nothing else leads to the saddle along x
    stable = [b for b in of(SADDLE, make_rule("gd", 0.5)) if b.stable]
    assert all(np.isfinite(b.points).all(axis=1).sum() == 1 for b in stable)


def test_rules_with_a_state_and_maps_that_hardly_move_are_refused():
    with pytest.raises(ValueError, match="gd carries a state from step to step"):
        of(SADDLE, make_rule("gd", 0.1, base="heavy_ball"))
    with pytest.raises(ValueError, match=r"would take \d+ iterations at step size 1e-06: draw those of the flow"):
        of(SADDLE, make_rule("gd", 1e-6))
