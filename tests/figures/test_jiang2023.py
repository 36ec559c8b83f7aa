"""The figures of Jiang et al. (2023): the same data on every run, checks that evaluate, and runs in NumPy."""

import math

import numpy as np
import pytest

from samscape.figures.jiang2023_fig7_toy import bound
from samscape.figures.reproduce import load_figure
from samscape.figures.store import digest_of
from samscape.figures.style import paper

ONE = {"one_neuron": ({}, 0.01, 0.05, (-0.1, 0.0), (0.1, 1.0))}
SMALL = {
    "jiang2023-fig5-toy": {"steps": 60, "seeds": 4, "lambdas": (-1, 0, 1, 2), "landscapes": ONE},
    "jiang2023-fig7-toy": {"lengths": (20, 60), "seeds": 6, "points": 6},
}
"""Settings that make a figure cheap; its checks may then come out otherwise."""


def settings_of(name, **more):
    figure = load_figure(name)
    settings = figure.settings()
    return figure, type(settings)("paper", "default", {**settings.values, **SMALL[name], **more})


@pytest.mark.parametrize("name", SMALL)
def test_figures_are_the_same_to_the_bit_on_every_run_and_can_be_checked_and_drawn(name):
    figure, settings = settings_of(name)
    shares = []
    data = figure.compute(settings, shares.append)
    assert digest_of(data) == digest_of(figure.compute(settings, shares.append))
    assert shares
    assert all(0 <= share <= 1 for share in shares)
    assert figure.caption_of(settings)
    assert figure.check(data)
    with paper():
        drawn = figure.draw(data)
    axes = [ax for ax in drawn.axes if ax.get_label() != "<colorbar>"]
    assert axes
    assert all(ax.get_xlabel() for ax in axes)
    assert all(ax.get_ylabel() or not ax.yaxis.get_tick_params()["labelleft"] for ax in axes)


def policy_shares(squares, last, first):
    """Algorithm 1's decisions on a stream of squared norms, shape (steps, N), as printed; shares (N,)."""
    steps = len(squares)
    mean, variance, count = 0.0, math.exp(-10), np.zeros(squares.shape[1])
    for t, square in enumerate(squares):
        mean = 0.9 * mean + 0.1 * square
        variance = 0.9 * variance + 0.1 * (square - mean) ** 2
        threshold = t / steps * last + (1 - t / steps) * first
        count += square >= mean + threshold * np.sqrt(variance)
    return count / steps


def test_fig5_plain_numpy_on_normal_numbers_has_the_same_shares():
    figure, settings = settings_of("jiang2023-fig5-toy", steps=400, seeds=64, landscapes={})
    data = figure.compute(settings, lambda share: None).sel(on="normal")
    rng = np.random.default_rng(9)
    for k in range(data.sizes["pair"]):
        last, first = float(data["lambda_1"][k]), float(data["lambda_2"][k])
        mine = policy_shares(1 + 0.1 * rng.standard_normal((400, 64)), last, first)
        found = data["share"][k].values
        # 5 standard errors of the difference of two means over 64 seeds
        error = math.sqrt((mine.var() + found.var()) / 64)
        assert abs(mine.mean() - found.mean()) < 5 * error


def test_fig5_plain_numpy_ae_sam_on_one_neuron_has_the_same_shares():
    figure, settings = settings_of("jiang2023-fig5-toy", steps=300, seeds=64, lambdas=(-1, 1))
    data = figure.compute(settings, lambda share: None).sel(on="one_neuron")
    _, eta, rho, low, high = settings["landscapes"]["one_neuron"]
    rng, seeds, steps = np.random.default_rng(2), 400, 300

    def gradient(w, y):
        error = w[1] * w[0] ** 2 - y
        return np.stack([4 * w[0] * w[1] * error, 2 * w[0] ** 2 * error])

    for k in range(data.sizes["pair"]):
        last, first = float(data["lambda_1"][k]), float(data["lambda_2"][k])
        w = rng.uniform(low, high, (seeds, 2)).T
        mean, variance, count = np.zeros(seeds), np.full(seeds, math.exp(-10)), np.zeros(seeds)
        for t in range(steps):
            y = rng.choice([-1.0, 2.0], seeds)
            g = gradient(w, y)
            square = (g**2).sum(axis=0)
            mean = 0.9 * mean + 0.1 * square
            variance = 0.9 * variance + 0.1 * (square - mean) ** 2
            sam = square >= mean + (t / steps * last + (1 - t / steps) * first) * np.sqrt(variance)
            count += sam
            w = w - eta * np.where(sam, gradient(w + rho * g, y), g)
        mine, found = count / steps, data["share"][k].values
        # 5 standard errors of the difference of the means
        assert abs(mine.mean() - found.mean()) < 5 * math.sqrt(mine.var() / seeds + found.var() / found.size)


def test_fig7_plain_numpy_runs_end_at_the_same_squared_gradients():
    from samscape.landscapes.logistic_regression import logistic_regression

    figure, settings = settings_of("jiang2023-fig7-toy", lengths=(100,), seeds=64)
    data = figure.compute(settings, lambda share: None).isel(length=0)
    landscape = logistic_regression(settings["n"], settings["d"], settings["separation"], seed=settings["seed"])
    x, y = np.asarray(landscape.x), np.asarray(landscape.y)
    beta = np.linalg.eigvalsh(x.T @ x / len(x))[-1] / 4
    assert data.attrs["beta"] == pytest.approx(beta, rel=1e-12)  # rounding
    eta, rho, rng, seeds = 1 / (4 * beta * 10), 100**-0.25, np.random.default_rng(4), 400
    starts = rng.standard_normal((seeds, settings["d"]))
    starts *= settings["radius"] / np.linalg.norm(starts, axis=1, keepdims=True)

    def gradient(w, pick):
        margin = np.einsum("sbd,sd->sb", x[pick], w) * y[pick]
        return np.einsum("sb,sbd->sd", -y[pick] / (1 + np.exp(margin)), x[pick]) / pick.shape[1]

    everything = np.tile(np.arange(len(x)), (seeds, 1))
    for name in ("gd", "ae_sam", "usam"):
        w, mean, variance = starts.copy(), np.zeros(seeds), np.full(seeds, math.exp(-10))
        for t in range(100):
            pick = rng.integers(len(x), size=(seeds, settings["batch"]))
            g = gradient(w, pick)
            square = (g**2).sum(axis=1)
            mean = 0.9 * mean + 0.1 * square
            variance = 0.9 * variance + 0.1 * (square - mean) ** 2
            sam = square >= mean + (1 - 2 * t / 100) * np.sqrt(variance)
            sam = {"gd": np.zeros(seeds, bool), "ae_sam": sam, "usam": np.ones(seeds, bool)}[name]
            w = w - eta * np.where(sam[:, None], gradient(w + rho * g, pick), g)
        mine = (gradient(w, everything) ** 2).sum(axis=1)
        found, error = (float(data[what].sel(rule=name)[-1]) for what in ("square", "error"))
        # 5 standard errors of the difference
        assert abs(mine.mean() - found) < 5 * math.hypot(mine.std() / math.sqrt(seeds), error)


def test_fig7_the_bound_is_corollary_a2_where_every_step_is_sam():
    # zeta = 1: 32 beta drop / sqrt(T) + (2 + 5 beta^2) sigma^2 / (b sqrt(T)); a few roundings
    found = bound(0.5, np.array([0.7]), np.array([1.0]), 2.0, 4, np.array([100]))
    assert found[0] == pytest.approx(32 * 0.5 * 0.7 / 10 + (2 + 5 * 0.25) * 2 / 40, rel=1e-14)
