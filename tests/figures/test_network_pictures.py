"""Pictures of networks: switching experiments, lines and planes between networks, losses after a switch."""

import math

import numpy as np
import pytest

from samscape.cifar.escape import Escape
from samscape.cifar.interpolation import Line
from samscape.cifar.slices2d import Plane
from samscape.figures.between_networks import draw_escape, draw_line, draw_plane, escape_data, line_data, plane_data
from samscape.figures.style import paper
from samscape.figures.switching import draw_switching, points, remaining, sharpness_check, switching_data


def branch(direction, share, seed, sharpness, loss=0.1, diverged=False):
    return {
        "direction": direction,
        "share": share,
        "seed": seed,
        "test_loss": loss,
        "test_error": loss / 10,
        "sharpness": sharpness,
        "smallest": -0.01,
        "diverged": diverged,
    }


def experiment(seeds=5, sam=0.5):
    """SGD at 1 + seed / 10, SAM at `sam` of it, switches on the way."""
    rows = []
    for seed in range(seeds):
        at = 1 + seed / 10
        rows += [branch("sgd", 0.0, seed, at, 0.2 + seed), branch("sam", 1.0, seed, sam * at, 0.1 + seed)]
        for share in (0.25, 0.5, 0.75):
            rows.append(branch("sgd->sam", share, seed, at * (1 - (1 - sam) * share), 0.1 + seed + 0.1 * (1 - share)))
            rows.append(branch("sam->sgd", share, seed, at, 0.2 + seed))
    return rows


def test_gaps_are_to_full_sam_of_the_same_seed_and_full_runs_are_shares_0_and_1():
    data = switching_data(experiment())
    shares, gaps = points(data, "sgd->sam", "test_loss", gap=True)
    np.testing.assert_array_equal(shares, [0, 0.25, 0.5, 0.75, 1])
    # seeds differ by 1 in loss, which a paired gap does not see; rounding of numbers up to 5
    np.testing.assert_allclose(gaps, np.tile([0.1, 0.075, 0.05, 0.025, 0], (5, 1)), atol=1e-12)
    np.testing.assert_allclose(points(data, "sam->sgd", "test_loss", gap=True).values[:, :4], 0.1, atol=1e-12)
    left = remaining(data, "sgd->sam")
    assert left == pytest.approx({0.25: 0.75, 0.5: 0.5, 0.75: 0.25})
    assert list(remaining(data, "sam->sgd").values()) == pytest.approx([1, 1, 1])


def test_check_holds_where_sam_is_flatter_with_every_seed_and_not_where_it_is_not():
    found = sharpness_check(switching_data(experiment()))
    assert found.outcome == "agrees"
    assert found.numbers["seeds"] == 5
    assert found.numbers["p of the sign test"] == pytest.approx(1 / 32)
    assert found.numbers["SAM over SGD, geometric mean"] == pytest.approx(0.5)
    assert sharpness_check(switching_data(experiment(sam=1.5))).outcome == "does not agree"
    rows = experiment()
    rows[1] = {**rows[1], "sharpness": 2.0}
    assert sharpness_check(switching_data(rows)).outcome != "agrees"


def test_a_run_that_diverged_is_counted_and_left_out():
    rows = [{**row, "diverged": row["seed"] == 2 and row["direction"] == "sgd"} for row in experiment()]
    data = switching_data(rows)
    assert math.isnan(points(data, "sgd->sam", "sharpness").values[2, 0])
    found = sharpness_check(data)
    assert (found.numbers["seeds"], found.numbers["runs that diverged"]) == (4, 1)
    with paper():
        draw_switching(data)


def test_one_seed_shows_and_proves_nothing():
    data = switching_data(experiment(seeds=1))
    assert sharpness_check(data).outcome == "does not agree"
    with paper():
        draw_switching(data)


def test_rows_without_full_runs_or_twice_are_refused():
    rows = experiment(1)
    with pytest.raises(ValueError, match="no run with sam alone"):
        switching_data([row for row in rows if row["direction"] != "sam"])
    with pytest.raises(ValueError, match="is there twice"):
        switching_data([*rows, rows[0]])


def labelled(fig):
    axes = [ax for ax in fig.axes if ax.get_label() != "<colorbar>" and not ax.get_label().startswith("inset")]
    return axes and all(ax.get_xlabel() or not ax.xaxis.get_tick_params()["labelbottom"] for ax in axes)


def test_switching_picture_shows_every_mean_and_deviation():
    data = switching_data(experiment())
    with paper():
        fig = draw_switching(data)
    assert labelled(fig)
    assert len(fig.axes) == 6
    bars = fig.axes[4].containers[0]
    np.testing.assert_array_equal(bars.lines[0].get_xdata(), [0, 25, 50, 75, 100])
    expected = points(data, "sgd->sam", "sharpness").values
    np.testing.assert_allclose(bars.lines[0].get_ydata(), expected.mean(axis=0), rtol=1e-12)
    upper = bars.lines[1][1].get_ydata() - bars.lines[0].get_ydata()
    np.testing.assert_allclose(upper, expected.std(axis=0, ddof=1), rtol=1e-9)


def test_line_picture_has_the_second_differences_of_the_loss():
    at = np.linspace(-0.2, 1.2, 29)
    data = line_data(Line(at, 3 * at**2 + 0.1, np.zeros(29)), 0.1, ("SGD→SAM", "SGD"))
    inner = data["second"].values[2:-2]
    np.testing.assert_allclose(inner, 6, rtol=1e-9)  # exact for a square, rounded
    assert np.isnan(data["second"].values[[0, 1, -2, -1]]).all()
    assert labelled(draw_line(data))


def test_plane_and_escape_pictures_are_drawn():
    grid = np.linspace(-1, 1, 5)
    plane = Plane(grid, grid, grid[None] ** 2 + 3 * grid[:, None] ** 2)
    ax = draw_plane(plane_data(plane, ("SGD→SAM", "SGD")))
    assert ax.get_xlabel()
    escape = Escape(np.arange(4), {"train_loss": np.exp(np.arange(8.0).reshape(2, 4)), "test_loss": np.ones((2, 4))})
    fig = draw_escape(escape_data(escape))
    assert labelled(fig)
    np.testing.assert_allclose(fig.axes[0].lines[-1].get_ydata(), np.exp(np.arange(8.0).reshape(2, 4)).mean(axis=0))


def test_a_figure_without_its_extra_says_what_to_install(monkeypatch):
    from samscape.figures import paper_figure, reproduce

    figure = reproduce.load_figure("zhou2025-fig3-digits")
    monkeypatch.setattr(paper_figure, "find_spec", lambda name: None)
    assert "pip install 'samscape[cifar]'" in figure.absent
    assert reproduce.load_figure("kim2023-fig1").absent == ""
