"""Two claims about one quantity are told to agree, or differ at a point that can be checked by hand."""

import math
from fractions import Fraction

import pytest

from samscape.theory import BUDGETS, Claim, Source, Symbol, registry
from samscape.theory.checks.consistency import consistency, same_measurement

CLAIM = Claim(
    id="test.one", title="", source=Source("test", ""), statement="", hypotheses=(), conclusion="lam > 0",
    symbols=(Symbol("lam", "", "lam != 0"), Symbol("rho", "", "rho >= 0")),
)  # fmt: skip


def says(check):
    (evidence,) = check(CLAIM, BUDGETS["quick"])
    assert (evidence.check, evidence.subject) == ("consistency", "consistency with test.two")
    return evidence


def test_formulas_that_are_equal_agree():
    assert says(consistency("test.two", "lam*(1 + rho*lam)", "lam + rho*lam**2", "the rate")).says == "agrees"


def test_formulas_that_differ_come_with_a_point():
    found = says(consistency("test.two", "lam*(1 + rho*lam)", "lam*(1 + rho*lam)**2", "the rate"))
    assert found.says == "disagrees"
    x = {n: Fraction(v) for n, v in found.numbers["point"].items()}
    factor = 1 + x["rho"] * x["lam"]
    assert x["lam"] * factor != x["lam"] * factor**2


def test_conditions_are_compared_both_ways():
    same = consistency("test.two", "lam + rho*lam**2 > 0", "lam*(1 + rho*lam) > 0", "stability")
    assert says(same).says == "agrees"
    # attraction by the flow against a variance that stays bounded: at a saddle with 1 + rho*lam < 0 they contradict
    flow, variance = "lam + rho*lam**2 > 0", "lam*(1 + rho*lam)**2 > 0"
    for pair in ((flow, variance), (variance, flow)):
        found = says(consistency("test.two", *pair, "stability"))
        assert found.says == "disagrees"
        lam, rho = (Fraction(found.numbers["point"][n]) for n in ("lam", "rho"))
        assert (lam + rho * lam**2 > 0) != (lam * (1 + rho * lam) ** 2 > 0)


def test_what_cannot_be_decided_is_unknown():
    assert says(consistency("test.two", "exp(lam)*rho > rho", "exp(lam)*rho > rho + 0", "x")).says != "disagrees"
    found = consistency("test.two", "exp(rho)", "exp(rho) + (acosh(1 + rho) - acosh(1 + rho))", "x")
    assert says(found).says == "agrees"


def test_a_formula_is_not_compared_with_a_relation():
    with pytest.raises(ValueError, match="two formulas or two relations"):
        consistency("test.two", "lam", "lam > 0", "x")


POINTS = ({"lam": "-1/2", "rho": "1"}, {"lam": "2", "rho": "1/3"})


def test_measurements_are_compared_exactly_and_in_balls():
    good = same_measurement("test.two", lambda x, m: x.lam**2, lambda x, m: x.lam * x.lam, POINTS, "x")
    assert says(good).says == "agrees"
    roots = same_measurement("test.two", lambda x, m: m.sqrt(x.rho) ** 2, lambda x, m: x.rho, POINTS, "x")
    assert says(roots).says == "agrees"
    bad = says(same_measurement("test.two", lambda x, m: m.exp(x.rho), lambda x, m: 1 + x.rho, POINTS, "x"))
    assert bad.says == "disagrees"
    assert float(bad.numbers["ours"].strip("[]").split(" ")[0]) == pytest.approx(math.e)
    nothing = same_measurement("test.two", lambda x, m: m.sqrt(x.lam), lambda x, m: m.sqrt(x.lam), POINTS, "x")
    assert says(nothing).says == "unknown"  # the root of a negative number has no value
    assert says(same_measurement("test.two", lambda x, m: x.lam, lambda x, m: x.lam, (), "x")).says == "unknown"


def test_a_misspelt_claim_of_a_known_paper_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(registry, "MODULES", {"test.module": ("test.two",)})
    assert says(consistency("test.two", "lam", "lam", "x")).says == "agrees"
    with pytest.raises(ValueError, match=r"test\.too"):
        consistency("test.too", "lam", "lam", "x")(CLAIM, BUDGETS["quick"])
