"""What do people at head office write by hand? Targets, baselines, adjustments, attributions, villages, fees, visits."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from kehujingli import terms
from kehujingli.demo.county import Calendar
from kehujingli.periods import day_of, month_end, month_name, month_start

_EXPECTED = 0.9
"""Where the example's curve stands in October: targets are set so that people stand at 60 to 130 in a hundred of it."""
_WAN = 1_000_000
_PRODUCTS = ("手机银行", "短信通", "收单码", "社保卡", "聚合支付")
_MINUTES = {"上门": 60, "电话": 10, "到店": 25}
_FEES = ("银行卡手续费", "代理保险", "收单手续费", "短信费")


def make_targets(
    rng: np.random.Generator,
    managers: pd.DataFrame,
    growth: Mapping[str, int],
    fees: pd.DataFrame,
    loan_customers: Mapping[str, int],
    calendar: Calendar,
) -> pd.DataFrame:
    """Annual targets in the items' units and a plan of visits for the month; the newcomer has none.

    ``growth``: manager → growth of the yearly average in 分. ``loan_customers``: manager → borrowers gained since New Year.
    """
    earned = fees.groupby("manager_id")["amount"].sum()
    rows = []
    for manager, grade in zip(managers["manager_id"], managers["grade"], strict=True):
        if grade == "见习":
            continue
        level = rng.uniform(0.6, 1.3, 3)
        deposit = max(growth.get(manager, 0) / 1_000_000, 12) / (_EXPECTED * level[0])
        fee = max(int(earned.get(manager, 0)) / 1_000_000, 0.2) / (_EXPECTED * level[2])
        rows += [
            (manager, "存款年日均净增", round(deposit, 1), str(calendar.year)),
            (
                manager,
                "贷款户数净增",
                max(2, round(loan_customers[manager] / (_EXPECTED * level[1]))),
                str(calendar.year),
            ),
            (manager, "中间业务收入", round(fee, 2), str(calendar.year)),
            (manager, terms.VISIT_PLAN_ITEMS[-1], int(rng.integers(8, 20)), month_name(calendar.last_month)),
        ]
    return pd.DataFrame(rows, columns=["manager_id", "item", "target", "period"])


def make_visit_plan(rng: np.random.Generator, managers: pd.DataFrame, month: int) -> pd.DataFrame:
    """A plan of visits for one more month, as lines of the targets."""
    people = managers.loc[managers["grade"] != "见习", "manager_id"]
    plan = rng.integers(8, 20, len(people))
    return pd.DataFrame(
        {"manager_id": people, "item": terms.VISIT_PLAN_ITEMS[-1], "target": plan, "period": month_name(month)}
    )


def make_baselines(
    borrowers: Mapping[str, int], loan_customers: Mapping[str, int], managers: pd.DataFrame, calendar: Calendar
) -> pd.DataFrame:
    """Borrowers on 31 December, agreed by head office: no loan book of that day is among the exports."""
    rows = [
        (
            manager,
            "贷款户数净增",
            max(0, borrowers.get(manager, 0) - loan_customers[manager]),
            str(calendar.year),
            "信贷部",
        )
        for manager in managers["manager_id"]
    ]
    return pd.DataFrame(rows, columns=["manager_id", "item", "baseline", "year", "approved_by"])


