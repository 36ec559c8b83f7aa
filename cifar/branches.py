"""The switching tree: trunks trained once, branches that fork from their checkpoints, each a process of its own.

    trunk    start ------------ t ------------ T        state kept before every epoch t at which a branch forks
    branch                      t ------------ T        the trunk's state at t, then the other method

A branch is started by its id and waits for its trunk's checkpoint, wherever the trunk is being trained; all that they
share is the folder. What it then does is what an uninterrupted run with a switch at t would do, bit for bit; a fork at
0 is a run of the other method alone, a fork at T the trunk's. Fine-tuning a checkpoint from anywhere is the same, with
`start` naming it.

    OUT/ID/manifest.json, sessions.jsonl     what it is; every process that worked on it
    OUT/ID/log.jsonl, events/                epoch by epoch
    OUT/ID/checkpoints/epoch-NNNNN.npz       the newest two, the forks and the end
    OUT/ID/result.json, done                 how it ended; the SHA-256 of result.json
    OUT/ID/failed.json                       why its last process gave up, if it did

Notes:
    A run that diverges ends there, with a result that says so; branches that fork later inherit it. That is data.
    Where the checkpoint of a fork is damaged, starting the trunk again trains again from the last one before it.
"""

import dataclasses
import functools
import hashlib
import json
import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..dynamics.blocks import write_atomically
from .checkpoints import Checkpoint, Checkpoints, DamagedError, read
from .logs import EpochLog, finite, read_log
from .manifest import open_manifest, session_of
from .plan import Run, trunk_digest
from .run_lock import locked
from .settings import Settings

if TYPE_CHECKING:
    from .train import State, Trainer

log = logging.getLogger("samscape.cifar")

Progress = Callable[[float], None]
Result = dict[str, Any]
EVERY = 60.0
"""Seconds between checkpoints, at least; forks and the end have theirs in any case."""
LOOK = 0.5
"""Seconds between looks for a trunk's checkpoint."""


class TrunkFailedError(ValueError):
    """The trunk that a branch waits for has given up."""


def train_run(
    out: Path,
    run: Run,
    directory: Path | None = None,
    *,
    every: float = EVERY,
    start: Path | None = None,
    progress: Progress = lambda share: None,
) -> Result:
    """Train one trunk or branch, from its beginning or from where it was left.

    Args:
        out: Folder of the whole experiment; the run's own is `out / run.id`.
        run: What to train.
        directory: Of the data, for those that have files.
        every: Seconds between checkpoints; 0: one after every epoch.
        start: A checkpoint to start from instead of the trunk's: the `.npz` of any run of the same network.
        progress: Called with the share done.
    Returns:
        What `result.json` holds; the same as before if the run was finished.
    Raises:
        LockedError: Another process trains it.
        TrunkFailedError: Its trunk has given up.
        DamagedError: Its trunk's checkpoint, or `start`, is damaged.
        FullDiskError: No room for a checkpoint; nothing is lost.
        ValueError: The folder holds something else, or data or settings have changed.
    """
    folder = out / run.id
    with locked(folder):
        (folder / "failed.json").unlink(missing_ok=True)
        try:
            return _train(out, run, directory, every, start, progress)
        except Exception as error:
            said = {"error": type(error).__name__, "message": str(error)}
            write_atomically(folder / "failed.json", json.dumps(said).encode() + b"\n")
            raise


