"""Exact worst cases against closed forms that were found without a solver."""

import pytest

from samscape.theory.budget import BUDGETS
from samscape.theory.checks.worst_case import ACCURACY, Problem, worst_case, worst_case_within


def test_two_usam_steps_contract_as_the_slowest_quadratic_does():
    # eta is small, so that the worst function is the quadratic of curvature mu
    value = worst_case(Problem(L=1, mu=0.1, eta=0.5, rho=0.1, steps=2))
    assert value == pytest.approx((1 - 0.5 * 0.1 * (1 + 0.1 * 0.1)) ** 4, rel=ACCURACY)
    assert value == pytest.approx(0.81279286, rel=ACCURACY)


def test_gradient_descent_on_convex_functions_has_drori_and_teboulles_rate():
    # f(w_T) - f* <= L ||w0 - w*||² / (2 (2 eta L T + 1)) for eta L <= 1, tight
    value = worst_case(Problem(L=2, mu=0, eta=0.5, rho=0, steps=3, measure="loss"))
    assert value == pytest.approx(2 / (2 * (2 * 3 + 1)), rel=ACCURACY)


def test_gradient_descent_on_smooth_functions_finds_a_gradient_no_larger_than_known():
    # a step of eta = 1/L decreases the loss by ||g||²/(2L): min ||g||² <= 2L (f0 - f*)/T holds and is not tight
    value = worst_case(
        Problem(L=1, mu=-1, eta=1, rho=0, steps=2, start="loss", measure="gradient", output="best iterate")
    )
    assert 0.5 < value <= 1 + ACCURACY


def test_a_rate_that_is_too_good_is_not_within_the_worst_case():
    grid = [{"eta": 0.5, "mu": 0.1, "L": 1.0, "T": 1}]
    question = lambda p: Problem(L=p["L"], mu=p["mu"], eta=p["eta"], rho=0, steps=1)  # noqa: E731
    (good,) = worst_case_within("(1 - eta*mu)**(2*T)", question, grid, "GD")(None, BUDGETS["quick"])
    (bad,) = worst_case_within("(1 - 2*eta*mu)**(2*T)", question, grid, "GD")(None, BUDGETS["quick"])
    assert (good.says, bad.says) == ("agrees", "disagrees")
    assert good.numbers["tightness"] == pytest.approx(1, rel=ACCURACY)


def test_constants_out_of_range_are_named():
    with pytest.raises(ValueError, match="mu < L"):
        worst_case(Problem(L=1, mu=2, eta=1, rho=0, steps=1))
