"""What the claims measure and what refutes them, worked out again by hand: plain fractions, loops, closed forms."""

from fractions import Fraction as F

import numpy as np
import pytest

from samscape.theory.arithmetic import float_arithmetic, rational_arithmetic
from samscape.theory.registry import MODULES, claims_of

CLAIMS = {claim.id: claim for module in MODULES for claim in claims_of(module)}
Q, M = rational_arithmetic(), float_arithmetic()


def measured(claim, family, numbers, case=None, m=Q):
    """All quantities of one instance, as fractions (or floats)."""
    given = {name: m.number(value) for name, value in numbers.items()}
    values = CLAIMS[claim].families[family].values(given, case or CLAIMS[claim].families[family].cases[0], m)
    return {k: F(int(v.p), int(v.q)) if hasattr(v, "p") else v for k, v in values.items()}


def test_ids_are_those_of_their_modules_and_unique():
    ids = [claim.id for module in MODULES for claim in claims_of(module)]
    assert len(ids) == len(set(ids))
    for module, heads in MODULES.items():
        assert {c.headline for c in claims_of(module)} == set(heads)
        assert all(c.paper == module.partition(".")[0] for c in claims_of(module))


def test_a_saddle_at_the_critical_radius_moves_neither_way():
    found = measured("kim2023.thm-1", 0, {"h": 1, "size": 1, "rho": 1})
    assert found["abscissa"] == -(F(-1) + F(1) * F(-1) ** 2) == 0


def test_the_steps_of_sam_at_a_saddle_have_the_multipliers_of_the_formula():
    found = measured("kim2023.thm-1:map", 0, {"h": 10, "size": 1, "rho": 1, "eta": 1})
    multipliers = [1 - F(1) * (lam + F(1) * lam**2) for lam in (F(-1), F(10))]
    assert found["radius"] == max(map(abs, multipliers)) == 109


def test_the_displacement_with_momentum_is_that_of_a_small_step_simulation_of_its_moments():
    numbers = {"size": 1.0, "eta": 0.1, "rho": 0.3, "t": 0.5, "gamma": 0.9, "B": 1.0}
    found = measured("kim2023.thm-3", 0, numbers, m=M)
    a, phi, noise = -1.0 * (1 - 0.3) ** 2, (1 - 0.9) / 0.1, 1.0 / 0.1
    drift = np.array([[0.0, 1.0], [-a / 0.1, -phi]])
    covariance, steps = np.zeros((2, 2)), 200_000
    for _ in range(steps):  # dV/dt = A V + V A' + diag(0, |lam|/eta), Euler
        covariance += (drift @ covariance + covariance @ drift.T + np.diag([0.0, noise])) * (0.5 / steps)
    # Euler's relative error is about rate * dt/2 = 3 * 2.5e-6 / 2 per unit of time
    assert float(found["displacement"]) == pytest.approx(covariance[0, 0], rel=1e-4)


def test_coercivity_is_an_equality_between_the_two_curvatures():
    numbers = {"mu": 1, "L": 3, "h1": 1, "h2": 3, "w1": 0, "w2": 0, "v1": 2, "v2": 5}
    found = measured("tan2024.lem-5", 0, numbers)
    assert found["product"] == F(1) * 4 + F(3) * 25
    assert found["product"] == F(1 * 3, 4) * found["distance2"] + found["slope2"] / 4


def test_tan_theorem_10_fails_in_one_step_of_one_quadratic():
    mu = L = eta = rho = h = w = F(1)
    G = F(2)
    g = h * w
    after = w - eta * h * (w + rho * g / abs(g))
    assert after == -1
    slopes = [abs(g), h * (w + rho), abs(h * after)]
    assert max(slopes) <= G
    share = 1 + mu * rho / G
    bound = (1 - 2 * mu * eta * share) * (h * w**2 / 2) + eta * G**2 * L / (4 * mu * share)
    assert h * after**2 / 2 > bound
    found = measured("tan2024.thm-10:region", 0, {"mu": 1, "L": 1, "G": 2, "rho": 1, "eta": 1, "h1": 1, "w1": 1})
    assert (found["end"], found["slope_max"]) == (F(1, 2), 2)


def test_three_assumptions_of_tan_contradict_each_other_by_two_lines():
    for mu in (F(1, 100), F(1), F(7)):
        for ratio in (F(1), F(2)):  # xi in units of rho/G
            G, rho, gamma_0 = F(3), F(1, 2), F(1, 3)
            xi = ratio * rho / G
            sigma = G / rho * (1 - gamma_0) / gamma_0 + mu / gamma_0  # the least that Assumption 3 allows
            assert 1 / (1 + xi * sigma) < gamma_0  # so the factor is below Assumption 2's lower end


