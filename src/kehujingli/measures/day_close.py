"""With what balance did the day close? Rows of one day come in any order, and real balances drift.

Per account and day: the balances after, less the balances before (as multisets). One left over is the close; of several the one
nearest to a balance left over before plus the day's net, ties by later 流水号; where none is left over, the last earlier day that has one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from kehujingli.measures.collected import in_ranges, to_pandas
from kehujingli.values import among

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ["account_id", "day", "signed", "balance", "transaction_id", "part", "row"]


def closes(transactions: Any) -> pd.DataFrame:
    """One row an account: account_id, close (分), close_day, and told_day: its last day with a balance. ``transactions``: a narwhals frame of deposit postings."""
    import pandas as pd

    rows = transactions.filter(~nw.col("balance").is_null()).select(*_COLUMNS)
    last = rows.group_by("account_id").agg(nw.col("day").max())
    newest = _collect(rows.join(last, on=["account_id", "day"], how="inner"))
    found = _left_over(newest)
    missing = newest.loc[~among(newest["account_id"], found["account_id"]), "account_id"].drop_duplicates()
    if len(missing):
        earlier = _left_over(_collect(rows.filter(nw.col("account_id").is_in(missing.tolist()))))
        earlier = earlier.sort_values(["account_id", "close_day"]).drop_duplicates("account_id", keep="last")
        # Rows that only go round in a circle and have no day before: the latest row's balance is as good as any.
        circles = newest[among(newest["account_id"], missing) & ~among(newest["account_id"], earlier["account_id"])]
        latest = (
            _in_order(circles)
            .drop_duplicates("account_id", keep="last")
            .rename(columns={"balance": "close", "day": "close_day"})
        )
        found = pd.concat([found, earlier, latest[["account_id", "close", "close_day"]]], ignore_index=True)
    told = newest[["account_id", "day"]].drop_duplicates("account_id").rename(columns={"day": "told_day"})
    return found.merge(told, on="account_id").sort_values("account_id", ignore_index=True)


def _collect(frame: Any) -> pd.DataFrame:
    native = _fetched(frame)
    return native.astype({"day": "int64", "signed": "int64", "balance": "int64", "part": "int64", "row": "int64"})


def _fetched(frame: Any) -> pd.DataFrame:
    """Rows of accounts, as many as each has."""
    import pyarrow as pa

    found: pd.DataFrame = pa.concat_tables(in_ranges(frame, "account_id", lambda some: some)).to_pandas()
    return found


def silent_after(transactions: Any, ends: pd.DataFrame) -> pd.Series:
    """Account → Σ signed (分) of its rows without a balance after the close of ``ends`` (by account_id), where it has any."""

    rows = transactions.select("account_id", "day", "signed", "balance")
    told = rows.filter(~nw.col("balance").is_null()).group_by("account_id").agg(nw.col("day").max().alias("told_day"))
    silent = rows.filter(nw.col("balance").is_null())
    late = (
        silent.join(told, on="account_id", how="inner")
        .filter(nw.col("day") > nw.col("told_day"))
        .group_by("account_id")
        .agg(nw.col("signed").sum())
        .with_columns(nw.col("signed").cast(nw.Int64))
    )
    found: pd.Series = to_pandas(late).set_index("account_id")["signed"]
    # Where the close is of an earlier day than the last balance, rows without one between them count too.
    older = ends[ends["close_day"] < ends["told_day"]]
    if len(older):
        between = _fetched(silent.filter(nw.col("account_id").is_in(older.index.tolist())))
        between = between[
            (between["day"] > between["account_id"].map(older["close_day"]))
            & (between["day"] <= between["account_id"].map(older["told_day"]))
        ]
        found = found.add(between.groupby("account_id")["signed"].sum(), fill_value=0).astype("int64")
    return found


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """By day, then 流水号 (99 before 100), then place in the exports."""
    number = rows["transaction_id"].fillna("")
    return rows.assign(transaction_id=number, length=number.str.len()).sort_values(
        ["account_id", "day", "length", "transaction_id", "part", "row"], kind="stable"
    )


def _left_over(rows: pd.DataFrame) -> pd.DataFrame:
    """The close of every account-day of ``rows`` that has one."""
    import pandas as pd

    # A day with one row closes on it, unless nothing moved: no need to take multisets apart.
    alone = ~rows.duplicated(["account_id", "day"], keep=False)
    lone = rows[alone & (rows["signed"] != 0)].rename(columns={"balance": "close", "day": "close_day"})[
        ["account_id", "close", "close_day"]
    ]
    rest = rows[~alone]
    return pd.concat([lone, _of_several(rest)], ignore_index=True) if len(rest) else lone


def _of_several(rows: pd.DataFrame) -> pd.DataFrame:
    """The close of account-days with several rows."""
    rows = _in_order(rows).reset_index(drop=True)
    rows["order"] = rows.index
    rows["before"] = rows["balance"] - rows["signed"]
    import pandas as pd

    keys = ["account_id", "day"]
    after = (
        rows.groupby([*keys, "balance"], sort=False).agg(count=("order", "size"), order=("order", "max")).reset_index()
    )
    before = (
        rows.groupby([*keys, "before"], sort=False)
        .agg(count=("order", "size"))
        .reset_index()
        .rename(columns={"before": "balance"})
    )
    both = after.merge(before, on=[*keys, "balance"], how="outer", suffixes=("", "_before"))
    spare = both["count"].fillna(0) - both["count_before"].fillna(0)
    ends = both.loc[spare > 0, [*keys, "balance", "order"]]
    several = ends.duplicated(keys, keep=False)
    single = ends[~several]
    if bool(several.any()):
        starts = both.loc[spare < 0, [*keys, "balance"]].rename(columns={"balance": "start"})
        net = rows.groupby(keys, sort=False)["signed"].sum().rename("net").reset_index()
        pairs = ends[several].merge(starts, on=keys).merge(net, on=keys)
        pairs["distance"] = (pairs["balance"] - pairs["start"] - pairs["net"]).abs()
        pairs = pairs.sort_values([*keys, "distance", "order"], ascending=[True, True, True, False], kind="stable")
        single = pd.concat([single, pairs.drop_duplicates(keys)[[*keys, "balance", "order"]]])
    return single.rename(columns={"balance": "close", "day": "close_day"})[["account_id", "close", "close_day"]].astype(
        {"close": "int64", "close_day": "int64"}
    )
