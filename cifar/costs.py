"""What a plan costs: operations, hours on one GPU at a share of the roofline floor, disk. Arithmetic only, no JAX.

    EFLOP = 1e-18 sum over runs of (6 n p + 2 m) MAC epochs        n images to train, m to test, p gradients a step
    hours = sum over runs of floor p epochs n / 50,000 / efficiency * (1 + overhead)
    fork  = 8 bytes a parameter                                    float32 weights and momentum

A gradient is three passes (forward, two backward) of two operations for each multiplication with addition (MAC).

The floor of a network, in seconds of an SGD epoch of 50,000 images, is the sum over its layers of
max(FLOP / 790 TFLOP/s, bytes / 4.3 TB/s) on one H200 in bfloat16, with three passes over memory in BatchNorm's forward
and five in its backward; `samscape cifar bench` prints it layer by layer. Tiny networks have none: they run on
processors.

Notes:
    The sharpness of an endpoint is 20 Hessian-vector products over its images, each two gradients, in TF32 at half the
    speed of bfloat16. An escape is trials of SAM steps with the loss on all images where it is measured. Lines and
    planes are not counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from .plan import Run, run_key
from .recipes import Recipe
from .settings import RuleChoice, Settings

EFFICIENCY = 0.65
"""Share of the floor that the runner is to reach: hours are counted at it."""
OVERHEAD = 0.08
"""Input and evaluation, as a share of an epoch's training: their upper limit."""
PRODUCTS = 20
"""Hessian-vector products of one sharpness."""
CHECKPOINTS = 2
"""Kept of every run beside its forks."""
TRAIN_IMAGES = {"cifar10": 50_000, "cifar100": 50_000, "synthetic": 50_000, "digits": 1437}
TEST_IMAGES = {"cifar10": 10_000, "cifar100": 10_000, "synthetic": 10_000, "digits": 360}


@dataclass(frozen=True)
class Network:
    """Counts of one network on images of 32x32.

    Attributes:
        parameters: Trainable numbers.
        macs: Multiplications with addition in one forward pass of one image.
        floor: Seconds of an SGD epoch of 50,000 images at the roofline.
    """

    parameters: int
    macs: int
    floor: float


NETWORKS = {
    "resnet20": Network(269_722, 40_551_040, 0.0753),
    "vgg16-bn": Network(33_646_666, 332_111_872, 0.2658),
    "wrn-16-8": Network(10_961_370, 1_548_145_664, 0.8697),
    "wrn-22-8": Network(17_158_106, 2_454_115_328, 1.3401),
    "wrn-28-10": Network(36_536_884, 5_243_386_368, 2.6665),
    "wrn-34-10": Network(46_218_164, 6_658_963_968, 3.3648),
}
"""As `models.adapter` and `roofline` count them, with the recipes' classes: written down, since they need JAX."""
ONE_GRADIENT = frozenset({"gd", "sgd", "erm", "random"})


@dataclass(frozen=True)
class Cost:
    """What a set of runs costs.

    Attributes:
        runs: Processes' work.
        endpoints: Runs that end at the last epoch.
        forks: Checkpoints kept for branches.
        epochs: In units of an SGD epoch of the run's own network.
        eflop: 10^18 operations; of counted networks.
        hours: On one H200; of counted networks.
        disk: Bytes of forks and last checkpoints; of counted networks.
        uncounted: Networks that are in none of the last three.
    """

    runs: int
    endpoints: int
    forks: int
    epochs: float
    eflop: float
    hours: float
    disk: float
    uncounted: tuple[str, ...]


def gradients(rule: RuleChoice) -> float:
    """Gradients of a step of a rule, on average; thresholds of AE-SAM, which nobody can foretell, count as always."""
    numbers = rule.numbers
    if rule.name in ONE_GRADIENT:
        return 1.0
    if rule.name == "ss_sam":
        return 1.0 + numbers.get("p", 0.5)
    if rule.name == "look_sam":
        return 1.0 + 1.0 / numbers.get("k", 5)
    return 2.0


