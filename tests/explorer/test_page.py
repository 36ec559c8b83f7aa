"""The explorer's page in a real browser, from its file, without a network."""

import io
import json
from pathlib import Path

import numpy as np
import pytest

from samscape.dynamics.methods import make_rule
from samscape.dynamics.outcome import outcomes
from samscape.landscapes import get_landscape

pytestmark = pytest.mark.browser
FIXTURES = Path(__file__).parents[2] / "explorer" / "web" / "tests" / "fixtures"
CALM = 1e4
"""A displacement of 1e-12 that grew beyond this is on its way to chaos: rounding of 1e-16 may then reach 1e-10."""
QUIET = "&y=critical_points,trajectories"
"""Layers that cost nothing, where the others do not matter."""
TRAJECTORIES = """(s, [landscape, rule, starts, steps, kept]) => {
  const shown = s.landscapes[landscape];
  const {w} = s.core.trajectories(shown, s.core.makeRule(rule), starts, steps);
  const d = shown.dimension;
  const at = (i, t) => Array.from(w.subarray((i * (steps + 1) + t) * d, (i * (steps + 1) + t + 1) * d));
  return starts.map((_, i) => kept.map((t) => at(i, t)));
}"""
ENDS = """(s, letter) => {
  const {w, lengths} = s.trajectories(letter), steps = s.state().steps, d = w.length / (lengths.length * (steps + 1));
  const end = (i) => (i + 1) * (steps + 1) * d;
  return Array.from(lengths, (_, i) => Array.from(w.subarray(end(i) - d, end(i))));
}"""
NO_WEBGL2 = """for (const canvas of [HTMLCanvasElement, window.OffscreenCanvas].filter(Boolean)) {
  const original = canvas.prototype.getContext;
  canvas.prototype.getContext = function (kind, ...rest) {
    return kind === 'webgl2' ? null : original.call(this, kind, ...rest);
  };
}"""
NAMELESS = """() => [...document.querySelectorAll('button, input, select, canvas[tabindex]')].filter((e) =>
  !(e.labels?.length || e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.innerText?.trim())
).map((e) => e.outerHTML.slice(0, 120))"""
COPIED = {
    "two rules, momentum": "l=lucchi&a=sam,0.1,0.2,0.5&b=gd,0.1,0,0&t=40&s=0.5,-0.9;1,0.2&y=trajectories",
    "a formula of one variable": "f=(1%2Bx**2)**(1/2)&v=x&a=usam,0.5,0.2,0&t=30&s=1.5",
}


def test_the_page_opens_silently_without_a_network(explorer):
    view = explorer("l=saddle" + QUIET, offline=True)
    assert view.state["landscape"] == "saddle"
    assert view.page.title() == "samscape explorer"
    assert view.requests[0].startswith("file:")


def test_a_click_adds_a_trajectory(explorer):
    view = explorer("l=lucchi&a=sam,0.1,0.2,0&s=" + QUIET)
    assert view.state["starts"] == []
    box = view.page.locator(".panels canvas").first.bounding_box()
    view.page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + 0.3 * box["height"])
    (start,) = view.state["starts"]
    assert all(abs(x) <= 2 for x in start)
    paths = view.ask("s => { const p = s.trajectories(); return [Array.from(p.lengths), p.w.length]; }")
    assert paths[1] >= 2 * (view.state["steps"] + 1)


def test_a_thousand_steps_agree_with_python_on_every_landscape_under_every_rule(explorer):
    view = explorer("l=saddle" + QUIET)
    fixture = json.loads((FIXTURES / "trajectories.json").read_text())
    steps, kept = fixture["steps"], fixture["kept"]
    compared = {}
    for case in fixture["cases"]:
        rule = {name: case[name] for name in ("eta", "rho", "momentum")} | {"name": case["rule"]}
        found = view.ask(TRAJECTORIES, [case["landscape"], rule, case["starts"], steps, kept])
        for here, there, growths in zip(found, case["w"], case["growth"], strict=True):
            for w, expected, growth in zip(here, there, growths, strict=True):
                if growth is None or growth > CALM:
                    continue
                # round-off of 1e-16 times the growth allowed, over a thousand steps
                assert np.abs(np.subtract(w, expected)).max() <= 1e-9 * max(1, np.linalg.norm(expected)), case
                key = case["landscape"], case["rule"]
                compared[key] = compared.get(key, 0) + 1
    assert {name for name, _ in compared} == {case["landscape"] for case in fixture["cases"]}
    assert min(compared.values()) >= 6


