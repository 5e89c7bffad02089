"""How are files read beside the program? One after another, in a process of its own: a line of JSON in for each, a line out.

A file that kills its reader costs this process, not the run.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

import pyarrow as pa

from kehujingli.errors import Finding
from kehujingli.intake.ledger import hash_file
from kehujingli.intake.read import SheetResult, read_file
from kehujingli.intake.sheets.finder import Finder
from kehujingli.intake.sheets.layout import load_layout
from kehujingli.periods import date_of

_ANY = Finder()
_PACKED: dict[str, Any] = {"compression": "zstd", "compression_level": 1}
"""For refusals: text, mostly once each."""
_SOUGHT = ("row", "date")
"""Columns by which few rows of a sheet are looked up later."""
_LEAST, _MOST, _TIMES = 7 << 28, 12 << 30, 40
"""Addresses beyond what the process has when it begins: a GiB of them Arrow's allocator keeps for itself, and never touches.

Less than 2 GiB: what grows by doubling ends at one, whatever the files before it left behind."""


def store(path: Path, name: str, folder: Path, finder: Finder = _ANY, passwords: Sequence[str] = ()) -> None:
    """Read ``path`` and leave its sheets in ``folder``: Parquet for rows and refusals, ``report.json`` last.

    The report's ``sha256`` is of what was read; empty where the file was written to meanwhile, so that nobody knows what was.
    """
    import pyarrow.parquet as pq

    before = _state(path)
    sheets: list[dict[str, Any]] = []
    for number, result in enumerate(read_file(path, name, finder, passwords)):
        record = _record(result)
        accepted = result.accepted
        if accepted is not None:
            record["days"] = [day.isoformat() for day in _column_days(accepted.table)]
            record["file"] = f"{number}.parquet"
            _write(accepted.table, folder / record["file"])
            if accepted.rejects:
                record["rejects"] = f"{number}.rejects.parquet"
                pq.write_table(accepted.rejects.table, folder / record["rejects"], **_PACKED)
        sheets.append(record)
    report = {"sheets": sheets, "sha256": _hash_of(path, before)}
    (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")


def _state(path: Path) -> tuple[int, int] | None:
    """What changes when somebody writes to a file, or puts another in its place; nothing where it is gone."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_size, state.st_mtime_ns


def _hash_of(path: Path, before: tuple[int, int] | None) -> str:
    try:
        digest = hash_file(path)
    except OSError:
        return ""
    return digest if before is not None and _state(path) == before else ""


def _write(table: pa.Table, path: Path) -> None:
    """Rows as Parquet, quick to write and to read: amounts seldom repeat, so only texts are put by their different values."""
    import pyarrow.parquet as pq

    texts = [field.name for field in table.schema if pa.types.is_string(field.type)]
    sought = [name for name in _SOUGHT if name in table.column_names]
    pq.write_table(
        table, path, row_group_size=122_880, compression="lz4", use_dictionary=texts, write_statistics=sought
    )


def _record(result: SheetResult) -> dict[str, Any]:
    accepted = result.accepted
    record: dict[str, Any] = {
        "sheet": result.sheet,
        "table": result.table,
        "header_row": result.header_row,
        "day": result.day,
        "columns": result.columns,
        "headers": result.headers,
        "member": result.member,
        "titles": result.titles,
        "negated": result.negated,
        "sample": result.sample,
        "locked": result.locked,
        "passing": result.passing,
        "unknown_rows": result.unknown_rows,
        "findings": [_plain(finding) for finding in result.findings],
        "rows": 0,
        "accepted": 0,
        "rejected": 0,
        "blank": 0,
        "footers": 0,
        "totals": {},
        "claims": {},
        "days": [],
        "file": "",
        "rejects": "",
        "extra": [],
    }
    if accepted is not None:
        record |= {
            "rows": accepted.rows,
            "accepted": accepted.table.num_rows,
            "rejected": len(accepted.rejects),
            "blank": accepted.blank,
            "footers": accepted.footers,
        }
        record["totals"] = {key: list(pair) for key, pair in accepted.totals.items()}
        record["claims"] = {key: list(pair) for key, pair in accepted.claims.items()}
        known = {*result.columns, "signed", "month", "amount", "unit", "row"}
        if "unit" in accepted.table.column_names:
            record["columns"] = {"unit": "", **result.columns}
        record["extra"] = [name for name in accepted.table.column_names if name not in known]
    return record


def _column_days(table: pa.Table) -> list[date]:
    """The days that a column 数据日期 names."""
    import pyarrow.compute as pc

    if "data_date" not in table.column_names:
        return []
    return [date_of(day) for day in pc.unique(table["data_date"]).to_pylist() if day is not None]


def _plain(finding: Finding) -> dict[str, Any]:
    return asdict(finding)


def limit_memory(size: int) -> None:
    """A file may take 1.75 GiB of addresses and forty times its size: one that explodes ends its reader, not the machine.

    Counted from what the process has already: libraries that keep a buffer for every processor take most of a GiB on large machines.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit; the time limit holds there too
        return
    wanted = min(_MOST, _taken() + _LEAST + size * _TIMES)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _taken() -> int:
    """Addresses that this process has; nothing where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


class _WithoutPandas(MetaPathFinder):
    """pyarrow imports pandas where it can when it makes an array of a list: it takes as long as all that a reader needs together."""

    def find_spec(self, fullname: str, *_: object) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(name=fullname)


def main() -> None:
    """Serve until standard input closes."""
    sys.meta_path.insert(0, _WithoutPandas())
    for line in sys.stdin.buffer:
        job = json.loads(line)
        path = Path(job["path"])
        limit_memory(job["size"])
        layouts = tuple(load_layout(Path(layout)) for layout in job["layouts"])
        finder = Finder(job["name"], job["forced"], layouts)
        store(path, job["name"], Path(job["folder"]), finder, job["passwords"])
        sys.stdout.buffer.write(b'{"done": true}\n')
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
