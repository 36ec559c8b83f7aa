"""Stacked outcomes and basins, of small real runs: shares, colours, labels."""

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex, to_rgb
from matplotlib.text import Text

from samscape.dynamics.basins import basin_map
from samscape.dynamics.methods import make_rule
from samscape.dynamics.sweep import sweep
from samscape.figures.basin_picture import basin_colors, basin_picture
from samscape.figures.portrait import portrait
from samscape.figures.style import MINIMUM_COLORS, OTHER_MINIMA, outcome_look, paper
from samscape.figures.sweep_outcomes import outcome_shares, sweep_outcomes
from samscape.landscapes import get_landscape

LUCCHI = get_landscape("lucchi")
ETAS = np.geomspace(0.003, 0.6, 8)


@pytest.fixture(scope="module")
def data():
    return sweep(LUCCHI, ["gd", "sam", "stable_sam"], ETAS, [0.05, 0.5], 40, 400)


@pytest.fixture(scope="module")
def basins():
    return basin_map(LUCCHI, make_rule("usam", 0.2, rho=0.5), 24, steps=400, eta=0.2)


def test_shares_sum_to_one_and_minima_are_told_apart(data):
    shares = outcome_shares(data)
    np.testing.assert_allclose(shares.share.sum(axis=-1), 1, atol=1e-15)  # round-off of counts / total
    assert shares.starts == 40
    assert shares.outcomes[:2] == ("minimum 1", "minimum 2")
    assert shares.labels[:2] == ("minimum (1, 1)", "minimum (−1, −1)")
    both = shares.share[..., :2].sum(axis=-1)
    np.testing.assert_allclose(both, data["rate"].sel(outcome_kind="minimum").values, atol=1e-15)
    assert shares.share[..., 0].max() > 0
    assert (shares.share.max(axis=(0, 1, 2)) > 0).all()  # what never occurs is left out


def test_minima_that_the_points_do_not_list_are_not_lost(data):
    fewer = data.isel(point=[0, 2])
    shares = outcome_shares(fewer)
    assert shares.outcomes[:2] == ("minimum 1", OTHER_MINIMA)
    np.testing.assert_allclose(shares.share.sum(axis=-1), 1, atol=1e-15)


def test_the_order_of_dimensions_does_not_matter(data):
    turned = data.transpose("point", "outcome_kind", "eta", "rho", "rule", ...)
    np.testing.assert_array_equal(outcome_shares(turned).share, outcome_shares(data).share)


def test_areas_are_the_shares_stacked_in_the_outcomes_colours(data):
    fig, shares = sweep_outcomes(data), outcome_shares(data)
    assert len(fig.axes) == 6
    for place, ax in zip(np.ndindex(3, 2), fig.axes):
        areas = [c for c in ax.collections if isinstance(c, PolyCollection)]
        assert [to_hex(np.asarray(a.get_facecolor())[0]).upper() for a in areas] == [
            outcome_look(o).color for o in shares.outcomes
        ]
        top = np.zeros(len(ETAS))
        for area, share in zip(areas, np.moveaxis(shares.share[place], -1, 0)):
            corners = np.asarray(area.get_paths()[0].vertices)
            for eta, low, height in zip(ETAS, top, share):
                at = corners[np.isclose(corners[:, 0], eta), 1]
                np.testing.assert_allclose([at.min(), at.max()], [low, low + height], atol=1e-12)  # round-off
            top = top + share
        assert ax.get_xscale() == "log"
        assert ax.get_ylim() == (0, 1)


def test_panels_name_rule_radius_and_axes_and_the_legend_lies_outside(data):
    fig = sweep_outcomes(data)
    axes = np.array(fig.axes).reshape(3, 2)
    assert [ax.get_title() for ax in axes[0]] == ["ρ = 0.05", "ρ = 0.5"]
    assert [ax.texts[0].get_text() for ax in axes[:, -1]] == ["GD", "SAM", "StableSAM"]
    assert {ax.get_xlabel() for ax in axes[-1]} == {"learning rate η"}
    assert {ax.get_ylabel() for ax in axes[:, 0]} == {"share of starts"}
    with paper():
        fig.draw_without_rendering()
    (legend,) = fig.legends
    below = min(ax.get_tightbbox().y0 for ax in axes[-1])
    assert 0 <= legend.get_window_extent().y0 < legend.get_window_extent().y1 <= below
    boxes = [box for ax in fig.axes if (box := ax.get_tightbbox()) is not None]
    assert len(boxes) == 6
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


@pytest.mark.parametrize("columns", [1, 2])
def test_three_rules_three_radii_and_a_hundred_rates_are_legible(data, columns):
    etas = np.geomspace(0.001, 0.3, 100)
    wide = data.drop_dims("start").reindex(eta=etas, rho=[0.05, 0.2, 0.5], method="nearest")
    fig = sweep_outcomes(wide, columns=columns)
    with paper():
        fig.draw_without_rendering()
    sizes = {float(text.get_fontsize()) for text in fig.findobj(Text) if text.get_text()}
    assert min(sizes) >= 7
    width, height = fig.get_size_inches()
    assert width == {1: 3.25, 2: 6.75}[columns]
    for ax in fig.axes:
        box = ax.get_window_extent().transformed(fig.dpi_scale_trans.inverted())
        assert box.width > {1: 0.6, 2: 1.6}[columns]  # inches
        assert box.height > 0.7
    assert fig.get_suptitle().split("\n")[0].startswith("lucchi: outcomes")
    extent = fig._suptitle.get_window_extent()
    assert extent.x1 <= fig.bbox.x1
    assert height < 6


