"""Which rows hold data? Blank rows, totals, signatures and what a layout leaves out are no data, and are counted."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli.intake.columns import Mask, bools, clean_text, is_text, none_bad
from kehujingli.intake.footers import FOOTER_LIKE, FOOTER_ROWS, is_footer, is_total
from kehujingli.intake.raw import RawSheet


@dataclass
class DataRows:
    """``kept`` rows are accepted or refused; ``out`` are those that a layout leaves out."""

    kept: Mask
    out: Mask
    blank: int
    footers: int
    totals: list[int] = field(default_factory=list)
    """The rows that give the total of all rows above them."""


def data_rows(raw: RawSheet) -> DataRows:
    """A footer lacks what every row must have and begins with 合计, 制表 and the like."""
    filled = _filled_rows(raw)
    footer = none_bad(len(raw))
    totals = []
    wanted = _footer_like(raw, np.flatnonzero(_suspects(raw) & filled))
    columns = [raw.said(position, wanted).to_pylist() for position in range(raw.width)] if len(wanted) else []
    keys = {
        column.key: raw.source(position) for position, column in raw.match.columns.items() if raw.source(position) >= 0
    }
    for at, texts in zip(wanted, zip(*columns, strict=True), strict=True):
        footer[at] = is_footer(texts, keys, raw.match.table.requires)
        if footer[at] and is_total(texts):
            totals.append(int(at))
    kept = filled & ~footer
    out = _left_out(raw) & kept
    return DataRows(kept & ~out, out, int((~filled).sum()), int(footer.sum() + out.sum()), totals)


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


def _suspects(raw: RawSheet) -> Mask:
    """Rows that may be footers: the first and last ones, and those without what every row must have."""
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
    return suspects


def _footer_like(raw: RawSheet, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Of these rows the ones in which some cell begins as a footer does: the others need not be looked at one by one."""
    like = none_bad(len(rows))
    taken = pa.array(rows)
    for position in range(raw.width):
        array = raw.column(position)
        if is_text(array):
            texts = array.take(taken)
            odd = bools(
                pc.or_(pc.less(texts, "!"), pc.greater(texts, "~"))
            )  # a footer begins with a space or in Chinese
            like[odd] |= bools(pc.match_substring_regex(texts.filter(pa.array(odd)), FOOTER_LIKE))
        noted = raw.patches.get(position)
        if noted:
            like |= np.isin(rows, list(noted))
    return rows[like]


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
