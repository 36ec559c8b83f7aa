"""One look: colours that colour-blind readers tell apart, sizes, and files whose bytes repeat."""

import itertools
import os
import re
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from samscape.dynamics.methods import METHODS, make_rule
from samscape.figures import style
from samscape.figures.style import (
    DISTINCT_RULES,
    MINIMUM_COLORS,
    OUTCOME_LOOKS,
    RULE_LOOKS,
    figure,
    legend_below,
    outcome_look,
    paper,
    rule_look,
    save,
)

# Machado, Oliveira, Fernandes (2009), "A physiologically-based model for simulation of color vision deficiency",
# severity 1.0: what a dichromat sees, in linear RGB.
SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
# Ottosson (2020), Oklab: distances in it are those that are seen; times 100, a just noticeable one is about 2.
TO_CONES = np.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                     [0.0883024619, 0.2817188376, 0.6299787005]])  # fmt: skip
TO_LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
                   [0.0259040371, 0.7827717662, -0.8086757660]])  # fmt: skip
APART = 10.0  # five just noticeable differences: thin lines and small areas need more than large ones side by side


def seen(color: str, sight: str) -> np.ndarray:
    """A colour in Oklab as it is seen."""
    rgb = np.array(to_rgb(color))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return TO_LAB @ np.cbrt(TO_CONES @ np.clip(SIGHT[sight] @ linear, 0, 1))


def distance(a: str, b: str) -> float:
    """The smallest distance at which the two colours are seen, over kinds of sight."""
    return min(100 * float(np.linalg.norm(seen(a, sight) - seen(b, sight))) for sight in SIGHT)


def test_the_simulation_confuses_red_with_green_as_dichromats_do():
    assert 100 * np.linalg.norm(seen("#CC3311", "normal") - seen("#5A7A00", "normal")) > 20
    assert distance("#CC3311", "#5A7A00") < 7


def test_the_rules_that_meet_in_figures_are_told_apart_by_colour_alone():
    for a, b in itertools.combinations(DISTINCT_RULES, 2):
        assert distance(RULE_LOOKS[a].color, RULE_LOOKS[b].color) >= APART, (a, b)


def test_every_two_rules_differ_in_dashes_and_marker_and_every_colour_belongs_to_one():
    looks = RULE_LOOKS.values()
    assert len({look.color for look in looks}) == len({look.dashes for look in looks}) == len(looks)
    assert len({look.marker for look in looks}) == len(looks)


def test_every_named_method_has_a_look():
    assert set(RULE_LOOKS) == set(METHODS)


def test_outcomes_are_told_apart_by_colour_alone():
    colors = [*MINIMUM_COLORS, *(look.color for look in OUTCOME_LOOKS.values())]
    for a, b in itertools.combinations(colors, 2):
        assert distance(a, b) >= APART, (a, b)


def test_lines_stand_out_from_white_paper():
    # 100 |L(white) - L| in Oklab; 20 is the grey #B9B9B9
    for name, look in RULE_LOOKS.items():
        assert 100 * (1 - seen(look.color, "normal")[0]) > 20, name


def test_the_fifth_minimum_takes_the_first_colour_hatched():
    assert outcome_look("minimum 5").color == outcome_look("minimum 1").color
    looks = {outcome_look(f"minimum {k}") for k in range(1, 17)}
    assert len(looks) == 16


@pytest.mark.parametrize("name", ["minimum 0", "minimum", "converged", "minimum one"])
def test_an_unknown_outcome_is_refused_with_the_choices(name):
    with pytest.raises(ValueError, match=r"it is 'minimum k' with k >= 1, or saddle, cycle"):
        outcome_look(name)


def test_a_rule_and_its_name_and_aliases_look_the_same():
    assert rule_look(make_rule("sam", 0.1)) == rule_look("sam") == RULE_LOOKS["sam"]
    assert rule_look("StableSAM") == RULE_LOOKS["stable_sam"]
    assert rule_look("gd->sam").color == RULE_LOOKS["sam"].color
    assert rule_look("gd->sam").label == "GD→SAM"
    with pytest.raises(ValueError, match="did you mean 'sam'"):
        rule_look("samm")


