"""The speed table: samscape's sweep against NumPy, numba, naive JAX and a C kernel, in one run.

    python benchmarks/sweep_speed.py [--rounds 5] [--only 1,3] [--quick] [--markdown FILE]

The work is that of a basin sweep: x^4/4 - x y + y^2/2, step sizes 0.001 to 0.3, uniform starts in [-2, 2]^2, rho 0.1.
Rates
are trajectory-steps per CPU second; ratios are medians over interleaved rounds. Run it on an otherwise idle machine.
"""

import argparse
import statistics
from collections.abc import Callable
from pathlib import Path

import beyond_sweeps
import contenders
import numpy as np
from measure import Row, command_seconds, interleave, machine, process, rate, ratio

DTYPES = (np.float32, np.float64)


def problem(n: int, dtype: type) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Starts x, y, step sizes and radii of a panel of n trajectories."""
    x, y = np.random.default_rng(0).uniform(-2, 2, (2, n)).astype(dtype)
    return x, y, np.geomspace(0.001, 0.3, n).astype(dtype), np.full(n, 0.1, dtype)


def per_step(rounds: int, quick: bool) -> list[Row]:
    """Goals 1 and 2: every step, no stopping, one thread."""
    rows = []
    n, n_numpy = 1 << 17, 1 << 20
    steps = 300 if quick else 2000
    for rule in contenders.RULES:
        for dtype in DTYPES:
            small, large = problem(n, dtype), problem(n_numpy, dtype)
            engine, plain = contenders.samscape_run(rule, False, 1), contenders.numpy_run(rule)
            runs = {
                "samscape": (lambda f=engine, a=small: f(*a, steps), n * steps),
                "NumPy": (lambda f=plain, a=large: f(*a, 8), n_numpy * 8),
            }
            for name, made in (("C", contenders.c_run(rule, dtype)), ("numba", contenders.numba_run(rule))):
                if made is not None:
                    runs[name] = (lambda f=made, a=small: f(*a, steps // 2), n * (steps // 2))
            costs = interleave(runs, rounds)
            label = f"{rule} {np.dtype(dtype).name}"
            speed = f"{rate(costs['samscape']) / 1e6:,.0f} M steps/CPU-s"
            times = ratio(costs["samscape"], costs["NumPy"])
            least = {"sam": 25.0, "stable_sam": 16.0, "gd": 16.0}.get(rule)
            target = f"≥ {least:.0f}× NumPy" if least else ""
            rows.append(Row("1", label, f"{times:.1f}× NumPy ({speed})", target, times >= least if least else None))
            if "C" in costs:
                share = ratio(costs["samscape"], costs["C"])
                ceiling = ratio(costs["C"], costs["NumPy"])
                goal = {np.float32: 0.45, np.float64: 0.55}[dtype] if "sam" in rule and rule != "usam" else None
                note = f"{share:.2f} of the C kernel, itself {ceiling:.0f}× NumPy"
                rows.append(Row("2", label, note, f"≥ {goal}" if goal else "", share >= goal if goal else None))
            if "numba" in costs:
                rows.append(Row("2", label, f"{ratio(costs['samscape'], costs['numba']):.1f}× blocked numba", ""))
    return rows


def panels(rounds: int, quick: bool) -> list[Row]:
    """Goal 3: a million starts, ten thousand steps, exact stopping, wall time on all cores."""
    rows, times = [], []
    n, steps = (1 << 17, 2000) if quick else (1_000_000, 10_000)
    for dtype in DTYPES:
        arguments, few = problem(n, dtype), problem(1 << 20, dtype)
        for rule in contenders.RULES:
            stop, every = (contenders.samscape_run(rule, s, None) for s in (True, False))
            plain = contenders.numpy_run(rule)
            a, b = stop(*arguments, steps), every(*arguments, steps)
            bits = f"u{np.dtype(dtype).itemsize}"
            same = all(np.array_equal(p.view(bits), q.view(bits)) for p, q in zip(a, b, strict=True))
            runs = {
                "stop": (lambda f=stop, a=arguments: f(*a, steps), n * steps),
                "NumPy": (lambda f=plain, a=few: f(*a, 8), (1 << 20) * 8),
            }
            costs = interleave(runs, min(rounds, 3))
            gain = ratio(costs["stop"], costs["NumPy"], "wall")
            wall = statistics.median(c.wall for c in costs["stop"])
            times.append(gain)
            note = f"{gain:.0f}× NumPy ({wall:.2f} s), bits {'equal' if same else 'DIFFER'}"
            rows.append(
                Row("3", f"{rule} {np.dtype(dtype).name}, {n:.0e} × {steps}", note, "≥ 60×", gain >= 60 and same)
            )
    mean = statistics.geometric_mean(times)
    rows.append(Row("3", "geometric mean", f"{mean:.0f}× NumPy", "≥ 80×", mean >= 80))
    return rows


PROCESS = """
import numpy as np
from samscape.dynamics.methods import make_rule
from samscape.dynamics.panel import run_panel
from samscape.landscapes.lucchi import LUCCHI
n = 1_000_000
starts = np.random.default_rng(0).uniform(-2, 2, (n, 2)).astype("f4")
for name in {rules!r}:
    numbers = dict(rho=0.1) if name != "gd" else dict()
    run_panel(LUCCHI, make_rule(name, np.geomspace(0.001, 0.3, n).astype("f4"), **numbers), starts, 10_000, dtype="f4")
