"""What does each branch have, bring and cost in the month? Customers by their branch, people as 机构 says, profit by prices of funds, costs of the month.

Money in 分. What cannot be told of a branch is missing, with why.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

import kehujingli.terms as house
from kehujingli.errors import Finding
from kehujingli.periods import Period
from kehujingli.studies.money.costs import borne
from kehujingli.studies.money.fees import dated
from kehujingli.studies.money.ftp import deposit_lines, loan_lines, priced, prices_of
from kehujingli.studies.money.loss import losses
from kehujingli.studies.placing import several
from kehujingli.tables.frames import one_post
from kehujingli.values import told_of

if TYPE_CHECKING:
    import pandas as pd

TOLD = ("kind", "staff", "profit", "area", "atm", "counter_staff", "distance_to")
"""What 机构 may say of a branch."""
_FAR = 5
"""A year's cost so many times the month's by twelve is another unit or another span."""
_MONTHS = 12


def outlets(branches: pd.DataFrame, classes: pd.DataFrame, managers: pd.DataFrame | None, last: int) -> pd.DataFrame:
    """One row a branch: what it has, and what 机构 says of it; ``lacks``: why nothing can be told by person."""
    people = classes.assign(customers=classes["group"].notna().astype("int64"))
    sums = people.groupby("branch_id")[["customers", "deposit_balance", "loan_balance"]].sum()
    rows = branches[["branch_id", "branch_name"]].copy()
    for name in sums.columns:
        rows[name] = rows["branch_id"].map(sums[name]).fillna(0).astype("int64")
    for name in TOLD:
        rows[name] = branches[name].to_numpy() if name in branches else None
    return with_people(rows, managers, last)[rows["branch_id"].fillna("") != ""].reset_index(drop=True)


def with_people(rows: pd.DataFrame, managers: pd.DataFrame | None, last: int) -> pd.DataFrame:
    """The branches with ``managers`` on duty, ``staff`` as 机构 says, and why that is of no use (``lacks``)."""
    import pandas as pd

    staff = pd.to_numeric(rows["staff"]).astype("Int64")
    duty = rows["branch_id"].map(_on_duty(managers, last)).fillna(0).astype("int64")
    lacks = pd.Series("", index=rows.index, dtype="object")
    lacks = lacks.mask((staff < duty).fillna(False).astype(bool), "人数比在岗客户经理还少")
    lacks = lacks.mask(~(staff > 0).fillna(False).astype(bool), "没有人数")
    return rows.assign(staff=staff, managers=duty, lacks=lacks)


def _on_duty(managers: pd.DataFrame | None, last: int) -> Mapping[str, int]:
    """Branch → managers on duty on the last day."""
    if managers is None:
        return {}
    from kehujingli.assign.feasible import on_duty

    found: dict[str, int] = {}
    for post in one_post(managers, last).itertuples():
        if on_duty(post, last):
            found[str(post.branch_id)] = found.get(str(post.branch_id), 0) + 1
    return found


def spent_by(
    costs: pd.DataFrame | None, branches: pd.DataFrame, managers: pd.DataFrame | None, period: Period
) -> tuple[dict[str, int], str, list[Finding]]:
    """(branch → cost of the month, which table says so, findings): 费用 where it has the month, with what its managers cost; else a twelfth of 机构's year."""
    yearly: dict[str, int] = {}
    if "cost" in branches:
        known = branches.dropna(subset=["cost"])
        yearly = dict(zip(known["branch_id"], known["cost"].astype("int64"), strict=True))
    by_year = {branch: (2 * cost + _MONTHS) // (2 * _MONTHS) for branch, cost in yearly.items()}
    if costs is None:
        return by_year, "机构", []
    rows, told = borne(costs, period)
    if rows.empty:
        return by_year, "机构", told
    home = {} if managers is None else dict(zip(managers["manager_id"], managers["branch_id"], strict=True))
    branch = rows["branch_id"].where(rows["branch_id"] != "", rows["holder_id"].map(home).astype("object").fillna(""))
    names = dict(zip(branches["branch_id"], branches["branch_name"], strict=True))
    lost = ~branch.isin(list(names))
    if bool(lost.any()):
        told = [*told, _nobodys(rows[lost], branch[lost])]
    sums = {str(one): int(cost) for one, cost in rows["cost"].groupby(branch).sum().items() if one}
    odd = [
        f"{names[one]}（{cost / max(sums[one], 1):.1f} 倍）"
        for one, cost in sorted(by_year.items())
        if one in sums and not (cost <= _FAR * sums[one] and sums[one] <= _FAR * cost)
    ]
    return sums, house.BY_KEY["costs"].label, [*told, *([several("study.branches-cost", odd)] if odd else [])]


def _nobodys(rows: pd.DataFrame, branch: pd.Series) -> Finding:
    """Costs of no branch: of neither branch nor manager, of a manager on no roster, of a branch that is not there."""
    who = {
        f"工号 {manager}" if manager and not at else f"机构 {at}" if at else "没写机构号和工号的"
        for manager, at in zip(rows["holder_id"], branch, strict=True)
    }
    return several("study.branches-cost-lost", sorted(who), amount=int(rows["cost"].sum()))


def brought(
    accounts: pd.DataFrame,
    loans: pd.DataFrame,
    opening: pd.DataFrame | None,
    ftp: pd.DataFrame,
    fees: pd.DataFrame | None,
    classes: pd.DataFrame,
    rates: Mapping[str, Decimal],
    period: Period,
) -> tuple[pd.DataFrame, list[Finding]]:
    """Branch → ``business`` (月日均 of deposits and loans), ``brought`` (profit and fees less expected loss) and ``unpriced`` of the month."""
    import pandas as pd

    lines = pd.concat([deposit_lines(accounts, period), loan_lines(loans, opening, period)], ignore_index=True)
    lines, told = priced(lines, prices_of(ftp, period))

    def where(rows: pd.DataFrame) -> pd.Series:
        return told_of(rows["customer_id"], classes["customer_id"], classes["branch_id"]).fillna(rows["branch_id"])

    own = pd.DataFrame(
        {
            "branch_id": where(lines),
            "business": lines["average"],
            "brought": lines["profit"] - losses(lines, rates),
            "unpriced": lines["average"].where(lines["lacks"] != "", 0),
        }
    )
    if fees is not None:
        day, odd = dated(fees, period)
        paid = fees[day.between(period.first, period.last).fillna(False)]
        rows = pd.DataFrame(
            {"branch_id": where(paid), "business": 0, "brought": paid["amount"].fillna(0), "unpriced": 0}
        )
        own, told = pd.concat([own, rows], ignore_index=True), [*told, *odd]
    sums = own.groupby("branch_id")[["business", "brought", "unpriced"]].sum()
    return sums.astype("int64"), told