def test_the_title_says_how_much_the_saddle_and_divergence_got(data):
    shares = outcome_shares(data)
    most = shares.share[..., shares.outcomes.index("saddle")].max()
    assert most > 0.1
    assert f"saddle {100 * most:.0f} % (" in sweep_outcomes(data).get_suptitle()
    assert sweep_outcomes(data, title="mine").get_suptitle() == "mine"


def test_a_single_step_size_is_drawn_as_bars_that_add_up_to_one(data):
    one = data.isel(eta=[3])
    fig = sweep_outcomes(one, columns=1, intervals=True)
    (ax,) = fig.axes
    widths = np.array([[bar.get_width() for bar in container] for container in ax.containers])
    np.testing.assert_allclose(widths.sum(axis=0), np.ones(6), atol=1e-14)  # round-off
    assert [label.get_text() for label in ax.get_yticklabels()][:3] == ["GD, ρ = 0.05", "GD, ρ = 0.5", "SAM, ρ = 0.05"]


def test_hairlines_are_wilsons_interval(data):
    shares = outcome_shares(data)
    ax = sweep_outcomes(data, intervals=True).axes[3]  # SAM, rho = 0.5
    black = [np.asarray(line.get_ydata()) for line in ax.lines if line.get_color() == "black"]
    assert len(black) == 2 * (len(shares.outcomes) - 1)
    p, n, z = shares.share[1, 1, :, 0], 40, 1.959963984540054
    centre, half = p + z**2 / (2 * n), z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    inside = (p > 0) & (p < 1)
    assert inside.any()
    np.testing.assert_allclose(black[0][inside], ((centre - half) / (1 + z**2 / n))[inside], atol=1e-12)  # round-off
    np.testing.assert_allclose(black[1][inside], ((centre + half) / (1 + z**2 / n))[inside], atol=1e-12)
    assert np.isnan(black[0][~inside]).all()


def test_an_attractor_has_the_colour_of_its_outcome(basins):
    names = [str(name) for name in basins["attractor_name"].values]
    colors = dict(zip(names, basin_colors(basins)))
    assert colors["minimum (1, 1)"] == MINIMUM_COLORS[0].lower()
    assert colors["minimum (-1, -1)"] == MINIMUM_COLORS[1].lower()
    assert colors["diverged"] == outcome_look("diverged").color.lower()
    assert len(set(colors.values())) == len(names)


def test_the_image_is_the_map_and_the_legend_gives_the_shares(basins):
    ax = basin_picture(basins)
    (image,) = ax.images
    assert tuple(image.get_extent()) == (-2, 2, -2, 2)
    expected = np.array([to_rgb(color) for color in basin_colors(basins)])[basins["attractor"].values]
    np.testing.assert_array_equal(image.get_array(), expected)
    assert image.origin == "lower"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$x$ of the start", "$y$ of the start")
    legend = ax.get_legend()
    assert legend is not None
    texts = [text.get_text() for text in legend.get_texts()]
    share = 100 * float((basins["attractor"] == 0).mean())
    assert texts[0] == f"minimum (1, 1): {share:.1f} %"
    assert {"minimum", "saddle"} <= set(texts)
    diverged = 100 * float((basins["outcome"] == 4).mean())
    title = " ".join(ax.get_title(loc="left").split())
    assert title.startswith("USAM on lucchi, η = 0.2, ρ = 0.5 ")
    assert f"{diverged:.3g} % diverge" in title


def test_a_basin_map_of_one_coordinate_is_a_strip():
    strip = basin_map(get_landscape("cosine"), make_rule("gd", 0.3), 50, steps=300, eta=0.3)
    ax = basin_picture(strip)
    assert np.asarray(ax.images[0].get_array()).shape == (1, 50, 3)
    assert ax.get_xlabel() == r"$\theta$ of the start"
    assert len(ax.get_yticks()) == 0
    # five minima: the fifth has a shade of the first one's colour
    assert len(set(basin_colors(strip))) == strip.sizes["attractor_row"] == 5


def test_a_portrait_takes_basins_as_its_background_paler(basins):
    ax = portrait(LUCCHI, make_rule("usam", 0.2, rho=0.5), layers=["basins", "critical_points"], basins=basins)
    plain = np.array([to_rgb(color) for color in basin_colors(basins)])[basins["attractor"].values]
    shown = np.asarray(ax.images[0].get_array())
    assert (shown >= plain - 1 / 255).all()
    assert shown.mean() > plain.mean() + 0.2
    assert ax.images[0].get_zorder() < min(line.get_zorder() for line in ax.lines if np.size(line.get_xdata()))
