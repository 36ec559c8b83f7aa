"""The page, the data and the errata say what the records say, and what they show can be run again."""

import contextlib
import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest

from samscape.theory import BUDGETS, registry
from samscape.theory.errata import entry_of, errata, rounded, short
from samscape.theory.kept import Task
from samscape.theory.load import load_file
from samscape.theory.picture import HEIGHT, WIDTH, draw
from samscape.theory.record import description, from_json
from samscape.theory.report import view, write_report
from samscape.theory.reproduction import settled_at
from samscape.theory.typeset import maths, typeset
from samscape.theory.verify import Result, run_task, tasks_of

PAGE = Path(__file__).parents[2] / "docs" / "theory.md"
THEOREM = re.search(r"```python\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)[1]
VOID = {"meta", "link", "br", "input", "img", "hr"}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A claim of a user with a wrong constant, two of a paper with findings, one that failed."""
    file = tmp_path_factory.mktemp("user") / "my_theorem.py"
    file.write_text(THEOREM.replace("eta*L < 2", "eta*L < 3"))
    quick = BUDGETS["quick"]
    BUDGETS["quick"] = replace(quick, samples=1000, ascents=8, ascent_steps=20)
    try:
        tasks = tasks_of([str(file), "kim2023.beale:two-minima", "kim2023.thm-1", "kim2023.toy-net:minima"], "quick")
        found = [run_task(task) for task in tasks]
    finally:
        BUDGETS["quick"] = quick
    return [*found, Result(Task("kim2023.gone", "kim2023.gone"), "failed", 0.0, message="ImportError: <gone>")]


@pytest.fixture(scope="module")
def page(results, tmp_path_factory):
    return write_report(results, tmp_path_factory.mktemp("out"))


def _refuted(results):
    """Every counterexample: record, its view on the page, place and evidence."""
    for result in results:
        if result.record is not None:
            shown = view(result.record, result.task.origin)
            for i, evidence in enumerate(result.record.evidence):
                if evidence.counterexample is not None:
                    yield result.record, shown["evidence"][i], i, evidence


class _Nesting(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links, self.text = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.ids += [v for k, v in attrs if k == "id"]
        self.links += [v for k, v in attrs if k in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, (tag, self.getpos())

    def handle_data(self, data):
        self.text.append(data)


def test_the_page_is_well_formed_and_needs_nothing_from_elsewhere(page):
    seen = _Nesting()
    seen.feed(page.read_text())
    assert not seen.open
    assert len(seen.ids) == len(set(seen.ids))
    assert all(link.startswith("#") and link[1:] in seen.ids for link in seen.links)
    assert not re.search(r"@import|url\(", page.read_text())


def test_the_page_shows_verdict_hypotheses_and_counterexample_of_every_claim(page, results):
    seen = _Nesting()
    seen.feed(page.read_text())
    text = " ".join(seen.text)
    for result in results:
        assert result.task.claim in text
        if result.record is None:
            assert result.message in text
            continue
        claim = result.record.claim
        assert all(h["relation"] in text for h in claim["hypotheses"])
        assert claim["conclusion"] in text
        assert all(e.words in text for e in result.record.evidence)
    for *_, evidence in _refuted(results):
        example = evidence.counterexample
        assert all(str(v) in text for v in (*example.values.values(), example.left, example.right))


def test_the_python_lines_of_every_counterexample_show_it_again(results, monkeypatch):
    monkeypatch.setitem(BUDGETS, "quick", replace(BUDGETS["quick"], samples=200, ascents=4, ascent_steps=5))
    settled = 0
    for record, shown, i, evidence in _refuted(results):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(shown["lines"], "<lines>", "exec"), {})  # noqa: S102 - the page's own lines
        again = record.curves[str(i)]["settled"]
        assert evidence.counterexample.left in printed.getvalue()
        assert printed.getvalue().startswith("broken ") == again
        settled += again
    assert settled >= 3


def test_the_curve_meets_the_counterexample_and_breaks_there(results):
    drawn = 0
    for record, _, i, evidence in _refuted(results):
        curve = record.curves[str(i)]["curve"]
        if curve is None:
            continue
        drawn += 1
        at = min(range(len(curve["x"])), key=lambda k: abs(curve["x"][k] - curve["at"]))
        assert curve["broken"][at]
        assert curve["x"] == sorted(curve["x"])
        # six digits are kept
        sides = (curve["left"][at], curve["right"][at])
        assert sides == pytest.approx(evidence.counterexample.float_sides, rel=1e-5, abs=1e-12)
        assert not any(b and not m for b, m in zip(curve["broken"], curve["met"], strict=True))
    assert drawn >= 3


def test_the_shaded_part_of_a_curve_is_where_exact_arithmetic_breaks_the_relation(results):
    record = results[0].record
    (claim,) = load_file(results[0].task.origin)
    ((place, drawn),) = record.curves.items()
    curve, example = drawn["curve"], record.evidence[int(place)].counterexample
    asked = 0
    for said, wanted in (("broken", curve["broken"]), ("missed", [not m for m in curve["met"]])):
        inside = [k for k in range(1, len(wanted) - 1) if all(wanted[k - 1 : k + 2])]  # edges: only six digits are kept
        for k in inside[:: max(1, len(inside) // 5)]:
            values = {**example.values, curve["number"]: Fraction(str(curve["x"][k]))}
            assert settled_at(claim, example.relation, values, example.family).says == said
            asked += 1
    assert asked


@pytest.mark.parametrize(
    ("x", "left", "right", "broken", "log"),
    [
        ([1, 2, 3], [0, 1, 2], [1, 1, 1], [False, True, True], False),
        ([0.1, 1, 10], [1, -1e9, 1e30], [0, 0, 0], [False, False, True], True),
        ([1, 2, 3], ["nan", 0, 0], [0, 0, 0], [False, True, False], False),
    ],
    ids=["linear", "orders of magnitude", "constant, partly undefined"],
)
def test_drawings_are_svg_within_their_frame(x, left, right, broken, log):
    curve = {"x": x, "left": left, "right": right, "broken": broken, "met": [True] * 3, "log": log}
    picture = ET.fromstring(draw({**curve, "at": x[1], "number": "a<b"}, "left < right & more"))
    numbers = [float(v) for e in picture.iter() for k, v in e.attrib.items() if k in ("x", "x1", "x2", "cx")]
    heights = [float(v) for e in picture.iter() for k, v in e.attrib.items() if k in ("y", "y1", "y2", "cy")]
    assert 0 <= min(numbers) <= max(numbers) <= WIDTH
    assert 0 <= min(heights) <= max(heights) <= HEIGHT
    assert len([e for e in picture.iter() if e.get("class") == "broken"]) == 1


def test_the_drawings_of_the_claims_stay_within_their_frame(results):
    for _, shown, _, _ in _refuted(results):
        if shown["picture"]:
            places = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", shown["picture"])
            assert places
            assert all(0 <= float(x) <= WIDTH and 0 <= float(y) <= HEIGHT for x, y in places)


def test_the_data_hold_the_same_records(results, page):
    data = json.loads((page.parent / "verdicts.json").read_text())
    assert [from_json(c) for c in data["claims"]] == [r.record for r in results if r.record]
    assert data["verdicts"]["kim2023.gone"] == "failed"
    assert sum(data["counts"].values()) == len(results)


def test_errata_give_the_counterexample_the_step_and_the_corrected_formula(results):
    records = {r.record.id: r.record for r in results if r.record}
    entry = entry_of(records["kim2023.thm-1"])
    assert entry.startswith("### Theorem 1, Section 4.2")
    assert "`abscissa < 0` reads 0 against 0" in entry
    assert r"Corrected: $\rho > -1/\lambda_1$." in entry
    assert "The displayed step Eq. 17 does not follow" in entry
    assert entry_of(records["kim2023.toy-net:minima"]) == ""
    text = errata(records.values())
    assert text.index("## Kim et al. (2023)") < text.index("## mine")
    assert "toy-net:minima" not in text


def test_long_numbers_are_told_as_decimals():
    assert short("1/3") == "1/3"
    assert short("123456789/987654321") == "0.125"
    assert rounded("a [0.490842180555632909853140989363 +/- 3.80e-31] b [+/- 1e-3]") == "a 0.490842 b [+/- 1e-3]"


def test_every_statement_of_the_registry_can_be_typeset():
    for module in registry.MODULES:
        for claim in registry.claims_of(module):
            texts = [claim.statement, claim.title, claim.reading, claim.notes, *(s.meaning for s in claim.symbols)]
            formulas = [s.latex for s in claim.symbols] + [r.latex for r in claim.repairs]
            shown = [typeset(t) for t in texts] + [maths(f) for f in formulas if f]
            assert not [s for s in shown if 'class="latex"' in s], claim.id
            assert description(claim)["id"] == claim.id


def test_text_around_formulas_is_escaped_and_what_cannot_be_typeset_is_shown_as_written():
    shown = typeset(r"a < b & $\frac{1}{2} < x$ <script> $\frac$")
    assert shown.startswith("a &lt; b &amp; <math")
    assert "<script>" not in shown
    assert shown.endswith(r'<code class="latex">\frac</code>')
