"""What does one manager's statement show? 首页 (``statement_page.py``), 计分与申诉 (to be filled in and sent back), 由来 (the tree down to file, sheet and row), 我的客户, 口径."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kehujingli.lists.main import CODES
from kehujingli.workbooks.house import Book, Meta, labelled
from kehujingli.workbooks.statement_page import WIDTHS, Page, draw_page

if TYPE_CHECKING:
    import pandas as pd

APPEALS = "计分与申诉"
_CLAIMS = [
    labelled("period", "id", width=9),
    labelled("manager_id", width=9),
    labelled("item", width=16),
    labelled("points", width=8),
    labelled("working", width=44),
    labelled("item_points", width=8),
    labelled("next_step", width=20),
    labelled("appeal", width=8, choices=("申诉",)),
    labelled("appeal_reason", width=30),
    labelled("claim", "text", width=12),
]
_CUSTOMERS = [
    labelled("customer_id", width=15),
    labelled("customer_name", width=18),
    labelled("customer_type", width=9),
    labelled("group", width=18),
    labelled("change", width=6),
    labelled("scale_amount", width=15, total=True),
    labelled("average_deposit_year", width=15, total=True),
    labelled("deposit_balance", width=15, total=True),
    labelled("loan_balance", width=15, total=True),
    labelled("worst_class", width=9),
    labelled("to_next_scale", width=13),
    labelled("last_active", width=11),
]
_TREE = [labelled("level", width=5, table="reckoning"), labelled("said", width=110, table="reckoning")]


@dataclass(frozen=True)
class Told:
    """What one manager's statement says. ``tree``: level and sentence; ``claims``: one row for each that may be disputed."""

    manager_id: str
    name: str
    page: Page
    tree: Sequence[tuple[int, str]]
    claims: pd.DataFrame
    customers: pd.DataFrame


def write_statement(target: Path, meta: Meta, told: Told, sources: Sequence[tuple[str, str]]) -> None:
    """Write one statement. ``sources``: what 口径 says, as pairs."""
    import pandas as pd

    book = Book(meta)
    _cover(book, told)
    claims = told.claims.reindex(columns=[column.key for column in _CLAIMS])
    book.list(APPEALS, f"计分与申诉　{told.manager_id} {told.name}", "分", _CLAIMS, claims, freeze=3)
    tree = pd.DataFrame([{"level": level, "said": "　　" * level + said} for level, said in told.tree])
    book.list("由来", f"得分由来　{told.manager_id} {told.name}", "", _TREE, tree, freeze=1)
    book.list("我的客户", f"所管客户　{told.manager_id} {told.name}", "元", _CUSTOMERS, _said(told.customers), freeze=2)
    book.chart_numbers()
    _definitions(book, sources)
    book.save(target)


def _said(customers: pd.DataFrame) -> pd.DataFrame:
    """Own customers in Chinese, names in full: the list goes to the one who looks after them."""
    keys = [column.key for column in _CUSTOMERS]
    frame = customers.reindex(columns=keys)
    whole = [column.key for column in _CUSTOMERS if column.look in ("yuan", "date")]
    words = {key: frame[key].map(CODES[key]) for key in keys if key in CODES}
    return frame.assign(**words).astype(dict.fromkeys(whole, "Int64"))


def _cover(book: Book, told: Told) -> None:
    """The one page; its evidence follows on the sheets after it."""
    sheet = book.sheet("首页")
    book.columns(sheet, WIDTHS)
    book.heading(sheet, f"客户经理绩效对账单　{told.manager_id} {told.name}", len(WIDTHS), "")
    feet = [
        f"所管客户 {len(told.customers):,} 户，见“我的客户”；每一分怎样得来，见“由来”。"
        f"有异议的，请在“{APPEALS}”里该项的“申诉”选“申诉”，写明理由和主张数，把本文件原样发回；工号、期间、指标不要改。",
        "签收人：　　　　　　　　日期：　　　　　　　　",
    ]
    draw_page(book, sheet, told.page, feet)


def _definitions(book: Book, sources: Sequence[tuple[str, str]]) -> None:
    sheet = book.sheet("口径")
    book.columns(sheet, [20, 90])
    book.heading(sheet, "口径", 2, "")
    for row, (name, said) in enumerate(sources, 3):
        sheet.write_string(row, 0, name, book.cell("text", bold=True))
        sheet.write_string(row, 1, said, book.cell("text", text_wrap=True))
    book.page(sheet, len(sources) + 3, 2, portrait=True, one_page=True)
