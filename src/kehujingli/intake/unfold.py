"""How does one row of a sheet become the several rows that it holds? Each copy of its columns in turn, the others repeated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kehujingli.intake.cells.columns import bools
from kehujingli.intake.files.raw import RawSheet
from kehujingli.intake.sheets.headers import Header, Match, parse_header
from kehujingli.intake.sheets.wide import Series

Rows = npt.NDArray[np.int64]


def unfold(raw: RawSheet, series: Series) -> RawSheet:
    """The sheet with one row a copy; a copy whose cells are all blank is no row, but of each row one stays."""
    first = series.copies[0]
    everything = np.arange(len(raw), dtype="int64")
    texts = {base: [raw.said(copy[base], everything) for copy in series.copies] for base in first}
    filled = np.column_stack(
        [
            np.logical_or.reduce([bools(pc.not_equal(texts[base][number], "")) for base in first])
            for number in range(len(series.copies))
        ]
    )
    kept = filled.copy()
    kept[:, 0] |= ~filled.any(axis=1)
    rows, copies = np.nonzero(kept)
    gone = {place for copy in series.copies[1:] for place in copy.values()}
    columns: dict[int, Any] = {
        place: array.take(pa.array(rows)) for place, array in raw.columns.items() if place not in gone | first.keys()
    }
    for base, parts in texts.items():
        columns[base] = pa.chunked_array(parts).combine_chunks().take(pa.array(copies * len(raw) + rows))
    headers = [*raw.match.headers, *[Header("", "")] * (raw.width - len(raw.match.headers))]
    known = dict(raw.match.columns)
    origin = dict(raw.origin)
    for key, said in series.said.items():
        place = len(headers)
        column = raw.match.table.column(key)
        headers.append(parse_header(column.label))
        known[place], origin[place] = column, -1
        columns[place] = pa.array(said, pa.string()).take(pa.array(copies))
    own = set(first) | gone
    return replace(
        raw,
        match=Match(raw.match.table, dict(sorted(known.items())), headers),
        columns=dict(sorted(columns.items())),
        rows=raw.rows.take(pa.array(rows)),
        origin=origin,
        places={base: np.array([copy[base] for copy in series.copies])[copies] for base in first},
        patches=_moved(raw.patches, rows, own),
        errors=_moved(raw.errors, rows, own),
        filled=_moved(raw.filled, rows, own),
        lost={place: set(_new(found, rows)) for place, found in raw.lost.items() if place not in own},
        shown=_shown(raw, series, rows, copies),
        uneven={new: raw.uneven[int(rows[new])] for new in _new(raw.uneven, rows)},
        broken=set(_new(raw.broken, rows)),
        hollow={place: set(_new(found, rows)) for place, found in raw.hollow.items() if place not in own},
        notes=[*raw.notes, ("intake.unfolded", {"count": len(rows), "each": len(series.copies)})],
    )


def _shown(raw: RawSheet, series: Series, rows: Rows, copies: Rows) -> dict[int, dict[int, Any]]:
    """What formats say of cells, by the new rows: of a copied column where its copy stood."""
    first = series.copies[0]
    own = {place for copy in series.copies for place in copy.values()}
    shown = {
        place: {new: said[int(rows[new])] for new in _new(said, rows)}
        for place, said in raw.shown.items()
        if place not in own
    }
    for base in first:
        cells = {
            new: said[row]
            for new, (row, number) in enumerate(zip(rows.tolist(), copies.tolist(), strict=True))
            if row in (said := raw.shown.get(series.copies[number][base], {}))
        }
        if cells:
            shown[base] = cells
    return shown


def _moved(noted: dict[int, dict[int, str]], rows: Rows, own: set[int]) -> dict[int, dict[int, str]]:
    """What was noted by old rows, by new ones; of the copied columns it is in their texts already."""
    return {
        place: {new: said[int(rows[new])] for new in _new(said, rows)}
        for place, said in noted.items()
        if place not in own
    }


def _new(old: Any, rows: Rows) -> list[int]:
    """The new rows that were made of these."""
    return np.flatnonzero(np.isin(rows, list(old))).tolist()
