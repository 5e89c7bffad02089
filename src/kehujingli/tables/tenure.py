"""Who held it, and from when to when? Deposits, loans and customers with their holders by day; every day is somebody's.

Order of precedence (contract, "Who held it"): dated 业绩归属 rows, then the name on the account or loan, then the customer's holder:
the newest committed plan from its day of effect, then the export's 管户经理, then nobody. What nobody on duty held is 公共 or 未挂户.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.periods import date_of
from kehujingli.values import listed

if TYPE_CHECKING:
    import pandas as pd

ALWAYS = 2**31


@dataclass(frozen=True)
class Stint:
    """``share`` of something is ``holder``'s from ``first`` to ``last``, both included."""

    first: int
    last: int
    holder: str
    share: Fraction = Fraction(1)

    @property
    def days(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class Plan:
    """A committed assignment: customer → manager from its day of effect."""

    effective: int
    managers: Mapping[str, str]


@dataclass(frozen=True)
class Roster:
    """Who is on duty when: manager → first and last day over all posts."""

    spans: Mapping[str, tuple[int, int]]

    @classmethod
    def of(cls, managers: pd.DataFrame) -> Roster:
        spans: dict[str, tuple[int, int]] = {}
        since = managers["since"].fillna(-ALWAYS).astype("int64")
        until = managers["until"].fillna(ALWAYS).astype("int64")
        for manager, first, last in zip(managers["manager_id"], since, until, strict=True):
            before = spans.get(manager, (first, last))
            spans[manager] = (min(before[0], first), max(before[1], last))
        return cls(spans)

    def clip(self, stint: Stint, nobody: str) -> list[Stint]:
        """The days on duty stay the holder's, the others are nobody's (公共 of the branch)."""
        if stint.holder in (terms.PUBLIC, terms.UNHELD):
            return [stint]
        if stint.holder not in self.spans:
            return [Stint(stint.first, stint.last, nobody, stint.share)]
        start, end = self.spans[stint.holder]
        pieces = [
            Stint(stint.first, min(stint.last, start - 1), nobody, stint.share),
            Stint(max(stint.first, start), min(stint.last, end), stint.holder, stint.share),
            Stint(max(stint.first, end + 1, start), stint.last, nobody, stint.share),
        ]
        return [piece for piece in pieces if piece.last >= piece.first]


@dataclass(frozen=True)
class Claim:
    """A row of the 业绩归属 table."""

    manager: str
    share: Fraction
    first: int
    last: int


def claimable(attributions: pd.DataFrame) -> pd.DataFrame:
    """The rows that can be a claim: a share above nothing (none is the whole) and not above all, and an end that is not before the beginning."""
    nothing = (
        attributions["share"].map(lambda share: isinstance(share, str) and not 0 < Decimal(share) <= 1).astype(bool)
    )
    backwards = (attributions["valid_to"] < attributions["valid_from"]).fillna(False).astype(bool)
    return attributions[~nothing & ~backwards]


def claims(attributions: pd.DataFrame, key: str, line: str) -> dict[str, list[Claim]]:
    """The claims of one line (and of 全部) by account, loan or customer."""
    rows = claimable(attributions[attributions[key].notna() & attributions["line"].isin([line, "all"])])
    if key == "customer_id":
        rows = rows[rows["account_id"].isna() & rows["loan_id"].isna()]
    found: dict[str, list[Claim]] = {}
    for row in rows.sort_values(["valid_from", "part", "row"], na_position="first").itertuples():
        share = Fraction(1) if not isinstance(row.share, str) else Fraction(Decimal(row.share))
        found.setdefault(str(getattr(row, key)), []).append(
            Claim(str(row.manager_id), share, _day(row.valid_from, -ALWAYS), _day(row.valid_to, ALWAYS))
        )
    return found


def _day(value: object, missing: int) -> int:
    try:
        return int(value)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError):
        return missing


def layer(
    first: int, last: int, claimed: Sequence[Claim], below: Sequence[Stint]
) -> tuple[list[Stint], list[tuple[int, int, Fraction]]]:
    """Claims laid over what would hold without them. What claims leave open stays with ``below``; days claimed over 100 % are returned apart."""
    edges = {first, last + 1}
    for span in [*((claim.first, claim.last) for claim in claimed), *((stint.first, stint.last) for stint in below)]:
        edges |= {edge for edge in (span[0], span[1] + 1) if first < edge <= last}
    cuts = sorted(edges)
    stints: list[Stint] = []
    over: list[tuple[int, int, Fraction]] = []
    for start, end in zip(cuts, [cut - 1 for cut in cuts[1:]], strict=False):
        here = [claim for claim in claimed if claim.first <= start and claim.last >= end]
        total = sum((claim.share for claim in here), Fraction(0))
        if total > 1:
            over.append((start, end, total))
            stints.append(Stint(start, end, terms.UNHELD))
            continue
        stints += [Stint(start, end, claim.manager, claim.share) for claim in here if claim.share]
        rest = 1 - total
        if rest:
            stints += [
                Stint(start, end, stint.holder, stint.share * rest)
                for stint in below
                if stint.first <= start and stint.last >= end
            ]
    return stints, over


