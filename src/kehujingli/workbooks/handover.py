"""What does 移交.xlsx show? 首页 with the pairs and their three signatures, 移交清单, the 基数 that makes the handover neutral, either side's growth day by day."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.lists.handover import BASES, DAYS, LIST, PAIRS
from kehujingli.periods import date_of
from kehujingli.terms.widths import wrapped
from kehujingli.workbooks.definitions import Source, write_definitions
from kehujingli.workbooks.house import Book, Highlight, Meta
from kehujingli.workbooks.looks import sheet_columns
from kehujingli.workbooks.study import shown

if TYPE_CHECKING:
    import pandas as pd

_SIGNED = "移交人：____________　接收人：____________　监交人：____________　"
_LINE = 120
_DEFINITIONS = (
    (
        "移交",
        "移交日起归接收人；业绩归属是拟议的，同意写“是”、填了审批人才计入。移交人原有的业绩归属（整户、整笔归他的）在拟议里写明到前一天为止，要一起批。别人名下的账户（揽存人）、借据（管户经理）不随户走，仍归他们。",
    ),
    (
        "照办法",
        "基数随户走：移交人得移交日以前他名下各天（余额 − 基数）之和 ÷ 天数，接收人得以后的，移交人接手以前的是以前的人的。",
    ),
    (
        "中性基数",
        "接收人接手时的余额：接收人只算接手以后的增减，以前增减的在以后各天仍算移交人的；两样都合起来是移交户的净增，谁也不因移交多得少得。",
    ),
    ("净增", "只列存款年日均净增；贷款按月末台账，责任留在原责任人。与账户表日均的差摊到各天。"),
)


def write_handover(
    target: Path,
    meta: Meta,
    frames: Sequence[pd.DataFrame],
    on: int,
    told: Sequence[str],
    source: Source,
    *,
    unmask: bool,
) -> str:
    """``frames``: pairs, list, bases, days. Returns the workbook's hash."""
    book = Book(meta)
    pairs, listed, bases, days = frames
    day = date_of(on).isoformat()
    signed = f"{_SIGNED}生效日：{day}"
    _cover(book, pairs, told, signed)
    late = [Highlight('=AND($M5<>"",$M5>0)', "#C00000", "late")]
    book.list(
        "移交清单",
        f"{meta.institution}客户移交清单（{day} 生效）",
        "元",
        sheet_columns(LIST),
        shown(listed, LIST, unmask=unmask),
        freeze=4,
        highlights=late,
        signed=signed,
    )
    title = "移交户的现行基数与中性基数"
    book.list(
        "中性基数", title, "元", sheet_columns(BASES), shown(bases, BASES, unmask=unmask), freeze=4, signed=signed
    )
    book.list("逐日净增", "移交以后双方的存款净增，逐日", "元", sheet_columns(DAYS), days, freeze=3)
    write_definitions(book, _DEFINITIONS, source, [(terms.label("effective_on"), day)])
    return book.save(target)


def _cover(book: Book, pairs: pd.DataFrame, told: Sequence[str], signed: str) -> None:
    sheet = book.sheet("首页")
    columns = sheet_columns(PAIRS)
    book.columns(sheet, [11] * len(columns))
    book.heading(sheet, f"{book.meta.institution}客户移交", len(columns), "户、笔、万元")
    for place, column in enumerate(columns):
        sheet.write_string(3, place, column.header, book.header)
    sheet.set_row(3, 30)
    row = 3
    for values in pairs.itertuples(index=False):
        row += 1
        for place, (value, column) in enumerate(zip(values, columns, strict=True)):
            book.write(sheet, row, place, value, column.look)
    row += 1
    for line in (piece for text in told for piece in wrapped(text, _LINE)):
        row += 1
        sheet.write_string(row, 0, line, book.format())
    row += 2
    sheet.write_string(row, 0, signed, book.format())
    book.page(sheet, row, len(columns), one_page=True)
