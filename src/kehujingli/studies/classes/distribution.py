"""How are the figures of customers distributed? Values at shares of those that have one, by measure and customer type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.terms.column import ListColumn
from kehujingli.terms.made import ListKind

if TYPE_CHECKING:
    import pandas as pd

AMOUNTS = ("scale_amount", "average_deposit", "average_loan", "deposit_balance", "loan_balance")
COUNTS = ("active_months", "transactions", "idle_days")
_POINTS = (("p10", 10), ("p25", 25), ("p50", 50), ("p75", 75), ("p90", 90), ("p95", 95), ("p99", 99))


def distribution(frame: pd.DataFrame, measures: tuple[str, ...]) -> pd.DataFrame:
    """One row a measure and customer type: customers, how many have none, and the values at shares of those that have one, from below."""
    import numpy as np
    import pandas as pd

    rows = []
    for key in measures:
        for kind in terms.CUSTOMER_TYPES:
            own = frame.loc[frame["customer_type"].fillna("person") == kind, key]
            if not len(own):
                continue
            told = own.notna() if key == "idle_days" else own.fillna(0) != 0
            values = np.sort(own[told].astype("int64").to_numpy())
            at = [
                int(values[min(len(values) * share // 100, len(values) - 1)]) if len(values) else None
                for _, share in _POINTS
            ]
            ends = [int(values[0]), int(values[-1])] if len(values) else [None, None]
            rows.append((terms.label(key), kind, len(own), len(own) - len(values), ends[0], *at, ends[1]))
    columns = ["measure", "customer_type", "customers", "nothing", "least", *(name for name, _ in _POINTS), "most"]
    numbers = dict.fromkeys(columns[2:], "Int64")
    return pd.DataFrame(rows, columns=columns).astype(numbers)


def spreads(kind: ListKind) -> tuple[ListColumn, ...]:
    """The columns of a ``distribution`` whose figures are of this kind."""
    points = [("least", "P0"), *((name, name.upper()) for name, _ in _POINTS), ("most", "P100")]
    return (
        ListColumn("measure", label="什么数", width=16),
        ListColumn("customer_type", codes=terms.CUSTOMER_TYPES),
        ListColumn("customers", "count", "户数"),
        ListColumn("nothing", "count", "零或不知道"),
        *(ListColumn(key, kind, label, width=12) for key, label in points),
    )
