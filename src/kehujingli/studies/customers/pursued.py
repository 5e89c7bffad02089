"""What became of the leads? Each once, as far as it has come; one that became a customer is recognised, with the days that it took."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import Finding
from kehujingli.studies.called import STAR, flags, of_units, plain_names
from kehujingli.studies.customers.sides import unit_number
from kehujingli.studies.customers.strangers import Rules
from kehujingli.studies.placing import at, several
from kehujingli.values import among, listed, missing, text_of

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.periods import Period

OPENED = "opened"
ENDS = (OPENED, "given_up")
_STEPS = tuple(terms.LEAD_STATUSES)
TYPED, BY_UNIT, BY_PERSON = "填写的客户号", "单位名称", "姓名，请核对是不是本人"
_BEFORE = "发现时已是客户，不算转化"


@dataclass(frozen=True)
class Pursued:
    """``rows``: one row a lead of 线索, with ``status``, ``customer_id``, ``by``, ``opened_on``, ``converted``, ``days``, ``remark``."""

    rows: pd.DataFrame
    findings: tuple[Finding, ...] = ()

    @property
    def ended(self) -> set[str]:
        """Leads that nobody need look for any more."""
        return set(self.rows.loc[self.rows["status"].isin(ENDS), "lead_id"])


def none_pursued() -> Pursued:
    """Where there is no 线索 yet."""
    import pandas as pd

    return Pursued(pd.DataFrame(columns=_COLUMNS))


def pursued(
    leads: pd.DataFrame,
    classes: pd.DataFrame,
    managers: Collection[str],
    found: Mapping[str, tuple[str, str]],
    called: Mapping[str, str],
    period: Period,
    rules: Rules,
) -> Pursued:
    """``leads`` as its table has them; ``managers``: who is on the roster, nobody where there is none; ``found``: lead → customer and by what,
    ``called``: lead → plain name, as rosters and postings tell them."""
    import pandas as pd

    told: dict[str, list[str]] = {}
    once = _once(leads[(leads["found_on"] <= period.last).fillna(False)], told)
    written = plain_names([text_of(row["name"]) for row in once]).to_pylist()
    names = [called.get(str(row["lead_id"])) or _readable(name) for row, name in zip(once, written, strict=True)]
    numbers = {str(row["customer_id"]) for row in once} | {customer for customer, _ in found.values()}
    seen = _Customers(classes, rules, {name for name in names if name}, numbers)
    rows = []
    for row, name in zip(once, names, strict=True):
        one, code = _judged(row, name, seen, found)
        where = f"{at(row)}{row['lead_id']}"
        if code:
            told.setdefault(code, []).append(where)
        if managers and not missing(one["manager_id"]) and one["manager_id"] not in managers:
            told.setdefault("study.leads-manager", []).append(where)
        rows.append(one)
    return Pursued(pd.DataFrame(rows, columns=_COLUMNS), tuple(several(code, who) for code, who in told.items()))


_COLUMNS = (
    *("lead_id", "name", "village", "phone", "lead_source", "found_on", "manager_id", "lead_status", "closed_on"),
    *("status", "customer_id", "by", "opened_on", "converted", "days", "remark"),
)


def _once(leads: pd.DataFrame, told: dict[str, list[str]]) -> list[dict[str, Any]]:
    """One row a lead: of several the one that has come furthest, of equal ones the last written; told where they end differently."""
    kept: dict[str, dict[str, Any]] = {}
    for row in leads.to_dict("records"):
        lead = str(row["lead_id"])
        other = kept.get(lead)
        if other is None:
            kept[lead] = row
            continue
        ends = _STEPS.index(OPENED)
        steps = [min(_STEPS.index(str(one["lead_status"])), ends) for one in (other, row)]
        if min(steps) == ends and any(
            text_of(other[key]) != text_of(row[key]) for key in ("lead_status", "customer_id")
        ):
            told.setdefault("study.leads-torn", []).append(f"{at(row)}{lead}")
        first = min(int(one["found_on"]) for one in (other, row))
        kept[lead] = (row if steps[1] >= steps[0] else other) | {"found_on": first}
    return list(kept.values())


class _Customers:
    """Customers by number, and by name where a lead may be one of them."""

    def __init__(self, classes: pd.DataFrame, rules: Rules, asked: Collection[str], numbers: Collection[str]) -> None:
        """``asked``: the plain names that people are looked up by, ``numbers``: those of customers; firms are known by their numbers too."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        names = plain_names(classes["customer_name"])
        units = of_units(names, rules.units)
        wanted = flags(pc.is_in(names, value_set=pa.array(sorted(asked), names.type)))
        called = flags(names.is_valid()) & (units | wanted)
        rows = np.flatnonzero(called | among(classes["customer_id"], sorted(numbers)))
        some = classes[["customer_id", "opened_on"]].iloc[rows]
        ids, opened = listed(some["customer_id"]), listed(some["opened_on"].astype("Int64"))
        self.opened: dict[str, int | None] = dict(zip(ids, opened, strict=True))
        self.units: dict[str, list[str]] = {}
        self.people: dict[str, list[str]] = {}
        for one, customer in zip(rows.tolist(), ids, strict=True):
            if called[one]:
                (self.units if units[one] else self.people).setdefault(names[one].as_py(), []).append(customer)
        self.numbers = {unit_number(name): who for name, who in self.units.items()}

    def who(self, lead: str, name: str | None, found_on: int) -> tuple[str, str] | None:
        """The customer that a lead of this plain name is, and by what: a firm by its name; a person only where one of that name came after."""
        of_unit = self.numbers.get(lead) or (self.units.get(name) if name else None)
        if of_unit:
            return min(of_unit, key=lambda one: (self.opened[one] is None, self.opened[one] or 0, one)), BY_UNIT
        later = [one for one in self.people.get(name or "", []) if (self.opened[one] or 0) >= found_on]
        return (later[0], BY_PERSON) if len(later) == 1 else None


def _judged(
    row: Mapping[Any, Any], called: str | None, seen: _Customers, found: Mapping[str, tuple[str, str]]
) -> tuple[dict[str, Any], str]:
    """The lead as it stands, and the code of what is wrong with its row. ``called``: its plain name, where it can be read."""
    lead, day, typed = str(row["lead_id"]), int(row["found_on"]), text_of(row["customer_id"])
    code, said = "", []
    who: tuple[str, str] | None = (typed, TYPED) if typed is not None and typed in seen.opened else None
    if typed and who is None:
        code = "study.leads-customer"
        said.append("填的客户号不是本行客户")
    who = who or found.get(lead) or seen.who(lead, called, day)
    opened = seen.opened.get(who[0]) if who else None
    closed = None if missing(row["closed_on"]) else int(row["closed_on"])
    status = OPENED if who else str(row["lead_status"])
    converted, days = False, None
    if who and opened is not None and opened < day:
        said.append(_BEFORE)
    elif who:
        end = opened if opened is not None else closed
        converted, days = True, None if end is None else end - day
    elif status == OPENED:
        code = code or "study.leads-nobody"
        said.append("认不出是哪个客户，没有算转化")
    if closed is not None and closed < day:
        code = code or "study.leads-days"
        said.append("办结早于发现")
    told = {name: row.get(name) for name in _COLUMNS[:9]}
    return told | {
        "status": status,
        "customer_id": who[0] if who else None,
        "by": who[1] if who else None,
        "opened_on": opened,
        "converted": converted,
        "days": days if days is None or days >= 0 else None,
        "remark": "；".join(said),
    }, code


def _readable(name: str | None) -> str | None:
    """A name that was not masked."""
    return None if name is None or STAR in name else name