def shared_cost(recipes: Iterable[Recipe], runs: Iterable[Run]) -> Cost:
    """Of runs that begin at their trunks' checkpoints, with what the recipes measure.

    Args:
        recipes: What is measured is read.
        runs: Of all of them, none twice: `plan.runs_of_all`.
    """
    runs = list(runs)
    return _total(runs, [(run.method, run.epochs) for run in runs], forks=True, recipes=list(recipes))


def alone_cost(recipes: Iterable[Recipe], runs: Iterable[Run]) -> Cost:
    """Of the same endpoints, each from its own first epoch; nothing is kept for branches.

    Args:
        recipes: What is measured is read.
        runs: As of `shared_cost`; trunks that end early are nobody's endpoint and left out.
    """
    ends = [run for run in runs if run.end == run.settings.epochs]
    total = _total(ends, [(run.method, run.epochs) for run in ends], forks=False, recipes=list(recipes))
    before = [run for run in ends if run.to]
    beginnings = _total(before, [(run.method_trunk, run.start) for run in before], forks=False, recipes=[])
    return Cost(
        total.runs,
        total.endpoints,
        0,
        total.epochs + beginnings.epochs,
        total.eflop + beginnings.eflop,
        total.hours + beginnings.hours,
        total.disk,
        total.uncounted,
    )


def _total(runs: list[Run], trained: list[tuple[str, int]], forks: bool, recipes: list[Recipe]) -> Cost:
    epochs = eflop = hours = disk = 0.0
    uncounted = set()
    for run, (method, own) in zip(runs, trained, strict=True):
        settings = run.settings
        units = own * (gradients(settings.rule) if method == "sam" else 1.0)
        epochs += units
        if settings.model not in NETWORKS:
            uncounted.add(settings.model)
            continue
        network = NETWORKS[settings.model]
        n = settings.train_size or TRAIN_IMAGES[settings.data]
        eflop += (6 * n * units + 2 * TEST_IMAGES[settings.data] * own) * network.macs / 1e18
        hours += _hours(network, units * n) * (1 + OVERHEAD)
        disk += 8 * network.parameters * (CHECKPOINTS + (len(run.forks) if forks else 0))
    for settings, images, slowness in _measured(recipes):
        if settings.model in NETWORKS:
            network = NETWORKS[settings.model]
            eflop += 6 * images * network.macs / 1e18
            hours += _hours(network, slowness * images)
    endpoints = sum(run.end == run.settings.epochs for run in runs)
    kept = sum(len(run.forks) for run in runs) if forks else 0
    return Cost(len(runs), endpoints, kept, epochs, eflop, hours, disk, tuple(sorted(uncounted)))


def _measured(recipes: list[Recipe]) -> Iterable[tuple[Settings, float, float]]:
    """Settings, images whose gradients a measurement takes, and how much slower than in training each is."""
    from .plan import runs_of

    seen = set()
    for recipe in recipes:
        for run in runs_of(recipe):
            ends = run.end == run.settings.epochs
            for name, options in recipe.measures.items():
                key = (run_key(run), name)
                if not ends or key in seen:
                    continue
                seen.add(key)
                if name == "sharpness":
                    yield run.settings, 2 * PRODUCTS * options["images"], 2.0
                elif name == "escape":
                    data = run.settings.data
                    looks = options["steps"] // options.get("every", 1) + 1
                    steps = options["steps"] * gradients(run.settings.rule) * run.settings.batch
                    forward = looks * (TRAIN_IMAGES[data] + TEST_IMAGES[data]) / 3  # a third of a gradient
                    yield run.settings, options["trials"] * (steps + forward), 1.0


def _hours(network: Network, images: float) -> float:
    return network.floor * images / 50_000 / EFFICIENCY / 3600
