"""The figures of Kim et al. (2023): the same data on every run, checks that evaluate, and independent runs in NumPy."""

import math

import numpy as np
import pytest

from samscape.figures.kim2023_laws import equation_14, rate, variance, variance_with_momentum
from samscape.figures.reproduce import load_figure
from samscape.figures.store import digest_of
from samscape.figures.style import paper

SMALL = {
    "kim2023-fig1": {"steps": 3000, "late": 2000, "etas": (1e-4, 1e-3, 3), "scan_steps": 2000},
    "kim2023-fig2": {"grid": 9, "steps": 2500, "late": 1000, "steps_sam": 2000, "steps_gd": 2000},
    "kim2023-fig3": {"first": 1000, "shown": 20, "after": 200},
    "kim2023-fig4": {"steps": 4000, "shown": 2000, "window": 1000},
    "kim2023-fig5": {},
    "kim2023-fig6": {"grid": 41},
    "kim2023-fig7": {"seeds": 20, "steps": 200},
    "kim2023-thm2-diffusion": {"paths": 256, "dt": 0.02, "friction_times": (0.5, 10.0), "rho": (0.0, 0.5, 1.5)},
    "kim2023-thm1-map": {"landscapes": ("beale",), "grid": 8, "time": 20.0},
}
"""Settings that make a figure cheap; its checks may then come out otherwise."""


def settings_of(name, variant="paper"):
    figure = load_figure(name)
    settings = figure.settings(variant)
    return figure, type(settings)(variant, "default", {**settings.values, **SMALL[name]})


@pytest.mark.parametrize("name", SMALL)
def test_figures_are_the_same_to_the_bit_on_every_run_and_can_be_checked_and_drawn(name):
    figure, settings = settings_of(name)
    shares = []
    data = figure.compute(settings, shares.append)
    assert digest_of(data) == digest_of(figure.compute(settings, shares.append))
    assert all(0 <= share <= 1 for share in shares)
    assert figure.caption_of(settings)
    checks = figure.check(data)
    assert checks
    with paper():
        drawn = figure.draw(data)
    axes = [ax for ax in drawn.axes if ax.get_label() != "<colorbar>"]
    assert axes
    assert all(ax.get_xlabel() or not ax.xaxis.get_tick_params()["labelbottom"] for ax in axes)
    assert all(ax.get_ylabel() or not ax.yaxis.get_tick_params()["labelleft"] for ax in axes)


def beale_gradient(x, y):
    a, b, c = 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3
    return np.array(
        [2 * a * (y - 1) + 2 * b * (y * y - 1) + 2 * c * (y**3 - 1), 2 * x * (a + 2 * b * y + 3 * c * y * y)]
    )


def beale_sam(eta, rho, steps, w=(1.0, 2.0)):
    """SAM on Beale's function as a plain loop; returns w, w_adv and the cosine, shape (steps, 5)."""
    w, rows = np.array(w), []
    for _ in range(steps):
        g = beale_gradient(*w)
        w_adv = w + rho * g / math.hypot(*g)
        g_adv = beale_gradient(*w_adv)
        rows.append([*w, *w_adv, g @ g_adv / (math.hypot(*g) * math.hypot(*g_adv))])
        w = w - eta * g_adv
    return np.array(rows)


def test_fig1_sam_in_plain_numpy_is_trapped_as_closely_as_the_figure_says():
    figure, settings = settings_of("kim2023-fig1")
    steps, late = settings["steps"], settings["late"]
    rows = beale_sam(settings["eta"], settings["rho"], steps + 1)
    data = figure.compute(settings, lambda share: None)
    mine = data["w"].sel(rule="sam", step=slice(0, 150)).values
    # 151 steps before the path is chaotic: rounding errors of 1e-16, some ten operations a step, hardly amplified
    np.testing.assert_allclose(rows[:151, :2], mine, rtol=0, atol=1e-11)
    distance = np.linalg.norm(rows[late:, :2] - [0, 1], axis=1)
    # chaotic from there on: the median of 1000 correlated distances, spread over a decade, is good to a fifth
    assert np.median(distance) == pytest.approx(float(data["trap"].sel(quantile=0.5)), rel=0.2)


def test_fig1_equation_5_without_normalisation_leaves_beales_function_at_once():
    w = np.array([1.0, 2.0])
    with np.errstate(all="ignore"):
        for _ in range(5):
            w = w - 1e-4 * beale_gradient(*(w + 0.5 * beale_gradient(*w)))
    assert not np.linalg.norm(w) < 1e6  # the figure can only be normalised, as the public code is


