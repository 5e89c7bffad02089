"""Is everything there? A table that a step cannot do without; and what a timed run needs: tables with rows for the period, and data that reach its last day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Exit, Finding, Problem, finding, problem
from kehujingli.month.readiness import VISIT_PLAN, has_targets, has_visit_plan
from kehujingli.periods import date_of, day_of, month_end
from kehujingli.terms.tables import BESIDE

if TYPE_CHECKING:
    from kehujingli.periods import Period
    from kehujingli.tables import PeriodTables

MONTH_END = "month-end"
Months = Sequence[tuple[int, int, int]]
"""Month, first and last day of its postings."""


def need(tables: PeriodTables, table: str, command: str, where: str) -> None:
    """Stop with exit 4 where a command cannot do without a table. ``where``: where it was sought."""
    if table == "transactions" and tables.given:
        return
    label = terms.BY_KEY[table].label
    there = [sheet for sheet in tables.sheets if sheet.table == table]
    if not there:
        lacking = [
            told
            for sheet in tables.sheets
            for told in sheet.findings
            if (told.code == "intake.column-missing" and f"认作{label}" in told.message)
            or (told.code == "intake.table-doubtful" and f"有{label}必须有的列" in told.message)
        ]
        if lacking:
            raise Problem([replace(told, level="error") for told in lacking], Exit.INPUT)
        raise problem("table.missing", table=label, command=command, where=where)
    if not any(sheet.accepted for sheet in there) or (table != "transactions" and tables[table].empty):
        later = [told for told in tables.findings if told.code == "table.snapshot-later" and label in told.message]
        if later:
            raise Problem(later, Exit.INPUT)
        raise problem("table.no-rows", table=label, rejected=sum(sheet.rejected for sheet in there))


@dataclass(frozen=True)
class Demands:
    """``tables``: keys of tables that must have rows for the period; ``reach``: nothing, ``month-end``, or the day that the data must reach."""

    tables: tuple[str, ...] = ()
    reach: str = ""


def demands_of(require: str | None, expect: str | None) -> Demands:
    """As typed: 贷款台账,交易流水 and month-end or 2026-10-31. Raises ``option.bad``."""
    names = [name.strip() for name in (require or "").replace("，", ",").replace("、", ",").split(",")]
    return Demands(tuple(dict.fromkeys(_table(name) for name in names if name)), _reach(expect))


def _table(name: str) -> str:
    """The key of the table called so; a part of its name that no other bears is enough. Of the month's tables and those that only
    studies read, the month's are meant: what a nightly run demands keeps its meaning when a study brings a table of its own."""
    if name in terms.VISIT_PLAN_ITEMS:
        return VISIT_PLAN
    exact = [table.key for table in terms.TABLES if name in (table.key, table.label)]
    alike = [table for table in terms.TABLES if name in table.label]
    near = exact or [table.key for table in alike if table not in BESIDE] or [table.key for table in alike]
    if len(near) != 1:
        known = "、".join(table.label for table in terms.TABLES)
        raise problem("option.bad", option="--require", value=name, detail="不是一张表的名称", cure=f"有：{known}。")
    return near[0]


def _reach(expect: str | None) -> str:
    if expect is None or expect == MONTH_END:
        return expect or ""
    try:
        return date.fromisoformat(expect).isoformat()
    except ValueError:
        cure = "请写 month-end 或 2026-10-31 这样的日期。"
        raise problem("option.bad", option="--expect-as-of", value=expect, detail="不认识", cure=cure) from None


def insist(tables: PeriodTables, period: Period, demands: Demands, linked: Months | None = None) -> None:
    """Raises ``run.required-missing`` and ``run.not-reached``, all of them at once, with exit 4. ``linked``: month, first and last day of postings
    that come from elsewhere."""
    told = _missing(tables, period, demands.tables, linked)
    told += _short(tables, period, demands, linked) if demands.reach else []
    if told:
        raise Problem(told, Exit.INPUT)


def _missing(tables: PeriodTables, period: Period, wanted: Sequence[str], linked: Months | None) -> list[Finding]:
    told = []
    for key in wanted:
        if key == VISIT_PLAN:
            if not has_visit_plan(tables, period):
                label, why = terms.VISIT_PLAN_ITEMS[-1], f"任务数表没有 {period.name} 的"
                told.append(finding("run.required-missing", table=label, why=why, period=period.name))
            continue
        label, sheets = terms.BY_KEY[key].label, [sheet for sheet in tables.sheets if sheet.table == key]
        if key == "transactions" and linked is not None:
            if any(month == period.month for month, _, _ in linked):
                continue
            why = f"在 {period.name} 没有一行"
        elif not sheets:
            why = "没有导出"
        elif not any(sheet.accepted for sheet in sheets):
            why = f"没有一行可用（退回 {sum(sheet.rejected for sheet in sheets):,} 行）"
        elif terms.BY_KEY[key].snapshot and tables.days.get(key) is None and tables[key].empty:
            why = f"没有 {period.as_of} 或以前的"
        elif key == "targets" and not has_targets(tables, period):
            why = f"没有 {period.year} 年的一行"
        elif key == "transactions" and not _has_postings(tables, period):
            why = f"在 {period.name} 没有一行"
        else:
            continue
        told.append(finding("run.required-missing", table=label, why=why, period=period.name))
    return told


def _has_postings(tables: PeriodTables, period: Period) -> bool:
    sql = f"select count(*) from transactions where day between {period.first} and {period.last}"
    return bool(tables.con.execute(sql).fetchall()[0][0])


def _short(tables: PeriodTables, period: Period, demands: Demands, linked: Months | None) -> list[Finding]:
    """Tables whose newest data for the period do not reach the day wanted: postings, and loans and accounts where there are any."""
    from kehujingli.tables.parts import EXACT
    from kehujingli.tables.transactions import months_present

    wanted = day_of(month_end(period.month) if demands.reach == MONTH_END else date.fromisoformat(demands.reach))
    reached: dict[str, int | None] = {
        key: tables.days[key] for key in EXACT if tables.has(key) or key in demands.tables
    }
    if linked is not None:
        reached["transactions"] = max(last for _, _, last in linked)
    elif any(sheet.table == "transactions" and sheet.accepted for sheet in tables.sheets):
        reached["transactions"] = max(last for _, _, last in months_present(tables.con, tables.sheets))
    return [
        finding(
            "run.not-reached",
            table=terms.BY_KEY[key].label,
            day=date_of(wanted),
            reach=date_of(day) if day is not None else "没有",
        )
        for key, day in reached.items()
        if day is None or day < wanted
    ]
