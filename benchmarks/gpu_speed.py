"""The same sweep on an accelerator: steps per second of the plain XLA loop, and the tan2024-fig4 sweep.

    python benchmarks/gpu_speed.py [--unroll 1,4,16] [--markdown FILE]

`--unroll` compiles several steps into one trip of the loop, and prints how many fused kernels a trip takes: with one
kernel for 16 steps the state stays in registers between them.
"""

import argparse
import statistics
import time
from functools import partial
from pathlib import Path

import contenders
import jax
import jax.numpy as jnp
import numpy as np
from measure import Row, machine

from samscape.dynamics.methods import make_rule
from samscape.dynamics.panel import broadcast_rule, deterministic_step, initial_state, run_panel
from samscape.landscapes.lucchi import LUCCHI


def _loop(unroll: int, carry: object, rule: object, trips: jax.Array) -> object:
    batched = jax.vmap(deterministic_step, in_axes=(None, 0, 0, None))

    def trip(i: jax.Array, state: object) -> object:
        for _ in range(unroll):
            state = batched(LUCCHI, state, rule, i)
        return state

    return jax.lax.fori_loop(0, trips, trip, carry)


def steps_per_second(rule_name: str, dtype: type, n: int, unroll: int, steps: int = 4096) -> tuple[float, int]:
    """Median rate of trajectory-steps per second of wall time, and fusions in the compiled loop body."""
    numbers = {} if rule_name == "gd" else {"rho": 0.1}
    rule = broadcast_rule(make_rule(rule_name, np.geomspace(0.001, 0.3, n), **numbers), n, dtype)
    x, y = np.random.default_rng(0).uniform(-2, 2, (2, n)).astype(dtype)
    carry = ((x, y), initial_state(rule, (x, y)))
    carry, rule = jax.device_put((carry, rule))
    compiled = jax.jit(partial(_loop, unroll)).lower(carry, rule, jnp.int32(1)).compile()
    fusions = (compiled.as_text() or "").count(" fusion(")
    trips = jnp.int32(steps // unroll)
    jax.block_until_ready(compiled(carry, rule, trips))
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        jax.block_until_ready(compiled(carry, rule, trips))
        seconds.append(time.perf_counter() - start)
    return n * (steps // unroll) * unroll / statistics.median(seconds), fusions


def fig4_seconds() -> float:
    """The sweep of Tan et al., Figure 4, both ascents: 100 rates x 10,000 starts x 5 rules x 3 radii, 100 steps."""
    starts = np.random.default_rng(0).uniform(-2, 2, (10_000, 2)).astype(np.float32)
    etas = np.geomspace(0.001, 0.3, 100).astype(np.float32)
    panel, rates = np.tile(starts, (100, 1)), np.repeat(etas, 10_000)

    def sweep() -> None:
        run_panel(LUCCHI, make_rule("gd", rates), panel, 100, dtype=np.float32)
        for name in ("sam", "usam", "stable_sam", "stable_usam"):
            for rho in (0.05, 0.2, 0.5):
                run_panel(LUCCHI, make_rule(name, rates, rho=rho), panel, 100, dtype=np.float32)

    sweep()
    start = time.perf_counter()
    sweep()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--unroll", default="1,4,16")
    parser.add_argument("--starts", type=int, default=1_000_000)
    parser.add_argument("--markdown", type=Path)
    options = parser.parse_args()
    rows = []
    for dtype in (np.float32, np.float64):
        for rule in contenders.RULES:
            for unroll in map(int, options.unroll.split(",")):
                rate, fusions = steps_per_second(rule, dtype, options.starts, unroll)
                target = "≥ 1e11" if rule == "sam" and dtype == np.float32 else ""
                note = f"{rate:.2e} steps/s ({fusions} fusions)"
                rows.append(Row("10", f"{rule} {np.dtype(dtype).name}, {unroll} steps a trip", note, target))
    seconds = fig4_seconds()
    rows.append(Row("10", "tan2024-fig4 sweep, six panels", f"{seconds:.2f} s", "< 3 s", seconds < 3))
    lines = [f"Machine: {machine()}", "", "| goal | what | measured | target |", "| --- | --- | --- | --- |"]
    lines += [f"| {r.goal} | {r.what} | {r.measured} | {r.target} |" for r in rows]
    print("\n".join(lines))
    if options.markdown:
        options.markdown.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
