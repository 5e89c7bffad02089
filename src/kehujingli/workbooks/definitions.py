"""By what was it reckoned? The last sheet of every workbook: definitions, thresholds, rules, inputs with their totals, findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kehujingli import terms
from kehujingli.errors import Finding
from kehujingli.errors.consequence import by_consequence
from kehujingli.intake.ledger import Sheet
from kehujingli.rules import RulesFile
from kehujingli.tables.controls import main_total
from kehujingli.terms.widths import display_width
from kehujingli.workbooks.house import Book, Look
from kehujingli.workspace.version import __version__

_NAME, _TEXT = 22, 58
"""Characters of a line in the first and in the second column."""


@dataclass(frozen=True)
class Source:
    """What every 口径 sheet tells of where the figures come from."""

    rules: RulesFile
    sheets: Sequence[Sheet]
    """Rows that are refused for a repeated key counted as refused."""
    findings: Sequence[Finding]
    operator: str = ""
    log: str = ""
    """Where the log's chain stood after the last deed on which the figures rest."""
    ages: Sequence[tuple[str, str]] = ()
    """Table that is a picture of a day, and how many days before the period's last one it was taken."""


def write_definitions(
    book: Book, definitions: Sequence[tuple[str, str]], source: Source, thresholds: Sequence[tuple[str, str]] = ()
) -> None:
    """The sheet 口径, after the charts' numbers."""
    book.chart_numbers()
    sheet = book.sheet("口径")
    book.columns(sheet, [24, 62] + [14] * 5)
    book.heading(sheet, "口径与数据来源", 7, "")
    number = iter("一二三四五六")
    row = _pairs(book, sheet, 3, f"{next(number)}、口径", definitions)
    if thresholds:
        row = _pairs(book, sheet, row, f"{next(number)}、本期所用标准", thresholds)
    rules = [
        (
            terms.label("rules_file"),
            source.rules.path.name + ("（随程序带的示例办法）" if source.rules.example else ""),
        ),
        ("办法校验码", source.rules.sha256[:12]),
        (terms.label("document_number"), source.rules.rules.institution.document or "（没有文号）"),
        ("程序版本", __version__),
        ("生成人", source.operator or "—"),
        ("日志链", source.log or "（还没有关账、重开、管户方案或更正）"),
    ]
    row = _pairs(book, sheet, row, f"{next(number)}、办法与程序", rules)
    row = _inputs(book, sheet, row, f"{next(number)}、读入的文件", source)
    if source.ages:
        row = _pairs(book, sheet, row, f"{next(number)}、数据离期末几天", source.ages)
    row = _findings(book, sheet, row, f"{next(number)}、请人看的事项", source.findings)
    book.page(sheet, row, 7, repeat=1)


def _pairs(book: Book, sheet: Any, row: int, title: str, pairs: Sequence[tuple[str, str]]) -> int:
    sheet.write_string(row, 0, title, book.format(bold=True))
    wrapped = book.format(text_wrap=True, border=1, border_color="#BFBFBF", valign="top")
    for name, value in pairs:
        row += 1
        sheet.write_string(row, 0, name, wrapped)
        sheet.write_string(row, 1, value, wrapped)
        sheet.set_row(row, 16 * max(_lines(value), _lines(name, _NAME)) + 2)
    return row + 2


def _inputs(book: Book, sheet: Any, row: int, title: str, source: Source) -> int:
    sheet.write_string(row, 0, title, book.format(bold=True))
    row += 1
    headers = terms.words("file", "sheet", "taken_as", "data_rows", "accepted", "refused")
    for column, header in enumerate([*headers, "金额合计（元）"]):
        sheet.write_string(row, column, header, book.header)
    for item in source.sheets:
        row += 1
        table = terms.BY_KEY.get(item.table)
        values = (
            item.export.name,
            item.sheet,
            table.label if table else "不认识",
            item.rows,
            item.accepted,
            item.rejected,
            main_total(item.table, item.totals),
        )
        for column, value in enumerate(values):
            look: Look = "count" if isinstance(value, int) else "text"
            book.write(sheet, row, column, value, look, **({"align": "right"} if column == len(values) - 1 else {}))
    return row + 2


def _findings(book: Book, sheet: Any, row: int, title: str, findings: Sequence[Finding]) -> int:
    sheet.write_string(row, 0, title, book.format(bold=True))
    wrapped = book.format(text_wrap=True, border=1, border_color="#BFBFBF", valign="top")
    row += 1
    for column, header in enumerate(("编码", terms.label("note"), "级别", "处数")):
        sheet.write_string(row, column, header, book.header)
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], Finding] = {}
    for finding in (told for group in by_consequence(findings) for told in group):
        key = (finding.code, finding.file)
        counts[key] += finding.count
        first.setdefault(key, finding)
    for key, count in counts.items():
        row += 1
        told = first[key]
        sheet.write_string(row, 0, told.code, wrapped)
        sheet.write_string(row, 1, told.text, wrapped)
        sheet.write_string(row, 2, terms.LEVELS.get(told.level, told.level), wrapped)
        book.write(sheet, row, 3, count, "count")
        sheet.set_row(row, 16 * _lines(told.text) + 2)
    if not counts:
        row += 1
        sheet.write_string(row, 0, "没有", wrapped)
    return row + 1


def _lines(text: str, room: int = _TEXT) -> int:
    """Lines that a text takes in so many characters."""
    return max(1, -(-display_width(text) // room))