def test_jiang_lemma_a1_fails_for_two_examples_whose_mean_is_smooth():
    h, a, k, d, w, beta, rho, sigma2 = F(-1, 10), F(1), F(-1), F(1), F(1), F(1, 10), F(1), F(2)

    def gradient(sign, at):
        return h * (at - sign * a) + sign * k * min(max(at, -d), d)

    mean = h * w
    product = sum(gradient(s, w + rho * gradient(s, w)) * mean for s in (1, -1)) / 2
    assert (abs(h * a) + abs(k * d)) ** 2 < sigma2
    assert abs(h) <= beta
    assert product < (F(1, 2) - rho * beta) * mean**2 - beta**2 * rho**2 * sigma2 / 2
    numbers = {"h": h, "a": a, "k": k, "d": d, "w": w, "beta": beta, "rho": rho, "sigma2": sigma2}
    assert measured("jiang2023.lem-a.1", 0, numbers, {"b": 1})["product"] == product


def test_jiang_theorem_33_fails_on_a_hill_where_the_ascent_overshoots():
    beta, h, w = F(2), F(-2), F(-1)
    eta, rho = 1 / (4 * beta), F(1)
    after = w - eta * h * (w + rho * h * w)
    decrease = h * (w**2 - after**2) / 2
    assert (h * w) ** 2 > 32 * beta * decrease + (2 + 5 * beta**2) * F(1) / 1000 > 32 * beta * decrease
    found = measured(
        "jiang2023.thm-3.3", 0, {"beta": 2, "h": -2, "w": -1, "sigma2": 1}, {"T": 1, "pattern": 1, "b": 1, "scaled": 0}
    )
    assert found["decrease"] == decrease


def test_the_quadratic_of_lemma_8_moves_to_its_mirror_image():
    found = measured(
        "andriushchenko2022.lem-8", 0,
        {"beta": 1, "gamma": 1, "rho": 1, "mu": F(1, 10), "h1": 1, "h2": 1, "w1": 1, "w2": 1}, {"T": 1},
    )  # fmt: skip
    assert found["drop"] == 0
    assert 1 - F(1) / 2 + F(1, 10) * (1 - 1 - F(1) / 2) > 0  # while a decrease is claimed


def test_two_one_sided_quadratics_move_away_in_a_first_step():
    k, y, ratio, reach, share = 1 / 6, 10.0, 2e-5, 10.0, 0.5
    e, f = np.array([1.0, 0.0]), np.array([(1 - k * k), 2 * k]) / (1 + k * k)
    beta = ratio + np.linalg.eigvalsh(np.outer(e, e) + np.outer(f, f))[-1]
    rho, gamma = reach / beta, 2 * share / (beta * (1 + reach))

    def gradient(w):
        return ratio * w + e * max(e @ w, 0) + f * max(f @ w, 0)

    w = np.array([1.0, -y])
    after = w - gamma * gradient(w + rho * gradient(w))
    rate = 1 - gamma * ratio * (2 - gamma * beta * (1 + rho * beta))
    growth = (after @ after) / (w @ w) / rate
    assert growth > 1 + 1e-4  # and 2 rho + 1 is as close to 1 as one likes, in units where beta is large
    assert growth < 1 + rho * beta


def test_the_slope_of_example_c1_is_the_integral_of_its_curvature():
    a, eps, b = F(1, 2), F(1), F(1)
    found = measured("zhou2025.ex-c.1", 0, {"a": a, "b": b, "eps": eps, "share": 1})
    n = 1000  # the midpoint rule is exact for a curvature that is linear
    z = [a * eps * (F(2 * i + 1) / (2 * n)) for i in range(n)]
    assert found["far"] == sum((a - x / eps) * (a * eps / n) for x in z) == a**2 * eps / 2


def test_the_steep_side_throws_sam_out_of_the_valley():
    a = eta = rho = eps = q = F(1, 2)
    b, l1, l2, steep, place = F(1), F(5), F(1, 10), F(100), F(-2, 3)

    def slope(z):
        y = -z
        inner = a * min(y, q) + l1 * min(max(y - q, 0), b / 2) + l2 * max(y - q - b / 2, 0)
        return -inner + steep * max(y - 2 * b, 0)

    w = place * (2 - eps) * b
    after = w - eta * slope(w + rho * slope(w))
    assert abs(after) == F(2929, 160) > 2 * b
    assert eta * max(abs(slope(-z)) for z in (q, q + b / 2, 2 * b)) < (2 - eps) * b
    assert rho * a * (2 - eps) <= eps


def test_linear_stability_of_two_examples_is_the_mean_over_all_draws():
    numbers = {"eta": F(1, 3), "rho": F(1, 5), "gamma": F(1, 10), "h1": 1, "h2": 3}
    found = measured("zhou2025.thm-4.1", 0, numbers, {"B": 1})
    mean = sum((1 - F(1, 3) * outer * (1 + F(1, 5) * inner)) ** 2 for outer in (1, 3) for inner in (1, 3)) / 4
    assert found["factor"] == mean
    assert found["alignment"] == F(1, 4)  # Var(h) / h² with h = 2
