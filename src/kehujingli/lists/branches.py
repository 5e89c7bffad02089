"""What does a branch come to, and which customers moved or nearly moved? Customers summed by branch; changes and their causes; who is close to the next scale.

Ratios are rolled up from their numerators and denominators, never averaged. Money is 分.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from kehujingli import terms
from kehujingli.measures.collected import to_pandas
from kehujingli.periods import Period, month_of_day
from kehujingli.studies.classes.moves import ARRIVED
from kehujingli.tables.averages import WEIGHT, weights_of
from kehujingli.tables.frames import on_book
from kehujingli.values import missing, named, nearest

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from kehujingli.rules.models import Tending

PREVIOUS = (
    "customer_id",
    "branch_id",
    "frequency",
    "scale",
    "group",
    "below",
    "scale_amount",
    "average_deposit",
    "average_loan",
)
"""What the month after wants to know of a customer."""
_MILLION = 1_000_000


def branch_rows(
    classes: pd.DataFrame,
    loans: pd.DataFrame,
    names: Mapping[str, str],
    previous: pd.DataFrame | None,
    sides: pd.Series | None = None,
) -> pd.DataFrame:
    """机构汇总: one row a branch, sorted by branch; with ``sides`` (``held.sides``) three more below each, and first of all below the county.

    Who is in no class (``Segmented.everyone``) is not counted; the money is.
    """
    import pandas as pd

    home = classes["branch_id"].fillna("")
    branches = sorted(home.unique())
    table = _rolled_up(classes, home, branches, loans)
    table["branch_name"] = named(table["branch_id"], names)
    before = None if previous is None else previous["branch_id"].fillna("").value_counts()
    table["customers_change"] = pd.array(
        [
            None if before is None else int(n - before.get(b, 0))
            for b, n in zip(branches, table["customers"], strict=True)
        ],
        "Int64",
    )
    table["held_by"] = ""
    if sides is None:
        return table[BRANCH_COLUMNS]
    parts = [table.assign(late=True)]
    for side in terms.SIDES:
        own = sides == side
        part = _rolled_up(classes[own], home[own], branches, loans)
        county = _rolled_up(classes[own], pd.Series("", index=home[own].index), [""], loans)
        part["branch_name"], county["branch_name"] = named(part["branch_id"], names), terms.WHOLE_COUNTY_NAME
        parts += [
            rows.assign(held_by=side, customers_change=pd.array([pd.NA] * len(rows), "Int64"), late=late)
            for rows, late in ((part, True), (county, False))
        ]
    every = pd.concat(parts, ignore_index=True)
    # Each side follows the branch, in the order in which they were put together.
    return every.sort_values(["late", "branch_id"], kind="stable", ignore_index=True)[BRANCH_COLUMNS]


def _rolled_up(classes: pd.DataFrame, home: pd.Series, branches: Sequence[str], loans: pd.DataFrame) -> pd.DataFrame:
    """These customers summed by ``home``, a row for each of ``branches``, also where it has none of them."""
    import pandas as pd

    code = pd.Series(pd.Index(branches).get_indexer(home), index=classes.index)
    rows = range(len(branches))
    groups = classes.groupby(code)
    table = pd.DataFrame({"branch_id": branches})
    table["customers"] = classes["group"].notna().groupby(code).sum().reindex(rows, fill_value=0)
    for column, values in (
        ("frequency", terms.FREQUENCIES),
        ("scale", terms.SCALES),
        ("customer_group", ("farmer", "agribusiness")),
    ):
        for value in values:
            table[value] = (classes[column] == value).groupby(code).sum().reindex(rows, fill_value=0)
    table["frequent_share"] = _ratio(table["frequent"], table["customers"])
    for column in ("deposit_balance", "average_deposit_year_full", "average_deposit_year", "loan_balance"):
        table[column] = groups[column].sum(min_count=1).astype("Int64")
    growth = classes["average_deposit_year"] - classes["average_deposit_last_year"]
    table["deposit_growth"] = growth.groupby(code).sum(min_count=1).astype("Int64")
    paid, average = _interest(classes)
    table["interest_cost"] = _ratio(paid.groupby(code).sum(), average.groupby(code).sum())
    table["deposit_cost"] = _ratio(groups["cost_numerator"].sum() / _MILLION, groups["cost_denominator"].sum())
    table["demand_share"] = _ratio(groups["demand_numerator"].sum(), groups["demand_denominator"].sum())
    table["borrowers"] = (classes["loan_balance"].fillna(0) > 0).groupby(code).sum().reindex(rows, fill_value=0)
    of = dict(zip(classes["customer_id"].tolist(), code.tolist(), strict=True))
    book = on_book(loans)
    branch = book["customer_id"].map(of)
    bad = book["balance"].where(book["five_class"].isin(terms.NPL_CLASSES), 0)
    lent, poor = (series.groupby(branch).sum().reindex(table.index).fillna(0) for series in (book["balance"], bad))
    table["npl_ratio"] = _ratio(poor.astype("float64"), lent.astype("float64")).where(
        ~table.index.isin(branch[_unclassed(book)])
    )
    return table


BRANCH_MEASURES = (
    "customers",
    "customers_change",
    "frequent",
    "mobile",
    "dormant",
    "frequent_share",
    "large",
    "medium",
    "small",
    "farmer",
    "agribusiness",
    "deposit_balance",
    "average_deposit_year_full",
    "average_deposit_year",
    "deposit_growth",
    "interest_cost",
    "deposit_cost",
    "demand_share",
    "loan_balance",
    "borrowers",
    "npl_ratio",
)
"""What is told of a branch, in this order."""
BRANCH_COLUMNS = ["branch_id", "branch_name", "held_by", *BRANCH_MEASURES]


PER_HEAD = ("staff", "each_customers", "each_deposit", "each_loan", "each_profit", "branch_cost")
"""What is told of a branch by person, and what it costs in the month."""
_EACH = {
    "each_customers": "customers",
    "each_deposit": "deposit_balance",
    "each_loan": "loan_balance",
    "each_profit": "profit",
}


def by_person(
    sums: pd.DataFrame,
    branches: pd.DataFrame,
    costs: pd.DataFrame | None,
    managers: pd.DataFrame,
    period: Period,
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """``sums`` (``branch_rows``) with ``PER_HEAD`` of each branch, missing of whose it is; and the county's, where every branch of it is known.

    ``branches``, ``costs`` as their tables have them; what a branch costs is of 费用 only.
    """
    import pandas as pd

    from kehujingli.studies.network.outlets import spent_by, with_people

    known = branches.drop_duplicates("branch_id").assign(branch_name=branches["name"])
    told = with_people(known[["branch_id", "staff", "profit"]], managers, period.last).set_index("branch_id")
    spent = {} if costs is None else spent_by(costs, known.drop(columns="cost"), managers, period)[0]
    whole = sums["held_by"] == ""
    frame = sums.assign(
        staff=sums["branch_id"].map(told["staff"].where(told["lacks"] == "")).where(whole).astype("Int64"),
        profit=sums["branch_id"].map(told["profit"]).where(whole).astype("Int64"),
        branch_cost=sums["branch_id"].map(spent).where(whole).astype("Int64"),
    )
    for name, of in _EACH.items():
        shares = [
            None if missing(part) or missing(staff) else Fraction(int(part), int(staff))
            for part, staff in zip(frame[of], frame["staff"], strict=True)
        ]
        if of == "customers":
            frame[name] = pd.array([None if one is None else float(one) for one in shares], "Float64")
        else:
            frame[name] = pd.array([None if one is None else nearest(one) for one in shares], "Int64")
    own = frame[whole]
    county: dict[str, Any] = {
        name: int(own[name].sum()) if bool(own[name].notna().all()) else None for name in ("staff", "branch_cost")
    }
    for name, of in _EACH.items():
        full = county["staff"] and bool(own[of].notna().all())
        county[name] = nearest(Fraction(int(own[of].sum()), county["staff"])) if full else None
    if county["each_customers"] is not None:
        county["each_customers"] = int(own["customers"].sum()) / county["staff"]
    return frame, county


def county_ratios(classes: pd.DataFrame, loans: pd.DataFrame) -> dict[str, float | None]:
    """The county's own ratios, for the line of totals; who is in no class counts as in ``branch_rows``."""
    book = on_book(loans)
    bad = int(book.loc[book["five_class"].isin(terms.NPL_CLASSES), "balance"].sum())
    return {
        "frequent_share": _share(int((classes["frequency"] == "frequent").sum()), int(classes["group"].notna().sum())),
        "interest_cost": _share(*(float(part.sum()) for part in _interest(classes))),
        "deposit_cost": _share(
            float(classes["cost_numerator"].sum()) / _MILLION, float(classes["cost_denominator"].sum())
        ),
        "demand_share": _share(float(classes["demand_numerator"].sum()), float(classes["demand_denominator"].sum())),
        "npl_ratio": _share(bad, int(book["balance"].sum())) if not bool(_unclassed(book).any()) else None,
    }


