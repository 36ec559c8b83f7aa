"""Is everything that an experiment left what was written? Every file is hashed again, and the pieces are held together.

checkpoints and their indexes    SHA-256
result.json                      SHA-256 in `done`; its SHA-256 of the end is the last checkpoint's
manifest.json                    settings have the digest they should; data read again have theirs
log.jsonl                        one row for every epoch, in order
a branch's start                 the SHA-256 of its trunk's checkpoint
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .branches import logged_until, read_result
from .checkpoints import Checkpoints, DamagedError
from .manifest import read_manifest
from .plan import Run
from .run import directory_of, read_runs
from .settings import Settings


class Verified(NamedTuple):
    """What was found of one run.

    Attributes:
        id: Of the run.
        state: "ended", "diverged", "under way" or "not begun".
        files: Files that were hashed.
        problems: What is wrong, one sentence each.
    """

    id: str
    state: str
    files: int
    problems: tuple[str, ...]


def verify(out: Path, directory: Path | None = None) -> Iterator[Verified]:
    """Examine every run of an experiment.

    Args:
        out: Its folder.
        directory: Where the data are now; None: where they were.
    Raises:
        FileNotFoundError: The folder holds no experiment.
    """
    directory = directory or directory_of(out)
    digests: dict[str, str] = {}
    for run in read_runs(out):
        yield _examine(out, run, directory, digests)


def _examine(out: Path, run: Run, directory: Path | None, digests: dict[str, str]) -> Verified:
    folder, problems = out / run.id, []
    if not (folder / "manifest.json").exists():
        inherited = read_result(folder)
        if inherited is not None and inherited.get("inherited"):
            return Verified(run.id, "diverged", 1, ())
        return Verified(run.id, "not begun", 0, ())
    examined = list(Checkpoints(folder / "checkpoints").examined())
    problems += [problem for _, problem in examined if problem]
    files = 2 * len(examined)
    whole = {path.stem for path, problem in examined if not problem}
    result = read_result(folder)
    if result is None and (folder / "done").exists():
        problems.append(f"{folder / 'result.json'} is not what was written")
    files += result is not None
    state = "under way" if result is None else "diverged" if result["diverged"] else "ended"
    if state == "ended" and f"epoch-{run.end:05d}" in whole:
        found = Checkpoints(folder / "checkpoints").load(run.end).digest
        if result is not None and found != result["sha256"]:
            problems.append(f"{run.id}: the last checkpoint is not the one of result.json")
    for fork in run.forks:
        if (state == "ended" or logged_until(folder, run) > fork) and f"epoch-{fork:05d}" not in whole:
            problems.append(f"{run.id}: the checkpoint of the fork at epoch {fork} is missing or damaged")
    if state == "ended" and logged_until(folder, run) != run.end:
        problems.append(f"{folder / 'log.jsonl'}: rows are missing after epoch {logged_until(folder, run)}")
    problems += _manifest_problems(out, run, directory, digests)
    return Verified(run.id, state, files, tuple(problems))


def _manifest_problems(out: Path, run: Run, directory: Path | None, digests: dict[str, str]) -> Iterator[str]:
    from .data import load_data

    folder = out / run.id
    try:
        manifest = read_manifest(folder)
    except ValueError as error:
        yield str(error)
        return
    if Settings.from_json(manifest["settings"]).digest() != manifest["settings_digest"]:
        yield f"{folder / 'manifest.json'}: the settings are not those of the digest beside them"
    if manifest["settings_digest"] != run.settings_digest:
        yield f"{run.id}: trained with other settings than {out / 'recipe.json'} says"
    start = manifest["start"]
    if run.parent is not None and start["from"] == run.parent:
        found = _digest_at(out / run.parent / "checkpoints", run.start)
        if found not in (None, start["sha256"]):
            yield f"{run.id}: began at another checkpoint than {run.parent}'s of epoch {run.start}"
    key = run.settings_digest
    if key not in digests:
        try:
            digests[key] = load_data(run.settings, directory).digest
        except (ValueError, OSError) as error:
            yield f"{run.id}: the data cannot be read again: {error}"
            return
    if digests[key] != manifest["data_digest"]:
        yield f"{run.id}: the data have changed since it was trained"


def _digest_at(folder: Path, epoch: int) -> str | None:
    """Of a trunk's checkpoint; None if it is missing or damaged, which is said of the trunk."""
    try:
        return Checkpoints(folder).load(epoch).digest
    except (FileNotFoundError, DamagedError):
        return None
