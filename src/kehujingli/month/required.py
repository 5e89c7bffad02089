"""Is everything there that a timed run needs? Tables with rows for the period, and data that reach its last day; else it ends before it touches anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Exit, Finding, Problem, finding, problem
from kehujingli.periods import date_of, day_of, month_end

if TYPE_CHECKING:
    from kehujingli.month import Month

MONTH_END = "month-end"


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
    """The key of the table called so; a part of its name that no other bears is enough."""
    exact = [table.key for table in terms.TABLES if name in (table.key, table.label)]
    near = exact or [table.key for table in terms.TABLES if name in table.label]
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


def insist(month: Month, demands: Demands) -> None:
    """Raises ``run.required-missing`` and ``run.not-reached``, all of them at once, with exit 4."""
    told = [*_missing(month, demands.tables), *(_short(month, demands) if demands.reach else ())]
    if told:
        raise Problem(told, Exit.INPUT)


def _missing(month: Month, tables: Sequence[str]) -> list[Finding]:
    told = []
    for key in tables:
        label, sheets = terms.BY_KEY[key].label, [sheet for sheet in month.sheets if sheet.table == key]
        if not sheets:
            why = "没有导出"
        elif not any(sheet.accepted for sheet in sheets):
            why = f"没有一行可用（退回 {sum(sheet.rejected for sheet in sheets):,} 行）"
        elif terms.BY_KEY[key].snapshot and month.tables.days.get(key) is None and month.tables[key].empty:
            why = f"没有 {month.period.as_of} 或以前的"
        elif key == "transactions" and not _has_postings(month):
            why = f"在 {month.period.name} 没有一行"
        else:
            continue
        told.append(finding("run.required-missing", table=label, why=why, period=month.period.name))
    return told


def _has_postings(month: Month) -> bool:
    month.tables  # noqa: B018 - the postings are in place
    sql = f"select count(*) from transactions where day between {month.period.first} and {month.period.last}"
    return bool(month.con.execute(sql).fetchall()[0][0])


def _short(month: Month, demands: Demands) -> list[Finding]:
    """Tables whose newest data for the period do not reach the day wanted: postings, and loans and accounts where there are any."""
    from kehujingli.tables.parts import EXACT
    from kehujingli.tables.transactions import months_present

    wanted = day_of(month_end(month.period.month) if demands.reach == MONTH_END else date.fromisoformat(demands.reach))
    reached: dict[str, int | None] = {
        key: month.tables.days[key] for key in EXACT if month.tables.has(key) or key in demands.tables
    }
    if any(sheet.table == "transactions" and sheet.accepted for sheet in month.sheets):
        reached["transactions"] = max(last for _, _, last in months_present(month.con, month.sheets))
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