def make_adjustments(rng: np.random.Generator, managers: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Points off for files not kept: one line nobody approved, one of the month before."""
    this, previous = (month_name(calendar.last_month - back) for back in (0, 1))
    on_duty = managers.loc[managers["until"].isna(), "manager_id"].to_numpy()
    chosen = rng.choice(on_duty, min(6, len(on_duty)), replace=False)
    reasons = (
        "贷后检查报告迟交",
        "客户档案缺身份证明复印件",
        "面签影像不全",
        "利率审批表未归档",
        "走访记录补录",
        "合同要素填写有误",
    )
    first = day_of(month_start(calendar.last_month))
    rows = [
        {
            "manager_id": manager,
            "period": this if index != 1 else previous,
            "item": "合规与档案",
            "points": float(rng.integers(1, 5)) / -2,
            "occurred_on": first + int(rng.integers(0, 27)) - (31 if index == 1 else 0),
            "reason": reasons[index],
            "document": f"合规检查通报第{calendar.last_month % 12 + 1}期",
            "entered_by": "合规部",
            "approved_by": None if index == 2 else "分管主任",
        }
        for index, manager in enumerate(chosen)
    ]
    return pd.DataFrame(rows)


def make_attributions(
    managers: pd.DataFrame, customers: pd.DataFrame, holders: npt.NDArray[np.object_], calendar: Calendar
) -> pd.DataFrame:
    """A leaver's customers handed over from the day after, and one customer shared 60 : 40."""
    last = calendar.last
    left = managers[managers["until"].notna()]
    rows: list[dict[str, object]] = []
    if len(left):
        leaver = left.iloc[0]
        heirs = managers[
            (managers["branch_id"] == leaver["branch_id"]) & managers["until"].isna() & managers["serves"].isna()
        ]
        own = customers.loc[holders == leaver["manager_id"], "customer_id"].to_numpy()
        rows += [
            {
                "customer_id": customer,
                "line": "all",
                "manager_id": heirs["manager_id"].iloc[0],
                "share": 1,
                "valid_from": int(leaver["until"]) + 1,
                "valid_to": None,
                "document": "移交清单第1号",
                "approved_by": "分管主任",
            }
            for customer in own[: max(1, len(own) // 2)]
        ]
    staying = managers[managers["until"].isna()]
    for branch in customers["branch_id"].unique():
        pair = staying.loc[(staying["branch_id"] == branch) & staying["serves"].isna(), "manager_id"].to_numpy()
        shared = customers.loc[holders == (pair[0] if len(pair) > 1 else ""), "customer_id"]
        if len(shared):
            rows += [
                {
                    "customer_id": shared.iloc[0],
                    "line": "deposit",
                    "manager_id": manager,
                    "share": share,
                    "valid_from": day_of(month_start(calendar.last_month)),
                    "valid_to": last,
                    "document": "业绩分配协议第1号",
                    "approved_by": "分管主任",
                }
                for manager, share in zip(pair, (0.6, 0.4), strict=False)
            ]
            break
    return pd.DataFrame(rows)


def make_fees(
    rng: np.random.Generator, customers: pd.DataFrame, holders: npt.NDArray[np.object_], calendar: Calendar
) -> pd.DataFrame:
    """Fees of this calendar year, by the day, of customers somebody looks after."""
    held = np.flatnonzero(holders != "")
    count = len(held) * 3
    first = day_of(month_start(calendar.year * 12))
    owner = held[rng.integers(0, len(held), count)]
    return pd.DataFrame(
        {
            "date": first + np.sort(rng.integers(0, calendar.last - first + 1, count)),
            "customer_id": customers["customer_id"].to_numpy()[owner],
            "product": np.array(_FEES, dtype=object)[rng.integers(0, len(_FEES), count)],
            "amount": np.round(np.exp(rng.normal(8.3, 1.0, count))).astype("int64"),
            "manager_id": holders[owner],
            "branch_id": customers["branch_id"].to_numpy()[owner],
        }
    )


def make_visits(
    rng: np.random.Generator, customers: pd.DataFrame, holders: npt.NDArray[np.object_], calendar: Calendar
) -> pd.DataFrame:
    """Who went to see whom in the last two months."""
    held = np.flatnonzero(holders != "")
    owner = np.sort(rng.choice(held, len(held) // 2, replace=False))
    first = day_of(month_start(calendar.last_month - 1))
    count = len(owner)
    frame = pd.DataFrame(
        {
            "date": first + rng.integers(0, calendar.last - first + 1, count),
            "customer_id": customers["customer_id"].to_numpy()[owner],
            "manager_id": holders[owner],
            "way": np.array(["上门", "电话", "到店"], dtype=object)[rng.choice(3, count, p=[0.5, 0.3, 0.2])],
            "purpose": np.array(["贷后检查", "存款到期提醒", "产品推介", "节日走访"], dtype=object)[
                rng.integers(0, 4, count)
            ],
            "result": np.array(["已落实", "再跟进", "无需求"], dtype=object)[rng.integers(0, 3, count)],
        }
    )
    frame["minutes"] = frame["way"].map(_MINUTES)
    frame["planned"] = (frame["way"] != "到店") & (frame.index % 4 != 3)
    return frame.sort_values(["date", "customer_id"], ignore_index=True)


def make_holdings(
    rng: np.random.Generator,
    customers: pd.DataFrame,
    holders: npt.NDArray[np.object_],
    quiet: npt.NDArray[np.bool_],
    calendar: Calendar,
) -> pd.DataFrame:
    """Products signed for: two customers in five have one, the quiet ones hardly ever; some have ended it."""
    owner = np.flatnonzero(rng.random(len(customers)) < np.where(quiet, 0.04, 0.4))
    count = len(owner)
    opened = customers["opened_on"].to_numpy()[owner]
    signed = np.minimum(opened + rng.integers(0, 900, count), calendar.last)
    ended = rng.random(count) < 0.1
    return pd.DataFrame(
        {
            "customer_id": customers["customer_id"].to_numpy()[owner],
            "product": np.array(_PRODUCTS, dtype=object)[rng.integers(0, len(_PRODUCTS), count)],
            "signed_on": signed,
            "closed_on": pd.array(np.where(ended, np.minimum(signed + 200, calendar.last), 0), dtype="Int64"),
            "manager_id": pd.Series(holders[owner]).replace("", None),
        }
    ).assign(closed_on=lambda frame: frame["closed_on"].where(frame["closed_on"] > 0))


def growth_of(
    collectors: npt.NDArray[np.object_], now: npt.NDArray[np.int64], then: npt.NDArray[np.int64]
) -> dict[str, int]:
    """Manager → growth of the yearly average over last year's, by who gathered the account (分)."""
    frame = pd.DataFrame({"manager": collectors, "growth": now - then})
    summed = frame[frame["manager"] != ""].groupby("manager")["growth"].sum()
    return {str(key): int(value) for key, value in summed.items()}


def last_year(calendar: Calendar) -> tuple[int, int]:
    """First and last day of the calendar year before, as far as it was simulated."""
    return (
        max(calendar.first, day_of(month_start((calendar.year - 1) * 12))),
        day_of(month_end((calendar.year - 1) * 12 + 11)),
    )


def make_capital(loans: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Capital at the last two ends of a quarter: the largest borrower stands just above a tenth of it, where the county is not too small."""
    owed = loans.groupby("customer_id")["balance"].sum()
    whole = min(int(owed.max()) * 9, int(owed.sum()))
    last = calendar.last_month + 1
    rows = []
    for back, share in ((3, 98), (0, 100)):
        net = whole * share // 100 // _WAN * _WAN
        day = day_of(month_end(last - last % 3 - back - 1))
        rows.append((day, net, net * 84 // 100 // _WAN * _WAN, "G40 资本充足率汇总表"))
    return pd.DataFrame(rows, columns=["date", "net_capital", "tier1_capital", "source"])


def make_exposures(loans: pd.DataFrame) -> pd.DataFrame:
    """承兑 with a third of margin and an unused limit for the largest firms that borrow."""
    owed = loans.groupby("customer_id")["balance"].sum().nlargest(12)
    rows = []
    for place, (who, balance) in enumerate(owed.items()):
        bill = max(int(balance) // 4 // _WAN, 1) * _WAN
        rows.append((who, f"C{place:04d}", "承兑", bill, bill, bill * 3 // 10 // 100 * 100))
        if place % 3 == 0:
            rows.append((who, f"S{place:04d}", "未用授信", bill * 2, bill, 0))
    columns = ["customer_id", "contract_id", "exposure_kind", "limit", "exposure", "margin"]
    return pd.DataFrame(rows, columns=columns)


def make_guarantees(loans: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Loans against 保证: six borrowers of the middle vouch for each other in a ring, the others have a guarantor from outside."""
    backed = loans[(loans["guarantee"] == "保证") & (loans["balance"] > 0)].sort_values("balance", kind="stable")
    backed = backed.drop_duplicates("customer_id")
    middle = backed.iloc[len(backed) // 2 :].head(6)
    names = dict(zip(people["customer_id"], people["name"], strict=True))
    ring = list(zip(middle["loan_id"], [*middle["customer_id"].iloc[1:], *middle["customer_id"].iloc[:1]], strict=True))
    rows = [(loan, who, names.get(who), "互保") for loan, who in ring if len(ring) > 1]
    outside = backed[~backed["loan_id"].isin(middle["loan_id"])].head(20)
    rows += [(loan, None, "外县某公司", "保证") for loan in outside["loan_id"]]
    return pd.DataFrame(rows, columns=["loan_id", "guarantor_id", "guarantor_name", "guarantee"])


def make_groups(loans: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Two firms of one owner among the larger borrowers."""
    owed = loans.groupby("customer_id")["balance"].sum().nlargest(5)
    members = [str(who) for who in owed.index[1:3]]
    day = day_of(month_start(calendar.last_month - 12))
    rows = [("G001", who, "控股", day, "关联客户认定书1号") for who in members]
    return pd.DataFrame(rows, columns=["connected_group", "customer_id", "relation", "valid_from", "document"])


def make_authority(managers: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """What each grade may lend: at once four fifths of what one customer may owe; who has more than the grade has a line of his own."""
    first, document = day_of(month_start(calendar.year * 12)), f"授权书〔{calendar.year}〕1号"
    usual = managers.groupby("grade")["authority"].median().astype("int64") // _WAN * _WAN
    rows = [(None, grade, total * 4 // 5, total, first, document) for grade, total in usual.items()]
    rows += [
        (who, None, int(total) * 4 // 5, int(total), first, document)
        for who, grade, total in zip(managers["manager_id"], managers["grade"], managers["authority"], strict=True)
        if int(total) != usual[grade]
    ]
    return pd.DataFrame(rows, columns=["manager_id", "grade", "single", "total", "valid_from", "document"])


def make_applications(
    loans: pd.DataFrame, guarantees: pd.DataFrame, managers: pd.DataFrame, calendar: Calendar
) -> pd.DataFrame:
    """Applications of the last weeks: small ones, most of them done; one above what its manager may lend; and three members of the ring who
    each stay within the limit, together above it."""
    owed = loans[(loans["balance"] > 0) & loans["manager_id"].notna()].drop_duplicates("customer_id")
    limit = managers.set_index("manager_id")["authority"].astype("int64")
    on_duty = set(managers.loc[managers["until"].isna(), "manager_id"])
    owed = owed[owed["manager_id"].isin(on_duty)].assign(limit=owed["manager_id"].map(limit))
    owed = owed.sort_values(["limit", "balance", "customer_id"], kind="stable")
    ring = owed[owed["customer_id"].isin(set(guarantees["guarantor_id"].dropna()))].head(3)
    small = owed[~owed["customer_id"].isin(ring["customer_id"])]
    rows: list[tuple[object, ...]] = []
    for place, row in enumerate(small.head(12).itertuples()):
        done = calendar.last - 40 + place + (20 if place == 7 else 5 + place % 3) if place % 4 else None
        rows.append(
            (row.customer_id, 3_000_000 + 1_000_000 * place, 40 - place, done, "通过" if done else None, row.manager_id)
        )
    for row in small.iloc[12:13].itertuples():
        rows.append((row.customer_id, row.limit - row.balance + 50 * _WAN, 9, None, None, row.manager_id))
    if len(ring) == 3 and ring["limit"].max() * 4 // 5 < (ring["limit"] * 2 // 5).sum():
        rows += [
            (row.customer_id, row.limit * 2 // 5, 15 - n, None, None, row.manager_id)
            for n, row in enumerate(ring.itertuples())
        ]
    columns = ["customer_id", "amount", "applied_on", "done_on", "result", "manager_id"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(
        application_id=[f"SQ{calendar.year}{place:04d}" for place in range(1, len(frame) + 1)],
        exposure_kind="贷款",
        applied_on=calendar.last - frame["applied_on"],
        promised_days=7,
    )
