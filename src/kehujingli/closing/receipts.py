"""Who signed for his pack, when, and with what objection? Filled sheets of 回执 are checked cell by cell; 回执/回执登记.csv is an append-only register of them."""

from __future__ import annotations

import csv
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

    @property
    def said(self) -> tuple[str, ...]:
        """What makes two of them the same receipt, sent twice."""
        return (self.period, self.receiver_id, self.signed_by, self.signed_on, self.objects, self.objection)


def sent(workspace: Workspace) -> dict[str, dict[str, str]]:
    """Period → number of whom a pack was written for → its file, by the log: also those that were written elsewhere."""
    found: dict[str, dict[str, str]] = {}
    for entry in read_log(workspace):
        if entry["deed"] == "pack" and isinstance(entry.get("files"), dict) and isinstance(entry.get("to"), list):
            found.setdefault(str(entry.get("period")), {}).update(
                zip(map(str, entry["to"]), entry["files"], strict=False)
            )
    return found


def register(workspace: Workspace) -> list[Receipt]:
    """Every receipt, in the order in which they came."""
    rows = rows_of(workspace.root / FOLDER / FILE, tuple(_HEADERS.values()))
    return [
        Receipt(
            **{
                key: row.month(label)
                if key == "period"
                else row.day(label).isoformat()
                if key in ("signed_on", "day")
                else row.identifier(label)
                for key, label in _HEADERS.items()
            }
        )
        for row in rows
    ]


def register_text(workspace: Workspace, fresh: Iterable[Receipt]) -> tuple[Path, str]:
    """The register with these behind what stands there, which is never rewritten."""
    path = workspace.root / FOLDER / FILE
    there = read_kept(path)
    text = io.StringIO(newline="")
    text.write(there)
    writer = csv.writer(text, lineterminator="\n")
    if not there:
        writer.writerow(_HEADERS.values())
    writer.writerows([guarded(str(getattr(one, field.name))) for field in fields(Receipt)] for one in fresh)
    return path, "\ufeff" + text.getvalue()


def receipt_in(
    file: str,
    rows: Iterable[Sequence[Any]],
    known: Mapping[str, Collection[str]],
    as_of: Mapping[str, date],
    today: date,
) -> Receipt:
    """The filled row of a sheet of 回执. ``known``: period → whom packs were written for; ``as_of``: period → day of its data.

    Raises ``pack.receipt-unread`` where it is no receipt, ``pack.receipt-cell`` with every cell that is wrong.
    """
    names: list[str] | None = None
    for number, values in enumerate(rows):
        texts = [_text(value) for value in values]
        if names is None:
            names = texts if set(_FILLED.values()) <= set(texts) else None
            continue
        if not any(texts):
            continue
        cells = {
            key: (texts[at], cell_name(number, at))
            for key, label in _FILLED.items()
            if (at := names.index(label)) < len(texts)
        }
        wrong = list(_wrong(file, cells, known, as_of, today))
        if wrong:
            raise Problem(wrong, Exit.INPUT)
        said = {key: text for key, (text, _) in cells.items()}
        month, day = named_month(said["period"]), _day(said["signed_on"])
        assert month is not None
        assert day is not None
        return Receipt(
            **said | {"period": month_name(month), "signed_on": day.isoformat(), "objects": said["objects"] or NONE}
        )
    detail = "没有填的那一行" if names is not None else f"找不到表头（{'、'.join(_FILLED.values())}）"
    raise Problem([finding("pack.receipt-unread", place=place(file, SHEET), detail=detail)], Exit.INPUT)


def _wrong(
    file: str,
    cells: Mapping[str, tuple[str, str]],
    known: Mapping[str, Collection[str]],
    as_of: Mapping[str, date],
    today: date,
) -> Iterator[Finding]:
    """Each cell that cannot be taken as it is."""

    def told(key: str, detail: str, cure: str) -> Finding:
        text, cell = cells[key]
        return finding(
            "pack.receipt-cell",
            place=place(file, SHEET, cell),
            column=_FILLED[key],
            value=text,
            detail=detail,
            cure=cure,
        )

    month = named_month(cells["period"][0])
    period = month_name(month) if month is not None else ""
    if period not in known:
        yield told("period", "不是写过资料的月份", f"请照原样改回（有：{'、'.join(sorted(known)) or '没有'}）。")
    elif cells["receiver_id"][0] not in known[period]:
        yield told("receiver_id", f"{period} 没有发给这个编号的资料", "请照原样改回，机构写机构号，客户经理写工号。")
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
