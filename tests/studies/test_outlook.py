"""展望 says what a month in which nothing happens really brings; what it said last month is laid beside what came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from months import CUSTOMERS, LOANS, TRANSACTIONS, Grid, post, reckon, workspace

from kehujingli.errors import Problem
from kehujingli.month import Month
from kehujingli.month.keep import account_frame, as_kept, class_frame
from kehujingli.periods import Period, month_end, month_start
from kehujingli.studies.activity.comings import late
from kehujingli.studies.classes.forecast import KINDS, WHY, Kept, forecast
from kehujingli.studies.outlook import Rules, outlook
from kehujingli.workspace.results import DATA

_ACCOUNTS = ["账号", "客户号", "存款种类", "余额", "月日均", "年日均", "开户日期", "到期日"]
_HOLDINGS = ["客户号", "产品", "签约日期", "解约日期"]
LONG_AGO = dt.date(2015, 1, 1)


def _day(period: Period, months: int, day: int) -> dt.date:
    """A day of the month so many months before the period."""
    return month_start(period.month - months).replace(day=day)


def _exports(base: Period, ends: list[dt.date]) -> dict[str, Grid]:
    """A county whose pictures of accounts, loans and contracts are the same at each of ``ends``."""
    first = base.back(11)
    people = {
        "C1": LONG_AGO,  # came last in the first month of the window
        "C2": LONG_AGO,  # comes every month
        "C3": LONG_AGO,  # only a term deposit
        "C4": LONG_AGO,  # only a contract
        "C5": _day(base, 2, 20),  # only new
        "C6": LONG_AGO,  # much came of late
        "C7": LONG_AGO,  # much went of late
        "C8": LONG_AGO,  # came in six months, the first of the window among them
        "C9": LONG_AGO,  # only a loan
    }
    rows = [post(_day(first, 0, 9), "C1", 100, 5_100), post(_day(base, 40, 9), "C3", 10, 80_000)]
    rows += [post(_day(base, back, day), "C2", 50) for back in range(12) for day in (3, 9)]
    rows += [post(_day(base, back, day), "C8", 50) for back in (11, 4, 3, 2, 1, 0) for day in (3, 9)]
    rows += [post(_day(base, 11, 5), "C6", 1_000, 1_000), post(_day(base, 0, 2), "C6", 350_000, 351_000)]
    rows += [post(_day(base, 11, 5), "C7", 700_000, 700_000), post(_day(base, 10, 6), "C7", -699_000, 1_000)]
    rows += [post(_day(base, 20, 5), "C4", 700, 700), post(_day(base, 20, 6), "C9", 700, 700)]
    balances = {"C1": 5_100, "C2": 90_000, "C3": 80_000, "C4": 700, "C5": 30, "C6": 351_000, "C7": 1_000, "C8": 600}
    matures, coming = _day(base, -1, 15), _day(base, -1, 20)
    files: dict[str, Grid] = {"流水.xlsx": [TRANSACTIONS, *rows]}
    for end in ends:
        lent = 40_000 + 3_000 * (min(end, ends[-2]).month % 5)
        loans = [["L1", "C9", LONG_AGO, dt.date(2031, 1, 1), lent, "正常", 0, None, None]]
        files[f"贷款台账_{end:%Y%m%d}.xlsx"] = [LOANS, *loans]
    for end in ends[-2:]:
        official = {"C2": _official(base, end)}
        own = [
            [
                f"A{who}",
                who,
                "定期" if who == "C3" else "活期",
                left,
                *official.get(who, (None, None)),
                people[who],
                matures if who == "C3" else None,
            ]
            for who, left in balances.items()
        ]
        files[f"存款账户_{end:%Y%m%d}.xlsx"] = [_ACCOUNTS, *own]
        files[f"客户信息_{end:%Y%m%d}.xlsx"] = [
            CUSTOMERS,
            *([who, f"客户{who}", "个人", "801001", opened, None] for who, opened in people.items()),
        ]
        files[f"产品签约_{end:%Y%m%d}.xlsx"] = [_HOLDINGS, ["C4", "手机银行", LONG_AGO, coming]]
    return files


def _official(base: Period, end: dt.date) -> tuple[float, float]:
    """月日均 and 年日均 of 90,000 元 as the core system has them; the year's began with less."""
    if end == base.as_of:
        return 90_000, 23_456.78
    days, more = (base.as_of - dt.date(base.year, 1, 1)).days + 1, (end - base.as_of).days
    year = (Decimal("23456.78") * days + 90_000 * more) / (days + more)
    return 90_000, 90_000 if end.year != base.year else float(year.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _two_months(root: Path, base: Period, rules: Mapping[str, str], pictures: int) -> tuple[Month, Month]:
    """The month, and the next, run on exports in which nothing happened: one more picture of the same."""
    ends = [month_end(base.month + step) for step in range(1 - pictures, 2)]
    place = workspace(root, _exports(base, ends), rules)
    now = reckon(place, base.name)
    kept = place.period(base.name) / DATA / "classes.parquet"
    kept.parent.mkdir(parents=True)
    pq.write_table(as_kept(class_frame(now)), kept)
    return now, reckon(place, Period.of_month(base.month + 1).name)


def _kept(month: Month) -> Kept:
    return Kept(class_frame(month), account_frame(month), month.tables["loans"], month.tables["holdings"])


_MEASURES = 'measure = ["average_deposit", "average_loan"]'
_VARIANTS: list[tuple[str, dict[str, str], int]] = [
    ("2026-10", {}, 2),
    ("2026-10", {"downgrade_after = 3": "downgrade_after = 1"}, 12),
    (
        "2026-10",
        {
            _MEASURES: 'measure = ["average_deposit_year", "average_loan"]',
            "new_within_months = 3": "new_within_months = 0",
        },
        11,
    ),
    (
        "2026-12",
        {_MEASURES: 'measure = ["average_deposit_year", "loan_balance"]', "downgrade_after = 3": "downgrade_after = 1"},
        2,
    ),
    ("2026-12", {_MEASURES: 'measure = ["average_deposit_month", "average_loan"]'}, 12),
    ("2027-01", {"keep_contracts = true": "keep_contracts = false", "idle_months = 12": "idle_months = 6"}, 5),
]


@pytest.mark.parametrize(("period", "rules", "pictures"), _VARIANTS)
def test_a_month_in_which_nothing_happens_brings_what_was_said(
    tmp_path: Path, period: str, rules: dict[str, str], pictures: int
) -> None:
    """Classes, buffers and amounts to the 分, of every customer: with official averages, twelve or fewer pictures of loans, over New Year."""
    now, then = _two_months(tmp_path, Period.of(period), rules, pictures)
    told = forecast(_kept(now), now.segment_rules, now.period).set_index("customer_id")
    came = then.segmented.customers.set_index("customer_id")
    assert (came["change"] != "woken").all(), "nothing happened"
    for name in ("frequency", "scale", "group", "below", "scale_amount", "to_next_scale"):
        assert told[f"{name}_next"].astype("object").tolist() == came[name].astype("object").tolist(), name
    assert told["kind"].notna().sum() > 1


def test_what_is_coming_has_its_reason(tmp_path: Path) -> None:
    month, _ = _two_months(tmp_path, Period.of("2026-10"), {"downgrade_after = 3": "downgrade_after = 1"}, 2)
    told = forecast(_kept(month), month.segment_rules, month.period).set_index("customer_id")
    said = {who: (KINDS[row["kind"]], WHY[row["why"]]) for who, row in told[told["kind"].notna()].iterrows()}
    assert said == {
        "C1": ("将休眠", "静止期满"),
        "C3": ("将休眠", "定期到期"),
        "C4": ("将休眠", "合约到期"),
        "C5": ("将休眠", "新户期满"),
        "C6": ("将升级", "日均变化"),
        "C7": ("将降级", "日均变化"),
        "C8": ("往来将减少", "业务移出"),
    }


def test_who_will_sleep_says_whom_a_renewal_keeps_awake(tmp_path: Path) -> None:
    """C1 came last a year ago and has a deposit until next month as well: who counts her deposit as renewed does not count her."""
    month, _ = _two_months(tmp_path, Period.of("2026-10"), {"downgrade_after = 3": "downgrade_after = 1"}, 2)
    told = _asked(month)
    asleep = told.frames["outlook"].query("kind == 'asleep'").set_index("customer_id")["renewed"]
    assert asleep.to_dict() == {"C1": False, "C3": True, "C4": True, "C5": False}
    kept = _kept(month)
    also = kept.accounts[kept.accounts["customer_id"] == "C3"].assign(customer_id="C1", account_id="A1T")
    accounts = pd.concat([kept.accounts, also], ignore_index=True)
    facts = {"rules": Rules(), "period": month.period, "segment": (month.segment_rules, month.segment_rules)}
    more = outlook(kept.classes, accounts, kept.loans, kept.holdings, **facts)
    (line,) = [one for one in more.lines if "续做" in one]
    assert line == "将休眠的 4 户里 3 户有定期或合约下月到期，续做就不休眠；不算它们的是 1 户"


def _asked(month: Month, **more: Any) -> Any:
    kept = _kept(month)
    given = {"rules": Rules(), "period": month.period, "segment": (month.segment_rules, month.segment_rules)} | more
    return outlook(kept.classes, kept.accounts, kept.loans, kept.holdings, **given)


def test_last_months_forecast_stands_beside_what_came(tmp_path: Path) -> None:
    now, then = _two_months(tmp_path, Period.of("2026-10"), {"downgrade_after = 3": "downgrade_after = 1"}, 2)
    before, after = _kept(now), _kept(then)
    classes = after.classes.set_index("customer_id")
    classes.loc["C1", ["frequency", "group"]] = ["mobile", "mobile/small"]  # came after all
    classes.loc["C2", ["frequency", "group"]] = ["dormant", "dormant/medium"]  # nobody said so
    classes = classes.drop(index="C3").reset_index()
    rules = now.segment_rules
    past = {"previous": before.classes, "previous_accounts": before.accounts}
    past |= {"previous_loans": before.loans, "previous_holdings": before.holdings}
    given = {"period": then.period, "segment": (rules, rules), "rules": Rules()}
    told = outlook(classes, after.accounts, after.loans, after.holdings, **past, **given)
    rows = told.frames["outlook_past"].set_index("kind")
    columns = ["told", "came", "gone", "other", "missed"]
    assert rows.loc["asleep", columns].tolist() == [4, 2, 1, 1, 1]
    assert rows.loc["looser", columns].tolist() == [1, 1, 0, 0, 0]
    people = told.frames["outlook_past_customers"].set_index("customer_id")["outcome"]
    assert [people[who] for who in ("C1", "C2", "C3", "C4")] == ["other", "unforeseen", "gone", "came"]
    unknown = outlook(classes, after.accounts, **past, **given | {"segment": (None, rules)})
    assert "study.outlook-past" in [one.code for one in unknown.findings]
    assert unknown.frames["outlook_past"].empty


def test_a_month_of_an_older_version_is_to_be_run_again(tmp_path: Path) -> None:
    month, _ = _two_months(tmp_path, Period.of("2026-10"), {}, 2)
    kept = _kept(month)
    rules = {"period": month.period, "segment": (None, month.segment_rules), "rules": Rules()}
    with pytest.raises(Problem, match="2026-10 是旧版本跑的") as told:
        outlook(kept.classes.drop(columns="leaving_transactions"), kept.accounts, **rules)
    assert told.value.findings[0].code == "study.kept-older"


def test_the_list_may_leave_out_the_small_the_counts_do_not(tmp_path: Path) -> None:
    month, _ = _two_months(tmp_path, Period.of("2026-10"), {}, 2)
    told = _asked(month, rules=Rules(least=20_000))
    assert told.frames["outlook"]["customer_id"].tolist() == ["C3", "C6"]
    assert told.frames["outlook_branches"]["asleep"].sum() == 4


def _seen(rows: list[tuple[str, int, int, int]], last: int) -> pd.DataFrame:
    """Customers with days of business in the window: so many, since when and until when (days before the end)."""
    frame = pd.DataFrame(rows, columns=["customer_id", "active_days", "first", "until"])
    days = frame.assign(first_active=last - frame["first"], last_active=last - frame["until"], turnover=100)
    return days.assign(scale_amount=range(100, 100 + len(frame))).drop(columns=["first", "until"])


def _crowd(last: int) -> pd.DataFrame:
    """Sixty who come every ten days or so and of whom some stop, and two that it is about."""
    rows = [(f"C{n:02d}", 20 + n % 17, 364, n % 9) for n in range(40)]
    rows += [(f"G{n:02d}", 2 + n, 364, 330 - 16 * n) for n in range(20)]
    return _seen([*rows, ("often", 30, 364, 90), ("seldom", 4, 364, 90)], last)


def test_three_months_of_silence_are_late_for_who_came_often_not_for_who_comes_seldom() -> None:
    """29 times again in 274 days: every 9.45 days, silent for 9.5 of them. Three times in 274 days: silent for one gap."""
    period = Period.of("2026-10")
    told, found = late(_crowd(period.last), period, 0.5, 3)
    assert told is not None
    assert found == []
    rows = told.set_index("customer_id")
    assert "seldom" not in rows.index
    assert [round(rows.loc["often", name], 2) for name in ("gap", "silence")] == [9.45, 9.53]
    assert rows.loc["often", "alive"] < 0.2
    assert not [who for who in rows.index if who.startswith("C")], "silent for less than their gap"
    assert rows["scale_amount"].is_monotonic_decreasing
    assert "G02" not in late(_crowd(period.last), period, 0.5, 10)[0].set_index("customer_id").index


@pytest.mark.parametrize(
    ("crowd", "code"),
    [
        (lambda last: _seen([("C1", 5, 364, 9)], last), "study.rhythm-few"),
        (lambda last: _seen([(f"C{n}", 11, 10, 0) for n in range(50)], last), "study.rhythm-flat"),
        (lambda last: _crowd(last).drop(columns="active_days"), "study.rhythm-older"),
        (lambda last: _seen([(f"C{n}", 2 + n, 364, 0) for n in range(50)], last), "study.rhythm-stays"),
    ],
)
def test_where_no_rhythm_can_be_told_it_is_said_why(crowd: Any, code: str) -> None:
    period = Period.of("2026-10")
    told, found = late(crowd(period.last), period, 0.5, 3)
    assert [one.code for one in found] == [code]
    assert (told is None) == (code != "study.rhythm-stays")
    assert told is None or told.empty


def test_who_was_late_a_month_ago_and_did_not_come_is_laid_beside(tmp_path: Path) -> None:
    now, then = _two_months(tmp_path, Period.of("2026-10"), {}, 2)
    before, after = _kept(now), _kept(then)
    rules = now.segment_rules
    names = ["active_days", "first_active", "last_active", "turnover"]
    crowd = _crowd(now.period.last)
    late_now = crowd[crowd["customer_id"].isin(late(crowd, now.period, 0.5, 3)[0]["customer_id"])].head(3)
    others = crowd[~crowd["customer_id"].isin(late_now["customer_id"])]
    people = pd.concat([late_now.assign(customer_id=["C1", "C2", "C3"]), others])
    previous = before.classes.drop(columns=names).merge(people[["customer_id", *names]], on="customer_id", how="outer")
    classes = after.classes.set_index("customer_id")
    classes.loc["C2", "last_active"] = then.period.last  # came after all
    classes = classes.drop(index="C3").reset_index()
    given = {"period": then.period, "segment": (rules, rules), "rules": Rules(), "previous": previous}
    told = outlook(classes, after.accounts, after.loans, after.holdings, **given).frames["outlook_past"]
    row = told.set_index("kind").loc["late"]
    assert row["came"] == 1
    assert row["other"] == 1
    assert row["told"] == row[["came", "gone", "other"]].sum()
