"""How is a text table read? Strict UTF-8, then strict GB18030; the delimiter that makes a known header; rows one by one, so none is lost."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from kehujingli.intake.headers import Match, find_header
from kehujingli.intake.peek import DEPTH
from kehujingli.intake.raw import RawSheet

DELIMITERS = (",", "\t", "|", ";")
_BATCH = 50_000


@dataclass(frozen=True)
class Opening:
    """The first records of a text table and how to go on reading it."""

    delimiter: str
    records: Sequence[Sequence[str]]
    header: int
    match: Match


def decode(raw: bytes) -> str:
    """Text of an export. Raises ``UnicodeDecodeError`` where it is neither UTF-8 nor GB18030 nor marked UTF-16."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def find_opening(text: str, forced: str | None = None) -> Opening | None:
    """The delimiter and the row under which the first records read as a known table."""
    best: Opening | None = None
    for delimiter in DELIMITERS:
        records = list(itertools.islice(_records(text, delimiter), DEPTH))
        found = find_header([record for _, record in records], forced)
        if found and (best is None or found[1].score > best.match.score):
            best = Opening(delimiter, [record for _, record in records], *found)
    return best


def first_records(text: str) -> list[list[str]]:
    """The first records under the delimiter that occurs most, for telling what an unknown table looks like."""
    head = text[:4096]
    delimiter = max(DELIMITERS, key=head.count)
    return [record for _, record in itertools.islice(_records(text, delimiter), DEPTH)]


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Records with the line they begin on, from 1. Blank lines are passed over, their numbers are not."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    for record in reader:
        if record:
            yield line, record
        line = reader.line_num + 1


def read_text(text: str, opening: Opening) -> RawSheet:
    """All records below the header. A record longer than the header keeps its further cells under no header."""
    width = len(opening.match.headers)
    records = itertools.islice(_records(text, opening.delimiter), opening.header + 1, None)
    chunks: list[list[pa.Array]] = []
    numbers: list[int] = []
    header_line = next(itertools.islice(_records(text, opening.delimiter), opening.header, None))[0]
    while batch := list(itertools.islice(records, _BATCH)):
        numbers += [line for line, _ in batch]
        longest = max(width, *(len(record) for _, record in batch))
        padded = [record if len(record) == longest else record + [""] * (longest - len(record)) for _, record in batch]
        chunks.append([pa.array(column, pa.string()) for column in zip(*padded, strict=True)])
    longest = max((len(chunk) for chunk in chunks), default=width)
    columns = {}
    for position in range(longest):
        parts = [chunk[position] if position < len(chunk) else pa.nulls(len(chunk[0]), pa.string()) for chunk in chunks]
        columns[position] = pa.concat_arrays(parts) if parts else pa.array([], pa.string())
    titles = tuple(cell for record in opening.records[: opening.header] for cell in record if cell.strip())
    return RawSheet(
        "", opening.match, columns, pa.array(numbers, pa.int32()), header_row=header_line, titles=titles, text_file=True
    )
