"""Which header could be a column that a sheet lacks? Proposals from names and cells, each with its reasons, and with what makes it doubtful."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kehujingli import terms
from kehujingli.errors import place
from kehujingli.intake.evidence import EMPTY, Fit, fit, known_numbers
from kehujingli.intake.ledger import Sheet
from kehujingli.intake.sheets.headers import Also, Match, doubt_of, match_table, parse_header
from kehujingli.intake.sheets.likeness import NEAR, likeness, means
from kehujingli.terms import Column, Table

_EQUAL = 0.1
"""Two that differ by no more than this are equally near."""
_SURE = 0.75
"""From here on a name alone is enough where the cells say nothing for it."""
_SPEAKS = 0.2
"""What it adds that the cells speak for the column."""
_LEAST = 2
"""Columns that tell of a table, before it is asked about the one that it lacks; one more where it lacks two."""
_ASKED = 8
"""Headers that a question names."""


@dataclass(frozen=True)
class Proposal:
    """A header of some sheets that could be a column of their table. ``headers``: others that are as near, the proposed one first."""

    table: Table
    column: Column
    headers: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    reasons: tuple[str, ...]
    doubt: str = ""
    """Why nobody should write it unasked; nothing where it is plain."""
    spoken: bool = False
    """Whether the cells speak for it too, and not its name alone."""
    first: tuple[str, ...] = ()
    """Columns of the same sheets that must be settled before: without them they are no such table."""
    against: bool = False
    """Whether the cells are not such as the column has: it is told, and never written."""

    @property
    def header(self) -> str:
        return self.headers[0]

    @property
    def places(self) -> list[str]:
        return [place(sheet.export.name, sheet.sheet) for sheet in self.sheets]


@dataclass(frozen=True)
class _Near:
    column: Column
    header: str
    name: float
    fit: Fit

    @property
    def score(self) -> float:
        return self.name + (_SPEAKS if self.fit.verdict == "fits" else 0)


def propose(sheets: Sequence[Sheet], also: Also) -> list[Proposal]:
    """For every sheet that lacks a column which something reads, or that is no table for want of one. ``also``: what layouts say already."""
    known = known_numbers(sheets)
    found: list[Proposal] = []
    for sheet in sheets:
        if sheet.sample and not sheet.locked:
            found += _of_table(sheet, known) if sheet.table else _of_none(sheet, known, also)
    return _together(found)


def _of_table(sheet: Sheet, known: Mapping[str, Collection[str]]) -> list[Proposal]:
    table = terms.BY_KEY[sheet.table]
    lacking = [
        key
        for key, use in terms.USES.get(table.key, {}).items()
        if key not in sheet.columns and use.cost and not any(other in sheet.columns for other in use.instead)
    ]
    filled = {header: texts for header, texts in sheet.sample.items() if texts}
    return list(_assign(table, _near(table, lacking, filled, known), sheet))


def _of_none(sheet: Sheet, known: Mapping[str, Collection[str]], also: Also) -> list[Proposal]:
    """A sheet that is no table: the one of which it has most columns, with headers for those that it must have."""
    headers = [parse_header(header) for header in sheet.sample]
    matches = [match for table in terms.TABLES if (match := match_table(table, headers, also)) and _almost(match)]
    matches = [match for match in matches if not doubt_of(match)]
    if not matches:
        return []
    matches.sort(key=lambda match: (-match.score, len(match.missing), len(match.table.columns)))
    most = matches[0].score
    completed = [(match, _completed(match, sheet, known)) for match in matches if 2 * match.score >= most]
    best, proposals = next((pair for pair in completed if _plainly(*pair)), completed[0])
    rivals = [pair for pair in completed if _plainly(*pair)] or completed
    alike = [match.table.label for match, _ in rivals if match is not best and match.score == best.score]
    good = [(one, _group_of(best, one)) for one in proposals if not one.against]
    open_groups = [group for group in best.missing if group not in [own for _, own in good]]
    if len(open_groups) == len(best.missing):  # nothing could be what it must have
        return []
    doubt = f"也可能是{'、'.join(alike)}" if alike else ""
    first = [one.column.label for one, group in good if group and (one.doubt or doubt)]
    first += [best.table.column(group[0]).label for group in open_groups]
    groups = [_group_of(best, one) for one in proposals]
    return [
        replace(one, doubt=one.doubt or (doubt if group else ""), first=() if group else tuple(first))
        for one, group in zip(proposals, groups, strict=True)
    ]


def _plainly(match: Match, proposals: Sequence[Proposal]) -> bool:
    """Whether all that a table must have is there with headers whose cells speak for it."""
    sure = [_group_of(match, one) for one in proposals if one.spoken and not one.doubt and not one.against]
    return all(group in sure for group in match.missing)


def _almost(match: Match) -> bool:
    """Whether a header has so many of a table's columns that it is worth asking for the one or two that it must have besides."""
    return bool(match.missing) and match.score >= _LEAST + (len(match.missing) > 1)


def _group_of(match: Match, proposal: Proposal) -> tuple[str, ...]:
    return next((group for group in match.missing if proposal.column.key in group), ())


