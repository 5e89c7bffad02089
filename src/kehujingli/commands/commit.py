"""What does assign --commit do? An approved 管户分配.xlsx counts from its day of effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kehujingli import terms
from kehujingli.commands.common import Common, as_of_date, request_of, workspace_of
from kehujingli.commands.console import say, say_json
from kehujingli.errors import Exit, Problem, finding, place, problem
from kehujingli.workspace import Workspace
from kehujingli.workspace.clock import now
from kehujingli.workspace.deeds import perform
from kehujingli.workspace.plans import Approval, lines_of, same_plan, save_plan
from kehujingli.workspace.results import Results

_AGREED = {terms.AGREED[0], terms.label("agreed"), "Y", "y", "√"}
_REFUSED = {terms.AGREED[1], f"不{terms.label('agreed')}", "N", "n", "×"}
_CUSTOMER, _PREVIOUS, _MANAGER, _MOVE, _EFFECTIVE, _ASSENT, _RECEIVER = (
    terms.label(key)
    for key in ("customer_id", "previous_manager", "assigned_manager", "move", "effective_on", "agreed", "manager_id")
)
_SHOWN = 10


@dataclass(frozen=True)
class Agreed:
    """A plan as it was read back: what counts, how many moves were not agreed to (``pending``: those of them that nobody has decided),
    the day of effect that the list bears."""

    approvals: Sequence[Approval]
    refused: int
    pending: int
    effective: date | None
    places: Mapping[str, str] = field(default_factory=dict)
    """Customer → the place of her row."""


def commit(common: Common, path: Path, effective: str | None, document: str) -> Exit:
    """Read the plan back, keep what was agreed, write it under plans/, and say so."""
    workspace = workspace_of(common, needed=True)
    assert workspace is not None
    plan = read_plan(path)
    _all_known(common, workspace, plan)
    start = as_of_date(effective, "--effective") or plan.effective
    if start is None:
        raise problem("assign.commit-unread", place=place(path.name, terms.PLAN_SHEET), detail="没有生效日。")
    made = now().date()
    with workspace.locked("管户方案"):
        who = workspace.operator
        stood = same_plan(workspace.plans, plan.approvals, start, who, document)
        files: dict[Path, str] = {}
        saved = stood or save_plan(workspace.plans, plan.approvals, start, made, who, document, files.__setitem__)
        if files and not common.dry_run:
            facts = {
                "plan": saved.name,
                "source": path.name,
                "effective": start.isoformat(),
                "customers": len(plan.approvals),
                "refused": plan.refused,
                "document": document,
            }
            perform(workspace, files, "commit", facts)
    if stood:
        made = lines_of(stood)[0].day("made_on")
    record = {
        "customers": len(plan.approvals),
        "refused": plan.refused,
        "pending": plan.pending,
        "effective": start.isoformat(),
        "document": document,
        "counts_from": max(start, made).isoformat(),
        "output": None if common.dry_run else str(saved),
    }
    if common.json:
        say_json(record)
    else:
        undecided = f"（其中 {plan.pending:,} 户还没批）" if plan.pending else ""
        counts = "只试算，没有写，方案没有作数" if common.dry_run else "方案已经作数，没有再写" if stood else "方案作数"
        say(
            f"{counts}：{len(plan.approvals):,} 户，自 {start} 起；没有同意的 {plan.refused:,} 户{undecided}仍归原管户经理。",
            *_from_when(start, made),
            *([] if common.dry_run else [f"{'已有' if stood else '写出'}  {saved}"]),
        )
    return Exit.DONE


def _from_when(start: date, made: date) -> Iterator[str]:
    """A day of effect in the past, said with the months that will see it: a month is never changed by what came after its end."""
    if start >= made:
        return
    month = f"{made:%Y-%m}"
    yield (
        f"生效日 {start} 已经过去：方案 {made} 才作数，{month} 和以后的月份（数据截至 {made} 或更晚的）才用它，从 {start} 起分持有天数；"
        f"以前的月份重跑也不变，要改请用 kehujingli correct。"
    )


def read_plan(path: Path) -> Agreed:
    """Where the workbook has a sheet 变动审批, a move counts only where it was agreed to; kept and new customers count as listed.

    A customer's own 是 or 否 is nearer than her receiver's in 一并同意, and that than 全部同意; where all are blank, nobody has decided.
    """
    book = _opened(path)
    if terms.PLAN_SHEET not in book.sheetnames:
        raise problem("assign.commit-unread", place=place(path.name), detail=f"没有工作表“{terms.PLAN_SHEET}”。")
    rows = _rows(path, book[terms.PLAN_SHEET], (_CUSTOMER, _PREVIOUS, _MANAGER, _MOVE))
    moved = {row[_CUSTOMER]: row[_MANAGER] for _, row in rows if row[_MOVE] == terms.MOVES["moved"]}
    decided = _decided(path, book, moved)
    approvals, refused, pending, dated, places = [], 0, 0, None, {}
    for where, row in rows:
        who = row[_CUSTOMER]
        dated = dated or _date(row.get(_EFFECTIVE))
        if who in moved and decided is not None and not decided.get(who):
            refused += 1
            pending += decided.get(who) is None
            if row[_PREVIOUS]:
                approvals.append(Approval(who, row[_PREVIOUS]))
        elif row[_MANAGER]:
            approvals.append(Approval(who, row[_MANAGER]))
            places[who] = where
    return Agreed(approvals, refused, pending, dated, places)


def _decided(path: Path, book: Any, moved: Mapping[str, str]) -> Mapping[str, bool | None] | None:
    """What was decided of each customer on 变动审批; nothing where the workbook has no such sheet. ``moved``: customer → receiver."""
    if terms.APPROVAL_SHEET not in book.sheetnames:
        return None
    said = _rows(path, book[terms.APPROVAL_SHEET], (_CUSTOMER, _ASSENT))
    own = _answers(said, _CUSTOMER, set(moved), "不在要调整的户里")
    listed = {row[_CUSTOMER] for _, row in said}
    if terms.AT_ONCE_SHEET not in book.sheetnames:
        return own
    rows = _rows(path, book[terms.AT_ONCE_SHEET], (_RECEIVER, _ASSENT))
    together = _answers(rows, _RECEIVER, {*moved.values(), terms.EVERYBODY}, "不是方案里的接收人")
    # whose row was taken out of 变动审批 is not agreed to by agreeing to all
    return {
        who: next(
            (one for one in (own.get(who), together.get(taker), together.get(terms.EVERYBODY)) if one is not None), None
        )
        for who, taker in moved.items()
        if who in listed
    }


def _answers(
    rows: Iterable[tuple[str, Mapping[str, Any]]], key: str, known: set[str], strange: str
) -> dict[str, bool | None]:
    """What was filled in; raises ``assign.commit-unknown`` for who is not known, for a word that is neither yes nor no, and for two answers."""
    found: dict[str, bool | None] = {}
    wrong = []
    for where, row in rows:
        who, word = row[key], str(row[_ASSENT])
        answer = True if word in _AGREED else False if word in _REFUSED else None
        if answer is None and word:
            wrong.append((where, _ASSENT, word, f"看不懂（写“{'”或“'.join(terms.AGREED)}”）"))
        elif answer is not None and who not in known:
            wrong.append((where, key, who, strange))
        elif answer is not None and found.get(who) not in (None, answer):
            wrong.append((where, key, who, "有两行，一行同意、一行不同意"))
        else:
            found[who] = answer if answer is not None else found.get(who)
    _refuse(wrong)
    return found


def _opened(path: Path) -> Any:
    import zipfile
    import zlib
    from xml.etree.ElementTree import ParseError

    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=True)
    except FileNotFoundError:
        raise problem("table.path-missing", path=path) from None
    except InvalidFileException:
        raise problem("assign.commit-unread", place=place(path.name), detail="不是 .xlsx 工作簿。") from None
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error, ParseError) as error:
        raise problem(
            "assign.commit-unread", place=place(path.name), detail=f"读不出来，多半已损坏（{type(error).__name__}）。"
        ) from None


def _all_known(common: Common, workspace: Workspace, plan: Agreed) -> None:
    """Whoever is named is in the roster, every customer among the customers. Raises ``assign.commit-unknown`` with the rows."""
    given = [approval for approval in plan.approvals if approval.customer_id in plan.places]
    customers, managers = {row.customer_id for row in given}, {row.manager_id for row in given}
    known = {
        "customers": _kept(workspace, "classes", "customer_id"),
        "managers": _kept(workspace, "managers", "manager_id"),
    }
    if customers - known["customers"] or managers - known["managers"]:
        known = {key: known[key] | ids for key, ids in _exported(common, workspace).items()}
    roster, people = terms.BY_KEY["managers"].label, terms.BY_KEY["customers"].label
    wrong = []
    for row in given:
        if known["customers"] and row.customer_id not in known["customers"]:
            wrong.append((plan.places[row.customer_id], _CUSTOMER, row.customer_id, f"不在{people}里"))
        if known["managers"] and row.manager_id not in known["managers"]:
            wrong.append((plan.places[row.customer_id], _MANAGER, row.manager_id, f"不在{roster}里"))
    _refuse(wrong)


def _refuse(wrong: Iterable[tuple[str, str, str, str]]) -> None:
    """Places, columns, values and what is wrong with them, the first of many."""
    told = [
        finding("assign.commit-unknown", place=where, column=column, value=value, detail=detail)
        for where, column, value, detail in wrong
    ]
    if told:
        raise Problem(told[:_SHOWN], Exit.INPUT)


def _kept(workspace: Workspace, name: str, column: str) -> set[str]:
    """The numbers in the newest period's results."""
    names = workspace.period_names()
    frame = Results.of(workspace, names[-1]).frame(name, [column]) if names else None
    return set() if frame is None else set(frame[column].tolist())


def _exported(common: Common, workspace: Workspace) -> Mapping[str, set[str]]:
    """The numbers in the exports, of whichever day; nothing where there are no exports."""
    from kehujingli.month import read_exports
    from kehujingli.tables import frames

    try:
        sheets, _ = read_exports(request_of(common, workspace), workspace.ledger)
    except Problem:
        return {}
    return {
        key: set(frames.load(key, sheets)[column])
        for key, column in (("customers", "customer_id"), ("managers", "manager_id"))
    }


def _rows(path: Path, sheet: Any, wanted: tuple[str, ...]) -> list[tuple[str, Mapping[str, Any]]]:
    """Rows below the first row that holds the names wanted, each with its place."""
    found: list[tuple[str, Mapping[str, Any]]] = []
    names: list[str] | None = None
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        texts = [
            "" if value is None else (value if isinstance(value, date) else str(value).strip()) for value in values
        ]
        if names is None:
            if all(name in texts for name in wanted):
                names = [str(text) for text in texts]
            continue
        row = dict(zip(names, texts, strict=False))
        if row.get(wanted[0]):
            found.append((place(path.name, sheet.title, f"第 {number:,} 行"), row))
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
