"""The valleys of Zhou et al. (2025): the same data on every run, checks that evaluate, independent runs in NumPy."""

import math

import numpy as np
import pytest

from samscape.figures.reproduce import load_figure
from samscape.figures.store import digest_of
from samscape.figures.style import paper
from samscape.figures.zhou2025_escape import local, rise
from samscape.figures.zhou2025_two_phases import factor, threshold

SMALL = {
    "zhou2025-fig4a": {"steps_sam": 100, "steps_long": 150, "grid": 21},
    "zhou2025-fig4b-toy": {"seeds": 30, "steps_sgd": 100, "steps_sam": 30, "shown": 30},
    "zhou2025-fig16-toy": {"seeds": 12, "steps_sam": 150},
    "zhou2025-fig4c-toy": {"steps_sam": 100, "steps_long": 150, "points": 11},
    "zhou2025-ex-c1": {"etas": (0.1, 30.0, 31), "starts": 10, "steps": 200, "grid": 81},
    "zhou2025-rem-c1": {"starts": 40, "steps": 50, "etas": (0.1, 3.0, 5), "radii": (0.0, 2.0, 5), "shown": 10},
}
"""Settings that make a figure cheap; its checks may then come out otherwise."""


def settings_of(name, **changes):
    figure = load_figure(name)
    settings = figure.settings()
    return figure, type(settings)("paper", "default", {**settings.values, **SMALL[name], **changes})


def data_of(name, **changes):
    figure, settings = settings_of(name, **changes)
    return figure.compute(settings, lambda share: None)


@pytest.mark.parametrize("name", SMALL)
def test_figures_are_the_same_to_the_bit_on_every_run_and_can_be_checked_and_drawn(name):
    figure, settings = settings_of(name)
    shares = []
    data = figure.compute(settings, shares.append)
    assert digest_of(data) == digest_of(figure.compute(settings, shares.append))
    assert all(0 <= share <= 1 for share in shares)
    caption = figure.caption_of(settings)
    assert ("replaces" in caption) == name.endswith("toy")
    assert figure.check(data)
    with paper():
        drawn = figure.draw(data)
    assert drawn.axes
    assert all(ax.get_xlabel() or not ax.xaxis.get_tick_params()["labelbottom"] for ax in drawn.axes)
    assert all(ax.get_ylabel() or not ax.yaxis.get_tick_params()["labelleft"] for ax in drawn.axes[:1])


def two_phases(eta, rho, before, after, w):
    """Gradient descent, then SAM, on tanh(v tanh u)^2 / 2 with derivatives written by hand."""

    def gradient(u, v):
        a = math.tanh(u)
        t = math.tanh(v * a)
        outer = t * (1 - t * t)
        return np.array([outer * v * (1 - a * a), outer * a])

    path = [np.array(w)]
    for t in range(before + after):
        ascent = 0.0 if t < before else rho
        path.append(path[-1] - eta * gradient(*(path[-1] + ascent * gradient(*path[-1]))))
    return np.array(path)


def test_fig4a_plain_numpy_takes_the_same_path():
    path = two_phases(1.9, 0.5, 50, 100, (2.5, 1.5))
    # rounding of 1e-16, amplified while SAM escapes by at most 1.75 a step for 18 steps: below 1e-11
    np.testing.assert_allclose(path, data_of("zhou2025-fig4a")["w"].values, rtol=0, atol=1e-10)


def test_fig4a_the_sharpness_at_which_sam_stays_is_where_the_linear_update_stops_contracting():
    for eta, rho in ((1.9, 0.5), (2.2, 0.3), (0.5, 0.0)):
        # a square root and a product: a few units of the last place
        assert factor(eta, rho, threshold(eta, rho)) == pytest.approx(-1, abs=1e-14)


def test_fig4c_second_difference_is_the_printed_one_a_quarter_of_the_second_derivative():
    data = data_of("zhou2025-fig4c-toy")
    path = two_phases(1.9, 0.5, 50, 100, (2.5, 1.5))
    near, far = path[150], path[50]

    def loss(share):
        u, v = (1 - share) * near + share * far
        return math.tanh(v * math.tanh(u)) ** 2 / 2

    mine = [(loss(s + 0.1) + loss(s - 0.1) - 2 * loss(s)) / 0.04 for s in data["share"].values]
    # losses of 1e-4 know their difference to 1e-19 over 0.04; the paths agree to 1e-10 of 0.016
    np.testing.assert_allclose(data["second"].values[0], mine, rtol=1e-5, atol=1e-11)


def sum_gradient(u, v, x):
    a = np.tanh(u * x)
    t = np.tanh(v * a)
    outer = t * (1 - t * t)
    return np.stack([outer * v * x * (1 - a * a), outer * a])


