"""What of earlier months is paid with this one? Years by hand, to the 分; and whole runs whose sheets, cards and lists agree."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from conftest import run_here, write_xlsx
from hypothesis import given, settings
from hypothesis import strategies as st
from months import CUSTOMERS, MANAGERS, TRANSACTIONS, customer, manager, monthly

from kehujingli.actuals import Actuals
from kehujingli.actuals import frame_of as no_actuals
from kehujingli.incentive import Papers, Scores, score
from kehujingli.lists.main import pay_list
from kehujingli.periods import Period
from kehujingli.rules import EXAMPLE, IncentiveRules
from kehujingli.scoring.lines import frame_of
from kehujingli.scoring.owed import columns_of, owed
from kehujingli.scoring.settlement import Payout, Settlement, _level, ledger, settle, unsettled_months
from kehujingli.tables.frames import empty
from kehujingli.workspace import Workspace

D = Decimal
SCHEME = IncentiveRules.model_validate(
    {
        "item": [{"id": "work", "label": "工作量", "category": "benefit", "shape": "unit_price", "price": 1}],
        "pay": {"mode": "unit_price", "advance": D("0.5"), "deferral": {"rate": D("0.4"), "years": 3}},
    }
)


def scored(
    period: str, pays: Mapping[str, Any], orders: list[dict[str, Any]], rules: IncentiveRules = SCHEME
) -> Scores:
    """A month in which people earned so much (``None``: not on the roster any more) and these amounts were approved."""
    here = [who for who, amount in pays.items() if amount is not None]
    roster = pd.DataFrame(
        {"manager_id": here, "name": [f"经理{who}" for who in here], "branch_id": "801", "since": 0}
    ).reindex(columns=empty("managers").columns)
    manual = pd.DataFrame(
        [
            {
                "manager_id": who,
                "period": period,
                "item": "工作量",
                "value": str(pays[who]),
                "source": "系统",
                "approved_by": "乙",
                "part": 0,
                "row": 1,
            }
            for who in here
            if pays[who] != "?"
        ],
        columns=["manager_id", "period", "item", "value", "source", "approved_by", "part", "row"],
    )
    base = {"period": period, "reason": "查实", "approved_by": "乙", "part": 0, "row": 1}
    adjustments = pd.DataFrame([base | order for order in orders], columns=empty("adjustments").columns)
    papers = Papers(empty("targets"), adjustments, manual)
    return score(roster, Actuals(no_actuals([])), papers, rules, Period.of(period))


@dataclass
class Bank:
    """The lines that months have left, by period; a month run again replaces its own."""

    books: dict[str, pd.DataFrame] = field(default_factory=dict)
    rules: IncentiveRules = SCHEME

    def others(self, period: str) -> pd.DataFrame:
        return pd.concat([frame_of([]), *(lines for name, lines in sorted(self.books.items()) if name != period)])

    def run(self, period: str, orders: list[dict[str, Any]] | None = None, /, **pays: Any) -> Settlement:
        scores = scored(period, pays, orders or [], self.rules)
        told = settle(scores, Period.of(period), self.others(period))
        self.books[period] = ledger(scores, Period.of(period), told)
        return told

    def owed(self, year: int | None = None) -> dict[tuple[str, str, str], Decimal]:
        rows = owed(columns_of(self.others("")), year)
        return {(row.manager_id, row.due, row.kind): row.amount for row in rows}


def payout(now: str, settled: str = "0", matured: str = "0", clawback: str = "0") -> Payout:
    return Payout(D(now), D(settled), D(matured), D(clawback))


@pytest.fixture
def autumn() -> Bank:
    """October 4,000.00: 2,000.00 on account, 400.00 to settle, 533.33 + 533.33 + 533.34 deferred; November 3,000.01; December 1,000.00."""
    bank = Bank()
    bank.run("2026-10", M1=4000)
    bank.run("2026-11", M1="3000.01")
    return bank


def test_december_settles_the_year_and_its_own_rest(autumn: Bank) -> None:
    assert autumn.owed(2026) == {("M1", "2026-12", "settled"): D("700.00")}
    told = autumn.run("2026-12", M1=1000)
    assert told.payouts == [payout("500", "800.00")]
    assert told.payouts[0] is not None
    assert told.payouts[0].paid == D("1300.00")
    assert autumn.owed(2026) == {}
    assert autumn.owed(2027) == {("M1", "2027-12", "deferred"): D("1066.66")}


def test_deferred_pay_falls_due_year_by_year_and_is_paid_after_she_left(autumn: Bank) -> None:
    autumn.run("2026-12", M1=1000)
    assert autumn.run("2027-12", M1=2000).payouts == [payout("1000", "200", "1066.66")]
    left = autumn.run("2028-12", M2=10).leavers
    assert [(one.manager_id, one.name, one.branch_id, one.payout) for one in left] == [
        ("M1", "经理M1", "801", payout("0", "0", "1333.32"))
    ]
    assert [one.payout.matured for one in autumn.run("2029-12", M2=10).leavers] == [D("1333.35")]
    assert [one.payout.matured for one in autumn.run("2030-12", M2=10).leavers] == [D("266.67")]
    assert [key for key in autumn.owed() if key[0] == "M1"] == []
    paid = [one for lines in autumn.books.values() for one in lines.itertuples() if one.manager_id == "M1"]
    assert sum(one.amount for one in paid if one.kind in ("paid", "settled_paid", "deferred_paid")) == D("10000.01")


def test_a_month_run_again_replaces_its_own_and_pays_nothing_twice(autumn: Bank) -> None:
    first = autumn.run("2026-12", M1=1000)
    assert autumn.run("2026-12", M1=1000) == first
    autumn.run("2026-11", M1=4000)  # after December: 100.00 more to settle, which December has not paid
    assert autumn.owed(2026) == {("M1", "2026-12", "settled"): D("100.00")}
    assert autumn.run("2026-12", M1=1000).payouts == [payout("500", "900.00")]
    assert autumn.owed(2026) == {}


def test_what_a_later_month_has_paid_is_not_paid_again_by_an_earlier_one_run_late(autumn: Bank) -> None:
    assert autumn.run("2027-12", M1=2000).payouts == [payout("1000", "900.00", "933.33")]
    assert autumn.run("2026-12", M1=1000).payouts == [payout("500", "100.00")]


def test_a_month_other_than_december_pays_what_fell_due_in_it() -> None:
    pay = {
        "advance": D("0.5"),
        "settle_month": 3,
        "deferral": {"rate": D("0.4"), "years": 2, "pay_month": 4, "settle": "period"},
    }
    rules = SCHEME.model_copy(update={"pay": type(SCHEME.pay).model_validate({"mode": "unit_price"} | pay)})
    bank = Bank(rules=rules)
    bank.run("2026-10", M1=1000)
    assert bank.owed() == {
        ("M1", "2027-03", "settled"): D("300.00"),
        ("M1", "2027-04", "deferred"): D("200.00"),
        ("M1", "2028-04", "deferred"): D("200.00"),
    }
    assert bank.run("2026-12", M1=0).payouts == [payout("0")]
    assert bank.run("2027-03", M1=0).payouts == [payout("0", "300.00")]
    assert bank.run("2027-04", M1=0).payouts == [payout("0", "0", "200.00")]


def test_more_advanced_than_earned_is_kept_back_at_the_settlement_and_after_it() -> None:
    bank = Bank(rules=SCHEME.model_copy(update={"pay": SCHEME.pay.model_copy(update={"advance": D("0.8")})}))  # type: ignore[union-attr]
    bank.run("2026-03", M1=13400)
    (told,) = bank.run("2026-12", M1=0).payouts
    assert told == replace(payout("0", "-2680.00"), carried=D("2680.00"), owing=D("2680.00"))
    assert told.paid == 0
    assert bank.owed()["M1", "2026-12", "overpaid"] == D("-2680.00")


def test_a_stop_cuts_what_falls_due_first_and_never_below_zero(autumn: Bank) -> None:
    stop = {"manager_id": "M1", "item": "停止支付", "amount": -60_000, "document": "示稽〔2027〕3号，停2026年10月"}
    told = autumn.run("2027-03", [stop], M1=100)
    assert told.payouts == [payout("50")]
    assert told.findings == []
    assert autumn.owed(2027)["M1", "2027-12", "deferred"] == D("400.00")
    assert autumn.owed(2028)["M1", "2028-12", "deferred"] == D("466.66") + D("400") + D("13.33")
    (line,) = (row for row in autumn.books["2027-03"].itertuples() if row.kind == "stopped")
    assert (line.amount, line.linked) == (D("-600"), "2026-10")
    over = autumn.run("2027-03", [stop | {"amount": -200_000}], M1=100)
    assert [finding.code for finding in over.findings] == ["score.stop-over"]
    assert "多出的 400.00 元" in over.findings[0].message
    assert autumn.owed(2027)["M1", "2027-12", "deferred"] == D("400.00")


def test_a_clawback_is_taken_from_the_months_pay_once_however_many_posts(autumn: Bank) -> None:
    back = {"manager_id": "M1", "item": "扣回", "amount": -50_000, "document": "追2026年10月"}
    assert autumn.run("2026-12", [back], M1=1000).payouts == [payout("500", "800", "0", "500")]
    assert not any(kind == "clawback_owed" for _, _, kind in autumn.owed())
    scores = scored("2026-12", {"M1": 1000}, [back])
    scores.managers.append(scores.managers[0])  # a second post with as much again
    assert settle(scores, Period.of("2026-12")).payouts == [payout("500"), payout("500", "200", "0", "500")]


def test_a_clawback_leaves_no_pay_below_zero_and_the_rest_is_owed(autumn: Bank) -> None:
    """500.00 of December and 700.00 + 100.00 settled are all there is; what is left of 3,000.00 comes off the next pay, then off what matures."""
    back = {"manager_id": "M1", "item": "扣回", "amount": -300_000, "document": "追2026年10月"}
    told = autumn.run("2026-12", [back], M1=1000)
    assert told.payouts == [Payout(D(500), D(800), D(0), D(1300), D(1700))]
    assert [(one.code, one.level) for one in told.findings] == [("score.clawback-waiting", "warning")]
    assert "余 1,700.00 元待扣" in told.findings[0].message
    assert autumn.owed()["M1", "2026-12", "clawback_owed"] == D(-1700)
    january = autumn.run("2027-01", M1=1000)
    assert january.payouts == [Payout(D(500), D(0), D(0), D(500), D(1200))]
    assert january.findings == []
    assert autumn.run("2027-01", M1=1000) == january, "run again it takes as much"
    assert autumn.run("2027-02", M1=100).payouts == [Payout(D(50), D(0), D(0), D(50), D(1150))]
    (left,) = autumn.run("2027-12", M2=1).leavers
    assert left.payout == Payout(D(0), D("110.00"), D("1066.66"), D(1150), D(0))
    assert not any(kind == "clawback_owed" for _, _, kind in autumn.owed())


def test_a_correction_in_the_managers_favour_is_granted_and_no_clawback_below_nothing(autumn: Bank) -> None:
    """100 for October granted and 30 taken back in the same month: each in its own column."""
    orders = [
        {"manager_id": "M1", "item": "", "amount": 10_000, "document": "更正2026年10月"},
        {"manager_id": "M1", "item": "扣回", "amount": -3_000, "document": "追2026年10月"},
    ]
    scores = scored("2026-12", {"M1": 1000}, orders)
    told = settle(scores, Period.of("2026-12"), autumn.others("2026-12"))
    (one,) = told.payouts
    assert one is not None
    assert (one.granted, one.clawback) == (D(100), D(30))
    assert one.paid == one.paid_now + one.settled + D(100) - D(30)
    rows = pay_list(scores, {}, told)
    assert (list(rows["granted"]), list(rows["clawback"])) == ([D(100)], [D(30)])
    kept = ledger(scores, Period.of("2026-12"), told).set_index("kind").loc[["granted", "clawback"]]
    assert kept[["due", "amount", "linked", "document"]].values.tolist() == [
        ["2026-12", D(100), "2026-10", "更正2026年10月"],
        ["2026-12", D(-30), "2026-10", "追2026年10月"],
    ]
    assert not any(kind == "granted" for _, _, kind in autumn.owed()), "what is paid is not owed"


def test_what_is_granted_bears_what_is_taken_back() -> None:
    bank = Bank()
    orders = [
        {"manager_id": "M1", "item": "", "amount": 10_000, "document": "更正2026年10月"},
        {"manager_id": "M1", "item": "扣回", "amount": -30_000},
    ]
    (one,) = bank.run("2026-10", orders, M1=100).payouts
    assert one is not None
    assert (one.paid_now, one.granted, one.clawback, one.waiting, one.paid) == (D(50), D(100), D(150), D(150), D(0))


def test_what_one_posts_pay_cannot_bear_is_taken_from_the_other() -> None:
    back = {"manager_id": "M1", "item": "扣回", "amount": -70_000}
    scores = scored("2026-11", {"M1": 1000}, [back])
    scores.managers.append(scores.managers[0])
    told = settle(scores, Period.of("2026-11"))
    assert told.payouts == [payout("500", clawback="200"), payout("500", clawback="500")]
    assert [(line["kind"], line["amount"]) for line in told.lines] == [("clawback", D(-700))]
    assert told.findings == []


def test_amounts_go_to_the_post_that_was_held_last() -> None:
    """Since January at one branch, with a week at another in between: what is ordered is told at the one held at the end."""
    scores = scored("2026-11", {"M1": 1000}, [{"manager_id": "M1", "item": "扣回", "amount": -30_000}])
    (post,) = scores.managers
    scores.managers.append(replace(post, branch_id="802", last_day=post.last_day - 20))
    told = settle(scores, Period.of("2026-11"))
    assert told.payouts == [payout("500", clawback="300"), payout("500")]
    assert [(line["kind"], line["branch_id"], line["amount"]) for line in told.lines] == [("clawback", "801", D(-300))]
    assert list(pay_list(scores, {}, told)["clawback"]) == [D(300), D(0)]


def test_what_is_ordered_of_somebody_without_a_score_is_shown() -> None:
    """Nothing is there to take 300.00 from: it waits, and the row says so. What is paid on top is paid whatever the score."""
    back = {"manager_id": "M1", "item": "扣回", "amount": -30_000}
    scores = scored("2026-11", {"M1": "?"}, [back])
    told = settle(scores, Period.of("2026-11"))
    assert told.payouts == [Payout(D(0), D(0), D(0), D(0), D(300))]
    assert list(pay_list(scores, {}, told)["remark"]) == ["未计分；待扣 300.00 元"]
    assert [(line["kind"], line["amount"]) for line in told.lines] == [("clawback_owed", D(-300))]
    more = scored("2026-11", {"M1": "?"}, [{"manager_id": "M1", "amount": 20_000}, back])
    (payout,) = settle(more, Period.of("2026-11")).payouts
    assert payout is not None
    assert (payout.paid, payout.waiting) == (D(0), D(100))


def test_what_cannot_be_taken_back_from_a_leaver_waits_for_his_deferred_pay(autumn: Bank) -> None:
    back = {"manager_id": "M1", "item": "扣回", "amount": -250_000, "document": "追2026年10月"}
    autumn.run("2026-12", M1=1000)
    assert autumn.run("2027-03", [back], M2=1).leavers == []
    assert autumn.owed()["M1", "2027-03", "clawback_owed"] == D("-2500")
    first, second, third = (autumn.run(f"{year}-12", M2=1).leavers[0].payout for year in (2027, 2028, 2029))
    assert [(one.matured, one.clawback, one.paid) for one in (first, second, third)] == [
        (D("1066.66"), D("1066.66"), D("0.00")),
        (D("1066.66"), D("1066.66"), D("0.00")),
        (D("1066.68"), D("366.68"), D("700.00")),
    ]
    assert not any(who == "M1" for who, _, _ in autumn.owed())


def test_somebody_without_a_score_is_paid_what_fell_due(autumn: Bank) -> None:
    assert autumn.run("2026-12", M1="?").payouts == [payout("0", "700.00")]


def test_months_never_run_are_told_in_the_month_of_the_settlement(autumn: Bank) -> None:
    december = Period.of("2026-12")
    (told,) = unsettled_months(SCHEME, december, autumn.others("2026-12"))
    assert (told.code, told.count) == ("score.settlement-gap", 9)
    assert "2026-01、2026-02" in told.message
    assert "2026-10" not in told.message
    assert not list(unsettled_months(SCHEME, Period.of("2026-11"), autumn.others("2026-11")))
    quarterly = SCHEME.model_copy(update={"cycle": "quarter"})
    (told,) = unsettled_months(quarterly, december, autumn.others("2026-12"))
    assert "（2026-03、2026-06、2026-09）" in told.message


def test_lines_that_bear_a_year_alone_are_paid_at_its_end() -> None:
    bank = Bank()
    bank.run("2026-10", M1=3000)
    old = bank.books["2026-10"]
    bank.books["2026-10"] = old.assign(due=old["due"].where(old["kind"] != "deferred", old["due"].str.slice(0, 4)))
    assert bank.run("2027-12", M1=0).payouts == [payout("0", "300", "400")]


MONTHS = [f"{year}-{month:02d}" for year in (2026, 2027, 2028) for month in (3, 9, 12)]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.none() | st.integers(0, 10**6), min_size=2, max_size=2), min_size=9, max_size=9),
    st.integers(1, 3),
    st.sampled_from([D("0.5"), D("0.8"), D(1)]),
    st.lists(st.integers(0, 8), max_size=6),
)
def test_over_years_everything_deferred_is_paid_exactly_once(
    pays: list[list[int | None]], years: int, advance: Decimal, again: list[int]
) -> None:
    assert SCHEME.pay is not None
    assert SCHEME.pay.deferral is not None
    deferral = SCHEME.pay.deferral.model_copy(update={"years": years})
    pay = SCHEME.pay.model_copy(update={"advance": advance, "deferral": deferral})
    bank = Bank(rules=SCHEME.model_copy(update={"pay": pay}))
    earned: dict[str, dict[str, Any]] = {
        month: {who: None if one is None else D(one) / 100 for who, one in zip(("M1", "M2"), two, strict=True)}
        for month, two in zip(MONTHS, pays, strict=True)
    }
    order = [*MONTHS, *(MONTHS[place] for place in again)]
    for month in [*order, *(f"{year}-12" for year in range(2029, 2033))]:
        told = bank.run(month, **earned.get(month, {"M1": None, "M2": None}))
        assert all(one.matured >= 0 for one in (*filter(None, told.payouts), *(left.payout for left in told.leavers)))
    assert {kind for _, _, kind in bank.owed()} <= {"overpaid"}, "at most what a month run again has left to take back"
    for who in ("M1", "M2"):
        lines = [row for book in bank.books.values() for row in book.itertuples() if row.manager_id == who]
        sums = {
            kind: sum(row.amount for row in lines if row.kind == kind)
            for kind in ("paid", "settled", "deferred", "settled_paid", "deferred_paid")
        }
        assert (sums["settled"], sums["deferred"]) == (sums["settled_paid"], sums["deferred_paid"])
        assert sums["paid"] + sums["settled"] + sums["deferred"] == sum(two[who] or 0 for two in earned.values())


HEAD = ["工号", "考核期间", "工作量", "来源", "审批人"]
WORK = {
    "2026-10": {"M1": 4000, "M2": 1000},
    "2026-11": {"M1": 3000.01, "M2": 2000},
    "2026-12": {"M1": 1000},
    "2027-12": {"M1": 2000},
}
RULES = """
[incentive]
title = "计酬办法"
missing_actual = "zero"
[[incentive.item]]
id = "work"
label = "工作量"
category = "benefit"
shape = "unit_price"
price = 1
[incentive.pay]
mode = "unit_price"
advance = 0.5
deferral = { rate = 0.4, years = 3 }
disputes = "七日内提出。"
"""
BACK = ["工号", "考核期间", "指标", "加减分", "金额", "事由", "依据文号", "经办人", "审批人"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Four months run one after the other; 经理M2 left in the middle of November."""
    root = tmp_path_factory.mktemp("settling")
    (root / "rules").mkdir()
    text = EXAMPLE.read_text(encoding="utf-8").partition("[incentive]")[0] + RULES
    (root / "rules" / "2000-01-01.toml").write_text(text, encoding="utf-8")
    postings = monthly("C1", dt.date(2025, 12, 1), 25)
    typed = [[who, month, amount, "系统", "乙"] for month, people in WORK.items() for who, amount in people.items()]
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1", holder="M1")],
        "名册.xlsx": [
            MANAGERS,
            manager("M1"),
            manager("M2", until=dt.date(2026, 11, 15)),
            manager("M3", branch="801002"),
        ],
        "流水.xlsx": [TRANSACTIONS, *postings, [dt.date(2027, 12, 31), *postings[-1][1:]]],
        "人工填报.xlsx": [HEAD, *typed],
        "加减分.xlsx": [BACK, ["M1", "2026-12", "扣回", None, -30, "多计", "追2026年10月", "甲", "乙"]],
    }
    for name, grid in files.items():
        write_xlsx(root / "exports" / name, grid)
    for month in WORK:
        assert run_here("run", "--period", month, "--quiet", cwd=root).code in (0, 1)
    return Workspace(root)


