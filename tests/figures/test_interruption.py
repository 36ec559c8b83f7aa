"""A run that is interrupted keeps what is finished, leaves nothing behind, and goes on when it is given again."""

import os
import signal
import subprocess
import sys
import time

import pytest

from samscape.figures.reproduce import Task, run_all

FIGURES = ("kim2023-fig5", "kim2023-thm1-map")
"""One that takes a second, and one that takes many."""


def command(folder, jobs):
    arguments = ["figures", *FIGURES, "--jobs", str(jobs), "--out", str(folder)]
    return [sys.executable, "-m", "samscape", *arguments]


def ended(group, seconds=15.0):
    """Whether no process of a group is left after a while."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "jobs"), [(signal.SIGINT, 1), (signal.SIGTERM, 2), (signal.SIGINT, 2)])
def test_an_interrupted_run_ends_in_order_and_goes_on_when_given_again(tmp_path, number, jobs):
    with subprocess.Popen(
        command(tmp_path, jobs), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        assert run.stdout is not None
        assert "computed" in run.stdout.readline()  # the short one: the long one is under way
        if number == signal.SIGINT:
            os.killpg(run.pid, number)  # Ctrl-C goes to every process of the terminal's group
        else:
            run.send_signal(number)
        _, said = run.communicate(timeout=60)
    assert run.returncode == 128 + number, said
    assert f"{number.name}: finished figures are kept" in said
    assert "Traceback" not in said
    assert ended(run.pid)
    assert {path.name.partition(".")[0] for path in tmp_path.iterdir()} == {FIGURES[0]}
    assert {path.suffix for path in tmp_path.iterdir()} == {".nc", ".json", ".png", ".pdf"}
    (again,) = run_all([Task(FIGURES[0], "paper", "default", tmp_path)], jobs=1)
    assert again.status == "kept"


def test_progress_is_reported_from_the_processes(tmp_path):
    shares = []
    tasks = [Task(FIGURES[0], "paper", "default", tmp_path)]
    results = list(run_all(tasks, 2, lambda task, share: shares.append((task.name, share))))
    assert [result.status for result in results] == ["computed"]
    assert shares[0] == (FIGURES[0], 0.0)
    assert shares[-1] == (FIGURES[0], 1.0)
