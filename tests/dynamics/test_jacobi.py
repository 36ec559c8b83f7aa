"""Jacobi's eigenpairs against LAPACK's, one matrix at a time, on spectra that are easy and hard."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from samscape.dynamics.jacobi import symmetric_eigen

jax.config.update("jax_enable_x64", True)  # as importing any landscape does
RNG = np.random.default_rng(3)
EPS = np.finfo(float).eps


def _with_spectrum(values):
    vectors = np.linalg.qr(RNG.normal(size=(len(values), len(values))))[0]
    matrix = vectors @ np.diag(values) @ vectors.T
    return (matrix + matrix.T) / 2


SPECTRA = {
    "random_3": RNG.normal(size=3),
    "random_4": RNG.normal(size=4),
    "random_7": RNG.normal(size=7),
    "random_40": RNG.normal(size=40),
    "graded": 10.0 ** -np.arange(12),
    "multiple": np.array([1.0, 1.0, 1.0, -2.0, -2.0]),
    "clustered": 1 + 1e-12 * np.arange(6),
    "rank_one": np.array([0.0, 0.0, 0.0, 3.0]),
    "zero": np.zeros(3),
}


@pytest.mark.parametrize("name", SPECTRA)
def test_eigenpairs_are_lapacks(name):
    matrix = _with_spectrum(SPECTRA[name])
    values, vectors = map(np.asarray, jax.jit(symmetric_eigen)(jnp.asarray(matrix)))
    d = len(values)
    # backward stable: some d units of round-off of the largest eigenvalue, over some 10 sweeps
    size = max(np.abs(SPECTRA[name]).max(), 1e-300)
    np.testing.assert_allclose(np.sort(values), np.linalg.eigvalsh(matrix), rtol=0, atol=10 * d * EPS * size)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(d), rtol=0, atol=20 * d * EPS)
    np.testing.assert_allclose(vectors * values @ vectors.T, matrix, rtol=0, atol=20 * d * EPS * size)


@pytest.mark.parametrize("d", [1, 2, 3, 8])
def test_float32_stays_float32_and_batches(d):
    batch = RNG.normal(size=(50, d, d)).astype(np.float32)
    batch = batch + batch.swapaxes(1, 2)
    values, vectors = jax.jit(jax.vmap(symmetric_eigen))(batch)
    assert values.dtype == vectors.dtype == jnp.float32
    for matrix, found in zip(batch, values):
        expected = np.linalg.eigvalsh(matrix.astype(float))
        # as above, in float32
        np.testing.assert_allclose(np.sort(found), expected, rtol=0, atol=20 * d * 6e-8 * np.abs(expected).max())


def test_a_matrix_that_is_not_finite_gives_nan_without_hanging():
    assert not np.isfinite(symmetric_eigen(jnp.full((3, 3), jnp.nan))[0]).any()