def test_fig4b_and_fig16_plain_numpy_seeds_escape_and_come_back_alike():
    rng, x, n = np.random.default_rng(5), np.linspace(0.2, 2, 10), 400
    w, losses = np.tile([[2.5], [1.0]], n), []
    for _ in range(150):
        w = w - 2.2 * sum_gradient(*w, rng.choice(x, n))
    begin = np.log((np.tanh(w[1, :, None] * np.tanh(w[0, :, None] * x)) ** 2).mean(axis=1) / 2)
    for _ in range(300):
        w_adv = w + 0.5 * sum_gradient(*w, rng.choice(x, n))
        w = w - 2.2 * sum_gradient(*w_adv, rng.choice(x, n))
        losses.append((np.tanh(w[1, :, None] * np.tanh(w[0, :, None] * x)) ** 2).mean(axis=1) / 2)
    losses = np.array(losses)
    blocks = losses.reshape(6, 50, n).mean(axis=1)
    error = blocks.std(axis=1, ddof=1) / math.sqrt(n)
    data = data_of("zhou2025-fig16-toy", seeds=100, steps_sam=300)
    spread = error * math.sqrt(1 + n / 100)  # of the difference to a mean over 100 seeds
    # 5 standard errors; means of so skewed losses are hardly normal
    assert (abs(blocks.mean(axis=1) - data["block"].values) < 5 * spread).all()
    assert (w[0] > 0).all()
    settled = begin < math.log(1e-12)
    grown = (np.log(losses[19, settled]) - begin[settled]) / 20
    expected = local(w[0, :1] * 0 + 2.4, 10, 2.2, 0.5)
    rate, noise = expected.logarithm[0], expected.logarithm_spread[0] / math.sqrt(20 * settled.sum())
    # u is between 2.27 and 2.48 at the switch, where the rate differs by 0.02 from that at 2.4
    assert abs(grown.mean() - rate) < 4 * noise + 0.02


def test_fig4b_growth_and_bound_are_those_written_out_for_the_linear_update():
    x, eta, rho = np.linspace(0.2, 2, 10), 2.2, 0.5
    found = local(np.array([1.2, 2.4]), 10, eta, rho)
    for i, u in enumerate((1.2, 2.4)):
        a = np.tanh(u * x) ** 2
        steps = 1 - eta * a[:, None] * (1 + rho * a)
        # displaced by v = 1e-3: tanh is linear but for v^2; the logarithm of a small factor knows it less well
        assert found.growth[i] == pytest.approx((steps**2).mean(), rel=1e-4)
        assert found.logarithm[i] == pytest.approx(np.log(steps**2).mean(), abs=1e-3)
        assert found.norm[i] == pytest.approx(a.mean(), rel=1e-12)
        assert found.gamma[i] == pytest.approx(a.var() / a.mean() ** 2, rel=1e-4)
        # Corollary 4.2 with B = 1: C is made of gamma ||H||^2, here the variance of a
        assert found.bound[i] == pytest.approx(eta**2 * a.var() * (1 + rho**2 * a.var()), rel=1e-4)
        assert found.growth[i] > found.bound[i]


def test_rise_fits_a_geometric_sequence_up_to_a_tenth_of_its_peak():
    curve = np.minimum(1e-9 * 3.0 ** np.arange(40), 1.0)
    last, fitted, squared = rise(curve)
    assert last == 17  # the first term above 0.1: 3^17 = 1.3e8
    assert fitted == pytest.approx(3, rel=1e-9)  # a least-squares line through exact points
    assert squared == pytest.approx(1, abs=1e-12)


def example_c1_slope(z, a, eps):
    return np.where(abs(z) < a * eps, z * (a - abs(z) / (2 * eps)), np.sign(z) * a**2 * eps / 2)


@pytest.mark.parametrize(("a", "eta", "leaves"), [(2, 4.9, False), (2, 9.0, False), (2, 12.0, True), (4, 4.0, True)])
def test_ex_c1_plain_numpy_stays_and_leaves_where_the_figure_says(a, eta, leaves):
    z = np.linspace(-1, 1, 202)[1:-1]
    farthest = abs(z)
    for _ in range(500):
        z = z - eta * example_c1_slope(z + example_c1_slope(z, a, 0.1) / a, a, 0.1)
        farthest = np.maximum(farthest, abs(z))
    assert (farthest.max() > 2) == leaves
    data = data_of("zhou2025-ex-c1", etas=(eta, eta * 1.001, 2), starts=200, steps=500)
    reach = data["reach" if a == 2 else "reach_other"].values[0]
    # every step rounds, and in the 2-cycles that all paths end in rounding does not grow
    assert reach == pytest.approx(farthest.max(), rel=1e-9)


def test_ex_c1_printed_slope_is_not_the_integral_of_the_printed_curvature():
    checks = load_figure("zhou2025-ex-c1").check(data_of("zhou2025-ex-c1"))
    assert checks[0].outcome == "does not agree"
    # a = 2, eps = 0.1: the triangle of height a over [0, a eps]
    assert checks[0].numbers["the printed L'' integrated to 2b"] == pytest.approx(0.2, rel=1e-12)


@pytest.mark.parametrize(("eta", "rho", "leave"), [(0.6, 0.2, False), (1.6, 0.2, False), (1.75, 0.2, True)])
def test_rem_c1_plain_numpy_stays_and_leaves_where_the_figure_says(eta, rho, leave):
    theta = np.random.default_rng(3).uniform(-2, 2, 500)
    gone = np.zeros(500, bool)
    for _ in range(300):
        w_adv = theta + rho * np.pi / 2 * np.sin(np.pi * theta / 2)
        theta = theta - eta * np.pi / 2 * np.sin(np.pi * w_adv / 2)
        gone |= abs(theta) > 2
    assert gone.all() if leave else not gone.any()
    data = data_of("zhou2025-rem-c1", etas=(eta, eta, 1), rho=rho, steps=300)
    assert float(data["share"].sel(rule="usam")[0]) == float(leave)
