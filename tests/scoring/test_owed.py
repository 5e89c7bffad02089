"""What is owed to whom, and when? Lines that add up to the pay, and clawbacks that stand beside them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from months import ACCOUNTS, CUSTOMERS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, reckon, workspace

from kehujingli.scoring.lines import period_in
from kehujingli.scoring.owed import columns_of, owed
from kehujingli.scoring.settlement import ledger


def _lines(folder: Path) -> pd.DataFrame:
    typed = {
        "责任不良贷款率": 0,
        "到期贷款收回率": 1,
        "利息收回率": 0.98,
        "存款年日均净增": 90,
        "贷款户数净增": 9,
        "中间业务收入": 9,
        "睡眠户激活": 25,
        "走访计划完成率": 1,
    }
    aims = {"存款年日均净增": 100, "贷款户数净增": 10, "中间业务收入": 10}
    files = {
        "客户信息.xlsx": [CUSTOMERS, customer("C1", holder="M1")],
        "存款账户_20261031.xlsx": [ACCOUNTS, ["AC1", "C1", "活期", 1, 0, LONG_AGO, None, None]],
        "名册.xlsx": [MANAGERS, manager("M1")],
        "流水.xlsx": [TRANSACTIONS, post(dt.date(2026, 10, 31), "C1", 1, 1)],
        "人工填报.xlsx": [
            ["工号", "考核期间", *typed, "来源", "审批人"],
            ["M1", "2026-10", *typed.values(), "系统", "乙"],
        ],
        "任务数.xlsx": [
            ["工号", "指标", "任务数", "期间"],
            *(["M1", item, value, "2026"] for item, value in aims.items()),
        ],
        "加减分.xlsx": [
            ["工号", "考核期间", "指标", "加减分", "金额", "事由", "依据文号", "经办人", "审批人"],
            ["M1", "2026-10", "扣回", None, -500, "虚增存款", "示稽〔2026〕3号,追2026年3月", "甲", "乙"],
        ],
    }
    month = reckon(workspace(folder, files, {"advance = 0.60": "advance = 0.50"}), "2026-10")
    assert month.scores.managers[0].pay == Decimal("4000.00")
    return ledger(month.scores, month.period)


def test_a_pay_is_paid_settled_and_deferred_to_the_cent(tmp_path: Path) -> None:
    lines = _lines(tmp_path)
    assert [(row.kind, row.due, row.amount) for row in lines.itertuples() if row.kind != "clawback"] == [
        ("paid", "2026-10", Decimal("2000.00")),
        ("settled", "2026-12", Decimal("400.00")),
        ("deferred", "2027-12", Decimal("533.33")),
        ("deferred", "2028-12", Decimal("533.33")),
        ("deferred", "2029-12", Decimal("533.34")),
    ]


def test_a_clawback_is_a_line_below_zero_that_names_the_month_it_takes_from(tmp_path: Path) -> None:
    (line,) = (row for row in _lines(tmp_path).itertuples() if row.kind == "clawback")
    assert (line.amount, line.linked, line.due) == (Decimal("-500"), "2026-03", "2026-10")


def test_what_is_owed_in_a_year_is_summed_over_periods(tmp_path: Path) -> None:
    lines = _lines(tmp_path)
    twice = owed(columns_of(pd.concat([lines, lines.assign(period="2026-11")])), 2027)
    assert [(row.manager_id, row.due, row.amount) for row in twice] == [("M1", "2027-12", Decimal("1066.66"))]


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("示稽〔2026〕3号，追2026年3月", "2026-03"),
        ("追202603绩效", "2026-03"),
        ("追2026-3", "2026-03"),
        ("20260105号", ""),
        ("示稽20260105号", ""),
        ("示稽2026年3号", ""),
        ("示稽2026年13号", ""),
        ("第9912-05条", ""),
    ],
)
def test_a_documents_number_is_no_month(text: str, month: str) -> None:
    assert period_in(text) == month
