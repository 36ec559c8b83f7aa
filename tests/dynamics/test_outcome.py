"""Outcomes against closed forms: where the map's stability, cycles and divergence are known exactly."""

import numpy as np
import optax
import pytest

from samscape.dynamics.methods import make_rule
from samscape.dynamics.outcome import outcomes, step_size
from samscape.dynamics.outcome_codes import Outcome, Tolerances
from samscape.dynamics.switch import switch
from samscape.landscapes import get_landscape
from samscape.landscapes.landscape import ClosedForm, CriticalSet
from samscape.landscapes.lucchi import LUCCHI

MINIMUM, SADDLE, CYCLE, OTHER, DIVERGED, SLOW = Outcome
PARABOLA = ClosedForm(
    "parabola", "x**2", ("x",), (CriticalSet(("0",), "minimum", 0, "2"),), ((-2.0, 2.0),), complete=True
)
# L' = x - x^3: a minimum between two maxima, beyond which it falls for ever
HILLTOP = ClosedForm(
    "hilltop",
    "x**2/2 - x**4/4",
    ("x",),
    (
        CriticalSet(("0",), "minimum", 0, "1"),
        CriticalSet(("1",), "maximum", 1, "-2", "1/4"),
        CriticalSet(("-1",), "maximum", 1, "-2", "1/4"),
    ),
    ((-0.9, 0.9),),
    complete=True,
)


def _codes(labels) -> list[Outcome]:
    return [Outcome(code) for code in labels.outcome]


def test_gd_on_a_parabola_converges_below_two_over_sharpness_cycles_at_it_and_diverges_above():
    eta = np.repeat([0.9, 1.0, 1.1], 2)  # 2 / sharpness = 1
    labels = outcomes(PARABOLA, make_rule("gd", eta), np.tile([[0.05], [1.5]], (3, 1)), 2000, eta=eta).labels
    assert _codes(labels) == [MINIMUM, MINIMUM, CYCLE, CYCLE, DIVERGED, DIVERGED]
    assert labels.target.tolist() == [0, 0, 0, 0, -1, -1]
    assert labels.period[2:4].tolist() == [2, 2]
    # at eta = 1 the map is x -> -x exactly, in floating point too; stored in float32
    assert np.allclose(labels.amplitude[2:4], [0.05, 1.5], rtol=1e-7)
    assert np.allclose(labels.multiplier[2:4], 1, rtol=1e-7)
    # |x_t| = 1.2^t |x_0| leaves the radius 1e6 at the first t above log(1e6 / |x_0|) / log 1.2
    assert labels.step[4:].tolist() == [int(np.ceil(np.log(1e6 / x) / np.log(1.2))) for x in (0.05, 1.5)]
    assert (labels.step[:4] == -1).all()


def test_momentum_is_judged_on_its_whole_state():
    # heavy ball on a quadratic is stable iff eta < 2 (1 + beta) / sharpness (Polyak 1964): here 1.9, GD's bound is 1
    eta = np.array([0.5, 1.5, 1.85, 1.95])
    labels = outcomes(PARABOLA, make_rule("gd", eta, base="heavy_ball"), np.full((4, 1), 0.7), 3000, eta=eta).labels
    assert _codes(labels) == [MINIMUM, MINIMUM, MINIMUM, DIVERGED]


def test_usam_is_caught_at_a_saddle_iff_its_map_contracts_there():
    # x^2 - y^2: per direction the factor 1 - eta lambda (1 + rho lambda), lambda = +-2
    eta, rho = (x.ravel() for x in np.meshgrid([0.02, 0.1, 0.3, 0.45], [0.1, 0.4, 0.6, 0.9, 2.0], indexing="ij"))
    along, across = 1 - 2 * eta * (1 + 2 * rho), 1 + 2 * eta * (1 - 2 * rho)
    caught = np.maximum(abs(along), abs(across)) < 1
    assert 4 < caught.sum() < 16, "the grid should hold both cases"
    starts = np.random.default_rng(0).uniform(-2, 2, (len(eta), 2))
    labels = outcomes(get_landscape("saddle"), make_rule("usam", eta, rho=rho), starts, 4000, eta=eta).labels
    assert _codes(labels) == [SADDLE if held else DIVERGED for held in caught]


