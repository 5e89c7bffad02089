"""Has a refused row been put right? Rows of a 退回清单 that came back among the exports take the place of the rows they were made from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from kehujingli import terms
from kehujingli.errors import Finding, Spot, finding
from kehujingli.intake.ledger import Sheet
from kehujingli.intake.refused import rejected_rows
from kehujingli.terms.masks import mask

_SHOWN = 10
_BESIDE = ("intake.duplicate-key", "table.day-missing")
"""Of rows that were accepted by themselves, and refused only beside others."""


@dataclass(frozen=True)
class _Source:
    """The row of a corrected sheet, and the file, sheet and row that it was made from; ``beside``: whether that one was refused beside others."""

    at: int
    file: str
    sheet: str
    row: int
    beside: bool

    @property
    def place(self) -> tuple[str, str]:
        return self.file, self.sheet


def settle(sheets: Sequence[Sheet]) -> tuple[list[Sheet], list[Finding]]:
    """The sheets without the refused rows that have come back, and what was told of it.

    A corrected sheet whose source has been exported anew, and refuses those rows no longer, is left out, and that is told.
    Whether a row is still refused beside others shows only when tables are put together: ``replaces`` says which (``tables.refusals``).
    """
    back = {index: keys for index, sheet in enumerate(sheets) if (keys := _sources(sheet))}
    if not back:
        return list(sheets), []
    by_name = {(sheet.export.name, sheet.sheet): index for index, sheet in enumerate(sheets) if index not in back}
    done = list(sheets)
    told: list[Finding] = []
    settled: dict[int, set[int]] = {}
    for index, keys in back.items():
        there = [key for key in keys if key.place in by_name]
        found = {by_name[key.place] for key in there}
        refused = {source: {row["row"] for row in rejected_rows(sheets[source])} for source in found}
        rows = {(by_name[key.place], key.row) for key in there if not key.beside}
        beside = {key.at: (*key.place, key.row) for key in there if key.beside}
        stale = any(row not in refused[source] for source, row in rows)
        where: dict[str, Any] = {"file": sheets[index].export.name, "sheet": sheets[index].sheet}
        if stale:
            name = sheets[next(iter(found))].export.name
            told.append(finding("intake.corrected-stale", count=len(keys), source=name, **where))
            done[index] = replace(
                sheets[index],
                table="",
                rows=0,
                accepted=0,
                rejected=0,
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
        done[index] = replace(done[index], replaces=beside)
    for source, taken in settled.items():
        done[source] = _without(sheets[source], frozenset(taken))
        place: dict[str, Any] = {"file": sheets[source].export.name, "sheet": sheets[source].sheet}
        told.append(finding("intake.corrected", count=len(taken), **place))
    return done, told


def _day(sheet: Sheet) -> int | None:
    from kehujingli.intake.days import sheet_day

    return sheet_day(sheet, None)


def _sources(sheet: Sheet) -> list[_Source]:
    """Where the rows of a corrected sheet come from; nothing for any other sheet."""
    headers = list(sheet.headers)
    if not sheet.table or not set(terms.REJECT_SOURCE) <= set(headers):
        return []
    wanted = [name for name in (*terms.REJECT_SOURCE, terms.REJECT_CODE) if name in headers]
    keys: list[tuple[object, ...]] = []
    if sheet.parquet is not None:
        import pyarrow.parquet as pq

        there = pq.read_table(sheet.parquet, columns=["row", *wanted])
        keys += zip(*(there[name].to_pylist() for name in ("row", *wanted)), strict=True)
    places = [headers.index(name) for name in wanted]
    keys += [(row["row"], *(row["original"][place] for place in places)) for row in rejected_rows(sheet)]
    return [
        _Source(int(str(at)), str(file), str(name or ""), int(str(row)), str(*code) in _BESIDE)
        for at, file, name, row, *code in keys
        if file and str(row or "").isdigit()
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
        sheet,
        rows=sheet.rows - len(rows) + len(left),
        rejected=len(left),
        settled=taken,
        totals=totals,
        findings=(*findings, *_summaries(sheet, left)),
    )


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
                code,
                file=sheet.export.name,
                sheet=sheet.sheet,
                cell=spots[0].cell,
                column=column,
                value=spots[0].value,
                count=len(group),
                spots=spots,
                **json.loads(group[0]["facts"]),
            )
        )
    return told