@dataclass
class Tenure:
    """Stints by account, loan or customer over a span of days. Most have one holder all the time and stand in ``single`` only."""

    first: int
    last: int
    single: dict[str, str] = field(default_factory=dict)
    several: dict[str, list[Stint]] = field(default_factory=dict)
    unclaimed: dict[str, list[Stint]] = field(default_factory=dict)
    """Of what is claimed: whose it would be without the claims."""
    findings: list[Finding] = field(default_factory=list)

    def stints(self, key: str) -> list[Stint]:
        if key in self.several:
            return self.several[key]
        return [Stint(self.first, self.last, self.single[key])]

    def on(self, key: str, day: int) -> list[tuple[str, Fraction]]:
        """Holders and shares on one day."""
        if key in self.single:
            return [(self.single[key], Fraction(1))]
        return [(stint.holder, stint.share) for stint in self.several.get(key, ()) if stint.first <= day <= stint.last]


@dataclass(frozen=True)
class Holders:
    """What decides who holds: the roster, claims, committed plans (oldest first), and who should have a manager at all."""

    roster: Roster
    attributions: pd.DataFrame
    plans: Sequence[Plan]
    managed: frozenset[str]
    """Customers that a manager is due: without one their money is 未挂户, others' is 公共."""

    def nobody(self, customer: str) -> str:
        return terms.UNHELD if customer in self.managed else terms.PUBLIC


@dataclass(frozen=True)
class Leads:
    """Of each customer the one person who looks after it on a day. ``shared``: customers claimed by several, or over the whole;
    ``until``: customer → the last day of the claim that gives them."""

    holders: dict[str, str]
    shared: Mapping[str, Sequence[Claim]]
    until: Mapping[str, int]


def leads(standing: Mapping[str, str], attributions: pd.DataFrame, day: int) -> Leads:
    """Claims on the customer over ``standing`` (plan or export): the largest share leads, and of equal ones the standing holder's,
    then the first number's. A share is nearer than nobody; claims over 100 % are nobody's, and who stood before stays."""
    found, shared, until = dict(standing), {}, {}
    for customer, rows in claims(attributions, "customer_id", "all").items():
        here = [claim for claim in rows if claim.first <= day <= claim.last]
        if not here:
            continue
        total, before = sum((claim.share for claim in here), Fraction(0)), standing.get(customer)
        if total > 1 or len({claim.manager for claim in here}) > 1 or (total < 1 and before != here[0].manager):
            shared[customer] = here
        if total > 1:
            continue
        parts: dict[str, Fraction] = {} if before is None else {before: 1 - total}
        for claim in here:
            parts[claim.manager] = parts.get(claim.manager, Fraction(0)) + claim.share
        holder = min(parts, key=lambda manager: (-parts[manager], manager != before, manager))
        found[customer] = holder
        ends = [claim.last for claim in here if claim.manager == holder]
        if holder != before and ends and max(ends) < ALWAYS:
            until[customer] = max(ends)
    return Leads(found, shared, until)


def held_since(held: Mapping[str, str], attributions: pd.DataFrame, plans: Sequence[Plan], day: int) -> dict[str, int]:
    """From which day on each customer's holder of ``day`` is known to have it without a break; who is not in it has no date.

    By 业绩归属, rows that follow each other taken together; else from the plan that gave it. A row without 生效日期 has no date.
    """
    given: dict[str, tuple[str, int]] = {}
    for plan in plans:
        for customer, manager in plan.managers.items():
            if plan.effective <= day and given.get(customer, ("", 0))[0] != manager:
                given[customer] = (manager, plan.effective)
    since = {customer: first for customer, (manager, first) in given.items() if held.get(customer) == manager}
    for customer, rows in claims(attributions, "customer_id", "all").items():
        own = [claim for claim in rows if claim.manager == held.get(customer) and claim.first <= day]
        if not any(claim.last >= day for claim in own):
            continue
        start = day
        for claim in sorted(own, key=lambda claim: -claim.last):
            if claim.last >= start - 1:
                start = min(start, claim.first)
        since[customer] = min(start, since.get(customer, start))
    return {customer: first for customer, first in since.items() if first > -ALWAYS}


