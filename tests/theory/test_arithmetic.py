"""One formula, several arithmetics: they agree where they should, and say so where they cannot."""

from fractions import Fraction
from types import SimpleNamespace

import mpmath
import numpy as np
import pytest

from samscape.landscapes.expression import FormulaError
from samscape.theory import Family, Number
from samscape.theory.arithmetic import (
    NotRational,
    Undecided,
    ball_arithmetic,
    float_arithmetic,
    rational_arithmetic,
)
from samscape.theory.checks.closed_form import closed_form_arithmetic
from samscape.theory.checks.exact import exact_arithmetic
from samscape.theory.checks.instances import numpy_arithmetic
from samscape.theory.relation import read_relations

ALL = {
    "jax": float_arithmetic, "numpy": numpy_arithmetic, "rational": rational_arithmetic, "exact": exact_arithmetic,
    "ball": ball_arithmetic, "symbolic": closed_form_arithmetic,
}  # fmt: skip


def as_float(value):
    if hasattr(value, "mid"):
        return float(value.mid())
    if hasattr(value, "p") and hasattr(value, "q"):
        return int(value.p) / int(value.q)
    return float(value)


def rational(x, y, m):
    return (x - 2 * y) ** 3 / (1 + y) + m.maximum(x, y) * m.abs(x - y) - m.minimum(x, y) / m.sqrt(x * x)


@pytest.mark.parametrize("name", ALL)
def test_all_arithmetics_agree_on_a_rational_formula(name):
    m = ALL[name]()
    x, y = Fraction(3, 4), Fraction(-2, 5)
    wanted = (x - 2 * y) ** 3 / (1 + y) + x * (x - y) - y / x
    # a dozen roundings of numbers of order 1 to 10
    assert as_float(rational(m.number(x), m.number(y), m)) == pytest.approx(float(wanted), rel=1e-14)
    (relation,) = read_relations("(x - 2*y)**3/(1 + y) + max(x, y)*abs(x - y) <= min(x, y)/sqrt(x**2)")
    left, right = relation.sides({"x": m.number(x), "y": m.number(y)}, m.dialect)
    assert as_float(left) - as_float(right) == pytest.approx(float(wanted), rel=1e-14)
    assert as_float(relation.slack({"x": m.number(x), "y": m.number(y)}, m.dialect)) == pytest.approx(
        -float(wanted), rel=1e-14
    )


CURVED = "exp log log1p expm1 sin cos tan tanh sinh cosh arctan arcsin arcsinh arctanh sqrt".split()


@pytest.mark.parametrize("function", CURVED)
@pytest.mark.parametrize("name", ["jax", "numpy", "ball", "symbolic"])
def test_functions_are_those_of_mpmath(name, function):
    m = ALL[name]()
    x = Fraction(3, 8)
    short = function.replace("arc", "a")
    value = getattr(m, function)(m.number(x))
    assert as_float(value) == pytest.approx(float(getattr(mpmath, short)(mpmath.mpf(3) / 8)), rel=4e-15)  # 2-3 ulp


@pytest.mark.parametrize("function", ["exp", "tanh", "sin", "sqrt"])
def test_rationals_know_what_leaves_them(function):
    m = rational_arithmetic()
    with pytest.raises(NotRational):
        getattr(m, function)(m.number("1/3"))
    assert getattr(exact_arithmetic(), function)(exact_arithmetic().number("1/3")).value is None
    assert as_float(getattr(m, function)(m.number(0))) == getattr(np, function)(0.0)


def test_pi_is_no_rational():
    (relation,) = read_relations("pi*x <= 4")
    with pytest.raises(NotRational):
        relation.sides({"x": rational_arithmetic().number(1)}, rational_arithmetic().dialect)
    m = ball_arithmetic()
    left, right = relation.sides({"x": m.number(1)}, m.dialect)
    assert left < right


