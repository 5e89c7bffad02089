"""What do branches do to an export before they send it? The same figures, written the ways that break readers, and rows that must be refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from kehujingli import terms
from kehujingli.demo.sheets import Export, Page, write_pages
from kehujingli.periods import date_of
from kehujingli.workbooks.few import CellKind

_DATES = ("{:%Y%m%d}", "{:%Y-%m-%d}", "{:%Y/%m/%d}", "{:%Y年%m月%d日}", "{:%Y.%m.%d}")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_IDS = frozenset(terms.BY_KEY["customers"].column(key).label for key in ("customer_id",))


def soil(pages: Sequence[Page], seed: int) -> list[Page]:
    """Every page rewritten: no figure changes, no row is lost."""
    rng = np.random.default_rng(seed + 1)
    return [_soiled(rng, page, index) for index, page in enumerate(pages)]


def _soiled(rng: np.random.Generator, page: Page, number: int) -> Page:
    headers, kinds, columns = list(page.headers), list(page.kinds), list(page.columns)
    for index, (header, kind) in enumerate(zip(page.headers, page.kinds, strict=True)):
        if kind == "date":
            kinds[index], columns[index] = "text", _dates(rng, page.columns[index])
        elif kind == "cents" and number % 3 == 0:
            headers[index], kinds[index] = f"{header}(万元)", "wan"
        elif kind == "cents" and number % 3 == 1:
            kinds[index], columns[index] = "text", _amounts(rng, page.columns[index])
        elif header in _IDS:
            columns[index] = _ids(rng, page.columns[index])
    above = (f"{page.sheet}明细表", "编制单位：示例县农村信用合作联社") if number % 2 == 0 else ()
    below = _below(headers, kinds, columns) if number % 2 == 0 else ()
    return replace(page, headers=headers, kinds=kinds, columns=columns, above=above, below=below)


def _dates(rng: np.random.Generator, values: Sequence[object]) -> list[object]:
    ways = rng.integers(0, len(_DATES), len(values))
    return [
        None if value is None else _DATES[way].format(date_of(int(str(value))))
        for value, way in zip(values, ways, strict=True)
    ]


def _amounts(rng: np.random.Generator, values: Sequence[object]) -> list[object]:
    ways: tuple[Callable[[int], str], ...] = (
        lambda cents: _yuan(cents, ","),
        lambda cents: _yuan(cents, ""),
        lambda cents: f"￥{_yuan(cents, ',')}",
        lambda cents: f" {_yuan(cents, ',')} ",
        lambda cents: f"({_yuan(-cents, ',')})" if cents < 0 else _yuan(cents, "").translate(_FULL_WIDTH),
    )
    chosen = rng.integers(0, len(ways), len(values))
    return [None if value is None else ways[way](int(str(value))) for value, way in zip(values, chosen, strict=True)]


def _yuan(cents: int, group: str) -> str:
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole:{group}}.{part:02d}"


def _ids(rng: np.random.Generator, values: Sequence[object]) -> list[object]:
    ways: tuple[Callable[[str], str], ...] = (
        str,
        str,
        lambda text: f"\t{text}",
        lambda text: f"{text} ",
        lambda text: f"'{text}",
        lambda text: text.translate(_FULL_WIDTH),
        lambda text: f"\u200b{text}",
    )
    chosen = rng.integers(0, len(ways), len(values))
    return [None if value is None else ways[way](str(value)) for value, way in zip(values, chosen, strict=True)]


def _below(
    headers: Sequence[str], kinds: Sequence[CellKind], columns: Sequence[Sequence[object]]
) -> tuple[Sequence[object], ...]:
    """A line 合计 with the sums of amounts, and one for signatures."""
    if kinds[0] != "text":
        return ()
    total: list[object] = ["合计", *([None] * (len(headers) - 1))]
    for index, kind in enumerate(kinds):
        if kind in ("cents", "wan"):
            total[index] = sum(int(str(value)) for value in columns[index] if value is not None)
    return total, ["制表：                复核：", *([None] * (len(headers) - 1))]


def add_strays(folder: Path, exports: Sequence[Export]) -> None:
    """A second copy of a file, the lock file of an open workbook, and twenty rows that no reader may accept."""
    roster = next(folder / export.path for export in exports if export.table == "managers")
    shutil.copyfile(roster, roster.with_name(f"{roster.stem}(1).xlsx"))
    roster.with_name(f"~${roster.name}").write_bytes(b"\x05admin" + b"\x00" * 160)
    posting = next(export for export in exports if export.table == "transactions")
    customer, account = (str(posting.frame[key].iloc[0]) for key in ("customer_id", "account_id"))
    day = f"{date_of(int(posting.frame['date'].iloc[0])):%Y-%m-%d}"
    headers = [terms.BY_KEY["transactions"].column(key).label for key in _STRAY]
    rows = [
        *(
            (bad, customer, account, "贷", "100.00", None)
            for bad in ("20260231", "2026-13-01", "昨天", None, "31/31/2026")
        ),
        *((day, customer, account, "借", bad, None) for bad in ("1,2O0.00", "壹佰元", "#N/A", None, "12.345", "1.2.3")),
        *((day, customer, account, bad, "100.00", None) for bad in ("入账?", "X", "借贷", "3")),
        *((day, customer, account, "贷", "100.00", bad) for bad in ("USD", "美元", "HKD")),
        *((day, bad, bad, "贷", "100.00", None) for bad in ("6.22848E+18", None)),
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    write_pages(folder, [Page("手工表/补录流水.xlsx", "补录", headers, ["text"] * len(headers), columns)])


_STRAY = ("date", "customer_id", "account_id", "direction", "amount", "currency")
