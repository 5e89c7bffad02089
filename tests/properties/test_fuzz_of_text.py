"""Any bytes at all: told for what they are, read or refused with a sentence; no fault of the reader, no row lost. What was covered is printed."""

from __future__ import annotations

import gzip
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twins import zipped

from kehujingli.intake.files import sniff, text
from kehujingli.intake.read import read_file

HEADER = "交易日期,客户号,借贷标志,交易金额,摘要"
LINES = (
    "2026-10-01,C1,贷,12.50,工资",
    '2026-10-02,C2,借,"1,000.00","a ""b"""',
    "合计,,,12.50,",
    "",
    "20260231,C3,贷,x,",
    ',,,"',
    "2026-10-03,C4,贷,1,老字号\x00",
)
PIECES = st.one_of(
    st.sampled_from([HEADER, *LINES]),
    st.text(max_size=20),
    st.sampled_from(['"', '""', "\r", "\n", "\r\n", "\t", "|", "|+|", "\x01", ";", "\ufeff", "\u200b", "=", "'"]),
)
DELIMITERS = st.sampled_from([",", "\t", "|", "|+|", "\x01", ";"])
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
HEADS = st.sampled_from(
    [
        b"",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\x1f\x8b\x08",
        b"<html><table>",
        b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>",
        b"MIME-Version: 1.0\r\n",
        b"%PDF-",
        b"\x09\x00\x04\x00",
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"\x80\x81",
    ]
)


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """A text table of sorts, in some encoding, damaged here and there."""
    delimiter = draw(DELIMITERS)
    lines = (
        [HEADER, *draw(st.lists(PIECES, max_size=12))] if draw(st.booleans()) else draw(st.lists(PIECES, max_size=12))
    )
    said = draw(st.sampled_from(["\n", "\r\n", "\r"])).join(line.replace(",", delimiter) for line in lines)
    raw = bytearray(said.encode(draw(ENCODINGS), "replace"))
    for _ in range(draw(st.integers(0, 3))):
        if raw:
            raw[draw(st.integers(0, len(raw) - 1))] = draw(st.integers(0, 255))
    return bytes(raw)


ZIPS = st.builds(
    lambda name, raw: zipped({name: raw}),
    st.sampled_from(["a.csv", "xl/workbook.bin", "[Content_Types].xml", "content.xml", "~$a.csv"]),
    tables(),
)
CONTENT = st.one_of(
    tables(),
    st.binary(max_size=300),
    st.builds(bytes.__add__, HEADS, st.one_of(tables(), st.binary(max_size=200))),
    st.one_of(
        tables().map(gzip.compress),
        tables().map(lambda raw: gzip.compress(raw)[:-3]),
        ZIPS,
        ZIPS.map(lambda raw: raw[:-20]),
    ),
)


def look(content: bytes, seen: Counter[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        path.write_bytes(content)
        seen[f"kind {sniff.sniff(path)}"] += 1
        results = list(read_file(path, "a"))
        assert results
        for result in results:
            told = [finding.code for finding in result.findings]
            assert "intake.reader-fault" not in told, result.findings
            assert result.table or told
            seen[f"end {result.table or told[0]}"] += 1
            if result.accepted is not None:
                assert result.accepted.rows == result.accepted.table.num_rows + len(result.accepted.rejects)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(CONTENT)
def test_any_bytes_end_with_a_table_or_a_sentence(content: bytes) -> None:
    look(content, Counter())


def _lines_of(code: CodeType) -> set[int]:
    found = {line for _, _, line in code.co_lines() if line}
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            found |= _lines_of(inner)
    return found


@contextmanager
def covering(files: set[str]) -> Iterator[dict[str, set[int]]]:
    """The lines of these files that are run."""
    lines: dict[str, set[int]] = {file: set() for file in files}

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        file = frame.f_code.co_filename
        if file not in lines:
            return None
        if event == "line":
            lines[file].add(frame.f_lineno)
        return trace

    sys.settrace(trace)
    try:
        yield lines
    finally:
        sys.settrace(None)


@pytest.mark.slow
def test_what_a_long_run_covers(capsys: pytest.CaptureFixture[str]) -> None:
    """3,000 files; every function of the sniffing and of the text reader is run, and nine of ten of their lines."""
    seen: Counter[str] = Counter()

    @settings(max_examples=3_000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(CONTENT)
    def run(content: bytes) -> None:
        look(content, seen)

    files = {str(module.__file__): module for module in (sniff, text)}
    with covering(set(files)) as lines:
        run()
    with capsys.disabled():
        print(f"\n{sum(count for name, count in seen.items() if name.startswith('kind')):,} files")  # noqa: T201
        for name, count in sorted(seen.items()):
            print(f"  {name}: {count:,}")  # noqa: T201
        for file, done in lines.items():
            source = Path(file).read_text(encoding="utf-8")
            inside = {
                line
                for code in compile(source, file, "exec").co_consts
                if isinstance(code, CodeType) and code.co_name not in ("Opening",)
                for line in _lines_of(code) - {code.co_firstlineno}
            }
            missed = sorted(inside - done)
            print(f"  {Path(file).name}: {len(inside) - len(missed)} of {len(inside)} lines; not {missed}")  # noqa: T201
            assert len(missed) <= len(inside) * 0.1
