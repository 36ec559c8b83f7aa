"""Checkpoints that are there whole or not at all, and that say so when they are damaged.

    NAME.npz    the arrays                                   written first
    NAME.json   what they are, with the SHA-256 of NAME.npz, and a last line: the SHA-256 of what stands above it
                                                             written last: without it there is no checkpoint

Each file is written beside its place, synchronised and renamed. Every single flipped bit, in either file, changes a
checksum that is looked at. The two newest are kept, and those at the epochs where branches fork. A damaged one is
passed over, with a message, for the newest that is whole.

Notes:
    Two SHA-256 of the same arrays are equal: the archive holds no times. Keys of random numbers are not stored, since
    they follow from seed, epoch and step.
"""

import hashlib
import io
import json
import logging
import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..dynamics.blocks import write_atomically

log = logging.getLogger("samscape.cifar")

KEPT = 2
"""How many of the newest stay."""
FORMAT = 1

Arrays = Mapping[str, np.ndarray]


class DamagedError(ValueError):
    """A checkpoint is not what was written."""


class FullDiskError(OSError):
    """There is no room for a checkpoint; those that are there are untouched."""


class Checkpoint(NamedTuple):
    """One checkpoint: arrays by name, what was said of them, and the SHA-256 of the file of arrays."""

    arrays: Arrays
    about: Mapping[str, Any]
    digest: str


class Checkpoints:
    """The checkpoints of one branch.

    Args:
        folder: Made if it is missing.
        keep: Epochs whose checkpoints always stay.
    """

    def __init__(self, folder: Path, keep: Collection[int] = ()) -> None:
        self.folder, self.keep = folder, frozenset(keep)
        folder.mkdir(parents=True, exist_ok=True)

    def remove_strays(self) -> list[Path]:
        """Remove what a killed process left behind: files half written, and arrays without their index."""
        strays = [*self.folder.glob(".*.partial")]
        strays += [path for path in self.folder.glob("epoch-*.npz") if not path.with_suffix(".json").exists()]
        for path in strays:
            path.unlink()
        return strays

    def save(self, epoch: int, arrays: Arrays, about: Mapping[str, Any]) -> str:
        """Write the checkpoint after `epoch` epochs and remove what is no longer needed; the SHA-256 of its arrays.

        Raises:
            FullDiskError: It could not be written.
        """
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **dict(arrays))
        content = buffer.getvalue()
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(epoch)
        index = {**about, "format": FORMAT, "epoch": epoch, "bytes": len(content), "sha256": digest}
        try:
            path.with_suffix(".json").unlink(missing_ok=True)  # the index of other arrays under the same name
            write_atomically(path, content)
            write_atomically(path.with_suffix(".json"), _rendered(index))
        except OSError as error:
            for stray in self.folder.glob(f".*.{os.getpid()}.partial"):
                stray.unlink(missing_ok=True)
            left = ", ".join(f"epoch {e}" for e in self.epochs()) or "none"
            raise FullDiskError(
                error.errno,
                f"cannot write the checkpoint of epoch {epoch} ({len(content) / 1e6:.1f} MB) in {self.folder}: "
                f"{error.strerror}; nothing is lost (whole checkpoints: {left}): make room and resume",
            ) from error
        for old in self.epochs()[:-KEPT]:
            if old not in self.keep:
                self._remove(old)
        return digest

    def epochs(self) -> list[int]:
        """The epochs that there are checkpoints of, in order, damaged or not."""
        return sorted(int(path.stem.removeprefix("epoch-")) for path in self.folder.glob("epoch-*.json"))

    def load(self, epoch: int) -> Checkpoint:
        """The checkpoint after `epoch` epochs.

        Raises:
            FileNotFoundError: There is none.
            DamagedError: It is not what was written.
        """
        path = self.path(epoch)
        if not path.with_suffix(".json").exists():
            raise FileNotFoundError(f"no checkpoint of epoch {epoch} in {self.folder}")
        return read(path)

    def latest(self) -> Checkpoint | None:
        """The newest that is whole; None if there is none."""
        for epoch in reversed(self.epochs()):
            try:
                return self.load(epoch)
            except DamagedError as error:
                log.warning("%s; going back to an older one", error)
        return None

    def examined(self) -> Iterator[tuple[Path, str]]:
        """Every checkpoint with what is wrong with it, "" if nothing is."""
        for epoch in self.epochs():
            try:
                self.load(epoch)
            except DamagedError as error:
                yield self.path(epoch), str(error)
            else:
                yield self.path(epoch), ""

    def path(self, epoch: int) -> Path:
        """Where the arrays of an epoch are."""
        return self.folder / f"epoch-{epoch:05d}.npz"

    def discard_after(self, epoch: int) -> None:
        """Remove checkpoints of later epochs, damaged ones that training will write anew."""
        for later in self.epochs():
            if later > epoch:
                self._remove(later)

    def _remove(self, epoch: int) -> None:
        path = self.path(epoch)
        path.with_suffix(".json").unlink(missing_ok=True)  # the index first: never an index without arrays
        path.unlink(missing_ok=True)


def read(path: Path) -> Checkpoint:
    """A checkpoint, by the path of its arrays.

    Raises:
        DamagedError: The file or its index is not what was written, or missing.
    """
    index_path = path.with_suffix(".json")
    try:
        written, content = index_path.read_bytes(), path.read_bytes()
    except FileNotFoundError as error:
        raise DamagedError(f"{path}: {error.filename} is missing") from error
    body, _, checksum = written.rstrip(b"\n").rpartition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != checksum or not written.endswith(b"\n"):
        raise DamagedError(f"{index_path} is damaged: its last line is not the SHA-256 of the rest")
    index = json.loads(body)
    found = hashlib.sha256(content).hexdigest()
    if found != index["sha256"]:
        raise DamagedError(f"{path} is damaged: SHA-256 {found[:12]}... instead of {index['sha256'][:12]}...")
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return Checkpoint({name: arrays[name] for name in arrays.files}, index, found)


def _rendered(index: Mapping[str, Any]) -> bytes:
    body = json.dumps(index, sort_keys=True, indent=1, allow_nan=False).encode()
    return body + b"\n" + hashlib.sha256(body).hexdigest().encode() + b"\n"
