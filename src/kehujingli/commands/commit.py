"""assign --commit: an approved 管户分配.xlsx counts from its day of effect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from kehujingli.commands.common import Common, as_of_date, workspace_of
from kehujingli.console import say, say_json
from kehujingli.errors import Exit, place, problem
from kehujingli.log import write_log
from kehujingli.plans import Approval, save_plan
from kehujingli.workspace import now

_LIST, _APPROVAL = "管户分配", "变动审批"
_AGREED = {"是", "同意", "Y", "y", "√"}


def commit(common: Common, path: Path, effective: str | None, document: str) -> Exit:
    """Read the plan back, keep what was agreed, write it under plans/, and say so."""
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    approvals, refused, dated = read_plan(path)
    start = as_of_date(effective) or dated
    if start is None:
        raise problem("assign.commit-unread", place=place(path.name, _LIST), detail="没有生效日。")
    with workspace.locked("管户方案"):
        if not common.dry_run:
            saved = save_plan(workspace.plans, approvals, start, now().date(), workspace.operator, document)
            write_log(
                workspace,
                "commit",
                plan=saved.name,
                source=path.name,
                effective=start.isoformat(),
                customers=len(approvals),
                refused=refused,
                document=document,
            )
    record = {
        "customers": len(approvals),
        "refused": refused,
        "effective": start.isoformat(),
        "document": document,
        "output": None if common.dry_run else str(saved),
    }
    if common.json:
        say_json(record)
    else:
        say(
            f"方案作数：{len(approvals):,} 户，自 {start} 起；没有同意的 {refused:,} 户仍归原管户经理。",
            *([] if common.dry_run else [f"写出  {saved}"]),
        )
    return Exit.DONE


def read_plan(path: Path) -> tuple[list[Approval], int, date | None]:
    """Approved rows, how many moves were not agreed to, and the day of effect that the list bears.

    Where the workbook has a sheet 变动审批, a move counts only with 同意 = 是 there; kept and new customers count as listed.
    """
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise problem(
            "assign.commit-unread", place=place(path.name), detail=f"读不出来（{type(error).__name__}）。"
        ) from None
    if _LIST not in book.sheetnames:
        raise problem("assign.commit-unread", place=place(path.name), detail=f"没有工作表“{_LIST}”。")
    rows = _rows(path, book[_LIST], ("客户号", "原管户经理", "管户经理", "状态"))
    agreed = None
    if _APPROVAL in book.sheetnames:
        agreed = {row["客户号"] for row in _rows(path, book[_APPROVAL], ("客户号", "同意")) if row["同意"] in _AGREED}
    approvals, refused, dated = [], 0, None
    for row in rows:
        dated = dated or _date(row.get("生效日"))
        if row["状态"] == "调整" and agreed is not None and row["客户号"] not in agreed:
            refused += 1
            if row["原管户经理"]:
                approvals.append(Approval(row["客户号"], row["原管户经理"]))
        elif row["管户经理"]:
            approvals.append(Approval(row["客户号"], row["管户经理"]))
    return approvals, refused, dated


def _rows(path: Path, sheet: Any, wanted: tuple[str, ...]) -> list[Mapping[str, Any]]:
    """Rows below the first row that holds the names wanted."""
    found: list[Mapping[str, Any]] = []
    names: list[str] | None = None
    for values in sheet.iter_rows(values_only=True):
        texts = [
            "" if value is None else (value if isinstance(value, date) else str(value).strip()) for value in values
        ]
        if names is None:
            if all(name in texts for name in wanted):
                names = [str(text) for text in texts]
            continue
        row = dict(zip(names, texts, strict=False))
        if row.get("客户号"):
            found.append(row)
    if names is None:
        raise problem(
            "assign.commit-unread", place=place(path.name, sheet.title), detail=f"找不到表头（{'、'.join(wanted)}）。"
        )
    return found


def _date(value: Any) -> date | None:
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