@pytest.mark.parametrize(("columns", "inches"), [(1, 3.25), (2, 6.75)])
def test_a_figure_is_as_wide_as_its_columns(columns, inches):
    fig, axes = figure(columns, 0.5, rows=1, cols=2)
    assert fig.get_figwidth() == inches
    assert fig.get_figheight() == inches / 2
    assert axes.shape == (2,)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"columns": 3}, "must be 1 or 2, got 3"),
        ({"aspect": 0.0}, "must be positive"),
        ({"width": -1.0}, "positive"),
    ],
)
def test_impossible_sizes_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        figure(**arguments)


def test_all_text_is_at_least_seven_points_and_fonts_are_embedded_as_text():
    with paper():
        fig, ax = figure()
        ax.set(xlabel="x", ylabel="y", title="t")
        ax.plot([0, 1], [0, 1], label="line")
        legend_below(ax)
        fig.draw_without_rendering()
        sizes = [float(text.get_fontsize()) for text in fig.findobj(Text) if text.get_text()]
        assert min(sizes) >= 7
        assert mpl.rcParams["pdf.fonttype"] == 42


def test_the_style_leaves_the_users_settings_alone():
    before = dict(mpl.rcParams)
    with paper():
        assert mpl.rcParams["font.size"] == 7.5
    assert dict(mpl.rcParams) == before


def test_the_legend_is_below_the_data_and_clear_of_the_axis_label():
    with paper():
        fig, ax = figure()
        ax.set_xlabel("$w_1$")
        ax.plot([0, 1], [0, 1], label="line")
        legend = legend_below(ax)
        fig.draw_without_rendering()
    assert legend.get_window_extent().y1 < ax.xaxis.label.get_window_extent().y0
    assert legend.get_window_extent().y0 >= 0


DRAW = r"""
import sys
from samscape.figures.style import figure, save
fig, ax = figure()
ax.plot([0, 1], [1, 0], label="a"); ax.set(xlabel=r"$\eta$", title="Ω"); ax.fill_between([0, 1], [0, 1], hatch="//")
for suffix in ("pdf", "png", "svg"):
    save(fig, sys.argv[1] + suffix)
"""


def test_a_saved_figure_has_the_same_bytes_in_another_process(tmp_path):
    # matplotlib's own dates, and its hashes of sets of strings, would differ between runs
    for seed in ("1", "2"):
        command = [sys.executable, "-c", DRAW, str(tmp_path / f"{seed}.")]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
    for suffix in ("pdf", "png", "svg"):
        first = (tmp_path / f"1.{suffix}").read_bytes()
        assert first == (tmp_path / f"2.{suffix}").read_bytes()
        assert not re.search(rb"CreationDate|matplotlib v|<dc:date>", first)
    assert b"/FontFile2" in (tmp_path / "1.pdf").read_bytes()  # an embedded TrueType font


def test_save_refuses_a_suffix_it_does_not_write_and_leaves_nothing_behind(tmp_path):
    fig, _ = figure()
    with pytest.raises(ValueError, match=r"should end in one of .pdf, .png, .svg"):
        save(fig, tmp_path / "figure.gif")
    with pytest.raises(OSError, match="missing"):
        save(fig, tmp_path / "missing" / "figure.png")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_save_keeps_the_older_file(tmp_path, monkeypatch):
    fig, _ = figure()
    path = save(fig, tmp_path / "figure.png")
    before = path.read_bytes()

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(fig, "savefig", fail)
    with pytest.raises(RuntimeError, match="disk full"):
        save(fig, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_the_package_offers_the_style_without_loading_matplotlib():
    command = (
        "import samscape.figures as f, sys; assert 'matplotlib' not in sys.modules; f.save; assert 'save' in dir(f)"
    )
    subprocess.run([sys.executable, "-c", command], check=True)
    import samscape.figures

    assert samscape.figures.save is style.save
    with pytest.raises(AttributeError, match="it has figure, legend_below"):
        samscape.figures.nothing  # noqa: B018
