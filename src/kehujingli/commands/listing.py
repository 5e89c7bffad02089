"""What do measures, tables, periods do? What is measured, what may be queried, which months there are."""

from __future__ import annotations

from kehujingli import terms
from kehujingli.commands.common import Common, workspace_of
from kehujingli.commands.console import say_records
from kehujingli.commands.options import Format, Json, leave, typed
from kehujingli.errors import Exit
from kehujingli.workspace.clock import local_time

_TYPES = {
    "VARCHAR": "文字",
    "DATE": "日期",
    "BOOLEAN": "是否",
    **dict.fromkeys(("INTEGER", "BIGINT", "HUGEINT"), "整数"),
    **dict.fromkeys(("DECIMAL", "DOUBLE", "FLOAT"), "小数"),
}
"""What a type of SQL holds, in words."""


def measures(style: str) -> Exit:
    """Every measure with definition, unit and source."""
    from kehujingli.measures.catalogue import MEASURES

    if style == "json":
        say_records([measure._asdict() for measure in MEASURES], style)
    else:
        said = terms.headers("label", "name", "unit", "definition", "source", label="item", name="english")
        say_records([{word: getattr(measure, key) for key, word in said.items()} for measure in MEASURES], style)
    return Exit.DONE


def tables(common: Common, style: str) -> Exit:
    """What may be queried: tables and columns, English and Chinese."""
    from kehujingli.answers.query import catalogue

    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    records = catalogue(workspace, common.period)
    if style == "json":
        say_records(records, style)
    else:
        said = terms.headers(
            "label",
            "table",
            "column_label",
            "column",
            "type",
            label="table",
            table="english_table",
            column_label="column",
            column="english_column",
        )
        if style == "table":
            records = [
                record | {"type": _TYPES.get(record["type"].partition("(")[0], record["type"])} for record in records
            ]
        say_records([{word: record[key] for key, word in said.items()} for record in records], style)
    return Exit.DONE


def periods(common: Common, style: str) -> Exit:
    """Which months have been run, draft or closed, by which rules, when and by whom."""
    from kehujingli.closing import state_of
    from kehujingli.workspace.log import read_log

    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    runs = {
        entry["period"]: entry
        for entry in read_log(workspace)
        if entry.get("deed") in ("run", "demo") and "period" in entry
    }
    records = []
    for name in workspace.period_names():
        manifest = workspace.manifest(name) or {}
        entry = runs.get(name, {})
        standing = state_of(workspace, name)
        records.append(
            {
                "period": name,
                "status": standing.state,
                "as_of": manifest.get("as_of"),
                "rules": manifest.get("rules", {}).get("path"),
                "document": manifest.get("rules", {}).get("document"),
                "run_at": entry.get("at"),
                "run_by": entry.get("who"),
                "approved_by": standing.newest("close" if standing.closed else "approve").get("by")
                if standing.state in ("approved", "closed")
                else None,
            }
        )
    if style != "json":
        said = terms.headers(
            "period",
            "status",
            "as_of",
            "rules",
            "document",
            "run_at",
            "run_by",
            "approved_by",
            rules="rules_file",
            document="document_number",
            run_by="operator",
            approved_by="approval",
        )
        records = [
            {
                said[key]: terms.STATES[value]
                if key == "status"
                else local_time(value)
                if key == "run_at" and value
                else value
                for key, value in record.items()
            }
            for record in records
        ]
    say_records(records, style)
    return Exit.DONE


@typed(examples="kehujingli measures\nkehujingli measures --format json")
def typed_measures(style: Format = "table", json: Json = False) -> None:

    leave(measures("json" if json else style))


@typed("workspace", "style", "json", examples="kehujingli periods\nkehujingli periods --json")
def typed_periods(common: Common, style: str) -> None:

    leave(periods(common, "json" if common.json else style))


@typed("workspace", "period", "style", "json", examples="kehujingli tables\nkehujingli tables --format csv")
def typed_tables(common: Common, style: str) -> None:

    leave(tables(common, "json" if common.json else style))
