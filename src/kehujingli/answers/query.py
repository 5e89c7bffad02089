"""What may be asked of a month in SQL? Its tables under English and Chinese names, masked, without reach to files or network.

The tables that a query names are loaded first, masked on the way in; then DuckDB is locked (``enable_external_access=false``,
``lock_configuration=true``). What was never loaded cannot be read.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import problem
from kehujingli.periods import day_of
from kehujingli.studies import titles_named
from kehujingli.terms.masks import mask_sql
from kehujingli.terms.widths import half_width
from kehujingli.workspace import Workspace
from kehujingli.workspace.results import Results, results_of, sheets_read
from kehujingli.workspace.sql import MEMORY_LIMIT, connect, parquet

if TYPE_CHECKING:
    import duckdb

TIME_LIMIT = 120.0
"""Seconds that a question may take."""
_SETTINGS = re.compile(r"\b(duckdb_(?!tables\b|columns\b)\w+|current_setting|pragma_\w+|getenv)\b", re.IGNORECASE)
"""What tells folders, accounts and settings of the machine."""
_MONEY_FIGURES = ("deposits", "loans")
_PARTS = ("numerator", "denominator", "baseline")
_EXACT = ("points", "amount", "number")
"""Decimals that are kept as text, digit by digit."""
_LEAST_DIGITS, _MOST_DIGITS = 2, 10


def label_of(table: str, column: str) -> str:
    """The Chinese name of a column; what an export carried along is called what it was called there."""
    term = terms.known(column, _canonical(table))
    return term.label if term else column


def head_of(table: str, column: str) -> str:
    """The name as a head says it: an average with its 口径."""
    term = terms.known(column, _canonical(table))
    return term.said if term else column


_EXPORTED = {"branches": "branch_exports"}
"""An export whose English name is that of a result: what it is called here."""
_NEAR = 3


def _said(table: str) -> str:
    """What a table that may be asked is called in Chinese."""
    return terms.KEPT.get(table) or terms.BY_KEY[_canonical(table)].label


def _canonical(table: str) -> str:
    """The canonical table that an export's name stands for."""
    return next((key for key, name in _EXPORTED.items() if name == table), table)


def _kept(kept: Results) -> dict[str, str]:
    """Table of results → the SQL it is read by."""
    return {name: kept.source(name) for name in {**terms.KEPT, **terms.BY_KEY} if kept.has(name)}


def _exports(workspace: Workspace, kept: Results, wanted: Callable[[str], bool]) -> dict[str, str]:
    """Table of the exports → the SQL it is read by, straight from the ledger, where its cache is still there; only those wanted are opened."""
    names = dict.fromkeys(source["table"] for source in kept.manifest.get("inputs", ()) if source["table"])
    found = {}
    for key in names:
        name = _EXPORTED.get(key, key)
        if (kept.has(key) and key not in _EXPORTED) or not wanted(name):
            continue
        read = _transactions(workspace, kept) if key == "transactions" else _sheets(workspace, kept, key)
        if read:
            found[name] = read
    return found


def _sheets(workspace: Workspace, kept: Results, table: str) -> str:
    """The sheets of a table; of a picture those of its newest day within the period."""
    parts = [f"select * from {parquet(sheet.parquet)}" for _, sheet in sheets_read(workspace, kept.manifest, table)]
    if not parts:
        return ""
    told = f"({' union all by name '.join(parts)})"
    if terms.BY_KEY[table].snapshot and any(name == "data_date" for name, _ in _columns(kept.con, told)):
        last = day_of(date.fromisoformat(kept.manifest["as_of"]))
        newest = f"(select max(data_date) from {told} where data_date <= {last})"
        return f"(select * exclude (row) from {told} where data_date is null or data_date = {newest})"
    return f"(select * exclude (row) from {told})"


