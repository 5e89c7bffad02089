"""What is odd in a single row? Days after the picture's own, loans classed too well, targets of nobody, adjustments that nobody approved: told with the cell, never changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from kehujingli import terms
from kehujingli.errors import Finding, Spot, finding
from kehujingli.intake.ledger import Sheet
from kehujingli.periods import Period, date_of, last_month
from kehujingli.tables.frames import on_book
from kehujingli.tables.tenure import ALWAYS, Roster, claimable
from kehujingli.values import in_yuan, text_of

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 10
_REGULATED = ((360, "loss"), (270, "doubtful"), (90, "substandard"))
"""Days past due beyond which a loan may not be classed better: the regulator's own (商业银行金融资产风险分类办法, 令〔2023〕第1号), not the bank's to set in its rules."""
_SEVERITY = tuple(terms.FIVE_CLASSES)


def _by_cell(
    code: str,
    wrong: pd.DataFrame,
    sheets: Sequence[Sheet],
    key: str,
    said: Callable[[Any], str],
    more: Callable[[pd.DataFrame], Mapping[str, Any]] = lambda _: {},
) -> Iterator[Finding]:
    """A finding a sheet of the wrong rows, at their cells of ``key``. ``said``: a value in words; ``more``: further facts of a sheet's rows."""
    for part, group in wrong.groupby("part"):
        sheet = sheets[int(part)]
        values = [said(value) for value in group[key].head(SHOWN)]
        cells = [sheet.cell(key, int(row)) for row in group["row"].head(SHOWN)]
        yield finding(
            code,
            file=sheet.export.name,
            sheet=sheet.sheet,
            cell=cells[0],
            value=values[0],
            count=len(group),
            spots=[Spot(cell, value) for cell, value in zip(cells, values, strict=True)],
            **more(group),
        )


def _some(values: Sequence[str], counted: str) -> str:
    """The first three different ones, and how many there are in all."""
    some = list(dict.fromkeys(values))
    return "、".join(some[:3]) + (f" 等 {len(some)} {counted}" if len(some) > 3 else "")


def _date(day: Any) -> str:
    return date_of(int(day)).isoformat()


