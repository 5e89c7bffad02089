"""Where do postings come from that no export holds? From a source in which they lie linked: looked at first, then reckoned where they lie."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kehujingli.errors import Finding, finding
from kehujingli.month.required import need
from kehujingli.periods import date_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kehujingli.measures.given import Batch, Reach
    from kehujingli.periods import Period
    from kehujingli.tables import PeriodTables
    from kehujingli.workspace.engines import Engine
    from kehujingli.workspace.engines.source import Source


@dataclass(frozen=True)
class Given:
    """``frame``: the source's postings (narwhals, unread), in the measures' columns and types."""

    source: Source
    frame: Any
    reach: Reach


@dataclass(frozen=True)
class Taken:
    """``elsewhere``: the period's postings on a cluster; nothing where they are the view ``transactions`` of the tables' DuckDB."""

    elsewhere: Any = None
    findings: list[Finding] = field(default_factory=list)


def batches(source: Given | None, period: Period) -> Sequence[Batch]:
    """What the source holds up to the period's last day, part by part; nothing where the postings are those of exports."""
    from kehujingli.measures.given import batches

    return batches(source.frame, period.last) if source is not None else ()


def opened(engine: Engine, source: Source | None) -> Given | None:
    """The source with its columns, types and months looked at. Raises ``source.…``."""
    if source is None:
        return None
    from kehujingli.measures.given import declared, reach

    frame = declared(engine.read(source), source.shown)
    return Given(source, frame, reach(frame, source.shown))


def taken(
    tables: PeriodTables, engine: Engine, source: Given | None, period: Period, own_transfers: bool, where: str
) -> Taken | None:
    """The source's postings up to the period's last day, each looked at. Raises what says that they are not linked. ``where``: where the exports were sought."""
    if source is None:
        return None
    import narwhals.stable.v2 as nw

    from kehujingli.measures.collected import to_pandas
    from kehujingli.measures.given import Known, insist_linked

    need(tables, "customers", "分类", where)
    lies, reached = source.source.shown, source.reach
    later = any(last > period.last for _, _, last in reached.months)
    frame = source.frame.filter(nw.col("day") <= period.last) if later else source.frame
    known = Known(tables["customers"]["customer_id"], tables.owners, tables.loan_ids, tables.merges.into, tables.main)
    insist_linked(frame, known, lies, reached.months, later, engine.apart)
    first, last = reached.months[0][1], reached.months[-1][2]
    told = [
        finding(
            "source.taken",
            where=lies,
            rows=f"{reached.rows:,}",
            first=date_of(first),
            last=date_of(last),
            amount=reached.amount,
        )
    ]
    if later:
        after = source.frame.filter(nw.col("day") > period.last).select(nw.len())
        told.append(finding("table.future", count=int(to_pandas(after)["len"].iloc[0]), day=period.as_of))
    if own_transfers:
        frame = frame.with_columns(own=nw.lit(False))
    native = frame.to_native()
    if not frame.implementation.is_duckdb():
        return Taken(native, told)
    tables.con.execute(f"create or replace temp view transactions as {native.sql_query()}")
    return Taken(None, told)