def test_balls_enclose_and_refuse_to_compare_what_overlaps():
    m = ball_arithmetic()
    third = m.number("1/3")
    assert (3 * third).overlaps(m.number(1))
    assert (3 * third).contains(1)
    with pytest.raises(Undecided):
        _ = m.dialect.functions["<"](3 * third, m.number(1))
    assert m.dialect.functions["<"](third, m.number("1/2"))


def test_an_unknown_function_is_named_with_those_that_there_are():
    with pytest.raises(AttributeError, match=r"no 'erf'.*tanh"):
        _ = rational_arithmetic().erf


def test_a_norm_is_euclidean():
    for name, make in ALL.items():
        m = make()
        assert as_float(m.norm(m.number(3), m.number(-4))) == 5, name
        assert as_float(m.norm(m.number(-2))) == 2, name


# relations -----------------------------------------------------------------------------------------------------------


def test_chains_and_lists_are_read_as_single_comparisons():
    relations = read_relations("0 < gamma_0 <= gamma_1; eta*L <= 2")
    assert [r.text for r in relations] == ["0 < gamma_0", "gamma_0 <= gamma_1", "eta*L <= 2"]
    assert [r.strict for r in relations] == [True, False, False]
    assert relations[2].names == ("L", "eta")


@pytest.mark.parametrize(
    ("sign", "below", "same", "above"),
    [("<", 1, 0, -1), ("<=", 1, 0, -1), (">", -1, 0, 1), (">=", -1, 0, 1), ("==", -1, 0, -1), ("!=", 1, 0, 1)],
)
def test_slack_is_positive_inside(sign, below, same, above):
    (relation,) = read_relations(f"x {sign} 2")
    dialect = numpy_arithmetic().dialect
    assert [np.sign(relation.slack({"x": x}, dialect)) for x in (1.0, 2.0, 3.0)] == [below, same, above]


@pytest.mark.parametrize("text", ["x + 1", "", "x <", "x <= (2", "x => 2"])
def test_a_text_that_compares_nothing_is_an_error(text):
    with pytest.raises(FormulaError):
        read_relations(text)


def test_a_value_that_is_missing_is_named():
    (relation,) = read_relations("eta*L <= 2")
    with pytest.raises(KeyError, match="L"):
        relation.sides({"eta": 1.0}, numpy_arithmetic().dialect)


# families ------------------------------------------------------------------------------------------------------------


def test_a_family_gives_what_it_draws_what_is_fixed_and_what_it_measures():
    def measure(x: SimpleNamespace, m):
        return {"sum": sum(x.a for _ in range(x.T))}

    family = Family("sums", (Number("a", 1, 2),), measure, ({"T": 3},))
    assert family.values({"a": Fraction(1, 2)}, {"T": 3}, rational_arithmetic()) == {
        "a": Fraction(1, 2), "T": 3, "sum": Fraction(3, 2),
    }  # fmt: skip


def test_a_family_that_measures_what_it_draws_is_an_error():
    family = Family("clash", (Number("a", 1, 2),), lambda x, m: {"a": x.a})
    with pytest.raises(ValueError, match=r"clash.*measures a"):
        family.values({"a": 1.0}, {}, numpy_arithmetic())


@pytest.mark.parametrize(("low", "high", "scale"), [(2, 1, "linear"), (0, 1, "log"), (-1, 1, "signed log")])
def test_ranges_that_make_no_sense_are_errors(low, high, scale):
    with pytest.raises(ValueError, match="number 'x'"):
        Number("x", low, high, scale)


def test_a_choice_between_balls_that_overlap_encloses_both_values():
    m = ball_arithmetic()
    x = m.exp(m.number("1")) - m.exp(m.number("1"))  # a ball about 0 of some width
    chosen = m.where(x < 0, m.number("1"), m.number("2"))
    assert chosen.contains(1)
    assert chosen.contains(2)
    assert m.where(m.number("1") < 2, m.number("3"), m.number("4")) == 3
