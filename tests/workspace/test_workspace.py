"""Is it all or nothing? Locked workbooks, killed runs, two at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kehujingli.errors import Problem
from kehujingli.workspace import MANIFEST, Workspace


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


def test_a_file_taken_halfway_brings_the_run_before_back(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    target = workspace.period("2026-10")
    workspace.publish(_staged(workspace, a_xlsx="old", b_xlsx="old"), target)
    renamed = Path.replace

    def taken(path: Path, goal: Path) -> Path:
        if Path(goal).name == "b.xlsx":
            raise PermissionError(13, "a virus scanner")
        return renamed(path, goal)

    monkeypatch.setattr(Path, "replace", taken)
    with pytest.raises(Problem) as caught:
        workspace.publish(_staged(workspace, a_xlsx="new", b_xlsx="new", c_xlsx="new"), target)
    assert caught.value.findings[0].code == "output.locked"
    assert [(target / name).read_text(encoding="utf-8") for name in ("a.xlsx", "b.xlsx")] == ["old", "old"]
    assert not (target / "c.xlsx").exists()
    assert not workspace.journal.exists()


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
