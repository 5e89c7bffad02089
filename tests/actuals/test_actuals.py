"""Who achieved what? Figures of one or two customers, small enough to be reckoned by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import run_here
from months import (
    ACCOUNTS,
    CUSTOMERS,
    LOANS,
    LONG_AGO,
    MANAGERS,
    TRANSACTIONS,
    customer,
    manager,
    post,
    reckon,
    workspace,
)

from kehujingli.actuals.ways import wants, ways
from kehujingli.month import Month
from kehujingli.periods import date_of
from kehujingli.rules import EXAMPLE, load_rules

CLAIMS = ["客户号", "账号", "条线", "工号", "业绩分配比例", "生效日期", "失效日期", "审批人"]
BASES = ["客户号", "工号", "指标", "基数", "年度", "审批人"]
GROWTH = "average_deposit_growth"


def _deposits(balances: Mapping[str, tuple[float, float | None]], holders: Mapping[str, str]) -> dict[str, list[Any]]:
    """Accounts that stand still: customer → balance (so the year's average) and last year's average."""
    return {
        "客户信息.xlsx": [CUSTOMERS, *(customer(who, holder=holders.get(who)) for who in balances)],
        "存款账户_20261031.xlsx": [
            ACCOUNTS,
            *([f"A{who}", who, "活期", now, old, LONG_AGO, None, None] for who, (now, old) in balances.items()),
        ],
        "名册.xlsx": [MANAGERS, manager("M1"), manager("M2")],
        "流水.xlsx": [TRANSACTIONS, *(post(dt.date(2026, 10, day), "C9", 1) for day in (1, 31))],
    }


def _held(month: Month, actual: str = GROWTH) -> dict[str, Decimal]:
    """Holder → figure in 元."""
    parts = month.actuals.contributions
    sums = parts[(parts["actual"] == actual) & (parts["span"] == "year")].groupby("holder")["numerator"].sum()
    return {str(holder): Decimal(int(cents)) / 100 for holder, cents in sums.items()}


def _loan(number: str, who: str, balance: float, held: str = "M1", **more: Any) -> list[Any]:
    return [number, who, LONG_AGO, dt.date(2027, 1, 1), balance, "正常", 0, held, held, *more.values()]


@pytest.mark.parametrize("line", ["全部", "存款"])
def test_a_claim_on_a_customer_counts_once(tmp_path: Path, line: str) -> None:
    """M1 holds C1, grown by 1,000 元; M2 claims 60 %: 400 and 600, whatever the line of the claim."""
    files = _deposits({"C1": (3_000, 2_000)}, {"C1": "M1"})
    files["业绩归属.xlsx"] = [CLAIMS, ["C1", None, line, "M2", 0.6, dt.date(2025, 1, 1), None, "乙"]]
    assert _held(reckon(workspace(tmp_path, files), "2026-10")) == {"M1": 400, "M2": 600}


def test_a_claim_on_an_account_leaves_the_rest_to_the_claims_on_its_customer(tmp_path: Path) -> None:
    """Half of the account is M2's; of the other half M2 has 60 % by a claim on the customer, and M1 the rest: 80 and 20 %."""
    files = _deposits({"C1": (3_000, 2_000)}, {"C1": "M1"})
    files["业绩归属.xlsx"] = [
        CLAIMS,
        ["C1", None, "全部", "M2", 0.6, dt.date(2025, 1, 1), None, "乙"],
        [None, "AC1", "存款", "M2", 0.5, dt.date(2025, 1, 1), None, "乙"],
    ]
    assert _held(reckon(workspace(tmp_path, files), "2026-10")) == {"M1": 200, "M2": 800}


FEES = ["日期", "客户号", "产品", "手续费", "工号"]


@pytest.mark.parametrize(
    ("named", "claim", "held"),
    [
        (None, None, {"M1": 1_000}),
        ("M2", None, {"M2": 1_000}),
        ("M9", None, {"公共": 1_000}),
        (None, "中间业务", {"M1": 400, "M2": 600}),
        (None, "全部", {"M1": 400, "M2": 600}),
        ("M1", "中间业务", {"M1": 400, "M2": 600}),
        (None, "存款", {"M1": 1_000}),
    ],
)
def test_a_fee_is_claimed_named_or_the_holders(
    tmp_path: Path, named: str | None, claim: str | None, held: dict[str, int]
) -> None:
    """M1 holds C1, of whom 1,000 元 came; M2 claims 60 %. M9 is nobody of ours."""
    files = _deposits({"C1": (3_000, 2_000)}, {"C1": "M1"})
    files["中间业务收入.xlsx"] = [FEES, [dt.date(2026, 10, 9), "C1", "保险", 1_000, named]]
    if claim:
        files["业绩归属.xlsx"] = [CLAIMS, ["C1", None, claim, "M2", 0.6, dt.date(2025, 1, 1), None, "乙"]]
    item = ('actual = "loan_customers_growth"', 'actual = "fee_income"')
    assert _held(reckon(workspace(tmp_path, files, dict([item])), "2026-10"), "fee_income") == held


def test_a_fee_of_a_quarter_is_earned_at_its_end_and_one_of_no_period_is_told(tmp_path: Path) -> None:
    files = _deposits({"C1": (3_000, 2_000)}, {"C1": "M1"})
    rows = [
        ["C1", "保险", 300, "2026Q3"],
        ["C1", "保险", 500, "2026年四季度"],
        ["C1", "保险", 7, "上月"],
        ["C1", "基金", 9, "上月"],
    ]
    files["中间业务收入.xlsx"] = [["客户号", "产品", "手续费", "期间"], *rows]
    month = reckon(workspace(tmp_path, files, {'actual = "loan_customers_growth"': 'actual = "fee_income"'}), "2026-10")
    assert _held(month, "fee_income") == {"M1": 300}
    told = [found.message for found in month.actuals.findings if found.code == "score.period-unknown"]
    assert told == ["中间业务收入第 4 行（C1）的期间“上月”不是年、季、月，不予采用。"]


def test_a_managers_own_baseline_stands_for_those_of_her_customers(tmp_path: Path) -> None:
    """M1 holds 3,000 and 5,000 元 on average against an agreed 0.60 万元: 2,000, whatever C1 and C2 had the year before.

    M2, who has no such row, grows by 4,000 − 1,500.
    """
    files = _deposits(
        {"C1": (3_000, 2_000), "C2": (5_000, 1_000), "C3": (4_000, 1_500)}, {"C1": "M1", "C2": "M1", "C3": "M2"}
    )
    files["基数.xlsx"] = [BASES, [None, "M1", "存款年日均净增", 0.6, "2026", "乙"]]
    assert _held(reckon(workspace(tmp_path, files), "2026-10")) == {"M1": 2_000, "M2": 2_500}


def test_a_managers_own_baseline_gives_others_none(tmp_path: Path) -> None:
    """Nobody knows what C3 had the year before: M2 has no growth by it, though M1 has an agreed 基数."""
    files = _deposits({"C1": (3_000, None), "C3": (4_000, None)}, {"C1": "M1", "C3": "M2"})
    files["基数.xlsx"] = [BASES, [None, "M1", "存款年日均净增", 0.1, "2026", "乙"]]
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert _held(month) == {"M1": 2_000}
    told = next(told for told in month.actuals.findings if told.code == "score.no-baseline")
    assert told.count == 1


def test_a_customer_shared_with_a_manager_with_a_baseline_of_her_own(tmp_path: Path) -> None:
    """C1 grew from 2,000 to 3,000. M1 has 40 % of the average, against her own 0.10 万元; M2 has 60 % of the growth."""
    files = _deposits({"C1": (3_000, 2_000)}, {"C1": "M1"})
    files["业绩归属.xlsx"] = [CLAIMS, ["C1", None, "存款", "M2", 0.6, dt.date(2025, 1, 1), None, "乙"]]
    files["基数.xlsx"] = [BASES, [None, "M1", "存款年日均净增", 0.1, "2026", "乙"]]
    assert _held(reckon(workspace(tmp_path, files), "2026-10")) == {"M1": 200, "M2": 600}


def test_a_baseline_that_names_customer_and_manager_is_the_customers(tmp_path: Path) -> None:
    files = _deposits({"C1": (3_000, 2_000), "C2": (5_000, 1_000)}, {"C1": "M1", "C2": "M1"})
    files["基数.xlsx"] = [BASES, ["C1", "M1", "存款年日均净增", 0.25, "2026", "乙"]]
    assert _held(reckon(workspace(tmp_path, files), "2026-10")) == {"M1": 500 + 4_000}


@pytest.mark.parametrize(("header", "figure"), [("基数", "0.6"), ("基数(万元)", "0.6"), ("基数(元)", "6000")])
def test_a_baseline_is_read_in_the_unit_of_its_header(tmp_path: Path, header: str, figure: str) -> None:
    files = _deposits({"C1": (8_000, 2_000)}, {"C1": "M1"})
    files["基数.xlsx"] = [
        ["客户号", "工号", "指标", header, "年度", "审批人"],
        [None, "M1", "存款年日均净增", float(figure), "2026", "乙"],
    ]
    assert _held(reckon(workspace(tmp_path, files), "2026-10")) == {"M1": 2_000}


ACCOUNT_BASES = ["账号", "客户号", "指标", "基数(元)", "年度"]


def _two_accounts(old: float | None = 1_000) -> dict[str, list[Any]]:
    """C1 has 3,000 元 in AC1 (2,000 the year before) and 4,000 in AC1b; M1 holds her."""
    files = _deposits({"C1": (3_000, 2_000)}, {"C1": "M1"})
    files["存款账户_20261031.xlsx"].append(["AC1b", "C1", "活期", 4_000, old, LONG_AGO, None, None])
    return files


def test_baselines_of_accounts_add_up_to_their_customers(tmp_path: Path) -> None:
    files = _two_accounts()
    files["基数.xlsx"] = [
        ACCOUNT_BASES,
        ["AC1", None, "存款年日均净增", 2_500, "2026"],
        ["AC1b", "C9", "存款年日均净增", 700, "2026"],
    ]
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert _held(month) == {"M1": 7_000 - 3_200}, "AC1b is C1's, whatever the row says"


def test_an_account_without_a_baseline_keeps_what_the_export_tells(tmp_path: Path) -> None:
    files = _two_accounts()
    files["基数.xlsx"] = [ACCOUNT_BASES, ["AC1", None, "存款年日均净增", 2_500, "2026"]]
    assert _held(reckon(workspace(tmp_path, files), "2026-10")) == {"M1": 7_000 - 2_500 - 1_000}


def test_an_account_of_which_nobody_knows_the_year_before_leaves_its_customer_without(tmp_path: Path) -> None:
    files = _two_accounts(None)
    files["基数.xlsx"] = [ACCOUNT_BASES, ["AC1", None, "存款年日均净增", 2_500, "2026"]]
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert GROWTH in month.actuals.missing
    files["基数.xlsx"].append(["AC1b", None, "存款年日均净增", 500, "2026"])
    assert _held(reckon(workspace(tmp_path, files), "2026-10")) == {"M1": 4_000}


def test_the_customers_own_baseline_wins_over_those_of_her_accounts_and_that_is_told(tmp_path: Path) -> None:
    files = _two_accounts()
    files["基数.xlsx"] = [
        ACCOUNT_BASES,
        ["AC1", None, "存款年日均净增", 2_500, "2026"],
        [None, "C1", "存款年日均净增", 6_000, "2026"],
    ]
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert _held(month) == {"M1": 1_000}
    (told,) = [told for told in month.actuals.findings if told.code == "score.baseline-twice"]
    assert (told.count, "C1" in told.message) == (1, True)


def test_an_accounts_baseline_goes_with_who_holds_the_account(tmp_path: Path) -> None:
    """AC1b is M2's: 4,000 against its own 500; AC1 is M1's: 3,000 against the 2,000 of the export."""
    files = _two_accounts()
    files["存款账户_20261031.xlsx"][2][-1] = "M2"
    files["基数.xlsx"] = [ACCOUNT_BASES, ["AC1b", None, "存款年日均净增", 500, "2026"]]
    assert _held(reckon(workspace(tmp_path, files), "2026-10")) == {"M1": 1_000, "M2": 3_500}


def test_baselines_of_unknown_accounts_and_customers_are_told(tmp_path: Path) -> None:
    files = _two_accounts()
    files["基数.xlsx"] = [
        ACCOUNT_BASES,
        ["A?", None, "存款年日均净增", 1, "2026"],
        [None, "C?", "存款年日均净增", 1, "2026"],
        ["A!", None, "存款年日均净增", 1, "2025"],
    ]
    month = reckon(workspace(tmp_path, files), "2026-10")
    told = [told for told in month.tables.findings if told.code == "table.dangling" and told.file == "基数.xlsx"]
    assert [(item.count, item.message.partition("的")[2][:8]) for item in told] == [
        (1, "账号在存款账户里"),
        (1, "客户号在客户信息"),
    ]
    assert _held(month) == {"M1": 4_000}


def test_a_customer_with_two_different_baselines_has_neither(tmp_path: Path) -> None:
    """What the export tells stands; two rows that say the same are one."""
    files = _deposits({"C1": (3_000, 2_000), "C2": (3_000, 2_000)}, {"C1": "M1", "C2": "M2"})
    rows = [
        [None, who, "存款年日均净增", cents, "2026"] for who, cents in (("C1", 1), ("C1", 2), ("C2", 500), ("C2", 500))
    ]
    files["基数.xlsx"] = [ACCOUNT_BASES, *rows]
    month = reckon(workspace(tmp_path, files), "2026-10")
    assert _held(month) == {"M1": 1_000, "M2": 2_500}
    (told,) = [told for told in month.actuals.findings if told.code == "score.lines-differ"]
    assert told.message.startswith("基数第 2、3 行（客户号 C1）“存款年日均净增”各不相同（1、2）")


def _lent(tmp_path: Path, *more: list[Any], item: tuple[str, str] | None = None) -> Month:
    """Loans of 9,000 and 7,000 元 on average: C1 with M1, C3 with M2."""
    files = _deposits({"C1": (0, 0), "C3": (0, 0)}, {"C1": "M1", "C3": "M2"})
    loans = [[*_loan("L1", "C1", 9_000), 9_000], [*_loan("L3", "C3", 7_000, "M2"), 7_000]]
    files["贷款台账_20261031.xlsx"] = [[*LOANS, "年日均"], *loans]
    files["基数.xlsx"] = [BASES, *more]
    return reckon(workspace(tmp_path, files, dict([item]) if item else None), "2026-10")


def test_the_growth_of_loans_has_either_the_managers_baseline_or_the_customers(tmp_path: Path) -> None:
    month = _lent(
        tmp_path,
        ["C1", None, "average_loan_growth", 4_000, "2026", "乙"],
        [None, "M1", "average_loan_growth", 8_000, "2026", "乙"],
        item=('actual = "loan_customers_growth"', 'actual = "average_loan_growth"'),
    )
    assert _held(month, "average_loan_growth") == {"M1": 1_000}, "M2's customer has no 基数 of any kind"


def test_the_growth_of_loans_takes_the_baselines_of_accounts_for_their_customers(tmp_path: Path) -> None:
    """The 4,000 of AC1 are C1's; C3 has a 基数 of her own."""
    rows = [["AC1", None, "贷款日均净增", 0.4, "2026"], [None, "C3", "贷款日均净增", 0.6, "2026"]]
    files = _deposits({"C1": (0, 0), "C3": (0, 0)}, {"C1": "M1", "C3": "M2"})
    loans = [[*_loan("L1", "C1", 9_000), 9_000], [*_loan("L3", "C3", 7_000, "M2"), 7_000]]
    files["贷款台账_20261031.xlsx"] = [[*LOANS, "年日均"], *loans]
    files["基数.xlsx"] = [["账号", "客户号", "指标", "基数(万元)", "年度"], *rows]
    month = reckon(
        workspace(tmp_path, files, {'actual = "loan_customers_growth"': 'actual = "average_loan_growth"'}), "2026-10"
    )
    assert _held(month, "average_loan_growth") == {"M1": 5_000, "M2": 1_000}


def test_the_growth_of_loans_goes_by_days_held_as_that_of_deposits(tmp_path: Path) -> None:
    """304 days to 31 October. M1 leaves on 31 May after 151 of them and M2 takes over for 153; C2's loan runs from 1 April on, 214 days.

    C1: 9,120 on average − 基数 3,040: M1 4,530 − 1,510 = 3,020, M2 4,590 − 1,530 = 3,060. C2: 2,140 − 0: M1 61 days 610, M2 1,530.
    C3's holder leaves too, and nobody follows: 304 × 151 ÷ 304 is hers, the rest 公共's.
    """
    files = _deposits({"C1": (0, 0), "C2": (0, 0), "C3": (0, 0)}, {"C1": "M1", "C2": "M1", "C3": "M1"})
    files["名册.xlsx"] = [MANAGERS, manager("M1", until=dt.date(2026, 5, 31)), manager("M2")]
    new = [*_loan("L2", "C2", 2_140), 2_140]
    new[2] = dt.date(2026, 4, 1)
    loans = [[*_loan("L1", "C1", 9_120), 9_120], new, [*_loan("L3", "C3", 304), 304]]
    files["贷款台账_20261031.xlsx"] = [[*LOANS, "年日均"], *loans]
    bases = [[who, None, "贷款日均净增", base, "2026", "乙"] for who, base in (("C1", 3_040), ("C2", 0), ("C3", 0))]
    files["基数.xlsx"] = [BASES, *bases]
    taken = [[who, None, "贷款", "M2", 1, dt.date(2026, 6, 1), None, "乙"] for who in ("C1", "C2")]
    files["业绩归属.xlsx"] = [CLAIMS, *taken]
    item = {'actual = "loan_customers_growth"': 'actual = "average_loan_growth"'}
    month = reckon(workspace(tmp_path, files, item), "2026-10")
    assert _held(month, "average_loan_growth") == {"M1": 3_020 + 610 + 151, "M2": 3_060 + 1_530, "公共": 153}
    parts = month.actuals.contributions
    held = parts[(parts["actual"] == "average_loan_growth") & (parts["customer_id"] == "C1")].set_index("holder")
    assert held["baseline"].to_dict() == {"M1": 151_000, "M2": 153_000}
    days = {who: (date_of(first), date_of(last)) for who, first, last in held[["first", "last"]].itertuples()}
    assert days == {
        "M1": (dt.date(2026, 1, 1), dt.date(2026, 5, 31)),
        "M2": (dt.date(2026, 6, 1), dt.date(2026, 10, 31)),
    }


PAID = {'actual = "loan_customers_growth"': 'actual = "interest_cost"'}


def _interest(first: dt.date) -> dict[str, list[Any]]:
    """C1 has 100,000 元 with M1 and 300,000 with M2, and is paid 200 of interest in March; nothing else moves, from ``first`` on."""
    files = _deposits({"C1": (100_000, 100_000)}, {"C1": "M1"})
    files["存款账户_20261031.xlsx"].append(["AC2", "C1", "定期", 300_000, 300_000, LONG_AGO, None, "M2"])
    days = [(first, 1), (first, -1), (dt.date(2026, 10, 31), 1), (dt.date(2026, 10, 31), -1)]
    moved = [*((day, amount, "转账") for day, amount in days)]
    moved += [(dt.date(2026, 3, 21), 200, "结息"), (dt.date(2026, 3, 21), -200, "转账")]
    files["流水.xlsx"] = [TRANSACTIONS, *(post(day, "C1", amount, kind=kind) for day, amount, kind in moved)]
    return files


def test_interest_paid_over_the_average_is_an_actual_of_who_holds_the_accounts(tmp_path: Path) -> None:
    """200 ÷ 400,000 = 0.05 %, three quarters of both with the larger account: M1 50 ÷ 100,000, M2 150 ÷ 300,000."""
    month = reckon(workspace(tmp_path, _interest(dt.date(2025, 10, 1)), PAID), "2026-10")
    table = month.actuals.table()
    assert table["interest_cost", "year", "M1"][:2] == (5_000, 10_000_000)
    assert table["interest_cost", "year", "M2"][:2] == (15_000, 30_000_000)
    scored = {item.item.id: item for item in month.scores.managers[0].items}["loan_customers"]
    assert scored.quantity is not None
    assert scored.quantity.value == Decimal("0.0005")


def test_interest_of_less_than_twelve_months_is_missing(tmp_path: Path) -> None:
    month = reckon(workspace(tmp_path, _interest(dt.date(2026, 1, 1)), PAID), "2026-10")
    assert month.actuals.missing["interest_cost"] == "近 12 个月流水不全，或一笔结息也没有"


VISITS = ["日期", "客户号", "工号", "方式"]


def test_plans_of_visits_that_contradict_each_other_are_told_and_none_is_used(tmp_path: Path) -> None:
    """M1 is to visit 4, and 5; M2 twice 2, which is 2."""
    files = _deposits({"C1": (0, 0), "C2": (0, 0)}, {"C1": "M1", "C2": "M2"})
    day = dt.date(2026, 10, 9)
    files["走访.xlsx"] = [VISITS, [day, "C1", "M1", "上门"], [day, "C2", "M2", "上门"]]
    plans = [
        ("M1", 4, "2026-10"),
        ("M1", 5, "2026年10月"),
        ("M2", 2, "2026-10"),
        ("M2", 2, "202610"),
        ("M1", 9, "2026-09"),
    ]
    files["任务数.xlsx"] = [
        ["工号", "指标", "任务数", "期间"],
        *([who, "走访计划户数", count, when] for who, count, when in plans),
    ]
    month = reckon(workspace(tmp_path, files), "2026-10")
    parts = month.actuals.contributions
    parts = parts[parts["actual"] == "visits_done_ratio"]
    assert parts.groupby("holder")[["numerator", "denominator"]].sum().to_dict("index") == {
        "M1": {"numerator": 1, "denominator": 0},
        "M2": {"numerator": 1, "denominator": 2},
    }
    (told,) = [told for told in month.actuals.findings if told.code == "score.lines-differ"]
    assert told.message == "任务数第 2、3 行（M1 经理M1）“走访计划户数”各不相同（4、5），都不予采用。"


@pytest.mark.parametrize(
    ("ways", "done", "told"),
    [
        (
            {},
            2,
            ["走访记录本月有 到店 1 条、没写方式 1 条不是办法里算走访的方式（上门、电话），没有计入走访计划完成率。"],
        ),
        (
            {'"上门", "电话"': '"上门", "到店"'},
            2,
            [
                "走访记录本月有 没写方式 1 条、电话回访 1 条不是办法里算走访的方式（上门、到店），没有计入走访计划完成率。"
            ],
        ),
    ],
    ids=["a customer who came to the counter was not visited", "as the rules say"],
)
def test_only_ways_of_the_rules_are_visits(tmp_path: Path, ways: dict[str, str], done: int, told: list[str]) -> None:
    """C1 was visited at home twice, C2 telephoned, C3 came to the counter, of C4 nobody wrote how."""
    people = dict.fromkeys(("C1", "C2", "C3", "C4"), "M1")
    files = _deposits(dict.fromkeys(people, (0, 0)), people)
    day = dt.date(2026, 10, 9)
    rows = [("C1", "上门"), ("C1", "上门走访"), ("C2", "电话回访"), ("C3", "到店"), ("C4", None)]
    files["走访.xlsx"] = [VISITS, *([day, customer, "M1", way] for customer, way in rows)]
    files["任务数.xlsx"] = [["工号", "指标", "任务数", "期间"], ["M1", "走访计划户数", 4, "2026-10"]]
    month = reckon(workspace(tmp_path, files, ways), "2026-10")
    parts = month.actuals.contributions
    parts = parts[parts["actual"] == "visits_done_ratio"]
    assert (parts["numerator"].sum(), parts["denominator"].sum()) == (done, 4)
    assert [one.message for one in month.actuals.findings if one.code == "score.visits-apart"] == told


def test_visits_of_which_nobody_wrote_how_all_count_and_that_is_told(tmp_path: Path) -> None:
    files = _deposits({"C1": (0, 0)}, {"C1": "M1"})
    files["走访.xlsx"] = [["日期", "客户号", "工号"], [dt.date(2026, 10, 9), "C1", "M1"]]
    files["任务数.xlsx"] = [["工号", "指标", "任务数", "期间"], ["M1", "走访计划户数", 2, "2026-10"]]
    month = reckon(workspace(tmp_path, files), "2026-10")
    parts = month.actuals.contributions
    assert parts[parts["actual"] == "visits_done_ratio"]["numerator"].sum() == 1
    assert "score.visits-way-unknown" in {one.code for one in month.actuals.findings}


def test_plans_of_visits_for_a_year_or_quarter_are_told(tmp_path: Path) -> None:
    files = _deposits({"C1": (0, 0), "C2": (0, 0)}, {"C1": "M1", "C2": "M2"})
    files["走访.xlsx"] = [VISITS, [dt.date(2026, 10, 9), "C1", "M1", "上门"]]
    plans = [("M1", 2, "2026-10"), ("M1", 24, "2026"), ("M2", 6, "2026Q4"), ("M2", 6, "2026Q3")]
    files["任务数.xlsx"] = [
        ["工号", "指标", "任务数", "期间"],
        *([who, "走访计划户数", n, when] for who, n, when in plans),
    ]
    month = reckon(workspace(tmp_path, files), "2026-10")
    parts = month.actuals.contributions
    assert parts[parts["actual"] == "visits_done_ratio"]["denominator"].sum() == 2
    (told,) = [told for told in month.actuals.findings if told.code == "score.visits-span"]
    assert told.message == "任务数第 3、4 行“走访计划户数”写的是年或季，走访按月比，没有采用。"


def test_borrowers_are_growth_only_where_there_is_something_to_count_from(tmp_path: Path) -> None:
    """M1 has one borrower against an agreed three; for M2 there is neither an agreed number nor the book of 31 December."""
    month = _lent(tmp_path, [None, "M1", "贷款户数净增", 3, "2026", "乙"])
    parts = month.actuals.contributions
    parts = parts[parts["actual"] == "loan_customers_growth"]
    assert parts.groupby("holder")["numerator"].sum().to_dict() == {"M1": -2}
    assert "score.no-baseline" in {told.code for told in month.actuals.findings}


def test_what_a_settled_loan_owed_is_collected_by_who_held_it(tmp_path: Path) -> None:
    """L1 pays 100 of interest and owes nothing. L2 owed 30 on the books and 10 off them at the end of September, and is settled in October.

    M1: (100 + 0) ÷ (100 + 0); M2: (0 + 30) ÷ (0 − 10), so the county (100 + 30) ÷ (100 − 10).
    """
    header = [*LOANS, "本期实收利息", "表内欠息", "表外欠息"]
    files = _deposits({"C1": (0, 0), "C3": (0, 0)}, {"C1": "M1", "C3": "M2"})
    files["贷款台账_20260930.xlsx"] = [
        header,
        [*_loan("L1", "C1", 9_000), 90, 0, 0],
        [*_loan("L2", "C3", 500, "M2"), 0, 30, 10],
    ]
    files["贷款台账_20261031.xlsx"] = [header, [*_loan("L1", "C1", 9_000), 100, 0, 0]]
    month = reckon(workspace(tmp_path, files), "2026-10")
    parts = month.actuals.contributions
    parts = parts[parts["actual"] == "interest_collection_ratio"].groupby("holder")[["numerator", "denominator"]].sum()
    assert {who: tuple(row) for who, row in parts.iterrows()} == {"M1": (100_00, 100_00), "M2": (30_00, -10_00)}


_SCHEME = """
[[incentive.scheme]]
population = {{ branch = ["{branch}"] }}
[[incentive.scheme.item]]
id = "growth"
label = "存款净增"
category = "growth"
points = 100
shape = "linear"
slope = 1
base = 0
actual = "average_deposit_growth"
unit = {unit}
"""


def test_each_schemes_baselines_are_in_its_own_unit(tmp_path: Path) -> None:
    """Both managers come to 8,000 元 on average. The town's 基数 are written in 万元 (0.6), the villages' in 元 (7,000)."""
    files = _deposits({"C1": (8_000, 1), "C2": (8_000, 1)}, {"C1": "M1", "C2": "M2"})
    files["名册.xlsx"] = [MANAGERS, manager("M1"), manager("M2", branch="801002")]
    files["基数.xlsx"] = [
        BASES,
        [None, "M1", "存款净增", 0.6, "2026", "乙"],
        [None, "M2", "存款净增", 7_000, "2026", "乙"],
    ]
    place = workspace(tmp_path, files)
    text = EXAMPLE.read_text(encoding="utf-8").partition("[incentive]")[0] + "[incentive]\n"
    for branch, unit in (("801001", 10_000), ("801002", 1)):
        text += _SCHEME.format(branch=branch, unit=unit)
    (place.root / "rules" / "2000-01-01.toml").write_text(text, encoding="utf-8")
    assert _held(reckon(place, "2026-10")) == {"M1": 2_000, "M2": 1_000}


@pytest.mark.parametrize(
    "change",
    [
        ("unit = 10_000", "unit = 1_000"),
        ('label = "存款年日均净增"', 'label = "日均增量"'),
        ('baseline = "last_year_average"', 'baseline = "year_opening"'),
        ('responsibility = "responsible"', 'responsibility = "holder"'),
        ("points = 18\n", 'points = 18\nminimum = [{ points = 1, when = [{ of = "new_overdue", at_most = 0 }] }]\n'),
        ("score_cap = 105", 'score_cap = 105\nadvanced = "new_overdue"'),
        (
            "[incentive.pay]",
            '[[incentive.grade]]\nname = "甲"\nat_least = 90\nwhen = [{ of = "new_overdue", at_most = 0 }]\n[incentive.pay]',
        ),
    ],
)
def test_what_decides_the_actuals_is_seen_in_the_rules(tmp_path: Path, change: tuple[str, str]) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "rules.toml"
    path.write_text(text.replace(*change, 1), encoding="utf-8")
    old, new = load_rules(EXAMPLE).incentive, load_rules(path).incentive
    assert (ways(old), wants(old)) != (ways(new), wants(new))


def test_points_do_not_decide_the_actuals(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    text = EXAMPLE.read_text(encoding="utf-8").replace("max = 21", "max = 20")
    path.write_text(text, encoding="utf-8")
    old, new = load_rules(EXAMPLE).incentive, load_rules(path).incentive
    assert old != new
    assert (ways(old), wants(old)) == (ways(new), wants(new))


def test_the_base_of_the_year_before_is_over_its_own_days(tmp_path: Path) -> None:
    """2024 had a 29 February: 305 days to October against 304. Two accounts that stand still have grown for neither manager."""
    files = _deposits({"C1": (0, None)}, {})
    files["存款账户_20251031.xlsx"] = [
        ACCOUNTS,
        ["A1", "C1", "活期", 3_050_000, None, LONG_AGO, None, "M1"],
        ["AC1", "C1", "活期", 10, None, LONG_AGO, None, "M2"],
    ]
    del files["存款账户_20261031.xlsx"]
    files["流水.xlsx"] = [TRANSACTIONS, post(dt.date(2023, 12, 31), "C1", 1)]
    place = workspace(tmp_path, files, {'baseline = "last_year_average"': 'baseline = "same_period_last_year"'})
    assert _held(reckon(place, "2025-10")) == {"M1": 0, "M2": 0}


def _households(root: Path) -> Month:
    """M1 left on 30 June with three borrowers of before; M2 has had them since. L4 was lent by M1 in February and L5 by M2 in October; C3 repaid
    in the spring, C6 in August.
    """
    people = ["C1", "C2", "C3", "C4", "C5", "C6"]
    files = _deposits(dict.fromkeys(people, (0, 0)), dict.fromkeys(people, "M1"))
    files["名册.xlsx"] = [MANAGERS, manager("M1", until=dt.date(2026, 6, 30)), manager("M2")]

    def loan(number: int, issued: dt.date = LONG_AGO) -> list[Any]:
        return [f"L{number}", f"C{number}", issued, dt.date(2027, 1, 1), 100, "正常", 0, None, None]

    stays, won = [loan(1), loan(2)], [loan(4, dt.date(2026, 2, 1)), loan(5, dt.date(2026, 10, 8))]
    files["贷款台账_20251231.xlsx"] = [LOANS, *stays, loan(3), loan(6)]
    files["贷款台账_20260331.xlsx"] = [LOANS, *stays, loan(3), loan(6), won[0]]
    files["贷款台账_20260731.xlsx"] = [LOANS, *stays, loan(6), won[0]]
    files["贷款台账_20261031.xlsx"] = [LOANS, *stays, *won]
    since, ends = dt.date(2026, 7, 1), dt.date(2026, 6, 30)
    files["业绩归属.xlsx"] = [
        CLAIMS,
        *([who, None, "全部", "M1", 1, dt.date(2025, 1, 1), ends, "乙"] for who in people),
        *([who, None, "全部", "M2", 1, since, None, "乙"] for who in people),
    ]
    return reckon(workspace(root, files), "2026-10")


def test_households_go_by_days_held_as_deposits_do(tmp_path: Path) -> None:
    """Who stays counts for nobody, whoever left: M1 is not at 0 − 4. Each household goes whole to who held it longest while it differed:

    C4 (1 February to 31 October) to M1, 150 days against 123; C5 to M2; C3 (gone since 1 April) to M2, 123 days against 91; C6 to M2. So M1 +1,
    M2 +1 − 2, together 4 borrowers less 4.
    """
    parts = _households(tmp_path).actuals.contributions
    parts = parts[parts["actual"] == "loan_customers_growth"]
    assert parts.groupby("holder")["numerator"].sum().to_dict() == {"M1": 1, "M2": -1}
    mine = {row.customer_id: (row.holder, row.numerator) for row in parts.itertuples() if row.numerator}
    assert mine == {"C3": ("M2", -1), "C4": ("M1", 1), "C5": ("M2", 1), "C6": ("M2", -1)}


def test_households_held_equally_long_go_to_the_first_number(tmp_path: Path) -> None:
    files = _deposits({"C1": (0, 0)}, {"C1": "M1"})
    files["贷款台账_20251231.xlsx"] = [LOANS, _loan("L0", "C9", 1, "M1")]
    files["贷款台账_20261031.xlsx"] = [
        LOANS,
        ["L1", "C1", dt.date(2026, 5, 1), dt.date(2027, 1, 1), 1, "正常", 0, None, None],
    ]
    files["业绩归属.xlsx"] = [
        CLAIMS,
        *(["C1", None, "全部", who, 0.5, dt.date(2025, 1, 1), None, "乙"] for who in ("M2", "M1")),
    ]
    parts = reckon(workspace(tmp_path, files), "2026-10").actuals.contributions
    won = parts[(parts["actual"] == "loan_customers_growth") & (parts["numerator"] == 1)]
    assert list(won["holder"]) == ["M1"]


def test_the_trace_says_why_a_household_is_whose(tmp_path: Path) -> None:
    _households(tmp_path)
    run_here("run", "--quiet", cwd=tmp_path)
    said = run_here("explain", "manager", "M2", "贷款户数净增", cwd=tmp_path).out
    assert "C3 年初：-1，基数 1，2026-04-01 至 2026-10-31 有几个人管过，整户归持有最久的" in said
