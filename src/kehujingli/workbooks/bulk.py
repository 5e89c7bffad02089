"""How do a hundred thousand rows get into a sheet that XlsxWriter laid out? Their XML is made by DuckDB and spliced in.

XlsxWriter writes the whole workbook: titles, header, print set-up, filters, and one sample row whose cells carry the column styles.
Here that sample row is replaced by all rows. Text is written as inline strings, so nothing from outside can become a formula; money is
written from whole 分 and never passes through a binary fraction. Zip members have no time, so equal sheets are equal bytes.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kehujingli.terms.places import cell_name, column_name
from kehujingli.workbooks.few import CellKind, rows_xml
from kehujingli.workspace.sql import connect

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_BATCH = 8_192
_FEW = 40_000
"""Cells up to which a sheet's rows are put together here: a database takes longer to open than they take."""
_LEVEL = 1
"""A list of 100,000 rows deflates in half a second at level 1 and three at level 6, for a tenth less."""


_ALONE, _AHEAD = 1 << 18, 3
"""Bytes from which on a chunk is worth a thread, and how many chunks wait to be written."""
_END = b"\x03\x00"
"""The last block of a deflate stream, with nothing in it."""


@dataclass(frozen=True)
class Rows:
    """The rows of one sheet: an Arrow table whose columns stand in the sheet's order, and each column's kind."""

    sheet: str
    first_row: int
    """Sheet row (from 1) of the first data row: where the sample row stands."""
    table: pa.Table
    kinds: Sequence[CellKind]


def splice(source: Path | IO[bytes], target: Path, lists: Sequence[Rows]) -> str:
    """Copy the workbook ``source`` to ``target`` with the rows of ``lists`` in place of their sample rows.

    Returns the workbook's hash: SHA-256 over name and content of every member except ``docProps/``, in order.
    """
    with zipfile.ZipFile(source) as archive:
        members = sheet_members(archive)
        wanted = {members[rows.sheet]: rows for rows in lists}
        with target.open("wb") as out, ExitStack() as stack:
            con = cache(lambda: stack.enter_context(engine()))
            writer = ZipWriter(out)
            for name in archive.namelist():
                rows = wanted.get(name)
                content = archive.read(name)
                writer.add(
                    name, _filled(con, content, rows) if rows is not None and len(rows.table) else iter((content,))
                )
            writer.close()
    return writer.digest.hexdigest()


def engine() -> duckdb.DuckDBPyConnection:
    """What makes the rows of long lists."""
    return connect(threads="2")


def repack(target: Path, members: Sequence[tuple[str, bytes]]) -> str:
    """A workbook of these members, without times. Returns its hash."""
    with target.open("wb") as out:
        writer = ZipWriter(out)
        for name, content in members:
            writer.add(name, iter((content,)))
        writer.close()
    return writer.digest.hexdigest()


def workbook_hash(path: Path) -> str:
    """The hash that ``splice`` returned for this workbook."""
    digest = hashlib.sha256()
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.startswith("docProps/"):
                digest.update(name.encode())
                digest.update(archive.read(name))
    return digest.hexdigest()


def without_status(source: Path, target: Path, word: str) -> str:
    """Copy a workbook of the house without ``word`` in its headings (what a draft prints there). Returns its hash."""
    printed = re.compile("(?:　|(?<=>))" + re.escape(word) + "(?=</t>)")
    with zipfile.ZipFile(source) as archive, target.open("wb") as out:
        writer = ZipWriter(out)
        for name in archive.namelist():
            content = archive.read(name)
            if name == "xl/sharedStrings.xml":
                content = printed.sub("", content.decode("utf-8")).encode("utf-8")
            writer.add(name, iter((content,)))
        writer.close()
    return writer.digest.hexdigest()


