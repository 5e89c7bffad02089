"""Do 回避 and 轮岗 reach the month's plan from the files: the table as it is typed, and since when by 业绩归属?"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from months import CUSTOMERS, LOANS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, reckon, workspace

from kehujingli.lists.plan import advised
from kehujingli.month.trials import worth_a_manager

LENT = dt.date(2026, 10, 1)
DUE = dt.date(2027, 10, 1)


def test_a_conflict_and_six_years_move_a_customer_each_and_an_undated_one_stays(tmp_path: Path) -> None:
    """The plan of November begins six years to the day after C1 was given to M1."""
    people = [customer(number, holder="M1") for number in ("C1", "C2", "C3")]
    loans = [[f"L{n}", f"C{n}", LENT, DUE, 50_000, "正常", 0, None, None] for n in (1, 2, 3)]
    files = {
        "客户信息.xlsx": [CUSTOMERS, *people],
        "台账_20261031.xlsx": [LOANS, *loans],
        "名册.xlsx": [MANAGERS, manager("M1"), manager("M2", since=LONG_AGO)],
        "流水.xlsx": [TRANSACTIONS, post(dt.date(2026, 10, 31), "C9", 1)],
        "业绩归属.xlsx": [
            ["客户号", "条线", "工号", "生效日期", "审批人"],
            ["C1", "全部", "M1", dt.date(2020, 11, 1), "刘主任"],
        ],
        "回避.xlsx": [["客户经理", "客户号", "回避事由"], ["经理M1", "C2", "配偶"]],
    }
    month = reckon(workspace(tmp_path, files, {"[assign]\n": "[assign]\nrotate_years = 6\n"}), "2026-10")
    told = month.plan.customers.set_index("customer_id")
    assert told["assigned_manager"].to_dict() == {"C1": "M2", "C2": "M2", "C3": "M1"}
    assert told.loc["C1", "reason"].startswith("调整，原管户经理 M1 轮岗（已管 6 年）：")
    assert told.loc["C2", "reason"].startswith("调整，原管户经理 M1 回避：配偶：")
    assert [found.count for found in month.plan.findings if found.code == "assign.rotate-unknown"] == [1]


@pytest.mark.parametrize(
    ("own_line", "said"),
    [
        ("false", "加 1 人（负债岗，上限 3 折算户）：多管 2 户（贷款户 2）、2 折算户"),
        ("true", "加 1 人（资产岗，上限 1 折算户）：多管 1 户（贷款户 1）、1 折算户"),
    ],
)
def test_whom_to_hire_is_of_the_post_that_serves_most(tmp_path: Path, own_line: str, said: str) -> None:
    """Six small borrowers; M1 (资产) has room for one, M2 (负债) for three. Two are left, whom another of 负债 takes; where everybody keeps to
    his line M2 takes none of them, and another of 资产 takes one of five."""
    files = {
        "客户信息.xlsx": [CUSTOMERS, *(customer(f"C{n}") for n in range(6))],
        "台账_20261031.xlsx": [LOANS, *([f"L{n}", f"C{n}", LENT, DUE, 5_000, "正常", 0, None, None] for n in range(6))],
        "名册.xlsx": [
            MANAGERS,
            manager("M1", capacity=1, specialism="资产"),
            manager("M2", capacity=3, specialism="负债"),
        ],
        "流水.xlsx": [TRANSACTIONS, post(dt.date(2026, 10, 31), "C9", 1)],
    }
    rules = {"[assign]\n": f"[assign]\nown_line = {own_line}\n"}
    (price,) = worth_a_manager(reckon(workspace(tmp_path, files, rules), "2026-10")).values()
    assert advised(price).startswith(said)
