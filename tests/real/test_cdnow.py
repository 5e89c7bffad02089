"""Are rhythm and spending those of the literature? CDNOW: 2,357 customers of 1997, BG/NBD and Gamma-Gamma as published."""

from __future__ import annotations

from pathlib import Path

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import pytest
from conftest import real_data

from kehujingli.measures.activity import activity
from kehujingli.periods import Period
from kehujingli.studies.activity.comings import comings
from kehujingli.studies.activity.rhythm import fit
from kehujingli.studies.activity.spend import fit_spend

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def folder() -> Path:
    place = real_data()
    if place is None or not (place / "cdnow").is_dir():
        pytest.skip("CDNOW is not here: ../shared/data or $KEHUJINGLI_REAL_DATA")
    return place / "cdnow"


def test_bg_nbd_is_as_published(folder: Path) -> None:
    """Fader, Hardie, Lee (2005), table 2; customer 1 is expected to buy 1.226 times in the 39 weeks to come."""
    rows = pd.read_csv(folder / "cdnow_customers_summary.csv")
    rows = rows.rename(columns={"frequency": "repeats", "T": "age"})
    told = fit(rows)
    found = [f"{value:.4f}" for value in (told.r, told.alpha, told.a, told.b)]
    assert found == ["0.2426", "4.4135", "0.7929", "2.4258"]
    assert f"{told.log_likelihood:.2f}" == "-9582.43"
    assert f"{told.expected(rows.head(1), 39)[0]:.3f}" == "1.226"


def test_gamma_gamma_is_as_published(folder: Path) -> None:
    rows = pd.read_csv(folder / "cdnow_customers_summary_with_transactions.csv")
    told = fit_spend(rows["x"].to_numpy(), rows["zbar"].to_numpy())
    assert told.customers == 946
    assert [told.p, told.q, told.gamma] == pytest.approx([6.25, 3.74, 15.44], abs=0.01)


def test_purchases_become_the_published_triples(folder: Path) -> None:
    """Several purchases a day are one, the first is none: all 2,357 rows, from the log by the measures of a month."""
    period = Period.of("1997-09")
    log = pd.read_csv(folder / "CDNOW_sample.txt", sep=r"\s+", header=None, names=["_", "id", "date", "cds", "amount"])
    date = pd.to_datetime(log["date"].astype(str))
    day = (date - pd.Timestamp("1970-01-01")).dt.days
    log = log.assign(day=day, month=date.dt.year * 12 + date.dt.month - 1, customer_id=log["id"], kind="", memo="")
    log = log.assign(amount=(log["amount"] * 100).round().astype("int64"), own=False, reversed=False)
    told, _ = activity(nw.from_native(log[log["day"] <= period.last]), (), (), period, 9)
    seen = told.to_native().sort_values("customer_id", ignore_index=True)
    found = comings(seen, period)
    published = pd.read_csv(folder / "cdnow_customers_summary.csv")
    assert found["repeats"].tolist() == published["frequency"].tolist()
    for ours, theirs in (("recency", "recency"), ("age", "T")):
        assert np.abs(found[ours] / 7 - published[theirs]).max() < 0.0051, ours
