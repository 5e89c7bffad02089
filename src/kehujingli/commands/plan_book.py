"""What does an approved 管户分配.xlsx say? What counts, what was not agreed to, and receivers that somebody wrote by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kehujingli import terms
from kehujingli.errors import Exit, Problem, finding, place, problem
from kehujingli.workspace.plans import Approval

_TAKER = terms.label("taker", "approvals")
_AGREED = {terms.AGREED[0], terms.label("agreed"), "Y", "y", "√"}
_REFUSED = {terms.AGREED[1], f"不{terms.label('agreed')}", "N", "n", "×"}
CUSTOMER, _PREVIOUS, MANAGER, _MOVE, _EFFECTIVE, _ASSENT, _RECEIVER = (
    terms.label(key)
    for key in ("customer_id", "previous_manager", "assigned_manager", "move", "effective_on", "agreed", "manager_id")
)
SHOWN = 10


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
    previous: Mapping[str, str] = field(default_factory=dict)
    """Customer → 原管户经理, where the list has one."""
    written: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Customer → place and receiver of 变动审批, where it was agreed to and is not the list's."""


def read_plan(path: Path) -> Agreed:
    """Where the workbook has a sheet 变动审批, a move counts only where it was agreed to; kept and new customers count as listed.

    A customer's own 是 or 否 is nearer than her receiver's in 一并同意, and that than 全部同意; where all are blank, nobody has decided.
    """
    book = _opened(path)
    if terms.PLAN_SHEET not in book.sheetnames:
        raise problem("assign.commit-unread", place=place(path.name), detail=f"没有工作表“{terms.PLAN_SHEET}”。")
    rows = _rows(path, book[terms.PLAN_SHEET], (CUSTOMER, _PREVIOUS, MANAGER, _MOVE))
    _once(rows)
    moved = {row[CUSTOMER]: row[MANAGER] for _, row in rows if row[_MOVE] == terms.MOVES["moved"]}
    decided = _decided(path, book, moved)
    approvals, refused, pending, dated, places = [], 0, 0, None, {}
    written = {who: one for who, one in _written(path, book, moved).items() if decided and decided.get(who)}
    for where, row in rows:
        who = row[CUSTOMER]
        dated = dated or _date(row.get(_EFFECTIVE))
        if who in moved and decided is not None and not decided.get(who):
            refused += 1
            pending += decided.get(who) is None
            if row[_PREVIOUS]:
                approvals.append(Approval(who, row[_PREVIOUS]))
        elif row[MANAGER]:
            approvals.append(Approval(who, row[MANAGER]))
            places[who] = where
    previous = {row[CUSTOMER]: row[_PREVIOUS] for _, row in rows if row[_PREVIOUS]}
    return Agreed(approvals, refused, pending, dated, places, previous, written)


def planned(path: Path) -> dict[str, str]:
    """Customer → manager as the list of a 管户分配.xlsx has them, whatever was agreed to: a plan that was laid aside."""
    book = _opened(path)
    if terms.PLAN_SHEET not in book.sheetnames:
        raise problem("assign.commit-unread", place=place(path.name), detail=f"没有工作表“{terms.PLAN_SHEET}”。")
    rows = _rows(path, book[terms.PLAN_SHEET], (CUSTOMER, MANAGER))
    _once(rows)
    return {row[CUSTOMER]: row[MANAGER] for _, row in rows if row[MANAGER]}


def _once(rows: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Raises ``assign.commit-two`` where a customer stands twice with two receivers."""
    seen: dict[str, tuple[str, str]] = {}
    for where, row in rows:
        first, manager = seen.setdefault(row[CUSTOMER], (where, row[MANAGER]))
        if manager != row[MANAGER]:
            raise two(row[CUSTOMER], (where, row[MANAGER]), (first, manager))


def two(customer: str, one: tuple[str, str], other: tuple[str, str]) -> Problem:
    return problem(
        "assign.commit-two",
        place=one[0],
        customer=customer,
        manager=one[1] or "（空）",
        other=other[0],
        manager2=other[1] or "（空）",
    )


def _written(path: Path, book: Any, moved: Mapping[str, str]) -> Mapping[str, tuple[str, str]]:
    """Place and number of who stands as receiver on 变动审批 and is not the list's."""
    if terms.APPROVAL_SHEET not in book.sheetnames:
        return {}
    said = _rows(path, book[terms.APPROVAL_SHEET], (CUSTOMER, _ASSENT))
    numbers = {row[CUSTOMER]: (where, str(row.get(_TAKER) or "").split(" ")[0]) for where, row in said}
    return {who: one for who, one in numbers.items() if who in moved and one[1] and one[1] != moved[who]}


def _decided(path: Path, book: Any, moved: Mapping[str, str]) -> Mapping[str, bool | None] | None:
    """What was decided of each customer on 变动审批; nothing where the workbook has no such sheet. ``moved``: customer → receiver."""
    if terms.APPROVAL_SHEET not in book.sheetnames:
        return None
    said = _rows(path, book[terms.APPROVAL_SHEET], (CUSTOMER, _ASSENT))
    own = _answers(said, CUSTOMER, set(moved), "不在要调整的户里")
    listed = {row[CUSTOMER] for _, row in said}
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
    refuse(wrong)
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


def refuse(wrong: Iterable[tuple[str, str, str, str]]) -> None:
    """Places, columns, values and what is wrong with them, the first of many."""
    told = [
        finding("assign.commit-unknown", place=where, column=column, value=value, detail=detail)
        for where, column, value, detail in wrong
    ]
    if told:
        raise Problem(told[:SHOWN], Exit.INPUT)


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
