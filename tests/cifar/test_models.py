"""The networks: counts, initial weights, BatchNorm, types, and purity."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from samscape.cifar.models.adapter import MODELS, build

CIFAR = (32, 32, 3)
F32 = jnp.float32

# parameters: what the networks' PyTorch definitions count (test_models_parity.py counts them again)
COUNTS = {
    "wrn-16-8": (10_961_370, 1.548),
    "wrn-28-10": (36_479_194, 5.243),
    "wrn-22-8": (17_158_106, 2.454),
    "wrn-34-10": (46_160_474, 6.659),
    "wrn-16-1": (175_066, 0.02666),
    "vgg16-bn": (33_646_666, 0.3321),
    "resnet20": (269_722, 0.04055),
}


@pytest.mark.parametrize("name", COUNTS)
def test_parameters_and_multiplications_are_those_of_the_literature(name):
    model = build(name, {}, 10, CIFAR)
    parameters, gigamacs = COUNTS[name]
    assert model.parameters == parameters
    assert model.macs() / 1e9 == pytest.approx(gigamacs, rel=5e-4)  # four digits given


@functools.cache
def compiled(model):
    """The network's `apply` under jit, once for each network: layer by layer it would take many seconds."""
    return jax.jit(model.apply, static_argnames=("train", "dtype"))


@functools.cache
def weights(name, width):
    """Parameters and statistics; options that change no shape change no weights."""
    return jax.jit(build(name, {"width": width} if width else {}, 10, (8, 8, 1)).init)(jax.random.key(0))


def small(name="tiny-resnet", **options):
    model = build(name, options, 10, (8, 8, 1))
    params, stats = weights(name, options.get("width"))
    return model, params, stats, jax.random.normal(jax.random.key(1), (16, 8, 8, 1), F32)


def test_weights_are_float32_under_text_keys_and_logits_start_at_zero():
    model, params, stats, x = small()
    leaves = jax.tree_util.tree_leaves_with_path((params, stats))
    assert {leaf.dtype for _, leaf in leaves} == {np.dtype("float32")}
    assert all(isinstance(entry.key, str) for path, _ in leaves for entry in path[1:])
    logits, after = compiled(model)(params, stats, x, train=True)
    assert logits.dtype == F32
    assert not np.any(logits)  # the final layer of a wide residual network is zero
    assert jax.tree.structure(after) == jax.tree.structure(stats)
    assert {leaf.dtype for leaf in jax.tree.leaves(after)} == {np.dtype("float32")}


@pytest.mark.parametrize(
    ("name", "where", "variance"),
    [
        ("wrn-16-8", ("stage2_unit2", "conv2"), 2 / (9 * 256)),
        ("vgg16-bn", ("conv4_1",), 2 / (9 * 512)),  # fan-out: 512, where 256 come in
        ("resnet20", ("stage3_block2", "conv1"), 2 / (9 * 64)),
    ],
)
def test_convolutions_are_kaiming_normal(name, where, variance):
    model = build(name, {}, 10, CIFAR)

    def chosen(key):
        tree, _ = model.init(key)
        for part in (*where, "kernel"):
            tree = tree[part]
        return tree

    kernel = jax.jit(chosen)(jax.random.key(3))  # the other weights are never computed
    n = kernel.size
    # five standard errors of a normal sample's variance, sqrt(2/n); the truncated tail of an initialiser would show
    assert np.var(kernel, dtype=float) == pytest.approx(variance, rel=5 * np.sqrt(2 / n))
    assert np.abs(np.mean(kernel, dtype=float)) < 5 * np.sqrt(variance / n)


