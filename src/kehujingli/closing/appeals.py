"""Who disputes what, until when is the answer due, and what came of it? An append-only register, 申诉/申诉登记.csv: one line an event.

An appeal is registered (收到) and answered (答复); nothing is rewritten. What is granted becomes a line of 加减分 (``closing/lines.py``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import place, problem
from kehujingli.values import guarded
from kehujingli.workspace.files import read_kept, write_whole
from kehujingli.workspace.lists import Kept, rows_of

if TYPE_CHECKING:
    from kehujingli.workspace import Workspace

FOLDER, FILE = "申诉", "申诉登记.csv"
RESULTS = ("采纳", "部分采纳", "不采纳")
_WANTED = terms.headers("period", "manager_id", "item", "appeal", "reason", "claim", reason="appeal_reason")
_HEADERS: Mapping[str, str] = terms.headers(
    "number",
    "event",
    "period",
    "manager_id",
    "item",
    "claim",
    "reason",
    "file",
    "sha256",
    "day",
    "due_on",
    "result",
    "points",
    "amount",
    "note",
    "by",
    "approved_by",
    "into",
    number="serial",
    reason="appeal_reason",
    file="source_file",
    sha256="fingerprint",
    day="dated",
    due_on="answer_due",
    points="adjustment",
    by="entered_by",
)


@dataclass(frozen=True)
class Event:
    """One line of the register; ``event`` is 收到 or 答复, ``day`` when it came or was answered."""

    number: int
    event: str
    period: str
    manager_id: str
    item: str
    claim: str = ""
    reason: str = ""
    file: str = ""
    sha256: str = ""
    day: str = ""
    due_on: str = ""
    result: str = ""
    points: str = ""
    amount: str = ""
    note: str = ""
    by: str = ""
    approved_by: str = ""
    into: str = ""


@dataclass(frozen=True)
class Claim:
    """One filled-in row of a statement."""

    period: str
    manager_id: str
    item: str
    claim: str
    reason: str


def workdays_after(day: date, count: int) -> date:
    """The day so many working days later: Monday to Friday; public holidays and their make-up days are not known here."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def claims_in(path: Path, rows: Iterable[Sequence[Any]], sheet: str) -> list[Claim]:
    """Rows of a statement's sheet that were filled in. Raises ``appeal.unread`` where it is no statement."""
    names: list[str] | None = None
    found = []
    for values in rows:
        texts = ["" if value is None else str(value).strip() for value in values]
        if names is None:
            names = texts if set(_WANTED.values()) <= set(texts) else None
            continue
        said = dict(zip(names, texts, strict=False))
        row = {key: said[label] for key, label in _WANTED.items()}
        if row["manager_id"] and (row["appeal"] or row["reason"] or row["claim"]):
            found.append(Claim(*(row[field.name] for field in fields(Claim))))
    if names is None:
        raise problem(
            "appeal.unread", place=place(path.name, sheet), detail=f"找不到表头（{'、'.join(_WANTED.values())}）"
        )
    return found


def register(workspace: Workspace) -> list[Event]:
    """Every event, oldest first."""
    return [_event(row) for row in rows_of(workspace.root / FOLDER / FILE, tuple(_HEADERS.values()))]


def _event(row: Kept) -> Event:
    texts = {field: row.text(label) for field, label in _HEADERS.items() if field != "number"}
    days = {field: row.day(_HEADERS[field]).isoformat() for field in ("day", "due_on") if texts[field]}
    months = {field: row.month(_HEADERS[field]) for field in ("period", "into") if texts[field]}
    who = row.identifier(_HEADERS["manager_id"])
    return Event(row.number(_HEADERS["number"]), **(texts | days | months | {"manager_id": who}))


def append(workspace: Workspace, events: Sequence[Event], write: Callable[[Path, str], None] = write_whole) -> Path:
    """Add lines; what stands there is never rewritten. ``write`` takes the place and the whole text."""
    path = workspace.root / FOLDER / FILE
    there = read_kept(path)
    text = io.StringIO(newline="")
    text.write(there)
    writer = csv.writer(text, lineterminator="\n")
    if not there:
        writer.writerow(_HEADERS.values())
    writer.writerows([guarded(str(getattr(event, field.name))) for field in fields(Event)] for event in events)
    write(path, "\ufeff" + text.getvalue())
    return path


def received(
    known: Sequence[Event], claims: Iterable[Claim], file: str, digest: str, day: date, due: date, by: str
) -> Iterator[Event]:
    """New events for claims that are not registered yet (the same file sent twice counts once)."""
    there = {
        (event.period, event.manager_id, event.item, event.claim, event.reason)
        for event in known
        if event.event == terms.RECEIVED
    }
    number = max((event.number for event in known), default=0)
    for claim in claims:
        key = (claim.period, claim.manager_id, claim.item, claim.claim, claim.reason)
        if key not in there:
            there.add(key)
            number += 1
            yield Event(number, terms.RECEIVED, *key, file, digest, day.isoformat(), due.isoformat(), by=by)


def open_appeals(known: Sequence[Event]) -> list[Event]:
    """Received and not answered, the soonest due first."""
    answered = {event.number for event in known if event.event == "答复"}
    waiting = [event for event in known if event.event == terms.RECEIVED and event.number not in answered]
    return sorted(waiting, key=lambda event: (event.due_on, event.number))
