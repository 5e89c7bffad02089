"""三性 of a book reckoned by hand: 1,000 元 of deposits, 600 of loans."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd

from kehujingli.periods import Period, day_of
from kehujingli.studies.soundness import Rules, soundness

OCTOBER = Period.of("2026-10")
SEGMENT: Any = (None, SimpleNamespace(window_months=12))


def accounts(**changed: Any) -> pd.DataFrame:
    """A: 400 on demand at 0.2 %, B: 600 for a term at 2 % until 15 November; the month's averages are 400 and 500."""
    frame = pd.DataFrame(
        {
            "account_id": ["1", "2"],
            "customer_id": ["A", "B"],
            "kind": ["demand", "term"],
            "balance": [400_00, 600_00],
            "rate": [2_000, 20_000],
            "matures_on": [None, day_of(date(2026, 11, 15))],
            "average_month": [400_00, None],
            "product_month": [0, 500_00 * 31],
            "known_month": [False, True],
        }
    )
    frame = frame.assign(**changed)
    return frame.astype({"average_month": "Int64", "matures_on": "Int64", "rate": "Int64"})


def loans() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": ["A", "B", "B"],
            "balance": [300_00, 200_00, 100_00],
            "rate": [60_000, 48_000, 48_000],
            "five_class": ["normal", "doubtful", "special_mention"],
            "overdue_days": [0, 200, 91],
            "due_on": [day_of(date(2027, 1, 31)), day_of(date(2026, 4, 1)), day_of(date(2028, 1, 1))],
            "status": None,
        }
    )


def people() -> pd.DataFrame:
    rows = [("A", "甲", "person", "城关", "M1", "高娜"), ("B", "乙", "person", "东关", None, None)]
    return pd.DataFrame(
        rows, columns=["customer_id", "customer_name", "customer_type", "branch_name", "holder_id", "manager_name"]
    )


def asked(held: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return dict(soundness(held, loans(), people(), period=OCTOBER, segment=SEGMENT, rules=Rules()).frames)


def test_the_measures() -> None:
    told = asked(accounts())["soundness"].set_index("measure")
    assert told.loc["付息率（近12个月实付）", "verdict"] == "没有12个月含结息的流水"
    assert told["value"].dropna().round(6).to_dict() == {
        "存贷比": 0.6,
        "月末存款偏离度": round(100 / 900, 6),
        "前 10 户存款占比": 1.0,
        "不良贷款占比": round(200 / 600, 6),
        "逾期90天以上与不良之比": 1.5,
        "付息率（本月应付）": round((400 * 0.002 + 500 * 0.02) / 900, 6),
        "期末加权存款利率": round((400 * 0.002 + 600 * 0.02) / 1000, 6),
        "期末加权贷款利率": round((300 * 0.06 + 300 * 0.048) / 600, 6),
        "活期占比": 0.4,
    }
    assert told["verdict"].to_dict()["月末存款偏离度"] == "超过"


def test_a_month_average_that_is_not_known_leaves_the_deviation_out() -> None:
    told = asked(accounts(known_month=[False, False]))["soundness"].set_index("measure")
    assert pd.isna(told.loc["月末存款偏离度", "value"])
    assert told.loc["月末存款偏离度", "verdict"] == "有账户算不出月日均"


def test_spans_and_parts_add_up_to_all() -> None:
    """The loan past due stands apart; 15 November is within a month; 31 January within three."""
    told = asked(accounts())
    spans = told["soundness_terms"].set_index("span")
    assert spans["deposits"].to_dict() == {
        "已到期": 0,
        "1个月以内": 600_00,
        "3个月以内": 0,
        "12个月以内": 0,
        "12个月以上": 0,
        "随时可取、没有到期日": 400_00,
    }
    assert [spans.loc[name, "loan_balance"] for name in ("已到期", "3个月以内", "12个月以上")] == [
        200_00,
        300_00,
        100_00,
    ]
    assert spans["gap_so_far"].iloc[-1] == 600_00 - 1000_00
    rates = told["soundness_rates"]
    assert rates.groupby("by")["deposits"].sum().to_dict() == {"客户经理": 1000_00, "机构": 1000_00, "种类": 1000_00}
    assert set(rates.loc[rates["by"] == "客户经理", "part"]) == {"高娜", "未挂户"}


def paid() -> pd.DataFrame:
    """In twelve months A was paid 3 元 on an average of 300, B 9 on 500."""
    return people().assign(interest_paid=[3_00, 9_00], average_deposit_full=[300_00, 500_00])


def cost(classes: pd.DataFrame, held: pd.DataFrame | None = None) -> pd.DataFrame:
    answer = soundness(
        accounts() if held is None else held, loans(), classes, period=OCTOBER, segment=SEGMENT, rules=Rules()
    )
    return answer.frames["soundness_rates"].set_index(["by", "part"])


def test_what_deposits_cost_by_kind_branch_and_manager() -> None:
    """应付 of the month: 400 at 0.2 % is 0.80 a year, 500 at 2 % is 10; 31 days of it are 0.07 and 0.85. 实付 is told of whom it was paid to."""
    told = cost(paid())
    columns = ["average", "accrued", "accrued_rate"]
    assert told.loc[("种类", "活期"), columns].tolist() == [400_00, 7, 0.002]
    assert told.loc[("种类", "定期"), columns].tolist() == [500_00, 85, 0.02]
    assert told.loc[("机构", "东关"), columns].tolist() == [500_00, 85, 0.02]
    assert told.loc[("客户经理", "高娜"), ["interest_paid", "interest_cost"]].tolist() == [3_00, 0.01]
    assert told.loc[("机构", "东关"), ["interest_paid", "interest_cost"]].tolist() == [9_00, 0.018]
    assert told.loc["种类", ["interest_paid", "interest_cost"]].isna().all(axis=None), "利息多收在活期账户，种类分不开"
    assert told.groupby("by")[["average", "accrued"]].sum().to_numpy().tolist() == [[900_00, 92]] * 3


def test_the_cost_of_all_deposits() -> None:
    told = (
        soundness(accounts(), loans(), paid(), period=OCTOBER, segment=SEGMENT, rules=Rules())
        .frames["soundness"]
        .set_index("measure")
    )
    columns = ["value", "numerator", "denominator"]
    assert told.loc["付息率（近12个月实付）", columns].tolist() == [0.015, 12_00, 800_00]
    assert told.loc["付息率（本月应付）", columns].tolist() == [10.8 / 900, 10_80, 900_00], "一年的"


def test_what_cannot_be_told_of_the_cost_is_missing() -> None:
    """No interest among the postings; an account whose average of the month is not known; one without a rate bears none and weighs none."""
    told = cost(people().assign(interest_paid=[None, None], average_deposit_full=[300_00, 500_00]))
    assert told["interest_cost"].isna().all()
    assert pd.isna(cost(paid(), accounts(known_month=[False, False])).loc[("种类", "定期"), "accrued_rate"])
    bare = cost(paid(), accounts(rate=[2_000, None])).loc["机构"]
    assert bare["accrued_rate"].fillna(0).tolist() == [0.0, 0.002]
