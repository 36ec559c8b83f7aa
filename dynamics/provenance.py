"""Where a result comes from: versions, device, commit, time; kept with every result."""

import importlib.metadata
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jax

from .. import __version__

PACKAGES = ("jax", "jaxlib", "numpy")


def versions() -> dict[str, str]:
    """Versions of this package, of Python and of what computes."""
    found = {"samscape": __version__, "python": platform.python_version()}
    return found | {name: importlib.metadata.version(name) for name in PACKAGES}


def device() -> dict[str, Any]:
    """What JAX computes on."""
    devices = jax.devices()
    return {"platform": devices[0].platform, "kind": devices[0].device_kind, "count": len(devices)}


def commit() -> str | None:
    """The commit of the checkout that the package runs from, with ``+changes`` if files differ; None elsewhere."""
    folder = Path(__file__).resolve().parent.parent
    if not (folder / ".git").exists():
        return None

    def git(*arguments: str) -> str | None:
        try:
            run = subprocess.run(
                ["git", "-C", str(folder), *arguments], capture_output=True, text=True, timeout=10, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return run.stdout.strip() if run.returncode == 0 else None

    head = git("rev-parse", "HEAD")
    return None if head is None else head + ("+changes" if git("status", "--porcelain", "-uno") else "")


def provenance(started: float) -> dict[str, Any]:
    """All of it, for a computation that began at `started` (seconds since the epoch)."""
    return {
        "versions": versions(),
        "device": device(),
        "machine": platform.machine(),
        "commit": commit(),
        "command": " ".join(sys.argv),
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "wall_time_s": round(time.time() - started, 3),
    }
