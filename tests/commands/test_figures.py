"""`samscape figures` and `samscape reproduce`: what they make, say, refuse, and how they end."""

import io
import json
import sys

import pytest
from rich.console import Console
from rich.progress import Progress

from samscape.commands import figure_run
from samscape.commands.rate_column import RateColumn
from samscape.figures.reproduce import Result


@pytest.fixture
def made(monkeypatch):
    """Figures are not computed; the tasks asked for are recorded, and one fails. One theorem is examined."""
    from samscape.theory import verify

    every = verify.tasks_of
    monkeypatch.setattr(verify, "tasks_of", lambda names, *more: every(["kim2023.beale"], *more)[:1])
    tasks = []

    def run_all(asked, jobs, report=None):
        for task in asked:
            tasks.append(task)
            status = "failed" if task.name == "tan2024-fig4" and task.variant == "code" else "computed"
            yield Result(
                task, status, 0.1, ("agrees",) if status == "computed" else (), "it broke" * (status == "failed")
            )

    monkeypatch.setattr("samscape.figures.reproduce.run_all", run_all)
    return tasks


def test_reproduce_makes_every_figure_and_the_public_codes_variant_where_it_differs(samscape, tmp_path, made):
    from samscape.figures.registry import FIGURES

    result = samscape("reproduce", "--out", tmp_path)
    assert [task.name for task in made if task.variant == "paper"] == list(FIGURES)
    assert ("tan2024-fig4", "code") in {(task.name, task.variant) for task in made}
    assert result.exit_code == 1  # one of them failed
    assert "1 failed" in result.stdout
    page = (tmp_path / "index.html").read_text()
    assert "<strong>tan2024-fig4.code</strong> failed: it broke" in page
    assert "Their theorems: 1 holds" in result.stdout
    assert '1 holds. <a href="theory/verdicts.html">' in page
    assert (tmp_path / "theory" / "verdicts.html").exists()


def test_a_verdict_that_is_not_the_recorded_one_is_named_and_counts(samscape, tmp_path, made, monkeypatch):
    monkeypatch.setattr("samscape.theory.verdicts.recorded", lambda budget: {"kim2023.beale": "violated"})
    result = samscape("reproduce", "--quick", "--out", tmp_path)
    assert result.exit_code == 1
    assert "not those on record: kim2023.beale: holds" in result.stderr


def test_without_the_extra_reproduce_says_that_no_theorem_was_examined(samscape, tmp_path, made, monkeypatch):
    monkeypatch.setattr("samscape.commands.verify.NEEDED", ("no_such_module",))
    result = samscape("reproduce", "--quick", "--out", tmp_path)
    assert "pip install 'samscape[theory]'" in result.stderr
    assert "The theorems were not examined" in (tmp_path / "index.html").read_text()


def test_without_a_terminal_there_are_lines_and_no_bars(samscape, tmp_path, made):
    result = samscape("figures", "kim2023-fig5", "tan2024-basins", "--out", tmp_path)
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["kim2023-fig5", "tan2024-basins"]
    assert result.stderr == ""
    said = json.loads(samscape("figures", "kim2023-fig5", "--json", "--out", tmp_path).stdout)
    assert said == {"kim2023-fig5": {"status": "computed", "checks": ["agrees"], "message": ""}}


def test_bars_show_rate_and_remaining_time_on_a_terminal(monkeypatch):
    from samscape.commands import output

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with output.progress_bars(False) as bars:
        assert bars is not None
        names = [type(column).__name__ for column in bars.columns]
    assert "RateColumn" in names
    assert "TimeRemainingColumn" in names


@pytest.mark.parametrize(
    ("total", "steps", "text"), [(1.0, (0.0, 0.02, 0.04), "2 %/s"), (1000, (0, 250, 500), "250/s"), (10, (0,), "")]
)
def test_the_rate_is_in_per_cent_for_a_whole_of_one_else_a_number(total, steps, text):
    clock = iter(range(100))
    now = [0.0]
    bars = Progress(RateColumn(), console=Console(file=io.StringIO()), get_time=lambda: now[0])
    row = bars.add_task("", total=total)
    for step in steps:
        now[0] = float(next(clock))
        bars.update(row, completed=step)
    assert str(RateColumn().render(bars.tasks[0])) == text


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("figures", "tan2024-basin"), "did you mean 'tan2024-basins'"),
        (("figures", "--only", "tan2042"), "unknown paper 'tan2042'"),
        (("figures", "kim2023-fig1", "--variant", "text"), "its variants are"),
        (("figures", "--quick", "--full"), "exclude each other"),
        (("reproduce", "--quick", "--full"), "exclude each other"),
    ],
)
def test_bad_input_is_refused_with_reason_and_remedy(refused, arguments, reason):
    assert reason in refused(*arguments)


@pytest.mark.parametrize("command", ["figures", "reproduce"])
def test_a_folder_that_cannot_be_written_is_refused_before_work(refused, tmp_path, made, command):
    (tmp_path / "file").write_text("")
    assert "choose another folder with --out" in refused(command, "--out", tmp_path / "file")
    assert not made


def test_lines_name_variant_checks_and_what_went_wrong(tmp_path):
    from samscape.figures.reproduce import Task

    task = Task("tan2024-fig4", "code", "quick", tmp_path)
    line = figure_run.line_of(Result(task, "failed", 2.0, (), "OSError: full"))
    assert line.split() == ["tan2024-fig4.code", "failed", "2.0", "s", "OSError:", "full"]
