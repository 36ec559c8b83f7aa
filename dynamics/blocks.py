"""Finished blocks of a long computation on disk, so that a killed run goes on where it was.

A store is a folder: `manifest.json` says which computation it belongs to, and every block is a file that appears whole
or not at all, with a checksum. What is damaged is computed again, and said; what belongs to another computation is
refused, with what differs.
"""

import hashlib
import io
import json
import logging
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

log = logging.getLogger("samscape.sweep")

MAGIC = b"samscape block 1\n"
Arrays = Mapping[str, np.ndarray]


class BlockStore:
    """Blocks of the computation that `settings` describes.

    Args:
        folder: Made if it is missing.
        settings: What the result depends on, as JSON could hold it.
        block_size: Trajectories per block. A store that exists keeps its own.
        resume: Go on with blocks that are there; otherwise delete them.
    Raises:
        ValueError: The folder holds another computation, or something else.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any], block_size: int, resume: bool = True) -> None:
        self.folder = folder
        self.digest = digest_of(settings)
        manifest = folder / "manifest.json"
        if folder.exists() and any(folder.iterdir()) and not manifest.exists():
            raise ValueError(f"{folder} is not a folder of blocks (it has no manifest.json): choose another output")
        if folder.exists() and not resume:
            shutil.rmtree(folder)
        if manifest.exists():
            self.block_size = self._continue(manifest, settings)
        else:
            self.block_size = block_size
            folder.mkdir(parents=True, exist_ok=True)
            content = {"digest": self.digest, "block_size": block_size, "settings": settings}
            write_atomically(manifest, json.dumps(content, indent=1).encode())

    def _continue(self, manifest: Path, settings: Mapping[str, Any]) -> int:
        try:
            found = json.loads(manifest.read_text(encoding="utf-8"))
            block_size, digest, before = int(found["block_size"]), str(found["digest"]), dict(found["settings"])
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{manifest} cannot be read ({error}): delete {self.folder} to start afresh") from None
        if digest != self.digest:
            raise ValueError(
                f"{self.folder} holds blocks of another computation; {differences(before, settings)}. "
                f"Choose another output, or start afresh with resume=False"
            )
        return block_size

    def _path(self, panel: int, low: int) -> Path:
        return self.folder / f"{panel:03d}-{low:012d}.block"

    def write(self, panel: int, low: int, arrays: Arrays) -> None:
        """Keep the block that begins with trajectory `low` of a panel."""
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **arrays)
        body = f"{self.digest} {panel} {low}\n".encode() + buffer.getvalue()
        write_atomically(self._path(panel, low), MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n" + body)

    def read(self, panel: int, low: int) -> dict[str, np.ndarray] | None:
        """The block, or None if it is missing or damaged; a damaged one is deleted, with a warning."""
        path = self._path(panel, low)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        checksum, _, body = content.removeprefix(MAGIC).partition(b"\n")
        identity, _, data = body.partition(b"\n")
        sound = content.startswith(MAGIC) and hashlib.sha256(body).hexdigest().encode() == checksum
        if not sound or identity != f"{self.digest} {panel} {low}".encode():
            log.warning("block %s is damaged (its checksum does not match): it is computed again", path.name)
            path.unlink()
            return None
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}

    def delete(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder)


def digest_of(settings: Mapping[str, Any]) -> str:
    """SHA-256 of settings, whatever their order."""
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """What differs between two settings, for people; the first five."""
    changed = _changed(before, json.loads(json.dumps(now)))  # as it reads back from a file
    return "differs in " + "; ".join(changed[:5]) + ("; ..." if len(changed) > 5 else "")


def _changed(before: Mapping[str, Any], now: Mapping[str, Any], prefix: str = "") -> list[str]:
    changed = []
    for name in dict.fromkeys([*before, *now]):
        there, here = before.get(name), now.get(name)
        if isinstance(there, dict) and isinstance(here, dict):
            changed += _changed(there, here, f"{prefix}{name}.")
        elif there != here:
            changed.append(f"{prefix}{name}: {_short(there)} there, {_short(here)} now")
    return changed


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else text[:28] + " ... " + text[-28:]


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, also after a power cut."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    if os.name == "posix":  # the directory entry too
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
