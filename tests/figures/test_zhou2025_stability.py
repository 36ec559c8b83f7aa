"""Zhou et al. (2025), Table 2 and Figure 10: the same data on every run, and independent runs in NumPy."""

import itertools

import numpy as np
import pytest

from samscape.figures.reproduce import load_figure
from samscape.figures.second_moment import growth_rates
from samscape.figures.store import digest_of
from samscape.figures.style import paper
from samscape.figures.zhou2025_table2 import bound, edge, printed_rate

SMALL = {
    "zhou2025-table2": {"eta": (0.1, 2.0, 4), "h": (0.1, 60.0, 6), "seeds": 16},
    "zhou2025-fig10-toy": {"examples": 30, "width": 8, "steps": 60, "switches": (20, 40), "every": 20, "eta": 0.1},
}
"""Settings that make a figure cheap; its checks may then come out otherwise."""


def settings_of(name):
    figure = load_figure(name)
    settings = figure.settings()
    return figure, type(settings)("paper", "default", {**settings.values, **SMALL[name]})


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


@pytest.mark.parametrize(("batch", "rho"), [(1, 0.0), (1, 0.3), (2, 0.3)])
def test_growth_of_the_expected_loss_is_that_of_the_average_over_all_batches(batch, rho):
    a, eta = np.random.default_rng(3).standard_normal((3, 4)), 0.2
    n, k = len(a), a @ a.T
    picks = [np.bincount(p, minlength=n) / batch for p in itertools.product(range(n), repeat=batch)]
    steps = [
        np.eye(n) - eta * k @ np.diag(p) @ (np.eye(n) + rho * k @ np.diag(q))
        for p, q in itertools.product(picks, picks)
    ]
    whole = np.mean([np.kron(m, m) for m in steps], axis=0)
    # eigenvalues of a 9 x 9 matrix of condition below 1e3, from sums of 1e2 terms: 1e-16 times both
    expected = np.abs(np.linalg.eigvals(whole)).max()
    assert growth_rates(a, np.array([eta]), np.array([rho]), batch)[0] == pytest.approx(expected, rel=1e-10)


def test_table2_plain_numpy_on_scaled_features_grows_as_the_figure_says():
    """The figure scales eta and rho; here the features are scaled, with batches of NumPy's own."""
    figure, settings = settings_of("zhou2025-table2")
    values = {**settings.values, "eta": (0.2, 1.0, 2), "h": (0.5, 5.0, 2), "seeds": 4000, "burn": 3, "steps": 6}
    data = figure.compute(type(settings)("paper", "default", values), lambda share: None)
    from samscape.landscapes.least_squares import least_squares

    landscape = least_squares(values["n"], values["d"], seed=values["seed"])
    a_0 = np.asarray(landscape.x)
    n, seeds, rng = len(a_0), 4000, np.random.default_rng(5)
    for name, rho in (("gd", 0.0), ("usam_independent", values["rho"])):
        for h, eta in itertools.product(data["h"].values, data["eta"].values):
            a = a_0 * np.sqrt(h / np.linalg.norm(a_0.T @ a_0 / n))
            w, loss = rng.standard_normal((seeds, a.shape[1])), []
            for t in range(7):
                if t in (3, 6):
                    loss.append(((w @ a.T) ** 2).sum(axis=1) / (2 * n))
                x, z = a[rng.integers(n, size=seeds)], a[rng.integers(n, size=seeds)]
                w_adv = w + rho * x * (x * w).sum(axis=1, keepdims=True)
                w = w - eta * z * (z * w_adv).sum(axis=1, keepdims=True)
            mine = np.log([part.mean() for part in loss])
            # delta method: relative errors of both means; the figure's runs have as large ones of their own
            error = np.sqrt(2 * sum((part.std() / part.mean()) ** 2 / seeds for part in loss)) / 3
            found = float(np.log(data["simulated"].sel(rule=name, h=h, eta=eta)))
            assert abs((mine[1] - mine[0]) / 3 - found) < 5 * error + 1e-3


def test_table2_bounds_are_where_the_printed_rate_is_one():
    eta = np.geomspace(0.01, 10, 7)
    for rho in (0.0, 0.5):
        h = bound(eta, rho, 0.35, 2)
        # a root of a quadratic, whose small root at small eta loses five digits to cancellation
        np.testing.assert_allclose(printed_rate(h, eta, rho, 0.35, 2), 1, rtol=1e-9)


def test_edge_is_between_the_last_setting_that_stays_and_the_first_that_leaves():
    sizes = np.array([1.0, 2.0, 4.0])
    rates = np.array([[0.5, 2.0, 0.1], [1.0, 3.0, 0.2], [4.0, 4.0, 0.3]])
    found = edge(rates, sizes)
    assert found[0] == pytest.approx(2.0, rel=1e-12)  # a few roundings
    assert np.isnan(found[1:]).all()


