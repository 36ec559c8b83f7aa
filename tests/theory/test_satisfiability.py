"""Contradictory hypotheses are named, no more of them than needed; hypotheses that can hold have a model that does."""

from fractions import Fraction

from samscape.theory import BUDGETS, Claim, Hypothesis, Source, Symbol
from samscape.theory.checks import satisfiability
from samscape.theory.relation import read_relations

QUICK = BUDGETS["quick"]


def claim(symbols: str, hypotheses: dict[str, str], measured: tuple[str, ...] = ()) -> Claim:
    return Claim(
        id="test.claim",
        title="a claim",
        source=Source("test", "none"),
        statement="",
        symbols=tuple(
            Symbol(n, f"the number {n}", "" if n in measured else f"{n} > 0", measured=n in measured)
            for n in symbols.split()
        ),
        hypotheses=tuple(Hypothesis(name, f"in words, {name}", text) for name, text in hypotheses.items()),
        conclusion=f"{symbols.split()[0]} > 0",
    )


def only(found):
    (evidence,) = found
    return evidence


def test_strong_convexity_and_a_bounded_gradient_contradict_each_other_on_the_whole_space():
    stated = {
        "smoothness": "mu <= L",
        "strong convexity": "D == (G + 1)/mu; g >= mu*D",  # there is a point at every distance
        "bounded gradients": "g <= G",
        "step size": "eta*L <= 1",
    }
    found = only(satisfiability.check(claim("mu L G D eta g", stated, ("g",)), QUICK))
    assert found.says == "unsatisfiable"
    assert found.numbers["core"] == ["strong convexity", "bounded gradients"]
    assert "in words, bounded gradients" in found.words
    assert "step size" not in found.words


def test_without_one_of_them_a_model_is_given_in_fractions():
    stated = {"strong convexity": "D == (G + 1)/mu; g >= mu*D", "step size": "eta*mu <= 1"}
    found = only(satisfiability.check(claim("mu G D eta g", stated, ("g",)), QUICK))
    assert found.says == "satisfiable"
    x = {n: Fraction(v) for n, v in found.numbers["model"].items()}
    assert x["D"] * x["mu"] == x["G"] + 1
    assert x["g"] >= x["mu"] * x["D"]
    assert found.numbers["measured quantities taken as free"] == ["g"]
    assert found.numbers["boundary"] == {"g >= mu*D": "satisfiable", "eta*mu <= 1": "satisfiable"}


def test_a_core_is_minimal_whatever_the_order():
    hypotheses = [
        Hypothesis(name, "", text)
        for name, text in {"a": "x <= 1", "b": "y >= x", "c": "x >= 2", "d": "z == x*y", "e": "y >= 3"}.items()
    ]
    for order in (hypotheses, hypotheses[::-1]):
        core = satisfiability.minimal_core(order, QUICK.solver_steps)
        assert sorted(h.name for h in core) == ["a", "c"]


def test_an_equality_that_the_other_hypotheses_exclude_is_reported():
    relations = read_relations("x >= 0; x <= 1; x > 1/2")
    assert satisfiability.boundary(relations, QUICK.solver_steps) == {
        "x >= 0": "unsatisfiable",
        "x <= 1": "satisfiable",
    }


def test_polynomial_hypotheses_contradict_each_other_beside_transcendental_ones():
    found = only(satisfiability.check(claim("x y", {"a": "acosh(x) < y", "b": "x < 1", "c": "x > 2"}), QUICK))
    assert found.says == "unsatisfiable"
    assert found.numbers["core"] == ["b", "c"]


def test_a_transcendental_contradiction_is_found_where_the_known_inequalities_show_it():
    found = only(satisfiability.check(claim("x y", {"a": "tanh(x) > x"}), QUICK))
    assert found.says == "unsatisfiable"


def test_a_model_of_transcendental_hypotheses_is_checked_by_balls_or_called_undecided():
    found = only(satisfiability.check(claim("x y", {"a": "exp(x) >= 1 + x"}), QUICK))
    assert found.says == "satisfiable"
    found = only(satisfiability.check(claim("x y", {"a": "exp(x) == 3"}), QUICK))
    assert found.says == "unknown"
    assert "exp(x) == 3" in found.words


def test_irrational_solutions_are_still_solutions():
    found = only(satisfiability.check(claim("x y", {"a": "x**2 == 2", "b": "y == 2"}), QUICK))
    assert found.says == "satisfiable"
    assert found.numbers["irrational"] == ["x"]


def test_a_predicate_alone_is_named_as_not_seen():
    stated = claim("x", {"a": "x <= 1"})
    whole = Hypothesis("whole", "x is a whole number", predicate=lambda v: float(v["x"]).is_integer())
    found = only(satisfiability.check(Claim(**{**_fields(stated), "hypotheses": (*stated.hypotheses, whole)}), QUICK))
    assert found.numbers["predicates not seen"] == ["whole"]


def _fields(stated: Claim) -> dict:
    names = "id title source statement symbols hypotheses conclusion".split()
    return {name: getattr(stated, name) for name in names}
