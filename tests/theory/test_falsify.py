"""The falsification engine breaks what is false, at instances to be checked by hand, and nothing that is true."""

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import jax
import numpy as np
import pytest

from samscape.theory import BUDGETS, Budget, Claim, Family, Hypothesis, Number, ProofStep, Source, Symbol
from samscape.theory.arithmetic import float_arithmetic
from samscape.theory.checks import ascent, falsify, instances, steps
from samscape.theory.checks.search import search
from samscape.theory.relation import read_relations
from samscape.theory.stepping import gd, replay, sam

QUICK = BUDGETS["quick"]
SMALL = Budget("small", samples=600, ascents=8, ascent_steps=40, solver_steps=200_000, paths=1, boxes=1)
FREE = (Number("eta", 1e-3, 1e3), Number("L", 1e-3, 1e3), Number("h", 1e-3, 1e3), Number("w", 1e-2, 1e2))


def measure(x, m):
    (after,) = gd((x.w,), lambda w: (x.h * w[0],), x.eta)
    return {"curvature": x.h, "before": x.h * x.w**2 / 2, "after": x.h * after**2 / 2}


QUADRATICS = Family("quadratics", FREE, measure)
SMOOTH = Hypothesis("smooth", "f is L-smooth", "curvature <= L")


def claim(step_size="eta*L <= 2", conclusion="after <= before", families=(QUADRATICS,), more=(), **changes):
    hypotheses = (SMOOTH, *((Hypothesis("step size", "eta is small", step_size),) if step_size else ()), *more)
    return Claim(
        "textbook.test", "GD decreases the loss", Source("textbook", "descent lemma"), "$x$",
        symbols=(
            Symbol("eta", "step size", "eta > 0"), Symbol("L", "smoothness", "L > 0"),
            *(Symbol(name, name, measured=True) for name in ("before", "after", "curvature")),
        ),
        hypotheses=hypotheses, conclusion=conclusion, families=families, **changes,
    )  # fmt: skip


def only(evidence):
    (found,) = evidence
    return found


def refuted(evidence):
    found = only(evidence)
    assert found.says == "refuted", found.words
    assert found.counterexample is not None
    return found.counterexample, {name: Fraction(text) for name, text in found.counterexample.values.items()}


def loss(x, steps=1):
    w = x["w"] * (1 - x["eta"] * x["h"]) ** steps
    return x["h"] * w * w / 2


@pytest.mark.parametrize("budget", ["quick", "default"])
def test_a_true_statement_survives_and_its_tight_instance_is_found(budget):
    found = only(falsify.check(claim(), BUDGETS[budget]))
    assert found.says == "survives"
    assert found.numbers["met"] > 500
    assert found.numbers["on boundary"] > 100
    # the supremum 1 is attained at h = L, eta L = 2; hypotheses are met up to 1e-12 in float64
    assert found.numbers["tightness"] == pytest.approx(1, abs=1e-9)
    at = found.numbers["tightest"]
    assert at["eta"] * at["h"] == pytest.approx(2, rel=1e-6) or at["eta"] * at["h"] < 1e-6


@pytest.mark.parametrize(
    "step_size", ["eta*L <= 3", "eta*L < 2.001", "eta*L**2 <= 2", "eta*L <= 2*L", "eta**2*L <= 2", ""]
)
def test_wrong_constants_powers_and_dropped_hypotheses_are_refuted_at_simple_numbers(step_size):
    example, x = refuted(falsify.check(claim(step_size), SMALL))
    assert loss(x) > loss(x, steps=0)  # in exact fractions, by another formula
    assert x["h"] <= x["L"]
    assert example.arithmetic == "rational"
    assert (Fraction(example.left), Fraction(example.right)) == (loss(x), loss(x, steps=0))
    assert example.float_sides == pytest.approx((float(loss(x)), float(loss(x, steps=0))), rel=1e-12)  # some roundings
    if step_size != "eta*L < 2.001":
        assert all(v.denominator <= 10 and v.numerator <= 100 for v in x.values())


def test_the_example_of_the_tutorial_is_one_that_a_reader_can_check_by_hand():
    _, x = refuted(falsify.check(claim("eta*L < 3"), QUICK))
    assert x == {"eta": Fraction(5, 2), "L": 1, "h": 1, "w": 1}