def network(parameters, x):
    """Outputs and hidden values of the tanh network, in NumPy."""
    (w1, b1), (w2, b2), (w3, b3) = parameters
    first = np.tanh(x @ w1 + b1)
    second = np.tanh(first @ w2 + b2)
    return second @ w3 + b3, first, second


def gradient(parameters, x, y):
    """Backpropagation by hand."""
    (_, _), (w2, _), (w3, _) = parameters
    out, first, second = network(parameters, x)
    d3 = (out - y) / len(x)
    d2 = d3 @ w3.T * (1 - second**2)
    d1 = d2 @ w2.T * (1 - first**2)
    return [(x.T @ d1, d1.sum(0)), (first.T @ d2, d2.sum(0)), (second.T @ d3, d3.sum(0))]


def moved(parameters, step, g):
    return [tuple(p + step * q for p, q in zip(*pair, strict=True)) for pair in zip(parameters, g, strict=True)]


def flattened(parameters):
    return np.concatenate([np.ravel(p) for pair in parameters for p in pair])


def test_fig10_sharpness_and_losses_are_those_of_backpropagation_in_numpy():
    from samscape.figures.digits_network import digits, initial

    figure, settings = settings_of("zhou2025-fig10-toy")
    data = figure.compute(settings, lambda share: None)
    x, y = (part.astype(float) for part in digits(settings["examples"], settings["seed"]))
    start = [tuple(np.asarray(p, float) for p in pair) for pair in initial((64, 8, 8, 10), settings["seed"])]
    eta, rho = settings["eta"], settings["rho"]

    def seen(w):
        flat, shapes = flattened(w), [p.shape for pair in w for p in pair]

        def rebuilt(v):
            parts = np.split(v, np.cumsum([int(np.prod(s)) for s in shapes])[:-1])
            parts = [p.reshape(s) for p, s in zip(parts, shapes, strict=True)]
            return list(zip(parts[::2], parts[1::2], strict=True))

        e = 1e-5 * np.eye(flat.size)
        rows = [
            (flattened(gradient(rebuilt(flat + v), x, y)) - flattened(gradient(rebuilt(flat - v), x, y))) / 2e-5
            for v in e
        ]
        loss = ((network(w, x)[0] - y) ** 2).sum() / (2 * len(x))
        return np.linalg.eigvalsh((np.array(rows) + np.array(rows).T) / 2)[-1], loss

    for row, at in enumerate((None, settings["steps"], *settings["switches"])):
        w = start
        for t in range(settings["steps"]):
            g = gradient(w, x, y)
            if at is not None and t < at:
                norm = np.linalg.norm(flattened(g))
                g = gradient(moved(w, rho / norm, g), x, y)
            w = moved(w, -eta, g)
        sharpness, loss = seen(w)
        # float32: 60 steps of rounding 1e-7; Lanczos stops at a relative 1e-3
        assert float(data["loss"][row, -1]) == pytest.approx(loss, rel=1e-4)
        assert float(data["sharpness"][row, -1]) == pytest.approx(sharpness, rel=5e-3)


def test_fig10_a_run_put_together_at_the_switch_is_that_of_the_rule_switch():
    import jax
    import jax.numpy as jnp

    from samscape.dynamics.engine import advance
    from samscape.dynamics.methods import make_rule
    from samscape.dynamics.switch import switch
    from samscape.figures.digits_network import digits, initial, loss
    from samscape.figures.zhou2025_fig10_toy import step

    figure, settings = settings_of("zhou2025-fig10-toy")
    data = figure.compute(settings, lambda share: None)
    batch = tuple(jnp.asarray(a) for a in digits(settings["examples"], settings["seed"]))
    start = initial((64, 8, 8, 10), settings["seed"])
    sam, gd = make_rule("sam", settings["eta"], rho=settings["rho"]), make_rule("gd", settings["eta"])
    rule = jax.tree.map(
        lambda v: jnp.asarray(v, jnp.float32 if isinstance(v, float) else jnp.int32), switch(sam, gd, 20)
    )
    carry = jax.tree.map(lambda v: np.asarray(v)[None], (start, rule.init(start)))
    end = advance(step, (batch, rule), carry, (), 0, settings["steps"], size=1, threads=1)[0]
    value = float(loss(jax.tree.map(lambda v: jnp.asarray(v[0]), end), batch))
    # another compiled program: 60 steps of float32 rounding
    assert value == pytest.approx(float(data["loss"].sel(strategy="sam->gd at 20")[-1]), rel=1e-5)
