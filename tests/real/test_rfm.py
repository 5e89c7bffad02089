"""Are RFM scores and groups those of the R package rfm? 4,906 orders of 995 customers, as its authors publish them."""

from __future__ import annotations

import pandas as pd
import pytest
from conftest import real_data

from kehujingli.studies.rfm import USUAL, Rules, scored

pytestmark = pytest.mark.real
THEIRS = (
    "Champions",
    "Potential Loyalist",
    "Loyal Customers",
    "Promising",
    "New Customers",
    "Can't Lose Them",
    "At Risk",
    "Need Attention",
    "About To Sleep",
    "Lost",
)


def test_all_995_customers_have_the_published_scores_and_groups() -> None:
    folder = real_data()
    if folder is None or not (folder / "rfm").is_dir():
        pytest.skip("the orders are not here: ../shared/data or $KEHUJINGLI_REAL_DATA")
    orders = pd.read_csv(folder / "rfm" / "orders.csv", parse_dates=["order_date"])
    orders["days"] = (pd.Timestamp("2006-12-31") - orders["order_date"]).dt.days
    people = orders.groupby("customer_id", sort=False).agg(
        days=("days", "min"), orders=("revenue", "size"), spent=("revenue", "sum")
    )
    told = scored(people, "days", "orders", "spent", Rules(binning="next"), unit=1)
    published = pd.read_csv(folder / "rfm" / "expected-995.csv").iloc[:, -9:]
    published.columns = ["_", "segment", "rfm", "orders", "days", "spent", "r", "f", "m"]
    points = ["recency_score", "frequency_score", "amount_score"]
    assert told[["orders", "days", "spent", *points]].to_numpy().tolist() == (
        published[["orders", "days", "spent", "r", "f", "m"]].to_numpy().tolist()
    )
    assert told["rfm"].astype(int).tolist() == published["rfm"].tolist()
    names = dict(zip((one.name for one in USUAL), THEIRS, strict=True))
    assert told["segment"].map(names).tolist() == published["segment"].tolist()
