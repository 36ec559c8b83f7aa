"""Formulas: what is accepted, what is refused and where, and that NumPy, JAX and SymPy agree on the meaning."""

import time
from fractions import Fraction
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sympy
from hypothesis import assume, example, given, settings, strategies as st

from samscape.landscapes.expression import (
    FUNCTIONS,
    Dialect,
    FormulaError,
    numpy_like_dialect,
    parse_formula,
    sympy_dialect,
)

NUMPY = numpy_like_dialect(np)
JAX = numpy_like_dialect(jnp)


def number(text: str) -> float:
    """A constant formula's value, through a variable that it does not use."""
    return float(parse_formula(text, ["unused"]).evaluate([0.0], NUMPY))


# --- grammar ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-2**2", -4), ("-2^2", -4), ("2**3**2", 512), ("2^-1", 0.5), ("2**-2**2", 2**-4), ("--2", 2), ("+-+2", -2),
        ("1-2-3", -4), ("8/4/2", 1), ("2*-3", -6), ("-2*3", -6), ("2-3*4", -10), ("(2-3)*4", -4), ("2/4*6", 3),
        (".5", 0.5), ("5.", 5), ("1e3", 1000), ("1.5E-2", 0.015), (" 1 +\t1\n", 2), ("min(3, 1, 2)", 1),
        ("max(3, 5)", 5),
        ("sign(-3)", -1), ("abs(-3/2)", 1.5), ("where(1 < 2, 3, 4)", 3), ("where((1 >= 2), 3, 4)", 4),
        ("0.1 + 0.2", 0.3),
        ("1/3*3", 1), ("4**(1/2)", 2), ("e", np.e), ("cos(pi)", -1),
    ],
)  # fmt: skip
def test_arithmetic_reads_as_in_python(text, expected):
    # constants are exact fractions, or rounded once per function: two ulp
    assert number(text) == pytest.approx(expected, rel=5e-16, abs=0)


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("", 0, "empty"), ("   ", 0, "empty"), ("x +", 3, "the formula ends"), ("  x +  ", 5, "the formula ends"),
        ("* x", 0, "expected a number"), ("x ** ", 4, "the formula ends"), ("x // 2", 3, "found '/'"),
        ("()", 1, "found ')'"), ("2x", 1, "written with *"), ("x y", 2, "written with *"),
        ("2(x)", 1, "written with *"),
        ("(x)(x)", 3, "written with *"), ("1.2.3*x", 3, "written with *"), ("(x", 0, "never closed"),
        ("x + sin(x", 7, "never closed"), ("x)", 1, "closes nothing"), ("x, y", 1, "comma"),
        ("(x, y)", 2, "expected )"),
        ("f(x) = 2", 5, "right"), ("f(x)", 0, "unknown function 'f'"), ("x^2 + sinn(x)", 6, "did you mean 'sin'"),
        ("x(x + 1)", 0, "x*(...)"), ("sin", 0, "write sin(...)"), ("x + sin x", 4, "write sin(...)"),
        ("sin()", 0, "takes 1 argument, got 0"), ("x + min(x)", 4, "takes 2 to 9 arguments, got 1"),
        ("log(x, base=2)", 11, "'='"), ("where(x < 1, x)", 0, "takes 3 arguments"), ("where(x, 1, 2)", 0, "comparison"),
        ("0 < x < 1", 6, "chained"), ("where(0 < x < 1, 1, 2)", 12, "chained"),
        ("x < 1", 2, "belongs in the condition"),
        ("1 + (x < 1)", 7, "belongs in the condition"), ("-(x < 1)", 4, "belongs in the condition"),
        ("where(x < 1, x < 2, 3)", 15, "belongs in the condition"), ("x == 1", 2, "'='"), ("x != 1", 2, "'!'"),
        ("x if x else 1", 2, "where(condition"), ("lambda x: x", 8, "':'"), ("lambda", 0, "word of Python"),
        ("x.real", 1, "'.'"), ("x[0]", 1, "'['"), ("'x'", 0, '"\'"'), ("x # y", 2, "'#'"), ("(x := 2)", 3, "':'"),
        ("__import__('os')", 0, "'_'"), ("x; y", 1, "';'"), ("x\x00", 1, "\\x00"), ("x²", 1, "write **2"),
        ("2·x", 1, "write *"), ("x − 1", 2, "write -"), ("θ", 0, "'θ'"), ("1_000*x", 1, "'_'"),
        ("0x10", 1, "written with *"),
        ("inf*x", 0, "a loss is finite"), ("3 + 4", 0, "at least one variable"), ("pi", 0, "at least one variable"),
        ("x^2 + +", 7, "the formula ends"), ("x^2^", 4, "the formula ends"), ("x^2 y", 4, "written with *"),
    ],
)  # fmt: skip
def test_malformed_formulas_are_refused_with_position_and_reason(text, position, reason):
    with pytest.raises(FormulaError) as caught:
        parse_formula(text)
    assert caught.value.position == position
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("1j*x", 0, "imaginary"), ("x + 2.5J", 4, "imaginary"), ("x + I", 4, "imaginary unit"),
        ("x + sqrt(-1)", 4, "sqrt(-1) is not a finite real"), ("x*log(-2)", 2, "log(-2)"),
        ("asin(2) + x", 0, "asin(2)"),
        ("x + (-8)**(1/3)", 8, "(-8)**(1/3)"), ("x + (-1)^0.5", 8, "(-1)^0.5"), ("acosh(1/2)*x", 0, "acosh(1/2)"),
        ("x*atanh(1)", 2, "atanh(1)"), ("log(0)*x", 0, "log(0)"), ("x/0", 1, "division by zero"),
        ("x/(1 - 1)", 1, "division by zero"), ("x + 1/(2*0)", 5, "division by zero"), ("x + 0**-1", 5, "0**-1"),
        ("where(x < 0, log(-1), 0)", 13, "log(-1)"), ("x + sqrt(log(1/2))", 4, "sqrt(log(1/2))"),
    ],
)  # fmt: skip
def test_formulas_with_a_part_that_is_not_real_are_refused_with_position_and_reason(text, position, reason):
    with pytest.raises(FormulaError) as caught:
        parse_formula(text)
    assert caught.value.position == position
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    "text",
    [
        "9**9**9**9", "9**9**9**9*x", "x**9**9", "x**2000", "((2*x)**1000)**1000", "2**2000", "1.001**5000", "1e400*x",
        "1e999999999*x", "0e999999999*x", "1e-999999999*x", "9" * 500, "exp(1000)*x", "(1/10**200)**2*x",
        "cosh(1000)", "-" * 5000 + "x", "(" * 5000 + "x" + ")" * 5000, "(" * 5000, "sin(" * 5000, "2^" * 3000 + "x",
        "x" + "+x" * 10_000, "a" * 5000, "a" * 5000 + "(x)", "where(" * 5000, "1e" * 3000, "x<" * 3000 + "x",
    ],
)  # fmt: skip
def test_outsized_formulas_are_refused_at_once(text):
    began = time.thread_time()
    with pytest.raises(FormulaError) as caught:
        parse_formula(text)
    assert 0 <= caught.value.position <= len(text)
    assert len(str(caught.value)) < 500
    assert time.thread_time() - began < 5  # a thousand times what it takes: garbage may be collected; else minutes


