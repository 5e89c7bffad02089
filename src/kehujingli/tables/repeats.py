"""Is a posting told twice? Repeated exports count once; one 流水号 that two exports tell differently is refused in both.

A 流水号 may be shared: by the two sides of a transfer, by a transfer and its fee, by a batch. Its legs are told apart by day,
account and side; several rows of one leg in one export are business, unless one balance follows on different amounts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kehujingli.errors import Finding, finding
from kehujingli.intake.ledger import Export, Sheet
from kehujingli.tables.duplicates import among, tell_different, told_stale, why_refused
from kehujingli.tables.refusals import Refusals, Row, brought_back, stale
from kehujingli.workspace.sql import parquet

if TYPE_CHECKING:
    from datetime import date

    import duckdb

_ACCOUNT = "coalesce(account_id, '~' || customer_id)"
_WORDS = ("customer_id", "balance", "time", "memo", "kind", "channel", "counterparty_account", "branch_id")
"""Beside day, account and amount what a row is told by, where every export in question has the column."""
_NEARLY = 0.9
"""Share of a sheet's rows that another sheet of its workbook has, from which on it is the same once more."""
_SAME = f"transaction_id, date, {_ACCOUNT}, signed, coalesce(balance, 0)"
_LEG = f"transaction_id, date, {_ACCOUNT}, signed < 0"


def count_once(con: duckdb.DuckDBPyConnection, sheets: Sequence[Sheet], raw: str) -> tuple[list[Finding], Refusals]:
    """Leave the table ``unrepeated`` where some postings of the view ``raw`` do not count; findings, and what is refused."""
    back = brought_back("transactions", sheets)
    if back:
        findings, refused = _with_corrections(con, sheets, raw, back)
    else:
        findings, refused = _once(con, sheets, raw)
    return [*findings, *_overlaps(con, sheets, raw)], refused


def _with_corrections(
    con: duckdb.DuckDBPyConnection, sheets: Sequence[Sheet], raw: str, back: Mapping[Row, Row]
) -> tuple[list[Finding], Refusals]:
    """Postings that came back put right are looked at apart: first what is refused without them, then how they fit into what is left."""
    _register(con, "came_back", back)
    con.execute(f"create or replace temp table originals as select * from {raw} anti join came_back using (part, row)")
    findings, refused = _once(con, sheets, "originals", frozenset(back.values()))
    old = [row for row, source in back.items() if source[1] not in refused.taken.get(source[0], ())]
    _register(con, "stale_rows", old)
    stale_rows = con.execute(
        f"select part, row from {raw} semi join stale_rows using (part, row) order by part, row"
    ).df()
    for part, group in stale_rows.groupby("part"):
        rows = group["row"].tolist()
        refused.add(
            int(part), {row: stale(sheets, back[int(part), row]) for row in rows}, _money(con, sheets[int(part)], rows)
        )
        findings.append(told_stale(sheets, int(part), rows, back))
    source = "unrepeated" if exists(con, "unrepeated") else "originals"
    con.execute(f"""
        create or replace temp table put_right as select * from {source}
        union all by name
        select * from {raw} semi join came_back using (part, row) anti join stale_rows using (part, row)
    """)
    told, more = _once(con, sheets, "put_right")
    refused.join([more])
    if not exists(con, "unrepeated"):
        con.execute("alter table put_right rename to unrepeated")
    return [*findings, *told, *refused.told_taken(sheets)], refused


def _register(con: duckdb.DuckDBPyConnection, name: str, rows: Iterable[Row]) -> None:
    import pandas as pd

    con.register(name, pd.DataFrame(list(rows), columns=["part", "row"]).astype("int64"))


def _once(
    con: duckdb.DuckDBPyConnection, sheets: Sequence[Sheet], raw: str, sources: Collection[Row] = ()
) -> tuple[list[Finding], Refusals]:
    """``sources``: postings that, if they are refused, came back put right."""
    con.execute("drop table if exists unrepeated")
    findings: list[Finding] = []
    refused = Refusals()
    if any("transaction_id" in sheet.columns for sheet in sheets if sheet.table == "transactions"):
        told = f"from {raw} where transaction_id is not null"
        ((rows, numbers),) = con.execute(f"select count(*), count(distinct transaction_id) {told}").fetchall()
        if rows == numbers:  # mostly: to take the rows apart costs several times as much
            return findings, refused
        ((different,),) = con.execute(f"select count(distinct ({_SAME})) {told}").fetchall()
        again = rows - different
        if again:
            con.execute(f"""
                create temp table unrepeated as select * from {raw} where transaction_id is null
                union all by name
                select * {told} qualify row_number() over (partition by {_SAME} order by part, row) = 1
            """)
        if different > numbers:
            _compare(con, raw)
            again += _leave_out(con, raw)
            differing, refused = _refuse(con, sheets, sources)
            findings += differing
        if again:
            findings.append(finding("intake.repeated-transaction", count=again))
    return findings, refused


