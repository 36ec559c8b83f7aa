"""Questions to the SMT solver have the answers that are known, and what it is told of functions is true of them."""

import random
from fractions import Fraction

import numpy as np
import pytest

from samscape.landscapes.dialect import numpy_like_dialect
from samscape.theory.arithmetic import ball_arithmetic
from samscape.theory.checks.points import truth
from samscape.theory.relation import Relation, read_relations
from samscape.theory.smt import NotPolynomial, not_polynomial, solve
from samscape.theory.smt_relaxation import FACTS

STEPS = 2_000_000


def ask(given: str, denied: str = "", **options):
    relations = read_relations(given) if given else ()
    return solve(relations, STEPS, read_relations(denied)[0] if denied else None, **options)


@pytest.mark.parametrize(
    ("given", "denied"),
    [
        ("x > 0; x**2 == -1", ""),
        ("eta > 0; L > 0; eta*L < 2", "abs(1 - eta*L) < 1"),
        ("a > 0; b > 0", "sqrt(a*b) <= (a + b)/2"),
        ("a > 0; b > 0", "a**2/b >= 2*a - b"),
        ("", "abs(a + b) <= abs(a) + abs(b)"),
        ("", "max(a, b) == (a + b + abs(a - b))/2"),
        ("", "min(a, b, c) <= (a + b + c)/3"),
        ("x >= 0; y >= 0; x**(3/2) == 8; y == x", "y == 4"),
        ("", "sign(x)*abs(x) == x"),
        ("y == sqrt(x); x < 0", ""),  # a root of a negative number has no value
        ("x == 0; 1/x == y", ""),  # nor has a division by zero
        ("sigma >= 0", "sqrt(sigma**2) == sigma"),
        ("x < 0", "1/x < 0"),  # a denominator of either sign is cleared without turning the inequality
        ("x < 0; y < 0", "x/y > 0"),
    ],
)
def test_what_cannot_be_is_unsatisfiable(given: str, denied: str):
    assert ask(given, denied).says == "unsat"


@pytest.mark.parametrize(
    ("given", "denied"),
    [
        ("eta > 0; L > 0; eta*L < 3", "abs(1 - eta*L) < 1"),
        ("x > 0", "sqrt(x**2) != x"),
        ("", "sqrt(x**2) == x"),
        ("", "1/x > 0"),
        ("where(x <= 0, 1, 1/x) == 1; x == 0", ""),  # a branch that is not taken need have no value
        ("L > 0", "L > 1"),  # the relation that shows a sign is asserted itself
        ("0 <= x; x <= 0", ""),
    ],
)
def test_what_can_be_has_a_model_where_the_relations_hold(given: str, denied: str):
    answer = ask(given, denied)
    assert answer.says == "sat"
    values = {n: np.float64(x) for n, x in answer.model.items()}
    with np.errstate(divide="ignore"):
        for relation in read_relations(given) if given else ():
            assert relation.slack(values, numpy_like_dialect(np)) >= 0
        for relation in read_relations(denied) if denied else ():
            assert relation.slack(values, numpy_like_dialect(np)) <= 0


def test_irrational_models_are_named_as_such():
    answer = ask("x**2 == 2; x > 0; y == 3")
    assert answer.irrational == ("x",)
    assert abs(answer.model["x"] ** 2 - 2) < Fraction(1, 10**15)  # twenty digits were asked for
    assert answer.model["y"] == 3


@pytest.mark.parametrize(
    ("text", "named"),
    [("exp(x) < 1", "exp"), ("pi < x", "pi"), ("r**n < 1", "a power with a variable exponent"), ("tan(x) < 1", "tan")],
)
def test_what_is_not_polynomial_is_named(text: str, named: str):
    (relation,) = read_relations(text)
    assert not_polynomial(relation) == named
    with pytest.raises(NotPolynomial, match=named):
        ask(text)


def test_a_huge_power_is_refused_before_it_is_multiplied_out():
    (relation,) = read_relations("(a + b)**1000 > 0")
    assert "1000" in (not_polynomial(relation) or "")


