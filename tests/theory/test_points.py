"""At a point in fractions a relation is true, false, or without an answer, and never more than can be known."""

from fractions import Fraction

import pytest

from samscape.theory.checks.points import settle, sides_at, simplest, truth
from samscape.theory.relation import read_relations


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("sqrt(x) == 3", {"x": "9"}, True),
        ("sqrt(x) <= y", {"x": "2", "y": "3/2"}, True),
        ("sqrt(x) <= y", {"x": "2", "y": "1414213562373095/1000000000000000"}, False),  # the 15th digit decides
        ("x**(1/3) < 1", {"x": "1/27"}, True),
        ("r**n < 1", {"r": "1/2", "n": "100000000000000000000"}, True),  # no power of that size is written out
        ("where(x < sqrt(2), 1, 2) > 1", {"x": "1"}, False),
        ("pi < x", {"x": "22/7"}, True),
        ("abs(x) != -x", {"x": "-1/2"}, False),
        ("sqrt(x)**2 == x", {"x": "2"}, None),  # balls never show equality
        ("1/x < 1", {"x": "0"}, None),
        ("log(x) < 1", {"x": "0"}, None),
        ("log(x) < 1", {"x": "-1"}, None),
        ("sqrt(x) < 1", {"x": "-1"}, None),
    ],
)
def test_truth_at_a_point(text: str, values: dict[str, str], expected: bool | None):
    (relation,) = read_relations(text)
    assert truth(relation, {n: Fraction(x) for n, x in values.items()}) is expected


def test_a_counterexample_meets_what_is_given_and_breaks_the_relation():
    given, (relation,) = read_relations("x > 0; exp(x) <= 3"), read_relations("x < 1")
    example = settle(given, relation, {"x": Fraction(109, 100)})
    assert (example.left, example.right, example.arithmetic) == ("109/100", "1", "rational")
    assert example.float_sides == (1.09, 1.0)
    assert set(example.hypotheses) == {"x > 0", "exp(x) <= 3"}
    assert settle(given, relation, {"x": Fraction(11, 10)}) is None  # exp(1.1) > 3
    assert settle(given, relation, {"x": Fraction(1, 2)}) is None  # the relation holds
    assert settle(given, relation, {"x": Fraction(-1)}) is None


def test_sides_are_exact_or_enclosed():
    (relation,) = read_relations("x/3 < exp(x)")
    left, right, arithmetic = sides_at(relation, {"x": Fraction(1)})
    assert arithmetic == "ball"
    assert right.startswith("[2.71828182845904523536028747135")
    assert left.startswith("[0.3333333333")


def test_a_simpler_point_is_still_accepted():
    (relation,) = read_relations("x*y > 2")
    start = {"x": Fraction(31415926, 10**7), "y": Fraction(10**9 + 7, 10**9)}
    found = simplest(start, lambda values: truth(relation, values) is True)
    assert found == {"x": 3, "y": 1}
