"""Does a reader who knows no English read every sheet? No word of it but names of files, codes of findings, ids and what has no other name."""

from __future__ import annotations

import getpass
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from kehujingli.errors.catalogue import KINDS
from kehujingli.workbooks.plots import NUMBERS

BOOKS = ("客户分类", "管户分配", "考核得分", "月报")
NAMED = re.compile(
    r"""[^\s「」：（），。]+\.(?:xlsx?|csv|txt|toml)  # a file
    |\b[A-Z]{1,2}\d+                           # M0001, L00000159, P90
    |\b(?:LPR|FTP|RAROC|HHI|RFM)\b
    |\b[0-9a-f]{12}\b                          # the rules' checksum
    """,
    re.VERBOSE,
)
WORD = re.compile(r"[A-Za-z]{2,}|\b[A-Za-z]\b")
TYPED = re.compile(r"\[[a-z_.]+\]|\b[a-z]+_[a-z_]+\b|\bkehujingli [a-z -]+|\bexports/")
"""What a cure tells to write or to fill: keys of the rules, commands, the folder of what was exported."""


def cells(sheet: openpyxl.worksheet.worksheet.Worksheet) -> Iterator[tuple[str, str]]:
    for row in sheet.iter_rows():
        yield from ((cell.coordinate, cell.value) for cell in row if isinstance(cell.value, str))


def words(book: Path) -> list[str]:
    """Where a word of English stands. Formulas, the operator's own name and cures of findings are what they are."""
    found = []
    for sheet in openpyxl.load_workbook(book):
        told = list(cells(sheet))
        for place, text in told:
            if text.startswith("=") or text in KINDS or text == getpass.getuser():
                continue
            said = NAMED.sub("", text)
            if sheet.title in ("口径", "链接"):
                said = TYPED.sub("", said)
            found += [f"{book.stem}「{sheet.title}」{place} {word}：{text}" for word in WORD.findall(said)]
    return found


@pytest.mark.parametrize("book", BOOKS)
def test_no_sheet_has_a_word_of_english(book: str, two_months: Path) -> None:
    assert words(two_months / "periods" / "2026-10" / f"{book}.xlsx") == []


@pytest.mark.parametrize("book", BOOKS)
def test_numbers_of_charts_stand_on_their_own_sheet(book: str, two_months: Path) -> None:
    """Nothing stands right of what is printed but the columns of a list; what a chart draws is on 图表数据."""
    opened = openpyxl.load_workbook(two_months / "periods" / "2026-10" / f"{book}.xlsx")
    drawn = [
        series.val.numRef.f
        for sheet in opened
        for chart in sheet._charts
        for part in chart._charts
        for series in part.series
    ]
    assert drawn
    assert {reference.split("!")[0].strip("'") for reference in drawn} == {NUMBERS}
    for sheet in opened:
        if sheet._charts:
            edge = openpyxl.utils.range_boundaries(sheet.print_area.split("!")[-1].replace("$", ""))[2]
            assert sheet.max_column <= edge, sheet.title


def test_the_numbers_of_the_recheck_are_named(two_months: Path) -> None:
    sheet = openpyxl.load_workbook(two_months / "periods" / "2026-10" / "考核得分.xlsx")["计分复核"]
    heads = [cell.value for cell in sheet[4]]
    assert not any("参数" in head for head in heads)
    first, meaning = heads.index("①"), heads.index("数的含义")
    rows = [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[0]]
    assert {row[meaning] for row in rows if row[2] == "责任不良贷款率" and row[first]} == {
        "①起扣线 ②一档的宽度 ③每档扣"
    }
    for row in rows:
        numbers = sum(value is not None for value in row[first:meaning])
        assert len(re.findall(r"[①-⑳]|\(\d+\)", row[meaning] or "")) == numbers
