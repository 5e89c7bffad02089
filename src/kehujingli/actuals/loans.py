"""How do the loans of each holder stand? Quality by 责任人, collection by who manages the loan; 表内 only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from kehujingli import terms
from kehujingli.actuals import Contribution
from kehujingli.actuals.deposits import split
from kehujingli.tables.frames import on_book
from kehujingli.tables.tenure import Tenure
from kehujingli.values import listed, missing, share_out, text_of

if TYPE_CHECKING:
    import pandas as pd

Branches = Mapping[str, str | None]


def npl(loans: pd.DataFrame, responsible: Mapping[str, str]) -> Iterator[Contribution]:
    """不良率: balance in 次级, 可疑, 损失 over balance, of the loans a person answers for."""
    book = on_book(loans)
    for row in book[book["balance"] > 0].itertuples():
        bad = int(row.balance) if row.five_class in terms.NPL_CLASSES else 0
        yield Contribution(
            "npl_ratio",
            responsible[row.loan_id],
            text_of(row.branch_id),
            row.customer_id,
            row.loan_id,
            bad,
            int(row.balance),
        )


def new_npl(
    loans: pd.DataFrame, history: pd.DataFrame, tenure: Tenure, takeover: Mapping[str, int], last: int
) -> Iterator[Contribution]:
    """接手后新增不良: loans that turned bad while held: issued after the takeover, or still sound in a snapshot after it."""
    book = on_book(loans)
    bad = book[(book["balance"] > 0) & book["five_class"].isin(terms.NPL_CLASSES)]
    sound = history[history["five_class"].notna() & ~history["five_class"].isin(terms.NPL_CLASSES)]
    last_sound = sound.groupby("loan_id")["snapshot"].max()
    for row in bad.itertuples():
        for holder, part, _, share in split(int(row.balance), 0, tenure.on(row.loan_id, last)):
            since = _since(tenure, row.loan_id, holder, takeover)
            issued = int(row.issued_on) if not missing(row.issued_on) else None
            seen_sound = last_sound.get(row.loan_id)
            if (issued is not None and issued >= since) or (seen_sound is not None and seen_sound >= since):
                yield Contribution(
                    "new_npl_since_tenure",
                    holder,
                    text_of(row.branch_id),
                    row.customer_id,
                    row.loan_id,
                    part,
                    share=share,
                )


def _since(tenure: Tenure, loan: str, holder: str, takeover: Mapping[str, int]) -> int:
    """From when a loan is the holder's: a dated stint of this year, else the first day on the roster."""
    first = min((stint.first for stint in tenure.several.get(loan, ()) if stint.holder == holder), default=tenure.first)
    return first if first > tenure.first else takeover.get(holder, -(2**31))


def due_collection(loans: pd.DataFrame, tenure: Tenure, last: int) -> Iterator[Contribution]:
    """到期贷款收回率: principal due this period and of it collected."""
    for row in loans[loans["due_principal"].fillna(0) > 0].itertuples():
        collected = int(row.due_collected) if not missing(row.due_collected) else 0
        for holder, top, bottom, share in split(collected, int(row.due_principal), tenure.on(row.loan_id, last)):
            yield Contribution(
                "due_collection_ratio",
                holder,
                text_of(row.branch_id),
                row.customer_id,
                row.loan_id,
                top,
                bottom,
                share=share,
            )


