"""What does a whole run keep, and what does it not do again?"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import copied

from kehujingli.intake.ledger import Ledger
from kehujingli.month import Request
from kehujingli.month.run import Options, Outcome, run
from kehujingli.workspace import Workspace


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Outcome]:
    root = copied(tmp_path_factory.mktemp("run") / "county")
    workspace = Workspace(root)
    return workspace, run(workspace, Request(workspace=workspace), Options())


def _no_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("an export was read again")

    monkeypatch.setattr(Ledger, "_read_now", refuse)


def test_the_manifest_accounts_for_every_row_and_file(finished: tuple[Workspace, Outcome]) -> None:
    workspace, outcome = finished
    manifest = workspace.manifest(outcome.period)
    assert manifest is not None
    assert all(sheet["rows"] == sheet["accepted"] + sheet["rejected"] for sheet in manifest["inputs"])
    assert {path.name for path in workspace.exports.rglob("*.xlsx")} == {
        Path(sheet["path"]).name for sheet in manifest["inputs"]
    }
    assert all((outcome.folder / item["path"]).exists() for item in manifest["outputs"])


def test_a_second_run_from_nothing_gives_the_same_bytes(finished: tuple[Workspace, Outcome], tmp_path: Path) -> None:
    """Another folder, no cache, nothing known of the first run: every zip member of every workbook, and all data, are equal."""
    _, outcome = finished
    root = tmp_path / "again"
    copied(root)
    again = run(Workspace(root), Request(workspace=Workspace(root)), Options())
    assert not again.unchanged
    assert again.record["outputs"] == outcome.record["outputs"]
    for first in outcome.folder.glob("*.xlsx"):
        with zipfile.ZipFile(first) as one, zipfile.ZipFile(again.folder / first.name) as other:
            assert one.namelist() == other.namelist()
            assert all(
                one.read(name) == other.read(name) for name in one.namelist() if not name.startswith("docProps/")
            )


def test_a_run_with_nothing_changed_leaves_every_byte(
    finished: tuple[Workspace, Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, outcome = finished
    before = {path: path.read_bytes() for path in outcome.folder.rglob("*") if path.is_file()}
    _no_reading(monkeypatch)
    again = run(workspace, Request(workspace=workspace), Options())
    assert again.unchanged
    assert {path: path.read_bytes() for path in outcome.folder.rglob("*") if path.is_file()} == before


def test_a_changed_threshold_reads_no_export(
    finished: tuple[Workspace, Outcome], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    workspace, outcome = finished
    rules = tmp_path / "2025-01-01.toml"
    text = next(workspace.rules.glob("*.toml")).read_text(encoding="utf-8")
    rules.write_text(text.replace("medium = 50_000,", "medium = 90_000,"), encoding="utf-8")
    _no_reading(monkeypatch)
    changed = run(workspace, Request(workspace=workspace, rules=rules), Options(dry_run=True))
    assert not changed.unchanged
    assert changed.lines[2] != outcome.lines[2]


def test_a_dry_run_writes_nothing_and_says_so(finished: tuple[Workspace, Outcome]) -> None:
    workspace, _ = finished
    written = {path: path.stat().st_mtime_ns for path in workspace.periods.rglob("*")}
    outcome = run(workspace, Request(workspace=workspace, period="2026-09"), Options(dry_run=True))
    assert any(line.startswith("试运行") for line in outcome.lines)
    assert {path: path.stat().st_mtime_ns for path in workspace.periods.rglob("*")} == written
