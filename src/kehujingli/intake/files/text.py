"""How is a text table read? Strict UTF-8, then strict GB18030; the delimiter that makes a known header; rows one by one, so none is lost."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli.intake.cells.columns import bools
from kehujingli.intake.files.peek import DEPTH
from kehujingli.intake.files.raw import RawSheet
from kehujingli.intake.files.width import Record, uneven, usual, usual_without_header, width
from kehujingli.intake.sheets.finder import Finder, Found

DELIMITERS = (",", "\t", "|+|", "|", "\x01", ";")
_BATCH = 50_000
_STRAY = 64
"""Cells beyond the header that get columns of their own."""
BROKEN = "\ufffd"
"""What stands for a byte that is no text."""
_FEW = 3
"""Broken lines that a short file may have; a longer one has up to one in a hundred."""
_END = b"\x1a"
"""What some systems put behind the last line."""
_RULES = "-=+_─━═┌┬┐├┼┤└┴┘│|"
_BETWEEN = re.compile(
    r"(?<=[\w)）\]】%‰])([^\w\s()（）\[\]【】%‰/\"'.:：、-]{1,4}|[\x01-\x08\x0e-\x1f])(?=[\w(（\[【])"
)
_FIELD = 1 << 24
"""Characters that one cell may have: more is a quotation mark that nobody closed."""


@dataclass(frozen=True)
class Opening:
    """The first records of a text table, what they were found to be, and how to go on reading."""

    delimiter: str
    records: Sequence[Sequence[str]]
    found: Found


def decode(raw: bytes) -> str:
    """Text of an export. Raises ``UnicodeDecodeError`` where it is neither UTF-8 nor GB18030 nor UTF-16."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16")
    head = raw[:4096]
    if head.count(b"\x00") * 5 > len(head):  # UTF-16 without its mark: every second byte of a digit or comma is zero
        odd = sum(1 for byte in head[1::2] if not byte)
        return raw.decode("utf-16-le" if odd * 2 > head.count(b"\x00") else "utf-16-be")
    raw = raw.rstrip(_END)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def decode_most(raw: bytes) -> tuple[str, bool, bool]:
    """Text of an export of which a few bytes may be broken, whether some are (each is one U+FFFD, and its row is refused), and whether its lines
    are in two encodings, as where files were put behind one another.

    A broken byte takes no delimiter with it. Raises ``UnicodeDecodeError`` where more than a few lines are broken.
    """
    try:
        return decode(raw), False, False
    except UnicodeDecodeError as error:
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise
        raw = raw.rstrip(_END)
        if (mixed := _line_by_line(raw)) is not None:
            return mixed, False, True
        texts = [raw.decode(encoding, "replace") for encoding in ("utf-8-sig", "gb18030")]
        text = min(texts, key=lambda text: text.count(BROKEN))
        lines = text.split("\n")
        if sum(BROKEN in line for line in lines) > max(_FEW, len(lines) // 100):
            raise error from None
        return text, True, False


def _line_by_line(raw: bytes) -> str | None:
    """Lines of UTF-8 and of GB18030 in one file, each as what it is; one that is both is what the line before was. ``None`` where some is neither."""
    found: list[str] = []
    usual = "utf-8"
    for line in raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        for encoding in (usual, "gb18030" if usual == "utf-8" else "utf-8"):
            try:
                found.append(line.decode(encoding))
            except UnicodeDecodeError:
                continue
            usual = usual if line.isascii() else encoding
            break
        else:
            return None
    return "\n".join(found)


def find_opening(text: str, finder: Finder) -> Opening | None:
    """The delimiter and the row under which the first records read as a known table."""
    best: Opening | None = None
    for delimiter in _possible(text):
        records = [record for _, record in _first(text, delimiter)]
        found = finder.find(records)
        if found and (best is None or found.score > best.found.score):
            best = Opening(delimiter, records, found)
    return best


def _possible(text: str) -> list[str]:
    head = text[: 1 << 20]
    return [delimiter for delimiter in (*DELIMITERS, *_strange(head)) if delimiter in head]


def _strange(head: str) -> list[str]:
    """What else may part cells: the one sign, or the few, that stands between all words of one of the first lines (|!, ^, the control character of a core system)."""
    found = []
    for line in head.split("\n", DEPTH)[:DEPTH]:
        between = Counter(_BETWEEN.findall(line.strip("\r")))
        (sign, count) = next(iter(between.most_common(1)), ("", 0))
        if count >= _FEW and sign not in DELIMITERS and sign not in found:
            found.append(sign)
    return found


def first_records(text: str) -> list[list[str]]:
    """The first records under the delimiter that occurs most, for telling what an unknown table looks like."""
    head = text[:4096]
    return [record for _, record in _first(text, max((*DELIMITERS, *_strange(head)), key=head.count))]


def _first(text: str, delimiter: str) -> list[Record]:
    try:
        return list(itertools.islice(records_of(text, delimiter), DEPTH))
    except csv.Error:
        return list(itertools.islice(_lines_of(text, delimiter), DEPTH))


def records_of(text: str, delimiter: str) -> Iterator[Record]:
    """Records with the line they begin on. Blank lines are passed over, their numbers are not.

    Raises ``csv.Error`` where quotation marks do not pair: then no record behind them can be trusted.
    """
    if len(delimiter) > 1:
        yield from _lines_of(text, delimiter)
        return
    csv.field_size_limit(_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    for record in reader:
        if record and not _ruled(record):
            yield line, record
        line = reader.line_num + 1


def _lines_of(text: str, delimiter: str) -> Iterator[Record]:
    """One record a line, whatever the quotation marks do."""
    csv.field_size_limit(_FIELD)
    for number, line in enumerate(io.StringIO(text), 1):
        bare = line.rstrip("\r\n")
        if not bare:
            continue
        if len(delimiter) > 1:
            record = bare.split(delimiter)
        else:
            record = next(csv.reader([bare.replace("\r", " ")], delimiter=delimiter))
        if not _ruled(record):
            yield number, record


def _ruled(record: Sequence[str]) -> bool:
    """A line drawn between header and rows: ------, +----+----+."""
    first = record[0].strip() or "".join(record).strip()
    return first[:1] in _RULES and len(first) >= _FEW and not "".join(record).strip(_RULES + " ")


def read_text(text: str, opening: Opening, *, broken: bool = False) -> RawSheet:
    """All records below the header. A record longer than the header keeps its further cells under no header.

    ``broken``: some bytes were no text; the rows in which they stand are marked.
    """
    raw = _read_records(text, opening)
    if broken:
        for array in raw.columns.values():
            raw.broken |= set(np.flatnonzero(bools(pc.match_substring(array, BROKEN))).tolist())
    return raw


def _read_records(text: str, opening: Opening) -> RawSheet:
    header = opening.found.header
    try:
        return _read(opening, records_of(text, opening.delimiter), header)
    except csv.Error:
        if header >= 0:  # counted anew: a title may have had a line break between quotation marks
            wanted = opening.records[header]
            first = [record for _, record in itertools.islice(_lines_of(text, opening.delimiter), DEPTH)]
            header = first.index(list(wanted)) if list(wanted) in first else header
        raw = _read(opening, _lines_of(text, opening.delimiter), header)
        raw.notes.append(("intake.quotes", {}))
        return raw


def _read(opening: Opening, everything: Iterator[Record], header: int) -> RawSheet:
    match = opening.found.match
    named = len(match.headers)
    header_line = next(itertools.islice(everything, header, None))[0] if header >= 0 else 0
    chunks: list[list[pa.Array]] = []
    numbers: list[int] = []
    wanted = width([header.raw for header in match.headers]) if header >= 0 else 0
    odd: dict[int, int] = {}
    least = 0
    while batch := list(itertools.islice(everything, _BATCH)):
        if header < 0 and not least:
            wanted, least = usual_without_header([record for _, record in batch])
        if any(len(record) != wanted for _, record in batch):
            least = least or usual([record for _, record in batch], wanted)
            odd |= uneven(batch, wanted, least, len(numbers), header=header >= 0)
        numbers += [line for line, _ in batch]
        longest = max(named, *(len(record) for _, record in batch))
        if longest > named + _STRAY:
            longest = named + _STRAY
            batch = [(line, _folded(record, longest, opening.delimiter)) for line, record in batch]
        padded = [record if len(record) == longest else record + [""] * (longest - len(record)) for _, record in batch]
        chunks.append([pa.array(column, pa.string()) for column in zip(*padded, strict=True)])
    longest = max((len(chunk) for chunk in chunks), default=named)
    columns = {}
    for position in range(longest):
        parts = [chunk[position] if position < len(chunk) else pa.nulls(len(chunk[0]), pa.string()) for chunk in chunks]
        columns[position] = pa.concat_arrays(parts) if parts else pa.array([], pa.string())
    titles = tuple(cell for record in opening.records[: max(0, header)] for cell in record if cell.strip())
    raw = RawSheet(
        "", match, columns, pa.array(numbers, pa.int32()), header_row=header_line, titles=titles, text_file=True
    )
    raw.uneven, raw.wanted = odd, wanted
    return raw


def _folded(record: list[str], longest: int, delimiter: str) -> list[str]:
    """A record that runs on and on: all that is too much stands in its last cell."""
    return record if len(record) <= longest else [*record[: longest - 1], delimiter.join(record[longest - 1 :])]
