"""A user's formula becomes a landscape: value, gradient and Hessian by two independent routes, domain, caching."""

import subprocess
import sys
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sympy

from samscape.landscapes import symbolic
from samscape.landscapes.expression import FormulaError
from samscape.landscapes.forward import differentiated_forward
from samscape.landscapes.landscape import ClosedForm, Landscape

LUCCHI_TEXT = "x**4/4 - x*y + y**2/2"
POINTS = np.random.default_rng(0).uniform(0.1, 0.9, (20, 2))

FORMULAS = [
    LUCCHI_TEXT,
    "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
    "sin(x)*cos(y) + tan(x/2) + asin(x/2)*acos(y/2) + atan(x*y)",
    "sinh(x) - cosh(y) + tanh(x*y) + asinh(y) + acosh(2 + x^2) + atanh(x*y)",
    "exp(-x^2) + log(2 + y)/sqrt(3 + x) + x^-2 + (1 + x^2)^(-1/3) + sqrt(2)*pi*x",
    "2^x + e^y + (2 + x)^y + x^y",
    "abs(x - y)*sign(y - 1/2) + x^2*abs(log(x))",
    "min(x, y, 1/3)*y + max(x*y, 1/5)^2",
    "where(x*y <= 1/4, x^3, y^2)*where(x > y, 1 + x, 2*y) + where(x < 2, sqrt(x), 0)",
]


def test_the_formula_of_the_issue_end_to_end():
    landscape = Landscape.from_expression(LUCCHI_TEXT)
    assert isinstance(landscape, ClosedForm)
    assert (landscape.variables, landscape.dimension, landscape.domain) == (("x", "y"), 2, ((-2.0, 2.0), (-2.0, 2.0)))
    x, y = sympy.symbols("x y", real=True)
    assert landscape.expression == x**4 / 4 - x * y + y**2 / 2
    assert landscape.symbolic_gradient == (x**3 - y, y - x)
    assert landscape.symbolic_hessian == sympy.ImmutableMatrix([[3 * x**2, -1], [-1, 1]])
    a, b = POINTS.T
    one = np.ones(len(a))
    # a dozen operations on numbers below one
    np.testing.assert_allclose(jax.vmap(landscape.value)((a, b)), a**4 / 4 - a * b + b**2 / 2, atol=1e-15)
    np.testing.assert_allclose(jax.vmap(landscape.gradient)(POINTS).T, [a**3 - b, b - a], atol=1e-15)
    hessians = jax.jit(jax.vmap(landscape.hessian))((a, b))
    np.testing.assert_allclose(hessians.transpose(1, 2, 0), [[3 * a**2, -one], [-one, one]], atol=1e-15)
    points = landscape.critical_points()
    assert [(p.kind, p.index) for p in points] == [("minimum", 0), ("minimum", 0), ("saddle", 1)]
    np.testing.assert_allclose([p.w for p in points], [[-1, -1], [1, 1], [0, 0]], atol=1e-14)  # round-off / curvature


@pytest.mark.parametrize("text", FORMULAS)
def test_autodiff_and_sympy_agree_on_value_gradient_and_hessian(text):
    landscape = Landscape.from_expression(text, ["x", "y"])
    routes = [
        (landscape.value, symbolic.jax_value(landscape)),
        (landscape.gradient, symbolic.jax_gradient(landscape)),
        (landscape.hessian, symbolic.jax_hessian(landscape)),
    ]
    for automatic, by_sympy in routes:
        a, b = jax.jit(jax.vmap(automatic))(POINTS), jax.jit(jax.vmap(by_sympy))(POINTS)
        # Derivatives reach 1e3 (of x^-2 at 0.1, say) and SymPy may reorder them: a thousand ulp of the largest
        np.testing.assert_allclose(a, b, rtol=0, atol=1e3 * 2.3e-16 * np.max(np.abs(b)))


@pytest.mark.parametrize("text", FORMULAS)
def test_gradient_agrees_with_differences_of_the_value(text):
    landscape = Landscape.from_expression(text, ["x", "y"])
    h, (x, y) = 1e-5, POINTS.T
    value = jax.jit(lambda x, y: landscape.value((x, y)))
    slopes = [(value(x + h, y) - value(x - h, y)) / (2 * h), (value(x, y + h) - value(x, y - h)) / (2 * h)]
    gradient = jax.jit(jax.vmap(landscape.gradient))(POINTS)
    # h^2 / 6 times third derivatives up to 2e5 (24 x^-5 near 0.1), where round-off / h is smaller
    np.testing.assert_allclose(gradient.T, slopes, atol=1e-10 / 6 * 3e5)


@pytest.mark.parametrize("text", ["3*x + 2", "x*y", "x + y^2", "7"])
def test_constant_derivatives_have_full_shape_by_both_routes(text):
    landscape, w = Landscape.from_expression(text, ["x", "y"]), jnp.array([0.5, 2.0])
    np.testing.assert_array_equal(landscape.hessian(w), symbolic.jax_hessian(landscape)(w))
    np.testing.assert_array_equal(landscape.gradient(w), symbolic.jax_gradient(landscape)(w))
    assert symbolic.jax_hessian(landscape)(w).shape == (2, 2)


