"""How long an epoch takes: ours beside the least it could take (`roofline`), and beside PyTorch.

    seconds an epoch = median over rounds of (seconds of a round / its steps) * 50,000 / batch

A round trains `steps` steps with SGD, then with SAM, then the same network in PyTorch with both, where torch is
importable: alternated in one process, so that whatever else the machine does falls on all of them. Ours is the
runner's own `Trainer`; the images are random, never zeros, and lie on the device as uint8.

Notes:
    PyTorch's step is what a careful user writes: channels last, momentum and decay in one fused call where there is
    one, no synchronisation within a round; on a GPU `torch.compile(mode="max-autotune")` and bfloat16.
    Nothing is augmented in the race. Input is the time of crop, flip and normalisation of as many batches by
    themselves; evaluation is that of 10,000 images; both as shares of an SGD epoch.
    Without a GPU the floor is shown for the H200 and no share of it: a processor is not that device.
"""

import importlib.util
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .augment import augment, normalise
from .data import load_data
from .keys import Stream, key_of
from .models.adapter import build
from .roofline import IMAGES, floor_seconds
from .settings import Augment, RuleChoice, Settings
from .train import Trainer

METHODS = ("sgd", "sam")
TESTED = 10_000


@dataclass(frozen=True)
class Bench:
    """What one network's race measured; times in seconds per epoch of 50,000 images.

    Attributes:
        model, batch, device, dtype: What ran, and where.
        ours, torch: By method, every round.
        floor: By method, on an H200; see `roofline`.
        on_floor: Whether the device is one that the floor is for.
        input_share, evaluation_share: Of an SGD epoch.
    """

    model: str
    batch: int
    device: str
    dtype: str
    ours: dict[str, list[float]]
    torch: dict[str, list[float]]
    floor: dict[str, float]
    on_floor: bool
    input_share: float
    evaluation_share: float
    versions: dict[str, str] = field(default_factory=dict)

    def seconds(self, method: str, of: str = "ours") -> float:
        """The median over rounds."""
        return statistics.median(getattr(self, of)[method])

    @property
    def sam_ratio(self) -> float:
        """A SAM step in SGD steps, the median over rounds."""
        return statistics.median(b / a for a, b in zip(self.ours["sgd"], self.ours["sam"]))

    def against_torch(self, method: str) -> float | None:
        """PyTorch's time over ours, the median over rounds; None: no torch."""
        if not self.torch:
            return None
        return statistics.median(b / a for a, b in zip(self.ours[method], self.torch[method]))


def bench(
    model: str, batch: int = 128, steps: int = 20, rounds: int = 5, torch: bool | None = None,
    processor_time: bool = False,
    progress: Callable[[float], None] = lambda share: None,
) -> Bench:  # fmt: skip
    """Race one network.

    Args:
        model: A name that `models.adapter.build` knows.
        batch: Images in a step.
        steps: In a round, for each method.
        rounds: After one that is not counted, in which everything compiles.
        torch: Race PyTorch as well; None: where it is importable.
        processor_time: Count the process's time on its processors, which other work on the machine does not lengthen;
            only on a CPU, and meaningful on one core.
        progress: Called with the share done.
    Raises:
        ValueError: A number below 1, an unknown network, or PyTorch asked for where there is none.
    """
    for name, number in (("batch", batch), ("steps", steps), ("rounds", rounds)):
        if number < 1:
            raise ValueError(f"bench: {name} = {number}; give 1 or more")
    there = importlib.util.find_spec("torch") is not None
    if torch and not there:
        raise ValueError("bench: torch is not installed; pip install samscape[parity], or leave PyTorch out")
    gpu = jax.default_backend() == "gpu"
    if processor_time and jax.default_backend() != "cpu":
        raise ValueError("bench: processor_time is a CPU's; leave it out on an accelerator")
    clock = time.process_time if processor_time else time.perf_counter
    settings = Settings(
        data="synthetic", train_size=batch * steps, model=model, batch=batch, epochs=10_000, eta=0.01,
        rule=RuleChoice("sam", {"rho": 0.05}), compute_dtype="bfloat16",
    )  # fmt: skip
    data = load_data(settings)
    network = build(model, {"dropout": 0.0} if model == "vgg16-bn" else {}, data.classes, data.train_images.shape[1:])
    trainer = Trainer(settings, data, network)
    racers: dict[tuple[str, str], Iterator[None]] = {("ours", m): _our_rounds(trainer, m) for m in METHODS}
    if there if torch is None else torch:
        from .torch_step import torch_rounds

        racers |= {("torch", m): torch_rounds(model, data, m, batch, steps) for m in METHODS}
    times: dict[str, dict[str, list[float]]] = {"ours": {}, "torch": {}}
    for turn in range(rounds + 1):
        for place, ((who, method), racer) in enumerate(racers.items()):
            began = clock()
            next(racer)
            seconds = (clock() - began) / steps * IMAGES / batch
            if turn:
                times[who].setdefault(method, []).append(seconds)
            progress((turn + (place + 1) / len(racers)) / (rounds + 1))
    epoch = statistics.median(times["ours"]["sgd"])
    return Bench(
        model=model, batch=batch, device=jax.devices()[0].device_kind, dtype=str(jnp.dtype(trainer.dtype)),
        ours=times["ours"], torch=times["torch"],
        floor={m: floor_seconds(network, m, batch) for m in METHODS},
        on_floor=gpu and "H200" in jax.devices()[0].device_kind,
        input_share=_input_seconds(trainer, steps, clock) / epoch,
        evaluation_share=_evaluation_seconds(trainer, clock) / epoch,
        versions=_versions(bool(times["torch"])),
    )  # fmt: skip


def _our_rounds(trainer: Trainer, method: str) -> Iterator[None]:
    """Every turn trains one epoch of the small set; the trainer waits for the device at its end."""
    state = trainer.start(0, method)
    while True:
        state, _ = trainer.epoch(state, method)
        yield


def _input_seconds(trainer: Trainer, steps: int, clock: Callable[[], float]) -> float:
    """Making the batches of an epoch, by itself."""
    settings = trainer.settings.replace(augment=Augment(crop=4, flip=True))
    images = jnp.asarray(trainer.data.train_images)

    @jax.jit
    def made(images: jax.Array, indices: Any, k: Any) -> jax.Array:
        key = key_of(jnp.uint32(0), jnp.int32(0), k, Stream.AUGMENT)
        return normalise(augment(images[indices], key, settings), trainer.data)

    indices = np.arange(settings.batch, dtype=np.int32)
    jax.block_until_ready(made(images, indices, np.int32(0)))
    began = clock()
    jax.block_until_ready([made(images, indices, np.int32(k)) for k in range(steps)])
    return (clock() - began) / steps * IMAGES / settings.batch


def _evaluation_seconds(trainer: Trainer, clock: Callable[[], float]) -> float:
    """Loss and error of as many images as CIFAR's test set has."""
    state = trainer.start(0, "sgd")
    trainer.evaluate(state)
    began = clock()
    trainer.evaluate(state)
    return (clock() - began) / len(trainer.data.test_labels) * TESTED


def _versions(torch: bool) -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("jax", "jaxlib", "flax", *(["torch"] if torch else []))}
