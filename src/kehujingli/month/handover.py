"""What would a handover be? A month's books and the pairs asked for → who goes, the rows of 业绩归属, 移交清单, either side's growth day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kehujingli.errors import Exit, Finding, Problem, finding, problem
from kehujingli.lists.handover import (
    BASES,
    DAYS,
    LIST,
    PAIRS,
    Asked,
    Books,
    Chosen,
    choose,
    claim_rows,
    ended,
    going,
    handed_list,
    pair_row,
)
from kehujingli.month.fitting import fit, over_limit
from kehujingli.periods import Period, date_of
from kehujingli.terms.column import keys
from kehujingli.values import among, missing

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.month.order import Month

_SHOWN = 5
_OF_DAYS = {"balance": "handed", "giver": "giver_growth", "taker": "taker_growth"}
_AHEAD = 12
"""Months after the period within which a handover may begin."""


@dataclass(frozen=True)
class Handed:
    """All pairs together: ``claims`` by the keys of 业绩归属, the others by those of ``lists.handover``. ``on``: the first day of the takers."""

    on: int
    claims: pd.DataFrame
    listed: pd.DataFrame
    pairs: pd.DataFrame
    bases: pd.DataFrame
    days: pd.DataFrame
    names: Mapping[str, str]
    findings: Sequence[Finding] = field(default=())


def planned(month: Month, giver: str | None) -> list[Asked]:
    """The moves of the month's plan, pair by pair; of one giver where he is named. Raises ``handover.nobody``."""
    moved = month.plan.customers
    moved = moved[(moved["move"] == "moved") & moved["previous_manager"].notna() & moved["assigned_manager"].notna()]
    if giver is not None:
        moved = moved[moved["previous_manager"] == giver]
    if moved.empty:
        cure = "要自己定的，请写 --from 工号 --to 工号。"
        raise problem(
            "handover.nobody",
            detail=f"{month.period.name} 的方案没有调整{f' {giver} 的户' if giver else ''}",
            cure=cure,
        )
    pairs = moved.sort_values("customer_id").groupby(["previous_manager", "assigned_manager"])["customer_id"]
    return [Asked(str(old), str(new), tuple(customers)) for (old, new), customers in pairs]


def handed_over(month: Month, asked: Sequence[Asked], on: int) -> Handed:
    """Raises ``handover.same``, ``.unknown``, ``.date``, ``.nobody`` where nothing can be handed over."""
    import pandas as pd

    from kehujingli.lists.main import manager_names
    from kehujingli.month.keep import class_frame

    _in_time(month.period, on)
    books, told = books_of(month, on, class_frame(month)), list[Finding]()
    parts: list[tuple[Asked, Chosen]] = []
    for pair in asked:
        about = list(_people(month, pair, on))
        chosen = choose(pair, books, on)
        told += [*about, *_left_out(month, pair, chosen, on)]
        # of who is not on duty that day it is said already that all of it is nobody's
        fits = any(one.code == "handover.off-duty" for one in about)
        parts.append((pair, chosen if fits else _fitting(month, pair, chosen, on, told)))
    parts = [(pair, chosen) for pair, chosen in parts if chosen.given]
    told += _over(month, parts, on)
    if not parts:
        detail = f"{asked[0].giver} 在 {date_of(on - 1)} 没有管着名单里能移交的户"
        raise Problem(
            [*problem("handover.nobody", detail=detail, cure="请核对工号、名单和日期。").findings, *told], Exit.INPUT
        )
    books = ended(books, [chosen.ends for _, chosen in parts], on)
    soon = month.rules.rules.assign.due_soon_days if month.rules.rules.assign is not None else 90
    listed = [handed_list(pair, chosen.given, books, on, soon) for pair, chosen in parts]
    neutral = [_neutral(month, pair, chosen, books, on) for pair, chosen in parts]
    claims = pd.concat(
        [claim_rows(pair, chosen.given, books, on, chosen.ends) for pair, chosen in parts], ignore_index=True
    )
    pairs = [pair_row(pair, chosen.given, rows) for (pair, chosen), rows in zip(parts, listed, strict=True)]
    return Handed(
        on,
        claims,
        pd.concat(listed, ignore_index=True)[keys(LIST)],
        pd.DataFrame(pairs, columns=keys(PAIRS)),
        pd.concat([bases for bases, _ in neutral], ignore_index=True),
        pd.concat([days for _, days in neutral], ignore_index=True),
        manager_names(month.tables["managers"]),
        tuple(dict.fromkeys(told)),
    )


def _in_time(period: Period, on: int) -> None:
    last = period.back(-_AHEAD).last
    if not period.first <= on <= last:
        raise problem(
            "handover.date", on=date_of(on), period=period.name, first=date_of(period.first), last=date_of(last)
        )


def books_of(month: Month, on: int, customers: pd.DataFrame) -> Books:
    """``customers``: customer_id, customer_name, customer_type of those who may be asked for."""
    from kehujingli.tables.tenure import leads

    tables = month.tables
    held = leads(month.standing, tables["attributions"], on - 1).holders
    own = customers[["customer_id", "customer_name", "customer_type"]]
    written = [part for part, sheet in enumerate(tables.sheets) if sheet.table == "attributions"]
    return Books(own, held, month.measured.accounts, tables["loans"], tables["attributions"], tables["visits"], written)


