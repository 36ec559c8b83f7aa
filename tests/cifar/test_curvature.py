"""Curvature of a network against the full Hessian, matfree's Lanczos, and differences of gradients."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.flatten_util import ravel_pytree

from samscape.cifar.curvature import extreme_eigenvalues, hessian_product, trace_and_frobenius
from samscape.cifar.measured_loss import MeasuredLoss, count, cut, example_losses, mean_loss, measure

MODES = ("batch", "running")


@pytest.fixture(scope="module")
def dense(small):
    """The full Hessian of the mean loss in float64 by mode, made from the definition: sum over batches, over n."""
    wide = jax.tree.map(lambda x: x.astype(jnp.float64), (small.params, small.stats))
    flat, restore = ravel_pytree(wide[0])

    def total(w, train):
        summed = 0.0
        for x, y in small.batches:
            logits, _ = small.apply(restore(w), wide[1], x.astype(jnp.float64), train=train, dtype=jnp.float64)
            summed += (jax.nn.logsumexp(logits, axis=1) - logits[jnp.arange(len(y)), y]).sum()
        return summed / 24

    return {mode: np.asarray(jax.jit(jax.hessian(total), static_argnums=1)(flat, mode == "batch")) for mode in MODES}


@pytest.mark.parametrize("mode", MODES)
def test_extreme_eigenvalues_are_those_of_the_full_hessian(small, dense, mode):
    loss = MeasuredLoss(small.apply, mode)
    found = extreme_eigenvalues(loss, small.params, small.stats, small.batches, tolerance=1e-5)
    values = np.linalg.eigvalsh(dense[mode])
    norm = np.abs(values).max()
    assert found.converged
    # the stopping residual bounds the error by 1e-5 of the norm; float32 products add about 1e-6 of it
    assert found.largest == pytest.approx(values[-1], abs=2e-5 * norm)
    assert found.smallest == pytest.approx(values[0], abs=2e-5 * norm)
    assert found.spectral_norm == max(abs(found.largest), abs(found.smallest))
    assert max(found.residuals) <= 1e-5 * found.spectral_norm


def test_default_tolerance_needs_few_products_and_errs_below_its_residual(small, dense):
    loss = MeasuredLoss(small.apply, "batch")
    found = extreme_eigenvalues(loss, small.params, small.stats, small.batches)
    values = np.linalg.eigvalsh(dense["batch"])
    assert found.products < len(values) / 3
    assert max(found.residuals) <= 1e-3 * found.spectral_norm
    # an eigenvalue lies within the residual; 1e-6 of the norm is float32's share
    assert abs(found.largest - values[-1]) <= found.residuals[0] + 1e-6 * values[-1]


def test_batchnorm_mode_changes_the_curvature(small, dense):
    ends = [np.linalg.eigvalsh(dense[mode])[-1] for mode in MODES]
    assert abs(ends[0] / ends[1] - 1) > 0.1


def test_matfree_finds_the_same_largest_eigenvalue(small):
    from matfree import decomp

    loss = MeasuredLoss(small.apply, "batch")
    flat, restore = ravel_pytree(small.params)

    def matvec(v, w):
        gradient = jax.grad(lambda p: sum(loss.total(restore(p), small.stats, batch) for batch in small.batches) / 24)
        return jax.jvp(gradient, (w,), (v,))[1]

    start = jnp.asarray(np.random.default_rng(5).standard_normal(flat.size), jnp.float32)
    made = decomp.tridiag_sym(40, reortho="full", materialize=True)(matvec, start, flat)
    theirs = np.linalg.eigvalsh(np.asarray(made.J_small))
    found = extreme_eigenvalues(loss, small.params, small.stats, small.batches, tolerance=1e-5)
    # 40 products from another vector: both are converged to float32's 1e-6, with a margin for the condition
    assert found.largest == pytest.approx(theirs[-1], rel=2e-5)
    assert found.smallest == pytest.approx(theirs[0], abs=2e-5 * found.spectral_norm)


def test_product_is_the_difference_of_gradients_in_float64_and_keeps_float32(small, dense):
    direction = jax.tree.map(
        lambda x: jnp.asarray(np.random.default_rng(x.size).standard_normal(x.shape), jnp.float32), small.params
    )
    image = hessian_product(MeasuredLoss(small.apply), small.params, small.stats, small.batches, direction)
    assert {x.dtype for x in jax.tree.leaves(image)} == {jnp.dtype(jnp.float32)}
    expected = dense["batch"] @ np.asarray(ravel_pytree(direction)[0], float)
    # float32 sums of some hundred terms: 1e-5 of the largest entry
    np.testing.assert_allclose(ravel_pytree(image)[0], expected, rtol=0, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("mode", MODES)
def test_trace_and_frobenius_norm_are_within_five_standard_errors(small, dense, mode):
    loss = MeasuredLoss(small.apply, mode)
    trace, norm = trace_and_frobenius(loss, small.params, small.stats, small.batches, probes=64)
    # five standard errors: once in two million; the seed is fixed
    assert abs(trace.value - np.trace(dense[mode])) < 5 * trace.standard_error
    assert abs(norm.value - np.linalg.norm(dense[mode])) < 5 * norm.standard_error
    assert 0 < trace.standard_error < 0.5 * abs(trace.value)
    assert 0 < norm.standard_error < 0.5 * norm.value


def test_probes_of_a_diagonal_hessian_find_trace_and_norm_without_error():
    # L = sum of 0.5 a_i w_i^2 as a squared loss: logits sqrt(a) w, targets of a label that is in none of the classes
    a = jnp.asarray([1.0, 4.0, 9.0, 16.0], jnp.float32)

    def apply(params, stats, x, *, train):
        return jnp.sqrt(a)[None] * params["w"][None] * jnp.ones((x.shape[0], 1), jnp.float32), stats

    loss = MeasuredLoss(apply, "batch", "squared")
    batches = [(jnp.ones((2, 1), jnp.float32), jnp.full(2, -1, jnp.int32))]
    params = {"w": jnp.ones(4, jnp.float32)}
    trace, norm = trace_and_frobenius(loss, params, {}, batches, probes=4)
    # signs square to one, so every probe gives the same number but for float32's rounding
    assert trace.value == pytest.approx(30, rel=1e-6)
    assert norm.value == pytest.approx(np.sqrt(1 + 16 + 81 + 256), rel=1e-6)
    assert trace.standard_error < 1e-5
    found = extreme_eigenvalues(loss, params, {}, batches, tolerance=1e-9)
    assert (found.products, found.converged) == (4, True)
    # four products span the whole space; float32
    assert (found.largest, found.smallest) == pytest.approx((16, 1), rel=1e-5)


def test_a_network_that_diverged_has_no_curvature_and_says_so(small):
    params = jax.tree.map(lambda x: x * jnp.float32(np.nan), small.params)
    found = extreme_eigenvalues(MeasuredLoss(small.apply), params, small.stats, small.batches)
    assert np.isnan(found.largest)
    assert not found.converged
    assert found.products == 1


def test_too_few_products_are_no_convergence(small):
    found = extreme_eigenvalues(MeasuredLoss(small.apply), small.params, small.stats, small.batches, products=2)
    assert found.products == 2
    assert not found.converged


def test_results_are_the_same_to_the_bit_on_every_call(small):
    loss = MeasuredLoss(small.apply)
    first, second = (extreme_eigenvalues(loss, small.params, small.stats, small.batches) for _ in range(2))
    assert first == second


def test_data_are_arguments_of_the_compiled_product_and_no_constants(small):
    from samscape.cifar.curvature import _product

    text = _product.lower(
        MeasuredLoss(small.apply), small.params, small.stats, small.batches[0], small.params
    ).as_text()
    constants = [line for line in text.splitlines() if "constant" in line and "10x4x4x2" in line and 'dense<"' in line]
    assert not constants


def test_cut_and_mean_loss_take_the_first_examples_in_order(small):
    batches = cut(small.images, small.labels, 10, 17)
    assert [len(y) for _, y in batches] == [10, 7]
    assert count(batches) == 17
    loss = MeasuredLoss(small.apply, "running")
    logits, _ = small.apply(small.params, small.stats, small.images[:17], train=False)
    table = np.asarray(logits, float)
    expected = np.log(np.exp(table).sum(1)) - table[np.arange(17), np.asarray(small.labels[:17])]
    # float32 logits of modulus 1
    assert mean_loss(loss, small.params, small.stats, batches) == pytest.approx(expected.mean(), rel=1e-5)
    wrong = (table.argmax(1) != np.asarray(small.labels[:17])).mean()
    assert measure(loss, small.params, small.stats, batches)[1] == pytest.approx(wrong)
    squared = np.asarray(example_losses(logits, small.labels[:17], "squared"))
    np.testing.assert_allclose(squared, ((table - np.eye(3)[small.labels[:17]]) ** 2).sum(1) / 2, rtol=1e-5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: MeasuredLoss(s.apply, "train"), "choose from batch, running"),
        (lambda s: MeasuredLoss(s.apply, kind="hinge"), "choose from cross_entropy, squared"),
        (lambda s: cut(s.images, s.labels, 0), "give at least one"),
        (lambda s: trace_and_frobenius(MeasuredLoss(s.apply), s.params, s.stats, s.batches, probes=1), "at least 2"),
        (
            lambda s: extreme_eigenvalues(MeasuredLoss(s.apply), s.params, s.stats, s.batches, tolerance=0.0),
            "must be positive",
        ),
    ],
)
def test_what_cannot_be_measured_is_refused_with_the_remedy(small, call, message):
    with pytest.raises(ValueError, match=message):
        call(small)
