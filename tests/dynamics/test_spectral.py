"""Roots of symmetric matrices against SciPy, in both layouts, with their derivatives."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import linalg

from samscape.dynamics.spectral import multiply, root_of_size, square_root

jax.config.update("jax_enable_x64", True)  # as importing any landscape does
RNG = np.random.default_rng(5)


def _rows(matrix):
    return tuple(tuple(jnp.asarray(x) for x in row) for row in matrix)


def _semidefinite(d, rank=None):
    factor = RNG.normal(size=(d, rank or d))
    return factor @ factor.T


@pytest.mark.parametrize("d", [1, 2, 3, 6])
def test_square_root_squares_to_the_matrix_and_is_scipys(d):
    matrix = _semidefinite(d)
    root = np.asarray(square_root(jnp.asarray(matrix)))
    # round-off: some 10 units of float64 times the condition of the root (below 1e3 here)
    np.testing.assert_allclose(root @ root, matrix, rtol=0, atol=1e-12 * np.abs(matrix).max())
    np.testing.assert_allclose(
        root, np.real(np.asarray(linalg.sqrtm(matrix))), rtol=0, atol=1e-11 * np.abs(matrix).max()
    )


@pytest.mark.parametrize("d", [1, 2])
def test_rows_of_scalars_give_the_same_roots(d):
    matrix = RNG.normal(size=(d, d))
    matrix = matrix + matrix.T
    for function, argument in ((square_root, matrix @ matrix), (root_of_size, matrix)):
        rows = function(_rows(argument))
        # the same formula in either layout: the last digit may differ by the order XLA adds in
        np.testing.assert_allclose(np.array(rows, float), function(jnp.asarray(argument)), rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("d", [1, 2, 3, 5])
def test_root_of_size_is_the_root_of_the_absolute_eigenvalues(d):
    matrix = RNG.normal(size=(d, d))
    matrix = matrix + matrix.T
    values, vectors = np.linalg.eigh(matrix)
    expected = vectors @ np.diag(np.sqrt(np.abs(values))) @ vectors.T
    # round-off times the condition of a root near a small eigenvalue (no smaller than 1e-3 of the largest here)
    np.testing.assert_allclose(root_of_size(jnp.asarray(matrix)), expected, rtol=0, atol=1e-11)


SINGULAR = [np.zeros((1, 1)), np.zeros((2, 2)), np.diag([4.0, 0.0]), np.ones((2, 2)), np.diag([1.0, 0.0, 0.0])]


@pytest.mark.parametrize("matrix", SINGULAR)
def test_singular_matrices_have_roots(matrix):
    root = np.asarray(square_root(jnp.asarray(matrix)))
    np.testing.assert_allclose(root @ root, matrix, rtol=0, atol=1e-14)  # round-off
    np.testing.assert_allclose(root, root.T, rtol=0, atol=1e-14)
    assert np.linalg.eigvalsh(root)[0] >= -1e-14


@pytest.mark.parametrize("values", [(1.0, 2.0, 4.0), (1.0, 1.0, 3.0), (2.0, 2.0, 2.0), (1.0, 1.0 + 1e-9, 5.0)])
def test_derivative_of_the_root_solves_sylvesters_equation(values):
    vectors = np.linalg.qr(RNG.normal(size=(3, 3)))[0]
    matrix = vectors @ np.diag(values) @ vectors.T
    change = RNG.normal(size=(3, 3))
    change = change + change.T
    root, derivative = jax.jvp(square_root, (jnp.asarray(matrix),), (jnp.asarray(change),))
    # R R = A gives R dR + dR R = dA
    expected = linalg.solve_sylvester(np.asarray(root), np.asarray(root), change)
    # where eigenvalues meet, the midpoint slope's error: (gap < 6e-6 of the largest)^2, below 1e-9
    np.testing.assert_allclose(derivative, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("d", [1, 2])
def test_derivative_of_the_closed_roots_solves_sylvesters_equation(d):
    matrix, change = _semidefinite(d) + np.eye(d), RNG.normal(size=(d, d))
    change = change + change.T
    root, derivative = jax.jvp(square_root, (jnp.asarray(matrix),), (jnp.asarray(change),))
    expected = linalg.solve_sylvester(np.asarray(root), np.asarray(root), change)
    np.testing.assert_allclose(derivative, expected, rtol=1e-12, atol=1e-13)  # round-off


def test_multiply_agrees_in_both_layouts():
    matrix, vector = RNG.normal(size=(3, 3)), RNG.normal(size=3)
    rows = multiply(_rows(matrix), tuple(jnp.asarray(x) for x in vector))
    np.testing.assert_allclose(np.array(rows, float), matrix @ vector, rtol=1e-14, atol=1e-15)  # round-off
    np.testing.assert_allclose(multiply(jnp.asarray(matrix), jnp.asarray(vector)), matrix @ vector, rtol=1e-14)
    sparse = ((jnp.asarray(2.0), None), (None, jnp.asarray(-3.0)))
    assert [float(x) for x in multiply(sparse, (jnp.asarray(5.0), jnp.asarray(7.0)))] == [10.0, -21.0]
