"""Andriushchenko and Flammarion's flows and switches on diagonal linear networks, against NumPy and SciPy."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from samscape.dynamics.flow import flow
from samscape.figures.effective_initialisation import (
    PRINTED_FACTOR,
    effective_scale,
    exponent_rates,
    least_potential,
)
from samscape.figures.reproduce import load_figure
from samscape.figures.store import digest_of
from samscape.figures.style import paper
from samscape.landscapes.diagonal_network import diagonal_network

SMALL = {
    "andriushchenko2022-fig15": {"seeds": (0,), "scan": (1.0, 40.0, 5)},
    "andriushchenko2022-thm4-5": {"rho": (0.001, 0.03), "time": 30.0, "seeds": (0,)},
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


def field(kind, x, y, rho, w):
    """-dw/dt of Equations 10 and 11, example by example, and the integrand of the exponent with r_sam itself."""
    n, d = x.shape
    signs = np.r_[np.ones(d), -np.ones(d)]

    def residual(w, xi, yi):
        return xi @ (w[:d] ** 2 - w[d:] ** 2) - yi

    def gradient(w, xi, yi):
        return residual(w, xi, yi) * signs * np.tile(xi, 2) * w

    whole = sum(gradient(w, xi, yi) for xi, yi in zip(x, y)) / n
    slope, integrand, behind, ahead = np.zeros(2 * d), np.zeros(d), np.zeros(d), np.zeros(d)
    for xi, yi in zip(x, y):
        w_adv = w + rho * (whole if kind == "n_sam" else gradient(w, xi, yi))
        slope += gradient(w_adv, xi, yi) / n
        behind, ahead = behind + xi * residual(w, xi, yi), ahead + xi * residual(w_adv, xi, yi)
        integrand += xi**2 * residual(w_adv, xi, yi) * residual(w, xi, yi) / n
    return slope, behind * ahead / n**2 if kind == "n_sam" else integrand


@pytest.mark.parametrize("kind", ["n_sam", "one_sam"])
def test_effective_scale_has_the_derived_exponent_and_not_the_printed_one(kind):
    network, alpha, time = diagonal_network(n=3, d=4, kappa=2), 0.3, 20.0
    x, y = np.asarray(network.x), np.asarray(network.y)

    def both(t, state, rho):
        slope, integrand = field(kind, x, y, rho, state[:8])
        return np.r_[-slope, integrand]

    rho = 0.05
    start = np.r_[np.full(8, alpha), np.zeros(4)]
    end = solve_ivp(both, (0, time), start, args=(rho,), rtol=1e-10, atol=1e-12, method="DOP853").y[:, -1]
    measured = np.log(alpha / effective_scale(end[:8]))
    np.testing.assert_allclose(measured, rho * end[8:], rtol=1e-7)  # tolerances 1e-10, some hundred steps
    assert measured.sum() < 0.6 * PRINTED_FACTOR[kind] * rho * end[8:].sum()

    run = flow(
        network, np.full(8, alpha), time, kind=kind, rho=rho, record=2, rtol=1e-9, atol=1e-12,
        path_integrals={"rates": exponent_rates(network, kind)},
    )  # fmt: skip
    np.testing.assert_allclose(run["w"].values[0, -1], end[:8], rtol=1e-6)  # tolerances 1e-9, some hundred steps
    powers = rho ** np.arange(1, 4)
    np.testing.assert_allclose(powers @ run["rates"].values[0, -1], measured, rtol=1e-6)


def test_least_potential_meets_the_conditions_of_a_minimum_and_no_neighbour_is_lower():
    rng = np.random.default_rng(0)
    x, alpha = rng.standard_normal((3, 6)), rng.uniform(0.01, 0.3, 6)
    y = x @ rng.standard_normal(6)
    beta = least_potential(x, y, alpha)
    # gtol of 1e-11 on numbers of size 1
    np.testing.assert_allclose(x @ beta, y, atol=1e-9)
    slope = np.arcsinh(beta / (2 * alpha**2))
    multipliers = np.linalg.lstsq(x.T, slope, rcond=None)[0]
    np.testing.assert_allclose(x.T @ multipliers, slope, atol=1e-9)

    def potential(b):
        z = b / alpha**2
        return alpha**2 @ (2 - np.sqrt(4 + z**2) + z * np.arcsinh(z / 2))

    inside = np.linalg.svd(x)[2][3:]
    for direction in rng.standard_normal((20, 3)) @ inside:
        assert potential(beta + 0.01 * direction) > potential(beta)


def test_least_potential_says_when_it_does_not_arrive():
    with pytest.raises(ArithmeticError, match="stopped away from a solution"):
        least_potential(np.ones((2, 2)), np.array([1.0, 2.0]), np.ones(2))


def product_form(u, v, x, y, steps, eta, rho):
    """u and v after descent along the gradients at each example's perturbed point; beta = u v, loss of 1 / 2n."""
    for _ in range(steps):
        residual = x @ (u * v) - y
        ahead_u, ahead_v = (a + rho * (residual[:, None] * x) * b for a, b in ((u, v), (v, u)))
        error = ((x * ahead_u * ahead_v).sum(axis=1) - y)[:, None] * x / len(y)
        u, v = u - eta * (error * ahead_v).sum(axis=0), v - eta * (error * ahead_u).sum(axis=0)
    return u, v


def test_fig15_code_variant_is_the_loop_in_plain_numpy_and_prints_the_numbers_of_the_public_notebook():
    figure = load_figure("andriushchenko2022-fig15")
    settings = figure.settings("code")
    settings = type(settings)("code", "default", {**settings.values, "seeds": (0,), "scan": (10.0, 20.0, 2)})
    data = figure.compute(settings, lambda share: None)
    ends = data["test"].isel(step=-1)

    stream = np.random.RandomState(0)
    x, x_test = stream.standard_normal((20, 30)), stream.standard_normal((1000, 30))
    truth = abs(stream.standard_normal(30)) * (np.arange(30) < 3)
    truth /= np.linalg.norm(truth)
    y, y_test = x @ truth, x_test @ truth
    start = (np.full(30, 0.1), np.zeros(30))
    first = {rho: product_form(*start, x, y, 10_001, 1 / 30, rho) for rho in (0.0, 0.35)}
    runs = {
        "erm": product_form(*first[0.0], x, y, 10_001, 1 / 30, 0.0),
        "erm_sam": product_form(*first[0.0], x, y, 10_001, 1 / 30, 20.0),
        "sam_erm": product_form(*first[0.35], x, y, 10_001, 1 / 30, 0.0),
    }
    printed = {"erm": 0.014602323023706629, "erm_sam": 0.00014269229669575567, "sam_erm": 9.834845199886545e-05}
    for run, (u, v) in runs.items():
        loss = ((x_test @ (u * v) - y_test) ** 2).mean() / 2  # twice the constant of Equation 5
        # 20,000 contracting steps; errors of outputs, 1e-14, against outputs' own size of 1e-2
        np.testing.assert_allclose(2 * float(ends.sel(run=run)), loss, rtol=1e-9)
        np.testing.assert_allclose(loss, printed[run], rtol=1e-9)
