"""How a process that trains is set up, before JAX is first used in it."""

import os
from pathlib import Path


def prepare(threads: int | None = 1) -> None:
    """Make compiled code outlive the process, and bound its threads on a CPU.

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
    import jax

    if not jax.config.jax_compilation_cache_dir:  # pyright: ignore[reportAttributeAccessIssue]
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "samscape" / "xla"
        jax.config.update("jax_compilation_cache_dir", str(cache))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.3)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