def test_the_longest_formulas_are_read_quickly_and_evaluated_without_recursion():
    formula = parse_formula("x" + " - x*y/2" * 1200)
    assert formula.evaluate([2.0, 1.0], NUMPY) == 2 - 1200  # integers: exact
    assert jax.eval_shape(lambda x, y: formula.evaluate([x, y], JAX), 2.0, 1.0).dtype == np.float64
    x, y = sympy.symbols("x y", real=True)
    assert formula.to_sympy() == x - 600 * x * y


TOKENS = [*FUNCTIONS, *"x y x1 pi e ( ) , + - * / ** ^ < >= = . 0 1 2 1/3 0.5 1e9 9**9 1j I lambda _ ²".split()]
TOKENS += [" ", "\n", "where(x<1,", "(-8)**", "1/0"]


@given(st.one_of(st.text(), st.lists(st.sampled_from(TOKENS), max_size=25).map("".join), st.binary().map(repr)))
@example("where(1 < 2, x, 0)")
@settings(max_examples=300)
def test_any_text_is_a_formula_or_a_formula_error_and_quickly(text):
    formula, refusal = None, None
    began = time.thread_time()
    try:
        formula = parse_formula(text)
    except FormulaError as error:
        refusal = error
    assert time.thread_time() - began < 5  # some thousand times what it takes: garbage may be collected
    if refusal is not None:
        assert 0 <= refusal.position <= len(text)
        assert refusal.reason
        assert str(refusal).endswith("^")
    if formula is not None:
        with np.errstate(all="ignore"):  # it may overflow or be real elsewhere; it must not raise
            value = formula.evaluate([0.5] * len(formula.variables), NUMPY)
        assert (value.dtype, value.shape) == (np.float64, ())


