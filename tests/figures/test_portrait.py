"""Portraits: what is on the axes, what the titles claim, and what is refused."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.contour import QuadContourSet
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.text import Text

from samscape.dynamics.methods import make_rule
from samscape.figures import layers
from samscape.figures.cobweb import cobweb
from samscape.figures.field import Field
from samscape.figures.portrait import LAYERS, portrait
from samscape.figures.style import RULE_LOOKS, paper
from samscape.figures.wording import finding, heading, symbol, title_of, wrap
from samscape.landscapes import ClosedForm, Landscape, get_landscape

LUCCHI = get_landscape("lucchi")
SAM = make_rule("sam", 0.05, rho=0.5)


def xy(line: Line2D) -> np.ndarray:
    """The line's points, shape (N, 2)."""
    return np.asarray(line.get_xydata())


def named(ax: Axes, label: str) -> Line2D:
    """The line with this entry in the legend."""
    (found,) = (line for line in ax.lines if line.get_label() == label)
    return found


def paths_of(ax: Axes) -> list[Line2D]:
    """The trajectories."""
    return [line for line in ax.lines if line.get_zorder() == 4]


def lines(ax: Axes, label: str) -> list[Line2D]:
    """The lines of one legend entry, those that follow it without a label included."""
    found, taking = [], False
    for line in ax.lines:
        if not str(line.get_label()).startswith("_"):
            taking = line.get_label() == label
        if taking:
            found.append(line)
    return found


@pytest.fixture(scope="module")
def sam_portrait():
    return portrait(LUCCHI, SAM, steps=300)


def test_every_layer_is_there_and_named_in_the_legend(sam_portrait):
    ax = sam_portrait
    assert any(isinstance(c, QuadContourSet) for c in ax.collections)  # contours
    assert any(isinstance(c, LineCollection) for c in ax.collections)  # streamlines
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "unstable manifold (flow)", "stable manifold (flow)", "SAM iterates $w$", r"$w_{\mathrm{adv}}$",
        "minimum", "saddle", r"rest: $\nabla L(w_{\mathrm{adv}})=0$",
    ]  # fmt: skip


def test_axes_have_symbols_and_the_window_of_the_landscape(sam_portrait):
    assert (sam_portrait.get_xlabel(), sam_portrait.get_ylabel()) == ("$x$", "$y$")
    assert sam_portrait.get_xlim() == sam_portrait.get_ylim() == (-2, 2)


def test_the_title_says_what_is_seen(sam_portrait):
    title = " ".join(sam_portrait.get_title(loc="left").split())
    assert title == "SAM on Lucchi quartic, η = 0.05, ρ = 0.5 Both minima attract, and so does the saddle"


def test_trajectories_have_the_rules_colour_and_are_those_of_the_rule(sam_portrait):
    paths = paths_of(sam_portrait)
    assert len(paths) == 6
    assert {to_hex(line.get_color()).upper() for line in paths} == {RULE_LOOKS["sam"].color}
    w = xy(paths[0])
    assert w.shape == (301, 2)
    x, y = w[:-1].T
    g = np.stack([x**3 - y, y - x], axis=1)
    a, b = (w[:-1] + 0.5 * g / np.linalg.norm(g, axis=1, keepdims=True)).T
    # 1e-13: round-off of one step, in which gradients are of size 10
    np.testing.assert_allclose(w[1:], w[:-1] - 0.05 * np.stack([a**3 - b, b - a], axis=1), atol=1e-13)


def test_critical_points_are_marked_by_their_kind(sam_portrait):
    minima, saddle = (named(sam_portrait, k) for k in ("minimum", "saddle"))
    np.testing.assert_array_equal(np.sort(xy(minima), axis=0), [[-1, -1], [1, 1]])
    np.testing.assert_array_equal(xy(saddle), [[0, 0]])
    assert minima.get_marker() != saddle.get_marker()


def test_the_legend_lies_below_the_axes_and_no_text_leaves_the_figure(sam_portrait):
    fig = sam_portrait.figure
    with paper():
        fig.draw_without_rendering()  # sets the layout
    box = fig.bbox
    legend = sam_portrait.get_legend().get_window_extent()
    assert legend.y1 < sam_portrait.xaxis.label.get_window_extent().y0
    for text in fig.findobj(Text):
        if text.get_text() and text.get_visible() and text.axes is not None and text.get_in_layout():
            extent = text.get_window_extent()
            assert extent.x0 >= -1, text  # a pixel
            assert extent.x1 <= box.x1 + 1, text


def test_given_axes_are_used_and_returned_and_their_style_is_the_users():
    fig = Figure()
    ax = fig.subplots()
    shown = portrait(LUCCHI, ax=ax, layers=["contours", "critical_points"], legend=False, title="mine")
    assert shown is ax
    assert ax.get_legend() is None
    assert ax.get_title() == "mine"
    assert ax.title.get_fontsize() == FontProperties(size=mpl.rcParams["axes.titlesize"]).get_size()


