"""How do a manager's visits get into a calendar? One all-day entry a day and village, as RFC 5545 writes them: CRLF, folded at 75 octets, never inside a character."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kehujingli.periods import date_of
from kehujingli.values import listed

if TYPE_CHECKING:
    import pandas as pd

_OCTETS = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def calendar_of(plan: pd.DataFrame, manager: str, stamp: date) -> bytes:
    """``plan``: one manager's rows of 走访排期; ``stamp``: the day of the data, in place of a clock: a later plan's entries replace an earlier one's."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//kehujingli//visits//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    columns = ("planned_on", "way", "village", "customer_name", "customer_id", "minutes")
    entries: dict[tuple[int, str, str], list[str]] = {}
    for day, way, village, *about in zip(*(listed(plan[key]) for key in columns), strict=True):
        name, number, minutes = about
        said = " ".join(filter(None, (name, number, f"{minutes} 分钟")))
        entries.setdefault((int(day), str(way), village or ""), []).append(said)
    for (day, way, village), names in sorted(entries.items()):
        lines += _entry(manager, date_of(day), way, village, names, stamp)
    lines.append("END:VCALENDAR")
    return "".join(folded(line) for line in lines).encode()


def _entry(manager: str, day: date, way: str, village: str, names: list[str], stamp: date) -> Iterator[str]:
    uid = hashlib.sha256(f"{manager}|{day}|{way}|{village}".encode()).hexdigest()[:32]
    yield "BEGIN:VEVENT"
    yield f"UID:{uid}@kehujingli"
    yield f"DTSTAMP:{stamp:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(f'{way}走访 {village} {len(names)} 户'.replace('  ', ' '))}"
    if village:
        yield f"LOCATION:{_text(village)}"
    yield f"DESCRIPTION:{_text(chr(10).join(names))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(value: str) -> str:
    return "".join(letter for letter in value if letter >= " " or letter == "\n").translate(_ESCAPES)


def folded(line: str) -> str:
    """The line with its CRLF, cut so that no piece is longer than 75 octets, the blank that goes before the next piece counted."""
    return "\r\n ".join(_pieces(line)) + "\r\n"


def _pieces(line: str) -> Iterable[str]:
    piece, size = "", 0
    for letter in line:
        own = len(letter.encode())
        if size + own > _OCTETS:
            yield piece
            piece, size = "", 1
        piece, size = piece + letter, size + own
    yield piece
