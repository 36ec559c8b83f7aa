"""How far the figures' data move on another machine: the same figures with the processor's instructions held back.

    python benchmarks/another_machine.py [FIGURE...]

Each figure is made twice in short runs, as this machine does it and with XLA restricted to SSE4.2, so that sums are
taken in another order and nothing is fused, as on an older processor. What is compared: for every variable the largest
difference, relative to the variable's largest size.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import xarray as xr

RESTRICTED = "--xla_cpu_max_isa=SSE4_2"


def make(folder: Path, flags: str, names: list[str]) -> None:
    """The figures' data, in a process of its own."""
    environment = {**os.environ, "XLA_FLAGS": flags}
    command = [sys.executable, "-m", "samscape", "figures", *names, "--quick", "--out", str(folder)]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def difference(one: Path, other: Path) -> tuple[float, str]:
    """The largest relative difference of two data files, and the variable it is in; text counts as equal or not."""
    worst = (0.0, "")
    with xr.open_dataset(one) as a, xr.open_dataset(other) as b:
        for name in a.data_vars:
            x, y = a[name].values, b[name].values
            if x.dtype.kind not in "fiub":
                apart = 0.0 if np.array_equal(x, y) else np.inf
            else:
                x, y = x.astype(float), y.astype(float)
                both = np.isfinite(x) & np.isfinite(y)
                size = np.max(np.abs(x[both]), initial=0.0)
                apart = float(np.max(np.abs(x - y)[both], initial=0.0)) / size if size else 0.0
                if np.any(np.isfinite(x) != np.isfinite(y)):
                    apart = np.inf
            worst = max(worst, (float(apart), str(name)))
    return worst


def main(names: list[str]) -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory() as scratch:
        here, there = Path(scratch, "here"), Path(scratch, "there")
        make(here, "", names)
        make(there, RESTRICTED, names)
        print("| figure | largest relative difference | in |\n| --- | --- | --- |")
        for path in sorted(here.glob("*.nc")):
            apart, name = difference(path, there / path.name)
            print(f"| `{path.stem}` | {apart:.1e} | {name} |")


if __name__ == "__main__":
    main(sys.argv[1:])
