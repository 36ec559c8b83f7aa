"""A sweep that was killed goes on to the same result; on several devices or processes it is the same sweep."""

import os
import signal
import socket
import subprocess
import sys

import numpy as np
import pytest

from samscape.dynamics.blocks import BlockStore
from samscape.dynamics.runner import Runner
from samscape.dynamics.sweep import compute_sweep
from samscape.landscapes.lucchi import LUCCHI

GRID = {"rules": "gd,sam", "etas": [0.05, 0.2], "rhos": [0.1, 0.3], "starts": 50, "steps": 300, "seed": 1}
RUN = """
import os, signal, sys
import jax
from samscape.dynamics.sweep import compute_sweep
from samscape.landscapes.lucchi import LUCCHI
calls = []
def progress(done, total):
    calls.append(done)
    if len(calls) == {kill}:
        os.kill(os.getpid(), signal.SIGKILL)
found = compute_sweep(LUCCHI, out=sys.argv[1], block_size=30, progress=progress, **{grid})
print(len(jax.devices()))
"""


def _same(path, other) -> None:
    a, b = path.to_dataset(), other.to_dataset()
    for name in a.variables:
        assert np.array_equal(a[name], b[name], equal_nan=a[name].dtype.kind == "f"), name


@pytest.fixture(scope="module")
def whole():
    return compute_sweep(LUCCHI, **GRID)


class _Stopped(Exception):
    pass


def _interrupted(out, after: int) -> None:
    """Leave what a run leaves that was stopped after some blocks."""

    def progress(done: int, total: int) -> None:
        if len(list(out.with_name(out.name + ".blocks").glob("*.block"))) >= after:
            raise _Stopped

    with pytest.raises(_Stopped):
        compute_sweep(LUCCHI, out=out, block_size=30, progress=progress, **GRID)
    assert not out.exists()


def test_a_killed_sweep_goes_on_to_the_identical_result(whole, tmp_path, monkeypatch):
    out = tmp_path / "a.nc"
    code = RUN.format(kill=5, grid=GRID)
    run = subprocess.run([sys.executable, "-c", code, str(out)], capture_output=True, check=False)
    assert run.returncode == -signal.SIGKILL, run.stderr.decode()
    assert not out.exists()
    work, blocks = Runner.run, []
    monkeypatch.setattr(Runner, "run", lambda self, *block: blocks.append(block) or work(self, *block))
    found = compute_sweep(LUCCHI, out=out, block_size=1000, **GRID)  # the store keeps its own block size
    total = 3 * -(-100 // 30)
    assert len(blocks) <= total - 5
    _same(found, whole)
    blocks.clear()
    _same(compute_sweep(LUCCHI, out=out, **GRID), whole)
    assert not blocks, "a finished sweep is read, not run again"


def test_changed_settings_are_refused_with_what_changed(tmp_path):
    out = tmp_path / "a.nc"
    _interrupted(out, 2)
    with pytest.raises(ValueError, match=r"another computation; differs in steps: 300 there, 301 now.*resume=False"):
        compute_sweep(LUCCHI, out=out, **{**GRID, "steps": 301})
    with pytest.raises(ValueError, match=r"differs in rules\.sam\.perturbation\.rho"):
        compute_sweep(LUCCHI, out=out, **{**GRID, "rhos": [0.2, 0.3]})
    afresh = compute_sweep(LUCCHI, out=out, resume=False, **{**GRID, "steps": 20})
    assert afresh.plan.steps == 20
    assert out.exists()
    with pytest.raises(ValueError, match="holds another sweep; it differs in steps"):
        compute_sweep(LUCCHI, out=out, **GRID)


def test_damaged_blocks_are_computed_again_and_said(whole, tmp_path, caplog):
    out = tmp_path / "a.zarr"
    _interrupted(out, 6)
    blocks = sorted((tmp_path / "a.zarr.blocks").glob("*.block"))
    flipped = bytearray(blocks[0].read_bytes())
    flipped[-100] ^= 1
    blocks[0].write_bytes(bytes(flipped))
    blocks[1].write_bytes(blocks[1].read_bytes()[:200])
    blocks[2].write_bytes(blocks[3].read_bytes())  # a sound block in another's place
    found = compute_sweep(LUCCHI, out=out, **GRID)
    for block in blocks[:3]:
        assert any(block.name in record.getMessage() and "damaged" in record.getMessage() for record in caplog.records)
    assert blocks[3].name not in caplog.text
    _same(found, whole)


def test_a_store_refuses_what_it_does_not_know(tmp_path):
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "thesis.tex").write_text("years of work")
    with pytest.raises(ValueError, match="not a folder of blocks"):
        BlockStore(foreign, {}, 10)
    with pytest.raises(ValueError, match="not a folder of blocks"):
        BlockStore(foreign, {}, 10, resume=False)
    assert (foreign / "thesis.tex").exists()
    store = BlockStore(tmp_path / "blocks", {"a": 1}, 10)
    (store.folder / "manifest.json").write_text("{")
    with pytest.raises(ValueError, match="cannot be read"):
        BlockStore(store.folder, {"a": 1}, 10)


def test_blocks_come_back_as_they_were(tmp_path):
    store = BlockStore(tmp_path / "blocks", {"a": 1}, 10)
    arrays = {"x": np.arange(6, dtype=np.int16).reshape(2, 3), "y": np.array([np.nan, -0.0], np.float32)}
    store.write(3, 40, arrays)
    again = BlockStore(tmp_path / "blocks", {"a": 1}, 99)
    assert again.block_size == 10
    found = again.read(3, 40)
    assert found is not None
    assert again.read(3, 50) is None
    assert all(found[k].tobytes() == v.tobytes() and found[k].dtype == v.dtype for k, v in arrays.items())


def test_an_output_that_is_not_ours_is_not_overwritten(tmp_path):
    out = tmp_path / "a.nc"
    out.write_text("not a result")
    with pytest.raises(ValueError, match="not a NetCDF-4 file"):
        compute_sweep(LUCCHI, out=out, **GRID)
    assert out.read_text() == "not a result"


def test_two_devices_give_the_result_of_one(whole, tmp_path):
    out = tmp_path / "two.nc"
    flags = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count=2"
    run = subprocess.run(
        [sys.executable, "-c", RUN.format(kill=-1, grid=GRID), str(out)],
        env={**os.environ, "XLA_FLAGS": flags}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.split() == ["2"]
    _same(compute_sweep(LUCCHI, out=out, **GRID), whole)


PROCESS = """
import sys
import jax
jax.config.update("jax_platforms", "cpu")
jax.distributed.initialize(sys.argv[2], 2, int(sys.argv[3]))
from samscape.dynamics.sweep import compute_sweep
from samscape.landscapes.lucchi import LUCCHI
compute_sweep(LUCCHI, out=sys.argv[1], block_size=30, **{grid})
print(jax.process_count())
"""


@pytest.mark.slow
def test_two_processes_share_the_blocks(whole, tmp_path):
    out = tmp_path / "shared.nc"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS.format(grid=GRID), str(out), address, str(i)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for i in range(2)
    ]  # fmt: skip
    for run in runs:
        output, errors = run.communicate(timeout=300)
        assert run.returncode == 0, errors
        assert output.split()[-1] == "2"  # after what JAX says about its network
    _same(compute_sweep(LUCCHI, out=out, **GRID), whole)