PAID = ("本期兑付", "年终清算", "往年延期到期", "扣回", "实际兑付")


def _pay_rows(
    place: Workspace, month: str
) -> tuple[dict[str, tuple[Decimal, ...]], tuple[Decimal, ...], dict[str, str]]:
    """工号 → the five amounts; their 合计; 工号 → 备注."""
    sheet = openpyxl.load_workbook(place.period(month) / "考核得分.xlsx", data_only=True)["绩效薪酬"]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    head = next(index for index, row in enumerate(rows) if "实际兑付" in row)
    columns = [rows[head].index(name) for name in PAID]

    def amounts(row: list[Any]) -> tuple[Decimal, ...]:
        return tuple(D(str(row[column] or 0)).quantize(D("0.01")) for column in columns)

    people = {row[rows[head].index("工号")]: row for row in rows[head + 1 :] if row[rows[head].index("工号")]}
    total = next(row for row in rows if "合计" in row)
    return (
        {who: amounts(row) for who, row in people.items()},
        amounts(total),
        {who: str(row[rows[head].index("备注")] or "") for who, row in people.items()},
    )


@pytest.mark.slow  # four whole months
@pytest.mark.parametrize(
    ("month", "people"),
    [
        ("2026-11", {"M1": ("1500.01", "0", "0", "0"), "M2": ("1000", "0", "0", "0"), "M3": ("0", "0", "0", "0")}),
        ("2026-12", {"M1": ("500", "800", "0", "30"), "M2": ("0", "300", "0", "0"), "M3": ("0", "0", "0", "0")}),
        (
            "2027-12",
            {"M1": ("1000", "200", "1066.66", "0"), "M2": ("0", "0", "399.99", "0"), "M3": ("0", "0", "0", "0")},
        ),
    ],
)
def test_the_sheet_adds_up_line_by_line_and_in_all(
    place: Workspace, month: str, people: dict[str, tuple[str, ...]]
) -> None:
    found, total, remarks = _pay_rows(place, month)
    wanted = {who: tuple(map(D, four)) for who, four in people.items()}
    assert {who: five[:4] for who, five in found.items()} == wanted
    for now, settled, matured, clawback, paid in [*found.values(), total]:
        assert paid == now + settled + matured - clawback
    assert total == tuple(map(sum, zip(*found.values(), strict=True)))
    assert remarks["M2"] == ("已离任" if month > "2026-11" else "")
    sheet = openpyxl.load_workbook(place.period(month) / "考核得分.xlsx", data_only=True)["计分复核"]
    checked = [row for row in sheet.iter_rows(values_only=True) if row[2] == "实际兑付"]
    assert {row[0]: D(str(row[-3])).quantize(D("0.01")) for row in checked} == {
        who: five[4] for who, five in found.items()
    }
    assert {row[-1] for row in checked} == {"一致"}