def test_normalised_sam_oscillates_about_a_minimum_with_the_amplitude_of_the_closed_form():
    # on L = x^2 (curvature 2): x -> -x of modulus eta rho 2 / (2 - 2 eta), each turn multiplied by 1 - 2 eta
    eta, rho = np.array([0.2, 0.2, 0.4, 0.4]), np.array([0.1, 0.7, 0.1, 0.7])
    amplitude = eta * rho * 2 / (2 - 2 * eta)
    labels = outcomes(PARABOLA, make_rule("sam", eta, rho=rho), np.full((4, 1), 1.3), 1001, eta=eta).labels
    assert _codes(labels) == [MINIMUM if a < 0.1 else CYCLE for a in amplitude]
    assert set(_codes(labels)) == {MINIMUM, CYCLE}
    # contraction by |1 - 2 eta| <= 0.6 per step has long reached round-off; labels are float32
    assert np.allclose(labels.amplitude, amplitude, rtol=1e-6)
    cycle = labels.outcome == CYCLE
    assert (labels.period[cycle] == 2).all()
    assert (labels.target == 0).all()
    # Newton finds the cycle to 1e-9, where the Jacobian is constant
    assert np.allclose(labels.multiplier[cycle], (1 - 2 * eta[cycle]) ** 2, rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gd_above_two_over_sharpness_ends_on_the_two_cycle_of_the_closed_form(dtype):
    # x -> -x needs eta (1 - x^2) = 2; the map's slope there is 2 eta - 5, so the cycle attracts for 2 < eta < 3
    eta = np.array([1.9, 2.02, 2.2, 2.7])
    labels = outcomes(HILLTOP, make_rule("gd", eta), np.full((4, 1), 0.04), 5000, eta=eta, dtype=dtype).labels
    assert _codes(labels) == [MINIMUM, CYCLE, CYCLE, CYCLE]
    assert labels.period[1:].tolist() == [2, 2, 2]
    assert (labels.target == 0).all()
    # in float32 the cycle is known to about 1e-7 / |1 - multiplier| = 1e-6, of amplitudes above 0.09
    assert np.allclose(labels.amplitude[1:], np.sqrt(1 - 2 / eta[1:]), rtol=1e-4 if dtype == np.float32 else 1e-6)
    assert np.allclose(labels.multiplier[1:], (2 * eta[1:] - 5) ** 2, rtol=1e-5)


def test_a_cycle_inside_the_ball_of_a_repelling_minimum_is_a_cycle():
    eta = 2.01
    labels = outcomes(HILLTOP, make_rule("gd", eta), np.array([[0.04]]), 5000, eta=eta).labels
    assert np.sqrt(1 - 2 / eta) < 0.1
    assert _codes(labels) == [CYCLE]


def test_chaos_is_a_bounded_oscillation_without_a_period():
    # x -> (1 - eta) x + eta x^3 is chaotic at eta = 3.9 and maps [-1, 1] into itself (at 4 it is Chebyshev's T_3)
    starts = np.linspace(0.1, 0.8, 16)[:, None]
    labels = outcomes(HILLTOP, make_rule("gd", 3.9), starts, 3000, eta=3.9).labels
    assert set(_codes(labels)) == {CYCLE}
    assert (labels.period == 0).all()
    assert (labels.amplitude > 0.8).all()
    assert (labels.amplitude <= 1).all()


def test_divergence_is_dated_as_a_plain_loop_dates_it():
    starts = np.random.default_rng(3).uniform(-2, 2, (60, 2))
    for dtype in (np.float32, np.float64):
        found = outcomes(LUCCHI, make_rule("gd", 0.8), starts, 300, eta=0.8, dtype=dtype)
        w, eta = starts.astype(dtype), dtype(0.8)
        first = np.full(len(w), -1)
        with np.errstate(over="ignore", invalid="ignore"):
            for t in range(1, 301):
                x, y = w.T
                w = np.stack([x - eta * (x**3 - y), y - eta * (y - x)], axis=1)
                out = ~(np.sum(w.astype(float) ** 2, axis=1) <= 1e12)
                first[(first < 0) & out] = t
        assert 5 < (first > 0).sum() < 60, "the step size should send some away and not others"
        assert np.array_equal(found.labels.step, first)
        assert np.array_equal(found.labels.outcome == DIVERGED, first > 0)


def test_gd_on_lucchi_reaches_the_minimum_that_a_plain_loop_reaches():
    starts = np.random.default_rng(5).uniform(-2, 2, (200, 2))
    labels = outcomes(LUCCHI, make_rule("gd", 0.1), starts, 4000, eta=0.1).labels
    x, y = starts.T
    for _ in range(4000):
        x, y = x - 0.1 * (x**3 - y), y - 0.1 * (y - x)
    assert (labels.outcome == MINIMUM).all()
    assert np.array_equal(labels.target, np.where(x > 0, 0, 1))
    assert (labels.period >= 1).mean() > 0.9  # most have come to rest bit for bit


def test_slow_passage_near_a_repelling_saddle_is_slow_and_never_saddle():
    near = np.array([[1e-5, -2e-5], [0.01, 0.0], [0.0, 0.0], [-0.03, 0.02]])
    for eta in (1e-6, 1e-3):
        labels = outcomes(LUCCHI, make_rule("gd", eta), near, 200, eta=eta).labels
        assert set(_codes(labels)) == {SLOW}, f"eta = {eta}"
    # the same starts have all left by the end of a budget that suffices, but for the saddle itself
    labels = outcomes(LUCCHI, make_rule("gd", 0.05), near, 5000, eta=0.05).labels
    assert _codes(labels) == [MINIMUM, MINIMUM, SLOW, MINIMUM]


def test_sam_is_held_at_a_saddle_only_as_far_as_displaced_starts_stay():
    # x^2 - y^2, rho = 0.5: USAM's flow condition holds, and normalised ascent holds what comes near
    saddle, eta = get_landscape("saddle"), 0.01
    starts = np.array([[0.02, 0.001], [0.5, 0.3], [0.0, 1.5]])
    assert _codes(outcomes(saddle, make_rule("sam", eta, rho=0.5), starts, 3000, eta=eta).labels) == [
        SADDLE,
        SADDLE,
        DIVERGED,
    ]
    # without a radius SAM is GD, which repels: what is still near after 300 steps is only slow
    labels = outcomes(saddle, make_rule("sam", eta, rho=0.0), np.array([[0.02, 1e-9]]), 300, eta=eta).labels
    assert _codes(labels) == [SLOW]


def test_a_valley_of_minima_counts_as_minimum_and_names_its_family():
    valley = get_landscape("tanh_tanh")
    starts = np.array([[1.2, 0.5], [-1.5, -0.4], [0.3, 1.2]])
    found = outcomes(valley, make_rule("gd", 0.3), starts, 6000, eta=0.3)
    assert (found.labels.outcome == MINIMUM).all()
    on_u, on_v = found.panel.w[:, 1], found.panel.w[:, 0]
    reached = [found.table.w[k] for k in found.labels.target]
    for w, end_u, end_v in zip(reached, on_u, on_v, strict=True):
        assert (w[1] == 0) == (abs(end_u) < 1e-3)
        assert (w[0] == 0) == (abs(end_v) < 1e-3)


def test_zeros_of_the_ascended_gradient_are_another_attractor():
    from scipy.optimize import root_scalar

    # L = 1 - cos x, w_adv = w + 5 sin w = 0 has the root 4.906 besides 0, where 1 + 5 cos w > 0: USAM rests there
    waves = ClosedForm("waves", "1 - cos(x)", ("x",), (), ((-6.0, 6.0),), complete=True)
    root = root_scalar(lambda w: w + 5 * np.sin(w), bracket=(4.5, 5.2), xtol=1e-15).root
    found = outcomes(waves, make_rule("usam", 0.1, rho=5.0), np.array([[4.8], [5.0]]), 3000, eta=0.1)
    assert _codes(found.labels) == [OTHER, OTHER]
    assert (found.labels.target == -1).all()
    # contraction by 1 - 0.1 (1 + 5 cos w) = 0.80 per step: round-off
    assert np.allclose(found.panel.w[:, 0], root, atol=1e-12)


def test_labels_do_not_depend_on_order_or_company():
    n = 600
    rng = np.random.default_rng(7)
    starts, eta = rng.uniform(-2, 2, (n, 2)), np.repeat(np.geomspace(0.01, 0.4, 6), n // 6)
    for name in ("sam", "usam"):
        whole = outcomes(LUCCHI, make_rule(name, eta, rho=0.2), starts, 1500, eta=eta).labels
        order = rng.permutation(n)
        mixed = outcomes(LUCCHI, make_rule(name, eta[order], rho=0.2), starts[order], 1500, eta=eta[order]).labels
        few = outcomes(LUCCHI, make_rule(name, eta[:50], rho=0.2), starts[:50], 1500, eta=eta[:50]).labels
        for a, b, c in zip(whole, mixed, few, strict=True):
            assert np.array_equal(a[order], b, equal_nan=True)
            assert np.array_equal(a[:50], c, equal_nan=True)
        assert len(np.unique(whole.outcome)) >= 3


def test_rates_of_sam_agree_between_precisions_where_single_labels_need_not():
    n = 1000
    starts, eta = np.random.default_rng(11).uniform(-2, 2, (n, 2)), 0.2
    share = [
        np.bincount(
            outcomes(LUCCHI, make_rule("sam", eta, rho=0.1), starts, 3000, eta=eta, dtype=d).labels.outcome, minlength=6
        )
        / n
        for d in (np.float32, np.float64)
    ]
    # four standard errors of the difference of two binomial shares, were they independent: an upper bound
    error = np.sqrt(2 * 0.25 / n)
    assert (abs(share[0] - share[1]) <= 4 * error).all()
    assert share[1][MINIMUM] > 0.8
    assert share[1][SADDLE] > 0.01


def test_high_dimensional_vectors_take_the_general_path():
    bowl = get_landscape("quadratic", eigenvalues=tuple(range(1, 13)))
    starts = np.random.default_rng(0).normal(size=(5, 12))
    labels = outcomes(bowl, make_rule("gd", np.full(5, 0.1)), starts, 2000, eta=0.1).labels
    assert (labels.outcome == MINIMUM).all()
    assert (labels.target == 0).all()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ball": -1.0}, "ball"),
        ({"window": 7}, "window"),
        ({"rings": (0.1, 0.5)}, "rings"),
        ({"most_escape": 10}, "most_escape"),
        ({"drift": float("nan")}, "drift"),
    ],
)
def test_unusable_tolerances_are_refused_by_name(change, said):
    with pytest.raises(ValueError, match=said):
        Tolerances(**change)


def test_the_step_size_is_the_rule_s_own_unless_given():
    assert step_size(make_rule("sam", 0.3)) == 0.3
    assert step_size(make_rule("sam", 0.3, base="heavy_ball")) == 0.3
    assert step_size(switch(make_rule("sam", 0.3), make_rule("gd", 0.1), at=5)) == 0.1
    with pytest.raises(ValueError, match="give eta="):
        step_size(make_rule("sam", base=optax.sgd(0.1)))
    start = np.array([[0.5, 0.5]])
    own, given = (outcomes(LUCCHI, make_rule("sam", 0.1), start, 300, **kw).labels for kw in ({}, {"eta": 0.1}))
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(own, given, strict=True))


def test_random_rules_and_bad_starts_are_refused():
    with pytest.raises(ValueError, match="simulate"):
        outcomes(LUCCHI, make_rule("random", 0.1), np.zeros((3, 2)), eta=0.1)
    with pytest.raises(ValueError, match="not finite"):
        outcomes(LUCCHI, make_rule("gd", 0.1), np.array([[0.0, np.nan]]), eta=0.1)
