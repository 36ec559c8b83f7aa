"""How the benchmarks measure: CPU seconds, interleaved rounds, medians of ratios taken inside a round."""

import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, the figure with its unit, and the goal it is held against."""

    goal: str
    what: str
    measured: str
    target: str
    met: bool | None = None


@dataclass(frozen=True)
class Cost:
    """What one call took: CPU seconds of the process, wall seconds, and the units of work it did."""

    cpu: float
    wall: float
    work: float


def cost(call: Callable[[], object], work: float) -> Cost:
    """Run `call` once."""
    cpu, wall = time.process_time(), time.perf_counter()
    call()
    return Cost(time.process_time() - cpu, time.perf_counter() - wall, work)


def interleave(contenders: Mapping[str, tuple[Callable[[], object], float]], rounds: int) -> dict[str, list[Cost]]:
    """Run all contenders once per round, in turn, so that a busy minute slows all alike; one unmeasured round first."""
    costs: dict[str, list[Cost]] = {name: [] for name in contenders}
    for call, _ in contenders.values():
        call()
    for _ in range(rounds):
        for name, (call, work) in contenders.items():
            costs[name].append(cost(call, work))
    return costs


def rate(costs: list[Cost]) -> float:
    """Median units of work per CPU second."""
    return statistics.median(c.work / c.cpu for c in costs)


def ratio(of: list[Cost], against: list[Cost], clock: str = "cpu") -> float:
    """Median over rounds of (work per second of the one) / (work per second of the other)."""
    pairs = zip(of, against, strict=True)
    return statistics.median((a.work / getattr(a, clock)) / (b.work / getattr(b, clock)) for a, b in pairs)


_PEAK = """
import pathlib, resource, sys
_status = pathlib.Path("/proc/self/status")
if _status.exists():  # what getrusage says of a child of a large process is the parent's peak
    print(int(_status.read_text().split("VmHWM:")[1].split()[0]) / 1024)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << (20 if sys.platform == "darwin" else 10)))
"""


def process(code: str, repeats: int = 3) -> tuple[float, float]:
    """Median wall seconds of a fresh Python process that runs `code`, and its peak memory in MiB."""
    walls, peaks = [], []
    for _ in range(repeats):
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", code + _PEAK], capture_output=True, text=True, check=True)
        walls.append(time.perf_counter() - start)
        peaks.append(float(done.stdout.split()[-1]))
    return statistics.median(walls), statistics.median(peaks)


def command_seconds(arguments: Sequence[str], repeats: int = 5) -> float:
    """Median wall seconds of a command line."""
    walls = []
    for _ in range(repeats):
        start = time.perf_counter()
        subprocess.run(arguments, capture_output=True, check=True)
        walls.append(time.perf_counter() - start)
    return statistics.median(walls)


def machine() -> str:
    """The machine and the versions, in one line."""
    import jax
    import numpy as np

    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        families = {
            line.split(":")[1].strip()
            for line in info.read_text().splitlines()
            if line.startswith(("cpu family", "model\t"))
        }
        cpu = f"{names[0]} (family/model {'/'.join(sorted(families))}), {len(names)} cores"
    versions = f"Python {platform.python_version()}, jax {jax.__version__}, numpy {np.__version__}"
    return f"{cpu}; {versions}; {jax.devices()[0].device_kind}"
