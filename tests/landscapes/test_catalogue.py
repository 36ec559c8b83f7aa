"""The catalogue: names, parameters, errors; and what is particular to one landscape."""

import subprocess
import sys
from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sympy

from samscape.landscapes import LANDSCAPES, ONE_DIMENSIONAL, TWO_DIMENSIONAL, get_landscape
from samscape.landscapes.exact import exact

x, y, z = sympy.symbols("x y z", real=True)


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("lucci", {}, "did you mean 'lucchi'"),
        ("nowhere at all", {}, "there are: .*beale.*uv"),
        ("lucchi", {"a": 1}, "no parameter 'a'; it has none"),
        ("huber", {"eps": 1}, "no parameter 'eps'; its parameters are: delta"),
        ("huber", {"delta": 0}, "huber: delta must be > 0, got 0"),
        ("huber", {"delta": "a half"}, "huber: delta must be a positive number such as .* got 'a half'"),
        ("huber", {"delta": float("nan")}, "huber: delta must be a positive number .* got nan"),
        ("example_c1", {"eps": 1}, "a\\*eps must be below 2\\*b, got a = 2, eps = 1, b = 1"),
        ("cosine", {"valleys": 4}, "valleys must be a positive odd number, got 4"),
        ("quadratic", {"eigenvalues": (0, 0)}, "not all zero, got \\(0, 0\\)"),
        ("quadratic", {"eigenvalues": (1, 2), "tilt": (1,)}, "tilt must hold 2 numbers, not all zero, got \\(1,\\)"),
        ("uv", {"target": 0}, "target must not be zero"),
        ("rastrigin", {"dimension": 0}, "dimension must be 1 to 100, got 0"),
        ("styblinski_tang", {"dimension": 7}, "dimension must be 1 to 6, got 7"),
    ],
)
def test_a_bad_request_names_what_it_got_and_what_would_do(name, parameters, message):
    with pytest.raises(ValueError, match=message):
        get_landscape(name, **parameters)


def test_one_and_two_dimensional_names_are_in_the_catalogue():
    for d, names in ((1, ONE_DIMENSIONAL), (2, TWO_DIMENSIONAL)):
        assert set(names) <= LANDSCAPES.keys()
        assert {get_landscape(name).dimension for name in names} == {d}


def test_parameters_reach_the_formula_exactly():
    third = get_landscape("huber", delta="1/3")
    assert third.expression.subs(x, 1) == sympy.Rational(1, 3) - sympy.Rational(1, 18)
    assert third.parameters == (("delta", "1/3"),)
    assert exact(0.1, "it") == exact("0.1", "it") == exact(np.float64(0.1), "it") == Fraction(1, 10)
    assert get_landscape("huber", delta=0.1) == get_landscape("huber", delta="1/10")


def test_a_landscape_is_a_pytree_without_leaves_and_can_be_an_argument_of_a_compiled_function():
    compiled = jax.jit(lambda landscape, w: landscape.value(w))
    for name in TWO_DIMENSIONAL[:2]:
        landscape = get_landscape(name)
        assert jax.tree.leaves(landscape) == []
        w = jnp.array([0.3, -0.2])
        np.testing.assert_allclose(compiled(landscape, w), landscape.value(w), rtol=1e-14)  # a few roundings of 1e-16


def test_importing_the_catalogue_imports_no_heavy_library():
    heavy = ("sympy", "scipy.optimize", "matplotlib", "xarray", "optax", "diffrax", "equinox")
    script = f"import sys, samscape.landscapes; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_beale_has_three_critical_points_and_one_of_its_two_saddles_is_not_the_paper_s():
    loss = get_landscape("beale").expression
    down = sympy.cancel(sympy.diff(loss, y) / x)  # the gradient's second component has the factor x
    # x = 0: one point. Else y is a root of the resultant; at y = 1 the leading coefficients vanish, not the gradient.
    assert sympy.real_roots(sympy.diff(loss, x).subs(x, 0), y) == [1]
    assert sympy.simplify(down.subs(y, 1)) == sympy.Rational(111, 4)
    candidates = set(sympy.real_roots(sympy.resultant(sympy.diff(loss, x), down, x), y))
    assert len(candidates - {sympy.Integer(1)}) == 2
    third = get_landscape("beale").critical_sets[2]
    assert third.kind == "saddle"
    np.testing.assert_allclose(third.locate(), [0.1005379, -2.6445136], atol=1e-7)  # the digits given


