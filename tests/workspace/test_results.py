"""What has a period come to? One store gives its tables, its manifest and the sheets that were read for it."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import write_xlsx

from kehujingli.errors import Problem
from kehujingli.intake.ledger import Export, hash_file
from kehujingli.workspace import MANIFEST, Workspace
from kehujingli.workspace.results import DATA, Results, results_of, sheets_read


def _kept(root: Path, period: str, **manifest: object) -> Results:
    home = root / "periods" / period
    (home / DATA).mkdir(parents=True)
    whole = {"as_of": f"{period}-28", "rules": {"path": "a.toml", "sha256": ""}, "inputs": [], "outputs": []}
    (home / MANIFEST).write_text(json.dumps({"period": period, **whole, **manifest}), encoding="utf-8")
    pq.write_table(pa.table({"customer_id": ["C1", "C2"], "scale_amount": [100, 250]}), home / DATA / "classes.parquet")
    return Results(home)


def test_a_table_is_asked_in_sql_or_as_a_frame(tmp_path: Path) -> None:
    kept = _kept(tmp_path, "2026-10")
    assert kept.rows("select customer_id from {classes} where scale_amount > $1", 100) == [{"customer_id": "C2"}]
    frame = kept.frame("classes", ["scale_amount"])
    assert frame is not None
    assert frame.to_dict("list") == {"scale_amount": [100, 250]}
    assert kept.columns("classes") == {"customer_id": "VARCHAR", "scale_amount": "BIGINT"}
    assert kept.frame("scores") is None


def test_the_newest_period_is_meant_where_none_is_named_and_one_that_was_not_run_is_refused(tmp_path: Path) -> None:
    place = Workspace(tmp_path)
    with pytest.raises(Problem, match=r"period.none-run|还没有"):
        results_of(place, None)
    for period in ("2026-09", "2026-10"):
        _kept(tmp_path, period)
    assert results_of(place, None).period == "2026-10"
    assert results_of(place, "2026-09").period == "2026-09"
    with pytest.raises(Problem) as stopped:
        results_of(place, "2026-08")
    assert stopped.value.findings[0].code == "period.no-result"


def test_what_was_read_for_a_period_is_found_again_while_the_cache_holds_it(tmp_path: Path) -> None:
    place = Workspace(tmp_path)
    path = write_xlsx(
        tmp_path / "流水.xlsx",
        [["交易日期", "客户号", "账号", "借贷标志", "交易金额"], ["2026-10-01", "C1", "A1", "贷", "12.50"]],
    )
    export = Export(path, path.name, hash_file(path), path.stat().st_size)
    (sheet,) = place.ledger.read([export])
    source = {"table": "transactions", "path": path.name, "sheet": sheet.sheet, "sha256": export.sha256, "accepted": 1}
    others = [source | {"table": "customers"}, source | {"accepted": 0}, source]
    found = list(sheets_read(place, {"inputs": others}, "transactions"))
    assert [(part, one.accepted) for part, one in found] == [(2, 1)]
    assert list(sheets_read(place, {"inputs": [source | {"sha256": "0" * 64}]}, "transactions")) == []
