"""Is the cache only a cache? Damaged, cut off or gone, it is read again and says the same."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from conftest import write_xlsx

from kehujingli.intake import ledger, pool, worker
from kehujingli.intake.ledger import Export, Ledger, Sheet, hash_file
from kehujingli.intake.pool import Job
from kehujingli.intake.read import read_file

GRID = [
    ["交易日期", "客户号", "账号", "借贷标志", "交易金额"],
    ["2026-10-01", "C1", "A1", "贷", "12.50"],
    ["2026-10-02", "C1", "A1", "借", "x"],
]


def _export(tmp_path: Path) -> Export:
    path = write_xlsx(tmp_path / "流水.xlsx", GRID)
    return Export(path, path.name, hash_file(path), path.stat().st_size)


def _told(sheets: list[Sheet]) -> list[object]:
    return [
        (sheet.rows, sheet.accepted, sheet.totals, pq.read_table(sheet.parquet).to_pylist())
        for sheet in sheets
        if sheet.parquet
    ]


def test_a_damaged_cache_is_noticed_and_rebuilt(tmp_path: Path) -> None:
    kept, export = Ledger(tmp_path / "ledger"), _export(tmp_path)
    before = _told(kept.read([export]))
    for parquet in (tmp_path / "ledger").rglob("*.parquet"):
        parquet.write_bytes(parquet.read_bytes()[:40])
    assert kept.stored(export) == []
    assert _told(kept.read([export])) == before


def test_a_report_cut_off_is_read_again(tmp_path: Path) -> None:
    kept, export = Ledger(tmp_path / "ledger"), _export(tmp_path)
    before = _told(kept.read([export]))
    for report in (tmp_path / "ledger").rglob("report.json"):
        report.write_text(report.read_text(encoding="utf-8")[:30], encoding="utf-8")
    assert _told(kept.read([export])) == before


def test_what_a_killed_reader_left_is_swept_and_what_another_reads_now_is_not(tmp_path: Path) -> None:
    kept = Ledger(tmp_path / "ledger")
    for name in (".reading-abandoned", ".reading-now"):
        (tmp_path / "ledger" / name).mkdir(parents=True)
    os.utime(tmp_path / "ledger" / ".reading-abandoned", (1, 1))
    kept.sweep()
    assert [folder.name for folder in (tmp_path / "ledger").iterdir()] == [".reading-now"]


def _text(path: Path, amount: str) -> Path:
    path.write_text(f"交易日期,客户号,账号,借贷标志,交易金额\n2026-10-01,C1,A1,贷,{amount}\n", encoding="utf-8")
    return path


def _amount(sheets: list[Sheet]) -> int:
    return sum(accepted for sheet in sheets for accepted, _ in sheet.totals.values())


def test_a_file_replaced_after_it_was_hashed_is_kept_under_the_hash_of_what_was_read(tmp_path: Path) -> None:
    kept = Ledger(tmp_path / "ledger")
    path = _text(tmp_path / "流水.csv", "2865843.12")
    before = Export(path, path.name, hash_file(path), path.stat().st_size)
    _text(path, "28658431.20")
    sheets = kept.read([before])
    assert _amount(sheets) == 2_865_843_120
    assert {sheet.export.sha256 for sheet in sheets} == {hash_file(path)}
    assert [told.code for sheet in sheets for told in sheet.findings] == ["intake.changed"]
    assert kept.stored(before) == []
    _text(path, "2865843.12")
    assert _amount(kept.read([before])) == 286_584_312


def test_a_file_that_another_program_writes_to_while_it_is_read_has_no_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _text(tmp_path / "流水.csv", "1.00")

    def slow(file: Path, name: str, *more: Any) -> Iterator[Any]:
        for result in read_file(file, name, *more):
            _text(path, "20.00")
            yield result

    monkeypatch.setattr(worker, "read_file", slow)
    worker.store(path, path.name, tmp_path)
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["sha256"] == ""
    monkeypatch.undo()
    worker.store(path, path.name, tmp_path)
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["sha256"] == hash_file(path)


def test_a_file_that_never_comes_to_rest_is_refused_for_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _text(tmp_path / "流水.csv", "1.00")
    export = Export(path, path.name, hash_file(path), path.stat().st_size)
    tries = []

    def busy(jobs: Sequence[Job], outcome: Callable[[Job, str], None]) -> None:
        for job in jobs:
            tries.append(job.name)
            (job.folder / "report.json").write_text('{"sheets": [{}], "sha256": ""}', encoding="utf-8")
            outcome(job, "")

    where = Ledger(tmp_path / "ledger")
    with monkeypatch.context() as patched:
        patched.setattr(ledger, "read_all", busy)
        (sheet,) = where.read([export])
    assert [told.code for told in sheet.findings] == ["intake.changing"]
    assert len(tries) == 3
    assert _amount(where.read([export])) == 100


def test_what_only_a_reader_could_not_do_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without memory, or a drive that is away for a moment, says nothing of the file."""
    path = _text(tmp_path / "流水.csv", "1.00")
    export = Export(path, path.name, hash_file(path), path.stat().st_size)
    where = Ledger(tmp_path / "ledger")
    with monkeypatch.context() as patched:
        patched.setattr(pool, "TIME_LIMIT", 0.0)
        (sheet,) = where.read([export])
    assert [told.code for told in sheet.findings] == ["intake.unreadable"]
    assert _amount(where.read([export])) == 100
    path.rename(tmp_path / "away.csv")
    gone = Export(path, path.name, "0" * 64, 10)
    (sheet,) = where.read([gone])
    assert sheet.passing
    assert [told.code for told in sheet.findings] == ["intake.unreadable"]
