"""Steps of the other method from the end of a run, measured one by one: the escape of Zhou et al.'s Figures 4 (b), 16.

    from the checkpoint at epoch T:  w^(T + t'), t' = 0 ... steps, with batches of its own in every trial

Trials differ in the order of the examples and their augmentation: trial k draws what a run with seed + 1 + k would draw
from epoch T on, whole batches only. Momentum is kept or set to zero as the settings say of switches. The step size is
that of the last epoch trained. Losses are measured on explicit batches.

References:
    [1] Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training. Figures
        4 (b) and 16: VGG-16, from SGD's end to SAM, 100 trials.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .branches import forked, shared_settings, trainer_for
from .checkpoints import Checkpoints
from .ends import batches_of, data_directory, load_end, loss_of
from .escape import Escape, follow
from .measured_loss import mean_loss
from .plan import Run
from .settings import eta_at


def escape_from(
    folder: Path,
    steps: int,
    trials: int,
    *,
    method: str = "sam",
    directory: Path | None = None,
    epoch: int | None = None,
    eta: float | None = None,
    images: int | None = 5000,
    batch: int = 128,
    normalisation: str = "running",
    every: int = 1,
    progress: Callable[[float], None] = lambda share: None,
) -> Escape:
    """Train and test loss, step by step after a switch.

    Args:
        folder: Of the run whose network is left.
        steps: In each trial.
        trials: How many.
        method: What takes the steps: "sam" (the rule of the settings) or "sgd".
        directory: Of the data.
        epoch: Of the checkpoint; None: the last.
        eta: Step size; None: that of the last epoch trained.
        images: Of either split, the first; None: all.
        batch: Of the measurement.
        normalisation: BatchNorm's in the measurement.
        every: Measure after every so many steps.
        progress: Called with the share done.
    Raises:
        FileNotFoundError, DamagedError, ValueError: See `ends.load_end`.
    """
    end = load_end(folder, directory, epoch)
    trainer = trainer_for(shared_settings(end.settings), directory or data_directory(folder))
    loss = loss_of(end, normalisation)
    measured = {f"{split}_loss": _measure(loss, batches_of(end, images, batch, split)) for split in ("train", "test")}
    size = np.float32(eta_at(end.settings, max(end.epoch - 1, 0)) if eta is None else eta)
    fork = Run(end.name, end.settings, "", end.settings.seed, "", end.epoch, method, folder.name, 1)
    state = forked(trainer, fork, Checkpoints(folder / "checkpoints").load(end.epoch))

    def step(state: Any, trial: int, t: int) -> Any:
        if t == 0:
            state = jax.tree.map(jnp.copy, state)  # a step consumes what it starts from
        return trainer.one_step(state, method, size, end.settings.seed + 1 + trial, end.epoch, t)

    start = (state.params, state.stats, state.rule_state)
    return follow(start, step, measured, steps, trials, every, progress)


def _measure(loss: Any, batches: Any) -> Callable[[Any], float]:
    return lambda state: mean_loss(loss, state[0], state[1], batches)
