"""Which rows hold data? Blank rows, totals, signatures and what a layout leaves out are no data, and are counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli import terms
from kehujingli.intake.cells.columns import Mask, bools, clean_text, is_text, none_bad
from kehujingli.intake.files.raw import RawSheet
from kehujingli.intake.rows.footers import FOOTER_LIKE, FOOTER_ROWS, TOTAL_LIKE, Footers
from kehujingli.intake.sheets.pages import HEADER_WORDS, Foreign, foreign_parts, listed, read_header

_TITLES = 3
"""Lines that a title may have."""


@dataclass
class DataRows:
    """``kept`` rows are accepted or refused; ``out`` are those that a layout leaves out."""

    kept: Mask
    out: Mask
    blank: int
    footers: int
    totals: list[int] = field(default_factory=list)
    """The rows that give the total of all rows above them."""
    foreign: list[Foreign] = field(default_factory=list)
    """Parts that stand below another header."""
    balances: Mask = field(default_factory=lambda: none_bad(0))
    """Of the kept rows those of postings that only say what the balance was: 期初余额."""
    sums: tuple[int, list[str]] = (0, [])
    """How many lines among postings add others up, and what they say: 本月合计. They are no data."""


def data_rows(raw: RawSheet) -> DataRows:
    """A footer lacks what every row must have and begins with 合计, 制表 and the like; a header may stand there once more."""
    filled = _filled_rows(raw)
    footer = none_bad(len(raw))
    totals = []
    footers = Footers(
        raw.match.table,
        {raw.source(place): column for place, column in raw.match.columns.items() if raw.source(place) >= 0},
        raw.titles,
    )
    wanted = _footer_like(raw, np.flatnonzero(_suspects(raw, footers.speaking) & filled))
    headers = {}
    for at, texts in zip(wanted.tolist(), _texts(raw, wanted), strict=True):
        header = read_header(texts, raw.match)
        if header:
            headers[at] = "" if header == "same" else listed(texts)
        said = "footer" if header else footers.said(texts)
        footer[at] = bool(said)
        if said == "whole":
            totals.append(at)
    foreign = foreign_parts(headers, len(raw))
    for part in foreign:
        footer[_titles_above(raw, part.header, filled)] = True
        totals = [at for at in totals if not part.header < at < part.end]
    adding, balances, sums = _no_postings(raw)
    footer |= adding & filled
    kept = filled & ~footer
    out = _left_out(raw) & kept
    return DataRows(
        kept & ~out, out, int((~filled).sum()), int(footer.sum() + out.sum()), totals, foreign, balances, sums
    )


def _no_postings(raw: RawSheet) -> tuple[Mask, Mask, tuple[int, list[str]]]:
    """Lines among postings that are none: those that add others up, those that only say a balance, and what the former say.

    A line that says a balance of no day is left out with the sums: whose day it closes nobody can tell.
    """
    adding, balances = none_bad(len(raw)), none_bad(len(raw))
    said: dict[str, None] = {}
    if raw.match.table.key != "transactions":
        return adding, balances, (0, [])
    for position, column in raw.match.columns.items():
        array = raw.column(position)
        if column.key not in ("kind", "memo") or not is_text(array):
            continue
        texts = pc.utf8_trim_whitespace(array)
        sums = bools(pc.is_in(texts, pa.array(terms.SUM_ROWS, pa.string())))
        adding |= sums
        balances |= bools(pc.is_in(texts, pa.array(terms.BALANCE_ROWS, pa.string())))
        said |= dict.fromkeys(texts.filter(pa.array(sums)).unique().to_pylist())
    for position, column in raw.match.columns.items():
        if column.key == "date" and balances.any():
            undated = balances & ~_filled(raw.column(position))
            undated[list(raw.patches.get(position, ()))] = False
            adding, balances = adding | undated, balances & ~undated
    return adding, balances, (int(adding.sum()), list(said))


def _texts(raw: RawSheet, rows: npt.NDArray[np.int64]) -> Iterable[tuple[str, ...]]:
    """What these rows say, cell by cell: for few rows only."""
    columns = [raw.said(position, rows).to_pylist() for position in range(raw.width)] if len(rows) else []
    return zip(*columns, strict=True)


def _titles_above(raw: RawSheet, header: int, filled: Mask) -> list[int]:
    """The rows of one cell right above another table's header."""
    above = np.flatnonzero(filled[:header])[: -_TITLES - 1 : -1]
    titles = []
    for at, texts in zip(above.tolist(), _texts(raw, above), strict=True):
        if sum(bool(text) for text in texts) != 1 or "".join(texts).isascii():
            break
        titles.append(at)
    return titles