"""


def whole_process(rounds: int, quick: bool) -> list[Row]:
    """Goal 4: the same panel as a whole process, from the shell and back."""
    wall, peak = process(PROCESS.format(rules=("sam",)), min(rounds, 3))
    rows = [
        Row("4", "SAM panel, process", f"{wall:.1f} s, {peak:.0f} MiB", "≤ 3 s, ≤ 400 MiB", wall <= 3 and peak <= 400)
    ]
    wall, peak = process(PROCESS.format(rules=contenders.RULES), 1 if quick else min(rounds, 3))
    rows.append(Row("4", "GD, USAM, SAM, StableSAM, one process", f"{wall:.1f} s, {peak:.0f} MiB", "≤ 8 s", wall <= 8))
    return rows


def scaling(rounds: int, quick: bool) -> list[Row]:
    """Goal 5: threads, and cost per start over the number of starts."""
    n, steps = 1 << 18, 1000
    arguments = problem(n, np.float32)
    one, two = (contenders.samscape_run("sam", False, k) for k in (1, 2))
    runs = {k: (lambda f=f: f(*arguments, steps), n * steps) for k, f in (("1", one), ("2", two))}
    costs = interleave(runs, rounds)
    gain = ratio(costs["2"], costs["1"], "wall")
    rows = [Row("5", "two threads against one, SAM float32", f"{gain:.2f}×", "≥ 1.8×", gain >= 1.8)]
    sizes = (10**3, 10**4, 10**5, 10**6) if quick else (10**3, 10**4, 10**5, 10**6, 10**7)
    each = {}
    for size in sizes:
        a, run = problem(size, np.float32), contenders.samscape_run("sam", False, 1)
        length = 10_000 if size <= 10**5 else 1000  # a sweep's usual length, where that does not take minutes
        runs = {"": (lambda a=a, f=run, t=length: f(*a, t), size * length)}
        each[size] = 1e9 / rate(interleave(runs, 1 if size > 10**6 else rounds)[""])
    middle = statistics.median(each.values())
    spread = max(abs(v / middle - 1) for v in each.values())
    note = ", ".join(f"{size:.0e}: {v:.2f}" for size, v in each.items())
    rows.append(Row("5", "CPU ns per start and step", note, "flat within 15 %", spread <= 0.15))
    return rows


def naive(rounds: int, quick: bool) -> list[Row]:
    """For orientation: vmap(grad(f)) on an (n, 2) array."""
    rows = []
    n, steps = 1 << 17, 100
    for rule in ("gd", "sam", "stable_sam"):
        a = problem(n, np.float32)
        runs = {
            "samscape": (lambda f=contenders.samscape_run(rule, False, 1), a=a: f(*a, 1000), n * 1000),
            "naive": (lambda f=contenders.naive_jax_run(rule), a=a: f(*a, steps), n * steps),
        }
        costs = interleave(runs, rounds)
        gain = ratio(costs["samscape"], costs["naive"])
        rows.append(Row("-", f"{rule} float32 against naive JAX", f"{gain:.0f}×", ""))
    return rows


def start_up(rounds: int, quick: bool) -> list[Row]:
    """Goal 9: what a command costs before it does anything."""
    small = "samscape sweep lucchi --rules sam --etas 0.1 --rho 0.1 --starts 1000 --steps 1000 --json --quiet".split()
    seconds = command_seconds(small, rounds)
    shown = command_seconds(["samscape", "--help"], rounds)
    return [
        Row("9", " ".join(small), f"{seconds:.2f} s", "≤ 0.9 s", seconds <= 0.9),
        Row("9", "samscape --help", f"{shown:.2f} s", "≤ 0.25 s", shown <= 0.25),
    ]


SECTIONS: dict[str, Callable[[int, bool], list[Row]]] = {
    "1": per_step,
    "3": panels,
    "4": whole_process,
    "5": scaling,
    "6": beyond_sweeps.diagonal_networks,
    "7": beyond_sweeps.diffusions,
    "8": beyond_sweeps.labels,
    "9": start_up,
    "naive": naive,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections: " + ", ".join(SECTIONS))
    parser.add_argument("--quick", action="store_true", help="smaller panels, for trying the script out")
    parser.add_argument("--markdown", type=Path, help="also write the table there")
    options = parser.parse_args()
    lines = [
        f"Machine: {machine()}",
        "",
        "| goal | what | measured | target | met |",
        "| --- | --- | --- | --- | --- |",
    ]
    print("\n".join(lines))
    for name in options.only.split(","):
        for row in SECTIONS[name](options.rounds, options.quick):
            met = {True: "yes", False: "no", None: ""}[row.met]
            lines.append(f"| {row.goal} | {row.what} | {row.measured} | {row.target} | {met} |")
            print(lines[-1], flush=True)
    if options.markdown:
        options.markdown.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
