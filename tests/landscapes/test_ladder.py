"""The ladder: every closed-form landscape against its source written a second time, SymPy and finite differences.

One landscape alone: ``python -m pytest tests/landscapes -k lucchi``.
"""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.optimize
import scipy.special
import sympy

from samscape.landscapes import CLOSED_FORM, get_landscape


def fit(prediction, labels, share=1.0):
    """Mean of `share` times the squared error over the labels."""
    return share * np.mean((prediction - np.array(labels)) ** 2)


def beale(w):
    return sum((c - w[0] * (1 - w[1] ** i)) ** 2 for i, c in ((1, 1.5), (2, 2.25), (3, 2.625)))


def example_c1(w, a=2.0, eps=0.1):
    """L(z) = integral of (|z| - s) L''(s) over 0 < s < |z|; two Gauss points are exact for the quadratic integrand."""
    end = min(abs(w[0]), a * eps)
    nodes, weights = np.polynomial.legendre.leggauss(2)
    s = end * (nodes + 1) / 2
    return end / 2 * weights @ ((abs(w[0]) - s) * (a - s / eps))


SOURCES = {
    "beale": beale,
    "cosine": lambda w: 2 * np.sin(np.pi * w[0] / 4) ** 2,
    "difference_of_squares": lambda w: fit((w**2) @ np.array([1, -1]), [1.0], 1 / 4),
    "example_c1": example_c1,
    "himmelblau": lambda w: np.sum((w**2 + w[::-1] - np.array([11, 7])) ** 2),
    "huber": lambda w: scipy.special.huber(1.0, w[0]),
    "log_cosh": lambda w: np.logaddexp(w[0], -w[0]) - np.log(2),
    "lucchi": lambda w: np.polyval([0.25, 0, 0, -w[1], 0.5 * w[1] ** 2], w[0]),
    "matyas": lambda w: (w[0] + w[1]) ** 2 / 100 + (w[0] - w[1]) ** 2 / 4,
    "monkey_saddle": lambda w: (complex(*w) ** 3).real,
    "one_neuron": lambda w: fit(w[1] * np.square(w[0] * 1.0), [-1, 2]),
    "quadratic": lambda w: w @ np.diag([1, 0.1]) @ w / 2,
    "rastrigin": lambda w: w @ w + 20 * np.sum(np.sin(np.pi * w) ** 2),
    "rosenbrock": scipy.optimize.rosen,
    "saddle": lambda w: (w[0] - w[1]) * (w[0] + w[1]),
    "sqrt_quadratic": lambda w: np.hypot(1, w[0]),
    "styblinski_tang": lambda w: np.polyval([0.5, 0, -8, 2.5, 0], w).sum(),
    "tanh_tanh": lambda w: fit(np.tanh(w[1] * np.tanh(w[0] * 1.0)), [0.0], 1 / 2),
    "three_hump_camel": lambda w: np.polyval([1 / 6, 0, -1.05, 0, 2, 0, 0], w[0]) + w[1] * w.sum(),
    "uv": lambda w: fit(np.prod(w), [1.0], 1 / 2),
}

ROUND_OFF = 1e-13
"""Some hundred roundings of 1e-16 each, relative to the largest terms that are added up."""

names = pytest.mark.parametrize("name", CLOSED_FORM)


@functools.cache
def places(name):
    """Twelve random points of the domain, then a grid over it with kinks and critical points on its lines."""
    domain = np.array(get_landscape(name).domain)
    drawn = np.random.default_rng(7).uniform(domain[:, 0], domain[:, 1], (12, len(domain)))
    grid = np.stack(np.meshgrid(*(np.linspace(low, high, 41) for low, high in domain)), axis=-1)
    return np.concatenate([drawn, grid.reshape(-1, len(domain))])


@functools.cache
def computed(name, dtype=np.float64):
    """Value and gradient, in float64 also the Hessian, at all the places, by autodiff, in one vmap."""
    value = get_landscape(name).value
    derivatives = [value, jax.grad(value), jax.hessian(value)][: 3 if dtype is np.float64 else 2]
    all_at_once = jax.jit(jax.vmap(lambda w: [derivative(w) for derivative in derivatives]))
    return [np.asarray(x) for x in all_at_once(places(name).astype(dtype))]


@functools.cache
def sizes(name):
    """The largest |L| on the domain and the largest partial derivative: terms of that size are added up, and cancel."""
    value, gradient, _ = computed(name)
    return max(1.0, abs(value).max()), max(1.0, abs(gradient).max())


