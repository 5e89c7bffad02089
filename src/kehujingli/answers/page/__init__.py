"""What stands on the page of a month? Figures, lists and what is behind each, from what the month kept; nothing is reckoned anew.

County → branch → manager → item → customers → rows of the exports. Customers' names are masked; what is ``public`` has no pay and no single customer.
A month too large for one file becomes an index and a file a branch, each complete in itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    sources.hold()
    told, staff = county(kept, sources, meta, public=public), people(sources, public=public)
    told = {**told, **staff, "tables": {**told["tables"], **staff["tables"]}}
    if public:
        yield Page(INDEX, told)
        return
    listed = customers(sources)
    behind = rows_behind(sources)
    whole = _with(told, {"customers": listed}, told["parts"], behind)
    if len(packed(whole).encode("utf-8", "backslashreplace")) <= limit:
        yield Page(INDEX, whole)
        return
    names = {
        branch: (name, f"{safe_name(branch, name) if branch else '没有机构'}.html")
        for branch, name in told["branches"].items()
    }
    files = {branch: quote(file) for branch, (_, file) in names.items()}
    yield Page(INDEX, _with(told, {}, {}, {}) | {"files": files})
    for branch, (name, file) in names.items():
        yield Page(file, _of_branch(told, listed, behind, branch, name))


def _with(
    told: Mapping[str, Any], tables: Mapping[str, Any], parts: Mapping[str, Any], rows: Mapping[str, Any]
) -> dict[str, Any]:
    return {**told, "tables": {**told["tables"], **tables}, "parts": parts, "rows": rows}


def _of_branch(
    told: Mapping[str, Any], listed: Mapping[str, Any], behind: Mapping[str, Any], branch: str, name: str
) -> dict[str, Any]:
    """What belongs to one branch: its people with their items, its customers and those that its people's items rest on, and their rows."""
    own = {
        table: _rows_of(told["tables"][table], "branch_id", {branch})
        for table in _OF_BRANCHES
        if table in told["tables"]
    }
    staff = {key for table in ("scores", "loads") if table in own for key in _texts(own[table], "manager_id")}
    own |= {
        table: _rows_of(told["tables"][table], "manager_id", staff) for table in ("items",) if table in told["tables"]
    }
    parts = {key: part for key, part in told["parts"].items() if key.partition("/")[0] in staff}
    named = {row[0] for part in parts.values() for row in part["rows"]}
    here = _rows_of(listed, "branch_id", {branch})
    ids = {*_texts(here, "customer_id"), *named}
    shown = _rows_of(listed, "customer_id", ids)
    head = {**told["head"], "title": f"{told['head']['title']}　{name}".strip()}
    managers = {who: person for who, person in told["managers"].items() if who in staff}
    return {
        **{key: told[key] for key in ("period", "public", "inputs", "made", "terms")},
        "head": head,
        "branch": branch,
        "branches": {branch: name},
        "index": quote(INDEX),
        "managers": managers,
        "tables": own | {"customers": shown},
        "parts": parts,
        "rows": {customer: rows for customer, rows in behind.items() if customer in ids},
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
    rows = [row for row, text in zip(table["rows"], _texts(table, key), strict=True) if text in wanted]
    return {"title": table["title"], "columns": table["columns"], "rows": rows}