def test_running_statistics_follow_the_batch_with_an_unbiased_variance():
    model, params, stats, x = small()
    _, after = compiled(model)(params, stats, x, train=True)
    stem = np.asarray(jax.lax.conv_general_dilated(
        x, params["stem"]["kernel"], (1, 1), ((1, 1), (1, 1)), dimension_numbers=("NHWC", "HWIO", "NHWC")
    ), float).reshape(-1, params["stem"]["kernel"].shape[-1])  # fmt: skip
    seen = after["stage1_unit1"]["bn1"]
    # float32 sums of 1024 numbers of order one
    np.testing.assert_allclose(seen["mean"], 0.1 * stem.mean(0), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(seen["var"], 0.9 + 0.1 * stem.var(0, ddof=1), rtol=1e-5)


def test_variance_survives_a_mean_a_thousand_times_larger():
    model, params, stats, x = small()
    shifted = {**params, "stem": {"kernel": jnp.zeros_like(params["stem"]["kernel"]).at[1, 1].set(1.0)}}
    _, after = compiled(model)(shifted, stats, 1e-2 * x + 10, train=True)
    spread = np.asarray(1e-2 * x + 10, float).var(ddof=1)
    got = (np.asarray(after["stage1_unit1"]["bn1"]["var"], float) - 0.9) / 0.1
    # .9 + 1e-5 keeps 1e-5 / 6e-8 parts of the difference; the cancelling formula would be off by 100 * 6e-8, 6 %
    np.testing.assert_allclose(got, spread, rtol=2e-2)


def test_bn_momentum_is_an_option():
    model, params, stats, x = small(bn_momentum=0.5)
    _, half = compiled(model)(params, stats, x, train=True)
    model, *_ = small(bn_momentum=1.0)
    _, kept = compiled(model)(params, stats, x, train=True)
    assert jax.tree.all(jax.tree.map(np.array_equal, kept, stats))
    assert not jax.tree.all(jax.tree.map(np.array_equal, half, stats))


def test_evaluation_uses_and_keeps_the_running_statistics():
    model, params, stats, x = small("resnet20")
    _, stats = compiled(model)(params, stats, x, train=True)
    both, after = compiled(model)(params, stats, x, train=False)
    alone, _ = compiled(model)(params, stats, x[:1], train=False)
    assert jax.tree.all(jax.tree.map(np.array_equal, after, stats))
    np.testing.assert_allclose(alone, both[:1], rtol=1e-4, atol=1e-5)  # float32, another batch's blocking


def test_gradient_under_jit_equals_a_difference_of_losses_and_vmap_equals_a_loop():
    model, params, stats, x = small("resnet20")

    @jax.jit
    def loss(p, x):
        return jnp.mean(jnp.square(model.apply(p, stats, x, train=True)[0]))

    gradient = jax.jit(jax.grad(loss))(params, x)
    step = 1e-3
    for part in (("linear", "bias"), ("linear", "kernel")):
        direction = jax.tree.map(jnp.zeros_like, params)
        direction[part[0]][part[1]] = gradient[part[0]][part[1]]
        up, down = (
            loss(jax.tree.map(lambda p, d, s=sign: p + jnp.float32(s * step) * d, params, direction), x)
            for sign in (1, -1)
        )
        exact = np.sum(np.square(direction[part[0]][part[1]], dtype=float))
        # quadratic in the last layer, so that only float32's round-off of the difference remains
        assert (float(up) - float(down)) / (2 * step) == pytest.approx(exact, rel=2e-2)
    pair = jnp.stack([x, 2 * x[::-1]])
    together = jax.vmap(loss, (None, 0))(params, pair)
    np.testing.assert_allclose(together, [loss(params, pair[0]), loss(params, pair[1])], rtol=1e-5)


def test_bfloat16_computes_near_float32_and_hands_back_float32():
    model, params, stats, x = small("resnet20")
    full, _ = compiled(model)(params, stats, x, train=True)
    half, after = compiled(model)(params, stats, x, train=True, dtype=jnp.bfloat16)
    assert half.dtype == F32
    assert {leaf.dtype for leaf in jax.tree.leaves(after)} == {np.dtype("float32")}
    error = np.linalg.norm(half - full) / np.linalg.norm(full)
    assert 1e-4 < error < 0.1  # 20 layers of relative round-off 2^-9, some sqrt(20) of it; exact equality means no bf16


def test_dropout_needs_training_and_a_key_and_repeats_with_it():
    model = build("vgg16-bn", {}, 10, CIFAR)
    # constant weights: drawing 34 million would take most of the time
    params, stats = (jax.tree.map(lambda leaf: jnp.full(leaf.shape, 0.1, F32), tree) for tree in model.shapes)
    x = jax.random.normal(jax.random.key(1), (2, *CIFAR), F32)

    def apply(params, train, key):
        return model.apply(params, stats, x, train=train, key=key)[0]

    trained = jax.jit(lambda params, key: apply(params, True, key))
    a, b = jax.random.key(2), jax.random.key(3)
    assert np.array_equal(trained(params, a), trained(params, a))
    assert not np.array_equal(trained(params, a), trained(params, b))
    for train, key, draws in ((True, a, True), (True, None, False), (False, a, False)):
        program = str(jax.make_jaxpr(lambda params, t=train, k=key: apply(params, t, k))(params))
        assert ("random_bits" in program) == draws


def test_dropout_keeps_the_mean():
    from samscape.cifar.models.vgg import dropped

    out = dropped(jnp.ones(100_000, F32), jax.random.key(0), 0.25)
    assert set(np.unique(out)) == {np.float32(0), np.float32(1) / np.float32(0.75)}
    # five standard errors of a mean of 1e5 draws with variance 1/3
    assert float(out.mean()) == pytest.approx(1, abs=5 * np.sqrt(1 / 3 / 1e5))


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match=r"model = 'wrn'; choose from wrn-16-8"):
        build("wrn", {}, 10, CIFAR)
    with pytest.raises(ValueError, match="tiny-resnet: options"):
        build("tiny-resnet", {"depth": 3}, 10, (8, 8, 1))
    with pytest.raises(ValueError, match="width = 0"):
        build("tiny-resnet", {"width": 0}, 10, (8, 8, 1))
    with pytest.raises(ValueError, match="give \\(h, w, channels\\)"):
        build("tiny-resnet", {}, 10, (8, 8))
    model, params, stats, x = small()
    with pytest.raises(ValueError, match="give floating numbers of shape"):
        model.apply(params, stats, x[:, :4], train=True)
    with pytest.raises(ValueError, match="five halvings"):
        build("vgg16-bn", {}, 10, (8, 8, 1)).macs()


def test_every_name_builds_for_its_images():
    for name in MODELS:
        shape = (8, 8, 1) if name == "tiny-resnet" else CIFAR
        params, _ = build(name, {}, 7, shape).shapes
        last = params["linear3" if name == "vgg16-bn" else "linear"]["kernel"]
        assert last.shape[1] == 7