def test_the_message_shows_the_text_with_a_caret_below_the_character():
    with pytest.raises(FormulaError) as caught:
        parse_formula("  x^2 +\tsinn(x)")
    _, shown, caret = str(caught.value).split("\n")
    assert shown[caret.index("^")] == "s"
    assert "at character 9" in str(caught.value)


# --- variables -------------------------------------------------------------------------------------------------------


def test_variables_are_found_in_natural_order():
    assert parse_formula("x10 + x2*x1 + a*pi + e").variables == ("a", "x1", "x2", "x10")


def test_given_variables_keep_their_order_and_may_be_flat():
    formula = parse_formula("y - x", ["y", "x", "z"])
    assert formula.variables == ("y", "x", "z")
    assert float(formula.evaluate([5.0, 2.0, 7.0], NUMPY)) == 3


def test_a_variable_that_was_not_announced_is_refused_where_it_stands():
    with pytest.raises(FormulaError, match="unknown variable 'z'; the variables are: x, y") as caught:
        parse_formula("x + y*z", ["x", "y"])
    assert caught.value.position == 6


@pytest.mark.parametrize(
    "name", ["sin", "pi", "e", "I", "where", "lambda", "2x", "", "x y", "_x", "ä", "nan", "a" * 65]
)
def test_names_that_cannot_be_variables_are_refused(name):
    with pytest.raises(ValueError, match="cannot be among the variables"):
        parse_formula("x", ["x", name])


def test_repeated_variables_are_refused():
    with pytest.raises(ValueError, match="named twice"):
        parse_formula("x", ["x", "x"])


def test_a_wrong_number_of_values_is_refused():
    with pytest.raises(ValueError, match=r"2 variables \('x', 'y'\), got 1"):
        parse_formula("x + y").evaluate([1.0], NUMPY)


# --- meaning ---------------------------------------------------------------------------------------------------------


def test_numbers_are_exact_in_sympy():
    x = sympy.Symbol("x", real=True)
    assert parse_formula("0.1*x + 1.25e-3 + 1/3").to_sympy() == x / 10 + sympy.Rational(1, 800) + sympy.Rational(1, 3)
    assert parse_formula("sqrt(2)*x^(1/3) + e*pi").to_sympy() == sympy.sqrt(2) * sympy.cbrt(x) + sympy.E * sympy.pi


def test_sympy_refuses_what_is_exactly_infinite():
    with pytest.raises(FormulaError, match="exactly"):
        parse_formula("x/sin(pi)").to_sympy()


def test_integer_powers_are_products_for_jax_and_half_powers_roots():
    jaxpr = str(jax.make_jaxpr(lambda x: parse_formula("x**4 + x**-3 + x**(6/2) + x^(1/2)").evaluate([x], JAX))(1.0))
    assert "pow " not in jaxpr.replace("integer_pow", "")
    assert all(f"integer_pow[y={n}]" in jaxpr for n in (4, -3, 3))
    assert "sqrt" in jaxpr


def test_constant_parts_are_one_literal_for_jax():
    jaxpr = jax.make_jaxpr(lambda x: parse_formula("x*((1 + sqrt(5))/2 + cos(3)^2)").evaluate([x], JAX))(jnp.ones(()))
    assert [str(equation.primitive) for equation in jaxpr.jaxpr.eqns] == ["mul"]


