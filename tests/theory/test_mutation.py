"""The damages are what they say, the table counts honestly, and a sample of them is refuted (all: ``-m slow``)."""

from collections import Counter

import pytest

from samscape.theory import BUDGETS, mutation
from samscape.theory.mutation import REFUTED, Damage, Row, Table

CASES = mutation.cases()
NAMES = [f"{c.id} {d.words if d else 'true'}" for c, d in CASES]


def test_there_are_enough_statements_and_every_kind_of_damage():
    true = [c for c, d in CASES if d is None]
    assert len(true) >= 20
    assert len({c.id for c in true}) == len(true)
    kinds = Counter(d.kind for _, d in CASES if d is not None)
    assert set(kinds) == {"constant", "sign", "power", "strictness", "dropped hypothesis"}
    assert min(kinds.values()) >= 15


@pytest.mark.parametrize(("claim", "damage"), [c for c in CASES if c[1] is not None])
def test_a_damage_changes_the_statement_and_says_why_it_is_false(claim, damage):
    changed = mutation.damaged(claim, damage)
    assert (changed.hypotheses, changed.conclusion) != (claim.hypotheses, claim.conclusion)
    assert damage.why


def test_a_damage_that_does_not_fit_is_an_error():
    claim = CASES[0][0]
    with pytest.raises(ValueError, match="once is needed"):
        mutation.damaged(claim, Damage("constant", "conclusion", "7*eta", "8*eta", ""))
    with pytest.raises(ValueError, match="no hypothesis is called 'nothing'"):
        mutation.damaged(claim, Damage("dropped hypothesis", "nothing", "", "", ""))
    with pytest.raises(ValueError, match="no textbook claim is called"):
        mutation.run(BUDGETS["quick"], only=("textbook.nothing",))


def test_the_table_counts_misses_and_false_alarms():
    damage = Damage("sign", "conclusion", "<=", ">=", "")
    rows = (
        Row("a.x", None, "holds", "", True), Row("a.x", damage, "violated", "", True),
        Row("a.x", damage, "holds", "", False), Row("a.y", None, "violated", "broken", False),
        Row("a.z", None, "undecided", "", True), Row("a.z", damage, "undecided", "", False),
    )  # fmt: skip
    table = Table(rows)
    assert table.power == 1 / 3
    assert [r.claim for r in table.false_alarms] == ["a.y"]
    assert [r.claim for r in table.missed] == ["a.x", "a.z"]
    text = table.markdown()
    assert "| all | 3 | 1 | 2 |" in text
    assert "1 hold, 1 are undecided" in text
    assert "False alarm: `a.y`" in text


@pytest.mark.parametrize("case", CASES[::12], ids=NAMES[::12])
def test_every_twelfth_statement_is_judged_rightly(case):
    row = mutation.judge(*case, BUDGETS["quick"])
    assert (row.verdict in REFUTED) == (case[1] is not None), row.words


@pytest.mark.slow
def test_nine_in_ten_damages_are_refuted_and_no_true_statement_is():
    table = mutation.run(BUDGETS["quick"])
    assert table.power >= 0.9
    assert not table.false_alarms
