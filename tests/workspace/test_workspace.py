"""Is it all or nothing? Locked workbooks, killed runs, two at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kehujingli.errors import Problem
from kehujingli.workspace import MANIFEST, Workspace
from kehujingli.workspace.log import read_log
from kehujingli.workspace.swap import exchange


def _staged(workspace: Workspace, **files: str) -> Path:
    folder = workspace.cache / "stage" / "x"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    (folder / MANIFEST).write_text(
        json.dumps({"outputs": [{"path": "a.xlsx", "sha256": files["a_xlsx"]}]}), encoding="utf-8"
    )
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "rules").mkdir()
    (tmp_path / ".kehujingli").mkdir()
    return Workspace(tmp_path)


def test_a_workbook_open_elsewhere_leaves_everything_as_it_was(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = workspace.period("2026-10")
    workspace.publish(_staged(workspace, a_xlsx="old", b_xlsx="old"), target)
    opened = Path.open

    def locked(path: Path, mode: str = "r", *more: Any, **options: Any) -> Any:
        if path.name == "b.xlsx" and "+" in mode and path.parent == target:
            raise PermissionError(13, "open in Excel")
        return opened(path, mode, *more, **options)

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(Problem) as caught:
        workspace.publish(_staged(workspace, a_xlsx="new", b_xlsx="new"), target)
    assert caught.value.findings[0].code == "output.locked"
    assert "b.xlsx" in caught.value.findings[0].message
    assert (target / "a.xlsx").read_text(encoding="utf-8") == "old"


def test_a_killed_run_is_finished_by_the_next_command(workspace: Workspace) -> None:
    target = workspace.period("2026-10")
    workspace.publish(_staged(workspace, a_xlsx="old", b_xlsx="old"), target)
    staged = _staged(workspace, a_xlsx="new", b_xlsx="new")
    moves = [[str(staged / name), str(target / name)] for name in ("a.xlsx", "b.xlsx", MANIFEST)]
    (workspace.cache / "journal.json").write_text(json.dumps({"moves": moves}), encoding="utf-8")
    (staged / "a.xlsx").replace(target / "a.xlsx")
    with workspace.locked("test"):
        pass
    assert [(target / name).read_text(encoding="utf-8") for name in ("a.xlsx", "b.xlsx")] == ["new", "new"]
    assert not (workspace.cache / "journal.json").exists()


def _told(target: Path) -> list[str]:
    return [(target / name).read_text(encoding="utf-8") for name in ("a.xlsx", "b.xlsx")]


@pytest.mark.parametrize("taken", [1, 2])
def test_a_folder_in_use_is_said_and_stays_as_it_was(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, taken: int
) -> None:
    """As on Windows, where a folder is not exchanged but steps aside, and not while a file in it is open."""
    target = workspace.period("2026-10")
    workspace.publish(_staged(workspace, a_xlsx="old", b_xlsx="old"), target)
    renamed, done = Path.rename, 0

    def in_use(path: Path, goal: Path) -> Path:
        nonlocal done
        done += 1
        if done == taken:
            raise PermissionError(13, "used by another process")
        return renamed(path, goal)

    monkeypatch.setattr("kehujingli.workspace.swap.exchange", lambda *_: False)
    monkeypatch.setattr("kehujingli.workspace.swap.WINDOWS", True)
    monkeypatch.setattr(Path, "rename", in_use)
    with pytest.raises(Problem) as caught:
        workspace.publish(_staged(workspace, a_xlsx="new", b_xlsx="new", c_xlsx="new"), target)
    assert caught.value.findings[0].code == "output.busy"
    assert "旧结果没动" in caught.value.findings[0].text
    assert _told(target) == ["old", "old"]
    assert not (target / "c.xlsx").exists()
    assert [path.name for path in workspace.periods.iterdir()] == ["2026-10"]
    assert not workspace.journal.exists()
    monkeypatch.setattr(Path, "rename", renamed)
    workspace.publish(_staged(workspace, a_xlsx="new", b_xlsx="new", c_xlsx="new"), target)
    assert _told(target) == ["new", "new"]


def test_what_people_put_into_the_folder_stays_and_earlier_runs_keep_their_own_copy(workspace: Workspace) -> None:
    target = workspace.period("2026-10")
    workspace.publish(_staged(workspace, a_xlsx="one"), target)
    (target / "批注").mkdir()
    (target / "批注" / "说明.txt").write_text("第一次", encoding="utf-8")
    workspace.publish(_staged(workspace, a_xlsx="two"), target)
    (target / "批注" / "说明.txt").write_text("第二次", encoding="utf-8")
    workspace.publish(_staged(workspace, a_xlsx="three"), target)
    notes = [target, target / "历次" / "1", target / "历次" / "2"]
    assert [(folder / "批注" / "说明.txt").read_text(encoding="utf-8") for folder in notes] == [
        "第二次",
        "第一次",
        "第二次",
    ]


def test_a_killed_run_that_cannot_be_finished_says_what_to_close(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal stays, so that the next command can finish it."""
    target = workspace.period("2026-10")
    workspace.publish(_staged(workspace, a_xlsx="old", b_xlsx="old"), target)
    staged = _staged(workspace, a_xlsx="new")
    workspace.journal.write_text(
        json.dumps({"moves": [[str(staged / "a.xlsx"), str(target / "a.xlsx")]]}), encoding="utf-8"
    )

    def taken(*_: Any) -> Path:
        raise PermissionError(13, "open in Excel")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", taken)
        with pytest.raises(Problem) as caught, workspace.locked("test"):
            pass
    assert caught.value.findings[0].code == "output.unfinished"
    assert "a.xlsx" in caught.value.findings[0].message
    workspace.finish()
    assert (target / "a.xlsx").read_text(encoding="utf-8") == "new"


