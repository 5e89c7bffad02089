"""What do people fill in? Empty forms with drop-downs for targets, adjustments and attributions, read back like exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

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
