"""What does 比对.xlsx show? What a closed month would come to now, beside what was sealed. The sealed workbooks are not touched."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.periods import date_of
from kehujingli.values import missing, round_half_up, say
from kehujingli.workbooks.house import Book, Meta, labelled

if TYPE_CHECKING:
    import pandas as pd

_CHANGES = {"new": "新增", "gone": "不见了", "changed": "内容变了"}
_FIGURES = [
    labelled("table", width=12),
    labelled("key", width=22, called="serial"),
    labelled("column", width=18, table="compared"),
    labelled("before", width=34, table="compared"),
    labelled("after", width=34, table="compared"),
]
_INPUTS = [
    labelled("path", width=44, table="inputs"),
    labelled("change", width=10, table="inputs"),
    labelled("before", width=16, table="inputs"),
    labelled("after", width=16, table="inputs"),
]


def write_comparison(
    target: Path, meta: Meta, closed: Mapping[str, Any], found: pd.DataFrame, changed: pd.DataFrame
) -> str:
    """Sheets 首页, 差异, 输入变化. Returns the workbook's hash.

    ``closed``: when and by whom the month was closed (at, by, document); ``found``: table, key, column, before, after, style;
    ``changed``: inputs by path, change (new, gone, changed), before, after (hashes).
    """
    import pandas as pd

    book = Book(meta)
    _cover(book, closed, found, len(changed))
    figures = [
        {
            "table": terms.KEPT.get(item.table, item.table),
            "key": item.key,
            "column": _column(item.table, item.column),
            "before": _shown(item.table, item.column, item.before, item.style),
            "after": _shown(item.table, item.column, item.after, item.style),
        }
        for item in found.itertuples(index=False)
    ]
    frame = pd.DataFrame(figures, columns=[column.key for column in _FIGURES])
    book.list("差异", "关账结果与本次计算的差异", "元、%、分，见各格", _FIGURES, frame, freeze=2)
    inputs = [
        {"path": item.path, "change": _CHANGES[item.change], "before": item.before[:12], "after": item.after[:12]}
        for item in changed.itertuples(index=False)
    ]
    frame = pd.DataFrame(inputs, columns=[column.key for column in _INPUTS])
    book.list("输入变化", "关账以后变了的输入", "", _INPUTS, frame, freeze=1)
    return book.save(target)


def _cover(book: Book, step: Mapping[str, Any], found: pd.DataFrame, inputs: int) -> None:
    sheet = book.sheet("首页")
    book.columns(sheet, [13] * 8)
    book.heading(sheet, f"{book.meta.institution}关账比对（{book.meta.period}）", 8, "")
    people = found.loc[found["table"].isin(["scores", "items", "pay"]), "key"].nunique()
    customers = found.loc[found["table"].isin(["classes", "plan"]), "key"].nunique()
    lines = [
        f"本期已于 {step['at'][:10]} 关账，审批：{step['by']}"
        + (f"，文号：{step['document']}" if step.get("document") else "")
        + "。",
        f"按现在的输入和办法重算，{len(found):,} 处与关账时不同：客户 {customers:,} 户，客户经理 {people:,} 处。",
        f"输入有 {inputs:,} 个文件与关账时不同，见“输入变化”。",
        "关账的工作簿和数据没有动。要更正已关账月份的得分或绩效，请用 kehujingli correct 记到未关账的月份。",
    ]
    for row, line in enumerate(lines, 3):
        sheet.write_string(row, 0, line, book.format())
    book.page(sheet, len(lines) + 3, 8, portrait=True, one_page=True)


def _column(table: str, column: str) -> str:
    if column in ("", "+"):
        return "整行：关账时有，本次没有" if not column else "整行：关账时没有，本次有"
    term = terms.known(column, table)
    return term.label if term else column


_STYLED = ("actual", "target", "baseline", "left")
"""Columns of items whose figures are what the row's style says."""


def _shown(table: str, column: str, value: Any, style: str) -> str | None:
    """A figure with its unit: money in 元, shares in %, points in 分."""
    term = terms.known(column, table)
    if missing(value) or term is None:
        return None if missing(value) else str(value)
    if term.codes:
        return term.codes.get(value, str(value))
    if table == "items" and column in _STYLED:
        return _styled(Decimal(str(value)), style)
    if table == "items" and column == "completion":
        return _styled(Decimal(str(value)), "ratio")
    match term.kind:
        case "yuan":
            return f"{Decimal(int(value)) / term.per:,.2f} 元"
        case "amount":
            return f"{Decimal(str(value)):,.2f} 元"
        case "rate":
            return _styled(Decimal(str(value)), "ratio")
        case "points":
            return f"{value} 分"
        case "date":
            return date_of(int(value)).isoformat()
        case _:
            return str(value)


def _styled(value: Decimal, style: str) -> str:
    match style:
        case "money":
            return f"{round_half_up(value, 2):,} 元"
        case "ratio":
            return say(value, "ratio")
        case "count":
            return say(value, "count")
        case _:
            return say(value, "number")