@pytest.mark.slow
def test_cards_lists_and_statements_tell_the_same(place: Workspace) -> None:
    root = place.root
    told = run_here("explain", "manager", "M1", "--period", "2026-12", cwd=root).out
    for words in (
        "年终清算 800.00 元",
        "2026-10 的 400.00 元",
        "2026-11 的 300.00 元",
        "2026-12 的 100.00 元",
        "扣回 30.00 元",
        "本期实付 1,270.00 元",
    ):
        assert words in told
    left = run_here("explain", "manager", "经理M2", "--period", "2027-12", cwd=root).out
    assert "本期没有应发，实际兑付 399.99 元" in left
    assert "2026-10 的 133.33 元" in left
    assert run_here("show", "manager", "M2", "--period", "2027-12", "--json", cwd=root).json["paid"] == "399.99"
    lines = run_here("owed", "--json", cwd=root).json["lines"]
    assert {(row["due"], row["amount"]) for row in lines if row["manager_id"] == "M2"} == {
        ("2028-12", "400.00"),
        ("2029-12", "400.01"),
    }
    assert not any(row["due"] <= "2027-12" for row in lines)
    made = run_here("statements", "--period", "2027-12", "--json", cwd=root).json
    assert [row["manager_id"] for row in made["files"]] == ["M1", "M3", "M2"]
    scores = run_here("score", "--period", "2026-12", "--dry-run", "--json", cwd=root).json
    assert [(row["manager_id"], row["settled"], row["paid"]) for row in scores["scores"]] == [
        ("M1", "800.00", "1270.00"),
        ("M3", "0.00", "0.00"),
    ]
    assert [(row["manager_id"], row["paid"]) for row in scores["leavers"]] == [("M2", "300.00")]
    assert (
        run_here(
            "whatif", "--rules", root / "rules" / "2000-01-01.toml", "--period", "2026-12", "--json", cwd=root
        ).json["cost"]
        == "0.00"
    )


