"""Who held a customer, its deposits and its loans, from when to when, with what share, and by which document?

The days are those that scoring counts (``tenure``); the basis of each stretch is looked up beside: a row of 业绩归属, a committed plan, the name in an export.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.answers.explain.place import place_of
from kehujingli.intake.ledger import Sheet
from kehujingli.periods import day_of
from kehujingli.tables.tenure import ALWAYS, Holders, Plan, Roster, Stint, Tenure, customer_tenure, item_tenure
from kehujingli.values import missing, text_of
from kehujingli.workspace.plans import lines_of

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.tables import PeriodTables

_ROLES = (
    ("accounts", "account_id", "deposit", "账户", terms.label("manager_id", "accounts")),
    ("loans", "loan_id", "loan", "借据", terms.label("manager_id", "loans")),
)


@dataclass(frozen=True)
class Owned:
    """``what`` (客户, 账户, 借据) number ``key`` was ``holder``'s from ``first`` to ``last``, ``share`` of it, by ``basis``."""

    what: str
    key: str
    first: int
    last: int
    holder: str
    share: str
    basis: str


@dataclass(frozen=True)
class _Planned:
    effective: int
    manager: str
    said: str


def owners(
    tables: PeriodTables, plans: Sequence[Plan], kept: Sequence[Path], customer: str, first: int, last: int
) -> list[Owned]:
    """Every stretch of the customer, then of each account and loan; days *first..last*. ``plans``: those that count; ``kept``: files of committed plans, for their papers."""
    people = tables["customers"]
    one = people[people["customer_id"] == customer]
    holders = Holders(Roster.of(tables["managers"]), tables["attributions"], plans, frozenset({customer}))
    whole = customer_tenure(one, holders, first, last)
    planned = _planned(kept, customer)
    place = _placer(tables.sheets)

    def standing(stint: Stint) -> str:
        """Why the customer is somebody's where no 业绩归属 row says so."""
        begun = [plan for plan in planned if plan.effective <= stint.first]
        if begun and begun[-1].manager == stint.holder:
            return begun[-1].said
        row = next(one.itertuples(), None)
        if row is not None and text_of(row.manager_id) == stint.holder:
            return f"客户信息的管户经理，{place(row.part, row.row)}"
        return _nobody(stint.holder)

    found = list(_told("客户", customer, whole, tables["attributions"], "customer_id", ("all",), place, standing))
    for table, key, line, what, role in _ROLES:
        rows = tables[table]
        rows = rows[rows["customer_id"] == customer]
        tenure = item_tenure(rows, key, "manager_id", line, whole, holders, first, last)
        for row in rows.drop_duplicates(key).itertuples():
            named, where = text_of(row.manager_id), place(row.part, row.row)

            def basis(
                stint: Stint, named: str | None = named, where: str = where, role: str = role, table: str = table
            ) -> str:
                if named == stint.holder:
                    return f"{terms.BY_KEY[table].label}的{role}，{where}"
                return standing(stint) if named is None else _nobody(stint.holder)

            found += _told(
                what, str(getattr(row, key)), tenure, tables["attributions"], key, (line, "all"), place, basis, customer
            )
    return found


def _nobody(holder: str) -> str:
    return "没有人管，或管的人不在岗" if holder in (terms.PUBLIC, terms.UNHELD) else ""


def _told(
    what: str,
    key: str,
    tenure: Tenure,
    claims: pd.DataFrame,
    column: str,
    lines: Sequence[str],
    place: Callable[[Any, Any], str],
    otherwise: Callable[[Stint], str],
    customer: str = "",
) -> Iterator[Owned]:
    own = claims[
        (claims[column] == key)
        | ((claims["customer_id"] == customer) & claims["account_id"].isna() & claims["loan_id"].isna())
    ]
    own = own[own["line"].isin(lines)]
    for stint in tenure.stints(key):
        basis = ""
        for row in own.itertuples():
            starts = -ALWAYS if missing(row.valid_from) else int(row.valid_from)
            ends = ALWAYS if missing(row.valid_to) else int(row.valid_to)
            if str(row.manager_id) == stint.holder and starts <= stint.first and stint.last <= ends:
                papers = [text_of(row.document), f"审批 {row.approved_by}" if text_of(row.approved_by) else None]
                basis = "，".join(["业绩归属", *filter(None, papers), place(row.part, row.row)])
        share = f"{float(stint.share * 100):g}%"
        yield Owned(what, key, stint.first, stint.last, stint.holder, share, basis or otherwise(stint))


def _planned(kept: Sequence[Path], customer: str) -> list[_Planned]:
    """What committed plans say of the customer, oldest first, with their papers."""
    found = []
    for path in kept:
        for row in lines_of(path):
            if row.text("customer_id") == customer:
                made = f"{row.day('made_on').isoformat()} {row.text('made_by')} 记入"
                papers = "，".join(filter(None, [row.text("document"), made]))
                said = f"已批方案 {path.name}，{papers}"
                found.append(_Planned(day_of(row.day("effective")), row.text("manager_id"), said))
    return found


def _placer(sheets: Sequence[Sheet]) -> Callable[[Any, Any], str]:
    def place(part: Any, row: Any) -> str:
        if missing(part) or missing(row):
            return ""
        return place_of(sheets[int(part)], int(row))

    return place
