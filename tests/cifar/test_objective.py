"""The training loss against NumPy, and the rules of `dynamics` on it."""

import jax
import jax.flatten_util
import jax.numpy as jnp
import numpy as np
import pytest

from samscape.cifar.objective import Seen, TrainingLoss, statistics_after
from samscape.dynamics.objective import Batches
from samscape.dynamics.rule import Rule

RTOL = 2e-6  # float32 sums of a few dozen terms: some units of 6e-8 each


def log_softmax(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


@pytest.fixture(scope="module")
def logits(small):
    return np.asarray(small.apply(small.params, small.stats, small.images, train=True)[0], np.float64)


def value(small, **options):
    objective = TrainingLoss(small.apply, **options).objective(small.stats, None)
    return jax.jit(objective.loss)(small.params, (small.images, small.labels))


def test_smoothed_cross_entropy_is_that_with_softened_targets(small, logits):
    s, labels = 0.1, np.asarray(small.labels)
    targets = (1 - s) * np.eye(3)[labels] + s / 3
    expected = -(targets * log_softmax(logits)).sum(axis=-1).mean()
    loss, seen = value(small, smoothing=s)
    np.testing.assert_allclose(loss, expected, rtol=RTOL)
    plain = -log_softmax(logits)[np.arange(24), labels].mean()
    np.testing.assert_allclose(seen.loss, plain, rtol=RTOL)  # what is logged is not smoothed
    np.testing.assert_allclose(seen.wrong, np.mean(logits.argmax(axis=-1) != labels), rtol=RTOL)


def test_squared_loss_is_half_the_squared_distance(small, logits):
    expected = 0.5 * ((logits - np.eye(3)[np.asarray(small.labels)]) ** 2).sum(axis=-1).mean()
    np.testing.assert_allclose(value(small, kind="squared")[0], expected, rtol=RTOL)


def test_decay_inside_adds_half_lambda_w_squared_over_all_parameters(small):
    decay = 0.3
    squares = sum((np.asarray(leaf, np.float64) ** 2).sum() for leaf in jax.tree.leaves(small.params))
    with_decay, seen = value(small, decay=decay)
    without, _ = value(small)
    np.testing.assert_allclose(with_decay - without, decay / 2 * squares, rtol=1e-5)  # a difference of two sums
    np.testing.assert_array_equal(seen.loss, without)


def test_the_gradient_is_that_of_the_loss_alone(small):
    """The statistics that a pass returns must not leak into it: central differences along the gradient."""
    params, stats, images = jax.tree.map(lambda x: x.astype(jnp.float64), (small.params, small.stats, small.images))
    objective = TrainingLoss(small.apply, smoothing=0.1, decay=0.1, dtype=jnp.float64).objective(stats, None)
    evaluation = jax.jit(objective.evaluate)(params, (images, small.labels))
    assert isinstance(evaluation.aux, Seen)
    direction, h = evaluation.gradient, 1e-6
    loss = jax.jit(
        lambda h: objective.loss(jax.tree.map(lambda w, d: w + h * d, params, direction), (images, small.labels))[0]
    )
    slope = sum(float((d**2).sum()) for d in jax.tree.leaves(direction))
    # rounding 1e-16 over 2 h, and the kinks of ReLU that lie within h, which bend the loss by some h of the slope
    assert (loss(h) - loss(-h)) / (2 * h) == pytest.approx(slope, rel=1e-5)


def test_example_losses_are_those_of_the_batch_together(small):
    """BatchNorm couples examples: the mean of the examples' losses is the loss only if they are normalised together."""
    objective = TrainingLoss(small.apply, smoothing=0.1).objective(small.stats, None)
    batch = (small.images, small.labels)
    losses, (mean, _) = jax.jit(lambda p: (objective.example_losses(p, batch), objective.loss(p, batch)))(small.params)
    assert losses.shape == (24,)
    np.testing.assert_allclose(losses.mean(), mean, rtol=RTOL)


def test_everything_is_float32(small):
    objective = TrainingLoss(small.apply, smoothing=0.1, decay=0.1).objective(small.stats, None)
    evaluation = jax.eval_shape(objective.evaluate, small.params, (small.images, small.labels))
    assert {leaf.dtype for leaf in jax.tree.leaves(evaluation)} == {jnp.dtype("float32")}


@pytest.mark.parametrize("perturbed", [True, False])
def test_statistics_of_both_passes_are_one_update_after_the_other(perturbed):
    m, before, b1, b2 = 0.9, 2.0, 5.0, -3.0
    first, second = (jnp.float32(m * before + (1 - m) * b) for b in (b1, b2))
    found = statistics_after({"mean": jnp.float32(before)}, {"mean": first}, {"mean": second}, perturbed, "both", m)
    one = m * before + (1 - m) * b1
    expected = m * one + (1 - m) * b2 if perturbed else one
    np.testing.assert_allclose(found["mean"], expected, rtol=RTOL)
    alone = statistics_after({"mean": jnp.float32(before)}, {"mean": first}, {"mean": second}, perturbed, "first", m)
    assert alone["mean"] is first


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "hinge"}, "kind = 'hinge'; choose cross_entropy or squared"),
        ({"smoothing": 1.0}, "label_smoothing = 1.0; give 0 <= s < 1"),
        ({"kind": "squared", "smoothing": 0.1}, "label_smoothing = 0.1 is for cross_entropy"),
        ({"decay": -1.0}, "weight_decay = -1.0; give 0 or more"),
    ],
)
def test_bad_options_are_refused_with_the_remedy(options, message):
    with pytest.raises(ValueError, match=message):
        TrainingLoss(lambda: None, **options)


def test_a_rule_takes_the_objective_as_it_takes_a_landscape(small):
    """One step of SAM on the network's tree against the same formula written out in NumPy on the flat vector."""
    from samscape.cifar.rules import rule_of
    from samscape.cifar.settings import RuleChoice, Settings

    settings = Settings(rule=RuleChoice("sam", {"rho": 0.2}), eta=0.5, momentum=0.0, weight_decay=0.1)
    rule = rule_of(settings, "sam")
    assert isinstance(rule, Rule)
    objective = TrainingLoss(small.apply).objective(small.stats, None)
    batch = (small.images, small.labels)
    step = jax.jit(lambda p: rule.step(objective, p, rule.init(p), Batches(batch)))(small.params)
    flat, back = jax.flatten_util.ravel_pytree(small.params)
    slope = jax.jit(jax.grad(lambda p: objective.loss(p, batch)[0]))

    def gradient(w):
        return np.asarray(jax.flatten_util.ravel_pytree(slope(back(w)))[0])

    g = gradient(flat)
    g_adv = gradient(flat + 0.2 * g / np.linalg.norm(g))
    expected = np.asarray(flat) - 0.5 * (g_adv + 0.1 * np.asarray(flat))
    found = jax.flatten_util.ravel_pytree(step.params)[0]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)  # entries of order one, gradients to float32
    assert step.diagnostics.evaluations == 2
