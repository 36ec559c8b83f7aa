"""What landscapes declare about their critical points, proved with SymPy from the formula alone.

A gradient that vanishes is reduced to the remainder 0 modulo the equations of the square roots and of the declared
roots, so it is zero exactly. Signs of eigenvalues are read off at 50 digits.
"""

import functools
import itertools

import jax
import mpmath
import numpy as np
import pytest
import sympy

from samscape.landscapes import CLOSED_FORM, get_landscape, parse_formula

VARIANTS = {
    "cosine-narrow": ("cosine", {"b": "1/2", "valleys": 3}),
    "difference_of_squares-3": ("difference_of_squares", {"target": 3}),
    "example_c1-other": ("example_c1", {"a": 1, "b": 2, "eps": "1/4"}),
    "huber-half": ("huber", {"delta": 0.5}),
    "quadratic-indefinite": ("quadratic", {"eigenvalues": (1, -2, "1/3")}),
    "quadratic-tilted": ("quadratic", {"eigenvalues": (2, "-1/2"), "tilt": (1, 2)}),
    "quadratic-valley": ("quadratic", {"eigenvalues": (3, 0), "tilt": (1, 2)}),
    "quadratic-ridge": ("quadratic", {"eigenvalues": (0, 0, -1), "tilt": (1, 2, 3)}),
    "quadratic-flat-saddle": ("quadratic", {"eigenvalues": (0, 1, -1)}),
    "quadratic-line": ("quadratic", {"eigenvalues": (-5,)}),
    "rastrigin-3": ("rastrigin", {"dimension": 3}),
    "styblinski_tang-1": ("styblinski_tang", {"dimension": 1}),
    "styblinski_tang-3": ("styblinski_tang", {"dimension": 3}),
    "uv-negative": ("uv", {"target": "-1/2"}),
}
CASES = {name: (name, {}) for name in CLOSED_FORM} | VARIANTS
cases = pytest.mark.parametrize("case", CASES)
DIGITS = 50


@functools.cache
def landscape_of(case):
    name, parameters = CASES[case]
    return get_landscape(name, **parameters)


def read(text, names):
    return parse_formula(text, names or ("unused",)).to_sympy()


class Fact:
    """A declared critical set in SymPy: its symbols, and the landscape's derivatives on it."""

    def __init__(self, landscape, declared):
        self.declared = declared
        self.parameters = [_symbol(name, low, high) for name, low, high in declared.family]
        self.roots = [sympy.Symbol(name, real=True) for name, *_ in declared.roots]
        self.equations = [read(equation, (name,)) for name, equation, _, _ in declared.roots]
        self.location = [self.read(text) for text in declared.location]
        w = [sympy.Symbol(v, real=True) for v in landscape.variables]
        place = list(zip(w, self.location, strict=True))
        loss = landscape.expression
        gradient = [sympy.diff(loss, x) for x in w]
        self.value = loss.subs(place, simultaneous=True)
        self.gradient = [g.subs(place, simultaneous=True) for g in gradient]
        self.hessian = sympy.Matrix([[sympy.diff(g, x).subs(place, simultaneous=True) for x in w] for g in gradient])

    def read(self, text):
        symbols = [*self.parameters, *self.roots]
        expression = read(text, tuple(s.name for s in symbols))
        return expression.subs([(sympy.Symbol(s.name, real=True), s) for s in symbols])

    def is_zero(self, expression):
        """Whether an expression in the parameters and roots vanishes identically."""
        relations, symbols = list(self.equations), list(self.roots)
        radicals = {}
        for power in sorted(expression.atoms(sympy.Pow), key=sympy.count_ops):  # inner square roots first
            if power.exp == sympy.Rational(1, 2) or power.exp == -sympy.Rational(1, 2):
                radicals.setdefault(sympy.sqrt(power.base), sympy.Dummy(positive=True))
        for root, symbol in reversed(radicals.items()):
            expression = expression.subs(root, symbol)
        for root, symbol in radicals.items():
            argument = root.base
            for inner, name in radicals.items():
                argument = argument.subs(inner, name) if inner != root else argument
            relations.insert(0, symbol**2 - argument)
            symbols.insert(0, symbol)
        numerator = sympy.fraction(sympy.together(expression))[0]
        if symbols:
            numerator = sympy.reduced(sympy.expand(numerator), relations, *symbols, order="lex")[1]
        return sympy.simplify(numerator) == 0

    def samples(self):
        """Exact values of the family's parameters, and the roots to many digits."""
        choices = [_inside(low, high) for _, low, high in self.declared.family]
        roots = {}
        for symbol, equation, (_, _, low, high) in zip(self.roots, self.equations, self.declared.roots, strict=True):
            inside = [r for r in sympy.real_roots(equation) if sympy.Rational(low) < r < sympy.Rational(high)]
            assert len(inside) == 1
            roots[symbol] = sympy.N(inside[0], DIGITS + 20)
        for values in itertools.product(*choices):
            yield dict(zip(self.parameters, values, strict=True)) | roots

    def eigenvalues(self, sample):
        numbers = self.hessian.subs(sample).evalf(DIGITS)
        with mpmath.workdps(DIGITS):
            return sorted(mpmath.eigsy(mpmath.matrix(numbers.tolist()), eigvals_only=True))


