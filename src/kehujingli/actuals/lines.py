"""Whose is each line of business? Deposits, loans and fees of every customer, to her 主办 and to those who help (协办), as they count for scores.

Whose an account, a loan or a fee is, and for which share, is what ``tables.tenure`` says. Her 主办 is who looks after the customer, or whom the
account, loan or fee names; whoever else has a share has it by 业绩归属. Deposits and loans of the last day, fees of the year so far by their day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.actuals.deposits import split
from kehujingli.actuals.fees import fee_tenure, last_day, thing
from kehujingli.tables.frames import on_book
from kehujingli.tables.tenure import Claim, Holders, Tenure, claims, customer_tenure, item_tenure
from kehujingli.values import listed, named

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from kehujingli.periods import Period

NOBODY = (terms.PUBLIC, terms.UNHELD)
LINES = ("deposit", "loan", "intermediary")
_ROLES = ("lead", "helper", "nobody")
_TEXTS = ("customer_id", "branch_id", "holder")
_ROW = ["line", "customer_id", "branch_id", "holder", "role", "amount", "led"]
COLUMNS = ["line", "customer_id", "branch_id", "holder", "role", "household", "amount"]


@dataclass(frozen=True)
class Business:
    """``customers``: customer_id, branch_id, manager_id (the export's), all of them; ``accounts``, ``loans``, ``fees`` of the period, money in 分.
    ``leads``: customer → who looks after her on the last day."""

    customers: pd.DataFrame
    accounts: pd.DataFrame
    loans: pd.DataFrame
    fees: pd.DataFrame
    holders: Holders
    leads: Mapping[str, str]


def line_parts(business: Business, period: Period) -> pd.DataFrame:
    """One row a line, customer, holder and role (lead, helper, nobody): ``amount`` in 分, ``household`` 1 in one row of each customer and line.

    The rows of a line add up to its business, and a manager's to what the scores take: what is shared is shared account by account, to the 分.
    A customer whose 主办 has nothing left still stands with her. Her household is her 主办's, else that of who leads the most of the line.
    """
    import pandas as pd

    held = _Held(business, period)
    rows = pd.concat(held.frames(), ignore_index=True)
    texts = {key: pd.factorize(rows[key].astype("str").fillna(""), sort=True) for key in _TEXTS}
    key = rows["line"].to_numpy(dtype="int64") * len(_ROLES) + rows["role"].to_numpy(dtype="int64")
    for number, words in texts.values():
        key = key * max(1, len(words)) + number
    sums = rows[["amount", "led"]].groupby(key, sort=True).sum()
    left, columns = sums.index.to_numpy(dtype="int64"), {}
    for name, (_, words) in reversed(texts.items()):
        columns[name] = left % max(1, len(words))
        left = left // max(1, len(words))
    columns |= {"role": left % len(_ROLES), "line": left // len(_ROLES)}
    found = pd.DataFrame({name: columns[name] for name in ("line", "role", *_TEXTS)}).assign(
        amount=sums["amount"].to_numpy(dtype="int64"), led=sums["led"].to_numpy(dtype="int64")
    )
    words = {name: pd.Series(pd.array(told, dtype="str")) for name, (_, told) in texts.items()}
    said = {name: words[name].take(found[name]).array for name in _TEXTS}
    household = _households(found, pd.DataFrame(said), business.leads)
    lines = pd.Series(pd.array(LINES, dtype="str")).take(found["line"]).array
    roles = pd.Series(pd.array(_ROLES, dtype="str")).take(found["role"]).array
    answer = pd.DataFrame({**said, "line": lines, "role": roles, "household": household, "amount": found["amount"]})
    return answer[COLUMNS]


def _households(found: pd.DataFrame, said: pd.DataFrame, leads: Mapping[str, str]) -> npt.NDArray[np.int64]:
    """1 in the row with which each customer of a line is counted."""
    import numpy as np

    own = (named(said["customer_id"], leads) == said["holder"]).fillna(False).to_numpy(dtype=bool)
    rows = np.flatnonzero((found["role"] != _ROLES.index("helper")).to_numpy() & (said["customer_id"] != "").to_numpy())
    line, customer, led, holder = (found[key].to_numpy()[rows] for key in ("line", "customer_id", "led", "holder"))
    order = np.lexsort((holder, -led, ~own[rows], customer, line))
    line, customer = line[order], customer[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (line[1:] != line[:-1]) | (customer[1:] != customer[:-1])
    counted = np.zeros(len(found), dtype="int64")
    counted[rows[order[first]]] = 1
    return counted


class _Held:
    def __init__(self, business: Business, period: Period) -> None:
        self.business, self.period = business, period
        people = business.customers
        self.branches = {
            str(who): branch
            for who, branch in zip(people["customer_id"].tolist(), listed(people["branch_id"]), strict=True)
            if branch is not None
        }
        self.rows = business.holders.attributions
        self.whole = claims(self.rows, "customer_id", "all")
        self.odd = set(self.rows["customer_id"].dropna())

    def frames(self) -> Iterator[pd.DataFrame]:
        """Rows of all lines: those of things that nobody claims in columns, the others one by one."""
        last = self.period.last
        for line, items, key in (
            ("deposit", self.business.accounts, "account_id"),
            ("loan", on_book(self.business.loans), "loan_id"),
        ):
            items = items[(items["balance"].fillna(0) != 0).to_numpy(dtype=bool)]
            items = items.assign(amount=items["balance"].astype("int64"), day=last, branch_id=None)
            odd = items["customer_id"].isin(self.odd) | items[key].isin(set(self.rows[key].dropna()))
            yield self._plain(line, items[~odd])
            chosen = items[odd]
            of_customers = self._tenure(chosen)
            tenure = self._of_items(chosen, key, line, of_customers)
            yield self._shared(line, chosen, chosen[key].tolist(), tenure, of_customers)
        fees = self.business.fees
        days = [
            int(on) if on is not None else last_day(text)
            for on, text in zip(listed(fees["date"]), listed(fees["period"]), strict=True)
        ]
        fees = fees.assign(day=[-1 if day is None else day for day in days])
        fees = fees[fees["day"].between(self.period.year_first, last)].astype({"amount": "int64"})
        # where a plan of the year gave a customer to another, who held her depends on the day
        moved = {
            customer
            for plan in self.business.holders.plans
            if self.period.year_first < plan.effective <= last
            for customer in plan.managers
        }
        odd = fees["customer_id"].isin(self.odd | moved)
        yield self._plain("intermediary", fees[~odd])
        chosen = fees[odd]
        of_customers = self._tenure(chosen)
        tenure = fee_tenure(chosen, of_customers, self.business.holders, self.period.year_first, last)
        columns = (listed(chosen[key]) for key in ("customer_id", "manager_id"))
        keys = [thing(customer, named_on) for customer, named_on in zip(*columns, strict=True)]
        yield self._shared("intermediary", chosen, keys, tenure, of_customers)

    def _tenure(self, things: pd.DataFrame) -> Tenure:
        people = self.business.customers
        people = people[people["customer_id"].isin(set(things["customer_id"].dropna()))]
        return customer_tenure(people, self.business.holders, self.period.year_first, self.period.last)

    def _of_items(self, items: pd.DataFrame, key: str, line: str, of_customers: Tenure) -> Tenure:
        span = (self.period.year_first, self.period.last)
        return item_tenure(items, key, "manager_id", line, of_customers, self.business.holders, *span)

    def _plain(self, line: str, things: pd.DataFrame) -> pd.DataFrame:
        """What bears a name is that person's, else the customer's; what nobody on duty has is 公共, or 未挂户 where a manager is due."""
        import numpy as np
        import pandas as pd

        customer, name = things["customer_id"].astype("str"), things["manager_id"].astype("str")
        holder = name.where(
            name.notna(), named(customer, {who: lead for who, lead in self.business.leads.items() if lead})
        )
        spans, far = self.business.holders.roster.spans, np.iinfo("int64").max
        number, known = pd.factorize(holder)
        first = np.array([*(spans.get(who, (far, 0))[0] for who in known), far])[number]
        until = np.array([*(spans.get(who, (far, 0))[1] for who in known), 0])[number]
        day, lacks = things["day"].to_numpy(dtype="int64"), holder.isna().to_numpy()
        on_duty = (first <= day) & (day <= until)
        due = customer.isin(self.business.holders.managed).to_numpy()
        nobody = np.where(lacks & due, terms.UNHELD, terms.PUBLIC)
        amount = things["amount"].to_numpy(dtype="int64")
        own = named(customer, self.branches)
        return pd.DataFrame(
            {
                "line": LINES.index(line),
                "customer_id": customer,
                "branch_id": own.where(own.notna(), things["branch_id"].astype("str")),
                "holder": holder.where(on_duty, pd.Series(nobody, index=holder.index, dtype="str")),
                "role": np.where(on_duty, _ROLES.index("lead"), _ROLES.index("nobody")),
                "amount": amount,
                "led": amount,
            }
        )

    def _shared(
        self, line: str, things: pd.DataFrame, keys: Sequence[str], tenure: Tenure, of_customers: Tenure
    ) -> pd.DataFrame:
        """What each holder has of each thing, and of all of it whose it is to lead."""
        import pandas as pd

        rows: list[tuple[Any, ...]] = []
        number, columns = LINES.index(line), ("customer_id", "manager_id", "branch_id", "amount", "day")
        for key, customer, name, branch, amount, day in zip(
            keys, *(listed(things[column]) for column in columns), strict=True
        ):
            branch = self.branches.get(customer or "") or branch
            leads = self._leads(customer, name, day, of_customers)
            for holder, part, _, _ in split(int(amount), 0, tenure.on(key, day)):
                role = "nobody" if holder in NOBODY else "lead" if holder == leads else "helper"
                rows.append((number, customer, branch, holder, _ROLES.index(role), part, 0))
            role = "nobody" if leads in NOBODY else "lead"
            rows.append((number, customer, branch, leads, _ROLES.index(role), 0, int(amount)))
        kinds = {"line": "int64", "role": "int64", "amount": "int64", "led": "int64"}
        return pd.DataFrame(rows, columns=_ROW).astype(kinds | dict.fromkeys(_TEXTS, "str"))

    def _leads(self, customer: str | None, name: str | None, day: int, of_customers: Tenure) -> str:
        """Who leads a thing on a day: who has the customer by a row of 全部, else the person it names, else who looks after the customer."""
        if name is not None and not _active(self.whole.get(customer or "", ()), day):
            first, last = self.business.holders.roster.spans.get(name, (day + 1, day))
            return name if first <= day <= last else terms.PUBLIC
        if customer is None or (customer not in of_customers.single and customer not in of_customers.several):
            return terms.PUBLIC
        now = self.business.leads.get(customer)
        # of equal shares hers who looks after the customer now, then the first number's, as a plan takes it
        return min(of_customers.on(customer, day), key=lambda pair: (-pair[1], pair[0] != now, pair[0]))[0]


def _active(rows: Sequence[Claim], day: int) -> bool:
    return any(claim.first <= day <= claim.last for claim in rows)
