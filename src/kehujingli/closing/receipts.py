"""Who signed for his pack, when, and with what objection? Filled sheets of 回执 are checked cell by cell; 回执/回执登记.csv is an append-only register of them."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import Exit, Finding, Problem, finding, place
from kehujingli.periods import date_of, month_name, named_month
from kehujingli.terms.places import cell_name
from kehujingli.values import guarded
from kehujingli.workspace.files import read_kept
from kehujingli.workspace.lists import rows_of
from kehujingli.workspace.log import read_log

if TYPE_CHECKING:
    from kehujingli.workspace import Workspace

FOLDER, FILE, SHEET = "回执", "回执登记.csv", "回执"
OBJECTS, NONE = "有", "无"
_SIGNED = terms.term("signed_on", "packs").label
_FILLED = {
    **terms.headers("period", "receiver_id", "receiver", "signed_by"),
    "signed_on": _SIGNED,
    **terms.headers("objects", "objection"),
}
_HEADERS: Mapping[str, str] = {
    **_FILLED,
    **terms.headers(
        "file", "sha256", "day", "by", file="source_file", sha256="fingerprint", day="received_on", by="entered_by"
    ),
}
_NUMBER = terms.label("pack_number")
"""In a receipt and in the register; not in those of before packs had one."""
_SENT = "分发"


@dataclass(frozen=True)
class Sent:
    """One pack as the log has it. ``number``: what stands for its content; empty in older lines."""

    file: str
    sha256: str
    number: str = ""


@dataclass(frozen=True)
class Receipt:
    """One line of the register; days as 2026-11-05, ``objects`` 有 or 无."""

    period: str
    receiver_id: str
    receiver: str
    signed_by: str
    signed_on: str
    objects: str
    objection: str = ""
    file: str = ""
    sha256: str = ""
    day: str = ""
    by: str = ""
    number: str = ""
    """Which content was signed for; empty where the pack had no number yet."""

    @property
    def said(self) -> tuple[str, ...]:
        """What makes two of them the same receipt, sent twice."""
        return (
            self.period,
            self.receiver_id,
            self.signed_by,
            self.signed_on,
            self.objects,
            self.objection,
            self.number,
        )


def sent(workspace: Workspace) -> dict[str, dict[str, list[Sent]]]:
    """Period → number of whom packs were written for → each of them, oldest first, by the log: also those that were written elsewhere."""
    found: dict[str, dict[str, list[Sent]]] = {}
    for period, _, packs in _issues(workspace):
        for who, one in packs.items():
            found.setdefault(period, {}).setdefault(who, []).append(one)
    return found


def outstanding(workspace: Workspace, period: str) -> dict[str, Sent]:
    """The newest packs of a period, those for branches and those for managers: who got none the last time need not sign."""
    kinds: dict[str, dict[str, Sent]] = {}
    for of, kind, packs in _issues(workspace):
        if of == period:
            kinds[kind] = packs if kind else kinds.get(kind, {}) | packs
    return {who: one for packs in kinds.values() for who, one in packs.items()}


def _issues(workspace: Workspace) -> Iterator[tuple[str, str, dict[str, Sent]]]:
    """(period, branch or manager, packs by whom they are for) of each time that packs were written."""
    for entry in read_log(workspace):
        files, to = entry.get("files"), entry.get("to")
        if entry["deed"] == "pack" and isinstance(files, dict) and isinstance(to, list):
            told = entry.get("numbers")
            numbers = told if isinstance(told, list) else [""] * len(to)
            packs = {
                str(who): Sent(file, str(digest), str(number))
                for who, (file, digest), number in zip(to, files.items(), numbers, strict=False)
            }
            yield str(entry.get("period")), str(entry.get("by") or ""), packs


def counts_for(one: Receipt, wanted: Sent) -> bool:
    """Whether a receipt is of what was sent last, not of what it replaced."""
    return not wanted.number or one.number == wanted.number


def as_sent(workspace: Workspace, period: str, one: Sent) -> bytes | None:
    """The pack as it was written, where the period still has it, replaced or not."""
    for path in sorted((workspace.period(period) / _SENT).rglob("*.xlsx")):
        if path.name == one.file:
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() == one.sha256:
                return content
    return None


def register(workspace: Workspace) -> list[Receipt]:
    """Every receipt, in the order in which they came."""
    rows = rows_of(workspace.root / FOLDER / FILE, tuple(_HEADERS.values()))
    return [
        Receipt(
            number=row.cells.get(_NUMBER, ""),
            **{
                key: row.month(label)
                if key == "period"
                else row.day(label).isoformat()
                if key in ("signed_on", "day")
                else row.identifier(label)
                for key, label in _HEADERS.items()
            },
        )
        for row in rows
    ]


def register_text(workspace: Workspace, fresh: Iterable[Receipt]) -> tuple[Path, str]:
    """The register with these behind what stands there, of which no line is rewritten; a header of before packs had numbers gets theirs."""
    path = workspace.root / FOLDER / FILE
    there = read_kept(path)
    head, rest, lines = there.partition("\n")
    if head and _NUMBER not in next(csv.reader([head])):
        head = f"{head.rstrip()},{_NUMBER}"
    text = io.StringIO(newline="")
    text.write(head + rest + lines)
    writer = csv.writer(text, lineterminator="\n")
    if not there:
        writer.writerow([*_HEADERS.values(), _NUMBER])
    writer.writerows([guarded(str(getattr(one, field.name))) for field in fields(Receipt)] for one in fresh)
    return path, "\ufeff" + text.getvalue()


def receipt_in(
    file: str,
    rows: Iterable[Sequence[Any]],
    known: Mapping[str, Collection[str]],
    as_of: Mapping[str, date],
    today: date,
    numbers: Mapping[tuple[str, str], Collection[str]] | None = None,
) -> Receipt:
    """The filled row of a sheet of 回执. ``known``: period → whom packs were written for; ``as_of``: period → day of its data;
    ``numbers``: period and receiver → numbers of the packs that were sent, where all had one.

    Raises ``pack.receipt-unread`` where it is no receipt, ``pack.receipt-cell`` with every cell that is wrong.
    """
    names: list[str] | None = None
    found: Receipt | None = None
    for number, values in enumerate(rows):
        texts = [_text(value) for value in values]
        if names is None:
            names = texts if set(_FILLED.values()) <= set(texts) else None
            continue
        if not any(texts):
            continue
        cells = {
            key: (texts[at] if at < len(texts) else "", cell_name(number, at))
            for key, label in {**_FILLED, "number": _NUMBER}.items()
            if label in names and (at := names.index(label)) >= 0
        }
        if found is not None:
            wrong = list(_more(file, cells))
        else:
            wrong = list(_wrong(file, cells, known, as_of, today, numbers or {}))
        if wrong:
            raise Problem(wrong, Exit.INPUT)
        found = found or _taken({key: text for key, (text, _) in cells.items()})
    if found is not None:
        return found
    detail = "没有填的那一行" if names is not None else f"找不到表头（{'、'.join(_FILLED.values())}）"
    raise Problem([finding("pack.receipt-unread", place=place(file, SHEET), detail=detail)], Exit.INPUT)


def _taken(said: Mapping[str, str]) -> Receipt:
    month, day = named_month(said["period"]), _day(said["signed_on"])
    assert month is not None
    assert day is not None
    return Receipt(
        **{**said, "period": month_name(month), "signed_on": day.isoformat(), "objects": said["objects"] or NONE}
    )


def _told(file: str, key: str, cell: tuple[str, str], detail: str, cure: str) -> Finding:
    text, at = cell
    column = _NUMBER if key == "number" else _FILLED[key]
    return finding(
        "pack.receipt-cell", place=place(file, SHEET, at), column=column, value=text, detail=detail, cure=cure
    )


def _more(file: str, cells: Mapping[str, tuple[str, str]]) -> Iterator[Finding]:
    """What stands below the one row that is read: it would be lost."""
    for key in ("signed_by", "signed_on", "objects", "objection"):
        if cells[key][0]:
            detail, cure = "回执只有一行，写在下面的没有读", "请都写进那一行，几条异议写在同一格里。"
            yield _told(file, key, cells[key], detail, cure)
            return


def _wrong(
    file: str,
    cells: Mapping[str, tuple[str, str]],
    known: Mapping[str, Collection[str]],
    as_of: Mapping[str, date],
    today: date,
    numbers: Mapping[tuple[str, str], Collection[str]],
) -> Iterator[Finding]:
    """Each cell that cannot be taken as it is."""

    def told(key: str, detail: str, cure: str) -> Finding:
        return _told(file, key, cells[key], detail, cure)

    month = named_month(cells["period"][0])
    period = month_name(month) if month is not None else ""
    if period not in known:
        yield told("period", "不是写过资料的月份", f"请照原样改回（有：{'、'.join(sorted(known)) or '没有'}）。")
    elif cells["receiver_id"][0] not in known[period]:
        yield told("receiver_id", f"{period} 没有发给这个编号的资料", "请照原样改回，机构写机构号，客户经理写工号。")
    else:
        sent_to = numbers.get((period, cells["receiver_id"][0]), ())
        if sent_to and cells.get("number", ("", ""))[0] not in sent_to:
            if "number" in cells:
                yield told("number", "不是发给他的资料编号", f"请照原样改回（发过：{'、'.join(sent_to)}）。")
            else:
                yield told("receiver_id", f"这张回执没有{_NUMBER}", "请用发出的那一份填。")
    if not cells["signed_by"][0]:
        yield told("signed_by", "没有写谁签收", "请写签收人的姓名。")
    day = _day(cells["signed_on"][0])
    if day is None:
        yield told("signed_on", "不是日期", "请写成 2026-11-05 这样。")
    elif day > today:
        yield told("signed_on", f"晚于今天（{today}）", "请写签收当天的日期。")
    elif period in as_of and day < as_of[period]:
        yield told("signed_on", f"早于这个月的数据日（{as_of[period]}）", "请写签收当天的日期。")
    objects, objection = cells["objects"][0], cells["objection"][0]
    if objects not in (OBJECTS, NONE):
        yield told("objects", f"应是{OBJECTS}或{NONE}", f"请选{OBJECTS}或{NONE}。")
    elif objects == OBJECTS and not objection:
        yield told("objection", f"前面选了{OBJECTS}，这里是空的", "请写明哪一户、哪个数、应是多少。")
    elif objects == NONE and objection:
        yield told("objection", f"前面选了{NONE}，这里又写了", f"有异议的，前面请选{OBJECTS}；没有的请清空。")


def _text(value: Any) -> str:
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def _day(text: str) -> date | None:
    from kehujingli.intake.cells.dates import date_of_text

    try:
        day = date_of_text(text)
    except ValueError:
        return None
    return None if day is None else date_of(day)
