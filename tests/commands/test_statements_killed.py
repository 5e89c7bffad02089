"""Are statements all old or all new? Killed at any change on disk, finished by the next command, typed again."""

from __future__ import annotations

import csv
import hashlib
import shutil
from pathlib import Path

import openpyxl
import pytest
from conftest import run_here, write_xlsx
from killing import walk

from kehujingli.rules import EXAMPLE
from kehujingli.workspace import Workspace
from kehujingli.workspace.log import read_log

RULES = (
    EXAMPLE.read_text(encoding="utf-8").partition("[incentive]")[0]
    + """
[incentive]
[[incentive.item]]
id = "work"
label = "工作量"
category = "duty"
points = 100
shape = "completion"
target = 100
"""
)
PERIOD = "2026-10"


def _typed(root: Path, figure: int) -> None:
    """A month of two people, whose figures are typed in."""
    (root / "rules").mkdir(parents=True, exist_ok=True)
    (root / "rules/2026-01-01.toml").write_text(RULES, encoding="utf-8")
    exports = root / "exports" / PERIOD
    customers = [["客户号", "客户名称", "客户类型", "机构号"], ["C1", "客户", "个人", "801"]]
    write_xlsx(exports / "客户信息_20261031.xlsx", customers)
    people = [[who, f"经理{who}", "801", "2020-01-01"] for who in ("M1", "M2")]
    write_xlsx(exports / "名册_20261031.xlsx", [["工号", "姓名", "机构号", "任职日期"], *people])
    write_xlsx(exports / "流水.xlsx", [["交易日期", "客户号", "借贷标志", "交易金额"], ["2026-10-31", "C1", "贷", 100]])
    figures = [[who, PERIOD, figure, "系统", "乙"] for who in ("M1", "M2")]
    write_xlsx(exports / "人工填报.xlsx", [["工号", "考核期间", "工作量", "来源", "审批人"], *figures])
    assert run_here("run", "-w", root, "--period", PERIOD, "--quiet").code in (0, 1)


def _held(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def _noted(place: Workspace) -> int:
    return sum(entry["deed"] == "statements" for entry in read_log(place))


@pytest.mark.slow
def test_statements_killed_at_any_change_on_disk_are_the_old_ones_or_the_new_ones(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "county")
    _typed(place.root, 50)
    assert run_here("statements", "-w", place.root, "--quiet").code == 0
    handed = place.period(PERIOD) / "分发"
    (handed / "已送.txt").write_text("送过了", encoding="utf-8")
    old = _held(handed)
    _typed(place.root, 80)
    assert _held(handed) == old, "a run leaves what was handed out"
    assert walk(place.root, tmp_path / "copies", "statements", "-w", str(place.root)) == 0
    new = _held(handed)
    assert {name for name in old if old[name] != new[name]} == {*old} - {"已送.txt"}
    seen = []
    for number in range(1, len(list((tmp_path / "copies").iterdir())) + 1):
        killed = Workspace(tmp_path / "copies" / str(number))
        there = killed.period(PERIOD) / "分发"
        on_disk = _held(there)
        assert on_disk in (old, new), number
        with killed.locked("下一个命令"):
            pass
        finished = _held(there) == new
        assert finished >= (on_disk == new), number
        assert _noted(killed) == 1 + finished, number
        left = [*killed.period(PERIOD).glob(".*"), *(killed.cache / "stage").glob("*")]
        assert not left, number
        seen.append(on_disk == new)
        shutil.rmtree(killed.root)
    assert {False, True} == set(seen)


def test_statements_typed_again_are_said_and_noted_once(tmp_path: Path) -> None:
    """One person's figures change: hers is written, and noted; the other's stays in the register."""
    place = Workspace(tmp_path / "county")
    _typed(place.root, 50)
    first = run_here("statements", "-w", place.root)
    handed = place.period(PERIOD) / "分发"
    assert "写出" in first.out
    before = _held(handed)
    again = run_here("statements", "-w", place.root)
    assert "2026-10 对账单 2 份，和已经写出的一样，没有重写" in again.out
    assert (_held(handed), _noted(place)) == (before, 1)
    book = next(handed.glob("M1_*.xlsx"))
    book.write_bytes(b"")
    assert "没有重写" not in run_here("statements", "-w", place.root, "--manager", "M1").out
    assert openpyxl.load_workbook(book).sheetnames[0] == "首页"
    rows = list(csv.DictReader((handed / "分发登记.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [row["工号"] for row in rows] == ["M1", "M2"]
    assert _noted(place) == 2
    away = tmp_path / "发给经理"
    assert "写出" in run_here("statements", "-w", place.root, "-o", away).out
    assert {name: digest for name, digest in _held(away).items() if name.endswith(".xlsx")} == {
        name: digest for name, digest in before.items() if name.endswith(".xlsx")
    }