def _transactions(workspace: Workspace, kept: Results) -> str:
    """The period's postings; those that repeat others are left out."""
    parts = [
        f"select *, {part} as part from {parquet(sheet.parquet)}"
        for part, sheet in sheets_read(workspace, kept.manifest, "transactions")
    ]
    if not parts:
        return ""
    counted = (
        f"anti join {kept.source('repeats')} on source_part = part and source_row = row" if kept.has("repeats") else ""
    )
    last = day_of(date.fromisoformat(kept.manifest["as_of"]))
    told = " union all by name ".join(parts)
    return f"(select * exclude (part) rename (date as day) from ({told}) {counted} where date <= {last})"


def open_query(
    workspace: Workspace, period: str | None, sql: str, *, unmask: bool = False
) -> duckdb.DuckDBPyConnection:
    """A locked connection that holds the tables which ``sql`` names, in English and in Chinese."""
    kept = results_of(workspace, period)
    con = connect(
        allow_community_extensions="false",
        autoinstall_known_extensions="false",
        memory_limit=MEMORY_LIMIT,
    )
    results = _kept(kept)
    sources = results | _exports(workspace, kept, lambda name: _names(sql, name))
    for name, source in sources.items():
        english, chinese = re.search(rf"\b{name}\b", sql, re.IGNORECASE), _said(name) in sql
        exact = _exact(con, name, source) if english or chinese else {}
        if english:
            fields = _select(con, name, source, exact, unmask=unmask)
            con.execute(f'create table "{name}" as {fields}').fetchall()
        if chinese:
            fields = _select(con, name, source, exact, labels=_item_labels(con, results), unmask=unmask)
            con.execute(f'create table "{_said(name)}" as {fields}').fetchall()
    if titles_named(sql):
        from kehujingli.answers.studies import hold_lists

        hold_lists(con, workspace, kept, sql, unmask=unmask)
    con.execute("set enable_external_access = false").fetchall()
    con.execute("set lock_configuration = true").fetchall()
    return con


def _names(sql: str, table: str) -> bool:
    """Whether a query may mean this table."""
    return re.search(rf"\b{table}\b", sql, re.IGNORECASE) is not None or _said(table) in sql


def _columns(con: duckdb.DuckDBPyConnection, source: str) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in con.execute(f"describe select * from {source}").fetchall()]


def _item_labels(con: duckdb.DuckDBPyConnection, sources: Mapping[str, str]) -> dict[str, str]:
    """What the columns of items are called: each item's own name in the period's rules."""
    if "items" not in sources:
        return {}
    rows = con.execute(f"select distinct item_id, item from {sources['items']} order by all").fetchall()
    return {f"item:{key}": label for key, label in rows}


def _exact(con: duckdb.DuckDBPyConnection, table: str, source: str) -> dict[str, int]:
    """Columns whose texts are decimals, and the digits behind the point that they need."""
    wanted = [
        column
        for column, kind in _columns(con, source)
        if kind == "VARCHAR" and (term := terms.known(column, table)) and term.kind in _EXACT
    ]
    if not wanted:
        return {}
    looked = ", ".join(
        f"""coalesce(max(length(split_part("{column}", '.', 2))), 0), count_if("{column}" <> '' and try_cast("{column}" as decimal(38, {_MOST_DIGITS})) is null)"""
        for column in wanted
    )
    (found,) = con.execute(f"select {looked} from {source}").fetchall()
    pairs = zip(wanted, found[::2], found[1::2], strict=True)
    return {column: min(max(digits, _LEAST_DIGITS), _MOST_DIGITS) for column, digits, odd in pairs if not odd}


def _select(
    con: duckdb.DuckDBPyConnection,
    table: str,
    source: str,
    exact: Mapping[str, int],
    *,
    labels: Mapping[str, str] | None = None,
    unmask: bool,
) -> str:
    """``labels``: the names of items where the columns are to be called in Chinese."""
    fields = []
    chinese = labels is not None
    taken: set[str] = set()
    columns = _columns(con, source)
    types = '"customer_type"' if any(column == "customer_type" for column, _ in columns) else None
    for column, kind in columns:
        name = (
            labels.get(column) or label_of(table, column.removeprefix("item:"))
            if labels is not None
            else column.replace("category:", "").replace("item:", "item_")
        )
        while name in taken:
            name += "_"
        taken.add(name)
        if column in exact:
            field = f'try_cast("{column}" as decimal(38, {exact[column]}))'
        else:
            field = _field(table, column, kind, chinese=chinese, unmask=unmask, types=types)
        fields.append(f'{field} as "{name}"')
    return f"select {', '.join(fields)} from {source}"


