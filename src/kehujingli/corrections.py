"""Has a refused row been put right? Rows of a 退回清单 that came back among the exports take the place of the rows they were made from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kehujingli import terms
from kehujingli.errors import Finding, Spot, finding
from kehujingli.ledger import Sheet, rejected_rows
from kehujingli.masks import mask

_SHOWN = 10
Key = tuple[str, str, int]
"""File, sheet and row that a corrected row was made from."""


def settle(sheets: Sequence[Sheet]) -> tuple[list[Sheet], list[Finding]]:
    """The sheets without the refused rows that have come back, and what was told of it.

    A corrected sheet whose source has been exported anew, and refuses those rows no longer, is left out, and that is told.
    """
    back = {index: keys for index, sheet in enumerate(sheets) if (keys := _sources(sheet))}
    if not back:
        return list(sheets), []
    by_name = {(sheet.export.name, sheet.sheet): index for index, sheet in enumerate(sheets) if index not in back}
    done = list(sheets)
    told: list[Finding] = []
    settled: dict[int, set[int]] = {}
    for index, keys in back.items():
        found = {by_name[file, name] for file, name, _ in keys if (file, name) in by_name}
        refused = {source: {row["row"] for row in rejected_rows(sheets[source])} for source in found}
        rows = {(by_name[file, name], row) for file, name, row in keys if (file, name) in by_name}
        stale = sum(row not in refused[source] for source, row in rows)
        where: dict[str, Any] = {"file": sheets[index].export.name, "sheet": sheets[index].sheet}
        if stale:
            name = sheets[next(iter(found))].export.name
            told.append(finding("intake.corrected-stale", count=len(keys), source=name, **where))
            done[index] = replace(
                sheets[index],
                table="",
                rows=0,
                accepted=0,
                unknown_rows=sheets[index].rows,
                parquet=None,
                rejects=None,
                totals={},
                findings=(),
            )
            continue
        for source, row in rows:
            settled.setdefault(source, set()).add(row)
        if len(found) == 1 and sheets[index].title_day is None:
            done[index] = replace(sheets[index], title_day=_day(sheets[next(iter(found))]))
    for source, taken in settled.items():
        done[source] = _without(sheets[source], frozenset(taken))
        place: dict[str, Any] = {"file": sheets[source].export.name, "sheet": sheets[source].sheet}
        told.append(finding("intake.corrected", count=len(taken), **place))
    return done, told


def _day(sheet: Sheet) -> int | None:
    from kehujingli.tables.snapshots import sheet_day

    return sheet_day(sheet, None)


def _sources(sheet: Sheet) -> list[Key]:
    """Where the rows of a corrected sheet come from; nothing for any other sheet."""
    headers = list(sheet.headers)
    if not sheet.table or not set(terms.REJECT_SOURCE) <= set(headers):
        return []
    keys: list[tuple[object, ...]] = []
    if sheet.parquet is not None:
        import pyarrow.parquet as pq

        there = pq.read_table(sheet.parquet, columns=list(terms.REJECT_SOURCE))
        keys += zip(*(there[name].to_pylist() for name in terms.REJECT_SOURCE), strict=True)
    places = [headers.index(name) for name in terms.REJECT_SOURCE]
    keys += [tuple(row["original"][place] for place in places) for row in rejected_rows(sheet)]
    return [
        (str(file), str(name or ""), int(str(row))) for file, name, row in keys if file and str(row or "").isdigit()
    ]


def _without(sheet: Sheet, taken: frozenset[int]) -> Sheet:
    """The sheet as if these refused rows had never been in it: their rows and money stand in the corrected sheet."""
    rows = rejected_rows(sheet)
    totals = dict(sheet.totals)
    for row in rows:
        if row["row"] in taken:
            for key, cents in json.loads(row["money"]).items():
                totals[key] = (totals[key][0], totals[key][1] - cents)
    left = [row for row in rows if row["row"] not in taken]
    findings = [told for told in sheet.findings if told.level != "refused" or not told.spots]
    return replace(
        sheet, rows=sheet.rows - len(rows) + len(left), settled=taken, totals=totals, findings=(*findings, *_summaries(sheet, left))
    )  # fmt: skip


def _summaries(sheet: Sheet, rows: Sequence[dict[str, Any]]) -> list[Finding]:
    private = {header: terms.BY_KEY[sheet.table].column(key).private for key, header in sheet.columns.items() if key}
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["code"], row["column"]), []).append(row)
    told = []
    for (code, column), group in groups.items():
        spots = [Spot(row["cell"], mask(row["value"], private.get(column, ""))) for row in group[:_SHOWN]]
        told.append(
            finding(
                code, file=sheet.export.name, sheet=sheet.sheet, cell=spots[0].cell, column=column, value=spots[0].value,
                count=len(group), spots=spots, **json.loads(group[0]["facts"]),
            )
        )  # fmt: skip
    return told