@pytest.mark.slow
@pytest.mark.parametrize("month", WORK)
def test_every_row_of_the_sheet_is_what_is_advanced_deferred_and_settled(place: Workspace, month: str) -> None:
    sheet = openpyxl.load_workbook(place.period(month) / "考核得分.xlsx", data_only=True)["绩效薪酬"]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    (head,) = (row for row in rows if "应发(税前)" in row)
    names = ("应发(税前)", "其中预发", "其中延期", "其中待清算")
    told = {}
    for row in rows[rows.index(head) + 1 :]:
        pay, *parts = (row[head.index(name)] for name in names)
        if pay is not None:
            told[row[head.index("工号")]] = parts
            assert D(str(pay)).quantize(D("0.01")) == sum(D(str(part)) for part in parts).quantize(D("0.01"))
    if month == "2026-10":
        assert told["M1"] == [2000, 1600, 400]


@pytest.mark.slow
def test_who_is_kept_something_back_is_told_how_much_and_until_when(place: Workspace) -> None:
    told = run_here("explain", "manager", "M1", "--period", "2026-12", cwd=place.root).out
    for words in (
        "其中延期 400.00 元",
        "2027-12 付 133.33 元",
        "其中待年终清算 100.00 元",
        "2026-12 付 100.00 元",
        "到本期为止还没有付的 3,200.00 元",
        "2027-12 延期支付 1,066.66 元",
        "2029-12 延期支付 1,066.68 元",
    ):
        assert words in told
    october = run_here("explain", "manager", "M1", "--period", "2026-10", cwd=place.root).out
    assert "到本期为止还没有付的 2,000.00 元" in october, "later months do not count yet"