def _symbol(name, low, high):
    signs = {("0", "oo"): {"positive": True}, ("-oo", "0"): {"negative": True}}
    return sympy.Symbol(name, **signs.get((low, high), {"real": True}))


def _inside(low, high):
    """Three exact numbers of an interval that is the line or half of it."""
    numbers = {
        ("0", "oo"): ("1/3", "1", "5/2"),
        ("-oo", "0"): ("-1/3", "-1", "-5/2"),
        ("-oo", "oo"): ("-2", "0", "1/3"),
    }
    return [sympy.Rational(x) for x in numbers[low, high]]


@functools.cache
def facts(case):
    landscape = landscape_of(case)
    return [Fact(landscape, declared) for declared in landscape.critical_sets]


@cases
def test_gradient_vanishes_identically_on_every_declared_set(case):
    assert facts(case)
    for fact in facts(case):
        assert all(fact.is_zero(g) for g in fact.gradient), fact.declared


@cases
def test_declared_value_is_the_loss_there(case):
    for fact in facts(case):
        assert fact.is_zero(fact.value - fact.read(fact.declared.value)), fact.declared


@cases
def test_declared_sharpness_is_the_largest_eigenvalue(case):
    for fact in facts(case):
        sharpness = fact.read(fact.declared.sharpness)
        shifted = sharpness * sympy.eye(fact.hessian.rows) - fact.hessian
        assert fact.is_zero(shifted.det(method="berkowitz")), fact.declared
        for sample in fact.samples():  # which eigenvalue it is, at exact parameters
            largest = fact.eigenvalues(sample)[-1]
            assert abs(largest - sympy.N(sharpness.subs(sample), DIGITS)) < 1e-30  # of 50 digits


@cases
def test_declared_kind_and_index_are_the_hessian_s(case):
    for fact in facts(case):
        for sample in fact.samples():
            values = fact.eigenvalues(sample)
            below, above = sum(v < -1e-30 for v in values), sum(v > 1e-30 for v in values)  # 30 of 50 digits
            assert fact.declared.index == below
            if below + above < len(values) - len(fact.parameters):
                kind = "degenerate"
            elif below and above:
                kind = "saddle"
            else:
                kind = "maximum" if below else "minimum"
            assert fact.declared.kind == kind, (fact.declared, sample)


@cases
def test_declared_text_is_exact(case):
    for fact in facts(case):
        texts = (*fact.declared.location, fact.declared.sharpness, fact.declared.value)
        assert not any(fact.read(text).atoms(sympy.Float) for text in texts)
        assert len(fact.declared.location) == landscape_of(case).dimension


