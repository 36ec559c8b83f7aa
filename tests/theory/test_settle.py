"""A find counts only where exact arithmetic says so, and nothing is said where it cannot."""

from fractions import Fraction

import numpy as np
import pytest
import sympy

from samscape.theory import Family, Hypothesis, Number
from samscape.theory.checks.closed_form import closed_form_arithmetic, equal
from samscape.theory.checks.exact import LONGEST, Exact, exact_arithmetic
from samscape.theory.checks.instances import Question
from samscape.theory.checks.settle import settle
from samscape.theory.checks.shrink import cost, on_boundaries, simplest_between
from samscape.theory.relation import read_relations

X = (Number("x", 1e-3, 1e3, "signed log"),)


def question(measure, conclusion, hypothesis="", numbers=X, predicate=None):
    conditions = (Hypothesis("given", "a condition", hypothesis, predicate),) if hypothesis or predicate else ()
    family = Family("numbers", numbers, measure)
    return Question(family, {}, conditions, read_relations(conclusion))


def settled(measure, conclusion, x, **more):
    asked = question(measure, conclusion, **more)
    numbers = x if isinstance(x, dict) else {"x": Fraction(x)}
    return settle(asked, numbers, asked.conclusions[0])


def test_a_rational_violation_is_given_as_fractions():
    found = settled(lambda x, m: {"y": x.x**3 / 7}, "y <= x/20", "2/3")
    assert found.says == "broken"
    example = found.counterexample
    assert (example.left, example.right, example.arithmetic) == ("8/189", "1/30", "rational")
    assert example.float_sides == pytest.approx((8 / 189, 1 / 30), rel=1e-15)  # a rounding or two


@pytest.mark.parametrize(
    ("conclusion", "x", "says"),
    [
        ("y < 4/9", "2/3", "broken"), ("y <= 4/9", "2/3", "holds"), ("y == 4/9", "2/3", "holds"),
        ("y != 4/9", "2/3", "broken"), ("y >= 4/9", "2/3", "holds"), ("y > 4/9", "2/3", "broken"),
        ("y <= 4/9", "667/1000", "broken"), ("y == 4/9", "-667/1000", "broken"), ("y != 4/9", "667/1000", "holds"),
    ],
)  # fmt: skip
def test_equality_is_exact_in_rationals(conclusion, x, says):
    assert settled(lambda x, m: {"y": x.x**2}, conclusion, x).says == says


def test_a_difference_of_one_part_in_ten_to_the_hundred_is_seen():
    tiny = Fraction(1, 10**100)
    assert settled(lambda x, m: {"y": x.x}, "y <= 1", 1 + tiny).says == "broken"
    assert settled(lambda x, m: {"y": m.exp(x.x) / m.exp(1 + 0 * x.x)}, "y <= 1", 1 + tiny).says == "broken"
    assert settled(lambda x, m: {"y": m.exp(x.x) / m.exp(1 + 0 * x.x)}, "y <= 1", 1 - tiny).says == "holds"


def test_precision_rises_until_the_answer_is_known():
    def doubling(x, m):  # an error doubles 900 times, so that 256 bits know nothing of the end
        y = m.sqrt(x.x)
        for _ in range(900):
            y = 1 - 2 * m.abs(y - m.number("1/2"))
        return {"y": y}

    half = sympy.sqrt(sympy.Rational(1, 3))
    y = half.n(400)
    for _ in range(900):
        y = 1 - 2 * abs(y - sympy.Rational(1, 2))
    above = settled(doubling, "y <= 1/100000", "1/3")
    assert above.says == ("broken" if y > sympy.Rational(1, 100000) else "holds")
    assert above.counterexample.arithmetic == "ball"
    assert float(above.counterexample.left.strip("[]").split(" +/-")[0]) == pytest.approx(float(y), rel=1e-12)


def test_a_hypothesis_that_fails_by_round_off_alone_is_missed():
    near = Fraction(0.1)  # a little above 1/10
    assert settled(lambda x, m: {"y": x.x}, "y <= 0", near, hypothesis="x <= 1/10").says == "missed"
    assert settled(lambda x, m: {"y": x.x}, "y <= 0", "1/10", hypothesis="x <= 1/10").says == "broken"


def test_a_predicate_is_asked_last():
    found = settled(lambda x, m: {"y": x.x}, "y <= 0", "3", predicate=lambda v: v["y"] < 2)
    assert (found.says, found.words) == ("missed", "given")


