"""档案 reckoned by hand: three customers of whom a file is wanted, what is filed of them, and what is wrong with some rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from kehujingli.errors import Problem
from kehujingli.periods import Period, day_of
from kehujingli.studies.customers.filed import Wanted
from kehujingli.studies.profile import Rules, profile
from kehujingli.studies.study import Answer

OCTOBER = Period.of("2026-10")
PEOPLE = (
    ("C1", "东关农资有限公司", "business", "large", 0, "M1"),
    ("C2", "李四", "person", "small", 5_000_000, "M1"),
    ("C3", "王五", "person", "small", 0, "M1"),
    ("C4", "赵六", "sole_trader", "medium", 0, None),
)
ASKED = Rules(
    required=(
        Wanted(kind="财务", items=("年销售收入", "资产总额"), customer_types=("business", "sole_trader")),
        Wanted(kind="家庭", items=("家庭成员", "劳动力"), customer_types=("person",)),
    )
)


def day(text: str | None) -> int | None:
    return None if text is None else day_of(date.fromisoformat(text))


def classes() -> pd.DataFrame:
    columns = ["customer_id", "customer_name", "customer_type", "scale", "loan_balance", "holder_id"]
    frame = pd.DataFrame(PEOPLE, columns=columns).assign(
        group="frequent/large", branch_id="801001", branch_name="东关", manager_name="张三"
    )
    return frame.assign(
        average_deposit_last_year=100, average_deposit_year=200, average_deposit_month=300, deposit_balance=400
    )


def rows(*told: tuple[Any, ...]) -> pd.DataFrame:
    """``told``: customer, kind, item, content, day."""
    made = [
        {
            "customer_id": who,
            "profile_kind": kind,
            "profile_item": item,
            "content": content,
            "content_unit": "万元",
            "as_of": day(on),
            "collected_by": "M1",
            "evidence": None,
            "source_row": place,
        }
        for place, (who, kind, item, content, on) in enumerate(told, 2)
    ]
    return pd.DataFrame(made).astype({"as_of": "Int64"})


def family(*told: tuple[Any, ...]) -> pd.DataFrame:
    columns = ["customer_id", "member", "kinship", "labour", "as_of", "collected_by"]
    made = [(who, name, kin, labour, day(on), "M1") for who, name, kin, labour, on in told]
    frame = pd.DataFrame(made, columns=columns)
    return frame.assign(birth_year=None, work=None, source_row=range(2, len(made) + 2)).astype({"as_of": "Int64"})


def ask(
    *told: tuple[Any, ...], household: pd.DataFrame | None = None, rules: Rules = ASKED, customer: tuple[str, ...] = ()
) -> Answer:
    return profile(classes(), rows(*told), household, period=OCTOBER, rules=rules, customer=customer)


def states(told: Answer) -> dict[tuple[str, str], str]:
    frame = told.frames["profile_missing"]
    return {(row.customer_id, row.profile_item): row.state for row in frame.itertuples()}


SALES = ("C1", "财务", "年销售收入", "320", "2026-06-01")


def test_who_is_small_and_owes_nothing_needs_no_file() -> None:
    told = ask(SALES)
    assert set(told.frames["profile_customers"]["customer_id"]) == {"C1", "C2", "C4"}
    assert states(told) == {
        ("C1", "资产总额"): "missing",
        ("C2", "家庭成员"): "missing",
        ("C2", "劳动力"): "missing",
        ("C4", "年销售收入"): "missing",
        ("C4", "资产总额"): "missing",
    }
    assert told.lines[0] == "要建档 3 户，齐全 0 户；要 6 项，有 1 项（16.67%），过期 0，说法不一 0，缺 5"


def test_what_is_older_than_the_rules_allow_is_stale_and_the_newest_counts() -> None:
    assert states(ask(("C1", "财务", "年销售收入", "300", "2025-10-31")))["C1", "年销售收入"] == "stale"
    assert ("C1", "年销售收入") not in states(ask(("C1", "财务", "年销售收入", "300", "2025-11-01")))
    told = ask(("C1", "财务", "年销售收入", "300", "2025-01-01"), SALES)
    (item,) = told.frames["profile_items"].to_dict("records")
    assert (item["content"], item["older"]) == ("320", 1), "the older stays in its table"
    assert ("C1", "年销售收入") not in states(told)


def test_two_contents_of_one_day_are_told_and_neither_counts() -> None:
    told = ask(SALES, ("C1", "财务", "年销售收入", "230", "2026-06-01"))
    assert states(told)["C1", "年销售收入"] == "torn"
    assert [one.code for one in told.findings] == ["study.profile-torn"]
    assert "C1 年销售收入" in told.findings[0].text
    again = ask(SALES, SALES)
    assert ("C1", "年销售收入") not in states(again), "one content sent twice is one"
    assert not again.findings


def test_rows_without_a_day_of_later_days_and_of_nobody_do_not_count() -> None:
    told = ask(
        ("C1", "财务", "年销售收入", "320", None),
        ("C1", "财务", "资产总额", "500", "2026-11-02"),
        ("C9", "财务", "资产总额", "500", "2026-10-02"),
    )
    assert {one.code for one in told.findings} == {
        "study.profile-undated",
        "study.profile-later",
        "study.profile-nobody",
    }
    assert told.frames["profile_items"].empty
    assert states(told)["C1", "资产总额"] == "missing"


def test_a_form_that_nobody_filled_in_is_no_file() -> None:
    told = ask(("C1", "财务", "年销售收入", None, None))
    assert [one.code for one in told.findings] == ["study.profile-blank"]
    assert states(told)["C1", "年销售收入"] == "missing"


def test_an_item_under_another_name_is_told_and_does_not_fill_the_wanted_one() -> None:
    told = ask(SALES, ("C1", "财务", "资产合计", "500", "2026-06-01"))
    assert states(told)["C1", "资产总额"] == "missing"
    (found,) = told.findings
    assert (found.code, "财务·资产合计" in found.text) == ("study.profile-unasked", True)


def test_members_of_a_family_fill_what_is_wanted_of_farmers() -> None:
    home = family(("C2", "李四", "户主", "yes", "2026-03-01"), ("C2", "李某", "子", "no", "2026-03-01"))
    told = ask(SALES, household=home)
    assert not [key for key in states(told) if key[0] == "C2"]
    items = told.frames["profile_items"].set_index("profile_item")["content"]
    assert (items["家庭成员"], items["劳动力"]) == ("户主、子", "1")
    silent = family(("C2", "李四", "户主", None, "2026-03-01"))
    assert states(ask(SALES, household=silent))["C2", "劳动力"] == "missing", "nobody said who works"


def test_a_family_that_was_sent_in_twice_is_one_family() -> None:
    home = (("C2", "李四", "户主", "yes", "2026-03-01"), ("C2", "李某", "妻", "yes", "2026-03-01"))
    items = (
        ask(SALES, household=family(*reversed(home), *home))
        .frames["profile_items"]
        .set_index("profile_item")["content"]
    )
    assert (items["家庭成员"], items["劳动力"]) == ("户主、妻", "2")


def test_items_add_up_by_kind_and_by_manager() -> None:
    told = ask(SALES, ("C4", "财务", "资产总额", "9", "2026-10-31"))
    for key in ("profile_kinds", "profile_managers", "profile_customers"):
        frame = told.frames[key]
        assert int(frame["items"].sum()) == 6, key
        assert int(frame["filled"].sum()) == 2, key
    kinds = told.frames["profile_kinds"].set_index(["profile_kind", "customer_type"])
    assert float(kinds.loc[("财务", "business"), "completeness"]) == 0.5
    assert float(kinds.loc[("财务", "business"), "age"]) == 152, "1 June to 31 October"


def test_a_card_has_business_first_then_what_is_wanted_and_what_is_more() -> None:
    told = ask(SALES, ("C1", "财务", "纳税", "12", "2026-06-01"), customer=("C1",))
    lines = told.frames["profile_card"]
    assert lines["amount"].head(4).tolist() == [100, 200, 300, 400], "last year, this year, this month, today"
    said = {row.label: row.said for row in lines.itertuples() if row.part == "财务"}
    assert said == {"年销售收入": "320", "资产总额": "（缺）", "纳税": "12"}
    with pytest.raises(Problem, match="没有这个客户"):
        ask(SALES, customer=("C9",))


def test_the_order_of_rows_changes_nothing() -> None:
    told = [SALES, ("C4", "财务", "资产总额", "9", "2026-10-31"), ("C1", "财务", "年销售收入", "1", "2024-01-01")]
    one, other = ask(*told), ask(*told[::-1])
    for key, frame in one.frames.items():
        columns = [name for name in frame.columns if name != "source_row"]
        pd.testing.assert_frame_equal(frame[columns], other.frames[key][columns])
