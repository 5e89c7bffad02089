"""What a customer brings, now and in the year ahead, by hand; contracts end when they are due; parts add up to the whole."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from kehujingli.periods import Period, day_of
from kehujingli.studies.activity.spend import NoSpendError, Spend
from kehujingli.studies.money.loss import Rules as LossRates
from kehujingli.studies.money.unsold import unsold
from kehujingli.studies.money.worth import PARTS, fee_rows, margins
from kehujingli.studies.value import NOBODY, Rules, value

OCTOBER = Period.of("2026-10")
LONG_AGO = day_of(dt.date(2015, 1, 1))
RATES = LossRates().by_class
FTP = pd.DataFrame(
    [
        ("deposit", "demand", 20_000),
        ("deposit", "to_1_year", 30_000),
        ("deposit", "over_3_years", 30_000),
        ("loan", "over_3_years", 30_000),
    ],
    columns=["side", "term", "price"],
).assign(valid_from=day_of(dt.date(2026, 1, 1)), source_row=range(2, 6))
"""Prices of funds: demand 2 %, everything else 3 %."""


def _account(
    number: str, kind: str, month: int, window: int, matures: int | None = None, opened: int = LONG_AGO
) -> dict[str, Any]:
    """An account at no interest whose averages of the month and of twelve months are these, 分."""
    return {
        "account_id": number,
        "customer_id": number[:2],
        "branch_id": "801001",
        "kind": kind,
        "rate": 0,
        "matures_on": matures,
        "balance": month,
        "average_month": None,
        "product_month": month * 31,
        "known_month": True,
        "product_window": window * 365,
        "known_window": True,
        "opened": opened,
        "closed": 2**31,
    }


def _loan(number: str, balance: int, due: int, five_class: str = "normal") -> dict[str, Any]:
    """A loan at 5 % on the books since long ago."""
    told = {"loan_id": number, "customer_id": number[:2], "branch_id": "801001", "product": "农户贷款", "rate": 50_000}
    return told | {
        "issued_on": LONG_AGO,
        "due_on": due,
        "balance": balance,
        "five_class": five_class,
        "status": "on_book",
    }


def _frame(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(rows).convert_dtypes()


def _parts(accounts: pd.DataFrame, loans: pd.DataFrame) -> dict[str, int]:
    rows, _ = margins(accounts, loans, None, FTP, RATES, OCTOBER, 12)
    return {name: int(rows[name].sum()) for name in PARTS}


NO_LOAN = _loan("C9-1", 0, OCTOBER.last + 9)


def test_a_current_balance_goes_on_as_it_went() -> None:
    """10,000 元 this month, 8,000 in twelve: 12,000 in the year ahead, at 2 % 240 元; now 200 a year."""
    told = _parts(_frame(_account("C1-1", "demand", 1_000_000, 800_000)), _frame(NO_LOAN))
    assert (told["now_deposits"], told["next_current"]) == (20_000, 24_000)
    falling = _parts(_frame(_account("C1-1", "demand", 100_000, 800_000)), _frame(NO_LOAN))
    assert falling["next_current"] == 0, "never below nothing"
    opened = _account("C1-1", "demand", 1_000_000, 80_000, opened=OCTOBER.first)
    assert _parts(_frame(opened), _frame(NO_LOAN))["next_current"] == 20_000, "no year behind it tells no way it goes"


def test_a_term_deposit_is_a_contract_and_brings_nothing_after_it_is_due() -> None:
    """10,000 元 at 3 %: 300 a year, due in 73 days 60, due in two years 300, whatever its average was."""
    for days, brought in ((73, 6_000), (730, 30_000), (0, 0)):
        term = _account("C1-1", "term", 1_000_000, 0, OCTOBER.last + days)
        told = _parts(_frame(term), _frame(NO_LOAN))
        assert (told["next_term"], told["next_current"]) == (brought, 0)
        assert told["now_deposits"] == 30_000


def test_a_loan_brings_until_it_is_due_and_past_it_only_loss() -> None:
    """10,000 元 at 5 − 3 %, 0.3 % loss: 200 and 30 a year, due in 73 days 40 and 6; past due and 次级 nothing and 2,500."""
    nothing = _frame(_account("C9-1", "demand", 0, 0))
    told = _parts(nothing, _frame(_loan("C1-1", 1_000_000, OCTOBER.last + 73)))
    assert (told["now_loans"], told["now_loss"], told["next_loans"], told["next_loss"]) == (20_000, 3_000, 4_000, 600)
    past = _parts(nothing, _frame(_loan("C1-1", 1_000_000, OCTOBER.last - 5, "substandard")))
    assert (past["next_loans"], past["next_loss"]) == (0, 250_000)


def _fee(who: str | None, day: dt.date | None, amount: int, said: str | None = None) -> dict[str, Any]:
    return {"customer_id": who, "date": day and day_of(day), "period": said, "product": "短信费", "amount": amount}


def test_fees_are_those_of_twelve_months() -> None:
    rows = [_fee("C1", dt.date(2025, 10, 31), 1), _fee("C1", dt.date(2025, 11, 1), 2), _fee("C1", None, 4, "2026年9月")]
    fees = pd.DataFrame(rows).assign(source_row=2).astype({"date": "Int64"})
    assert fee_rows(fees, OCTOBER)[0]["now_fees"].sum() == 6


def test_a_fee_of_no_month_is_told_and_one_of_a_month_under_way_is_of_its_last_day() -> None:
    rows = [_fee("C1", None, 1, "2026-10"), _fee("C1", None, 2, "上次"), _fee("C1", None, 4, None)]
    fees = pd.DataFrame(rows).assign(source_row=[2, 3, 4]).astype({"date": "Int64"})
    under_way = Period(OCTOBER.month, dt.date(2026, 10, 20))
    for period in (OCTOBER, under_way):
        told, (found,) = fee_rows(fees, period)
        assert told["now_fees"].sum() == 1
        assert (found.code, found.count) == ("study.fee-period", 2)
        assert "第 3、4 行" in found.message
    assert "study.fee-period" in [one.code for one in _asked(fees=fees).findings]


def test_a_loan_written_off_has_what_it_brought_until_then() -> None:
    """10,000 元 a month ago, off the books now: half of it on average, at 5 − 3 % 100 元 a year, expected loss 15; nothing ahead."""
    nothing = _frame(_account("C9-1", "demand", 0, 0))
    then = _loan("C1-1", 1_000_000, OCTOBER.last + 300)
    rows, findings = margins(
        nothing, _frame(NO_LOAN, then | {"status": "written_off"}), _frame(then), FTP, RATES, OCTOBER, 12
    )
    sums = rows[list(PARTS)].sum()
    assert (sums["now_loans"], sums["now_loss"], sums["next_loans"], sums["next_loss"]) == (10_000, 1_500, 0, 0)
    assert [one.code for one in findings] == ["study.loan-off"]


def _classes(count: int) -> pd.DataFrame:
    """Customers of one kind: some come on and on, some have stopped, the last ten did nothing; every third of another branch and without a manager."""
    rows: list[tuple[Any, ...]] = []
    for n in range(count):
        days, until = (4 + 5 * (n % 17), n % 9) if n % 3 else (2 + n // 3, max(0, 330 - 16 * (n // 3)))
        last = OCTOBER.last
        seen = (days, last - 364, last - until, 1_000 * (n % 7 + 1) * days) if n < count - 10 else (0, None, None, 0)
        rows.append((f"C{n:02d}", *seen))
    frame = pd.DataFrame(rows, columns=["customer_id", "active_days", "first_active", "last_active", "turnover"])
    frame = frame.astype({"first_active": "Int64", "last_active": "Int64"})
    other = frame.index % 3 == 0
    return frame.assign(
        customer_name="甲",
        customer_type="person",
        customer_group="farmer",
        group="mobile/small",
        branch_id=pd.Series("801001", frame.index).where(~other, "801002"),
        branch_name=pd.Series("城关", frame.index).where(~other, "东关"),
        transactions=0,
        loan_balance=0,
        manager_name=pd.Series("王", frame.index).where(~other, None),
        holder_id=pd.Series("M1", frame.index).where(~other, None),
    )


def test_what_is_not_sold_is_what_others_like_her_bring() -> None:
    """Ten of forty hold a product that brings each 200 元: 25 % × 200 = 50 for each of the thirty without; with fewer holders nothing is said."""
    classes = _classes(40)
    rows = pd.DataFrame({"customer_id": classes["customer_id"].head(10), "product": "存款 定期"})
    rows = rows.assign(**dict.fromkeys(PARTS, 0)).assign(now_deposits=20_000)
    told, left = unsold(rows, classes, 30, 10)
    assert told[["customers", "holders", "share", "each", "gap", "unsold"]].iloc[0].tolist() == [
        40,
        10,
        0.25,
        20_000,
        5_000,
        150_000,
    ]
    assert left["C00"] == 0
    assert left["C10"] == 5_000
    assert left.sum() == 150_000
    for few in ((30, 11), (41, 10)):
        told, left = unsold(rows, classes, *few)
        assert told.empty
        assert left.sum() == 0


def test_who_holds_a_product_that_brings_nothing_is_not_told_to_take_it() -> None:
    """Ten bring 200 each, an eleventh nothing (her rate is the price): 2,000 ÷ 40 = 50 for each of the other twenty-nine."""
    classes = _classes(40)
    rows = pd.DataFrame({"customer_id": classes["customer_id"].head(11), "product": "存款 定期"})
    rows = rows.assign(**dict.fromkeys(PARTS, 0)).assign(now_deposits=[20_000] * 10 + [0])
    told, left = unsold(rows, classes, 30, 10)
    assert told[["holders", "each", "gap", "unsold"]].iloc[0].tolist() == [11, 18_182, 5_000, 145_000]
    assert left["C10"] == 0
    assert left["C11"] == 5_000


def test_what_is_due_within_a_year_is_of_the_books() -> None:
    loans = _frame(
        _loan("C1-1", 1_000_000, OCTOBER.last + 30), _loan("C2-1", 5_000_000, OCTOBER.last + 30) | {"status": "swapped"}
    )
    assert "贷款 10,000.00 元，到期以后的没有算" in _asked(loans=loans).lines[-1]


def _asked(months: int = 12, **more: Any) -> Any:
    classes = _classes(60)
    accounts = _frame(*(_account(f"C{n:02d}", "demand", 10_000 * n, 9_000 * n) for n in range(60)))
    accounts = accounts.assign(customer_id=accounts["account_id"])
    loans = _frame(*(_loan(f"C{n:02d}", 77_700 * n, OCTOBER.last + 11 * n) for n in range(20)))
    loans = loans.assign(customer_id=loans["loan_id"])
    rows = [_fee(f"C{n:02d}", dt.date(2026, 3, 9), 333 + n) for n in range(0, 60, 2)] + [
        _fee(None, dt.date(2026, 3, 9), 77)
    ]
    fees = pd.DataFrame(rows).assign(source_row=2).astype({"date": "Int64"})
    given = {"accounts": accounts, "loans": loans, "ftp": FTP, "fees": fees} | more
    segment = (None, SimpleNamespace(window_months=months))
    return value(classes, **given, period=OCTOBER, segment=segment, rules=Rules(), loss_rates=RATES)


def test_customers_groups_managers_and_branches_add_up_to_the_same_whole() -> None:
    told = _asked()
    whole = {}
    for name in ("value", "value_branches", "value_managers", "value_customers"):
        frame = told.frames[name]
        sums = frame[[*PARTS, "unsold", "now", "next", "worth", "next_turnover"]].sum()
        assert sums["now"] == sums["now_deposits"] + sums["now_loans"] + sums["now_fees"] - sums["now_loss"]
        assert sums["worth"] == sums["next"] + sums["unsold"]
        whole[name] = sums.astype("int64").to_dict()
    assert whole["value"] == whole["value_branches"] == whole["value_managers"] == whole["value_customers"]
    assert told.frames["value_branches"]["customers"].sum() == 60, "fees of nobody are no customer"
    assert told.frames["value_branches"].set_index("part").loc[NOBODY, "now_fees"] == 77
    assert whole["value"]["unsold"] == told.frames["value_unsold"]["unsold"].sum()


def _spent(*rows: tuple[str, str | None, int]) -> pd.DataFrame:
    """Months, branch, 分 of wages by 户数."""
    told = [(said, branch, None, "人员工资", "customers", cents, 2 + n) for n, (said, branch, cents) in enumerate(rows)]
    return pd.DataFrame(
        told, columns=["period", "branch_id", "manager_id", "kind", "driver", "amount", "source_row"]
    ).astype({"amount": "Int64"})


def test_costs_of_the_month_twelve_times_come_off_what_is_brought() -> None:
    """40 customers of a branch share 60 元 of the month and 20 of the quarter's 60: 80 ÷ 40 × 12 = 24 元 a year each; 5 元 are of no branch."""
    rows = (("2026-10", "801001", 60_00), ("2026年四季度", "801001", 60_00), ("2026-10", None, 5_00))
    told = _asked(costs=_spent(*rows))
    people = told.frames["value_customers"].set_index("customer_id")
    assert people.loc["C40", "cost"] == 24_00
    assert people.loc["C40", "now_net"] == people.loc["C40", "now"] - 24_00
    assert people.loc["C40", "worth_net"] == people.loc["C40", "worth"] - 24_00
    assert people.loc[NOBODY, "cost"] == 60_00, "5 元 a month"
    for name in ("value", "value_branches", "value_managers", "value_customers"):
        assert told.frames[name]["cost"].sum() == 85_00 * 12
    assert [one.code for one in told.findings if one.code.startswith("study.cost")] == ["study.cost-whose"]
    (line,) = [one for one in told.lines if one.startswith("费用")]
    assert line.startswith("费用  本月 × 12 = 1,020.00 元")


