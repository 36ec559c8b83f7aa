"""What follows is proved, what does not is refuted at a point that NumPy confirms, and nothing else is refuted."""

import dataclasses
from fractions import Fraction

import numpy as np
import pytest

from samscape.landscapes.dialect import numpy_like_dialect
from samscape.theory import BUDGETS, Claim, Family, Hypothesis, Number, Source, Symbol
from samscape.theory.checks.implication import check, imply
from samscape.theory.relation import read_relations
from samscape.theory.scaling import unit_constants

QUICK = BUDGETS["quick"]
SYMBOLS = (
    Symbol("mu", "strong convexity", "mu > 0", "loss/w**2"),
    Symbol("L", "smoothness", "L > 0", "loss/w**2"),
    Symbol("eta", "step size", "eta > 0", "w**2/loss"),
    Symbol("rho", "ascent step", "rho > 0", "w**2/loss"),
)


def asked(given: str, relation: str, symbols=()):
    return imply(read_relations(given) if given else (), read_relations(relation)[0], QUICK, symbols)


@pytest.mark.parametrize(
    ("given", "relation"),
    [
        ("0 < mu <= L; eta > 0; eta*L < 2", "(1 - eta*mu)**2 < 1"),
        ("x >= 0", "sqrt(1 + x) <= 1 + x/2"),
        ("eta > 0; mu > 0", "1 - eta*mu <= exp(-eta*mu)"),
        ("G > 0; rho > 0; L > 0; T >= 1", "(G + rho*L)**2 <= 2*G**2 + 2*rho**2*L**2"),
        ("0 < r < 1; T >= 1", "r**T >= 1 + T*(r - 1)"),
        ("acosh(x) < 1; x > 2", "x > 1"),  # of acosh nothing is known, and nothing is needed
    ],
)
def test_what_follows_is_proved(given: str, relation: str):
    assert asked(given, relation).answer == "proved"


@pytest.mark.parametrize(
    ("given", "relation"),
    [
        ("0 < mu <= L; eta > 0; eta*L <= 2", "(1 - eta*mu)**2 < 1"),
        ("x >= 0", "sqrt(1 + x) <= 1 + x/3"),
        ("x >= 0", "exp(x) <= 1 + x + x**2"),
        ("x > 1", "acosh(x) < 1"),  # the solver knows nothing of acosh; simple fractions are tried
        ("a > 0; b > 0; a >= sqrt(2)", "a**2 + b < 2*a*b"),
    ],
)
def test_what_does_not_follow_is_refuted_at_a_point(given: str, relation: str):
    answer, model = asked(given, relation)
    assert answer == "refuted"
    values = {n: np.float64(x) for n, x in model.items()}
    dialect = numpy_like_dialect(np)
    assert all(r.slack(values, dialect) >= 0 for r in read_relations(given))
    assert read_relations(relation)[0].slack(values, dialect) <= 0
    assert all(x.denominator <= 1000 for x in model.values())  # simple fractions, not the solver's


def test_a_point_that_cannot_be_settled_refutes_nothing():
    assert asked("x**2 == 2; x > 0", "x <= 14/10").answer == "unknown"  # true only at an irrational number
    assert asked("exp(x) == 3", "x > 2").answer == "unknown"


def test_a_relation_without_a_value_is_not_false():
    assert asked("x*y == 1", "1/x == y").answer == "proved"
    assert asked("", "x/x == 1").answer == "proved"


def test_units_are_set_only_where_everything_is_homogeneous():
    given = read_relations("mu > 0; L > 0; mu <= L; eta > 0; eta*L < 2")
    good, bad = read_relations("(1 - eta*mu)**2 < 1; eta < 1")
    assert unit_constants(given, SYMBOLS, (good,)) == {"L": Fraction(1)}  # eta and mu are no longer independent of it
    assert unit_constants(given, SYMBOLS, (bad,)) == {}
    assert unit_constants(given, SYMBOLS[:2], (good,)) == {}
    assert (
        unit_constants(read_relations("mu <= L; eta*L < 2"), SYMBOLS, (good,)) == {}
    )  # nothing says they are positive