def test_a_violation_on_the_boundary_alone_is_found():
    assert only(falsify.check(claim("eta*L < 2", "after < before"), SMALL)).says == "survives"
    example, x = refuted(falsify.check(claim("eta*L <= 2", "after < before"), SMALL))
    assert x["eta"] * x["L"] == 2
    assert x["h"] == x["L"]
    assert example.left == example.right


def test_hypotheses_that_are_equalities_are_met_exactly():
    _, x = refuted(falsify.check(claim("7*eta*L == 15"), SMALL))
    assert 7 * x["eta"] * x["L"] == 15


def test_a_false_equality_is_refuted_and_a_true_one_survives():
    square = "after == before*(1 - eta*curvature)**2"
    found = only(falsify.check(claim(None, square), SMALL))
    assert found.says == "survives"
    assert found.numbers.get("median relative difference", 0.0) < 1e-12  # round-off
    _, x = refuted(falsify.check(claim(None, square.replace("1 -", "1 +")), SMALL))
    assert loss(x) != loss(x, steps=0) * (1 + x["eta"] * x["h"]) ** 2


def test_hypotheses_that_no_instance_meets_are_named():
    found = only(falsify.check(claim("eta*L <= 1; eta*L >= 2"), SMALL))
    assert found.says == "unknown"
    assert "step size" in found.words
    assert found.numbers["met"] == 0


def test_a_predicate_that_is_the_only_wording_is_obeyed():
    small = Hypothesis("small", "eta L is below 2", predicate=lambda x: x["eta"] * x["L"] < 2)
    assert only(falsify.check(claim(None, more=(small,)), SMALL)).says == "survives"
    never = Hypothesis("never", "nothing meets it", predicate=lambda x: False)
    found = only(falsify.check(claim(None, more=(never,)), SMALL))
    assert (found.says, "never" in found.words) == ("unknown", True)
    wide = Hypothesis("wide", "eta L is below 3", predicate=lambda x: x["eta"] * x["L"] < 3)
    _, x = refuted(falsify.check(claim(None, more=(wide,)), SMALL))
    assert 2 < x["eta"] * x["h"] <= x["eta"] * x["L"] < 3
    broken = Hypothesis("broken", "it asks for what is not there", predicate=lambda x: x["nothing"] > 0)
    found = only(falsify.check(claim(None, more=(broken,)), SMALL))
    assert (found.says, "'broken'" in found.words) == ("failed", True)


def test_a_relation_and_a_predicate_that_disagree_are_reported_with_the_instance():
    both = Hypothesis("stable", "eta L is below 2", "eta*L <= 2", lambda x: x["eta"] * x["L"] < 1)
    found = only(falsify.check(claim(None, more=(both,)), SMALL))
    assert found.says == "failed"
    assert "'stable'" in found.words
    assert "eta = " in found.words
    agree = replace(both, predicate=lambda x: x["eta"] * x["L"] <= 2)
    assert only(falsify.check(claim(None, more=(agree,)), SMALL)).says == "survives"


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lambda x, m: {"curvature": x.h, "before": 1 / 0, "after": x.h}, "ZeroDivisionError"),
        (lambda x, m: {"curvature": x.h, "before": x.h}, "after"),
        (lambda x, m: {**measure(x, m), "eta": x.eta}, "eta"),
    ],
    ids=["raises", "leaves out", "names twice"],
)
def test_a_measure_that_breaks_down_is_a_failed_check_of_its_family(broken, said):
    found = only(falsify.check(claim(families=(Family("broken ones", FREE, broken),)), SMALL))
    assert found.says == "failed"
    assert "broken ones" in found.words
    assert said in found.words


def by_the_packages_rule(x):
    path = replay("gd", lambda w, _: x.h * w[0] ** 2 / 2, (x.w,), x.eta, [(None, None)])
    return {"after": x.h * float(path[-1, 0]) ** 2 / 2}


def test_a_counterexample_is_replayed_by_the_packages_rule():
    family = replace(QUADRATICS, replay=by_the_packages_rule)
    example, x = refuted(falsify.check(claim("eta*L < 3", families=(family,)), SMALL))
    assert example.replayed == pytest.approx((float(loss(x)), float(loss(x, steps=0))), rel=1e-12)  # some roundings


def test_a_measure_that_does_not_compute_what_the_package_computes_is_reported():
    family = replace(QUADRATICS, replay=lambda x: {"after": 1.001 * by_the_packages_rule(x)["after"]})
    found = only(falsify.check(claim(families=(family,)), SMALL))
    assert found.says == "failed"
    assert "replayed" in found.words


