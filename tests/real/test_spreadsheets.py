"""1,223 files from the test suites of other readers, and statements of Chinese banks: each is read, or refused with a sentence."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from pathlib import Path

import pytest
from conftest import real_data

GOLDEN = Path(__file__).parent / "spreadsheets.json"
HANG = 30.0
GIB = 1 << 20  # KiB, as getrusage counts


@pytest.mark.slow
@pytest.mark.real
def test_every_file_ends_with_a_table_or_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No fault, no hang, no process beyond its bounds; the counts of each ending are the golden file's.

    ``KEHUJINGLI_GOLDEN=write`` writes it anew.
    """
    folder = real_data()
    if folder is None or not (folder / "spreadsheets").is_dir():
        pytest.skip("the spreadsheets are not here: ../shared/data or $KEHUJINGLI_REAL_DATA")
    import resource

    from kehujingli.intake import pool
    from kehujingli.ledger import Ledger
    from kehujingli.workspace import collect_exports

    monkeypatch.setattr(pool, "TIME_LIMIT", HANG)
    found = [path for path in sorted((folder / "spreadsheets").rglob("*")) if path.is_file()]
    assert len(found) == 1223
    exports, copies, strange = collect_exports(found)
    assert strange == []
    started = time.monotonic()
    sheets = Ledger(tmp_path / "ledger").read(exports)
    seconds = time.monotonic() - started

    endings: Counter[str] = Counter()
    for export in exports:
        own = [sheet for sheet in sheets if sheet.export == export]
        assert own, export.name
        tables = sorted({sheet.table for sheet in own if sheet.table})
        codes = [told.code for sheet in own for told in sheet.findings]
        assert tables or codes, export.name
        assert "intake.reader-fault" not in codes, export.name
        assert not any("没读完" in told.message for sheet in own for told in sheet.findings), export.name
        for sheet in own:
            assert sheet.rows == sheet.accepted + sheet.rejected
        endings["+".join(tables) or codes[0]] += 1
    endings["copies"] = len(copies)
    told = json.dumps(dict(sorted(endings.items())), ensure_ascii=False, indent=1) + "\n"
    print(told, f"{seconds:.1f} s")  # noqa: T201
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1.5 * GIB  # the workers' own limit
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < GIB
    if os.environ.get("KEHUJINGLI_GOLDEN") == "write":
        GOLDEN.write_text(told, encoding="utf-8")
    assert told == GOLDEN.read_text(encoding="utf-8")
