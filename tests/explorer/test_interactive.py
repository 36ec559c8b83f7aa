"""`samscape portrait --interactive`: Matplotlib's sliders and clicks, without a window."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backend_bases import KeyEvent, MouseEvent
from typer.testing import CliRunner

from samscape.dynamics.methods import make_rule
from samscape.dynamics.trajectories import trajectories
from samscape.figures.interactive import InteractivePortrait
from samscape.landscapes import get_landscape

LAYERS = ("critical_points", "trajectories")


@pytest.fixture(autouse=True)
def closed_afterwards():
    yield
    plt.close("all")


def portrait(name="lucchi", rule="sam", **settings):
    return InteractivePortrait(get_landscape(name), rule, steps=20, layers=LAYERS, **settings)


def click(view, x, y):
    event = MouseEvent("button_press_event", view.figure.canvas, *view.axes.transData.transform((x, y)), button=1)
    view.figure.canvas.callbacks.process("button_press_event", event)


def press(view, key):
    view.figure.canvas.callbacks.process("key_press_event", KeyEvent("key_press_event", view.figure.canvas, key))


def ends(view):
    """Last points of the lines that begin at the starts."""
    lines = [line.get_xydata() for line in view.axes.get_lines()]
    return [line[-1] for line in lines for start in view.starts if len(line) > 2 and np.allclose(line[0], start)]


def test_a_click_adds_a_start_and_keys_take_it_away():
    view = portrait()
    click(view, 0.5, -0.9)
    click(view, 1.0, 0.25)
    # a pixel is 1/100 of the window's side at least
    np.testing.assert_allclose(view.starts, [[0.5, -0.9], [1.0, 0.25]], atol=0.02)
    assert len(ends(view)) == 2
    press(view, "backspace")
    assert len(view.starts) == 1
    press(view, "delete")
    assert view.starts.shape == (0, 2)
    assert ends(view) == []


def test_a_slider_changes_the_rule_and_its_trajectories():
    view = portrait(eta=0.1, rho=0.2, starts=[(0.5, -0.9)])
    before = ends(view)[0]
    view.sliders["eta"].set_val(-2)
    view.sliders["rho"].set_val(0.5)
    rule = make_rule("sam", 0.01, rho=0.5)
    expected = trajectories(get_landscape("lucchi"), rule, np.array([[0.5, -0.9]]), 20)["w"][0, -1]
    # the slider's logarithm gives eta to round-off
    np.testing.assert_allclose(ends(view)[0], expected, atol=1e-12)
    assert np.linalg.norm(before - expected) > 0.1


def test_gradient_descent_has_no_radius():
    assert set(portrait(rule="gd").sliders) == {"eta", "momentum"}
    assert set(portrait(rule="usam").sliders) == {"eta", "rho", "momentum"}


def test_a_loss_of_one_coordinate_takes_clicks_too():
    view = portrait("cosine", "gd", eta=0.2)
    low, high = view.axes.get_xlim()
    click(view, (low + 2 * high) / 3, np.mean(view.axes.get_ylim()))
    assert view.starts.shape == (1, 1)


@pytest.mark.parametrize(
    ("settings", "reason"), [({"momentum": 1.0}, "momentum = 1.0"), ({"eta": -0.1}, "eta"), ({"starts": [[1.0]]}, "2")]
)
def test_bad_numbers_are_refused_before_a_window_opens(settings, reason):
    with pytest.raises(ValueError, match=reason):
        portrait(**settings)
    assert plt.get_fignums() == []


def test_without_a_window_the_command_names_the_explorer():
    from samscape.__main__ import app

    result = CliRunner().invoke(app, ["portrait", "saddle", "--rule", "sam", "--interactive"])
    assert result.exit_code != 0
    assert "samscape explore" in result.stderr