def _compare(con: duckdb.DuckDBPyConnection, raw: str) -> None:
    """The table ``not_counted``: part, row, 流水号 of postings told differently, and (``again``) of those that lack only the balance."""
    con.execute(f"""
        create or replace temp table doubtful as
        with suspects as (
            select hash({_LEG}) as leg from {raw} where transaction_id is not null group by 1
            having count(*) > 1 and (min(signed) <> max(signed) or min(balance) <> max(balance) or count(balance) between 1 and count(*) - 1)
        )
        select * from {raw} where transaction_id is not null and hash({_LEG}) in (select leg from suspects)
    """)
    legs = f"partition by {_LEG}"

    def differ(column: str, among: str = legs) -> str:
        return f"coalesce(min({column}) over ({among}) <> max({column}) over ({among}), false)"

    def alike(among: str) -> str:
        return f"not ({differ('kind', among)} or {differ('memo', among)})"

    balance = f"{legs}, balance"
    con.execute(f"""
        create or replace temp table not_counted as
        select part, row, transaction_id, not (different or impossible) as again from (
            select part, row, transaction_id,
                count(*) over ({legs}) = count(distinct part) over ({legs}) as once_each,
                once_each and ({differ("signed")} or {differ("balance")}) and {alike(legs)} as different,
                balance is not null and {differ("signed", balance)} and {alike(balance)} as impossible,
                once_each and not ({differ("signed")} or {differ("balance")}) and row_number() over ({legs} order by part) > 1 as repeated
            from doubtful
        ) where different or impossible or repeated
    """)


def _leave_out(con: duckdb.DuckDBPyConnection, raw: str) -> int:
    """Take what does not count out of ``unrepeated``; how many of them only repeat others."""
    ((rows, again),) = con.execute("select count(*), count_if(again) from not_counted").fetchall()
    if rows:
        source = "unrepeated" if exists(con, "unrepeated") else raw
        con.execute(f"create temp table counted as select * from {source} anti join not_counted using (part, row)")
        con.execute("drop table if exists unrepeated")
        con.execute("alter table counted rename to unrepeated")
    return int(again or 0)


def _refuse(
    con: duckdb.DuckDBPyConnection, sheets: Sequence[Sheet], sources: Collection[Row]
) -> tuple[list[Finding], Refusals]:
    refused = Refusals()
    wrong = con.execute("select part, row, transaction_id from not_counted where not again order by part, row").df()
    if wrong.empty:
        return [], refused
    reasons = dict(why_refused(wrong, sheets, ["transaction_id"]))
    if sources:
        taken = among(wrong, sources)
        for part, group in wrong[taken].groupby("part"):
            rows = group["row"].tolist()
            refused.take(int(part), rows, _money(con, sheets[int(part)], rows))
        wrong = wrong[~taken]
    for part, group in wrong.groupby("part"):
        rows = group["row"].tolist()
        refused.add(int(part), {row: reasons[int(part), row] for row in rows}, _money(con, sheets[int(part)], rows))
    return tell_different("transactions", wrong, sheets, "transaction_id", reasons), refused


def _money(con: duckdb.DuckDBPyConnection, sheet: Sheet, rows: Sequence[int]) -> dict[str, int]:
    """Of each amount column the 分 in these rows."""
    sums = ", ".join(["count(*)", *(f"coalesce(sum({key}), 0)" for key in sheet.totals)])
    ((_, *amounts),) = con.execute(
        f"select {sums} from {parquet(sheet.parquet)} where list_contains($1, row)", [list(rows)]
    ).fetchall()
    return dict(zip(sheet.totals, map(int, amounts), strict=True))


