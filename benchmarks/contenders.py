"""The same basin sweep four ways: straightforward NumPy, blocked numba, a C kernel in AVX-512 registers, and samscape.

Each contender is ``run(x, y, eta, rho, steps)`` on arrays (n,) and returns the final x and y. The landscape is Lucchi's
quartic, x^4/4 - x y + y^2/2. numba and a C compiler are used where they are installed; samscape needs neither.
"""

import ctypes
import functools
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

RULES = ("gd", "usam", "sam", "stable_sam")
Run = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray, int], tuple[np.ndarray, np.ndarray]]


def numpy_run(rule: str) -> Run:
    """What one writes first: whole arrays, one expression per line."""

    def gradient(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return x * x * x - y, y - x

    def run(
        x: np.ndarray, y: np.ndarray, eta: np.ndarray, rho: np.ndarray, steps: int
    ) -> tuple[np.ndarray, np.ndarray]:
        with np.errstate(all="ignore"):
            for _ in range(steps):
                gx, gy = gradient(x, y)
                if rule == "gd":
                    x, y = x - eta * gx, y - eta * gy
                    continue
                norm = np.sqrt(gx * gx + gy * gy)
                scale = rho if rule == "usam" else rho / norm
                hx, hy = gradient(x + scale * gx, y + scale * gy)
                if rule == "stable_sam":
                    factor = norm / np.sqrt(hx * hx + hy * hy)
                    hx, hy = factor * hx, factor * hy
                x, y = x - eta * hx, y - eta * hy
        return x, y

    return run


@functools.cache
def c_library(bits: int) -> ctypes.CDLL | None:
    """The compiled kernels for float32 or float64 (`bits`); None without a C compiler or AVX-512."""
    compiler = shutil.which("gcc") or shutil.which("clang")
    flags = Path("/proc/cpuinfo")
    if compiler is None or not flags.exists() or "avx512f" not in flags.read_text():
        return None
    target = Path(tempfile.mkdtemp()) / f"kernels{bits}.so"
    source = Path(__file__).with_name("kernels.c")
    command = [compiler, "-O3", "-march=native", f"-DREAL={bits}", "-shared", "-fPIC", str(source), "-o", str(target)]
    subprocess.run(command, check=True)
    return ctypes.CDLL(str(target))


def c_run(rule: str, dtype: type) -> Run | None:
    """The AVX-512 kernel, one thread; None without a C compiler or AVX-512. n must be a multiple of 128."""
    library = c_library(8 * np.dtype(dtype).itemsize)
    if library is None:
        return None
    kernel = getattr(library, rule)

    def run(
        x: np.ndarray, y: np.ndarray, eta: np.ndarray, rho: np.ndarray, steps: int
    ) -> tuple[np.ndarray, np.ndarray]:
        x, y = x.copy(), y.copy()
        pointers = [a.ctypes.data_as(ctypes.c_void_p) for a in (x, y, eta, rho)]
        kernel(*pointers, ctypes.c_long(x.size), ctypes.c_long(steps))
        return x, y

    return run


def numba_run(rule: str) -> Run | None:
    """Blocks of 512 trajectories, steps outside, an inner loop that numba vectorises; None without numba."""
    try:
        import numba
    except ImportError:
        return None

    @numba.njit(fastmath=True, error_model="numpy")
    def block(x, y, eta, rho, steps, kind):
        for low in range(0, x.size, 512):
            high = min(low + 512, x.size)
            for _ in range(steps):
                for i in range(low, high):
                    a, b = x[i], y[i]
                    gx, gy = a * a * a - b, b - a
                    if kind > 0:
                        s = gx * gx + gy * gy
                        f = rho[i]
                        if kind > 1:
                            f = rho[i] / np.sqrt(s)
                        u, v = a + f * gx, b + f * gy
                        hx, hy = u * u * u - v, v - u
                        if kind > 2:
                            r = np.sqrt(s / (hx * hx + hy * hy))
                            hx, hy = r * hx, r * hy
                        gx, gy = hx, hy
                    x[i], y[i] = a - eta[i] * gx, b - eta[i] * gy

    kind = RULES.index(rule)

    def run(
        x: np.ndarray, y: np.ndarray, eta: np.ndarray, rho: np.ndarray, steps: int
    ) -> tuple[np.ndarray, np.ndarray]:
        x, y = x.copy(), y.copy()
        block(x, y, eta, rho, steps, kind)
        return x, y

    return run


def samscape_run(rule: str, stop: bool, threads: int | None) -> Run:
    """The engine, as a sweep calls it."""
    from samscape.dynamics.methods import make_rule
    from samscape.dynamics.panel import run_panel
    from samscape.landscapes.lucchi import LUCCHI

    def run(
        x: np.ndarray, y: np.ndarray, eta: np.ndarray, rho: np.ndarray, steps: int
    ) -> tuple[np.ndarray, np.ndarray]:
        numbers = {} if rule == "gd" else {"rho": rho}
        starts = np.stack([x, y], axis=1)
        made = make_rule(rule, eta, **numbers)
        final = run_panel(LUCCHI, made, starts, steps, dtype=x.dtype, stop=stop, threads=threads)
        return final.w[:, 0], final.w[:, 1]

    return run


def naive_jax_run(rule: str) -> Run:
    """What one writes first in JAX: vmap(grad(f)) on an (n, 2) array, one fori_loop."""
    import jax
    import jax.numpy as jnp

    def loss(w: jax.Array) -> jax.Array:
        return w[0] ** 4 / 4 - w[0] * w[1] + w[1] ** 2 / 2

    gradient = jax.grad(loss)

    def step(w: jax.Array, eta: jax.Array, rho: jax.Array) -> jax.Array:
        g = gradient(w)
        if rule == "gd":
            return w - eta * g
        h = gradient(w + rho * (g if rule == "usam" else g / jnp.linalg.norm(g)))
        if rule == "stable_sam":
            h = h * jnp.linalg.norm(g) / jnp.linalg.norm(h)
        return w - eta * h

    @jax.jit
    def loop(w: jax.Array, eta: jax.Array, rho: jax.Array, steps: int) -> jax.Array:
        return jax.lax.fori_loop(0, steps, lambda _, v: jax.vmap(step)(v, eta, rho), w)

    def run(
        x: np.ndarray, y: np.ndarray, eta: np.ndarray, rho: np.ndarray, steps: int
    ) -> tuple[np.ndarray, np.ndarray]:
        w = np.asarray(loop(np.stack([x, y], axis=1), eta, rho, steps))
        return w[:, 0], w[:, 1]

    return run