@pytest.mark.slow
def test_the_settled_month_can_be_closed_run_again_and_proved(place: Workspace, tmp_path: Path) -> None:

    root = tmp_path / "copy"
    shutil.copytree(place.root, root)
    assert "年终清算缺 9 个月" in run_here("run", "--period", "2026-12", cwd=root).out
    assert run_here("close", "2026-12", "--approved-by", "刘主任", cwd=root).code == 0
    again = run_here("run", "--period", "2026-12", cwd=root)
    assert "与关账时没有差异" in again.out
    assert run_here("verify", cwd=root).code == 0


@pytest.mark.slow
def test_somebody_taken_off_the_roster_is_still_found_and_paid(place: Workspace, tmp_path: Path) -> None:
    root = tmp_path / "copy"
    shutil.copytree(place.root, root)
    write_xlsx(root / "exports" / "名册.xlsx", [MANAGERS, manager("M1"), manager("M3", branch="801002")])
    run_here("run", "--period", "2027-12", "--quiet", cwd=root)
    assert run_here("show", "manager", "经理M2", "--period", "2027-12", "--json", cwd=root).json["paid"] == "399.99"
    assert "2026-11 的 266.66 元" in run_here("explain", "manager", "M2", "--period", "2027-12", cwd=root).out
    made = run_here("statements", "--period", "2027-12", "--manager", "M2", "--json", cwd=root).json
    assert [row["file"] for row in made["files"]] == ["M2_经理M2.xlsx"]


