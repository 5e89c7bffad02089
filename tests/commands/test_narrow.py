"""On a terminal of 80 columns, is no number broken, and does a table too wide become cards?"""

from __future__ import annotations

import re
import sys

import pytest
from conftest import Terminal

from kehujingli.commands.console import say_table, say_tree
from kehujingli.terms.widths import display_width

HEADERS = ("类别", "账号", "机构名称", "余额", "到期日")
ACCOUNT = "6228200000000557748"


def shown(monkeypatch: pytest.MonkeyPatch, columns: int, *rows: list[str]) -> list[str]:
    out = Terminal()
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(sys, "stdout", out)
    say_table(HEADERS, rows)
    return re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue()).splitlines()


def test_a_table_that_fits_stays_a_table_and_folds_chinese_only(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = shown(monkeypatch, 80, ["定期", ACCOUNT, "枫树信用合作社城关营业部第二分理处", "1,100.00", "2026-11-03"])
    assert any(ACCOUNT in line and "2026-11-03" in line for line in lines)
    assert max(display_width(line) for line in lines if "─" not in line) <= 80


def test_a_table_too_wide_becomes_a_card_a_row_with_every_value_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = shown(monkeypatch, 40, ["定期", ACCOUNT, "枫树信用社", "1,100.00", ""])
    assert lines == [f"定期 {ACCOUNT}", "  机构名称  枫树信用社", "  余额      1,100.00"]


def test_a_heading_that_has_room_is_not_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    out = Terminal()
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys, "stdout", out)
    say_table(["起", "余额（元）"], [["2026-10-01", "86.06"]])
    assert "余额（元）" in out.getvalue()


def test_a_long_sentence_of_a_tree_goes_on_below_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    out = Terminal()
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys, "stdout", out)
    say_tree([f"├─ 账户 {ACCOUNT} 活期 余额很多", f"│  └─ 账户 {ACCOUNT} 活期"])
    assert out.getvalue().splitlines() == [
        f"├─ 账户 {ACCOUNT} 活期 余额",
        "│  很多",
        f"│  └─ 账户 {ACCOUNT} 活期",
    ]