FORMULA_OF_EVERYTHING = (
    "sin(x)*cos(y) + tan(x/2) + asin(x/9) - acos(y/9) + atan(x*y) + sinh(x) - cosh(y) + tanh(x) + asinh(y)"
    "+ acosh(2 + x^2) + atanh(x/9) + exp(-x^2) + log(2 + y) + sqrt(3 + x)"
    "+ abs(x - 1/2)*sign(y - 5) + min(x, y, 1/3) + max(x, y)"
    "+ where(x*y <= 1/7, x, y^2)*where(x > y, 1, 2) + 2^x + e^y + (2 + x)^y + x^3/3 + x^-2 + (1 + x^2)^(-1/3) + pi"
)


@pytest.mark.parametrize("module", [np, jnp])
def test_float32_in_gives_float32_out(module):
    dialect = numpy_like_dialect(module)
    w = [module.float32(0.7), module.float32(0.3)]
    for text in (FORMULA_OF_EVERYTHING, "sqrt(2)*x + 0*y", "where(x < y, 1, 2)", "1/3"):
        evaluate = partial(parse_formula(text, ["x", "y"]).evaluate, dialect=dialect)
        value = jax.eval_shape(evaluate, w) if module is jnp else evaluate(w)
        assert value.dtype == np.float32, text
        assert value.shape == ()
    assert parse_formula("x^-1").evaluate([2], dialect).dtype == np.float64


@pytest.mark.parametrize("module", [np, jnp])
def test_arrays_are_taken_elementwise_even_by_constant_formulas(module):
    x, y = module.ones((3, 1)), module.ones((1, 2))
    for text in ("x + y", "x", "2"):
        assert parse_formula(text, ["x", "y"]).evaluate([x, y], numpy_like_dialect(module)).shape == (3, 2)


def test_every_function_agrees_in_numpy_jax_and_sympy():
    formula, w = parse_formula(FORMULA_OF_EVERYTHING), (0.7, 0.3)
    exact = formula.to_sympy().subs({s: sympy.Rational(str(v)) for s, v in zip(sympy.symbols("x y", real=True), w)})
    expected = float(exact.evalf(30))
    # 40 terms below 10 in size, a few ulp each
    assert float(formula.evaluate(w, NUMPY)) == pytest.approx(expected, abs=40 * 10 * 4 * 2.3e-16)
    assert float(jax.jit(partial(formula.evaluate, dialect=JAX))(w)) == pytest.approx(
        expected, abs=40 * 10 * 4 * 2.3e-16
    )


# Random formulas, real everywhere. Their values come with a bound on the rounding error, from a fourth dialect.


