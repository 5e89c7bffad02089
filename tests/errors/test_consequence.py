"""What follows from a finding: does what keeps people from a score come first?"""

from __future__ import annotations

from kehujingli.errors import finding
from kehujingli.errors.consequence import CONSEQUENCES, by_consequence, consequence, stops_scores

WITHHELD = finding("score.no-actual", item="走访", missing="缺计划", policy="withhold", effect="，列入“未计分”")
AS_ZERO = finding("score.no-actual", item="走访", missing="缺计划", policy="zero", effect="，按零分计")
REFUSED = finding("intake.amount-bad", file="流水.csv", cell="E2", value="x", column="金额")
LENT = finding("loan.class-too-good", loan="L1")
DOUBT = finding("intake.id-check", file="客户.xlsx", cell="B2", column="证件号", value="1")


def test_what_keeps_people_from_a_score_comes_first_and_doubts_last() -> None:
    groups = by_consequence([DOUBT, LENT, REFUSED, WITHHELD])
    assert [group[0].code for group in groups] == [
        "score.no-actual",
        "intake.amount-bad",
        "loan.class-too-good",
        "intake.id-check",
    ]


def test_a_missing_actual_that_the_rules_settle_keeps_nobody_from_a_score() -> None:
    assert stops_scores(WITHHELD)
    assert not stops_scores(AS_ZERO)
    assert CONSEQUENCES[consequence(AS_ZERO)] == "得分、绩效或管户受影响"


def test_findings_of_one_kind_are_one() -> None:
    other = finding("intake.amount-bad", file="存款.csv", cell="F9", value="y", column="余额")
    assert [len(group) for group in by_consequence([REFUSED, other])] == [2]
