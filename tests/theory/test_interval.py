"""Balls prove what is true with room to spare, find what is false, and say so where they cannot decide."""

import math
from fractions import Fraction

import pytest

from samscape.theory.budget import BUDGETS
from samscape.theory.checks.interval import prove_over, proved_over
from samscape.theory.checks.simulation import Measurement, simulated
from samscape.theory.relation import read_relations


def test_a_transcendental_inequality_is_proved_over_a_region():
    (relation,) = read_relations("tanh(x)*y <= x*y + 1/100")
    proof = prove_over(relation, {"x": ("0", "2"), "y": ("0", "1")}, 20_000)
    assert proof.says == "proved"


def test_a_false_inequality_is_refuted_at_a_point_where_numpy_agrees():
    (relation,) = read_relations("tanh(x) <= 9*x/10")
    proof = prove_over(relation, {"x": ("1/100", "2")}, 10_000)
    assert proof.says == "refuted"
    x = float(proof.point["x"])
    assert math.tanh(x) > 0.9 * x


def test_an_inequality_that_is_touched_stays_undecided():
    (relation,) = read_relations("exp(x) >= 1 + x")
    assert prove_over(relation, {"x": ("-1", "1")}, 500).says == "unknown"
    assert prove_over(relation, {"x": ("1/10", "1")}, 500).says == "proved"


def test_a_piece_that_is_proved_does_not_prove_the_whole():
    found = proved_over("x >= -1; x <= 1/2", {"x": ("0", "1")}, "x")(None, BUDGETS["quick"])
    assert [(e.subject, e.says) for e in found] == [("conclusion (part)", "proved"), ("conclusion", "refuted")]
    point = Fraction(found[1].counterexample.values["x"])
    assert point > Fraction(1, 2)


def test_an_equality_cannot_be_asked_for():
    with pytest.raises(ValueError, match="no inequality"):
        prove_over(read_relations("x == 1")[0], {"x": ("0", "1")}, 10)


def test_measurements_are_judged_in_standard_errors():
    good = Measurement("mean", 1.02, 0.01, 1.0)
    assert good.deviation == pytest.approx(2)
    assert Measurement("bound", 0.5, 0.01, 1.0, bound="at most").deviation == 0
    assert Measurement("bias", 1.1, 0.01, 1.0, allowance=0.09).deviation == pytest.approx(1)
    assert Measurement("nan", float("nan"), 0.01, 1.0).deviation == math.inf
    (agrees,) = simulated(lambda budget: [good], "a mean")(None, BUDGETS["quick"])
    (disagrees,) = simulated(lambda budget: [good, Measurement("far", 2, 0.1, 1)], "a mean")(None, BUDGETS["quick"])
    (nothing,) = simulated(lambda budget: [], "a mean")(None, BUDGETS["quick"])
    assert (agrees.says, disagrees.says, nothing.says) == ("agrees", "disagrees", "failed")
