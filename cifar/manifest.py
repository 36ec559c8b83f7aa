"""What a branch was made of, written before its first step: settings, data, code, versions, machine.

`manifest.json` is what the branch is, and is compared whenever it goes on: other settings or other data are refused.
`sessions.jsonl` has a line for every process that worked on it, with versions and device; where they differ from one
to the next, results may differ in the last digits, and that is said.
"""

import json
import logging
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from .. import __version__
from ..dynamics.blocks import differences, write_atomically

log = logging.getLogger("samscape.cifar")

PACKAGES = ("jax", "jaxlib", "flax", "optax", "numpy", "scikit-learn")
DECIDES = ("id", "settings", "settings_digest", "data_digest", "start", "methods")
"""Entries that must be the same when a branch goes on."""


def manifest_of(branch: Mapping[str, Any], session: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest: what the branch is (entries of `DECIDES`), and the first process's session."""
    return {**branch, "first_session": dict(session)}


def session_of(loop: str, dtype: str) -> dict[str, Any]:
    """This process: versions, commit, device, flags."""
    import jax

    device = jax.devices()[0]
    return {
        "samscape": __version__,
        "commit": _commit(),
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "platform": device.platform,
        "device": device.device_kind,
        "driver": getattr(device.client, "platform_version", ""),
        "system": platform.platform(),
        "xla_flags": os.environ.get("XLA_FLAGS", ""),
        "compute_dtype": dtype,
        "loop": loop,
        "command": sys.argv[1:],
        "began": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def open_manifest(folder: Path, branch: Mapping[str, Any], session: Mapping[str, Any]) -> None:
    """Write the manifest of a new branch, or check that an old one is the same; note the session.

    Raises:
        ValueError: The folder holds another branch, other settings or other data; the message says what differs.
    """
    path = folder / "manifest.json"
    if path.exists():
        before = read_manifest(folder)
        there, here = ({name: kind[name] for name in DECIDES} for kind in (before, branch))
        if there != here:
            what = differences(there, here)
            data = "the data have changed; " if there["data_digest"] != here["data_digest"] else ""
            raise ValueError(
                f"{folder}: {data}what is to be run {what}. Give the old settings and data to go on, or another folder"
            )
        last = _last_session(folder) or before["first_session"]
        watched = ("packages", "platform", "device", "xla_flags", "loop")
        changed = [name for name in watched if last[name] != session[name]]
        if changed:
            log.warning(
                "%s goes on with other %s than before: the last digits may differ from an uninterrupted run",
                folder.name, ", ".join(changed),
            )  # fmt: skip
    else:
        content = json.dumps(manifest_of(branch, session), indent=1, allow_nan=False)
        write_atomically(path, content.encode() + b"\n")
    with (folder / "sessions.jsonl").open("a") as file:
        file.write(json.dumps(dict(session)) + "\n")


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a branch.

    Raises:
        ValueError: It cannot be read.
    """
    path = folder / "manifest.json"
    try:
        return json.loads(path.read_text())
    except (OSError, json.JSONDecodeError) as error:
        raise ValueError(f"{path} cannot be read ({error}); remove {folder} to train this branch again") from error


def _last_session(folder: Path) -> dict[str, Any] | None:
    path = folder / "sessions.jsonl"
    if not path.exists():
        return None
    for line in reversed(path.read_text().splitlines()):
        try:
            return json.loads(line)
        except json.JSONDecodeError:  # cut short by a kill
            continue
    return None


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def _commit() -> str:
    """The commit of the working copy that the package lies in; "" for an installed one."""
    root = Path(__file__).resolve().parent.parent
    if not (root / ".git").exists():
        return ""
    command = ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return "unknown"
