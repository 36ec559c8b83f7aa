"""Epochs of training: what they depend on, both loops, switches, schedules, divergence."""

import dataclasses
import functools
import hashlib

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from samscape.cifar.data import Data
from samscape.cifar.keys import Stream, key_of, keys_of, order_of
from samscape.cifar.rules import decayed_heavy_ball, rule_of
from samscape.cifar.settings import Augment, RuleChoice, Settings
from samscape.cifar.train import Trainer
from samscape.dynamics.base import heavy_ball
from samscape.dynamics.methods import make_rule
from samscape.dynamics.objective import Objective

SETTINGS = Settings(
    batch=10, epochs=4, eta=0.2, schedule=((2, 0.1),), weight_decay=1e-3, rule=RuleChoice("sam", {"rho": 0.1}),
    drop_last=True,
)  # fmt: skip


def random_data(n=34):
    draw = np.random.default_rng(0)
    images, labels = draw.integers(0, 256, (n + 7, 4, 4, 1), np.uint8), draw.integers(0, 3, n + 7).astype(np.int32)
    zero, one = np.full(1, 0.5, np.float32), np.ones(1, np.float32)
    digest = hashlib.sha256(images.tobytes()).hexdigest()
    return Data(images[:n], labels[:n], images[n:], labels[n:], 3, zero, one, digest)


DATA = random_data()
NETWORKS = []
"""The fixture's network, once there is one: what is compiled for it is kept."""


@pytest.fixture(scope="module", autouse=True)
def _network(dense):
    NETWORKS.append(dense(16, 3))
    yield
    _trainer.cache_clear()
    NETWORKS.clear()


def trainer(loop="steps", **changes):
    return _trainer(loop, SETTINGS.replace(**changes))


@functools.lru_cache
def _trainer(loop, settings):
    return Trainer(settings, DATA, NETWORKS[0], loop)  # kept, since most of a test here is compilation


@pytest.fixture(scope="module")
def plain():
    return trainer()


def trained(of, method, epochs, seed=0, state=None):
    """The state after some epochs, and the epochs' results; the given state is left as it is."""
    state = (
        of.start(seed, method)
        if state is None
        else jax.tree.map(lambda x: jnp.array(x) if hasattr(x, "shape") else x, state)
    )
    results = []
    for _ in range(epochs):
        state, result = of.epoch(state, method)
        results.append(result)
    return state, results


def same(a, b):
    for x, y in zip(jax.tree.leaves(a), jax.tree.leaves(b), strict=True):
        np.testing.assert_array_equal(x, y, strict=True)


def network(state):
    return state.params, state.stats


def test_a_step_on_a_flat_vector_is_that_of_dynamics():
    """The rule that trains networks, without decay, against the rule as `dynamics` makes it, bit for bit."""
    settings = SETTINGS.replace(weight_decay=0.0)
    a = jnp.asarray(np.random.default_rng(1).standard_normal((5, 5)), jnp.float32)
    objective = Objective(lambda w, batch: jnp.sum((a @ w) ** 4) + jnp.sum(w**2))
    for name, method, numbers in (("gd", "sgd", {}), ("sam", "sam", {"rho": 0.1})):
        ours = rule_of(settings, method)
        theirs = make_rule(name, settings.eta, base=lambda eta: heavy_ball(eta, settings.momentum), **numbers)
        w = v = jnp.linspace(0.1, 0.5, 5, dtype=jnp.float32)
        state, other = ours.init(w), theirs.init(v)
        step, step_theirs = (jax.jit(lambda w, s, r=r: r.step(objective, w, s)[:2]) for r in (ours, theirs))
        for _ in range(3):
            (w, state), (v, other) = step(w, state), step_theirs(v, other)
        np.testing.assert_array_equal(w, v, strict=True)
        assert not np.array_equal(w, np.linspace(0.1, 0.5, 5, dtype=np.float32))


