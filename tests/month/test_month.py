"""Does a month come out as the field understands it? Snapshots, periods, activity, handover, plans and pay on hand-made exports."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from months import (
    ACCOUNTS,
    CUSTOMERS,
    LOANS,
    LONG_AGO,
    MANAGERS,
    TRANSACTIONS,
    codes,
    customer,
    manager,
    monthly,
    post,
    reckon,
    workspace,
)

from kehujingli.errors import Problem
from kehujingli.rules import EXAMPLE, load_rules

SEPTEMBER, OCTOBER = dt.date(2026, 9, 30), dt.date(2026, 10, 31)
NO_CONTRACT = {"keep_contracts = true": "keep_contracts = false"}


def _loans(count: int, total: int) -> list[list[object]]:
    each, rest = divmod(total, count)
    rows = [
        [f"L{n:04d}", "C1", LONG_AGO, dt.date(2030, 1, 1), each + (rest if n == 0 else 0), "正常", 0, None, None]
        for n in range(count)
    ]
    return [LOANS, *rows]


def _two_month_ends() -> dict[str, list[list[object]]]:
    return {
        "客户信息.xlsx": [CUSTOMERS, customer("C1")],
        "贷款台账_20260930.xlsx": _loans(100, 50_000_000),
        "贷款台账_20261031.xlsx": _loans(102, 50_600_000),
        "交易流水.xlsx": [TRANSACTIONS, *monthly("C1", dt.date(2026, 1, 1), 10), post(OCTOBER, "C1", 5)],
    }


def _lent(month: object) -> int:
    return int(month.segmented.customers["loan_balance"].sum())  # type: ignore[attr-defined]


def test_two_loan_books_never_add_up(tmp_path: Path) -> None:
    place = workspace(tmp_path, _two_month_ends())
    assert _lent(reckon(place, "2026-09")) == 50_000_000_00
    assert _lent(reckon(place, "2026-10")) == 50_600_000_00


def test_a_november_file_leaves_october_as_it_was(tmp_path: Path) -> None:
    place = workspace(tmp_path, _two_month_ends())
    before = reckon(place, "2026-10").segmented.customers
    workspace(
        tmp_path,
        {
            "贷款台账_20261130.xlsx": _loans(103, 1_000_000),
            "流水_11.xlsx": [TRANSACTIONS, post(dt.date(2026, 11, 12), "C1", 9_999)],
        },
    )
    after = reckon(place, "2026-10").segmented.customers
    assert before.to_csv(index=False) == after.to_csv(index=False)


def test_a_month_under_way_is_not_the_default_period(tmp_path: Path) -> None:
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1")],
        "流水.xlsx": [
            TRANSACTIONS,
            *monthly("C1", dt.date(2026, 8, 1), 3),
            post(OCTOBER, "C1", 1),
            post(dt.date(2026, 11, 3), "C1", 5),
        ],
    }
    place = workspace(tmp_path, files)
    assert reckon(place).period.name == "2026-10"
    named = reckon(place, "2026-11")
    assert named.period.partial
    assert "period.partial" in codes(named)
    for outside in ("2026-12", "2026-07"):
        with pytest.raises(Problem) as error:
            reckon(place, outside)
        assert [told.code for told in error.value.findings] == ["period.outside"]
        assert error.value.exit == 4


def _book(day: str) -> dict[str, list[list[object]]]:
    return {f"存款账户_{day}.xlsx": [ACCOUNTS, ["AC1", "C1", "活期", 3_000, 0, LONG_AGO, None, None]]}


def test_a_month_that_only_a_picture_reaches_is_under_way_too(tmp_path: Path) -> None:
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1")],
        "流水.xlsx": [TRANSACTIONS, *monthly("C1", dt.date(2026, 8, 1), 3)],
    }
    month = reckon(workspace(tmp_path, {**files, **_book("20261115")}), "2026-11")
    month.segmented  # noqa: B018 - the tables are read
    assert (month.period.partial, month.period.as_of) == (True, dt.date(2026, 11, 15))
    assert {"period.partial", "period.no-postings"} <= codes(month)
    assert "table.snapshot-older" not in codes(month)


def test_a_month_without_a_posting_among_others_is_told(tmp_path: Path) -> None:
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1")],
        "流水.xlsx": [TRANSACTIONS, *monthly("C1", dt.date(2026, 8, 1), 1), *monthly("C1", dt.date(2026, 10, 1), 2)],
    }
    place = workspace(tmp_path, {**files, **_book("20260930")})
    (told,) = [told for told in reckon(place, "2026-09").findings if told.code == "period.no-postings"]
    assert told.level == "warning"
    assert "从 2026-08-10 到 2026-11-10" in told.message
    assert "period.no-postings" not in codes(reckon(place, "2026-10"))


def test_a_villager_with_pensions_only_is_not_frequent(tmp_path: Path) -> None:
    pensions = monthly("C1", dt.date(2025, 11, 1), 12, kind="养老金")
    visits = [row for step in range(2) for row in monthly("C2", dt.date(2025, 11, 1), 12, amount=100 + step)]
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1"), customer("C2")],
        "流水.xlsx": [TRANSACTIONS, *pensions, *visits, post(OCTOBER, "C2", 1)],
    }
    classes = reckon(workspace(tmp_path, files), "2026-10").segmented.customers.set_index("customer_id")
    assert classes.loc["C1", "frequency"] == "dormant"
    assert classes.loc["C1", "passive_transactions"] == 12
    assert classes.loc["C2", "frequency"] == "frequent"


@pytest.mark.parametrize(("last", "expected"), [(dt.date(2025, 10, 31), "dormant"), (dt.date(2025, 11, 1), "mobile")])
def test_dormancy_counts_whole_calendar_months(tmp_path: Path, last: dt.date, expected: str) -> None:
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1"), customer("C2")],
        "流水.xlsx": [TRANSACTIONS, post(last, "C1", 5), post(dt.date(2026, 4, 30), "C2", 1)],
    }
    place = workspace(tmp_path, files, {"idle_months = 12": "idle_months = 6"})
    classes = reckon(place, "2026-04").segmented.customers.set_index("customer_id")
    assert classes.loc["C1", "frequency"] == expected


def test_an_unmatured_term_deposit_keeps_its_owner_awake(tmp_path: Path) -> None:
    term = ["T1", "C1", "定期", 500_000, 500_000, dt.date(2024, 5, 1), dt.date(2027, 5, 1), None]
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1"), customer("C2")],
        "存款账户_20261031.xlsx": [ACCOUNTS, term],
        "流水.xlsx": [TRANSACTIONS, post(OCTOBER, "C2", 1)],
    }
    classes = reckon(workspace(tmp_path, files), "2026-10").segmented.customers.set_index("customer_id")
    assert classes.loc["C1", "frequency"] == "mobile"
    assert "定期存续" in classes.loc["C1", "marks"]
    assert classes.loc["C2", "frequency"] == "mobile"


def _branch(
    *roster: list[object], people: list[list[object]], loans: list[list[object]] | None = None, rich: float = 100_000
) -> dict[str, list[list[object]]]:
    accounts = [[f"A{row[0]}", row[0], "活期", rich, 0, LONG_AGO, None, None] for row in people]
    files: dict[str, list[list[object]]] = {
        "客户信息.xlsx": [CUSTOMERS, *people],
        "存款账户_20261031.xlsx": [ACCOUNTS, *accounts],
        "名册.xlsx": [MANAGERS, *roster],
        "流水.xlsx": [TRANSACTIONS, *(post(OCTOBER, str(row[0]), 1, rich) for row in people)],
    }
    if loans:
        files["贷款台账_20261031.xlsx"] = [LOANS, *loans]
    return files


def test_a_borrower_without_a_manager_is_seen(tmp_path: Path) -> None:
    people = [customer(f"C{n}") for n in range(3)]
    loans = [[f"L{n}", f"C{n}", LONG_AGO, dt.date(2030, 1, 1), 1_000, "正常", 0, None, None] for n in range(3)]
    month = reckon(workspace(tmp_path, _branch(manager("M1", capacity=4), people=people, loans=loans)), "2026-10")
    plan = month.plan.customers.set_index("customer_id")
    assert (plan["move"] == "unassigned").sum() == 1
    assert "assign.borrower-unmanaged" in codes(month)


def test_a_run_with_nothing_changed_moves_nobody(tmp_path: Path) -> None:
    people = [customer(f"C{n:02d}", holder=f"M{n % 2 + 1}") for n in range(20)]
    month = reckon(workspace(tmp_path, _branch(manager("M1"), manager("M2"), people=people)), "2026-10")
    assert set(month.plan.customers["move"]) == {"kept"}


def test_rebalancing_moves_persons_before_companies(tmp_path: Path) -> None:
    people = [customer(f"C{n:02d}", holder="M1") for n in range(40)] + [
        customer(f"D{n}", kind="对公", holder="M1") for n in range(2)
    ]
    files = _branch(manager("M1"), manager("M2"), people=people, rich=2_000_000)
    place = workspace(
        tmp_path,
        files,
        {
            'moves = "forced" ': 'moves = "rebalance" ',
            "move = { small = 0.3, medium = 1, large = 4,": "move = { small = 0.3, medium = 1, large = 1,",
        },
    )
    plan = reckon(place, "2026-10").plan.customers
    moved = plan[plan["move"] == "moved"]
    assert len(moved) > 10
    assert not moved["customer_id"].str.startswith("D").any()


def test_the_shipped_example_leaves_no_dead_cap() -> None:
    rules = load_rules(EXAMPLE).rules.incentive
    assert rules is not None
    assert rules.pay is not None
    assert rules.pay.score_cap is not None
    highest = sum((item.max if item.max is not None else item.points for item in rules.item), Decimal(0))
    assert highest >= rules.pay.score_cap


_ADJUSTMENTS = ["工号", "考核期间", "指标", "加减分", "事由", "经办人", "审批人"]


def test_an_adjustment_of_september_does_not_touch_october(tmp_path: Path) -> None:
    files = _branch(manager("M1"), people=[customer("C1", holder="M1")])
    files["加减分.xlsx"] = [
        _ADJUSTMENTS,
        ["M1", "2026-09", "合规与档案", -5, "档案缺失", "甲", "乙"],
        ["M1", "2026-10", "合规与档案", -2, "档案缺失", "甲", "乙"],
        ["M1", "2026-10", "合规与档案", -4, "没有审批的一条", "甲", None],
    ]
    month = reckon(workspace(tmp_path, files), "2026-10")
    compliance = next(item for item in month.scores.managers[0].items if item.item.id == "compliance")
    assert compliance.points == Decimal(13)
    assert "score.adjustment-unapproved" in codes(month)


def _all_scored(files: dict[str, list[list[object]]], *managers: str) -> dict[str, list[list[object]]]:
    labels = [
        "责任不良贷款率",
        "到期贷款收回率",
        "利息收回率",
        "存款年日均净增",
        "贷款户数净增",
        "中间业务收入",
        "睡眠户激活",
        "走访计划完成率",
    ]
    figures = [0, 1, 0.98, 90, 9, 9, 25, 1]
    files["人工填报.xlsx"] = [
        ["工号", "考核期间", *labels, "来源", "审批人"],
        *([who, "2026-10", *figures, "信贷系统", "乙"] for who in managers),
    ]
    targets = [("存款年日均净增", 100), ("贷款户数净增", 10), ("中间业务收入", 10)]
    files["任务数.xlsx"] = [
        ["工号", "指标", "任务数", "期间"],
        *([who, item, value, "2026"] for who in managers for item, value in targets),
    ]
    return files


def test_ten_of_thirty_one_days_earn_ten_thirty_firsts(tmp_path: Path) -> None:
    whole, part = manager("M1"), manager("M2", since=dt.date(2026, 10, 22))
    files = _all_scored(_branch(whole, part, people=[customer("C1", holder="M1")]), "M1", "M2")
    scores = {m.manager_id: m for m in reckon(workspace(tmp_path, files), "2026-10").scores.managers}
    assert scores["M1"].score == scores["M2"].score == Decimal("100.00")
    assert scores["M1"].pay == Decimal("4000.00")
    assert scores["M2"].duty_days == 10
    assert scores["M2"].pay == Decimal("1290.32")


def test_nobody_is_on_duty_longer_than_the_month_without_a_word(tmp_path: Path) -> None:
    posts = manager("M1"), manager("M1", branch="801002")
    files = _all_scored(_branch(*posts, people=[customer("C1", holder="M1")]), "M1")
    (told,) = [
        told for told in reckon(workspace(tmp_path, files), "2026-10").scores.findings if told.code == "score.duty-over"
    ]
    assert "62 天" in told.message
    assert "31 天" in told.message


def test_two_posts_in_a_month_are_two_rows(tmp_path: Path) -> None:
    first = manager("M1", until=dt.date(2026, 10, 10))
    second = manager("M1", branch="801002", since=dt.date(2026, 10, 11), grade="高级")
    files = _all_scored(_branch(first, second, people=[customer("C1", holder="M1")]), "M1")
    posts = reckon(workspace(tmp_path, files), "2026-10").scores.managers
    assert [(post.branch_id, post.duty_days) for post in posts] == [("801001", 10), ("801002", 21)]
    assert [post.pay for post in posts] == [Decimal("1290.32"), Decimal("3387.10")]


def test_growth_follows_the_days_held_and_the_base_goes_with_the_customer(tmp_path: Path) -> None:
    """基数 100 万; A the first fifteen of thirty days at 100 万, B the next fifteen at 160 万: A 0.00, B 30.00 万元."""
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1")],
        "存款账户_20260130.xlsx": [ACCOUNTS, ["AC1", "C1", "活期", 1_600_000, 1_000_000, LONG_AGO, None, None]],
        "名册.xlsx": [MANAGERS, manager("A"), manager("B")],
        "流水.xlsx": [
            TRANSACTIONS,
            post(dt.date(2026, 1, 16), "C1", 600_000, 1_600_000),
        ],
        "业绩归属.xlsx": [
            ["客户号", "条线", "工号", "业绩分配比例", "生效日期", "失效日期", "审批人"],
            ["C1", "存款", "A", 1, dt.date(2025, 1, 1), dt.date(2026, 1, 15), "乙"],
            ["C1", "存款", "B", 1, dt.date(2026, 1, 16), None, "乙"],
        ],
    }
    month = reckon(workspace(tmp_path, files), "2026-01", as_of=dt.date(2026, 1, 30))
    parts = month.actuals.contributions
    grown = (
        parts[(parts["actual"] == "average_deposit_growth") & (parts["span"] == "year")]
        .groupby("holder")["numerator"]
        .sum()
    )
    assert grown.get("A", 0) == 0
    assert grown["B"] == pytest.approx(300_000_00, abs=1)
