"""Identities, derivatives, series, limits and differential equations: true ones are shown, false ones get a point."""

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy

from samscape.landscapes.dialect import numpy_like_dialect
from samscape.theory import BUDGETS, Claim, Hypothesis, Source, Symbol
from samscape.theory.checks.symbolic import (
    covariance_of_linear_sde,
    derivative,
    identity,
    increasing,
    inequality,
    limit,
    positive,
    series,
    solves_ode,
)
from samscape.theory.relation import Relation
from samscape.theory.sympy_forms import NoFormula, sympy_symbols, to_sympy, to_text, vanishes

DOMAINS = {
    "lam": "lam != 0", "eta": "eta > 0", "rho": "rho >= 0", "B": "B >= 1", "t": "t > 0", "u": "", "v": "",
    "a": "a > 0", "b": "b > 0",
}  # fmt: skip


def claim(*hypotheses: Hypothesis, measured: tuple[str, ...] = ()) -> Claim:
    return Claim(
        id="test.claim", title="a claim", source=Source("test", "none"), statement="", conclusion="t > 0",
        symbols=(*(Symbol(n, n, d) for n, d in DOMAINS.items()), *(Symbol(n, n, measured=True) for n in measured)),
        hypotheses=hypotheses,
    )  # fmt: skip


def says(check, of: Claim | None = None):
    (evidence,) = check(of or claim(), BUDGETS["quick"])
    assert evidence.check == "symbolic"
    return evidence


TRUE = {
    "tanh by exponentials": identity("tanh(u)", "(exp(2*u) - 1)/(exp(2*u) + 1)", "x"),
    "sum of squares": identity("sin(u)**2 + cos(u)**2", "1", "x"),
    "absolute values": identity("abs(u)*abs(v)", "abs(u*v)", "x"),
    "sign by absolute value": identity("abs(lam)/lam", "sign(lam)", "x"),
    "maximum": identity("max(u, v)", "(u + v + abs(u - v))/2", "x"),
    "root of a positive": identity("sqrt(a**2*b)", "a*sqrt(b)", "x"),
    "roots in a denominator": identity(
        "1/(sqrt(a) + sqrt(b))", "(sqrt(a) - sqrt(b))/(a - b)", "x", given="a > 0; b > 0; a != b"
    ),
    "pieces": identity("where(u < 0, -u, u)", "abs(u)", "x"),
    "numbers": identity("2 + 2", "4", "x"),
    "a SymPy expression": identity(sympy.Symbol("u") ** 2 - 1, "(u - 1)*(u + 1)", "x"),
    "chain rule": derivative("tanh(tanh(u))", "u", "(1 - tanh(u)**2)*(1 - tanh(tanh(u))**2)", "x"),
    "second derivative": derivative("u**3*v", "u", "6*u*v", "x", order=2),
    "exponential series": series("exp(-a*t)", "t", "1 - a*t + a**2*t**2/2", 3, "x"),
    "series with a hole at 0": series("sin(t)/t", "t", "1 - t**2/6", 4, "x"),
    "limit at 0": limit("(1 - exp(-a*t))/a", "a", "0", "t", "x"),
    "limit at infinity": limit("(1 + 1/t)**t", "t", "oo", "e", "x"),
    "increasing": increasing("t/(1 + t)", "t", "x"),
    "several inequalities": inequality("exp(-a) >= 1 - a; sqrt(a*b) <= (a + b)/2", "x"),
    "positive": positive("1 - exp(-a*t)", "x"),
    "oscillator": solves_ode("cos(a*t)", "t", "y2 == -a**2*y", "x", initial=("1", "0")),
}  # fmt: skip
FALSE = {
    "root of a square": identity("sqrt(u**2)", "u", "x"),
    "wrong constant": identity("tanh(u)", "(exp(u) - 1)/(exp(u) + 1)", "x"),
    "wrong number": identity("2 + 2", "5", "x"),
    "wrong derivative": derivative("u**3", "u", "3*u", "x"),
    "wrong coefficient": series("exp(-a*t)", "t", "1 - a*t + a**2*t**2", 3, "x"),
    "wrong limit": limit("(1 - exp(-a*t))/a", "a", "0", "2*t", "x"),
    "not increasing": increasing("t*exp(-t)", "t", "x"),
    "too small": inequality("exp(a) <= 1 + a + a**2", "x"),
    "initial value": solves_ode("cos(a*t)", "t", "y2 == -a**2*y", "x", initial=("0",)),
}