def _field(table: str, column: str, kind: str, *, chinese: bool, unmask: bool, types: str | None = None) -> str:
    """The expression of one column; ``types``: the column that tells whose names they are."""
    quoted = f'"{column}"'
    term = terms.known(column, _canonical(table))
    if term is None:  # an export carried it along: nobody knows what stands in it
        carried = kind == "VARCHAR" and _canonical(table) in terms.BY_KEY and not unmask
        return mask_sql(quoted, "numbers") if carried else quoted
    if term.private and not unmask:
        return mask_sql(quoted, term.private, types)
    if table == "contributions" and column in _PARTS:
        return _part(quoted, column)
    if (table, column) == ("figures", "value"):
        return f"case when key in {_MONEY_FIGURES} then ({quoted}::decimal(38, 2) / 100)::decimal(18, 2)::varchar else {quoted} end"
    if "INT" in kind and term.kind == "yuan":
        return f"({quoted}::decimal(38, 2) / {term.per})::decimal(18, 2)"
    if "INT" in kind and term.kind == "date":
        return f"case when {quoted} between -100000 and 100000 then date '1970-01-01' + {quoted}::integer end"
    if chinese and kind == "VARCHAR" and term.codes:
        cases = " ".join(f"when '{code}' then '{word}'" for code, word in term.codes.items())
        return f"case {quoted} {cases} else {quoted} end"
    return quoted


def _part(quoted: str, part: str) -> str:
    """A part of an actual, whichever way it is reckoned: counts as they are, money in 元."""
    from kehujingli.actuals import COUNTS, NUMERATOR_SCALES

    scales = dict.fromkeys(sorted(COUNTS), 1)
    if part == "numerator":
        scales |= {actual: 100 * scale for actual, scale in NUMERATOR_SCALES.items()}
    cases = " ".join(f"when '{actual}' then {scale}" for actual, scale in scales.items())
    return f"({quoted}::decimal(38, 2) / case split_part(actual, ':', 1) {cases} else 100 end)::decimal(18, 2)"


def ask(
    workspace: Workspace, period: str | None, sql: str, *, unmask: bool = False
) -> tuple[list[str], list[Sequence[Any]]]:
    """Column names and rows of a query. Raises ``query.bad`` with DuckDB's reason."""
    import duckdb

    sql = half_width(sql)
    con = open_query(workspace, period, sql, unmask=unmask)
    try:
        with _limited(con):
            cursor = con.execute(_question(con, sql))
            return [column[0] for column in cursor.description or ()], cursor.fetchall()
    except duckdb.Error as error:
        raise problem("query.bad", detail=_reason(str(error)) + _nearest(str(error), workspace, period)) from None


def ask_arrow(workspace: Workspace, period: str | None, sql: str, *, unmask: bool = False) -> Any:
    """The result as an Arrow table, for Parquet."""
    import duckdb

    sql = half_width(sql)
    con = open_query(workspace, period, sql, unmask=unmask)
    try:
        with _limited(con):
            return con.sql(_question(con, sql).query).to_arrow_table()
    except duckdb.Error as error:
        raise problem("query.bad", detail=_reason(str(error)) + _nearest(str(error), workspace, period)) from None