def test_without_costs_nothing_is_said_to_be_after_them() -> None:
    told = _asked()
    assert told.frames["value"][["cost", "now_net", "worth_net"]].isna().all(axis=None)
    assert "费用  缺" in "".join(told.lines)


def test_fees_and_turnover_ahead_go_with_the_days_that_are_expected() -> None:
    """Who did nothing in the window is expected to do nothing; nobody's fees are not expected again."""
    people = _asked().frames["value_customers"].set_index("customer_id")
    silent, busy = people.loc["C58"], people.loc["C40"]  # 34 days of business
    assert (silent["now_fees"], silent["next_fees"], silent["next_turnover"]) == (391, 0, 0)
    assert busy["next_fees"] == round(busy["now_fees"] * busy["comings"] / 34)
    assert people.loc[NOBODY, "next_fees"] == 0
    assert ((people["alive"].dropna() >= 0) & (people["alive"].dropna() <= 1)).all()


def test_days_of_a_shorter_window_are_set_against_as_many_of_the_year() -> None:
    """34 days of business in the 184 from May to October are 34 × 365 ÷ 184 a year."""
    busy = _asked(months=6).frames["value_customers"].set_index("customer_id").loc["C40"]
    assert busy["next_fees"] == round(busy["now_fees"] * busy["comings"] / 34 * 184 / 365)