def test_decay_outside_is_torch_sgd_s():
    optimiser = decayed_heavy_ball(0.1, 0.9, 0.01)
    w, d, v = np.array([1.0, -2.0]), np.array([0.3, 0.4]), np.zeros(2)
    state = optimiser.init(jnp.asarray(w))
    for _ in range(3):
        change, state = optimiser.update(jnp.asarray(d), state, jnp.asarray(w))
        v = 0.9 * v + (d + 0.01 * w)
        np.testing.assert_allclose(change, -0.1 * v, rtol=1e-12)  # float64, three steps
        w = w + np.asarray(change)


def test_rho_0_is_sgd_bit_for_bit():
    of = trainer(rule=RuleChoice("sam", {"rho": 0.0}))
    same(network(trained(of, "sam", 2)[0]), network(trained(of, "sgd", 2)[0]))


def test_an_epoch_depends_on_seed_and_epoch_alone(plain):
    """Two trainers, one of which has trained otherwise in between."""
    whole, _ = trained(plain, "sam", 3)
    trained(plain, "sgd", 1, seed=5)
    half, _ = trained(plain, "sam", 1)
    fresh = Trainer(SETTINGS, DATA, NETWORKS[0], "steps")
    same(trained(fresh, "sam", 2, state=half)[0], whole)
    other, _ = trained(plain, "sam", 3, seed=1)
    assert not np.array_equal(other.params["first"], whole.params["first"])


@pytest.mark.parametrize("method", [pytest.param("sgd", marks=pytest.mark.slow), "sam"])
def test_a_scan_over_chunks_is_the_loop_over_steps(method, monkeypatch):
    monkeypatch.setattr("samscape.cifar.train.CHUNK", 2)  # 3 whole batches and one of 4: chunks of 2 and 1, a step
    whole = {"drop_last": False}
    scanned, results = trained(trainer("scan", **whole), method, 2)
    looped, expected = trained(trainer(**whole), method, 2)
    for x, y in zip(jax.tree.leaves(network(scanned)), jax.tree.leaves(network(looped)), strict=True):
        # other fusions round otherwise: 8 steps, each some units of 6e-8 of entries of order one
        np.testing.assert_allclose(x, y, rtol=1e-4, atol=1e-5)
    for result, one in zip(results, expected, strict=True):
        assert result.train_loss == pytest.approx(one.train_loss, rel=1e-5)  # as above, averaged
        assert (result.gradients, result.perturbed_share) == (one.gradients, one.perturbed_share)


def test_every_example_is_met_once_an_epoch_in_an_order_of_its_own():
    """The labels of the batches, as a loss that records them sees them."""
    orders = [order_of(0, epoch, 34) for epoch in (0, 1)]
    for order in orders:
        assert sorted(order) == list(range(34))
    assert not np.array_equal(*orders)
    assert trainer(drop_last=False).sizes == [10, 10, 10, 4]
    assert trainer().sizes == [10, 10, 10]
    assert trainer(batch=100).sizes == [34]


def test_keys_are_a_function_of_seed_epoch_step_and_stream():
    places = [(s, e, k, stream) for s in (0, 1) for e in (0, 1) for k in (0, 1) for stream in Stream]
    found = {place: tuple(np.asarray(jax.random.key_data(key_of(*place))).tolist()) for place in places}
    assert len(set(found.values())) == len(places)
    for s, e, k, stream in places:
        np.testing.assert_array_equal(keys_of(s, e, np.arange(2, dtype=np.int32))[k, stream], found[s, e, k, stream])
    under_jit = jax.jit(lambda s, e, k: jax.random.key_data(key_of(s, e, k, Stream.RULE)))
    assert tuple(np.asarray(under_jit(np.uint32(1), np.int32(0), np.int32(1))).tolist()) == found[1, 0, 1, Stream.RULE]


