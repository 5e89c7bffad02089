"""The payroll file: written whole and adding up, or not at all; a month that may still change is told."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from conftest import Ran

from kehujingli.lists.main import PAY_COLUMNS

RULES = """
[studies.payroll]
columns = [
    { name = "编号", value = "工号" },
    { name = "姓名", value = "姓名" },
    { name = "工资项目", text = "绩效" },
    { name = "金额", value = "实际兑付" },
]
"""


def _month(root: Path, paid: dict[str, str | None], rules: str = RULES, **manifest: Any) -> Path:
    """A workspace whose month 2026-10 left just this pay."""
    home = root / "periods" / "2026-10"
    (home / "data").mkdir(parents=True)
    (root / "rules").mkdir()
    (root / "rules" / "2026-01-01.toml").write_text(rules, encoding="utf-8")
    told: dict[str, Any] = {
        "period": "2026-10",
        "as_of": "2026-10-31",
        "rules": {"path": "2026-01-01.toml", "sha256": ""},
        "inputs": [],
        "outputs": [],
    }
    (home / "manifest.json").write_text(json.dumps(told | manifest), encoding="utf-8")
    rows = [
        dict.fromkeys(PAY_COLUMNS)
        | {"manager_id": who, "name": "高娜", "branch_id": "801001", "duty_share": "31/31"}
        | {"pay": None if amount is None else Decimal(amount), "paid": None if amount is None else Decimal(amount)}
        for who, amount in paid.items()
    ]
    pd.DataFrame(rows).astype("object").to_parquet(home / "data" / "pay.parquet")
    pd.DataFrame({"manager_id": list(paid)}).to_parquet(home / "data" / "managers.parquet")
    return root


PAID = {"0012": "0.10", "0013": "0.20", "0014": "1234567.89"}


def test_a_workbook_holds_the_rows_alone_and_adds_up(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    root, file = _month(tmp_path / "w", PAID), tmp_path / "发薪.xlsx"
    ran = cli("payroll", "2026-10", "-w", root, "-o", file)
    assert ran.code == 1
    assert "3 行，合计 1,234,568.19 元；绩效薪酬的实际兑付 1,234,568.19 元，两者相等" in ran.out
    assert "2026-10 是试算稿，没有关账" in ran.err
    sheets = openpyxl.load_workbook(file).worksheets
    assert [list(row) for row in sheets[0].iter_rows(values_only=True)] == [
        ["编号", "姓名", "工资项目", "金额"],
        ["0012", "高娜", "绩效", 0.1],
        ["0013", "高娜", "绩效", 0.2],
        ["0014", "高娜", "绩效", 1234567.89],
    ]
    assert len(sheets) == 1
    noted = json.loads((root / "日志" / "日志.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (noted["deed"], noted["sha256"]) == ("payroll", hashlib.sha256(file.read_bytes()).hexdigest())


def test_a_csv_speaks_the_encoding_of_the_rules_and_keeps_noughts(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    root = _month(tmp_path / "w", PAID, RULES + 'encoding = "gb18030"\n')
    cli("payroll", "-w", root, "-o", tmp_path / "出", "--format", "csv")
    with (tmp_path / "出" / "发薪_2026-10.csv").open(encoding="gb18030", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1] == ["0012", "高娜", "绩效", "0.10"]
    assert sum(Decimal(row[3]) for row in rows[1:]) == Decimal("1234568.19")


def test_a_file_that_would_not_add_up_is_never_there(
    tmp_path: Path, cli: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kehujingli.workbooks import payroll as written

    whole = written.write_payroll

    def short(path: Path, told: Any, rules: Any) -> None:
        whole(path, type(told)(told.headers, told.rows[1:], told.due, told.findings), rules)

    monkeypatch.setattr(written, "write_payroll", short)
    file = tmp_path / "发薪.csv"
    ran = cli("payroll", "-w", _month(tmp_path / "w", PAID), "-o", file)
    assert ran.code == 4
    assert "差 -0.10 元，没有写出" in ran.err, "payroll.sum"
    assert not file.exists()


def test_nobody_to_be_paid_is_no_file_and_a_trial_is_told(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    ran = cli("payroll", "-w", _month(tmp_path / "a", {"0012": None}), "-o", tmp_path / "a.xlsx")
    assert (ran.code, (tmp_path / "a.xlsx").exists()) == (4, False)
    assert "没有一人有可付的绩效" in ran.err, "payroll.nobody"
    tried = _month(tmp_path / "b", PAID, findings=[{"code": "score.trial-plan"}])
    codes = [one["code"] for one in cli("payroll", "-w", tried, "--json").json["findings"]]
    assert codes == ["payroll.draft", "payroll.trial"]


def test_a_closed_month_goes_out_without_a_word(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    root = _month(tmp_path / "w", PAID)
    closed = {"period": "2026-10", "state": "closed", "steps": [], "seal": {"sha256": ""}}
    (root / "periods" / "2026-10" / "状态.json").write_text(json.dumps(closed), encoding="utf-8")
    ran = cli("payroll", "-w", root, "--json")
    assert (ran.code, ran.json["findings"], ran.json["paid"]) == (0, [], "1234568.19")
