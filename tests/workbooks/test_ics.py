"""A calendar file that a strict reader takes: CRLF, no line over 75 octets, no character cut, every visit on its day."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehujingli.periods import day_of
from kehujingli.workbooks.ics import calendar_of, folded

MONDAY = day_of(date(2026, 11, 2))


def plan(*rows: tuple[str, int, str, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["customer_name", "planned_on", "way", "village"])
    frame["customer_id"] = [f"81000000000{n}" for n in range(len(rows))]
    return frame.assign(minutes=60).astype({"village": "str", "planned_on": "Int64", "minutes": "Int64"})


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_folding_cuts_no_character_and_no_line_is_too_long(line: str) -> None:
    raw = folded(line).encode()
    assert raw.endswith(b"\r\n")
    pieces = raw[:-2].split(b"\r\n")
    assert all(len(piece) <= 75 for piece in pieces)
    assert all(piece.decode()[0] == " " for piece in pieces[1:])
    assert "".join(piece.decode()[1 if at else 0 :] for at, piece in enumerate(pieces)) == line


def test_a_reader_of_calendars_finds_every_visit_on_its_day() -> None:
    icalendar = pytest.importorskip("icalendar")
    names = [f"城关镇白马磁窑沟村股份经济合作社{n}" for n in range(6)]
    some = plan(
        *((name, MONDAY, "上门", "白马，磁窑沟;村\\") for name in names),
        ("王某", MONDAY + 1, "电话", None),
        ("李某", MONDAY, "上门", "东村"),
    )
    raw = calendar_of(some, "M1", date(2026, 10, 31))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    events = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    found = {(str(one.decoded("dtstart")), str(one["summary"])): str(one["description"]) for one in events}
    assert set(found) == {
        ("2026-11-02", "上门走访 白马，磁窑沟;村\\ 6 户"),
        ("2026-11-02", "上门走访 东村 1 户"),
        ("2026-11-03", "电话走访 1 户"),
    }
    assert all(name in found["2026-11-02", "上门走访 白马，磁窑沟;村\\ 6 户"] for name in names)
    assert len({str(one["uid"]) for one in events}) == 3


def test_the_same_plan_is_the_same_file_and_a_later_one_s_entry_replaces_it() -> None:
    some = plan(("王某", MONDAY, "上门", "东村"))
    first = calendar_of(some, "M1", date(2026, 10, 31))
    assert first == calendar_of(some, "M1", date(2026, 10, 31))
    later = calendar_of(some, "M1", date(2026, 11, 30))
    changed = [pair for pair in zip(first.splitlines(), later.splitlines(), strict=True) if pair[0] != pair[1]]
    assert [before.partition(b":")[0] for before, _ in changed] == [b"DTSTAMP"]