@pytest.mark.parametrize(
    ("name", "rule", "eta", "rho", "steps"),
    [("lucchi", "sam", 0.05, 0.3, 300), ("saddle", "usam", 0.1, 0.7, 100), ("himmelblau", "gd", 0.01, 0.0, 300)],
)
def test_the_basin_map_agrees_with_python_in_float32_away_from_boundaries(explorer, name, rule, eta, rho, steps):
    view = explorer(f"l={name}&a={rule},{eta},{rho},0&t={steps}&s=&y=basins", width=480, height=460)
    shown = view.ask(
        "async s => { const m = await s.basins(); return {kind: m.kind, width: m.width, height: m.height, "
        "window: m.window, labels: Array.from(m.labels)}; }"
    )
    assert shown["kind"] == "webgl2"
    width, height = shown["width"], shown["height"]
    (left, right), (bottom, top) = shown["window"]
    x = left + (np.arange(width) + 0.5) / width * (right - left)
    y = top - (np.arange(height) + 0.5) / height * (top - bottom)
    starts = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2).astype(np.float32)
    numbers = {} if rule == "gd" else {"rho": rho}
    landscape = get_landscape(name)
    found = outcomes(landscape, make_rule(rule, eta, **numbers), starts, steps, dtype=np.float32).labels
    code, target = np.asarray(found.outcome).astype(int), np.asarray(found.target).astype(int)
    python = np.where(code < 2, code + 8 * np.maximum(target, 0), code).reshape(height, width)
    labels = np.array(shown["labels"]).reshape(height, width)
    page = np.where(labels % 8 < 2, labels, labels % 8)
    inside = np.ones_like(page, bool)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            inside &= np.roll(python, (dy, dx), (0, 1)) == python
    inside[[0, -1]] = inside[:, [0, -1]] = False
    assert inside.mean() > 0.7
    assert (page == python)[inside].mean() >= 0.995


def test_without_webgl2_a_worker_draws_the_basins_and_the_page_says_so(explorer):
    view = explorer("l=lucchi&a=sam,0.1,0.2,0&t=200&s=", width=500, height=500, script=NO_WEBGL2)
    assert view.ask("async s => (await s.basins()).kind") == "worker"
    view.page.wait_for_function("() => /WebGL2/.test(document.body.innerText)", timeout=5000)


def test_the_state_survives_a_reload_and_the_back_button(explorer):
    fragment = (
        "l=beale&w=-1,3,-0.5,2.5&a=sam,0.002,0.5,0.3&b=stable_sam,0.001,0.1,0&o=side&t=321&s=1,2;0.5,0.25" + QUIET
    )
    view = explorer(fragment)
    before = view.state
    assert before["b"] == {"rule": "stable_sam", "eta": 0.001, "rho": 0.1, "momentum": 0}
    assert before["starts"] == [[1, 2], [0.5, 0.25]]
    view.page.reload()
    view.page.evaluate("() => window.samscape.ready")
    assert view.state == before
    view.ask("s => s.setState({steps: 77})")
    assert "t=77" in view.page.url
    view.page.go_back()
    view.page.wait_for_function("() => window.samscape.state().steps === 321")


def test_a_broken_address_is_explained_and_the_rest_of_it_kept(explorer):
    view = explorer("l=lucchi&a=sam,-1,0.2,0&t=50" + QUIET)
    assert view.state["landscape"] == "lucchi"
    assert view.state["steps"] == 50
    assert any("η" in problem for problem in view.ask("s => s.problems()"))