def test_a_users_formula_gets_its_points_field_and_nullclines():
    landscape = Landscape.from_expression("w1**2 + beta**2 - beta*w1**2", domain=(-1.5, 1.5))
    ax = portrait(landscape, layers=["nullclines", "critical_points"])
    assert (ax.get_xlabel(), ax.get_ylabel()) == (r"$\beta$", "$w_{1}$")
    minimum = named(ax, "minimum")
    np.testing.assert_allclose(xy(minimum), [[0, 0]], atol=1e-9)  # found by the search
    saddles = named(ax, "saddle")
    # at beta = 1, w1 = +-sqrt(2): grad = (2 beta - w1^2, 2 w1 (1 - beta))
    np.testing.assert_allclose(np.abs(xy(saddles)), [[1, np.sqrt(2)]] * 2, atol=1e-9)
    for label, residual in (
        (r"$\beta$-nullcline", lambda b, w: 2 * b - w**2),
        ("$w_{1}$-nullcline", lambda b, w: w * (1 - b)),
    ):
        curve = np.concatenate([xy(line) for line in lines(ax, label)])
        curve = curve[np.isfinite(curve).all(axis=1)]
        assert len(curve) > 100
        assert np.abs(residual(*curve.T)).max() < 1e-9  # bisected to 1e-15, but where the curve crosses another


def test_a_jump_of_the_velocity_is_no_nullcline_and_a_steep_change_is_one():
    window = ((-1.0, 1.0), (-1.0, 1.0))
    kink = ClosedForm("kink", "where(x < 1/10, -x, x - 1/5) + y**2/2", ("x", "y"), domain=window)
    assert all(np.isnan(curve).any(axis=1).all() for curve in layers.nullcline(Field(kink), 0, window))
    np.testing.assert_allclose(layers.nullcline(Field(kink), 1, window)[0][:, 1], 0, atol=1e-12)  # bisected
    # SAM turns from one side of a valley to the other within 1e-4 of its floor, where the velocity does vanish
    valley = ClosedForm("valley", "x**2/2 + y/10000", ("x", "y"), domain=window)
    (curve,) = layers.nullcline(Field(valley, make_rule("sam", 0.1, rho=1.0)), 0, window)
    np.testing.assert_allclose(curve[:, 0], 0, atol=1e-12)


def test_contours_are_spaced_evenly_in_the_logarithm_above_the_minimum():
    values = np.geomspace(1e-4, 10, 1000) - 3
    levels = layers.contour_levels(np.append(values, [-3.0, np.nan]), 10)
    ratios = np.diff(np.log(levels + 3))
    # 1e-6: the subtraction of the lowest value leaves 1e-16 / 1e-4 of each height
    np.testing.assert_allclose(ratios, ratios[0], rtol=1e-6)
    assert 0.0 in layers.contour_levels(np.linspace(-4, 4, 100), 10, centre=0.0)


def test_perturbed_points_are_drawn_where_the_path_has_moved():
    ax = portrait(
        LUCCHI, make_rule("usam", 0.01, rho=0.3), starts=[1.5, 0.0], steps=50, layers=["trajectories", "w_adv"]
    )
    marks = xy(named(ax, r"$w_{\mathrm{adv}}$"))
    x, y = 1.5, 0.0
    np.testing.assert_allclose(marks[0], [x + 0.3 * (x**3 - y), y + 0.3 * (y - x)], atol=1e-13)  # round-off
    assert 3 <= len(marks) < 25


def test_flows_are_drawn_as_orbits_and_descend():
    ax = portrait(LUCCHI, layers=["trajectories"], starts=[[1.5, 0.0], [-1.0, 1.5]])
    for line in paths_of(ax):
        x, y = xy(line).T
        assert (np.diff(x**4 / 4 - x * y + y**2 / 2) < 0).all()


def test_families_of_minima_are_lines():
    ax = portrait(get_landscape("tanh_tanh"), layers=["critical_points"])
    for line in lines(ax, "minima"):
        assert np.abs(xy(line)).min(axis=1).max() == 0  # on an axis
        assert np.ptp(xy(line)) > 2


def test_a_rule_with_a_state_is_run_with_it_and_its_title_claims_nothing():
    ax = portrait(LUCCHI, make_rule("gd", 0.02, base="heavy_ball"), starts=[1.5, 0.0], steps=2, layers=["trajectories"])
    path = xy(paths_of(ax)[0])
    w, v = np.array([1.5, 0.0]), np.zeros(2)
    for k in range(3):
        np.testing.assert_allclose(path[k], w, atol=1e-14)  # round-off
        v = 0.9 * v + np.array([w[0] ** 3 - w[1], w[1] - w[0]])
        w = w - 0.02 * v
    assert " ".join(ax.get_title(loc="left").split()) == "GD on Lucchi quartic, η = 0.02, momentum = 0.9"


