"""Work in processes of its own: one that dies takes no other with it, and none outlives who asked for it."""

import os
import time
from pathlib import Path

from samscape.dynamics.worker_pool import run_in_processes


def _work(item, progress):
    """In a process of the pool: "dies" takes its process with it, the others say which process they are in."""
    progress(0.5)
    if item == "dies":
        os._exit(9)
    if item == "long":
        time.sleep(600)
    progress(1.0)
    return item, os.getpid()


def _alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return not Path(f"/proc/{process}/stat").exists() or " Z " not in Path(f"/proc/{process}/stat").read_text()


def test_a_process_that_is_killed_costs_what_was_under_way_and_the_others_go_on():
    made = dict(run_in_processes(_work, ["first", "dies", "second", "third"], 2))
    assert set(made) == {"first", "dies", "second", "third"}
    assert made["dies"] is None
    # the other of the two that were under way may be lost with it, but never one that had not begun
    assert sum(result is not None for result in made.values()) >= 2


def test_work_is_done_elsewhere_and_reported():
    heard = []
    ((item, made),) = run_in_processes(_work, ["one"], 3, lambda item, share: heard.append((item, share)))
    assert (item, made[0]) == ("one", "one")
    assert made[1] != os.getpid()
    assert heard[0] == ("one", 0.0)
    assert heard[-1] == ("one", 1.0)


def test_stopping_early_ends_the_processes_and_tidies_up_after_them():
    left = []
    results = run_in_processes(_work, ["short", "long", "never"], 2, tidy=left.append)
    _, made = next(results)
    assert made is not None
    _, process = made
    results.close()
    (processes,) = left
    assert process in processes
    until = time.monotonic() + 10
    while any(map(_alive, processes)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(_alive, processes))