ADVANCED = IncentiveRules.model_validate(
    {
        "item": [{"id": "work", "label": "工作量", "category": "benefit", "shape": "unit_price", "price": 1}],
        "metric": [{"id": "advanced", "label": "已预发"}],
        "pay": {"mode": "unit_price", "advance": D("0.8"), "advanced": "advanced"},
    }
)


def advanced(bank: Bank, period: str, work: Any, already: Any) -> Settlement:
    """A month in which M1 earned ``work`` and had got ``already`` on account before."""
    manual = pd.DataFrame(
        [
            {
                "manager_id": "M1",
                "period": period,
                "item": item,
                "value": str(value),
                "source": "系统",
                "approved_by": "乙",
                "part": 0,
                "row": 1,
            }
            for item, value in (("工作量", work), ("已预发", already))
        ]
    )
    roster = pd.DataFrame({"manager_id": ["M1"], "name": ["经理M1"], "branch_id": "801", "since": 0}).reindex(
        columns=empty("managers").columns
    )
    papers = Papers(empty("targets"), empty("adjustments"), manual)
    scores = score(roster, Actuals(no_actuals([])), papers, bank.rules, Period.of(period))
    told = settle(scores, Period.of(period), bank.others(period))
    bank.books[period] = ledger(scores, Period.of(period), told)
    return told


