"""Is a figure under 中间业务收入(万元) the item's, in that unit? And is a column that is no item told, with the nearest one?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from filled import rules, scored

from kehujingli.incentive import Scores
from kehujingli.intake.sheets.headers import parse_header

FEES = {
    "id": "fees",
    "label": "中间业务收入",
    "style": "money",
    "unit": 10_000,
    "target": 1_000_000,
    "category": "benefit",
}
SHARE = {"id": "back", "label": "到期贷款收回率", "style": "ratio", "target": 1, "category": "risk"}
SCHEME = rules(*({"points": 50, "shape": "completion"} | item for item in (FEES, SHARE)))


def _scored(**columns: Any) -> Scores:
    """What M1's row of 人工填报 comes to; a keyword's name is its header."""
    typed = []
    for header, value in columns.items():
        header = header.replace("__", "(") + ")" * ("__" in header)
        parsed = parse_header(header)
        typed.append({"item": header, "value": str(value), "bare": parsed.name, "unit": parsed.unit})
    return scored(SCHEME, typed, targets=[])


def _actuals(scores: Scores) -> dict[str, Decimal | None]:
    return {
        item.item.id: item.quantity and item.quantity.value for manager in scores.managers for item in manager.items
    }


def _codes(scores: Scores) -> set[str]:
    return {told.code for told in scores.findings}


@pytest.mark.parametrize(
    ("header", "said", "yuan"),
    [
        ("中间业务收入", "80", 800_000),
        ("中间业务收入__元", "800000", 800_000),
        ("中间业务收入__万元", "80", 800_000),
        ("中间业务收入__单位:千元", "800", 800_000),
        ("中间业务收入__亿元", "0.008", 800_000),
        ("fees__万元", "80", 800_000),
    ],
)
def test_a_unit_behind_an_items_name_is_honoured(header: str, said: str, yuan: int) -> None:
    scores = _scored(**{header: said}, 到期贷款收回率="1")
    assert _actuals(scores)["fees"] == yuan
    assert _codes(scores) == set()


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("到期贷款收回率", "0.98"),
        ("到期贷款收回率", "98%"),
        ("到期贷款收回率__%", "98"),
        ("到期贷款收回率__%", "98%"),
        ("到期贷款收回率__‰", "980"),
    ],
)
def test_a_share_is_read_as_its_header_says(header: str, said: str) -> None:
    scores = _scored(中间业务收入="80", **{header: said})
    assert _actuals(scores)["back"] == Decimal("0.98")
    assert _codes(scores) == set()


@pytest.mark.parametrize(("header", "said"), [("到期贷款收回率", "98"), ("到期贷款收回率__%", "0.02")])
def test_a_share_that_is_likely_written_the_other_way_is_told(header: str, said: str) -> None:
    """98 without a unit is 9800 %; 0.02 under (%) is a fiftieth of a percent, and in a percent cell 2 %."""
    scores = _scored(中间业务收入="80", **{header: said})
    assert _codes(scores) == {"score.actual-percent"}


def test_a_unit_that_does_not_fit_the_item_is_told() -> None:
    scores = _scored(中间业务收入="80", 到期贷款收回率__万元="0.98")
    assert _codes(scores) == {"score.actual-unit"}
    assert _actuals(scores)["back"] == Decimal("0.98")


def test_a_slip_of_the_pen_is_told_with_the_item_that_it_looks_like() -> None:
    scores = _scored(中间业务收人__元="800000", 到期贷款收回率="0.98", 序号="1")
    told = {found.code: found.message for found in scores.findings}
    assert told["score.actual-column"] == (
        "人工填报的“中间业务收人(元)”不是办法里的指标，1 个数没有采用。最像的是“中间业务收入”。"
    )
    assert "没有人工填报数（人工填报的“中间业务收人(元)”没有采用，不认识这一列）" in told["score.no-actual"]
    assert told["score.actual-other"] == "人工填报的“序号”不是办法里的指标，1 个数没有采用。"


def test_a_column_of_words_is_no_figure_and_not_told() -> None:
    scores = _scored(中间业务收入="80", 到期贷款收回率="0.98", 中间业务收入备注="含代销保险")
    assert _codes(scores) == set()
