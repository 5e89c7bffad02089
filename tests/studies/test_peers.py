"""对标 reckoned by hand: units, months, and what cannot be compared."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from kehujingli.intake.read import read_file
from kehujingli.periods import Period
from kehujingli.studies.peers import peers
from kehujingli.studies.study import Answer

FIGURES = pd.DataFrame(
    [("npl", "不良率", "0.029"), ("loans", "贷款余额", "10556600000"), ("customers", "客户总数", "5000")],
    columns=["key", "label", "value"],
).assign(lacks="")


def ask(*told: tuple[Any, ...]) -> Answer:
    frame = pd.DataFrame(told, columns=["period", "institution", "item", "peer_value", "unit"])
    return peers(FIGURES, frame.assign(source="通报", source_row=range(2, len(told) + 2)), period=Period.of("2026-10"))


def gaps(told: Answer) -> dict[tuple[str, str], Any]:
    frame = told.frames["peers"]
    return {(row.institution, row.item): row.gap for row in frame.itertuples()}


def test_both_sides_stand_in_one_unit() -> None:
    told = ask(
        ("2026-10", "全市", "不良率", "1.85", "%"),
        ("2026-10", "全市", "贷款余额", "1.2", "亿元"),
        ("2026-10", "邻县", "贷款余额", "9000", "万元"),
        ("2026-10", "全市", "客户总数", "0.6", "万户"),
    )
    assert gaps(told) == {
        ("全市", "不良率"): Decimal("1.05"),
        ("全市", "贷款余额"): Decimal("-0.1443"),
        ("邻县", "贷款余额"): Decimal("1556.6"),
        ("全市", "客户总数"): Decimal("-0.1"),
    }
    assert told.lines[0] == "不良率  本行 2.9，全市 1.85，差 +1.05 个百分点（2026-10）"


def test_the_newest_month_until_the_period_counts() -> None:
    told = ask(
        ("2026年6月", "全市", "不良率", "2", "%"),
        ("202609", "全市", "不良率", "1.5", "%"),
        ("2026-11", "全市", "不良率", "1", "%"),
    )
    assert gaps(told) == {("全市", "不良率"): Decimal("1.4")}


def test_what_cannot_be_compared_is_told_and_not_reckoned() -> None:
    told = ask(
        ("2026-10", "全市", "不良率", "1.85", "万元"),
        ("2026-10", "全市", "电子替代率", "80", "%"),
        ("三季度", "全市", "客户总数", "1", "户"),
        ("2026-10", "邻县", "客户总数", "1", "户"),
        ("2026-10", "邻县", "客户总数", "2", "户"),
    )
    assert {one.code for one in told.findings} == {"study.peers-unit", "study.peers-period", "study.peers-twice"}
    said = told.frames["peers"].set_index("item")["said"].to_dict()
    assert said == {"不良率": "单位对不上", "电子替代率": "本行没有这个数"}
    assert told.frames["peers"]["gap"].isna().all()


def test_a_per_cent_is_a_per_cent_however_its_cell_says_so(tmp_path: Path) -> None:
    """1.85 beside %, the text 1.85%, and 0.0185 shown as 1.85% are one rate; 机构 is as good a head as 对标机构."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["期间", "机构", "指标", "数值", "单位", "来源"],
        ["2026-10", "全市", "不良率", 1.85, "%", "通报"],
        ["2026-10", "邻县", "不良率", "1.85%", "%", "通报"],
        ["2026-10", "甲行", "不良率", 0.0185, "%", "通报"],
        ["2026年10月", "全市", "客户总数", 6000, "户", "通报"],
    ):
        sheet.append(row)
    sheet["D4"].number_format = "0.00%"
    book.save(tmp_path / "对标.xlsx")
    (read,) = read_file(tmp_path / "对标.xlsx", "对标.xlsx")
    assert read.table == "peers"
    assert read.accepted is not None
    frame = read.accepted.table.to_pandas().rename(columns={"row": "source_row"})
    told = peers(FIGURES, frame, period=Period.of("2026-10"))
    rates = {(name, "不良率"): Decimal("1.05") for name in ("全市", "邻县", "甲行")}
    assert gaps(told) == rates | {("全市", "客户总数"): Decimal(-1000)}
    assert set(told.frames["peers"]["period"]) == {"2026-10"}
