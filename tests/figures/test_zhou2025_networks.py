"""Zhou et al. (2025), Figures 3 and 5 on digits: the recipe that it trains, and the whole pipeline made small."""

import pytest

from samscape.cifar.plan import runs_of
from samscape.figures.reproduce import load_figure
from samscape.figures.store import digest_of
from samscape.figures.style import paper
from samscape.figures.zhou2025_fig3_digits import recipe_of

NAME = "zhou2025-fig3-digits"
SMALL = {"epochs": 2, "shares": (0.5,), "seeds": 1, "images": 64, "images_per_batch": 64, "width": 2}


def settings_of(budget="default", **changes):
    settings = load_figure(NAME).settings(budget=budget)
    return type(settings)("paper", budget, {**settings.values, **changes})


def test_five_seeds_switch_five_times_in_both_directions_from_two_trunks_each():
    runs = runs_of(recipe_of(settings_of()))
    trunks = [run for run in runs if run.parent is None]
    assert len(trunks) == 10
    assert all(run.epochs == 30 for run in trunks)
    for first, shares in (("sgd", [0.1, 0.2, 0.4, 0.6, 0.8]), ("sam", [0.2, 0.4, 0.6, 0.8, 0.9])):
        branches = [run for run in runs if run.parent is not None and run.method_trunk == first]
        assert len(branches) == 25
        assert sorted({run.sam_share for run in branches}) == pytest.approx(shares)
    assert {run.settings.data for run in runs} == {"digits"}


@pytest.mark.slow
def test_the_pipeline_is_the_same_to_the_bit_on_every_run_and_can_be_checked_and_drawn():
    figure, settings = load_figure(NAME), settings_of(**SMALL)
    shares = []
    data = figure.compute(settings, shares.append)
    assert digest_of(data) == digest_of(figure.compute(settings, shares.append))
    assert all(0 <= share <= 1 for share in shares)
    assert figure.caption_of(settings)
    assert figure.check(data)
    with paper():
        assert len(figure.draw(data).axes) == 6
