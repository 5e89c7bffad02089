"""How do sheets become classes? Sheets → the period's tables → measures → frequency × scale, and what the month before had."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kehujingli.errors import problem
from kehujingli.month.required import need
from kehujingli.workspace.engines.local import SCAN_LIMIT
from kehujingli.workspace.sql import MEMORY_LIMIT, connect

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import duckdb
    import pandas as pd
    import pyarrow as pa

    from kehujingli.intake.ledger import Sheet
    from kehujingli.measures import Measured
    from kehujingli.measures.channels import Channels
    from kehujingli.month.steps.given import Given, Taken
    from kehujingli.periods import Period
    from kehujingli.rules import SegmentRules
    from kehujingli.segment import Segmented
    from kehujingli.tables import PeriodTables
    from kehujingli.tables.reading import Reading
    from kehujingli.workspace import Workspace
    from kehujingli.workspace.engines import Engine


def linking(memory: str = MEMORY_LIMIT) -> duckdb.DuckDBPyConnection:
    """DuckDB with a bound on its memory, rows in the order in which they came."""
    con = connect(memory_limit=memory)
    con.execute("set preserve_insertion_order = true")
    return con


def tables(
    sheets: Sequence[Sheet],
    period: Period,
    as_of: date | None,
    own_transfers: bool,
    source: Given | None,
    reading: Reading | None,
) -> PeriodTables:
    """The period's tables and its postings, linked, on an engine of their own."""
    from kehujingli.tables import load_tables

    if source is None:
        return load_tables(linking(), sheets, period, as_of, own_transfers=own_transfers, reading=reading)
    con = linking(SCAN_LIMIT)
    con.execute("set preserve_insertion_order = false")
    return load_tables(con, sheets, period, as_of, own_transfers=own_transfers, given=True, reading=reading)


def settled(tables: PeriodTables) -> Sequence[Sheet]:
    """The sheets with the rows that were refused for a repeated key counted, and summed, as refused."""
    return tables.refused.settle(tables.sheets)


def classifiable(tables: PeriodTables) -> bool:
    """Whether the exports hold what classes are made from."""
    return tables.has("transactions") and tables.has("customers")


def postings(tables: PeriodTables, engine: Engine, taken: Taken | None) -> Any:
    """The period's linked postings where they are reckoned; nothing where the exports have none."""
    if taken is not None and taken.elsewhere is not None:
        return taken.elsewhere
    return engine.hold(tables.con.table("transactions")) if tables.has("transactions") else None


def measured(
    tables: PeriodTables, postings: Any, engine: Engine, segment_rules: SegmentRules, period: Period, where: str
) -> Measured:
    """One row a customer. Raises ``table.missing`` and what else keeps classes from being made."""
    from kehujingli.measures import Inputs, measure

    need(tables, "transactions", "分类", where)
    need(tables, "customers", "分类", where)
    if tables.blind:
        raise problem("segment.no-accounts", file=tables.blind)
    inputs = Inputs(
        tables["customers"],
        postings,
        tables["accounts"] if _counts(tables, "accounts") else None,
        tables.account_history,
        tables["loans"] if _counts(tables, "loans") else None,
        tables.loan_history,
        engine.apart,
        tables.groups,
    )
    return measure(inputs, segment_rules, period)


def _counts(tables: PeriodTables, table: str) -> bool:
    """Whether a snapshot of this table counts for the period (a later one does not)."""
    return tables.has(table) and tables.days[table] is not None


def previous(workspace: Workspace | None, period: Period) -> pd.DataFrame | None:
    """The classes of the month before, where it has been run."""
    if workspace is None:
        return None
    from kehujingli.lists.branches import PREVIOUS
    from kehujingli.workspace.results import Results

    return Results.of(workspace, period.back(1).name).frame("classes", PREVIOUS)


def segmented(
    tables: PeriodTables,
    measured: Measured,
    segment_rules: SegmentRules,
    period: Period,
    previous: pd.DataFrame | None,
) -> Segmented:
    from kehujingli.segment import segment
    from kehujingli.tables.closed import closed_customers
    from kehujingli.tables.ties import ties_on

    ties = ties_on(period.last, tables["loans"], measured.accounts, tables["holdings"])
    headers = {part: sheet.columns.get("status") or "" for part, sheet in enumerate(tables.sheets)}
    closed = closed_customers(tables.statuses, headers, segment_rules.closed_status)
    return segment(tables["customers"], measured.customers, ties, segment_rules, period, previous, closed)


def causes(
    workspace: Workspace | None,
    previous: pd.DataFrame | None,
    segmented: Segmented,
    tables: PeriodTables,
    segment_rules: SegmentRules,
    period: Period,
) -> pd.Series | None:
    """Why each class is not what it was; None where there is no month before."""
    if previous is None:
        return None
    from kehujingli.studies.classes.moves import causes

    manifest = workspace.manifest(period.back(1).name) if workspace else None
    then, words = (manifest or {}).get("thresholds"), segment_rules.activity
    now = {**segmented.thresholds, "exclude": list(words.exclude), "passive": list(words.passive)}
    both = (then, now) if then and "dormant" in then else None
    return causes(previous, segmented.customers, tables["holdings"], tables["loans"], both, period)


def inflow(postings: Any, segment_rules: SegmentRules, period: Period) -> dict[str, int]:
    """Customer → net deposits (分) of the last months, as many as 培育名单 looks at."""
    from kehujingli.lists.branches import inflow_of

    return inflow_of(postings, period.window_first(segment_rules.tending.months))


def channels(postings: Any, tables: PeriodTables, segment_rules: SegmentRules, period: Period) -> Channels:
    """Through what the customers did their business in the month, and who has an electronic channel."""
    from kehujingli.measures.channels import channels
    from kehujingli.measures.ebank import with_ebank

    told = channels(postings, segment_rules.activity, segment_rules.channels, period)
    ebank, findings = with_ebank(told.customers, tables["ebank"], segment_rules.closed_status, period)
    return replace(told, ebank=ebank, findings=(*told.findings, *findings))


def deposit_history(
    tables: PeriodTables,
    postings: Any,
    engine: Engine,
    measured: Measured,
    segment_rules: SegmentRules,
    period: Period,
) -> list[tuple[int, int]]:
    """Month → average deposits of the county after their 折算系数 (分)."""
    from kehujingli.lists.branches import daily_averages

    def beside(table: pa.Table) -> Any:
        return engine.beside(tables.con, table)

    return daily_averages(postings, beside, measured.accounts, segment_rules.deposit_weights, period)