def test_beale_s_upper_left_basin_has_no_minimum_but_an_infimum_at_infinity():
    landscape = get_landscape("beale")
    assert not [s for s in landscape.critical_sets if s.locate()[0] < 0 and s.locate()[1] > 1]
    t = sympy.Symbol("t", positive=True)
    c = sympy.Rational(111, 8) / 14
    along = landscape.expression.subs({x: -c / t, y: 1 + t}, simultaneous=True)
    limit = sympy.limit(sympy.cancel(along), t, 0)
    assert limit == sympy.Rational(909, 64) - sympy.Rational(111, 8) ** 2 / 14
    assert sympy.cancel(along).subs(t, sympy.Rational(1, 1000)) > limit  # from above: it is not reached


def test_one_neuron_has_local_maxima_where_the_paper_has_saddles():
    w1, w2 = sympy.symbols("w1 w2", real=True)
    product = w2 * w1**2
    excess = get_landscape("one_neuron").expression - sympy.Rational(5, 2)
    # below the value 5/2 of the line w1 = 0 wherever 0 < product < 1, hence all around each of its points with w2 > 0
    assert sympy.expand(excess - product * (product - 1)) == 0
    near = {w1: sympy.Rational(1, 10), w2: sympy.Rational(1, 10)}
    assert excess.subs(near) < 0 < excess.subs(near | {w2: -near[w2]})  # both signs near the origin: a saddle


def test_one_neuron_is_the_mean_of_its_samples():
    landscape = get_landscape("one_neuron")
    sampled = jax.jit(lambda w: jax.vmap(lambda i: landscape.sample_loss(w, i))(jnp.arange(landscape.n)))
    for w in np.random.default_rng(0).normal(size=(5, 2)).astype(np.float32):
        samples = sampled(w)
        assert samples.dtype == np.float32
        residuals = w[1] * w[0] ** 2 - np.array([-1, 2])
        np.testing.assert_allclose(samples, residuals**2, rtol=1e-5)  # ten roundings of 6e-8, cancellation below 10
        np.testing.assert_allclose(samples.mean(), landscape.value(w), rtol=1e-5)


@pytest.mark.parametrize("a", [1, 2])
def test_example_c1_has_the_second_derivative_it_was_defined_by(a):
    eps = sympy.Rational(1, 10)
    loss = get_landscape("example_c1", a=a, b=1, eps="1/10").expression
    for place in (sympy.Rational(k, 100) for k in range(-39, 40, 3)):  # on both sides of the kinks at +-a/10
        expected = a - abs(place) / eps if abs(place) < a * eps else 0
        assert sympy.diff(loss, z, 2).subs(z, place) == expected
    slope = sympy.diff(loss, z)
    assert slope.subs(z, 0) == loss.subs(z, 0) == 0
    assert [slope.subs(z, side) for side in (1, -1)] == [a**2 * eps / 2, -(a**2) * eps / 2]
    assert (slope.subs(z, 1) == a * eps / 2) == (a == 1)  # as it is printed


def test_log_cosh_neither_overflows_nor_loses_its_curvature():
    landscape = get_landscape("log_cosh")
    far = jnp.array([[-1e30], [-1e3], [1e3], [1e30]], jnp.float32)
    value, slope = jax.jit(jax.vmap(jax.value_and_grad(landscape.value)))(far)
    np.testing.assert_array_equal(slope[:, 0], [-1, -1, 1, 1])
    np.testing.assert_allclose(value, abs(far[:, 0]) - np.log(2), rtol=1e-6)  # rounding: 6e-8
    near = np.array([0.0, 1e-3, 3.9999, 4.0001, 6.0])
    curvature = jax.jit(jax.vmap(jax.hessian(landscape.value)))(near[:, None])[:, 0, 0]
    np.testing.assert_allclose(curvature, 1 / np.cosh(near) ** 2, atol=1e-13)  # 1 - tanh^2 cancels: some 1e-16


@pytest.mark.parametrize("tilt", [None, (1, 2, 3)])
def test_a_quadratic_has_the_spectrum_it_was_asked_for(tilt):
    landscape = get_landscape("quadratic", eigenvalues=(3, "-1/2", "0.1"), tilt=tilt)
    symbols = sympy.symbols(landscape.variables, real=True)
    hessian = sympy.hessian(landscape.expression, symbols)
    assert set(hessian.eigenvals()) == {3, -sympy.Rational(1, 2), sympy.Rational(1, 10)}
    assert hessian.is_diagonal() == (tilt is None)


def test_a_declared_family_is_asked_for_within_its_interval():
    valley = get_landscape("tanh_tanh").critical_sets[0]
    np.testing.assert_allclose(valley.locate(0.7), [0.7, 0], rtol=0, atol=0)  # nothing is rounded here
    assert valley.intervals == ((0.0, np.inf),)
    assert not valley.is_point
    with pytest.raises(ValueError, match="declared for 0 < t < oo, got t = -1"):
        valley.locate(-1.0)
    with pytest.raises(ValueError, match="takes the parameters: t; got 0 values"):
        valley.sharpness_at()