def _completed(match: Match, sheet: Sheet, known: Mapping[str, Collection[str]]) -> list[Proposal]:
    """Headers for what the table must have and for what it may have. Where none is like what it must have, any that could be it is asked about."""
    table = match.table
    there = {column.key for column in match.columns.values()}
    taken = {match.headers[position].raw for position in match.columns}
    spare = {header: texts for header, texts in sheet.sample.items() if header not in taken}
    wanted = [key for group in match.missing for key in group]
    uses = terms.USES.get(table.key, {})
    wanted += [key for key, use in uses.items() if use.cost and key not in there and key not in wanted]
    needed = {key for group in match.missing for key in group}
    near = _near(table, wanted, spare, known)
    found = list(_assign(table, [one for one in near if spare[one.header] or one.column.key in needed], sheet))
    for group in match.missing:
        used = {one.header for one in found if not one.against}
        if not any(one.column.key in group and not one.against for one in found):
            column = table.column(group[0])
            left = {header: texts for header, texts in spare.items() if header not in used}
            able = [header for header, texts in left.items() if _may_be(table, column, header, texts, known)]
            if able:
                found.append(Proposal(table, column, tuple(able[:_ASKED]), (sheet,), (), "没有名称相近的"))
    return found


def _may_be(
    table: Table, column: Column, header: str, texts: Sequence[str], known: Mapping[str, Collection[str]]
) -> bool:
    return fit(table, column, header, texts, known).verdict in ("fits", "plain")


def _near(
    table: Table, keys: Iterable[str], spare: Mapping[str, Sequence[str]], known: Mapping[str, Collection[str]]
) -> list[_Near]:
    """Every header that is like one of the columns, best first; by name alone only where it holds a spelling or is very like."""
    found = []
    loaded = any(header in terms.LOADED for header in spare)
    for key in keys:
        column = table.column(key)
        for header, texts in spare.items():
            name = parse_header(header).name
            if column.event and loaded and name in terms.LOADED_DAYS:
                continue
            near = likeness(column, name)
            if near < NEAR:
                continue
            fitting = fit(table, column, header, texts, known)
            if not fitting.strong and means(column, name) is False:
                continue
            holds = any(len(spelling) > 1 and spelling in name for spelling in column.names)
            if fitting.verdict == "fits" or holds or near >= _SURE:
                found.append(_Near(column, header, near, fitting))
    return sorted(found, key=lambda one: (-one.score, one.column.key, one.header))


def _assign(table: Table, near: Sequence[_Near], sheet: Sheet) -> Iterator[Proposal]:
    """A header for each column, the nearest first; where another is as near, or the header is as near to another column, it is doubtful."""
    told = {one.column.key for one in near if one.fit.verdict not in ("against", "empty")}
    good = [one for one in near if one.fit.verdict != "against"]
    good = [one for one in good if one.fit.verdict != "empty" or one.column.key not in told]
    columns: set[str] = set()
    headers: set[str] = set()
    for one in good:
        if one.column.key in columns or one.header in headers:
            continue
        left = [other for other in good if other.column.key not in columns and other.header not in headers]
        columns.add(one.column.key)
        headers.add(one.header)
        beside = [other for other in left if other is not one and other.score >= one.score - _EQUAL]
        alike = tuple(other.header for other in beside if other.column.key == one.column.key)
        also = tuple(other.column.label for other in beside if other.header == one.header)
        yield Proposal(
            table,
            one.column,
            (one.header, *alike),
            (sheet,),
            _reasons(one),
            _doubt(one, alike, also),
            one.fit.verdict == "fits",
        )
    for one in near:
        if one.fit.verdict == "against" and one.column.key not in columns and one.header not in headers:
            columns.add(one.column.key)
            yield Proposal(table, one.column, (one.header,), (sheet,), (one.fit.reason,), one.fit.reason, against=True)


def _reasons(one: _Near) -> tuple[str, ...]:
    name = parse_header(one.header).name
    held = max(
        (spelling for spelling in one.column.names if len(spelling) > 1 and spelling in name), key=len, default=""
    )
    said = f"名称里有“{held}”" if held else "名称最像"
    return (said, one.fit.reason) if one.fit.reason and one.fit.verdict == "fits" else (said,)


def _doubt(one: _Near, alike: Sequence[str], also: Sequence[str]) -> str:
    choices = terms.AMBIGUOUS_HEADERS.get(parse_header(one.header).name)
    if choices:
        return f"没有说明是{'、'.join(choices)}中的哪一种"
    if alike:
        return f"{'、'.join(f'“{header}”' for header in alike)}一样像"
    if also:
        return f"它也像{'、'.join(f'“{label}”' for label in also)}"
    if one.fit.strong or one.fit.verdict in ("empty", "doubtful"):
        return "" if one.fit.strong else one.fit.reason
    name = parse_header(one.header).name
    other = next((word for word in terms.OTHER_THINGS if word in name and not _said(one.column, word)), "")
    if other:
        return f"名称里有“{other}”，可能是另一回事"
    return "" if means(one.column, name) else "名称只有个别字一样"


def _said(column: Column, word: str) -> bool:
    return any(word in spelling for spelling in column.names)


def _together(found: Sequence[Proposal]) -> list[Proposal]:
    """One proposal for a header and a column of a table, whichever sheets it stands in; a header that is two columns in two sheets is doubtful."""
    whole: dict[tuple[str, str, str], list[Proposal]] = {}
    for one in found:
        whole.setdefault((one.table.key, one.column.key, one.header), []).append(one)
    merged = []
    for (table, column, header), same in whole.items():
        worst = max(same, key=lambda one: (one.against, bool(one.doubt) and one.doubt != EMPTY))
        clear = worst if worst.against or worst.doubt != EMPTY else min(same, key=lambda one: bool(one.doubt))
        other = next(
            (
                key
                for key in whole
                if key[0] == table and key[2] == header and key[1] != column and not whole[key][0].against
            ),
            None,
        )
        where = {sheet.place: sheet for one in same for sheet in one.sheets}
        doubt = clear.doubt or (f"在别的表里它像“{whole[other][0].column.label}”" if other else "")
        merged.append(replace(clear, sheets=tuple(where.values()), doubt=doubt))
    return merged