def test_derivatives_at_kinks_are_the_middle_ones_and_carry_no_delta():
    landscape = Landscape.from_expression("abs(x) + max(x, 0) + sign(x)")
    x = sympy.Symbol("x", real=True)
    assert landscape.symbolic_hessian == sympy.ImmutableMatrix([[0]])
    assert landscape.symbolic_gradient[0].subs(x, 2) == 2
    at_kink = jnp.zeros(1)
    np.testing.assert_array_equal(landscape.gradient(at_kink), [0.5])  # exact: 0 + 1/2 + 0
    np.testing.assert_array_equal(symbolic.jax_gradient(landscape)(at_kink), [0.5])


@pytest.mark.parametrize("text", FORMULAS)
def test_float32_stays_float32_in_every_derivative(text):
    landscape, w = Landscape.from_expression(text, ["x", "y"]), jnp.array([0.5, 0.25], jnp.float32)
    for function in (landscape.value, landscape.gradient, landscape.hessian):
        assert jax.eval_shape(function, w).dtype == jnp.float32
    assert all(part.dtype == jnp.float32 for part in jax.eval_shape(landscape.gradient, tuple(w)))
    for function in (symbolic.jax_value, symbolic.jax_gradient, symbolic.jax_hessian):
        assert jax.eval_shape(function(landscape), w).dtype == jnp.float32


def test_a_vector_and_a_tuple_of_coordinates_give_the_same_numbers():
    landscape, w = Landscape.from_expression(LUCCHI_TEXT), jnp.array([0.3, -0.7])
    gradient, hessian = jax.jit(landscape.gradient), jax.jit(landscape.hessian)
    assert landscape.value(w) == landscape.value(tuple(w)) == landscape.value([0.3, -0.7])
    np.testing.assert_array_equal(gradient(w), np.stack(gradient(tuple(w))))
    np.testing.assert_array_equal(hessian(w), hessian((0.3, -0.7)))
    assert landscape.value((1, 1)) == -0.25  # integers count as float64; exact


# --- pieces ----------------------------------------------------------------------------------------------------------

PIECES = "where(x > 0, sqrt(x), 0)*y + where(x*y < 1, x**2, log(x*y - 1))"