def test_turnover_ahead_is_what_is_expected_each_time_not_her_own_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    """p = 2, q = 3, γ = 40.00: C40 came 34 days with 60.00 each, so 2 × (40 + 34 × 60) ÷ (2 × 34 + 2) = 59.43 a day."""
    monkeypatch.setattr("kehujingli.studies.value.fit_spend", lambda *_: Spend(2, 3, 40_00, 0))
    busy = _asked().frames["value_customers"].set_index("customer_id").loc["C40"]
    assert busy["next_turnover"] == round(busy["comings"] * 2 * (40_00 + 34 * 60_00) / 70)


def test_without_prices_or_business_what_rests_on_them_is_missing_never_zero() -> None:
    bare = _asked(ftp=None).frames["value"].iloc[0]
    assert bare[["now_deposits", "next_loans", "now", "next", "worth"]].isna().all()
    assert bare["now_fees"] > 0
    no_fees = _asked(fees=None).frames["value"].iloc[0]
    assert no_fees[["now_fees", "next_fees"]].isna().all()
    assert no_fees["worth"] > 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda classes: classes.assign(turnover=0), "study.spend-few"),
        (lambda classes: classes.assign(turnover=500 * classes["active_days"]), "study.spend-flat"),
        (lambda classes: classes.head(20).assign(active_days=classes["active_days"].clip(upper=1)), "study.rhythm-few"),
        (
            lambda classes: classes.assign(turnover=classes["active_days"] * (classes["active_days"] ** 2 + 100)),
            "study.spend-together",
        ),
    ],
)
def test_what_cannot_be_expected_is_said(change: Any, code: str) -> None:
    segment = (None, SimpleNamespace(window_months=12))
    told = value(change(_classes(60)), period=OCTOBER, segment=segment, rules=Rules(), loss_rates=RATES)
    assert code in [one.code for one in told.findings]
    if code != "study.spend-together":
        assert told.frames["value"]["next_turnover"].isna().all()


def test_amounts_that_have_no_mean_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: Any) -> None:
        raise NoSpendError("heavy")

    monkeypatch.setattr("kehujingli.studies.value.fit_spend", none)
    told = _asked()
    assert "study.spend-heavy" in [one.code for one in told.findings]
    assert told.frames["value"]["next_turnover"].isna().all()
    assert told.frames["value"]["next_fees"].sum() > 0, "fees go with days, not with amounts"
