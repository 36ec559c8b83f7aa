"""Andriushchenko and Flammarion's Figures 5, 6, 13 and 14: the same data on every run, and runs in NumPy."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from samscape.dynamics.methods import make_rule
from samscape.figures.andriushchenko2022_fig5 import level_radius, potential
from samscape.figures.andriushchenko2022_fig14 import tuned
from samscape.figures.andriushchenko2022_networks import draws, first_below, log_records, ratio, run_networks
from samscape.figures.reproduce import load_figure
from samscape.figures.store import digest_of
from samscape.figures.style import paper

SMALL = {
    "andriushchenko2022-fig5": {"angles": 25, "scan": (1e-4, 10.0, 5)},
    "andriushchenko2022-fig6": {"seeds": (0, 1, 2), "steps": 500, "records": 20},
    "andriushchenko2022-fig13": {"seeds": (0, 1, 2), "steps": 500, "records": 20},
    "andriushchenko2022-fig14": {"seeds": (0, 1, 2), "steps": 200},
}
"""Settings that make a figure cheap; its checks may then come out otherwise."""


@pytest.mark.parametrize("name", SMALL)
def test_figures_are_the_same_to_the_bit_on_every_run_and_can_be_checked_and_drawn(name):
    figure = load_figure(name)
    settings = figure.settings()
    settings = type(settings)("paper", "default", {**settings.values, **SMALL[name]})
    shares = []
    data = figure.compute(settings, shares.append)
    assert digest_of(data) == digest_of(figure.compute(settings, shares.append))
    assert all(0 <= share <= 1 for share in shares)
    assert figure.caption_of(settings)
    assert figure.check(data)
    with paper():
        drawn = figure.draw(data)
    assert all(ax.get_xlabel() and ax.get_ylabel() for ax in drawn.axes)


@pytest.mark.parametrize("alpha", [0.01, 0.3, 10.0])
def test_fig5_potential_is_the_integral_of_arcsinh_and_its_level_sets_pass_through_the_axes(alpha):
    for beta in (0.02, -0.7):
        integral = alpha**2 * quad(lambda u: math.asinh(u / 2), 0, beta / alpha**2)[0]
        assert potential(np.array([beta]), alpha) == pytest.approx(integral, rel=1e-8)  # quad's own tolerance is 1.5e-8
    assert level_radius(np.pi / 2, alpha) == pytest.approx(1, abs=1e-12)


def one_step(kind, u, v, x, y, eta, rho, i=None, j=None):
    """The authors' product form u v with loss 1/(2n), example by example; one example each for descent and ascent."""
    n = len(y)
    outer = range(n) if i is None else [i]
    du, dv = np.zeros_like(u), np.zeros_like(v)
    r = x @ (u * v) - y
    for k in outer:
        if kind == "gd":
            up, vp = u, v
        elif kind == "n_sam":
            inner = range(n) if j is None else [j]
            up = u + rho * sum(r[m] * x[m] * v for m in inner) / len(inner)
            vp = v + rho * sum(r[m] * x[m] * u for m in inner) / len(inner)
        else:
            up, vp = u + rho * r[k] * x[k] * v, v + rho * r[k] * x[k] * u
        miss = x[k] @ (up * vp) - y[k]
        du, dv = du + miss * x[k] * vp / len(outer), dv + miss * x[k] * up / len(outer)
    return u - eta * du, v - eta * dv


@pytest.mark.parametrize(("kind", "numbers"), [("gd", {}), ("n_sam", {"rho": 0.1}), ("one_sam", {"rho": 0.1})])
def test_fig6_full_batch_runs_are_those_of_the_product_form_in_numpy(kind, numbers):
    data = draws((0, 3))
    run = run_networks(data, make_rule(kind, 1 / 30, **numbers), 0.01, (0, 300))
    for s, draw in enumerate(data):
        u, v = np.full(30, 0.02), np.zeros(30)
        for _ in range(300):
            u, v = one_step(kind, u, v, draw.x, draw.y, 1 / 30, numbers.get("rho", 0.0))
        # 300 steps, growing by a factor of about a hundred, of round-off 1e-16
        assert run.train[0, s, 1] == pytest.approx(((draw.x @ (u * v) - draw.y) ** 2).mean() / 4, rel=1e-9)
        assert run.test[0, s, 1] == pytest.approx(((draw.x_test @ (u * v) - draw.y_test) ** 2).mean() / 4, rel=1e-9)
        assert run.distance[0, s, 1] == pytest.approx(((u * v - draw.beta) ** 2).sum(), rel=1e-9)


