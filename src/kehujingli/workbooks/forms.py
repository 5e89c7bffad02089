"""What do people fill in? Empty forms with drop-downs for targets, adjustments and attributions, read back like exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kehujingli import terms

_ROWS = 500
_FORMS: Mapping[str, Sequence[str]] = {
    "targets": ("manager_id", "item", "target", "period"),
    "adjustments": (
        "manager_id",
        "period",
        "item",
        "points",
        "occurred_on",
        "reason",
        "document",
        "entered_by",
        "approved_by",
    ),
    "attributions": (
        "customer_id",
        "account_id",
        "loan_id",
        "line",
        "manager_id",
        "share",
        "valid_from",
        "valid_to",
        "document",
        "approved_by",
    ),
}


def write_forms(folder: Path, items: Sequence[str] = ()) -> list[Path]:
    """One workbook a form. ``items``: labels of the scheme's items for the drop-down; else those of the example."""
    from kehujingli.rules import EXAMPLE, load_rules

    choices = list(items) or [item.label for item in load_rules(EXAMPLE).incentive.item]
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _write(folder / f"{terms.BY_KEY[table].label}.xlsx", table, columns, choices)
        for table, columns in _FORMS.items()
    ]


def write_form(path: Path, table: terms.Table) -> Path:
    """The empty workbook of one table: title, headers with their units, drop-downs for codes, one example line to write over."""
    import xlsxwriter

    from kehujingli.workbooks.house import HEADER_FILL

    with xlsxwriter.Workbook(str(path)) as book:
        font = {"font_name": "宋体", "font_size": 10.5}
        sheet = book.add_worksheet(table.label)
        title = book.add_format({**font, "font_name": "黑体", "font_size": 16, "bold": True})
        header = book.add_format({**font, "bold": True, "bg_color": HEADER_FILL, "border": 1, "align": "center"})
        grey = {**font, "font_color": "#7F7F7F", "italic": True}
        sheet.write_string(0, 0, table.label, title)
        needed = {key for group in table.requires for key in group}
        for index, column in enumerate(table.columns):
            said = f"{column.label}（{column.unit}）" if column.unit else column.label
            pattern = {"date": "yyyy-mm-dd", "money": "#,##0.00", "decimal": "General", "count": "0"}.get(
                column.kind, "@"
            )
            sheet.write_string(1, index, said, header)
            sheet.set_column(index, index, max(14, 2 * len(said) + 2), book.add_format({**font, "num_format": pattern}))
            if column.key in needed:
                sheet.write_comment(1, index, "必填", {"visible": False})
            _drop_down(sheet, index, column)
            _example(sheet, index, column, book.add_format({**grey, "num_format": pattern}))
        sheet.freeze_panes(2, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(1)
    return path


def _drop_down(sheet: Any, index: int, column: terms.Column) -> None:
    words: dict[str, str] = {}
    for word, code in column.codes.items():
        if not word.isascii():
            words.setdefault(code, word)
    if words:
        sheet.data_validation(2, index, _ROWS, index, {"validate": "list", "source": list(words.values())})
    if column.kind == "date":
        told = {"validate": "date", "criteria": ">=", "value": _first_day(), "error_message": "请写日期，如 2026-10-31"}
        sheet.data_validation(2, index, _ROWS, index, told)


def _example(sheet: Any, index: int, column: terms.Column, style: Any) -> None:
    """The example, in grey: to be written over."""
    from datetime import date

    if not column.example:
        return
    match column.kind:
        case "date":
            sheet.write_datetime(2, index, date.fromisoformat(column.example), style)
        case "money" | "count" | "decimal":
            sheet.write_number(2, index, float(column.example), style)
        case _:
            sheet.write_string(2, index, column.example, style)


def _write(path: Path, table: str, columns: Sequence[str], items: Sequence[str]) -> Path:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet(terms.BY_KEY[table].label)
        header = book.add_format(
            {"bold": True, "bg_color": "#D9E1F2", "border": 1, "font_name": "宋体", "align": "center"}
        )
        text, day, number = (
            book.add_format({"num_format": pattern, "font_name": "宋体"}) for pattern in ("@", "yyyy-mm-dd", "General")
        )
        required = {key for group in terms.BY_KEY[table].requires for key in group}
        for index, key in enumerate(columns):
            column = terms.BY_KEY[table].column(key)
            sheet.write_string(0, index, column.label, header)
            style = {"date": day, "decimal": number, "money": number}.get(column.kind, text)
            sheet.set_column(index, index, 26 if key in ("reason", "item") else 14, style)
            _validate(sheet, index, key, items)
            if key in required:
                sheet.write_comment(0, index, "必填", {"visible": False})
        sheet.freeze_panes(1, 0)
    return path


def _validate(sheet: object, index: int, key: str, items: Sequence[str]) -> None:
    rules = {
        "item": {"validate": "list", "source": [*items, *(terms.VETO_ITEMS[1:])], "error_type": "warning"},
        "line": {"validate": "list", "source": list(terms.LINES.values())},
        "share": {
            "validate": "decimal",
            "criteria": "between",
            "minimum": 0,
            "maximum": 1,
            "error_message": "比例写 0 到 1 之间的数，如 0.6",
        },
        "valid_from": {
            "validate": "date",
            "criteria": ">=",
            "value": _first_day(),
            "error_message": "请写日期，如 2026-10-01",
        },
        "valid_to": {
            "validate": "date",
            "criteria": ">=",
            "value": _first_day(),
            "error_message": "请写日期，如 2026-10-31",
        },
        "occurred_on": {
            "validate": "date",
            "criteria": ">=",
            "value": _first_day(),
            "error_message": "请写日期，如 2026-10-12",
        },
    }
    if key in rules:
        sheet.data_validation(1, index, _ROWS, index, rules[key])  # type: ignore[attr-defined]


def _first_day() -> object:
    from datetime import date

    return date(2000, 1, 1)