def _overlaps(con: duckdb.DuckDBPyConnection, sheets: Sequence[Sheet], raw: str) -> list[Finding]:
    """Without 流水号 rows that are equal in every word stand in two exports of the same days because the days were exported twice.

    Of each such row the greater count of any one export is kept, for two withdrawals of one amount on a day are business. Where the rows
    have the balance after them they are the same for certain; else it is told what it changes.
    """
    ranges = con.execute(
        f"select part, min(date), max(date) from {raw} where transaction_id is null group by part order by part"
    ).fetchall()
    homes: dict[Export, int] = {}
    for part, _, _ in ranges:
        homes.setdefault(sheets[part].export, part)
    copies = _sheets_again(con, sheets, raw, ranges)
    exports = {part: part if part in copies else homes[sheets[part].export] for part, _, _ in ranges}
    touching = _touching([(first, last, part) for part, first, last in ranges], exports)
    if not touching:
        return []
    fields = [key for key in _WORDS if all(key in sheets[part].columns for part in touching)]
    row = ", ".join([f"date, {_ACCOUNT}, signed", *(f"coalesce(cast({key} as varchar), '')" for key in fields)])
    _register_homes(con, {part: exports[part] for part in touching})
    balance = "balance is not null" if "balance" in fields else "false"
    con.execute(f"""
        create or replace temp table exported_again as
        select part, row, amount, proven, other from (
            select part, row, amount, {balance} as proven, nth, home, {row}, min(home) over (partition by {row}, nth) as other,
                row_number() over (partition by {row}, nth order by home, part, row) as place
            from (select *, row_number() over (partition by home, {row} order by part, row) as nth
                  from {raw} join export_homes using (part) where transaction_id is null)
        ) where place > 1
    """)
    found = con.execute(
        "select part, other, proven, count(*), sum(abs(amount)) from exported_again group by all order by part, other, proven"
    ).fetchall()
    if found:
        source = "unrepeated" if exists(con, "unrepeated") else raw
        con.execute(f"create temp table left_once as select * from {source} anti join exported_again using (part, row)")
        con.execute("drop table if exists unrepeated")
        con.execute("alter table left_once rename to unrepeated")
    return [
        finding(
            "intake.overlap-proven" if proven else "intake.overlap",
            file=sheets[other].export.name,
            other=sheets[part].export.name,
            count=count,
            amount=int(amount),
            own=f"「{sheets[other].sheet}」" if sheets[other].export == sheets[part].export else "",
            others=f"「{sheets[part].sheet}」" if sheets[other].export == sheets[part].export else "",
        )
        for part, other, proven, count, amount in found
    ]


def _sheets_again(
    con: duckdb.DuckDBPyConnection,
    sheets: Sequence[Sheet],
    raw: str,
    ranges: Sequence[tuple[int, Any, Any]],
) -> frozenset[int]:
    """Sheets of one workbook whose rows nearly all stand in another sheet of it too: a month's beside the whole year's. Pages of one list share a few."""
    parts = [part for part, _, _ in ranges]
    several = Counter(sheets[part].export for part in parts)
    beside = [part for part in parts if several[sheets[part].export] > 1]
    if not beside:
        return frozenset()
    spans = {part: (first, last) for part, first, last in ranges}
    within = _touching([(*spans[part], part) for part in beside], {part: part for part in beside})
    numbers: dict[Export, int] = {}
    _register(con, "books", ((part, numbers.setdefault(sheets[part].export, part)) for part in within))
    fields = [key for key in _WORDS if all(key in sheets[part].columns for part in within)]
    row = ", ".join([f"date, {_ACCOUNT}, signed", *(f"coalesce(cast({key} as varchar), '')" for key in fields)])
    counts = con.execute(f"""
        select part, count(*), count(*) filter (shared) from (
            select part, min(part) over same <> max(part) over same as shared
            from (select r.*, b.row as book, row_number() over (partition by r.part, {row} order by r.row) as nth
                  from {raw} r join books b on b.part = r.part where transaction_id is null)
            window same as (partition by book, nth, {row})
        ) group by part
    """).fetchall()
    return frozenset(int(part) for part, count, shared in counts if count > 1 and shared >= _NEARLY * count)


def _touching(spans: Sequence[tuple[date, date, int]], exports: Mapping[int, int]) -> set[int]:
    """Parts whose days (first, last, part) meet those of another export: two passes in the order of their first days, not pair by pair."""
    spans = sorted(spans)
    touching: set[int] = set()
    for step, reach in ((1, _latest), (-1, _earliest)):
        near: list[tuple[date, int]] = []  # the farthest day any export reaches to here, and any other than that export
        for first, last, part in spans[::step]:
            home = exports[part]
            day = next((day for day, other in near if other != home), None)
            if day is not None and (day >= first if step > 0 else day <= last):
                touching.add(part)
            near = reach([*near, (last if step > 0 else first, home)])
    return touching


def _latest(near: list[tuple[date, int]]) -> list[tuple[date, int]]:
    return _two(sorted(near, reverse=True))


def _earliest(near: list[tuple[date, int]]) -> list[tuple[date, int]]:
    return _two(sorted(near))


def _two(near: list[tuple[date, int]]) -> list[tuple[date, int]]:
    """The first, and the first of another export."""
    return near[:1] + [one for one in near if one[1] != near[0][1]][:1]


def _register_homes(con: duckdb.DuckDBPyConnection, homes: Mapping[int, int]) -> None:
    """The view ``export_homes``: of each part the first part of its export."""
    import pandas as pd

    con.register("export_homes", pd.DataFrame(sorted(homes.items()), columns=["part", "home"]).astype("int64"))


def exists(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    row = con.execute(
        "select count(*) from duckdb_views() where view_name = ? union all select count(*) from duckdb_tables() where table_name = ?",
        [name, name],
    ).fetchall()
    return any(count for (count,) in row)
