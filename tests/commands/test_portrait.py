"""`samscape portrait`, `samscape landscapes`, `samscape rules`, `samscape version`."""

import json

import pytest

import samscape as package


@pytest.mark.parametrize("suffix", ["png", "pdf", "svg"])
def test_a_portrait_of_a_formula_is_written(samscape, tmp_path, suffix):
    out = tmp_path / f"portrait.{suffix}"
    args = (
        "x**4/4 - x*y + y**2/2",
        "--rule",
        "sam",
        "--eta",
        0.1,
        "--rho",
        0.2,
        "--steps",
        50,
        "--layers",
        "contours,trajectories",
    )
    assert str(out) in samscape("portrait", *args, "--out", out).stdout
    assert out.read_bytes()[:5] in (b"\x89PNG\r", b"%PDF-", b"<?xml")


def test_one_coordinate_gets_a_cobweb(samscape, tmp_path):
    out = tmp_path / "portrait.png"
    samscape("portrait", "log_cosh", "--rule", "gd", "--eta", 0.5, "--start", 1.5, "--steps", 10, "--out", out)
    assert out.stat().st_size > 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("lucchi", "--layers", "contour"), "did you mean 'contours'"),
        (("quadratic(eigenvalues=(1, 2, 3))",), "3 coordinates"),
        (("lucchi", "--rule", "sam", "--start", "1"), "1 coordinates, the landscape has 2"),
        (("lucchi", "--out", "portrait.nc"), "should end in"),
        (("lucchi", "--window", "a:b"), "not a number"),
    ],
)
def test_bad_input_is_refused_with_reason_and_remedy(refused, arguments, reason):
    assert reason in refused("portrait", *arguments)


def test_every_landscape_is_listed_and_described(samscape):
    facts = json.loads(samscape("landscapes", "--json").stdout)
    text = samscape("landscapes").stdout
    for name, fact in facts.items():
        assert name in text
        assert fact["dimension"] >= 1
        assert fact["source"]


def test_a_described_landscape_has_its_critical_points(samscape):
    found = json.loads(samscape("landscapes", "lucchi", "--json").stdout)["critical_points"]
    assert [(p["kind"], p["w"]) for p in found] == [("minimum", [1, 1]), ("minimum", [-1, -1]), ("saddle", [0, 0])]
    assert "saddle" in samscape("landscapes", "x**2 - y**2").stdout


def test_every_rule_is_listed_with_its_numbers(samscape):
    facts = json.loads(samscape("rules", "--json").stdout)
    assert set(facts["look_sam"]["numbers"]) == {"rho", "epsilon", "k", "alpha"}
    assert list(json.loads(samscape("rules", "looksam", "--json").stdout)) == ["look_sam"]
    assert all(name in samscape("rules").stdout for name in facts)


def test_an_unknown_rule_is_refused(refused):
    assert "did you mean" in refused("rules", "looksamm")


def test_the_version_is_the_packages(samscape):
    assert samscape("--version").stdout == samscape("version").stdout == package.__version__ + "\n"


@pytest.mark.parametrize(
    "command",
    ["sweep", "simulate", "basins", "portrait", "cut", "slice", "landscapes", "rules", "reproduce", "figures"],
)
def test_help_shows_examples_and_what_every_option_is_for(samscape, command):
    text = samscape(command, "--help").stdout
    assert "Examples" in text
    assert f"samscape {command}" in text


def test_help_says_what_happens_without_an_option(samscape):
    """Brackets in a help text are markup, which swallowed the remarks on defaults."""
    text = " ".join(word for word in samscape("portrait", "--help").stdout.split() if word not in "│╭╰")
    assert "[default: six on an ellipse]" in text


def test_without_arguments_the_commands_are_listed(samscape):
    result = samscape()
    for command in ("sweep", "simulate", "basins", "portrait", "cut", "slice", "landscapes", "rules", "version"):
        assert command in result.stdout
