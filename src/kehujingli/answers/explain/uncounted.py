"""Why does a row count nowhere, or not as much as it says? Refused, a repetition, reversed, of another day or period, of nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.actuals.visits import made_in
from kehujingli.answers.explain.place import place_of
from kehujingli.intake.days import sheet_day
from kehujingli.intake.refused import rejected_rows, told_of
from kehujingli.measures.activity import pattern
from kehujingli.periods import date_of, named_months
from kehujingli.terms.masks import mask
from kehujingli.values import missing, text_of
from kehujingli.workspace.results import rows_of

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.intake.ledger import Sheet
    from kehujingli.tables import PeriodTables

Rows = Sequence[dict[str, Any]]


def refusal(sheet: Sheet, row: int, *, unmask: bool) -> tuple[list[str], str] | None:
    """The cells of a refused row as they stand, and why it was refused with its cure; ``sheet`` is the settled one."""
    found = next((found for found in rejected_rows(sheet) if found["row"] == row), None)
    if found is None:
        return None
    column = next((key for key, header in sheet.columns.items() if header == found["column"]), "")
    private = terms.BY_KEY[sheet.table].column(column).private if terms.BY_KEY[sheet.table].has(column) else ""
    value = found["value"] if unmask else mask(str(found["value"]), private)
    return found["original"], told_of(sheet, found, value).text


def unread(sheet: Sheet, row: int) -> str:
    """Why a row that was neither taken nor refused is no row of data."""
    if not sheet.table:
        return "这张表没有认出是哪一种，整张没有读"
    if row <= sheet.header_row:
        return f"表头在第 {sheet.header_row:,} 行，这一行是表头或表头以上的字，不是数据"
    if row in sheet.settled:
        return "这一行退回过，已在退回清单里改好交回，以改好的那一行为准"
    return "这里没有数据：空行、合计行、表下的落款，或已过了表尾"


@dataclass(frozen=True)
class Words:
    """What the rules say in words: which 业务类型 are no business, which are not the customer's own, which ways are a visit."""

    exclude: Sequence[str] = ()
    passive: Sequence[str] = ()
    visit_ways: Sequence[str] = ()
    window_months: int = 12


def why(tables: PeriodTables, part: int, row: int, records: Rows, words: Words) -> Iterator[str]:
    """Sentences on a row that was accepted by itself."""
    sheet = tables.sheets[part]
    refused = tables.refused.reasons.get(part, {}).get(row)
    if refused is not None:
        settled = replace(sheet, refusals={row: refused})
        found = refusal(settled, row, unmask=False)
        yield f"退回，不计：{found[1] if found else refused.code}"
    elif row in tables.refused.taken.get(part, ()):
        yield "这一行已由退回清单里改好的一行代替，不计"
    elif sheet.table == "transactions":
        yield from _posting(tables, part, row, records, words)
    elif terms.BY_KEY[sheet.table].snapshot:
        yield from _picture(tables, part, row, records)
    else:
        yield from _event(tables, part, row, records)
        if sheet.table == "visits":
            yield from _visit(tables, records[0], words)
        yield from _nobody(tables, records)


def _posting(tables: PeriodTables, part: int, row: int, records: Rows, words: Words) -> Iterator[str]:
    day = int(records[0]["date"])
    if _among(tables.repeats, part, row):
        twin = _twin(tables, part, row, records[0])
        yield f"重复：和{twin or '另一个导出里的一行'}是同一笔，只计一次，计的是那一行"
        return
    if day > tables.period.last:
        yield f"在 {date_of(day)}，期末 {tables.period.as_of} 以后的流水这一期不计"
        return
    found = rows_of(tables.con, "select * from transactions where part = $1 and row = $2", part, row)
    if not found:
        yield "账号和客户号在客户信息、存款账户里都找不到，计在 未挂接，不归任何客户"
        return
    one = found[0]
    if one["reversed"]:
        yield f"冲正：和{_undone(tables, one) or '另一笔'}互相冲销，两笔都不算客户办业务；余额仍按发生日走"
    said = [str(one[key]) for key in ("kind", "memo") if one[key]]
    if _holds(said, [*words.exclude, *terms.BALANCE_ROWS]):
        yield f"“{' '.join(said)}”是结息、余额行等办法里不算业务的，不计笔数和活跃"
    elif words.passive and _holds(said, words.passive):
        yield f"“{' '.join(said)}”是代发、代扣等，不是客户主动办的，只计被动笔数"
    if one["own"]:
        yield "本人账户之间互转，不算活跃"
    if not one["deposit"]:
        yield "动的不是存款账户，不进存款日均"
    elif tables.has("accounts"):
        yield "期末余额以存款账户表为准，以前的余额由流水倒推：没有这一笔，它以前的余额就差这么多"
    if day < tables.period.window_first(words.window_months):
        first = date_of(tables.period.window_first(words.window_months))
        yield f"在 {date_of(day)}，早于近 {words.window_months} 个月（{first} 起），不计笔数和活跃"


