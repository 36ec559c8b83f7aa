"""The noise is JAX's words, turned into normals and signs whose laws are what the schemes need."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from samscape.dynamics.noise import box_muller, no_signs, normals, path_keys, refill, signs, steps_per_word, threefry

jax.config.update("jax_enable_x64", True)  # as importing any landscape does
KEY = jax.random.key(2024)
fast_threefry = jax.jit(threefry)  # a hundred operations, compiled once rather than one by one


def test_words_are_the_key_data_of_jaxs_fold_in():
    word = jax.random.key_data(KEY)
    for step in (0, 1, 17, 2**31 - 1):
        ours = fast_threefry((word[0], word[1]), (jnp.uint32(0), jnp.uint32(step)))
        np.testing.assert_array_equal(np.array(ours), jax.random.key_data(jax.random.fold_in(KEY, step)))


def test_words_pass_the_authors_known_answers():
    # Random123, kat_vectors, threefry2x32 with 20 rounds: counter, key, hash
    vectors = [
        ((0, 0), (0, 0), (0x6B200159, 0x99BA4EFE)),
        ((0xFFFFFFFF, 0xFFFFFFFF), (0xFFFFFFFF, 0xFFFFFFFF), (0x1CB996FC, 0xBB002BE7)),
        ((0x243F6A88, 0x85A308D3), (0x13198A2E, 0x03707344), (0xC4923A9C, 0x483DF7A0)),
    ]
    for counter, key, expected in vectors:
        found = fast_threefry(tuple(map(jnp.uint32, key)), tuple(map(jnp.uint32, counter)))
        assert tuple(int(x) for x in found) == expected


def test_path_keys_are_jaxs_fold_in_of_start_and_path():
    a, b = path_keys(KEY, 3, 5, 9)
    expected = [jax.random.key_data(jax.random.fold_in(jax.random.fold_in(KEY, 3), p)) for p in range(5, 9)]
    np.testing.assert_array_equal(np.stack([a, b], axis=1), np.array(expected))


def test_path_keys_accept_raw_keys_and_refuse_others():
    raw = path_keys(jax.random.key_data(KEY), 0, 0, 4)
    np.testing.assert_array_equal(raw, path_keys(KEY, 0, 0, 4))
    with pytest.raises(ValueError, match="single Threefry key"):
        path_keys(jax.random.split(KEY), 0, 0, 4)
    with pytest.raises(ValueError, match="make it with"):
        path_keys(jax.random.key(0, impl="rbg"), 0, 0, 4)


def test_box_muller_equals_its_formula_in_double_precision():
    a, b = (jax.random.bits(k, (100_000,), "uint32") for k in jax.random.split(KEY))
    found = np.stack(jax.jit(box_muller)((a, b)), axis=1)
    radius = np.sqrt(-2 * np.log((np.asarray(a, np.float64) + 0.5) * 2.0**-32))
    angle = np.asarray(b).astype(np.int32).astype(np.float64) * 2.0**-31 * np.pi / 4
    quadrant = np.asarray(b) % 4
    sine, cosine = np.sin(angle), np.cos(angle)
    odd = quadrant % 2 == 1
    x, y = np.where(odd, cosine, sine), np.where(odd, sine, cosine)
    sign = np.where(quadrant >= 2, -1.0, 1.0)
    expected = (sign * radius)[:, None] * np.stack([x, y], axis=1)
    # float32 rounds u by up to 2^-25, which moves r by that over r: hence both sides times r; the rest is some units
    scaled = radius[:, None]
    np.testing.assert_allclose(found * scaled, expected * scaled, rtol=1e-6, atol=2.4e-7)


def test_normals_have_the_normal_law():
    keys = path_keys(KEY, 0, 0, 250_000)
    x = np.array(jax.jit(lambda k: normals(k, 7, (jnp.zeros(()), jnp.zeros(()))))(tuple(map(jnp.asarray, keys))))
    # fixed key; a sound generator fails each of the three tests with probability 1e-4
    assert stats.kstest(x.ravel(), "norm").pvalue > 1e-4
    assert abs(np.corrcoef(x)[0, 1]) < 3.9 / np.sqrt(x.shape[1])
    assert abs(np.corrcoef(x[0] ** 2, x[1] ** 2)[0, 1]) < 3.9 / np.sqrt(x.shape[1])


def test_normals_of_different_steps_are_uncorrelated_along_a_path():
    a, b = path_keys(KEY, 0, 0, 1)
    key = (jnp.asarray(a[0]), jnp.asarray(b[0]))
    x = np.asarray(jax.jit(jax.vmap(lambda t: normals(key, t, jnp.zeros(1))))(jnp.arange(100_000)))[:, 0]
    lagged = [np.mean(x[:-lag] * x[lag:]) for lag in (1, 2, 16)]
    # 4.4 standard errors 1/sqrt(n): false alarm 1e-5 each; the key is fixed
    np.testing.assert_array_less(np.abs(lagged), 4.4 / np.sqrt(len(x)))


@pytest.mark.parametrize("d", [1, 2, 3, 5])
def test_normals_and_signs_are_the_same_in_either_layout(d):
    a, b = path_keys(KEY, 1, 4, 5)
    key = (jnp.asarray(a[0]), jnp.asarray(b[0]))
    word = jax.jit(lambda: refill(key, jnp.int32(0), jnp.asarray(no_signs(d)), d))()
    for dtype in (jnp.float32, jnp.float64):
        vector, scalars = jnp.zeros(d, dtype), tuple(jnp.zeros((), dtype) for _ in range(d))
        for draw in (jax.jit(lambda like: normals(key, 3, like)), jax.jit(lambda like: signs(word, 0, like))):
            # the same words and formula; a multiply-add more or less may change the last digits of float32
            np.testing.assert_allclose(draw(vector), np.array([float(x) for x in draw(scalars)]), rtol=3e-7)
            assert draw(vector).dtype == dtype


@pytest.mark.parametrize("d", [1, 2, 3, 32, 70])
def test_every_bit_serves_one_step_and_one_coordinate(d):
    a, b = path_keys(KEY, 0, 0, 1)
    key = (jnp.asarray(a[0]), jnp.asarray(b[0]))
    steps = 3 * steps_per_word(d) + 1

    def one(word, t):
        word = refill(key, t, word, d)
        return word, signs(word, t, jnp.zeros(d))

    _, found = jax.lax.scan(one, jnp.asarray(no_signs(d)), jnp.arange(steps, dtype=jnp.int32))
    expected = []
    for t in range(steps):
        block, inside = divmod(t, steps_per_word(d))
        count = -(-d // 32)
        pairs = [fast_threefry(key, (jnp.uint32(j), jnp.uint32(block))) for j in range(-(-count // 2))]
        words = np.array([int(w) for pair in pairs for w in pair], np.uint64)
        bits = np.concatenate([[(int(w) >> i) & 1 for i in range(32)] for w in words])
        expected.append(1 - 2 * bits[inside * d : inside * d + d])
    np.testing.assert_array_equal(np.asarray(found), np.array(expected))


def test_signs_match_the_first_three_moments_and_are_independent():
    n, d = 200_000, 2
    keys = tuple(map(jnp.asarray, path_keys(KEY, 0, 0, n)))
    word = jax.jit(jax.vmap(lambda k: refill(k, jnp.int32(0), jnp.asarray(no_signs(d)), d)))(keys)
    x = np.stack([np.asarray(jax.vmap(lambda w, t=t: signs(w, t, jnp.zeros(d)))(word)) for t in range(16)])
    assert set(np.unique(x)) == {-1.0, 1.0}  # so the square is 1 and the cube is the value
    # 5 standard errors 1/sqrt(n) for 32 means: false alarm 2e-5; the key is fixed
    assert np.abs(x.mean(axis=1)).max() < 5 / np.sqrt(n)
    flat = x.transpose(1, 0, 2).reshape(n, 32)
    correlation = flat.T @ flat / n - np.eye(32)
    assert np.abs(correlation).max() < 5.5 / np.sqrt(n)  # 496 pairs: false alarm 2e-5
