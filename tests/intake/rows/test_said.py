"""What is said of a sheet that is read, and of the rows that are not? Each as ``check`` says it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import run_here, write_xlsx

ACCOUNTS = ["账号", "客户号", "存款种类", "余额"]
LOANS = ["借据编号", "客户号", "贷款余额", "五级分类"]
CUSTOMERS = ["客户号", "客户名称", "客户类型", "证件号码"]
POSTINGS = ["交易日期", "客户号", "借贷标志", "交易金额"]
DAY = "2026-10-20"


def _said(tmp_path: Path, *grid: list[Any]) -> dict[str, Any]:
    """The one file's record."""
    path = write_xlsx(tmp_path / "导出.xlsx", grid)
    return dict(run_here("check", path, "--json").json["files"][0])


@pytest.mark.parametrize(
    ("code", "words", "grid"),
    [
        pytest.param(
            "intake.average-ambiguous",
            "“日均余额”没有说明是月日均、年日均、上年日均中的哪一种",
            [[*ACCOUNTS, "日均余额"], ["A1", "C1", "活期", 1, 2]],
            id="an average of nobody knows which days",
        ),
        pytest.param(
            "intake.rate-percent",
            "“执行利率”没有写单位，按百分数读入",
            [[*ACCOUNTS, "执行利率"], ["A1", "C1", "活期", 1, 1.5], ["A2", "C1", "定期", 1, 2.75]],
            id="rates that can be per cents only",
        ),
        pytest.param(
            "intake.unit-usual",
            "“资本净额”没有写单位，按万元读入",
            [["日期", "资本净额", "一级资本净额(万元)"], ["2026-09-30", 80_000, 65_000]],
            id="capital that nobody writes in 元",
        ),
        pytest.param("intake.empty", "认作客户信息，但没有数据行", [CUSTOMERS], id="a header and nothing under it"),
        pytest.param(
            "intake.code-unknown",
            "“五级分类”的“尚可”不认识，该格按空处理",
            [LOANS, ["L1", "C1", 100, "尚可"], ["L2", "C1", 100, "正常"]],
            id="a class that there is not",
        ),
        pytest.param(
            "intake.id-cleaned",
            "“客户号”有 2 个带着引号、制表符、空格、看不见的字符或全角字符",
            [CUSTOMERS, ["'C1", "甲", "个人", None], ["C2\t", "乙", "个人", None], ["C3", "丙", "个人", None]],
            id="what clings to numbers",
        ),
        pytest.param(
            "intake.id-check",
            "的校验位不对",
            [CUSTOMERS, ["C1", "甲", "个人", "110105194912310021"]],
            id="a resident id whose check digit should be X",
        ),
    ],
)
def test_it_is_said_and_no_row_is_refused(tmp_path: Path, code: str, words: str, grid: list[list[Any]]) -> None:
    file = _said(tmp_path, *grid)
    (told,) = [told for told in file["findings"] if told["code"] == code]
    assert words in told["message"]
    assert (file["rows"], file["accepted"]) == (len(grid) - 1, len(grid) - 1)


def test_a_posting_without_its_side_is_refused_with_its_money(tmp_path: Path) -> None:
    file = _said(tmp_path, POSTINGS, [DAY, "C1", "贷", 100], [DAY, "C1", None, 7])
    (told,) = [told for told in file["findings"] if told["code"] == "intake.direction-missing"]
    assert (told["level"], told["cell"]) == ("refused", "C3")
    assert (file["rows"], file["accepted"], file["rejected"]) == (2, 1, 1)
    assert file["rejected_totals"]["amount"] == "7.00"


def test_an_id_number_that_is_wrong_is_not_shown_whole(tmp_path: Path) -> None:
    file = _said(tmp_path, CUSTOMERS, ["C1", "甲", "个人", "110105194912310021"])
    (told,) = [told for told in file["findings"] if told["code"] == "intake.id-check"]
    assert "19491231" not in told["message"]
