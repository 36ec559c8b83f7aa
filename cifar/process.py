"""How a process that trains is set up, before JAX is first used in it."""

import ctypes
import os
import sys
from pathlib import Path


def prepare(threads: int | None = 1) -> None:
    """Make compiled code outlive the process, and bound its threads and keep its memory on a CPU.

    Code is kept in the folder `samscape/xla` of the user's cache; ``JAX_COMPILATION_CACHE_DIR`` names another.

    Args:
        threads: Of XLA on a CPU; None: as many as there are cores. Results are the same bits only for the same number.
    """
    if threads is not None:
        # read when the CPU client is made: the size of its pool, and whether one operation is cut among threads
        os.environ["NPROC"] = str(threads)
        if threads == 1 and "xla_cpu_multi_thread_eigen" not in os.environ.get("XLA_FLAGS", ""):
            flags = [os.environ.get("XLA_FLAGS", ""), "--xla_cpu_multi_thread_eigen=false"]
            os.environ["XLA_FLAGS"] = " ".join(flag for flag in flags if flag)
    keep_memory()
    import jax

    if not jax.config.jax_compilation_cache_dir:  # pyright: ignore[reportAttributeAccessIssue]
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "samscape" / "xla"
        jax.config.update("jax_compilation_cache_dir", str(cache))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.3)


def keep_memory() -> bool:
    """Have the C library keep what a training step frees, for the next step, where it is glibc; whether it is.

    XLA asks for its scratch memory anew at every step. Above 32 MB glibc takes such a piece from the kernel and gives
    it back, and the kernel clears every page of it again: 45 of 250 ms of WRN-16-1's step (docs/networks_speed.md).
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is None:
        return False
    trim_threshold, mmap_max, arena_max = -1, -4, -8  # malloc.h
    return all([mallopt(mmap_max, 0), mallopt(trim_threshold, -1), mallopt(arena_max, 1)])


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