def customer_tenure(customers: pd.DataFrame, holders: Holders, first: int, last: int) -> Tenure:
    """Who holds each customer: claims on the customer, else the newest committed plan, else the export's 管户经理, else nobody."""
    claimed = claims(holders.attributions, "customer_id", "all")
    relevant = [plan for plan in holders.plans if plan.effective <= last]
    base = _standing([plan for plan in relevant if plan.effective <= first])
    inside = [plan for plan in relevant if plan.effective > first]
    moved = {customer for plan in inside for customer in plan.managers}
    whole = {manager for manager, span in holders.roster.spans.items() if span[0] <= first and span[1] >= last}
    names = customers["manager_id"].astype("object").where(customers["manager_id"].notna(), None)
    tenure = Tenure(first, last)
    for customer, export in zip(customers["customer_id"].tolist(), names.tolist(), strict=True):
        start = base.get(customer, export)
        if (start is None or start in whole) and customer not in moved and customer not in claimed:
            tenure.single[customer] = start or holders.nobody(customer)
            continue
        below = [Stint(first, last, start or holders.nobody(customer))]
        if customer in moved:
            below = _steps(
                first,
                last,
                start,
                [(plan.effective, plan.managers.get(customer)) for plan in inside],
                holders.nobody(customer),
            )
        if customer in claimed:
            tenure.unclaimed[customer] = below
        _settle(tenure, customer, below, claimed.get(customer, ()), holders, "客户")
    return tenure


def _standing(plans: Sequence[Plan]) -> Mapping[str, str]:
    """What the plans in effect on the first day say, the newer over the older."""
    standing: dict[str, str] = {}
    for plan in plans:
        standing |= plan.managers
    return standing


def _steps(
    first: int, last: int, start: str | None, changes: Iterable[tuple[int, str | None]], nobody: str
) -> list[Stint]:
    stints: list[Stint] = []
    holder, since = start, first
    for day, manager in changes:
        if manager is not None and manager != holder:
            if day > since:
                stints.append(Stint(since, day - 1, holder or nobody))
            holder, since = manager, day
    return [*stints, Stint(since, last, holder or nobody)]


def item_tenure(
    items: pd.DataFrame, key: str, named: str, line: str, of_customers: Tenure, holders: Holders, first: int, last: int
) -> Tenure:
    """Who holds each account, loan or fee: claims on it or (by line) on its customer, else the name on it, else the customer's holder.

    ``items``: ``key`` (account_id, loan_id, or what else tells them apart), customer_id and ``named`` (the column with the holder's id).
    """
    what = {"account_id": terms.label("account_id"), "loan_id": "借据"}.get(key, "客户")
    own = claims(holders.attributions, key, line) if key in holders.attributions else {}
    of_customer = claims(holders.attributions, "customer_id", line)
    names = items[named].astype("object").where(items[named].notna(), None)
    always = {terms.PUBLIC, terms.UNHELD}
    always |= {manager for manager, span in holders.roster.spans.items() if span[0] <= first and span[1] >= last}
    tenure = Tenure(first, last)
    for item, customer, name in zip(items[key].tolist(), listed(items["customer_id"]), names.tolist(), strict=True):
        claimed: Sequence[Claim] = own.get(item) or of_customer.get(customer) or ()
        alone = str(name) if name is not None else of_customers.single.get(customer)
        if alone is not None and alone in always and not claimed:  # most of them: nothing to lay over or to clip
            tenure.single[item] = alone
            continue
        if name is not None:
            below = [Stint(first, last, str(name))]
        elif item not in own and customer in of_customers.unclaimed:
            # These claims are laid over the customer already: once is enough.
            below = of_customers.unclaimed[customer]
        elif customer in of_customers.single:
            below = [Stint(first, last, of_customers.single[customer])]
        elif customer in of_customers.several:
            below = of_customers.several[customer]
        else:
            below = [Stint(first, last, terms.PUBLIC)]
        _settle(tenure, item, below, claimed, holders, what)
    return tenure


def _settle(
    tenure: Tenure, key: str, below: Sequence[Stint], claimed: Sequence[Claim], holders: Holders, what: str
) -> None:
    """Lay the claims over, clip to days on duty, and keep the result where it is short."""
    stints = list(below)
    if claimed:
        stints, over = layer(tenure.first, tenure.last, claimed, below)
        for start, end, total in over:
            tenure.findings.append(
                finding(
                    "score.shares-over",
                    what=what,
                    value=key,
                    start=date_of(start),
                    end=date_of(end),
                    total=f"{float(total * 100):g}",
                )
            )
    spans = holders.roster.spans
    clipped: list[Stint] = []
    for stint in stints:
        span = spans.get(stint.holder)
        if span is not None and span[0] <= stint.first and span[1] >= stint.last:
            clipped.append(stint)
        else:
            # Days of a holder who is not on duty belong to the branch: 公共, whoever the customer is.
            clipped += holders.roster.clip(stint, terms.PUBLIC)
    if (
        len(clipped) == 1
        and clipped[0].share == 1
        and (clipped[0].first, clipped[0].last) == (tenure.first, tenure.last)
    ):
        tenure.single[key] = clipped[0].holder
    else:
        tenure.several[key] = clipped