def _train(out: Path, run: Run, directory: Path | None, every: float, start: Path | None, progress: Progress) -> Result:
    folder = out / run.id
    checkpoints = Checkpoints(folder / "checkpoints", {*run.forks, run.end})
    for stray in checkpoints.remove_strays():
        log.warning("%s was left half written by a process that was killed; removed", stray)
    origin = _origin(out, run, start)
    if isinstance(origin, dict):  # the trunk diverged before the fork
        return _finish(folder, {**_description(run), **origin, "inherited": True})
    trainer = trainer_for(shared_settings(run.settings), directory)
    branch = {
        "id": run.id,
        "settings": run.settings.to_json(),
        "settings_digest": run.settings_digest,
        "data_digest": trainer.data.digest,
        "start": {"from": str(start or run.parent or ""), "epoch": run.start, "sha256": origin and origin.digest},
        "methods": [run.method_trunk, run.method],
    }
    open_manifest(folder, branch, session_of(trainer.loop, np.dtype(trainer.dtype).name))
    epoch = restart_epoch(checkpoints, run, logged_until(folder, run))
    done = read_result(folder)
    if done is not None and (done["diverged"] or epoch == run.end):
        progress(1.0)
        return done
    (folder / "done").unlink(missing_ok=True)
    if epoch is not None:
        state = restored(trainer, run, checkpoints.load(epoch))
    elif origin is not None:
        state = forked(trainer, run, origin)
    else:
        state = trainer.start(run.seed, run.method)
    return _go_on(folder, run, trainer, state, checkpoints, every, progress)


def _go_on(
    folder: Path,
    run: Run,
    trainer: "Trainer",
    state: "State",
    checkpoints: Checkpoints,
    every: float,
    progress: Progress,
) -> Result:
    """Train up to the end or to divergence; write log, checkpoints and result."""
    total = run.end - run.start
    diverged: dict[str, int] | None = None
    saved, digest = time.monotonic(), ""
    with EpochLog(folder, state.epoch) as rows:
        if state.epoch in (0, run.end) or state.epoch in run.forks:  # also of a trunk without epochs
            digest = checkpoints.save(state.epoch, arrays_of(state), {"id": run.id, "seed": run.seed})
        while state.epoch < run.end and diverged is None:
            before = state.epoch - run.start
            state, went = trainer.epoch(
                state, run.method, lambda share, at=before: progress((at + share) / total * 0.999)
            )
            test_loss, test_error = trainer.evaluate(state)
            if went.bad_step is not None:
                diverged = {"epoch": state.epoch, "step": went.bad_step}
            rows.append(
                {
                    "epoch": state.epoch,
                    "train_loss": finite(went.train_loss),
                    "train_error": went.train_error,
                    "test_loss": finite(test_loss),
                    "test_error": test_error,
                    "eta": went.eta,
                    "method": run.method,
                    "sam_share": went.perturbed_share,
                    "gradients": went.gradients,
                    "seconds": went.seconds,
                    "images_per_second": went.images_per_second,
                    "diverged": diverged is not None,
                }
            )
            due = state.epoch in run.forks or state.epoch == run.end or time.monotonic() - saved >= every
            if due and diverged is None:
                digest = checkpoints.save(state.epoch, arrays_of(state), {"id": run.id, "seed": run.seed})
                saved = time.monotonic()
    result = {**_description(run), **_ends(trainer, state, folder), "diverged": diverged is not None}
    result |= {"diverged_at": diverged, "sha256": digest if diverged is None else None}
    progress(1.0)
    return _finish(folder, result)


def _description(run: Run) -> Result:
    switched = run.to is not None and 0 < run.start < run.end
    return {
        "id": run.id,
        "label": run.label,
        "seed": run.seed,
        "direction": f"{run.method_trunk}->{run.method}" if switched else run.method,
        "switch_epoch": run.switch_epoch,
        "sam_epochs": round(run.sam_share * run.end),
        "epochs": run.end,
        "share": run.sam_share,
        "settings_digest": run.settings_digest,
    }


def _ends(trainer: "Trainer", state: "State", folder: Path) -> Result:
    rows = read_log(folder)
    train_loss, train_error = trainer.evaluate(state, "train")
    last: Mapping[str, Any] = rows[-1] if rows else {}
    if not rows:
        test_loss, test_error = trainer.evaluate(state)
        last = {"test_loss": finite(test_loss), "test_error": test_error}
    return {
        "test_loss": last["test_loss"],
        "test_error": last["test_error"],
        "train_loss": finite(train_loss),
        "train_error": train_error,
        "best_test_error": min((row["test_error"] for row in rows), default=last["test_error"]),
        "gradients": sum(row["gradients"] for row in rows),
        "seconds": sum(row["seconds"] for row in rows),
    }