def test_nobody_is_paid_below_nothing_and_what_was_advanced_too_much_is_carried_and_owed() -> None:
    """600 earned, 480 of it on account, 2,000 had been advanced: nothing is paid, 1,520 are owed and taken from the next pays and the settlement."""
    bank = Bank(rules=ADVANCED)
    told = advanced(bank, "2026-09", 600, 2000)
    (paid,) = told.payouts
    assert paid is not None
    assert (paid.paid_now, paid.carried, paid.owing, paid.paid) == (D(-1520), D(1520), D(1520), D(0))
    assert [one.code for one in told.findings] == ["score.overpaid"]
    assert "1,520.00 元" in told.findings[0].message
    assert bank.owed()["M1", "2026-09", "overpaid"] == D(-1520)
    assert advanced(bank, "2026-09", 600, 2000).payouts == [paid], "run again it is owed once"
    (october,) = advanced(bank, "2026-10", 1000, 0).payouts
    assert october is not None
    assert (october.paid_now, october.carried, october.owing, october.paid) == (D(800), D(-800), D(720), D(0))
    (december,) = advanced(bank, "2026-12", 1000, 0).payouts
    assert december is not None
    assert (december.paid_now, december.settled) == (D(800), D("520.00"))
    assert (december.carried, december.owing, december.paid) == (D(-720), D(0), D(600))
    assert bank.owed() == {}


