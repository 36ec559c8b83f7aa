"""The tutorial on theorems says what happens: its code runs, and the verdicts are those it names."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "theory.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)


@pytest.fixture(scope="module")
def names():
    """What the page's blocks define, run one after the other."""
    space: dict = {}
    for block in BLOCKS:
        exec(compile(block, str(PAGE), "exec"), space)  # noqa: S102 - the documentation's own code
    return space


def test_the_examples_come_to_the_verdicts_that_the_page_names(names):
    told = {key: names[key].verdict.name for key in ("examination", "wrong", "only_if", "empty", "mended")}
    assert told == {
        "examination": "holds", "wrong": "violated", "only_if": "holds", "empty": "vacuous", "mended": "holds-if",
    }  # fmt: skip


def test_the_counterexample_to_the_wrong_constant_is_one_by_hand(names):
    x = {name: Fraction(value) for name, value in names["example"].values.items()}
    assert 2 <= x["eta"] * x["L"] < 3
    assert max(abs(x["inside"]), abs(x["outside"])) <= x["L"]

    def slope(w):
        side = max(min(w, Fraction(1)), Fraction(-1))
        return x["inside"] * side + x["outside"] * (w - side)

    def loss(w):  # the integral of the slope, piece by piece
        side = max(min(w, Fraction(1)), Fraction(-1))
        return side * slope(side) / 2 + (w - side) * (slope(side) + slope(w)) / 2

    after = x["w"] - x["eta"] * slope(x["w"])
    assert loss(after) >= loss(x["w"])
    assert (Fraction(names["example"].left), Fraction(names["example"].right)) == (loss(after), loss(x["w"]))


def test_the_contradiction_names_its_two_hypotheses_and_no_other(names):
    (reason,) = names["empty"].verdict.reasons
    assert "smooth" in reason
    assert "steep" in reason
    assert "step size" not in reason