def sheet_members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → member, as XlsxWriter lays them out."""
    workbook = archive.read("xl/workbook.xml").decode("utf-8")
    names = re.findall(r'<sheet name="([^"]*)"', workbook)
    unescape = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"'}
    plain = [re.sub(r"&\w+;", lambda match: unescape.get(match.group(), match.group()), name) for name in names]
    return {name: f"xl/worksheets/sheet{index}.xml" for index, name in enumerate(plain, 1)}


def _filled(con: Callable[[], duckdb.DuckDBPyConnection], content: bytes, rows: Rows) -> Iterator[bytes]:
    """The sheet's XML with all rows where the sample row stood."""
    match = re.search(rb'<row r="%d"[^>]*>.*?</row>' % rows.first_row, content, re.DOTALL)
    if match is None:
        raise ValueError(f"no sample row {rows.first_row} in sheet {rows.sheet}")
    styles = dict(re.findall(rb'<c r="([A-Z]+)\d+" s="(\d+)"', match.group()))
    letters = [column_name(index).encode() for index in range(len(rows.kinds))]
    head = content[: match.start()]
    last = cell_name(rows.first_row + len(rows.table) - 2, len(rows.kinds) - 1)
    yield re.sub(
        rb'<dimension ref="([A-Z]+\d+):[A-Z]+\d+"/>',
        lambda found: b'<dimension ref="' + found[1] + b":" + last.encode() + b'"/>',
        head,
        count=1,
    )
    own = [styles.get(letter, b"0").decode() for letter in letters]
    if len(rows.table) * len(letters) <= _FEW:
        yield rows_xml(rows.table, rows.kinds, own, rows.first_row)
    else:
        numbers = range(rows.first_row, rows.first_row + len(rows.table))
        yield from map(_joined, _row_texts(con(), rows.table, rows.kinds, own, numbers))
    yield content[match.end() :]


def rows_in_parts(
    con: Callable[[], duckdb.DuckDBPyConnection],
    table: pa.Table,
    kinds: Sequence[CellKind],
    styles: Sequence[str],
    ends: Sequence[int],
    first: int,
) -> Iterator[bytes]:
    """The XML of the rows of each part of a list, each part's own rows from sheet row ``first`` on. ``ends``: 0, then where each part ends; ``con``: opened
    where the list is long."""
    if len(table) * len(kinds) <= _FEW:
        yield from (rows_xml(table.slice(start, end - start), kinds, styles, first) for start, end in pairwise(ends))
        return
    numbers = [number for start, end in pairwise(ends) for number in range(first, first + end - start)]
    texts = _row_texts(con().cursor(), table, kinds, styles, numbers)
    batch, before, after = None, 0, 0
    for start, end in pairwise(ends):
        pieces, at = [], start
        while at < end:
            if batch is None or at >= after:
                batch = next(texts)
                before, after = after, after + len(batch)
            piece = batch.slice(at - before, min(end, after) - at)
            pieces.append(_joined(piece))
            at += len(piece)
        yield b"".join(pieces)


def _row_texts(
    con: duckdb.DuckDBPyConnection,
    rows: pa.Table,
    kinds: Sequence[CellKind],
    styles: Sequence[str],
    numbers: Sequence[int],
) -> Iterator[pa.Array]:
    """The XML of each row, in their order, batch by batch."""
    import pyarrow as pa

    names = [f"c{index}" for index in range(len(kinds))]
    table = rows.rename_columns(names).append_column("r", pa.array(numbers, pa.int64()).cast(pa.string()))
    con.register("list", table)
    cells = ", ".join(
        _cell(table[name], name, kind, column_name(index), style)
        for index, (name, kind, style) in enumerate(zip(names, kinds, styles, strict=True))
    )
    reader = con.sql(f"""select concat('<row r="', r, '">', {cells}, '</row>') from list""").to_arrow_reader(_BATCH)
    for batch in reader:
        if batch.num_rows:
            yield batch.column(0)


def _joined(column: pa.Array) -> bytes:
    """The texts of an Arrow column end to end: one slice of its data buffer."""
    import pyarrow as pa

    kind = column.cast(pa.large_string())
    _, offsets, data = kind.buffers()
    start, end = (struct.unpack_from("<q", offsets, 8 * (kind.offset + index))[0] for index in (0, len(kind)))
    return bytes(memoryview(data)[start:end])


def _cell(values: pa.ChunkedArray, name: str, kind: CellKind, letter: str, style: str) -> str:
    """SQL for one cell's XML; a missing value is an empty cell that keeps its borders."""
    empty = f"""'<c r="{letter}' || r || '" s="{style}"/>'"""
    opening = f"""'<c r="{letter}' || r || '" s="{style}\""""
    number = f"{opening}><v>' || %s || '</v></c>'"
    match kind:
        case "text":
            filled = f"""{opening} t="inlineStr"><is><t>' || {_escaped(values, name)} || '</t></is></c>'"""
        case "cents":
            filled = (
                number
                % f"(case when {name} < 0 then '-' else '' end || (abs({name}) // 100) || '.' || lpad((abs({name}) % 100)::varchar, 2, '0'))"
            )
        case "wan":
            filled = (
                number
                % f"(case when {name} < 0 then '-' else '' end || (abs({name}) // 1000000) || '.' || lpad((abs({name}) % 1000000)::varchar, 6, '0'))"
            )
        case "date":
            filled = number % f"({name} + 25569)"
        case _:
            filled = number % name
    return filled if not values.null_count else f"case when {name} is null then {empty} else {filled} end"