def test_the_post_with_pay_pays_for_the_one_that_was_advanced_too_much() -> None:
    rows: list[Payout | None] = [Payout(D(-500)), Payout(D(800)), None, Payout(D(-100))]
    _level(rows, [0, 1, 3])
    assert [row.paid if row else None for row in rows] == [D(0), D(200), None, D(0)]


DRAWN = IncentiveRules.model_validate(
    {
        "item": [{"id": "work", "label": "工作量", "category": "benefit", "shape": "unit_price", "price": 1}],
        "pay": {"mode": "unit_price", "draw": 2000},
    }
)


def test_a_draw_is_paid_out_and_what_it_is_more_than_was_earned_is_taken_from_what_is_earned_above_it() -> None:
    """Earned 600, 5,000, 1,999.99, 0 and 4,100: drawn at least 2,000 a month; in the end exactly what was earned is paid."""
    bank = Bank(rules=DRAWN)
    paid = []
    for month, earned in enumerate((600, 5000, "1999.99", 0, "4100"), 1):
        told = bank.run(f"2026-{month:02}", M1=earned)
        (one,) = told.payouts
        assert one is not None
        paid.append(one)
        if month == 1:
            assert [finding.code for finding in told.findings] == ["score.draw-carried"]
            assert "2,000.00 元，付足后多付 1,400.00 元" in told.findings[0].message
            assert bank.owed()["M1", "2026-01", "overpaid"] == D(-1400)
    assert [one.paid for one in paid] == [D(2000), D(3600), D(2000), D(2000), D("2099.99")]
    assert [one.owing for one in paid] == [D(1400), D(0), D("0.01"), D("2000.01"), D(0)]
    assert sum(one.paid for one in paid) == D("11699.99")
    assert bank.owed() == {}


def test_a_clawback_leaves_the_draw() -> None:
    bank = Bank(rules=DRAWN)
    order = {"manager_id": "M1", "item": "扣回", "amount": -100_000, "document": "示纪〔2026〕3号"}
    (one,) = bank.run("2026-01", [order], M1=2600).payouts
    assert one is not None
    assert (one.paid, one.clawback, one.waiting) == (D(2000), D(600), D(400))


def test_without_a_day_on_duty_and_under_a_veto_there_is_no_draw() -> None:
    gate = {"reason": "重大违规", "event": "veto", "score_at_most": 0}
    work = {"id": "work", "label": "工作量", "category": "benefit", "shape": "unit_price", "price": 1}
    rules = IncentiveRules.model_validate({"item": [work], "gate": [gate], "pay": {"mode": "unit_price", "draw": 2000}})
    order = {"manager_id": "M1", "item": "一票否决", "document": "示纪〔2026〕3号"}
    (manager,) = scored("2026-01", {"M1": 600}, [order], rules).managers
    assert manager.draw == 0
    (other,) = scored("2026-01", {"M1": 600}, [], rules).managers
    assert other.draw == D("2000.00")