@pytest.mark.parametrize("name", TRUE)
def test_what_is_true_is_shown(name: str):
    assert says(TRUE[name]).says == "proved"


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_is_refuted_at_a_point_that_numpy_confirms(name: str):
    found = says(FALSE[name])
    assert found.says == "refuted"
    sign = next(s for s in ("==", "<=", ">") if s in found.counterexample.relation)
    left, right = found.counterexample.relation.split(f" {sign} ")
    values = {n: np.float64(Fraction(x)) for n, x in found.counterexample.values.items()}
    slack = Relation(left, sign, right).slack(values, numpy_like_dialect(np))
    assert slack < 0 or (sign == ">" and slack == 0)
    for name_, domain in DOMAINS.items():
        if domain:
            assert Relation(*domain.split(" ")).slack(values, numpy_like_dialect(np)) >= 0, name_


VARIANCE = "eta*abs(lam)/(2*B*lam*(1 + rho*lam)**{0})*(1 - exp(-2*lam*(1 + rho*lam)**{0}*t))"


def test_the_variance_of_a_linear_sde_is_checked_by_its_equation():
    drift, noise = [["-lam*(1 + rho*lam)"]], [["eta*abs(lam)/B"]]
    right = covariance_of_linear_sde(drift, noise, [[VARIANCE.format(1)]], "t", "x")
    wrong = covariance_of_linear_sde(drift, noise, [[VARIANCE.format(2)]], "t", "x")
    assert says(right).says == "proved"
    assert says(wrong).says == "refuted"
    rate = "y1 == eta*abs(lam)/B - 2*lam*(1 + rho*lam)*y"
    assert says(solves_ode(VARIANCE.format(1), "t", rate, "x", initial=("0",))).says == "proved"


def test_a_rotation_with_noise_has_a_covariance_with_off_diagonal_entries():
    # integrated noise: dx = v dt, dv = sqrt(2) dW
    covariance = [["2*t**3/3", "t**2"], ["t**2", "2*t"]]
    drift, noise = [["0", "1"], ["0", "0"]], [["0", "0"], ["0", "2"]]
    assert says(covariance_of_linear_sde(drift, noise, covariance, "t", "x")).says == "proved"
    damaged = [["t**3/3", "t**2"], ["t**2", "2*t"]]
    assert says(covariance_of_linear_sde(drift, noise, damaged, "t", "x")).says == "refuted"


def test_an_infinite_limit_disagrees_and_what_has_no_closed_form_is_unknown():
    assert says(limit("exp(t)", "t", "oo", "1", "x")).says == "disagrees"
    assert says(inequality("exp(a) <= 1 + a + a**2", "x", given="0 <= a <= 1")).says == "unknown"


def test_a_point_that_some_hypothesis_might_exclude_refutes_nothing():
    false = identity("u**2", "u", "x")
    assert says(false).says == "refuted"
    whole = Hypothesis("bound", "on a measured quantity", "loss <= u")
    assert says(false, claim(whole, measured=("loss",))).says == "unknown"
    assert says(identity("u**2", "u", "x", given=""), claim(whole, measured=("loss",))).says == "refuted"


def test_hypotheses_are_used():
    small = Hypothesis("small", "a is 1", "a == 1")
    assert says(identity("a**2", "a", "x"), claim(small)).says == "proved"
    assert says(identity("a**2", "a", "x")).says == "refuted"


@pytest.mark.parametrize(
    "text",
    [
        "abs(u) + max(u, v, 1)*min(u, 2)",
        "where(u < 1, u**2, where(u <= 2, 3, exp(u)))",
        "e*pi*sqrt(a)/3",
        "sign(u)*log(a)",
    ],
)
def test_text_survives_the_way_through_sympy(text: str):
    symbols = sympy_symbols(["u", "v", "a"], ())
    back = to_text(to_sympy(text, symbols))
    values = {"u": np.array([-1.5, 0.5, 1.5, 2.5]), "v": np.float64(0.7), "a": np.float64(1.3)}
    first, second = (Relation(t, "==", "0").sides(values, numpy_like_dialect(np))[0] for t in (text, back))
    np.testing.assert_allclose(first, second, rtol=1e-15 * 8)  # a few roundings in another order


def test_what_the_grammar_lacks_has_no_text():
    x = sympy.Symbol("x")
    for expression in (sympy.erf(x), sympy.I * x, sympy.oo, sympy.Integral(sympy.exp(x**2), x)):
        with pytest.raises(NoFormula):
            to_text(expression)


def test_vanishing_is_never_claimed_of_what_does_not_vanish():
    u, a = sympy.Symbol("u", real=True), sympy.Symbol("a", positive=True)
    assert vanishes(sympy.sqrt(a**2) - a)
    assert not vanishes(sympy.sqrt(u**2) - u)
    assert not vanishes(sympy.Abs(u) - u)
    assert not vanishes(sympy.exp(u) - 1 - u - u**2 / 2)
    assert not math.isclose(float((sympy.exp(u) - 1 - u - u**2 / 2).subs(u, 1)), 0)