def test_transcendental_facts_prove_and_never_exclude_what_is_true():
    assert ask("x > 0; x <= 1", "1 - x <= exp(-x)", relaxed=True).says == "unsat"
    assert ask("n >= 1; r > 0", "r**n >= 1 + n*(r - 1)", relaxed=True).says == "unsat"
    assert ask("", "tanh(x)*x >= 0", relaxed=True).says == "unsat"
    assert ask("x == exp(0)", relaxed=True).says == "sat"
    with pytest.raises(NotPolynomial, match="acosh"):
        ask("acosh(x) > 0", relaxed=True)


@pytest.mark.parametrize("name", FACTS)
def test_the_facts_about_a_function_hold_in_numpy(name: str):
    dialect = numpy_like_dialect(np)
    u = np.concatenate([np.linspace(-8, 8, 1601), [1e-3, -1e-3, 0.0, 1.0]])
    if name == "**":
        u, v = map(np.ravel, np.meshgrid(u[u > 0], np.linspace(-4, 4, 81)))
        values = {"u": u, "v": v, "t": u**v}
    elif name in ("pi", "e"):
        values = {"t": np.asarray(getattr(np, name))}
    else:
        u = u[u > 0] if name == "log" else u
        values = {"u": u, "t": dialect.functions[name](u)}
    for where, fact in FACTS[name]:
        inside = np.ones(np.shape(values["t"]), bool)
        for condition in read_relations(where) if where else ():
            slack = condition.slack(values, dialect)
            inside &= slack > 0 if condition.strict else slack >= 0
        for relation in read_relations(fact):
            # round-off of two sides up to exp(8), 4 ulp each
            rounding = 1e-15 * 4 * (1 + np.abs(values["t"]))
            assert np.all((relation.slack(values, dialect) >= -rounding)[inside]), relation.text


def random_formula(draw: random.Random, depth: int) -> str:
    if depth == 0:
        return draw.choice(["x", "y", "z", "2", "1/3", "x", "y"])
    a, b = (random_formula(draw, depth - 1) for _ in range(2))
    kind = draw.choice(["+", "-", "*", "/", "sqrt", "abs", "min", "max", "where", "**2", "**(-1)", "neg", "sign"])
    if kind in "+-*/":
        return f"({a} {kind} {b})"
    if kind.startswith("**"):
        return f"({a}){kind}"
    calls = {"min": f"min({a}, {b})", "max": f"max({a}, {b})", "where": f"where({a} < {b}, {b}, {a})", "neg": f"(-{a})"}
    return calls.get(kind, f"{kind}({a})")


@pytest.mark.parametrize("seed", range(60))
def test_at_a_given_point_the_solver_agrees_with_exact_arithmetic(seed: int):
    """Formulas drawn at random; where a side has no value, neither the relation nor its negation is satisfiable."""
    draw = random.Random(seed)
    left, right = random_formula(draw, 3), random_formula(draw, 2)
    point = {n: Fraction(draw.choice(["1", "-1", "2", "1/2", "0", "4", "-3/2"])) for n in "xyz"}
    (relation,) = read_relations(f"{left} {draw.choice(['<', '<=', '==', '>', '>=', '!='])} {right}")
    pinned = tuple(Relation(n, "==", str(x)) for n, x in point.items())
    expected = truth(relation, point)
    says = [solve((*pinned, relation), STEPS).says, solve(pinned, STEPS, denied=relation).says]
    if expected is None:
        assert "sat" not in says or decided_by_equality_of_balls(relation, point)
    else:
        assert says == (["sat", "unsat"] if expected else ["unsat", "sat"])


def decided_by_equality_of_balls(relation: Relation, point: dict[str, Fraction]) -> bool:
    m = ball_arithmetic()
    left, right = relation.sides({n: m.number(x) for n, x in point.items()}, m.dialect)
    return (m.number(0) + left).overlaps(m.number(0) + right)


def test_the_same_question_has_the_same_answer():
    question = "mu > 0; mu <= L; eta > 0; eta*L < 2; rho > 0; rho*L < 1"
    answers = [ask(question, "(1 - eta*mu*(1 + rho*mu))**2 <= (1 - eta*mu)**2") for _ in range(3)]
    assert answers[0].says == "sat"
    assert answers[0] == answers[1] == answers[2]


def test_a_question_that_is_too_hard_is_left_unanswered():
    hard = "a*b*x*y + a**3*x**3 + b**3*y**3 - a*b*x + y*y*x > 2; a**2 + b**2 + x**2 + y**2 <= 1"
    answer = solve(read_relations(hard), 100_000)
    assert answer.says == "unknown"
    assert answer.why
