"""The portrait with sliders: what moves it, and what is refused. Drawn without a window."""

import numpy as np
import pytest
from matplotlib.backend_bases import KeyEvent, MouseEvent

from samscape.figures.interactive import InteractivePortrait
from samscape.landscapes import Landscape, get_landscape


@pytest.fixture
def view():
    import matplotlib.pyplot as plt

    made = InteractivePortrait(
        get_landscape("lucchi"), "sam", eta=0.1, rho=0.2, steps=20, layers=("contours", "trajectories")
    )
    yield made
    plt.close(made.figure)


def click(view, *w):
    x, y = view.axes.transData.transform(w)
    view.figure.canvas.callbacks.process(
        "button_press_event", MouseEvent("button_press_event", view.figure.canvas, x, y, 1)
    )


def test_a_click_adds_a_start_and_keys_take_it_away(view):
    click(view, 0.5, -0.5)
    click(view, -1.0, 0.25)
    # a pixel of a picture some 400 wide on a window of 4
    np.testing.assert_allclose(view.starts, [[0.5, -0.5], [-1.0, 0.25]], atol=0.02)
    assert view.axes.lines
    for key, left in (("backspace", 1), ("delete", 0)):
        view.figure.canvas.callbacks.process("key_press_event", KeyEvent("key_press_event", view.figure.canvas, key))
        assert len(view.starts) == left


def test_sliders_are_the_rules_numbers(view):
    view.sliders["eta"].set_val(-2)
    view.sliders["rho"].set_val(0.5)
    assert view.rule.base.eta == pytest.approx(0.01)
    assert view.rule.perturbation.rho == 0.5
    view.sliders["momentum"].set_val(0.9)
    assert view.rule.base.numbers["momentum"] == pytest.approx(0.9)


def test_without_a_window_the_remedy_is_named(view):
    with pytest.raises(RuntimeError, match="samscape explore"):
        view.show()


@pytest.mark.parametrize(("numbers", "reason"), [({"momentum": 1.0}, "below 1"), ({"eta": -1.0}, "eta = -1")])
def test_bad_numbers_are_refused(numbers, reason):
    with pytest.raises(ValueError, match=reason):
        InteractivePortrait(get_landscape("lucchi"), "sam", **numbers)


def test_three_coordinates_are_refused():
    with pytest.raises(ValueError, match="3 coordinates"):
        InteractivePortrait(Landscape.from_expression("x*y*z"))