@pytest.mark.parametrize(
    ("landscape", "rule", "options", "message"),
    [
        (LUCCHI, SAM, {"layers": ["contour"]}, "did you mean 'contours'"),
        (LUCCHI, SAM, {"window": ((0, 1),)}, r"window must be 2 pairs"),
        (LUCCHI, SAM, {"starts": [1.0, 2.0, 3.0]}, r"needs starts of shape \(S, 2\)"),
        (LUCCHI, SAM, {"manifolds_of": "maps"}, "did you mean 'map'"),
        (LUCCHI, make_rule("random", 0.1), {}, "random draws random numbers"),
        (LUCCHI, None, {"layers": ["basins"]}, "basins are those of a rule's map"),
        (get_landscape("quadratic", eigenvalues=(1, 2, 3)), SAM, {}, "has 3 coordinates, a portrait takes 1 or 2"),
    ],
)
def test_what_does_not_fit_is_refused(landscape, rule, options, message):
    with pytest.raises(ValueError, match=message):
        portrait(landscape, rule, **options)


def test_the_cobweb_goes_up_to_the_map_and_across_to_the_diagonal():
    ax = portrait(get_landscape("log_cosh"), make_rule("usam", 0.5, rho=0.2), starts=[1.5], steps=4)
    path = xy(named(ax, "iterates"))
    w = 1.5
    for k in range(4):
        np.testing.assert_allclose(path[2 * k : 2 * k + 2, 0], [w, w], atol=1e-14)  # round-off
        w -= 0.5 * np.tanh(w + 0.2 * np.tanh(w))
        np.testing.assert_allclose(path[2 * k + 1, 1], w, atol=1e-14)
    graph = xy(next(line for line in ax.lines if str(line.get_label()).endswith("USAM")))
    x = graph[:, 0]
    np.testing.assert_allclose(graph[:, 1], x - 0.5 * np.tanh(x + 0.2 * np.tanh(x)), atol=1e-14)
    above = next(other for other in ax.figure.axes if other is not ax)
    np.testing.assert_allclose(xy(above.lines[0])[:, 1], np.log(np.cosh(x)), atol=1e-14)
    assert above.get_ylabel() == "$L(x)$"
    assert title_of(ax) == "USAM on log cosh, η = 0.5, ρ = 0.2\nThe minimum attracts"


@pytest.mark.parametrize(("eta", "what"), [(1.9, "The minimum attracts"), (2.1, "The minimum does not attract")])
def test_the_cobwebs_title_knows_two_over_the_sharpness(eta, what):
    above = next(
        ax for ax in cobweb(get_landscape("log_cosh"), make_rule("gd", eta)).figure.axes if ax.get_title(loc="left")
    )
    assert above.get_title(loc="left").endswith(what)


def test_without_a_rule_one_coordinate_shows_the_velocity():
    ax = portrait(get_landscape("log_cosh"))
    x, v = xy(ax.lines[0]).T
    np.testing.assert_allclose(v, -np.tanh(x), atol=1e-14)  # round-off


def test_symbols_numbers_and_sentences():
    assert [symbol(name) for name in ("x", "w2", "theta", "w_adv", "beta1", "width")] == [
        "x", "w_{2}", r"\theta", r"w_{\mathrm{adv}}", r"\beta_{1}", r"\mathrm{width}",
    ]  # fmt: skip
    assert heading(LUCCHI, None, True) == "Gradient flow on Lucchi quartic"
    assert heading(LUCCHI, SAM, True) == "SAM flow on Lucchi quartic, ρ\u00a0=\u00a00.5"
    assert finding(["minimum"], [True]) == "The minimum attracts"
    assert finding(["minimum"] * 4, [True, True, False, True]) == "3 of 4 minima attract"
    assert finding(["minimum"] * 2 + ["saddle"], [True, True, False]) == "Both minima attract, the saddle does not"
    assert finding(["minimum", "saddle"], [False, True]) == "The minimum does not attract, but the saddle does"
    assert (
        finding(["minimum"] * 2 + ["saddle"] * 2, [False, False, True, True])
        == "No minimum attracts, but both saddles do"
    )
    assert finding(["saddle"], [False]) == "The saddle does not attract"
    assert finding([], []) == ""


def test_lines_are_broken_at_spaces_and_equations_stay_whole():
    font = FontProperties(size=8)
    assert wrap("a few words, η\u00a0=\u00a00.05", font, 50.0) == "a few words,\nη\u00a0=\u00a00.05"
    assert wrap("one\ntwo", font, 500.0) == "one\ntwo"


def test_every_layer_can_be_asked_for_alone_and_adds_something(monkeypatch):
    monkeypatch.setattr("samscape.figures.portrait.BASIN_GRID", 16)
    fig = Figure()
    bare = portrait(LUCCHI, SAM, ax=fig.add_subplot(), layers=[], legend=False)
    for layer in LAYERS:
        needs = ["trajectories"] if layer == "w_adv" else []
        ax = portrait(LUCCHI, SAM, ax=fig.add_subplot(), layers=[layer, *needs], steps=20, legend=False)
        assert len(ax.get_children()) > len(bare.get_children()), layer
