"""Names, formulas, rules, bases and devices as typed."""

import jax
import numpy as np
import pytest

from samscape.commands.choices import (
    check_settings,
    choose_base,
    choose_device,
    choose_landscape,
    choose_rule,
    choose_rules,
    numbers_for,
    parse_window,
    window_of,
)
from samscape.landscapes import get_landscape


def test_a_name_is_the_landscape_of_the_catalogue():
    assert choose_landscape("lucchi") is get_landscape("lucchi")


def test_a_formula_is_a_landscape_with_the_value_it_says():
    landscape = choose_landscape("x**4/4 - x*y + y**2/2", "-3:3")
    assert landscape.dimension == 2
    assert window_of(landscape, None) == ((-3.0, 3.0), (-3.0, 3.0))
    assert float(landscape.value((1.5, -0.5))) == 1.5**4 / 4 + 1.5 * 0.5 + 0.5**2 / 2  # exact in binary


def test_parameters_stay_exact():
    landscape = choose_landscape("example_c1(a=2, eps=1/10)")
    assert landscape == get_landscape("example_c1", a=2, eps="1/10")
    assert choose_landscape("quadratic(eigenvalues=(1, -0.5))") == get_landscape("quadratic", eigenvalues=(1, -0.5))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("luchi", "did you mean 'lucchi'"),
        ("example_c1(c=2)", "no parameter 'c'"),
        ("example_c1(2)", "NAME(PARAMETER=VALUE"),
        ("example_c1(a=2", "NAME(PARAMETER=VALUE"),
        ("example_c1(a=exp(1))", "is not a value"),
        ("x +* y", "at character 4"),
        ("__import__('os')", "at character"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(text, reason):
    with pytest.raises(ValueError, match=r".") as caught:
        choose_landscape(text)
    assert reason in str(caught.value)


def test_windows():
    lucchi = get_landscape("lucchi")
    assert parse_window("-1.5:3.7,-0.5:2.7") == ((-1.5, 3.7), (-0.5, 2.7))
    assert window_of(lucchi, "-3:3") == ((-3.0, 3.0), (-3.0, 3.0))
    for bad, reason in (("1", "not LOW:HIGH"), ("2:1", "smaller than HIGH"), ("0:1,0:1,0:1", "give 1 or 2")):
        with pytest.raises(ValueError, match=reason):
            window_of(lucchi, bad)


def test_rules_have_one_name_each():
    assert choose_rules("gd, SAM,stablesam") == ["gd", "sam", "stable_sam"]
    with pytest.raises(ValueError, match="twice"):
        choose_rules("sgd,gd")
    with pytest.raises(ValueError, match="did you mean"):
        choose_rules("gd,samm")


def test_settings_reach_the_rules_that_take_them_and_no_other():
    settings = {"k": 5, "rho": 0.1}
    assert numbers_for("look_sam", settings) == settings
    assert numbers_for("gd", settings) == {}
    with pytest.raises(ValueError, match="takes 'q'; they take: epsilon, rho"):
        check_settings(["gd", "sam"], {"q": 1})


def test_a_negative_eta_or_rho_is_refused_with_rule_value_and_remedy():
    with pytest.raises(ValueError, match=r"sam: eta = -0\.1 .*> 0"):
        choose_rule("sam", -0.1, 0.1, {}, "sgd", None)
    with pytest.raises(ValueError, match=r"sam: rho = -1 .*>= 0"):
        choose_rule("sam", 0.1, -1, {}, "sgd", None)
    with pytest.raises(ValueError, match="gd"):
        choose_rule("gd", 0.1, 0.1, {}, "sgd", None)


def test_momentum_goes_to_the_base():
    rule = choose_rule("sam", 0.1, 0.05, {}, "heavy_ball", 0.7)
    params = (np.float64(1.0), np.float64(2.0))
    direction = (np.float64(1.0), np.float64(0.0))
    state = rule.base.init(params)
    first, state = rule.base.update(direction, state, params)
    second, _ = rule.base.update(direction, state, params)
    # v = 1, then 0.7 + 1; two roundings of numbers near 0.1
    np.testing.assert_allclose((first[0], second[0]), (-0.1, -0.17), rtol=4e-16)


@pytest.mark.parametrize(("base", "momentum"), [("sgd", 0.9), ("heavy_ball", 1.0), ("adamw", -0.1)])
def test_momentum_is_refused_where_it_has_no_meaning(base, momentum):
    with pytest.raises(ValueError, match="--momentum"):
        choose_base(base, momentum)


def test_a_missing_device_is_refused_before_work():
    missing = next(kind for kind in ("tpu", "gpu") if kind != jax.default_backend())
    with pytest.raises(ValueError, match=f"--device: JAX finds no {missing} here"):
        choose_device(missing)
    choose_device(jax.default_backend())