@pytest.mark.parametrize("fragment", COPIED.values(), ids=COPIED)
def test_the_python_lines_run_and_reproduce_the_end_points(explorer, fragment, tmp_path, monkeypatch):
    view = explorer(fragment)
    lines = view.ask("s => s.python()")
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    exec(compile(lines, "<copied>", "exec"), names)  # noqa: S102 - the page's own lines
    for letter in "ab" if view.state["b"] else "a":
        ends = view.ask(ENDS, letter)
        # the same float64 map by two compilers, some tens of contracting steps: round-off alone
        np.testing.assert_allclose(names[f"path_{letter}"]["w"][:, -1], ends, atol=1e-9)
    assert list(tmp_path.glob("portrait_*.png"))


def test_a_typed_formula_is_drawn_and_a_wrong_one_is_explained_where_it_is_wrong(explorer):
    view = explorer("l=saddle" + QUIET)
    view.page.locator("header select").first.select_option("")
    field = view.page.locator(".formula input")
    field.fill("x**2/2 + y**4")
    field.press("Enter")
    view.page.wait_for_function("() => window.samscape.state().landscape.formula === 'x**2/2 + y**4'")
    field.fill("x**2 + sinn(y)")
    view.page.wait_for_function("() => /sinn/.test(document.querySelector('.formula [role=alert]').innerText ?? '')")
    assert view.page.locator(".formula mark").inner_text() == "sinn"
    assert view.state["landscape"]["formula"] == "x**2/2 + y**4"


@pytest.mark.parametrize("width", [320, 1920])
def test_the_page_fits_a_phone_and_a_large_screen(explorer, width):
    view = explorer("l=lucchi&a=sam,0.1,0.2,0&b=stable_sam,0.1,0.2,0&o=side", width=width, height=900)
    assert view.page.evaluate("() => document.documentElement.scrollWidth") <= width
    from matplotlib.image import imread

    picture = imread(io.BytesIO(view.page.screenshot()))
    assert picture.shape[1] == width
    assert len(np.unique((picture[..., :3] * 15).astype(int).reshape(-1, 3), axis=0)) > 20  # a drawing, not a blank


def test_dark_follows_the_reader(explorer):
    brightness = {}
    for scheme in ("light", "dark"):
        view = explorer("l=saddle" + QUIET, color_scheme=scheme)
        text = view.page.evaluate("() => getComputedStyle(document.getElementById('samscape')).backgroundColor")
        brightness[scheme] = sum(int(part) for part in text[text.index("(") + 1 : -1].split(",")[:3])
    assert brightness["dark"] < 200 < 600 < brightness["light"]


def test_the_radius_at_which_the_saddle_attracts_is_read_off(explorer):
    view = explorer("l=saddle&a=usam,0.01,0.2,0" + QUIET)
    assert "repels" in view.page.locator("section[aria-label=Results]").inner_text()
    view.ask("s => s.setState({a: {rule: 'usam', eta: 0.01, rho: 0.6, momentum: 0}})")
    view.page.wait_for_function(
        "() => /attracts/.test(document.querySelector('section[aria-label=Results]').innerText)"
    )
    # -2 + 4 rho changes its sign at 1/2
    assert "0.5" in view.page.locator("section[aria-label=Results]").inner_text()


def test_a_chosen_start_moves_with_the_arrow_keys(explorer):
    view = explorer("l=lucchi&a=sam,0.1,0.2,0&s=0.5,-0.9" + QUIET)
    view.page.locator("[tabindex='0']").first.focus()
    view.page.keyboard.press("ArrowRight")
    view.page.wait_for_function("() => window.samscape.state().starts[0][0] > 0.5")


def test_every_control_has_a_name(explorer):
    view = explorer("l=lucchi&a=sam,0.1,0.2,0&b=gd,0.1,0,0" + QUIET)
    nameless = view.page.evaluate(NAMELESS)
    assert nameless == []


def test_pictures_and_numbers_are_exported(explorer):
    view = explorer("l=lucchi&a=sam,0.1,0.2,0&t=20&s=0.5,-0.9" + QUIET)
    assert view.ask("async s => await s.exports.svg()").lstrip().startswith("<svg")
    rows = view.ask("s => s.exports.csv()").strip().splitlines()
    assert len([row for row in rows if row and not row.startswith("#")]) >= 21
    assert view.ask("async s => (await s.exports.png()).type") == "image/png"