def test_fig5_the_public_code_which_adds_both_gradients_ends_at_the_saddle_too():
    w = np.array([-3.0, -0.01])
    for _ in range(500):
        g = 2 * w * [1, -1]
        w = w - 0.01 * (g + 2 * (w + 0.5 * g / math.hypot(*g)) * [1, -1])
    assert np.linalg.norm(w) < 0.05
    data = load_figure("kim2023-fig5").compute(load_figure("kim2023-fig5").settings("code"), lambda share: None)
    assert np.linalg.norm(data["w"].sel(rule="sam")[-1]) < 0.05


def test_fig6_curvatures_are_those_of_the_hessian_by_differences():
    figure, settings = settings_of("kim2023-fig6")
    data = figure.compute(settings, lambda share: None)
    rng = np.random.default_rng(0)
    for i, j in rng.integers(0, settings["grid"], (20, 2)):
        w, h = np.array([float(data["x"][j]), float(data["y"][i])]), 1e-5
        columns = [(beale_gradient(*(w + h * e)) - beale_gradient(*(w - h * e))) / (2 * h) for e in np.eye(2)]
        expected = np.linalg.eigvalsh(np.array(columns))
        # central differences: h^2 times third derivatives of the gradient, and rounding / h, of gradients up to 1e4
        np.testing.assert_allclose(data["curvature"].values[i, j], expected, rtol=1e-5, atol=1e-4)


def test_fig3_and_fig4_statistics_of_a_plain_numpy_run_are_those_of_the_figures():
    """The path is chaotic: what repeats are shares and quantiles, here of 20,000 steps with bursts of some ten each."""
    rows = beale_sam(1e-4, 0.5, 25_000)[5000:]
    cosine = rows[:, 4]
    # the figure's windows of 5000 steps have quartiles within 0.04 of its own, -0.06, 0.13, 0.23
    np.testing.assert_allclose(np.quantile(cosine, [0.25, 0.5, 0.75]), [-0.06, 0.127, 0.231], rtol=0, atol=0.04)
    assert cosine.min() < -0.99
    assert cosine.max() > 0.99
    assert np.median(np.abs(np.diff(cosine))) < 0.02
    # the boundary's tangent x = y - 1 tells the sides but for w_adv within a few degrees of it
    side, side_adv = (np.sign(rows[:, i] - rows[:, i + 1] + 1) for i in (0, 2))
    assert np.mean(side != side_adv) > 0.98
    assert 0.85 < np.mean(side_adv[1:] != side_adv[:-1]) < 0.93


def test_fig3_the_boundary_separates_what_flows_to_the_minimum_from_what_does_not():
    data = load_figure("kim2023-fig3").compute(settings_of("kim2023-fig3")[1], lambda share: None)
    curve = data["boundary"].values
    inside = curve[(np.abs(curve) < 1.5).all(axis=1)][::20]
    assert len(inside) >= 4
    right, left = (np.stack([inside[:, 0] + side, inside[:, 1]]) for side in (0.03, -0.03))
    for _ in range(40_000):  # gradient descent with steps far below its limit follows the flow
        right, left = (w - 1e-3 * beale_gradient(*w) for w in (right, left))
    assert np.hypot(right[0] - 3, right[1] - 0.5).max() < 0.1
    assert np.hypot(left[0] - 3, left[1] - 0.5).min() > 2


def one_neuron_sam(rho, eta, steps, seeds, rng):
    """SAM, or SGD without a radius, on (w2 w1^2 - y)^2 with one label a step; the mean loss at the end, per seed."""
    w1, w2 = rng.uniform(-0.1, 0.1, seeds), rng.uniform(0, 1, seeds)
    for _ in range(steps):
        y = rng.choice([-1.0, 2.0], seeds)
        g = np.stack([4 * w1 * w2 * (w2 * w1**2 - y), 2 * w1**2 * (w2 * w1**2 - y)])
        v1, v2 = (w1, w2) + rho * g / np.hypot(*g)
        w1 = w1 - eta * 4 * v1 * v2 * (v2 * v1**2 - y)
        w2 = w2 - eta * 2 * v1**2 * (v2 * v1**2 - y)
    return ((w2 * w1**2 + 1) ** 2 + (w2 * w1**2 - 2) ** 2) / 2