def test_hypotheses_stay_rational_where_the_conclusion_leaves_the_rationals():
    found = settled(
        lambda x, m: {"y": m.sqrt(x.x), "z": 3 * x.x}, "y <= 1/2", "1/3", hypothesis="z == 1"
    )  # fmt: skip
    assert found.says == "broken"
    assert found.counterexample.arithmetic == "ball"
    assert found.counterexample.hypotheses == {"given: z == 1": "1 against 1"}


@pytest.mark.parametrize(
    ("measure", "conclusion", "x", "says"),
    [
        (lambda x, m: {"y": m.sqrt(x.x) + m.sqrt(4 * x.x), "z": 3 * m.sqrt(x.x)}, "y < z", "2", "broken"),
        (lambda x, m: {"y": m.sqrt(x.x) + m.sqrt(4 * x.x), "z": 3 * m.sqrt(x.x)}, "y <= z", "2", "holds"),
        (lambda x, m: {"y": m.exp(x.x) * m.exp(-x.x), "z": 1}, "y != z", "2", "broken"),
        (lambda x, m: {"y": m.sqrt(x.x), "z": m.sqrt(x.x + m.number("1e-90"))}, "y < z", "2", "holds"),
    ],
)
def test_equality_outside_the_rationals_is_a_matter_of_closed_forms(measure, conclusion, x, says):
    assert settled(measure, conclusion, x).says == says


def test_what_has_no_value_is_unknown():
    assert settled(lambda x, m: {"y": 1 / (x.x - 3)}, "y <= 0", "3").says == "unknown"
    assert settled(lambda x, m: {"y": m.sqrt(x.x)}, "y <= 0", "-3").says == "unknown"
    assert settled(lambda x, m: {"y": m.log(x.x - 3)}, "y <= 0", "3").says == "unknown"


def test_numbers_that_grow_too_long_are_left_to_balls():
    def squared(x, m):
        y = x.x
        for _ in range(25):
            y = y * y
        return {"y": y}

    found = settled(squared, "y <= 1", "1001/1000")
    assert (found.says, found.counterexample.arithmetic) == ("broken", "ball")
    log10 = 2**25 * np.log10(1.001)
    assert found.counterexample.left.split("e+")[1].startswith(str(int(log10)))


def test_an_unknown_number_poisons_what_is_computed_with_it_and_nothing_else():
    m = exact_arithmetic()
    root = m.sqrt(m.number(2))
    assert str(root) == str(1 + root * 0) == "unknown"
    assert str(m.sqrt(m.number("4/9")) + 1) == "5/3"
    assert str(Exact(m.number(3).value ** 2) / 6) == "3/2"
    assert (m.number(2) ** (2 * LONGEST)).value is None
    assert m.maximum(m.number(1), m.number("3/2")) == m.number("3/2")


def test_closed_forms_are_equal_only_where_that_is_shown():
    m = closed_form_arithmetic()
    two = m.number(2)
    assert equal(m.sqrt(3 + 2 * m.sqrt(two)), 1 + m.sqrt(two))
    assert not equal(m.sqrt(two), m.number("1.41421356237309504880168872421"))
    assert equal(m.tanh(two), m.sinh(two) / m.cosh(two))


# simple numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "simple"),
    [("3.14", "3.15", "22/7"), ("0.3", "0.4", "1/3"), ("-0.4", "-0.3", "-1/3"), ("2", "7", "2"), ("-1", "1", "0")],
)
def test_the_simplest_fraction_of_an_interval(low, high, simple):
    found = simplest_between(Fraction(low), Fraction(high))
    assert found == Fraction(simple)
    for q in range(1, found.denominator):  # by trying all smaller denominators
        assert not any(Fraction(low) <= Fraction(p, q) <= Fraction(high) for p in range(-8 * q, 8 * q))


def test_what_is_easier_to_write_costs_less():
    order = ["1", "2", "1/2", "3/2", "7/3", "13/7", "1001/997"]
    costs = [cost(Fraction(x)) for x in order]
    assert costs == sorted(costs)
    assert cost(Fraction(1, 1000)) < cost(Fraction(1, 999))
    assert cost(Fraction("2.0009")) < cost(Fraction(20011, 10003))


def test_an_equality_is_solved_for_exactly():
    numbers = (Number("x", 1e-3, 1e3), Number("y", 1e-3, 1e3))
    asked = question(lambda x, m: {}, "x <= y", "7*x*y == 13", numbers)
    solved = on_boundaries(asked, {"x": Fraction(3), "y": Fraction(float(Fraction(13, 21)))})
    assert 7 * solved["x"] * solved["y"] == 13
    assert solved["x"] == 3