def _holds(said: Sequence[str], words: Sequence[str]) -> bool:
    return any(re.search(pattern(words), text) for text in said)


def _undone(tables: PeriodTables, one: dict[str, Any]) -> str:
    """The nearest posting that this one may have been paired with."""
    found = rows_of(
        tables.con,
        "select part, row from transactions where reversed and account_id = $1 and signed = $2 order by abs(day - $3), part, row limit 1",
        one["account_id"],
        -one["signed"],
        one["day"],
    )
    return place_of(tables.sheets[found[0]["part"]], found[0]["row"]) if found else ""


def _twin(tables: PeriodTables, part: int, row: int, one: dict[str, Any]) -> str:
    """The posting that counts in this one's place."""
    number = one.get("transaction_id")
    test = "transaction_id = $4" if number else "$4 is null and account_id is not distinct from $5"
    values = [number, *([] if number else [one.get("account_id")])]
    found = rows_of(
        tables.con,
        f"select part, row from transactions where day = $1 and signed = $2 and part * 10000000000 + row <> $3 and {test} order by part, row limit 1",
        one["date"],
        one["signed"],
        part * 10_000_000_000 + row,
        *values,
    )
    return place_of(tables.sheets[found[0]["part"]], found[0]["row"]) if found else ""


def _picture(tables: PeriodTables, part: int, row: int, records: Rows) -> Iterator[str]:
    sheet = tables.sheets[part]
    used, last = tables.days.get(sheet.table), tables.period.last
    own = records[0].get("data_date")
    day = sheet_day(sheet, None) if own is None else int(own)
    if day is not None and day > last:
        yield f"是 {date_of(day)} 的快照，在期末 {tables.period.as_of} 以后，这一期不用"
    elif day is not None and used is not None and day != used and not _among(tables[sheet.table], part, row):
        yield f"是 {date_of(day)} 的快照，这一期用 {date_of(used)} 的；更早的只作历史"
    elif not _among(tables[sheet.table], part, row):
        yield "同一快照里另有同号的一行，只计一次，计的是那一行"
    yield from _nobody(tables, records)


def _event(tables: PeriodTables, part: int, row: int, records: Rows) -> Iterator[str]:
    frame = tables.frames.get(tables.sheets[part].table)
    if not _among(frame, part, row):
        yield "和另一行同一个单号，只计一次，计的是那一行"
    for one in records:
        day = next((one[key] for key in ("date", "occurred_on") if not missing(one.get(key))), None)
        said = text_of(one.get("period"))
        months = named_months(said) if said else None
        if months is not None and not months.holds(tables.period.month):
            yield f"写的期间是 {said}，这一期是 {tables.period.name}"
        elif day is not None and int(day) > tables.period.last:
            yield f"在 {date_of(int(day))}，期末 {tables.period.as_of} 以后，这一期不计"
        elif day is not None and int(day) < tables.period.year_first:
            yield f"在 {date_of(int(day))}，不是本年的"
    if tables.sheets[part].table == "adjustments":
        lacking = [
            terms.BY_KEY["adjustments"].column(key).label
            for key in ("reason", "approved_by")
            if not text_of(records[0].get(key))
        ]
        if lacking:
            yield f"没有写{'、'.join(lacking)}，加减分不采用"


def _visit(tables: PeriodTables, one: dict[str, Any], words: Words) -> Iterator[str]:
    day, way = one.get("date"), (text_of(one.get("way")) or "").strip()
    if day is not None and not tables.period.first <= day <= tables.period.last:
        yield f"走访只算当月的，这一条在 {date_of(int(day))}"
        return
    if way and words.visit_ways and not way.startswith(tuple(words.visit_ways)):
        yield f"方式是“{way}”，办法里只算{'、'.join(words.visit_ways)}"
        return
    made = made_in(tables["visits"], tables.period)
    same = made[(made["manager_id"] == one.get("manager_id")) & (made["customer_id"] == one.get("customer_id"))]
    if len(same) > 1:
        yield f"本月同一人走访这一户 {len(same)} 次，一户只算一次"


def _nobody(tables: PeriodTables, records: Rows) -> Iterator[str]:
    """People whom the period does not know."""
    for key, table, what in (("customer_id", "customers", "客户信息"), ("manager_id", "managers", "客户经理名册")):
        known = tables.frames.get(table)
        if known is None or known.empty:
            continue
        people = set(known[key])
        names = set(known["name"]) if key == "manager_id" else set()
        for one in records:
            who = text_of(one.get(key))
            if who is not None and who not in names and tables.merges.into.get(who, who) not in people:
                yield f"{terms.label(key)} {who} 不在{what}里"


def _among(frame: pd.DataFrame | None, part: int, row: int) -> bool:
    return frame is not None and bool(((frame["part"] == part) & (frame["row"] == row)).any())
