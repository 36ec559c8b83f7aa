"""Networks out of run directories, and what is measured of them: curvature, m-sharpness, the audit of bfloat16.

    OUT/ID/curvature.json    {"kept": [one entry per set of options and checkpoint]}

An entry names the SHA-256 of the checkpoint that it is of, and is looked up before anything is computed anew.

Measurements are in float32, on training images without augmentation, by explicit batches in their order.
"""

import dataclasses
import json
import math
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..dynamics.blocks import write_atomically
from ..dynamics.worker_pool import run_in_processes
from .branches import read_result
from .manifest import read_manifest
from .process import cores, prepare
from .settings import Settings

if TYPE_CHECKING:
    from .checkpoints import Checkpoint
    from .data import Data
    from .measured_loss import Batch, MeasuredLoss
    from .train import Network

Measured = dict[str, Any]


@dataclass(frozen=True)
class Options:
    """What to measure of a network.

    Attributes:
        images: The first so many training images; None: all.
        batch: How many at once; with normalisation "batch" it is part of the definition.
        normalisation: BatchNorm's, "batch" or "running".
        tolerance: Residual at which Lanczos' method stops, as a share of the spectral norm.
        probes: For trace and Frobenius norm; 0: none.
        rho: Radius of the m-sharpness and of the audit; 0: neither.
        m: Examples in a group of the m-sharpness.
        steps: Its ascents.
        points: Its examples.
    """

    images: int | None = 5000
    batch: int = 128
    normalisation: str = "batch"
    tolerance: float = 1e-3
    probes: int = 0
    rho: float = 0.0
    m: int = 128
    steps: int = 100
    points: int = 1024


class End(NamedTuple):
    """A network of a run directory.

    Attributes:
        name: Of the run, with the epoch where it is not the last.
        settings: That it was trained with.
        model: The architecture.
        params: Parameters.
        stats: BatchNorm's statistics.
        data: What it was trained on.
        sha256: Of the checkpoint.
        epoch: After how many epochs.
    """

    name: str
    settings: Settings
    model: "Network"
    params: Any
    stats: Any
    data: "Data"
    sha256: str
    epoch: int


def load_end(folder: Path, directory: Path | None = None, epoch: int | None = None) -> End:
    """The network of a run at an epoch of which there is a checkpoint.

    Args:
        folder: Of the run, OUT/ID.
        directory: Of the data, for those that have files; None: where the experiment found them.
        epoch: After how many epochs; None: the last checkpoint.
    Raises:
        FileNotFoundError: No such run or checkpoint; the message names the epochs that there are.
        DamagedError: The checkpoint is not what was written.
        ValueError: The checkpoint is of another network than the manifest says.
    """
    from .branches import shared_settings, trainer_for
    from .checkpoints import Checkpoints

    settings = settings_of(folder)
    kept = Checkpoints(folder / "checkpoints")
    epochs = kept.epochs()
    if not epochs or (epoch is not None and epoch not in epochs):
        there = ", ".join(map(str, epochs)) or "none"
        wanted = "" if epoch is None else f" of epoch {epoch}"
        raise FileNotFoundError(f"{folder} has no checkpoint{wanted}; there are: {there}")
    checkpoint = kept.load(epochs[-1] if epoch is None else epoch)
    trainer = trainer_for(shared_settings(settings), directory or data_directory(folder))
    params, stats = network_of(checkpoint, trainer.model)
    number = int(checkpoint.about["epoch"])
    name = folder.name if number == epochs[-1] else f"{folder.name} at epoch {number}"
    return End(name, settings, trainer.model, params, stats, trainer.data, checkpoint.digest, number)


