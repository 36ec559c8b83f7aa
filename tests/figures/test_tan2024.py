"""The figures of Tan et al. (2024): the same data on every run, checks that evaluate, and independent runs in NumPy."""

import numpy as np
import pytest

from samscape.figures.reproduce import load_figure
from samscape.figures.store import digest_of
from samscape.figures.style import paper

SMALL = {
    "tan2024-fig4": {"starts": 100, "eta": (0.001, 0.3, 12)},
    "tan2024-fig4-outcomes": {"starts": 40, "eta": (0.001, 0.3, 12), "steps": 2000, "budgets": (30, 100, 1000)},
    "tan2024-basins": {"grid": 24, "steps": 2000},
}
"""Settings that make a figure cheap; its checks may then come out otherwise."""
MINIMA = np.array([[1.0, 1.0], [-1.0, -1.0]])


def settings_of(name, variant="paper", **changes):
    figure = load_figure(name)
    settings = figure.settings(variant)
    return figure, type(settings)(variant, "default", {**settings.values, **SMALL[name], **changes})


@pytest.mark.parametrize(("name", "variant"), [*((name, "paper") for name in SMALL), ("tan2024-fig4", "code")])
def test_figures_are_the_same_to_the_bit_on_every_run_and_can_be_checked_and_drawn(name, variant):
    figure, settings = settings_of(name, variant)
    shares = []
    data = figure.compute(settings, shares.append)
    assert digest_of(data) == digest_of(figure.compute(settings, shares.append))
    assert shares
    assert all(0 <= share <= 1 for share in shares)
    assert figure.caption_of(settings)
    assert figure.check(data)
    with paper():
        drawn = figure.draw(data)
    assert drawn.axes
    assert all(ax.get_xlabel() or not ax.xaxis.get_tick_params()["labelbottom"] for ax in drawn.axes)
    assert all(ax.get_ylabel() or not ax.yaxis.get_tick_params()["labelleft"] for ax in drawn.axes)


@pytest.mark.parametrize("name", SMALL)
def test_the_public_codes_variant_is_reproduced_too(name):
    assert load_figure(name).reproduced == ("paper", "code")


def gradient(w):
    """Of x^4/4 - x y + y^2/2, w of shape (N, 2)."""
    x, y = w.T
    return np.stack([x**3 - y, y - x], axis=1)


def run(rule, w, eta, rho, steps):
    """GD, SAM and StableSAM, normalised or not, as a plain loop."""
    with np.errstate(all="ignore"):
        for _ in range(steps):
            g = gradient(w)
            length = np.linalg.norm(g, axis=1, keepdims=True)
            if rule == "gd":
                w = w - eta * g
                continue
            g_adv = gradient(w + rho * (g if rule.endswith("usam") else g / length))
            scale = length / np.linalg.norm(g_adv, axis=1, keepdims=True) if rule.startswith("stable") else 1.0
            w = w - eta * scale * g_adv
    return w


def near_a_minimum(w, radius):
    return np.linalg.norm(w[:, None] - MINIMA, axis=2).min(axis=1) < radius


@pytest.mark.parametrize("variant", ["paper", "code"])
def test_fig4_plain_numpy_has_the_same_success_rates(variant):
    figure, settings = settings_of("tan2024-fig4", variant, starts=300, eta=(0.001, 0.3, 6))
    data = figure.compute(settings, lambda share: None)
    etas = np.geomspace(0.001, 0.3, 6)
    starts = np.random.default_rng(settings["seed"]).uniform(-2, 2, (6 * 300, 2)).reshape(6, 300, 2)
    for rule in settings["rules"]:
        for rho in settings["rho"]:
            for k in (0, 2, 4, 5):
                won = near_a_minimum(run(rule, starts[k], etas[k], rho, settings["steps"]), settings["radius"]).mean()
                # rounding may move a start or two over the circle, more of them on SAM's chaotic paths at large rates
                assert abs(won - float(data["success"].sel(rule=rule, rho=rho).isel(eta=k))) <= 3 / 300
    inside = near_a_minimum(starts.reshape(-1, 2), settings["radius"]).mean()
    assert float(data["at_start"]) == inside


def test_fig4_outcomes_plain_numpy_is_caught_by_the_saddle_in_the_same_share():
    figure, settings = settings_of("tan2024-fig4-outcomes", eta=(0.02, 0.1, 2), starts=200, steps=4000)
    data = figure.compute(settings, lambda share: None)
    share = data["count"] / 200
    starts = np.random.default_rng(settings["seed"]).uniform(-2, 2, (200, 2))
    for rule in ("gd", "sam", "stable_sam"):
        for k, eta in enumerate((0.02, 0.1)):
            w = run(rule, starts, eta, 0.2, 4000)
            mine = share.sel(rule=rule, rho=0.2).isel(eta=k)
            # starts within rounding of a basin's boundary: at most one in 200
            assert abs((np.linalg.norm(w, axis=1) < 0.5).mean() - float(mine.sel(outcome_kind="saddle"))) <= 1 / 200
            assert abs(near_a_minimum(w, 0.5).mean() - float(mine.sel(outcome_kind="minimum"))) <= 1 / 200


def test_fig4_outcomes_a_tenth_of_the_rate_needs_ten_times_the_steps():
    figure, settings = settings_of("tan2024-fig4-outcomes", eta=(0.001, 0.01, 2), starts=400, budgets=(100, 1000))
    gd = figure.compute(settings, lambda share: None)["success"].sel(rule="gd").isel(rho=0, radius=1)
    # both run the gradient flow to time 1, by steps of 0.01 and 0.001: starts near the circle's edge may differ
    assert abs(float(gd.isel(eta=1, budget=0)) - float(gd.isel(eta=0, budget=1))) < 0.01


def test_basins_plain_numpy_ends_where_the_map_says_and_the_map_is_even():
    figure, settings = settings_of("tan2024-basins")
    data = figure.compute(settings, lambda share: None)
    x, y = np.meshgrid(data["x"].values, data["y"].values)
    starts = np.stack([x.ravel(), y.ravel()], axis=1)
    outcome, target = data["outcome"].values, data["target"].values
    for i, rule in enumerate(settings["rules"]):
        w = run(rule, starts, 0.1, settings["rho"], 2000).reshape(*x.shape, 2)
        for k, place in enumerate(data["point_w"].values):
            mine = np.linalg.norm(w - place, axis=-1) < 0.5
            # a start on the boundary may fall to either side by rounding
            assert (mine != (target[i, 1] == k)).sum() <= 2, (rule, place)
    # the map commutes with w -> -w, exactly in floating point too; minima 0 and 1 are each other's image
    image = np.array([1, 0, 2])[target[..., ::-1, ::-1]]
    assert np.array_equal(outcome, outcome[..., ::-1, ::-1])
    assert np.array_equal(image[outcome <= 1], target[outcome <= 1])