@cases
def test_minima_come_first(case):
    order = [declared.kind != "minimum" for declared in landscape_of(case).critical_sets]
    assert order == sorted(order)


@pytest.mark.parametrize("case", [c for c in CASES if any(s.roots for s in landscape_of(c).critical_sets)])
def test_declared_roots_are_simple_and_alone_in_their_interval(case):
    for fact in facts(case):
        for symbol, equation, (_, _, low, high) in zip(fact.roots, fact.equations, fact.declared.roots, strict=True):
            polynomial = sympy.Poly(equation, symbol)
            assert polynomial.count_roots(sympy.Rational(low), sympy.Rational(high)) == 1
            assert polynomial.gcd(polynomial.diff()).is_ground


@cases
def test_floats_of_a_declared_set_are_its_exact_numbers(case):
    for fact in facts(case):
        declared = fact.declared
        for sample in fact.samples():
            t = [float(sample[p]) for p in fact.parameters]
            exactly = [
                fact.read(text).subs(sample) for text in (*declared.location, declared.sharpness, declared.value)
            ]
            floats = [*declared.locate(*t), declared.sharpness_at(*t), declared.value_at(*t)]
            size = max(1.0, *(abs(float(x)) for x in exactly))
            # the root is right to 1e-15 relative; the polynomials in it, with coefficients up to 1e3, lose three digits
            np.testing.assert_allclose(floats, np.array(exactly, float), rtol=0, atol=1e-12 * size)


@pytest.mark.parametrize("case", [c for c in CASES if landscape_of(c).complete and landscape_of(c).dimension <= 2])
def test_newton_from_everywhere_finds_nothing_undeclared(case):
    landscape = landscape_of(case)
    domain = np.array(landscape.domain)
    w = np.random.default_rng(3).uniform(domain[:, 0], domain[:, 1], (200, len(domain)))
    derivatives = jax.jit(jax.vmap(lambda x: (jax.grad(landscape.value)(x), jax.hessian(landscape.value)(x))))
    with np.errstate(all="ignore"):  # steps that leave for infinity
        for _ in range(60):
            g, h = (np.nan_to_num(x) for x in derivatives(w))
            w = np.clip(w - np.einsum("nij,nj->ni", np.linalg.pinv(h, rcond=1e-12, hermitian=True), g), -1e3, 1e3)
    settled = np.linalg.norm(np.asarray(derivatives(w)[0]), axis=1) < 1e-12
    found = w[settled & ((w >= domain[:, 0]) & (w <= domain[:, 1])).all(axis=1)]
    assert len(found) >= 5
    nearest = np.min([_distances(fact, found) for fact in facts(case)], axis=0)
    # 1e-5: where the Hessian vanishes too, a gradient of 1e-12 is that far away
    assert found[nearest > 1e-5].tolist() == []


def _distances(fact, w):
    """Of the points w from a declared set; a family's parameters are read off the coordinates that they are."""
    location = sympy.lambdify(fact.parameters, fact.location, "numpy")
    if not fact.parameters:
        return np.linalg.norm(w - np.array([float(x.subs(next(fact.samples()))) for x in fact.location]), axis=1)
    if not set(fact.parameters) <= set(fact.location):  # a tilted line through the origin
        (direction,) = [np.array(location(1.0), float)]
        return np.linalg.norm(w - np.outer(w @ direction, direction) / (direction @ direction), axis=1)
    t = [w[:, fact.location.index(parameter)] for parameter in fact.parameters]
    inside = np.all([(low < x) & (x < high) for x, (low, high) in zip(t, fact.declared.intervals, strict=True)], axis=0)
    with np.errstate(all="ignore"):  # 1/t next to the end t = 0
        there = np.stack(np.broadcast_arrays(*location(*t), t[0])[:-1], axis=1)
        return np.where(inside, np.linalg.norm(w - there, axis=1), np.inf)