def interest_collection(loans: pd.DataFrame, before: pd.DataFrame, tenure: Tenure, last: int) -> Iterator[Contribution]:
    """利息收回率: (collected − newly overdue on the books) ÷ (collected + newly overdue off the books), new against the month before.

    ``loans`` are the present ones and those that left since (``with_settled``): what they owed in interest is owed no more.
    """
    columns = ["interest_received", "arrears_on_book", "arrears_off_book"]
    old = before.drop_duplicates("loan_id").set_index("loan_id")[columns[1:]].fillna(0).astype("int64")
    was = loans[["loan_id"]].join(old, on="loan_id")[columns[1:]].fillna(0).astype("int64")
    received, now_on, now_off = (loans[column].fillna(0).astype("int64") for column in columns)
    tops = received - (now_on - was["arrears_on_book"])
    bottoms = received + (now_off - was["arrears_off_book"])
    for row, top, bottom in zip(loans.itertuples(), tops.tolist(), bottoms.tolist(), strict=True):
        if top or bottom:
            for holder, part, whole, share in split(top, bottom, tenure.on(row.loan_id, last)):
                yield Contribution(
                    "interest_collection_ratio",
                    holder,
                    text_of(row.branch_id),
                    row.customer_id,
                    row.loan_id,
                    part,
                    whole,
                    share=share,
                )