def _escaped(values: pa.ChunkedArray, name: str) -> str:
    """Text as XML: markup escaped, control characters gone, and ``_x0041_`` kept from being read as an escape. Most columns need none of it."""
    import pyarrow.compute as pc

    if not pc.any(pc.match_substring_regex(values, r"[&<>\x00-\x1f\x{fffe}\x{ffff}]|_x")).as_py():
        return name
    text = f"replace(replace(replace({name}, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')"
    odd = rf"regexp_replace(regexp_replace({text}, '[\x00-\x08\x0B\x0C\x0E-\x1F\x{{FFFE}}\x{{FFFF}}]', '', 'g'), '_(x[0-9A-Fa-f]{{4}}_)', '_x005F_\1', 'g')"
    return rf"case when regexp_matches({name}, '[\x00-\x1F\x{{FFFE}}\x{{FFFF}}]|_x') then {odd} else {text} end"


@dataclass(frozen=True)
class Packed:
    """What a member of a zip deflates to: done once where many workbooks have the same."""

    crc: int
    size: int
    block: bytes

    @classmethod
    def of(cls, content: bytes) -> Packed:
        return cls(zlib.crc32(content), len(content), _deflated(content))


def _packed(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Every chunk with what it deflates to, in order. Long ones are deflated two at a time, each for itself: their blocks follow each other in one stream."""
    with ThreadPoolExecutor(2) as pool:
        waiting: deque[tuple[bytes, Future[bytes] | None]] = deque()
        for chunk in chunks:
            waiting.append((chunk, pool.submit(_deflated, chunk) if len(chunk) > _ALONE else None))
            if len(waiting) > _AHEAD:
                yield _taken(*waiting.popleft())
        while waiting:
            yield _taken(*waiting.popleft())


def _taken(chunk: bytes, packed: Future[bytes] | None) -> tuple[bytes, bytes]:
    return chunk, _deflated(chunk) if packed is None else packed.result()


def _deflated(chunk: bytes) -> bytes:
    """Whole blocks that end on a byte and are not the last of their stream (RFC 1951)."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
    return packer.compress(chunk) + packer.flush(zlib.Z_SYNC_FLUSH)


class ZipWriter:
    """A zip written front to back, each member deflated as it comes, without times (readers want 1980-01-01)."""

    _DATE = 0x0021

    def __init__(self, out: object) -> None:
        self._out = out
        self._entries: list[tuple[bytes, int, int, int, int]] = []
        self._position = 0
        self.digest = hashlib.sha256()

    def _write(self, data: bytes) -> None:
        self._out.write(data)  # type: ignore[attr-defined]
        self._position += len(data)

    def add(self, name: str, chunks: Iterator[bytes]) -> None:
        encoded, start = name.encode(), self._position
        self._begin(encoded)
        body, crc, size = self._position, 0, 0
        counted = not name.startswith("docProps/")
        if counted:
            self.digest.update(encoded)
        for chunk, block in _packed(chunks):
            if counted:
                self.digest.update(chunk)
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
            self._write(block)
        self._end(encoded, start, body, crc, size)

    def put(self, name: str, member: Packed) -> None:
        """A member that is packed already; the digest leaves it out."""
        encoded, start = name.encode(), self._position
        self._begin(encoded)
        body = self._position
        self._write(member.block)
        self._end(encoded, start, body, member.crc, member.size)

    def _begin(self, encoded: bytes) -> None:
        self._write(
            struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0x0808, 8, 0, self._DATE, 0, 0, 0, len(encoded), 0)
            + encoded
        )

    def _end(self, encoded: bytes, start: int, body: int, crc: int, size: int) -> None:
        self._write(_END)
        packed = self._position - body
        self._write(struct.pack("<4sIII", b"PK\x07\x08", crc, packed, size))
        self._entries.append((encoded, crc, packed, size, start))

    def close(self) -> None:
        start = self._position
        for name, crc, packed, size, offset in self._entries:
            self._write(
                struct.pack(
                    "<4sHHHHHHIIIHHHHHII",
                    b"PK\x01\x02",
                    20,
                    20,
                    0x0808,
                    8,
                    0,
                    self._DATE,
                    crc,
                    packed,
                    size,
                    len(name),
                    0,
                    0,
                    0,
                    0,
                    0,
                    offset,
                )
                + name
            )
        self._write(
            struct.pack(
                "<4sHHHHIIH",
                b"PK\x05\x06",
                0,
                0,
                len(self._entries),
                len(self._entries),
                self._position - start,
                start,
                0,
            )
        )
