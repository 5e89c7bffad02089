"""What is odd in a single row? Days after the picture's own, loans classed too well, targets of nobody, adjustments that nobody approved: told with the cell, never changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding, Spot, finding
from kehujingli.intake.ledger import Sheet
from kehujingli.periods import Period, date_of, last_month
from kehujingli.tables.tenure import claimable
from kehujingli.values import in_yuan, text_of

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 10
_REGULATED = ((360, "loss"), (270, "doubtful"), (90, "substandard"))
"""Days past due beyond which a loan may not be classed better: the regulator's own (商业银行金融资产风险分类办法, 令〔2023〕第1号), not the bank's to set in its rules."""
_SEVERITY = tuple(terms.FIVE_CLASSES)


def later_dates(table: str, frame: pd.DataFrame, sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Days of opening, issuing, birth that come after the day of which the row is a picture (``snapshot``)."""
    for column in terms.BY_KEY[table].columns:
        if not column.past or column.key not in frame:
            continue
        wrong = frame[(frame[column.key] > frame["snapshot"]).fillna(False)]
        for part, group in wrong.groupby("part"):
            sheet = sheets[int(part)]
            days = [str(date_of(int(day))) for day in group[column.key].head(SHOWN)]
            cells = [sheet.cell(column.key, int(row)) for row in group["row"].head(SHOWN)]
            yield finding(
                "table.date-later",
                file=sheet.export.name,
                sheet=sheet.sheet,
                cell=cells[0],
                column=column.label,
                value=days[0],
                day=date_of(int(group["snapshot"].iloc[0])),
                count=len(group),
                spots=map(Spot, cells, days),
            )


def classed_too_well(loans: pd.DataFrame, sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Loans on the books whose 五级分类 is better than their days past due allow."""
    book = loans[loans["status"].isna() | (loans["status"] == "on_book")]
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


def conflicts_of_nobody(conflicts: pd.DataFrame, customers: pd.DataFrame, sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Rows of 回避 whose customer, or village where no customer is named, no customer of the month is or lives in."""
    if customers.empty:
        return
    whole = conflicts["customer_id"].isna()
    for key, asked in (("customer_id", ~whole), ("village", whole)):
        known = customers[key].dropna().unique().tolist()
        for part, group in conflicts[asked & ~conflicts[key].isin(known)].groupby("part"):
            sheet = sheets[int(part)]
            cells = [sheet.cell(key, int(row)) for row in group["row"].head(SHOWN)]
            values = [str(value) for value in group[key].head(SHOWN)]
            yield finding(
                "table.conflict-nobody",
                file=sheet.export.name,
                sheet=sheet.sheet,
                cell=cells[0],
                column=terms.BY_KEY["conflicts"].column(key).label,
                value=values[0],
                values="、".join(values[:3]) + ("等" if len(group) > 3 else ""),
                count=len(group),
                spots=map(Spot, cells, values),
            )


def prices_twice(ftp: pd.DataFrame, sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Prices of funds of one side, term and day that differ: none of them can be the price."""
    keys = ["side", "term", "valid_from"]
    different = ftp.groupby(keys, dropna=False)["price"].transform("nunique") > 1
    for part, group in ftp[different].groupby("part"):
        sheet = sheets[int(part)]
        cells = [sheet.cell("price", int(row)) for row in group["row"].head(SHOWN)]
        values = [f"{Decimal(int(price)) / 10_000:.4f}%" for price in group["price"].head(SHOWN)]
        yield finding(
            "table.price-twice",
            file=sheet.export.name,
            sheet=sheet.sheet,
            cell=cells[0],
            value=values[0],
            count=len(group),
            spots=map(Spot, cells, values),
        )


def days_twice(calendar: pd.DataFrame, sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Days that 工作日历 calls both 工作日 and 休息日: it says nothing of them."""
    different = calendar.groupby("date")["day_kind"].transform("nunique") > 1
    for part, group in calendar[different].groupby("part"):
        sheet = sheets[int(part)]
        cells = [sheet.cell("day_kind", int(row)) for row in group["row"].head(SHOWN)]
        days = [date_of(int(day)).isoformat() for day in group["date"].head(SHOWN)]
        yield finding(
            "table.day-twice",
            file=sheet.export.name,
            sheet=sheet.sheet,
            cell=cells[0],
            value=days[0],
            count=len(group),
            spots=map(Spot, cells, days),
        )


def targets_of_nobody(targets: pd.DataFrame, sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Targets without a manager: of a branch, whose they are nobody can tell; of neither, the bank's own."""
    nobody = targets["manager_id"].isna()
    whole = nobody & targets["branch_id"].isna()
    yield from _of_the_bank(targets[whole], sheets)
    for part, group in targets[nobody & ~whole].groupby("part"):
        sheet = sheets[int(part)]
        branches = [str(branch) for branch in group["branch_id"]]
        cells = [sheet.cell("manager_id", int(row)) for row in group["row"].head(SHOWN)]
        some = list(dict.fromkeys(branches))
        said = "、".join(some[:3]) + (f" 等 {len(some)} 个机构" if len(some) > 3 else "")
        yield finding(
            "score.target-nobody",
            file=sheet.export.name,
            sheet=sheet.sheet,
            cell=cells[0],
            value=branches[0],
            branches=said,
            count=len(group),
            spots=map(Spot, cells, branches),
        )


def _of_the_bank(whole: pd.DataFrame, sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Always told: a forgotten number looks the same."""
    for part, group in whole.groupby("part"):
        sheet = sheets[int(part)]
        items = [text_of(item) or "空" for item in group["item"]]
        some = list(dict.fromkeys(items))
        cells = [sheet.cell("item", int(row)) for row in group["row"].head(SHOWN)]
        yield finding(
            "score.target-bank",
            file=sheet.export.name,
            sheet=sheet.sheet,
            cell=cells[0],
            value=items[0],
            items="、".join(some[:3]) + (f" 等 {len(some)} 项" if len(some) > 3 else ""),
            count=len(group),
            spots=map(Spot, cells, items),
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
    for part, group in rows.groupby("part"):
        sheet = sheets[int(part)]
        cells = [sheet.cell("approved_by", int(row)) for row in group["row"].head(SHOWN)]
        hands = [str(name) for name in group["approved_by"].head(SHOWN)]
        yield finding(
            "score.adjustment-one-hand",
            file=sheet.export.name,
            sheet=sheet.sheet,
            cell=cells[0],
            value=hands[0],
            count=len(group),
            spots=map(Spot, cells, hands),
        )


def _said(points: str | None, cents: str | None) -> str:
    """What an adjustment would add: −0.5分, or +100元."""
    from decimal import Decimal

    number = Decimal(points or 0)
    return f"{number:+}分" if number else f"{in_yuan(int(cents or 0)):+}元"
