"""What was verified before, on disk: found again by content of claim and code, never half written."""

import hashlib
import importlib.metadata
import json
import os
import platform
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .budget import BUDGETS
from .claim import Claim
from .record import Record, from_json

LIBRARIES = ("jax", "numpy", "sympy", "diffrax", "z3-solver", "python-flint", "pepit", "cvxpy", "clarabel")
"""Packages whose versions a verdict may depend on."""


@dataclass(frozen=True)
class Task:
    """One claim to verify.

    Attributes:
        claim: Its id; or the headline of claims whose module cannot be imported.
        origin: The module in `samscape.theory`, or the path of a file.
        budget: A name in `BUDGETS`.
        folder: Where its result is kept; None: nowhere.
        force: Whether to compute anew what is known.
    """

    claim: str
    origin: str
    budget: str = "default"
    folder: Path | None = None
    force: bool = False

    @property
    def of_user(self) -> bool:
        """Whether it comes from a file and not from the registry."""
        return self.origin.endswith(".py")

    @property
    def path(self) -> Path | None:
        """The file of its result; ":" is no character for file names everywhere, and "_" occurs in no claim's name."""
        stem = self.claim.replace(":", "_")
        if self.of_user:
            stem = f"{Path(self.origin).stem}--{stem}"
        return None if self.folder is None else self.folder / "results" / self.budget / f"{stem}.json"


def check_folder(folder: Path) -> None:
    """Make the folder, and try it, before anything is computed.

    Raises:
        OSError: It cannot be written to; the message names the folder and the remedy.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe.{os.getpid()}"
        probe.write_text("samscape")
        probe.unlink()
    except OSError as error:
        raise OSError(
            f"cannot write to {folder}: {error.strerror or error}; choose another folder with --out"
        ) from None


def key_of(claim: Claim, task: Task) -> str:
    """The digest that says which computation it is: claim, code, budget, versions."""
    from ..dynamics.code_digest import files_digest, imported_files

    here = Path(__file__).parent
    starts = [_source(task), here / "examine.py", *sorted((here / "checks").glob("*.py"))]
    code = set().union(*(imported_files(path) for path in starts))
    content = {
        "claim": claim.id,
        "code": files_digest(code),
        "budget": asdict(BUDGETS[task.budget]),
        "versions": {name: _version(name) for name in LIBRARIES} | {"python": platform.python_version_tuple()[:2]},
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def load(task: Task, key: str) -> Record | None:
    """The record of an earlier run with this key, or None."""
    if task.path is None:
        return None
    try:
        data = json.loads(task.path.read_text(encoding="utf-8"))
        return from_json(data) if data.get("key") == key else None
    except (OSError, ValueError, AttributeError):
        return None  # missing or damaged: it is computed again


def save(path: Path, data: Any) -> None:
    """Write JSON in one move."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(json.dumps(data, indent=1, allow_nan=False, ensure_ascii=False) + "\n", encoding="utf-8")
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def remove_unfinished(folder: Path, processes: set[int]) -> None:
    """Remove what processes, now ended, had begun to write."""
    for process in processes:
        for path in folder.glob(f"*.json.{process}"):
            path.unlink(missing_ok=True)


def seconds_before(task: Task) -> float:
    """What it took the last time; unknown ones first."""
    if task.path is not None:
        with suppress(OSError, ValueError, KeyError, TypeError):
            return sum(json.loads(task.path.read_text(encoding="utf-8"))["seconds"])
    return float("inf")


def _source(task: Task) -> Path:
    if task.of_user:
        return Path(task.origin)
    spec = find_spec(f"{__package__}.{task.origin}")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin)


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "absent"