@contextlib.contextmanager
def _limited(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """A question without an end is ended. Raises ``query.bad`` after ``TIME_LIMIT`` seconds."""
    import duckdb

    clock = threading.Timer(TIME_LIMIT, con.interrupt)
    clock.start()
    try:
        yield
    except duckdb.InterruptException:
        raise problem("query.bad", detail=f"{TIME_LIMIT:g} 秒没有答完，已停下；请加条件，或少连几张表。") from None
    finally:
        clock.cancel()
        clock.join()  # the connection must not be let go of by a thread that the end of the program cuts off


def _question(con: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    """The one question that ``sql`` is. Raises ``query.bad``."""
    import duckdb

    told = _SETTINGS.search(sql)
    if told:
        raise problem("query.bad", detail=f"查询不能看程序自己的设置（{told[0]}）。")
    statements = con.extract_statements(sql)
    if len(statements) != 1 or statements[0].type not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
        raise problem("query.bad", detail="只能写一条 select 查询。")
    return statements[0]


_REASONS = (
    (r"Table with name (\S+) does not exist", "没有表 {0}。"),
    (r'Referenced column "([^"]+)" not found', "没有列“{0}”。"),
    (r'syntax error at or near "([^"]+)"', "“{0}”附近写法不对。"),
    (r"syntax error at end of input", "没有写完。"),
    (r"Ambiguous reference to column name \"([^\"]+)\"", "列“{0}”不止一张表里有，请写成 表.列。"),
    (
        r"No function matches the given name and argument types '(\w+)\(([^']*)\)'",
        "{0} 不能用在 {1} 上，请先用 ::decimal(18, 2) 转换。",
    ),
    (
        r"Cannot compare values of type (\w+)\S* and type (\w+)",
        "{0} 与 {1} 不能比较，请先用 ::decimal(18, 2) 之类转换。",
    ),
    (r"Could not convert string '([^']*)' to (\w+)", "“{0}”不是 {1}。"),
    (r'column "([^"]+)" must appear in the GROUP BY', "列“{0}”没有写进 group by。"),
)

_UNKNOWN = r'(?:Table with name (\S+) does not exist|Referenced column "([^"]+)" not found)'


def _nearest(text: str, workspace: Workspace, period: str | None) -> str:
    """是不是 …？ where a table or column is not there and some are called much the same; nothing elsewhere."""
    import difflib

    found = re.search(_UNKNOWN, text)
    if found is None:
        return ""
    known = catalogue(workspace, period)
    keys = ("table", "label") if found[1] else ("column", "column_label")
    places: dict[str, set[str]] = {}
    for record in known:
        for key in keys:
            places.setdefault(record[key], set()).add(record["label"])
    meant = found[1] or found[2]
    near = difflib.get_close_matches(meant, places, _NEAR, 0.5)
    near += [name for name in places if len(meant) > 1 and meant in name and name not in near][: _NEAR - len(near)]
    if not near:
        return ""
    said = (name if found[1] else f"{name}（{'、'.join(sorted(places[name])[:_NEAR])}）" for name in near)
    return f"是不是 {'、'.join(said)}？"


_NO_REACH = ("enable_external_access", "disabled by configuration", "Permission", "required extension")
"""What DuckDB says of a file, of the network, and of a kind of file for which it would fetch a part from there."""


def _reason(text: str) -> str:
    """DuckDB's reason in Chinese where it is a common one."""
    first = text.strip().split("\n")[0]
    for pattern, said in _REASONS:
        match = re.search(pattern, first)
        if match:
            return said.format(*match.groups())
    if any(word in text for word in _NO_REACH):
        return "查询不能读写文件和网络。"
    return first.rstrip(".") + "。"


def catalogue(workspace: Workspace, period: str | None) -> list[dict[str, str]]:
    """Every table and column that may be asked, under both names."""
    kept = results_of(workspace, period)
    con = kept.con
    records = []
    sources = _kept(kept) | _exports(workspace, kept, lambda _: True)
    items = _item_labels(con, sources)
    for table, source in sources.items():
        exact = _exact(con, table, source)
        for column, kind in _columns(con, source):
            name = column.replace("category:", "").replace("item:", "item_")
            records.append(
                {
                    "table": table,
                    "label": _said(table),
                    "column": name,
                    "column_label": items.get(column) or label_of(table, column.removeprefix("item:")),
                    "type": f"DECIMAL(38,{exact[column]})" if column in exact else _type(table, column, kind),
                }
            )
    from kehujingli.answers.studies import catalogue_of_lists

    return [*records, *catalogue_of_lists(workspace, kept)]


def _type(table: str, column: str, kind: str) -> str:
    field = _field(table, column, kind, chinese=False, unmask=True)
    return "DECIMAL(18,2)" if "decimal" in field else ("DATE" if "date '" in field else kind)