def _interest(classes: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """付息率 as parts: what was paid, and the average it was paid on, of whom both are known."""
    known = classes["interest_paid"].notna() & classes["average_deposit_full"].notna()
    paid, average = (
        classes[name].where(known, 0).astype("float64") for name in ("interest_paid", "average_deposit_full")
    )
    return paid, average


def _unclassed(book: pd.DataFrame) -> pd.Series[bool]:
    """The loans of sheets that class none of theirs: their 五级分类 is missing, not sound."""
    return book["five_class"].isna().groupby(book["part"]).transform("all") & (book["balance"] > 0).fillna(False)


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    return (part / whole.where(whole != 0)).astype("float64")


def changed(
    classes: pd.DataFrame, previous: pd.DataFrame | None, names: Mapping[str, str], why: pd.Series | None
) -> pd.DataFrame:
    """变动: customers whose class is not what it was, movements first, the largest difference first. ``why``: ``studies.moves.causes``."""
    moved = classes[classes["change"].notna() & (classes["change"] != "same")]
    if previous is None or why is None or moved.empty:
        return moved.assign(
            **dict.fromkeys(("previous_amount", "difference", "cause", "branch_name", "customer_name"))
        ).reindex(columns=CHANGE_COLUMNS)
    old = previous[["customer_id", "scale_amount"]].rename(columns={"scale_amount": "previous_amount"})
    frame = moved.merge(old, on="customer_id", how="left")
    frame["difference"] = frame["scale_amount"].fillna(0) - frame["previous_amount"].fillna(0)
    key = frame["customer_id"].map(why)
    frame = frame.assign(
        cause=key.map(terms.CAUSES),
        branch_name=named(frame["branch_id"], names),
        customer_name=frame["name"],
        late=key == ARRIVED,
        size=frame["difference"].abs(),
    )
    order = ["late", "size", "customer_id"]
    return frame.sort_values(order, ascending=[True, False, True], kind="stable", ignore_index=True)[CHANGE_COLUMNS]


CHANGE_COLUMNS = [
    "branch_name",
    "customer_id",
    "customer_name",
    "customer_type",
    "previous_group",
    "group",
    "change",
    "previous_amount",
    "scale_amount",
    "difference",
    "cause",
]


def promising(
    classes: pd.DataFrame,
    inflow: Mapping[str, int],
    holders: Mapping[str, str],
    names: Mapping[str, str],
    managers: Mapping[str, str],
    tending: Tending,
) -> pd.DataFrame:
    """培育名单: within a share of the next scale's bound, with deposits that grew of late (``inflow``, 分), both by the rules."""
    amount, short = classes["scale_amount"].fillna(0), classes["to_next_scale"]
    part, whole = tending.within.as_integer_ratio()
    near = short.notna() & (short > 0) & (short * whole <= (amount + short) * part)
    frame = classes[near.to_numpy(dtype=bool, na_value=False)]
    frame = frame.assign(growth=frame["customer_id"].map(inflow).fillna(0).astype("int64"))
    frame = frame[frame["growth"] >= max(1, int(tending.least_growth * 100))]
    holder = named(frame["customer_id"], holders)
    frame = frame.assign(
        branch_name=named(frame["branch_id"], names),
        customer_name=frame["name"],
        manager_name=named(holder, managers),
        holder=holder,
    )
    frame = frame.sort_values(
        ["branch_id", "holder", "to_next_scale", "customer_id"], na_position="last", kind="stable", ignore_index=True
    )
    return frame[PROMISING_COLUMNS]


PROMISING_COLUMNS = [
    "branch_name",
    "manager_name",
    "customer_id",
    "customer_name",
    "customer_type",
    "scale",
    "scale_amount",
    "to_next_scale",
    "growth",
]


def inflow_of(postings: Any, first_day: int) -> dict[str, int]:
    """Customer → deposits in less deposits out (分) since a day, from the period's postings."""
    moved = nw.from_native(postings).filter(nw.col("deposit") & (nw.col("day") >= first_day))
    sums = moved.filter(~nw.col("customer_id").is_null()).group_by("customer_id").agg(nw.col("signed").sum())
    rows = to_pandas(sums.with_columns(nw.col("signed").cast(nw.Int64)))
    return dict(zip(rows["customer_id"].tolist(), rows["signed"].tolist(), strict=True))


def daily_averages(
    postings: Any,
    beside: Callable[[pa.Table], Any],
    accounts: pd.DataFrame,
    weights: Mapping[str, Decimal],
    period: Period,
    months: int = 13,
) -> list[tuple[int, int]]:
    """Month → the county's average deposits after their 折算系数 (分), told backwards from the last day's balances; months before the first posting are left out.

    ``accounts``: account_id, kind, balance; ``beside``: a small table where the postings are.
    """
    import pyarrow as pa

    weight = weights_of(accounts["kind"], weights)
    odd = weight != WEIGHT
    moved = nw.from_native(postings).filter(nw.col("deposit")).select("account_id", "day", "signed")
    if bool(odd.any()):
        ids = pa.array(accounts.loc[odd, "account_id"], pa.string())
        odd_weights = pa.table({"account_id": ids, "weight": pa.array(weight[odd], pa.int64())})
        weighed = moved.join(nw.from_native(beside(odd_weights)), on="account_id", how="left")
    else:
        weighed = moved.with_columns(weight=nw.lit(WEIGHT))
    rows = to_pandas(
        weighed.group_by("day", "weight").agg(nw.col("signed").sum()).with_columns(nw.col("signed").cast(nw.Int64))
    )
    flows: dict[int, int] = {}
    for day, by, signed in zip(
        rows["day"].tolist(), rows["weight"].fillna(WEIGHT).tolist(), rows["signed"].tolist(), strict=True
    ):
        flows[int(day)] = flows.get(int(day), 0) + int(signed) * int(by)
    if not flows:
        return []
    balance = sum(int(cents) * int(by) for cents, by in zip(accounts["balance"].fillna(0), weight, strict=True))
    start, sums, days = min(flows), dict[int, int](), dict[int, int]()
    for day in range(period.last, max(start, period.window_first(months)) - 1, -1):
        month = month_of_day(day)
        sums[month] = sums.get(month, 0) + balance
        days[month] = days.get(month, 0) + 1
        balance -= flows.get(day, 0)
    return [(month, nearest(Fraction(sums[month], days[month] * WEIGHT))) for month in sorted(sums)]
