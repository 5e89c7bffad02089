"""What would be read if these headers were those columns? The exports read once more with the lines in layouts/, before any is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kehujingli import terms
from kehujingli.errors import place
from kehujingli.intake.files.scratch import scratch
from kehujingli.intake.ledger import Ledger, Progress, Sheet
from kehujingli.intake.mapping import Proposal
from kehujingli.intake.refused import rejected_rows
from kehujingli.intake.sheets.layout_text import Line, added, own_layout
from kehujingli.month.opening import Request, read_exports

_REFUSED = 10
"""Of so many rows of a sheet that was not read before one may be refused for what the mapped column says."""


@dataclass(frozen=True)
class Trial:
    """``files``: the layouts as they would be; ``taken``: the proposals that hold; ``left``: those that do not, and why;
    ``changes``: what is read otherwise, sheet by sheet."""

    files: Mapping[Path, str] = field(default_factory=dict)
    taken: Sequence[Proposal] = ()
    left: Sequence[tuple[Proposal, str]] = ()
    changes: Sequence[dict[str, Any]] = ()


def try_out(
    request: Request, ledger: Ledger, sheets: Sequence[Sheet], wanted: Sequence[Proposal], progress: Progress
) -> Trial:
    """``sheets`` as they are read now. A proposal that refuses rows, turns another sheet or changes nothing is left out."""
    taken, left = list(wanted), list[tuple[Proposal, str]]()
    while taken:
        files = _texts(request, taken)
        after = _read_with(request, ledger, files, progress)
        wrong = [(one, why) for one in taken if (why := _wrong(one, sheets, after))]
        if not wrong:
            return Trial(files, taken, left, list(_changes(sheets, after)))
        left += wrong
        taken = [one for one in taken if all(one is not other for other, _ in wrong)]
    return Trial(left=left)


def _texts(request: Request, taken: Sequence[Proposal]) -> dict[Path, str]:
    """The lines of each table together, in the layout that reads its sheets or beside the known headers."""
    assert request.workspace is not None
    paths = request.workspace.layout_files()
    groups: dict[tuple[str, Path | None], dict[str, Line]] = {}
    for one in taken:
        for sheet in one.sheets:
            own = own_layout(paths, sheet.export.name, sheet.sheet, sheet.headers) if sheet.table else None
            lines = groups.setdefault((one.table.key, own), {})
            line = lines.get(one.column.key, Line(one.column, (), "；".join(one.reasons)))
            if one.header not in line.headers:
                lines[one.column.key] = replace(line, headers=(*line.headers, one.header))
    files: dict[Path, str] = {}
    for (table, own), lines in groups.items():
        path, text = added(request.workspace.layouts, terms.BY_KEY[table], list(lines.values()), own)
        files[path] = text
    return files


def _read_with(request: Request, ledger: Ledger, files: Mapping[Path, str], progress: Progress) -> list[Sheet]:
    """The exports by the layouts as they would be. What is read is kept under what these say, so that it is not read again."""
    assert request.workspace is not None
    with scratch() as folder:
        for path in request.workspace.layout_files():
            (folder / path.name).write_bytes(path.read_bytes())
        for path, text in files.items():
            (folder / path.name).write_bytes(text.encode())
        trial = Ledger(ledger.root, sorted(folder.glob("*.toml")), ledger.passwords)
        return read_exports(replace(request, passwords=ledger.passwords, ask=None), trial, progress)[0]


def _beside(before: Sequence[Sheet], after: Sequence[Sheet]) -> Iterator[tuple[Sheet, Sheet]]:
    now = {(sheet.export.name, sheet.export.sha256, sheet.sheet): sheet for sheet in after}
    for sheet in before:
        other = now.get((sheet.export.name, sheet.export.sha256, sheet.sheet))
        if other is not None:
            yield sheet, other


def _wrong(one: Proposal, before: Sequence[Sheet], after: Sequence[Sheet]) -> str:
    """Why a proposal does not hold, seen by what is read with it; nothing where it does."""
    places = {sheet.place for sheet in one.sheets}
    pairs = list(_beside(before, after))
    own = [(sheet, now) for sheet, now in pairs if sheet.place in places]
    if not any(now.columns.get(one.column.key) == one.header for _, now in own):
        return f"写了也读不成{one.table.label}的“{one.column.label}”"
    for sheet, now in own:
        refused = sum(row["column"] == one.header for row in rejected_rows(now)) if now.rejected > sheet.rejected else 0
        if refused and (sheet.table or refused * _REFUSED > now.rows):
            return f"{place(now.export.name, now.sheet)}有 {refused:,} 行会因为它退回"
    for sheet, now in pairs:
        if sheet.table and sheet.table != now.table and one.header in now.headers:
            return f"{place(now.export.name, now.sheet)}会从{terms.BY_KEY[sheet.table].label}变成别的表"
    return ""


def _changes(before: Sequence[Sheet], after: Sequence[Sheet]) -> Iterator[dict[str, Any]]:
    for sheet, now in _beside(before, after):
        if (sheet.table, sheet.columns, sheet.accepted, sheet.rejected) == (
            now.table,
            now.columns,
            now.accepted,
            now.rejected,
        ):
            continue
        table = terms.BY_KEY[now.table] if now.table else None
        new = {key: header for key, header in now.columns.items() if sheet.columns.get(key) != header}
        yield {
            "path": now.export.name,
            "sheet": now.sheet,
            "table_before": sheet.table or None,
            "table": now.table or None,
            "accepted_before": sheet.accepted,
            "accepted": now.accepted,
            "rejected_before": sheet.rejected,
            "rejected": now.rejected,
            "columns": {table.column(key).label: header for key, header in new.items() if table and table.has(key)},
        }
