"""What starts fast must import little: nothing heavy for help, no more than JAX for a small command."""

import subprocess
import sys

import pytest

HEAVY = {"sympy", "optax", "xarray", "equinox", "diffrax", "matplotlib", "scipy", "pandas", "zarr", "h5netcdf"}


def _imported(code: str) -> set[str]:
    """Top-level modules that a fresh interpreter holds after `code`."""
    show = f"{code}\nimport sys\nprint('modules:', *sorted({{name.partition('.')[0] for name in sys.modules}}))"
    ran = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
    return set(ran.stdout.rpartition("modules:")[2].split())


def _run(*arguments: str) -> str:
    """Code that runs a command as the console script would, and lives on."""
    return f"""
import sys
sys.argv = {["samscape", *arguments]!r}
from samscape.__main__ import main
try:
    main()
except SystemExit as stop:
    assert not stop.code, stop.code
"""


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("sweep", "--help"), ("verify", "--help")])
def test_help_does_not_import_jax_or_anything_heavy(arguments):
    assert not _imported(_run(*arguments)) & (HEAVY | {"jax", "numpy"})


def test_a_mistyped_grid_is_refused_before_jax_loads():
    code = _run("sweep", "lucchi", "--etas", "0.1:x:3").replace("assert not stop.code", "assert stop.code == 2")
    assert not _imported(code) & {"jax", "numpy"}


@pytest.mark.parametrize("floor", ["samscape.landscapes", "samscape.dynamics", "samscape.dynamics.methods"])
def test_the_floors_that_start_up_rests_on_import_nothing_heavy(floor):
    loaded = _imported(f"import {floor}")
    jax_own = _imported("import jax, jax.numpy")  # what JAX itself brings is not ours to save
    assert not (loaded - jax_own) & HEAVY


@pytest.mark.parametrize(
    "arguments",
    [
        ("rules", "--json"),
        ("sweep", "lucchi", "--rules", "gd,sam", "--etas", "0.1", "--starts", "10", "--steps", "100"),
        ("simulate", "lucchi", "--rule", "sam", "--eta", "0.1", "--start", "1,2", "--steps", "10"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_small_command_imports_nothing_heavy(arguments):
    jax_own = _imported("import jax, jax.numpy")
    assert not (_imported(_run(*arguments)) - jax_own) & HEAVY
