"""What stands behind an actual: the average that growth comes from, 折算系数, approved 基数, who answers for a loan, who typed a figure."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import run_here
from months import CUSTOMERS, LOANS, LONG_AGO, MANAGERS, TRANSACTIONS, customer, manager, post, workspace

END = dt.date(2026, 10, 31)
YEARLY = ["账号", "客户号", "存款种类", "余额", "年日均", "上年日均", "开户日期", "到期日", "揽存人"]


def _run(root: Path, **files: Any) -> Path:
    """Twelve customers of M1 with a demand account each, C01 with a 保证金 account too; the average of the year is 1,000 元 and of the last 400 元."""
    numbers = [f"C{number:02d}" for number in range(1, 13)]
    accounts = [[f"A{who}", who, "活期", 1000, 1000, 400, LONG_AGO, None, "M1"] for who in numbers]
    accounts.append(["B1", "C01", "保证金", 9000, 5000, 0, LONG_AGO, None, "M1"])
    made: dict[str, Any] = {
        "客户信息.xlsx": [CUSTOMERS, *(customer(who, holder="M1") for who in numbers)],
        "存款账户_20261031.xlsx": [YEARLY, *accounts],
        "名册_20261031.xlsx": [MANAGERS, manager("M1"), manager("M2")],
        "流水.xlsx": [TRANSACTIONS, post(END, "C01", 1, number="T1")],
        **files,
    }
    place = workspace(root, made)
    assert run_here("run", "-w", place.root).code in (0, 1)
    return place.root


def _said(root: Path, item: str, *options: str, who: str = "M1") -> str:
    done = run_here("explain", "manager", who, item, "-w", root, *options)
    assert done.code == 0, done.err
    return done.out


def test_a_deposit_s_growth_is_its_average_less_the_baseline(tmp_path: Path) -> None:
    """C01: 1,000 元 and 30 % of 5,000 元 of 保证金, against 400 元."""
    said = _said(_run(tmp_path), "存款年日均净增")
    assert "C01：年日均 2,500.00 元 − 基数 400.00 元 = 2,100.00 元" in said
    assert "C02：年日均 1,000.00 元 − 基数 400.00 元 = 600.00 元" in said
    assert "账户 B1 保证金 年日均 5,000.00 元 × 折算系数 0.3，余额 9,000.00 元" in said


def test_the_weights_are_told_with_the_kinds_that_they_were_put_to(tmp_path: Path) -> None:
    said = _said(_run(tmp_path), "存款年日均净增")
    assert "保证金 1 个账户，年日均合计 5,000.00 元 × 折算系数 0.3" in said
    assert "活期 12 个账户，年日均合计 12,000.00 元 × 折算系数 1" in said
    assert "应解汇款" not in said


def test_all_contributions_are_told_where_asked_and_always_in_json(tmp_path: Path) -> None:
    root = _run(tmp_path)
    assert "其余 2 笔合计 1,200.00 元（--all 全部列出）" in _said(root, "存款年日均净增")
    every = _said(root, "存款年日均净增", "--all")
    assert "C12：年日均" in every
    assert "其余" not in every
    tree = json.loads(_said(root, "存款年日均净增", "--json"))
    (actual,) = (part for part in tree["parts"] if part["said"].startswith("实绩"))
    assert [part["customer_id"] for part in actual["parts"]] == [f"C{number:02d}" for number in range(1, 13)]
    assert sum(Decimal(part["numerator"]) for part in actual["parts"]) == Decimal(actual["numerator"]) == 8700


def test_an_approved_baseline_stands_beside_the_exported_one(tmp_path: Path) -> None:
    header = ["客户号", "指标", "基数", "年度", "审批人"]
    root = _run(tmp_path, **{"基数.xlsx": [header, ["C02", "存款年日均净增", 0.07, 2026, "主任"]]})
    said = _said(root, "存款年日均净增", "--all")
    assert "C02：年日均 1,000.00 元 − 基数 700.00 元 = 300.00 元" in said
    assert "经批准的基数 0.07" in said
    assert "审批 主任，《基数.xlsx》「Sheet1」第 2 行；导出的上年日均 400.00 元 不用" in said


LEFT = ["L1", "C02", LONG_AGO, dt.date(2027, 1, 1), 5000, "次级", 0, "M2", "M1"]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("M1", "责任人 M1 经理M1，责任留存：现在的管户是 M2 经理M2"),
        ("M2", "在管的另有 1 笔责任留在别人名下，不算在这里"),
    ],
)
def test_who_answers_for_a_predecessor_s_loan_is_told_to_both(tmp_path: Path, who: str, expected: str) -> None:
    root = _run(tmp_path, **{"贷款台账_20261031.xlsx": [LOANS, LEFT]})
    assert expected in _said(root, "责任不良贷款率", who=who)


def test_a_typed_figure_stands_beside_the_program_s(tmp_path: Path) -> None:
    typed = [["工号", "考核期间", "存款年日均净增(元)", "数据来源", "审批人"], ["M1", "2026-10", 9000, "补录", "主任"]]
    said = _said(_run(tmp_path, **{"人工填报.xlsx": typed}), "存款年日均净增")
    assert "人工填报 9000（来源 补录，审批 主任），《人工填报.xlsx》「Sheet1」第 2 行" in said
    assert "程序算的是 0.87万，以填报的为准" in said


def test_an_adjustment_names_who_entered_it_and_when(tmp_path: Path) -> None:
    header = ["工号", "考核期间", "指标", "加减分", "发生日期", "事由", "依据文号", "经办人", "审批人", "审批日期"]
    line = [
        "M1",
        "2026-10",
        "合规与档案",
        -2,
        dt.date(2026, 10, 5),
        "迟交",
        "检字5号",
        "张三",
        "李四",
        dt.date(2026, 10, 9),
    ]
    said = _said(_run(tmp_path, **{"加减分.xlsx": [header, line]}), "合规与档案")
    assert "-2 分：迟交（检字5号），发生 2026-10-05，经办 张三，审批 李四 2026-10-09，《加减分.xlsx》" in said


def test_a_leaver_s_item_is_told_from_the_month_that_scored_it_last(tmp_path: Path) -> None:
    gone = [MANAGERS, manager("M2")]
    before = [MANAGERS, manager("M1"), manager("M2")]
    root = _run(tmp_path, **{"名册_20261031.xlsx": before})
    (root / "exports" / "名册_20261031.xlsx").rename(root / "exports" / "名册_20261030.xlsx")
    workspace(
        root,
        {
            "名册_20261130.xlsx": gone,
            "流水11.xlsx": [TRANSACTIONS, post(END.replace(month=11, day=30), "C01", 2, number="T2")],
        },
    )
    assert run_here("run", "-w", root, "--period", "2026-11").code in (0, 1)
    done = run_here("explain", "manager", "M1", "存款年日均净增", "-w", root, "--period", "2026-11")
    assert done.code == 0, done.err
    assert "M1 经理M1（2026-11）没有计分：名册里没有或已离任；最近一次计分在 2026-10" in done.out
    assert "实绩 8,700.00 元，由 12 户的 12 笔合成" in done.out