@functools.cache
def symbolic(name):
    """Symbols, value, gradient and Hessian, differentiated by SymPy."""
    expression = get_landscape(name).expression
    symbols = [sympy.Symbol(v, real=True) for v in get_landscape(name).variables]
    gradient = [sympy.diff(expression, s) for s in symbols]
    return symbols, expression, gradient, [[sympy.diff(g, s) for s in symbols] for g in gradient]


def at(name, expressions, w):
    symbols = symbolic(name)[0]
    place = dict(zip(symbols, (sympy.Rational(float(x)) for x in w), strict=True))
    return np.array([float(sympy.N(e.xreplace(place), 30)) for e in expressions])


def test_every_closed_form_has_a_second_source():
    assert SOURCES.keys() == CLOSED_FORM.keys()


@names
def test_says_what_it_is(name):
    landscape = get_landscape(name)
    assert landscape.name == name
    assert landscape.dimension == len(landscape.variables) == len(landscape.domain)
    assert all(-np.inf < low < high < np.inf for low, high in landscape.domain)
    assert landscape.title
    assert any(c.isdigit() for c in landscape.source)  # at least a year


@names
def test_formula_is_exact(name):
    _, expression, _, _ = symbolic(name)
    assert not expression.atoms(sympy.Float)
    assert expression.free_symbols <= set(symbolic(name)[0])


@names
def test_value_is_the_source_s(name):
    value = computed(name)[0]
    assert value.shape == (len(places(name)),)
    theirs = [SOURCES[name](w) for w in places(name)]
    np.testing.assert_allclose(value, theirs, rtol=0, atol=ROUND_OFF * sizes(name)[0])


@names
def test_gradient_is_sympy_s(name):
    exactly = [at(name, symbolic(name)[2], w) for w in places(name)[:5]]
    np.testing.assert_allclose(computed(name)[1][:5], exactly, rtol=0, atol=ROUND_OFF * max(sizes(name)))


@names
def test_gradient_is_that_of_finite_differences_of_the_source(name):
    h, w, source = 1e-4, places(name)[:12], SOURCES[name]
    steps = h * np.eye(w.shape[1])
    central = [[(source(x + e) - source(x - e)) / (2 * h) for e in steps] for x in w]
    # round-off 1e-16/h; truncation h^2/6 times the third derivative, below 100 times the sizes on these windows
    tolerance = (1e-15 / h + 100 * h**2 / 6) * max(sizes(name))
    np.testing.assert_allclose(computed(name)[1][:12], central, rtol=0, atol=tolerance)


@names
def test_hessian_is_sympy_s(name):
    exactly = np.array([[at(name, row, w) for row in symbolic(name)[3]] for w in places(name)[:3]])
    tolerance = ROUND_OFF * max(*sizes(name), abs(exactly).max())
    np.testing.assert_allclose(computed(name)[2][:3], exactly, rtol=0, atol=tolerance)


@names
def test_vmap_is_a_loop(name):
    for w, value, gradient in zip(places(name)[:2], *computed(name)[:2], strict=False):
        one_value, one_gradient = jax.value_and_grad(get_landscape(name).value)(w)
        # compiled together, a product and a sum may become one instruction, without a rounding in between
        np.testing.assert_allclose(value, one_value, rtol=0, atol=ROUND_OFF * sizes(name)[0])
        np.testing.assert_allclose(gradient, one_gradient, rtol=0, atol=ROUND_OFF * max(sizes(name)))


@names
def test_scalars_are_as_good_as_a_vector(name):
    coordinates = tuple(jnp.asarray(column) for column in places(name).T)
    value, gradient = jax.jit(jax.vmap(jax.value_and_grad(get_landscape(name).value)))(coordinates)
    np.testing.assert_allclose(value, computed(name)[0], rtol=0, atol=ROUND_OFF * sizes(name)[0])  # as above
    np.testing.assert_allclose(np.stack(gradient, axis=1), computed(name)[1], rtol=0, atol=ROUND_OFF * max(sizes(name)))


@names
def test_float32_stays_float32(name):
    single = computed(name, np.float32)
    assert {x.dtype for x in single} == {np.dtype(np.float32)}
    # 1e-6: ten roundings of 6e-8; rounding the place costs its size times the gradient
    value_size, gradient_size = sizes(name)
    tolerance = 1e-6 * (value_size + abs(places(name)).max() * gradient_size)
    np.testing.assert_allclose(single[0], computed(name)[0], rtol=0, atol=tolerance)


@names
def test_finite_on_its_whole_domain(name):
    for dtype in (np.float32, np.float64):
        assert all(np.isfinite(x).all() for x in computed(name, dtype))