@pytest.mark.parametrize("momentum", ["keep", "reset"])
def test_a_switch_before_the_first_step_is_the_other_method_alone(momentum):
    of = trainer(momentum_at_switch=momentum)
    switched = of.switched(of.start(0, "sgd"), "sam")
    same(trained(of, "sam", 2, state=switched)[0], trained(of, "sam", 2)[0])


def test_momentum_is_kept_or_set_to_zero():
    state, _ = trained(trainer(), "sgd", 1)
    norms = {}
    for choice in ("keep", "reset"):
        switched = trainer(momentum_at_switch=choice).switched(state, "sam")
        norms[choice] = sum(float(jnp.sum(x**2)) for x in jax.tree.leaves(switched.rule_state.base))
        same(network(switched), network(state))
    assert norms["reset"] == 0
    assert norms["keep"] == sum(float(jnp.sum(x**2)) for x in jax.tree.leaves(state.rule_state.base)) > 0


def test_a_schedule_compiles_nothing_anew(plain):
    _, results = trained(plain, "sgd", 4)
    assert [round(result.eta, 6) for result in results] == [0.2, 0.2, 0.02, 0.02]
    compiled = plain._one._cache_size()
    trained(plain, "sgd", 4, seed=3)
    assert plain._one._cache_size() == compiled


def test_statistics_of_both_passes_count_if_asked_for():
    first, both = (trained(trainer(bn_statistics=passes), "sam", 1)[0] for passes in ("first", "both"))
    same(first.params, both.params)  # running statistics have no part in training
    assert not np.array_equal(first.stats["mean"], both.stats["mean"])
    sgd = [trained(trainer(bn_statistics=passes), "sgd", 1)[0].stats for passes in ("first", "both")]
    same(*sgd)  # one pass is one pass


def test_weight_decay_inside_the_ascent_changes_where_it_leads():
    """In the descent it is the same gradient; rho = 0 shows it, up to rounding, and rho > 0 that the ascent differs."""
    for rho, equal in ((0.0, True), (0.3, False)):
        rule = RuleChoice("sam", {"rho": rho})
        inside, outside = (
            trained(trainer(weight_decay=0.1, weight_decay_in_ascent=where, rule=rule), "sam", 1)[0].params["first"]
            for where in (True, False)
        )
        distance = float(jnp.max(jnp.abs(inside - outside)))
        assert (distance < 1e-5) == equal  # three steps' rounding of entries of order one; a rotated ascent moves more
    same(*(trained(trainer(weight_decay_in_ascent=where), "sgd", 1)[0].params for where in (True, False)))


OTHERS = [
    RuleChoice("esam", {"rho": 0.1}), RuleChoice("ss_sam", {"p": 0.5}), RuleChoice("look_sam", {"rho": 0.1, "k": 2}),
    RuleChoice("asam", {"rho": 0.5}), RuleChoice("random", {"rho": 0.1}), RuleChoice("usam", {"rho": 0.1}),
    RuleChoice("n_sam", {"rho": 0.1, "inner": "previous"}), RuleChoice("usam_independent", {"rho": 0.1}),
]  # fmt: skip


@pytest.mark.parametrize(
    "rule",
    [
        RuleChoice("m_sam", {"rho": 0.1, "m": 2}),
        RuleChoice("ae_sam", {"rho": 0.1, "horizon": 8}),
        *(pytest.param(rule, marks=pytest.mark.slow) for rule in OTHERS),
    ],
    ids=lambda rule: rule.name,
)
def test_any_rule_of_the_family_can_be_the_method(rule):
    state, results = trained(trainer(rule=rule, bn_statistics="both"), "sam", 2)
    assert {leaf.dtype for leaf in jax.tree.leaves(network(state))} == {jnp.dtype("float32")}
    assert all(np.isfinite(result.train_loss) and result.bad_step is None for result in results)
    assert all(0 <= result.perturbed_share <= 1 and result.gradients >= 3 for result in results)


def test_adamw_is_a_base_too():
    state, results = trained(trainer(base="adamw", eta=0.01), "sam", 2)
    assert results[1].train_loss < results[0].train_loss
    assert {leaf.dtype for leaf in jax.tree.leaves(state.params)} == {jnp.dtype("float32")}


