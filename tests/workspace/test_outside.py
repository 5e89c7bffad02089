"""Is a folder outside of the workspace all old or all new at any kill, and does what others keep there stay theirs?"""

from __future__ import annotations

import errno
import functools
import os
from pathlib import Path
from typing import Any

import pytest
from killing import killed_at

from kehujingli.errors import Problem
from kehujingli.workspace import Workspace, outside
from kehujingli.workspace.deeds import place_outside
from kehujingli.workspace.log import read_log
from kehujingli.workspace.outside import hand_over, tidy

REGISTER = "登记.csv"
FOREIGN = {"名单.csv": "谁来领", "说明.json": "{}", "已送/旧.txt": "送过了"}
OLD = {REGISTER: "M1.xlsx\nM2.xlsx\n", "M1.xlsx": "旧一", "M2.xlsx": "旧二"}
NEW = {REGISTER: "M1.xlsx\nM2.xlsx\n新", "M1.xlsx": "新一", "M2.xlsx": "新二"}

forked = pytest.mark.skipif(not hasattr(os, "fork"), reason="一次真的杀进程要 fork")


def _ours(register: Path) -> list[str]:
    return register.read_text(encoding="utf-8").split() if register.exists() else []


def _put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def _held(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def _beside(folder: Path) -> list[str]:
    return [path.name for path in folder.parent.iterdir() if path.name.startswith(".")]


def _noted(place: Workspace) -> int:
    return len(list(read_log(place)))


def _deed(place: Workspace, target: Path) -> None:
    with place.locked("对账单"), place.staging() as staged:
        tidy(target, REGISTER, _ours)
        _put(staged, NEW)
        hand_over(place, staged, target, REGISTER, _ours, ("statements", {"files": [*NEW]}))


def _fresh(root: Path) -> tuple[Workspace, Path]:
    """A workspace, and a folder outside of it with older files of ours and what people keep there."""
    place, away = Workspace(root / "county", "王敏"), root / "发给经理"
    place.root.mkdir(parents=True)
    _put(away, OLD | FOREIGN)
    return place, away


def _cannot_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kehujingli.workspace.swap.exchange", lambda *_: False)


@forked
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_killed_at_any_change_on_disk_it_holds_the_old_files_or_the_new_ones_and_theirs(tmp_path: Path) -> None:
    seen = []
    for number in range(1, 200):
        place, away = _fresh(tmp_path / str(number))
        if not killed_at(number, functools.partial(_deed, place, away)):
            break
        on_disk = _held(away)
        assert on_disk in (OLD | FOREIGN, NEW | FOREIGN), number
        with place.locked("下一个命令"):
            pass
        assert _noted(place) == (on_disk == NEW | FOREIGN), number
        tidy(away, REGISTER, _ours)
        assert (_held(away), _beside(away)) == (on_disk, []), number
        seen.append(on_disk == NEW | FOREIGN)
    assert len(seen) < 199
    assert {False, True} == set(seen)


@forked
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_killed_where_folders_cannot_change_places_it_is_whole_once_typed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _cannot_exchange(monkeypatch)
    for number in range(1, 200, 3):
        place, away = _fresh(tmp_path / str(number))
        if not killed_at(number, functools.partial(_deed, place, away)):
            break
        tidy(away, REGISTER, _ours)
        assert _held(away) in (OLD | FOREIGN, NEW | FOREIGN), number
        _deed(place, away)
        assert (_held(away), _beside(away)) == (NEW | FOREIGN, []), number
    assert number < 199


def _send(place: Workspace, away: Path) -> None:
    """Files without a register: what is there of the very same is completed, as typed again."""
    with place.locked("2026-10"), place.staging() as staged:
        _put(staged, {"M1.xlsx": "一", "M2.xlsx": "二", "M2.ics": "二"})
        files = {away / path.name: path for path in sorted(staged.iterdir())}
        if not all(goal.exists() for goal in files):
            place_outside(place, files, "visit-plans", {"to": "M1、M2"})


@forked
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_files_sent_elsewhere_are_whole_at_any_kill_and_noted_once_when_typed_again(tmp_path: Path) -> None:
    whole = {"M1.xlsx": "一", "M2.ics": "二", "M2.xlsx": "二"}
    seen = set()
    for number in range(1, 200):
        place, away = Workspace(tmp_path / str(number), "王敏"), tmp_path / f"发{number}"
        place.root.mkdir()
        if not killed_at(number, functools.partial(_send, place, away)):
            break
        left = {name: text for name, text in _held(away).items() if not name.startswith(".")}
        assert left.items() <= whole.items(), number
        seen.add(len(left))
        with place.locked("下一个命令"):
            pass
        assert _noted(place) == (left == whole), number
        _send(place, away)
        assert (_held(away), _noted(place)) == (whole, 1), number
    assert seen == {0, 1, 2, 3}


def test_what_others_change_while_it_is_filled_is_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody saves a file anew and puts another one there after ours has been filled beside it."""
    place, away = _fresh(tmp_path)
    real = outside.swap

    def late(fresh: Path, target: Path, aside: Path) -> None:
        _put(target, {"刚放.txt": "刚放", "名单.新": "改过"})
        (target / "名单.新").replace(target / "名单.csv")
        real(fresh, target, aside)

    monkeypatch.setattr(outside, "swap", late)
    _deed(place, away)
    assert _held(away) == NEW | FOREIGN | {"刚放.txt": "刚放", "名单（另存1）.csv": "改过"}
    assert _beside(away) == []


def test_a_file_of_ours_by_name_that_no_register_knows_is_kept_under_another_name(tmp_path: Path) -> None:
    place, away = _fresh(tmp_path)
    (away / REGISTER).unlink()
    _deed(place, away)
    assert _held(away) == NEW | FOREIGN | {"M1（另存1）.xlsx": "旧一", "M2（另存1）.xlsx": "旧二"}


@pytest.mark.parametrize("exchanged", [True, False])
def test_a_log_that_takes_no_line_leaves_the_old_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, exchanged: bool
) -> None:
    place, away = _fresh(tmp_path)
    if not exchanged:
        _cannot_exchange(monkeypatch)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "没有空间", "日志.jsonl")

    monkeypatch.setattr(outside, "write_log", full)
    with pytest.raises(Problem) as told:
        _deed(place, away)
    assert told.value.findings[0].code == "output.failed"
    assert (_held(away), _beside(away), place.journal.exists()) == (OLD | FOREIGN, [], False)


def test_the_folder_one_stands_in_is_filled_file_by_file_and_stays_the_same_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell would go on in a folder that is gone. The log takes no line at first: the next command writes it."""
    place, away = _fresh(tmp_path)
    before = away.stat().st_ino
    monkeypatch.chdir(away)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "没有空间", "日志.jsonl")

    with monkeypatch.context() as patch:
        patch.setattr(outside, "write_log", full)
        with pytest.raises(Problem) as told:
            _deed(place, away)
    assert told.value.findings[0].code == "output.unlogged"
    assert (away.stat().st_ino, _held(away), _noted(place)) == (before, NEW | FOREIGN, 0)
    with place.locked("下一个命令"):
        pass
    assert (_noted(place), place.journal.exists()) == (1, False)


def test_a_new_folder_is_the_owner_s_alone(tmp_path: Path) -> None:
    place, away = _fresh(tmp_path)
    _deed(place, away.with_name("另一处") / "十月")
    assert _held(away.with_name("另一处") / "十月") == NEW
    assert os.name == "nt" or (away.with_name("另一处") / "十月").stat().st_mode & 0o777 == 0o700
