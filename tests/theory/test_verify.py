"""Verified claims are kept by content, come back unchanged, and one that breaks costs no other."""

import json
import os
import re
import sys
import types
from dataclasses import replace
from pathlib import Path

import pytest

from samscape.theory import BUDGETS, registry
from samscape.theory.load import find_claim, load_file
from samscape.theory.record import from_json, to_json
from samscape.theory.verify import known_claims, run_all, run_task, tasks_of

THEOREM = """
import os

from samscape.theory import Claim, Family, Hypothesis, Number, Source, Symbol
from my_numbers import LARGEST


def doubled(x, m):
    '''Twice a.'''
    {inside}
    return {{"b": 2 * x.a}}  # a remark


def claim(name, bound):
    return Claim(
        id=f"mine.{{name}}", title="Twice a is at most a bound", source=Source("mine", "Lemma 1"),
        statement="If $a$ is at most $1$, then $2a$ is at most $b$.",
        symbols=(Symbol("a", "a number", "a > 0"), Symbol("b", "twice a", measured=True)),
        hypotheses=(Hypothesis("small", "a is at most one", "a <= 1"),),
        conclusion=f"b <= {{bound}}",
        families=(Family("numbers", (Number("a", 1e-2, LARGEST),), doubled),),
    )


CLAIMS = (claim("true", 2), claim("false", 1))
"""


@pytest.fixture(autouse=True)
def small_budgets(monkeypatch):
    """What is looked at here is what is kept, not what is found."""
    for name in ("quick", "default"):
        monkeypatch.setitem(BUDGETS, name, replace(BUDGETS[name], samples=200, ascents=4, ascent_steps=5))


@pytest.fixture
def file(tmp_path):
    """``file(inside)``: two claims in a file that imports its neighbour; `inside` runs in the measurement."""
    (tmp_path / "my_numbers.py").write_text("LARGEST = 10\n")

    def write(inside="pass"):
        path = tmp_path / "mine.py"
        path.write_text(THEOREM.format(inside=inside))
        return path

    yield write
    sys.modules.pop("my_numbers", None)


def _run(path, folder, **options):
    results = [run_task(task) for task in tasks_of([str(path)], "quick", folder, **options)]
    sys.modules.pop("my_numbers", None)  # a fresh process would read it again
    return results


def _statuses(results):
    return [result.status for result in results]


def test_unchanged_claims_are_kept_and_come_back_as_they_were(file, tmp_path):
    first = _run(file(), tmp_path / "out")
    again = _run(file(), tmp_path / "out")
    assert [r.verdict for r in first] == ["holds", "violated"]
    assert _statuses(first) == ["computed"] * 2
    assert _statuses(again) == ["kept"] * 2
    assert [r.record for r in again] == [r.record for r in first]


def test_a_record_survives_json(file):
    for result in _run(file(), None):
        assert from_json(json.loads(json.dumps(to_json(result.record), allow_nan=False))) == result.record


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda path: path.write_text(path.read_text().replace("# a remark", "# another")), "kept"),
        (lambda path: path.write_text(path.read_text().replace("Twice a.", "Two a.")), "kept"),
        (lambda path: path.write_text(path.read_text().replace("2 * x.a", "2.0 * x.a")), "computed"),
        (lambda path: path.with_name("my_numbers.py").write_text("LARGEST = 20\n"), "computed"),
    ],
    ids=["comment", "docstring", "code", "imported code"],
)
def test_a_claim_is_verified_again_iff_code_that_it_uses_has_changed(file, tmp_path, change, status):
    path = file()
    _run(path, tmp_path / "out")
    change(path)
    assert _statuses(_run(path, tmp_path / "out")) == [status] * 2


def test_the_engines_code_counts_too(file, tmp_path, monkeypatch):
    _run(file(), tmp_path / "out")
    monkeypatch.setattr("samscape.dynamics.code_digest.syntax", lambda path: f"other {path.name}")
    assert _statuses(_run(file(), tmp_path / "out")) == ["computed"] * 2


def test_other_budgets_force_and_damaged_results_are_computed(file, tmp_path):
    path = file()
    _run(path, tmp_path)
    assert _statuses(_run(path, tmp_path, force=True)) == ["computed"] * 2
    (task, _) = tasks_of([str(path)], "default", tmp_path)
    assert run_task(task).status == "computed"
    for kept in (tmp_path / "results" / "quick").glob("*.json"):
        kept.write_text(kept.read_text()[:-200])
    assert _statuses(_run(path, tmp_path)) == ["computed"] * 2
    assert not [p for p in tmp_path.rglob("*") if re.search(r"\.json\.\d+$", p.name)]  # nothing half written is left


@pytest.mark.slow
def test_a_process_that_dies_costs_its_own_claim_alone(file, tmp_path):
    path = file()
    text = path.read_text().replace("doubled),),", "doubled if bound == 2 else lambda x, m: os._exit(9)),),")
    path.write_text(text)
    results = {r.task.claim: r for r in run_all(tasks_of([str(path)], "quick", tmp_path), 2)}
    assert results["mine.true"].verdict == "holds"
    assert results["mine.false"].status == "failed"
    assert "process died" in results["mine.false"].message


def test_a_module_that_cannot_be_imported_is_a_failed_row_for_each_of_its_claims(monkeypatch):
    modules = {"kim2023.absent": ("kim2023.one", "kim2023.two"), "kim2023.beale": ("kim2023.beale",)}
    for place in ("registry", "load", "verify"):
        monkeypatch.setattr(f"samscape.theory.{place}.MODULES", modules)
    tasks = tasks_of(["kim2023"], "quick")
    failed = [run_task(task) for task in tasks if task.origin == "kim2023.absent"]
    assert [(r.task.claim, r.verdict) for r in failed] == [("kim2023.one", "failed"), ("kim2023.two", "failed")]
    assert all("ModuleNotFoundError" in r.message for r in failed)
    assert len(tasks) > len(failed)


def test_a_claim_that_left_its_module_is_a_failed_row(monkeypatch):
    module = types.ModuleType("samscape.theory.kim2023.empty")
    module.CLAIMS = ()
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(registry, "MODULES", {"kim2023.empty": ("kim2023.gone",)})
    (task,) = tasks_of([], "quick")
    assert run_task(task).message == "ValueError: kim2023.empty has no claim 'kim2023.gone' in its CLAIMS"


def test_the_registry_names_exactly_the_claims_of_its_modules():
    for module, headlines in registry.MODULES.items():
        assert {claim.headline for claim in registry.claims_of(module)} == set(headlines), module
    ids = [claim.id for module in registry.MODULES for claim in registry.claims_of(module)]
    assert len(ids) == len(set(ids)) == len(known_claims())
    assert all(find_claim(i).id == i for i in ids)


def test_a_file_may_be_read_twice_and_from_anywhere(file, monkeypatch):
    path = file()
    monkeypatch.chdir(path.parent.parent)
    relative = Path(os.path.relpath(path))
    assert [c.id for c in load_file(path)] == [c.id for c in load_file(relative)] == ["mine.true", "mine.false"]