def test_n_sam_on_all_examples_is_refused():
    with pytest.raises(ValueError, match=r"inner = 'full' takes a gradient over all 34 images.*'previous'"):
        trainer(rule=RuleChoice("n_sam", {"rho": 0.1, "inner": "full"}))


def test_the_previous_batch_is_the_previous_batch():
    """The last whole batch of the epoch before, at an epoch's first step; at the very first, the step's own."""
    rule = RuleChoice("n_sam", {"rho": 0.1, "inner": "previous"})
    of = trainer(rule=rule, drop_last=False, augment=Augment(crop=1))
    orders, rule = [order_of(0, epoch, 34) for epoch in (0, 1)], of.rules["sam"]
    for epoch, k, (then, step) in ((0, 0, (0, 0)), (0, 2, (0, 1)), (1, 0, (0, 2)), (1, 1, (1, 0)), (1, 3, (1, 2))):
        turns, last = of._turns(0, epoch)
        turn = last if k == 3 else jax.tree.map(lambda x, k=k: x[k], turns)
        size = 4 if k == 3 else 10
        chosen = orders[then][10 * step : 10 * step + size]
        expected = of._batch(of._train, chosen, key_of(0, then, step, Stream.AUGMENT))
        same(of._inner(rule, of._train, turn), expected)


def test_divergence_is_recorded_with_its_step():
    of = trainer(eta=1e30, momentum=0.0, schedule="constant")
    state, results = trained(of, "sgd", 2)
    assert results[0].bad_step is not None
    assert 0 < results[0].bad_step < 3
    assert results[1].bad_step == 0
    assert not np.isfinite(np.asarray(state.params["first"])).all()


def test_evaluation_is_over_all_examples_whatever_the_batches(plain, monkeypatch):
    state, _ = trained(plain, "sgd", 1)
    images = (DATA.train_images / 255 - 0.5).astype(np.float32)
    logits = np.asarray(NETWORKS[0].apply(state.params, state.stats, jnp.asarray(images), train=False)[0], np.float64)
    losses = np.log(np.exp(logits).sum(-1)) - logits[np.arange(34), DATA.train_labels]
    for size in (1000, 8):
        monkeypatch.setattr("samscape.cifar.train.EVALUATED", size)
        loss, error = plain.evaluate(state, "train")
        assert loss == pytest.approx(losses.mean(), rel=1e-5)  # float32 sums of 34 terms
        assert error == pytest.approx(np.mean(logits.argmax(-1) != DATA.train_labels), abs=1e-12)


def test_what_is_logged_counts_examples_and_gradients(plain):
    _, results = trained(plain, "sam", 1)
    assert results[0].gradients == 2 * 3
    assert results[0].perturbed_share == 1
    assert results[0].images_per_second == pytest.approx(30 / results[0].seconds)
    assert 0 <= results[0].train_error <= 1
    assert round(results[0].train_error * 30, 9) == round(results[0].train_error * 30)


def test_progress_ends_at_one(plain):
    shares = []
    plain.epoch(plain.start(0, "sgd"), "sgd", shares.append)
    assert shares[-1] == 1
    assert shares == sorted(shares)


def test_a_step_alone_is_the_step_of_the_epoch(plain):
    """What measurements after a switch take: whole batches of the same epoch, one by one."""
    epoch, _ = trained(trainer(), "sam", 1)
    of = trainer()
    start = of.start(0, "sam")
    carry = (start.params, start.stats, start.rule_state)
    for t in range(3):
        carry = of.one_step(carry, "sam", 0.2, 0, 0, t)
    same(carry, epoch[:3])


def test_settings_are_left_as_they_are():
    before = dataclasses.asdict(SETTINGS)
    trained(trainer(), "sam", 1)
    assert dataclasses.asdict(SETTINGS) == before
