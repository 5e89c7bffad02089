"""What of earlier months is paid with this one? The year's settlement and deferred pay that falls due, less what was stopped or is taken back.

Takes the lines of all other periods (``incentive.lines``); what the period itself wrote in an earlier run never counts. A debt is paid in the month of its
line or, where that month was not run, in the same month of a later year; what another period has paid of it is not paid again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import Finding, finding
from kehujingli.periods import CYCLES, month_name
from kehujingli.scoring.lines import frame_of, line, pay_lines, period_in
from kehujingli.scoring.owed import OWED_BY_MANAGER, PAYMENTS, Debt, columns_of, outstanding
from kehujingli.values import in_yuan, text_of

if TYPE_CHECKING:
    import pandas as pd

    from kehujingli.periods import Period
    from kehujingli.rules.schemes import IncentiveRules, PayRules
    from kehujingli.scoring.model import ManagerScore, Scores

_ZERO = Decimal("0.00")
_OF_PAY = ("paid", "settled", "deferred")


@dataclass(frozen=True, slots=True)
class Payout:
    """What a row of 绩效薪酬 pays in the end."""

    paid_now: Decimal
    settled: Decimal = _ZERO
    matured: Decimal = _ZERO
    clawback: Decimal = _ZERO
    waiting: Decimal = _ZERO
    """What was ordered to be taken back, now or earlier, and found nothing to be taken from."""
    carried: Decimal = _ZERO
    """More was advanced than is due, or less is due than the draw: what is carried to later months; below zero what is taken of it."""
    owing: Decimal = _ZERO
    """All that is carried after this month."""
    granted: Decimal = _ZERO
    """Approved amounts in the manager's favour (补发): corrections of earlier months, paid beside what the month earned."""

    @property
    def paid(self) -> Decimal:
        return self.paid_now + self.settled + self.matured + self.granted - self.clawback + self.carried


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody who is paid without a post in the period."""

    manager_id: str
    name: str
    branch_id: str
    payout: Payout


@dataclass(frozen=True)
class Settlement:
    """``payouts``: one a post, in the order of ``Scores.managers``, none where nothing is paid; ``lines``: as the ledger keeps them, beside those of the pay."""

    payouts: Sequence[Payout | None]
    leavers: Sequence[Leaver] = ()
    lines: Sequence[Mapping[str, Any]] = ()
    findings: Sequence[Finding] = ()


@dataclass
class _Ordered:
    """A person's approved amounts of the period, 元 without sign."""

    back: list[tuple[Decimal, str, str]] = field(default_factory=list)
    """To be taken back: amount, the period that it is about, document."""
    stop: list[tuple[Decimal, str, str]] = field(default_factory=list)
    more: list[tuple[Decimal, str, str]] = field(default_factory=list)
    """To be paid beside what the month earned."""


def ledger(scores: Scores, period: Period, settlement: Settlement | None = None) -> pd.DataFrame:
    """The period's lines, as it leaves them to later ones."""
    told = settlement if settlement is not None else settle(scores, period)
    return frame_of([*pay_lines(scores, period), *told.lines])


def settle(scores: Scores, period: Period, others: pd.DataFrame | None = None) -> Settlement:
    """``others``: the lines of every other period, later ones included: what those have paid is not paid twice."""
    import pandas as pd

    orders = _orders(scores)
    others = frame_of([]) if others is None else others
    before = _in_view(others, period, orders)
    earlier = others[others["period"] < period.name]
    people = earlier[["manager_id", "name", "branch_id"]].drop_duplicates("manager_id", keep="last")
    posts = _paying_posts(scores.managers)
    paying = [scores.managers[place] for place in posts.values()]
    names = [*people.itertuples(index=False), *((post.manager_id, post.name, post.branch_id) for post in paying)]
    known = {str(who): (str(who), text_of(name) or "", text_of(branch) or "") for who, name, branch in names}
    stopped = [
        line(period.name, known.get(who, (who, "", "")), "stopped", period.name, -amount, linked, document)
        for who, order in orders.items()
        for amount, linked, document in order.stop
    ]
    unstopped = pd.concat([before, frame_of(pay_lines(scores, period))])
    debts = outstanding(columns_of(pd.concat([unstopped, frame_of(stopped)]) if stopped else unstopped))
    by_person: dict[str, list[Debt]] = {}
    for debt in debts:
        by_person.setdefault(debt.manager_id, []).append(debt)
    lines: list[Mapping[str, Any]] = [*stopped]
    payouts: list[Payout | None] = [Payout(post.paid_now) if post.pay is not None else None for post in scores.managers]
    own: dict[str, Decimal] = {}
    draws: dict[str, Decimal] = {}
    for post in scores.managers:
        if post.pay is not None:
            own[post.manager_id] = own.get(post.manager_id, _ZERO) + post.paid_now
            draws[post.manager_id] = draws.get(post.manager_id, _ZERO) + post.draw
    leavers = []
    for who in [*posts, *sorted((by_person.keys() | orders.keys()) - posts.keys())]:
        order, mine = orders.get(who, _Ordered()), by_person.get(who, [])
        place = posts.get(who)
        if place is None and who not in known:
            order = _Ordered(order.back, order.stop)  # a number that nobody ever bore is paid nothing
        person = known.get(who, (who, "", ""))
        payout, made = _pay_out(period, person, own.get(who), draws.get(who, _ZERO), place is not None, order, mine)
        lines += made
        if payout is None:
            continue
        if place is not None:
            _to_posts(payouts, scores.managers, place, payout)
        elif who in known:
            leavers.append(Leaver(*known[who], payout))
    findings = list(_too_much(orders, outstanding(columns_of(unstopped)), known)) if stopped else []
    return Settlement(payouts, leavers, lines, [*findings, *_waiting(orders, draws, lines, known)])


