"""What would a person group to have a study's figures? pandas' own group-bys and joins on what a month keeps: no checks, rules, order or words.
Who is among others is told by a join: ``isin`` and ``map`` take ten times as long on columns of text.

    python benchmarks/grouped.py PLAN.json BOOK.xlsx

As a process of its own, the least that an analyst would wait for: ``PLAN.json`` (``beside.py`` writes it) has the study, the Parquet file of each of its
frames, the period's days and the sheets; the files are read, grouped, and as many cells of text and numbers written by XlsxWriter without a style.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

Frames = Mapping[str, pd.DataFrame]
_HELD = ["deposit_balance", "loan_balance"]
_SIDES = ["money_in", "money_out", "postings"]


def offers(of: Frames, _first: int, _last: int) -> object:
    """What each customer holds, by four tables."""
    by = (("holdings", "product"), ("loans", "product"), ("fees", "product"), ("accounts", "kind"))
    return [of[table].groupby(["customer_id", kind], sort=False).size() for table, kind in by]


def profile(of: Frames, _first: int, _last: int) -> object:
    """The newest of each item of each customer, and families."""
    return (
        of["profile"].groupby(["customer_id", "profile_kind", "profile_item"], sort=False)["as_of"].max(),
        of["household"].groupby(["customer_id", "as_of"], sort=False)["labour"].count(),
    )


def survey(of: Frames, _first: int, _last: int) -> object:
    """Size and spread of each 户群, a sample of each, the newest answers, and who wants what and has it."""
    groups = of["classes"].dropna(subset=["group"]).groupby("group")
    newest = of["survey"].sort_values("answered_on").drop_duplicates(["customer_id", "question"], keep="last")
    held = of["holdings"][["customer_id", "product"]].drop_duplicates().assign(have=1)
    wanted = newest.merge(of["classes"][["customer_id", "group"]], on="customer_id")
    wanted = wanted.merge(held, left_on=["customer_id", "answer"], right_on=["customer_id", "product"], how="left")
    return (
        groups["scale_amount"].agg(["size", "std"]),
        groups.sample(frac=0.005, random_state=1),
        newest.groupby("question")[["importance", "satisfaction"]].mean(),
        wanted.groupby(["answer", "group"])["have"].agg(["size", "sum"]),
    )


def leads(of: Frames, _first: int, _last: int) -> object:
    """Who is on the other side and no customer, whose own name it is, and who on the rosters is a customer, by number or by village and name."""
    sides, people = of["counterparties"], of["classes"]
    ours = people[["customer_name"]].drop_duplicates().rename(columns={"customer_name": "counterparty_name"})
    others = sides.merge(ours, on="counterparty_name", how="left", indicator=True)
    others = others[others["_merge"] == "left_only"]
    own = sides.merge(people[["customer_id", "customer_name"]], on="customer_id")
    own = own[own["customer_name"] == own["counterparty_name"]]
    numbered = people.dropna(subset=["id_number"])[["id_number", "customer_id"]]
    named = people[["village", "customer_name", "customer_id"]].rename(columns={"customer_name": "name"})
    rows = of["rosters"].merge(numbered, on="id_number", how="left")
    rows = rows.merge(named, on=["village", "name"], how="left", suffixes=("", "_named"))
    return (
        others.groupby(["counterparty_name", "counterparty_account"], sort=False)[_SIDES].sum(),
        own.groupby("customer_id", sort=False)[_SIDES].sum(),
        rows.groupby("village", sort=False)[["customer_id", "customer_id_named", "household_id"]].nunique(),
        people.groupby(["village", "holder_id"], sort=False).size(),
    )


def market(of: Frames, _first: int, _last: int) -> object:
    """Ours by the town of the branch, this month and the one before, the banks' by town and day, and villages by 客群 with who holds no product."""
    town = of["branches"].set_index("branch_id")["region"]
    held = of["holdings"][["customer_id"]].drop_duplicates().assign(held=1)
    people = of["classes"][["customer_id", "village", "customer_group", *_HELD]].merge(held, how="left")
    villages = people.groupby(["village", "customer_group"], sort=False)
    return (
        [of[name].groupby("branch_id")[_HELD].sum().groupby(town).sum() for name in ("classes", "previous")],
        of["market"].groupby(["region", "date"])[["deposits", "loans"]].sum(),
        villages[[*_HELD, "held"]].sum().join(of["villages"].set_index("village")["households"], on="village"),
    )