def _finish(folder: Path, result: Result) -> Result:
    content = json.dumps(result, indent=1, allow_nan=False).encode() + b"\n"
    write_atomically(folder / "result.json", content)
    write_atomically(folder / "done", hashlib.sha256(content).hexdigest().encode() + b"\n")
    return result


def read_result(folder: Path) -> Result | None:
    """How a run ended; None if it has not ended, or if what it left is damaged."""
    try:
        content, checksum = (folder / "result.json").read_bytes(), (folder / "done").read_text().strip()
    except FileNotFoundError:
        return None
    if hashlib.sha256(content).hexdigest() != checksum:
        log.warning("%s is damaged; the run is finished again", folder / "result.json")
        return None
    return json.loads(content)


def _origin(out: Path, run: Run, start: Path | None) -> Checkpoint | Result | None:
    """What a run starts from: a checkpoint, its trunk's divergence, or nothing."""
    if start is not None:
        return read(start)
    if run.parent is None:
        return None
    return wait_for_fork(out / run.parent, run.start)


def wait_for_fork(trunk: Path, epoch: int) -> Checkpoint | Result:
    """The trunk's checkpoint before an epoch, as soon as there is one; or what its result says of its divergence.

    Raises:
        TrunkFailedError: The trunk has given up.
        DamagedError: The checkpoint is damaged.
    """
    checkpoints, said = trunk / "checkpoints", False
    while True:
        if (checkpoints / f"epoch-{epoch:05d}.json").exists():
            try:
                return Checkpoints(checkpoints).load(epoch)
            except DamagedError as error:
                raise DamagedError(f"{error}. Start {trunk.name} again: it trains again from the one before") from error
        ended = read_result(trunk) if (trunk / "done").exists() else None
        if ended is not None and ended["diverged"]:
            return {name: ended[name] for name in (*_NUMBERS, "diverged", "diverged_at", "sha256")}
        if (trunk / "failed.json").exists():
            why = json.loads((trunk / "failed.json").read_text())["message"]
            raise TrunkFailedError(
                f"{trunk.name} gave up before epoch {epoch}: {why}. Start it again, then its branches"
            )
        if not said:
            log.info("waiting for %s to reach epoch %d", trunk.name, epoch)
            said = True
        time.sleep(LOOK)


_NUMBERS = ("test_loss", "test_error", "train_loss", "train_error", "best_test_error", "gradients", "seconds")


def restart_epoch(checkpoints: Checkpoints, run: Run, logged: int) -> int | None:
    """The newest epoch to go on from; None: none is.

    Its checkpoint is whole, so are those of all forks up to it, and the log reaches as far.
    """
    whole = set()
    for path, problem in checkpoints.examined():
        if problem:
            log.warning("%s; going back to an older one", problem)
        else:
            whole.add(int(path.stem.removeprefix("epoch-")))
    for epoch in sorted(whole, reverse=True):
        if epoch <= logged and all(fork in whole for fork in run.forks if fork <= epoch):
            return epoch
    return None


def logged_until(folder: Path, run: Run) -> int:
    """The last epoch up to which the log has every row of the run."""
    last = run.start
    for row in read_log(folder):
        if row["epoch"] != last + 1:
            break
        last += 1
    return last


def arrays_of(state: "State") -> dict[str, np.ndarray]:
    """The arrays of a state by the paths of its tree, for a checkpoint."""
    import jax

    tree = {"params": state.params, "stats": state.stats, "rule": state.rule_state._asdict()}
    leaves = jax.tree_util.tree_flatten_with_path(tree)[0]
    return {jax.tree_util.keystr(path): np.asarray(leaf) for path, leaf in leaves}


