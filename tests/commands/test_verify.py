"""`samscape verify`: exit statuses, the record, the user's own file, and what it refuses."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "theory.md"
THEOREM = re.search(r"```python\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)[1]
"""The tutorial's theorem, which holds."""


@pytest.fixture
def theorem(tmp_path, monkeypatch):
    """``theorem(old, new)`` writes the tutorial's theorem, changed so, and gives its path."""
    monkeypatch.chdir(tmp_path)

    def write(old="", new=""):
        assert old in THEOREM
        path = Path("my_theorem.py")
        path.write_text(THEOREM.replace(old, new) if old else THEOREM)
        return path

    return write


@pytest.fixture
def record(tmp_path, monkeypatch):
    """An empty record of verdicts, in a file of its own."""
    file = tmp_path / "recorded.json"
    monkeypatch.setattr("samscape.theory.verdicts.FILE", file)
    return file


def _verify(samscape, *arguments):
    return samscape("verify", *arguments, "--quick", "--jobs", 1)


def test_a_file_of_ones_own_exits_with_zero_iff_all_its_claims_hold(samscape, theorem):
    held = _verify(samscape, theorem())
    assert held.exit_code == 0
    assert re.search(r"mine\.descent +holds", held.stdout)
    assert Path("out/theory/my_theorem/verdicts.html").exists()

    broken = _verify(samscape, theorem("eta*L < 2", "eta*L < 3"), "--json")
    assert broken.exit_code == 1
    claim = json.loads(broken.stdout)["claims"]["mine.descent"]
    assert (claim["verdict"], claim["recorded"], claim["status"]) == ("violated", None, "computed")


def test_the_papers_claims_exit_with_zero_iff_the_verdicts_are_the_recorded_ones(samscape, record, tmp_path):
    names = ("kim2023.beale:two-minima", "--out", tmp_path)
    new = _verify(samscape, *names)
    assert new.exit_code == 1
    assert "Not on record yet" in new.stderr

    assert _verify(samscape, *names, "--record").exit_code == 0
    assert json.loads(record.read_text()) == {"default": {}, "quick": {"kim2023.beale:two-minima": "violated"}}
    assert _verify(samscape, *names).exit_code == 0

    record.write_text(record.read_text().replace("violated", "holds"))
    differing = _verify(samscape, *names)
    assert differing.exit_code == 1
    assert "kim2023.beale:two-minima: violated, on record holds" in differing.stderr


def test_only_what_differs_from_the_default_budget_is_recorded_for_another(record):
    from samscape.theory import verdicts

    known = frozenset({"a.b", "a.c"})
    verdicts.record({"a.b": "holds", "a.c": "violated", "a.gone": "holds"}, "default", known | {"a.gone"})
    verdicts.record({"a.b": "holds", "a.c": "undecided"}, "quick", known)
    assert json.loads(record.read_text()) == {
        "default": {"a.b": "holds", "a.c": "violated"},
        "quick": {"a.c": "undecided"},
    }
    assert verdicts.recorded("quick") == {"a.b": "holds", "a.c": "undecided"}
    assert verdicts.recorded("full") == {"a.b": "holds", "a.c": "violated"}
    verdicts.record({"a.c": "violated"}, "quick", known)
    assert json.loads(record.read_text()) == {"default": {"a.b": "holds", "a.c": "violated"}}


def test_the_list_has_every_claim_of_the_registry(samscape):
    from samscape.theory.verify import known_claims

    listed = samscape("verify", "--list").stdout
    assert all(claim in listed for claim in known_claims())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("kim2023.thm-1x",), "did you mean 'kim2023.thm-1'"),
        (("kim2023.thm-1:nap",), "there are: kim2023.thm-1, kim2023.thm-1:map"),
        (("missing.py",), "no file 'missing.py'"),
        (("kim2023", "--quick", "--full"), "exclude each other"),
    ],
)
def test_bad_input_is_refused_in_one_line(refused, arguments, said):
    message = refused("verify", *arguments)
    assert said in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("eta*L < 2", "etta*L < 2", "names etta in 'etta*L < 2', which is no symbol of the claim"),
        ("CLAIM = Claim", "THEOREM = Claim", "defines neither CLAIMS nor CLAIM"),
        ("CLAIM = Claim", "CLAIMS = Claim", "it should be a tuple of claims"),
        ("CLAIM = Claim", "import nothing_called_so\nCLAIM = Claim", "line 13: ModuleNotFoundError"),
        ("CLAIM = Claim(", "CLAIM = = Claim(", "line 13: SyntaxError"),
        ('id="mine.descent"', 'id="Descent"', "write PAPER.NAME"),
    ],
)
def test_a_file_that_defines_no_claims_is_refused_with_the_place(refused, theorem, old, new, said):
    message = refused("verify", theorem(old, new))
    assert message.startswith("my_theorem.py")
    assert said in message


def test_a_file_of_ones_own_is_not_put_on_record(refused, theorem):
    assert "--record" in refused("verify", theorem(), "--record")


def test_without_the_extra_the_message_says_how_to_install_it(refused, monkeypatch):
    monkeypatch.setattr("samscape.commands.verify.NEEDED", ("z3", "no_such_solver"))
    message = refused("verify", "kim2023")
    assert "no_such_solver" in message
    assert "pip install 'samscape[theory]'" in message


def test_a_folder_that_cannot_be_written_to_is_refused_before_any_work(refused, theorem, tmp_path):
    (tmp_path / "taken").write_text("a file")
    assert "choose another folder" in refused("verify", theorem(), "--out", tmp_path / "taken")


def _two_claims(theorem, second="CLAIM"):
    path = theorem("from samscape.theory import", "from dataclasses import replace\n\nfrom samscape.theory import")
    path.write_text(f"{path.read_text()}CLAIMS = (CLAIM, replace({second}, id='mine.other'))\n")
    return path


SLOW = "replace(CLAIM, checks=(lambda claim, budget: __import__('time').sleep(600) or [],))"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_keeps_what_is_done(samscape, theorem, jobs):
    path = _two_claims(theorem, SLOW)
    arguments = ["verify", str(path), "--quick", "--jobs", str(jobs)]
    command = [sys.executable, "-m", "samscape", *arguments]
    with subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True, start_new_session=True) as run:
        assert run.stderr is not None
        assert run.stderr.readline().startswith("1/2 mine.descent holds")  # the other one is under way
        os.killpg(run.pid, signal.SIGINT)  # as the terminal does: to every process of its group
        _, said = run.communicate(timeout=60)
    assert run.returncode == 130, said
    assert "finished claims are kept" in said
    assert "Traceback" not in said

    went_on = json.loads(_verify(samscape, _two_claims(theorem), "--json").stdout)["claims"]
    assert went_on["mine.other"]["status"] == "computed"
    kept = [p.name for p in Path("out/theory/my_theorem/results/quick").iterdir()]
    assert sorted(kept) == ["my_theorem--mine.descent.json", "my_theorem--mine.other.json"]


def test_a_signal_that_falls_into_the_garbage_collector_is_not_lost():
    import time

    import typer

    from samscape.commands.interruption import orderly_end

    class Slow:
        def __del__(self):
            os.kill(os.getpid(), signal.SIGINT)  # its exception would be ignored here
            time.sleep(0.2)

    def work():
        with orderly_end("kept"):
            Slow()
            time.sleep(30)

    began = time.monotonic()
    with pytest.raises(typer.Exit) as ended:
        work()
    assert ended.value.exit_code == 130
    assert time.monotonic() - began < 20  # not the thirty seconds, with room for a loaded machine
