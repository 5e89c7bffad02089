"""Which product brought which fees, month by month, from which kind of customer? Every fee of twelve months in one cell, and they add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kehujingli import terms
from kehujingli.errors import Finding
from kehujingli.periods import Period, month_name, month_of_day
from kehujingli.studies.money.fees import dated
from kehujingli.studies.products.conditions import folded
from kehujingli.studies.products.shelf import Shelf
from kehujingli.values import named

if TYPE_CHECKING:
    import pandas as pd

YEAR_MONTHS = 12
NOBODY = "nobody"
_UNSAID = "没写产品"


def fee_months(
    fees: pd.DataFrame, classes: pd.DataFrame, shelf: Shelf, period: Period
) -> tuple[pd.DataFrame, list[Finding]]:
    """product, in_month, one column a 客群 and ``nobody`` (no customer of the month), fees in 分, customers: a row a product and month with fees.

    A former name of the catalogue counts as the product's. The product that brought most comes first, its newest month before the others.
    """
    import numpy as np
    import pandas as pd

    day, told = dated(fees, period)
    own = fees[day.between(period.window_first(YEAR_MONTHS), period.last).fillna(False)]
    said = {each.key: each.name for each in shelf.products}
    texts = own["product"].fillna(_UNSAID).astype("str")
    texts_of, written = pd.factorize(texts.array)
    called = np.array([said.get(shelf.key_of(folded(text)), str(text)) for text in written], dtype=object)
    days_of, days = pd.factorize(day[own.index].astype("int64"))
    months = np.array([month_of_day(int(one)) for one in days], dtype="int64")
    groups = dict(zip(classes["customer_id"], classes["customer_group"], strict=True))
    kind = named(own["customer_id"], groups).fillna(NOBODY)
    rows = pd.DataFrame(
        {
            "product": called[texts_of] if len(own) else [],
            "month": months[days_of] if len(own) else [],
            "kind": kind.to_numpy(dtype=object),
            "fees": own["amount"].fillna(0).astype("int64"),
            "customer_id": own["customer_id"],
        }
    )
    keys = ["product", "month"]
    sums = rows.groupby(keys, sort=True).agg(fees=("fees", "sum"), customers=("customer_id", "nunique"))
    for group in (*terms.CUSTOMER_GROUPS, NOBODY):
        part = rows[rows["kind"] == group].groupby(keys, sort=True)["fees"].sum()
        sums[f"of_{group}"] = part.reindex(sums.index).fillna(0).astype("int64")
    told_frame = sums.reset_index()
    whole = told_frame.groupby("product")["fees"].transform("sum")
    told_frame = told_frame.assign(whole=whole, in_month=[month_name(int(one)) for one in told_frame["month"]])
    order = told_frame.sort_values(["whole", "product", "month"], ascending=[False, True, False], ignore_index=True)
    return order.drop(columns=["whole", "month"]), told