def test_units_change_no_answer():
    given = "mu > 0; L > 0; mu <= L; eta > 0; rho > 0; eta*L*(1 + rho*L) <= 2"
    for relation in ("(1 - eta*mu*(1 + rho*mu))**2 <= 1", "(1 - eta*mu*(1 + rho*mu))**2 < 1", "eta*mu < 1"):
        assert asked(given, relation).answer == asked(given, relation, SYMBOLS).answer


def make(conclusion: str, *hypotheses: Hypothesis, measured: tuple[str, ...] = ()) -> Claim:
    return Claim(
        id="test.claim", title="a claim", source=Source("test", "none"), statement="",
        symbols=(*SYMBOLS, *(Symbol(n, n, measured=True) for n in measured)),
        hypotheses=hypotheses, conclusion=conclusion,
    )  # fmt: skip


STEP = Hypothesis("step size", "below 2/L", "mu <= L; eta*L < 2")


def test_a_claim_is_proved_refuted_or_left_alone():
    (proved,) = check(make("(1 - eta*mu)**2 < 1; eta*mu > 0", STEP), QUICK)
    assert (proved.subject, proved.says) == ("conclusion", "proved")
    (refuted,) = check(make("(1 - eta*mu)**2 < 1/2", STEP), QUICK)
    assert refuted.says == "refuted"
    assert refuted.counterexample.arithmetic == "rational"
    x = {n: Fraction(v) for n, v in refuted.counterexample.values.items()}
    assert (1 - x["eta"] * x["mu"]) ** 2 >= Fraction(1, 2)
    assert x["mu"] <= x["L"]
    assert x["eta"] * x["L"] < 2
    assert check(make("after <= 1", STEP, measured=("after",)), QUICK) == []


def test_a_part_that_is_proved_does_not_prove_the_whole():
    (found,) = check(make("eta*mu > 0; after <= 1", STEP, measured=("after",)), QUICK)
    assert found.says == "unknown"
    assert found.numbers["proved"] == ["eta*mu > 0"]


def test_what_a_family_computes_is_not_chosen_by_the_solver():
    numbers = tuple(Number(n, 0.1, 10) for n in ("mu", "L", "rho"))
    family = Family("fractions of 1/L", numbers, lambda x, m: {"eta": 1 / x.L})
    false = dataclasses.replace(make("eta*mu < 1"), families=(family,))
    assert check(make("eta*mu < 1"), QUICK)[0].says == "refuted"
    assert check(false, QUICK)[0].says == "unknown"
    true = dataclasses.replace(make("(1 - eta*mu)**2 < 1", STEP), families=(family,))
    assert check(true, QUICK)[0].says == "proved"


def test_a_proof_from_contradictory_hypotheses_says_so():
    (found,) = check(make("eta*mu < 1", Hypothesis("impossible", "", "eta*L > 3; L == mu; eta*mu < 1/2")), QUICK)
    assert found.says == "proved"
    assert "contradict each other" in found.words


def test_an_instance_that_might_not_exist_refutes_nothing():
    whole = Hypothesis("whole", "eta is a whole number", predicate=lambda v: float(v["eta"]).is_integer())
    (found,) = check(make("eta >= 1", whole), QUICK)
    assert found.says == "unknown"
    bound = Hypothesis("bound", "the measured curvature", "curvature >= L")
    (found,) = check(make("eta*mu < 1", bound, measured=("curvature",)), QUICK)
    assert found.says == "unknown"
    needs = Hypothesis("needs a run", "the loss falls", predicate=lambda v: v["after"] < 1)
    (found,) = check(make("eta*mu < 1", needs, measured=("after",)), QUICK)
    assert found.says == "unknown"
