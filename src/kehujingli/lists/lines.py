"""What does each manager have of the lines of business? Columns that stand beside her load and her score.

Pure: ``line_parts`` as ``actuals.lines`` gives them in, frames by manager out. Counts, and 分.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

OF_LOADS = ("depositors", "fee_payers", "fees", "helped")
OF_SCORES = {
    "line:deposit_customers": ("deposit", "household"),
    "line:deposit": ("deposit", "amount"),
    "line:loan_customers": ("loan", "household"),
    "line:loan": ("loan", "amount"),
    "line:intermediary_customers": ("intermediary", "household"),
    "line:intermediary": ("intermediary", "amount"),
}
"""Column beside the scores → line, and what of it: households that she leads, and money that she leads or helps with."""


def beside_loads(loads: pd.DataFrame, parts: pd.DataFrame, placed: Mapping[str, str | None]) -> pd.DataFrame:
    """``loads`` (a row a manager) with, of the customers ``placed`` with her (customer → manager), how many have deposits, how many paid fees in
    the year and how much, and how many other customers she helps with as it stands."""
    people = parts[parts["customer_id"].isin([who for who, manager in placed.items() if manager])]
    given = people.assign(manager=people["customer_id"].map(placed))
    own = given[given["household"] == 1].groupby(["manager", "line"]).size()
    fees = given[given["line"] == "intermediary"].groupby("manager")["amount"].sum()
    helping = parts[parts["role"] == "helper"]
    helping = helping[helping["customer_id"].map(placed).ne(helping["holder"])]
    helped = helping.groupby("holder")["customer_id"].nunique()

    def told(sums: pd.Series) -> pd.Series:
        return loads["manager_id"].map(sums).fillna(0).astype("int64")

    return loads.assign(
        depositors=told(own.xs("deposit", level="line")) if "deposit" in own.index.get_level_values("line") else 0,
        fee_payers=told(own.xs("intermediary", level="line"))
        if "intermediary" in own.index.get_level_values("line")
        else 0,
        fees=told(fees),
        helped=told(helped),
    )


def beside_scores(ranking: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """``ranking`` (a row a post) with what each has of the lines, once: in the first row of a person; nothing in her others."""
    mine = parts[parts["role"] != "nobody"]
    sums = mine.groupby(["line", "holder"])[["household", "amount"]].sum()
    again = ranking["manager_id"].duplicated()
    columns = {}
    for column, (line, what) in OF_SCORES.items():
        of_line = (
            sums[what].xs(line, level="line") if line in sums.index.get_level_values("line") else sums[what].iloc[:0]
        )
        known = dict(zip(of_line.index.get_level_values(-1), of_line, strict=True))
        told = ranking["manager_id"].map(known).fillna(0).astype("Int64")
        columns[column] = told.mask(again)
    return ranking.assign(**columns)
