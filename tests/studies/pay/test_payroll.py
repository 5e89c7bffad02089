"""What the payroll system is given: every 分 of 实际兑付, in the columns and the order that the rules name."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError

from kehujingli.studies.pay.payroll import Payroll, Rules, payroll

_KEPT = ("standard", "pay", "advance", "deferred", "to_settle", "paid_now", "settled", "matured", "granted")
_COLUMNS = (*_KEPT, "clawback", "carried", "point_worth", "score", "grade", "remark")


def row(who: str | None, branch: str, paid: str | None, **more: Any) -> dict[str, Any]:
    """One post: what it earned is what it is paid, unless ``more`` says otherwise."""
    amount = None if paid is None else Decimal(paid)
    told = {"manager_id": who, "name": f"经理{who}", "branch_id": branch, "branch_name": f"{branch}社", "paid": amount}
    return dict.fromkeys(_COLUMNS) | told | {"pay": amount, "duty_share": "31/31"} | more


def given(*rows: dict[str, Any], roster: tuple[str, ...] = ("M1", "M2", "M3"), **rules: Any) -> Payroll:
    managers = pd.DataFrame({"manager_id": list(roster)})
    return payroll(pd.DataFrame(rows).astype("object"), managers, "2026-10", Rules.model_validate(rules))


def told(found: Payroll) -> dict[str, str]:
    return {one.code: one.text for one in found.findings}


COLUMNS = [
    {"name": "项目", "text": "绩效"},
    {"name": "编号", "value": "工号"},
    {"name": "月", "value": "期间"},
    {"name": "应发数", "value": "应发"},
    {"name": "实发数", "value": "实际兑付"},
]


def test_columns_stand_in_the_order_and_under_the_names_of_the_rules() -> None:
    found = given(row("M1", "B1", "80.50", pay=Decimal(100)), columns=COLUMNS)
    assert found.headers == ["项目", "编号", "月", "应发数", "实发数"]
    assert found.rows == [["绩效", "M1", "2026-10", Decimal("100.00"), Decimal("80.50")]]
    assert not found.findings


def test_who_has_two_posts_is_one_row_with_both_amounts() -> None:
    posts = (row("M1", "B1", "10.01", grade="初级"), row("M1", "B2", "20.02", grade="高级"), row("M2", "B1", "5"))
    found = given(*posts)
    assert [cells[0] for cells in found.rows] == ["M2", "M1"]
    assert found.rows[1] == ["M1", "经理M1", "B2", "B2社", "2026-10", Decimal("30.03")]
    assert found.due == Decimal("35.03")
    assert list(told(found)) == ["payroll.merged"]


def test_a_row_a_post_tells_who_stands_there_twice() -> None:
    found = given(row("M1", "B1", "10"), row("M1", "B2", "20"), rows="post")
    assert [cells[-1] for cells in found.rows] == [Decimal(10), Decimal(20)]
    assert "M1 经理M1" in told(found)["payroll.twice"]


def test_rows_go_by_the_columns_of_the_rules_numbers_by_their_size() -> None:
    posts = (row("M1", "B1", "100"), row("M2", "B2", "9"), row("M3", "B1", "9"))
    assert [cells[0] for cells in given(*posts, order=["实际兑付"]).rows] == ["M2", "M3", "M1"]
    assert [cells[0] for cells in given(*posts).rows] == ["M1", "M3", "M2"]


def test_who_has_nothing_to_be_paid_is_left_out_or_kept_by_rule() -> None:
    posts = (row("M1", "B1", "10"), row("M2", "B1", "0"))
    assert [cells[0] for cells in given(*posts).rows] == ["M1"]
    assert [cells[-1] for cells in given(*posts, nothing="keep").rows] == [Decimal("10.00"), Decimal("0.00")]


def test_a_pay_that_lacks_is_told_and_never_a_nought_in_silence() -> None:
    posts = (row("M1", "B1", None, remark="未计分"), row("M2", "B1", "3", pay=None), row("M3", "B1", "1"))
    leaver = row("M9", "B1", "7", pay=None, duty_share="", remark="已离任")
    found = given(*posts, leaver, roster=("M1", "M2", "M3", "M9"))
    assert [cells[0] for cells in found.rows] == ["M2", "M3", "M9"]
    assert "有 2 人未计分" in told(found)["payroll.unscored"]
    assert "M9" not in told(found)["payroll.unscored"]


def test_below_nothing_and_strangers_are_told_and_still_add_up() -> None:
    found = given(row("M1", "B1", "-5.01"), row("M8", "B1", "7"), row(None, "B1", "1"), row("M7", "B1", "0"))
    assert sum(cells[-1] for cells in found.rows if isinstance(cells[-1], Decimal)) == Decimal("1.99") + 1 == found.due
    assert "M1 经理M1" in told(found)["payroll.below"]
    assert "有 2 人要付钱" in told(found)["payroll.unknown"]
    assert "M8" in told(found)["payroll.unknown"]
    assert "没有工号" in told(found)["payroll.unknown"]
    assert "M7" not in told(found)["payroll.unknown"], "who is paid nothing need not be known"


@pytest.mark.parametrize(
    ("rules", "word"),
    [
        ({"columns": COLUMNS[:4]}, "实际兑付"),
        ({"columns": [*COLUMNS, {"name": "再付", "value": "实际兑付"}]}, "实际兑付"),
        ({"columns": [*COLUMNS, {"name": "编号", "text": "x"}]}, "两次"),
        ({"columns": [*COLUMNS, {"name": "卡号", "value": "银行卡号"}]}, "银行卡号"),
        ({"columns": [*COLUMNS, {"name": "空", "value": "姓名", "text": "x"}]}, "只写一个"),
        ({"order": ["卡号"]}, "卡号"),
    ],
)
def test_rules_that_could_not_add_up_or_name_nothing_known_are_refused(rules: dict[str, Any], word: str) -> None:
    with pytest.raises(ValidationError) as why:
        Rules.model_validate(rules)
    assert word in str(why.value.errors()[0]["ctx"])