def restored(trainer: "Trainer", run: Run, checkpoint: Checkpoint) -> "State":
    """The state of a run's own checkpoint.

    Raises:
        ValueError: It is of another network or rule; the message says where they differ.
    """
    from .train import State

    params, stats, rule_state = _filled(trainer, run, run.method, checkpoint, ("params", "stats", "rule"))
    return State(params, stats, rule_state, int(checkpoint.about["epoch"]), run.seed)


def forked(trainer: "Trainer", run: Run, checkpoint: Checkpoint) -> "State":
    """The state that a run begins with at another's checkpoint: parameters and statistics, and, if it is to keep them,
    the base optimiser's buffers. The epoch is the run's own.

    Raises:
        ValueError: It is of another network or optimiser; the message says where they differ.
    """
    from .train import State

    keep = trainer.settings.momentum_at_switch == "keep"
    parts = ("params", "stats", "base") if keep else ("params", "stats")
    params, stats, *base = _filled(trainer, run, run.method, checkpoint, parts)
    fresh = trainer.rules[run.method].init(params)
    return State(params, stats, fresh._replace(base=base[0]) if keep else fresh, run.start, run.seed)


def _filled(trainer: "Trainer", run: Run, method: str, checkpoint: Checkpoint, parts: tuple[str, ...]) -> list[Any]:
    """Parts of a state, read from a checkpoint by the paths of their leaves."""
    import jax
    import jax.numpy as jnp

    shape = jax.eval_shape(lambda: trainer.start(run.seed, method)[:3])
    whole = {"params": shape[0], "stats": shape[1], "rule": shape[2]._asdict()}
    template = {"params": whole["params"], "stats": whole["stats"], "rule": {}}
    if "rule" in parts:
        template["rule"] = whole["rule"]
    elif "base" in parts:
        template["rule"] = {"base": whole["rule"]["base"]}
    leaves, structure = jax.tree_util.tree_flatten_with_path(template)
    found = []
    for path, leaf in leaves:
        name = jax.tree_util.keystr(path)
        array = checkpoint.arrays.get(name)
        if array is None or array.shape != leaf.shape or array.dtype != leaf.dtype:
            there = "nothing" if array is None else f"{array.dtype}{list(array.shape)}"
            raise ValueError(
                f"{run.id}: the checkpoint of {checkpoint.about.get('id')} at epoch {checkpoint.about['epoch']} has "
                f"{there} at {name} where {leaf.dtype}{list(leaf.shape)} is expected; it is of another network or rule"
            )
        found.append(jnp.array(array))
    tree = jax.tree.unflatten(structure, found)
    rule = shape[2]._replace(**tree["rule"]) if "rule" in parts else None
    given = {"params": tree["params"], "stats": tree["stats"], "rule": rule, "base": tree["rule"].get("base")}
    return [given[part] for part in parts]


def shared_settings(settings: Settings) -> Settings:
    """The settings that runs share a compiled trainer by: the seed is an argument of it, unless it decides labels."""
    return settings if settings.label_noise else dataclasses.replace(settings, seed=0)


@functools.lru_cache(maxsize=4)
def trainer_for(settings: Settings, directory: Path | None) -> "Trainer":
    """A trainer with its data and network; kept, so that the runs of a process compile once."""
    from .data import load_data
    from .models.adapter import build
    from .train import Trainer

    data = load_data(settings, directory)
    shape, options = data.train_images.shape[1:], {"bn_momentum": settings.bn_momentum, **settings.model_options}
    return Trainer(settings, data, build(settings.model, options, data.classes, shape))


def same_trunk(run: Run, trunk: Run) -> bool:
    """Whether a trunk is what a branch may fork from: all that decides its numbers is the same."""
    return trunk_digest(run.settings, run.method_trunk) == trunk_digest(trunk.settings, trunk.method)
