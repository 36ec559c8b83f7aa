"""The engine's promises: same result however the work is cut, and stopping changes no bit."""

import os
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from samscape.dynamics import engine, xla
from samscape.dynamics.methods import make_rule
from samscape.dynamics.panel import run_panel
from samscape.landscapes.landscape import ClosedForm
from samscape.landscapes.lucchi import LUCCHI

RULES = ("gd", "usam", "sam", "stable_sam", "asam", "look_sam", "gsam")


def _rule(name: str, n: int):
    numbers = {} if name == "gd" else {"rho": np.linspace(0.05, 0.5, n)}
    return make_rule(name, np.geomspace(0.001, 0.3, n), **numbers)


def _starts(n: int) -> np.ndarray:
    return np.random.default_rng(1).uniform(-2, 2, (n, 2))


def _bits(x: np.ndarray) -> np.ndarray:
    return x.view(f"u{x.dtype.itemsize}")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", RULES)
def test_exact_stopping_changes_no_bit(name, dtype):
    starts, rule = _starts(1500), _rule(name, 1500)
    for steps in (0, 1, 2, 777, 2000):
        every, stopped = (run_panel(LUCCHI, rule, starts, steps, dtype=dtype, stop=stop) for stop in (False, True))
        assert np.array_equal(_bits(every.w), _bits(stopped.w)), f"{steps} steps"
    assert (every.settled_at == -1).all()
    if name in ("gd", "usam") and dtype == np.float32:
        assert (stopped.settled_at > 0).mean() > 0.3  # most quick starts rest at a minimum well before 2000 steps


def test_stopping_keeps_the_phase_of_a_two_cycle():
    parabola = ClosedForm("parabola", "x**2/2", ("x",))
    rule = make_rule("sam", 0.5, rho=0.25)  # the oscillation about 0: |x| = eta rho / (2 - eta), alternating in sign
    starts = np.linspace(-1, 1, 64)[:, None]
    for steps in (1001, 1002):
        every, stopped = (run_panel(parabola, rule, starts, steps, stop=stop) for stop in (False, True))
        assert np.array_equal(_bits(every.w), _bits(stopped.w))
        # contraction |1 - eta| per step: the transient is below one unit in the last place after 60 steps
        assert np.allclose(abs(stopped.w), 0.5 * 0.25 / 1.5, rtol=1e-12)
    assert (stopped.settled_at > 0).all()


def test_momentum_and_counters_are_part_of_the_state_that_must_repeat():
    rule = make_rule("sam", 0.05, rho=0.1, base="heavy_ball")
    starts = _starts(400)
    every, stopped = (run_panel(LUCCHI, rule, starts, 3000, stop=stop) for stop in (False, True))
    assert np.array_equal(_bits(every.w), _bits(stopped.w))
    adam = run_panel(LUCCHI, make_rule("gd", 0.01, base="adamw"), starts, 600)
    assert (adam.settled_at == -1).all(), "Adam counts its steps, so its state never repeats"


def test_agrees_with_a_plain_numpy_loop():
    starts = _starts(300)
    x, y = starts.T
    for _ in range(50):
        gx, gy = x**3 - y, y - x
        u, v = x + 0.1 * gx, y + 0.1 * gy
        x, y = x - 0.05 * (u**3 - v), y - 0.05 * (v - u)
    final = run_panel(LUCCHI, make_rule("usam", 0.05, rho=0.1), starts, 50)
    # round-off of 1e-16 per step, stretched by at most 1.05 a step along the saddle's unstable direction: 50 * 1.05**50
    assert np.allclose(final.w, np.stack([x, y], axis=1), rtol=0, atol=1e-13)


def test_a_normalised_step_agrees_with_numpy():
    starts = _starts(300)
    x, y = starts.T
    gx, gy = x**3 - y, y - x
    norm = np.hypot(gx, gy)
    u, v = x + 0.1 * gx / norm, y + 0.1 * gy / norm
    expected = np.stack([x - 0.05 * (u**3 - v), y - 0.05 * (v - u)], axis=1)
    final = run_panel(LUCCHI, make_rule("sam", 0.05, rho=0.1), starts, 1)
    # one step only, since normalised SAM near a critical point is chaotic; a few roundings of numbers up to 10
    assert np.allclose(final.w, expected, rtol=0, atol=1e-14)


def test_result_does_not_depend_on_threads_order_or_company():
    n = 3000
    starts, rule = _starts(n), _rule("sam", n)
    whole = run_panel(LUCCHI, rule, starts, 400, threads=1)
    assert np.array_equal(_bits(whole.w), _bits(run_panel(LUCCHI, rule, starts, 400, threads=3).w))
    order = np.random.default_rng(0).permutation(n)
    shuffled = run_panel(LUCCHI, jax.tree.map(lambda x: np.asarray(x)[order], rule), starts[order], 400)
    assert np.array_equal(_bits(whole.w[order]), _bits(shuffled.w))
    few = run_panel(LUCCHI, jax.tree.map(lambda x: np.asarray(x)[:7], rule), starts[:7], 400)
    assert np.array_equal(_bits(whole.w[:7]), _bits(few.w))


