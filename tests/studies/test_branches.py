"""网点效能 reckoned by hand, June 2026 (30 days): 活期 at 0.25 % against 1.00 %, so 365,000.00 brings 365,000 × 0.75 % × 30 ÷ 365 = 225.00.

甲社 (城区, 10 people): 730,000.00 of deposits bring 450.00 and cost 300.00. 乙社 (乡镇, 10 people): 73,000.00 bring 45.00 and cost 90.00.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kehujingli.periods import Period, day_of
from kehujingli.studies.branches import Rules, branches
from kehujingli.studies.headcount import Rules as HeadcountRules
from kehujingli.studies.money.loss import Rules as LossRates
from kehujingli.studies.network.quota import Quota, quotas
from kehujingli.studies.study import Answer
from kehujingli.tables.frames import empty

JUNE = Period.of("2026-06")
LONG_AGO = day_of(date(2020, 1, 1))
CLASSES = pd.DataFrame(
    [
        ("C1", "A", "甲社", "frequent/large", 730_000_00, 0),
        ("C2", "A", "甲社", None, 0, 0),
        ("C3", "B", "乙社", "mobile/small", 73_000_00, 20_000_00),
    ],
    columns=["customer_id", "branch_id", "branch_name", "group", "deposit_balance", "loan_balance"],
)
BRANCHES = pd.DataFrame(
    [("A", "甲社", "城区", 10, 3_600_00, 5_000_00, 6.0), ("B", "乙社", "乡镇", 10, 1_080_00, None, 3.0)],
    columns=["branch_id", "branch_name", "kind", "staff", "cost", "profit", "distance_to"],
)
ACCOUNTS = pd.DataFrame(
    [("1", "C1", "A", 730_000_00), ("2", "C3", "B", 73_000_00)],
    columns=["account_id", "customer_id", "branch_id", "balance"],
).assign(kind="demand", rate=2_500, opened=LONG_AGO, matures_on=None, average_month=None, known_month=True)
ACCOUNTS = ACCOUNTS.assign(product_month=ACCOUNTS["balance"] * 30).astype(
    {"matures_on": "Int64", "average_month": "Int64", "rate": "Int64"}
)
PRICES = pd.DataFrame([("deposit", "demand", 10_000, LONG_AGO)], columns=["side", "term", "price", "valid_from"])


def ask(told_of: pd.DataFrame = BRANCHES, rules: Rules | None = None, **more: Any) -> Answer:
    usual: dict[str, Any] = {
        "accounts": ACCOUNTS,
        "loans": empty("loans"),
        "ftp": PRICES.assign(source_row=2),
        "period": JUNE,
        "rules": rules or Rules(),
        "staffing": HeadcountRules(saved=Decimal("0.5")),
        "loss_rates": LossRates().by_class,
    }
    return branches(CLASSES, told_of, **{**usual, **more})


def of(told: Answer, name: str) -> list[dict[str, Any]]:
    rows = told.frames[f"branches_{name}"].astype("object").to_dict("records")
    return [{key: None if pd.isna(value) else value for key, value in row.items()} for row in rows]


def codes(told: Answer) -> list[str]:
    return sorted(one.code for one in told.findings)


def test_what_there_is_by_person() -> None:
    first, second = of(ask(), "people")
    assert (first["customers"], first["each_customers"]) == (1, 0.1), "who is in no class is no customer"
    assert (first["each_deposit"], first["each_loan"], first["each_profit"]) == (73_000_00, 0, 500_00)
    assert (second["each_deposit"], second["each_loan"], second["each_profit"]) == (7_300_00, 2_000_00, None)


def test_even_is_the_business_at_which_what_is_brought_pays_the_cost() -> None:
    first, second = of(ask(), "even")
    assert (first["brought"], first["cost"], first["cost_from"]) == (450_00, 300_00, "机构")
    assert (first["net"], first["ratio"], first["even"]) == (150_00, 1.5, 486_666_67)
    assert (first["short"], first["verdict"]) == (0, "保本")
    assert (second["net"], second["ratio"], second["even"], second["short"]) == (-45_00, 0.5, 146_000_00, 73_000_00)
    assert second["verdict"] == "亏，可试算撤并"
    far = of(ask(BRANCHES.assign(distance_to=[0, 8.0])), "even")[1]
    assert far["verdict"] == "亏，留作三农服务"


def test_costs_of_the_month_go_before_a_twelfth_of_the_year() -> None:
    rows = [("2026-06", "A", None, 200_00), ("2026-06", None, "M2", 60_00), ("2026-05", "B", None, 999_00)]
    costs = pd.DataFrame(rows, columns=["period", "branch_id", "manager_id", "amount"])
    costs = costs.assign(kind="人员", driver="customers", source_row=range(2, 5))
    roster = empty("managers")
    roster.loc[0, ["manager_id", "name", "branch_id"]] = ["M2", "李敏", "B"]
    told = ask(costs=costs, managers=roster)
    assert [(row["cost"], row["cost_from"]) for row in of(told, "even")] == [(200_00, "费用"), (60_00, "费用")]
    assert "study.branches-cost" not in codes(told), "300 and 200, 90 and 60 are near"
    slipped = ask(BRANCHES.assign(cost=[36, 1_080_00]), costs=costs, managers=roster)
    assert "study.branches-cost" in codes(slipped)


def test_costs_that_no_branch_bears_are_told_with_their_sum() -> None:
    """Of head office, of somebody on no roster, and of a branch that is none: 70.00 + 5.00 + 1.00; what the branches bear is as it was."""
    rows = [("A", None, 200_00), (None, None, 70_00), (None, "M9", 5_00), ("Z", None, 1_00)]
    costs = pd.DataFrame(rows, columns=["branch_id", "manager_id", "amount"])
    costs = costs.assign(period="2026-06", kind="人员", driver="customers", source_row=range(2, 6))
    told = ask(costs=costs, managers=empty("managers"))
    (text,) = [one.text for one in told.findings if one.code == "study.branches-cost-lost"]
    assert all(said in text for said in ("76.00 元", "工号 M9", "机构 Z", "没写机构号和工号的"))
    assert [row["cost"] for row in of(told, "even")] == [200_00, None]


def test_a_branch_without_price_cost_or_people_has_none_and_says_why() -> None:
    assert [row["lacks_even"] for row in of(ask(ftp=None), "even")] == ["没有内部资金价格"] * 2
    bare = ask(BRANCHES.drop(columns="cost"))
    assert [(row["lacks_even"], row["net"]) for row in of(bare, "even")] == [("没有费用", None)] * 2
    bad = of(ask(ftp=PRICES.assign(price=1_000, source_row=2)), "even")[0]
    assert (bad["ratio"], bad["lacks_even"], bad["verdict"]) == (None, "贡献不大于零，多大都不保本", "亏")
    odd = ask(accounts=ACCOUNTS.assign(rate=pd.array([None, 2_500], "Int64")))
    assert of(odd, "even")[0]["lacks_even"] == "有存贷款没有价"
    part = Period(JUNE.month, date(2026, 6, 20))
    assert {row["net"] for row in of(ask(period=part), "even")} == {None}
    none = ask(BRANCHES.assign(staff=[None, 10]))
    assert of(none, "people")[0]["each_deposit"] is None
    assert [row["wanted"] for row in of(none, "staff")] == [None, 10]
    assert "study.branches-staff" in codes(none)


def test_fewer_people_than_managers_is_no_number_of_people() -> None:
    roster = empty("managers")
    for place in range(2):
        roster.loc[place, ["manager_id", "name", "branch_id"]] = [f"M{place}", "李敏", "B"]
    told = ask(BRANCHES.assign(staff=[10, 1]), managers=roster)
    assert of(told, "people")[1]["lacks"] == "人数比在岗客户经理还少"


def test_who_looks_after_nobody_is_on_duty_all_the_same() -> None:
    """M0 leads the branch and has a limit of 0; M1 left on the 29th; M2 leaves on the last day."""
    roster = empty("managers")
    for place, (capacity, until) in enumerate([(0, None), (100, JUNE.last - 1), (100, JUNE.last)]):
        roster.loc[place, ["manager_id", "name", "branch_id", "capacity", "until"]] = [
            f"M{place}",
            "李敏",
            "B",
            capacity,
            until,
        ]
    assert [row["managers"] for row in of(ask(managers=roster), "people")] == [0, 2]


def test_a_merge_keeps_and_loses_what_the_rules_say() -> None:
    told = ask(merge=["B=A"])
    gone, stays, after, lost = of(told, "merge")
    assert [row["part"] for row in (gone, stays, after, lost)] == ["撤并", "并入", "合并后", "失去"]
    assert after["deposit_balance"] == 730_000_00 + 65_700_00
    assert (lost["deposit_balance"], lost["loan_balance"]) == (7_300_00, 2_000_00)
    assert (after["brought"], lost["brought"]) == (450_00 + 40_50, 4_50)
    assert (after["cost"], lost["cost"]) == (3_600_00 + 540_00, 540_00)
    assert after["staff"] == 20
    assert "study.branches-far" not in codes(told)
    assert "study.branches-far" in codes(ask(BRANCHES.assign(distance_to=[0, 8.0]), merge=["B=A"]))
    assert "study.headcount-merge" in codes(ask(merge=["B=Z"]))


def shared(change: str, total: int | None = None, floors: tuple[int, int] = (3, 4)) -> Quota:
    """Potential .55 and .45, efficiency 900 : 100 held between .8 and 1.2: weights .66 and .36."""
    return quotas(
        {"A": 10, "B": 10},
        {"A": 50, "B": 50},
        {"A": Fraction(60), "B": Fraction(40)},
        {"A": 900, "B": 100},
        dict(zip("AB", floors, strict=True)),
        Rules(change=change, total=total),
        "volume",
    )


@pytest.mark.parametrize(
    ("change", "floors", "wanted", "held"),
    [
        ("1", (3, 4), [13, 7], ["", ""]),  # 20 × .66 ÷ 1.02 = 12.94
        ("0.2", (3, 4), [12, 8], ["封顶", "保底"]),
        ("1", (3, 9), [11, 9], ["", "保底"]),
    ],
)
def test_people_by_potential_and_efficiency(
    change: str, floors: tuple[int, int], wanted: list[int], held: list[str]
) -> None:
    rows = shared(change, floors=floors).rows
    assert [rows[one]["wanted"] for one in "AB"] == wanted
    assert [rows[one]["held"] for one in "AB"] == held
    assert (rows["A"]["potential"], rows["A"]["efficiency"], rows["B"]["efficiency"]) == (0.55, 1.2, 0.8)


def test_what_does_not_fit_between_the_limits_is_told_and_still_adds_up() -> None:
    given_ = shared("0.2", total=30)
    assert (given_.kept, sum(one["wanted"] for one in given_.rows.values())) == (False, 30)
    assert "study.branches-limits" in codes(ask(rules=Rules(total=40)))


def test_a_rural_branch_keeps_its_least_and_without_kinds_that_is_said() -> None:
    few = BRANCHES.assign(staff=[16, 4])
    rural = of(ask(few, Rules(change="1")), "staff")
    assert (rural[1]["least"], rural[1]["wanted"]) == (4, 8)
    told = ask(few.drop(columns="kind"), Rules(change="1"))
    assert of(told, "staff")[1]["least"] == 3
    assert "study.branches-kind" in codes(told)


@given(
    st.lists(
        st.tuples(st.integers(1, 40), st.integers(0, 500), st.integers(0, 900), st.integers(-50, 900)),
        min_size=1,
        max_size=9,
    ),
    st.sampled_from(["0", "0.1", "0.5", "1"]),
)
@settings(max_examples=40, deadline=None)
def test_people_add_up_exactly_and_keep_their_limits(rows: list[tuple[int, int, int, int]], change: str) -> None:
    staff, customers, load, values = ({f"{place}": row[part] for place, row in enumerate(rows)} for part in range(4))
    given_ = quotas(
        staff,
        customers,
        {one: Fraction(due) for one, due in load.items()},
        values,
        dict.fromkeys(staff, 1),
        Rules(change=change),
        "",
    )
    assert sum(one["wanted"] for one in given_.rows.values()) == sum(staff.values())
    assert not given_.kept or all(one["least"] <= one["wanted"] <= one["most"] for one in given_.rows.values())