@pytest.mark.parametrize("w", [(-1.0, 2.0), (0.0, 1.0), (2.0, 1.5), (-0.5, -1.0)])
def test_a_branch_not_taken_leaks_no_nan_into_derivatives_of_any_order(w):
    x, y = w
    if x > 0:
        u = x * y - 1
        gradient = [y / (2 * np.sqrt(x)) + y / u, np.sqrt(x) + x / u]
        cross = 1 / (2 * np.sqrt(x)) + 1 / u - x * y / u**2
        hessian = [[-y / (4 * x**1.5) - (y / u) ** 2, cross], [cross, -((x / u) ** 2)]]
    else:
        gradient, hessian = [2 * x, 0], [[2, 0], [0, 0]]
    landscape = Landscape.from_expression(PIECES)

    @jax.jit
    def derivatives(w):
        gradient = jax.grad(landscape.value)
        orders = [gradient, jax.jacrev(gradient), jax.jacfwd(gradient), jax.jacrev(jax.jacrev(gradient))]
        return [derivative(w) for derivative in orders]

    first, backward, forward, third = derivatives(jnp.array(w))
    # a few operations, condition below ten
    np.testing.assert_allclose(first, gradient, rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(backward, hessian, rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(forward, hessian, rtol=1e-14, atol=1e-15)
    assert np.isfinite(third).all()


def test_pieces_work_under_jit_and_vmap_with_tuples():
    landscape = Landscape.from_expression(PIECES)
    w = np.array([[-1.0, 2.0], [2.0, 1.5], [0.0, 1.0]])
    batched = jax.jit(jax.vmap(lambda x, y: landscape.gradient((x, y))))(*w.T)
    single = jax.jit(landscape.gradient)
    np.testing.assert_array_equal(np.stack(batched, axis=1), [single(jnp.array(p)) for p in w])


def test_forward_mode_gives_what_reverse_mode_gives_where_neither_leaks():
    def function(x, y):
        return jnp.sin(x * y) * jnp.exp(x) + y**3

    forward = differentiated_forward(function)
    for derivative in (lambda f: f, lambda f: jax.grad(f, (0, 1)), lambda f: jax.hessian(f, (0, 1))):
        ours, plain = (jax.jit(jax.vmap(derivative(f)))(*POINTS.T) for f in (forward, function))
        # sums of a few products below 20, in another order
        np.testing.assert_allclose(ours, plain, rtol=1e-13, atol=1e-14)


# --- the landscape as an object --------------------------------------------------------------------------------------


def test_equal_formulas_are_equal_landscapes_and_share_compiled_code():
    traced = []

    @jax.jit
    def value(landscape, w):
        traced.append(landscape.name)
        return landscape.value(w)

    first, second = (Landscape.from_expression(LUCCHI_TEXT, domain=[[-1, 1], [-1, 1]]) for _ in range(2))
    assert first == second
    assert hash(first) == hash(second)
    value(first, jnp.ones(2))
    value(second, jnp.ones(2))
    assert len(traced) == 1
    value(Landscape.from_expression(LUCCHI_TEXT + " + 1"), jnp.ones(2))
    assert len(traced) == 2


def test_a_landscape_is_a_pytree_without_leaves():
    landscape = Landscape.from_expression(LUCCHI_TEXT)
    leaves, structure = jax.tree.flatten(landscape)
    assert leaves == []
    assert jax.tree.unflatten(structure, leaves) == landscape


def test_order_of_variables_flat_ones_and_names():
    landscape = Landscape.from_expression("v - u^2", variables=["v", "u", "flat"], name="parabola")
    assert landscape.name == "parabola"
    np.testing.assert_array_equal(landscape.gradient(jnp.array([1.0, 3.0, 5.0])), [1, -6, 0])  # exact
    assert Landscape.from_expression(" x^2 +\n y^2 ").name == "x^2 + y^2"


def test_an_abstract_landscape_cannot_be_made():
    make: Any = Landscape
    with pytest.raises(TypeError, match="abstract"):
        make()


def test_sympy_is_not_imported_before_it_is_asked_for():
    code = (
        "import sys; from samscape.landscapes.landscape import Landscape; import jax.numpy as jnp;"
        f"l = Landscape.from_expression({LUCCHI_TEXT!r}); l.hessian(jnp.ones(2)); l.critical_points();"
        "assert 'sympy' not in sys.modules; l.expression; assert 'sympy' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# --- domain and reality ----------------------------------------------------------------------------------------------


def test_one_pair_serves_as_domain_for_every_coordinate():
    assert Landscape.from_expression("x + y", domain=(-1, 3)).domain == ((-1.0, 3.0), (-1.0, 3.0))
    assert Landscape.from_expression("x + y", domain=((-1, 3), (0, 1))).domain == ((-1.0, 3.0), (0.0, 1.0))


@pytest.mark.parametrize("domain", [(1, 1), (2, -2), (0, np.inf), ((0, 1),) * 3, (0, 1, 2), "ab", (("a", 1), (0, 1))])
def test_domains_that_are_none_are_refused(domain):
    with pytest.raises(ValueError, match="domain: expected"):
        Landscape.from_expression("x*y", domain=domain)


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("x^2 + y", ()), ("log(x)", ("x > 0",)), ("sqrt(x - y)", ("x - y >= 0",)), ("x**0.5", ("x >= 0",)),
        ("x^(-1/2)", ("x > 0",)), ("x^y", ("x > 0",)), ("1/x + y", ("x != 0",)), ("(x*y)^-2", ("x*y != 0",)),
        ("tan(x)", ("cos(x) != 0",)), ("asin(x + y)", ("abs(x + y) <= 1",)), ("acosh(x)", ("x >= 1",)),
        ("atanh(x/2)", ()), ("atanh(x)", ("abs(x) < 1",)), ("log(1 + x^2)/(2 + cos(y))", ()), ("tan(x/2)", ()),
        ("where(x > 0, log(x), 0)", ()), ("log(x) + sqrt(y)", ("x > 0", "y >= 0")), ("2^x + pi^-y", ()),
        ("log(log(x + 2))", ("log(x + 2) > 0",)), ("exp(exp(x*9))", ()),
    ],
)  # fmt: skip
def test_formulas_that_are_real_on_a_part_of_the_domain_say_on_which(text, conditions):
    assert Landscape.from_expression(text).partial_domain == conditions


def test_the_part_depends_on_the_domain():
    assert Landscape.from_expression("log(x)", domain=(0.5, 2)).partial_domain == ()


@pytest.mark.parametrize(
    ("text", "position", "part"),
    [
        ("y + sqrt(-x^2 - 1)", 4, "sqrt(-x^2 - 1)"), ("log(-abs(x))", 0, "log(-abs(x))"),
        ("asin(x^2 + 2)*y", 0, "asin"),
        ("sqrt(x) + sqrt(-x)", 8, "sqrt(x) + sqrt(-x)"), ("log(x - 5)", 0, "log(x - 5)"), ("exp(1000 + x)", 0, "exp"),
        ("x/(y - y)", 1, "x/(y - y)"),
    ],
)  # fmt: skip
def test_formulas_that_are_nowhere_real_are_refused_with_position_and_reason(text, position, part):
    with pytest.raises(FormulaError, match="nowhere a finite real number on") as caught:
        Landscape.from_expression(text)
    assert caught.value.position == position
    assert caught.value.reason.startswith(part)


@pytest.mark.parametrize("text", ["", "2x", "x +", "sqrt(-1)*x", "x y", "x.__class__", "9**9**9**9*x"])
def test_malformed_formulas_are_refused(text):
    with pytest.raises(FormulaError):
        Landscape.from_expression(text)