def test_block_size_does_not_matter(monkeypatch):
    starts, rule = _starts(2500), _rule("stable_sam", 2500)
    one = run_panel(LUCCHI, rule, starts, 300)
    monkeypatch.setitem(engine.BLOCKS, "cpu", (256, 512))
    other = run_panel(LUCCHI, rule, starts, 300)
    assert np.array_equal(_bits(one.w), _bits(other.w))


TWO_DEVICES = """
import numpy as np, jax, sys
from samscape.dynamics.panel import run_panel
from samscape.dynamics.methods import make_rule
from samscape.landscapes.lucchi import LUCCHI
starts = np.random.default_rng(1).uniform(-2, 2, (5000, 2))
final = run_panel(LUCCHI, make_rule("sam", np.geomspace(0.001, 0.3, 5000), rho=0.2), starts, 3000, dtype=np.float32)
print(len(jax.devices()), (final.settled_at > 0).sum(), final.w.tobytes().hex()[:4096], hash(final.w.tobytes()))
"""


def test_two_devices_give_the_bits_of_one():
    outputs = []
    for count in (1, 2):
        flags = f"--xla_force_host_platform_device_count={count}"
        environment = {**os.environ, "XLA_FLAGS": flags, "PYTHONHASHSEED": "0"}
        run = subprocess.run(
            [sys.executable, "-c", TWO_DEVICES], env=environment, capture_output=True, text=True, check=True
        )
        devices, *result = run.stdout.split()
        assert int(devices) == count
        outputs.append(result)
    assert outputs[0] == outputs[1]


def test_divergence_is_data():
    final = run_panel(LUCCHI, make_rule("gd", 5.0), _starts(64), 100)
    assert not np.isfinite(final.w).all()
    same = run_panel(LUCCHI, make_rule("gd", 5.0), _starts(64), 100, stop=False)
    assert np.array_equal(_bits(final.w), _bits(same.w))


def test_stochastic_rules_are_refused_with_the_remedy():
    with pytest.raises(ValueError, match="simulate"):
        run_panel(LUCCHI, make_rule("random", 0.1), _starts(4), 10)


def test_loops_are_compiled_as_one_function_where_asked():
    def body(shared, carry, constants, t):
        return carry * constants

    block = next(engine.cut(np.ones(2048), np.full(2048, 0.5), 2048, jax.local_devices()[:1]))
    out, _ = block.run(body, (), 0, 10, settle=False)
    # an exact power of two
    assert np.array_equal(out[: block.high - block.low], np.full(block.high - block.low, 0.5**10))
    if jax.default_backend() == "cpu":
        arguments = ((), block.carry, block.constants)
        assert engine._program(body, False, block.devices, *engine._signature(arguments)).small_loops


def test_the_request_keeps_what_the_user_set():
    environment = {"XLA_FLAGS": "--a=1 --xla_backend_extra_options=foo=2 --b"}
    xla.request_small_loops(environment)
    xla.request_small_loops(environment)
    assert environment["XLA_FLAGS"] == f"--a=1 --xla_backend_extra_options=foo=2,{xla._OPTION}={xla.THRESHOLD} --b"
    assert not xla.took_effect("HloModule nothing")


def _count_body(shared, carry, constants, t):
    total, seen = carry
    return total + constants * t, seen + 1


def test_advance_numbers_its_steps_and_keeps_dtypes():
    n = 10
    carry = (np.zeros(n, np.float32), np.zeros(n, np.int32))
    total, seen = engine.advance(_count_body, (), carry, np.arange(n, dtype=np.float32), start=5, steps=3)
    assert (total.dtype, seen.dtype) == (np.float32, np.int32)
    # 5 + 6 + 7 = 18, exact in float32
    assert np.array_equal(total, 18 * np.arange(n))
    assert np.array_equal(seen, np.full(n, 3))


def _vector_body(shared, carry, constants, t):
    return jnp.tanh(shared @ carry) * constants


def test_vectors_run_in_the_same_loop():
    rng = np.random.default_rng(0)
    matrix, w, c = rng.normal(size=(5, 5)), rng.normal(size=(70, 5)), rng.uniform(0.5, 1, 70)
    out = engine.advance(_vector_body, matrix, w, c, 0, 4)
    for _ in range(4):
        w = np.tanh(w @ matrix.T) * c[:, None]
    assert np.allclose(out, w, rtol=1e-12, atol=1e-14)  # four products of 5 terms: a few units of round-off