def _filled_rows(raw: RawSheet) -> Mask:
    rows = none_bad(len(raw))
    for position, array in raw.columns.items():
        if position in raw.origin:  # made by a layout: says nothing of whether the row holds anything
            continue
        for noted in (raw.patches, raw.errors, raw.hollow):
            rows[list(noted.get(position, ()))] = True
        if not rows.all():
            rows |= _filled(array)
    return rows


def _suspects(raw: RawSheet, speaking: Sequence[int]) -> Mask:
    """Rows that may be footers: the first and last ones, those without what every row must have, and where a total stands in its place."""
    suspects = none_bad(len(raw))
    suspects[:3] = True
    suspects[max(0, len(raw) - FOOTER_ROWS) :] = True
    for group in raw.match.table.requires:
        there = none_bad(len(raw))
        for position, column in raw.match.columns.items():
            if column.key in group:
                for source in raw.products.get(position, (position,)):
                    there |= _filled(raw.column(source))
                there[list(raw.patches.get(position, ()))] = True
        suspects |= ~there
    words = _header_words(raw)
    for position in speaking:
        _mark_odd(raw, position, words, suspects)
    return suspects


def _mark_odd(raw: RawSheet, position: int, words: frozenset[str], suspects: Mask) -> None:
    """Rows in which a total or a header's word stands in this column.

    Both hold a Chinese word: identifiers are passed over as bytes, and of the rest each text is looked at once.
    """
    array = raw.column(position)
    if is_text(array):
        worded = _beyond_ascii(array)
        if worded.any():
            texts = array.filter(pa.array(worded)).dictionary_encode()
            if isinstance(texts, pa.ChunkedArray):
                texts = texts.combine_chunks()
            known = pc.is_in(texts.dictionary, pa.array(words, pa.string()))
            like = pc.or_(pc.match_substring_regex(texts.dictionary, TOTAL_LIKE), known)
            suspects[worded] |= bools(like.take(texts.indices))
    said = raw.patches.get(position, {})
    odd = [row for row, text in said.items() if not text.isascii() and (text in words or re.search(TOTAL_LIKE, text))]
    suspects[odd] = True


def _header_words(raw: RawSheet) -> frozenset[str]:
    return HEADER_WORDS | {header.raw for header in raw.match.headers}


def _beyond_ascii(array: pa.Array) -> Mask:
    return bools(pc.invert(pc.string_is_ascii(array)))


def _footer_like(raw: RawSheet, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Of these rows the ones in which some cell begins as a footer does, or two are words of a header: the others need not be looked at one by one."""
    like = none_bad(len(rows))
    words = np.zeros(len(rows), dtype="int64")
    taken, known, titles = (
        pa.array(rows),
        pa.array(_header_words(raw), pa.string()),
        pa.array([title.strip() for title in raw.titles], pa.string()),
    )
    for position in range(raw.width):
        array = raw.column(position)
        if is_text(array):
            texts = array.take(taken)
            odd = _beyond_ascii(texts) | bools(pc.match_substring_regex(texts, _ENGLISH))
            some = pc.utf8_trim_whitespace(texts.filter(pa.array(odd)))
            like[odd] |= bools(pc.or_(pc.match_substring_regex(some, FOOTER_LIKE), pc.is_in(some, titles)))
            words[odd] += bools(pc.is_in(some, known))
        noted = raw.patches.get(position)
        if noted:
            like |= np.isin(rows, list(noted))
    return rows[like | (words > 1)]


_ENGLISH = r"(?i)^\s*(?:grand\s*|sub)?(?:total|sum)\s*:?\s*$"


def _left_out(raw: RawSheet) -> Mask:
    """Rows that a layout says are no data."""
    out = none_bad(len(raw))
    for position, words in raw.left_out.items():
        out |= bools(pc.is_in(clean_text(raw.column(position)), pa.array(words)))
    return out


def _filled(array: pa.Array) -> Mask:
    """Cells that hold more than spaces. Only what sorts before ``!`` is blank or begins with one: the rest is not looked through."""
    filled = bools(pc.is_valid(array))
    if is_text(array):
        odd = bools(pc.less(array, "!"))
        filled[odd] = bools(pc.match_substring_regex(array.filter(pa.array(odd)), r"\S"))
    return filled