def test_nobody_reads_what_a_killed_run_left_half_replaced(workspace: Workspace) -> None:
    target = workspace.period("2026-10")
    workspace.publish(_staged(workspace, a_xlsx="old", b_xlsx="old"), target)
    staged = _staged(workspace, a_xlsx="new")
    noted = {"moves": [[str(staged / "a.xlsx"), str(target / "a.xlsx")]], "gone": [str(target / "b.xlsx")]}
    workspace.journal.write_text(json.dumps(noted), encoding="utf-8")
    workspace.finish()
    assert not workspace.journal.exists()
    assert (target / "a.xlsx").read_text(encoding="utf-8") == "new"
    assert not (target / "b.xlsx").exists()


def test_what_a_killed_run_only_staged_is_thrown_away(workspace: Workspace) -> None:
    _staged(workspace, a_xlsx="half")
    with workspace.locked("test"):
        assert not (workspace.cache / "stage").exists()


def test_two_at_once_say_so(workspace: Workspace) -> None:
    with workspace.locked("2026-10"), pytest.raises(Problem) as caught, workspace.locked("2026-10", wait=0):
        pass
    assert caught.value.findings[0].code == "lock.busy"


def test_a_later_run_keeps_the_earlier_one(workspace: Workspace) -> None:
    target = workspace.period("2026-10")
    for text in ("one", "two", "three"):
        workspace.publish(_staged(workspace, a_xlsx=text, b_xlsx=text), target)
    assert [(target / "历次" / number / "a.xlsx").read_text(encoding="utf-8") for number in ("1", "2")] == [
        "one",
        "two",
    ]
    assert (target / "a.xlsx").read_text(encoding="utf-8") == "three"


def test_what_a_run_no_longer_writes_is_only_among_the_earlier_ones(workspace: Workspace) -> None:
    target = workspace.period("2026-10")
    for text, name in (("one", "b.xlsx"), ("two", "")):
        staged = _staged(workspace, a_xlsx=text)
        outputs = [{"path": "a.xlsx", "sha256": text}] + ([{"path": name, "sha256": text}] if name else [])
        if name:
            (staged / name).write_text(text, encoding="utf-8")
        else:
            (staged / "b.xlsx").unlink(missing_ok=True)
        (staged / MANIFEST).write_text(json.dumps({"outputs": outputs}), encoding="utf-8")
        workspace.publish(staged, target)
    assert not (target / "b.xlsx").exists()
    assert (target / "历次" / "1" / "b.xlsx").read_text(encoding="utf-8") == "one"