def test_a_quantity_that_overflows_is_a_violation_that_exact_arithmetic_settles():
    def many(x, m):
        return {"curvature": x.h, "before": x.w, "after": x.w * (1 + x.eta * x.h) ** 4000}

    example, _ = refuted(falsify.check(claim(None, families=(Family("growth", FREE, many),)), SMALL))
    assert example.relation == "after <= before"
    wild = Family("growth from ten on", (Number("eta", 10, 20), *FREE[1:2], Number("h", 1, 2), FREE[3]), many)
    example, _ = refuted(falsify.check(claim(None, families=(replace(wild, name="beyond"),)), SMALL))
    assert example.float_sides[0] == np.inf
    assert example.right != example.left


@pytest.mark.parametrize(
    ("function", "bound", "true"),
    [("tanh", "curvature", True), ("tanh", "curvature/2", False), ("sqrt", "curvature", False)],
)
def test_what_leaves_the_rationals_is_settled_in_balls(function, bound, true):
    family = Family("curved", FREE, lambda x, m: {"curvature": x.h, "before": x.h, "after": getattr(m, function)(x.h)})
    evidence = falsify.check(claim(None, f"after <= {bound}", (family,)), SMALL)
    if true:
        assert only(evidence).says == "survives"
    else:
        example, x = refuted(evidence)
        value = getattr(np, function)(float(x["h"]))
        assert value > float(x["h"]) * (0.5 if "2" in bound else 1)
        assert example.float_sides[0] == pytest.approx(value, rel=1e-15)  # one rounding


def test_a_violation_that_nothing_settles_is_unknown_and_never_survives():
    def floats_alone(x, m):
        if m.name != "float64":
            raise ArithmeticError("no exact version")
        return measure(x, m)

    found = only(falsify.check(claim("eta*L < 3", families=(Family("floats", FREE, floats_alone),)), SMALL))
    assert found.says == "unknown"
    assert "exact arithmetic gave no answer" in found.words


def test_round_off_neither_refutes_nor_hides_what_does():
    def cancelling(x, m):
        bump = m.maximum((x.eta * x.L - 1) * (m.number("11/10") - x.eta * x.L), 0 * x.w)
        noise = ((x.h + x.w) - x.h) - x.w  # 0, but for round-off, which is of either sign
        return {"curvature": x.h, "before": noise, "after": noise + bump}

    family = Family("cancelling", FREE, cancelling)
    assert only(falsify.check(claim(None, "before <= 0", (family,)), SMALL)).says == "survives"
    _, x = refuted(falsify.check(claim(None, "after <= 0", (family,)), SMALL))
    assert 1 < x["eta"] * x["L"] < Fraction(11, 10)


def test_the_search_repeats_itself_whatever_the_size_of_a_chunk(monkeypatch):
    wanted = falsify.check(claim("eta*L < 3"), SMALL)
    assert falsify.check(claim("eta*L < 3"), SMALL) == wanted
    monkeypatch.setattr(instances, "CHUNK", 37)
    assert falsify.check(claim("eta*L < 3"), SMALL) == wanted


def test_a_corner_of_four_hypotheses_is_reached():
    corner = "a + b + c + d <= 4; a <= b; b <= c; c <= d"
    symbols = tuple(Symbol(n, n) for n in "abcd")
    family = Family("numbers", tuple(Number(n, 1e-3, 1e3) for n in "abcd"), lambda x, m: {})
    hypotheses = (Hypothesis("corner", "four", corner),)
    at_most = replace(claim(), symbols=symbols, hypotheses=hypotheses, families=(family,), conclusion="a <= 1")
    found = only(falsify.check(at_most, SMALL))
    assert found.numbers["tightness"] == pytest.approx(1, rel=1e-4)  # where the ascent's step of 1e-9 turns is enough
    _, x = refuted(falsify.check(replace(at_most, conclusion="a <= 99/100"), SMALL))
    assert x["a"] <= x["b"] <= x["c"] <= x["d"]
    assert sum(x.values()) <= 4
    assert x["a"] > Fraction(99, 100)


def test_samples_reach_all_decades_and_both_signs():
    family = Family("numbers", (Number("eta", 1e-6, 1e6, "signed log"), *FREE[1:]), measure)
    question = instances.Question(family, {}, (), claim().conclusions)
    found = search(question, QUICK, np.random.default_rng(0))
    eta = question.values(found.z, found.sign)["eta"]
    assert np.mean(eta < 0) == pytest.approx(0.5, abs=0.05)  # 2000 fair coins: four standard errors
    decades = np.floor(np.log10(np.abs(eta[: found.drawn])) + 6)
    assert set(range(12)) <= set(decades)