def branches(of: Frames, first: int, last: int) -> object:
    """Each branch's customers, what its accounts and loans bring by the price of their term, its fees, and what its people look after."""
    home = of["classes"][["customer_id", "branch_id"]]
    ends, named = [-np.inf, 92, 366, 1096, np.inf], ["to_3_months", "to_1_year", "to_3_years", "over_3_years"]
    brought = []
    for table, side, sign, begun, due, balance in (
        ("accounts", "deposit", 1, "opened", "matures_on", "average_month"),
        ("loans", "loan", -1, "issued_on", "due_on", "balance"),
    ):
        rows = of[table][["customer_id", "rate"]].assign(average=of[table][balance])
        term = pd.cut((of[table][due] - of[table][begun]).astype("float64"), ends, labels=named).astype("str")
        rows["term"] = term.where(of[table]["kind"] == "term", "demand") if side == "deposit" else term
        prices = of["ftp"][of["ftp"]["side"] == side].drop_duplicates("term", keep="last")
        lines = rows.merge(home, on="customer_id").merge(prices[["term", "price"]], on="term")
        lines["profit"] = sign * lines["average"] * (lines["price"] - lines["rate"]) * (last - first + 1)
        brought.append(lines.groupby("branch_id")[["average", "profit"]].sum())
    paid = of["fees"][of["fees"]["date"].between(first, last)][["customer_id", "amount"]]
    return (
        brought,
        of["classes"].groupby("branch_id")[_HELD].sum(),
        paid.merge(home, on="customer_id").groupby("branch_id")["amount"].sum(),
        of["plan"].groupby(["branch_id", "assigned_manager"], dropna=False)["load"].sum(),
        of["costs"].groupby("branch_id")["amount"].sum(),
    )


def allocation(of: Frames, _first: int, _last: int) -> object:
    """Everybody's part of each item and of the loads, and both by branch."""
    room = of["loads"].groupby("manager_id")["load_after"].sum()
    homes = of["scores"].drop_duplicates("manager_id").set_index("manager_id")["branch_id"]
    rows = of["items"].assign(actual=of["items"]["actual"].astype("float64"))
    rows = rows.assign(room=rows["manager_id"].map(room), branch_id=rows["manager_id"].map(homes))
    whole = rows.groupby("item")[["actual", "room"]].transform("sum")
    rows["part"] = 0.7 * rows["actual"] / whole["actual"] + 0.3 * rows["room"] / whole["room"]
    return rows.groupby(["item", "branch_id"])[["actual", "room", "part"]].sum()


def visits(of: Frames, first: int, last: int) -> object:
    """Who has been seen since when, by manager and 户群, how, and who signed within a month."""
    classes, visited, held = of["classes"], of["visits"], of["holdings"]
    seen = visited.groupby("customer_id")["date"].max()
    own = classes[classes["holder_id"].notna()].assign(seen=lambda rows: rows["customer_id"].map(seen))
    went = visited.drop_duplicates(["customer_id", "date"]).merge(held[["customer_id", "signed_on"]], on="customer_id")
    went["signed"] = (went["signed_on"] - went["date"]).between(0, 30)
    went["group"] = went["customer_id"].map(classes.set_index("customer_id")["group"])
    return (
        own.sort_values(["holder_id", "scale_amount", "customer_id"], ascending=[True, False, True]),
        own.groupby(["holder_id", "manager_name", "group"])["seen"].agg(["size", "count"]),
        visited[visited["date"].between(first, last)].groupby("way").size(),
        went.groupby("group")["signed"].agg(["size", "sum"]),
    )


