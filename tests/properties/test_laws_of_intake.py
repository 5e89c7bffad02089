"""Is nothing lost on the way in? Rows in = rows accepted + rows refused, money too; and the order of rows tells nothing."""

from __future__ import annotations

import datetime as dt
import tempfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random

from conftest import write_xlsx
from hypothesis import given, settings
from hypothesis import strategies as st

from kehujingli.intake.read import read_file
from kehujingli.intake.rows.accept import Accepted

HEADER = ["交易日期", "客户号", "账号", "借贷标志", "交易金额", "业务类型"]
GOOD_DATES = st.one_of(
    st.dates(dt.date(2000, 1, 1), dt.date(2030, 12, 31)),
    st.dates(dt.date(2000, 1, 1), dt.date(2030, 12, 31)).map(lambda day: f"{day:%Y%m%d}"),
    st.dates(dt.date(2000, 1, 1), dt.date(2030, 12, 31)).map(lambda day: f"{day.year}年{day.month}月{day.day}日"),
)
CENTS = st.integers(0, 10**11)
AMOUNTS = st.one_of(
    CENTS.map(lambda cents: cents / 100),
    CENTS.map(lambda cents: f"{Decimal(cents) / 100:,.2f}"),
    CENTS.map(lambda cents: f"￥{Decimal(cents) / 100:.2f}"),
)
BAD = st.sampled_from(["1,2O0.00", "壹佰", "#N/A", "1.2.3", ""])
ROW = st.tuples(
    st.one_of(GOOD_DATES, st.sampled_from(["20260231", "昨天"])),
    st.from_regex(r"C[0-9]{3}", fullmatch=True),
    st.just("A1"),
    st.sampled_from(["借", "贷", "D", "收入", "?"]),
    st.one_of(AMOUNTS, BAD),
    st.sampled_from(["转账", "现金", None]),
)


def _cents(value: object) -> int | None:
    try:
        text = str(value).replace(",", "").replace("￥", "")
        return int((Decimal(text) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    except ArithmeticError:
        return None


def _read(rows: list[tuple[object, ...]]) -> Accepted:
    with tempfile.TemporaryDirectory() as folder:
        path = write_xlsx(Path(folder) / "流水.xlsx", [HEADER, *rows])
        accepted = next(iter(read_file(path, "流水.xlsx"))).accepted
        assert accepted is not None
        return accepted


@settings(max_examples=40, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=30))
def test_rows_and_money_are_conserved(rows: list[tuple[object, ...]]) -> None:
    sheet = _read(rows)
    refused = {reject.row for reject in sheet.rejects}
    assert sheet.rows == sheet.table.num_rows + len(refused) == len(rows)
    known = {number: cents for number, row in enumerate(rows, 2) if (cents := _cents(row[4])) is not None}
    assert sheet.totals["amount"] == (
        sum(cents for number, cents in known.items() if number not in refused),
        sum(cents for number, cents in known.items() if number in refused),
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_each_row_is_read_for_itself(rows: list[tuple[object, ...]], draw: Random) -> None:
    shuffled = rows[:]
    draw.shuffle(shuffled)
    first, second = (_plain(_read(order)) for order in (rows, shuffled))
    assert first == second


def _plain(sheet: Accepted) -> list[str]:
    return sorted(str({key: value for key, value in row.items() if key != "row"}) for row in sheet.table.to_pylist())