def _people(month: Month, pair: Asked, on: int) -> Iterator[Finding]:
    """Raises ``handover.same``, ``handover.unknown``."""
    if pair.giver == pair.taker:
        raise problem("handover.same", manager=pair.giver)
    roster = month.tables["managers"]
    for manager in (pair.giver, pair.taker):
        rows = roster[roster["manager_id"] == manager]
        if rows.empty:
            raise problem("handover.unknown", value=manager)
        where = "、".join(_place(month, row, "manager_id") for row in rows.itertuples())
        if len(rows) > 1:
            yield finding("handover.two-posts", manager=manager, place=where, count=len(rows))
    rows = roster[roster["manager_id"] == pair.taker]
    there = (rows["since"].isna() | (rows["since"] <= on)) & (rows["until"].isna() | (rows["until"] >= on))
    if not there.fillna(True).any():
        last = rows.iloc[-1]
        since, until = ("" if missing(last[key]) else str(date_of(int(last[key]))) for key in ("since", "until"))
        yield finding(
            "handover.off-duty", manager=pair.taker, on=date_of(on), since=since or "不知", until=until or "今"
        )


def _left_out(month: Month, pair: Asked, chosen: Chosen, on: int) -> Iterator[Finding]:
    if chosen.not_held:
        yield finding(
            "handover.not-held",
            count=len(chosen.not_held),
            manager=pair.giver,
            customers=_few(chosen.not_held),
        )
    if chosen.unknown:
        yield finding("handover.customer-unknown", count=len(chosen.unknown), customers=_few(chosen.unknown))
    if len(chosen.claims):
        first = next(chosen.claims.itertuples())
        yield finding(
            "handover.claimed",
            count=chosen.claims["owner"].nunique(),
            on=date_of(on),
            before=date_of(on - 1),
            customer=first.owner,
            place=_place(month, first, "valid_to"),
        )


def _fitting(month: Month, pair: Asked, chosen: Chosen, on: int, told: list[Finding]) -> Chosen:
    """Without those whom the taker may not have: another branch's, above the authority, 回避."""
    wrong = fit(month, dict.fromkeys(chosen.given, pair.taker), on).unfit
    for why in dict.fromkeys(wrong.values()):
        rows = [who for who, reason in wrong.items() if reason == why]
        told.append(finding("handover.unfit", count=len(rows), manager=pair.taker, customers=_few(rows), detail=why))
    stay = among(chosen.ends["owner"], wrong)
    return replace(chosen, given=[who for who in chosen.given if who not in wrong], ends=chosen.ends[~stay])


def _over(month: Month, parts: Sequence[tuple[Asked, Chosen]], on: int) -> list[Finding]:
    """Whose limit all pairs together go beyond."""
    wanted = {who: pair.taker for pair, chosen in parts for who in chosen.given}
    return over_limit("handover.over", fit(month, wanted, on).over) if wanted else []


def _few(people: Sequence[str]) -> str:
    return "、".join(people[:_SHOWN]) + (" 等" if len(people) > _SHOWN else "")


def _place(month: Month, row: Any, column: str) -> str:
    if int(row.part) < 0:
        return "客户信息的份额列"
    sheet = month.tables.sheets[int(row.part)]
    return f"{sheet.export.name}「{sheet.sheet}」{sheet.cell(column, int(row.row))}"


def _neutral(month: Month, pair: Asked, chosen: Chosen, books: Books, on: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    import pandas as pd

    from kehujingli.actuals.handover import Day, by_day, held_by, of_accounts, taken_over
    from kehujingli.month.steps.scoring import facts_of

    given = chosen.given
    facts = facts_of(
        month.tables,
        month.postings,
        month.segmented,
        month.measured,
        month.committed,
        month.segment_rules,
        month.managed,
        month.period,
    )
    accounts = going(books.accounts, "account_id", given, books, pair.giver, on)["account_id"].tolist()
    grown = [one for one in of_accounts(facts, month.incentive_rules, accounts) if one.accounts]
    moves = facts.movements([account.account_id for customer in grown for account in customer.accounts])
    year = (month.period.year_first, month.period.last)
    names = books.customers.set_index("customer_id")
    bases = [
        {
            "customer_id": one.customer_id,
            "customer_name": names.at[one.customer_id, "customer_name"],
            "customer_type": names.at[one.customer_id, "customer_type"],
            "average": one.average,
            "present_base": one.baseline or 0,
            "neutral_base": taken_over(one, moves, year, on),
        }
        for one in grown
        if one.customer_id in names.index
    ]
    held = held_by(facts, accounts, pair.giver)
    days = by_day(grown, moves, year, month.period.first, on, (pair.giver, pair.taker), held)
    both = {"giver": pair.giver, "taker": pair.taker}
    return (
        pd.DataFrame(bases, columns=[key for key in keys(BASES) if key not in both]).assign(**both)[keys(BASES)],
        pd.DataFrame([vars(one) for one in days], columns=list(Day.__annotations__))
        .rename(columns=_OF_DAYS)
        .assign(**both)[keys(DAYS)],
    )