def later_dates(table: str, frame: pd.DataFrame, sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Days of opening, issuing, birth that come after the day of which the row is a picture (``snapshot``)."""
    for column in terms.BY_KEY[table].columns:
        if not column.past or column.key not in frame:
            continue
        wrong = frame[(frame[column.key] > frame["snapshot"]).fillna(False)]
        yield from _by_cell("table.date-later", wrong, sheets, column.key, _date, partial(_pictured, column.label))


def _pictured(label: str, rows: pd.DataFrame) -> Mapping[str, Any]:
    return {"column": label, "day": date_of(int(rows["snapshot"].iloc[0]))}


def settled_owing(loans: pd.DataFrame, sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Loans that are said to be settled and have a balance: they are not on the books."""
    wrong = loans[(loans["status"] == "settled") & (loans["balance"].fillna(0) > 0)]
    for part, rows in wrong.groupby("part"):
        sheet = sheets[int(part)]
        yield finding(
            "loan.settled-owing",
            file=sheet.export.name,
            sheet=sheet.sheet,
            cell=sheet.cell("status", int(rows["row"].iloc[0])),
            value=rows["loan_id"].iloc[0],
            count=len(rows),
            amount=int(rows["balance"].sum()),
        )


def classed_too_well(loans: pd.DataFrame, sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Loans on the books whose 五级分类 is better than their days past due allow."""
    book = on_book(loans)
    rank = book["five_class"].map({name: index for index, name in enumerate(_SEVERITY)})
    late = book["overdue_days"].fillna(0).astype("int64")
    expected = rank * 0
    for days, name in reversed(_REGULATED):
        expected = expected.where(late <= days, _SEVERITY.index(name))
    wrong = book[(rank < expected) & (book["balance"] > 0)].sort_values(
        ["overdue_days", "loan_id"], ascending=[False, True], kind="stable"
    )
    if wrong.empty:
        return
    first = wrong.iloc[0]
    sheet = sheets[int(first["part"])]
    spots = [
        Spot(
            str(row.loan_id), f"逾期 {row.overdue_days} 天，{terms.FIVE_CLASSES[str(row.five_class)]}", int(row.balance)
        )
        for row in wrong.head(SHOWN).itertuples()
    ]
    yield finding(
        "loan.class-too-good",
        file=sheet.export.name,
        sheet=sheet.sheet,
        cell=sheet.cell("five_class", int(first["row"])),
        value=first["loan_id"],
        days=int(first["overdue_days"]),
        class_=terms.FIVE_CLASSES[first["five_class"]],
        expected=terms.FIVE_CLASSES[_SEVERITY[int(expected[wrong.index[0]])]],
        more=f"（共 {len(wrong)} 笔）" if len(wrong) > 1 else "",
        count=len(wrong),
        amount=int(wrong["balance"].sum()),
        spots=spots,
    )


def no_shares(attributions: pd.DataFrame, sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Claims of nothing, of less than nothing, or that end before they begin."""
    for part, group in attributions[~attributions.index.isin(claimable(attributions).index)].groupby("part"):
        sheet = sheets[int(part)]
        values = [text_of(value) or "空" for value in group["share"].head(SHOWN)]
        cells = [sheet.cell("share", int(row)) for row in group["row"].head(SHOWN)]
        shares = [Decimal(value) for value in group["share"].dropna()]
        percent = len(shares) == len(group) and all(1 < share <= 100 for share in shares)
        yield finding(
            "table.share-percent" if percent else "table.share-bad",
            file=sheet.export.name,
            sheet=sheet.sheet,
            cell=cells[0],
            column=terms.BY_KEY["attributions"].column("share").label,
            value=values[0],
            count=len(group),
            spots=map(Spot, cells, values),
        )


def claims_twice(attributions: pd.DataFrame, sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Claims of one person on one thing and line (全部 is every line) whose days overlap: on those days their shares add up."""
    rows = _written(attributions, sheets)
    keys = ["customer_id", "account_id", "loan_id", "manager_id"]
    rows = rows[rows.duplicated(keys, keep=False)].sort_values(["valid_from", "part", "row"], na_position="first")
    again = []
    for _, group in rows.groupby(keys, dropna=False, sort=False):
        before: dict[str, int] = {}
        for index, line, first, last in zip(
            group.index,
            group["line"],
            group["valid_from"].fillna(-ALWAYS),
            group["valid_to"].fillna(ALWAYS),
            strict=True,
        ):
            met = before if line == "all" else {one: day for one, day in before.items() if one in (line, "all")}
            if any(day >= first for day in met.values()):
                again.append(index)
            before[line] = max(int(last), before.get(line, -ALWAYS))
    yield from _by_cell("table.claim-twice", attributions.loc[again], sheets, "manager_id", str)


def _written(attributions: pd.DataFrame, sheets: Sequence[Sheet]) -> pd.DataFrame:
    """The claims that stand in 业绩归属 itself: shares that an export of accounts or loans tells are not told of here."""
    own = [part for part, sheet in enumerate(sheets) if sheet.table == "attributions"]
    return claimable(attributions[attributions["part"].isin(own)])


def claims_of_the_gone(
    attributions: pd.DataFrame, managers: pd.DataFrame, day: int, sheets: Sequence[Sheet]
) -> Iterator[Finding]:
    """Claims that hold on a day for somebody on the roster who is not on duty on it."""
    rows = _written(attributions, sheets)
    holds = (rows["valid_from"].fillna(-ALWAYS) <= day) & (rows["valid_to"].fillna(ALWAYS) >= day)
    spans = Roster.of(managers).spans
    away = [who for who, (first, last) in spans.items() if not first <= day <= last]
    wrong = rows[holds & rows["manager_id"].isin(away)]
    yield from _by_cell("table.claimant-gone", wrong, sheets, "manager_id", str, lambda _: {"day": date_of(day)})


def conflicts_of_nobody(conflicts: pd.DataFrame, customers: pd.DataFrame, sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Rows of 回避 whose customer, or village where no customer is named, no customer of the month is or lives in."""
    if customers.empty:
        return
    whole = conflicts["customer_id"].isna()
    for key, asked in (("customer_id", ~whole), ("village", whole)):
        known = customers[key].dropna().unique().tolist()
        wrong = conflicts[asked & ~conflicts[key].isin(known)]
        yield from _by_cell("table.conflict-nobody", wrong, sheets, key, str, partial(_unknown, key))


def _unknown(key: str, rows: pd.DataFrame) -> Mapping[str, Any]:
    shown = "、".join(map(str, rows[key].head(3)))
    return {
        "column": terms.BY_KEY["conflicts"].column(key).label,
        "values": shown + ("等" if len(rows) > 3 else ""),
    }


def prices_twice(ftp: pd.DataFrame, sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Prices of funds of one side, term and day that differ: none of them can be the price."""
    keys = ["side", "term", "valid_from"]
    different = ftp.groupby(keys, dropna=False)["price"].transform("nunique") > 1
    yield from _by_cell(
        "table.price-twice", ftp[different], sheets, "price", lambda price: f"{Decimal(int(price)) / 10_000:.4f}%"
    )


def days_twice(calendar: pd.DataFrame, sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Days that 工作日历 calls both 工作日 and 休息日: it says nothing of them."""
    different = calendar.groupby("date")["day_kind"].transform("nunique") > 1
    told = calendar[different].assign(day_kind=calendar["date"])
    yield from _by_cell("table.day-twice", told, sheets, "day_kind", _date)


def targets_of_nobody(targets: pd.DataFrame, sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Targets without a manager: of a branch, whose they are nobody can tell; of neither, the bank's own, always told, since a forgotten number
    looks the same."""
    nobody = targets["manager_id"].isna()
    whole = nobody & targets["branch_id"].isna()
    yield from _by_cell(
        "score.target-bank",
        targets[whole],
        sheets,
        "item",
        lambda item: text_of(item) or "空",
        lambda rows: {"items": _some([text_of(item) or "空" for item in rows["item"]], "项")},
    )
    of_branch = targets[nobody & ~whole]
    yield from _by_cell(
        "score.target-nobody",
        of_branch.assign(manager_id=of_branch["branch_id"]),
        sheets,
        "manager_id",
        str,
        lambda rows: {"branches": _some([str(branch) for branch in rows["branch_id"]], "个机构")},
    )


def unapproved(
    adjustments: pd.DataFrame, sheets: Sequence[Sheet], period: Period | None, people: Mapping[str, str]
) -> Iterator[Finding]:
    """Adjustments that the period's end brings into force, or any where there is none, without reason or approver. ``people``: manager's id → name."""
    table = terms.BY_KEY["adjustments"]
    for row in adjustments.sort_values(["part", "row"]).itertuples():
        lacking = [key for key in ("reason", "approved_by") if not text_of(getattr(row, key))]
        if not lacking or (period is not None and last_month(row.period) != period.month):
            continue
        sheet = sheets[int(str(row.part))]
        who, points, amount = str(row.manager_id), text_of(row.points), text_of(row.amount)
        name = people.get(who)
        said = _said(points, amount) if points or amount else text_of(row.item)
        yield finding(
            "score.adjustment-unapproved",
            file=sheet.export.name,
            sheet=sheet.sheet,
            cell=sheet.cell(lacking[0], int(str(row.row))),
            row=row.row,
            who=f"{who} {name}" if name else who,
            points=said,
            missing="、".join(table.column(key).label for key in lacking),
        )


def one_hand(adjustments: pd.DataFrame, sheets: Sequence[Sheet], period: Period | None) -> Iterator[Finding]:
    """Adjustments of the period that were entered and approved by one person: adopted, and told."""
    due = adjustments["period"].map(lambda text: period is None or last_month(text) == period.month)
    rows = adjustments[due.astype(bool) & adjustments["entered_by"].notna()]
    rows = rows[rows["entered_by"].astype(str).str.strip() == rows["approved_by"].astype(str).str.strip()]
    yield from _by_cell("score.adjustment-one-hand", rows, sheets, "approved_by", str)


def _said(points: str | None, cents: str | None) -> str:
    """What an adjustment would add: −0.5分, or +100元."""
    number = Decimal(points or 0)
    return f"{number:+}分" if number else f"{in_yuan(int(cents or 0)):+}元"
