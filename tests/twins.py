"""Twelve ways in which a clean export comes back dirty: the same figures in another wrapping, with the dirt that branches and tools add.

    python tests/twins.py FOLDER

writes every twin of the worked example's exports below FOLDER, to look at.
"""

from __future__ import annotations

import datetime as dt
import gzip
import html
import io
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904, to_excel

from kehujingli.intake.sheets.headers import parse_header, recognise

EXPORTS = Path(__file__).resolve().parents[1] / "examples" / "county-200" / "exports"
CLEAN = (
    *(
        EXPORTS / "2026-10" / f"{name}.xlsx"
        for name in ("客户信息", "存款账户", "贷款台账", "客户经理名册", "机构", "产品签约")
    ),
    EXPORTS / "流水" / "交易流水_202610.xlsx",
)
"""One export of each kind."""
_WIDE = str.maketrans("0123456789,.-", "０１２３４５６７８９，．－")


@dataclass(frozen=True)
class Clean:
    """An export as cells: text, ``Decimal`` for amounts, ``date``, ``int``; ``kinds`` are those of its canonical columns."""

    name: str
    headers: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def told(self, tell: Callable[[Any, str, int], Any]) -> list[list[Any]]:
        """The rows with every cell told anew by its value, kind and row."""
        return [
            [tell(value, kind, number) for value, kind in zip(row, self.kinds, strict=True)]
            for number, row in enumerate(self.rows)
        ]


def read_clean(path: Path) -> Clean:
    sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    grid = [list(row) for row in sheet.iter_rows(values_only=True)]
    headers = tuple(str(cell) for cell in grid[0])
    match = recognise([parse_header(name) for name in headers])
    assert match is not None
    kinds = tuple(match.columns[place].kind if place in match.columns else "text" for place in range(len(headers)))
    return Clean(
        path.stem,
        headers,
        kinds,
        tuple(tuple(_cell(*pair) for pair in zip(row, kinds, strict=True)) for row in grid[1:]),
    )


def _cell(value: Any, kind: str) -> Any:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, dt.datetime):
        return value.date()
    return Decimal(repr(value)) if kind in ("money", "rate", "decimal") else int(value)


