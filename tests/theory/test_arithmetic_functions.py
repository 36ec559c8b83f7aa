"""Every function of the formulas' grammar has one value in floats and in balls; rationals give it or leave."""

import math
from fractions import Fraction

import numpy as np
import pytest

from samscape.landscapes.dialect import numpy_like_dialect
from samscape.landscapes.grammar import PLAIN_FUNCTIONS
from samscape.theory.arithmetic import NotRational, ball_arithmetic, float_arithmetic, rational_arithmetic
from samscape.theory.relation import Relation

LONG = {
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "asinh": "arcsinh",
    "acosh": "arccosh",
    "atanh": "arctanh",
}


@pytest.mark.parametrize("name", PLAIN_FUNCTIONS)
@pytest.mark.parametrize("text", ["0", "1", "1/2", "3"])
def test_one_value_in_all_arithmetics(name: str, text: str):
    x = Fraction(text)
    with np.errstate(all="ignore"):
        expected = float(numpy_like_dialect(np).functions[name](np.float64(x)))
    if not math.isfinite(expected):
        return
    formula = Relation(f"{name}(x)", "==", "0")
    balls, rationals, floats = ball_arithmetic(), rational_arithmetic(), float_arithmetic()
    values = [
        formula.sides({"x": balls.number(x)}, balls.dialect)[0],
        balls.functions[LONG.get(name, name)](balls.number(x)),
        floats.functions[LONG.get(name, name)](float(x)),
    ]
    try:
        exact = formula.sides({"x": rationals.number(x)}, rationals.dialect)[0]
        values.append(Fraction(int(exact.p), int(exact.q)))
    except NotRational:
        pass
    for value in values:
        assert float(value) == pytest.approx(expected, rel=1e-14, abs=1e-15)  # libm's last bits
