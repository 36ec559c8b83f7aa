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


@pytest.mark.parametrize(("mu", "lowest"), [(-1, -1), (0, 0), (0.1, 0.1)])
def test_the_ascended_gradient_is_aligned_as_the_quadratic_of_lowest_curvature_has_it(mu, lowest):
    # <g(w + rho g), g> >= (1 + rho h) ||g||² with h the lowest curvature, attained there
    value = worst_case(Problem(L=1, mu=mu, eta=1, rho=0.3, steps=0, start="gradient", measure="misalignment"))
    assert -value == pytest.approx(1 + 0.3 * lowest, rel=ACCURACY)


def test_a_gradient_step_decreases_a_convex_loss_as_its_steepest_quadratic():
    # eta = 1/L on L w²/2 from a gradient of 1: the whole loss 1/(2L), and no convex function loses less
    value = worst_case(Problem(L=2, mu=0, eta=0.5, rho=0, steps=1, start="gradient", measure="rise"))
    assert value == pytest.approx(-1 / 4, rel=ACCURACY)


def test_a_pattern_that_never_ascends_is_gradient_descent():
    asked = {"start": "decrease", "measure": "gradient", "output": "mean over iterates"}
    descent = worst_case(Problem(1, -1, 0.5, 0, 2, **asked))
    assert worst_case(Problem(1, -1, 0.5, 0.4, 2, **asked, pattern=(False, False))) == pytest.approx(
        descent, rel=ACCURACY
    )
    assert worst_case(Problem(1, -1, 0.5, 0.4, 2, **asked)) > descent * (1 + ACCURACY)


def test_gradients_of_smooth_strongly_convex_functions_are_coercive_with_constant_one():
    # Nesterov (2004), Theorem 2.1.12, is attained by both extreme quadratics
    value = worst_case(Problem(1, 0.2, 1, 0, 0, start="product", measure="coercivity"))
    assert value == pytest.approx(1, rel=ACCURACY)


def test_a_least_decrease_larger_than_the_exact_one_is_not_within_the_worst_case():
    grid = [{"eta": 0.5, "L": 1.0}]

    def question(p):
        return Problem(p["L"], -p["L"], p["eta"], 0, 1, "gradient", "rise")

    (good,) = worst_case_within("-eta*(1 - eta*L/2)", question, grid, "descent")(None, BUDGETS["quick"])
    (bad,) = worst_case_within("-eta*(1 - eta*L/4)", question, grid, "descent")(None, BUDGETS["quick"])
    assert (good.says, bad.says) == ("agrees", "disagrees")


def test_a_rate_that_is_too_good_is_not_within_the_worst_case():
    grid = [{"eta": 0.5, "mu": 0.1, "L": 1.0, "T": 1}]

    def question(p):
        return Problem(L=p["L"], mu=p["mu"], eta=p["eta"], rho=0, steps=1)

    (good,) = worst_case_within("(1 - eta*mu)**(2*T)", question, grid, "GD")(None, BUDGETS["quick"])
    (bad,) = worst_case_within("(1 - 2*eta*mu)**(2*T)", question, grid, "GD")(None, BUDGETS["quick"])
    assert (good.says, bad.says) == ("agrees", "disagrees")
    assert good.numbers["tightness"] == pytest.approx(1, rel=ACCURACY)


def test_constants_out_of_range_are_named():
    with pytest.raises(ValueError, match="mu < L"):
        worst_case(Problem(L=1, mu=2, eta=1, rho=0, steps=1))
