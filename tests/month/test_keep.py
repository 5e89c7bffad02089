"""Are kept results the same kind of thing whatever the month held? Columns without a value are text, so that they can be searched."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from months import ACCOUNTS, CUSTOMERS, MANAGERS, TRANSACTIONS, customer, manager, post, reckon, workspace

from kehujingli.month.keep import save_results


def test_names_are_text_where_nobody_has_one(tmp_path: Path) -> None:
    files = {
        "客户信息_20261031.xlsx": [CUSTOMERS, customer("C1")],
        "客户经理名册_20261031.xlsx": [MANAGERS, manager("M1")],
        "存款账户_20261031.xlsx": [ACCOUNTS, ["AC1", "C1", "活期", 1, 0, None, None, None]],
        "流水.xlsx": [TRANSACTIONS, post(dt.date(2026, 10, 31), "C1", 1, 1)],
    }
    month = reckon(workspace(tmp_path, files), "2026-10")
    kept = {path.stem: pq.read_schema(path) for path in save_results(month, tmp_path / "out")}
    for column in ("holder_id", "manager_name", "branch_name"):
        assert pa.types.is_large_string(kept["classes"].field(column).type) or pa.types.is_string(
            kept["classes"].field(column).type
        )
    assert not [(name, field.name) for name, schema in kept.items() for field in schema if pa.types.is_null(field.type)]