def with_settled(loans: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """The loans and those of the month before that are in the book no more, without anything due or received."""
    import pandas as pd

    gone = before[~before["loan_id"].isin(loans["loan_id"])]
    if gone.empty:
        return loans
    nothing = dict.fromkeys(["balance", "interest_received", "arrears_on_book", "arrears_off_book"], 0)
    return pd.concat([loans, gone[loans.columns].assign(**nothing).astype(loans.dtypes.to_dict())], ignore_index=True)


def new_overdue(loans: pd.DataFrame, tenure: Tenure, first: int, last: int) -> Iterator[Contribution]:
    """逾期新增: balance of loans whose arrears began within the period."""
    book = on_book(loans)
    late = book[(book["overdue_days"].fillna(0) > 0) & (book["overdue_days"].fillna(0) <= last - first + 1)]
    for row in late.itertuples():
        for holder, part, _, share in split(int(row.balance), 0, tenure.on(row.loan_id, last)):
            yield Contribution(
                "new_overdue", holder, text_of(row.branch_id), row.customer_id, row.loan_id, part, share=share
            )


def _largest(loans: pd.DataFrame) -> pd.DataFrame:
    """Of each customer the largest loan with a balance on the books, ties by number."""
    book = on_book(loans)
    live = book[book["balance"] > 0].sort_values(["balance", "loan_id"], ascending=[False, True], kind="stable")
    return live.drop_duplicates("customer_id")


class Borrower(NamedTuple):
    """A borrowing customer by the largest of her loans."""

    loan_id: str
    branch_id: str | None
    issued_on: int | None


def leading(loans: pd.DataFrame) -> dict[str, Borrower]:
    """Customer → the largest of her loans on the books, ties by number."""
    return {
        str(row.customer_id): Borrower(
            str(row.loan_id), text_of(row.branch_id), None if missing(row.issued_on) else int(row.issued_on)
        )
        for row in _largest(loans).itertuples()
    }


def left_since(history: pd.DataFrame, opening: int) -> dict[str, int]:
    """Customer → the day after the last book, from ``opening`` on, in which she borrowed."""
    book = on_book(history[history["snapshot"] >= opening])
    last = book[book["balance"] > 0].groupby("customer_id")["snapshot"].max()
    return {str(customer): int(day) + 1 for customer, day in last.items()}


def loan_customers(
    now: Mapping[str, Borrower],
    before: Mapping[str, Borrower],
    left: Mapping[str, int],
    tenure: Tenure,
    tenure_before: Tenure,
) -> Iterator[Contribution]:
    """贷款户数净增 by days held, as deposits: a customer counts 1 for borrowing now less 1 for having borrowed at the end of last year.

    She goes whole (a household has no parts) to who held her longest, share × days, over the days on which she differed from the year's
    beginning: of a new borrower since her loan was issued, of one who left (``left``) since then, of others over the whole year; ties by number.
    """
    for customer in sorted({*now, *before}):
        borrower, held = (now[customer], tenure) if customer in now else (before[customer], tenure_before)
        since = held.first
        if customer not in before:
            since = borrower.issued_on or since
        elif customer not in now:
            since = left.get(customer, since)
        since = min(max(since, held.first), held.last)
        days: dict[str, Fraction] = {}
        for stint in held.stints(borrower.loan_id):
            if stint.last >= since:
                own = stint.share * (stint.last - max(stint.first, since) + 1)
                days[stint.holder] = days.get(stint.holder, Fraction(0)) + own
        holder = min(days, key=lambda who: (-days[who], who))
        first, last = (since, held.last) if len(days) > 1 else (None, None)
        growth, base = int(customer in now) - int(customer in before), int(customer in before)
        entity = "" if customer in now else "年初"
        yield Contribution(
            "loan_customers_growth",
            holder,
            borrower.branch_id,
            customer,
            entity,
            growth,
            baseline=base,
            first=first,
            last=last,
        )


class Lent(NamedTuple):
    """A loan of a customer: its 年日均 in 分, and from which day of the span on it ran."""

    loan_id: str
    average: int
    since: int


def average_growth(
    loans: pd.DataFrame,
    baseline: Mapping[str, int],
    tenure: Tenure,
    branches: Branches,
    own_baseline: Collection[str] = frozenset(),
) -> Iterator[Contribution]:
    """贷款日均净增 by days held, as deposits: the loan's 年日均 less the customer's 基数; nothing off for holders with an ``own_baseline`` over all they hold.

    A loan's average goes by share × days held since it was issued (nobody can hold it before), the 基数 by those of the whole span.
    """
    book = on_book(loans)
    known = book[book["average_year"].notna()].sort_values(["customer_id", "loan_id"], kind="stable")
    owed: dict[str, list[Lent]] = {}
    for customer, loan, average, issued in zip(
        known["customer_id"].tolist(),
        known["loan_id"].tolist(),
        known["average_year"].tolist(),
        listed(known["issued_on"]),
        strict=True,
    ):
        since = min(max(tenure.first if issued is None else int(issued), tenure.first), tenure.last)
        owed.setdefault(str(customer), []).append(Lent(str(loan), int(average), since))
    for customer, own in owed.items():
        base = baseline.get(customer)
        for holder, average, off, span in _held_by(own, base or 0, tenure):
            if holder not in own_baseline and base is None:
                continue
            off = 0 if holder in own_baseline else off
            first, last = span or (None, None)
            yield Contribution(
                "average_loan_growth",
                holder,
                branches.get(customer),
                customer,
                "",
                average - off,
                baseline=off,
                first=first,
                last=last,
            )


def _held_by(
    loans: Sequence[Lent], base: int, tenure: Tenure
) -> Iterator[tuple[str, int, int, tuple[int, int] | None]]:
    """Each holder's part of the averages and of the 基数, to the 分, and from when to when where several held them."""
    whole = sum(loan.average for loan in loans)
    holders = {tenure.single.get(loan.loan_id) for loan in loans}
    if len(holders) == 1 and None not in holders:
        yield next(str(holder) for holder in holders), whole, base, None
        return
    grown: dict[str, Fraction] = {}
    based: dict[str, Fraction] = {}
    seen: dict[str, tuple[int, int]] = {}
    days = tenure.last - tenure.first + 1
    for loan in loans:
        part = Fraction(base * loan.average, whole) if whole else Fraction(base, len(loans))
        for stint in tenure.stints(loan.loan_id):
            ran = max(0, stint.last - max(stint.first, loan.since) + 1)
            who, share = stint.holder, stint.share
            grown[who] = grown.get(who, Fraction(0)) + share * loan.average * ran / (tenure.last - loan.since + 1)
            based[who] = based.get(who, Fraction(0)) + share * part * stint.days / days
            span = seen.get(who, (stint.first, stint.last))
            seen[who] = min(span[0], stint.first), max(span[1], stint.last)
    names = sorted(grown)
    averages = share_out(whole, [grown[name] for name in names], names)
    bases = share_out(base, [based[name] for name in names], names)
    for name, average, off in zip(names, averages, bases, strict=True):
        if average or off:
            yield name, average, off, seen[name]
