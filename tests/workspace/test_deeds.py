"""Are a deed and its line in the log one? Killed at each of its file operations, finished by the next command, typed again: it stands once."""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from killing import killed_at

from kehujingli.closing import appeals
from kehujingli.closing.lines import Line, append_line, stands
from kehujingli.errors import Problem
from kehujingli.workspace import MANIFEST, Workspace
from kehujingli.workspace.deeds import perform
from kehujingli.workspace.log import read_log, write_log
from kehujingli.workspace.plans import Approval, same_plan, save_plan

DAY = dt.date(2026, 11, 1)
LINE = Line(
    "M0008", "2026-11", "2026-10", Decimal("1.5"), None, "2026-11-02", "更正 2026-10：漏计", "", "王敏", "刘主任"
)
CLAIM = appeals.Claim("2026-10", "M0008", "存款", "1", "因为")

forked = pytest.mark.skipif(not hasattr(os, "fork"), reason="一次真的杀进程要 fork")


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    (tmp_path / "rules").mkdir()
    (tmp_path / "exports").mkdir()
    return Workspace(tmp_path, "王敏")


def _correct(place: Workspace) -> None:
    with place.locked("2026-10"):
        if not stands(place, LINE):
            files: dict[Path, str] = {}
            append_line(place, LINE, files.__setitem__)
            perform(place, files, "correct", {"period": "2026-10", "points": "1.5", "amount": None})


def _commit(place: Workspace) -> None:
    plan = [Approval("C1", "M1"), Approval("C2", "M2")]
    with place.locked("管户方案"):
        if same_plan(place.plans, plan, DAY, "王敏", "示〔2026〕1号") is None:
            files: dict[Path, str] = {}
            saved = save_plan(place.plans, plan, DAY, DAY, "王敏", "示〔2026〕1号", files.__setitem__)
            perform(place, files, "commit", {"plan": saved.name})


def _appeal(place: Workspace) -> None:
    with place.locked("申诉"):
        fresh = list(appeals.received(appeals.register(place), [CLAIM], "甲.xlsx", "ab", DAY, DAY, "王敏"))
        if fresh:
            files: dict[Path, str] = {}
            appeals.append(place, fresh, files.__setitem__)
            perform(place, files, "appeal", {"numbers": [event.number for event in fresh]})


def _answer(place: Workspace) -> None:
    """Two files and a line of the log: the register and the line that pays."""
    with place.locked("申诉"):
        if not appeals.register(place):
            files: dict[Path, str] = {}
            append_line(place, LINE, files.__setitem__)
            event = appeals.Event(1, "答复", "2026-10", "M0008", "存款", day="2026-11-02", result="采纳")
            appeals.append(place, [event], files.__setitem__)
            perform(place, files, "answer", {"number": 1})


def _publish(place: Workspace) -> None:
    with place.locked("2026-10"):
        if (place.period("2026-10") / MANIFEST).exists():
            return
        with place.staging() as staged:
            (staged / "甲.xlsx").write_text("甲", encoding="utf-8")
            (staged / MANIFEST).write_text(json.dumps({"outputs": []}), encoding="utf-8")
            place.publish(staged, place.period("2026-10"), ("close", {"period": "2026-10"}))


def _send(place: Workspace) -> None:
    """Files that were staged, and the line that says to whom they go."""
    with place.locked("2026-10"), place.staging() as staged:
        files = {place.forms / name: staged / name for name in ("甲.xlsx", "甲.ics", "乙.xlsx")}
        if any(goal.exists() for goal in files):
            return
        for made in files.values():
            made.write_text(made.name, encoding="utf-8")
        perform(place, files, "visit-plans", {"period": "2026-10", "to": "甲、乙"})


def _files(place: Workspace) -> dict[str, bytes]:
    """What lies in the workspace beside its log and its cache."""
    found = (path for path in place.root.rglob("*") if path.is_file())
    outside = [path for path in found if not path.is_relative_to(place.logs) and not path.is_relative_to(place.cache)]
    return {path.relative_to(place.root).as_posix(): path.read_bytes() for path in outside}


@forked
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("deed", [_correct, _commit, _appeal, _answer, _publish, _send])
def test_a_deed_killed_at_any_change_on_disk_is_whole_or_not_begun_and_stands_once(
    deed: Callable[[Workspace], None], tmp_path: Path
) -> None:
    def fresh(name: str) -> Workspace:
        for part in ("rules", "exports"):
            (tmp_path / name / part).mkdir(parents=True)
        place = Workspace(tmp_path / name, "王敏")
        write_log(place, "init")
        return place

    whole = fresh("whole")
    nothing = _files(whole)
    deed(whole)
    done = _files(whole)
    kills = 0
    for number in range(1, 100):
        place = fresh(str(number))
        if not killed_at(number, functools.partial(deed, place)):
            break
        kills += 1
        with place.locked("下一个命令"):
            pass
        said = [entry["deed"] for entry in read_log(place)]
        assert (_files(place), len(said)) in ((nothing, 1), (done, 2)), number
        deed(place)
        entries = list(read_log(place))
        assert (_files(place), len(entries)) == (done, 2), number
        assert not any(entry["broken"] for entry in entries)
        assert not [path.name for path in place.cache.rglob("*") if path.is_file() and "journal" in path.name]
        assert not (place.cache / "stage").exists() or not any((place.cache / "stage").iterdir())
    assert 10 <= kills < 99


def test_a_deed_whose_line_the_log_cannot_take_has_not_happened(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    append_line(place, LINE)
    before = _files(place)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device", "日志.jsonl")

    monkeypatch.setattr("kehujingli.workspace.deeds.write_log", full)
    with pytest.raises(Problem) as told:
        _appeal(place)
    assert told.value.findings[0].code == "output.failed"
    assert _files(place) == before
    assert not place.journal.exists()


@pytest.mark.parametrize(
    "journal",
    [
        {"moves": [[".kehujingli/stage/x", "../outside.csv"]]},
        {"moves": [], "gone": ["/etc/hostname"]},
        {"moves": 3},
        {"seen": ["登记.csv"]},
        {"moves": [["one"]]},
        {"moves": [], "log": {"deed": "close"}},
    ],
)
def test_a_journal_that_is_none_of_ours_is_not_followed(journal: dict[str, Any], place: Workspace) -> None:
    place.make_cache()
    place.journal.write_text(json.dumps(journal), encoding="utf-8")
    with pytest.raises(Problem) as told, place.locked("x"):
        pass
    assert told.value.findings[0].code == "journal.bad"
    assert place.journal.exists()