@pytest.mark.parametrize("conclusion", ["end <= start", "end >= bound", "end == bound"])
def test_the_slopes_that_the_ascent_follows_are_those_of_jax(conclusion):
    def two_steps(x, m):
        w = (x.v, x.w)
        for _ in range(2):
            w = sam(w, lambda p: (x.h * p[0], x.h**2 * p[1] / (1 + p[1] ** 2)), x.eta, x.rho, m)
        return {"end": m.norm(*w), "start": m.norm(x.v, x.w), "bound": x.eta * x.h * m.tanh(x.rho)}

    numbers = (*(Number(n, 1e-2, 1e1) for n in ("eta", "rho", "h", "v")), Number("w", -3, 3, "linear"))
    question = instances.Question(Family("sam", numbers, two_steps), {}, (), read_relations(conclusion))
    z = np.random.default_rng(1).random((20, 5))
    sign = np.ones((20, 5))
    _, (excess, difference) = ascent.slopes(question, z, sign)

    def sides(at):
        free = {n.name: n.low * (n.high / n.low) ** u for n, u in zip(numbers[:4], at)} | {"w": -3 + 6 * at[4]}
        known = {**free, **two_steps(SimpleNamespace(**free), float_arithmetic())}
        return known["end"], known[conclusion.split()[-1]]

    def broken_by(at):
        left, right = sides(at)
        return {"<=": left - right, ">=": right - left, "==": abs(left - right)}[conclusion.split()[1]]

    wanted = jax.vmap(jax.grad(lambda at: broken_by(at) / (abs(sides(at)[0]) + abs(sides(at)[1]))))(z)
    # central differences of 1e-6: curvature leaves 1e-12 times a third derivative of up to 1e4, round-off 1e-10
    np.testing.assert_allclose(excess, wanted, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(difference, jax.vmap(jax.grad(broken_by))(z), rtol=1e-5, atol=1e-6)


# steps -------------------------------------------------------------------------------------------------------------


def step_evidence(relation, given="", symbols=(), **more):
    step = ProofStep("(1)", relation, given, symbols, **more)
    return steps.check(claim("eta*L <= 1", steps=(step,)), SMALL)


@pytest.mark.parametrize(
    ("relation", "given", "says"),
    [
        ("1 - eta*L >= 0", "", "proved"),
        ("after <= (1 - eta*curvature)*before", "", "survives"),
        ("after <= (1 - 2*eta*curvature)*before", "", "refuted"),
        ("q**2 <= q", "0 <= q <= 1", "proved"),
    ],
)
def test_steps_of_a_proof_are_proved_survive_or_are_refuted(relation, given, says):
    symbols = (Symbol("q", "a factor"),) if "q" in relation.split("**")[0] and given else ()
    found = only(step_evidence(relation, given, symbols))
    assert (found.subject, found.says) == ("step (1)", says)


def test_a_step_about_chosen_numbers_is_refuted_by_the_solvers_point():
    symbols = (Symbol("q", "a factor"),)
    found = only(step_evidence("q**2 <= q", "0 <= q", symbols, hypotheses=()))
    assert found.says == "refuted"
    assert Fraction(found.counterexample.values["q"]) > 1


@pytest.mark.parametrize(
    ("wanted", "says"), [("after <= 5", "survives"), ("after <= 4", "refuted"), ("eta < 1", "refuted")]
)
def test_a_family_without_free_numbers_is_one_instance_for_each_case(wanted, says):
    fixed = Family("one", (), lambda x, m: {"after": m.number(x.T), "before": m.number(0), "curvature": m.number(1),
                                            "eta": m.number(1), "L": m.number(1)}, ({"T": 3}, {"T": 5}))  # fmt: skip
    found = only(falsify.check(claim(None, wanted, (fixed,)), SMALL))
    assert found.says == says
    if says == "refuted":
        assert found.counterexample.values == ({"T": "5"} if "4" in wanted else {"T": "3"})


def test_a_number_with_a_single_value_keeps_it():
    family = replace(QUADRATICS, numbers=(Number("eta", 2.5, 2.5), *FREE[1:3], Number("w", -1, 1, "linear")))
    _, x = refuted(falsify.check(claim(None, families=(family,)), SMALL))
    assert x["eta"] == Fraction(5, 2)
    assert loss(x) > loss(x, steps=0)