def _interrupted(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill between the two renames of a system that cannot exchange folders: the old one has stepped aside."""
    renamed = Path.rename

    def died(path: Path, goal: Path) -> Path:
        if Path(goal).name == "2026-10":
            raise KeyboardInterrupt
        return renamed(path, goal)

    with monkeypatch.context() as patch:
        patch.setattr("kehujingli.workspace.swap.exchange", lambda *_: False)
        patch.setattr(Path, "rename", died)
        patch.setattr(Path, "unlink", lambda *_, **__: None)
        with pytest.raises(KeyboardInterrupt):
            workspace.publish(_staged(workspace, a_xlsx="new", b_xlsx="new"), workspace.period("2026-10"))
    assert workspace.journal.exists()
    assert workspace.period_names() == []


def test_a_folder_that_had_stepped_aside_is_followed_by_the_new_one(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = workspace.period("2026-10")
    workspace.publish(_staged(workspace, a_xlsx="old", b_xlsx="old"), target)
    _interrupted(workspace, monkeypatch)

    def in_use(*_: Any) -> Path:
        raise PermissionError(13, "used by another process")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", in_use)
        with pytest.raises(Problem) as caught, workspace.locked("test"):
            pass
    assert caught.value.findings[0].code == "output.unswapped"
    workspace.finish()
    assert _told(target) == ["new", "new"]
    assert _told(target / "历次" / "1") == ["old", "old"]
    assert [path.name for path in workspace.periods.iterdir()] == ["2026-10"]


@pytest.mark.parametrize("whole", [True, False])
def test_a_run_that_the_log_cannot_take_has_not_happened(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    target = workspace.period("2026-10")
    if not whole:
        monkeypatch.setattr("kehujingli.workspace.swap.exchange", lambda *_: False)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device", "日志.jsonl")

    with monkeypatch.context() as patch:
        patch.setattr("kehujingli.workspace.swap.write_log", full)
        with pytest.raises(Problem) as first:
            workspace.publish(_staged(workspace, a_xlsx="old", b_xlsx="old"), target, ("run", {}))
    assert not target.exists()
    workspace.publish(_staged(workspace, a_xlsx="old", b_xlsx="old"), target, ("run", {}))
    monkeypatch.setattr("kehujingli.workspace.swap.write_log", full)
    with pytest.raises(Problem) as second:
        workspace.publish(_staged(workspace, a_xlsx="new", b_xlsx="new"), target, ("run", {}))
    assert [told.value.findings[0].code for told in (first, second)] == ["output.failed", "output.failed"]
    assert _told(target) == ["old", "old"]
    assert [path.name for path in workspace.periods.iterdir()] == ["2026-10"]
    assert not workspace.journal.exists()


def test_a_run_that_can_neither_be_logged_nor_taken_back_is_logged_by_the_next_command(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = workspace.period("2026-10")
    workspace.publish(_staged(workspace, a_xlsx="old", b_xlsx="old"), target)
    swapped: list[int] = []

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    def once(one: Path, other: Path) -> bool:
        if swapped:
            full()
        swapped.append(1)
        return exchange(one, other)

    with monkeypatch.context() as patch:
        patch.setattr("kehujingli.workspace.swap.write_log", full)
        patch.setattr("kehujingli.workspace.swap.exchange", once)
        with pytest.raises(Problem) as caught:
            workspace.publish(_staged(workspace, a_xlsx="new", b_xlsx="new"), target, ("run", {"period": "2026-10"}))
    assert caught.value.findings[0].code == "output.unlogged"
    workspace.finish()
    assert _told(target) == ["new", "new"]
    assert [entry["deed"] for entry in read_log(workspace)] == ["run"]
