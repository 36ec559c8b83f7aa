"""Generated formulas: what is printed is what JAX computes, and what is committed is what the generator writes."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from samscape.explorer import build
from samscape.explorer.codegen import glsl_source, landscape_source
from samscape.explorer.presets import PRESETS
from samscape.figures.registry import FIGURES
from samscape.landscapes import ONE_DIMENSIONAL, TWO_DIMENSIONAL, Landscape, get_landscape
from samscape.landscapes.dialect import numpy_like_dialect

WEB = Path(__file__).parents[2] / "explorer" / "web"
FORMULAS = ("abs(x)**3 + sign(y)*y**2", "where(x < y, x**2*y, y**3)", "min(x, y, x*y)*max(x, 2*y)", "x**(-3) + y**20")


def by_node(names, sources, places):
    """Value, gradient and Hessian of generated landscapes and of further JavaScript objects at places, by Node."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node on this machine: what the page computes is then tested in the browser alone")
    text = "\n".join(
        [
            f"import {{ LANDSCAPES }} from {json.dumps((WEB / 'src' / 'generated' / 'landscapes.js').as_uri())};",
            f"const all = [...{json.dumps(names)}.map((name) => LANDSCAPES[name]), {','.join(sources)}];",
            f"const places = {json.dumps(places)};",
            "const list = (x) => Array.from(x);",
            "const slots = (n) => new Float64Array(n);",
            "const at = (L, w) => [L.value(w), list(L.gradient(w, slots(L.dimension))), list(L.hessian(w, slots(4)))];",
            "const cut = ([l, g, h], d) => [l, g, h.slice(0, d * d)];",
            "console.log(JSON.stringify(all.map((L, k) => places[k].map((w) => cut(at(L, w), L.dimension)))));",
        ]
    )
    answer = subprocess.run([node, "--input-type=module"], input=text, capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)


def differences(function, w, step):
    """Central differences of a function of a (d,) vector, the last axis over coordinates."""
    moves = step * np.eye(len(w))
    return np.stack([(function(w + e) - function(w - e)) / (2 * step) for e in moves], axis=-1)


def test_javascript_computes_the_formula_and_its_differences():
    names = [*TWO_DIMENSIONAL, *ONE_DIMENSIONAL]
    typed = [Landscape.from_expression(text, ["x", "y"], domain=(0.2, 1.7)) for text in FORMULAS]
    landscapes = [*map(get_landscape, names), *typed]
    random = np.random.default_rng(0)
    places = []
    for landscape in landscapes:
        low, high = np.array(landscape.domain).T
        places.append((low + (high - low) * random.random((4, landscape.dimension))).tolist())
    found = by_node(names, map(landscape_source, typed), places)
    for landscape, here, rows in zip(landscapes, places, found, strict=True):

        def value(w, landscape=landscape):
            return np.asarray(landscape.formula.evaluate(list(w), numpy_like_dialect(np)))

        for w, (loss, gradient, hessian) in zip(map(np.array, here), rows, strict=True):
            scale = 1 + np.abs(np.ravel(hessian)).max() + np.abs(gradient).max() + abs(loss)
            # two orders of the same operations: some roundings of terms as large as `scale`
            np.testing.assert_allclose(loss, value(w), rtol=1e-12, atol=1e-14 * scale, err_msg=landscape.name)
            # step² times a third derivative (some tens of `scale`), and 1e-16/step of round-off
            slope = differences(value, w, 1e-5)
            np.testing.assert_allclose(gradient, slope, atol=1e-7 * scale, err_msg=landscape.name)
            bend = differences(lambda v, value=value: differences(value, v, 1e-4), w, 1e-4)
            np.testing.assert_allclose(np.reshape(hessian, bend.shape), bend, atol=1e-5 * scale, err_msg=landscape.name)


def test_glsl_has_floats_and_products_alone():
    text = glsl_source(Landscape.from_expression("3*x**4 - tanh(2*x)*y/7 + pi", ["x", "y"]))
    assert "3.0*" in text
    assert "boundedTanh(2.0*" in text
    assert "pow" not in text
    assert "3.14159" in text


def test_a_landscape_of_three_coordinates_is_refused():
    with pytest.raises(ValueError, match="has 3"):
        landscape_source(Landscape.from_expression("x*y*z"))


@pytest.mark.slow  # CI asks the same of `python -m samscape.explorer.build --check`
def test_the_generated_modules_are_those_that_the_sources_give():
    assert build.stale(build.generated(), build.GENERATED) == []


def test_every_preset_goes_back_to_a_figure_that_exists():
    assert {preset.figure for preset in PRESETS} - {""} <= set(FIGURES)
    assert len({preset.name for preset in PRESETS}) == len(PRESETS)


def test_what_is_stale_is_named(tmp_path):
    (tmp_path / "a.js").write_text("1")
    assert build.stale({"a.js": "1", "b.js": "2"}, tmp_path) == ["b.js"]
    assert build.stale({"a.js": "3"}, tmp_path) == ["a.js"]