def settings_of(folder: Path) -> Settings:
    """The settings of a run.

    Raises:
        FileNotFoundError: The folder holds no run.
    """
    if not (folder / "manifest.json").exists():
        some = sorted(path.parent.name for path in folder.glob("*/manifest.json"))
        hint = f"; it holds the runs {', '.join(some[:6])}{', ...' if len(some) > 6 else ''}: name one" if some else ""
        raise FileNotFoundError(f"{folder} is no run (it has no manifest.json){hint}")
    return Settings.from_json(read_manifest(folder)["settings"])


def network_of(checkpoint: "Checkpoint", model: "Network") -> tuple[Any, Any]:
    """Parameters and statistics out of a checkpoint, arranged as the architecture wants them.

    Raises:
        ValueError: An array is missing or of another shape.
    """
    import jax
    import jax.numpy as jnp

    params, stats = jax.eval_shape(model.init, jax.random.key(0))
    leaves, structure = jax.tree_util.tree_flatten_with_path({"params": params, "stats": stats})
    found = []
    for path, leaf in leaves:
        name = jax.tree_util.keystr(path)
        array = checkpoint.arrays.get(name)
        if array is None or array.shape != leaf.shape:
            there = "nothing" if array is None else str(list(array.shape))
            raise ValueError(
                f"the checkpoint of {checkpoint.about.get('id')} has {there} at {name}, where {list(leaf.shape)} is "
                "expected: it is of another architecture"
            )
        found.append(jnp.asarray(array))
    tree = jax.tree.unflatten(structure, found)
    return tree["params"], tree["stats"]


def batches_of(end: End, images: int | None, size: int, split: str = "train") -> "list[Batch]":
    """The first images of a network's data, normalised, in batches.

    Args:
        end: Whose data.
        images: How many; None: all.
        size: Of a batch.
        split: "train" or "test".
    """
    import jax.numpy as jnp

    from .augment import normalise
    from .measured_loss import cut

    pixels, labels = (
        (end.data.train_images, end.data.train_labels)
        if split == "train"
        else (end.data.test_images, end.data.test_labels)
    )
    return [(normalise(jnp.asarray(x), end.data), jnp.asarray(y)) for x, y in cut(pixels, labels, size, images)]


def loss_of(end: End, normalisation: str) -> "MeasuredLoss":
    """The loss that the network was trained with, as it is measured."""
    from .measured_loss import MeasuredLoss

    return MeasuredLoss(end.model.apply, normalisation, end.settings.loss)


def curvature_of(folder: Path, options: Options, directory: Path | None = None, epoch: int | None = None) -> Measured:
    """What `options` ask for, of a run's network; found again if it was measured before.

    Args:
        folder: Of the run.
        options: What to measure.
        directory: Of the data.
        epoch: See `load_end`.
    Returns:
        ``lambda_max``, ``lambda_min``, ``spectral_norm``, ``residual``, ``products``, ``converged``, ``loss`` and
        ``error`` on the same images; and ``trace``, ``frobenius`` with standard errors, ``m_sharpness``, ``audit``
        where asked for. A number that is not finite is None.
    Raises:
        FileNotFoundError, DamagedError, ValueError: See `load_end`.
    """
    end = load_end(folder, directory, epoch)
    label = {"sha256": end.sha256, "options": dataclasses.asdict(options)}
    kept = read_measured(folder)
    for entry in kept:
        if {name: entry.get(name) for name in label} == label:
            return entry
    entry = {**label, "id": end.name, "epoch": end.epoch, **_measured(end, options)}
    kept = [*[e for e in kept if e["sha256"] != end.sha256 or e["options"] != label["options"]], entry]
    write_atomically(folder / "curvature.json", json.dumps({"kept": kept}, indent=1, allow_nan=False).encode() + b"\n")
    return entry


def read_measured(folder: Path) -> list[Measured]:
    """What was measured of a run before; nothing if the file is missing or damaged, since it can be made again."""
    try:
        kept = json.loads((folder / "curvature.json").read_text())["kept"]
    except (OSError, ValueError, KeyError):
        return []
    return [dict(entry) for entry in kept if isinstance(entry, Mapping)]


