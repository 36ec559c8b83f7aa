"""Each claim of the papers is a test case: its computed verdict is the recorded one. `pytest -m theory` runs them all.

Claims that hold are exercised once more, by instances that hypothesis draws and in exact arithmetic alone: nothing of
the search that came to the verdict is used, except where hypotheses are met on too thin a set to be hit by drawing.
"""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from samscape.theory import BUDGETS, examine, registry
from samscape.theory.checks.instances import Question, generator
from samscape.theory.checks.search import search
from samscape.theory.checks.settle import decide, settle
from samscape.theory.checks.shrink import on_boundaries
from samscape.theory.load import find_claim
from samscape.theory.verdicts import recorded
from samscape.theory.verify import known_claims

CLAIMS = [claim for module in registry.MODULES for claim in registry.claims_of(module)]
HOLDING = [(c, family) for c in CLAIMS if recorded().get(c.id) == "holds" for family in c.families if c.conclusions]
CHEAP = ("kim2023.beale:two-minima", "kim2023.toy-net:minima", "kim2023.thm-3:constants")
"""A claim refuted, one that holds and a misprint: the ones of the default run."""
BUDGET = "quick"
ENOUGH = 4
"""Instances on a thin set, each moved onto it exactly."""


def _agree(claim):
    verdict = examine(claim, BUDGETS[BUDGET]).verdict
    assert verdict.name == recorded(BUDGET)[claim.id], verdict.reasons


@pytest.mark.parametrize("claim_id", CHEAP)
def test_a_few_verdicts_are_the_recorded_ones(claim_id):
    _agree(find_claim(claim_id))


@pytest.mark.theory
@pytest.mark.parametrize("claim", [c for c in CLAIMS if c.id not in CHEAP], ids=lambda claim: claim.id)
def test_the_computed_verdict_is_the_recorded_one(claim):
    _agree(claim)


@pytest.mark.theory
def test_every_claim_is_on_record_and_no_other():
    assert set(recorded()) == known_claims()


def _free(number):
    """A free number of a family: simple fractions of its range, on its scale."""
    low, high = Fraction(str(number.low)), Fraction(str(number.high))
    if number.scale == "linear":
        return st.integers(0, 60).map(lambda k: low + (high - low) * Fraction(k, 60))
    first, last = math.floor(math.log10(low)), max(math.floor(math.log10(low)), math.ceil(math.log10(high)) - 1)
    size = st.builds(
        lambda eighths, exponent: min(max(Fraction(eighths, 8) * Fraction(10) ** exponent, low), high),
        st.integers(8, 79),
        st.integers(first, last),
    )
    return size if number.scale == "log" else st.builds(lambda sign, s: sign * s, st.sampled_from([1, -1]), size)


@pytest.mark.theory
@pytest.mark.parametrize(
    ("claim", "family"), HOLDING, ids=[f"{claim.id}, {family.name}"[:100] for claim, family in HOLDING]
)
def test_what_holds_is_broken_by_no_instance_that_hypothesis_draws(claim, family):
    met = []

    @given(data=st.data())
    @settings(max_examples=30)
    def try_to_break(data):
        case = data.draw(st.sampled_from(family.cases))
        numbers = {n.name: data.draw(_free(n), n.name) for n in family.numbers}
        met.append(_survives(claim, Question(family, case, claim.conditions(), claim.conclusions), numbers))

    try_to_break()
    if not any(met):
        survivors = (True for question, numbers in _thin(claim, family) if _survives(claim, question, numbers))
        met = list(itertools.islice(survivors, ENOUGH))
    assert any(met), "no instance was exercised"


def _survives(claim, question, numbers):
    """Whether an instance meets the hypotheses, in exact arithmetic; a failure where it breaks the claim."""
    if settle(question, numbers, claim.conclusions[0]).says == "missed":
        return False
    sides = decide(question, numbers, list(claim.conclusions))
    assert all(s.holds is not False for s in sides), [f"{s.left} against {s.right}" for s in sides]
    return True


def _thin(claim, family):
    """Instances found on the hypotheses' boundaries, some moved onto them exactly."""
    for case in family.cases:
        question = Question(family, case, claim.conditions(), claim.conclusions)
        found = search(question, BUDGETS[BUDGET], generator(claim, family, case, "thin"))
        rows = np.flatnonzero(found.look.met)
        values = question.values(found.z, found.sign)
        for row in rows[:: max(1, len(rows) // (3 * ENOUGH))]:
            yield question, on_boundaries(question, {name: Fraction(float(v[row])) for name, v in values.items()})
