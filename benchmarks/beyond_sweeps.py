"""What the speed table holds beside basin sweeps: diagonal networks, diffusions, and the price of outcome labels."""

import ctypes
import time
from typing import Any

import contenders
import jax
import numpy as np
from measure import Row, interleave, rate, ratio

from samscape.dynamics.diffusion import diffusion
from samscape.dynamics.methods import make_rule
from samscape.dynamics.outcome import judge
from samscape.dynamics.panel import run_panel
from samscape.landscapes.diagonal_network import diagonal_network
from samscape.landscapes.lucchi import LUCCHI


def fma_peak(dtype: type) -> float | None:
    """Floating-point operations per CPU second that one core can do, measured; None without the C kernels."""
    library = contenders.c_library(8 * np.dtype(dtype).itemsize)
    if library is None:
        return None
    library.fma_peak.restype = ctypes.c_double
    sink, best = np.empty(256, dtype), 0.0
    for _ in range(5):
        start = time.process_time()
        done = library.fma_peak(ctypes.c_long(20_000_000), sink.ctypes.data_as(ctypes.c_void_p))
        best = max(best, done / (time.process_time() - start))
    return best


def diagonal_networks(rounds: int, quick: bool) -> list[Row]:
    """Goal 6: SAM on diagonal networks of 60 parameters, by autodiff, against NumPy written out."""
    rows, steps, few = [], 50, 4
    n, n_numpy = (1 << 13, 1 << 15) if quick else (1 << 15, 1 << 17)
    for dtype in (np.float32, np.float64):
        network = jax.tree.map(lambda a, t=dtype: a.astype(t), diagonal_network())
        x, y = np.asarray(network.x), np.asarray(network.y)
        examples, inputs = x.shape
        starts = (0.1 + 0.02 * np.random.default_rng(0).normal(size=(n_numpy, 2 * inputs))).astype(dtype)
        rule = make_rule("sam", 0.01, rho=0.1)

        def gradient(
            u: np.ndarray, v: np.ndarray, x: np.ndarray = x, y: np.ndarray = y
        ) -> tuple[np.ndarray, np.ndarray]:
            pull = ((u * u - v * v) @ x.T - y) @ x / dtype(len(y))
            return u * pull, -v * pull

        def plain(w: np.ndarray = starts, half: int = inputs) -> None:
            u, v = w[:, :half].copy(), w[:, half:].copy()
            for _ in range(few):
                p, q = gradient(u, v)
                scale = dtype(0.1) / np.sqrt((p * p).sum(1) + (q * q).sum(1))[:, None]
                p, q = gradient(u + scale * p, v + scale * q)
                u, v = u - dtype(0.01) * p, v - dtype(0.01) * q

        def engine(w: np.ndarray = starts[:n], net: Any = network, t: type = dtype) -> None:
            run_panel(net, rule, w, steps, dtype=t, stop=False, threads=1)

        costs = interleave({"samscape": (engine, n * steps), "NumPy": (plain, n_numpy * few)}, rounds)
        gain, speed = ratio(costs["samscape"], costs["NumPy"]), rate(costs["samscape"])
        # two gradients: two products each of 2 n d operations; residual, squares, pull: 9 d + 2 n; norm and updates: 12
        # d
        work = 2 * (4 * examples * inputs + 9 * inputs + 2 * examples) + 12 * inputs
        peak = fma_peak(dtype)
        share = f", {100 * speed * work / peak:.0f} % of FMA peak" if peak else ""
        wanted = dtype == np.float32
        met = gain >= 5 and (peak is None or speed * work / peak >= 0.2)
        note = f"{gain:.1f}× NumPy ({speed / 1e6:.1f} M steps/CPU-s{share})"
        label = f"SAM, diagonal network, d = {2 * inputs}, {np.dtype(dtype).name}"
        rows.append(Row("6", label, note, "≥ 5×, ≥ 20 % of peak" if wanted else "", met if wanted else None))
    return rows


def diffusions(rounds: int, quick: bool) -> list[Row]:
    """Goal 7: Euler-Maruyama in the plane against the time NumPy takes to draw the noise alone."""
    rows, paths, steps = [], 1 << 16, 500 if quick else 5000
    generator = np.random.default_rng(0)
    start = np.array([1.0, 1.0], np.float32)
    for noise, goal in (("gaussian", 2.5), ("weak", 30.0)):

        def ensemble(kind: str = noise) -> None:
            key = jax.random.key(0)
            diffusion(
                LUCCHI, start, 0.01 * steps, 0.01, eta=0.01, key=key, rho=0.1, paths=paths, covariance=1.0, noise=kind
            )

        def draw() -> None:
            for _ in range(20):
                generator.standard_normal((paths, 2), dtype=np.float64)

        costs = interleave({"samscape": (ensemble, paths * steps), "NumPy": (draw, paths * 20)}, rounds)
        gain = ratio(costs["samscape"], costs["NumPy"])
        note = f"{gain:.1f}× NumPy's generator ({rate(costs['samscape']) / 1e6:.0f} M steps/CPU-s)"
        rows.append(Row("7", f"SAM diffusion, float32, {noise} noise", note, f"≥ {goal:g}×", gain >= goal))
    return rows


def labels(rounds: int, quick: bool) -> list[Row]:
    """Goal 8: what outcome labels add to a sweep of 10,000 steps with exact stopping."""
    rows, steps = [], 2000 if quick else 10_000
    settings, each = 100, 1000 if quick else 5000
    etas = np.geomspace(0.001, 0.3, settings)
    setting = np.repeat(np.arange(settings), each)
    starts = np.random.default_rng(0).uniform(-2, 2, (settings * each, 2))
    for rule in contenders.RULES:
        numbers = {} if rule == "gd" else {"rho": np.full(settings, 0.1)}
        full = {name: value[setting] for name, value in numbers.items()}

        def run(rule: str = rule, full: dict[str, np.ndarray] = full) -> object:
            return run_panel(LUCCHI, make_rule(rule, etas[setting], **full), starts, steps, dtype=np.float32)

        def both(
            rule: str = rule, full: dict[str, np.ndarray] = full, numbers: dict[str, np.ndarray] = numbers
        ) -> None:
            panel = run_panel(LUCCHI, make_rule(rule, etas[setting], **full), starts, steps, dtype=np.float32)
            judging = judge(LUCCHI, make_rule(rule, etas, **numbers), settings, etas, dtype=np.float32)
            judging.label(panel, starts, setting)

        costs = interleave({"run": (run, 1.0), "both": (both, 1.0)}, rounds)
        extra = ratio(costs["run"], costs["both"]) - 1
        rows.append(
            Row(
                "8",
                f"labels, {rule} float32, {len(setting):.0e} × {steps}",
                f"+{100 * extra:.0f} %",
                "≤ 15 %",
                extra <= 0.15,
            )
        )
    return rows