def _in_view(others: pd.DataFrame, period: Period, ordered: Iterable[str]) -> pd.DataFrame:
    """The lines of earlier periods that may be paid now, and what later ones paid of debts as old; of people with an order or a stop, all of them."""
    paid_later = others["kind"].isin([*PAYMENTS.values()]) & (others["linked"] <= period.name)
    lines = others[(others["period"] < period.name) | paid_later]
    special = {*ordered, *lines.loc[lines["kind"].isin(["stopped", *OWED_BY_MANAGER]), "manager_id"]}
    # A due without a month is one of an earlier program: the end of its year.
    this_month = lines["due"].str.slice(5).replace("", "12") == period.name[5:]
    return lines[this_month & (lines["due"] <= period.name) | lines["manager_id"].isin(special)]


def _paying_posts(managers: Sequence[ManagerScore]) -> dict[str, int]:
    """Person → the one post with which debts and ordered amounts are paid: the last on duty of those that have a pay, else of all."""
    found: dict[str, int] = {}
    for place, manager in enumerate(managers):
        before = managers[found.get(manager.manager_id, place)]
        if (manager.pay is not None, manager.last_day) >= (before.pay is not None, before.last_day):
            found[manager.manager_id] = place
    return found


def _orders(scores: Scores) -> dict[str, _Ordered]:
    """The adopted amounts by person."""
    found: dict[str, _Ordered] = {}
    for row in scores.adjustments.itertuples():
        amount = in_yuan(row.amount) if text_of(row.amount) else _ZERO
        if not amount:
            continue
        order = found.setdefault(str(row.manager_id), _Ordered())
        document, reason = text_of(row.document) or "", text_of(row.reason) or ""
        told = (abs(amount), period_in(document, reason), document or reason)
        if (text_of(row.item) or "").strip() in terms.STOP_ITEMS:
            order.stop.append(told)
        elif amount < 0:
            order.back.append(told)
        else:
            order.more.append(told)
    return found


def _pay_out(
    period: Period,
    who: tuple[str, str, str],
    own: Decimal | None,
    draw: Decimal,
    on_roster: bool,
    order: _Ordered,
    debts: Sequence[Debt],
) -> tuple[Payout | None, list[dict[str, Any]]]:
    """What one person is paid, and the lines of it. ``own``: the month's own pay of all posts, nothing where there is none. No more is taken back than there is above the draw."""
    name = period.name
    due = [debt for debt in debts if debt.kind not in OWED_BY_MANAGER and debt.due <= name and debt.due[5:] == name[5:]]
    lines = [
        line(name, (who[0], who[1], debt.branch_id), PAYMENTS[debt.kind], debt.due, debt.left, debt.period)
        for debt in due
    ]
    settled, matured = (
        sum((debt.left for debt in due if debt.kind == kind), _ZERO) for kind in ("settled", "deferred")
    )
    more = sum((amount for amount, _, _ in order.more), _ZERO)
    lines += [line(name, who, "granted", name, amount, linked, document) for amount, linked, document in order.more]
    now = own or _ZERO
    whole = now + settled + matured + more
    room, carried = max(_ZERO, whole - draw), max(_ZERO, draw - whole)
    if carried:
        lines.append(line(name, who, "overpaid", name, -carried))
    taken = dict.fromkeys(OWED_BY_MANAGER, _ZERO)
    left = {"overpaid": carried, "clawback_owed": _ZERO}
    for debt in sorted(
        (debt for debt in debts if debt.kind in taken), key=lambda debt: OWED_BY_MANAGER.index(debt.kind)
    ):
        part = min(-debt.left, room)
        if part:
            lines.append(line(name, who, PAYMENTS[debt.kind], debt.due, -part, debt.period))
        room -= part
        taken[debt.kind] += part
        left[debt.kind] -= debt.left + part
    back, waiting = taken["clawback_owed"], left["clawback_owed"]
    for amount, linked, document in order.back:
        part = min(amount, room)
        room, back, waiting = room - part, back + part, waiting + amount - part
        for kind, one in (("clawback", part), ("clawback_owed", amount - part)):
            if one:
                lines.append(line(name, who, kind, name, -one, linked, document))
    # Whoever has a row shows in it what waits; who left without anything to be paid has none.
    owing = left["overpaid"]
    if (
        own is None
        and not due
        and not back
        and not taken["overpaid"]
        and not more
        and not (on_roster and (waiting or owing))
    ):
        return None, lines
    return Payout(now, settled, matured, back, waiting, carried - taken["overpaid"], owing, more), lines


