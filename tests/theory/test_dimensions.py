"""Formulas that add or compare different dimensions are found, and only those."""

import pytest

from samscape.theory import BUDGETS, Claim, Hypothesis, ProofStep, Source, Symbol
from samscape.theory.checks.dimensions import Inhomogeneous, check, compare, dimension, dimension_of
from samscape.theory.relation import read_relations

OF = {
    name: dimension(text)
    for name, text in {
        "eta": "w**2/loss", "L": "loss/w**2", "mu": "loss/w**2", "rho": "w", "G": "loss/w", "f": "loss",
        "sigma": "loss/w", "T": "1", "t": "time", "k": "1",
    }.items()
}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "eta*L <= 2",
        "f <= G**2/(2*mu) + L*rho**2/2",
        "sqrt(f/L) >= rho",
        "exp(-eta*mu*T) <= 1",
        "(1 - eta*mu)**T*f <= f",
        "f >= 0",
        "max(0, G) <= sqrt(2*L*f)",
        "where(eta*L < 1, G, L*rho) == G",
        "abs(G) + sigma**2/(L*rho) <= sign(f)*G",
        "L**(1/2)*rho <= f**0.5",
        "2**T*f > 0*G",
        "G**(2 - 1) <= sigma",
    ],
)
def test_homogeneous_formulas_pass(text: str):
    assert compare(read_relations(text)[0], OF) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("eta <= 2", "w**2/loss"),
        ("eta*L**2 <= 2", "loss/w**2"),
        ("f <= G**2 + L*rho**2", "loss**2"),
        ("exp(-mu*T) <= 1", "exp"),
        ("eta**T <= 1", "exponent"),
        ("2**eta <= 1", "exponent"),
        ("max(1, G) <= G", "meets"),
        ("where(eta < 1, 1, 2) == 1", "meets"),
        ("sqrt(G) <= G", "w**(1/2)"),
        ("1 - eta*mu**2 >= 0", "meets"),
    ],
)
def test_inhomogeneous_formulas_are_found_and_the_dimensions_named(text: str, said: str):
    assert said in (compare(read_relations(text)[0], OF) or "")


def test_dimensions_are_read_and_written():
    assert str(dimension("w**2/loss")) == "w**2/loss"
    assert str(dimension("1")) == "1"
    assert str(dimension("sqrt(loss)*time/w")) == "loss**(1/2)*time/w"
    assert str(dimension_of("G**2/L", OF)) == "loss"
    with pytest.raises(ValueError, match="metre"):
        dimension("metre")
    with pytest.raises(Inhomogeneous):
        dimension_of("f + G", OF)


def test_a_claim_is_judged_part_by_part_and_symbols_without_dimension_are_skipped():
    claim = Claim(
        id="test.claim", title="a claim", source=Source("test", "none"), statement="",
        symbols=(
            Symbol("eta", "step", "eta > 0", "w**2/loss"), Symbol("L", "smoothness", "L > 0", "loss/w**2"),
            Symbol("c", "a constant"),
        ),
        hypotheses=(Hypothesis("step size", "", "eta*L < 2; c*eta <= 1"),),
        conclusion="eta < 2*L",
        steps=(ProofStep("one", "eta*L <= x", given="x == 2", symbols=(Symbol("x", "", dimension="1"),)),),
    )  # fmt: skip
    found = {e.subject: e for e in check(claim, BUDGETS["quick"])}
    assert {s: e.says for s, e in found.items()} == {
        "hypotheses": "homogeneous", "conclusion": "inhomogeneous", "step one": "homogeneous",
    }  # fmt: skip
    assert found["hypotheses"].numbers == {"relations": 3, "skipped": ["c*eta <= 1"]}
    assert "loss/w**2" in found["conclusion"].words


def test_a_dimension_that_cannot_be_read_names_its_symbol():
    claim = Claim(
        id="test.claim", title="", source=Source("test", ""), statement="", hypotheses=(), conclusion="x > 0",
        symbols=(Symbol("x", "", dimension="kg"),),
    )  # fmt: skip
    with pytest.raises(ValueError, match="symbol 'x'"):
        check(claim, BUDGETS["quick"])
