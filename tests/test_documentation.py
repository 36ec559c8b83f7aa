"""The documentation's code runs, and its commands are commands."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from samscape.__main__ import app

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def _blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(), flags=re.DOTALL)


def _run(code: str, folder: Path) -> None:
    ran = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_the_readme_has_two_commands_and_its_example_runs(tmp_path):
    commands = _blocks(ROOT / "README.md", "bash")[0].strip().splitlines()
    assert len(commands) == 2
    (example,) = _blocks(ROOT / "README.md", "python")
    _run(example, tmp_path)


def _samscape_commands() -> list[tuple[str, str]]:
    lines = [(page.name, line) for page in PAGES for block in _blocks(page, "bash") for line in block.splitlines()]
    return [(name, line) for name, line in lines if re.search(r"(^|[/ ])samscape [a-z]", line)]


@pytest.mark.parametrize(("page", "line"), _samscape_commands())
def test_every_command_shown_has_options_that_exist(page, line):
    import typer.main

    words = shlex.split(line[line.index("samscape ") :], comments=True)
    command, words = typer.main.get_command(app), words[1:]
    while hasattr(command, "commands"):  # a group: its options come after the name of one of its commands
        command, words = command.commands[words[0]], words[1:]
    known = {option for parameter in command.params for option in parameter.opts}
    unknown = [word for word in words if re.match(r"--?[a-z]", word) and word.partition("=")[0] not in known]
    assert not unknown


@pytest.mark.slow
@pytest.mark.parametrize("page", [p for p in PAGES if p.name not in ("README.md", "scaling.md")], ids=lambda p: p.name)
def test_the_examples_of_the_pages_run(page, tmp_path):
    """One page's Python blocks in one process; scaling.md's needs several hosts, results.md's a result."""
    made = "from samscape.dynamics.sweep import sweep\nfrom samscape.landscapes import get_landscape\n"
    made += "sweep(get_landscape('lucchi'), 'gd,sam', 0.1, 0.1, starts=5, steps=100, out='result.nc')\n"
    blocks = _blocks(page, "python")
    if blocks:
        _run("\n".join([made if "result.nc" in "".join(blocks) else "", *blocks]), tmp_path)