def _measured(end: End, options: Options) -> Measured:
    from .curvature import extreme_eigenvalues, trace_and_frobenius
    from .measured_loss import measure

    loss, batches = loss_of(end, options.normalisation), batches_of(end, options.images, options.batch)
    ends = extreme_eigenvalues(loss, end.params, end.stats, batches, tolerance=options.tolerance)
    mean, error = measure(loss, end.params, end.stats, batches)
    found: Measured = {
        "lambda_max": ends.largest,
        "lambda_min": ends.smallest,
        "spectral_norm": ends.spectral_norm,
        "residual": max(ends.residuals),
        "products": ends.products,
        "converged": ends.converged,
        "loss": mean,
        "error": error,
    }
    if options.probes:
        trace, norm = trace_and_frobenius(loss, end.params, end.stats, batches, probes=options.probes)
        found |= {"trace": trace._asdict(), "frobenius": norm._asdict()}
    if options.rho:
        from .audit import audit_perturbation
        from .m_sharpness import m_sharpness

        groups = batches_of(end, options.points, options.m)
        rise = m_sharpness(loss, end.params, end.stats, groups, options.rho, steps=options.steps)
        found["m_sharpness"] = {"value": rise.value, "best": rise.best}
        found["audit"] = audit_perturbation(
            end.model.apply, end.params, end.stats, batches[:1], options.rho, kind=loss.kind
        )._asdict()
    return _finite(found)


class _Work(NamedTuple):
    folder: str
    options: Options
    directory: str | None
    threads: int | None


def curvature_of_runs(
    folders: Sequence[Path],
    options: Options,
    directory: Path | None = None,
    *,
    workers: int | None = None,
    report: Callable[[str, float], None] | None = None,
) -> "Generator[tuple[str, Measured | None, str], None, None]":
    """The ends of many runs, in worker processes.

    Args:
        folders: Of the runs.
        options: What to measure.
        directory: Of the data.
        workers: Processes; None: one per core, and one where there is a GPU.
        report: Called with a run's id and its share done, from another thread.
    Yields:
        A run's id, what was measured, and why nothing was, if so.
    """
    from .run import has_gpu

    on_gpu = has_gpu()
    items = [_Work(str(folder), options, directory and str(directory), None if on_gpu else 1) for folder in folders]

    def hear(work: _Work, share: float) -> None:
        if report is not None:
            report(Path(work.folder).name, share)

    for work, made in run_in_processes(_measure_here, items, workers or (1 if on_gpu else cores()), hear):
        found, message = made if made is not None else (None, "its process was killed; is there enough memory?")
        yield Path(work.folder).name, found, message


def _measure_here(work: _Work, progress: Callable[[float], None]) -> tuple[Measured | None, str]:
    prepare(work.threads)
    progress(0.0)
    try:
        found = curvature_of(Path(work.folder), work.options, Path(work.directory) if work.directory else None)
    except (ValueError, OSError, MemoryError) as error:
        return None, str(error)
    progress(1.0)
    return found, ""


def ended(out: Path) -> list[dict[str, Any]]:
    """The results of all runs of an experiment that have ended, in the order of the recipe.

    Raises:
        FileNotFoundError: The folder holds no experiment.
    """
    from .run import read_runs

    return [found for run in read_runs(out) if (found := read_result(out / run.id)) is not None]


def measures_of(out: Path) -> dict[str, dict[str, Any]]:
    """What the recipe of an experiment wants measured: name -> options."""
    return json.loads((out / "recipe.json").read_text())["measures"]


def data_directory(folder: Path) -> Path | None:
    """Where the data of a run's experiment were when it began."""
    from .run import directory_of

    return directory_of(folder.parent) if (folder.parent / "recipe.json").exists() else None


def _finite(value: Any) -> Any:
    """Numbers that are not finite as None, which JSON has."""
    if isinstance(value, Mapping):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