def plain(value: Any, kind: str, _: int) -> str:
    """A cell as a text table holds it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{value:.2f}" if kind == "money" else str(value)


def typed(value: Any, _: str, __: int) -> Any:
    """A cell as a workbook holds it."""
    return float(value) if isinstance(value, Decimal) else value


def dotted(value: Any, kind: str, row: int) -> str:
    """Amounts with ￥ and commas, brackets for what is negative, a dash for zero; days in five spellings."""
    if kind == "money" and value is not None:
        said = f"{abs(value):,.2f}"
        if value == 0:
            return "-"
        return (
            (f"({said})", f"（负）{said}", f"-{said}", f"{said}-")[row % 4]
            if value < 0
            else (said, f"￥{said}", f" {said}元 ", f"¥ {said}")[row % 4]
        )
    if isinstance(value, dt.date):
        return value.strftime(("%Y%m%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d", "%Y-%m-%d 00:00:00")[row % 5])
    if value is None and kind == "date":
        return ("00000000", "99991231", "", "-")[row % 4]
    return plain(value, kind, row)


def veiled(value: Any, kind: str, row: int) -> str:
    """Identifiers behind tabs, apostrophes, ="…", what cannot be seen; full-width digits."""
    said = plain(value, kind, row)
    if not said:
        return said
    if kind == "id":
        return (f"\t{said}", f"'{said}", f"\u200b{said} ", f'="{said}"', said.translate(_WIDE), f"{said}\ufeff")[
            row % 6
        ]
    if kind == "money":
        return said.translate(_WIDE) if row % 2 else f"　{said}"
    return f" {said}　" if kind in ("text", "code") else said


def separated(clean: Clean, delimiter: str, tell: Callable[[Any, str, int], str] = plain) -> str:
    def quoted(text: str) -> str:
        return (
            f'"{text.replace(chr(34), chr(34) * 2)}"'
            if len(delimiter) == 1 and any(ch in text for ch in (delimiter, '"', "\n"))
            else text
        )

    lines = [clean.headers, *clean.told(tell)]
    return "".join(delimiter.join(quoted(cell) for cell in line) + "\r\n" for line in lines)


def page(clean: Clean, tell: Callable[[Any, str, int], str] = dotted) -> bytes:
    def line(tag: str, cells: Sequence[str]) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(cell) or '&nbsp;'}" for cell in cells)

    rows = [line("td", row) for row in clean.told(tell)]
    title = f'<tr><td colspan="{len(clean.headers)}">{clean.name}明细表'
    footer = "<tr><td>制表：张三<td>审核：李四"
    return f'<html><head><meta charset="gb2312"></head><body><table border=1>{title}{line("th", clean.headers)}{"".join(rows)}{footer}</table>'.encode(
        "gb18030"
    )


def spreadsheet_ml(clean: Clean) -> bytes:
    def cell(value: Any, kind: str, row: int) -> str:
        if value is None:
            return "<Cell/>"
        if isinstance(value, dt.date):
            return f'<Cell><Data ss:Type="DateTime">{value}T00:00:00.000</Data></Cell>'
        kind = "Number" if isinstance(value, Decimal | float | int) and not isinstance(value, bool) else "String"
        return f'<Cell><Data ss:Type="{kind}">{html.escape(plain(value, "", row))}</Data></Cell>'

    head = "".join(f'<Cell><Data ss:Type="String">{name}</Data></Cell>' for name in clean.headers)
    rows = "".join(f"<Row>{''.join(row)}</Row>" for row in clean.told(cell))
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="Sheet1"><Table><Row>{head}</Row>{rows}</Table></Worksheet></Workbook>'.encode()


def open_document(clean: Clean) -> bytes:
    def cell(value: Any, kind: str, row: int) -> str:
        said = f"<text:p>{html.escape(plain(value, kind, row))}</text:p>"
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, dt.date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value}">{said}</table:table-cell>'
        if isinstance(value, Decimal | float | int) and not isinstance(value, bool):
            return f'<table:table-cell office:value-type="float" office:value="{value}">{said}</table:table-cell>'
        return f'<table:table-cell office:value-type="string">{said}</table:table-cell>'

    head = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>'
        for name in clean.headers
    )
    rows = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in clean.told(cell))
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    body = f'<table:table table:name="Sheet1"><table:table-row>{head}</table:table-row>{rows}</table:table>'
    content = f'<?xml version="1.0"?><office:document-content {spaces} office:version="1.2"><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    return zipped(
        {"mimetype": kind.encode(), "content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()}
    )


def zipped(members: Mapping[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return whole.getvalue()


def workbook(rows: Sequence[Sequence[Any]], change: Callable[[Any, Any], object] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
        for cell in book.active[book.active.max_row]:
            if cell.data_type == "f":  # a text that begins with an equals sign is a text here
                cell.data_type = "s"
    if change:
        change(book, book.active)
    whole = io.BytesIO()
    book.save(whole)
    return whole.getvalue()


def in_ten_thousands(clean: Clean) -> bytes:
    """Amounts in 万元, days as eight digits; a title and a day above, totals and signatures below."""

    def cell(value: Any, kind: str, row: int) -> Any:
        if kind == "money" and value is not None:
            return float(value / 10_000)
        return int(f"{value:%Y%m%d}") if isinstance(value, dt.date) else typed(value, kind, row)

    headers = [
        f"{name}（万元）" if kind == "money" else name for name, kind in zip(clean.headers, clean.kinds, strict=True)
    ]
    sums = [
        float(sum((row[place] or 0 for row in clean.rows), Decimal(0)) / 10_000) if kind == "money" else None
        for place, kind in enumerate(clean.kinds)
    ]
    below = [["合计", *sums[1:]], [], ["制表：张三", None, "复核：李四"]]
    return workbook([[f"{clean.name}明细表"], ["单位：示例县农村信用合作联社"], [], headers, *clean.told(cell), *below])


def merged(clean: Clean) -> bytes:
    """Equal neighbours of text columns merged, some rows hidden, blank rows between."""
    rows = [list(clean.headers), *clean.told(typed)]

    def merge(_: Any, sheet: Any) -> None:
        for place, kind in enumerate(clean.kinds, 1):
            if kind in ("text", "code", "date") and place > 1:
                for first, last in _runs([row[place - 1] for row in rows[1:]]):
                    sheet.merge_cells(start_row=first + 2, end_row=last + 2, start_column=place, end_column=place)
        for number in range(5, len(rows), 7):
            sheet.row_dimensions[number].hidden = True

    return workbook(rows, merge)


def _runs(values: Sequence[Any]) -> Iterator[tuple[int, int]]:
    start = 0
    for place in range(1, len(values) + 1):
        if place == len(values) or values[place] != values[start]:
            if place - start > 1 and values[start] is not None:
                yield start, place - 1
            start = place


def mac(clean: Clean) -> bytes:
    """A workbook that counts its days from 1904, some of them bare numbers."""

    def cell(value: Any, kind: str, row: int) -> Any:
        if isinstance(value, dt.date) and row % 2:
            return int(to_excel(value, CALENDAR_MAC_1904))
        return typed(value, kind, row)

    return workbook([clean.headers, *clean.told(cell)], lambda book, _: setattr(book, "epoch", CALENDAR_MAC_1904))


def two_rows(clean: Clean) -> bytes:
    """A header of two rows below titles, an extra sheet of notes and a hidden one."""
    upper, lower = list(clean.headers), [None] * len(clean.headers)
    last = len(upper) - 1
    lower[last - 1], lower[last] = upper[last - 1], upper[last]
    upper[last - 1], upper[last] = "其他", None

    def more(book: Any, _: Any) -> None:
        book.create_sheet("说明").append(["本表由核心系统导出"])
        book.create_sheet("参数").append(["版本", "1.0"])
        book["参数"].sheet_state = "hidden"

    return workbook([[clean.name], upper, lower, *clean.told(typed)], more)


def mixed(clean: Clean) -> bytes:
    """Numbers kept as text in some rows and as numbers in others; true dates among texts."""

    def cell(value: Any, kind: str, row: int) -> Any:
        return dotted(value, kind, row) if row % 3 == 0 else typed(value, kind, row)

    return workbook([clean.headers, *clean.told(cell)])


TWINS: Mapping[str, tuple[str, Callable[[Clean], bytes]]] = {
    "逗号文本": (".csv", lambda clean: separated(clean, ",", dotted).encode("utf-8-sig")),
    "制表符 GBK 冒充 xls": (".xls", lambda clean: separated(clean, "\t", veiled).encode("gb18030")),
    "竖线加号": (".txt", lambda clean: separated(clean, "|+|").encode("gb18030")),
    "UTF-16": (".txt", lambda clean: separated(clean, "\t", dotted).encode("utf-16")),
    "网页冒充 xls": (".xls", page),
    "SpreadsheetML": (".xls", spreadsheet_ml),
    "OpenDocument": (".ods", open_document),
    "万元加标题合计": (".xlsx", in_ten_thousands),
    "合并单元格和隐藏行": (".xlsx", merged),
    "1904 日期": (".xlsx", mac),
    "两行表头": (".xlsx", two_rows),
    "文本数字混排套压缩包": (
        ".zip",
        lambda clean: zipped(
            {
                f"{clean.name}.xlsx": mixed(clean),
                f"{clean.name}_0x01.del.gz": gzip.compress(separated(replace(clean, rows=()), "\x01").encode()),
            }
        ),
    ),
}


def main(folder: Path) -> None:
    for name, (ending, make) in TWINS.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for path in CLEAN:
            (folder / name / (path.stem + ending)).write_bytes(make(read_clean(path)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
