"""How much memory and disk there is, so that what cannot fit is refused before it starts."""

import os
import shutil
from pathlib import Path


def free_memory() -> int | None:
    """Bytes of memory that this process could still get; None where the system does not say."""
    found = [_linux_available(), _cgroup_free()]
    known = [x for x in found if x is not None]
    if known:
        return min(known)
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def free_disk(folder: Path) -> int:
    """Bytes free on the disk that holds `folder`."""
    return shutil.disk_usage(folder).free


def check_memory(what: str, needed: int, remedy: str) -> None:
    """Refuse what needs more memory than there is.

    Raises:
        ValueError: With both numbers and the remedy.
    """
    free = free_memory()
    if free is not None and needed > free:
        raise ValueError(f"{what} needs {human(needed)} of memory, {human(free)} are free: {remedy}")


def check_disk(what: str, needed: int, folder: Path, remedy: str) -> None:
    """Refuse what needs more disk than there is.

    Raises:
        ValueError: With both numbers and the remedy.
    """
    free = free_disk(folder)
    if needed > free:
        raise ValueError(f"{what} needs {human(needed)} on disk, {human(free)} are free in {folder}: {remedy}")


def human(size: float) -> str:
    """A number of bytes for people: ``1.5 GiB``."""
    for unit in ("bytes", "KiB", "MiB", "GiB", "TiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.3g} PiB"


def _linux_available() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    values = {line.split(":")[0]: line.split()[1] for line in lines if len(line.split()) > 1}
    return int(values["MemAvailable"]) * 1024 if "MemAvailable" in values else None


def _cgroup_free() -> int | None:
    """What a container's limit leaves (cgroup version 2)."""
    root = Path("/sys/fs/cgroup")
    try:
        limit = (root / "memory.max").read_text(encoding="ascii").strip()
        used = (root / "memory.current").read_text(encoding="ascii").strip()
    except OSError:
        return None
    return None if limit == "max" else max(0, int(limit) - int(used))
