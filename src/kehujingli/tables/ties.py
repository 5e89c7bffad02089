"""What keeps a quiet customer from being dormant on a day? A loan, a term deposit, a contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kehujingli.tables.frames import owing

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Ties:
    """What keeps a quiet customer from being dormant on a day: sets of customer ids."""

    loans: frozenset[str]
    term_deposits: frozenset[str]
    contracts: frozenset[str]


def ties_on(day: int, loans: pd.DataFrame, accounts: pd.DataFrame, holdings: pd.DataFrame) -> Ties:
    """Loans still owed, unmatured term deposits and live contracts on a day.

    ``loans``: the snapshot of that day (or the nearest earlier); ``accounts``: measured accounts; ``holdings``: the table.
    """
    lent = owing(loans)
    lent = lent[(lent["issued_on"].isna() | (lent["issued_on"] <= day)).fillna(False)]
    term = accounts[
        (accounts["kind"] == "term")
        & (accounts["balance"] > 0)
        & (accounts["opened"] <= day)
        & (accounts["closed"] > day)
    ]
    term = term[term["matures_on"].isna() | (term["matures_on"] > day)]
    live = holdings[
        (holdings["signed_on"].isna() | (holdings["signed_on"] <= day))
        & (holdings["closed_on"].isna() | (holdings["closed_on"] > day))
    ]
    return Ties(*(frozenset(rows["customer_id"].tolist()) for rows in (lent, term, live)))
