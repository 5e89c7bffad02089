"""Does what we keep survive people's spreadsheets? Lists saved in GB18030, files open elsewhere, plans taken out by hand."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kehujingli.closing import appeals
from kehujingli.closing.appeals import Event
from kehujingli.closing.lines import FILE, Line, append_line, line_of
from kehujingli.commands.run import accepted_codes
from kehujingli.errors import Problem
from kehujingli.periods import Period, day_of
from kehujingli.tables.plans import load_plans
from kehujingli.workspace import Workspace
from kehujingli.workspace.plans import Approval, save_plan

DAY = dt.date(2026, 11, 1)
REGISTER = Path(appeals.FOLDER) / appeals.FILE


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    (tmp_path / "rules").mkdir()
    (tmp_path / "exports").mkdir()
    return Workspace(tmp_path)


def _line(reason: str = "申诉 1 采纳：走访") -> Line:
    return Line("M0008", "2026-11", "", Decimal("1.5"), None, "2026-11-02", reason, "", "王敏", "刘主任")


def _event(number: int) -> Event:
    return Event(number, "收到", "2026-10", "M0008", "存款", "1", "因为", day="2026-11-02", due_on="2026-11-09")


def _plan(folder: Path) -> Path:
    return save_plan(folder, [Approval("C1", "M1")], DAY, DAY, "王敏", "")


def _saved_by_a_spreadsheet(path: Path) -> None:
    """Days and months as Excel shows them, a blank line below, GB18030."""
    text = re.sub(r"\b(\d{4})-0?(\d+)-0?(\d+)\b", r"\1/\2/\3", path.read_text(encoding="utf-8-sig"))
    width = text.splitlines()[0].count(",")
    text = text.replace("2026-10", "Oct-26").replace("2026-11", "Nov-26") + "," * width + "\n"
    path.write_bytes(text.replace("\n", "\r\n").encode("gb18030"))


def test_a_plan_never_takes_the_number_of_another(tmp_path: Path) -> None:
    first, second, third = (_plan(tmp_path) for _ in range(3))
    assert [path.name for path in (first, second, third)] == ["2026-11-01.csv", "2026-11-01-2.csv", "2026-11-01-3.csv"]
    second.unlink()
    kept = third.read_bytes()
    assert _plan(tmp_path).name == "2026-11-01-4.csv"
    assert third.read_bytes() == kept


def test_a_corrections_list_saved_by_a_spreadsheet_is_read_and_gets_its_line(place: Workspace) -> None:
    path = append_line(place, _line())
    _saved_by_a_spreadsheet(path)
    append_line(place, _line("申诉 2 采纳：存款"))
    assert [row.split(",")[5] for row in path.read_text(encoding="utf-8-sig").splitlines() if row.strip(",")] == [
        "事由",
        "申诉 1 采纳：走访",
        "申诉 2 采纳：存款",
    ]


def test_a_register_saved_by_a_spreadsheet_is_read_and_grows(place: Workspace) -> None:
    path = appeals.append(place, [_event(1)])
    _saved_by_a_spreadsheet(path)
    appeals.append(place, [_event(2)])
    assert appeals.register(place) == [_event(1), _event(2)]


def test_the_line_of_an_answer_is_found_in_a_list_saved_by_a_spreadsheet(place: Workspace) -> None:
    _saved_by_a_spreadsheet(append_line(place, _line()))
    found = line_of(place, "M0008", "申诉 1 ")
    assert found is not None
    assert (found["period"], found["points"]) == ("2026-11", "1.5")


def test_a_plan_saved_by_a_spreadsheet_counts_from_its_day(tmp_path: Path) -> None:
    _saved_by_a_spreadsheet(_plan(tmp_path))
    (plan,) = load_plans(tmp_path, Period.of("2026-11"))
    assert (plan.effective, plan.managers) == (day_of(DAY), {"C1": "M1"})
    assert load_plans(tmp_path, Period.of("2026-10")) == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [("C1,", "3.30102E+17,", 2), (DAY.isoformat(), "下月一日", 2), ("customer_id", "客户", None)],
)
def test_a_plan_that_lost_what_it_said_stops_the_month_with_its_place(
    tmp_path: Path, old: str, new: str, line: int | None
) -> None:
    path = _plan(tmp_path)
    path.write_text(path.read_text(encoding="utf-8-sig").replace(old, new), encoding="utf-8")
    with pytest.raises(Problem) as stopped:
        load_plans(tmp_path, Period.of("2026-11"))
    (told,) = stopped.value.findings
    assert told.code == ("list.cell-bad" if line else "list.no-column")
    assert path.name in told.message
    assert (f"第 {line} 行" in told.message) == (line is not None)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_known_findings_are_read_however_they_were_saved(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "已知问题.csv"
    path.write_text('loan.class-too-good 东关\r\n"intake.orphan 1,234 行",\r\n,\r\n', encoding=encoding)
    assert accepted_codes(path) == ("loan.class-too-good 东关", "intake.orphan 1,234 行")


def test_known_findings_in_no_known_encoding_are_said(tmp_path: Path) -> None:
    path = tmp_path / "已知问题.txt"
    path.write_bytes(b"\xff\xff\xff\x81")
    with pytest.raises(Problem) as stopped:
        accepted_codes(path)
    assert stopped.value.findings[0].code == "output.unreadable"


def test_a_list_in_no_known_encoding_is_left_alone(place: Workspace) -> None:
    path = place.exports / FILE
    path.write_bytes(b"\xff\xff\xff\x81")
    with pytest.raises(Problem) as stopped:
        append_line(place, _line())
    assert stopped.value.findings[0].code == "output.unreadable"
    assert path.read_bytes() == b"\xff\xff\xff\x81"


@pytest.mark.parametrize(
    ("goal", "write"),
    [
        (Path("exports") / FILE, lambda place: append_line(place, _line())),
        (REGISTER, lambda place: appeals.append(place, [_event(2)])),
    ],
)
@pytest.mark.parametrize("when", ["open", "replace"])
def test_a_list_open_elsewhere_is_said_and_nothing_is_left_beside_it(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, goal: Path, write: Callable[[Workspace], Any], when: str
) -> None:
    append_line(place, _line())
    appeals.append(place, [_event(1)])
    before = {path: path.read_bytes() for path in place.root.rglob("*") if path.is_file()}
    real = getattr(Path, when)

    def taken(path: Path, *more: Any, **options: Any) -> Any:
        target = path if when == "open" else Path(more[0])
        writes = when == "replace" or "+" in str(more)
        if target == place.root / goal and writes:
            raise PermissionError(13, "open in Excel")
        return real(path, *more, **options)

    monkeypatch.setattr(Path, when, taken)
    with pytest.raises(Problem) as stopped:
        write(place)
    monkeypatch.undo()
    assert stopped.value.findings[0].code == "output.locked"
    assert {path: path.read_bytes() for path in place.root.rglob("*") if path.is_file()} == before


def test_a_line_is_found_by_its_manager_and_what_it_is_for(place: Workspace) -> None:
    append_line(place, _line())
    append_line(place, _line("申诉 12 采纳：存款"))
    found = line_of(place, "M0008", "申诉 1 ")
    assert found is not None
    assert (found["period"], found["points"]) == ("2026-11", "1.5")
    assert line_of(place, "M0009", "申诉 1 ") is None
