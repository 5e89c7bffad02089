"""Statements of Chinese banks and wallets as they are downloaded: each reads as a transaction table, as the golden file has it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from conftest import real_data

from kehujingli.intake.read import read_file
from kehujingli.intake.sheets.finder import Finder
from kehujingli.intake.sheets.layout import load_layout
from kehujingli.periods import date_of

GOLDEN = Path(__file__).parent / "statements.json"
FOREIGN = ("bmo", "td")  # Canadian banks: no layout is shipped for them


def statements() -> list[Path]:
    folder = real_data()
    found = sorted((folder / "spreadsheets" / "chinese-statements").glob("*")) if folder else []
    return [path for path in found if not path.name.startswith(FOREIGN)]


def summary(path: Path) -> list[dict[str, Any]]:
    told = []
    for result in read_file(path, path.name):
        assert result.accepted is not None, path.name
        keys = [key for key in ("date", "account_id", "signed", "memo") if key in result.accepted.table.column_names]
        rows = [
            " ".join(str(date_of(row[key]) if key == "date" else row[key]) for key in keys)
            for row in result.accepted.table.select(keys).to_pylist()
        ]
        told.append(
            {
                "layout": next(item.message for item in result.findings if item.code == "intake.layout").partition(
                    "按"
                )[2],
                "rows": result.accepted.rows,
                "footers": result.accepted.footers,
                "totals": result.accepted.totals,
                "refused": [f"{reject.cell} {reject.code} {reject.value}" for reject in result.accepted.rejects],
                "postings": rows,
            }
        )
    return told


@pytest.mark.real
def test_every_statement_reads_as_its_golden_file_says() -> None:
    """``KEHUJINGLI_GOLDEN=write`` writes it anew."""
    found = statements()
    if not found:
        pytest.skip("the statements are not here: ../shared/data or $KEHUJINGLI_REAL_DATA")
    told = json.dumps({path.name: summary(path) for path in found}, ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("KEHUJINGLI_GOLDEN") == "write":
        GOLDEN.write_text(told, encoding="utf-8")
    assert told == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.real
def test_half_a_million_sales_under_english_headers_keep_their_totals(tmp_path: Path) -> None:
    folder = real_data()
    if folder is None or not (folder / "online-retail").is_dir():
        pytest.skip("the online retail workbook is not here: ../shared/data or $KEHUJINGLI_REAL_DATA")
    where = tmp_path / "retail.toml"
    where.write_text(
        'table = "transactions"\n[columns]\ndate = "InvoiceDate"\ncustomer_id = "CustomerID"\n'
        'amount = { product = ["Quantity", "UnitPrice"] }\nmemo = "Description"\nkind = "InvoiceNo"\n',
        "utf-8",
    )
    (path,) = (folder / "online-retail").glob("*.xlsx")
    (result,) = read_file(path, path.name, Finder(path.name, None, (load_layout(where),)))
    accepted = result.accepted
    assert accepted is not None
    assert (accepted.rows, len(accepted.rejects)) == (541_909, 135_080)
    assert {reject.code for reject in accepted.rejects} == {"intake.id-missing"}
    assert (
        sum(accepted.totals["amount"]) == 974_774_793
    )  # 9,747,747.934: four prices end below a cent, and that is told
    assert next(item.count for item in result.findings if item.code == "intake.sub-cent") == 4
    assert len(set(accepted.table["customer_id"].to_pylist())) == 4_372
