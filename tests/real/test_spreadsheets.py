"""1,223 files from the test suites of other readers, and statements of Chinese banks: each is read, or refused with a sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, real_data

GOLDEN = Path(__file__).parent / "spreadsheets.json"
GIB = 1 << 20  # KiB, as getrusage counts

READING = """
import json, resource, sys
from collections import Counter
from pathlib import Path

from kehujingli.intake import pool
from kehujingli.intake.ledger import Ledger
from kehujingli.intake.collect import collect_exports

pool.TIME_LIMIT = 30.0
exports, copies, strange = collect_exports([path for path in sorted(Path(sys.argv[1]).rglob("*")) if path.is_file()])
sheets = Ledger(Path(sys.argv[2])).read(exports)
endings, wrong = Counter(copies=len(copies)), list(strange)
for export in exports:
    own = [sheet for sheet in sheets if sheet.export == export]
    told = [finding for sheet in own for finding in sheet.findings]
    tables = sorted({sheet.table for sheet in own if sheet.table})
    if not tables and not told:
        wrong.append(f"{export.name}: no word about it")
    wrong += [f"{export.name}: {finding.message}" for finding in told if finding.code == "intake.reader-fault" or "没读完" in finding.message]
    wrong += [f"{export.name}: rows" for sheet in own if sheet.rows != sheet.accepted + sheet.rejected]
    endings["+".join(tables) or told[0].code] += 1
own = next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
peaks = [int(own), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]
print(json.dumps({"files": len(exports) + len(copies), "endings": endings, "wrong": wrong, "peaks": peaks}))
"""
"""In a process of its own: what a process's children are charged with begins at its own size.

Its own peak is asked of the kernel by page tables: ``getrusage`` charges it with the test's process, which it was begun from."""


@pytest.mark.slow
@pytest.mark.real
def test_every_file_ends_with_a_table_or_a_sentence(tmp_path: Path) -> None:
    """No fault, no hang over 30 s, no process beyond its bounds; the counts of each ending are the golden file's.

    ``KEHUJINGLI_GOLDEN=write`` writes it anew.
    """
    folder = real_data()
    if folder is None or not (folder / "spreadsheets").is_dir():
        pytest.skip("the spreadsheets are not here: ../shared/data or $KEHUJINGLI_REAL_DATA")
    ran = subprocess.run(
        [sys.executable, "-c", READING, str(folder / "spreadsheets"), str(tmp_path / "ledger")],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    found = json.loads(ran.stdout)
    assert found["files"] == 1223
    assert found["wrong"] == []
    own, workers = found["peaks"]
    assert own < GIB
    assert workers < 1.5 * GIB  # the workers' own limit
    told = json.dumps(dict(sorted(found["endings"].items())), ensure_ascii=False, indent=1) + "\n"
    print(told)  # noqa: T201
    if os.environ.get("KEHUJINGLI_GOLDEN") == "write":
        GOLDEN.write_text(told, encoding="utf-8")
    assert told == GOLDEN.read_text(encoding="utf-8")