def _bigger(a: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    one = ["-({})", "sin({})", "cos({})", "tanh({})", "atan({})", "abs({})", "exp(tanh({}))", "sqrt(1 + ({})^2)"]
    one += ["log(2 + ({})^2)", "({})^2", "({})**3", "1/(1 + ({})**2)", "2^tanh({})", "(1 + ({})^2)**(1/3)", "e^sin({})"]
    two = ["({}) + ({})", "({}) - ({})", "({})*({})", "({})/(2 + cos({}))", "min({}, {})", "max({}, {})"]
    return st.one_of(
        st.builds(str.format, st.sampled_from(one), a),
        st.builds(str.format, st.sampled_from(two), a, a),
        st.builds("where({} {} {}, {}, {})".format, a, st.sampled_from(["<", "<=", ">", ">="]), a, a, a),
    )


FORMULAS = st.recursive(st.sampled_from(["x", "y", "2", "0.3", "1/3", "pi", "-7"]), _bigger, max_leaves=6)
POINTS = st.tuples(*[st.fractions(min_value=-2, max_value=2, max_denominator=64)] * 2)


class Undecided(Exception):
    """A comparison that rounding decides, or a bound that is no use."""


def _rounded(value: float, error: float) -> tuple[float, float]:
    if not error < 1e-6 * (1 + abs(value)):
        raise Undecided
    return value, error + 8 * 2.3e-16 * abs(value)  # no library function used here is off by more than 8 ulp


def _with_slope(function, slope):
    # twice the first-order error covers the second order, since errors are below 1e-6
    return lambda u: _rounded(function(u[0]), 2 * u[1] * abs(slope(u[0])))


def _compared(holds):
    def compare(a, b):
        if abs(a[0] - b[0]) <= a[1] + b[1] != 0:
            raise Undecided
        return holds(a[0], b[0])

    return compare


def _power(a, b):
    (u, du), (v, dv) = a, b
    if dv == 0 and float(v).is_integer():
        return _rounded(u**v, 2 * du * abs(v * u ** (v - 1)) if v else 0.0)
    return _rounded(u**v, 2 * (du * abs(v * u ** (v - 1)) + dv * abs(np.log(u) * u**v)))


BOUNDED = Dialect(
    exact=True,  # so that folding's own rounding is not taken for granted
    number=lambda value: (float(value), 2.3e-16 * abs(float(value))),
    variable=lambda value: (float(value), 0.0),
    functions={
        "+": lambda a, b: _rounded(a[0] + b[0], a[1] + b[1]),
        "-": lambda a, b: _rounded(a[0] - b[0], a[1] + b[1]),
        "*": lambda a, b: _rounded(a[0] * b[0], 2 * (a[1] * abs(b[0]) + b[1] * abs(a[0]))),
        "/": lambda a, b: _rounded(a[0] / b[0], 2 * (a[1] + b[1] * abs(a[0] / b[0])) / abs(b[0])),
        "neg": lambda a: (-a[0], a[1]),
        "**": lambda a, b: _power(a, (b[0], 0.0 if float(b[0]).is_integer() else b[1])),
        "sin": _with_slope(np.sin, lambda u: 1), "cos": _with_slope(np.cos, lambda u: 1),
        "tanh": _with_slope(np.tanh, lambda u: 1), "atan": _with_slope(np.arctan, lambda u: 1),
        "exp": _with_slope(np.exp, np.exp), "log": _with_slope(np.log, lambda u: 1 / u),
        "sqrt": _with_slope(np.sqrt, lambda u: 1 / np.sqrt(u)), "abs": _with_slope(abs, lambda u: 1),
        "min": lambda a, b: (min(a[0], b[0]), max(a[1], b[1])), "max": lambda a, b: (max(a[0], b[0]), max(a[1], b[1])),
        "<": _compared(lambda a, b: a < b), "<=": _compared(lambda a, b: a <= b),
        ">": _compared(lambda a, b: a > b), ">=": _compared(lambda a, b: a >= b),
        "where": lambda condition, a, b: a if condition else b,
    },
    constants={"pi": (np.pi, 4.5e-16), "e": (np.e, 4.5e-16)},
    finish=lambda result, values: result,
)  # fmt: skip


@given(FORMULAS, POINTS)
@settings(max_examples=100)
def test_numpy_jax_and_sympy_agree_on_random_formulas_within_the_rounding_bound(text, point):
    try:
        formula = parse_formula(text, ["x", "y"])
        value, bound = formula.evaluate([float(p) for p in point], BOUNDED)
    except (FormulaError, Undecided):
        assume(False)
        return
    w = [float(p) for p in point]  # denominators up to 64 that are no powers of two are rounded, so take what they are
    exact = formula.evaluate([sympy.Rational(*v.as_integer_ratio()) for v in w], sympy_dialect())
    assert abs(float(sympy.N(exact, 30)) - value) <= bound + 2.3e-16 * abs(value)
    assert abs(float(formula.evaluate(w, NUMPY)) - value) <= 2 * bound
    assert abs(float(formula.evaluate(w, JAX)) - value) <= 2 * bound


def test_fractions_stay_exact_until_they_meet_a_variable():
    # in floats 0.1 + 0.2 - 0.3 is 5.6e-17; as fractions it is the zero that makes the quotient refusable
    with pytest.raises(FormulaError, match="division by zero"):
        parse_formula("x/(0.1 + 0.2 - 0.3)")
    assert number("10**20 + 1 - 10**20") == 1
    assert number("1/3 + 1/3 + 1/3") == float(Fraction(1))
