"""A branch's log: one JSON line per epoch, and the same numbers as TensorBoard events.

    {"epoch": 1, "train_loss": ..., "train_error": ..., "test_loss": ..., "test_error": ..., "eta": ...,
     "method": "sgd", "sam_share": ..., "seconds": ..., "images_per_second": ..., "diverged": false}

`epoch` counts those completed. `train_loss` and `train_error` are means over the epoch as its batches met them, without
smoothing and decay; the test set is judged after it. A number that is not finite is null. `sam_share` is the share of
the epoch's steps that perturbed, counted on the device.
"""

import json
import logging
import math
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from ..dynamics.blocks import write_atomically

log = logging.getLogger("samscape.cifar")

SCALARS = ("train_loss", "train_error", "test_loss", "test_error", "eta", "sam_share", "images_per_second")


class EpochLog:
    """The log of one branch, to be used as a context.

    Args:
        folder: Of the branch.
        epoch: Rows of later epochs, of a process that was killed before its checkpoint, are taken back.
    Raises:
        ImportError: tensorboardX is not installed.
    """

    def __init__(self, folder: Path, epoch: int) -> None:
        from tensorboardX import SummaryWriter

        self._path = folder / "log.jsonl"
        rows = [row for row in read_log(folder) if row["epoch"] <= epoch]
        write_atomically(self._path, b"".join(_line(row) for row in rows))
        self._events = SummaryWriter(str(folder / "events"), purge_step=epoch + 1)

    def __enter__(self) -> "EpochLog":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._events.close()

    def append(self, row: Mapping[str, Any]) -> None:
        """Write one epoch, through to the disk."""
        with self._path.open("ab") as file:
            file.write(_line(row))
            file.flush()
            os.fsync(file.fileno())
        for name in SCALARS:
            self._events.add_scalar(name, float("nan") if row[name] is None else row[name], row["epoch"])
        self._events.flush()


def read_log(folder: Path) -> list[dict[str, Any]]:
    """The rows of a branch's log, in order; none if there is no log. A last line cut short is left out."""
    path = folder / "log.jsonl"
    if not path.exists():
        return []
    rows = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError:
            log.warning("%s: line %d is cut short or damaged; it and what follows are left out", path, number)
            break
    return rows


def finite(value: float) -> float | None:
    """The number, or None where JSON has none for it."""
    return value if math.isfinite(value) else None


def _line(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, allow_nan=False).encode() + b"\n"
