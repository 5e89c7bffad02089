"""Is the cache only a cache? Damaged, cut off or gone, it is read again and says the same."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow.parquet as pq
from conftest import write_xlsx

from kehujingli.intake.ledger import Export, Ledger, Sheet, hash_file

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
    ledger, export = Ledger(tmp_path / "ledger"), _export(tmp_path)
    before = _told(ledger.read([export]))
    for parquet in (tmp_path / "ledger").rglob("*.parquet"):
        parquet.write_bytes(parquet.read_bytes()[:40])
    assert ledger.stored(export) == []
    assert _told(ledger.read([export])) == before


def test_a_report_cut_off_is_read_again(tmp_path: Path) -> None:
    ledger, export = Ledger(tmp_path / "ledger"), _export(tmp_path)
    before = _told(ledger.read([export]))
    for report in (tmp_path / "ledger").rglob("report.json"):
        report.write_text(report.read_text(encoding="utf-8")[:30], encoding="utf-8")
    assert _told(ledger.read([export])) == before


def test_what_a_killed_reader_left_is_swept_and_what_another_reads_now_is_not(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    for name in (".reading-abandoned", ".reading-now"):
        (tmp_path / "ledger" / name).mkdir(parents=True)
    os.utime(tmp_path / "ledger" / ".reading-abandoned", (1, 1))
    ledger.sweep()
    assert [folder.name for folder in (tmp_path / "ledger").iterdir()] == [".reading-now"]