def signals(of: Frames, _first: int, last: int) -> object:
    """What moved of each customer, what falls due and is overdue, and what became of last month's signals."""
    names = ("classes", "flows", "accounts", "loans", "previous_signal_ledger")
    classes, flows, accounts, loans, before = (of[name] for name in names)
    own = classes.set_index("customer_id")
    sums = flows.groupby("customer_id").sum(numeric_only=True)
    due = accounts[accounts["matures_on"].between(last, last + 30)].groupby("customer_id")["balance"].sum()
    late = loans[loans["overdue_days"] > 0].groupby("customer_id")["balance"].sum()
    whole = own.join(sums.add_suffix("_flow")).assign(due=due, late=late)
    ledger = before.set_index("customer_id").join(own["deposit_balance"])
    kinds = [name for name in before.columns if name not in ("customer_id", "opening")]
    return (
        whole.sort_values(["holder_id", "scale_amount"], ascending=[True, False]),
        [ledger.groupby(kind)["deposit_balance"].agg(["size", "sum"]) for kind in kinds],
        whole.groupby(["branch_id", "holder_id"], dropna=False)[["due", "late"]].sum(),
    )


def service(of: Frames, _first: int, _last: int) -> object:
    """Issues by branch, manager and kind, referrals by department, with the days that they took."""
    issues, referrals = of["issues"], of["referrals"]
    about = of["classes"][["customer_id", "customer_name", "branch_id", "branch_name"]]
    own = issues.merge(about, on="customer_id").assign(days=lambda rows: rows["closed_on"] - rows["raised_on"])
    other = referrals.merge(about, on="customer_id").assign(days=lambda rows: rows["done_on"] - rows["raised_on"])
    days = np.array(own["raised_on"].to_numpy("int64"), dtype="datetime64[D]")
    own["due"] = np.busday_offset(days, 7, roll="backward").astype("int64")
    return (
        own.groupby(["branch_id", "branch_name", "manager_id", "issue_kind"])["days"].agg(["size", "count", "mean"]),
        other.groupby(["to_department", "from_id"])["days"].agg(["size", "count", "mean"]),
        own.sort_values(["raised_on", "issue_id"]),
    )


def care(of: Frames, _first: int, last: int) -> object:
    """Birthdays, years with the bank and what falls due, by branch and manager."""
    classes, accounts, loans = of["classes"], of["accounts"], of["loans"]
    born = pd.to_datetime(classes["birth_date"].astype("float64"), unit="D")
    month = classes[born.dt.month == 11]
    since = pd.to_datetime(classes["opened_on"].astype("float64"), unit="D")
    year = classes[since.dt.month == 11]
    due = accounts[accounts["matures_on"].between(last, last + 30)].merge(classes, on="customer_id")
    lent = loans[loans["due_on"].between(last, last + 30)].merge(classes, on="customer_id")
    parts = pd.concat([month, year, due, lent], keys=["a", "b", "c", "d"])
    return (
        parts.sort_values(["holder_id", "customer_id"]),
        parts.groupby(["branch_id", "branch_name", "holder_id", "manager_name"], dropna=False).size(),
    )


GROUPED: dict[str, Callable[[Frames, int, int], object]] = {
    one.__name__: one
    for one in (offers, profile, survey, leads, market, branches, allocation, visits, signals, service, care)
}


def write(target: Path, sheets: list[tuple[str, int, list[str]]]) -> None:
    """``sheets``: title, rows, and of each column whether it has ``text`` or a number."""
    import xlsxwriter

    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        for title, rows, columns in sheets:
            sheet = book.add_worksheet(title)
            for row in range(rows + 1):
                for place, kind in enumerate(columns):
                    if kind == "text":
                        sheet.write_string(row, place, f"{title}{row}")
                    else:
                        sheet.write_number(row, place, row)


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    frames = {name: pd.read_parquet(path) for name, path in plan["frames"].items()}
    GROUPED[plan["study"]](frames, plan["first"], plan["last"])
    write(Path(sys.argv[2]), plan["sheets"])


if __name__ == "__main__":
    main()
