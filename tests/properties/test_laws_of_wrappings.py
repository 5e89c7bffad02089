"""Whatever writes a table, and whatever dirt is in it: every cell comes back equal, or its row is refused by its cell; rows and money are conserved."""

from __future__ import annotations

import datetime as dt
import functools
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import twins
from conftest import write_xlsx
from hypothesis import given, settings
from hypothesis import strategies as st

from kehujingli.intake.read import read_file
from kehujingli.periods import day_of

pytestmark = pytest.mark.slow  # each runs whole months, or many small files; the quick run has a month of its own

HEADERS = ("交易日期", "客户号", "账号", "借贷标志", "交易金额", "摘要")
KINDS = ("date", "id", "id", "code", "money", "text")
Grid = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Row:
    """A posting as it is, and how each of its cells is written. ``poison`` is the place of a cell nobody can read, or -1."""

    day: dt.date
    customer: str
    account: str
    cents: int
    memo: str
    way: int
    poison: int

    @property
    def told(self) -> tuple[Any, ...]:
        return (day_of(self.day), self.customer, self.account, self.cents, self.memo or None)


def plain(row: Row) -> list[Any]:
    return [row.day, row.customer, row.account, "贷", Decimal(row.cents) / 100, row.memo or None]


def written(row: Row, number: int, *, typed: bool) -> list[Any]:
    """The cells of a row: typed, as people write them, or veiled; a poisoned one says what cannot be read."""
    tell: Callable[[Any, str, int], Any] = (twins.typed if typed else twins.plain, twins.dotted, twins.veiled)[row.way]
    cells = [tell(value, kind, number) for value, kind in zip(plain(row), KINDS, strict=True)]
    if row.poison >= 0:
        cells[row.poison] = {
            0: "20260231",
            1: "6.22848E+18",
            2: 6228480000000012345 if typed else "6.22848E+18",
            3: "往来",
            4: ("1,2O0.00", "壹佰", "#N/A")[number % 3],
        }[row.poison]
    return cells


def _clean(grid: Grid) -> twins.Clean:
    return twins.Clean("流水", HEADERS, KINDS, tuple(map(tuple, grid)))


def _as_it_stands(value: Any, _: str, __: int) -> str:
    return "" if value is None else str(value)


def _text(delimiter: str, encoding: str) -> Callable[[Grid], bytes]:
    return lambda grid: twins.separated(_clean(grid), delimiter, _as_it_stands).encode(encoding)


def _xlsxwriter(grid: Grid) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return write_xlsx(Path(folder) / "a.xlsx", [HEADERS, *grid]).read_bytes()


WRITERS: dict[str, tuple[bool, Callable[[Grid], bytes], int]] = {
    "xlsxwriter": (True, _xlsxwriter, 2),
    "openpyxl": (True, lambda grid: twins.workbook([HEADERS, *grid]), 2),
    "ods": (True, lambda grid: twins.open_document(_clean(grid)), 2),
    "SpreadsheetML": (True, lambda grid: twins.spreadsheet_ml(_clean(grid)), 2),
    "html": (False, lambda grid: twins.page(_clean(grid), _as_it_stands), 3),
    "csv utf-8": (False, _text(",", "utf-8"), 2),
    "csv bom": (False, _text(",", "utf-8-sig"), 2),
    "csv gb18030": (False, _text(",", "gb18030"), 2),
    "tab": (False, _text("\t", "gb18030"), 2),
    "bar": (False, _text("|", "utf-8"), 2),
    "bar plus bar": (False, _text("|+|", "gb18030"), 2),
    "0x01": (False, _text("\x01", "utf-8"), 2),
    "utf-16": (False, _text("\t", "utf-16"), 2),
}
"""Writer → whether its cells have types, the writer, and the row of the file that the first posting stands in."""

MEMOS = st.sampled_from(
    [
        "",
        "工资",
        "a,b",
        '他说"好"',
        "=1+1",
        "@x",
        "-5",
        "合计数已核对",
        "备注：转存",
        "1e5",
        "N/A",
        "㐀𠮷",
        "O'Neil",
        "<b>&amp;",
        "x;y",
        "00012",
    ]
)
CENTS = st.one_of(st.integers(-(10**6), 10**6), st.integers(0, 10**13)).filter(
    bool
)  # people write nothing as a dash, and a transaction of nothing is refused
ROW = st.builds(
    Row,
    st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31)),
    st.from_regex(r"[A-Z]?0{0,3}[1-9][0-9]{2,8}", fullmatch=True),
    st.one_of(st.from_regex(r"[1-9][0-9]{15,18}", fullmatch=True), st.from_regex(r"0[0-9]{5}", fullmatch=True)),
    CENTS,
    MEMOS,
    st.integers(0, 2),
    st.sampled_from([-1, -1, -1, -1, 0, 1, 2, 3, 4]),
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(WRITERS)), st.lists(ROW, min_size=1, max_size=12))
def test_equal_or_refused_by_its_cell(writer: str, rows: list[Row]) -> None:
    typed, write, first = WRITERS[writer]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "流水"
        path.write_bytes(write([written(row, number, typed=typed) for number, row in enumerate(rows)]))
        (sheet,) = [result for result in read_file(path, "流水") if result.table]
    accepted = sheet.accepted
    assert accepted is not None
    numbered = dict(enumerate(rows, first))
    assert accepted.rows == len(rows) == accepted.table.num_rows + len(accepted.rejects)
    refused = {reject.row: HEADERS.index(reject.column) for reject in accepted.rejects}
    assert refused == {number: row.poison for number, row in numbered.items() if row.poison >= 0}
    found = {
        cells["row"]: (cells["date"], cells["customer_id"], cells["account_id"], cells["signed"], cells["memo"])
        for cells in accepted.table.to_pylist()
    }
    assert found == {number: row.told for number, row in numbered.items() if row.poison < 0}
    assert accepted.totals["amount"] == (
        sum(row.cents for row in rows if row.poison < 0),
        sum(row.cents for row in rows if row.poison >= 0 and row.poison != 4),
    )


@functools.cache
def _one() -> Row:
    return Row(dt.date(2026, 10, 1), "C1", "000001", 1, "工资", 0, -1)


def test_every_writer_is_read() -> None:
    for typed, write, _ in WRITERS.values():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "流水"
            path.write_bytes(write([written(_one(), 0, typed=typed)]))
            (sheet,) = read_file(path, "流水")
            assert sheet.table == "transactions"