def _to_posts(payouts: list[Payout | None], managers: Sequence[ManagerScore], place: int, payout: Payout) -> None:
    """Put a person's payout on the post at ``place``; what that row cannot bear comes off the others'."""
    others = [
        (other, one)
        for other, one in enumerate(payouts)
        if other != place and one is not None and managers[other].manager_id == managers[place].manager_id
    ]
    mine = replace(payout, paid_now=payout.paid_now - sum((one.paid_now for _, one in others), _ZERO))
    for other, one in others:
        part = max(_ZERO, min(-mine.paid, mine.clawback, one.paid_now))
        payouts[other] = replace(one, clawback=part)
        mine = replace(mine, clawback=mine.clawback - part)
    payouts[place] = mine
    _level(payouts, [place, *(other for other, _ in others)])


def _level(payouts: list[Payout | None], rows: Sequence[int]) -> None:
    """Where one post was advanced too much and another was not, the one pays for the other: no row stays below nothing."""
    for below in rows:
        for above in rows:
            lacking, giving = payouts[below], payouts[above]
            if lacking is None or giving is None or lacking.paid >= 0 or giving.paid <= 0:
                continue
            part = min(-lacking.paid, giving.paid)
            payouts[below] = replace(lacking, carried=lacking.carried + part)
            payouts[above] = replace(giving, carried=giving.carried - part)


def _waiting(
    orders: Mapping[str, _Ordered],
    draws: Mapping[str, Decimal],
    lines: Iterable[Mapping[str, Any]],
    known: Mapping[str, tuple[str, str, str]],
) -> Iterator[Finding]:
    """What the manager owes since now: advanced beyond what is due, or ordered to be taken back and found nothing to be taken from."""
    left: dict[tuple[str, str], Decimal] = {}
    for made in lines:
        if made["kind"] in OWED_BY_MANAGER:
            key = (made["kind"], made["manager_id"])
            left[key] = left.get(key, _ZERO) - made["amount"]
    for (kind, who), amount in sorted(left.items()):
        person = " ".join(known.get(who, (who,))[:2]).strip()
        if kind == "overpaid" and draws.get(who):
            yield finding("score.draw-carried", who=person, draw=f"{draws[who]:,.2f}", over=f"{amount:,.2f}")
        elif kind == "overpaid":
            yield finding("score.overpaid", who=person, over=f"{amount:,.2f}")
        else:
            ordered = sum((one for one, _, _ in orders[who].back), _ZERO)
            yield finding("score.clawback-waiting", who=person, ordered=f"{ordered:,.2f}", left=f"{amount:,.2f}")


def _too_much(
    orders: Mapping[str, _Ordered], debts: Iterable[Debt], known: Mapping[str, tuple[str, str, str]]
) -> Iterator[Finding]:
    """Stops of more than is still to be paid."""
    unpaid = [debt for debt in debts if debt.kind == "deferred"]
    for who, order in sorted(orders.items()):
        for linked in sorted({linked for _, linked, _ in order.stop}):
            amount = sum((one for one, of, _ in order.stop if of == linked), _ZERO)
            left = sum((debt.left for debt in unpaid if debt.manager_id == who and linked in ("", debt.period)), _ZERO)
            if amount > left:
                person = " ".join(known.get(who, (who,))[:2]).strip()
                yield finding(
                    "score.stop-over",
                    who=person,
                    period=linked or "各期",
                    stopped=f"{amount:,.2f}",
                    left=f"{left:,.2f}",
                    over=f"{amount - left:,.2f}",
                )


def unsettled_months(rules: IncentiveRules, period: Period, others: pd.DataFrame) -> Iterator[Finding]:
    """Months whose year is settled in this one and that were never run: what they would have left to settle is not in it."""
    run = set(others.loc[others["kind"].isin(_OF_PAY), "period"])
    lacking: set[str] = set()
    for scheme in rules.schemes:
        if (
            scheme.pay is not None
            and scheme.pay.settle_month == period.month % 12 + 1
            and _leaves_something(scheme.pay)
        ):
            year = period.year if scheme.pay.settle_month == 12 else period.year - 1
            step = CYCLES[scheme.cycle]
            names = {month_name(year * 12 + month - 1) for month in range(step, 13, step)}
            lacking |= names - run - {period.name}
    if lacking:
        told = sorted(lacking)
        yield finding("score.settlement-gap", count=len(told), year=told[0][:4], months="、".join(told), first=told[0])


def _leaves_something(pay: PayRules) -> bool:
    """Whether the months leave anything to the year's settlement."""
    return pay.advance != 1 or (pay.deferral is not None and pay.deferral.settle == "year")