def test_fig6_numpy_with_the_notebooks_data_finds_1_sam_at_a_lower_test_loss_too():
    x, y, x_test, y_test, _ = draws((0,))[0]
    losses = {}
    for kind in ("gd", "one_sam"):
        w = np.full(60, 0.01)
        sign, xx = np.r_[np.ones(30), -np.ones(30)], np.hstack([x, x])
        for _ in range(20_000):
            r = x @ (w[:30] ** 2 - w[30:] ** 2) - y
            # one row of points per example; gradient of r^2 / 4 is r x w with signs
            points = w + (0.1 if kind == "one_sam" else 0.0) * r[:, None] * sign * xx * w
            miss = ((points[:, :30] ** 2 - points[:, 30:] ** 2) * x).sum(axis=1) - y
            w = w - (miss[:, None] * sign * xx * points).mean(axis=0) / 30
        losses[kind] = ((x_test @ (w[:30] ** 2 - w[30:] ** 2) - y_test) ** 2).mean() / 4
    assert losses["one_sam"] < 0.5 * losses["gd"]
    data = draws((0,))
    run = run_networks(data, make_rule("one_sam", 1 / 30, rho=0.1), 0.01, (20_000,))
    # stable at the end: differences of round-off 1e-16 over 2e4 steps do not grow any more
    assert run.test[0, 0, 0] == pytest.approx(losses["one_sam"], rel=1e-6)


@pytest.mark.parametrize("kind", ["gd", "n_sam", "one_sam"])
def test_fig13_stochastic_runs_in_numpy_with_other_draws_have_the_same_mean_losses(kind):
    data, rng, steps, repeats = draws((0,)), np.random.default_rng(5), 200, 40
    numbers = {} if kind == "gd" else {"rho": 0.3}
    rule = make_rule(kind, 1 / 10, **numbers)
    ours = np.array(
        [run_networks(data, rule, 0.1, (steps,), stochastic=True, seed=k).test[0, 0, 0] for k in range(repeats)]
    )
    theirs = []
    for _ in range(repeats):
        u, v = np.full(30, 0.2), np.zeros(30)
        for _ in range(steps):
            i, j = rng.integers(0, 20, 2)
            u, v = one_step(kind, u, v, data[0].x, data[0].y, 1 / 10, numbers.get("rho", 0.0), i, j)
        theirs.append(((data[0].x_test @ (u * v) - data[0].y_test) ** 2).mean() / 4)
    logs = [np.log(ours), np.log(theirs)]
    error = math.hypot(*(values.std(ddof=1) / math.sqrt(repeats) for values in logs))
    assert abs(logs[0].mean() - logs[1].mean()) < 4 * error  # 4 standard errors of the difference


def test_fig13_examples_are_the_same_under_every_rule_and_setting():
    data = draws((0, 1))
    both = run_networks(data, make_rule("one_sam", 1 / 30, rho=np.array([0.0, 0.1])), 0.1, (50,), stochastic=True)
    plain = run_networks(data, make_rule("gd", 1 / 30), 0.1, (50,), stochastic=True)
    # a radius of 0 is no ascent; the order of operations differs
    np.testing.assert_allclose(both.train[0], plain.train[0], rtol=1e-9)
    assert (abs(both.train[1] / plain.train[0] - 1) > 1e-3).all()


def test_fig14_the_radius_of_a_draw_is_chosen_without_it():
    test = np.array([[1.0, 1.0, 9.0], [2.0, 2.0, 0.1]])
    # for the last draw the others prefer the first radius, although its own loss is lower at the second
    np.testing.assert_array_equal(tuned(test), [2.0, 2.0, 9.0])


def test_ratios_leave_out_what_diverged_and_carry_the_standard_error_of_the_logarithm():
    found = ratio([1.0, 2.0, np.inf], [2.0, 8.0, 1.0])
    logs = np.log([0.5, 0.25])
    assert found.finite == 2
    assert found.smaller == 2
    assert found.mean == pytest.approx(np.exp(logs.mean()))
    assert found.error == pytest.approx(abs(logs[0] - logs[1]) / 2)
    assert not ratio([1.0], [2.0]).below()  # one draw says nothing


def test_steps_to_a_share_are_interpolated_between_records():
    steps = log_records(1000, 40)
    assert steps[0] == 0
    assert steps[-1] == 1000
    curves = np.stack([1 / (1 + steps) ** 2, np.ones(len(steps))])
    # exact on a power of 1 + t: both logarithms are straight
    np.testing.assert_allclose(first_below(steps, curves, 1e-4), [99.0, np.inf], rtol=1e-12)