def test_fig7_plain_numpy_has_the_same_mean_losses_and_falls_at_the_last_radius_too():
    rng = np.random.default_rng(1)
    losses = {rho: one_neuron_sam(rho, 0.01, 10_000, 150, rng) for rho in (0.0, 0.02, 0.05, 0.1)}
    # the figure's default run, seeds of its own; 4 standard errors of the difference
    for rho, mean, error in ((0.0, 2.28757, 0.00161), (0.02, 2.44056, 0.0031)):
        ours = losses[rho]
        assert abs(ours.mean() - mean) < 4 * math.hypot(ours.std() / math.sqrt(150), error)
    # all at the line, and lower where the radius is larger: by 30 standard errors in the figure
    assert losses[0.05].min() > 2.45
    assert losses[0.1].mean() < losses[0.05].mean() < 2.5


@pytest.mark.parametrize(
    ("normalised", "h", "r", "stays"),
    [
        (False, 0.1, 0.8, False),  # below Theorem 1's radius
        (False, 0.1, 1.25, True),
        (False, 0.1, 25.0, False),  # overshoots: 0.1 (1 + 25) > 2
        (True, 0.1, 0.05, True),
        (True, 0.8, 2.0, True),
        (True, 1.2, 0.05, False),
        (True, 0.8, 20.0, False),  # Beale's function is no quadratic within rho = 0.72
    ],
)
def test_thm1_map_plain_numpy_stays_and_leaves_beales_saddle_where_the_figure_says(normalised, h, r, stays):
    curvature = 27.75
    eta, rho = h / curvature, r / curvature
    near = 0.02 * rho if normalised else 0.002 / curvature
    ball = rho if normalised else 10 * near
    kept = []
    for angle in (np.arange(4) + 0.3) * np.pi / 2:
        w = np.array([0.0, 1.0]) + near * np.array([math.cos(angle), math.sin(angle)])
        farthest = near
        for _ in range(math.ceil(60 / h)):
            g = beale_gradient(*w)
            w = w - eta * beale_gradient(*(w + rho * g / (math.hypot(*g) if normalised else 1)))
            farthest = max(farthest, math.hypot(w[0], w[1] - 1))
            if not farthest <= ball:
                break
        kept.append(farthest <= ball)
    assert all(kept) if stays else not all(kept)


@pytest.mark.parametrize("lam", [-1.0, 1.0])
def test_thm2_plain_numpy_paths_of_equation_11_follow_the_printed_drift_and_not_equation_12(lam):
    eta, rho, dt, n = 1e-3, 0.5, 2e-3, 20_000
    rng, w, end = np.random.default_rng(0), np.zeros(n), np.array([1.0])
    for _ in range(500):
        w_adv = w + rho * lam * w
        w = w - lam * w_adv * dt + math.sqrt(eta * abs(lam) * dt) * rng.standard_normal(n)
    found, error = w.var(), math.sqrt(2 / n)
    # 5 standard errors, and Euler's bias, below 1 % of the variance at these rates
    assert abs(found / variance(eta, lam, rate(lam, rho, "printed"), end)[0] - 1) < 5 * error + 0.01
    assert abs(found / variance(eta, lam, rate(lam, rho, "composed"), end)[0] - 1) > 0.2


@pytest.mark.parametrize("lam", [-1.0, 1.0])
def test_thm3_plain_numpy_paths_with_momentum_follow_the_solved_equation_and_not_equation_14(lam):
    eta, rho, gamma, n = 1e-3, 0.25, 0.9, 20_000
    phi = (1 - gamma) / eta
    dt = 1 / (200 * phi)
    rng, w, v = np.random.default_rng(0), np.zeros(n), np.zeros(n)
    a = rate(lam, rho, "composed")
    for step in range(1, 1001):
        kick = math.sqrt(eta * abs(lam) * dt) * rng.standard_normal(n)
        w, v = w + v * dt, v - phi * v * dt - (a * w * dt - kick) / eta
        if step in (200, 1000):  # phi t = 1 and 5
            t = np.array([step * dt])
            exact = variance_with_momentum(eta, lam, a, gamma, t)[0]
            # 5 standard errors, and Euler's bias, below 2 % from the start
            assert abs(w.var() / exact - 1) < 5 * math.sqrt(2 / n) + 0.02
            assert w.var() < 0.8 * equation_14(eta, lam, rho, gamma, t, t / eta)[0]
