"""What stands on the page of a month? Figures, lists and what is behind each, from what the month kept; nothing is reckoned anew.

County → branch → manager → item → customers → rows of the exports. Customers' names are masked; what is ``public`` has no pay and no single customer.
A month too large for one file becomes an index and a file a branch, each complete in itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from kehujingli.answers.page.county import county
from kehujingli.answers.page.customers import customers, rows_behind
from kehujingli.answers.page.people import people
from kehujingli.answers.sources import Sources
from kehujingli.answers.statement import safe_name
from kehujingli.answers.studies import KeptPeriod
from kehujingli.workbooks.house import Meta
from kehujingli.workbooks.page import packed

INDEX = "看板.html"
LIMIT = 4_900_000
"""Bytes of data that one file holds at most: 5 MB with its library, script and style. What is more is parted by branch."""


@dataclass(frozen=True)
class Page:
    """A file and its data, as ``workbooks.page`` takes it."""

    file: str
    data: Mapping[str, Any]


def pages_of(kept: KeptPeriod, meta: Meta, *, public: bool, limit: int = LIMIT) -> Iterator[Page]:
    """The whole month in ``看板.html`` where that is no larger than ``limit`` bytes of data; else what is no customer's there, and a file a branch."""
    sources = Sources(kept.workspace, kept.results.period)
    told, staff = county(kept, sources, meta, public=public), people(sources, public=public)
    told = {**told, **staff, "tables": {**told["tables"], **staff["tables"]}}
    if public:
        yield Page(INDEX, told)
        return
    listed, behind = customers(sources), rows_behind(sources)
    whole = _with(told, {"customers": listed}, told["parts"], behind)
    if len(packed(whole).encode("utf-8", "backslashreplace")) <= limit:
        yield Page(INDEX, whole)
        return
    files = _files(told["branches"])
    yield Page(INDEX, _with(told, {}, {}, {}) | {"files": {branch: quote(file) for branch, file in files.items()}})
    own = _Customers.of(listed)
    for branch, file in files.items():
        yield Page(file, _of_branch(told, own, behind, branch))


def _files(branches: Mapping[str, str]) -> dict[str, str]:
    """Branch → the name of its file, which no other has, also where the disk does not tell a from A."""
    found, taken = dict[str, str](), {INDEX.casefold()}
    for branch, name in branches.items():
        stem = safe_name(branch, name) if branch else "没有机构"
        file, number = f"{stem}.html", 1
        while file.casefold() in taken:
            number += 1
            file = f"{stem}_{number}.html"
        taken.add(file.casefold())
        found[branch] = file
    return found


@dataclass(frozen=True)
class _Customers:
    """The list of all customers, and where in it those of a branch, of a holder and one of a number stand."""

    table: Mapping[str, Any]
    numbers: Sequence[str]
    at: Mapping[str, int]
    branches: Mapping[str, Sequence[int]]
    holders: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> _Customers:
        numbers = _texts(table, "customer_id")
        at = {number: place for place, number in enumerate(numbers)}
        return cls(table, numbers, at, *(_by(_texts(table, key)) for key in ("branch_id", "holder_id")))

    def shown(self, branch: str, staff: Iterable[str], named: Iterable[str]) -> tuple[dict[str, Any], list[str]]:
        """The list of a branch's own, of those whom its staff hold wherever they are, and of those who are named; and their numbers."""
        places = {*self.branches.get(branch, ()), *(self.at[number] for number in named if number in self.at)}
        places.update(place for who in staff for place in self.holders.get(who, ()))
        order = sorted(places)
        rows = [self.table["rows"][place] for place in order]
        table = {"title": self.table["title"], "columns": self.table["columns"], "rows": rows}
        return table, [self.numbers[place] for place in order]


def _by(texts: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        found.setdefault(text, []).append(place)
    return found


def _with(
    told: Mapping[str, Any], tables: Mapping[str, Any], parts: Mapping[str, Any], rows: Mapping[str, Any]
) -> dict[str, Any]:
    return {**told, "tables": {**told["tables"], **tables}, "parts": parts, "rows": rows}


def _of_branch(told: Mapping[str, Any], listed: _Customers, behind: Mapping[str, Any], branch: str) -> dict[str, Any]:
    """What belongs to one branch: its people with their items, its customers and those whom its people hold or rest on, and their rows."""
    name, tables = told["branches"][branch], told["tables"]
    own = {table: _rows_of(tables[table], "branch_id", {branch}) for table in _OF_BRANCHES if table in tables}
    staff = {key for table in ("scores", "loads") if table in own for key in _texts(own[table], "manager_id")}
    staff |= {who for who, person in told["managers"].items() if person["branch"] == branch}
    if "items" in tables:
        own["items"] = _rows_of(tables["items"], "manager_id", staff)
    parts = {key: part for key, part in told["parts"].items() if key.partition("/")[0] in staff}
    named = {row[0] for part in parts.values() for row in part["rows"]}
    own["customers"], numbers = listed.shown(branch, staff, named)
    return {
        **{key: told[key] for key in ("period", "public", "inputs", "made", "terms")},
        "head": {**told["head"], "title": f"{told['head']['title']}　{name}".strip()},
        "branch": branch,
        "branches": {branch: name},
        "index": quote(INDEX),
        "managers": {who: person for who, person in told["managers"].items() if who in staff},
        "tables": own,
        "parts": parts,
        "rows": {number: behind[number] for number in numbers if number in behind},
    }


_OF_BRANCHES = ("branches", "scores", "pay", "loads")


def _place(table: Mapping[str, Any], key: str) -> int:
    return next(place for place, column in enumerate(table["columns"]) if column["key"] == key)


def _texts(table: Mapping[str, Any], key: str) -> list[str]:
    place = _place(table, key)
    words = table["columns"][place].get("words")
    return [words[row[place]] if words is not None else row[place] for row in table["rows"]]


def _rows_of(table: Mapping[str, Any], key: str, wanted: set[str]) -> dict[str, Any]:
    """The table with the rows of these alone, without the line of totals."""
    places = [place for place, text in enumerate(_texts(table, key)) if text in wanted]
    made = {"title": table["title"], "columns": table["columns"], "rows": [table["rows"][place] for place in places]}
    if "bars" in table:
        made["bars"] = {column: [bars[place] for place in places] for column, bars in table["bars"].items()}
    return made
